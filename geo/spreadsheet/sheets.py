"""What every kind of file is read into: sheets of numbered rows of text cells."""

import datetime as dt
from array import array
from collections.abc import Callable, Iterable, Iterator, MutableSequence
from dataclasses import dataclass, field
from typing import Any

from geo.errors import UnreadableSheet

READABLE = "CSV, XLSX, XLS, atau ODS"
MOST_BYTES = 4 * 2**30
"""A part of a workbook that unpacks to more is refused: a sheet of a million rows needs about one GB."""

LONGEST_CELL = 2**24
"""Letters in one cell; a spreadsheet program itself stops at 32 767."""

MOST_COLUMNS = 16_384
"""What a spreadsheet program can show."""

MOST_MERGES = 1_000_000
"""Merged cells of one sheet that are heeded: a sheet of families can have several to a family."""

_LONG_NUMBER = 1e14  # 15 digits: from here on a spreadsheet program begins to lose the last ones

Merges = MutableSequence[int]
"""Cells merged downward, three numbers each: first and last row, column from 0."""

Row = tuple[int, list[str | None]]
"""Number of a row as a spreadsheet program shows it, and its cells; an empty cell is None, an empty row left out."""

HeadingScore = Callable[[Iterable[str]], int]
"""How many cells of a row are known headings."""


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file, not read yet.

    Attributes
    ----------
    name
        As on its tab.
    rows
        Reads the rows from the top, anew at each call.
    size
        How much it holds, on a scale of its own file.
    hidden
        Whether the program hides it.
    long_numbers
        Columns (from 0) in which numbers of 15 or more digits came as numbers and not as text; filled by ``rows``.
    merges
        Cells merged downward, three numbers each: first and last row, as a spreadsheet program shows them, and column
        (from 0); at most ``MOST_MERGES``, whole once ``rows`` was read to its end.
    """

    name: str
    rows: Callable[[], Iterator[Row]]
    size: int
    hidden: bool = False
    long_numbers: set[int] = field(default_factory=set)
    merges: Merges = field(default_factory=lambda: array("q"))


def add_merge(merges: Merges, first: int, last: int, column: int) -> None:
    """Note a merged cell where it reaches downward, as long as there is room."""
    if first < last and len(merges) < 3 * MOST_MERGES:
        merges.extend((first, last, column))


def not_a_sheet(name: str) -> UnreadableSheet:
    """Return the fault of a file that is no spreadsheet at all."""
    return UnreadableSheet(f"{name} bukan lembar kerja yang dapat dibaca. Yang dapat dibaca: {READABLE}.")


def damaged(name: str) -> UnreadableSheet:
    """Return the fault of a workbook that is not whole."""
    return UnreadableSheet(
        f"{name}: berkas rusak atau terpotong, mungkin karena penyalinan atau unduhan terputus. Salin ulang dari "
        f"asalnya, atau buka dan simpan ulang sebagai XLSX."
    )


def too_large(name: str, what: str) -> UnreadableSheet:
    """Return the fault of a file that holds more than any office's sheet."""
    return UnreadableSheet(
        f"{name} tidak dibaca: {what}. Salin tabel rumah tangganya ke lembar baru (tempel sebagai nilai), "
        f"simpan sebagai XLSX atau CSV, atau bagi menjadi beberapa berkas."
    )


def number_text(value: float) -> str:
    """Write a number as short as it can be read back; a whole one without ``.0`` and without an exponent.

    Examples
    --------
    >>> number_text(3326010001.0), number_text(45.5), number_text(3.32601010101e15)
    ('3326010001', '45.5', '3326010101010000')
    """
    if value.is_integer() and abs(value) < 1e18:  # noqa: PLR2004  -- int64's reach
        return str(int(value))
    return repr(value)


def is_long_number(value: float) -> bool:
    """Tell whether a number has 15 digits or more before its point."""
    return abs(value) >= _LONG_NUMBER


def cell_text(cell: Any) -> str | None:  # noqa: ANN401  -- a workbook cell may be anything
    """Write a workbook cell as the text a person sees; dates as ISO.

    Examples
    --------
    >>> cell_text(45.0), cell_text(""), cell_text(True), cell_text(dt.datetime(2026, 1, 2))
    ('45', None, 'TRUE', '2026-01-02')
    """
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return number_text(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    if isinstance(cell, dt.timedelta):
        return elapsed_text(cell / dt.timedelta(days=1))
    return None if cell is None else str(cell)


def serial_text(days: float, *, epoch_1904: bool = False) -> str:
    """Write a spreadsheet's day number as an ISO date, with the time where it has one.

    Examples
    --------
    >>> serial_text(46024.0), serial_text(46024.4375), serial_text(0.5), serial_text(1.0)
    ('2026-01-02', '2026-01-02 10:30:00', '12:00:00', '1900-01-01')
    """
    seconds = round(days * 86_400)
    # the first program of its kind took 1900 for a leap year, and all others followed
    start = dt.datetime(1904, 1, 1) if epoch_1904 else dt.datetime(1899, 12, 30 if days >= 60 else 31)  # noqa: DTZ001, PLR2004  -- a sheet's dates have no zone
    try:
        moment = start + dt.timedelta(seconds=seconds)
    except OverflowError:
        return number_text(days)
    if 0 <= days < 1 and not epoch_1904:
        return moment.time().isoformat() if days else number_text(days)
    return moment.date().isoformat() if moment.time() == dt.time() else moment.isoformat(sep=" ")


def elapsed_text(days: float) -> str:
    """Write a length of time as hours, minutes, seconds.

    Examples
    --------
    >>> elapsed_text(1.0625)
    '25:30:00'
    """
    seconds = round(abs(days) * 86_400)
    return f"{'-' * (days < 0)}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
