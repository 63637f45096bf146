"""Groups of households that are told alike, each of enough of them."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from geo.privacy.strata import Stratum
from geo.suppression import SMALLEST, tells


@dataclass(frozen=True)
class Groups:
    """Who is in which group, and what is told of it.

    Attributes
    ----------
    of
        The group of each household.
    told
        By group the answers of its members; of a pool those of one of them, which are not told.
    pool, placed
        Whether its needs are withheld; whether it has a place.
    """

    of: np.ndarray
    told: np.ndarray
    pool: np.ndarray
    placed: np.ndarray


def group_desa(stratum: Stratum, least: int) -> Groups:
    """Cut the households of a desa into groups of at least ``least``, those with a place apart from those without."""
    of = np.full(len(stratum.rows), -1)
    pool: list[bool] = []
    placed: list[bool] = []
    for side in (True, False):
        mine = np.flatnonzero(stratum.kept == side)
        if not mine.size:
            continue
        for members, withheld in _classes(stratum, mine, least):
            many = len(members) // least if side else 1
            ordered = members[_along_curve(stratum.xy[members])] if side else members
            of[ordered] = len(pool) + np.arange(len(members)) * many // len(members)
            pool += [withheld] * many
            placed += [side] * many
    first = np.zeros(len(pool), dtype=np.intp)
    first[of[::-1]] = np.arange(len(of))[::-1]
    return Groups(of, stratum.told[first], np.array(pool, dtype=bool), np.array(placed, dtype=bool))


def _classes(stratum: Stratum, mine: np.ndarray, least: int) -> list[tuple[np.ndarray, bool]]:
    """Return the members of each class that is told, and those of the pool."""
    _, first, of, many = np.unique(
        stratum.told[mine], axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    of = of.reshape(-1)
    pooled = _pool(many, stratum.counted[mine][first], least)
    # who of a class goes to the pool is drawn by lot
    rank = np.zeros(len(mine), dtype=np.intp)
    order = np.lexsort([stratum.random.random(len(mine)), of])
    rank[order] = np.arange(len(mine)) - np.repeat(np.cumsum(many) - many, many)
    goes = rank < pooled[of]
    found = [(mine[(of == each) & ~goes], False) for each in np.flatnonzero(many > pooled)]
    return [*found, (mine[goes], True)] if goes.any() else found


def _pool(many: np.ndarray, counted: np.ndarray, least: int) -> np.ndarray:
    """Return how many of each class are in the pool: all of a small one, and of others as many as it takes.

    Parameters
    ----------
    many
        Households by class.
    counted
        By class, see :class:`geo.privacy.answers.Answers`: alike for all of a class.
    """
    pooled = np.where(many < least, many, 0)
    while pooled.any():
        sums, others = pooled @ counted, (many - pooled) @ counted
        missing = np.where(tells(sums, everybody=False), SMALLEST - sums, 0)
        missing[0] = max(least - int(pooled.sum()), 0)
        missing[others == 0] = 0
        wanted = np.flatnonzero(missing)
        if not wanted.size:
            break
        # what is scarce first: it often brings the others along
        column = wanted[-1]
        open_ones = np.flatnonzero(counted[:, column] & (pooled < many))
        smallest = open_ones[np.argmin((many - pooled)[open_ones])]
        taken = pooled[smallest] + missing[column]
        pooled[smallest] = taken if many[smallest] - taken >= least else many[smallest]
    return pooled


def _along_curve(xy: np.ndarray) -> np.ndarray:
    """Return the order of points along a Hilbert curve over the square around them."""
    low = xy.min(axis=0)
    side = float((xy.max(axis=0) - low).max()) or 1.0
    place = gpd.GeoSeries(gpd.points_from_xy(*xy.T)).hilbert_distance((*low, *(low + side)), level=16)
    return np.lexsort([xy[:, 1], xy[:, 0], place.to_numpy()])
