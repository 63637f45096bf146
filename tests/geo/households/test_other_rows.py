"""Rows that are no household: told for what they are, and only when certain."""

import pytest

HEAD = "No;Nama;NIK;Desa;Alamat;Desil\n1;ANI;9926010101900001;A;Jl. X;1\n"


def test_a_signature_under_the_table_is_no_household(intake):
    found = intake(
        HEAD + ";Mengetahui,;;;;\n;Kepala Desa X;;;;\n;SUYATNO;;;;\n"
        ";NIP. 19700101 199003 1 001;;;;\n;;;;Kota, 12 Januari 2026;\n"
    )
    assert found.households["nama"].tolist() == ["ANI"]
    assert found.rejects["reason"].str.contains("bukan rumah tangga").all()
    assert found.rejects["sheet_row"].tolist() == [3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    "row", [";LURAHWATI;;;;", ";SUYATNO;;;;", ";CAMAT SANTOSO;;A;;", ";PETUGAS;9926010101900002;A;;"]
)
def test_a_name_alone_may_be_a_household(intake, row):
    assert len(intake(HEAD + row + "\n").households) == 2


def test_a_name_between_households_stays_one_though_a_note_stands_above(intake):
    found = intake(HEAD + ";Keterangan: lihat bawah;;;;\n;BUDI;;;;\n2;CICI;9926010101900003;A;Jl. Y;2\n")
    assert found.households["nama"].tolist() == ["ANI", "BUDI", "CICI"]
    assert found.rejects["sheet_row"].tolist() == [3]


def test_a_heading_again_is_told_as_what_it_is(intake):
    found = intake(HEAD + "No;Nama;NIK;Desa;Alamat;Desil\n2;BUDI;9926010101900004;A;Jl. Z;2\n")
    assert found.rejects["sheet_row"].tolist() == [3]
    assert "judul kolom terulang" in found.rejects["reason"].iloc[0]


def test_a_row_that_came_back_unmended_stays_a_reject(intake):
    found = intake("Nama;Desa;(setelah kolom terakhir)\nA;B;isi bergeser\nC;D;\n")
    assert found.rejects["sheet_row"].tolist() == [2]


@pytest.mark.parametrize(
    "row",
    ["3;Jumlah RT 01;5;;;", ";Sub Total;4;;;", ";;Jumlah;4;;", ";Rata-rata;;;;2", ";Rerata;;A;;", ";Total KK|8;;A;;",
     ";Jml;8;A;;", "TOTAL DESA A;;;A;;", "Grand Total;;;A;;5"],
)  # fmt: skip
def test_what_adds_up_is_no_household_whatever_column_says_so(intake, row):
    found = intake(HEAD + row + "\n")
    assert found.households["nama"].tolist() == ["ANI"]
    assert found.rejects["reason"].str.contains("baris jumlah").all()


def test_the_title_of_a_group_is_no_household(intake):
    found = intake(HEAD + ";RT 001;;A;;\n;DUSUN II RW 3;;A;;\n;RT SUPRIYADI;;A;;\n")
    assert found.households["nama"].tolist() == ["ANI", "RT SUPRIYADI"]
    assert found.rejects["reason"].str.contains("judul kelompok").all()


@pytest.mark.parametrize("row", [";JUMLAHWATI;;A;;", ";TOTAL SUSILO;9926010101900005;A;;", ";JMLAN;;A;;"])
def test_a_person_is_no_total(intake, row):
    assert len(intake(HEAD + row + "\n").households) == 2


@pytest.mark.parametrize(
    "cell", ["9926010101900007", "'992601010190007", "9926010101900007.0", "9926 0101 0190 0007"]
)
def test_a_persons_number_where_a_place_stands_is_a_slip_sideways(intake, cell):
    found = intake(HEAD + f"2;BUDI;;{cell};;\n3;CICI;;9901010001;;\n")
    assert found.households["nama"].tolist() == ["ANI", "CICI"]
    assert found.rejects["reason"].tolist() == ["isi bergeser: nomor panjang di kolom desa"]
