"""The best-ranked houses that the team-days hold, and days that are short."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.visits.filling import fill
from geo.visits.parts import Cut, kept_parts, only, parts_of, walks
from geo.visits.solver import share_out, shortened
from geo.visits.task import Route, Stops, Task, total

_TRIES = 7
_LEVELS = ((40, 2), (120, 1))
"""Parts at most, and how long the engine may search for the days in the end; a look whether they fit takes level 0."""

_CUTS: tuple[Cut, ...] = ("first", "last", "even")
_ROUNDS = 3


@dataclass(frozen=True)
class _Found:
    """Days, and the houses that they leave over."""

    routes: list[Route]
    over: Stops

    def reached(self, number: int) -> int:
        """Return how many of the best-ranked are all there, when so many were tried."""
        return int(self.over.min()) if len(self.over) else number


def find_routes(task: Task) -> list[Route]:
    """Return days that see the best-ranked houses, no two of them the same house.

    Notes
    -----
    When not everybody fits, the largest number of best-ranked houses is looked for that all find a place, by
    halving; then everybody further down who still fits into the time left over joins, the better-ranked first. So
    nobody is left out for the sake of somebody ranked lower, save by what the search does not find.
    """
    if not len(task.desa) or not task.team_days:
        return []
    desa_walks = walks(task)
    high = _most(task)
    best = _try(task, desa_walks, high)
    low = best.reached(high)
    for _ in range(_TRIES):
        if high - low <= 1:
            break
        middle = (low + high) // 2
        tried = _try(task, desa_walks, middle)
        if tried.reached(middle) > low:
            low, best = tried.reached(middle), tried
        if len(tried.over):
            high = middle
    return _completed(task, desa_walks, best.routes)


def _completed(task: Task, desa_walks: Sequence[Stops], routes: list[Route]) -> list[Route]:
    """Shorten the days and fill what that makes free, until neither does anything more."""
    for _ in range(_ROUNDS):
        before = _seen(routes), total(task, routes)
        routes = [shortened(task, route) for route in routes]
        routes = _rearranged(task, desa_walks, routes)
        routes, _ = fill(task, routes, np.setdiff1d(np.arange(len(task.desa)), _seen(routes)))
        if len(_seen(routes)) == len(before[0]) and total(task, routes) > before[1] - 1:
            break
    return [shortened(task, route) for route in routes]


def _rearranged(task: Task, desa_walks: Sequence[Stops], routes: list[Route]) -> list[Route]:
    """Return shorter days that see the same houses, if any: with desa whole again, or in the parts they have."""
    whole = only(desa_walks, _seen(routes))
    tries = {_name(parts): parts for parts in (parts_of(task, whole, cut) for cut in _CUTS)}
    kept = kept_parts(task, routes)
    for parts in (tries | {_name(kept): kept}).values():
        level = next((level for most, level in _LEVELS if len(parts) <= most), 0)
        tried, left = share_out(task, parts, level)
        if not left and total(task, tried) < total(task, routes) + 1:
            routes = min(
                routes, [shortened(task, route) for route in tried], key=lambda days: total(task, days)
            )
    return routes


def _name(parts: Sequence[Stops]) -> frozenset[frozenset[int]]:
    return frozenset(frozenset(part.tolist()) for part in parts)


def _try(task: Task, desa_walks: Sequence[Stops], number: int) -> _Found:
    """Plan the best-ranked of a number; whoever finds no place with its whole desa is put where there is time."""
    parts = parts_of(task, only(desa_walks, np.arange(number)))
    routes, left = share_out(task, parts, 0)
    if not left:
        return _Found(routes, np.zeros(0, dtype=np.int64))
    routes = [shortened(task, route) for route in routes]
    routes, over = fill(task, routes, np.sort(np.concatenate([parts[part] for part in left])))
    return _Found(routes, over)


def _seen(routes: Sequence[Route]) -> Stops:
    return np.sort(np.concatenate([np.zeros(0, dtype=np.int64), *(route.stops for route in routes)]))


def _most(task: Task) -> int:
    """Return how many of the best-ranked the time could hold if no way took any."""
    _, first = np.unique(task.desa, return_index=True)
    new = np.zeros(len(task.desa))
    new[first] = task.report
    need = np.cumsum(new + task.visit)
    return int(np.searchsorted(need, task.team_days * task.day + 1e-6, side="right"))
