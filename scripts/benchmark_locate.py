"""How fast ``geo.locate`` finds the desa of points, beside geopandas, DuckDB and SedonaDB, with the same answers.

``python3 scripts/bootstrap.py bench locate [--quick] [--markdown] [--boundaries FILE_OR_FOLDER]``. What is compared,
and why it is fair, stands in docs/benchmark.md.
"""

import argparse
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

import geopandas as gpd
import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from geo.boundaries import default_folder, read_boundaries
from geo.locate import OUTSIDE, GridIndex, index, locate
from scripts.tables import table, turned

COPIES, QUICK_COPIES = (1, 30, 295), (1, 30)
POINTS, QUICK_POINTS = (1_000_000, 10_000_000), (100_000,)
OURS = ("locate, one-off", "locate, saved index")
SJOIN = ("sjoin within", "sjoin intersects")
PEERS = (*SJOIN, "DuckDB spatial", "SedonaDB")
EXACT = (*OURS, SJOIN[1])
GOAL_SJOIN, GOAL_PEER = 30, 10
_FEW_VERTICES = 60  # a desa; a schematic border has fewer
_BORDER = 1e-9  # degrees
_LEVELS = 5  # each halves every edge

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Pairs = tuple[NDArray[np.integer], NDArray[np.integer]]


@dataclass(frozen=True)
class Task:
    """Points (degrees) and the polygons that they are looked for in."""

    lon: Floats
    lat: Floats
    polygons: gpd.GeoSeries


def read_polygons(source: Path | None) -> gpd.GeoSeries:
    """Return the desa of a file or of a district's folder, else of the district in use, WGS 84."""
    if source and source.is_file():
        polygons = gpd.read_file(source).geometry.to_crs(4326)
    else:
        polygons = read_boundaries(source or default_folder()).desa.geometry
    return gpd.GeoSeries(shapely.force_2d(polygons.to_numpy()), crs=4326)


def roughen(shapes: NDArray[np.object_], levels: int = _LEVELS) -> NDArray[np.object_]:
    """Give schematic polygons the many vertices of surveyed ones; what they shared they still share exactly.

    Each edge is halved and its middle moved aside, again and again, by a share of its length that its two ends
    alone decide: two neighbours so draw the same line. A polygon that would cross itself stays as it was.

    Examples
    --------
    >>> west, east = roughen(np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]), levels=3)
    >>> shapely.get_num_coordinates(west).item(), shapely.intersection(west, east).length > 1
    (33, True)
    """
    kind, xy, offsets = shapely.to_ragged_array(shapes)
    rings = offsets[0].astype(np.int64)
    for _ in range(levels):
        a, b = xy[:-1], xy[1:]
        swap = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
        low, high = np.where(swap[:, None], b, a), np.where(swap[:, None], a, b)
        seed = np.sin(low @ [12.9898e3, 78.233e3] + high @ [39.346e3, 11.135e3]) * 43758.5453
        aside = (seed - np.floor(seed) - 0.5) * 0.3
        middle = (low + high) / 2 + aside[:, None] * (high - low)[:, ::-1] * [1, -1]
        between = np.ones(len(middle), dtype=bool)
        between[rings[1:-1] - 1] = False
        place = np.arange(len(xy)) * 2 - np.searchsorted(rings[1:-1], np.arange(len(xy)), side="right")
        rough = np.empty((len(xy) + between.sum(), 2))
        rough[place], rough[place[:-1][between] + 1] = xy, middle[between]
        rings = np.append(place, len(rough))[rings]
        xy = rough
    drawn: NDArray[np.object_] = shapely.from_ragged_array(kind, xy, (rings, *offsets[1:]))
    return drawn if shapely.is_valid(drawn).all() else np.where(shapely.is_valid(drawn), drawn, shapes)


