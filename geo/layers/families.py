"""All families of each desa, poor or not, from a table by desa."""

import re
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import LayerError
from geo.layers.desa_list import one_each, read_desa_list

_HEADINGS = (
    "keluarga", "jumlahkeluarga", "jmlkeluarga", "jlhkeluarga", "banyaknyakeluarga", "totalkeluarga",
    "jumlahkk", "jmlkk", "jlhkk", "totalkk", "banyaknyakk", "kepalakeluarga", "jumlahkepalakeluarga",
    "jmlkepalakeluarga", "kk", "jumlahrumahtangga", "jmlrumahtangga", "rumahtangga", "jumlahruta", "ruta",
    "jumlahkrt", "families", "households", "keluarga",
)  # fmt: skip
"""The likelier first; the last one is what a message names."""

_BLANK = frozenset(
    {"", "-", "–", "—", "...", "na", "n/a", "nan", "null", "tad", "tidak diketahui", "tidak ada data"}
)
_UNIT = re.compile(r"\s*(?:kk|keluarga|kepala keluarga|rumah tangga|ruta)$")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?:,[0-9]{3})+|(?: [0-9]{3})+)")
_PLAIN = re.compile(r"([0-9]+)(?:[.,]0+)?")

MOST = 100_000
"""More than this in one desa is a slip of the pen: the most populous kelurahan of the country have fewer."""


@dataclass(frozen=True)
class Families:
    """How many families live in each desa.

    Attributes
    ----------
    count
        Families of each desa (index of the frame of desa, float); missing where the table leaves it out.
    source, year
        As the table states them.
    note
        What the reader must know of the table (Indonesian), or nothing.
    """

    count: pd.Series
    source: str
    year: str
    note: str = ""


def read_families(path: Path, desa: gpd.GeoDataFrame) -> Families:
    """Read a table of families: CSV with the code of the desa, the number of families, often year and source.

    Parameters
    ----------
    path
        As for :func:`geo.layers.desa_list.read_desa_list`.
    desa
        Needs columns ``kode_desa``, ``kode_bps``.

    Raises
    ------
    LayerError
        As :func:`geo.layers.desa_list.read_desa_list` does, and when a number is none, negative, broken or beyond
        :data:`MOST`, when two rows of a desa contradict each other, or when no desa has a number.
    """
    listed = read_desa_list(path, desa, _HEADINGS)
    numbers = {written: family_count(written) for written in listed.cells.unique()}
    wrong = [
        (place, written)
        for place, written in zip(listed.place, listed.cells, strict=True)
        if numbers[written] is None
    ]
    if wrong:
        place, written = wrong[0]
        raise LayerError(
            f"Jumlah keluarga dalam {path.name} harus bilangan bulat 0 sampai {MOST}; untuk desa "
            f"{desa['kode_desa'].iloc[place]} tertulis «{_printable(written)}»"
            f"{f' (dan {len(wrong) - 1} baris lain)' if len(wrong) > 1 else ''}. Kosongkan bila tidak diketahui."
        )
    count = one_each(listed, desa, listed.cells.map(numbers)).astype(float)
    if count.isna().all():
        raise LayerError(
            f"{path.name} tidak memuat satu pun jumlah keluarga. Isi kolomnya, atau hapus setelannya."
        )
    return Families(count, listed.source, listed.year, listed.note)


def family_count(written: str) -> float | None:
    """Return the number that a cell states, not-a-number for a blank, and nothing where it is no such number.

    Examples
    --------
    >>> [family_count(cell) for cell in ("1.234", "1,234", "812 KK", "950.0", "-", "-3", "12,5", "banyak")]
    [1234.0, 1234.0, 812.0, 950.0, nan, None, None, None]
    """
    bare = _UNIT.sub("", " ".join(written.casefold().split()))
    if bare in _BLANK:
        return np.nan
    if _THOUSANDS.fullmatch(bare):
        number = float(re.sub(r"\D", "", bare))
    elif whole := _PLAIN.fullmatch(bare):
        number = float(whole[1])
    else:
        return None
    return number if number <= MOST else None


def _printable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())[:40]
