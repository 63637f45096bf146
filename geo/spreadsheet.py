"""A file from an office read into text cells: CSV, XLSX, XLS or ODS, with the row numbers a clerk sees."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any

import msoffcrypto
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv
from python_calamine import CalamineError, CalamineWorkbook, PasswordError
from python_calamine import CalamineSheet as _Sheet

from geo.errors import EmptySheet, EncryptedSheet, UnreadableSheet, cause_of

HEADER_SEARCH_ROWS = 20
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
READABLE = "CSV, XLSX, XLS, atau ODS"

HeadingScore = Callable[[Iterable[str]], int]
"""How many cells of a row are known headings."""


@dataclass(frozen=True)
class Table:
    """The cells of one sheet as text.

    Attributes
    ----------
    cells
        One column a heading, in the order of the sheet; empty cells are missing. Fully empty rows are left out.
    sheet_row
        Number of each row in the sheet, the header's own row counted, as a spreadsheet program shows it.
    overlong
        Whether a row of a CSV has cells beyond the last heading: its cells stand under the wrong headings, most
        often because a delimiter lies inside a cell without quotes.
    empty_rows
        How many fully empty rows lay between the others.
    sheet
        Name of the sheet, empty for a CSV.
    """

    cells: pd.DataFrame
    sheet_row: np.ndarray
    overlong: np.ndarray
    empty_rows: int
    sheet: str = ""


def read_table(path: Path, score: HeadingScore, *, password: str | None = None) -> Table:
    """Read the sheet that looks most like data, by the headings that ``score`` knows.

    Raises
    ------
    UnreadableSheet
        When the file is missing or no spreadsheet.
    EncryptedSheet
        When it needs a password, or another one.
    EmptySheet
        When there is no row under a header.
    """
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as fault:
        raise UnreadableSheet(f"{path.name} tidak dapat dibuka: {cause_of(fault)}.") from fault
    if not head:
        raise EmptySheet(f"{path.name} kosong (0 bita). Simpan ulang lembar dari program asalnya.")
    workbook = head.startswith((OLE2, ZIP))
    table = _read_workbook(path, score, password) if workbook else _read_csv(path, score)
    if table.cells.empty:
        raise EmptySheet(f"{path.name} tidak berisi baris data di bawah judul kolom.")
    return table


def _read_workbook(path: Path, score: HeadingScore, password: str | None) -> Table:
    source = _decrypted(path, password)
    try:
        with CalamineWorkbook.from_object(source) as book:
            sheets = [_trimmed(book.get_sheet_by_name(name)) for name in book.sheet_names]
            names = book.sheet_names
    except PasswordError as fault:
        raise EncryptedSheet(_needs_password(path)) from fault
    except (CalamineError, zipfile.BadZipFile, OSError) as fault:
        raise UnreadableSheet(
            f"{path.name} bukan lembar kerja yang dapat dibaca. Yang dapat dibaca: {READABLE}."
        ) from fault
    scored = [
        max((score(map(cell_text, row)) for row in rows[:HEADER_SEARCH_ROWS]), default=0) for rows in sheets
    ]
    best = int(np.argmax(scored)) if scored else 0
    if not sheets or not any(sheets):
        raise EmptySheet(f"{path.name} tidak berisi baris data.")
    if not sheets[best]:
        best = next(place for place, rows in enumerate(sheets) if rows)
    return _table([[cell_text(cell) for cell in row] for row in sheets[best]], score, names[best])


def _trimmed(sheet: _Sheet) -> list[list[Any]]:
    return sheet.to_python(skip_empty_area=False)


def cell_text(cell: Any) -> str:  # noqa: ANN401  -- a workbook cell may be anything
    """Write a workbook cell as the text a person sees; whole numbers without their ``.0``.

    Examples
    --------
    >>> cell_text(3326010001.0), cell_text(45.5), cell_text(None), cell_text(True)
    ('3326010001', '45.5', '', 'TRUE')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e18:  # noqa: PLR2004  -- int64's reach
        return str(int(cell))
    return str(cell)


def _needs_password(path: Path) -> str:
    return (
        f"{path.name} terkunci dengan kata sandi. Berikan kata sandinya dengan --password-file BERKAS, "
        f"atau simpan ulang tanpa kata sandi."
    )


def _decrypted(path: Path, password: str | None) -> io.BytesIO:
    content = path.read_bytes()
    if not content.startswith(OLE2):
        return io.BytesIO(content)
    try:
        book = msoffcrypto.OfficeFile(io.BytesIO(content))
        if not book.is_encrypted():
            return io.BytesIO(content)
    except Exception:  # noqa: BLE001  -- whatever it is, the workbook reader names the fault
        return io.BytesIO(content)
    if password is None:
        raise EncryptedSheet(_needs_password(path))
    plain = io.BytesIO()
    try:
        book.load_key(password=password, verify_password=True)
        book.decrypt(plain)
    except Exception as fault:  # the library raises many kinds for a wrong key
        raise EncryptedSheet(f"Kata sandi untuk {path.name} salah. Periksa lalu ulangi.") from fault
    plain.seek(0)
    return plain


