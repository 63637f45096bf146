"""Reads the list pages of a book as a person does: by the headings of their columns."""

import re
from typing import NamedTuple

from scripts.book_checks.pages import Page, Text

HEADINGS = ("No.", "Urut", "Petak", "Nama", "RT/RW", "ART")


class Row(NamedTuple):
    """A row of a list: number, grid cell and name as printed; the name is empty where lists have none."""

    number: int
    cell: str
    name: str


def read_rows(page: Page) -> list[Row]:
    """Return the rows of a list page; a list of nobody has none."""
    texts = [text for text in page.texts if text.upright and text.text.strip()]
    heads = {name: next((text for text in texts if text.text == name), None) for name in HEADINGS}
    number, cell = heads["No."], heads["Petak"]
    if number is None or cell is None:
        return []
    edges = sorted(head.x - 0.7 for head in heads.values() if head)
    columns = {
        name: (head.x - 0.7, min((edge for edge in edges if edge > head.x), default=page.size[0]))
        for name, head in heads.items()
        if head
    }

    def column(name: str) -> list[Text]:
        if name not in columns:
            return []
        left, right = columns[name]
        return [text for text in texts if left <= text.x < right and text.y > number.y + 1]

    # The foot of the page is not of the table: a number stands at the right edge of its column, in bold.
    numbers = [text for text in column("No.") if re.fullmatch(r"\d+", text.text) and text.bold]
    return [
        Row(int(text.text), _beside(text, column("Petak")), _beside(text, column("Nama"), above=True))
        for text in numbers
    ]


def _beside(number: Text, texts: list[Text], *, above: bool = False) -> str:
    """Return the text of a column in the row of a number; ``above``: the upper one of two lines."""
    reach = 4.0
    near = [text for text in texts if abs(text.y - number.y) < reach and (not above or text.bold)]
    return min(near, key=lambda text: abs(text.y - number.y)).text if near else ""
