"""How fast ``geo.edge_distance`` measures households from a shore and a forest edge, beside shapely, and how exactly.

``python3 scripts/bootstrap.py bench distances [--points N] [--sea FILE] [--runs N] [--markdown]``. What is compared,
and why it is fair, stands in docs/benchmark.md.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

import geopandas as gpd
import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import shapes
from scipy.ndimage import gaussian_filter

from geo.boundaries import Boundaries, default_folder, read_boundaries
from geo.edge_distance import edge_distance
from scripts.tables import table, turned

POINTS = 1_000_000
OURS = "edge_distance"
PEER, TREE = "shapely.distance, prepared line", "STRtree of its pieces, nearest"
GOAL_TIMES, GOAL_M = 10, 3.0
CELL_M, LEAST_HA = 20.0, 25.0
_BLOTCHES = (5, 15, 50)  # cells: trees stand in patches of every size

Floats = NDArray[np.float64]


def households(district: Boundaries, count: int, seed: int = 7) -> Floats:
    """Return positions in metres: four fifths in hamlets, ten a desa, and a fifth anywhere in its box."""
    chance = np.random.default_rng(seed)
    desa = district.desa.to_crs(district.measuring).geometry.to_numpy()
    west, south, east, north = shapely.bounds(desa).T
    at = chance.integers(0, len(desa), count)
    low, size = np.column_stack([west, south]), np.column_stack([east - west, north - south])
    hamlet = chance.random((len(desa), 10, 2))[at, chance.integers(0, 10, count)]
    hamlet[: count // 5] = chance.random((count // 5, 2))
    spread = np.where(np.arange(count) < count // 5, 0.0, 150.0)
    points: Floats = low[at] + hamlet * size[at] + chance.normal(0, 1, (count, 2)) * spread[:, None]
    return points[chance.permutation(count)]


def shore_line(district: Boundaries, file: Path | None) -> shapely.Geometry:
    """Return the shore of a file of polygons or lines, else the district's own, metres."""
    sea = district.sea if file is None else gpd.read_file(file)
    if sea is None:
        sys.exit("This district has no sea: name a file with --sea.")
    whole = shapely.union_all(sea.to_crs(district.measuring).geometry.to_numpy())
    return whole if shapely.get_dimensions(whole) == 1 else shapely.boundary(whole)


def forest_edge(points: Floats, seed: int = 3) -> shapely.Geometry:
    """Return the outline of invented tree cover, traced from a raster as a district's is: every patch of 25 ha."""
    chance = np.random.default_rng(seed)
    west, south = points.min(axis=0)
    east, north = points.max(axis=0)
    size = int((north - south) / CELL_M) + 1, int((east - west) / CELL_M) + 1
    noise = sum((gaussian_filter(chance.standard_normal(size), s) * s for s in _BLOTCHES), np.zeros(size))
    trees = noise / noise.std() + np.linspace(-1, 1, size[0])[:, None] > 0.3  # noqa: PLR2004  -- a third of it
    traced = shapes(trees.astype("uint8"), trees, transform=Affine(CELL_M, 0, west, 0, -CELL_M, north))
    patches = np.array([shapely.geometry.shape(outline) for outline, _ in traced], dtype=object)
    return shapely.boundary(shapely.union_all(patches[shapely.area(patches) >= LEAST_HA * 1e4]))


def contenders(points: Floats, edge: shapely.Geometry) -> Iterator[tuple[str, Callable[[], Floats]]]:
    """Yield each contender, the points already in its own form; what it makes of the line counts."""
    yield OURS, lambda: edge_distance(points, edge)
    places = shapely.points(points)

    def prepared() -> Floats:
        line = shapely.from_wkb(shapely.to_wkb(edge))  # a copy that was never prepared
        shapely.prepare(line)
        return np.asarray(shapely.distance(line, places))

    def tree() -> Floats:
        parts, part = shapely.get_coordinates(shapely.get_parts(edge), return_index=True)
        follows = np.flatnonzero(part[1:] == part[:-1])
        pieces = shapely.linestrings(np.stack([parts[follows], parts[follows + 1]], axis=1))
        found = shapely.STRtree(pieces).query_nearest(places, return_distance=True, all_matches=False)
        return np.asarray(found[1])

    yield PEER, prepared
    yield TREE, tree


def compare(
    points: Floats, edge: shapely.Geometry, runs: int
) -> tuple[dict[str, float], tuple[float, float]]:
    """Return the best seconds of each contender (a peer runs once), and by how much ours are too short and too long."""
    seconds: dict[str, float] = {}
    found: dict[str, Floats] = {}
    for name, measure in contenders(points, edge):
        for _ in range(runs if name == OURS else 1):
            begin = perf_counter()
            found[name] = measure()
            seconds[name] = min(seconds.get(name, np.inf), perf_counter() - begin)
        print(f"  {name}: {seconds[name]:.2f} s", file=sys.stderr, flush=True)
    off = found[OURS] - found[PEER]
    return seconds, (float(max(0.0, -off.min())), float(off.max()))


HEADINGS = (
    "", "vertices", "km", f"{OURS}, s", f"{PEER}, s", f"{TREE}, s", "× the better peer", "× shapely.distance",
    "too short at most, m", "too long at most, m",
)  # fmt: skip


def row(name: str, edge: shapely.Geometry, seconds: dict[str, float], off: tuple[float, float]) -> list[str]:
    """Return the figures of one edge."""
    ours, peer, tree = seconds[OURS], seconds[PEER], seconds[TREE]
    return [
        name,
        str(shapely.get_num_coordinates(edge)),
        f"{shapely.length(edge) / 1000:.0f}",
        *(f"{spent:.2f}" for spent in (ours, peer, tree)),
        f"{min(peer, tree) / ours:.1f}",
        f"{peer / ours:.1f}",
        f"{off[0]:.3f}",
        f"{off[1]:.2f}",
    ]


def main(words: Sequence[str]) -> None:
    """Read the arguments, measure the shore and the forest edge, tell."""
    parser = argparse.ArgumentParser(
        prog="bench distances", description="Measure edge_distance beside shapely."
    )
    parser.add_argument("--points", type=int, default=POINTS)
    parser.add_argument(
        "--sea", type=Path, help="file of the sea or of its shore; the district's own when not given"
    )
    parser.add_argument("--runs", type=int, default=3, help="of ours; the best counts, a peer runs once")
    parser.add_argument("--markdown", action="store_true", help="print a table ready to paste")
    wish = parser.parse_args(words)
    district = read_boundaries(default_folder())
    points = households(district, wish.points)
    edges = {"shore": shore_line(district, wish.sea), "forest edge": forest_edge(points)}
    rows: list[Sequence[str]] = [HEADINGS]
    for name, edge in edges.items():
        print(f"{name}, {len(points)} points, load {_load()}:", file=sys.stderr, flush=True)
        rows.append(row(name, edge, *compare(points, edge, wish.runs)))
    print(table(turned(rows), markdown=wish.markdown))
    print(
        f"\n{len(points)} points. Goals: {GOAL_TIMES} × shapely.distance, within {GOAL_M:g} m of it. "
        f"{os.cpu_count()} cores, load {_load()}, numpy {version('numpy')}, scipy {version('scipy')}, "
        f"shapely {version('shapely')}, GEOS {shapely.geos_version_string}."
    )


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


if __name__ == "__main__":
    main(sys.argv[1:])
