"""Households and desa laid over the zones of every layer."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.boundaries import Boundaries
from geo.errors import SettingsError
from geo.layers import LAYERS, classify_desa, desa_shares, find_zones, overlay
from geo.layers.base import Inputs, Zones, nothing_known
from geo.settings import LayerSettings

ORDER = ("coastal", "forest_edge", "urban")
INSIDE, PARTLY, OUT = "99.01.01.2001", "99.01.01.2004", "99.01.02.2003"


@pytest.fixture(scope="module")
def zones(district: Boundaries) -> dict[str, Zones]:
    """Lay a status zone over one desa, a free strip over the western half of another, and know no urban."""
    metres = district.desa.set_index("kode_desa").geometry.to_crs(district.measuring)
    west, south, east, north = metres[PARTLY].bounds
    half = shapely.intersection(metres[PARTLY], shapely.box(west, south, (west + east) / 2, north))
    coast = gpd.GeoDataFrame(
        {"zone": ["pesisir", "dekat pantai"], "kode_desa": [INSIDE, None]},
        geometry=[metres[INSIDE], half],
        crs=district.measuring,
    )
    forest = gpd.GeoDataFrame({"zone": [], "kode_desa": []}, geometry=[], crs=district.measuring)
    return {
        "urban": nothing_known(Inputs(district, None, LayerSettings()), "tak ada"),
        "coastal": Zones(coast, edge=shapely.LineString([(west, north), (east, north)])),
        "forest_edge": Zones(forest, frozenset({OUT})),
    }


@pytest.fixture(scope="module")
def desa(district: Boundaries, zones: dict[str, Zones]) -> gpd.GeoDataFrame:
    shares = {layer: desa_shares(district.desa, found) for layer, found in zones.items()}
    return classify_desa(district.desa, zones, shares, ORDER).set_index("kode_desa", drop=False)


def test_desa_have_a_zone_a_share_and_say_when_they_do_not_know(desa):
    assert desa.loc[[INSIDE, OUT], "zone_coastal"].tolist() == ["pesisir", "luar"]
    assert desa.loc[INSIDE, "share_coastal"] == 1
    assert 0.2 < desa.loc[PARTLY, "share_coastal"] < 0.8
    assert desa["share_urban"].isna().all()
    assert set(desa["zone_urban"]) == {"tidak diketahui"}
    assert desa.loc[OUT, "zone_forest_edge"] == "tidak diketahui"
    assert desa.loc[INSIDE, "zone_forest_edge"] == "luar"
    assert desa.loc[INSIDE, "zone_display"] == "coastal"


def test_households_stand_by_their_point_or_by_a_whole_desa(desa, zones, district):
    metres = district.desa.set_index("kode_desa").geometry.to_crs(district.measuring)
    west, south, east, north = metres[PARTLY].bounds
    strip, beyond = (
        metres[PARTLY].intersection(shapely.box(*box)).representative_point()
        for box in ((west, south, (west + east) / 2, north), ((west + east) / 2, south, east, north))
    )
    people = gpd.GeoDataFrame(
        {"kode_desa": pd.Series([INSIDE, PARTLY, PARTLY, PARTLY, OUT, None], dtype="str")},
        geometry=[None, strip, beyond, None, None, None],
        crs=district.measuring,
    ).to_crs(4326)
    found = overlay(people, desa.reset_index(drop=True), zones, ORDER)
    assert found["zone_coastal"].tolist() == [
        "pesisir", "dekat pantai", "luar", "tidak diketahui", "luar", "tidak diketahui"
    ]  # fmt: skip
    assert found["zone_forest_edge"].tolist() == ["luar"] * 4 + ["tidak diketahui"] * 2
    assert set(found["zone_urban"]) == {"tidak diketahui"}
    assert found["zone_display"].tolist()[:2] == ["coastal", "coastal"]
    assert found["zone_display"].iloc[2] == "tidak diketahui"
    expected = [np.nan, strip.distance(zones["coastal"].edge), beyond.distance(zones["coastal"].edge)]
    assert found["distance_coastal_m"].tolist()[:3] == pytest.approx(expected, abs=0.1, nan_ok=True)
    assert found["distance_coastal_m"].isna().tolist() == [True, False, False, True, True, True]


@pytest.mark.parametrize("rows", [0, 3])
def test_nobody_and_nobody_with_a_point_are_no_fault(desa, zones, rows):
    kode = pd.Series([INSIDE, OUT, None][:rows], dtype="str")
    people = gpd.GeoDataFrame({"kode_desa": kode}, geometry=gpd.GeoSeries([None] * rows, crs=4326))
    found = overlay(people, desa.reset_index(drop=True), zones, ORDER)
    assert len(found) == rows
    assert found["distance_coastal_m"].isna().all()


@pytest.mark.parametrize("order", [("coastal", "urban"), ("coastal", "urban", "laut"), (), ("urban",) * 3])
def test_a_precedence_that_leaves_a_layer_out_is_refused(district, order):
    with pytest.raises(SettingsError, match=r"layers\.precedence"):
        find_zones(Inputs(district, None, LayerSettings(precedence=order)))


def test_every_layer_keeps_the_contract(district, sample_settings):
    for boundaries in (district, replace(district, sea=None)):
        for layer, found in find_zones(Inputs(boundaries, None, LayerSettings())).items():
            assert set(found.frame["zone"]) <= set(LAYERS[layer].titles)
            assert found.frame.crs == district.measuring
            assert found.method
    assert sorted(sample_settings.layers.precedence) == sorted(LAYERS)
