"""The share of a class around points: counted cell by cell, the certain way."""

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import MEASURING, STORING
from geo.landcover import TREES, LandCover
from tests.geo.landcover.small_cover import CELL, ORIGIN, cover
from tests.geo.landcover.test_class_areas import patchwork


def counted(land: LandCover, points: np.ndarray, radius_m: float) -> np.ndarray:
    """Return the share of trees among all cells whose centre, measured one by one, lies near enough."""
    row, column = (at.ravel() + 0.5 for at in np.indices(land.cells.shape))
    centres = gpd.GeoSeries.from_xy(*(land.transform @ (column, row)), crs=land.crs).to_crs(MEASURING)
    x, y = centres.x.to_numpy(), centres.y.to_numpy()
    trees = (land.cells == TREES).ravel()
    return np.array([trees[np.hypot(x - px, y - py) <= radius_m].mean() for px, py in points])


def somewhere(land: LandCover, count: int, margin_m: float) -> np.ndarray:
    """Return points (metres) at least so far within the raster."""
    (west, north), (east, south) = land.transform @ (0, 0), land.transform @ land.cells.shape[::-1]
    ends = gpd.GeoSeries.from_xy([west, east], [south, north], crs=land.crs).to_crs(MEASURING)
    low, high = np.array([ends.x, ends.y]).T
    chance = np.random.default_rng(1).random((count, 2))
    return low + 1.2 * margin_m + chance * (high - low - 2.4 * margin_m)


@pytest.mark.parametrize("radius_m", [4.0, 5.0, 33.3, 100.0])
def test_in_metres_it_is_every_cell_exactly(radius_m):
    land = cover(np.random.default_rng(4).choice([10, 40, 50], (60, 70)))
    points = np.concatenate([somewhere(land, 60, 100.0), [[ORIGIN[0] + 205.0, ORIGIN[1] - 205.0]]])
    # a cell always counts where it holds the point: its centre is then never farther than half a diagonal
    expected = counted(land, points, max(radius_m, CELL / 2**0.5))
    assert land.share_near(TREES, points, MEASURING, radius_m) == pytest.approx(expected)


@pytest.mark.parametrize(("cell_m", "radius_m"), [(30, 500), (100, 500), (300, 500), (60, 2000)])
def test_in_degrees_it_is_right_to_a_cell_on_the_rim(district, cell_m, radius_m):
    land = patchwork(district.desa.total_bounds, cell_m)
    points = somewhere(land, 40, radius_m)
    found = land.share_near(TREES, points, MEASURING, radius_m)
    on_the_rim = 2 * cell_m**2 / (np.pi * radius_m**2)
    assert np.abs(found - counted(land, points, radius_m)).max() <= on_the_rim


def test_off_the_raster_and_near_its_end_nothing_is_known():
    cells = np.full((100, 100), TREES)
    cells[:, 60:] = 0
    at = [
        (300, 500),
        (560, 500),
        (595, 500),
        (700, 500),
        (50, 500),
        (300, 4),
        (-50, 500),
        (np.nan, 3),
        (1e7, 1e7),
    ]
    points = np.array([(ORIGIN[0] + x, ORIGIN[1] - y) for x, y in at])
    found = cover(cells).share_near(TREES, points, MEASURING, 100.0)
    assert found[0] == 1
    assert np.isnan(found[1:]).all()
    assert cover(cells).share_near(TREES, np.empty((0, 2)), MEASURING, 100.0).shape == (0,)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(100, 3000))
def test_blocks_change_nothing(rows, columns, at_once):
    land = cover(np.random.default_rng(4).choice([10, 40, 50], (90, 80)))
    points = somewhere(land, 50, 120.0)
    whole = land.share_near(TREES, points, MEASURING, 120.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geo.landcover.nearby._BLOCK", (rows, columns))
        patch.setattr("geo.landcover.nearby._AT_ONCE", at_once)
        assert land.share_near(TREES, points, MEASURING, 120.0) == pytest.approx(whole)


def test_a_point_may_be_asked_in_any_crs_in_metres(district):
    land = patchwork(district.desa.total_bounds, 50)
    points = somewhere(land, 30, 500.0)
    other = gpd.GeoSeries.from_xy(*points.T, crs=MEASURING).to_crs(land.crs)
    assert land.crs == STORING
    there = np.array([other.to_crs(32748).x, other.to_crs(32748).y]).T
    apart = land.share_near(TREES, points, MEASURING, 500.0) - land.share_near(
        TREES, there, other.to_crs(32748).crs, 500.0
    )
    assert np.abs(apart).max() < 0.02
