"""Whether something is there: words, numbers that leave doubt, and no name of a disease kept or guessed."""

import tomllib

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.columns import PROFILES, Column
from geo.columns.answers import read_answers
from geo.columns.presence import UNCLEAR_NUMBER, UNCLEAR_WORDS

ILL, DISABLED, EMPTIED = "penyakit_kronis", "disabilitas", "sedot_tinja"


def read(name: str, heading: str, cells: list[str | None]) -> list[int | None]:
    answers = read_answers(Column(name, (), kind="presence"), pd.Series(cells, name=heading, dtype="str"))
    assert answers.fault.isna().all()
    assert answers.value.dtype == "Int8"
    return [None if pd.isna(value) else int(value) for value in answers.value]


def marks(name: str, heading: str, cells: list[str | None]) -> list[str | None]:
    answers = read_answers(Column(name, (), kind="presence"), pd.Series(cells, name=heading, dtype="str"))
    return [None if pd.isna(mark) else str(mark) for mark in answers.mark]


@pytest.mark.parametrize(
    "cell",
    ["ya", "Ya", " Y ", "ADA", "1. Ya", "ya (1)", "Hipertensi", "2 orang", "DM", "TBC Paru",
     "hipertensi, asma", "Ada - stroke", "Ya, darah tinggi", "02. Hipertensi (darah tinggi)",
     "asam urat dan kolesterol", "Stroke ringan", "ada anggota keluarga", "Penderita asma",
     "kanker/tumor", "v", "V", "✓", "√", "☑", "✔\ufe0f", "kanker payudara stadium 2", "pasang ring jantung 2019",
     "Rutin minum obat hipertensi", "stroke sebelah kiri sejak th 2015"],
)  # fmt: skip
def test_words_that_say_yes(cell):
    assert read(ILL, "Penyakit Kronis", [cell]) == [1]


@pytest.mark.parametrize(
    "cell",
    ["tidak", "Tidak Ada", "T", "tdk", "nihil", "Sehat", "normal", "01. Tidak Ada", "2. Tidak",
     "tidak ada penyakit", "Tidak memiliki penyakit kronis", "0 orang", "belum ada",
     "tidak ada anggota keluarga yang sakit", "Sehat semua"],
)  # fmt: skip
def test_words_that_say_no(cell):
    assert read(ILL, "Penyakit Kronis", [cell]) == [0]


@pytest.mark.parametrize("cell", ["-", "", "?", "tidak tahu", "tidak diketahui", "kosong", None])
def test_what_is_not_filled_in_is_unknown_and_no_matter_of_remark(cell):
    assert read(ILL, "Penyakit Kronis", [cell]) == [None]
    assert marks(ILL, "Penyakit Kronis", [cell]) == [None]


@pytest.mark.parametrize(
    "cell",
    ["batuk", "tidak hipertensi", "sakit", "tidak bisa jalan", "xyz", "tidak, stroke", "kontrol rutin",
     "Ada / Tidak Ada", "ya/tidak", "x" * 500, "1999", "mungkin asma", "x", "X", "☐", "☒",
     "tidak ada hipertensi", "tdkada asma", "bukan diabetes basah", "asma sembuh total",
     "ginjal normal semua", "hipertensi stadium berapa?", "alm suami stroke berat sekali",
     "jualan gula jawa", "belum periksa jantung", "hipertensi " * 40 + "tidak"],
)  # fmt: skip
def test_words_that_are_not_known_are_unknown_with_a_remark_and_no_fault(cell):
    assert read(ILL, "Penyakit Kronis", [cell]) == [None]
    assert marks(ILL, "Penyakit Kronis", [cell]) == [UNCLEAR_WORDS]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("Tuna Netra", 1), ("tunarungu", 1), ("penyandang disabilitas fisik", 1), ("ODGJ", 1), ("Tidak cacat", 0),
     ("non disabilitas", 0), ("ada (tuna daksa)", 1), ("Bukan penyandang disabilitas", 0), ("rabun", None),
     ("kaki kiri lumpuh karena jatuh", 1), ("tuna netra kedua mata", 1), ("buta huruf", None), ("buta warna", None),
     ("kaki tidak lumpuh total", None), ("✓", 1), ("x", None)],
)  # fmt: skip
def test_kinds_of_disability(cell, value):
    assert read(DISABLED, "Jenis Disabilitas", [cell]) == [value]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("ya", 1), ("Belum pernah disedot", 0), ("sudah disedot", 1), ("1", 1), ("tidak", 0), ("entah", None)],
)
def test_emptying(cell, value):
    assert read(EMPTIED, "Tangki septik disedot dalam 5 tahun terakhir", [cell]) == [value]