def _read_csv(path: Path, score: HeadingScore) -> Table:
    text = _closed(_decoded(path)).rstrip("\r\n")
    csv.field_size_limit(2**31 - 1)
    looks = {mark: list(islice(_rows(text[:65536], mark), HEADER_SEARCH_ROWS)) for mark in ";,\t|"}
    delimiter = max(looks, key=lambda mark: _plausible(looks[mark], score))
    quick = _read_plain_csv(text, delimiter) if _header(looks[delimiter], score) == 0 else None
    return quick or _table(list(_rows(text, delimiter)), score, "")


def _plausible(rows: list[list[str]], score: HeadingScore) -> tuple[int, int]:
    """Rate a delimiter: by the known headings that it brings about, then by the cells of the header."""
    header = rows[_header(rows, score)] if rows else []
    return score(header), len(header)


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _closed(text: str) -> str:
    r"""Take the quotation marks out of lines that leave one open, where some quote of the file is never closed.

    An open quote would swallow every row that follows it into one cell.

    Examples
    --------
    >>> _closed('nama;desa\n"Siti;Kajen\nAni;"Kajen"').splitlines()
    ['nama;desa', 'Siti;Kajen', 'Ani;"Kajen"']
    """
    if text.count('"') % 2 == 0:
        return text
    lines = re.split(r"\r\n|\n|\r", text)
    return "\n".join(line.replace('"', "") if line.count('"') % 2 else line for line in lines)


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content[:4096]:
        raise UnreadableSheet(f"{path.name} bukan lembar kerja. Yang dapat dibaca: {READABLE}.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _read_plain_csv(text: str, delimiter: str) -> Table | None:
    """Read a CSV whose first line is the header and whose rows are all as long; else leave it to the careful way."""
    first = next(_rows(text[:65536], delimiter), [])
    if len(set(first)) != len(first) or "\n\n" in text or "\n\r" in text or "\x00" in text:
        return None
    try:
        read = pacsv.read_csv(
            pa.BufferReader(text.encode("utf-8")),
            parse_options=pacsv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(first, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )
    except pa.ArrowInvalid:
        return None
    if read.column_names != first or any(column.type != pa.string() for column in read.columns):
        return None
    cells = read.to_pandas().set_axis(_distinct(first), axis=1)
    return _without_empty(cells, np.arange(2, len(cells) + 2), np.zeros(len(cells), dtype=bool), "")


def _header(rows: list[list[str]], score: HeadingScore) -> int:
    """Find the row with the most known headings; where there is none, the first with anything in it."""
    scored = [score(row) for row in rows[:HEADER_SEARCH_ROWS]]
    if any(scored):
        return int(np.argmax(scored))
    return next((place for place, row in enumerate(rows) if any(cell.strip() for cell in row)), 0)


def _table(rows: list[list[str]], score: HeadingScore, sheet: str) -> Table:
    header = _header(rows, score)
    headings, body = _distinct(rows[header]) if rows else [], rows[header + 1 :]
    width = len(headings)
    cells = pd.DataFrame(
        [[*row[:width], *[""] * (width - len(row))] for row in body], columns=headings, dtype="str"
    ).replace("", pd.NA)
    overlong = np.array([any(cell.strip() for cell in row[width:]) for row in body], dtype=bool)
    return _without_empty(cells, np.arange(header + 2, header + 2 + len(body)), overlong, sheet)


def _distinct(headings: list[str]) -> list[str]:
    out: list[str] = []
    for place, heading in enumerate(headings, start=1):
        plain = " ".join(heading.split()) or f"(kolom {place})"
        taken = (plain if time == 1 else f"{plain} ({time})" for time in count(1))
        out.append(next(name for name in taken if name not in out))
    return out


def _without_empty(cells: pd.DataFrame, sheet_row: np.ndarray, overlong: np.ndarray, sheet: str) -> Table:
    blank = cells.isna().all(axis=1).to_numpy() & ~overlong
    if blank.any():
        cells, sheet_row, overlong = cells[~blank], sheet_row[~blank], overlong[~blank]
    # empty rows at the end are no rows that somebody left out
    inside = int(blank[: int(np.flatnonzero(~blank)[-1]) + 1].sum()) if (~blank).any() else 0
    return Table(cells.reset_index(drop=True), sheet_row, overlong, inside, sheet)
