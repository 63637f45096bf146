"""The one area that a name means: few slips are forgiven, what may be another name is not."""

import numpy as np
import pandas as pd
import pytest

from geo.gazetteer.likeness import EVERYWHERE, NONE, SEVERAL
from geo.gazetteer.search import EXACT, Found, find, gather_spellings
from geo.gazetteer.spelling import tidy
from geo.settings import GeocodingSettings

HERE, THERE = 0, 1
NAMES = (
    ("Asan", HERE), ("Gampong Baro", HERE), ("Gampong Pande", HERE), ("Raja", HERE), ("Karangsari", HERE),
    ("Poleonro", HERE), ("Poleonro", THERE), ("Snok", THERE), ("Sono", THERE), ("Kutorembet", THERE), ("Sini", THERE),
    ("Distrik Lama", THERE), ("Patean", HERE), ("Poteran", THERE),
)  # fmt: skip


def found(name: str, group: int = EVERYWHERE) -> Found:
    names = pd.Series([name for name, _ in NAMES])
    spellings = gather_spellings(names, pd.Series([""] * len(NAMES)), np.array([place for _, place in NAMES]))
    return find(spellings, tidy([name]), np.array([group]), GeocodingSettings(), loosely=True)


def called(name: str, group: int = EVERYWHERE) -> str | int:
    area = int(found(name, group).area[0])
    return NAMES[area][0] if area >= 0 else area


@pytest.mark.parametrize("written", ["Gampong Asan", "Gp. Asan", "Kamp. Asan", "12 Asan"])
def test_the_exact_name_behind_a_word_wins_over_what_is_only_like_the_whole(written):
    assert (called(written, HERE), found(written, HERE).score[0]) == ("Asan", EXACT)


@pytest.mark.parametrize(
    "written", ["Gampong Paloh", "Gampong Bali", "Dusun Krajan", "Dusun Asan", "Ranja Jx", "Krajan"]
)
def test_what_is_only_partly_like_a_name_is_none(written):
    assert called(written, HERE) == NONE


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Pzleoxro", "Poleonro"),
        ("Karzngsxri", "Karangsari"),
        ("Azzn", NONE),
        ("Rzjy", NONE),
        ("Kzrzngsxri", NONE),
    ],
)
def test_two_slips_are_forgiven_a_long_name_only(written, expected):
    assert called(written, HERE) == expected


@pytest.mark.parametrize("written", ["Poleonro", "Poeonro", "Polleonro", "Poeleonro", "Sno", "Poteean"])
def test_names_that_fit_two_desa_alike_fit_none(written):
    assert called(written) == SEVERAL


def test_in_its_kecamatan_a_twin_is_itself():
    assert found("Poeonro", THERE).area.tolist() == [6]


def test_a_brief_name_is_taken_where_nothing_else_is_as_near():
    assert called("Sinni") == "Sini"
    assert called("Raj", HERE) == "Raja"


def test_an_official_name_that_begins_with_a_kind_is_found_with_it_and_without():
    assert called("Distrik Lama", THERE) == called("Lama", THERE) == "Distrik Lama"
