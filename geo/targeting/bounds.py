"""What a best choice can still hold: bounds on the score with and without each candidate."""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from geo.targeting.problem import Floats, Mask, Places, Problem, best_of_class, constraints_of


@dataclass(frozen=True)
class Core:
    """The candidates that are still open, and those that are sure to be in; all others are out."""

    places: Places
    sure: Mask

    @property
    def open(self) -> Places:
        """Candidates that are neither sure nor out."""
        return self.places[~self.sure]


@dataclass(frozen=True)
class ScoreBounds:
    """Scores that no choice with a candidate (``inside``), and none without it (``outside``), can pass."""

    inside: Floats
    outside: Floats
    total: float

    def within(self, score: float) -> Core:
        """Return the core of the choices that may reach a score."""
        return self._core((self.inside >= score) & (self.outside >= score))

    def nearest(self, room: int) -> Core:
        """Return a core of so many candidates, those about which the bounds say least."""
        is_open = np.zeros(len(self.inside), dtype=bool)
        is_open[np.argsort(-np.minimum(self.inside, self.outside), kind="stable")[:room]] = True
        return self._core(is_open)

    def _core(self, is_open: Mask) -> Core:
        sure = ~is_open & (self.outside < self.inside)
        places = np.flatnonzero(is_open | sure)
        return Core(places, sure[places])


def multipliers_of(problem: Problem, core: Places, *, linked: bool, seconds: float = np.inf) -> Floats:
    """Return what one unit of each limit is worth, by the linear programme of some of the candidates.

    Nought each, when the time is up before that is found: the bounds from them are true, but wide.
    """
    part = problem.only(core)
    if not linked:  # without the minimum a desa far fewer are needed
        part = replace(part, least_a_desa=1)
        part = part.only(np.flatnonzero(best_of_class(part)))
    size, matrix, low, high = constraints_of(part, np.ones(len(part.score)))
    upper, lower = np.isfinite(high), np.isfinite(low)
    found = linprog(
        -np.r_[part.score, np.zeros(matrix.shape[1] - size)],
        A_ub=sparse.vstack([matrix[upper], -matrix[lower]]),
        b_ub=np.r_[high[upper], -low[lower]],
        bounds=(0, 1),
        method="highs",
        options={"time_limit": max(seconds, 0.0)},
    )
    if found.status != 0:
        return np.zeros(len(problem.most))
    return np.asarray(np.maximum(-found.ineqlin.marginals[: len(problem.most)], 0.0))


def score_bounds(problem: Problem, multipliers: Floats) -> ScoreBounds:
    """Return scores that no choice with, or without, a candidate can pass; any multipliers give true bounds."""
    least = problem.least_a_desa
    value = problem.score - multipliers @ problem.rows
    order = np.lexsort((-value, problem.desa))
    v, desa = value[order], problem.desa[order]
    starts = np.flatnonzero(np.r_[True, desa[1:] != desa[:-1]])
    sizes = np.diff(np.r_[starts, len(v)])
    group = np.repeat(np.arange(len(starts)), sizes)
    place = np.arange(len(v)) - starts[group]
    taken = (v > 0) | (place < least)
    best = np.add.reduceat(np.where(taken, v, 0.0), starts)
    best[sizes < least] = -np.inf
    gain = np.maximum(best, 0.0)
    total = float(multipliers @ problem.most) + float(gain.sum())
    full = np.add.reduceat((v > 0).astype(int), starts)
    # whom a candidate replaces that is forced into a desa with just enough, and who replaces it when it is kept out
    replaced = np.where(full >= least, 0.0, v[np.minimum(starts + least - 1, len(v) - 1)])
    nobody = np.where(full > least, 0.0, -np.inf)
    successor = np.where((full <= least) & (sizes > least), v[np.minimum(starts + least, len(v) - 1)], nobody)
    forced = best[group] + np.where(taken, 0.0, v - replaced[group])
    kept_out = np.where(taken, np.maximum(best[group] - v + successor[group], 0.0), gain[group])
    inside, outside = np.empty(len(v)), np.empty(len(v))
    inside[order] = total - gain[group] + forced
    outside[order] = np.where(best[group] > 0, total - gain[group] + kept_out, total)
    return ScoreBounds(inside, outside, total)