def side_by_side(polygons: gpd.GeoSeries, copies: int) -> gpd.GeoSeries:
    """Return a larger country: copies of a district in rows and columns."""
    west, south, east, north = polygons.total_bounds
    kind, xy, offsets = shapely.to_ragged_array(polygons.to_numpy())
    wide = int(np.ceil(np.sqrt(copies)))
    steps = [np.array([n % wide * (east - west), n // wide * (north - south)]) for n in range(copies)]
    shapes = np.concatenate([shapely.from_ragged_array(kind, xy + step, offsets) for step in steps])
    return gpd.GeoSeries(shapes, crs=polygons.crs)


def make_points(polygons: gpd.GeoSeries, count: int, seed: int = 7) -> tuple[Floats, Floats]:
    """Return points: four fifths in hamlets, a fifth anywhere, and one in a thousand on a vertex or an edge."""
    chance = np.random.default_rng(seed)
    west, south, east, north = polygons.total_bounds
    size = np.array([east - west, north - south])
    hamlets = chance.random((max(50, count // 400), 2)) * size
    points = hamlets[chance.integers(0, len(hamlets), count)] + chance.normal(0, 0.00225, (count, 2))
    points[: count // 5] = chance.random((count // 5, 2)) * size
    points += [west, south]
    some = chance.choice(len(polygons), min(200, len(polygons)), replace=False)
    vertices, shape = shapely.get_coordinates(polygons.to_numpy()[some], return_index=True)
    first = np.flatnonzero(shape[:-1] == shape[1:])
    first = chance.choice(first, max(1, count // 2000))
    points[-len(first) :] = vertices[first]
    points[-2 * len(first) : -len(first)] = (vertices[first] + vertices[first + 1]) / 2
    return np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])


def lowest(pairs: Pairs, count: int) -> Places:
    """Return of pairs of point and polygon the lowest polygon of each point."""
    found = np.full(count, np.iinfo(np.intp).max)
    np.minimum.at(found, pairs[0], pairs[1])
    found[found == np.iinfo(np.intp).max] = OUTSIDE
    return found


def _sjoin(task: Task, predicate: str) -> Callable[[], Pairs]:
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(task.lon, task.lat, crs=4326))
    desa = gpd.GeoDataFrame(geometry=task.polygons)

    def join() -> Pairs:
        joined = gpd.sjoin(points, desa, predicate=predicate)
        return joined.index.to_numpy(), joined["index_right"].to_numpy()

    return join


def _tables(task: Task) -> tuple[pa.Table, pa.Table]:
    points = pa.table({"point": np.arange(len(task.lon)), "lon": task.lon, "lat": task.lat})
    wkb = pa.array(shapely.to_wkb(task.polygons.to_numpy()), pa.binary())
    return points, pa.table({"desa": np.arange(len(task.polygons)), "wkb": wkb})


def _duckdb(task: Task) -> Callable[[], Pairs]:
    import duckdb  # noqa: PLC0415  -- only the environment of the benchmark has it
    import duckdb_extension_spatial  # noqa: PLC0415

    folder = Path(duckdb_extension_spatial.__file__).parent
    extension = next(folder.rglob("spatial.duckdb_extension"))
    base = duckdb.connect()
    base.execute(f"LOAD '{extension}'")
    points, desa = _tables(task)
    base.register("raw_points", points)
    base.register("raw_desa", desa)
    base.execute("CREATE TABLE points AS SELECT point, ST_Point(lon, lat) AS shape FROM raw_points")
    base.execute("CREATE TABLE desa AS SELECT desa, ST_GeomFromWKB(wkb) AS shape FROM raw_desa")
    query = "SELECT point, desa FROM points p JOIN desa d ON ST_Intersects(p.shape, d.shape)"

    def join() -> Pairs:
        found = base.execute(query).fetchnumpy()
        return found["point"], found["desa"]

    return join


def _sedonadb(task: Task) -> Callable[[], Pairs]:
    import sedonadb  # noqa: PLC0415  -- as above

    base = sedonadb.connect()
    numbered = gpd.GeoDataFrame({"desa": np.arange(len(task.polygons))}, geometry=task.polygons)
    spots = gpd.points_from_xy(task.lon, task.lat, crs=4326)
    points = gpd.GeoDataFrame({"point": np.arange(len(task.lon))}, geometry=spots)
    base.create_data_frame(points).to_memtable().to_view("points")
    base.create_data_frame(numbered).to_memtable().to_view("desa")
    query = "SELECT p.point, d.desa FROM points p JOIN desa d ON ST_Intersects(p.geometry, d.geometry)"

    def join() -> Pairs:
        found = pa.table(base.sql(query))
        return found["point"].to_numpy(), found["desa"].to_numpy()

    return join


def contenders(task: Task, saved: Path) -> Iterator[tuple[str, Callable[[], Places | Pairs]]]:
    """Yield each contender when its turn comes, its data already in its own form."""
    yield OURS[0], lambda: locate(task.lon, task.lat, task.polygons)
    kept = GridIndex.open(saved)
    yield OURS[1], lambda: kept.locate(task.lon, task.lat)
    yield SJOIN[0], _sjoin(task, "within")
    yield SJOIN[1], _sjoin(task, "intersects")
    for name, module, make in (
        (PEERS[2], "duckdb_extension_spatial", _duckdb),
        (PEERS[3], "sedonadb", _sedonadb),
    ):
        if importlib.util.find_spec(module):
            yield name, make(task)
        else:
            print(f"{name} is not installed; the environment .venv-bench has it.", file=sys.stderr)


def check(task: Task, truth: Places, found: Places, name: str) -> int:
    """Return in how many points the answers differ.

    Raises
    ------
    AssertionError
        When exact contenders differ at all, or another one away from a border: ``within`` loses points on edges by
        its definition, and some engines round there.
    """
    points = np.flatnonzero(truth != found)
    borders = shapely.boundary(task.polygons.to_numpy())
    for answer in (truth[points], found[points]):
        given = answer != OUTSIDE
        spots = shapely.points(task.lon[points[given]], task.lat[points[given]])
        away = shapely.distance(borders[answer[given]], spots) > _BORDER
        if away.any() or (len(points) and name in EXACT):
            raise AssertionError(
                f"{name} answers otherwise for {len(points)} points, {away.sum()} not on a border"
            )
    return len(points)


def compare(task: Task, saved: Path, runs: int) -> tuple[dict[str, float], dict[str, int]]:
    """Let each contender answer; return the best of its runs in seconds, and how many answers differ from ours."""
    seconds: dict[str, float] = {}
    differ: dict[str, int] = {}
    truth = None
    for name, answer in contenders(task, saved):
        for _ in range(runs if name in PEERS else max(runs, 3)):
            begin = perf_counter()
            answered = answer()
            seconds[name] = min(seconds.get(name, np.inf), perf_counter() - begin)
        found = lowest(answered, len(task.lon)) if isinstance(answered, tuple) else answered
        truth = found if truth is None else truth
        differ[name] = check(task, truth, found, name)
        said = f"  {name}: {seconds[name]:.3f} s, {differ[name]} answers differ"
        print(said, file=sys.stderr, flush=True)
    return seconds, differ


def row(task: Task, seconds: dict[str, float], differ: dict[str, int], build: float) -> list[str]:
    """Return one line of the comparison: seconds, and how many times faster than the best peers."""
    best, joined = min(seconds[name] for name in PEERS if name in seconds), min(seconds[n] for n in SJOIN)
    times = [f"{seconds[name]:.3f}" if name in seconds else "–" for name in (*OURS, *PEERS)]
    others = [str(differ.get(name, "–")) for name in (SJOIN[0], *PEERS[2:])]
    ratios = [f"{other / seconds[name]:.1f}" for name in OURS for other in (joined, best)]
    return [
        f"{len(task.polygons)}",
        f"{len(task.lon):_}".replace("_", " "),
        *times,
        f"{build:.2f}",
        *ratios,
        *others,
    ]


HEADINGS = [
    "polygons", "points", *(f"{name}, s" for name in (*OURS, *PEERS)), "building the saved index, s",
    "one-off: × best sjoin", "× best peer", "saved: × best sjoin", "× best peer",
    *(f"answers of {name} that differ" for name in (SJOIN[0], *PEERS[2:])),
]  # fmt: skip


def main(words: Sequence[str]) -> None:
    """Read the arguments, make the sizes one after the other, tell."""
    parser = argparse.ArgumentParser(prog="bench locate", description="Measure locate beside its peers.")
    parser.add_argument("--boundaries", type=Path, help="file of desa, or folder of a district")
    parser.add_argument("--quick", action="store_true", help="small sizes only")
    parser.add_argument("--copies", type=int, nargs="+", help="of the district side by side")
    parser.add_argument("--points", type=int, nargs="+")
    parser.add_argument("--runs", type=int, default=2, help="of each contender; the best counts")
    parser.add_argument("--markdown", action="store_true", help="print a table ready to paste")
    wish = parser.parse_args(words)
    desa = read_polygons(wish.boundaries)
    drawn = shapely.get_num_coordinates(desa.to_numpy()).mean()
    if drawn < _FEW_VERTICES:
        desa = gpd.GeoSeries(roughen(desa.to_numpy()), crs=desa.crs)
        print("Schematic borders, roughened to a realistic number of vertices.", file=sys.stderr)
    rows = [HEADINGS]
    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder) / "polygons.index"
        for copies in wish.copies or (QUICK_COPIES if wish.quick else COPIES):
            polygons = side_by_side(desa, copies)
            begin = perf_counter()
            index(polygons).save(saved)
            build = perf_counter() - begin
            for count in wish.points or (QUICK_POINTS if wish.quick else POINTS):
                task = Task(*make_points(polygons, count), polygons)
                size = f"{saved.stat().st_size / 1e6:.0f} MB"
                print(f"{len(polygons)} polygons, {count} points, index {size}:", file=sys.stderr, flush=True)
                rows.append(row(task, *compare(task, saved, wish.runs), build))
    print(table(turned(rows), markdown=wish.markdown))
    vertices = shapely.get_num_coordinates(desa.to_numpy()).mean()
    print(
        f"\n{vertices:.0f} vertices a polygon. Goals: {GOAL_SJOIN} × the best sjoin on the fewest polygons, "
        f"{GOAL_PEER} × the best peer everywhere. {_machine()}"
    )


def _machine() -> str:
    names = ("numpy", "shapely", "geopandas", "duckdb", "sedonadb")
    libraries = [f"{name} {version(name)}" for name in names if importlib.util.find_spec(name)]
    return f"{os.cpu_count()} cores, GEOS {shapely.geos_version_string}, {', '.join(libraries)}."


if __name__ == "__main__":
    main(sys.argv[1:])
