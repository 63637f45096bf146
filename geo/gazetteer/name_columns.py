"""Which columns of a sheet hold names of desa or kecamatan, whatever stands above them."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from geo.gazetteer import Gazetteer

_MOSTLY = 0.6
"""This share of the filled rows must hold a name of the district: misspelt ones are no proof, and rarely the most."""
_FILLED = 0.3
_MOST_VALUES = 5_000
"""No district has so many desa: a column with more different values holds something else."""


@dataclass(frozen=True)
class NameColumn:
    """A column that looks like names of places.

    Attributes
    ----------
    meaning
        ``desa_tertulis`` or ``kecamatan_tertulis``.
    known, filled
        Rows with a name of the district, and rows with something.
    """

    heading: str
    meaning: str
    known: int
    filled: int


def name_columns(cells: pd.DataFrame, headings: Iterable[str], gazetteer: Gazetteer) -> list[NameColumn]:
    """Find the columns that hold names of desa or kecamatan of the district, of each the likeliest.

    Parameters
    ----------
    cells
        The rows of the sheet, as text.
    headings
        The columns that may be asked.
    """
    best: dict[str, NameColumn] = {}
    for heading in headings:
        values = cells[heading].dropna()
        counts = values[values.str.strip() != ""].value_counts()
        filled = int(counts.sum())
        if not filled or filled < _FILLED * len(cells) or len(counts) > _MOST_VALUES:
            continue
        names = gazetteer.are_names(counts.index.to_series().astype("str"))
        desa, kecamatan = (
            int(counts.to_numpy()[names[kind].to_numpy()].sum()) for kind in ("desa", "kecamatan")
        )
        meaning = "kecamatan_tertulis" if kecamatan >= desa else "desa_tertulis"
        found = NameColumn(heading, meaning, max(desa, kecamatan), filled)
        if found.known >= _MOSTLY * filled and (meaning not in best or found.known > best[meaning].known):
            best[meaning] = found
    return list(best.values())
