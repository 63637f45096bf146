"""How far the nearest served house is."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import gaps
from geo.crs import MEASURING, to_degrees

place = st.one_of(st.none(), st.tuples(st.integers(0, 400), st.integers(0, 400)))
house = st.tuples(st.sampled_from([True, False, None]), place)


def houses(rows: list[tuple[bool | None, tuple[float, float] | None]]) -> gpd.GeoDataFrame:
    """Return houses by need and metres from a spot in the zone of the measuring CRS."""
    at = [None if xy is None else shapely.Point(_degrees(*xy)) for _, xy in rows]
    need = pd.array([answer for answer, _ in rows], dtype="boolean")
    return gpd.GeoDataFrame({"need_jamban": need, "kode_desa": "a"}, geometry=at, crs=4326)


def _degrees(x: float, y: float) -> tuple[float, float]:
    lon, lat = to_degrees([350_000.0 + x], [9_240_000.0 + y], MEASURING)
    return float(lon[0]), float(lat[0])


@settings(deadline=None)
@given(st.lists(house, min_size=1, max_size=12))
def test_it_is_what_looking_at_every_pair_gives(rows):
    found = gaps.nearest_served(houses(rows), "jamban", MEASURING)
    served = [xy for need, xy in rows if need is False and xy]
    for (need, xy), metres in zip(rows, found, strict=True):
        if need and xy and served:
            assert metres == pytest.approx(min(np.hypot(xy[0] - x, xy[1] - y) for x, y in served), abs=0.01)
        else:
            assert pd.isna(metres)


def test_stacked_houses_are_nought_apart_and_unknown_ones_serve_nobody():
    found = gaps.nearest_served(
        houses([(True, (0, 0)), (False, (0, 0)), (None, (90, 0)), (True, (100, 0))]), "jamban", MEASURING
    )
    assert found.iloc[0] == 0
    assert found.iloc[3] == pytest.approx(100, abs=0.01)


def test_an_index_of_its_own_is_kept():
    table = houses([(False, (0, 0)), (True, (30, 40))]).set_index(pd.Index([7, 3]))
    found = gaps.nearest_served(table, "jamban", MEASURING)
    assert found.index.tolist() == [7, 3]
    assert found[3] == pytest.approx(50, abs=0.01)


def test_an_area_counts_who_has_a_served_house_near():
    table = houses([(False, (0, 0)), (True, (0, 49)), (True, (0, 51)), (True, None), (None, (0, 1))])
    table["distance_served_jamban_m"] = gaps.nearest_served(table, "jamban", MEASURING)
    areas = gaps.add_near_served(pd.DataFrame({"kode_desa": ["a", "b"]}), table, "kode_desa", "jamban")
    assert areas["jamban_near_served"].tolist() == [1, 0]
    assert areas["jamban_near_known"].tolist() == [2, 0]
