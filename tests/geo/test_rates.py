"""Counts, rates, intervals, smoothing and the funnel."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.stats import binom, binomtest

from geo import rates
from geo.neighbours import Neighbours

COUNTS = st.lists(
    st.integers(0, 500).flatmap(lambda known: st.tuples(st.integers(0, known), st.just(known))),
    min_size=1,
    max_size=30,
).map(lambda pairs: tuple(np.array(pairs).T))
SHARES = st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)

GOLDEN_KNOWN = np.array([12, 240, 85, 33, 410, 7, 150, 64, 98, 301, 20, 55])
GOLDEN_NEED = np.array([9, 60, 51, 4, 260, 0, 80, 63, 12, 150, 11, 1])
GOLDEN_GLOBAL = [
    0.620820855460, 0.259570149496, 0.586111450561, 0.207587854569, 0.630123858286, 0.286758251497,
    0.529483397612, 0.911746305183, 0.157028652094, 0.497550066633, 0.524029454410, 0.092324495875,
]  # fmt: skip
"""esda 2.9.0, Empirical_Bayes."""
GOLDEN_LOCAL = [
    0.609203864983, 0.270096346473, 0.587041052754, 0.255081005798, 0.628272112649, 0.344961666787,
    0.527604053721, 0.938723325405, 0.190176500664, 0.500079131264, 0.535752811983, 0.069795357491,
]  # fmt: skip
"""esda 2.9.0, Spatial_Empirical_Bayes on a grid of three rows of four, queen."""


def neighbours(matrix: np.ndarray) -> Neighbours:
    return Neighbours(csr_array(matrix.astype(bool)), "queen", "berbatasan", ~matrix.any(axis=1))


def queen(rows: int, columns: int) -> np.ndarray:
    place = np.stack(np.divmod(np.arange(rows * columns), columns), axis=1)
    return np.abs(place[:, None] - place[None]).max(axis=2) == 1


def chain(count: int) -> Neighbours:
    return neighbours(queen(1, count))


@pytest.mark.parametrize(
    ("need", "known", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_matches_the_published_examples_of_newcombe_1998_table_1(need, known, low, high):
    found = rates.wilson(np.array([need]), np.array([known]))
    assert [round(float(bound[0]), 4) for bound in found] == [low, high]


@given(st.integers(1, 2000).flatmap(lambda known: st.tuples(st.integers(0, known), st.just(known))))
def test_wilson_is_that_of_scipy(counts):
    need, known = counts
    expected = binomtest(need, known).proportion_ci(method="wilson")
    low, high = rates.wilson(np.array([need]), np.array([known]))
    assert (low[0], high[0]) == pytest.approx((expected.low, expected.high), abs=1e-12)


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


def test_both_smoothed_rates_are_those_of_esda():
    found = rates.smoothed(GOLDEN_NEED, GOLDEN_KNOWN)
    assert found == pytest.approx(np.array(GOLDEN_GLOBAL), abs=1e-9)
    local = rates.locally_smoothed(GOLDEN_NEED, GOLDEN_KNOWN, neighbours(queen(3, 4)))
    assert local == pytest.approx(np.array(GOLDEN_LOCAL), abs=1e-9)


@given(COUNTS)
def test_local_rates_lie_between_their_own_and_that_of_the_surroundings(counts):
    need, known = counts
    around = chain(len(known)).matrix.toarray() | np.eye(len(known), dtype=bool)
    with_known = (around & (known > 0)).sum(axis=1)
    local, own = rates.locally_smoothed(need, known, chain(len(known))), rates.rate(need, known)
    towards = rates.rate(around @ need, around @ known)
    told = (known > 0) & (with_known > 1)
    assert (local >= np.minimum(own, towards) - 1e-12)[told].all()
    assert (local <= np.maximum(own, towards) + 1e-12)[told].all()
    alone = with_known <= 1
    assert local[alone] == pytest.approx(rates.smoothed(need, known)[alone], nan_ok=True)
    assert np.isnan(local[known == 0]).all()


def test_an_area_without_a_known_neighbour_is_drawn_to_the_district():
    need, known = np.array([2, 40, 5, 9]), np.array([3, 100, 90, 10])
    matrix = np.zeros((4, 4), dtype=bool)
    matrix[1, 2] = matrix[2, 1] = True
    everywhere = rates.smoothed(need, known)
    local = rates.locally_smoothed(need, known, neighbours(matrix))
    assert local[[0, 3]].tolist() == everywhere[[0, 3]].tolist()
    assert (local[[1, 2]] != everywhere[[1, 2]]).all()
    # the neighbours of the first are there, but nothing is known of them
    known_alone = np.array([3, 0, 0, 10])
    lonely = rates.locally_smoothed(np.array([2, 0, 0, 9]), known_alone, chain(4))
    assert lonely[0] == rates.smoothed(np.array([2, 0, 0, 9]), known_alone)[0]


def shown(need: list[int], known: list[int], hidden: list[bool]) -> pd.DataFrame:
    counts = {"need": np.array(need), "known": np.array(known)}
    rated = counts | {
        "smoothed": rates.smoothed(*counts.values()),
        "local": rates.locally_smoothed(*counts.values(), chain(len(need))),
    }
    table = pd.DataFrame({f"rtlh_{name}": pd.array(values) for name, values in rated.items()})
    return table.apply(lambda column: column.mask(np.array(hidden)))


@given(st.integers(0, 9), st.integers(10, 40))
def test_no_smoothed_rate_depends_on_what_is_withheld(need, known):
    hidden = [True, False, False, True, False]
    one = shown([2, 30, 10, 7, 90], [12, 60, 90, 20, 100], hidden)
    other = shown([need, 30, 10, 9 - need, 90], [known, 60, 90, 3 * known, 100], hidden)
    open_one, open_other = (rates.smooth_shown(table, ["rtlh", "jamban"]) for table in (one, other))
    assert open_one.equals(open_other)
    assert "rtlh_local" not in open_one
    assert open_one["rtlh_smoothed"].isna().tolist() == hidden
    among = rates.smoothed(np.array([30, 10, 90]), np.array([60, 90, 100]))
    assert open_one["rtlh_smoothed"].dropna().to_numpy(float) == pytest.approx(among)


def test_where_nothing_is_withheld_the_smoothed_rates_stay():
    table = shown([2, 30], [12, 60], [False, False])
    assert rates.smooth_shown(table, ["rtlh"]).equals(table)


def test_neighbours_that_differ_no_more_than_chance_give_the_local_rate():
    need, known = np.array([1, 2, 90, 95]), np.array([10, 10, 100, 100])
    matrix = np.zeros((4, 4), dtype=bool)
    matrix[[0, 1, 2, 3], [1, 0, 3, 2]] = True
    local = rates.locally_smoothed(need, known, neighbours(matrix))
    assert local == pytest.approx([0.15, 0.15, 0.925, 0.925])


@given(COUNTS, st.randoms(use_true_random=False))
def test_the_order_of_areas_changes_nothing(counts, random):
    need, known = counts
    order = list(range(len(known)))
    random.shuffle(order)
    matrix = chain(len(known)).matrix.toarray()
    turned = neighbours(matrix[np.ix_(order, order)])
    same = {"rel": 1e-9, "nan_ok": True}
    local = rates.locally_smoothed(need, known, neighbours(matrix))
    assert rates.locally_smoothed(need[order], known[order], turned) == pytest.approx(local[order], **same)
    assert rates.smoothed(need[order], known[order]) == pytest.approx(
        rates.smoothed(need, known)[order], **same
    )
    words = rates.funnel_words(need, known, 5)
    assert rates.funnel_words(need[order], known[order], 5).tolist() == words[order].tolist()


@pytest.mark.parametrize("share", [0, 1])
def test_where_all_or_none_are_in_need_every_rate_says_so(share):
    known = np.array([0, 1, 7, 300])
    need = share * known
    expected = [np.nan, share, share, share]
    assert rates.smoothed(need, known) == pytest.approx(expected, nan_ok=True)
    assert rates.locally_smoothed(need, known, chain(4)) == pytest.approx(expected, nan_ok=True)
    assert rates.funnel_words(need, known, 5).tolist() == ["", "", "wajar", "wajar"]


def test_the_fewer_households_the_more_a_rate_is_shrunk():
    shrunk = rates.smoothed(np.array([3, 60, 10, 20]), np.array([4, 80, 100, 100]))
    assert shrunk[0] < shrunk[1] < 0.75


@given(SHARES, st.lists(st.integers(0, 3000), max_size=20).map(lambda known: np.array(known, dtype=int)))
def test_funnel_limits_hold_the_common_rate(common, known):
    low, high = rates.funnel_limits(common, known)
    some = known > 0
    assert ((low >= 0) & (low <= common) & (common <= high) & (high <= 1))[some].all()
    assert np.isnan([low[~some], high[~some]]).all()


@given(SHARES, st.integers(1, 600))
def test_the_more_are_known_the_narrower_the_funnel(common, known):
    low, high = rates.funnel_limits(common, np.array([known, 4 * known]))
    assert low[1] >= low[0] - 1e-9
    assert high[1] <= high[0] + 1e-9


@given(SHARES, st.integers(1, 400), st.sampled_from([0.9, 0.95, 0.998]))
def test_an_area_of_the_common_rate_is_outside_no_more_often_than_the_level_says(common, known, level):
    low, high = rates.funnel_limits(common, np.array([known]), level)
    counts = np.arange(known + 1)
    chances = binom.pmf(counts, known, common)
    tail = (1 - level) / 2 + 1e-12
    assert chances[counts / known < low - 1e-12].sum() <= tail
    assert chances[counts / known > high + 1e-12].sum() <= tail


@given(st.floats(0.01, 0.99), st.integers(1, 2000))
def test_the_lower_limit_is_that_of_spiegelhalter_2005_and_the_upper_its_mirror(common, known):
    first = binom.ppf(0.001, known, common)
    part = (binom.cdf(first, known, common) - 0.001) / binom.pmf(first, known, common)
    low, high = rates.funnel_limits(common, np.array([known]))
    assert low[0] == pytest.approx(np.clip((first - part) / known, 0, common), abs=1e-9)
    turned_low, turned_high = rates.funnel_limits(1 - common, np.array([known]))
    assert (1 - turned_high[0], 1 - turned_low[0]) == pytest.approx((low[0], high[0]), abs=1e-9)


def test_words_of_the_funnel_follow_its_limits_and_say_nothing_of_few():
    need, known = np.array([60, 22, 3, 4, 0, 20]), np.array([100, 100, 100, 4, 0, 60])
    assert rates.funnel_words(need, known, 5).tolist() == ["di atas", "wajar", "di bawah", "", "", "wajar"]
    low, high = rates.funnel_limits(need.sum() / known.sum(), known)
    share = rates.rate(need, known)
    assert (share > high).tolist()[:3] == [True, False, False]
    assert (share < low).tolist()[:3] == [False, False, True]
    assert rates.funnel_words(np.zeros(2, int), np.zeros(2, int), 5).tolist() == ["", ""]


def test_facts_of_the_funnel_tell_how_far_areas_differ():
    random = np.random.default_rng(3)
    known = random.integers(50, 400, 400)

    def facts(need: np.ndarray) -> dict[str, object]:
        words = rates.funnel_words(need, known, 5)
        table = pd.DataFrame({"rtlh_need": need, "rtlh_known": known, "rtlh_funnel": words})
        found = rates.funnel_facts(table, ["rtlh"])
        assert found["level"] == 0.998
        return found["indicators"][0]

    alike = facts(random.binomial(known, 0.3))
    assert alike["dispersion"] == pytest.approx(1, abs=0.25)
    assert alike["above"] + alike["below"] <= 4
    assert alike["by_chance"] == 0.8
    different = facts(random.binomial(known, random.beta(3, 7, 400)))
    assert different["dispersion"] > 10
    assert different["above"] > 50 < different["below"]
    assert sum(different[name] for name in ("above", "below", "within", "too_few")) == 400
    nobody = facts(known * 0)
    assert (nobody["common"], nobody["dispersion"], nobody["within"]) == (0.0, None, 400)


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
    assert rated["rtlh_funnel"].tolist() == ["wajar", "", "", ""]
    assert rated["rtlh_funnel"].dtype == "str"
    assert "rtlh_local" not in rated
    assert (rated["rtlh_known"] + rated["rtlh_unknown"] == rated["households"]).all()


def test_neighbours_add_a_local_rate_in_the_order_of_the_areas():
    areas = pd.DataFrame({"kode_desa": ["d", "b", "a", "c"]})
    rated = rates.add_rates(areas, households(), "kode_desa", ["rtlh"], 2, chain(4))
    expected = rates.locally_smoothed(np.array([0, 1, 1, 0]), np.array([0, 1, 2, 0]), chain(4))
    assert rated["rtlh_local"].to_numpy() == pytest.approx(expected, nan_ok=True)
    assert rated["rtlh_local"].isna().tolist() == [True, False, False, True]


def test_no_household_at_all_gives_noughts_and_no_rate():
    areas = pd.DataFrame({"kode_desa": ["a"]})
    nobody = households().iloc[:0]
    rated = rates.add_rates(
        rates.add_counts(areas, nobody, "kode_desa"), nobody, "kode_desa", ["rtlh"], 5, chain(1)
    )
    assert rated[["households", "located", "rtlh_known", "rtlh_need"]].iloc[0].tolist() == [0, 0, 0, 0]
    assert rated[["rtlh_rate", "rtlh_smoothed", "rtlh_local"]].isna().all(axis=None)
    assert rated["rtlh_funnel"].tolist() == [""]


def test_no_area_at_all_is_no_fault():
    rated = rates.add_rates(
        pd.DataFrame({"kode_desa": pd.Series([], dtype="str")}), households(), "kode_desa", ["rtlh"], 5
    )
    assert rated.empty
    assert "rtlh_funnel" in rated
