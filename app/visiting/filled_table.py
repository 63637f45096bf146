"""A table that an office has filled in: a CSV or a workbook read under the headings that are asked for, safely."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from threading import Lock
from zipfile import BadZipFile, ZipFile

import pandas as pd

from geo.errors import SheetError
from geo.spreadsheet import read_table
from geo.spreadsheet.csv_text import DELIMITERS, starts_as_markup
from geo.spreadsheet.workbook import OLE2, ZIP

MOST_ROWS, MOST_COLUMNS = 200_000, 500
"""What a table that is filled in may have: several times a district's families in need, and any form's questions."""

_WAIT_S = 20
_BLOCK = 2**20
_MARKS = [mark.encode() for mark in DELIMITERS]
_ONE_AT_A_TIME = Lock()


def read_filled(file: Path, headings: Mapping[str, Sequence[str]], unpacked: int) -> pd.DataFrame:
    """Read the columns that are asked for, as text without spaces around it.

    Parameters
    ----------
    headings
        The columns, each with what its heading may say in a file, the surest first.
    unpacked
        Bytes that a workbook may unpack to: it is read where pages are made.

    Returns
    -------
    pandas.DataFrame
        One row a filled row of the sheet: those of the columns that it has (empty where nothing stands), ``line`` (its
        number in the sheet) and ``torn`` (it has more cells than headings).

    Raises
    ------
    SheetError
        When it cannot be read, unpacks to too much, is longer or wider than any such table, or others are read just
        now.
    """
    _require_small(file, unpacked)
    with suppress(OSError):  # a file that is not there is told by the reader
        _require_usual(file)
    known = {name for names in headings.values() for name in names}
    with one_at_a_time():
        table = read_table(file, lambda cells: sum(plain_heading(cell) in known for cell in cells))
    cells = table.cells.rename(columns=plain_heading)
    cells = cells.loc[:, ~cells.columns.duplicated()]
    there = {
        column: next((name for name in names if name in cells), "") for column, names in headings.items()
    }
    found = pd.DataFrame({column: cells[name] for column, name in there.items() if name}, index=cells.index)
    found = found.fillna("").astype("str").apply(lambda column: column.str.strip())
    found = found.assign(line=table.sheet_row, torn=table.overlong)
    kept: pd.DataFrame = found[~table.repeated_header]
    return kept.reset_index(drop=True)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let one file be read at a time where pages are made.

    Raises
    ------
    SheetError
        When those before take too long.
    """
    if not _ONE_AT_A_TIME.acquire(timeout=_WAIT_S):
        raise SheetError("Tabel lain sedang dibaca. Coba lagi sebentar.")
    try:
        yield
    finally:
        _ONE_AT_A_TIME.release()


def plain_heading(heading: object) -> str:
    """Return a heading without what one clerk writes otherwise than another.

    Examples
    --------
    >>> plain_heading(" Tanggal  Selesai "), plain_heading("nomor-samaran"), plain_heading("HASIL *")
    ('tanggal_selesai', 'nomor_samaran', 'hasil')
    """
    return re.sub(r"[\W_]+", "_", str(heading).casefold()).strip("_")


def _require_small(file: Path, most: int) -> None:
    with suppress(BadZipFile, OSError, ValueError, NotImplementedError), ZipFile(file) as packed:
        if sum(part.file_size for part in packed.infolist()) > most:
            raise SheetError(
                "Berkas itu terlalu besar bila dibuka. Simpan lembar hasilnya saja, sebagai CSV."
            )


def _require_usual(file: Path) -> None:
    """Refuse a text of cells that is longer or wider than any table of this kind, before anything reads it whole."""
    if starts_as_markup(file):
        return
    with file.open("rb") as opened:
        head = opened.readline(_BLOCK)
        if head.startswith((OLE2, ZIP)):
            return
        named = head.rstrip(b";,\t|\r\n \0")  # a program may write all the empty columns that it can show
        if max(map(named.count, _MARKS)) >= MOST_COLUMNS:
            raise SheetError(
                f"Berkas itu punya lebih dari {MOST_COLUMNS} kolom. Sisakan kolom hasilnya saja."
            )
        ends = Counter[bytes]()
        for block in chain([head], iter(lambda: opened.read(_BLOCK), b"")):
            ends.update({end: block.count(end) for end in (b"\r", b"\n")})
    if max(ends.values()) > MOST_ROWS:
        raise SheetError(f"Berkas itu lebih dari {MOST_ROWS} baris. Bagi menjadi beberapa berkas.")
