"""The grid index: exact on shapes and points of every kind, bounded in memory, the same from a file."""

import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import BoundaryError
from geo.locate import index
from geo.locate.grid_build import build_grid
from geo.locate.grid_index import OUTSIDE, GridIndex, first_that_holds
from geo.locate.grid_plan import plan_grid, seconds_without_grid

BEYOND = [[np.nan, 1], [np.inf, 1], [1, -np.inf], [1e308, -1e308], [-1e300, 3]]


def ring(chance: np.random.Generator, size: int) -> np.ndarray:
    """Return a closed ring on a coarse lattice, or anywhere; it may well cross itself."""
    corners = chance.integers(0, 5, (size, 2)) if chance.random() < 0.6 else chance.random((size, 2)) * 5
    return np.vstack([corners, corners[:1]])


HOSTILE = (
    lambda *_: None,
    lambda *_: shapely.Polygon(),
    lambda at, _: shapely.LineString([at, at + 3]),
    lambda at, _: shapely.GeometryCollection([shapely.box(*at, *(at + 1)), shapely.Point(0, 0)]),
    lambda *_: shapely.box(-5, -5, 20, 20),
    lambda _, chance: shapely.MultiPolygon([shapely.box(*corner, 9, 10) for corner in chance.integers(0, 8, (3, 2))]),
    lambda at, _: shapely.Polygon([at, at + 7.3, at + 1e-14]),
    lambda at, _: shapely.Polygon([at, at + 3, at]),
    lambda at, _: shapely.Point(*at).buffer(2).difference(shapely.Point(*at).buffer(1)),
    lambda at, chance: shapely.Polygon(ring(chance, 5) + at, [ring(chance, 3) + at for _ in range(2)]),
    lambda at, chance: shapely.Polygon(ring(chance, int(chance.integers(5, 12))) + at),
    lambda at, chance: shapely.box(*at, *(at + chance.integers(1, 4, 2))),
)  # fmt: skip


def hostile(chance: np.random.Generator) -> shapely.Geometry | None:
    """Return a shape of any kind, valid or not."""
    return HOSTILE[chance.integers(0, len(HOSTILE))](chance.integers(0, 8, 2), chance)


