"""The best choice under limits, found exactly: an integer programme made small without losing its optimum."""

from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint

from geo.targeting.bounds import Core, multipliers_of, score_bounds
from geo.targeting.problem import (
    Limit,
    Mask,
    OutOfTime,
    Places,
    Problem,
    best_amounts,
    best_of_class,
    classes_of,
    constraints_of,
    first_of_each,
)

SECONDS = 30.0
"""Longest search; beyond it the best that was found is returned, and said to be unproven."""

_OPEN, _LINKED = 500, (2_000, 6_000)
_CELLS = 5_000_000
_FOR_LARGEST, _FOR_START, _FOR_WORTH = 0.2, 0.2, 0.3
"""Longest parts of the time for what comes before the search."""
_HAIR, _TINY = 1e-7, 1e-30


@dataclass(frozen=True)
class Choice:
    """What was chosen (true or false a candidate), and how far its score may lie below the best: 0 = none is better."""

    chosen: Mask
    score: float
    short: float = 0.0


def choice_by_rank(problem: Problem) -> Mask:
    """Walk down the candidates and take each that the limits still allow; who does not fit is passed by.

    Every limit must be a ceiling: its weights never below nought. Of all the choices it is the one in which the upper
    candidates come first, whatever that costs the lower ones: nobody in it could make room for somebody above.

    Examples
    --------
    >>> from geo.targeting.problem import Limit
    >>> dear = Problem(np.array([3.0, 2.0, 1.0]), np.zeros(3, dtype=np.intp), (Limit(np.array([4.0, 2.0, 1.0]), 5.0),))
    >>> choice_by_rank(dear).tolist()
    [True, False, True]
    """
    chosen = np.zeros(len(problem.score), dtype=bool)
    left = problem.most * (1 + 1e-12) + 1e-9
    waiting = np.arange(len(chosen))
    while waiting.size:  # each round is ended by a candidate that is too dear from then on, so there are few
        waiting = waiting[(problem.rows[:, waiting] <= left[:, None]).all(axis=0)]
        used = problem.rows[:, waiting].cumsum(axis=1)
        taken = int((used <= left[:, None]).all(axis=0).sum())
        chosen[waiting[:taken]] = True
        if taken:
            left = left - used[:, taken - 1]
        waiting = waiting[taken:]
    return chosen


def best_choice(
    problem: Problem, *, seconds: float = SECONDS, ties: bool = True, known: Mask | None = None
) -> Choice | None:
    """Choose so that the sum of the scores is as large as the limits allow; nothing when no choice keeps them all.

    Parameters
    ----------
    seconds
        Longest search for all of it.
    ties
        Where a candidate was passed over for a lower one of the same score, or one that adds nothing was left out: of
        all the choices with the best score take one with the most candidates, and of those the one with the upper
        candidates (least sum of their places). Otherwise any best choice stands, the same one each time.
    known
        A choice that keeps the limits, from which the search begins; the result is never worse.

    Raises
    ------
    OutOfTime
        When the time is up before any choice is found.

    Notes
    -----
    Two reductions, neither of which loses the optimum. Candidates that no limit tells apart (and of one desa, where
    a minimum a desa holds) compete by score alone: of each such class only as many are looked at as the limits can
    take. And multipliers of the limits, from the linear programme of a part, leave one small problem a desa that is
    solved by sorting (Lagrangian bounds): when no choice with a candidate, or none without it, can reach a score
    already found, it is settled. What is left, the core (Balas and Zemel 1980), goes to HiGHS with a gap of 0.
    """
    end = perf_counter() + seconds
    least = some_choice(problem, seconds) if known is None else known
    if least is None or not least.any():
        return None if least is None else Choice(least, 0.0)
    if problem.least_a_desa > 1:
        least = _within_same_desa(problem, least, seconds * _FOR_START)
    # the tolerances of the search are absolute: weights of any size become scores of one size, by a power of two
    size = float(2.0 ** np.round(3.0 - np.log2(max(problem.score.max(), _TINY))))
    near = np.flatnonzero(best_of_class(problem) | least)
    part = replace(problem.only(near), score=problem.score[near] * size)
    found, core = _solve(part, least[near], end)
    if ties and found.short == 0 and _has_ties(part, core, found.chosen):
        found = _preferred(part, core, found, near, end - perf_counter())
    chosen = np.zeros(len(problem.score), dtype=bool)
    chosen[near[found.chosen]] = True
    return Choice(chosen, float(problem.score[chosen].sum()), found.short / size)


