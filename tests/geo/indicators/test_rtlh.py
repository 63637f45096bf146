"""RTLH by its four definitions: golden houses, what a survey adds, reasons, severity, and the laws behind them."""

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.columns.levels import read_levels
from geo.errors import SettingsError, UnknownColumns
from geo.indicators import active_indicators
from geo.indicators.base import Answer
from geo.indicators.rtlh import RTLH, Judgement, judge, profiles
from geo.indicators.rtlh.columns import COLUMNS, OTHER_PARTS, STRUCTURE
from geo.indicators.rtlh.components import judge_components
from geo.indicators.rtlh.profiles import Component, Profile, profile_of
from geo.settings import IndicatorSettings

GOLDEN = Path(__file__).parents[2] / "data" / "golden" / "rtlh.csv"
WORDS = {"ya": True, "tidak": False, "?": None}
PARTS = ("atap", "dinding", "lantai", "luas", "air minum", "sanitasi", "mck", "struktur", "plafon", "ventilasi",
         "pencahayaan")  # fmt: skip
LEVELS = tuple(column.name for column in (*STRUCTURE, *OTHER_PARTS))
KINDS = {name: column.dtype for name, column in COLUMNS.items()} | {
    "jumlah_art": "Int16",
    "zone_urban": "str",
}

FIT = {
    "jenis_atap": 2, "jenis_dinding": 1, "jenis_lantai": 4, "luas_lantai": 48.0, "jumlah_art": 4, "sumber_air": 5,
    "fasilitas_bab": 1, "jenis_kloset": 1, "buang_tinja": 1, "zone_urban": "luar",
}  # fmt: skip
"""Tiled roof, brick wall, tiled floor, 12 m² a person, protected well, own layak jamban: a register's row."""
SURVEYED = FIT | dict.fromkeys(LEVELS, 1) | {"tinggi_plafon": 3, "luas_ventilasi": 3, "luas_pencahayaan": 6}
"""The same house with every part surveyed and good."""


def house(base: dict[str, object] = FIT, **changes: object) -> pd.DataFrame:
    row = base | changes
    return pd.DataFrame({name: pd.Series([value], dtype=KINDS[name]) for name, value in row.items()})


def look(
    profile: str, base: dict[str, object] = FIT, **changes: object
) -> tuple[bool | None, str, float | None, str]:
    found = judge(house(base, **changes), profile)
    need, severity = found.need.iloc[0], found.severity.iloc[0]
    return (
        None if pd.isna(need) else bool(need),
        found.why.iloc[0],
        None if pd.isna(severity) else float(severity),
        found.basis.iloc[0],
    )


@pytest.fixture(scope="module")
def golden() -> pd.DataFrame:
    """Return the golden houses, typed as a sheet is."""
    table = pd.read_csv(GOLDEN)
    return table.astype({name: kind for name, kind in KINDS.items() if name in table})


def failing_parts(houses: pd.DataFrame, profile: Profile) -> list[str]:
    judged = judge_components(houses, profile)
    failed = {part: np.zeros(len(houses), bool) for part in PARTS}
    for each in judged:
        failed[each.component.part] |= each.failing
    return [";".join(part for part in PARTS if failed[part][row]) for row in range(len(houses))]


@pytest.mark.parametrize("name", profiles())
def test_every_golden_house_is_judged_as_its_definition_says(golden: pd.DataFrame, name: str):
    found = judge(golden, name)
    needs = [None if pd.isna(need) else bool(need) for need in found.need]
    wrong = [
        (house, wanted, got)
        for house, wanted, got in zip(golden["house"], golden[name].map(WORDS), needs, strict=True)
        if (None if pd.isna(wanted) else bool(wanted)) is not got
    ]
    assert wrong == []
    assert failing_parts(golden, profile_of(name)) == golden[f"fails_{name}"].fillna("").tolist()
    fit, unknown = (found.need == False).fillna(value=False), found.need.isna()  # noqa: E712  -- three values
    assert ((found.why == "") == fit).all()
    assert (found.severity.isna() == unknown).all()


def test_the_golden_houses_are_enough_and_hold_the_named_conflict(golden: pd.DataFrame):
    assert len(golden) >= 60
    conflict = golden[golden["house"].str.startswith("lantai semen, atap seng, 8 m2")].iloc[0]
    assert [conflict[name] for name in profiles()] == ["tidak", "ya", "ya", "ya"]


