"""A sheet of PUPR's survey taken the whole road: recognised, judged, verified, counted, compared."""

from pathlib import Path

import pandas as pd
import pytest

from geo.assessment import Assessment, assess
from geo.boundaries import Boundaries
from geo.errors import SettingsError
from geo.settings import IndicatorSettings, Settings

PARTS = ("Pondasi", "Sloof", "Kolom", "Ring balok", "Rangka atap", "Lantai", "Dinding", "Jendela", "Ventilasi",
         "Plafon", "Penutup atap")  # fmt: skip
HOUSE = {
    "Luas Lantai": "48", "Jumlah ART": "4", "Sumber Air Minum": "sumur terlindung", "Fasilitas BAB": "1",
    "Jenis Kloset": "leher angsa", "Pembuangan Akhir Tinja": "tangki septik", "Tinggi Plafon": "2,8",
    "Luas Ventilasi": "2,4 m2", "Pencahayaan (%)": "10 %", **dict.fromkeys(PARTS, "Layak"),
}  # fmt: skip
CHANGES: list[tuple[dict[str, str], bool | None, str]] = [
    ({}, False, ""),
    ({"Rangka atap": "Kurang layak"}, True, "rangka atap kurang layak"),
    ({"Dinding": "5. Tidak Layak"}, True, "kondisi dinding tidak layak"),
    ({"Penutup atap": "Agak layak", "Luas Lantai": "35,9"}, True, "luas di bawah 9 m² per orang"),
    ({"Sloof": ""}, None, "belum ada data: sloof"),
    ({"Kolom": "retak"}, None, "belum ada data: kolom"),
    ({"Tinggi Plafon": "279"}, True, "tinggi plafon di bawah 2,8 m"),
    ({"Luas Ventilasi": "2,39"}, True, "ventilasi di bawah 5 % luas lantai"),
]


@pytest.fixture(scope="module")
def surveyed(district: Boundaries, tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    """Return the houses of ``CHANGES`` assessed by PUPR's definition, BPS's beside it."""
    desa = district.desa.iloc[0]
    place = {"Desa": desa["nama_desa"], "Kecamatan": desa["nama_kecamatan"]}
    rows = [
        {"Nama": f"CONTOH {nth}"} | place | HOUSE | changes for nth, (changes, _, _) in enumerate(CHANGES)
    ]
    sheet = tmp_path_factory.mktemp("survei") / "survei.csv"
    pd.DataFrame(rows).to_csv(sheet, index=False)
    chosen = IndicatorSettings(rtlh_profile="pupr_spm", rtlh_compare="bps_sdg")
    return assess(sheet, district, Settings(indicators=chosen))


@pytest.mark.parametrize("nth", range(len(CHANGES)))
def test_each_house_is_judged_by_its_survey(surveyed: Assessment, nth: int):
    _, need, why = CHANGES[nth]
    row = surveyed.households.iloc[nth]
    assert (None if pd.isna(row["need_rtlh"]) else bool(row["need_rtlh"])) is need
    assert row["why_rtlh"] == why


def test_only_a_whole_structure_verifies(surveyed: Assessment):
    assert surveyed.rejects.empty
    assert surveyed.households["basis_rtlh"].tolist() == [
        "indikasi" if "Sloof" in changes or "Kolom" in changes else "terverifikasi"
        for changes, _, _ in CHANGES
    ]
    about = surveyed.facts["indicators"][0]
    assert (about["profile"], about["verified"], about["verified_need"]) == ("pupr_spm 2018", 6, 5)


def test_the_second_definition_misses_the_materials(surveyed: Assessment):
    table = surveyed.comparison
    assert int(table["households"].sum()) == len(CHANGES)
    assert int(table[["need_unknown", "fit_unknown", "unknown_unknown"]].sum().sum()) == len(CHANGES)


def test_an_unknown_definition_is_refused_before_the_sheet_is_read(district: Boundaries):
    wrong = Settings(indicators=IndicatorSettings(rtlh_profile="karangan"))
    with pytest.raises(SettingsError, match="rtlh_profile"):
        assess(Path("tidak_ada.csv"), district, wrong)
