"""What an area has besides the groups that lie wholly inside it: nobody or many, or a group loses its place."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy import sparse

from geo.suppression import HOUSEHOLDS, tells

PARTS = 3
"""Of each need: in need, not in need, unknown."""

_FEW = 8
"""Of so many areas every union is tried, 255 at most; no layer has more zones."""


class Left(NamedTuple):
    """What is left of areas and of unions of areas (rows) when all units inside are taken away.

    ``taken`` has 1 where a unit (column) lies wholly inside; ``counts`` are those of :func:`parts_of`, nan where they
    are not known or no group takes anything away.
    """

    taken: sparse.csr_array
    counts: np.ndarray


class Units:
    """What can be taken away from an area: groups with a position, and of each desa what it has besides its groups.

    Parameters
    ----------
    households
        The register.
    desa
        As everybody sees them: what is withheld of a desa is told of none of its groups.
    group
        By household its group, -1 without a position.
    withheld
        By household whether the needs of its group are.
    """

    def __init__(
        self,
        households: pd.DataFrame,
        desa: pd.DataFrame,
        needs: Sequence[str],
        group: np.ndarray,
        withheld: np.ndarray,
    ) -> None:
        place = pd.Index(desa["kode_desa"]).get_indexer(households["kode_desa"])
        shown = [
            ~desa[f"{name}_suppressed"].to_numpy(bool)
            if f"{name}_suppressed" in desa
            else np.zeros(len(desa), dtype=bool)
            for name in (HOUSEHOLDS, *needs)
        ]
        by_part = np.column_stack([shown[0], np.repeat(np.column_stack(shown)[:, 1:], PARTS, axis=1)])
        told = parts_of(households, needs) & by_part[place] & (place >= 0)[:, None]
        self.groups = int(group.max(initial=-1)) + 1
        self.sums = np.zeros((self.groups + len(desa), told.shape[1]))
        inside, in_group = np.flatnonzero(place >= 0), np.flatnonzero(group >= 0)
        np.add.at(self.sums, self.groups + place[inside], told[inside])
        told[withheld, 1:] = False
        np.add.at(self.sums, group[in_group], told[in_group])
        np.subtract.at(self.sums, self.groups + place[in_group], told[in_group])
        # a desa is taken away as a whole where all of it lies inside
        self._household = np.concatenate([in_group, inside])
        self._of = np.concatenate([group[in_group], self.groups + place[inside]])

    def left_over(self, at: np.ndarray, totals: np.ndarray) -> Left:
        """Take from each area, and from areas together, all that is wholly inside.

        Of as few areas as a layer has zones every union is tried; of many those that one unit lies in together.

        Parameters
        ----------
        at
            By household its area, -1 for none.
        totals
            By area its counts; one of nan is not known.
        """
        areas = len(totals)
        pairs = np.unique(np.column_stack([self._of, np.where(at < 0, areas, at)[self._household]]), axis=0)
        touch = sparse.csr_array(
            (np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(self.sums), areas + 1)
        )
        apart = (touch[:, [areas]].toarray()[:, 0] > 0) | (touch.sum(axis=1) == 0)
        touch = touch[:, :areas]
        if areas <= _FEW:
            sets = _unions(areas)
        else:
            sets = sparse.vstack([sparse.eye_array(areas), touch[~apart & (touch.sum(axis=1) > 1)]]).tocsr()
            sets = sets[_first_of_each(sets)]
        inside = (sets @ touch.T).tocoo()
        wholly = (inside.data == touch.sum(axis=1)[inside.col]) & ~apart[inside.col]
        taken = sparse.csr_array(
            (np.ones(wholly.sum()), (inside.row[wholly], inside.col[wholly])), shape=inside.shape
        )
        counts = sets @ np.nan_to_num(totals) - taken @ self.sums
        counts[sets @ np.isnan(totals).astype(float) > 0] = np.nan
        # what desa alone leave over, everybody's edition tells
        counts[taken[:, : self.groups] @ self.sums[: self.groups] <= 0] = np.nan
        return Left(taken, counts)


def parts_of(households: pd.DataFrame, needs: Sequence[str]) -> np.ndarray:
    """Return of each household what is counted of it: itself, and of each need in need, not in need, unknown.

    Examples
    --------
    >>> parts_of(pd.DataFrame({"need_rtlh": [True, None]}), ["rtlh"]).astype(int).tolist()
    [[1, 1, 0, 0], [1, 0, 0, 1]]
    """
    found = [np.ones(len(households), dtype=bool)]
    for need in needs:
        answer = households[f"need_{need}"].astype("boolean")
        found += [each.fillna(value=False).to_numpy(bool) for each in (answer, ~answer, answer.isna())]
    return np.column_stack(found)


def published(areas: pd.DataFrame, needs: Sequence[str]) -> np.ndarray:
    """Return the same of areas, as they are published (``households``, ``<indicator>_known`` ...): nan where not."""
    found = [areas[HOUSEHOLDS].to_numpy(float, na_value=np.nan)]
    for need in needs:
        if f"{need}_known" in areas:
            known, yes, unknown = (
                areas[f"{need}_{part}"].to_numpy(float, na_value=np.nan)
                for part in ("known", "need", "unknown")
            )
            found += [yes, known - yes, unknown]
        else:
            found += [np.full(len(areas), np.nan)] * PARTS
    return np.column_stack(found)


def groups_to_displace(
    households: gpd.GeoDataFrame,
    desa: gpd.GeoDataFrame,
    zones: pd.DataFrame,
    needs: Sequence[str],
    group: np.ndarray,
    withheld: np.ndarray,
) -> np.ndarray:
    """Return groups that may have no position, because with it what a zone has besides them would tell of few.

    Parameters
    ----------
    households, desa, zones, needs
        See :func:`geo.privacy.masking.mask_households`.
    group, withheld
        See :class:`Units`.

    Notes
    -----
    Where somebody can tell of a group that it lies wholly in a zone, he takes it away from the figures of the zone.
    It is taken for granted that he can of every group of which it is true: whoever can of fewer is left with whole
    groups more, of which each is of enough alike. A group without a position goes with the others of its desa.
    """
    gone = np.zeros(int(group.max(initial=-1)) + 1, dtype=bool)
    if not gone.size:
        return np.zeros(0, dtype=np.intp)
    layers = []
    for layer, areas in zones.groupby("layer", sort=True):
        if f"zone_{layer}" in households:
            words = pd.Index(areas["zone"].astype("str"))
            at = words.get_indexer(households[f"zone_{layer}"].astype("str"))
            layers.append((at, published(areas, needs)))
    waiting = [*layers]
    while waiting:
        at, totals = waiting[-1]
        placed = np.where((group >= 0) & ~gone[group], group, -1)
        units = Units(households, desa, needs, placed, withheld)
        found = _one_of_each(units, units.left_over(at, totals))
        gone[found] = True
        # what one layer asks for can disturb another
        waiting = [*layers] if found.size else waiting[:-1]
    return np.flatnonzero(gone)


def _one_of_each(units: Units, left: Left) -> np.ndarray:
    """Return for each remainder of few the smallest group inside that makes it one of many."""
    found: list[int] = []
    for area, column in np.argwhere(tells(left.counts, everybody=False)).tolist():
        inside = left.taken[[area]].indices
        inside = inside[(inside < units.groups) & (units.sums[inside, column] > 0)]
        if inside.size and not {*inside.tolist()} & {*found}:
            found.append(int(inside[np.argmin(units.sums[inside, 0])]))
    return np.array(found, dtype=np.intp)


def _unions(areas: int) -> sparse.csr_array:
    """Return every union of so many areas, each area alone first."""
    members = (np.arange(1, 2**areas)[:, None] >> np.arange(areas)) & 1
    return sparse.csr_array(members[np.argsort(members.sum(axis=1), kind="stable")].astype(float))


def _first_of_each(sets: sparse.csr_array) -> np.ndarray:
    """Return the first row of each that are alike."""
    areas = sets.sorted_indices().indices
    names = [areas[start:end].tobytes() for start, end in pairwise(sets.indptr.tolist())]
    return np.flatnonzero(~pd.Series(names, dtype=object).duplicated().to_numpy())
