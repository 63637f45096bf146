"""Cells that would tell, by what a zone has besides the cells inside it, of a few households."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geo.privacy.answers import NO, UNKNOWN, YES
from geo.suppression import tells

_PREFIX = "zone_"
_NO_LAYER = ("zone_combination", "zone_display")


def cells_to_dissolve(
    households: pd.DataFrame,
    needs: Sequence[str],
    rows: np.ndarray,
    of: np.ndarray,
    told: np.ndarray,
    rest_of: np.ndarray,
) -> np.ndarray:
    """Return cells that go to the rest of their desa, so that what zones leave over tells of no few.

    From a zone that is cut through desa a reader takes away the desa and the cells that lie wholly inside it; what is
    left, those of cells on its edge and those told without a place, must be nobody or five and more in each count.

    Parameters
    ----------
    rows, of, told
        By told household: its row in ``households``, its cell, and its answers (:mod:`geo.privacy.answers`).
    rest_of
        By cell, the one of its desa that has no place.
    """
    size = np.bincount(of, minlength=len(rest_of))
    is_rest = rest_of == np.arange(len(rest_of))
    answers = [(column, answer) for column in range(len(needs)) for answer in (YES, NO, UNKNOWN)]
    counted = _beside_all(len(rows), [told[:, column] == answer for column, answer in answers])
    everybody = _beside_all(
        len(households),
        [_answered(households[f"need_{needs[column]}"], answer) for column, answer in answers],
    )
    gone = np.zeros(len(rest_of), dtype=bool)
    for layer in households.columns[households.columns.str.startswith(_PREFIX)].difference([*_NO_LAYER]):
        words = households[layer].astype("str").to_numpy(dtype=object)
        for word in pd.unique(words):
            inside = words == word
            full = np.bincount(of[inside[rows]], minlength=len(size)) == size
            of_cut = np.isin(rest_of, rest_of[~full])
            # where somebody told without a place is cannot be seen, unless the whole desa is inside
            pure = full & ~((is_rest | gone) & of_cut)
            left = everybody[inside].sum(axis=0) - counted[pure[of]].sum(axis=0)
            while (few := np.flatnonzero(tells(left, everybody=False))).size:
                holds = np.bincount(of[counted[:, few[0]]], minlength=len(size)) > 0
                able = np.flatnonzero(holds & pure & of_cut)
                if not able.size:
                    break
                cell = able[np.argmin(size[able])]
                gone[cell], pure[cell] = True, False
                left = left + counted[of == cell].sum(axis=0)
    return np.flatnonzero(gone)


def _beside_all(many: int, columns: Sequence[np.ndarray]) -> np.ndarray:
    return np.column_stack([np.ones(many, dtype=bool), *columns])


def _answered(need: pd.Series, answer: int) -> np.ndarray:
    stated = need.astype("boolean")
    if answer == UNKNOWN:
        return stated.isna().to_numpy(bool)
    return (stated == (answer == YES)).fillna(value=False).to_numpy(bool)
