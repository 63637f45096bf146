"""A choice under linear limits as an integer programme: its candidates, their classes, and the search by HiGHS."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Mask = NDArray[np.bool_]

_TIME_IS_UP = 1


class OutOfTime(Exception):
    """A search ended before it found a choice, or proved that there is none."""


@dataclass(frozen=True)
class Limit:
    """A linear limit: ``weights @ chosen <= most``, where chosen is 1 or 0; whole numbers stay exact."""

    weights: Floats
    most: float


@dataclass(frozen=True)
class Problem:
    """Candidates, the best first, and what bounds the choice among them.

    Attributes
    ----------
    score
        Of each candidate, never below nought, in falling order; candidates of one score stand in order of preference.
    desa
        Number of the desa of each candidate, from 0.
    limits
        All of them hold.
    least_a_desa
        A desa gives none, or at least so many.
    """

    score: Floats
    desa: Places
    limits: tuple[Limit, ...]
    least_a_desa: int = 1

    @cached_property
    def rows(self) -> Floats:
        """Weights of the limits: one row a limit, one column a candidate."""
        return np.array([limit.weights for limit in self.limits]).reshape(len(self.limits), len(self.score))

    @cached_property
    def most(self) -> Floats:
        """Right-hand sides of the limits."""
        return np.array([limit.most for limit in self.limits], dtype=float)

    def allows(self, chosen: Mask) -> bool:
        """Say whether a choice keeps within every limit."""
        counts = np.bincount(self.desa[chosen])
        return bool((self.rows[:, chosen].sum(axis=1) <= self.most + 1e-9 * (1 + np.abs(self.most))).all()) and not (
            (counts > 0) & (counts < self.least_a_desa)
        ).any()  # fmt: skip

    def only(self, places: Places) -> "Problem":
        """Return the problem of some of its candidates, which keep their order."""
        limits = tuple(Limit(limit.weights[places], limit.most) for limit in self.limits)
        return Problem(self.score[places], self.desa[places], limits, self.least_a_desa)


def classes_of(problem: Problem) -> tuple[Places, Places, Places]:
    """Return the class of each candidate, and of each class its first candidate and its size."""
    told = pd.DataFrame(problem.rows.T)
    if problem.least_a_desa > 1:
        told["desa"] = problem.desa
    if not told.columns.size:
        told["all"] = 0
    classes = np.asarray(told.groupby([*told], sort=False).ngroup(), dtype=np.intp)
    _, first, counts = np.unique(classes, return_index=True, return_counts=True)
    return classes, first.astype(np.intp), counts.astype(np.intp)


def first_of_each(classes: Places, amounts: Floats) -> Mask:
    """Return the choice that takes so many of each class, from its upper end."""
    place = pd.Series(classes).groupby(classes).cumcount().to_numpy()
    return np.asarray(place < amounts[classes], dtype=bool)


def best_of_class(problem: Problem) -> Mask:
    """Return the candidates that a choice can need: of each class as many of the best as the limits can take."""
    classes, _, _ = classes_of(problem)
    place = pd.Series(classes).groupby(classes).cumcount().to_numpy()
    room = np.full(len(problem.score), np.inf)
    for limit in problem.limits:
        if limit.weights.size and limit.weights.min() >= 0:
            with np.errstate(divide="ignore", invalid="ignore"):
                room = np.minimum(room, np.where(limit.weights > 0, limit.most / limit.weights, np.inf))
    return np.asarray(place < np.floor(room + 1e-9), dtype=bool)


def best_amounts(
    problem: Problem, gain: Floats, amounts: Bounds, seconds: float, extra: Sequence[LinearConstraint] = ()
) -> tuple[Floats, float] | None:
    """Maximise the gain over whole amounts; return them, and how far the gain may lie below the best.

    Nothing, when no amounts keep the limits.

    Raises
    ------
    OutOfTime
        When the time is up before that is known.
    """
    size, matrix, low, high = constraints_of(problem, amounts.ub)
    desa = matrix.shape[1] - size
    found = milp(
        -np.r_[gain, np.zeros(desa)],
        integrality=np.ones(size + desa),
        bounds=Bounds(np.r_[amounts.lb, np.zeros(desa)], np.r_[amounts.ub, np.ones(desa)]),
        constraints=[LinearConstraint(matrix, low, high), *extra],
        options={"mip_rel_gap": 0.0, "time_limit": max(seconds, 0.0)},
    )
    if found.x is None and found.status == _TIME_IS_UP:
        raise OutOfTime
    if found.x is None:
        return None
    short = 0.0 if found.status == 0 else max(0.0, float(found.fun - found.mip_dual_bound))
    return np.rint(found.x[:size]), short


def constraints_of(problem: Problem, counts: Floats) -> tuple[int, sparse.csr_array, Floats, Floats]:
    """Return how many columns are candidates (further ones say that a desa is in), the matrix, and its sides."""
    size, limits = problem.rows.shape[1], sparse.csr_array(problem.rows)
    free = np.full(len(problem.most), -np.inf)
    if problem.least_a_desa == 1:
        return size, limits, free, problem.most
    _, place = np.unique(problem.desa, return_inverse=True)
    desa = int(place.max(initial=-1)) + 1
    member = sparse.csr_array((np.ones(size), (np.arange(size), place)), shape=(size, desa))
    matrix = sparse.block_array(
        [
            [limits, sparse.csr_array((len(problem.most), desa))],
            [sparse.eye_array(size), -sparse.diags_array(counts) @ member],
            [member.T, -problem.least_a_desa * sparse.eye_array(desa)],
        ]
    ).tocsr()
    low = np.r_[free, np.full(size, -np.inf), np.zeros(desa)]
    high = np.r_[problem.most, np.zeros(size), np.full(desa, np.inf)]
    return size, matrix, low, high
