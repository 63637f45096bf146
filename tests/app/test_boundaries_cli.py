"""The commands about boundaries, on a copy of the invented district."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.boundaries_cli import app
from geo.boundaries import read_boundaries
from geo.errors import BoundaryError, UnknownSchema

DISTRICT = Path(__file__).parents[1] / "data" / "district"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PETA_BOUNDARIES", str(tmp_path / "district"))
    monkeypatch.setenv("COLUMNS", "120")
    return Path(shutil.copytree(DISTRICT, tmp_path / "district"))


def peta(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_show_names_the_note_the_source_and_every_kecamatan(folder: Path):
    result = peta("show")
    assert result.exit_code == 0
    assert "Kabupaten Contoh (99.01), Provinsi Contoh" in result.output
    assert "Batas skematik, bukan batas resmi" in result.output
    assert "rekaan untuk pengujian; tanggal 2025-01-01; lisensi CC0-1.0" in result.output
    assert "Pesisir Raya" in result.output
    assert "23,54" in result.output
    assert folder.exists()


def test_import_show_and_reset(folder: Path):
    path = folder / "desa.geojson"
    result = peta(
        "import", str(path), "--kolom", "kode=kode_desa", "--sumber", "Bappeda", "--lisensi", "terbuka"
    )
    assert result.exit_code == 0
    assert "Desa dan kelurahan yang cocok: 8" in result.output
    assert read_boundaries(folder).info["boundaries"]["source"] == "Bappeda"
    assert "Batas: impor" in peta("show").output
    assert "dipakai lagi" in peta("reset").output
    assert "memang sudah" in peta("reset").output
    assert read_boundaries(folder).info["boundaries"]["schematic"]


def test_faults_are_left_to_the_main_command(folder: Path, tmp_path: Path):
    path = tmp_path / "lain.geojson"
    path.write_text((folder / "desa.geojson").read_text().replace("kode_", "x_").replace("nama_", "y_"))
    assert isinstance(peta("import", str(path)).exception, UnknownSchema)
    assert isinstance(peta("fetch").exception, BoundaryError)
    assert not (folder / "imported").exists()


@pytest.mark.parametrize("kolom", ["kode", "warna=MERAH"])
def test_a_column_without_a_meaning_is_refused(kolom: str, folder: Path):
    result = peta("import", str(folder / "desa.geojson"), "--kolom", kolom)
    assert result.exit_code == 2
    assert "kode=NAMA_KOLOM" in result.output
