"""What a plan of visits is made of: minutes between places, houses by desa, and days that have an end."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Stops = Integers
"""Numbers of houses, in the order of their visits."""


@dataclass(frozen=True)
class Task:
    """The houses to visit and the time that there is; houses are numbered from the best-ranked.

    Attributes
    ----------
    minutes
        From each place to each; the houses come first, the start places after them.
    desa, dusun
        Of each house, as numbers; no dusun lies in two desa.
    own
        Whether a house has a position of its own.
    visit, report, day
        Minutes at a house, at the office of a desa, and of a whole working day.
    starts
        Place (row of ``minutes``) where each team starts, and ends.
    """

    minutes: Floats
    desa: Integers
    dusun: Integers
    own: NDArray[np.bool_]
    visit: float
    report: float
    day: float
    starts: tuple[int, ...]
    days: int
    orders: dict[tuple[int, bytes], Stops] = field(default_factory=dict, compare=False, repr=False)
    """The order of houses once found, by their start place and numbers: a search asks for the same days again."""

    @property
    def team_days(self) -> int:
        """How many days of one team there are."""
        return len(self.starts) * self.days


@dataclass(frozen=True)
class Route:
    """One day of a team: from a start place to houses and back."""

    start: int
    stops: Stops


@dataclass(frozen=True)
class Times:
    """The minutes of a day, house by house, and of the way back."""

    travel: Floats
    report: Floats
    back: float

    @property
    def away(self) -> float:
        """All minutes on the way and at the offices of desa."""
        return float(self.travel.sum() + self.report.sum() + self.back)


def times(task: Task, route: Route) -> Times:
    """Return what each step of a day takes; a desa is reported to whenever it is entered."""
    stops = route.stops
    if not len(stops):
        return Times(np.zeros(0), np.zeros(0), 0.0)
    before = np.concatenate([[route.start], stops[:-1]])
    desa = task.desa[stops]
    enters = np.concatenate([[True], desa[1:] != desa[:-1]])
    return Times(
        task.minutes[before, stops],
        np.where(enters, task.report, 0.0),
        float(task.minutes[stops[-1], route.start]),
    )


def length(task: Task, route: Route) -> float:
    """Return the minutes of a whole day."""
    return times(task, route).away + task.visit * len(route.stops)


def total(task: Task, routes: Sequence[Route]) -> float:
    """Return the minutes of all days."""
    return sum(length(task, route) for route in routes)


def shortest_day(task: Task) -> Floats:
    """Return, for each house, the least minutes of a day that sees this house alone."""
    houses = np.arange(len(task.desa))
    starts = np.unique(task.starts)
    ways = task.minutes[np.ix_(starts, houses)] + task.minutes[np.ix_(houses, starts)].T
    return np.asarray(ways.min(axis=0) + task.report + task.visit)
