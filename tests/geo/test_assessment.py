"""The whole road on one page: counts that hold together, and every thin sheet that an office may bring."""

from contextlib import AbstractContextManager, nullcontext

import numpy as np
import pandas as pd
import pytest

from geo.assessment import Assessment, assess
from geo.errors import SettingsError
from geo.geocoding import OWN_POINT
from geo.settings import IndicatorSettings, IntakeSettings, LayerSettings, RateSettings, Settings

INDICATORS = ("rtlh", "jamban", "jamban_sendiri", "babs")
FULL = "Nama;Desa;Kecamatan;Lintang;Bujur;303;304;305;302;306a;Jml ART;309a;309b;310;Desil;Dusun\n"


@pytest.fixture
def run(tmp_path, district):
    def assessed(content: str, **options: object) -> Assessment:
        path = tmp_path / "lembar.csv"
        path.write_text(content, encoding="utf-8")
        return assess(path, district, Settings(), **options)

    return assessed


def test_every_row_of_the_sheet_is_accounted_for(assessment):
    rows = assessment.facts["rows"]
    assert rows["valid"] + rows["rejects"] == rows["sheet"]
    assert rows["valid"] == len(assessment.households)
    assert rows["counted"] == len(assessment.counted) == sum(assessment.facts["location"].values())
    assert rows["valid"] - rows["counted"] == assessment.facts["duplicates"]["not_counted"] > 0
    assert not set(assessment.households["sheet_row"]) & set(assessment.rejects["sheet_row"])


def test_areas_count_every_household_that_has_one(assessment):
    households = assessment.counted
    for table, key in ((assessment.desa, "kode_desa"), (assessment.kecamatan, "kode_kecamatan")):
        assert table["households"].sum() == households[key].notna().sum()
        assert table["located"].sum() == households["location_quality"].isin(OWN_POINT).sum()
        for name in INDICATORS:
            assert (table[f"{name}_known"] + table[f"{name}_unknown"] == table["households"]).all()
            assert (table[f"{name}_need"] <= table[f"{name}_known"]).all()
            assert (table[f"{name}_gap"] <= table[f"{name}_need"]).all()
        assert table["area_km2"].sum() == pytest.approx(23.54, abs=0.01)


def test_only_own_points_are_drawn_and_only_known_needs_are_ranked(assessment):
    households, ranked = assessment.counted.set_index("sheet_row"), assessment.priorities
    assert (households.geometry.notna() == households["location_quality"].isin(OWN_POINT)).all()
    needs = households[[f"need_{name}" for name in INDICATORS]].fillna(value=False).astype(bool).any(axis=1)
    assert set(ranked["sheet_row"]) == set(households.index[needs])
    assert (ranked["why"].str.len() > 0).all()
    own = households["location_quality"].isin(OWN_POINT)
    assert (own[ranked["sheet_row"]].to_numpy() == ranked["has_position"].to_numpy()).all()


def test_kantong_hold_households_in_need_with_a_point(assessment):
    members = assessment.households[assessment.households["cluster_rtlh"].notna()]
    assert members["need_rtlh"].all()
    assert members.geometry.notna().all()
    assert (
        members["cluster_rtlh"].value_counts().sort_index().tolist()
        == assessment.clusters["households"].tolist()
    )


def test_same_input_same_result(assessment, sheet, district, sample_settings):
    again = assess(sheet, district, sample_settings)
    for table in ("households", "desa", "zones", "clusters", "priorities", "rejects"):
        pd.testing.assert_frame_equal(
            pd.DataFrame(getattr(again, table)), pd.DataFrame(getattr(assessment, table)), check_exact=True
        )


