"""Households in a hot spot or a circle: each of the three ways, and none by mistake."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.clusters.membership import mark_hot
from geo.crs import MEASURING, STORING, to_degrees

EAST, NORTH = 390_000.0, 9_236_000.0

HERE, THERE, APART = "99.01.01.2001", "99.01.01.2002", "99.01.02.2001"


def households() -> gpd.GeoDataFrame:
    lon, lat = to_degrees(EAST + np.array([0, 900, 5000, 0, 0]), np.full(5, NORTH))
    points = shapely.points(lon, lat)
    points[[3, 4]] = None
    return gpd.GeoDataFrame(
        {"kode_desa": pd.array([HERE, THERE, APART, HERE, None], dtype="str")},
        geometry=points, crs=STORING, index=[10, 11, 12, 13, 14],
    )  # fmt: skip


def hot_spots(kode: str = APART, gi_class: str = "", indicator: str = "rtlh") -> pd.DataFrame:
    return pd.DataFrame({"kode_desa": [kode], "indicator": [indicator], "gi_class": [gi_class]})


def scans(**changes: object) -> gpd.GeoDataFrame:
    circle = gpd.GeoSeries(shapely.points([EAST], [NORTH]), crs=MEASURING).buffer(1000).to_crs(STORING)
    row = {
        "indicator": "rtlh", "base": "rumah tangga", "significant": True, "relative_risk": 2.0,
        "members": f"{HERE} {THERE}",
    } | changes  # fmt: skip
    return gpd.GeoDataFrame([row], geometry=circle, crs=STORING)


def marked(hot: pd.DataFrame, circles: gpd.GeoDataFrame) -> list[object]:
    table = mark_hot(households(), hot, circles, "rtlh")
    assert [*table.columns] == ["hot_rtlh", "why_hot_rtlh"]
    answer = table["hot_rtlh"]
    assert ((table["why_hot_rtlh"] != "") == answer.fillna(value=False)).all()
    assert answer.dtype == "boolean"
    assert answer.index.tolist() == [10, 11, 12, 13, 14]
    return [None if pd.isna(one) else bool(one) for one in answer]


def test_of_a_hot_desa_all_households_are_marked():
    assert marked(hot_spots(HERE, "panas"), scans().head(0)) == [True, False, False, True, None]


def test_of_a_circle_of_houses_only_those_that_stand_in_it_by_their_own_position():
    assert marked(hot_spots(), scans()) == [True, True, False, False, None]


def test_of_a_cluster_of_desa_all_households_of_its_members():
    assert marked(hot_spots(), scans(base="desa")) == [True, True, False, True, None]
    assert marked(hot_spots(), scans(base="desa", members=APART)) == [False, False, True, False, None]


def test_a_position_in_a_circle_is_enough_where_the_desa_is_not_known():
    unplaced = households().assign(kode_desa=pd.Series([None] * 5, index=range(10, 15), dtype="str"))
    answer = mark_hot(unplaced, hot_spots(), scans(), "rtlh")["hot_rtlh"]
    assert answer.tolist()[:2] == [True, True]
    assert answer[12:].isna().all()


@pytest.mark.parametrize(
    ("hot", "circles"),
    [
        (hot_spots(HERE, "dingin"), scans(significant=False)),
        (hot_spots(HERE, "panas", indicator="jamban"), scans(indicator="jamban")),
        (hot_spots(HERE), scans(base="desa", relative_risk=0.4)),
        (hot_spots(HERE), scans(base="desa", significant=False)),
        (hot_spots().head(0), scans().head(0)),
    ],
)
def test_nothing_else_marks_a_household(hot, circles):
    assert marked(hot, circles) == [False, False, False, False, None]


def test_a_hot_desa_and_a_circle_are_told_apart():
    told = mark_hot(households(), hot_spots(HERE, "panas"), scans(), "rtlh")["why_hot_rtlh"]
    assert told.tolist() == ["desa panas dan lingkaran RTLH", "lingkaran RTLH", "", "desa panas RTLH", ""]
    circles = scans(base="desa", members=f"{HERE} {APART}")
    told = mark_hot(households(), hot_spots(THERE, "panas"), circles, "rtlh")["why_hot_rtlh"]
    assert told.tolist() == ["lingkaran RTLH", "desa panas RTLH", "lingkaran RTLH", "lingkaran RTLH", ""]
