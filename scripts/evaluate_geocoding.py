"""Noisy sheets with known truth, and how they are geocoded: ``python scripts/evaluate_geocoding.py``.

What is measured, and how to read it, stands in docs/evaluation.md. Ends with 1 when the goals over the mix are missed.
"""

import argparse
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from time import perf_counter

import pandas as pd

sys.path.insert(
    0, str(Path(__file__).resolve().parent.parent)
)  # the script runs from any folder, not installed

from geo.boundaries import Boundaries, default_folder, read_boundaries
from geo.boundary_import import boundaries_from_file
from geo.errors import PetaError
from geo.evaluation import evaluate, kind_names, kind_table, missed_goals, summary
from geo.settings import read_settings

WRONG_ROWS = "wrong_rows.csv"
SEED = 326


def main() -> None:
    """Read the arguments, evaluate every set of boundaries, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--boundaries", type=Path, help="also on this folder of a district, or file of desa")
    parser.add_argument(
        "--households", type=int, default=20_000, help="rows of the mix a strength (%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument(
        "--kinds", nargs="+", default=[], choices=kind_names(), metavar="KIND", help="these kinds alone"
    )
    parser.add_argument("--settings", type=Path, help="TOML, as for peta assess")
    parser.add_argument("--markdown", action="store_true", help="print the tables ready to paste")
    parser.add_argument("--keep", type=Path, help="keep sheets, truth and the wrong rows here; all invented")
    wish = parser.parse_args()
    try:
        settings = read_settings(wish.settings)
        grounds = {"schematic" if wish.boundaries else "default": read_boundaries(default_folder())}
        if wish.boundaries:
            grounds["real"] = _boundaries(wish.boundaries)
    except PetaError as fault:
        sys.exit(str(fault))
    begin = perf_counter()
    found = []
    with nullcontext(wish.keep) if wish.keep else tempfile.TemporaryDirectory() as kept:
        for name, boundaries in grounds.items():
            folder = Path(kept) / name
            folder.mkdir(parents=True, exist_ok=True)
            rows = evaluate(
                boundaries,
                settings,
                folder,
                households=wish.households,
                seed=wish.seed,
                kinds=wish.kinds,
                watch=_say,
            )
            found.append(rows.assign(ground=name))
        rows = pd.concat(found, ignore_index=True)
        if wish.keep:
            _keep(rows, wish.keep)
    show(kind_table(rows, list(grounds)), markdown=wish.markdown)
    figures = summary(rows)
    if figures.empty:
        return
    show(figures.round(2), markdown=wish.markdown)
    missed = missed_goals(figures)
    print(
        f"{len(rows)} rows in {perf_counter() - begin:.0f} s.",
        *(f"MISSED: {goal}" for goal in missed),
        sep="\n",
    )
    sys.exit(bool(missed))


def _say(kind: str) -> None:
    print(kind, end=" ", file=sys.stderr, flush=True)


def _boundaries(path: Path) -> Boundaries:
    return read_boundaries(path) if path.is_dir() else boundaries_from_file(path, default_folder())


def _keep(rows: pd.DataFrame, folder: Path) -> None:
    rows.to_parquet(folder / "truth.parquet", index=False)
    bad = (rows["outcome"] == "wrong") | (rows["point_outcome"] == "wrong")
    bad |= (rows["class"] == "unsure") & (rows["outcome"] == "right")
    bad |= (rows["class"] == "resolvable") & ~rows["outcome"].isin(["right", "wrong"])
    rows[bad].to_csv(folder / WRONG_ROWS, index=False)


def show(table: pd.DataFrame, *, markdown: bool) -> None:
    """Print a table, for the eye or ready to paste."""
    if not markdown:
        print(table.to_string(), end="\n\n")
        return
    heads = [" ".join(map(str, head)) if isinstance(head, tuple) else str(head) for head in table.columns]
    print("|", *(f"{head} |" for head in ["", *heads]))
    print("|---|" + "---:|" * len(heads))
    for name, row in table.iterrows():
        label = ", ".join(name) if isinstance(name, tuple) else name
        print("|", label, "|", *(f"{value:g} |" for value in row))
    print()


if __name__ == "__main__":
    main()
