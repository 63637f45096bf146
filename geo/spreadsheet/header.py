"""Where the header of a sheet is, over how many rows it runs, and what each column is called."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from geo.spreadsheet.sheets import MOST_COLUMNS, HeadingScore, Row

SEARCH_ROWS = 50
"""Rows with anything in them, from the top, among which the header is looked for."""

_MOST_PARTS = 3
_LONGEST_HEADING = 200
_NARROW = 6
_ORDINAL = re.compile(r"\(?\s*(\d{1,3})\s*[).]?")
_QUESTION = re.compile(r"\(?\s*[1-9]\d{2}\s*\.?\s*[a-z]?\d?\s*[).]?", re.IGNORECASE)
_VALUE = re.compile(r"[-+'’]?[\d.,/:\s-]*\d[\d.,/:\s-]*")

Cells = Sequence[str | None]


@dataclass(frozen=True)
class Header:
    """What stands above the data.

    Attributes
    ----------
    headings
        A name for every column, each once; those of columns without one read ``(kolom 3)``.
    named
        For each of them, whether the sheet itself names it.
    row
        Number of the sheet row with most of the names.
    first, body
        Places, among the rows that were looked at, of the first row of the header and of the first row under it.
    """

    headings: list[str]
    named: list[bool]
    row: int
    first: int
    body: int


def find_header(rows: Sequence[Row], score: HeadingScore) -> Header:
    """Find the header among the first rows: the row with the most known headings, and those that belong to it.

    A row above joins when it names columns that would else have no name, or makes headings known (a group title over
    its sub headings). A row below joins under the same conditions, but never when it could be a household. Rows that
    only count the columns, or give their question numbers, belong to the header too.

    Examples
    --------
    >>> known = {"nama", "desa", "rt", "rw"}
    >>> def score(headings):
    ...     return len({heading.casefold() for heading in headings} & known)
    >>> rows = [(1, ["DAFTAR"]), (3, ["Nama", "Alamat", None, "Ket"]), (4, [None, "RT", "RW"])]
    >>> rows += [(5, ["1", "2", "3", "4"]), (6, ["ANI", "3", "1"])]
    >>> header = find_header(rows, score)
    >>> header.headings, header.row, header.body
    (['Nama', 'RT', 'RW', 'Ket'], 4, 4)
    """
    texts = [_texts(cells) for _, cells in rows[:SEARCH_ROWS]]
    if not texts:
        return Header([], [], 0, 0, 0)
    scored = [score(filter(None, cells)) for cells in texts]
    best = scored.index(max(scored))
    first = last = best
    codes: list[str] = []
    while first and last - first < _MOST_PARTS - 1 and _adjacent(rows, first - 1):
        if _is_questions(texts[first - 1], score):
            codes, first = texts[first - 1], first - 1
            break
        if not _names_more(texts[first - 1], texts[first : last + 1], score):
            break
        first -= 1
    names = texts[first + bool(codes) : last + 1]
    while last + 1 < len(texts) and len(names) < _MOST_PARTS and _adjacent(rows, last):
        if not _is_sub(texts[last + 1], names, score):
            break
        last += 1
        names.append(texts[last])
    width = max(map(len, names))
    while last + 1 < len(texts) and last - best < 2 * _MOST_PARTS:
        if _is_questions(texts[last + 1], score):
            codes = codes or texts[last + 1]
        elif not _is_count(texts[last + 1], width):
            break
        last += 1
    headings = _known_by_code(_headings(names, score), codes, score)
    plain = [_one_line(heading) for heading in headings]
    return Header(distinct(plain), [bool(word) for word in plain], rows[best][0], first, last + 1)


def _texts(cells: Cells) -> list[str]:
    texts = [(cell or "")[:_LONGEST_HEADING].strip() for cell in cells[:MOST_COLUMNS]]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _adjacent(rows: Sequence[Row], place: int) -> bool:
    return place + 1 < len(rows) and rows[place + 1][0] == rows[place][0] + 1


def _padded(cells: list[str], width: int) -> list[str]:
    return cells + [""] * (width - len(cells))


def _looks_named(cells: list[str]) -> bool:
    """Tell whether all cells of a row may be headings: short words, no values."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(
        len(cell) < _LONGEST_HEADING and not _VALUE.fullmatch(cell) for cell in filled
    )


def _names_more(above: list[str], names: list[list[str]], score: HeadingScore) -> bool:
    filled = [cell for cell in above if cell]
    # one cell alone is a title; «Desa» beside «: Muara» says where the whole sheet is from
    if len(filled) < 2 or not _looks_named(above) or any(":" in (cell[0], cell[-1]) for cell in filled):  # noqa: PLR2004
        return False
    width = max(len(above), *map(len, names))
    below = [any(column) for column in zip(*(_padded(row, width) for row in names), strict=True)]
    lonely = len(filled) == 2 and width > _NARROW  # noqa: PLR2004
    if any(cell and not named for cell, named in zip(_padded(above, width), below, strict=True)):
        return not lonely
    alone, together = _headings(names, score), _headings([above, *names], score)
    return score(together) > score(alone) or len(set(together)) > len(set(alone))


