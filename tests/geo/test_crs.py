"""Storing and measuring CRS."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.crs import MEASURING, STORING, measuring_crs, require_crs, to_degrees, to_metres
from geo.errors import MissingCrs


@pytest.mark.parametrize(
    ("bounds", "epsg"),
    [((109.4, -7.3, 109.9, -6.8), 32749), ((107.0, -7.3, 107.5, -6.8), 32748), ((141.0, -8.0, 141.9, -7.0), 32754),
     ((97.5, 2.0, 98.0, 3.0), 32647), ((-180, -10, -178, -9), 32701)],
)  # fmt: skip
def test_the_measuring_crs_is_the_utm_zone_of_the_middle(bounds, epsg):
    assert measuring_crs(bounds).to_epsg() == epsg


def test_a_frame_without_crs_is_refused_and_another_crs_is_brought_to_degrees():
    frame = gpd.GeoDataFrame(geometry=[shapely.Point(390_000, 9_236_000)])
    with pytest.raises(MissingCrs, match=r"hutan\.shp"):
        require_crs(frame, "hutan.shp")
    assert require_crs(frame.set_crs(MEASURING), "x").geometry.iloc[0].x == pytest.approx(110.004, abs=0.01)
    assert require_crs(frame.set_crs(MEASURING), "x").crs == STORING


def test_metres_and_back():
    lon, lat = np.array([109.67, 110.0]), np.array([-6.88, -7.1])
    x, y = to_metres(lon, lat)
    back = to_degrees(x, y)
    assert np.abs(np.array(back) - [lon, lat]).max() < 1e-9
    assert 353_000 < x[0] < 353_300
