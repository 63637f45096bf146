"""A table of outcomes by sheet and number, as the office fills it in: a CSV or a workbook read into lines."""

from dataclasses import dataclass
from pathlib import Path

from app.visiting.filled_table import read_filled
from geo.errors import SheetError

_READ = ("lembar", "nomor", "hasil", "tanggal", "catatan")
_NEEDED = ("lembar", "nomor", "hasil")

MOST_LINES = 5_000
TOO_LONG = f"Berkas itu memuat lebih dari {MOST_LINES} hasil. Bagi menjadi beberapa berkas."
_UNPACKED = 25_000_000  # bytes; five thousand lines are a tenth of it


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
    cells = read_filled(file, {name: (name,) for name in _READ}, _UNPACKED)
    if missing := [name for name in _NEEDED if name not in cells]:
        raise SheetError(
            f"Berkas itu tidak punya kolom «{missing[0]}». Kolomnya: {', '.join(_READ)}; unduh contohnya yang kosong."
        )
    cells = cells.reindex(columns=[*_READ, "line", "torn"], fill_value="")
    kept = cells[cells["hasil"] != ""]
    if len(kept) > MOST_LINES:
        raise SheetError(TOO_LONG)
    lines = [Line(**{str(name): value for name, value in row.items()}) for row in kept.to_dict("records")]
    return lines, len(cells) - len(kept)
