"""The best choice under limits, found exactly: an integer programme made small without losing its optimum."""

from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint

from geo.targeting.bounds import Core, multipliers_of, score_bounds
from geo.targeting.problem import (
    Mask,
    Places,
    Problem,
    best_amounts,
    best_of_class,
    classes_of,
    constraints_of,
    first_of_each,
)

SECONDS = 30.0
"""Longest search for one choice; beyond it the best that was found is returned, and said to be unproven."""

_OPEN, _LINKED = 500, (2_000, 6_000)
_HAIR, _TINY = 1e-7, 1e-30


@dataclass(frozen=True)
class Choice:
    """What was chosen (true or false a candidate), and how far its score may lie below the best: 0 = none is better."""

    chosen: Mask
    score: float
    short: float = 0.0


def best_choice(problem: Problem, *, seconds: float = SECONDS, ties: bool = True) -> Choice | None:
    """Choose so that the sum of the scores is as large as the limits allow; nothing when no choice keeps them all.

    Parameters
    ----------
    ties
        Where a candidate was passed over for a lower one of the same score, or one that adds nothing was left out: of
        all the choices with the best score take one with the most candidates, and of those the one with the upper
        candidates (least sum of their places). Otherwise any best choice stands, the same one each time.

    Notes
    -----
    Two reductions, neither of which loses the optimum. Candidates that no limit tells apart (and of one desa, where
    a minimum a desa holds) compete by score alone: of each such class only as many are looked at as the limits can
    take. And multipliers of the limits, from the linear programme of a part, leave one small problem a desa that is
    solved by sorting (Lagrangian bounds): when no choice with a candidate, or none without it, can reach a score
    already found, it is settled. What is left, the core (Balas and Zemel 1980), goes to HiGHS with a gap of 0.
    """
    least = some_choice(problem)
    if least is None or not least.any():
        return None if least is None else Choice(least, 0.0)
    # the tolerances of the search are absolute: weights of any size become scores of one size, by a power of two
    size = float(2.0 ** np.round(3.0 - np.log2(max(problem.score.max(), _TINY))))
    near = np.flatnonzero(best_of_class(problem))
    part = replace(problem.only(near), score=problem.score[near] * size)
    found, core = _solve(part, least[near], seconds)
    if ties and found.short == 0 and _has_ties(part, core, found.chosen):
        found = _preferred(part, core, found, near, seconds)
    chosen = np.zeros(len(problem.score), dtype=bool)
    chosen[near[found.chosen]] = True
    return Choice(chosen, float(problem.score[chosen].sum()), found.short / size)


def is_possible(problem: Problem) -> bool:
    """Say whether any choice keeps every limit."""
    return some_choice(problem) is not None


def some_choice(problem: Problem) -> Mask | None:
    """Return a choice that keeps every limit, as large as they allow; nothing when there is none."""
    classes, first, counts = classes_of(problem)
    if not first.size:
        nobody = np.zeros(0, dtype=bool)
        return nobody if problem.allows(nobody) else None
    amounts = Bounds(np.zeros(len(first)), counts.astype(float))
    found = best_amounts(problem.only(first), np.ones(len(first)), amounts, np.inf)
    return None if found is None else first_of_each(classes, found[0])


def _solve(problem: Problem, some: Mask, seconds: float) -> tuple[Choice, Core]:
    """Return the best choice, and the core in which every best one lies; at worst some choice that is known."""
    begin, size = perf_counter(), len(problem.score)
    whole = Core(np.arange(size), np.zeros(size, dtype=bool))
    bounds = score_bounds(problem, multipliers_of(problem, whole.places, linked=False))
    if problem.least_a_desa > 1:
        for room in _LINKED:  # the second time those are near that the minimum a desa makes so
            near = bounds.nearest(room)
            bounds = score_bounds(problem, multipliers_of(problem, near.places, linked=True))
    found = Choice(some, float(problem.score[some].sum()))
    needed = bounds.within(found.score - _HAIR)
    for room in (_OPEN, 4 * _OPEN, size):  # a good choice from a small core makes the next one small
        core = needed if len(needed.open) <= room else bounds.nearest(room)
        known = replace(found, short=max(bounds.total - found.score, 0.0))
        found = _better(known, _search(problem, core, max(seconds - (perf_counter() - begin), 0.0)))
        needed = bounds.within(found.score - _HAIR)
        if np.isin(needed.open, core.open).all():
            break
    return found, needed


def _better(known: Choice, found: Choice | None) -> Choice:
    """Return the better choice; the search that found the second has looked at all that may pass the first."""
    if found is None:
        return known
    best = min(found.score + found.short, known.score + known.short)  # neither bound is passed by any choice
    better = found if found.score >= known.score else known
    return replace(better, short=max(best - better.score, 0.0) if found.short else 0.0)


def _search(problem: Problem, core: Core, seconds: float) -> Choice | None:
    """Return the best choice among the candidates of a core, with those that are sure."""
    part = problem.only(core.places)
    columns = column = np.arange(len(core.places), dtype=np.intp)
    if part.least_a_desa == 1:  # candidates alike in all that counts are one column
        alike = pd.DataFrame({"class": classes_of(part)[0], "score": part.score, "sure": core.sure})
        column = np.asarray(alike.groupby([*alike], sort=False).ngroup(), dtype=np.intp)
        columns = np.unique(column, return_index=True)[1].astype(np.intp)
    most = np.bincount(column).astype(float)
    least = np.where(core.sure[columns], most, 0.0)
    found = best_amounts(part.only(columns), part.score[columns], Bounds(least, most), seconds)
    if found is None:
        return None
    amount, short = found
    taken = first_of_each(column, amount)
    kinds = classes_of(part)[0]
    taken = first_of_each(kinds, np.bincount(kinds[taken], minlength=len(kinds)).astype(float))
    chosen = np.zeros(len(problem.score), dtype=bool)
    chosen[core.places[taken]] = True
    return Choice(chosen, float(problem.score[chosen].sum()), short)


def _has_ties(problem: Problem, core: Core, chosen: Mask) -> bool:
    """Say whether a preferred candidate of the same score, or one that adds nothing, was left out."""
    score, inside = np.round(problem.score[core.places], 9), chosen[core.places]
    place = np.arange(len(score))
    last = pd.Series(np.where(inside, place, -1)).groupby(score).transform("max").to_numpy()
    return bool((~inside & ((place < last) | (score == 0))).any())


def _preferred(problem: Problem, core: Core, found: Choice, order: Places, seconds: float) -> Choice:
    """Return the choice of the same score with the most candidates, and of those the upper ones."""
    part = problem.only(core.places)
    size = len(core.places)
    place = order[core.places] + 1.0
    worth = place.max() * size - place  # one candidate more outweighs any places
    scale = 1_000.0
    columns = constraints_of(part, np.ones(size))[1].shape[1]
    row = np.r_[part.score * scale, np.zeros(columns - size)]
    same = LinearConstraint(row[None, :], (found.score - 1e-9) * scale, np.inf)
    again = best_amounts(part, worth, Bounds(core.sure.astype(float), np.ones(size)), seconds, [same])
    if again is None:
        return found
    chosen = np.zeros(len(problem.score), dtype=bool)
    chosen[core.places[again[0] > 0]] = True
    score = float(problem.score[chosen].sum())
    is_same = score >= found.score - 1e-9 * (1 + found.score) and problem.allows(chosen)
    return replace(found, chosen=chosen, score=score) if is_same else found
