"""The search behind a plan: short ways, whole desa, and time that is left over put to use."""

from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from geo.visits.filling import fill
from geo.visits.longer_search import longest_search
from geo.visits.parts import parts_of, walks
from geo.visits.search import find_routes
from geo.visits.solver import in_order, share_out
from geo.visits.task import Route, Task, length, shortest_day, times, total


def invented(seed: int, count: int, desa: int, *, teams: int = 2, days: int = 5, own: float = 0.8) -> Task:
    random = np.random.default_rng(seed)
    where = random.integers(desa, size=count)
    spots = random.uniform(0, 20_000, (desa, 2))[where] + random.normal(0, 600, (count, 2))
    places = np.vstack([spots, [[10_000, 10_000]]])
    minutes = np.hypot(*(places[:, None] - places).transpose(2, 0, 1)) * 1.4 / (20_000 / 60)
    return Task(
        minutes, where, where * 2 + random.integers(2, size=count), random.random(count) < own, 25.0, 20.0, 360.0,
        (count,) * teams, days,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_the_total_time_is_within_a_twentieth_of_a_longer_search_house_by_house(seed):
    task = invented(seed, 24, 8)
    routes = find_routes(task)
    seen = np.sort(np.concatenate([route.stops for route in routes]))
    assert seen.tolist() == list(range(24))
    longer = longest_search(task, seen, seed=seed, restarts=1)
    assert longer is not None
    assert total(task, routes) <= 1.05 * longer


def test_a_longer_search_that_finds_no_room_says_so():
    task = invented(0, 24, 8, teams=1, days=1)
    assert longest_search(task, np.arange(24), seed=0, restarts=1) is None


def keeps_the_rules(task: Task, stops: tuple[int, ...]) -> bool:
    groups = [(task.desa[stop], task.own[stop], -1 if task.own[stop] else task.dusun[stop]) for stop in stops]
    runs = [group for number, group in enumerate(groups) if number == 0 or group != groups[number - 1]]
    of_desa = [group[0] for group in runs]
    entered = 1 + sum(one != other for one, other in pairwise(of_desa))
    late = all(not later[1] for one, later in pairwise(runs) if one[0] == later[0])
    return len(runs) == len(set(groups)) and entered == len(set(of_desa)) and late


@limits(max_examples=30, deadline=None)
@given(seed=st.integers(0, 999), count=st.integers(1, 6), free=st.booleans())
def test_a_day_of_few_houses_is_as_short_as_any_that_keeps_the_rules(seed, count, free):
    task = invented(seed, count, 2, own=0.5)
    start = None if free else count
    found = in_order(task, np.arange(count), start)
    assert keeps_the_rules(task, tuple(found.tolist()))

    def way(stops: tuple[int, ...]) -> float:
        whole = stops if start is None else (start, *stops, start)
        return float(task.minutes[whole[:-1], whole[1:]].sum())

    best = min(way(each) for each in permutations(range(count)) if keeps_the_rules(task, each))
    assert way(tuple(found.tolist())) <= best + count / 60


@pytest.mark.parametrize("count", [9, 20, 70])
def test_a_longer_day_keeps_the_rules_too(count):
    task = invented(3, count, 4, own=0.6)
    found = in_order(task, np.arange(count), count)
    assert sorted(found.tolist()) == list(range(count))
    assert keeps_the_rules(task, tuple(found.tolist()))


def test_a_desa_is_one_part_unless_no_day_holds_it():
    task = invented(1, 60, 5)
    parts = parts_of(task, walks(task))
    assert sorted(np.concatenate(parts).tolist()) == list(range(60))
    for part in parts:
        assert len(set(task.desa[part])) == 1
        assert length(task, Route(60, part)) <= task.day
    for desa in range(5):
        mine = [part for part in parts if task.desa[part[0]] == desa]
        if len(mine) > 1:
            walk = np.concatenate(mine)
            assert length(task, Route(60, in_order(task, walk, 60))) > task.day


def test_parts_that_no_day_holds_stay_over():
    task = invented(1, 10, 10, teams=1, days=1)
    routes, left = share_out(task, walks(task), 0)
    assert len(routes) == 1
    assert left
    assert length(task, routes[0]) <= task.day
    assert share_out(task, [], 0) == ([], [])


@limits(max_examples=30, deadline=None)
@given(seed=st.integers(0, 999))
def test_waiting_houses_fill_days_by_rank_and_never_too_far(seed):
    task = invented(seed, 30, 4, teams=1, days=2, own=0.6)
    routes, over = fill(task, [], np.arange(30))
    for route in routes:
        assert length(task, route) <= task.day + 1e-6
        assert keeps_the_rules(task, tuple(route.stops.tolist()))
    seen = np.concatenate([route.stops for route in routes])
    assert sorted([*seen, *over]) == list(range(30))
    assert len(routes) <= 2


def test_nobody_who_still_fits_is_left_over():
    task = invented(2, 60, 6, teams=1, days=3)
    routes = find_routes(task)
    over = np.setdiff1d(np.arange(60), np.concatenate([route.stops for route in routes]))
    assert len(over)
    assert len(fill(task, routes, over)[1]) == len(over)


def test_a_longer_plan_sees_at_least_as_many_of_the_best_ranked():
    reached = []
    for days in (1, 2, 4, 8):
        task = invented(5, 50, 8, teams=1, days=days)
        seen = np.concatenate([route.stops for route in find_routes(task)])
        over = np.setdiff1d(np.arange(50), seen)
        reached.append(int(over.min()) if len(over) else 50)
    assert reached == sorted(reached)
    assert reached[0] < reached[-1]


def test_the_times_of_a_day_add_up():
    task = invented(0, 5, 2)
    day = times(task, Route(5, np.array([0, 1, 2])))
    assert day.travel[0] == task.minutes[5, 0]
    assert day.back == task.minutes[2, 5]
    assert length(task, Route(5, np.zeros(0, dtype=np.int64))) == 0
    alone = [length(task, Route(5, np.array([house]))) for house in range(5)]
    assert shortest_day(task) == pytest.approx(np.array(alone))
