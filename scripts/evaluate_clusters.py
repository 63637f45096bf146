"""How often clusters are found where there are none, and where there are: ``python scripts/evaluate_clusters.py``.

What is measured, and how to read it, stands in docs/evaluation.md. Ends with 1 when a goal is missed. Beside esda and
DBSCAN it is run by the Python of the benchmarks: ``.venv-bench/bin/python scripts/evaluate_clusters.py``.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

import pandas as pd

sys.path.insert(
    0, str(Path(__file__).resolve().parent.parent)
)  # the script runs from any folder, not installed

from geo.boundaries import Boundaries, default_folder, read_boundaries
from geo.boundary_import import boundaries_from_file
from geo.errors import PetaError
from geo.evaluation import clusters
from geo.evaluation.clusters.trials import Plan
from geo.settings import Settings, read_settings
from scripts.cluster_peers import available
from scripts.tables import table

SEED = 326
FULL = {"runs": 400, "permutations": 99_999, "replicates": 999, "house_replicates": 999}


def main(words: Sequence[str] | None = None) -> None:
    """Read the arguments, try every ground, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--boundaries", type=Path, help="also on this folder of a district, or file of desa")
    parser.add_argument(
        "--register", type=Path, help="a sheet: also with as many households a desa as it has"
    )
    parser.add_argument("--runs", type=int, default=40, help="of each scenario (%(default)s)")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--permutations", type=int, default=99_999, help="of Gi* and Moran (%(default)s)")
    parser.add_argument("--replicates", type=int, default=499, help="of the scan of desa (%(default)s)")
    parser.add_argument(
        "--house-replicates", type=int, default=199, help="of the scan of houses (%(default)s)"
    )
    parser.add_argument(
        "--full", action="store_true", help=" ".join(f"--{k} {v}" for k, v in FULL.items()).replace("_", "-")
    )
    parser.add_argument("--households", type=int, default=20_000, help="of the district (%(default)s)")
    parser.add_argument("--groups", nargs="+", default=clusters.GROUPS, choices=clusters.GROUPS)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--settings", type=Path, help="TOML, as for peta assess")
    parser.add_argument("--markdown", action="store_true", help="print the tables ready to paste")
    parser.add_argument("--keep", type=Path, help="write what every method found in every run to this CSV")
    wish = parser.parse_args(words)
    if wish.full:
        vars(wish).update(FULL)
    try:
        settings = _settings(wish)
        grounds = {"schematic" if wish.boundaries else "default": read_boundaries(default_folder())}
        if wish.boundaries:
            grounds["real"] = _boundaries(wish.boundaries)
        begin = perf_counter()
        finders, missing = available()
        for name in missing:
            print(f"{name} is not installed: nothing is compared with it.", file=sys.stderr)
        rows = pd.DataFrame()
        for name, boundaries in grounds.items():
            rows = pd.concat([rows, _tried(name, boundaries, settings, finders, wish)], ignore_index=True)
            if wish.keep:
                rows.to_csv(wish.keep, index=False)
    except PetaError as fault:
        sys.exit(str(fault))
    show(rows, markdown=wish.markdown)
    missed = clusters.missed_goals(rows)
    print(_about(wish, missing, perf_counter() - begin), *(f"MISSED: {goal}" for goal in missed), sep="\n")
    sys.exit(bool(missed))


def _tried(
    name: str,
    boundaries: Boundaries,
    settings: Settings,
    peers: Sequence[clusters.Finder],
    wish: argparse.Namespace,
) -> pd.DataFrame:
    """Run every scenario on one ground."""
    sizes = clusters.register_sizes(wish.register, boundaries, settings) if wish.register else None
    plan = Plan(
        clusters.World.of(boundaries, settings),
        settings,
        (*clusters.OURS, *peers),
        wish.households,
        wish.seed,
        sizes,
    )
    wanted = clusters.scenarios(wish.groups, register=sizes is not None)
    begin = perf_counter()

    def watch(done: int, of: int) -> None:
        if done % max(of // 50, 1) == 0:
            print(f"{name}: {done} of {of}, {perf_counter() - begin:.0f} s", file=sys.stderr, flush=True)

    found = clusters.run_trials(plan, wanted, wish.runs, processes=wish.processes, watch=watch)
    return found.assign(ground=name)


def _settings(wish: argparse.Namespace) -> Settings:
    """Return the settings with as many permutations and replicates as were asked for."""
    settings = read_settings(wish.settings)
    hot_spots = settings.hot_spots.model_copy(update={"permutations": wish.permutations})
    drawn = {"replicates": wish.replicates, "household_replicates": wish.house_replicates}
    scan = settings.scan.model_copy(update=drawn)
    return settings.model_copy(update={"hot_spots": hot_spots, "scan": scan})


def _boundaries(path: Path) -> Boundaries:
    return read_boundaries(path) if path.is_dir() else boundaries_from_file(path, default_folder())


def show(rows: pd.DataFrame, *, markdown: bool) -> None:
    """Print every table that has figures."""
    null = "No clustering: runs in which something is said to be {}, % (95 %)"
    tables = {
        null.format("higher"): clusters.null_table(rows, "hot", ["null"]),
        null.format("higher or lower"): clusters.null_table(rows, "any", ["null"]),
        null.format("higher, houses of a part of the district"): clusters.null_table(rows, "hot", ["houses"]),
        "Planted desa": clusters.found_table(rows),
        "A planted hamlet": clusters.apart_table(rows),
        "No clustering, all households of a desa on one spot": clusters.stacked_table(rows),
    }
    for title, cells in tables.items():
        if len(cells) > 1:
            print(f"{title}\n\n{table(cells, markdown=markdown)}\n")


def _about(wish: argparse.Namespace, missing: Sequence[str], seconds: float) -> str:
    esda = "" if "esda" in missing else f" esda {version('esda')}, 999 permutations, p_sim < 0.05."
    return (
        f"{wish.runs} runs a scenario, {wish.households} households a district, {wish.permutations} permutations, "
        f"{wish.replicates} replicates over desa, {wish.house_replicates} over houses, seed {wish.seed}.{esda} "
        f"{seconds:.0f} s."
    )


if __name__ == "__main__":
    main()
