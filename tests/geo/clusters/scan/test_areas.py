"""Circles of desa on the invented district."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.clusters.scan import scan_desa
from geo.clusters.scan.table import scan_table
from geo.crs import MEASURING
from geo.settings import ScanSettings

SETTINGS = ScanSettings(replicates=199)


@pytest.fixture(scope="module")
def desa():
    """Return 48 squares of some 1 km, with need planted in four of them at the edge."""
    place = [(x, y) for x in range(8) for y in range(6)]
    random = np.random.default_rng(1)
    known = random.integers(30, 200, len(place))
    hot = np.array([x < 2 and y < 2 for x, y in place])
    need = random.binomial(known, np.where(hot, 0.6, 0.2))
    return gpd.GeoDataFrame(
        {
            "kode_desa": [f"99.01.{x + 1:02d}.{2001 + y}" for x, y in place],
            "nama_desa": [f"Contoh {x + 1}{y + 1}" for x, y in place],
            "nama_kecamatan": [f"Kecontohan {x + 1}" for x, _ in place],
            "rtlh_known": known,
            "rtlh_need": need,
            "jamban_known": 0,
            "jamban_need": 0,
        },
        geometry=[
            shapely.box(109.5 + 0.01 * x, -7 + 0.011 * y, 109.51 + 0.01 * x, -6.989 + 0.011 * y)
            for x, y in place
        ],
        crs=4326,
    )


def test_the_planted_desa_are_found_and_told(desa):
    scans = scan_desa(desa, ["rtlh"], MEASURING, SETTINGS, seed=1)
    first = scans.iloc[0]
    assert set(first["members"].split()) == {
        "99.01.01.2001", "99.01.01.2002", "99.01.02.2001", "99.01.02.2002",
    }  # fmt: skip
    inside = desa[desa["kode_desa"].isin(first["members"].split())]
    assert first["desa"] == 4
    assert first["households"] == inside["rtlh_known"].sum()
    assert first["observed"] == inside["rtlh_need"].sum()
    rate = desa["rtlh_need"].sum() / desa["rtlh_known"].sum()
    assert first["expected"] == pytest.approx(rate * first["households"])
    assert first["p_value"] == 1 / 200
    assert first["significant"]
    assert (first["base"], first["model"], first["order"]) == ("desa", "Poisson", 1)
    assert first["kode_desa"] in first["members"]


def test_the_circle_reaches_every_member(desa):
    scans = scan_desa(desa, ["rtlh"], MEASURING, SETTINGS, seed=1)
    middle = desa.to_crs(MEASURING).representative_point().to_crs(4326)
    for _, scan in scans.iterrows():
        members = middle[desa["kode_desa"].isin(scan["members"].split())]
        assert members.intersects(scan.geometry).all()


def test_the_radius_is_that_of_the_circle_drawn(desa):
    one = desa.assign(rtlh_need=np.where(desa.index == 20, 150, 20), rtlh_known=200)
    for district in (desa, one):
        scans = scan_desa(district, ["rtlh"], MEASURING, SETTINGS, seed=1)
        drawn = shapely.minimum_bounding_radius(scans.to_crs(MEASURING).geometry)
        assert scans["radius_m"].to_numpy() == pytest.approx(drawn, rel=5e-4)
    assert scans["desa"].iloc[0] == 1
    assert scans["radius_m"].iloc[0] == pytest.approx(np.sqrt(1104 * 1216 / np.pi), rel=0.01)


def test_no_known_need_gives_no_row_and_the_same_columns(desa):
    scans = scan_desa(desa, ["jamban"], MEASURING, SETTINGS, seed=1)
    assert scans.empty
    pd.testing.assert_series_equal(scans.dtypes, scan_table([], []).dtypes)
    pd.testing.assert_series_equal(
        scan_desa(desa, ["rtlh", "jamban"], MEASURING, SETTINGS, seed=1).dtypes, scan_table([], []).dtypes
    )


def test_desa_without_known_need_are_never_members(desa):
    partly = desa.assign(rtlh_known=desa["rtlh_known"].where(desa.index != 0, 0), rtlh_need=desa["rtlh_need"])
    partly.loc[0, "rtlh_need"] = 0
    scans = scan_desa(partly, ["rtlh"], MEASURING, SETTINGS, seed=1)
    assert not scans["members"].str.contains("99.01.01.2001").any()
    assert not scans["kode_desa"].eq("99.01.01.2001").any()


def test_the_most_likely_circle_is_told_even_where_chance_explains_it(desa):
    even = desa.assign(rtlh_need=desa["rtlh_known"] // 5)
    scans = scan_desa(even, ["rtlh"], MEASURING, SETTINGS, seed=1)
    assert len(scans) == 1
    assert not scans["significant"].any()


def test_the_same_seed_gives_the_same_table(desa):
    one, other = (scan_desa(desa, ["rtlh"], MEASURING, SETTINGS, seed=5) for _ in range(2))
    pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(other))


def test_need_that_is_common_is_told_more_surely_as_a_share_than_as_a_rare_event(desa):
    common = desa.assign(rtlh_need=(desa["rtlh_known"] * 0.6).astype(int))
    common.loc[:5, "rtlh_need"] = (common["rtlh_known"].iloc[:6] * 0.72).astype(int)
    prudent, exact = (
        scan_desa(
            common, ["rtlh"], MEASURING, SETTINGS.model_copy(update={"desa_model": model}), seed=1
        ).iloc[0]
        for model in ("poisson", "bernoulli")
    )
    assert (prudent["model"], exact["model"]) == ("Poisson", "Bernoulli")
    assert exact["llr"] > prudent["llr"]
    assert exact["p_value"] <= prudent["p_value"]
