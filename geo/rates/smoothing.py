"""Rates of few households, drawn towards what their surroundings tell (empirical Bayes, Marshall 1991)."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import pandas as pd

from geo.neighbours import Neighbours
from geo.rates.interval import rate

_Table = TypeVar("_Table", bound=pd.DataFrame)


def smoothed(need: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Shrink each rate towards the common one, the more the fewer households are known (Marshall 1991).

    The variance between areas is estimated by moments; where there is none, every area gets the common rate.
    An area where nothing is known gets no rate.

    Examples
    --------
    >>> shrunk = smoothed(np.array([1, 300, 10]), np.array([1, 600, 400]))
    >>> bool(shrunk[0] < 0.6), bool(abs(shrunk[1] - 0.5) < 0.01)
    (True, True)
    """
    total = known.sum()
    if total == 0:
        return np.full(len(known), np.nan)
    share, common = rate(need, known), need.sum() / total
    spread = np.nansum(known * (share - common) ** 2) / total
    return _shrunk(share, known, common, spread, total / (known > 0).sum())


def locally_smoothed(need: np.ndarray, known: np.ndarray, neighbours: Neighbours) -> np.ndarray:
    """Shrink each rate towards that of the area and its neighbours together (Marshall 1991, local).

    As :func:`smoothed`, with every area and its neighbours in the place of the whole. Neighbours where nothing is
    known count for nothing. An area without a neighbour that is known has nothing local to be drawn to: it gets the
    rate of :func:`smoothed`.

    Parameters
    ----------
    need, known
        Households of each area.
    neighbours
        Of the areas, in their order.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> chain = np.eye(4, k=1, dtype=bool) | np.eye(4, k=-1, dtype=bool)
    >>> chain = Neighbours(csr_array(chain), "rook", "berbatasan sisi", np.zeros(4, dtype=bool))
    >>> need, known = np.array([0, 30, 10, 1]), np.array([2, 100, 90, 100])
    >>> bool(smoothed(need, known)[0] < 0.15), bool(locally_smoothed(need, known, chain)[0] > 0.25)
    (True, True)
    """
    found = neighbours.matrix.tocoo()
    itself = np.arange(len(known))
    area, other = np.concatenate([found.row, itself]), np.concatenate([found.col, itself])
    area, other = area[known[other] > 0], other[known[other] > 0]

    def around(values: np.ndarray) -> np.ndarray:
        return np.bincount(area, values, minlength=len(known))

    share, total, members = rate(need, known), around(known[other]), around(np.ones(other.size))
    common = rate(around(need[other]), total)
    spread = rate(around(known[other] * (share[other] - common[area]) ** 2), total)
    local = _shrunk(share, known, common, spread, rate(total, members))
    return np.where(members > 1, local, smoothed(need, known))


def smooth_shown(areas: _Table, indicators: Sequence[str]) -> _Table:
    """Return areas whose smoothed rates follow from the counts that they show, for who may not see some of them.

    The smoothed rate of an open area holds the counts of all others too: from it and the published sums a reader solves
    for a count that is withheld. Where one is, the shown areas are smoothed among themselves, and ``<indicator>_local``
    is left out.

    Needs columns: ``<indicator>_known``, ``_need``, missing where they are withheld; of use ``_smoothed``, ``_local``.
    Changes columns: ``<indicator>_smoothed``, ``_local``.
    """
    for indicator in indicators:
        counts = [f"{indicator}_need", f"{indicator}_known"]
        if f"{indicator}_smoothed" not in areas or not areas[counts].isna().any(axis=None):
            continue
        need, known = (areas[column].astype("Float64").fillna(0).to_numpy(float) for column in counts)
        areas = areas.assign(**{f"{indicator}_smoothed": smoothed(need, known)})
        areas = areas.drop(columns=f"{indicator}_local", errors="ignore")
    return areas


def _shrunk(
    share: np.ndarray,
    known: np.ndarray,
    common: float | np.ndarray,
    spread: float | np.ndarray,
    size: float | np.ndarray,
) -> np.ndarray:
    """Draw rates towards the common one; ``spread`` is their weighted variance, ``size`` the mean number known."""
    within = np.divide(common, known, out=np.full(len(known), np.inf), where=known > 0)
    between = np.maximum(spread - common / size, 0.0) + np.zeros(len(known))
    weight = np.divide(between, between + within, out=np.zeros(len(known)), where=between > 0)
    return np.asarray(common + weight * (share - common))
