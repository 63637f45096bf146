"""The exact choice: equal to trying everything, never worse than greedy, and the same for any order of search."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.targeting import exact
from geo.targeting.bounds import score_bounds
from geo.targeting.exact import best_choice, choice_by_rank, is_possible, some_choice
from geo.targeting.problem import Limit, OutOfTime, Problem


def by_trying_everything(problem: Problem) -> tuple[float, int, int] | None:
    """Return the best score, then the most candidates, then the least sum of places."""
    found = None
    for bits in product((False, True), repeat=len(problem.score)):
        chosen = np.array(bits, dtype=bool)
        if problem.allows(chosen):
            key = (
                round(problem.score[chosen].sum(), 6),
                int(chosen.sum()),
                -int(np.flatnonzero(chosen).sum()),
            )
            found = key if found is None else max(found, key)
    return found


def greedy(problem: Problem) -> float:
    """Return the score of taking the best that still fits, one after the other, with whole desa where need be."""
    chosen = np.zeros(len(problem.score), dtype=bool)
    for place in range(len(chosen)):
        same = np.flatnonzero(problem.desa == problem.desa[place])
        opened = chosen[same].any()
        more = [place] if opened else same[: problem.least_a_desa]
        trial = chosen.copy()
        trial[more] = True
        if problem.allows(trial):
            chosen = trial
    return float(problem.score[chosen].sum())


def random_problem(random: np.random.Generator, size: int, *, quotas: bool, distinct: int = 0) -> Problem:
    score = random.integers(0, distinct, size) / 2 if distinct else random.random(size) * 5
    score = np.sort(score)[::-1]
    desa = random.integers(0, max(size // 4, 1), size)
    cost = random.choice([1.0, 4.0, 5.0], size)
    least = int(random.integers(1, 4))
    room = int(random.integers(1, max(size // 2, 2)))
    limits = [Limit(np.ones(size), room), Limit(cost, float(random.integers(4, 4 * room + 5)))]
    if quotas:
        zone, group = random.random(size) < 0.3, desa % 3 == 0
        limits += [Limit(-zone.astype(float), -float(random.integers(0, 3))),
                   Limit(10.0 * group - float(random.integers(3, 9)), 0.0)]  # fmt: skip
    return Problem(score, desa, tuple(limits), least)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    size=st.integers(1, 10),
    quotas=st.booleans(),
    distinct=st.sampled_from([0, 3]),
)
def test_the_choice_equals_trying_everything(seed: int, size: int, quotas: bool, distinct: int):
    problem = random_problem(np.random.default_rng(seed), size, quotas=quotas, distinct=distinct)
    best, found = by_trying_everything(problem), best_choice(problem)
    assert is_possible(problem) == (best is not None)
    if best is None:
        assert found is None
        return
    assert found is not None
    assert problem.allows(found.chosen)
    assert round(found.score, 6) == best[0]
    again = best_choice(problem)
    assert again is not None
    assert again.chosen.tolist() == found.chosen.tolist()
    assert found.short == 0


@pytest.mark.parametrize("distinct", [0, 6])
def test_the_small_core_loses_nothing(monkeypatch: pytest.MonkeyPatch, distinct: int):
    problems = [
        random_problem(np.random.default_rng(seed), 60, quotas=bool(seed % 2), distinct=distinct)
        for seed in range(30)
    ]
    whole = [best_choice(problem) for problem in problems]
    monkeypatch.setattr(exact, "_OPEN", 5)
    monkeypatch.setattr(exact, "_LINKED", (8, 12))
    for problem, one in zip(problems, whole, strict=True):
        other = best_choice(problem)
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert other.score == pytest.approx(one.score, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    score=st.lists(st.sampled_from([0.0, 1.0, 1.5, 2.0]), min_size=1, max_size=12),
    number=st.integers(0, 8),
    budget=st.integers(0, 30),
    seed=st.integers(0, 2**32 - 1),
)
def test_by_rank_each_that_still_fits_is_taken_and_the_best_choice_is_never_worse(
    score: list[float], number: int, budget: int, seed: int
):
    size = len(score)
    cost = np.random.default_rng(seed).choice([0.0, 1.0, 3.0, 7.0], size)
    means = (Limit(np.ones(size), number), Limit(cost, budget))
    problem = Problem(np.array(sorted(score, reverse=True)), np.zeros(size, dtype=np.intp), means)
    expected, left, places = [], float(budget), number
    for price in cost:
        expected.append(bool(price <= left and places > 0))
        left, places = left - price * expected[-1], places - expected[-1]
    found = choice_by_rank(problem)
    assert found.tolist() == expected
    for seconds in (30.0, 0.0):
        best = best_choice(problem, known=found, seconds=seconds)
        assert best is not None
        assert problem.allows(best.chosen)
        assert best.score >= problem.score[found].sum() - 1e-9


@pytest.mark.parametrize("unit", [1.0, 0.1, 1e7])
def test_by_rank_keeps_exactly_within_a_budget_that_is_used_up(unit: float):
    size = 10_000
    problem = Problem(
        np.arange(size, 0.0, -1), np.zeros(size, dtype=np.intp), (Limit(np.full(size, unit), 7_000 * unit),)
    )
    assert choice_by_rank(problem).sum() == 7_000


def test_what_is_not_found_in_time_is_not_called_impossible():
    random = np.random.default_rng(1)
    size = 20_000
    desa = random.integers(0, 300, size)
    limits = [Limit(np.ones(size), 3_000.0)]
    limits += [
        Limit(-(random.random(size) < 0.3).astype(float), -float(least)) for least in (700, 800, 850, 880)
    ]
    problem = Problem(np.sort(random.random(size))[::-1], desa, tuple(limits), 40)
    assert is_possible(problem, 0.0)
    with pytest.raises(OutOfTime):
        best_choice(problem, seconds=0.0)


def test_the_choice_is_never_worse_than_greedy():
    better = 0
    for seed in range(50):
        problem = random_problem(np.random.default_rng(1000 + seed), 200, quotas=False)
        found = best_choice(problem)
        assert found is not None
        assert found.score >= greedy(problem) - 1e-9
        better += found.score > greedy(problem) + 1e-9
    assert better > 10


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_bounds_hold_for_any_multipliers(seed: int):
    random = np.random.default_rng(seed)
    problem = random_problem(random, 8, quotas=True)
    bounds = score_bounds(problem, random.random(len(problem.limits)) * 3)
    for bits in product((False, True), repeat=8):
        chosen = np.array(bits, dtype=bool)
        if problem.allows(chosen):
            total = problem.score[chosen].sum() - 1e-9
            assert (bounds.inside[chosen] >= total).all()
            assert (bounds.outside[~chosen] >= total).all()


def test_ties_go_to_the_upper_ones_and_to_more_of_them():
    alike = Problem(np.full(6, 2.0), np.arange(6), (Limit(np.ones(6), 3.0),))
    found = best_choice(alike)
    assert found is not None
    assert np.flatnonzero(found.chosen).tolist() == [0, 1, 2]
    nothing = Problem(np.array([1.0, 0.0, 0.0]), np.zeros(3, dtype=np.intp), (Limit(np.ones(3), 2.0),))
    found = best_choice(nothing)
    assert found is not None
    assert np.flatnonzero(found.chosen).tolist() == [0, 1]


@pytest.mark.parametrize("seed", range(5))
def test_a_search_that_runs_out_of_time_still_keeps_the_limits_and_says_how_far_off_it_may_be(seed: int):
    problem = random_problem(np.random.default_rng(seed), 400, quotas=False)
    found = best_choice(problem, seconds=0.0, known=some_choice(problem))
    best = best_choice(problem)
    assert found is not None
    assert best is not None
    assert problem.allows(found.chosen)
    assert found.short > 0
    assert found.score <= best.score + 1e-9 <= found.score + found.short + 2e-9


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_the_size_of_the_weights_does_not_matter(unit: float):
    problem = random_problem(np.random.default_rng(8), 100, quotas=True)
    found, other = best_choice(problem), best_choice(replace(problem, score=problem.score * unit))
    assert found is not None
    assert other is not None
    assert found.chosen.tolist() == other.chosen.tolist()