def test_the_facts_name_what_a_reader_must_know(assessment):
    facts = assessment.facts
    assert facts["boundaries"]["schematic"]
    assert [one["id"] for one in facts["indicators"]] == [*INDICATORS, "penyakit_kronis", "disabilitas"]
    assert all(one["profile"] and one["definition"] for one in facts["indicators"])
    assert {layer["id"] for layer in facts["layers"]} == {"urban", "coastal", "forest_edge"}
    assert all(len(one["sha256"]) == 64 for one in facts["inputs"])
    assert facts["settings"]["layers"]["land_cover"] == [
        "tutupan_lahan.tif"
    ]  # a name, no folder of the machine


@pytest.mark.parametrize(
    ("content", "indicators"),
    [
        ("Lintang;Bujur\n-6,884;110,01\n-6,9145;110,0068\n", []),
        ("Koordinat\n-6.884, 110.01\n", []),
        ("Nama;Desa\nA;Muara Lor\nB;Antah\n", []),
        ("Kode Desa;Fasilitas BAB\n9901012001;6\n9901012001;\n", ["jamban", "jamban_sendiri", "babs"]),
        ("Nama;Desa;303;304;305\nA;Muara Lor;8;1;2\nB;Muara Lor;2;1;2\n", ["rtlh"]),
        (FULL + "A;Muara Lor;Pesisir Raya;-6,884;110,01;8;6;7;20;9;5;6;;;1;\n", list(INDICATORS)),
        (
            FULL + "A;Muara Lor;Pesisir Raya;-6,884;110,01;2;1;2;90;5;3;1;1;1;9;\n",
            list(INDICATORS),
        ),  # nobody in need
        (FULL + "A;Antah;Berantah;;;;;;;;;;;;;\n", list(INDICATORS)),  # nobody placed, nothing known
    ],
)
def test_a_thin_sheet_goes_all_the_way(run, content, indicators):
    found = run(content)
    rows = len(content.splitlines()) - 1
    assert [one["id"] for one in found.facts["indicators"]] == indicators
    assert found.facts["rows"] == {"sheet": rows, "valid": rows, "rejects": 0, "empty": 0, "counted": rows}
    assert len(found.households) == rows
    for name in set(INDICATORS) - set(indicators):
        assert f"need_{name}" not in found.households
        assert f"{name}_rate" not in found.desa
    assert found.households["cluster_rtlh"].isna().all()
    assert list(found.clusters.columns)[:2] == ["cluster_id", "indicator"]


@pytest.mark.parametrize(("count_once", "counted"), [(("nik",), 1), ((), 2)])
def test_a_household_that_stands_twice_counts_by_the_setting(tmp_path, district, count_once, counted):
    row = "9901014501900003;Ani;Muara Lor;Pesisir Raya;-6,884;110,01;8;6;7;20;9;5;6;;;1;\n"
    path = tmp_path / "lembar.csv"
    path.write_text(f"NIK;{FULL}{row}{row.replace('Ani', 'Ny. ANI')}", encoding="utf-8")
    found = assess(path, district, Settings(intake=IntakeSettings(count_once=count_once)))
    assert found.households["duplicate_group"].tolist() == [1, 1]
    assert found.households["need_rtlh"].all()
    assert found.facts["duplicates"]["groups"] == 1
    assert found.facts["rows"]["valid"] == 2
    assert found.facts["rows"]["counted"] == len(found.counted) == len(found.priorities) == counted
    assert found.facts["needs"]["rtlh"]["need"] == sum(found.facts["location"].values()) == counted
    for table in (found.desa, found.kecamatan, found.zones[found.zones["layer"] == "coastal"]):
        assert table["households"].sum() == table["rtlh_need"].sum() == counted


def test_a_sheet_without_one_valid_household(run):
    found = run("Nama;Desa;Desil;303;304;305;309a\nA;Muara Lor;99;1;1;1;1\nB;Muara Lor;1;88;1;1;1\n")
    assert found.households.empty
    assert len(found.rejects) == 2
    assert found.facts["rows"] == {"sheet": 2, "valid": 0, "rejects": 2, "empty": 0, "counted": 0}
    assert (found.desa[["households", "rtlh_known", "rtlh_gap"]] == 0).all(axis=None)
    assert found.desa["rtlh_rate"].isna().all()
    assert found.priorities.empty
    assert sum(found.facts["location"].values()) == 0


