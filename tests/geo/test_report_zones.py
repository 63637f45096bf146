"""The report's part on zones, target groups and two definitions: every figure there, every text only text."""

from dataclasses import replace

import pandas as pd
import pytest

from geo.comparison import CELLS
from geo.report import render_report
from geo.report.zones import combinations, display_map, side_by_side, target_groups, zone_tables
from tests.geo.small import HOSTILE, small_assessment


@pytest.fixture
def told(assessment):
    """Return the report of the sample, as text."""
    return render_report(assessment, {})


def comparison(assessment):
    desa = assessment.desa[["kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan"]].head(2)
    table = pd.DataFrame(desa).assign(first="bps_sdg 2022", second="sepakat BDT", **dict.fromkeys(CELLS, 0))
    table.loc[table.index[1], ["fit_need", "need_fit", "need_need"]] = [7, 2, 4]
    return replace(assessment, comparison=table)


def test_rows_of_a_layer_add_up_to_all_households(assessment):
    for layer in zone_tables(assessment):
        assert sum(row["households"] for row in layer["rows"]) == len(assessment.counted)
        assert sum(row["part"] for row in layer["rows"]) == pytest.approx(1)


def test_each_layer_has_its_source_its_year_and_how_it_was_made(assessment, told):
    for layer in assessment.facts["layers"]:
        assert layer["source"] in told
        assert layer["method"].rstrip(".")[1:200] in told
        assert not layer["proksi"] or "proksi" in told


def test_every_combination_and_every_group_is_there(assessment, told):
    rows = combinations(assessment)
    assert sum(row["households"] for row in rows) == len(assessment.counted)
    assert [row["households"] for row in rows] == sorted((row["households"] for row in rows), reverse=True)
    for row in [*rows, *target_groups(assessment)]:
        assert row["title"] in told


def test_the_display_map_has_a_colour_for_each_desa(assessment):
    shown = display_map(assessment)
    assert len(shown["colours"]) == len(shown["titles"]) == len(assessment.desa)
    assert shown["order"][:3] == ["Pesisir", "Tepi hutan", "Perkotaan"]


def test_two_definitions_stand_side_by_side_only_when_asked(assessment, told):
    assert side_by_side(assessment, 10) is None
    assert "Dua definisi" not in told
    asked = comparison(assessment)
    found = side_by_side(asked, 10)
    assert found is not None
    assert found["cells"] == [[4, 2, 0], [7, 0, 0], [0, 0, 0]]
    assert found["changed"] == 9
    assert [row["nama_desa"] for row in found["desa"]] == [assessment.desa["nama_desa"].iloc[1]]
    page = render_report(asked, {})
    assert "9 dari 13 rumah yang jelas menurut kedua definisi berpindah sisi" in page
    assert "sepakat BDT" in page


def test_text_of_a_list_is_only_text():
    made = small_assessment()
    layers = [{**layer, "source": HOSTILE, "method": HOSTILE} for layer in made.facts["layers"]]
    page = render_report(replace(made, facts={**made.facts, "layers": layers}), {})
    assert "<img" not in page
    assert "<script" not in page


def test_a_rate_stands_between_its_bounds(assessment, told):
    needs = assessment.counted["need_rtlh"]
    least, most = needs.sum() / len(needs), (needs.sum() + needs.isna().sum()) / len(needs)
    assert f"antara {least * 100:.1f}".replace(".", ",") in told
    assert f"{most * 100:.1f}".replace(".", ",") in told


def test_a_raster_from_an_address_has_no_fingerprint():
    made = small_assessment()
    given = {"role": "land_cover", "name": "contoh.id/lahan.tif", "bytes": None, "sha256": None}
    page = render_report(replace(made, facts={**made.facts, "inputs": [*made.facts["inputs"], given]}), {})
    assert "contoh.id/lahan.tif (dari alamat web)" in page