@pytest.mark.parametrize("members", range(1, 31))
@pytest.mark.parametrize(("profile", "least"), [("bps_sdg", 7.2), ("pupr_spm", 9.0)])
def test_exactly_the_least_area_is_enough_for_any_number_of_members(members: int, profile: str, least: float):
    enough = look(profile, SURVEYED, luas_lantai=round(least * members, 1), jumlah_art=members,
                  luas_ventilasi=30, luas_pencahayaan=60)  # fmt: skip
    assert enough[0] is False
    assert look(profile, luas_lantai=round(least * members, 1) - 0.1, jumlah_art=members)[0] is True


def test_a_pit_is_layak_in_a_rural_desa_only():
    assert look("bps_sdg", buang_tinja=4)[0] is False
    assert look("bps_sdg", buang_tinja=4, zone_urban="perkotaan")[:2] == (True, "sanitasi belum layak")
    assert look("bps_sdg", buang_tinja=4, zone_urban="tidak diketahui")[0] is None


def test_a_closet_that_is_no_leher_angsa_fails_wherever_it_empties():
    assert look("bps_sdg", jenis_kloset=4, buang_tinja=None)[:2] == (True, "sanitasi belum layak")


def test_the_reason_names_what_failed_in_words():
    why = look("bps_sdg", jenis_lantai=8, luas_lantai=20, fasilitas_bab=6)[1]
    assert why == "lantai tanah; luas di bawah 7,2 m² per orang; sanitasi BABS"
    assert look("bps_sdg", sumber_air=10, jenis_atap=4)[1] == "atap asbes"
    assert look("bps_sdg", sumber_air=9)[1] == "air minum permukaan"
    assert look("permensos_20_2017", fasilitas_bab=6)[1] == "MCK tidak ada"
    surveyed = look("pupr_spm", SURVEYED, pondasi=4, kondisi_lantai=5, tinggi_plafon=2.5, luas_ventilasi=1)[1]
    assert surveyed == (
        "pondasi kurang layak; kondisi lantai tidak layak; tinggi plafon di bawah 2,8 m; ventilasi di bawah 5 % luas "
        "lantai"
    )


def test_the_reason_tells_what_is_missing_from_what_is_not_settled():
    why = look("bps_sdg", jenis_atap=None, sumber_air=1)[1]
    assert why == "belum ada data: atap; belum dapat dipastikan: air minum kemasan bermerek"
    register = look("permensos_20_2017", jenis_dinding=3)
    assert register[:2] == (
        None,
        (
            "belum ada data: kondisi atap; kondisi dinding; belum dapat dipastikan: dinding "
            "kayu/papan/gypsum/GRC/calciboard"
        ),
    )


def test_broken_keramik_fails_and_keramik_of_unknown_condition_is_not_settled():
    base = FIT | {"jenis_lantai": 2, "kondisi_dinding": 1, "kondisi_atap": 1}
    assert look("permensos_20_2017", base, kondisi_lantai=5)[:2] == (True, "lantai keramik rusak")
    assert look("permensos_20_2017", base, kondisi_lantai=3)[0] is False
    assert look("permensos_20_2017", base)[:2] == (None, "belum dapat dipastikan: lantai keramik")


def test_a_surveyor_who_condemns_the_ventilation_is_believed_but_a_good_word_is_no_measure():
    assert look("pupr_spm", SURVEYED, ventilasi=5)[:2] == (True, "ventilasi tidak layak")
    assert look("pupr_spm", SURVEYED, luas_ventilasi=None)[:2] == (None, "belum ada data: luas ventilasi")
    assert look("pupr_spm", SURVEYED, ventilasi=None)[0] is False


def test_openings_may_be_measured_as_a_share_of_the_floor():
    measured = house(SURVEYED, luas_pencahayaan=None).assign(persen_pencahayaan=pd.array([9.5], "Float32"))
    assert judge(measured, "pupr_spm").why.tolist() == ["pencahayaan di bawah 10 % luas lantai"]


@pytest.mark.parametrize(
    ("profile", "base", "basis"),
    [
        ("pupr_spm", FIT, "indikasi"),
        ("pupr_spm", SURVEYED, "terverifikasi"),
        ("pupr_spm", SURVEYED | {"sloof": None}, "indikasi"),
        ("pupr_spm", SURVEYED | {"plafon": None}, "terverifikasi"),  # no part of the structure
        ("bps_sdg", SURVEYED, "indikasi"),  # a definition that asks for no condition
        ("sepakat", SURVEYED, "indikasi"),
        ("permensos_20_2017", SURVEYED, "terverifikasi"),
        (
            "permensos_20_2017",
            FIT | {"kondisi_dinding": 1011, "kondisi_atap": 1012},
            "indikasi",
        ),  # BDT's list
    ],
)
def test_only_a_survey_of_the_structure_verifies(profile: str, base: dict[str, object], basis: str):
    assert look(profile, base)[3] == basis