def test_a_sheet_of_one_desa_without_points(run):
    found = run("Nama;Desa;303;304;305\n" + "A;Muara Lor;8;1;2\n" * 30)
    assert found.desa.set_index("kode_desa")["households"].to_dict()["99.01.01.2001"] == 30
    assert found.households.geometry.isna().all()
    assert found.clusters.empty
    desa = found.desa.set_index("kode_desa").loc["99.01.01.2001"]
    assert (desa["rtlh_need"], desa["rtlh_gap"], desa["located"]) == (30, 27, 0)
    assert np.isnan(found.desa["rtlh_rate"]).sum() == len(found.desa) - 1


def test_stages_are_told_to_whoever_watches(run):
    told = []

    def stage(name: str) -> AbstractContextManager[None]:
        told.append(name)
        return nullcontext()

    run("Nama;Desa\nA;Muara Lor\n", stage=stage)
    assert told[0] == "Membaca lembar"
    assert len(told) == len(set(told)) == 7


def test_a_definition_that_a_register_cannot_clear_is_said_so(sheet, district, sample_settings):
    chosen = sample_settings.model_copy(
        update={"indicators": IndicatorSettings(rtlh_profile="pupr_spm", rtlh_compare="sepakat")}
    )
    facts = assess(sheet, district, chosen).facts
    rtlh = facts["indicators"][0]
    assert "bukan tingkat kebutuhan" in rtlh["caution"]
    assert facts["indicators"][1]["caution"] == ""
    assert [one["label"].split()[0] for one in facts["compared"]] == ["pupr_spm", "sepakat"]
    assert all(one["definition"] and one["source"] for one in facts["compared"])


def test_a_reason_that_rests_on_a_derived_urban_status_says_so(assessment, sheet, district, tmp_path):
    pits = assessment.households["why_jamban"].str.contains("di desa perkotaan")
    assert pits.any()
    assert (
        assessment.households.loc[pits, "why_jamban"]
        .str.contains("di desa perkotaan (proksi)", regex=False)
        .all()
    )
    listed = tmp_path / "status.csv"
    listed.write_text(
        "kode;status\n" + "\n".join(f"{kode};1" for kode in district.desa["kode_desa"]), encoding="utf-8"
    )
    official = assess(sheet, district, Settings(layers=LayerSettings(urban_status=listed))).households[
        "why_jamban"
    ]
    assert official.str.contains("di desa perkotaan").any()
    assert not official.str.contains("proksi").any()


def test_a_file_that_no_layer_reads_is_no_input(sheet, district, tmp_path):
    listed = tmp_path / "status.csv"
    listed.write_text(f"kode;status\n{district.desa['kode_desa'].iloc[0]};1\n", encoding="utf-8")
    everybody = tmp_path / "keluarga.csv"
    rows = [f"{kode};900;2024;rekaan" for kode in district.desa["kode_desa"]]
    everybody.write_text("\n".join(["kode;keluarga;tahun;sumber", *rows]), encoding="utf-8")
    chosen = Settings(
        layers=LayerSettings(urban_status=listed, urban_families=tmp_path / "tiada.csv"),
        rates=RateSettings(families=everybody),
    )
    found = assess(sheet, district, chosen)
    roles = {one["role"] for one in found.facts["inputs"]}
    assert {"urban_status", "families"} <= roles
    assert "urban_families" not in roles
    assert (found.desa["families"] == 900).all()
    assert found.facts["denominator"]["source"] == "rekaan"


def test_a_file_for_a_layer_that_asks_for_none_is_refused(sheet, district, tmp_path):
    chosen = LayerSettings(files={"urban": tmp_path / "x.gpkg"})
    with pytest.raises(SettingsError, match=r"layers\.files"):
        assess(sheet, district, Settings(layers=chosen))
