"""Set the total time of visit plans beside a longer search on invented districts, and time the plans."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from geo.visits.longer_search import longest_search
from geo.visits.search import find_routes
from geo.visits.solver import in_order
from geo.visits.task import Route, Task, length, total

HEAD = (
    "instance houses desa team-days seen first-over split needless  plan s   total  longer  ratio  way alone"
)


@dataclass(frozen=True)
class Comparison:
    """One plan beside a longer search for the same houses.

    Attributes
    ----------
    first_over
        So many of the best-ranked are all seen.
    split, needless
        Desa that are seen on more than one team-day, and those of them that one day could hold.
    ours, longer
        Minutes of all days; of the longer search missing when it found no room.
    visits
        Minutes of the visits themselves, which no search can save.
    """

    houses: int
    desa: int
    team_days: int
    seen: int
    first_over: int
    split: int
    needless: int
    seconds: float
    ours: float
    longer: float
    visits: float

    @property
    def ratio(self) -> float:
        """Total time to that of the longer search."""
        return self.ours / self.longer

    @property
    def way_ratio(self) -> float:
        """The same without the visits themselves."""
        return (self.ours - self.visits) / (self.longer - self.visits)


def invented_task(seed: int, most: int = 100) -> Task:
    """Return houses around the middles of desa of uneven size, with some room to spare or too little of it."""
    random = np.random.default_rng(seed)
    houses, desa = int(random.integers(most * 3 // 10, most + 1)), int(random.integers(5, 61))
    teams, days = int(random.integers(1, 5)), int(random.integers(3, 11))
    side = float(random.uniform(10_000, 40_000))
    where = random.choice(desa, size=houses, p=random.dirichlet(np.full(desa, 1.5)))
    spread = random.normal(0, random.uniform(200, 1500), (houses, 2))
    places = np.vstack([random.uniform(0, side, (desa, 2))[where] + spread, np.full((1, 2), side / 2)])
    metres = np.hypot(*(places[:, None] - places).transpose(2, 0, 1))
    return Task(
        minutes=metres * 1.4 / (20_000 / 60),
        desa=where,
        dusun=where * 3 + random.integers(3, size=houses),
        own=random.random(houses) < random.uniform(0.5, 1),
        visit=25.0,
        report=20.0,
        day=360.0,
        starts=(houses,) * teams,
        days=days,
    )


def compare(task: Task, seed: int, restarts: int) -> Comparison:
    """Plan, and search longer for the houses that the plan sees."""
    begin = perf_counter()
    routes = find_routes(task)
    seconds = perf_counter() - begin
    if max(length(task, route) for route in routes) > task.day + 1e-6:
        raise AssertionError("a day is too long")
    seen = np.sort(np.concatenate([route.stops for route in routes]))
    over = np.setdiff1d(np.arange(len(task.desa)), seen)
    split = split_desa(task, routes)
    longer = longest_search(task, seen, seed=seed, restarts=restarts)
    return Comparison(
        houses=len(task.desa),
        desa=len(np.unique(task.desa)),
        team_days=task.team_days,
        seen=len(seen),
        first_over=int(over[0]) if len(over) else len(task.desa),
        split=len(split),
        needless=sum(fits_a_day(task, seen[task.desa[seen] == desa]) for desa in split),
        seconds=seconds,
        ours=total(task, routes),
        longer=np.nan if longer is None else longer,
        visits=task.visit * len(seen),
    )


def split_desa(task: Task, routes: Sequence[Route]) -> list[int]:
    """Return the desa that are seen on more than one team-day."""
    desa_days = np.concatenate([np.unique(task.desa[route.stops]) for route in routes])
    desa, days = np.unique(desa_days, return_counts=True)
    return [int(each) for each in desa[days > 1]]


def fits_a_day(task: Task, houses: np.ndarray) -> bool:
    """Say whether one day could hold all these houses."""
    start = task.starts[0]
    return length(task, Route(start, in_order(task, houses, start))) <= task.day


def main(words: Sequence[str] | None = None) -> None:
    """Print a line for each instance, and the worst of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=int, default=20)
    parser.add_argument("--restarts", type=int, default=3, help="of the longer search")
    parser.add_argument("--most", type=int, default=100, help="households of an instance")
    arguments = parser.parse_args(words)
    print(HEAD)
    found = []
    for seed in range(arguments.instances):
        each = compare(invented_task(seed, arguments.most), seed, arguments.restarts)
        found.append(each)
        print(
            f"{seed:8d} {each.houses:6d} {each.desa:4d} {each.team_days:9d} {each.seen:4d} {each.first_over:10d} "
            f"{each.split:5d} {each.needless:8d} {each.seconds:7.2f} {each.ours:7.0f} {each.longer:7.0f} "
            f"{each.ratio:6.3f} {each.way_ratio:10.3f}",
            flush=True,
        )
    ratios = np.array([each.ratio for each in found if np.isfinite(each.longer)])
    print(
        f"The longer search found room in {len(ratios)} of {len(found)}. Total time to it: mean {ratios.mean():.3f}, "
        f"worst {ratios.max():.3f}."
    )


if __name__ == "__main__":
    main()