@pytest.mark.parametrize(
    ("level", "need"),
    [(1, False), (3, False), (4, True), (5, True), (1001, False), (1002, None), (1003, None), (1004, True),
     (1005, True), (1011, False), (1012, True)],
)  # fmt: skip
def test_each_level_holds_fails_or_settles_nothing(level: int, need: bool | None):
    assert look("pupr_spm", SURVEYED, kondisi_dinding=level)[0] is need
    assert look("permensos_20_2017", SURVEYED, kondisi_dinding=level)[0] is need


def test_severity_counts_components_and_how_far_the_floor_is_too_small():
    def severity(profile: str, base: dict[str, object] = FIT, **changes: object) -> float | None:
        return look(profile, base, **changes)[2]

    assert severity("bps_sdg") == 0
    assert severity("bps_sdg", jenis_atap=7, jenis_dinding=6, jenis_lantai=8) == 0.5
    # half for being under, half by how far: 3.6 of 7.2 m²
    assert severity("bps_sdg", luas_lantai=14.4) == pytest.approx(0.75 / 6)
    # the structure, the area and the occupants' health weigh the same
    assert severity("pupr_spm", SURVEYED, **dict.fromkeys(LEVELS, 5)) == pytest.approx((3 + 0.2) / 9)
    assert severity("sepakat", jenis_atap=3) == pytest.approx(1 / 3)
    # a column that cracks weighs twice a window
    assert severity("pupr_spm", SURVEYED, kolom=5) == pytest.approx(
        2 * severity("pupr_spm", SURVEYED, jendela=5)
    )


def test_an_unknown_profile_is_refused_and_every_profile_names_its_source():
    with pytest.raises(SettingsError, match="bps_sdg"):
        RTLH.profile(IndicatorSettings(rtlh_profile="karangan"))
    assert RTLH.profile(IndicatorSettings()) == "bps_sdg 2022"
    for name, profile in profiles().items():
        assert RTLH.definition(IndicatorSettings(rtlh_profile=name)) == profile.definition
        assert all((profile.title, profile.version, profile.source, profile.confidence))
        assert len(profile.definition) > 80


def test_the_definitions_are_whole(golden: pd.DataFrame):
    levels = {*read_levels().labels}
    for profile in profiles().values():
        assert profile.condition_ok | profile.condition_bad <= levels
        assert not profile.condition_ok & profile.condition_bad
        assert {*profile.required, *profile.structure} <= {*COLUMNS}
        assert profile.columns <= {*COLUMNS, "jumlah_art"}
        for each in profile.components:
            assert not each.ok & each.bad
            assert (
                each.ok | each.bad | each.by_condition <= {*COLUMNS[each.column].labels} if each.ok else True
            )
        # every combination of states has a number of its own
        states = [len(each.words) + 2 for each in judge_components(golden, profile)]
        assert np.prod([float(count) for count in states]) < 2**63


def test_the_indicator_gives_the_judgement():
    chosen = IndicatorSettings(rtlh_profile="sepakat")
    answer, found = RTLH.in_need(house(jenis_atap=3), chosen), judge(house(jenis_atap=3), "sepakat")
    assert isinstance(answer, Answer)
    assert isinstance(found, Judgement)
    assert answer.need.tolist() == found.need.tolist() == [True]
    assert set(answer.beside) == {"severity_rtlh", "basis_rtlh"}


@pytest.mark.parametrize(
    ("present", "profile", "active"),
    [
        (("jenis_atap", "jenis_dinding", "jenis_lantai"), "bps_sdg", True),
        (("luas_lantai",), "bps_sdg", False),
        (("luas_lantai",), "pupr_spm", True),
        (("luas_lantai", "jenis_lantai"), "pupr_spm", True),  # materials do not decide
        (("pondasi", "sloof"), "bps_sdg", True),  # a survey may stand without materials
        (("pondasi", "jenis_lantai"), "bps_sdg", True),
        (("kondisi_dinding",), "permensos_20_2017", False),
    ],
)
def test_what_a_sheet_needs_hangs_on_the_definition(present: tuple[str, ...], profile: str, active: bool):
    found = active_indicators(present, IndicatorSettings(rtlh_profile=profile))
    assert ("rtlh" in [each.id for each in found]) is active


