"""How fast the land cover of every desa is measured, beside exactextract and rasterstats, with the same answers.

``python3 scripts/bootstrap.py bench landcover [--copies N ...] [--boundaries FILE_OR_FOLDER] [--markdown]``. What is
compared, and why it is fair, stands in docs/benchmark.md.
"""

import argparse
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from time import perf_counter, process_time

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
import shapely
from affine import Affine
from exactextract import exact_extract
from rasterio.windows import Window
from scipy.ndimage import gaussian_filter

from geo.landcover import CLASSES, read_land_cover
from scripts.benchmark_locate import read_polygons, roughen, side_by_side
from scripts.tables import table

CELL = 1 / 12_000  # degrees: that of ESA WorldCover, 9.2 m
COPIES = (1, 30)
OURS, EXACT, PEER = "LandCover.shares", "exactextract", "rasterstats"
GOAL_TIMES, GOAL_POINTS = 4, 0.1
BLOCK = 1024  # cells of a block of the file, across and down, as in WorldCover
_CODES = np.array([10, 20, 30, 40, 50, 60, 80, 90, 95], dtype=np.uint8)
_FEW_VERTICES = 60  # a desa; a schematic border has fewer

Shares = pd.DataFrame


def write_cover(path: Path, bounds: Sequence[float], cell: float = CELL) -> int:
    """Write invented land cover over some bounds (degrees), patches a few cells wide; return how many cells."""
    west, south, east, north = bounds
    width, height = int((east - west) / cell) + 20, int((north - south) / cell) + 20
    noise = np.random.default_rng(11).normal(size=(BLOCK, BLOCK))
    field = gaussian_filter(noise, 3, mode="wrap")
    steps = np.quantile(field, np.linspace(0, 1, len(_CODES) + 1)[1:-1])
    pattern = _CODES[np.digitize(field, steps)]
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=1, dtype="uint8", crs="EPSG:4326", nodata=0,
        transform=Affine(cell, 0, west - 9.3 * cell, 0, -cell, north + 8.6 * cell), compress="deflate",
        tiled=True, blockxsize=BLOCK, blockysize=BLOCK, bigtiff="if_safer",
    ) as raster:  # fmt: skip
        for row in range(0, height, BLOCK):
            for column in range(0, width, BLOCK):
                part = np.roll(pattern, (row // 7 + column // 3) % BLOCK, axis=1)
                part = part[: min(BLOCK, height - row), : min(BLOCK, width - column)]
                raster.write(part, 1, window=Window(column, row, part.shape[1], part.shape[0]))
    return width * height


def ours(path: Path, desa: gpd.GeoDataFrame) -> Shares:
    """Open the raster and measure, as a run does."""
    return read_land_cover([str(path)], desa, source="", year="").shares(desa.geometry)


def by_exactextract(path: Path, desa: gpd.GeoDataFrame) -> Shares:
    """Let exactextract take the part of each class in each polygon."""
    read = exact_extract(str(path), desa, ["unique", "frac"], output="pandas")
    parts = read.explode(["unique", "frac"]).set_index("unique", append=True)["frac"].astype(float)
    return _all_classes(parts.unstack(fill_value=0.0))  # noqa: PD010  -- a pivot of unique pairs


def by_rasterstats(path: Path, desa: gpd.GeoDataFrame) -> Shares:
    """Let rasterstats count the cells of each class whose centre lies in each polygon."""
    from rasterstats import zonal_stats  # noqa: PLC0415  -- only the environment of the benchmark has it

    counted = pd.DataFrame(zonal_stats(desa, str(path), categorical=True)).fillna(0.0)
    return _all_classes(counted.div(counted.sum(axis=1), axis=0))


def _all_classes(shares: Shares) -> Shares:
    return shares.reindex(columns=list(CLASSES), fill_value=0.0)


def contenders() -> dict[str, Callable[[Path, gpd.GeoDataFrame], Shares]]:
    """Return those that are installed, ours first."""
    found: dict[str, Callable[[Path, gpd.GeoDataFrame], Shares]] = {OURS: ours, EXACT: by_exactextract}
    if importlib.util.find_spec("rasterstats"):
        return found | {PEER: by_rasterstats}
    print("rasterstats is not installed; the environment .venv-bench has it.", file=sys.stderr)
    return found


def compare(path: Path, desa: gpd.GeoDataFrame, runs: int) -> pd.DataFrame:
    """Let each contender measure in turn.

    Returns
    -------
    pandas.DataFrame
        Index: the contenders. ``wall``, ``cpu``: seconds of its best run; ``apart``: the largest difference of any
        share of any desa from that of exactextract, in percentage points.
    """
    figures: dict[str, tuple[float, float]] = {}
    answers: dict[str, np.ndarray] = {}
    for _ in range(runs):
        for name, measure in contenders().items():
            begin, spent = perf_counter(), process_time()
            answers[name] = measure(path, desa).to_numpy()
            took = perf_counter() - begin, process_time() - spent
            figures[name] = min(figures.get(name, took), took)
            print(f"  {name}: {took[0]:.2f} s, CPU {took[1]:.2f} s", file=sys.stderr, flush=True)
    found = pd.DataFrame.from_dict(figures, orient="index", columns=["wall", "cpu"])
    apart = {name: float(np.abs(answer - answers[EXACT]).max()) * 100 for name, answer in answers.items()}
    return found.assign(apart=pd.Series(apart))


def rows(found: pd.DataFrame, desa: int, cells: int) -> list[list[str]]:
    """Return the figures of one size, a contender a row."""
    best = found.loc[OURS]
    return [
        [
            str(name),
            f"{desa:_}".replace("_", " "),
            f"{cells / 1e6:.0f} M",
            f"{figures['wall']:.2f}",
            f"{figures['wall'] / best['wall']:.1f}",
            f"{figures['cpu']:.2f}",
            f"{figures['cpu'] / best['cpu']:.1f}",
            f"{figures['apart']:.4f}",
        ]
        for name, figures in found.iterrows()
    ]


HEADINGS = ["", "desa", "cells", "wall, s", "× ours", "CPU, s", "× ours", "points from exactextract"]


def main(words: Sequence[str]) -> None:
    """Read the arguments, make the sizes one after the other, tell."""
    parser = argparse.ArgumentParser(
        prog="bench landcover", description="Measure land cover by desa beside its peers."
    )
    parser.add_argument("--boundaries", type=Path, help="file of desa, or folder of a district")
    parser.add_argument("--copies", type=int, nargs="+", default=COPIES, help="of the district side by side")
    parser.add_argument("--cell", type=float, default=CELL, help="side of a cell, degrees")
    parser.add_argument("--runs", type=int, default=2, help="of each contender; the best counts")
    parser.add_argument("--markdown", action="store_true", help="print a table ready to paste")
    wish = parser.parse_args(words)
    one = read_polygons(wish.boundaries)
    if shapely.get_num_coordinates(one.to_numpy()).mean() < _FEW_VERTICES:
        one = gpd.GeoSeries(roughen(one.to_numpy()), crs=one.crs)
        print("Schematic borders, roughened to a realistic number of vertices.", file=sys.stderr)
    lines = [HEADINGS]
    with tempfile.TemporaryDirectory() as folder:
        for copies in wish.copies:
            desa = gpd.GeoDataFrame(geometry=side_by_side(one, copies))
            cells = write_cover(Path(folder) / "cover.tif", desa.total_bounds, wish.cell)
            print(f"{len(desa)} desa, {cells / 1e6:.0f} M cells:", file=sys.stderr, flush=True)
            lines += rows(compare(Path(folder) / "cover.tif", desa, wish.runs), len(desa), cells)
    print(table(lines, markdown=wish.markdown))
    print(
        f"\nGoals: {GOAL_TIMES} × as fast as both peers, every share within {GOAL_POINTS} points of exactextract. "
        f"{_machine()}"
    )


def _machine() -> str:
    names = ("numpy", "shapely", "rasterio", "exactextract", "rasterstats")
    libraries = [f"{name} {version(name)}" for name in names if importlib.util.find_spec(name)]
    load = f"load of the last minute {os.getloadavg()[0]:.1f}, " if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores, {load}GDAL {rasterio.__gdal_version__}, {', '.join(libraries)}."


if __name__ == "__main__":
    main(sys.argv[1:])