def trying(shapes: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Return points on vertices, next to them, on edges, on the lattice, anywhere and nowhere."""
    corners = shapely.get_coordinates(shapes)
    size = np.ptp(corners, axis=0).max()
    steps = corners[1:] - corners[:-1]
    low = corners.min(axis=0)
    return np.vstack(
        [
            corners,
            corners + np.where(corners, np.spacing(corners), 0) * chance.integers(-2, 3, corners.shape),
            corners[:-1] + steps / 2,
            corners[:-1] + steps * chance.random((len(steps), 1)),
            np.column_stack([chance.permutation(corners[:, 0]), chance.permutation(corners[:, 1])]),
            low + size * chance.integers(-2, 50, (60, 2)) / 48,
            low + size * chance.random((60, 2)),
            BEYOND,
        ]
    )


def brute_force(shapes: np.ndarray, points: np.ndarray) -> np.ndarray:
    finite = np.isfinite(points).all(axis=1)
    found = np.full(len(points), OUTSIDE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # GEOS overflows on points near the end of numbers
        for place in reversed(range(len(shapes))):
            found[finite & shapely.intersects(shapes[place], shapely.points(points))] = place
    return found


@settings(deadline=None)
@given(
    st.integers(0, 1_000_000),
    st.sampled_from([1, 3, 7, 20, 64, 200.5]),
    st.sampled_from([(1, 0), (1, 100.3), (1, 1e6), (1e-3, 0), (1e7, 0), (1e12, 0), (1e150, 0)]),
)
def test_every_answer_is_that_of_intersects_whatever_the_cells(seed, cells, scale):
    chance = np.random.default_rng(seed)
    shapes = np.array([shapely.box(2, 2, 4, 4), *(hostile(chance) for _ in range(8))], dtype=object)
    shapes = shapely.transform(shapes, lambda xy: xy * scale[0] + scale[1])
    points = trying(shapes, chance)
    expected = brute_force(shapes, points)
    size = np.ptp(shapely.get_coordinates(shapes), axis=0).max()
    x, y = points.T
    assert np.array_equal(build_grid(shapes, float(size / cells)).locate(x, y), expected)
    assert np.array_equal(first_that_holds(x, y, shapes, np.arange(len(shapes))), expected)


def test_coordinates_that_are_no_numbers_harm_no_other_polygon():
    endless = shapely.Polygon([(0, 0), (np.inf, 0), (1, 1)])
    shapes = np.array([endless, shapely.box(0, 0, 2, 2)], dtype=object)
    points = np.random.default_rng(1).random((100, 2)) * 4
    assert np.array_equal(build_grid(shapes, 0.1).locate(*points.T), brute_force(shapes, points))


def test_one_thread_and_two_give_the_same():
    chance = np.random.default_rng(5)
    shapes = np.array([shapely.Point(*at).buffer(0.7) for at in chance.random((40, 2)) * 9], dtype=object)
    points = chance.random((200_000, 2)) * 10
    grid = build_grid(shapes, 0.05)
    whole = grid.locate(*points.T)
    pieces = [grid.locate(*piece.T) for piece in np.array_split(points, 20)]
    assert np.array_equal(whole, np.concatenate(pieces))
    assert np.array_equal(whole, first_that_holds(*points.T, shapes, np.arange(40)))


def test_real_borders_with_points_on_every_vertex_and_edge(real_data: Path):
    shapes = gpd.read_file(real_data / "id3326_pekalongan.geojson").geometry.to_numpy()
    corners = shapely.get_coordinates(shapes)[::7]
    points = np.vstack([corners, (corners[1:] + corners[:-1]) / 2])
    expected = first_that_holds(*points.T, shapes, np.arange(len(shapes)))
    for cell in (0.0005, 0.005):
        assert np.array_equal(build_grid(shapes, cell).locate(*points.T), expected)


def test_a_saved_index_answers_alike_and_only_a_whole_one_is_opened(tmp_path: Path):
    chance = np.random.default_rng(11)
    shapes = np.array([shapely.box(0, 0, 3, 3), *(hostile(chance) for _ in range(30))], dtype=object)
    points = trying(shapes, chance)
    made = build_grid(shapes, 0.3)
    assert len(made.odd)  # kept as they are
    file = tmp_path / "desa.index"
    made.save(file)
    made.save(file)  # over an older one
    assert [path.name for path in tmp_path.iterdir()] == ["desa.index"]
    opened = GridIndex.open(file)
    assert np.array_equal(opened.locate(*points.T), made.locate(*points.T))
    assert not opened.label.flags.writeable
    content = file.read_bytes()
    for broken in (b"", b"something else", content[: len(content) // 2]):
        file.write_bytes(broken)
        with pytest.raises(BoundaryError, match=r"desa\.index"):
            GridIndex.open(file)
    with pytest.raises(BoundaryError, match="tidak ada"):
        GridIndex.open(tmp_path / "tidak ada")


def test_an_index_keeps_to_its_memory_or_says_that_it_cannot():
    chance = np.random.default_rng(3)
    shapes = np.array([shapely.Point(*at).buffer(0.7) for at in chance.random((400, 2)) * 30], dtype=object)
    polygons = gpd.GeoSeries(shapes, crs=4326)
    sizes = [index(polygons, points=10**9, memory_mb=most).nbytes / 1e6 for most in (1, 4, 16)]
    assert all(size <= most for size, most in zip(sizes, (1, 4, 16), strict=True))
    assert sizes == sorted(set(sizes))  # more memory is used when it pays
    with pytest.raises(BoundaryError, match="MB"):
        index(polygons, memory_mb=0.1)


def test_more_points_pay_for_smaller_cells_and_a_grid_only_where_it_has_a_size():
    shapes = np.array([shapely.Point(at, at).buffer(1) for at in range(9)], dtype=object)
    few, many = plan_grid(shapes, 10_000), plan_grid(shapes, 100_000_000)
    assert few
    assert many
    assert many.cell < few.cell
    assert few.seconds < seconds_without_grid(shapes, 10_000)
    assert plan_grid(shapes, 1).seconds > seconds_without_grid(shapes[:1], 1)
    for nothing in ([], [None], [shapely.Polygon()], [shapely.box(-1.7e308, 0, 1.7e308, 1)]):
        assert plan_grid(np.array(nothing, dtype=object), 1000) is None
    assert (
        plan_grid(np.array([shapely.box(1e15, 0, 1e15 + 1, 0.5)]), 10_000) is None
    )  # finer than numbers are


def test_polygons_that_all_cover_everything_cost_no_more_memory():
    shapes = np.array([shapely.box(-n, -n, 60 + n, 60 + n) for n in reversed(range(60))], dtype=object)
    points = np.random.default_rng(2).random((3000, 2)) * 140 - 70
    grid = build_grid(shapes, 1.7)
    assert np.array_equal(grid.locate(*points.T), first_that_holds(*points.T, shapes, np.arange(60)))
