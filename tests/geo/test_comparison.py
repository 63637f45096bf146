"""Two definitions of RTLH side by side: every house in one of nine cells, in its desa."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.assessment import Assessment
from geo.boundaries import Boundaries
from geo.comparison import CELLS, NO_DESA, PLACE, changed, compare, compare_profiles, require_profiles
from geo.errors import SettingsError
from geo.indicators.rtlh import judge, profiles
from geo.settings import IndicatorSettings

DESA = pd.DataFrame(
    {
        "kode_desa": ["99.01.01.2001", "99.01.01.2002"], "nama_desa": ["Contoh Lor", "Contoh Kidul"],
        "kode_kecamatan": "99.01.01", "nama_kecamatan": "Kecontohan",
    }
)  # fmt: skip


def houses(*rows: tuple[str | None, int | None, int | None, int | None]) -> pd.DataFrame:
    """Return houses of a desa by roof, wall and floor; otherwise known and good."""
    table = pd.DataFrame(rows, columns=["kode_desa", "jenis_atap", "jenis_dinding", "jenis_lantai"])
    kinds = {"kode_desa": "str", "jenis_atap": "Int8", "jenis_dinding": "Int8", "jenis_lantai": "Int8"}
    return table.astype(kinds).assign(
        luas_lantai=60.0,
        jumlah_art=4,
        sumber_air=5,
        fasilitas_bab=1,
        jenis_kloset=1,
        buang_tinja=1,
        zone_urban="luar",
    )


SOME = houses(
    ("99.01.01.2001", 2, 1, 2),  # fit by both
    ("99.01.01.2001", 3, 1, 6),  # zinc and cement: fit by BPS, substandar by SEPAKAT
    ("99.01.01.2001", 3, 1, 6),
    ("99.01.01.2002", 7, 1, 2),  # thatch: unfit by both
    ("99.01.01.2002", None, 1, 2),  # unknown by both
    ("99.01.01.2002", None, 1, 6),  # unknown by BPS, substandar by SEPAKAT
    (None, 3, 1, 2),
    ("99.99.99.9999", 2, 1, 2),  # no desa of the district
)


def test_every_house_stands_in_one_cell_of_its_desa():
    table = compare(SOME, DESA, "bps_sdg", "sepakat")
    assert table.columns.tolist() == [*PLACE, "first", "second", "households", *CELLS]
    assert len(CELLS) == 9
    assert table["nama_desa"].tolist() == ["Contoh Lor", "Contoh Kidul", NO_DESA]
    assert table["kode_desa"].isna().tolist() == [False, False, True]
    assert set(table["first"]) == {"bps_sdg 2022"}
    assert set(table["second"]) == {"sepakat BDT"}
    assert table["households"].tolist() == [3, 3, 2]
    assert table["fit_fit"].tolist() == [1, 0, 1]
    assert table["fit_need"].tolist() == [2, 0, 1]
    assert table["need_need"].tolist() == [0, 1, 0]
    assert table["unknown_unknown"].tolist() == [0, 1, 0]
    assert table["unknown_need"].tolist() == [0, 1, 0]
    assert changed(table).tolist() == [2, 0, 1]
    assert {str(table[name].dtype) for name in (*CELLS, "households")} == {"int64"}


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*DESA["kode_desa"], None]),
            st.one_of(st.none(), st.integers(1, 8)),
            st.one_of(st.none(), st.integers(1, 7)),
            st.one_of(st.none(), st.integers(1, 9)),
        ),
        max_size=30,
    ),
    st.permutations(list(profiles())),
)
def test_the_cells_add_up_and_turn_with_the_definitions(
    rows: list[tuple[None, None, None, None]], order: list[str]
):
    one, other = order[:2]
    sheet = houses(*rows)
    table, turned = compare(sheet, DESA, one, other), compare(sheet, DESA, other, one)
    assert int(table["households"].sum()) == len(rows)
    assert (table[list(CELLS)].sum(axis=1) == table["households"]).all()
    for cell in CELLS:
        first, second = cell.split("_")
        assert table[cell].tolist() == turned[f"{second}_{first}"].tolist()
    needs = judge(sheet, one).need
    assert int(table[["need_need", "need_fit", "need_unknown"]].sum().sum()) == int(needs.sum())


def test_a_definition_beside_itself_moves_nobody():
    table = compare(SOME, DESA, "sepakat", "sepakat")
    assert int(changed(table).sum()) == 0


def test_without_a_second_definition_the_table_is_empty_but_whole():
    asked = compare_profiles(SOME.assign(need_rtlh=True), DESA, IndicatorSettings(rtlh_compare="sepakat"))
    none = compare_profiles(SOME.assign(need_rtlh=True), DESA, IndicatorSettings())
    assert len(asked) == 3
    assert len(none) == 0
    assert none.dtypes.astype(str).to_dict() == asked.dtypes.astype(str).to_dict()
    assert (
        len(compare_profiles(SOME, DESA, IndicatorSettings(rtlh_compare="sepakat"))) == 0
    )  # the indicator is off


@pytest.mark.parametrize("name", ["rtlh_profile", "rtlh_compare"])
def test_an_unknown_definition_is_refused_by_its_setting(name: str):
    with pytest.raises(SettingsError, match=rf"indicators\.{name}.*karangan.*pupr_spm"):
        require_profiles(IndicatorSettings(**{name: "karangan"}))
    require_profiles(IndicatorSettings(rtlh_compare="sepakat"))


def test_a_whole_sheet_is_compared_as_it_was_measured(assessment: Assessment, district: Boundaries):
    counted = assessment.counted
    table = compare_profiles(counted, assessment.desa, IndicatorSettings(rtlh_compare="sepakat"))
    assert int(table["households"].sum()) == len(counted)
    assert len(table) == len(district.desa) + 1
    by_desa = counted.groupby("kode_desa")["need_rtlh"].sum()
    needs = table.set_index("kode_desa")[["need_need", "need_fit", "need_unknown"]].sum(axis=1)
    known = np.array([int(by_desa.get(kode, 0)) for kode in district.desa["kode_desa"]])
    assert needs[district.desa["kode_desa"]].to_numpy().tolist() == known.tolist()


def test_a_definition_is_not_compared_with_itself():
    with pytest.raises(SettingsError, match="sama dengan rtlh_profile"):
        require_profiles(IndicatorSettings(rtlh_profile="sepakat", rtlh_compare="sepakat"))
