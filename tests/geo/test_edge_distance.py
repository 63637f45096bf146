"""Distances to an edge: never too short, and at most the tolerance too long, whatever the lines and the points."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.edge_distance import TOLERANCE_M, edge_distance

WITHIN_M = 3.0
_metre = st.floats(-20_000, 20_000, allow_nan=False).map(lambda value: round(value, 2))
_vertex = st.tuples(_metre, _metre)
_lines = st.lists(st.lists(_vertex, min_size=2, max_size=8), min_size=1, max_size=4)


def check(points: np.ndarray, edge: shapely.Geometry) -> np.ndarray:
    exact = shapely.distance(edge, shapely.points(points))
    measured = edge_distance(points, edge)
    assert (measured >= exact - 1e-6).all()
    assert (measured <= exact + TOLERANCE_M + 1e-6).all()
    return measured


def wild_lines(chance: np.random.Generator, lines: int, reach: float) -> shapely.Geometry:
    walks = [np.cumsum(chance.normal(0, reach / 40, (60, 2)), axis=0) for _ in range(lines)]
    return shapely.multilinestrings(
        [shapely.linestrings(walk + chance.uniform(0, reach, 2)) for walk in walks]
    )


def test_the_tolerance_is_what_is_promised() -> None:
    assert TOLERANCE_M < WITHIN_M


@settings(deadline=None)
@given(_lines, st.lists(_vertex, min_size=1, max_size=20))
def test_any_lines_are_measured_within_the_tolerance(lines: list, points: list) -> None:
    check(np.array(points), shapely.multilinestrings([shapely.linestrings(line) for line in lines]))


@settings(deadline=None)
@given(_lines, st.integers(0, 2**32 - 1), st.sampled_from([30.0, 800.0, 15_000.0, 60_000.0]))
def test_crowds_that_are_measured_by_the_cell_keep_the_tolerance(
    lines: list, seed: int, spread: float
) -> None:
    points = np.random.default_rng(seed).normal(0, spread, (3000, 2))
    check(points, shapely.multilinestrings([shapely.linestrings(line) for line in lines]))


@pytest.mark.parametrize("seed", range(4))
def test_many_points_around_crooked_lines_keep_the_tolerance(seed: int) -> None:
    chance = np.random.default_rng(seed)
    edge = wild_lines(chance, 1 + 6 * seed, 20_000)
    points = chance.uniform(-30_000, 50_000, (40_000, 2))
    points[:10_000] = shapely.get_coordinates(edge)[chance.integers(0, 60, 10_000)] + chance.normal(
        0, 30, (10_000, 2)
    )
    assert (check(points, edge) > 0).any()


def test_between_two_shores_each_point_has_the_nearer_one() -> None:
    """Midway the nearest vertex changes from shore to shore: no cell there may stand for all its points."""
    shores = shapely.multilinestrings([[(0, -4000), (0, 4000)], [(9000, -4000), (9000, 4000)]])
    points = np.random.default_rng(5).uniform((0, -4000), (9000, 4000), (60_000, 2))
    measured = check(points, shores)
    assert measured == pytest.approx(np.minimum(points[:, 0], 9000 - points[:, 0]), abs=WITHIN_M)


@pytest.mark.parametrize(
    "edge",
    [
        shapely.Point(3, 4),
        shapely.MultiPoint([(3, 4), (3, 4), (500, 0)]),
        shapely.LineString([(0, 0), (50_000, 30_000)]),
        shapely.LineString([(0, 0), (0, 0)]),
        shapely.LineString([(0, 0), (0, 0), (60, 0), (60, 0), (60, 80)]),
        shapely.LinearRing([(0, 0), (900, 0), (900, 900)]),
        shapely.GeometryCollection([shapely.Point(5, 5), shapely.LineString([(0, 0), (1000, 0)])]),
        shapely.multilinestrings([[(0, 0), (10, 0)], [(10, 0), (10, 4000)], [(400, 400), (400, 401)]]),
    ],
)
def test_odd_edges_are_measured_like_any_other(edge: shapely.Geometry) -> None:
    check(np.random.default_rng(2).uniform(-200, 5000, (5000, 2)), edge)
    check(np.array([[3.0, 4.0]]), edge)


def test_points_and_edges_that_are_missing() -> None:
    line = shapely.LineString([(0, 0), (10, 0)])
    assert edge_distance(np.empty((0, 2)), line).shape == (0,)
    points = np.array([[5.0, 7.0], [np.nan, 1.0], [np.inf, np.inf]])
    assert edge_distance(points, line).tolist() == pytest.approx([7.0, np.nan, np.nan], nan_ok=True)
    assert np.isnan(edge_distance(points, shapely.LineString())).all()
    assert np.isnan(edge_distance(points[1:], line)).all()


def test_one_stray_point_far_away_costs_neither_memory_nor_truth() -> None:
    points = np.random.default_rng(3).uniform(0, 3000, (2000, 2))
    points[0] = (4e6, -3e6)
    check(points, shapely.LineString([(0, 0), (3000, 500)]))


def test_the_order_of_the_points_does_not_matter() -> None:
    chance = np.random.default_rng(4)
    points, edge = chance.uniform(0, 20_000, (5000, 2)), wild_lines(chance, 3, 20_000)
    order = chance.permutation(len(points))
    assert (edge_distance(points, edge)[order] == edge_distance(points[order], edge)).all()


def test_a_shore_of_a_district_is_exact_to_the_tolerance(assessment, district) -> None:
    located = assessment.households[~assessment.households.geometry.isna()]
    sea = shapely.union_all(district.sea.to_crs(district.measuring).geometry.to_numpy())
    exact = located.geometry.to_crs(district.measuring).distance(shapely.boundary(sea))
    assert (located["distance_coastal_m"] - exact).abs().max() < WITHIN_M
