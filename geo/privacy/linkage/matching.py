"""Released points held against houses: the nearest of a class, and the best match of all of them together."""

from itertools import pairwise

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.spatial import KDTree
from scipy.spatial.distance import cdist

NOBODY = -1
"""Where nobody is claimed."""

_APART_M = 1e8
"""Between the classes when a nearest neighbour is looked for in all of them at once."""

_MOST_PAIRS = 4_000_000
"""A class with more pairs than this is not matched as a whole."""


class Nearest:
    """Finds the nearest household with a point among those of one class, or of all of them in a desa."""

    def __init__(self, xy: np.ndarray, of: np.ndarray) -> None:
        self._rows = np.flatnonzero(~np.isnan(xy[:, 0]))
        self._names, number = np.unique(of[self._rows], return_inverse=True)
        self._middle = xy[self._rows].mean(axis=0) if self._rows.size else np.zeros(2)
        self._tree = KDTree(np.column_stack([xy[self._rows] - self._middle, number * _APART_M]))

    def find(self, xy: np.ndarray, of: np.ndarray) -> np.ndarray:
        """Return the place of the nearest in the register; -1 where there is none, or no point to start from."""
        found = np.full(len(xy), NOBODY)
        if not self._rows.size:
            return found
        number = np.searchsorted(self._names, of).clip(max=len(self._names) - 1)
        asked = np.flatnonzero((self._names[number] == of) & ~np.isnan(xy[:, 0]))
        where = np.column_stack([xy[asked] - self._middle, number[asked] * _APART_M])
        found[asked] = self._rows[self._tree.query(where)[1]] if asked.size else found[asked]
        return found

    def within(self, xy: np.ndarray, of: np.ndarray, radius: np.ndarray) -> np.ndarray:
        """Count those within a distance."""
        number = np.searchsorted(self._names, of).clip(max=len(self._names) - 1)
        where = np.column_stack([xy - self._middle, number * _APART_M])
        return np.asarray(self._tree.query_ball_point(where, radius, return_length=True))


def matched(xy: np.ndarray, of: np.ndarray, to: np.ndarray, to_of: np.ndarray) -> np.ndarray:
    """Give each point another one of its class, so that all ways together are shortest; -1 for none."""
    found = np.full(len(xy), NOBODY)
    there, mine = (np.flatnonzero(~np.isnan(each[:, 0])) for each in (to, xy))
    there, mine = there[np.argsort(to_of[there], kind="stable")], mine[np.argsort(of[mine], kind="stable")]
    for name, members in _runs(of[mine]):
        low, high = np.searchsorted(to_of[there], [name, name + 1])
        asked, able = mine[members], there[low:high]
        if 0 < len(asked) * len(able) <= _MOST_PAIRS:
            one, other = linear_sum_assignment(cdist(xy[asked], to[able], "sqeuclidean"))
            found[asked[one]] = able[other]
    return found


def _runs(values: np.ndarray) -> list[tuple[int, slice]]:
    """Return each value of a sorted array with where it stands."""
    names, start = np.unique(values, return_index=True)
    bounds = np.append(start, len(values)).tolist()
    return [(int(name), slice(low, high)) for name, (low, high) in zip(names, pairwise(bounds), strict=True)]
