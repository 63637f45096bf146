"""The benchmark of names: its data are as told, and it runs."""

import random

import pytest

from scripts.benchmark_names import PEERS, dirty, made_up_names, main, real_mix, spellings


def chance(seed: int = 1) -> random.Random:
    return random.Random(seed)  # noqa: S311  -- names, not secrets


def test_the_made_up_country_has_a_code_for_every_desa():
    country = made_up_names(9_000, chance(1))
    assert country["kode_desa"].is_unique
    assert country["kode_desa"].str.fullmatch(r"\d\d\.\d\d\.\d\d\.\d{4}").all()
    assert (country["kode_desa"].str[:8] == country["kode_kecamatan"]).all()
    assert country.groupby("kode_kecamatan")["nama_kecamatan"].nunique().max() == 1


def test_spellings_are_distinct_and_a_real_mix_has_few():
    country = made_up_names(120, chance(1))
    assert not spellings(country, 2_000, chance(2), kecamatan=True).duplicated().any()
    sheet = real_mix(country, 5_000, chance(3))
    assert len(sheet) == 5_000
    assert len(sheet.drop_duplicates()) <= 6 * len(country)
    assert dirty("Wonokerto", chance(4)).strip()


def test_it_runs_small(capsys):
    main(["--rows", "500", "--distinct", "300", "--many", "20", "--runs", "1", "--desa", "240"])
    *lines, machine = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    assert all("a second" in line and "x rapidfuzz" in line and "x difflib" in line for line in lines)
    assert "processors" in machine


def test_the_names_of_the_country_are_as_long_and_as_often_the_same_as_real_ones():
    names = made_up_names(20_000, chance(1))["nama_desa"]
    assert 8.5 < names.str.len().mean() < 10.5
    assert names.duplicated().any()


@pytest.mark.parametrize("name", PEERS)
def test_the_peers_find_a_name(name):
    assert "wonokerto" in str(PEERS[name](["doro", "wonokerto"])("wonokreto"))
    assert not PEERS[name](["doro"])("wonokreto")
