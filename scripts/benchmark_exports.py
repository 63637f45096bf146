"""How fast the households of a run become files, beside what geopandas and pandas write of the same table.

``python3 scripts/bootstrap.py bench exports [--households N] [--run FOLDER] [--runs N] [--format ID ...]
[--markdown]``. What is compared, and why it is fair, stands in docs/benchmark.md.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from scripts.benchmark import Failed, machine
from scripts.benchmark_atlas import make_run
from scripts.tables import table

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.products import Product

GOALS = {"geojson": 3.0}
"""How many times as fast; no slower (1) for the others."""

COLLECTION = "rumah_tangga"
HELD = 0.9
"""Of a goal, that counts as met where the goal is no slower: one run tells no finer."""


def product_of(run: Path) -> "Product":
    """Return the households of a run as an agency would have them, every column and every row."""
    from geo.levels import Level  # noqa: PLC0415  -- each contender loads what it needs
    from geo.products import Scope, make_product  # noqa: PLC0415
    from geo.runs import open_run  # noqa: PLC0415
    from geo.settings.sharing import SharingSettings  # noqa: PLC0415

    whole = make_product(open_run(run), Scope(Level.OPD), SharingSettings())
    return replace(whole, collections={COLLECTION: whole.collections[COLLECTION]})


def _layer(driver: str, name: str, **options: str) -> Callable[["gpd.GeoDataFrame", Path], None]:
    return lambda rows, folder: rows.to_file(folder / name, driver=driver, **options)


def _placed(driver: str, name: str) -> Callable[["gpd.GeoDataFrame", Path], None]:
    return lambda rows, folder: rows[rows.geometry.notna()].to_file(folder / name, driver=driver)


def _flat(rows: "gpd.GeoDataFrame") -> "gpd.GeoDataFrame":
    return rows.assign(lon=rows.geometry.x, lat=rows.geometry.y).drop(columns="geometry")


def _waypoints(rows: "gpd.GeoDataFrame", folder: Path) -> None:
    placed = rows[rows.geometry.notna()]
    points = placed[["geometry"]].assign(name=placed.iloc[:, 0], desc=placed["nama_desa"])
    points.to_file(folder / "waypoints.gpx", driver="GPX", layer="waypoints")


PEERS: dict[str, tuple[str, Callable[["gpd.GeoDataFrame", Path], None]]] = {
    "geojson": ("GeoDataFrame.to_file", _layer("GeoJSON", "rumah.geojson")),
    "gpkg": ("GeoDataFrame.to_file", _layer("GPKG", "rumah.gpkg")),
    "fgb": ("GeoDataFrame.to_file, those with a point", _placed("FlatGeobuf", "rumah.fgb")),
    "shp": ("GeoDataFrame.to_file", _layer("ESRI Shapefile", "rumah.shp", encoding="UTF-8")),
    "parquet": ("GeoDataFrame.to_parquet, zstd", lambda rows, folder: rows.to_parquet(
        folder / "rumah.parquet", compression="zstd", schema_version="1.1.0", write_covering_bbox=True)),
    "kmz": ("GeoDataFrame.to_file (LIBKML)", _layer("LIBKML", "rumah.kmz")),
    "gpx": ("GeoDataFrame.to_file, name and desa", _waypoints),
    "csv": ("DataFrame.to_csv", lambda rows, folder: _flat(rows).to_csv(folder / "rumah.csv", index=False)),
    "xlsx": ("DataFrame.to_excel (openpyxl)", lambda rows, folder: _flat(rows).to_excel(
        folder / "rumah.xlsx", index=False)),
}  # fmt: skip


def seconds(write: Callable[[Path], object]) -> tuple[float, float]:
    """Return how long one writing to an empty folder took, and the megabytes that came of it."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        begin = perf_counter()
        write(folder)
        took = perf_counter() - begin
        return took, sum(path.stat().st_size for path in folder.iterdir()) / 1e6


def compare(product: "Product", names: Sequence[str], runs: int) -> list[list[str]]:
    """Write each format so many times in turn with the peer; return the rows of the comparison."""
    import warnings  # noqa: PLC0415

    from geo.exports import FORMATS  # noqa: PLC0415

    rows = [["", "ours", "size", "peer", "took", "size", "times as fast", "goal"]]
    shapes = product.collections[COLLECTION].table
    # what a peer is fed is what it can hold: words for categories, figures of pandas' plain kinds
    plain = shapes.astype({name: "str" for name, kind in shapes.dtypes.items() if str(kind) == "category"})
    for name in names:
        title, peer = PEERS[name]
        own: list[float] = []
        other: list[float] = []
        for _ in range(1 if name == "xlsx" else runs):
            took, size = seconds(lambda folder, name=name: FORMATS[name].write(product, folder))  # type: ignore[misc]
            own.append(took)
            with warnings.catch_warnings():
                warnings.simplefilter(
                    "ignore"
                )  # names cut to ten letters and the like are the peer's business
                took, theirs = seconds(lambda folder, peer=peer: peer(plain, folder))  # type: ignore[misc]
            other.append(took)
        ratio, goal = median(other) / median(own), GOALS.get(name, 1.0)
        met = "met" if ratio >= (goal if name in GOALS else HELD) else "missed"
        rows.append(
            [name, f"{median(own):.2f} s", f"{size:.0f} MB", title, f"{median(other):.2f} s", f"{theirs:.0f} MB",
             f"{ratio:.1f}", f"{goal:.0f} ({met})"]
        )  # fmt: skip
        print(" ".join(rows[-1]), file=sys.stderr, flush=True)
    return rows


def main(words: Sequence[str]) -> None:
    """Read the arguments, prepare, measure, tell."""
    parser = argparse.ArgumentParser(prog="bench exports", description="Measure the writing of each format.")
    parser.add_argument("--households", type=int, default=100_000)
    parser.add_argument("--run", type=Path, help="a run at hand, instead of one of an invented sample")
    parser.add_argument(
        "--runs", type=int, default=3, help="of each contender; the median counts (%(default)s)"
    )
    parser.add_argument("--format", action="append", choices=PEERS, help="only these; all by default")
    parser.add_argument("--markdown", action="store_true", help="print the table ready to paste")
    wish = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as temporary:
        try:
            run = (wish.run or make_run(Path(temporary), wish.households)).resolve()
        except Failed as fault:
            sys.exit(f"A measured process failed:\n{fault}")
        product = product_of(run)
        rows = compare(product, wish.format or list(PEERS), wish.runs)
    count = len(product.collections[COLLECTION].table)
    print(f"{table(rows, markdown=wish.markdown)}\n\n{count} households. {machine()}")


if __name__ == "__main__":
    main(sys.argv[1:])
