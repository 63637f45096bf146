"""Which sheets of a workbook are read: the one named, the one that looks most like data, or all of its shape."""

from dataclasses import dataclass
from itertools import islice

from geo.errors import UnknownSheet
from geo.spreadsheet.header import SEARCH_ROWS, find_header
from geo.spreadsheet.sheets import HeadingScore, Sheet

EVERY = "*"
"""Asks for all sheets of one shape; no program lets a sheet bear this name."""

FIRST_ROWS = 2 * SEARCH_ROWS
"""Rows from the top by which a sheet is judged."""

NEARLY = 0.8
"""Of the known headings: a sheet that has so many holds the same kind of rows."""

_PARTLY = 0.5  # so many: the user is told of the sheet
_MOST_COUNTED = 200_000
_MOST_NAMED = 20


@dataclass(frozen=True)
class Choice:
    """What to read of a workbook.

    Attributes
    ----------
    sheets
        In the order of their tabs.
    tabs
        The place of each among the tabs that are shown, from 1.
    others
        Names of the sheets that also look like data, and are not read.
    notes
        What the user must know of them (Indonesian).
    """

    sheets: list[Sheet]
    tabs: list[int]
    others: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Look:
    shown: bool
    known: int
    filled: bool
    headings: tuple[str, ...]
    body: int

    @property
    def rank(self) -> tuple[bool, int]:
        return self.shown, self.known

    def shape(self, score: HeadingScore) -> frozenset[str]:
        return frozenset(heading.casefold() for heading in self.headings if score([heading]))


def choose_sheets(sheets: list[Sheet], name: str, score: HeadingScore, wanted: str | None) -> Choice:
    """Choose what to read.

    Parameters
    ----------
    sheets
        All sheets of the workbook.
    name
        Name of the file, for the error.
    score
        How many headings are known.
    wanted
        Name of a sheet, ``EVERY``, or None.

    Raises
    ------
    UnknownSheet
        When there is none of that name.
    """
    tabs = _tabs(sheets)
    if wanted is not None and wanted.strip() != EVERY:
        place = _named(sheets, name, wanted)
        return Choice([sheets[place]], [tabs[place]])
    looks = [_look(sheet, score) for sheet in sheets]
    best = max(look.rank for look in looks)
    held = [place for place, look in enumerate(looks) if look.filled and look.shown == best[0]]
    like = [place for place in held if looks[place].known >= NEARLY * best[1]] or [
        max(range(len(looks)), key=lambda place: (*looks[place].rank, looks[place].filled))
    ]
    largest = max(like, key=lambda place: sheets[place].size)
    shape = looks[largest].shape(score)
    alike = [place for place in like if place == largest or (shape and looks[place].shape(score) == shape)]
    read = alike if wanted is not None else [largest]
    left = [place for place in held if place not in read and looks[place].known >= _PARTLY * best[1] > 0]
    return Choice(
        [sheets[place] for place in read],
        [tabs[place] for place in read],
        tuple(sheets[place].name for place in left),
        _note(_counted(sheets, looks, left), one_shape=len(alike) > len(read)),
    )


def _tabs(sheets: list[Sheet]) -> list[int]:
    """Count the tabs as they are seen; the hidden ones come after all others."""
    order = sorted(range(len(sheets)), key=lambda place: sheets[place].hidden)
    tabs = {place: tab for tab, place in enumerate(order, start=1)}
    return [tabs[place] for place in range(len(sheets))]


def _named(sheets: list[Sheet], name: str, wanted: str) -> int:
    key = wanted.strip().casefold()
    found = [place for place, sheet in enumerate(sheets) if sheet.name == wanted] or [
        place for place, sheet in enumerate(sheets) if sheet.name.strip().casefold() == key
    ]
    if not found:
        listed = ", ".join(f"«{sheet.name}»" for sheet in sheets[:30])
        raise UnknownSheet(f"{name} tidak mempunyai lembar «{wanted}». Lembar yang ada: {listed}.")
    return found[0]


def _look(sheet: Sheet, score: HeadingScore) -> _Look:
    """Rate a sheet by its first rows: shown with known headings above data, how many are known, any data."""
    first = list(islice(sheet.rows(), FIRST_ROWS))
    header = find_header(first, score)
    filled = header.body < len(first)
    known = score(header.headings) if filled else 0
    return _Look(bool(known) and not sheet.hidden, known, filled, tuple(header.headings), header.body)


def _counted(sheets: list[Sheet], looks: list[_Look], places: list[int]) -> list[tuple[str, str]]:
    """Count the rows of sheets that are not read, as long as that is cheap."""
    room, counted = _MOST_COUNTED, []
    for place in places:
        found = sum(1 for _ in islice(sheets[place].rows(), room)) if room else 0
        room -= found
        rows = f"{found - looks[place].body} baris" if room else "jumlah baris tidak dihitung"
        counted.append((sheets[place].name, rows))
    return counted


def _note(left: list[tuple[str, str]], *, one_shape: bool) -> tuple[str, ...]:
    if not left:
        return ()
    also = f', atau --sheet "{EVERY}" untuk membaca semua yang judul kolomnya sama' if one_shape else ""
    listed = listing([f"«{printable(name)}» ({rows})" for name, rows in left])
    return (
        f"TIDAK DIBACA: {len(left)} lembar lain yang juga mirip data: {listed}. Pilih dengan --sheet NAMA{also}.",
    )


def listing(words: list[str]) -> str:
    """Put words side by side, the first of them when there are many."""
    more = len(words) - _MOST_NAMED
    return ", ".join(words[:_MOST_NAMED]) + (f", dan {more} lagi" if more > 0 else "")


def printable(name: str) -> str:
    """Return a name fit for a screen."""
    return "".join(letter if letter.isprintable() else "·" for letter in name[:40])
