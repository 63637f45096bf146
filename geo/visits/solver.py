"""The routing engine (VROOM) asked two things: which team-day takes which part, and in what order a day goes."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from itertools import permutations
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from geo.visits.task import Floats, Integers, Route, Stops, Task, times

_LONGEST = 200_000  # seconds; no day is as long, and sums of it stay within what the engine can hold
_FEW = 7  # houses whose every order is tried
_LARGEST_PATH = 60  # houses whose order the engine finds within milliseconds


@cache
def _engine() -> ModuleType:
    return import_module("vroom")  # loaded for those alone who plan visits


def share_out(task: Task, parts: Sequence[Stops], level: int) -> tuple[list[Route], list[int]]:
    """Share parts of desa out over team-days so that the fewest stay over and the way is short.

    Parameters
    ----------
    parts
        Houses of one desa each, in the order of their visits.
    level
        How long the engine searches, 0 to 5.

    Returns
    -------
    tuple
        The days, and the numbers of the parts that found no place.
    """
    if not len(parts):
        return [], []
    vroom = _engine()
    starts, teams = np.unique(task.starts, return_counts=True)
    first = np.array([part[0] for part in parts])
    last = np.array([part[-1] for part in parts])
    work = np.array([_work(task, part) for part in parts])
    problem = vroom.Input()
    desa = np.concatenate([task.desa[first], np.full(len(starts), -1)])
    enters = (desa[:, None] != desa) & (desa >= 0)
    ways = task.minutes[np.ix_(np.concatenate([last, starts]), np.concatenate([first, starts]))]
    # who goes on within a desa has reported there already
    seconds = _seconds(ways + task.report * enters)
    np.fill_diagonal(seconds, 0)
    problem.set_durations_matrix("car", seconds)
    alone = (
        work
        + task.report
        + (task.minutes[np.ix_(starts, first)] + task.minutes[np.ix_(last, starts)].T).min(axis=0)
    )
    # days are alike, and the engine is faster with few: twice those that are filled by parts seen alone is plenty
    days = min(len(parts), 2 + int(np.ceil(2 * alone.sum() / task.day)))
    vehicles = np.repeat(np.arange(len(starts)), np.minimum(teams * task.days, days))
    for number, start in enumerate(vehicles):
        place = len(parts) + int(start)
        problem.add_vehicle(
            vroom.Vehicle(number, start=place, end=place, time_window=(0, int(task.day * 60)))
        )
    service = _seconds(work)
    for number in range(len(parts)):
        # more houses count for more, so that the fewest stay over
        weight = min(len(parts[number]), 100)
        problem.add_job(
            vroom.Job(number, location=number, default_service=int(service[number]), priority=weight)
        )
    jobs = problem.solve(exploration_level=level, nb_threads=1).routes
    # starts and ends of days have no number
    jobs = jobs.dropna(subset="id").astype({"id": "int64"}) if "id" in jobs else jobs.iloc[:0].assign(id=0)
    routes = [
        Route(int(starts[vehicles[vehicle]]), np.concatenate([parts[number] for number in day]))
        for vehicle, day in jobs.groupby("vehicle_id")["id"]
    ]
    return routes, np.setdiff1d(np.arange(len(parts)), jobs["id"]).tolist()


def in_order(task: Task, stops: Stops, start: int | None) -> Stops:
    """Return houses in an order that keeps each desa together and is short.

    Within a desa, houses with a position of their own come first, then the others, dusun by dusun.

    Parameters
    ----------
    start
        Where the day starts and ends; None for a way with free ends.
    """
    stops = np.sort(stops)
    asked = -1 if start is None else start, stops.tobytes()
    if asked not in task.orders:
        task.orders[asked] = _short_order(task, _grouped(task, stops), start)
    return task.orders[asked]


def _short_order(task: Task, rough: Stops, start: int | None) -> Stops:
    if len(rough) > _LARGEST_PATH:
        return _nearest_next(task, rough)
    there = np.concatenate([rough, [rough[0] if start is None else start]])
    seconds = _seconds(task.minutes[np.ix_(there, there)])
    if start is None:
        seconds[-1, :] = seconds[:, -1] = 0
    np.fill_diagonal(seconds, 0)
    apart = int(seconds.max(initial=1)) * (len(there) + 1)
    cost = seconds.copy()
    cost[:-1, :-1] += (apart * _changes(task, rough)).astype(np.int64)
    found = _every_order(len(rough)) if len(rough) <= _FEW else _engine_order(cost, len(rough))
    orders = np.vstack([np.arange(len(rough)), found])
    ways = np.pad(orders, ((0, 0), (1, 1)), constant_values=len(rough))
    return np.asarray(rough[orders[np.argmin(cost[ways[:, :-1], ways[:, 1:]].sum(axis=1))]])


@cache
def _every_order(count: int) -> Integers:
    return np.array(list(permutations(range(count))), dtype=np.int64).reshape(-1, count)


def _engine_order(cost: Integers, count: int) -> Integers:
    vroom = _engine()
    problem = vroom.Input()
    problem.set_durations_matrix("car", cost)
    problem.add_vehicle(vroom.Vehicle(0, start=count, end=count))
    problem.add_job([vroom.Job(number, location=number) for number in range(count)])
    return np.asarray(
        problem.solve(exploration_level=0, nb_threads=1).routes["id"].dropna().to_numpy(dtype=np.int64)
    )


def shortened(task: Task, route: Route) -> Route:
    """Return a day in the best order that is found; never a longer one."""
    better = Route(route.start, in_order(task, route.stops, route.start))
    return better if times(task, better).away < times(task, route).away else route


def _work(task: Task, part: Stops) -> float:
    """Return the minutes from the first house of a part to the end of the visit to its last."""
    return float(task.minutes[part[:-1], part[1:]].sum() + task.visit * len(part))


def _seconds(minutes: Floats) -> Integers:
    """Return whole seconds, never fewer; what has no way is longer than any day."""
    return np.ceil(np.minimum(minutes * 60 - 1e-6, _LONGEST)).astype(np.int64)


def _changes(task: Task, stops: Stops) -> NDArray[np.float64]:
    """Return what going from one house to another breaks: 1 for a desa that is left, or left too early."""
    desa, dusun, own = task.desa[stops], task.dusun[stops], task.own[stops]
    same = desa[:, None] == desa
    goes_on = same & own[:, None]
    looks_on = same & ~own[:, None] & ~own
    same_dusun = looks_on & (dusun[:, None] == dusun)
    return np.where(goes_on | same_dusun, 0.0, np.where(looks_on, 0.5, 1.0))


def _grouped(task: Task, stops: Stops) -> Stops:
    """Keep the order of desa as they are first met, and within each those with a position first."""
    _, first, group = np.unique(task.desa[stops], return_index=True, return_inverse=True)
    dusun = np.where(task.own[stops], -1, task.dusun[stops])
    return np.asarray(stops[np.lexsort([np.arange(len(stops)), dusun, first[group]])])


def _nearest_next(task: Task, stops: Stops) -> Stops:
    """Go from each house to the nearest one not yet seen, group by group."""
    cuts = np.flatnonzero(_changes(task, stops)[np.arange(len(stops) - 1), np.arange(1, len(stops))]) + 1
    owned = np.flatnonzero(np.diff(task.own[stops].astype(int))) + 1
    order = [int(stops[0])]
    for group in np.split(stops, np.union1d(cuts, owned)):
        left = np.setdiff1d(group, order[:1], assume_unique=True)
        while len(left):
            nearest = int(np.argmin(task.minutes[order[-1], left]))
            order.append(int(left[nearest]))
            left = np.delete(left, nearest)
    return np.array(order)
