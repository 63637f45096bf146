"""Counts, rates, Wilson intervals and smoothing."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import rates

COUNTS = st.lists(
    st.integers(0, 500).flatmap(lambda known: st.tuples(st.integers(0, known), st.just(known))),
    min_size=1,
    max_size=30,
).map(lambda pairs: tuple(np.array(pairs).T))


@pytest.mark.parametrize(
    ("need", "known", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_matches_the_published_examples_of_newcombe_1998_table_1(need, known, low, high):
    found = rates.wilson(np.array([need]), np.array([known]))
    assert [round(float(bound[0]), 4) for bound in found] == [low, high]


@given(COUNTS)
def test_wilson_bounds_hold_the_rate(counts):
    need, known = counts
    low, high = rates.wilson(need, known)
    share = rates.rate(need, known)
    some = known > 0
    assert ((low <= share) & (share <= high) & (low >= 0) & (high <= 1))[some].all()
    assert np.isnan([low[~some], high[~some]]).all()


@given(COUNTS)
def test_smoothed_rates_lie_between_their_own_and_the_common_rate(counts):
    need, known = counts
    shrunk, own = rates.smoothed(need, known), rates.rate(need, known)
    some = known > 0
    assert np.isnan(shrunk[~some]).all()
    if some.any():
        common = need.sum() / known.sum()
        assert (shrunk >= np.minimum(own, common) - 1e-12)[some].all()
        assert (shrunk <= np.maximum(own, common) + 1e-12)[some].all()


def test_smoothing_is_that_of_marshall_1991():
    need, known = np.array([2, 30, 10, 55]), np.array([10, 60, 90, 100])
    common = need.sum() / known.sum()
    spread = (known * (need / known - common) ** 2).sum() / known.sum() - common / known.mean()
    expected = common + spread / (spread + common / known) * (need / known - common)
    assert rates.smoothed(need, known) == pytest.approx(expected)


def test_the_fewer_households_the_more_a_rate_is_shrunk():
    shrunk = rates.smoothed(np.array([3, 60, 10, 20]), np.array([4, 80, 100, 100]))
    assert shrunk[0] < shrunk[1] < 0.75


def households() -> gpd.GeoDataFrame:
    need = pd.array([True, False, None, True, None, True], dtype="boolean")
    points = [shapely.Point(110, -7), None, None, shapely.Point(110, -7), None, None]
    kode = pd.Series(["a", "a", "a", "b", "c", None], dtype="str")
    return gpd.GeoDataFrame({"kode_desa": kode, "need_rtlh": need}, geometry=points, crs=4326)


def test_counts_and_rates_by_area():
    areas = pd.DataFrame({"kode_desa": ["a", "b", "c", "d"]})
    counted = rates.add_counts(areas, households(), "kode_desa")
    assert counted["households"].tolist() == [3, 1, 1, 0]
    assert counted["located"].tolist() == [1, 1, 0, 0]
    rated = rates.add_rates(counted, households(), "kode_desa", ["rtlh"], 2)
    assert rated["rtlh_known"].tolist() == [2, 1, 0, 0]
    assert rated["rtlh_need"].tolist() == [1, 1, 0, 0]
    assert rated["rtlh_unknown"].tolist() == [1, 0, 1, 0]
    assert rated["rtlh_rate"].tolist()[:2] == [0.5, 1.0]
    assert rated[["rtlh_rate", "rtlh_low", "rtlh_high", "rtlh_smoothed"]].iloc[2:].isna().all(axis=None)
    assert rated["rtlh_enough"].tolist() == [True, False, False, False]
    assert (rated["rtlh_known"] + rated["rtlh_unknown"] == rated["households"]).all()


def test_no_household_at_all_gives_noughts_and_no_rate():
    areas = pd.DataFrame({"kode_desa": ["a"]})
    nobody = households().iloc[:0]
    rated = rates.add_rates(rates.add_counts(areas, nobody, "kode_desa"), nobody, "kode_desa", ["rtlh"], 5)
    assert rated[["households", "located", "rtlh_known", "rtlh_need"]].iloc[0].tolist() == [0, 0, 0, 0]
    assert rated[["rtlh_rate", "rtlh_smoothed"]].isna().all(axis=None)
