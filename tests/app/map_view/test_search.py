"""Desa are found by any spelling, by code, and beside their kecamatan."""

import pandas as pd
import pytest

from app.map_view.search import find_desa

DESA = pd.DataFrame(
    [
        ("33.26.17.2001", "Wonokerto Kulon", "33.26.17", "Wonokerto"),
        ("33.26.17.2002", "Wonokerto Wetan", "33.26.17", "Wonokerto"),
        ("33.26.10.2003", "Sidorejo", "33.26.10", "Tirto"),
        ("33.26.11.2004", "Sidorejo", "33.26.11", "Comal"),
        ("33.26.01.2005", "Petungkriyono", "33.26.01", "Petungkriyono"),
    ],
    columns=["kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan"],
)


@pytest.mark.parametrize(
    ("written", "kode"),
    [
        ("wonokerto kulon", "33.26.17.2001"),
        ("WONOKERTO-WTN", "33.26.17.2002"),
        ("wanakerta wetan", "33.26.17.2002"),
        ("Ds. Petoengkrijono", "33.26.01.2005"),
        ("sidorejo, comal", "33.26.11.2004"),
        ("sidorjo, tirto", "33.26.10.2003"),
        ("3326172002", "33.26.17.2002"),
        ("33.26.10", "33.26.10.2003"),
        ("petung", "33.26.01.2005"),
    ],
)
def test_the_likeliest_comes_first(written: str, kode: str):
    assert find_desa(DESA, written)[0].kode == kode


def test_namesakes_are_all_offered_with_their_kecamatan():
    assert {place.kecamatan for place in find_desa(DESA, "sidorejo")} == {"Tirto", "Comal"}


def test_a_kecamatan_is_offered_last():
    found = find_desa(DESA, "wonokerto")
    assert [place.kode for place in found][-1] == "33.26.17"
    assert found[-1].kecamatan == ""


@pytest.mark.parametrize(("written", "name"), [("wnkerto", "Wonokerto Kulon"), ("wkrto", "Wonokerto Kulon")])
def test_what_is_only_somewhat_alike_is_offered_as_a_guess(written: str, name: str):
    found = find_desa(DESA, written)
    assert found[0].name == name
    assert all(place.guess for place in found)
    assert not any(place.guess for place in find_desa(DESA, "wonokerto kulon"))


def test_a_two_doubles_a_word():
    desa = DESA.assign(nama_desa=["Api-Api", *DESA["nama_desa"][1:]])
    for written in ("api2", "api 2", "Desa Api2"):
        found = find_desa(desa, written)
        assert (found[0].name, found[0].guess) == ("Api-Api", False), written


@pytest.mark.parametrize("written", ["", "   ", "xyzzy", ",", "!!", "<script>", "x" * 5000])
def test_nothing_like_it_finds_nothing(written: str):
    assert find_desa(DESA, written) == []


def test_a_district_without_desa_finds_nothing():
    assert find_desa(DESA.iloc[:0], "wonokerto") == []
