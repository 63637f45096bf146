"""Houses put one by one, the best-ranked first, where a day still has time for them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from geo.visits.task import Integers, Route, Stops, Task, length

_SLACK = 1e-6  # minutes


def fill(task: Task, routes: Sequence[Route], waiting: Stops) -> tuple[list[Route], Stops]:
    """Put waiting houses into days that have time left, each where it makes the way longest by least.

    A house of a desa that a day visits already joins the others of that desa there; houses without a position of
    their own come last. A day that is not used yet takes what fits in no other.

    Returns
    -------
    tuple
        The days, and the houses that fit nowhere, in the order given.
    """
    days = [*routes, *_unused(task, routes)]
    room = np.array([task.day - length(task, route) for route in days])
    over = []
    for house in waiting:
        best, where = _cheapest(task, days, room, int(house))
        if best < 0:
            over.append(house)
            continue
        stops = np.insert(days[best].stops, where, house)
        days[best] = replace(days[best], stops=stops)
        room[best] = task.day - length(task, days[best])
        if len(stops) == 1:
            fresh = _unused(task, [day for day in days if len(day.stops)])
            days = [day for day in days if len(day.stops)] + fresh
            room = np.array([task.day - length(task, route) for route in days])
    return [day for day in days if len(day.stops)], np.array(over, dtype=np.int64)


def _unused(task: Task, routes: Sequence[Route]) -> list[Route]:
    """Return one empty day for each start place that has a day left."""
    starts, teams = np.unique(task.starts, return_counts=True)
    used = np.array([sum(route.start == start for route in routes) for start in starts])
    empty = np.zeros(0, dtype=np.int64)
    return [Route(int(start), empty) for start in starts[used < teams * task.days]]


def _cheapest(task: Task, days: Sequence[Route], room: np.ndarray, house: int) -> tuple[int, int]:
    """Return the day and the place in it where a house costs the fewest minutes; day -1 when it fits nowhere."""
    wide = np.flatnonzero(room >= task.visit - _SLACK).tolist()
    if not wide:
        return -1, 0
    sizes = np.array([len(days[day].stops) for day in wide])
    before = np.concatenate([[days[day].start, *days[day].stops] for day in wide])
    after = np.concatenate([[*days[day].stops, days[day].start] for day in wide])
    day = np.repeat(wide, sizes + 1)
    place = np.arange(len(day)) - np.repeat(np.cumsum(sizes + 1) - sizes - 1, sizes + 1)
    among, allowed = _welcome(task, before, after, day, house)
    more = (
        task.minutes[before, house]
        + task.minutes[house, after]
        - np.where(before == after, 0.0, task.minutes[before, after])
        + np.where(among, 0.0, task.report)
    )
    fits = allowed & (more + task.visit <= room[day] + _SLACK)
    if not fits.any():
        return -1, 0
    best = int(np.argmin(np.where(fits, more, np.inf)))
    return int(day[best]), int(place[best])


def _welcome(
    task: Task, before: Integers, after: Integers, day: Integers, house: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return, for each step of a day, whether the day sees the desa of a house, and whether the house may go there."""
    starts = len(task.minutes) - len(task.desa)
    desa = np.concatenate([task.desa, np.full(starts, -1)])
    own = np.concatenate([task.own, np.zeros(starts, dtype=bool)])
    dusun = np.concatenate([task.dusun, np.full(starts, -1)])
    from_here, to_here = desa[before] == desa[house], desa[after] == desa[house]
    among = np.isin(day, day[from_here | to_here])
    to_own, to_other = to_here & own[after], to_here & ~own[after]
    if task.own[house]:
        within = (from_here & own[before]) | to_own | (to_other & ~from_here)
    else:
        from_other = from_here & ~own[before]
        beside = (from_other & (dusun[before] == dusun[house])) | (to_other & (dusun[after] == dusun[house]))
        within_dusun = from_other & to_other & (dusun[before] == dusun[after])
        within = np.where(np.isin(day, day[beside]), beside, from_here & ~to_own & ~within_dusun)
    between = (desa[before] != desa[after]) | (desa[before] < 0)
    return among, np.where(among, within, between)
