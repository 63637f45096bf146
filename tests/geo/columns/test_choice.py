"""The user's word on columns: read, refused in plain words, and written so that nothing in a heading breaks out."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.columns.choice import ColumnChoice, read_column_choice, toml_text, write_column_choice
from geo.errors import NotWritable, SettingsError, UnknownColumns
from geo.households import read_households


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_written_as_one_toml_string(text):
    assert tomllib.loads(f"x = {toml_text(text)}") == {"x": text}
    assert toml_text(text).isprintable()


def test_a_choice_may_name_meanings_and_what_to_ignore(tmp_path):
    path = tmp_path / "kolom.toml"
    path.write_text('abaikan = ["Catatan  lama"]\n[columns]\nnik = "NIK  KRT"\n', encoding="utf-8")
    found = read_column_choice(path)
    assert found.columns == {"nik": "NIK KRT"}
    assert found.ignored == ("Catatan lama",)


@pytest.mark.parametrize("content", ["x = 1", "abaikan = 'Desa'", "abaikan = [1]", "[columns]\nnik = 3"])
def test_a_choice_of_another_form_is_refused(tmp_path, content):
    path = tmp_path / "kolom.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match="abaikan"):
        read_column_choice(path)


def test_a_choice_is_written_whole_or_not_at_all(tmp_path):
    with pytest.raises(NotWritable):
        write_column_choice(tmp_path / "tiada" / "kolom.toml", ["x"])
    write_column_choice(tmp_path / "kolom.toml", ["[columns]", 'nik = "NIK"'])
    assert [path.name for path in tmp_path.iterdir()] == ["kolom.toml"]


def test_a_line_that_does_not_fit_comes_with_what_is_nearest():
    choice = ColumnChoice({"nik": "NIK KRT", "desa": "104", "nama": "zzzz"})
    headings = ["Nik Kepala RT", "104", "Catatan", *(f"Kolom {place}" for place in range(60))]
    with pytest.raises(UnknownColumns) as fault:
        choice.require(headings, {"nik", "no_kk", "nama", "desa_tertulis", "kecamatan_tertulis"})
    told = str(fault.value)
    assert 'nik = "NIK KRT": judul itu tidak ada pada lembar; yang paling mirip: "Nik Kepala RT".' in told
    assert 'desa = "104": arti «desa» tidak dikenal; yang paling mirip: desa_tertulis.' in told
    assert 'nama = "zzzz": judul itu tidak ada pada lembar.' in told
    assert told.count("Ganti atau hapus baris ini") == 3
    assert "Kolom 59" not in told


def test_one_place_for_every_row(tmp_path):
    choice, sheet = tmp_path / "kolom.toml", tmp_path / "lembar.csv"
    sheet.write_text("Nama;Desil\nANI;1\nBUDI;2\n", encoding="utf-8")
    with pytest.raises(UnknownColumns, match="tambahkan kolom Desa"):
        read_households(sheet)
    choice.write_text('[constants]\ndesa_tertulis = "Doro"\nkecamatan_tertulis = "Doro"\n', encoding="utf-8")
    found = read_households(sheet, columns=read_column_choice(choice))
    assert found.households["desa_tertulis"].tolist() == ["Doro", "Doro"]
    assert sum("untuk semua baris" in note for note in found.notes) == 2
    sheet.write_text("Nama;Desa\nANI;Lor\n", encoding="utf-8")
    with pytest.raises(UnknownColumns, match="constants"):
        read_households(sheet, columns=read_column_choice(choice))


@pytest.mark.parametrize("text", ['nik = "1"', "desa_tertulis = 4", 'desa_tertulis = ""'])
def test_only_a_place_is_the_same_for_all(tmp_path, text):
    path = tmp_path / "kolom.toml"
    path.write_text(f"[constants]\n{text}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="constants"):
        read_column_choice(path)