def _is_sub(below: list[str], names: list[list[str]], score: HeadingScore) -> bool:
    """Tell whether the row under the names holds their sub headings, and surely is no household."""
    filled = [cell for cell in below if cell]
    if not _looks_named(below):
        return False
    known = score(filled)
    if known >= min(3, len(filled)) and known > 1 and 2 * known >= len(filled):
        return True
    width = max(len(below), *map(len, names))
    sub = _padded(below, width)
    column_named = [any(column) for column in zip(*(_padded(row, width) for row in names), strict=True)]
    starts = _group_starts(column_named, sub)
    if any(sub[c] and column_named[c] and c not in starts for c in range(width)) or not starts:
        return False
    if score(_headings([*names, below], score)) > score(_headings(names, score)):
        return known > 0 or not any(score([_lowest(names, c)]) for c in starts)
    apart = sum(column_named[c] and c not in starts for c in range(width))
    return apart > 1 and len(filled) > 1 and not any(score([_lowest(names, c)]) for c in starts)


def _group_starts(named: list[bool], sub: list[str]) -> set[int]:
    """Find the columns where a group title begins: itself and the unnamed column after it have sub headings."""
    return {c for c in range(len(sub) - 1) if named[c] and sub[c] and not named[c + 1] and sub[c + 1]}


def _lowest(names: list[list[str]], column: int) -> str:
    return next((row[column] for row in reversed(names) if column < len(row) and row[column]), "")


def _is_count(cells: list[str], width: int) -> bool:
    """Tell whether a row only numbers the columns: (1) (2) (3)."""
    filled = [cell for cell in cells if cell]
    found = [_ORDINAL.fullmatch(cell) for cell in filled]
    if len(filled) < 3 or 2 * len(filled) < width or not all(found):  # noqa: PLR2004
        return False
    numbers = [int(match[1]) for match in found if match]
    return numbers[0] in {0, 1} and all(two - one == 1 for one, two in pairwise(numbers))


def _is_questions(cells: list[str], score: HeadingScore) -> bool:
    """Tell whether a row only gives question numbers, 301a to 310."""
    filled = [cell for cell in cells if cell]
    return (
        len(filled) > 1
        and len(set(filled)) == len(filled)
        and all(_QUESTION.fullmatch(cell) for cell in filled)
        and score(cell.strip("(). ") for cell in filled) > 1
    )


def _headings(names: list[list[str]], score: HeadingScore) -> list[str]:
    """Name each column from the rows that are stacked above it."""
    width = max(map(len, names))
    rows = [_padded(row, width) for row in names]
    lowest = rows[-1]
    for place in range(len(rows) - 2, -1, -1):
        rows[place] = _spread(rows[place], lowest)
        lowest = [under or own for under, own in zip(lowest, rows[place], strict=True)]
    stacks = [list(dict.fromkeys(filter(None, column))) for column in zip(*rows, strict=True)]
    named = [_name(stack, score) for stack in stacks]
    again = {name for name, times in Counter(named).items() if times > 1 and name}
    full = {
        stack[-1]: True
        for stack, name in zip(stacks, named, strict=True)
        if len(stack) > 1 and name != stack[-1]
    }
    return [
        (" ".join(stack) if name in full else f"{name} ({' '.join(stack[:-1])})")
        if len(stack) > 1 and name == stack[-1] and (name in again or name in full)
        else name
        for stack, name in zip(stacks, named, strict=True)
    ]


def _spread(groups: list[str], lowest: list[str]) -> list[str]:
    """Carry a group title to the right, over the columns that have a sub heading and no title of their own."""
    out, group = [], ""
    for title, under in zip(groups, lowest, strict=True):
        group = (title if under else "") if title else (group if under else "")
        out.append(title or group)
    return out


def _name(stack: list[str], score: HeadingScore) -> str:
    if len(stack) < 2:  # noqa: PLR2004
        return "".join(stack)
    whole, last = " ".join(stack), stack[-1]
    pairs = [name for group in reversed(stack[:-1]) for name in (f"{group} {last}", f"{last} {group}")]
    return next((name for name in [*pairs, whole, last] if score([name])), whole)


def _known_by_code(headings: list[str], codes: list[str], score: HeadingScore) -> list[str]:
    """Put the question number in front where it makes a heading known."""
    codes = _padded(codes, len(headings))
    headings = _padded(headings, len(codes))
    return [
        f"{code.strip('(). ')} ({heading})".replace(" ()", "")
        if code and not score([heading]) and score([code.strip("(). ")])
        else heading
        for heading, code in zip(headings, codes, strict=True)
    ]


def _one_line(heading: str) -> str:
    return " ".join(heading.split())


def distinct(headings: list[str]) -> list[str]:
    """Give every column a name of its own.

    Examples
    --------
    >>> distinct(["Nama", "", "Nama"])
    ['Nama', '(kolom 2)', 'Nama (2)']
    """
    out: dict[str, None] = {}
    # numbers that were once taken stay so: each name goes on where it stopped, however often it stands
    times: Counter[str] = Counter()
    for place, heading in enumerate(headings, start=1):
        plain = name = heading or f"(kolom {place})"
        while name in out:
            times[plain] += 1
            name = f"{plain} ({times[plain] + 1})"
        out[name] = None
    return list(out)
