"""The sheet read and checked: valid and rejects are all there is."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.columns.choice import ColumnChoice, read_column_choice
from geo.columns.code_lists import STANDARD
from geo.errors import EmptySheet, SettingsError, SheetError, UnknownColumns
from geo.households import Intake, read_households
from geo.households.recognition import recognise, understand

HEADINGS = [
    "NIK",
    "Nama Kepala Keluarga",
    "Desa/Kelurahan",
    "Kecamatan",
    "RT/RW",
    "Desil",
    "303. Jenis Lantai",
    "304",
    "R305",
    "Catatan",
]
CELL = st.one_of(
    st.sampled_from(
        ["", " ", "-", "1", "10", "3,5", "001/002", "=1+1", "'1", "<img onerror=x>", "2025-01-02 00:00:00", '"', ";",
         "a\nb", "Muara Lor", "Desil 1", "8", "88", "9" * 400, "\u202ea", "\x07", "keramik"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12),
)  # fmt: skip


@pytest.fixture
def intake(tmp_path: Path):
    def read(content: str, **options: object) -> Intake:
        path = tmp_path / "lembar.csv"
        path.write_text(content, encoding="utf-8")
        return read_households(path, **options)

    return read


def conserved(found: Intake) -> bool:
    rows = [*found.households["sheet_row"], *found.rejects["sheet_row"]]
    return len(rows) == found.rows == len(set(rows))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(CELL, max_size=10), max_size=7),
    title=st.booleans(),
    delimiter=st.sampled_from([";", ",", "\t", "|"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_every_row_of_any_sheet_is_valid_or_rejected(tmp_path, rows, title, delimiter, quoting, encoding):
    text = io.StringIO(newline="")
    lines = [["DAFTAR", ""]] * title + [HEADINGS, *rows]
    csv.writer(text, delimiter=delimiter, quoting=quoting).writerows(lines)
    path = tmp_path / "apa_saja.csv"
    path.write_bytes(text.getvalue().encode(encoding, errors="replace"))
    filled = {place for place, row in enumerate(lines, start=1) if any(row)} - set(range(title + 2))
    try:
        found = read_households(path)
    except EmptySheet:
        assert not filled
        return
    assert conserved(found)
    assert {*found.households["sheet_row"], *found.rejects["sheet_row"]} == filled
    assert (found.rejects["reason"].str.len() > 0).all()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=300), st.text(max_size=200).map(lambda text: ("NIK;Desa\n" + text).encode())
    )
)
def test_any_bytes_are_read_or_refused_in_plain_words(tmp_path, content):
    path = tmp_path / "bita.csv"
    path.write_bytes(content)
    try:
        found = read_households(path)
    except SheetError as refused:
        words = str(refused)
    else:
        assert conserved(found)
        return
    assert len(words) > 20


def test_values_are_read_into_the_columns_of_the_contract(intake):
    found = intake(
        "NIK;Nama KRT;Desa;Kecamatan;RT/RW;Lintang;Bujur;Jml ART;Desil;302;303;304;305;Kode Desa\n"
        "9912340013567890;ANI;Muara Lor;Pesisir Raya;002/001;-6,88;110,01;4;Desil 2;28,8 m2;8;;;9901010001.0\n"
    )
    house = found.households.iloc[0]
    assert house["nik"] == "9912340013567890"
    assert (house["rt"], house["rw"]) == ("2", "1")
    assert (house["jumlah_art"], house["desil"], house["jenis_lantai"]) == (4, 2, 8)
    assert house["luas_lantai"] == pytest.approx(28.8)
    assert house["lintang"] == "-6,88"
    assert house["kode_tertulis"] == "9901010001"
    assert house["sheet_row"] == 2
    assert pd.isna(house["jenis_atap"])
    assert found.households["jenis_atap"].dtype == "Int8"


@pytest.mark.parametrize(
    ("cell", "pair"),
    [("001/002", ("1", "2")), ("1-2", ("1", "2")), ("RT 003 RW 001", ("3", "1")), ("RT.03/RW.01", ("3", "1")),
     ("2025-01-02 00:00:00", None), ("02-Jan", None), ("12", None), ("1/2/3", None)],
)  # fmt: skip
def test_rt_and_rw_are_taken_from_one_cell_and_never_guessed(intake, cell, pair):
    house = intake(f"Nama;Desa;RT/RW\nA;B;{cell}\n").households.iloc[0]
    assert (house["rt"], house["rw"]) == pair if pair else pd.isna(house[["rt", "rw"]]).all()


def test_all_faults_of_a_row_stand_in_one_reject(intake):
    found = intake("Nama;Desa;Desil;303;302;304;305\nA;B;11;88;9999\nC;D;1;2;30\nE;F;0;1;30\n")
    assert found.households["sheet_row"].tolist() == [3]
    assert found.rejects["sheet_row"].tolist() == [2, 4]
    first = found.rejects.iloc[0]
    assert [len(first[name].split("; ")) for name in ("column", "value")] == [3, 3]
    assert set(first["value"].split("; ")) == {"11", "88", "9999"}
    assert "1 sampai 10" in first["reason"]


def test_a_hundred_thousand_rejects_take_no_longer_than_reading_them(intake):
    found = intake("Nama;Desa;Desil;303;304;305\n" + "A;B;99;99;;\n" * 30_000)
    assert len(found.rejects) == 30_000
    assert found.households.empty


def test_totals_and_notes_under_the_table_are_rejects(intake):
    found = intake("No;Nama;Desa;Desil\n1;A;B;1\nJumlah;;;5\n;;-;\n")
    assert found.rejects["sheet_row"].tolist() == [3, 4]
    assert found.rejects["reason"].str.contains("tanpa nama").all()


@pytest.mark.parametrize(
    "row", ["Total;;;", "Sub Total;Kajen;4;", ";Jumlah Desa Kajen;4;", "JUMLAH:;Kajen;9;", "A;B;9;JUMLAH"]
)
def test_a_total_with_a_name_or_a_place_is_no_household(intake, row):
    found = intake(f"Nama;Desa;Jumlah ART;NIK\nA;B;4;\n{row}\nTotalia;B;2;\nTotal;B;2;9926010000000001\n")
    assert found.rejects["sheet_row"].tolist() == [3]
    assert found.rejects["reason"].str.contains("baris jumlah").all()
    assert conserved(found)


def test_a_row_with_shifted_cells_is_a_reject(intake):
    found = intake("Nama,Desa,Desil\nA,B,1\nA, S.Pd,B,1\n")
    assert found.rejects["sheet_row"].tolist() == [3]
    assert "bergeser" in found.rejects["reason"].iloc[0]


def test_the_sample_ends_as_its_truth_says(sheet, sample_folder):
    found, truth = read_households(sheet), pd.read_parquet(sample_folder / "kebenaran.parquet")
    assert conserved(found)
    assert found.empty_rows == 2
    for fate, rows in (("valid", found.households), ("reject", found.rejects)):
        assert sorted(rows["sheet_row"]) == sorted(truth.loc[truth["expected_fate"] == fate, "sheet_row"])


@pytest.mark.parametrize(
    ("headings", "word"),
    [
        (["Apa", "Siapa"], "Tidak ada kolom"),
        (["NIK", "Nama"], "tempat"),
        (["Nama", "Nama (2)", "Desa"], "mengaku satu arti"),
        (["Nama KRT", "Nama Kepala Keluarga", "Desa"], "mengaku satu arti"),
        (["Nama", "Lintang"], "bujur"),
        (["Nama", "Desa", "Long"], "lintang"),
    ],
)
def test_columns_that_cannot_be_used_are_refused_with_what_is_there(headings, word):
    with pytest.raises(UnknownColumns, match=word) as fault:
        recognise(headings)
    assert headings[0] in str(fault.value)


def test_the_user_may_say_what_a_column_means(tmp_path, intake):
    choice = tmp_path / "kolom.toml"
    choice.write_text('[columns]\nnama = "Orang"\ndesa_tertulis = "Kampung  Asal"\n', encoding="utf-8")
    found = intake("Orang;Kampung Asal;Nama\nA;B;C\n", columns=read_column_choice(choice))
    assert found.households.loc[0, ["nama", "desa_tertulis"]].tolist() == ["A", "B"]
    assert found.ignored == ("Nama",)
    with pytest.raises(UnknownColumns, match="salah"):
        intake("Nama;Desa\nA;B\n", columns=ColumnChoice({"salah": "Nama"}))
    with pytest.raises(UnknownColumns, match="Tiada"):
        intake("Nama;Desa\nA;B\n", columns=ColumnChoice({"nik": "Tiada"}))


@pytest.mark.parametrize("content", [b"x = 1", b"columns = 3", b"[columns", b"\xff\xfe\x00", None])
def test_a_bad_file_of_columns_is_refused(tmp_path, content):
    path = tmp_path / "kolom.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"kolom\.toml"):
        read_column_choice(path)


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [("dtsen_id", "id_keluarga"), ("IDBDT", "id_keluarga"), ("Nomor KTP", "nik"), ("NIK Kepala Keluarga", "nik"),
     ("Nomor Kartu Keluarga", "no_kk"), ("NAMA", "nama"), ("nama_kepala_keluarga", "nama"), ("Dukuh", "dusun"),
     ("alamat_domisili", "alamat"), ("KEL_DESA", "desa_tertulis"), ("iddesa", "kode_tertulis"), ("RT/RW", "rt_rw"),
     ("titik_koordinat", "koordinat"), ("Lat/Long", "koordinat"), ("Jml Anggota Keluarga", "jumlah_art"),
     ("desil_nasional", "desil"), ("Luas Lantai (m2)", "luas_lantai"), ("Luas Lantai m2", "luas_lantai"),
     ("kd_jenis_lantai_terluas", "jenis_lantai"), ("kd_jenis_dinding", "jenis_dinding"), ("305", "jenis_atap"),
     ("306a", "sumber_air"), ("kd_fasilitas_tempat_bab", "fasilitas_bab"), ("309b", "jenis_kloset"),
     ("TPA tinja", "buang_tinja"), ("kd_pembuangan_akhir_tinja", "buang_tinja")],
)  # fmt: skip
def test_usual_headings_are_recognised(heading, meaning):
    headings = [heading, "Koordinat" if meaning != "koordinat" else "Lain"]
    assert understand(headings, ColumnChoice(), STANDARD).meanings[meaning] == heading


@pytest.mark.parametrize("columns", ["Nama;Desa", "Lintang;Bujur", "Koordinat;NIK", "Kode Desa;Nama"])
def test_a_sheet_may_have_very_few_columns(intake, columns):
    found = intake(columns + "\n1;2\n")
    assert len(found.households) == 1
    assert len(found.headings) == 2