def test_some_of_the_materials_are_an_error_where_they_decide():
    with pytest.raises(UnknownColumns, match="jenis dinding"):
        active_indicators(["jenis_atap", "jenis_lantai"], IndicatorSettings())


LADDERS: dict[str, tuple[float | None, ...]] = {
    "jenis_atap": (2, None, 7), "jenis_dinding": (1, None, 6), "jenis_lantai": (1, None, 8),
    "sumber_air": (5, None, 9), "fasilitas_bab": (1, None, 6), "kondisi_dinding": (1, 3, None, 4, 5),
    "kondisi_atap": (1, 3, None, 4, 5), "kondisi_lantai": (1, None, 5), "pondasi": (1, 3, None, 4, 5),
    "kolom": (1, None, 5), "ventilasi": (1, None, 5), "tinggi_plafon": (3, None, 2.5),
    "luas_lantai": (60, 40, 30, 28, 20, 8),
}  # fmt: skip
"""Answers of a question, each no better than the one before; unknown stands between good and bad."""


@settings(deadline=None)
@given(
    profile=st.sampled_from(list(profiles())),
    places=st.fixed_dictionaries({name: st.integers(0, len(steps) - 1) for name, steps in LADDERS.items()}),
    worse=st.sampled_from(list(LADDERS)),
    by=st.integers(1, 5),
)
def test_a_worse_component_never_helps(profile: str, places: dict[str, int], worse: str, by: int):
    def at(chosen: dict[str, int]) -> Judgement:
        # openings as shares: a smaller floor would otherwise make them look larger
        row = SURVEYED | {name: LADDERS[name][place] for name, place in chosen.items()}
        row |= {"luas_ventilasi": None, "luas_pencahayaan": None}
        return judge(house(row).assign(persen_ventilasi=6.0, persen_pencahayaan=12.0), profile)

    before = at(places)
    after = at(places | {worse: min(places[worse] + by, len(LADDERS[worse]) - 1)})
    order = {False: 0, None: 1, True: 2}
    needs = [None if pd.isna(each.need.iloc[0]) else bool(each.need.iloc[0]) for each in (before, after)]
    assert order[needs[0]] <= order[needs[1]]
    first, second = (each.severity.iloc[0] for each in (before, after))
    assert pd.isna(first) or pd.isna(second) or first <= second + 1e-6
    if needs[0]:
        assert not pd.isna(second)


@settings(deadline=None)
@given(profile=st.sampled_from(list(profiles())), gone=st.sets(st.sampled_from(sorted(SURVEYED))))
def test_taking_answers_away_only_ever_makes_unknown(profile: str, gone: set[str]):
    full = look(profile, SURVEYED, jenis_atap=7)[0]
    fewer = look(profile, SURVEYED | {"jenis_atap": 7}, **dict.fromkeys(gone - {"zone_urban"}))[0]
    assert fewer in {full, None}


def test_rows_do_not_lean_on_one_another(golden: pd.DataFrame):
    mixed = golden.sample(frac=1, random_state=3)
    for name in profiles():
        whole, shuffled = judge(golden, name), judge(mixed, name)
        pd.testing.assert_series_equal(whole.why, shuffled.why.sort_index())
        pd.testing.assert_series_equal(whole.severity, shuffled.severity.sort_index())


def test_a_house_of_nobody_or_without_a_floor_is_unknown():
    assert look("bps_sdg", jumlah_art=0)[:2] == (None, "belum ada data: luas per orang")
    assert look("pupr_spm", SURVEYED, luas_lantai=0)[0] is True


def test_no_house_is_no_trouble():
    for name in profiles():
        assert len(judge(house().iloc[:0], name).need) == 0


def test_every_component_has_a_rule_that_knows_its_columns():
    rules = {each.rule for profile in profiles().values() for each in profile.components}
    assert rules == {"codes", "area", "sanitation", "height", "opening", "condition"}
    for profile, each in ((p, c) for p in profiles().values() for c in p.components):
        assert isinstance(each, Component)
        assert each.rule != "condition" or (profile.condition_ok and profile.condition_bad)


def test_every_combination_of_materials_by_the_strictest_definition():
    rows = list(product(range(1, 9), range(1, 8), range(1, 10)))
    frame = pd.DataFrame(rows, columns=["jenis_atap", "jenis_dinding", "jenis_lantai"], dtype="Int8")
    wanted = [not (roof in {1, 2} and wall in {1, 2} and floor in {1, 2, 3, 4}) for roof, wall, floor in rows]
    assert judge(frame, "sepakat").need.tolist() == wanted
