"""A file behind a layer that cannot be used, met on the command line: one line that says why, and no run."""

import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from typer.testing import CliRunner

from app import cli
from geo.runs import open_run

DISTRICT = Path(__file__).parents[1] / "data" / "district"
HILL = "99.01.02.2003"


@pytest.fixture
def assess(monkeypatch, tmp_path, sheet):
    """Return a function that runs the main job with settings of layers, and gives exit code, output and folder."""
    monkeypatch.setenv("PETA_BOUNDARIES", str(DISTRICT))

    def run(**layers: str) -> tuple[int, str, Path]:
        settings, out = tmp_path / "setelan.toml", tmp_path / "hasil"
        settings.write_text("[layers]\n" + "".join(f'{name} = "{value}"\n' for name, value in layers.items()))
        words = ["assess", sheet, "--out", out, "--settings", settings, "--outputs", "laporan"]
        result = CliRunner().invoke(cli.app, [str(word) for word in words])
        return result.exit_code, " ".join(result.output.split()), out

    return run


@pytest.mark.parametrize(
    ("setting", "content", "word"),
    [
        (
            "coastal_status",
            "kode_desa;status\n33.26.01.2001;1\n",
            "Tidak satu pun kode dalam podes.csv adalah desa",
        ),
        ("urban_status", "kode_desa;status\n9,90101E+09;1\n", "Excel telah membuang angkanya"),
        ("forest_status", f"kode_desa;status\n{HILL};mungkin\n", "status yang tidak dikenal: mungkin"),
    ],
)
def test_a_status_list_that_cannot_be_used_leaves_no_run(assess, tmp_path, setting, content, word):
    (tmp_path / "podes.csv").write_text(content)
    code, output, out = assess(**{setting: "podes.csv"})
    assert code == 1
    assert word in output
    assert "Traceback" not in output
    assert not out.exists()


def test_a_forest_file_that_cannot_be_used_leaves_no_run(assess, tmp_path):
    far = gpd.GeoDataFrame(geometry=[shapely.box(100, 1, 101, 2)], crs=4326)
    far.to_file(tmp_path / "jauh.gpkg")
    far.set_crs(32749, allow_override=True).to_file(tmp_path / "derajat.gpkg")
    (tmp_path / "potong.gpkg").write_bytes((tmp_path / "jauh.gpkg").read_bytes()[:5000])
    for name, word in (
        ("jauh.gpkg", "tidak menyentuh kabupaten ini"),
        ("derajat.gpkg", "tampak dalam derajat"),
        ("potong.gpkg", "rusak, terpotong"),
        ("tiada.gpkg", "tidak ada"),
    ):
        code, output, out = assess(forest_area=name)
        assert code == 1
        assert f"Kawasan hutan {name}" in output
        assert word in output
        assert "Traceback" not in output
        assert not out.exists()


def test_list_and_polygons_come_through_to_the_run(assess, tmp_path, district):
    desa = district.desa.to_crs(district.measuring)
    hill = desa.geometry[desa["kode_desa"] == HILL].iloc[0]
    x, y = hill.representative_point().coords[0]
    bow_tie = shapely.Polygon([(x, y), (x + 200, y + 200), (x + 200, y), (x, y + 200)])
    frame = gpd.GeoDataFrame({"FUNGSI": ["HL", "APL"]}, geometry=[bow_tie, hill], crs=district.measuring)
    frame.to_crs(23879).to_file(tmp_path / "hutan.shp")
    (tmp_path / "podes.csv").write_text(f"kode;R309A;tahun;sumber\n{HILL.replace('.', '')};1;2024;Podes\n")
    code, output, out = assess(forest_area="hutan.shp", forest_status="podes.csv")
    assert code == 0, output
    run = open_run(out)
    table = run.desa.set_index("kode_desa")
    assert table.loc[HILL, "zone_forest_edge"] == "di dalam"
    assert table.loc[HILL, "forest_area_share"] == pytest.approx(20_000 / hill.area, rel=0.01)
    assert (table["zone_forest_edge"].drop(HILL) == "tidak diketahui").all()
    assert run.households["distance_forest_edge_m"].notna().any()
    told = next(layer for layer in run.facts["layers"] if layer["id"] == "forest_edge")
    assert (told["source"], told["year"], told["proksi"]) == ("Podes", "2024", False)
    assert "APL" in told["method"]
    assert json.dumps(told)