@pytest.mark.parametrize(
    ("heading", "cells", "values"),
    [
        ("Jumlah Disabilitas", ["0", "1", "2", "3"], [0, 1, 1, 1]),
        ("Jml ART Disabilitas", ["2", None], [1, None]),
        ("Ada ART Disabilitas", ["1", "2"], [1, 0]),
        ("Ada ART Disabilitas", ["1", "0"], [1, 0]),
        ("Ada ART Disabilitas", ["3"], [None]),
        ("Disabilitas", ["0", "1"], [0, 1]),
        ("Disabilitas", ["1", "2"], [1, None]),  # two: no, or two persons
        ("Disabilitas", ["0", "1", "2"], [None, 1, None]),  # nought: nobody, or not filled in
        ("Disabilitas", ["0", "3", "5"], [0, 1, 1]),
        ("Disabilitas", ["1", "4"], [1, None]),  # four persons, or no difficulty
        ("Jenis Disabilitas", ["1", "7"], [None, None]),  # one of the kinds may be «none»
        ("Jenis Disabilitas", ["0", "1", "7"], [0, 1, 1]),
        ("428", ["1", "2", "3", "4"], [1, 1, None, 0]),
        ("Disabilitas", ["1 orang", "2"], [1, None]),
        ("Disabilitas", ["1.0", "01"], [1, 1]),
    ],
)
def test_a_bare_number_is_read_as_far_as_every_reading_agrees(heading, cells, values):
    assert read(DISABLED, heading, cells) == values
    unclear = [
        UNCLEAR_NUMBER if cell and value is None else None for cell, value in zip(cells, values, strict=True)
    ]
    assert marks(DISABLED, heading, cells) == unclear


def test_the_number_of_the_question_says_what_its_codes_mean():
    for heading in ("430", "R430", "430. Apakah (nama) memiliki keluhan kesehatan kronis/menahun?",
                    "kd_penyakit_kronis_menahun"):  # fmt: skip
        assert read(ILL, heading, ["1", "2", "18", "99"]) == [0, 1, 1, None]


def test_one_in_a_column_about_illness_may_mean_none_or_yes():
    assert read(ILL, "Penyakit Kronis", ["1", "2"]) == [None, None]


def test_a_whole_column_of_one_and_two_tells_by_what_is_common():
    # were two a count, nearly every household would have somebody; were one «none», it would be the commonest
    assert read(ILL, "Penyakit Kronis", ["2"] * 40 + ["1"] * 8) == [0] * 40 + [1] * 8
    assert read(DISABLED, "Disabilitas", ["2"] * 40 + ["1"] * 8) == [0] * 40 + [1] * 8
    assert read(ILL, "Penyakit Kronis", ["1"] * 40 + ["2"] * 8) == [None] * 48
    assert (
        read(DISABLED, "Disabilitas", ["2"] * 20 + ["1"] * 20 + [None] * 60)
        == [None] * 20 + [1] * 20 + [None] * 60
    )


def test_no_word_is_a_yes_and_a_no():
    tables = tomllib.loads((PROFILES / "presence.toml").read_text(encoding="utf-8"))
    every = tables.pop("every")
    for table in tables.values():
        assert not {*every["yes"], *table["yes"]} & {*every["no"], *table["no"]}


@given(st.lists(st.text(max_size=30), max_size=8), st.text(max_size=20))
def test_any_text_at_all_is_read_as_yes_no_or_unknown(cells, heading):
    assert set(read(ILL, heading, cells)) <= {0, 1, None}


@given(st.lists(st.integers(0, 40).map(str), min_size=1, max_size=30))
def test_more_answers_never_turn_a_number_round(cells):
    alone = dict(zip(cells, read(DISABLED, "Ada disabilitas", cells), strict=True))
    more = dict(zip([*cells, "0"], read(DISABLED, "Ada disabilitas", [*cells, "0"]), strict=True))
    assert all(more[cell] in {alone[cell], None} or alone[cell] is None for cell in cells)
