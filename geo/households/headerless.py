"""Headings that are no headings: a sheet without a header row, and long numbers that must not be shown."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from geo.columns import question_number
from geo.columns.choice import ColumnChoice
from geo.errors import UnknownColumns
from geo.spreadsheet import Table
from geo.spreadsheet.header import distinct

HIDDEN = "(judul berisi angka panjang, disembunyikan)"
_LONG = re.compile(r"(?:\d[ .'-]?){9,}\d")
_VALUE = re.compile(r"[-+'’]?\d[\d.,/:\s°-]*")
_MOST_KNOWN, _FEWEST_VALUES = 2, 2

Means = Callable[[str], str]


def without_long_numbers(heading: str, means: Means) -> str:
    """Hide a number of ten or more digits in a heading, and all of a heading that nobody knows.

    Examples
    --------
    >>> known = {"NIK KRT": "", "Kode Desa, misalnya (angka panjang)": "kode_tertulis"}.get
    >>> without_long_numbers("Kode Desa, misalnya 9901010001", lambda text: known(text) or "")
    'Kode Desa, misalnya (angka panjang)'
    >>> without_long_numbers("9926 0145 0190 0003", lambda text: "")
    '(judul berisi angka panjang, disembunyikan)'
    """
    if not _LONG.search(heading):
        return heading
    bare = _LONG.sub("(angka panjang)", heading)
    return bare if means(bare) else HIDDEN


def require_header(table: Table, means: Means) -> None:
    """Refuse a sheet whose header row is a household; its cells are personal data, so none of them is told.

    Raises
    ------
    UnknownColumns
        When hardly any heading is known, and they hold long numbers, or several values.
    """
    headings = list(table.cells.columns)
    known = len({means(text) for text in headings} - {""})
    long = any(_LONG.search(text) for text in headings)
    values = sum(bool(_VALUE.fullmatch(text)) and not question_number(text) for text in headings)
    if (long and known < _MOST_KNOWN) or (values >= _FEWEST_VALUES and not known):
        raise UnknownColumns(
            f"Lembar ini tampaknya tidak punya baris judul: baris {table.header_row} berisi data. Tambahkan satu baris "
            f"judul di atas data, misalnya «Nama Kepala Keluarga», «NIK», «Alamat», «Desa», «Kecamatan», «Desil»."
        )


def hide_long_numbers(table: Table, choice: ColumnChoice, means: Means) -> tuple[Table, ColumnChoice]:
    """Rename the columns whose headings hold long numbers, in the sheet and in what the user says of it."""

    def hidden(texts: Sequence[str]) -> list[str]:
        return [without_long_numbers(text, means) for text in texts]

    headings = list(table.cells.columns)
    if hidden(headings) == headings:
        return table, choice
    names = dict(zip(headings, distinct(hidden(headings)), strict=True))
    columns = dict(zip(choice.columns, hidden(list(choice.columns.values())), strict=True))
    renamed = replace(
        table,
        cells=table.cells.rename(columns=names),
        numeric=frozenset(names[text] for text in table.numeric),
    )
    return renamed, replace(choice, columns=columns, ignored=tuple(hidden(choice.ignored)))
