"""The tables of a page of markup: many programs export one under the name of a spreadsheet."""

import html
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from geo.spreadsheet.sheets import MOST_COLUMNS, Merges, Row, Sheet, add_merge, too_large

_MOST_BYTES = 64 * 2**20
_MOST_ROWSPAN = 65_534
_LONGEST_TAG = 2_000
_TAG = re.compile(r"(/?)(?:ss:)?(worksheet|table|tr|row|td|th|cell|br|script|style)(?![\w:-])", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?:ss:)?(\w{1,20})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


def html_sheets(content: bytes, name: str) -> list[Sheet]:
    """List the tables of an HTML page, or of a workbook in the XML of Excel 2003.

    A cell that runs over several columns or rows stands in the first of them.

    Raises
    ------
    UnreadableSheet
        When the page is larger than any export.

    Examples
    --------
    >>> page = b"<table><tr><td rowspan=2>Nama<td colspan=2>Alamat<tr><td>RT<td>RW<tr><td>ANI<td>1</table>"
    >>> list(html_sheets(page, "x.xls")[0].rows())
    [(1, ['Nama', 'Alamat']), (2, [None, 'RT', 'RW']), (3, ['ANI', '1'])]
    """
    if len(content) > _MOST_BYTES:
        raise too_large(name, f"halaman HTML atau XML lebih dari {_MOST_BYTES // 2**20} MB")
    reader = _Tables()
    reader.read(_without_comments(content.decode("utf-8", errors="replace")))
    return [_sheet(table, place) for place, table in enumerate(reader.tables, start=1) if table.rows]


def _without_comments(page: str) -> str:
    """Leave out the comments; one that is never closed takes the rest.

    Examples
    --------
    >>> _without_comments("a<!-- b <!-- c -->d<!--e")
    'ad'
    """
    before, *rest = page.split("<!--")
    return before + "".join(piece.partition("-->")[2] for piece in rest)


@dataclass
class _Table:
    title: str
    rows: dict[int, dict[int, list[str]]] = field(default_factory=dict)
    row: int = 0
    place: int = 0
    cell: list[str] | None = None
    spans: dict[int, int] = field(
        default_factory=dict
    )  # column -> the last row that a cell from above covers
    merges: Merges = field(default_factory=lambda: array("q"))

    def begin_row(self, number: int) -> None:
        self.row, self.place, self.cell = max(self.row + 1, number), 0, None

    def begin_cell(self, number: int, wide: int, deep: int) -> None:
        self.row = self.row or 1
        self.place = number - 1 if number else self.place
        while self.spans.get(self.place, 0) >= self.row:
            self.place += 1
        if self.place + wide > MOST_COLUMNS:
            self.cell = None
            return
        if deep > 1:
            add_merge(self.merges, self.row, self.row + deep - 1, self.place)
            self.spans |= dict.fromkeys(range(self.place, self.place + wide), self.row + deep - 1)
        self.cell = self.rows.setdefault(self.row, {}).setdefault(self.place, [])
        self.place += wide


def _sheet(table: _Table, place: int) -> Sheet:
    def rows() -> Iterator[Row]:
        for number, row in table.rows.items():
            texts = {at: " ".join("".join(words).split()) for at, words in row.items()}
            if any(texts.values()):
                yield number, [texts.get(at) or None for at in range(max(texts) + 1)]

    return Sheet(table.title or f"tabel {place}", rows, len(table.rows), merges=table.merges)


class _Tables:
    """Gathers the cells of every table; what stands in a table within a cell belongs to the inner table."""

    def __init__(self) -> None:
        self.tables: list[_Table] = []
        self.open: list[_Table] = []
        self.title = ""
        self.skipped = ""

    def read(self, page: str) -> None:
        """Go through a page tag by tag; unlike a parser of all HTML, in the time of its length, whatever it holds."""
        for piece in page.split("<"):
            tag, closed, text = piece.partition(">")
            found = _TAG.match(tag) if closed else None
            if not closed or (self.skipped and not tag.casefold().startswith("/" + self.skipped)):
                continue
            self.skipped = ""
            if found and found[1]:
                self._end(found[2].casefold())
            elif found:
                at = {
                    name.casefold(): "".join(value) for name, *value in _ATTRIBUTE.findall(tag[:_LONGEST_TAG])
                }
                self._start(found[2].casefold(), at)
            if text and not self.skipped and self.open and self.open[-1].cell is not None:
                self.open[-1].cell.append(html.unescape(text))

    def _start(self, tag: str, at: dict[str, str]) -> None:
        if tag in {"script", "style"}:
            self.skipped = tag
        elif tag == "worksheet":
            self.title = html.unescape(at.get("name", ""))
        elif tag == "table":
            self.open.append(_Table(self.title))
            self.tables.append(self.open[-1])
            self.title = ""
        elif not self.open:
            return
        elif tag in {"tr", "row"}:
            self.open[-1].begin_row(_whole(at.get("index")))
        elif tag != "br":
            wide = _whole(at.get("colspan")) or _whole(at.get("mergeacross")) + 1
            deep = _whole(at.get("rowspan")) or _whole(at.get("mergedown")) + 1
            self.open[-1].begin_cell(_whole(at.get("index")), wide, min(deep, _MOST_ROWSPAN))
        elif self.open[-1].cell is not None:
            self.open[-1].cell.append(" ")

    def _end(self, tag: str) -> None:
        if tag == "table" and self.open:
            self.open.pop()
        elif self.open and tag in {"td", "th", "cell", "tr", "row"}:
            self.open[-1].cell = None


def _whole(written: str | None) -> int:
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 8 else 0  # noqa: PLR2004
