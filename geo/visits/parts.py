"""The houses of each desa in the order of a walk, cut only where one day cannot hold them."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from geo.visits.solver import in_order
from geo.visits.task import Route, Stops, Task

Cut = Literal["first", "last", "even"]
"""Where a desa that a day cannot hold is cut: full days from the beginning of its walk or from its end, or alike."""


def walks(task: Task) -> list[Stops]:
    """Return the houses of each desa in the order of a walk through it."""
    order = np.argsort(task.desa, kind="stable")
    cuts = np.flatnonzero(np.diff(task.desa[order])) + 1
    return [in_order(task, houses, None) for houses in np.split(order, cuts) if len(houses)]


def parts_of(task: Task, desa_walks: Sequence[Stops], cut: Cut = "first") -> list[Stops]:
    """Return walks as parts, each short enough for a day.

    A desa is one part when a day that starts at the nearest start place can hold it; else its walk is cut into as
    few parts as days can hold.
    """
    return [part for walk in desa_walks if len(walk) for part in _days_of(task, walk, cut)]


def only(desa_walks: Sequence[Stops], houses: Stops) -> list[Stops]:
    """Return walks that leave out all but some houses."""
    kept = np.zeros(1 + max((int(walk.max()) for walk in desa_walks if len(walk)), default=0), dtype=bool)
    kept[houses] = True
    return [walk[kept[walk]] for walk in desa_walks]


def kept_parts(task: Task, routes: Sequence[Route]) -> list[Stops]:
    """Return the parts of desa that days see, as they see them."""
    parts = []
    for route in routes:
        cuts = np.flatnonzero(np.diff(task.desa[route.stops])) + 1
        parts += np.split(route.stops, cuts)
    return parts


def _days_of(task: Task, walk: Stops, cut: Cut) -> list[Stops]:
    if cut == "last":
        return [part[::-1] for part in _full_days(task, walk[::-1])]
    parts = _full_days(task, walk)
    if cut == "first" or len(parts) == 1:
        return parts
    even = np.array_split(walk, len(parts))
    return even if all(len(_full_days(task, part)) == 1 for part in even) else parts


def _full_days(task: Task, walk: Stops) -> list[Stops]:
    starts = np.unique(task.starts)
    there = task.minutes[np.ix_(starts, walk)].min(axis=0)
    back = task.minutes[np.ix_(walk, starts)].min(axis=1)
    hops = np.concatenate([[0.0], np.cumsum(task.minutes[walk[:-1], walk[1:]])])
    parts, begin = [], 0
    while begin < len(walk):
        count = np.arange(1, len(walk) - begin + 1)
        ways = there[begin] + hops[begin:] - hops[begin] + back[begin:]
        # whole seconds are counted upwards on each way
        fits = np.flatnonzero((ways + task.report + task.visit * count) * 60 + count + 2 <= task.day * 60)
        end = begin + (int(fits[-1]) + 1 if len(fits) else 1)
        parts.append(walk[begin:end])
        begin = end
    return parts
