"""A table of outcomes by sheet and number, as the office fills it in: a CSV or a workbook read into lines."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from zipfile import BadZipFile, ZipFile

from geo.errors import SheetError
from geo.spreadsheet import read_table

_READ = ("lembar", "nomor", "hasil", "tanggal", "catatan")
_NEEDED = ("lembar", "nomor", "hasil")

MOST_LINES = 5_000
TOO_LONG = f"Berkas itu memuat lebih dari {MOST_LINES} hasil. Bagi menjadi beberapa berkas."
_UNPACKED = 25_000_000  # bytes; five thousand lines are a tenth of it
_WAIT_S = 20
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True)
class Line:
    """A filled-in line as it is written, with its number in the file; torn when it has more cells than headings."""

    line: int
    lembar: str
    nomor: str
    hasil: str
    tanggal: str = ""
    catatan: str = ""
    torn: bool = False


def read_lines(file: Path) -> tuple[list[Line], int]:
    """Read a CSV or a workbook of outcomes; return the filled-in lines, and how many have no outcome.

    Needs columns: «lembar», «nomor», «hasil»; of use «tanggal» and «catatan». Others are passed over.

    Raises
    ------
    SheetError
        When it cannot be read, lacks a column, or is longer than an office fills in at once.
    """
    _require_small(file)
    if not _ONE_AT_A_TIME.acquire(timeout=_WAIT_S):
        raise SheetError("Tabel lain sedang dibaca. Coba lagi sebentar.")
    try:
        table = read_table(file, lambda cells: sum(_plain(cell) in _READ for cell in cells))
    finally:
        _ONE_AT_A_TIME.release()
    cells = table.cells.rename(columns=_plain)
    cells = cells.loc[:, ~cells.columns.duplicated()]
    if missing := [name for name in _NEEDED if name not in cells]:
        raise SheetError(
            f"Berkas itu tidak punya kolom «{missing[0]}». Kolomnya: {', '.join(_READ)}; unduh contohnya yang kosong."
        )
    cells = cells.reindex(columns=list(_READ), fill_value="").fillna("").astype("str")
    cells = cells.apply(lambda column: column.str.strip()).assign(line=table.sheet_row, torn=table.overlong)
    kept = cells[~table.repeated_header & (cells["hasil"] != "").to_numpy()]
    if len(kept) > MOST_LINES:
        raise SheetError(TOO_LONG)
    lines = [Line(**{str(name): value for name, value in row.items()}) for row in kept.to_dict("records")]
    return lines, int((~table.repeated_header).sum()) - len(kept)


def _require_small(file: Path) -> None:
    """Refuse a workbook that unpacks to more than a table of outcomes ever holds: it is read where pages are made."""
    with suppress(BadZipFile, OSError, ValueError, NotImplementedError), ZipFile(file) as packed:
        if sum(part.file_size for part in packed.infolist()) > _UNPACKED:
            raise SheetError(
                "Berkas itu terlalu besar bila dibuka. Simpan lembar hasil kunjungannya saja, sebagai CSV."
            )


def _plain(heading: object) -> str:
    return str(heading).strip().casefold()
