"""Chronic illness: three answers, no name of a disease anywhere, and off where the sheet does not ask."""

from pathlib import Path

import pandas as pd
import pytest

from geo.households import read_households
from geo.indicators import active_indicators, measure
from geo.indicators.disabilitas import DISABILITAS
from geo.indicators.penyakit_kronis import PENYAKIT_KRONIS
from geo.settings import IndicatorSettings

BOTH = [PENYAKIT_KRONIS, DISABILITAS]


def sheet(folder: Path, rows: list[str], heading: str) -> Path:
    path = folder / "lembar.csv"
    lines = [f"NIK;No KK;Nama;Desa;Kecamatan;{heading}", *rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("indicator", BOTH)
def test_need_is_yes_no_or_unknown_and_the_reason_names_no_disease(indicator):
    households = pd.DataFrame({indicator.required[0].name: pd.array([1, 0, None], "Int8")})
    answers = measure(households, [indicator], IndicatorSettings())
    need, why = answers[f"need_{indicator.id}"], answers[f"why_{indicator.id}"]
    assert need.dtype == "boolean"
    assert need.tolist() == [True, False, pd.NA]
    assert why[0].startswith("ada anggota keluarga")
    assert why[1] == ""
    assert why[2].startswith("belum ada data")


@pytest.mark.parametrize("indicator", BOTH)
def test_it_is_sensitive_and_names_definition_and_source(indicator):
    settings = IndicatorSettings()
    assert indicator.sensitive
    assert "Regsosek 4" in indicator.profile(settings)
    assert "2022" in indicator.profile(settings)
    assert "menurut register" in indicator.definition(settings)


def test_it_is_off_where_the_sheet_does_not_ask():
    assert active_indicators(["nik", "desa_tertulis"]) == []
    assert [one.id for one in active_indicators(["disabilitas"])] == ["disabilitas"]


def test_only_yes_or_no_is_kept_of_what_a_sheet_says(tmp_path):
    path = sheet(
        tmp_path,
        ["3326016501800001;3326010101200001;Contoh A;Desa A;Kec A;Mungkin hipertensi",
         "3326016501800002;3326010101200002;Contoh B;Desa A;Kec A;Hipertensi",
         "3326016501800003;3326010101200003;Contoh C;Desa A;Kec A;tidak ada"],
        "Penyakit Kronis",
    )  # fmt: skip
    intake = read_households(path)
    assert intake.households["penyakit_kronis"].tolist() == [pd.NA, 1, 0]
    assert intake.rejects.empty
    kept = (intake.households.to_csv(), str(intake.marks), str(intake.notes), intake.rejects.to_csv())
    assert "ipertensi" not in " ".join(kept)
    assert sum(intake.marks["penyakit_kronis"].values()) == 1


def test_several_columns_of_one_meaning_are_no_error(tmp_path):
    path = sheet(tmp_path, ["3326016501800001;3326010101200001;Contoh;Desa A;Kec A;1;tuna netra"],
                 "Jumlah Disabilitas;Jenis Disabilitas")  # fmt: skip
    intake = read_households(path)
    assert intake.headings["disabilitas"] == "Jumlah Disabilitas"
    assert any("Jenis Disabilitas" in note for note in intake.notes)
    assert intake.households["disabilitas"].tolist() == [1]


def test_a_member_who_has_it_makes_the_household_one_that_has_it(tmp_path):
    rows = [
        "3326016501800001;3326010101200001;Contoh A;Desa A;Kec A;tidak;Kepala Keluarga",
        "3326016501800002;3326010101200001;Contoh B;Desa A;Kec A;ya;Istri",
        "3326016501800003;3326010101200002;Contoh C;Desa A;Kec A;tidak;Kepala Keluarga",
        "3326016501800004;3326010101200002;Contoh D;Desa A;Kec A;;Anak",
        "3326016501800005;3326010101200003;Contoh E;Desa A;Kec A;tidak;Kepala Keluarga",
        "3326016501800006;3326010101200003;Contoh F;Desa A;Kec A;tidak;Anak",
        "3326016501800007;3326010101200004;Contoh G;Desa A;Kec A;tidak;Kepala Keluarga",
    ]
    intake = read_households(sheet(tmp_path, rows, "Disabilitas;Hubungan Keluarga"))
    assert len(intake.households) == 4
    assert intake.households["disabilitas"].tolist() == [1, pd.NA, 0, 0]
