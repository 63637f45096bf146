"""Code lists are data: the standard one, and another that maps its codes to it."""

from pathlib import Path

import pandas as pd
import pytest

from geo.columns.answers import NO_EQUAL_CODE, read_answers
from geo.columns.code_lists import read_code_list
from geo.errors import SettingsError
from geo.households import read_households
from geo.households.vocabulary import known_columns
from geo.settings import read_settings

BDT = Path(__file__).parents[2] / "data" / "daftar_kode_bdt.toml"
COLUMNS = {column.name: column for column in known_columns()}


def test_an_answer_of_another_list_becomes_the_standard_code():
    question = read_code_list(str(BDT)).questions["jenis_lantai"]
    cells = pd.Series(["9", "Tanah", "6", "kayu/papan kualitas rendah", "1", "11", "semen"], dtype="str")
    found = read_answers(COLUMNS["jenis_lantai"], cells, question)
    assert found.value.fillna(0).tolist() == [8, 8, 6, 5, 1, 0, 0]
    assert found.fault.isna().tolist() == [True] * 5 + [False] * 2
    assert found.fault.iloc[5].startswith("di luar daftar BDT 2015 (contoh) nomor 3.4: 1 marmer/granit")


def test_a_code_without_an_equal_is_unknown_and_marked():
    question = read_code_list(str(BDT)).questions["jenis_atap"]
    found = read_answers(COLUMNS["jenis_atap"], pd.Series(["1", "6"], dtype="str"), question)
    assert found.value.isna().tolist() == [True, False]
    assert found.mark.iloc[0] == NO_EQUAL_CODE
    assert found.fault.isna().all()


def test_a_sheet_is_read_by_the_list_of_its_settings(tmp_path):
    (tmp_path / "lama.toml").write_bytes(BDT.read_bytes())
    (tmp_path / "setelan.toml").write_text('[intake]\ncode_list = "lama.toml"\n', encoding="utf-8")
    sheet = tmp_path / "lembar.csv"
    sheet.write_text(
        "Nama;Desa;Jenis Lantai;Dinding;Atap;Jamban\nA;B;9;1;6;1\nC;D;11;1;6;1\n", encoding="utf-8"
    )
    settings = read_settings(tmp_path / "setelan.toml")
    found = read_households(sheet, code_list=settings.intake.code_list)
    assert found.households[["jenis_lantai", "jenis_atap"]].to_numpy().tolist() == [[8, 3]]
    assert found.rejects["reason"].str.contains("BDT 2015").all()
    assert "fasilitas_bab" not in found.headings
    assert any("Fasilitas buang air besar" in note for note in found.notes)
    assert found.source.code_list == "BDT 2015 (contoh)"


def test_question_numbers_are_those_of_the_list(tmp_path):
    sheet = tmp_path / "lembar.csv"
    sheet.write_text("Nama;Desa;303\nA;B;9\n", encoding="utf-8")
    assert "jenis_lantai" not in read_households(sheet, code_list=str(BDT)).headings


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ('[jenis_lantai]\nquestion = "1"\nlabels = { 1 = "apa saja" }', "tidak menyebut arti kode 1"),
        ('[jenis_lantai]\nquestion = "1"\nlabels = { 1 = "tanah" }\nmeans = { 1 = 77 }', "arti kode 1"),
        ('[jenis_lantai]\nquestion = "1"\nlabels = { 1 = "tanah" }\nmeans = { 2 = 8 }', "arti kode 2"),
        ('[jenis_lantai]\nquestion = "1"\nlabels = { 1 = "tanah" }\nalso = { x = 3 }', "kode 3"),
        ('[jenis_apa]\nquestion = "1"\nlabels = { 1 = "tanah" }', "bukan kolom berkode"),
        ('[jenis_lantai]\nlabels = { 1 = "tanah" }', "question"),
        ('[jenis_lantai]\nquestion = "1"\nlabels = { satu = "tanah" }', "bentuknya salah"),
        ("jenis_lantai = 3", "bukan tabel"),
        ("[jenis", "bukan TOML"),
    ],
)
def test_a_list_that_leaves_a_meaning_open_is_refused(tmp_path, content, word):
    path = tmp_path / "daftar.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=word):
        read_code_list(str(path))


def test_a_list_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"tiada\.toml"):
        read_code_list(str(tmp_path / "tiada.toml"))
    with pytest.raises(SettingsError, match="regsosek_2099"):
        read_code_list("regsosek_2099")


def test_every_word_of_the_standard_list_is_one_code():
    for name, question in read_code_list().questions.items():
        cells = pd.Series([*question.labels.values(), *map(str, question.labels)], dtype="str")
        assert read_answers(COLUMNS[name], cells).value.tolist() == [*question.labels] * 2