def is_possible(problem: Problem, seconds: float = SECONDS) -> bool:
    """Say whether any choice keeps every limit, as far as that can be told in the time: false is proven."""
    try:
        return some_choice(problem, seconds) is not None
    except OutOfTime:
        return True


def some_choice(problem: Problem, seconds: float = SECONDS) -> Mask | None:
    """Return a choice that keeps every limit, as large as the time allows; nothing when there is none.

    Raises
    ------
    OutOfTime
        When the time is up before that is known.
    """
    classes, first, counts = classes_of(problem)
    if not first.size:
        nobody = np.zeros(0, dtype=bool)
        return nobody if problem.allows(nobody) else None
    amounts = Bounds(np.zeros(len(first)), counts.astype(float))
    part, gain = problem.only(first), np.ones(len(first))
    try:
        found = best_amounts(part, gain, amounts, seconds * _FOR_LARGEST)
    except OutOfTime:  # any choice at all is easier to find than a large one
        found = best_amounts(part, 0 * gain, amounts, seconds * (1 - _FOR_LARGEST))
    return None if found is None else first_of_each(classes, found[0])


def _within_same_desa(problem: Problem, some: Mask, seconds: float) -> Mask:
    """Return the best choice that opens the same desa, a far easier search than the one for the desa."""
    opened = np.unique(problem.desa[some])
    inside = np.flatnonzero(np.isin(problem.desa, opened))
    if len(inside) * len(opened) > _CELLS:
        return some
    part, least = problem.only(inside), float(problem.least_a_desa)
    floors = [Limit(-(part.desa == desa).astype(float), -least) for desa in opened]
    easy = replace(part, limits=(*part.limits, *floors), least_a_desa=1)
    found = best_choice(easy, seconds=seconds, ties=False, known=some[inside])
    better = some.copy()
    better[inside] = some[inside] if found is None else found.chosen
    return better


def _solve(problem: Problem, some: Mask, end: float) -> tuple[Choice, Core]:
    """Return the best choice, and the core in which every best one lies; at worst some choice that is known."""
    size = len(problem.score)
    whole = Core(np.arange(size), np.zeros(size, dtype=bool))
    worth = multipliers_of(problem, whole.places, linked=False, seconds=end - perf_counter())
    bounds = score_bounds(problem, worth)
    if problem.least_a_desa > 1:
        for room in _LINKED:  # the second time those are near that the minimum a desa makes so
            near = bounds.nearest(room)
            worth = multipliers_of(
                problem, near.places, linked=True, seconds=(end - perf_counter()) * _FOR_WORTH
            )
            bounds = score_bounds(problem, worth) if worth.any() else bounds
    found = Choice(some, float(problem.score[some].sum()))
    needed = bounds.within(found.score - _HAIR)
    for room in (_OPEN, 4 * _OPEN, size):  # a good choice from a small core makes the next one small
        core = needed if len(needed.open) <= room else bounds.nearest(room)
        known = replace(found, short=max(bounds.total - found.score, 0.0))
        found = _better(known, _search(problem, core, end - perf_counter()))
        needed = bounds.within(found.score - _HAIR)
        if np.isin(needed.open, core.open).all():
            break
        if perf_counter() >= end:
            found = replace(found, short=max(bounds.total - found.score, 0.0))
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
    try:
        found = best_amounts(part.only(columns), part.score[columns], Bounds(least, most), seconds)
    except OutOfTime:
        return None
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
    try:
        again = best_amounts(part, worth, Bounds(core.sure.astype(float), np.ones(size)), seconds, [same])
    except OutOfTime:
        return found
    if again is None:
        return found
    chosen = np.zeros(len(problem.score), dtype=bool)
    chosen[core.places[again[0] > 0]] = True
    score = float(problem.score[chosen].sum())
    is_same = score >= found.score - 1e-9 * (1 + found.score) and problem.allows(chosen)
    return replace(found, chosen=chosen, score=score) if is_same else found
