"""Points in polygons, against brute force."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import MEASURING, STORING
from geo.locate import FEW, OUTSIDE, distance_m, index, locate


def cells(seed: int) -> gpd.GeoSeries:
    """Cut a square into random cells that share their edges, and lay two of them over others."""
    rng = np.random.default_rng(seed)
    seeds = shapely.MultiPoint(rng.integers(0, 9, (12, 2)).astype(float))
    square = shapely.box(0, 0, 8, 8)
    parts = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=square))
    polygons = [*shapely.intersection(parts, square), shapely.box(2, 2, 4, 4), shapely.box(3, 3, 5, 5)]
    return gpd.GeoSeries(polygons, crs=STORING)


@given(
    st.integers(0, 200),
    st.lists(st.tuples(st.integers(-4, 36), st.integers(-4, 36)), min_size=1, max_size=30),
)
def test_every_point_has_the_first_polygon_that_holds_it(seed, quarters):
    polygons = cells(seed)
    corners = shapely.get_coordinates(polygons.geometry.to_numpy())[:20]  # shared edges and corners too
    points = np.concatenate([np.array(quarters) / 4, corners])
    found = locate(points[:, 0], points[:, 1], polygons)
    for (x, y), place in zip(points, found, strict=True):
        holding = [n for n, polygon in enumerate(polygons) if polygon.intersects(shapely.Point(x, y))]
        assert place == (holding[0] if holding else OUTSIDE)


def test_missing_positions_are_outside_and_no_point_is_no_fault():
    polygons = cells(1)
    missing = np.array([np.nan, 1.0, np.inf])
    assert (locate(missing, missing[::-1], polygons)[[0, 2]] == OUTSIDE).all()
    assert locate(np.zeros(0), np.zeros(0), polygons).tolist() == []


def test_few_points_and_many_have_the_same_answers(monkeypatch):
    polygons = cells(4)
    points = np.concatenate([np.random.default_rng(4).random((5000, 2)) * 9, polygons.get_coordinates()])
    x, y = points.T
    many = locate(x, y, polygons)
    pieces = [locate(x[n : n + 500], y[n : n + 500], polygons) for n in range(0, len(x), 500)]
    assert np.array_equal(many, np.concatenate(pieces))
    assert np.array_equal(many, index(polygons).locate(x, y))
    monkeypatch.setattr("geo.locate.build_grid", lambda *_: pytest.fail("a grid for so few points"))
    locate(x[:FEW], y[:FEW], polygons)
    with pytest.raises(pytest.fail.Exception, match="a grid"):
        locate(x, y, polygons)


def test_missing_and_empty_polygons_hold_nothing():
    polygons = gpd.GeoSeries([None, shapely.Polygon(), shapely.box(0, 0, 1, 1)], crs=STORING)
    for count in (10, FEW + 1):
        assert set(locate(np.full(count, 0.5), np.full(count, 0.5), polygons)) == {2}
        nothing = locate(np.full(count, 0.5), np.full(count, 0.5), polygons[:2])
        assert set(nothing) == {OUTSIDE}


def test_every_house_of_the_sample_is_found_in_its_desa(district):
    desa = district.desa
    inside = shapely.get_coordinates(desa.representative_point().to_numpy())
    assert locate(inside[:, 0], inside[:, 1], desa.geometry).tolist() == list(range(len(desa)))


def test_distance_is_in_metres_and_nought_inside():
    west = shapely.Point(390_000, 9_236_000).buffer(500, cap_style="square")
    polygons = gpd.GeoSeries([west], crs=MEASURING).to_crs(STORING)
    points = gpd.GeoSeries.from_xy([390_000, 390_800], [9_236_000] * 2, crs=MEASURING).to_crs(STORING)
    metres = distance_m(points.x.to_numpy(), points.y.to_numpy(), np.zeros(2, dtype=int), polygons, MEASURING)
    assert metres == pytest.approx([0, 300], abs=0.01)
