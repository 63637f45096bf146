"""Households of a book keep their number, their three-valued need in words, and their place."""

import pandas as pd

from geo.atlas.listing import CLASSES, book_households
from geo.atlas.selection import Selection
from geo.crs import MEASURING
from geo.house_numbers import add_house_numbers
from tests.geo.small import small_assessment

KODE = "99.01.01.2001"


def test_needs_have_three_values():
    households = small_assessment().households.iloc[:6].copy()
    households["kode_desa"] = KODE
    households["need_rtlh"] = pd.array([True, True, False, None, None, None], "boolean")
    households["need_jamban"] = pd.array([True, None, False, True, False, None], "boolean")
    numbered = add_house_numbers(households)
    listed = book_households(numbered, Selection("uji", (KODE,)), MEASURING).sort_values("sheet_row")
    words = ["both", "rtlh", "none", "jamban", "unknown", "unknown"]
    assert [CLASSES[need] for need in listed["need"]] == words
    assert listed["words"].tolist()[:4] == ["RTLH + jamban", "RTLH; jamban ?", "–", "Jamban; RTLH ?"]
    bare = numbered.drop(columns=["need_rtlh", "need_jamban", "dusun"])
    listed = book_households(bare, Selection("uji", (KODE,)), MEASURING)
    assert {CLASSES[need] for need in listed["need"]} == {"unknown"}
    assert set(listed["dusun"]) == {""}


def test_only_the_chosen_are_chosen_and_all_of_their_desa_are_there():
    numbered = add_house_numbers(small_assessment().households)
    of_desa = numbered[numbered["kode_desa"] == KODE]
    rows = of_desa["sheet_row"].to_numpy()[1:3]
    listed = book_households(numbered, Selection("uji", (KODE,), rows), MEASURING)
    assert sorted(listed["sheet_row"]) == sorted(of_desa["sheet_row"])
    assert sorted(listed.loc[listed["chosen"], "sheet_row"]) == sorted(rows)
    assert listed["number"].tolist() == sorted(of_desa["house_number"])
    assert listed["x"].notna().sum() == of_desa.geometry.notna().sum()
