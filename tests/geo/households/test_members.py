"""Sheets of persons: one row a household is left, or it is said loudly that there are more."""

from pathlib import Path

import pytest

from geo.households import Intake, read_households


@pytest.fixture
def intake(tmp_path: Path):
    def read(heading: str, *rows: tuple[str, str, str]) -> Intake:
        path = tmp_path / "lembar.csv"
        lines = [f"{name};{kk};{said};A" for name, kk, said in rows]
        path.write_text("\n".join([f"Nama;No KK;{heading};Desa", *lines]) + "\n", encoding="utf-8")
        return read_households(path)

    return read


KK_1, KK_2 = "1111010101200001", "1111010101200002"


@pytest.mark.parametrize("heading", ["Hubungan Keluarga", "SHDK", "hub_keluarga", "Status dalam keluarga"])
def test_members_of_a_household_with_a_head_are_rejects(intake, heading):
    found = intake(heading, ("A", KK_1, "1. Kepala Keluarga"), ("B", KK_1, "2 - Istri"), ("C", KK_1, "ANAK"),
                   ("D", KK_2, "KRT"), ("E", KK_2, "Famili Lain"), ("F", KK_2, "Orang Tua/Mertua"))  # fmt: skip
    assert found.households["nama"].tolist() == ["A", "D"]
    assert set(found.rejects["reason"]) == {"baris anggota keluarga, bukan kepala keluarga"}
    assert len(found.households) + len(found.rejects) == found.rows
    assert "hubungan" not in found.households


def test_a_household_without_a_head_keeps_its_first_row_and_is_told(intake):
    found = intake("SHDK", ("A", KK_1, "Anak"), ("B", KK_1, "Cucu"), ("C", KK_2, "Kepala Keluarga"))
    assert found.households["nama"].tolist() == ["A", "C"]
    assert "1 KK tidak punya baris kepala keluarga" in found.notes[0]


def test_bare_codes_and_damaged_numbers_are_no_proof(intake):
    found = intake("SHDK", ("A", KK_1, "1"), ("B", KK_1, "3"), ("C", "3,32E+15", "Kepala Keluarga"),
                   ("D", "3,32E+15", "Anak"), ("E", "", "Istri"))  # fmt: skip
    assert len(found.households) == 5
    assert "2 baris adalah anggota keluarga" in found.notes[0]


def test_a_sheet_of_persons_that_does_not_say_so_is_told_loudly(intake):
    found = intake("Catatan", *((f"ORANG {number}", KK_1 if number < 4 else KK_2, "") for number in range(8)))
    assert len(found.households) == 8
    assert "2 KK untuk 8 baris" in found.notes[0]


def test_the_same_household_twice_is_no_sheet_of_persons(intake):
    found = intake("Catatan", *(("ORANG", KK_1, "") for _ in range(8)))
    assert found.notes == ()
