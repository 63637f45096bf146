"""How fast circles of the scan are found beside a plain numpy scan; a part of ``bench clusters``."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import TypeVar

import numpy as np

from geo.clusters.scan import Scan, scan_bernoulli, scan_poisson
from geo.clusters.scan.households import CENTRES, PLACE_M, PLACES, gather, spread
from geo.clusters.scan.likelihood import Model
from geo.clusters.scan.replicates import draw
from geo.clusters.scan.windows import neighbouring
from geo.evaluation.clusters import World
from geo.settings import ScanSettings
from scripts.cluster_grounds import RATE, Areas, homes
from scripts.plain_scan import plain_scan

ENOUGH_S, AGAIN = 2.0, 3

_T = TypeVar("_T")


def best_of(work: Callable[[], _T]) -> tuple[float, _T]:
    """Return the seconds of the best run, and the answer; what takes long runs once."""
    seconds: list[float] = []
    while True:
        begin = perf_counter()
        answer = work()
        seconds.append(perf_counter() - begin)
        if len(seconds) == AGAIN or sum(seconds) > ENOUGH_S:
            return min(seconds), answer


def say(text: str) -> None:
    """Tell how far the work is."""
    print(text, file=sys.stderr, flush=True)


SCAN_HEADS = (
    "", "centres", "windows", "replicates", "ours, s", "ns a window and replicate", "plain, centres measured",
    "replicates measured", "plain there, s", "plain for all, s", "x plain", "maxima differ at most",
)  # fmt: skip


@dataclass(frozen=True)
class Scanned:
    """One scan to be measured."""

    name: str
    points: np.ndarray
    cases: np.ndarray
    population: np.ndarray
    share: float
    bernoulli: bool = False
    centres: np.ndarray | None = None

    def run(self, replicates: int, centres: np.ndarray | None) -> Scan:
        """Run ours."""
        scan = scan_bernoulli if self.bernoulli else scan_poisson
        return scan(
            self.points, self.cases, self.population,
            largest_share=self.share, replicates=replicates, seed=1, centres=centres,
        )  # fmt: skip


def scan_row(what: Scanned, replicates: int, plain_centres: int, plain_replicates: int) -> list[str]:
    """Compare a scan with the plain one: on some centres and replicates, and scaled from there to all.

    With no more centres than those it is measured whole. Where it is a part, ours runs once more on that part alone,
    and its maxima are compared there.
    """
    spent, whole = best_of(lambda: what.run(replicates, what.centres))
    say(f"{what.name}: ours {spent:.1f} s")
    every = np.arange(len(what.points)) if what.centres is None else what.centres
    some = np.sort(np.random.default_rng(1).permutation(every)[:plain_centres])
    fewer = replicates if len(some) == len(every) else min(replicates, plain_replicates)
    model = Model(
        "Bernoulli" if what.bernoulli else "Poisson", int(what.cases.sum()), float(what.population.sum())
    )
    draws = draw(model, what.population.astype(float), fewer, 1)
    plain, maxima = best_of(
        lambda: plain_scan(
            what.points, what.population.astype(float), draws, int(what.cases.sum()),
            bernoulli=what.bernoulli, largest_share=what.share, centres=some.tolist(),
        )
    )  # fmt: skip
    ours = whole.maxima if len(some) == len(every) else what.run(fewer, some).maxima
    scaled = plain * (len(every) / len(some)) * (replicates / fewer)
    counts = [f"{len(every)}", f"{whole.circles}", f"{replicates}", f"{spent:.2f}"]
    measured = [f"{len(some)}", f"{fewer}", f"{plain:.2f}", f"{scaled:.0f}"]
    each = spent / (whole.circles * replicates) * 1e9
    off = float(np.abs(ours - maxima).max())
    return [what.name, *counts, f"{each:.3f}", *measured, f"{scaled / spent:.1f}", f"{off:.1e}"]


def of_areas(where: Areas) -> Scanned:
    """Scan desa as a run does."""
    return Scanned(
        f"{len(where.points)} areas",
        where.points,
        where.cases,
        where.population,
        ScanSettings().largest_share,
    )


def of_houses(world: World, count: int, *, gathered: bool, seed: int = 7) -> Scanned:
    """Scan houses as a run does, or around every one of them."""
    chance = np.random.default_rng(seed)
    points, _ = homes(world, count, chance)
    need = (chance.random(count) < RATE).astype(np.int64)
    share = ScanSettings().household_share
    if not gathered:
        order = neighbouring(points)
        one = np.ones(count, dtype=np.int64)
        return Scanned(
            f"{count} houses, around every one", points[order], need[order], one, share, bernoulli=True
        )
    place, middle, _ = gather(points, PLACE_M, PLACES)
    order = neighbouring(middle)
    cases, people = (
        np.bincount(place, weights=each)[order].astype(np.int64) for each in (need, np.ones(count))
    )
    return Scanned(
        f"{count} houses, as a run", middle[order], cases, people, share,
        bernoulli=True, centres=spread(middle[order], CENTRES),
    )  # fmt: skip
