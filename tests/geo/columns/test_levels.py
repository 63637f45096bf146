"""Conditions of the parts of a house: levels, words of other forms, numbers that two lists share, and measures."""

import pandas as pd
import pytest

from geo.columns import Column, level_column
from geo.columns.answers import CENTIMETRES, PERCENT_FOR_AREA, SHARE_OR_PERCENT, Answers, read_answers
from geo.columns.levels import DOUBTFUL, NO_LEVEL, NO_MEASURE, find_level, read_levels

KOLOM, ATAP = level_column("kolom", ("kolom",)), level_column("kondisi_atap", ("kondisi atap",))


def read(column: Column, *cells: str | None) -> Answers:
    return read_answers(column, pd.Series(cells, dtype="str"))


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("layak", 1), ("menuju layak", 2), ("agak layak", 3), ("kurang layak", 4), ("tidak layak", 5), ("tdk layak", 5),
        ("1. layak", 1), ("[5] tidak layak", 5), ("tidak layak (5)", 5), ("4 - kurang layak", 4),
        ("baik", 1001), ("1. baik", 1001), ("2 rusak ringan", 1002), ("rusak sedang", 1003), ("rusak berat", 1004),
        ("rusak", 1005), ("bagus", 1011), ("1. bagus", 1011), ("2 jelek", 1012), ("jelek/kualitas rendah", 1012),
        ("2 tidak layak", None), ("sedang", None), ("agak rusak", None), ("keramik", None), ("ada", None), ("3", None),
        ("1001", None), ("baik, atap rusak", None),
    ],
)  # fmt: skip
def test_words_beyond_doubt_and_no_others(word: str, level: int | None):
    assert find_level(word) == level


def test_numbers_are_levels_where_the_column_shows_five_of_them():
    found = read(KOLOM, "1", "2", "03", "4.0", "5", None, "-", "Layak")
    assert found.value.tolist() == [1, 2, 3, 4, 5, pd.NA, pd.NA, 1]
    assert found.fault.isna().all()
    assert found.mark.isna().all()


def test_a_two_among_ones_and_twos_may_be_of_either_list():
    pupr, register = read(KOLOM, "1", "2"), read(ATAP, "1", "2")
    assert pupr.value.tolist() == [1, pd.NA]
    # good by either list, but a register verifies nothing
    assert register.value.tolist() == [1011, pd.NA]
    assert register.mark.tolist()[1] == pupr.mark.tolist()[1] == DOUBTFUL
    assert read(ATAP, "1", "2", "3").value.tolist() == [1, 2, 3]
    assert read(ATAP, "1", "2 jelek").value.tolist() == [1011, 1012]


def test_a_number_beyond_the_list_is_a_fault_and_a_strange_word_only_unknown():
    found = read(KOLOM, "3", "7", "0", "1001", "retak rambut")
    assert found.value.tolist() == [3, pd.NA, pd.NA, pd.NA, pd.NA]
    assert found.fault.notna().tolist() == [False, True, True, False, False]
    assert found.mark.tolist()[3:] == [NO_LEVEL, NO_LEVEL]
    assert "1 layak" in found.fault[1]


def test_the_words_of_a_level_are_its_own():
    levels = read_levels()
    for code, label in levels.labels.items():
        assert find_level(label) == code
    assert {*levels.question.words.values()} == {*levels.labels}


def test_a_ceiling_in_centimetres_is_read_as_such():
    found = read(
        Column("tinggi_plafon", (), kind="height", low=1, high=10), "2,8", "280", "3 m", "250 cm", "28", "0"
    )
    assert found.value.tolist()[:4] == pytest.approx([2.8, 2.8, 3, 2.5])
    assert found.mark.tolist()[1] == found.mark.tolist()[3] == CENTIMETRES
    assert found.fault.notna().tolist() == [False, False, False, False, True, True]


def test_an_opening_is_an_area_or_a_share_never_both():
    area = read(Column("luas_ventilasi", (), kind="opening", low=0, high=200), "1,5 m2", "6 %", "0", "cukup")
    assert area.value.tolist() == [1.5, pd.NA, 0, pd.NA]
    assert area.mark.tolist()[1] == PERCENT_FOR_AREA
    assert area.mark.tolist()[3] == NO_MEASURE
    assert area.fault.isna().all()
    share = read(
        Column("persen_ventilasi", (), kind="percent", low=0, high=100), "6 %", "7,5", "0,06", "0,5 %", "120"
    )
    assert share.value.tolist()[:2] == [6, 7.5]
    assert share.value.tolist()[3] == 0.5
    assert share.mark.tolist()[2] == SHARE_OR_PERCENT
    assert share.fault.notna().tolist() == [False, False, False, False, True]
