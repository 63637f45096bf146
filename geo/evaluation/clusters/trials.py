"""One trial after another: need is invented, every finder looks at it, and is compared with the truth."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from zlib import crc32

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.evaluation.clusters.scenarios import PART, Scenario
from geo.evaluation.clusters.world import World, compact_group, nearest, settle, shares
from geo.rates import add_rates
from geo.settings import Settings

INDICATOR = "rtlh"
MOST_NEED = 0.95
DESA_PLANTED = (6, 12)
HOUSES_PLANTED = (25, 60)

Marks = np.ndarray


@dataclass(frozen=True)
class Trial:
    """A district with invented need, and the truth about it.

    Attributes
    ----------
    world
        Desa and their neighbours.
    desa, households
        As the clusters are looked for in: the desa with their counts, households with need and position.
    planted
        True where need is more common; of the households in the group ``hamlet``, else of the desa.
    settings, seed
        What every finder gets.
    """

    scenario: Scenario
    world: World
    desa: gpd.GeoDataFrame
    households: gpd.GeoDataFrame
    planted: Marks
    settings: Settings
    seed: int

    @property
    def need(self) -> Marks:
        """Which households are in need."""
        return np.asarray(self.households[f"need_{INDICATOR}"], dtype=bool)


@dataclass(frozen=True)
class Finding:
    """What one finder says.

    Attributes
    ----------
    desa
        True where need is said to be higher than elsewhere.
    houses
        Likewise of the households; None of a finder that looks at desa alone.
    lower
        Whether anything else is said to be out of the ordinary: lower, or unlike its neighbours.
    groups
        How many clusters.
    """

    desa: Marks
    houses: Marks | None = None
    lower: bool = False
    groups: int = 0

    @classmethod
    def of_houses(cls, trial: Trial, houses: Marks, groups: int) -> "Finding":
        """Say of each desa whether a marked household lives there."""
        desa = np.zeros(len(trial.desa), dtype=bool)
        desa[trial.households["place"].to_numpy()[houses]] = True
        return cls(desa, houses, groups=groups)


Finder = Callable[[Trial], Mapping[str, Finding]]
"""Looks at a trial; says by method what it found. A function of a module, so that other processes know it."""


@dataclass(frozen=True)
class Plan:
    """What all trials share."""

    world: World
    settings: Settings
    finders: Sequence[Finder]
    households: int
    seed: int
    sizes: np.ndarray | None = None


def run_trials(
    plan: Plan,
    wanted: Sequence[Scenario],
    runs: int,
    *,
    processes: int = 1,
    watch: Callable[[int, int], None] = lambda _done, _all: None,
) -> pd.DataFrame:
    """Run every scenario so many times; same plan, same answers, whatever the number of processes.

    Returns
    -------
    pandas.DataFrame
        One row a run and method: ``group``, ``scenario``, ``run``, ``method``, and the columns of :func:`judged`.
    """
    tasks = [(scenario, run) for scenario in wanted for run in range(runs)]
    rows = []
    for done, found in enumerate(_answers(plan, tasks, processes), 1):
        rows += found
        watch(done, len(tasks))
    return pd.DataFrame(rows)


def _answers(
    plan: Plan, tasks: Sequence[tuple[Scenario, int]], processes: int
) -> Iterator[list[dict[str, object]]]:
    if processes == 1:
        yield from (one_run(plan, *task) for task in tasks)
        return
    with ProcessPoolExecutor(processes, get_context("spawn"), initializer=_begin, initargs=(plan,)) as pool:
        yield from pool.map(_one_run, tasks)


_SHARED: list[Plan] = []


def _begin(plan: Plan) -> None:
    _SHARED[:] = [plan]


def _one_run(task: tuple[Scenario, int]) -> list[dict[str, object]]:
    return one_run(_SHARED[0], *task)


def one_run(plan: Plan, scenario: Scenario, run: int) -> list[dict[str, object]]:
    """Invent one district, let every finder look, and judge what each says."""
    trial = invent(plan, scenario, run)
    about = {"group": scenario.group, "scenario": scenario.name, "run": run}
    return [
        about | {"method": method} | judged(trial, finding)
        for finder in plan.finders
        for method, finding in finder(trial).items()
    ]


def invent(plan: Plan, scenario: Scenario, run: int) -> Trial:
    """Invent the households of a district and who of them is in need.

    Without clustering the needy are drawn at random among all households, their number fixed. With a planted cluster
    each household is in need by its own chance: the rate, or the rate times the risk.
    """
    rng = np.random.default_rng([plan.seed, run, crc32(repr(scenario).encode())])
    world, households = plan.world, plan.households
    if scenario.of_part:
        part = min(PART, len(world.middles))
        households = households * part // len(world.middles)
        world = world.part(int(rng.integers(len(world.middles))), part)
    if scenario.sizes == "register" and plan.sizes is not None:
        place = np.repeat(np.arange(len(plan.sizes)), plan.sizes)
    else:
        share = shares(world, scenario.sizes, rng)
        place = np.sort(rng.choice(len(share), households, p=share))
    people = settle(world, place, rng, stacked=scenario.group == "stacked")
    planted, chances = _planted(world, people, scenario, rng)
    if scenario.risk > 1:
        need = rng.random(len(people)) < np.minimum(scenario.rate * chances, MOST_NEED)
    else:
        need = rng.permutation(len(people)) < round(scenario.rate * len(people))
    people[f"need_{INDICATOR}"] = pd.array(need, dtype="boolean")
    rates = plan.settings.rates
    desa = add_rates(world.ground.desa, people, "kode_desa", [INDICATOR], rates.minimum_known)
    return Trial(scenario, world, desa, people, planted, plan.settings, int(rng.integers(2**31)))


def _planted(
    world: World, people: gpd.GeoDataFrame, scenario: Scenario, rng: np.random.Generator
) -> tuple[Marks, np.ndarray]:
    """Return what is planted, and by how much need is more common with each household."""
    place = people["place"].to_numpy()
    if scenario.group == "hamlet":
        metres = people.geometry.to_crs(world.ground.crs)
        points = np.column_stack([metres.x, metres.y])
        count = int(rng.integers(HOUSES_PLANTED[0], HOUSES_PLANTED[1] + 1))
        planted = np.zeros(len(people), dtype=bool)
        planted[nearest(points, points[rng.integers(len(points))], count)] = True
        return planted, np.where(planted, scenario.risk, 1.0)
    if scenario.group == "planted":
        count = int(rng.integers(DESA_PLANTED[0], DESA_PLANTED[1] + 1))
        planted = compact_group(world, min(count, len(world.middles) // 2), rng)
        return planted, np.where(planted[place], scenario.risk, 1.0)
    return np.zeros(len(world.middles), dtype=bool), np.ones(len(people))


def judged(trial: Trial, finding: Finding) -> dict[str, object]:
    """Compare what was found with what was planted.

    In the group ``hamlet`` households in need are compared, else desa.

    Returns
    -------
    dict
        ``hot``: anything is said to be higher; ``any``: or lower; ``groups``; ``inside``: something planted is found;
        ``overlap``: Jaccard of found and planted; ``outside``: how many were not planted; ``apart``: and do not
        border a planted desa either (in the group ``hamlet`` the same as ``outside``).
    """
    declared, planted = finding.desa, trial.planted
    beside = np.zeros_like(planted)
    if trial.scenario.group == "hamlet":
        needy = trial.need
        houses = (
            finding.houses if finding.houses is not None else declared[trial.households["place"].to_numpy()]
        )
        declared, planted = houses & needy, planted & needy
    elif planted.any():
        beside = trial.world.neighbours.matrix @ planted.astype(float) > 0
    either = int((declared | planted).sum())
    return {
        "hot": bool(declared.any()),
        "any": bool(declared.any()) or finding.lower,
        "groups": finding.groups,
        "inside": bool((declared & planted).any()),
        "overlap": int((declared & planted).sum()) / either if either else np.nan,
        "outside": int((declared & ~planted).sum()),
        "apart": int((declared & ~planted & ~beside).sum()),
    }
