"""How fast hot spots, circles of the scan and kantong are found, beside esda, a plain numpy scan, and other HDBSCANs.

``python3 scripts/bootstrap.py bench clusters [--only PART ...] [--replicates N] [--markdown]``. What is compared, and
why it is fair, stands in docs/benchmark.md.
"""

import argparse
import os
import sys
import warnings
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd

from geo.boundaries import default_folder, read_boundaries
from geo.clusters import find_kantong
from geo.clusters.hdbscan import hdbscan
from geo.clusters.local_statistics import gi_star
from geo.clusters.permutation import gi_star_p
from geo.evaluation.clusters import World
from geo.settings import ClusterSettings, Settings
from scripts.benchmark_scan import SCAN_HEADS, best_of, of_areas, of_houses, say, scan_row
from scripts.cluster_grounds import Areas, areas, homes
from scripts.cluster_peers import weights
from scripts.tables import table

PARTS = ("gi", "areas", "houses", "hdbscan")
GOAL_GI, GOAL_AREAS, GOAL_MANY = 5, 15, 80
LIBRARIES = ("numpy", "scipy", "esda", "libpysal", "numba", "fast_hdbscan", "scikit-learn")
NOTHING = "-"


def installed(*modules: str) -> bool:
    """Say whether a peer is there."""
    return all(find_spec(module) for module in modules)


GI_HEADS = (
    "desa", "permutations", "ours, s", "esda, 1 job, s", "esda, all cores, s", "x the better esda",
    "z differs at most", "p differs at most, standard errors",
)  # fmt: skip


def gi_row(where: Areas, permutations: int) -> list[str]:
    """Compare Gi* of the rates and its p-values; ours are two-sided, twice those of esda."""
    values = where.cases / where.population
    spent, (z, p) = best_of(
        lambda: (gi_star(values, where.links), gi_star_p(values, where.links, permutations, 1))
    )
    row = [f"{len(values)}", f"{permutations}", f"{spent:.2f}"]
    if not installed("esda", "libpysal"):
        return [*row, *[NOTHING] * 5]
    links = weights(where.links)
    tests = import_module("esda")

    def esda(jobs: int, draws: int) -> Any:  # noqa: ANN401  -- esda.G_Local; the module may be missing
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return tests.G_Local(
                values,
                links,
                transform="B",
                star=True,
                permutations=draws,
                n_jobs=jobs,
                keep_simulations=False,
                seed=1,
            )

    took = {}
    for jobs in (1, -1):
        esda(jobs, 99)  # what it compiles and starts is not counted
        took[jobs], theirs = best_of(partial(esda, jobs, permutations))
        say(f"esda, {len(values)} desa, n_jobs={jobs}: {took[jobs]:.1f} s")
    tested = np.isfinite(p)
    apart = float(np.abs(z - theirs.Zs)[tested].max())
    half = np.clip(p[tested] / 2, 1 / permutations, 1 - 1 / permutations)
    error = np.sqrt(2 * half * (1 - half) / permutations)
    off = float((np.abs(np.minimum(half, 0.5) - np.minimum(theirs.p_sim[tested], 0.5)) / error).max())
    ratio = min(took.values()) / spent
    return [*row, f"{took[1]:.1f}", f"{took[-1]:.1f}", f"{ratio:.1f}", f"{apart:.1e}", f"{off:.1f}"]


HDBSCAN_HEADS = (
    "points", "ours, s", "fast_hdbscan, s", "x", "adjusted Rand index", "scikit-learn, s", "x",
    "adjusted Rand index", "kantong, s",
)  # fmt: skip


def hdbscan_row(world: World, count: int, seed: int = 7) -> list[str]:
    """Compare HDBSCAN on houses; kantong are found among the same houses, all of them in need."""
    points, people = homes(world, count, np.random.default_rng(seed))
    points = np.unique(points, axis=0)  # ours counts a spot once, which the others do not
    chosen = ClusterSettings()
    least = chosen.minimum_households
    spent, labels = best_of(lambda: hdbscan(points, least))
    row = [f"{len(points)}", f"{spent:.2f}"]
    # scikit-learn counts the point itself among its neighbours, as ours does; fast_hdbscan does not
    for module, name, near in (
        ("fast_hdbscan", "fast_hdbscan", least - 1),
        ("sklearn", "sklearn.cluster", least),
    ):
        if not installed(module, "sklearn"):
            row += [NOTHING] * 3
            continue
        grouper = import_module(name).HDBSCAN(min_cluster_size=least, min_samples=near)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            grouper.fit_predict(points[:500])  # what it compiles is not counted
            took, theirs = best_of(partial(grouper.fit_predict, points))
        say(f"{module}, {count} points: {took:.1f} s")
        like = import_module("sklearn.metrics").adjusted_rand_score(labels, theirs)
        row += [f"{took:.2f}", f"{took / spent:.1f}", f"{like:.4f}"]
    people["need_rtlh"] = pd.array(np.ones(count, dtype=bool), dtype="boolean")
    took, _ = best_of(lambda: find_kantong(people, "rtlh", world.ground.crs, chosen))
    return [*row, f"{took:.2f}"]


def main(words: Sequence[str]) -> None:
    """Read the arguments, measure every part, tell."""
    parser = argparse.ArgumentParser(prog="bench clusters", description="Measure the search for clusters.")
    parser.add_argument("--only", nargs="+", default=PARTS, choices=PARTS, metavar="PART")
    parser.add_argument("--copies", type=int, default=30, help="of the district, side by side (%(default)s)")
    parser.add_argument("--permutations", type=int, default=99_999)
    parser.add_argument("--replicates", type=int, default=9_999)
    parser.add_argument("--houses", type=int, default=20_000)
    parser.add_argument("--points", type=int, nargs="+", default=[20_000, 100_000], help="of HDBSCAN")
    parser.add_argument(
        "--plain-centres", type=int, default=300, help="at most so many of the plain scan; scaled to all"
    )
    parser.add_argument(
        "--plain-replicates",
        type=int,
        default=256,
        help="likewise, where there are more centres (%(default)s)",
    )
    parser.add_argument("--markdown", action="store_true", help="print tables ready to paste")
    wish = parser.parse_args(words)
    district = read_boundaries(default_folder())
    grounds = [areas(district, copies) for copies in dict.fromkeys((1, wish.copies))]
    world = World.of(district, Settings())
    tables: list[list[Sequence[str]]] = []
    if "gi" in wish.only:
        tables.append([GI_HEADS, *(gi_row(ground, wish.permutations) for ground in grounds)])
    scans = [of_areas(ground) for ground in grounds] if "areas" in wish.only else []
    if "houses" in wish.only:
        scans += [of_houses(world, wish.houses, gathered=gathered) for gathered in (True, False)]
    if scans:
        limits = wish.replicates, wish.plain_centres, wish.plain_replicates
        tables.append([SCAN_HEADS, *(scan_row(scan, *limits) for scan in scans)])
    if "hdbscan" in wish.only:
        tables.append([HDBSCAN_HEADS, *(hdbscan_row(world, count) for count in wish.points)])
    for cells in tables:
        print(table(cells, markdown=wish.markdown), end="\n\n")
    print(
        f"Goals: Gi* {GOAL_GI} x esda; the scan {GOAL_AREAS} x and {GOAL_MANY} x a plain one on few and many areas. "
        f"{os.cpu_count()} cores, load {_load()}, {', '.join(f'{name} {_version(name)}' for name in LIBRARIES)}."
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


if __name__ == "__main__":
    main(sys.argv[1:])
