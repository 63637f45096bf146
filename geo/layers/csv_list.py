"""A CSV as offices save it: its encoding, its delimiter, the row of its headings, and its cells as text."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from geo.errors import LayerError, cause_of

_HEADER_ROWS = 30
_LONGEST = 40
_YEAR = r"(?:(?:tahun|thn)?((?:19|20)\d\d))?"


@dataclass(frozen=True)
class CsvList:
    """A table of text.

    Attributes
    ----------
    name
        Of the file.
    headings
        As written.
    cells
        Columns numbered as the headings are; blank cells are ``""``, rows without any cell are left out.
    """

    name: str
    headings: tuple[str, ...]
    cells: pd.DataFrame

    def find(self, wanted: Sequence[str]) -> list[int]:
        """Return the columns under the likeliest wanted heading that there is, see :func:`find`."""
        return find(self.headings, wanted)

    def year_of(self, column: int) -> str:
        """Return the year that a heading ends with, or nothing."""
        return re.search(rf"{_YEAR}$", _plain(self.headings[column]))[1] or ""  # type: ignore[index]


def read_csv_list(path: Path, is_header: Callable[[Sequence[str]], bool], needed: str) -> CsvList:
    """Read a CSV of semicolons, commas, tabs or bars in UTF-8, UTF-16 or Windows-1252.

    Parameters
    ----------
    path
        The file; lines above the headings are passed.
    is_header
        Whether cells are the row of headings; the delimiter is the one that brings it about.
    needed
        The columns that it must have, in words (Indonesian), for the error.

    Raises
    ------
    LayerError
        When the file cannot be read, is no such table, or has rows that are longer than their headings.
    """
    text, seen, broken = _text(path), list[str](), False
    for delimiter in ";,\t|":
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        except csv.Error:
            broken = True
            continue
        for number, cells in enumerate(rows[:_HEADER_ROWS]):
            if is_header(cells):
                return CsvList(path.name, tuple(cells), _cells(rows[number + 1 :], len(cells), path.name))
            seen = cells if len(seen) < 2 <= len(cells) else seen  # noqa: PLR2004  -- one cell is a title
    if broken and not seen:
        raise LayerError(f"{path.name} tidak dapat dibaca sebagai CSV: ada tanda kutip yang tidak ditutup.")
    raise LayerError(
        f"{path.name} harus berupa CSV dengan {needed}. "
        f"Judul yang ada: {', '.join(map(shown, seen)) or 'tidak ada'}."
    )


def find(headings: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Return the places of the likeliest wanted heading that there is; a year may follow it.

    Parameters
    ----------
    wanted
        Small letters and digits only, the likelier first.

    Examples
    --------
    >>> find(["Kode Desa", "Status_2020", "STATUS Tahun 2010"], ("klasifikasi", "status"))
    [1, 2]
    """
    plain = [_plain(heading) for heading in headings]
    places = (
        [place for place, heading in enumerate(plain) if re.fullmatch(one + _YEAR, heading)] for one in wanted
    )
    return next((found for found in places if found), [])


def shown(text: str) -> str:
    r"""Return text of a file fit for a message.

    Examples
    --------
    >>> shown("kode\x1b[31m")
    '«kode[31m»'
    """
    return f"«{''.join(sign for sign in text if sign.isprintable())[:_LONGEST]}»"


def _plain(heading: str) -> str:
    return re.sub(r"[\W_]", "", heading).casefold()


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise LayerError(f"{path.name} tidak dapat dibaca: {cause_of(fault)}.") from fault
    if not content.strip():
        raise LayerError(f"{path.name} kosong. Simpan ulang daftarnya sebagai CSV.")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content or content.startswith(b"PK\x03\x04"):
        raise LayerError(
            f"{path.name} tidak dapat dibaca sebagai CSV. Buka di Excel dan simpan sebagai «CSV UTF-8»."
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _cells(rows: list[list[str]], width: int, name: str) -> pd.DataFrame:
    overlong = [cells for cells in rows if any(map(str.strip, cells[width:]))]
    if overlong:
        raise LayerError(
            f"{name} memuat {len(overlong)} baris yang lebih panjang daripada judulnya, misalnya yang berawal "
            f"{shown(overlong[0][0])}: isinya akan bergeser. Beri tanda kutip pada sel yang memuat pemisah."
        )
    whole = [[*cells[:width], *[""] * (width - len(cells))] for cells in rows if any(map(str.strip, cells))]
    table = pd.DataFrame(whole, columns=range(width), dtype="str")
    for column in table:
        table[column] = table[column].str.replace(r"^[\s'’`]+|\s+$", "", regex=True)
    return table
