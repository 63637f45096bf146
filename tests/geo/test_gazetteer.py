"""Names and codes of desa: what is certain is taken, the rest says why not."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.boundaries import Boundaries
from geo.gazetteer import Gazetteer, name_key
from geo.settings import GeocodingSettings

MUARA_LOR, WANASARI = "99.01.01.2001", "99.01.02.2002"


@pytest.fixture(scope="module")
def gazetteer(district: Boundaries) -> Gazetteer:
    return Gazetteer(pd.DataFrame(district.desa.drop(columns="geometry")), GeocodingSettings())


def match(gazetteer: Gazetteer, desa: str = "", kecamatan: str = "", kode: str = "") -> pd.Series:
    stated = pd.DataFrame(
        {"kode_tertulis": [kode], "desa_tertulis": [desa], "kecamatan_tertulis": [kecamatan]}, dtype="str"
    )
    return gazetteer.match(stated.replace("", pd.NA)).iloc[0]


@pytest.mark.parametrize(
    ("desa", "kecamatan", "expected"),
    [
        ("Muara Lor", "Pesisir Raya", MUARA_LOR),
        ("DESA MUARALOR", "KEC. PESISIR RAYA", MUARA_LOR),
        ("Ds. Moeara  Lor", "Pesisir Raya", MUARA_LOR),
        ("Mura Lor", "Pesisir Raya", MUARA_LOR),
        ("Muara Lor", "", MUARA_LOR),
        ("Wonosari", "Bukit Jaya", WANASARI),  # the spelling of BPS
        ("Kel. Pasar Baru", "Pesisir Raya", "99.01.01.1003"),
        ("Sumber Makmur", "Pesisir Raya", "99.01.01.2004"),
        ("Sumber Makmur", "Bukit Jaya", "99.01.02.2001"),
    ],
)
def test_a_name_is_found_inside_its_kecamatan(gazetteer, desa, kecamatan, expected):
    found = match(gazetteer, desa, kecamatan)
    assert found["kode_desa"] == expected
    assert found["kode_kecamatan"] == expected[:8]
    assert found["score"] >= GeocodingSettings().name_score
    assert found["method"].startswith("nama desa")


@pytest.mark.parametrize(
    ("desa", "kecamatan", "note"),
    [
        ("Sumber Makmur", "", "lebih dari satu desa"),  # the name occurs in two kecamatan
        ("Muara", "Pesisir Raya", "tidak dikenali"),  # half of two names
        ("Antah Berantah", "Pesisir Raya", "nama desa tidak dikenali"),
        ("Muara Lor", "Kota Lain", "nama kecamatan tidak dikenali"),  # a neighbour has the same names
        ("Muara Lor", "Bukit Jaya", "nama desa tidak dikenali"),
    ],
)
def test_a_name_that_is_not_certain_is_left_for_review(gazetteer, desa, kecamatan, note):
    found = match(gazetteer, desa, kecamatan)
    assert pd.isna(found["kode_desa"])
    assert note in found["note"]


@pytest.mark.parametrize(
    ("kode", "expected", "list_"),
    [
        ("99.01.01.2001", MUARA_LOR, "Kemendagri"),
        ("9901012001", MUARA_LOR, "Kemendagri"),
        ("9901020003", MUARA_LOR, "BPS"),
        ("9901010001", WANASARI, "BPS"),
    ],
)
def test_a_code_is_read_by_the_list_it_stands_in(gazetteer, kode, expected, list_):
    found = match(gazetteer, kode=kode)
    assert found["kode_desa"] == expected
    assert found["method"] == f"kode {list_}"
    assert found["score"] == 100


@pytest.mark.parametrize(
    ("kode", "desa", "kecamatan", "note"),
    [
        ("9901012001", "Wanasari", "", "bertentangan"),
        ("9901012001", "Muara Lor", "Bukit Jaya", "bertentangan"),
        ("9901012001", "", "Bukit Jaya", "bertentangan"),
        ("1234567890", "", "", "kabupaten lain"),
        ("3375010001", "Muara Lor", "Pesisir Raya", "kabupaten lain"),
        ("99", "", "", "tidak ada dalam daftar"),
    ],
)
def test_a_code_that_does_not_fit_goes_to_review(gazetteer, kode, desa, kecamatan, note):
    found = match(gazetteer, desa, kecamatan, kode)
    assert pd.isna(found["kode_desa"])
    assert note in found["note"]


def test_a_damaged_code_leaves_the_word_to_the_name(gazetteer):
    assert match(gazetteer, "Muara Lor", "Pesisir Raya", "990101")["kode_desa"] == MUARA_LOR


def test_a_code_that_two_lists_give_to_two_desa_is_not_taken(district):
    names = pd.DataFrame(district.desa.drop(columns="geometry"))
    names.loc[names["kode_desa"] == WANASARI, "kode_bps"] = "9901012001"
    found = match(Gazetteer(names, GeocodingSettings()), kode="9901012001")
    assert pd.isna(found["kode_desa"])
    assert "Kemendagri dan BPS" in found["note"]


def test_no_row_and_no_place_are_no_fault(gazetteer):
    nobody = pd.DataFrame({"kode_tertulis": [], "desa_tertulis": [], "kecamatan_tertulis": []}, dtype="str")
    assert list(gazetteer.match(nobody).columns) == ["kode_desa", "kode_kecamatan", "score", "method", "note"]
    silent = match(gazetteer)
    assert pd.isna(silent["kode_desa"])
    assert silent["note"] == ""
    assert match(gazetteer, kecamatan="Kec. Bukitjaya")["kode_kecamatan"] == "99.01.02"


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=14))
def test_any_text_is_matched_or_left_with_a_note(gazetteer, desa, kecamatan, kode):
    found = match(gazetteer, desa, kecamatan, kode)
    assert 0 <= found["score"] <= 100
    something = name_key(desa) or name_key(kecamatan) or kode
    assert pd.notna(found["kode_desa"]) or pd.notna(found["kode_kecamatan"]) or found["note"] or not something


def test_endless_names_cost_no_more_than_long_ones(gazetteer):
    assert pd.isna(match(gazetteer, "x" * 5_000_000, "y" * 5_000_000)["kode_desa"])
