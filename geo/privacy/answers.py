"""What may be told of each household beside what everybody is told of its desa, and which sums of it tell of few."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.privacy.areas import nested
from geo.suppression import HOUSEHOLDS, tells

NO, YES, UNKNOWN, WITHHELD = range(4)
"""What is told of a need."""


@dataclass(frozen=True)
class Answers:
    """The households of told desa, one row a household.

    Attributes
    ----------
    rows
        Their place in the table.
    desa
        The row of their desa in the table of desa.
    told
        By need (columns) :data:`NO`, :data:`YES`, :data:`UNKNOWN`, or :data:`WITHHELD` where everybody is not told
        either: from the figures of one desa those of another could be worked out.
    counted
        What a sum of households is published, or can be worked out, of (columns): all, of each need who is in need,
        who is not and of whom it is not known, and who is in need by one alone of two, where it is part of the other.
    """

    rows: np.ndarray
    desa: np.ndarray
    told: np.ndarray
    counted: np.ndarray


def answers_of(households: gpd.GeoDataFrame, desa: gpd.GeoDataFrame, needs: Sequence[str]) -> Answers:
    """Read what may be told of the households.

    Needs columns: of households ``kode_desa``, ``need_<indicator>``; of desa ``kode_desa``, ``households_suppressed``,
    ``<indicator>_suppressed`` (one without is told nowhere).

    Parameters
    ----------
    desa
        As everybody sees them: those of the edition ``publik``.
    """
    place = pd.Index(desa["kode_desa"]).get_indexer(households["kode_desa"])
    open_desa = ~desa[f"{HOUSEHOLDS}_suppressed"].to_numpy(bool)
    rows = np.flatnonzero((place >= 0) & open_desa[place])
    place = place[rows]
    found = households.iloc[rows]
    told = np.full((len(rows), len(needs)), WITHHELD, dtype=np.int8)
    for column, need in enumerate(needs):
        if f"{need}_suppressed" in desa:
            answer = found[f"need_{need}"].astype("boolean")
            codes = np.where(answer.isna(), UNKNOWN, answer.fillna(value=False))
            hidden = desa[f"{need}_suppressed"].to_numpy(bool)[place]
            told[:, column] = np.where(hidden, WITHHELD, codes)
    counted = [np.ones(len(rows), dtype=bool)]
    counted += [told[:, column] == answer for column in range(len(needs)) for answer in (YES, NO, UNKNOWN)]
    for inner, outers in nested(households, needs).items():
        one = told[:, needs.index(inner)]
        for outer in outers:
            counted.append((told[:, needs.index(outer)] == YES) & ((one == NO) | (one == UNKNOWN)))
    return Answers(rows, place, told, np.column_stack(counted))


def are_many(sums: np.ndarray) -> np.ndarray:
    """Mark the rows of sums of which none tells of few.

    Examples
    --------
    >>> are_many(np.array([[9, 0, 5], [9, 4, 0]])).tolist()
    [True, False]
    """
    return np.asarray(~tells(sums, everybody=False).any(axis=-1))
