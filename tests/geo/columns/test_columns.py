"""Headings recognised, answers read: never a guess, never a crash."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.columns import Column, code_column, heading_key
from geo.columns.answers import read_answers
from geo.households.vocabulary import known_columns

LANTAI = code_column("jenis_lantai", ("lantai",))
LUAS = Column("luas_lantai", ("luas lantai",), kind="area", low=1, high=500)
DESIL = Column("desil", ("desil",), kind="desil", low=1, high=10)
KODE = Column("kode_tertulis", ("kode desa",), kind="identifier")
NAMA = Column("nama", ("nama",))


def read(column: Column, *cells: str | None) -> tuple[list[object], list[object]]:
    answers = read_answers(column, pd.Series(cells, dtype="str"))
    values, faults = answers.value, answers.fault
    assert values.dtype == column.dtype
    return [None if pd.isna(v) else v for v in values], [None if pd.isna(f) else f for f in faults]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2", 2), ("02", 2), (" 2 ", 2), ("2.0", 2), ("2,0", 2), ("Keramik", 2), ("KERAMIK", 2), ("2. Keramik", 2),
        ("2 - keramik putih", 2), ("semen / bata  merah", 6), ("2.", 2), ("9 lainnya", 9),
    ],
)  # fmt: skip
def test_a_code_is_read_as_number_or_label(cell, code):
    assert read(LANTAI, cell) == ([code], [None])


@pytest.mark.parametrize(
    "cell", ["0", "10", "88", "2.5", "1-4", "1 atau 2", "1/2", "3 keramik", "-1", "marmar", "2x"]
)
def test_a_code_outside_its_list_is_a_fault_that_shows_the_list(cell):
    values, faults = read(LANTAI, cell)
    assert values == [None]
    assert "Regsosek 2022 nomor 303" in str(faults[0])
    assert "8 tanah" in str(faults[0])


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        (LUAS, "45,5 m2", 45.5), (LUAS, "45.5", 45.5), (LUAS, "36 m²", 36), (LUAS, "500", 500), (DESIL, "Desil 1", 1),
        (DESIL, "10.0", 10), (DESIL, "3 ", 3),
    ],
)  # fmt: skip
def test_numbers_are_read_with_their_units(column, cell, value):
    assert read(column, cell) == ([value], [None])


@pytest.mark.parametrize(
    ("column", "cell"),
    [(LUAS, "0"), (LUAS, "4500"), (LUAS, "luas"), (LUAS, "6x"), (LUAS, "45-50"), (LUAS, "1.000"), (LUAS, "1,200"),
         (LUAS, "60x90"),
         (LUAS, "1e2"), (LUAS, "inf"), (LUAS, "9" * 5000),
     (DESIL, "1-14"), (DESIL, "0"), (DESIL, "11"), (DESIL, "sangat miskin"), (LANTAI, "9" * 5000),
     (LANTAI, "1" + " " * 50_000 + "3")],
)  # fmt: skip
def test_an_impossible_number_is_a_fault(column, cell):
    values, faults = read(column, cell)
    assert values == [None]
    assert faults[0]


@pytest.mark.parametrize("column", [LANTAI, LUAS, DESIL])
@pytest.mark.parametrize("cell", [None, "-", "N/A", "tidak tahu", "?", "#N/A"])
def test_an_empty_answer_is_missing_and_no_fault(column, cell):
    assert read(column, cell) == ([None], [None])


def test_identifiers_stay_text_and_lose_only_what_a_spreadsheet_program_did_to_them():
    cells = ("3326010001.0", "'3326010001", "33.26.01.2001", "0012", "9912340013567890", "9,91E+15", "-")
    assert read(KODE, *cells)[0] == [
        "3326010001", "3326010001", "33.26.01.2001", "0012", "9912340013567890", "9,91E+15", None
    ]  # fmt: skip


def test_a_name_stays_as_written_even_when_it_looks_like_a_missing_value():
    assert read(NAMA, "Na", "NULL", "None", "-", "<b>A</b>")[0] == ["Na", None, "None", None, "<b>A</b>"]


@given(
    st.lists(st.one_of(st.none(), st.text()), max_size=8), st.sampled_from([LANTAI, LUAS, DESIL, KODE, NAMA])
)
def test_any_text_is_a_value_a_fault_or_missing(cells, column):
    answers = read_answers(column, pd.Series(cells, dtype="str"))
    values, faults = answers.value, answers.fault
    assert len(values) == len(faults) == len(cells)
    assert not (values.notna() & faults.notna()).any()
    if column.kind not in {"text", "identifier"}:
        known = values.dropna().to_numpy(float)
        assert ((known >= column.low) & (known <= column.high)).all()
        assert column.kind != "code" or np.isin(known, list(column.labels)).all()


def test_headings_with_question_numbers_units_and_capitals_are_the_same():
    for heading in ("Luas Lantai (m2)", "302. LUAS LANTAI", "luas_lantai", " Luas\nLantai [m²]"):
        assert heading_key(heading) == "luas lantai"
    assert heading_key("309a") == "309a"
    assert heading_key("(" * 100_000) == ""


def test_no_heading_has_two_meanings():
    meanings = [
        (heading_key(heading), column.name) for column in known_columns() for heading in set(column.headings)
    ]
    keys = pd.DataFrame(set(meanings), columns=["key", "name"])
    assert keys[keys["key"].duplicated(keep=False)].empty
    assert (keys["key"] != "").all()
