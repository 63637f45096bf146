"""Whom a book is for: areas by code or name, kantong, lists, a team's day; what does not exist is told clearly."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geo.assessment import Assessment
from geo.atlas.selection import (
    in_turn,
    narrowed,
    of_areas,
    of_kantong,
    of_rows,
    of_visits,
    whole_district,
)
from geo.errors import SettingsError
from tests.geo.small import small_assessment


@pytest.fixture(scope="module")
def small() -> Assessment:
    return small_assessment()


def test_the_whole_district_is_every_desa_in_the_order_of_codes(small: Assessment) -> None:
    selection = whole_district(small)
    assert list(selection.desa) == sorted(small.desa["kode_desa"])
    assert selection.rows is None
    assert "Kabupaten Contoh" in selection.title


@pytest.mark.parametrize("text", ["99.01.02.2003", "9901022003", "contoh 23", " CONTOH  23 ", "Contoh 23"])
def test_a_desa_is_found_by_code_or_name(small: Assessment, text: str) -> None:
    selection = of_areas(small, desa=[text])
    assert selection.desa == ("99.01.02.2003",)
    assert selection.title == "Desa Contoh 23"


def test_areas_add_up_each_desa_once(small: Assessment) -> None:
    selection = of_areas(small, desa=["Contoh 11", "contoh 21", "99.01.02.2001"], kecamatan=["kecontohan 2"])
    assert selection.desa == ("99.01.01.2001", *(f"99.01.02.{code}" for code in range(2001, 2005)))
    assert selection.title == "Kecamatan Kecontohan 2, Desa Contoh 11, Contoh 21"


def test_an_ambiguous_name_names_its_candidates(small: Assessment) -> None:
    small.desa.loc[[0, 5], "nama_desa"] = "Sukamaju"
    try:
        with pytest.raises(SettingsError, match="2 desa") as fault:
            of_areas(small, desa=["sukamaju"])
    finally:
        small.desa.loc[[0, 5], "nama_desa"] = ["Contoh 11", "Contoh 22"]
    assert "99.01.01.2001, Kecamatan Kecontohan 1" in str(fault.value)
    assert "99.01.02.2002, Kecamatan Kecontohan 2" in str(fault.value)


def test_a_bare_code_of_the_statistics_office_may_mean_another_desa(small: Assessment) -> None:
    other = small.desa["kode_bps"].iloc[7]
    small.desa.loc[7, "kode_bps"] = "9901012001"
    try:
        with pytest.raises(SettingsError, match=r"99\.01\.02\.2004"):
            of_areas(small, desa=["9901012001"])
        assert of_areas(small, desa=["99.01.01.2001"]).desa == ("99.01.01.2001",)
    finally:
        small.desa.loc[7, "kode_bps"] = other


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"desa": ["Contho 11"]}, "Contoh 11 .99.01.01.2001"),
        ({"desa": ["zzzz"]}, "Tulis kode"),
        ({"kecamatan": ["99.01.09"]}, "Kecamatan «99.01.09» tidak ada"),
    ],
)
def test_an_unknown_area_is_told_with_what_is_near(
    small: Assessment, wanted: dict[str, list[str]], told: str
) -> None:
    with pytest.raises(SettingsError, match=told):
        of_areas(small, **wanted)


def test_a_kantong_is_its_households(small: Assessment) -> None:
    selection = of_kantong(small, [1])
    inside = small.counted[small.counted["cluster_rtlh"].eq(1).fillna(value=False)]
    assert selection.rows is not None
    assert selection.rows.tolist() == inside["sheet_row"].tolist()
    assert {*selection.desa} == {*inside["kode_desa"]}
    assert selection.title == "Kantong K1"
    with pytest.raises(SettingsError, match=r"K9 tidak ada\. Yang ada: K1 sampai K1"):
        of_kantong(small, [1, 9])


def test_households_are_chosen_by_their_rows(small: Assessment) -> None:
    some = small.counted.dropna(subset="kode_desa").sample(20, random_state=1)
    selection = of_rows(small, [*some["sheet_row"], *some["sheet_row"]], "Daftar")
    assert selection.rows is not None
    assert selection.rows.tolist() == sorted(some["sheet_row"])
    assert list(selection.desa) == sorted({*some["kode_desa"]})


@pytest.mark.parametrize(("rows", "told"), [([], "tidak ada rumah tangga"), ([2, 999_999], "1 baris lembar")])
def test_a_list_of_nobody_or_of_strangers_is_refused(small: Assessment, rows: list[int], told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        of_rows(small, rows, "Daftar")


def test_households_without_a_desa_alone_make_no_book(small: Assessment) -> None:
    lost = small.counted.loc[small.counted["kode_desa"].isna(), "sheet_row"]
    assert len(lost)
    with pytest.raises(SettingsError, match="tidak diketahui"):
        of_rows(small, lost, "Daftar")


def test_a_teams_day_has_turns(small: Assessment) -> None:
    selection = of_visits(small.visits, small, 1, 1)
    assert of_visits(small.visits, small, 1, None).turn == selection.turn
    mine = small.visits[small.visits["team"].eq(1)]
    assert selection.turn == dict(zip(mine["sheet_row"], mine["order"], strict=True))
    assert selection.title == "Regu 1, hari 1"
    with pytest.raises(
        SettingsError, match=r"Regu 7, hari 1: tidak ada kunjungan\. Rencana itu punya regu 1 sampai 2"
    ):
        of_visits(small.visits, small, 7, 1)
    with pytest.raises(SettingsError, match="kosong"):
        of_visits(small.visits.iloc[:0], small, 1, 1)


def test_one_day_of_one_team_is_a_book(small: Assessment) -> None:
    week = pd.concat([small.visits, small.visits.assign(day=3)])
    with pytest.raises(SettingsError, match=r"sebut --day\. Hari yang ada: 1, 3\."):
        of_visits(week, small, 1, None)
    with pytest.raises(SettingsError, match=r"sebut juga --team\. Regu yang berkunjung: 1, 2\."):
        of_visits(week, small, None, 3)


def test_desa_of_a_day_are_in_the_order_of_their_first_turn(small: Assessment) -> None:
    first = small.counted.dropna(subset="kode_desa").drop_duplicates("kode_desa").sort_values("kode_desa")
    rows, codes = first["sheet_row"].tolist()[:4], first["kode_desa"].tolist()[:4]
    turn = dict(zip(rows, (3, 1, 4, 2), strict=True))
    selection = of_rows(small, rows, "Regu 1, hari 1", turn)
    assert selection.desa == (codes[1], codes[3], codes[0], codes[2])
    shuffled = replace(selection, desa=tuple(codes))
    assert in_turn(shuffled, small.counted).desa == selection.desa
    assert in_turn(replace(shuffled, turn=None), small.counted).desa == tuple(codes)


def test_a_dotted_code_is_none_of_the_statistics_office(small: Assessment) -> None:
    bps = str(small.desa["kode_bps"].iloc[7])
    own = small.desa["kode_desa"].iloc[7]
    small.desa.loc[7, "kode_bps"] = "9901019009"
    try:
        assert of_areas(small, desa=["9901019009"]).desa == (own,)
        with pytest.raises(SettingsError, match=r"99\.01\.01\.9009"):
            of_areas(small, desa=["99.01.01.9009"])
    finally:
        small.desa.loc[7, "kode_bps"] = bps


def test_a_kelurahan_is_called_so(small: Assessment) -> None:
    town = replace(small, desa=small.desa.assign(jenis=["Kelurahan", *["desa"] * (len(small.desa) - 1)]))
    names = town.desa["nama_desa"].tolist()
    assert of_areas(town, desa=[names[0]]).title == f"Kelurahan {names[0]}"
    assert of_areas(town, desa=names[:3]).title == f"Kelurahan {names[0]}, Desa {names[1]}, {names[2]}"


def test_chosen_households_are_narrowed_to_an_area(small: Assessment) -> None:
    everybody = of_rows(small, small.counted["sheet_row"], "Daftar")
    area = of_areas(small, kecamatan=["99.01.01"])
    selection = narrowed(everybody, area, small)
    inside = small.counted["kode_desa"].isin(area.desa)
    assert selection.rows is not None
    assert selection.rows.tolist() == small.counted.loc[inside, "sheet_row"].tolist()
    assert {*selection.desa} <= {*area.desa}
    assert selection.title == "Daftar; Kecamatan Kecontohan 1"
    elsewhere = of_rows(
        small, small.counted.loc[small.counted["kode_desa"].eq("99.01.03.2004"), "sheet_row"], "D"
    )
    with pytest.raises(SettingsError, match="tidak ada rumah tangga"):
        narrowed(elsewhere, area, small)


def test_areas_are_narrowed_to_areas(small: Assessment) -> None:
    assert narrowed(whole_district(small), of_areas(small, desa=["Contoh 11"]), small).desa == (
        "99.01.01.2001",
    )


def test_rows_may_come_as_any_numbers(small: Assessment) -> None:
    rows = small.counted.dropna(subset="kode_desa")["sheet_row"].head(3)
    as_numbers = [
        of_rows(small, given, "D").rows for given in (rows, rows.to_numpy(np.int32), pd.Index(rows), [*rows])
    ]
    assert all(found is not None and found.tolist() == rows.tolist() for found in as_numbers)
