"""Open defecation against the complete golden table of the ladder, and against every completion of its blanks."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import sanitation
from geo.indicators import INDICATORS, active_indicators, measure
from geo.indicators.babs import BABS
from geo.indicators.jamban import JAMBAN
from geo.settings import IndicatorSettings

GOLDEN = Path(__file__).parents[2] / "data" / "golden" / "jamban.csv"
CODES = ["fasilitas_bab", "jenis_kloset", "buang_tinja"]
SBS, TERBUKA = IndicatorSettings(), IndicatorSettings(babs_profile="terbuka")
COUNTED = {"sbs": {"BABS", "BABS tertutup"}, "terbuka": {"BABS"}}


def household(place: int | None, closet: int | None, disposal: int | None) -> pd.DataFrame:
    codes = {"fasilitas_bab": [place], "jenis_kloset": [closet], "buang_tinja": [disposal]}
    return pd.DataFrame(codes).astype("Int8").assign(zone_urban="tidak diketahui")


def found(codes: tuple[int | None, int | None, int | None], chosen: IndicatorSettings) -> bool | None:
    need = measure(household(*codes), [BABS], chosen)["need_babs"].iloc[0]
    return None if pd.isna(need) else bool(need)


@pytest.mark.parametrize(
    ("codes", "sbs", "terbuka"),
    [
        ((6, None, None), True, True),
        ((5, 1, 1), True, True),  # there is one, but nobody uses it
        ((1, 1, 3), True, False),  # a flush into the river
        ((2, None, 5), True, False),
        ((3, 4, 3), True, False),
        ((4, None, None), False, False),  # MCK umum is used, if not layak
        ((4, 1, 3), False, False),
        ((1, 4, 4), False, False),  # a pit: not layak, yet no BABS
        ((1, None, 1), False, False),  # whichever the closet
        ((1, 1, 6), False, False),
        ((1, 1, None), None, False),
        ((None, 1, 3), None, None),
        ((None, None, None), None, None),
    ],
)
def test_needs_by_both_definitions(codes, sbs, terbuka):
    assert (found(codes, SBS), found(codes, TERBUKA)) == (sbs, terbuka)


def golden() -> pd.DataFrame:
    table = pd.read_csv(GOLDEN, dtype="str")
    return table.assign(**table[CODES].astype("Float64").astype("Int8"))


@pytest.mark.parametrize("chosen", [SBS, TERBUKA])
def test_the_need_is_known_exactly_where_every_answer_in_place_of_the_blanks_agrees(chosen):
    table = golden()
    whole = table.dropna(subset=CODES)
    whole = whole[whole["zone_urban"] != "tidak diketahui"]
    counted = whole["tangga"].isin(COUNTED[chosen.babs_profile])
    answers = measure(table, [BABS], chosen)["need_babs"]
    for row, need in zip(table.itertuples(), answers, strict=True):
        like = pd.Series(data=True, index=whole.index)
        for name in CODES:
            value = getattr(row, name)
            like &= True if pd.isna(value) else whole[name] == value
        expected = set(counted[like])
        assert (None if pd.isna(need) else {need}) == (expected if len(expected) == 1 else None)


one_house = st.tuples(
    *(st.sampled_from([None, *range(1, most)]) for most in (7, 5, 7)), st.sampled_from(["perkotaan", "luar"])
)


@settings(deadline=None)
@given(one_house)
def test_who_defecates_in_the_open_has_no_access_and_the_step_says_the_same(codes):
    house = household(*codes[:3]).assign(zone_urban=codes[3])
    row = measure(house, [JAMBAN, BABS], SBS).iloc[0]
    open_one = measure(house, [BABS], TERBUKA)["need_babs"].iloc[0]
    if row["tangga_jamban"] != sanitation.UNKNOWN:
        assert row["need_babs"] == (row["tangga_jamban"] in COUNTED["sbs"])
    if not pd.isna(row["need_babs"]) and row["need_babs"]:
        assert row["need_jamban"]
    if not pd.isna(open_one) and open_one:
        assert row["need_babs"]


@pytest.mark.parametrize(
    ("codes", "why"),
    [
        ((6, None, None), "tidak ada fasilitas BAB"),
        ((5, None, None), "ada fasilitas BAB, tetapi tidak digunakan"),
        ((1, 4, 3), "sendiri, buang tinja ke kolam/sawah/sungai/danau/laut"),
        ((2, None, 5), "bersama keluarga tertentu, buang tinja ke pantai/tanah lapang/kebun"),
        ((1, 1, None), "belum ada data: pembuangan akhir tinja"),
        ((None, None, None), "belum ada data: fasilitas BAB"),
        ((1, 4, 1), ""),
    ],
)
def test_a_reason_names_the_facts_that_decide_and_no_others(codes, why):
    assert measure(household(*codes), [BABS], SBS)["why_babs"].iloc[0] == why


def test_it_stands_behind_jamban_sendiri_and_needs_the_same_column():
    order = list(INDICATORS)
    assert order.index("babs") == order.index("jamban_sendiri") + 1
    assert [one.id for one in active_indicators(["fasilitas_bab"])] == ["jamban", "jamban_sendiri", "babs"]
    assert not BABS.sensitive


@pytest.mark.parametrize("chosen", [SBS, TERBUKA])
def test_a_figure_can_name_its_definition(chosen):
    assert "2022" in BABS.profile(chosen)
    assert BABS.definition(chosen).endswith(".")
    assert BABS.profile(SBS) != BABS.profile(TERBUKA)
