"""Answers to coded questions: what is clear to anyone is read, what may be two codes is not."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.columns.answers import NO_EQUAL_CODE, read_answers
from geo.columns.code_lists import plain, read_code_list
from geo.households.vocabulary import known_columns

COLUMNS = {column.name: column for column in known_columns()}


def code(name: str, cell: str, code_list: str = "regsosek_2022") -> int | None:
    question = read_code_list(code_list).questions[name]
    found = read_answers(COLUMNS[name], pd.Series([cell], dtype="str"), question)
    return None if found.value.isna().item() else int(found.value.item())


@pytest.mark.parametrize(
    "cell",
    ["8", "08", "8.0", "8.", "[8]", "(8)", "[8] Tanah", "(8) Tanah", "8_tanah", "8 - Tanah", "8 – Tanah", "8/tanah",
     "8: Tanah", "8=Tanah", "8 | tanah", "kode 8", "8. lantai tanah", "Tanah (8)", "tanah - 8", "TANAH", "Tanah liat",
     "tanah (dipadatkan)", "Tanah/lantai tanah"],
)  # fmt: skip
def test_a_code_is_read_in_every_dress(cell):
    assert code("jenis_lantai", cell) == 8


@pytest.mark.parametrize(
    "cell",
    ["[8] Keramik", "3 keramik", "(8) 2", "8/2", "8_2", "tanah 2", "Tanah (sebagian keramik)", "tanah (dulu)",
     "tanah/keramik", "Keramik/Granit", "Keramik/Granit/Marmer/Ubin/Tegel/Teraso", "()", "[]", "0", "10",
     "[10] tanah", "tanah (bukan)", "tanahh"],
)  # fmt: skip
def test_what_may_be_two_codes_is_a_fault(cell):
    assert code("jenis_lantai", cell) is None


@pytest.mark.parametrize(
    ("name", "cell", "expected"),
    [
        ("jenis_lantai", "Plesteran", 6),
        ("jenis_dinding", "Kayu/Papan", 3),
        ("jenis_dinding", "papan/kayu", 3),
        ("jenis_dinding", "[3] Kayu/Papan", 3),
        ("jenis_dinding", "Tembok/bata merah", 1),
        ("jenis_dinding", "Batako", 1),
        ("jenis_dinding", "Geribik", 4),
        ("jenis_dinding", "Plesteran", None),
        ("jenis_dinding", "Bambu/Kayu", None),
        ("jenis_atap", "Jerami/Ijuk/Daun-daunan/Rumbia", 7),
        ("jenis_atap", "Welit", 7),
        ("jenis_atap", "Esbes", 4),
        ("jenis_atap", "Genteng (tanah liat)", 2),
        ("jenis_atap", "Asbes/Seng", None),
        ("jenis_atap", "Galvalum", None),
        ("sumber_air", "Ledeng/PAM", 3),
        ("sumber_air", "Air Permukaan (Sungai, Danau, dll)", 9),
        ("sumber_air", "sumur (tidak terlindung)", 6),
        ("sumber_air", "sumur terlindung (tidak)", None),
        ("sumber_air", "Air Kemasan/Isi Ulang", None),
        ("fasilitas_bab", "tidak_ada", 6),
        ("fasilitas_bab", "6_tidak ada", 6),
        ("fasilitas_bab", "Jamban sendiri", 1),
        ("fasilitas_bab", "Bersama", 2),
        ("fasilitas_bab", "MCK umum", 4),
        ("fasilitas_bab", "Umum/Bersama", None),
        ("fasilitas_bab", "Numpang", None),
        ("fasilitas_bab", "BABS", None),
        ("fasilitas_bab", "Ya", None),
        ("buang_tinja", "spiteng", 1),
        ("buang_tinja", "kali", 3),
    ],
)
def test_words_with_one_sure_meaning_are_read_and_others_not(name, cell, expected):
    assert code(name, cell) == expected


@pytest.mark.parametrize("code_list", ["regsosek_2022", "p3ke"])
def test_every_word_of_a_list_is_written_as_it_is_compared(code_list):
    for question in read_code_list(code_list).questions.values():
        assert all(plain(word) == word for word in question.words)


@given(
    st.sampled_from(sorted(read_code_list().questions)),
    st.integers(0, 20),
    st.sampled_from(["{}", "[{}]", "({})", "{}.", "{}_", "{} -"]),
)
def test_a_code_is_its_own_or_a_fault(name, number, dress):
    labels = read_code_list().questions[name].labels
    assert code(name, dress.format(number)) == (number if number in labels else None)


def test_p3ke_has_a_list_whose_wider_answers_are_unknown_and_not_lost():
    assert code("sumber_air", "Ledeng/PAM", "p3ke") == 3
    assert code("jenis_dinding", "Seng", "p3ke") == 7
    question = read_code_list("p3ke").questions["jenis_lantai"]
    cells = pd.Series(["Keramik/Granit/Marmer/Ubin/Tegel/Teraso", "1", "1001"], dtype="str")
    found = read_answers(COLUMNS["jenis_lantai"], cells, question)
    assert found.value.isna().all()
    assert found.mark.fillna("").tolist() == [NO_EQUAL_CODE, "", ""]
    assert found.fault.notna().tolist() == [False, True, True]
    assert found.fault.iloc[1].startswith("di luar daftar P3KE, jenis lantai: 1001")
