"""A district's folder is read whole, or refused with what is wrong."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.boundaries import DESA_COLUMNS, default_folder, kecamatan_of, read_boundaries
from geo.errors import BoundaryError, UnmatchedBoundaries

DISTRICT = Path(__file__).parents[1] / "data" / "district"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DISTRICT, tmp_path / "district"))


def test_desa_are_sorted_keyed_and_in_wgs84():
    boundaries = read_boundaries(DISTRICT)
    desa = boundaries.desa
    assert list(desa.columns) == [*DESA_COLUMNS, "geometry"]
    assert desa["kode_desa"].is_monotonic_increasing
    assert desa["kode_desa"].is_unique
    assert list(desa.index) == list(range(8))
    assert desa.crs.to_epsg() == 4326
    assert boundaries.measuring.to_epsg() == 32749
    assert boundaries.names["kode_pos"].iloc[0] == "59901"


def test_what_the_test_district_promises():
    boundaries = read_boundaries(DISTRICT)
    desa, sea = boundaries.desa, boundaries.sea
    assert sea is not None
    area_km2 = desa.to_crs(boundaries.measuring).area / 1e6
    assert area_km2.between(2, 4).all()
    assert shapely.coverage_is_valid(desa.geometry.to_numpy())
    touching = desa.loc[desa.touches(sea.union_all()), "nama_desa"]
    assert sorted(touching) == ["Muara Kidul", "Muara Lor"]
    assert desa["nama_desa"].value_counts()["Sumber Makmur"] == 2
    assert (desa["jenis"] == "kelurahan").sum() == 1
    assert (desa.geom_type == "MultiPolygon").sum() == 1


def test_points_of_the_list_lie_in_their_desa():
    boundaries = read_boundaries(DISTRICT)
    at = boundaries.names[["lon", "lat"]].astype(float).to_numpy()
    assert shapely.contains(boundaries.desa.geometry.to_numpy(), shapely.points(at)).all()


def test_facts_name_source_date_and_the_schematic_note():
    info = read_boundaries(DISTRICT).info
    assert info["district"] == {"kode": "99.01", "nama": "Kabupaten Contoh", "provinsi": "Provinsi Contoh"}
    assert info["boundaries"]["schematic"] is True
    assert info["boundaries"]["note"] == "Batas skematik, bukan batas resmi"
    assert set(info["boundaries"]) == {"kind", "schematic", "note", "source", "date", "licence"}
    assert info["sea"]["source"] == "rekaan untuk pengujian"


def test_kecamatan_hold_the_area_of_their_desa():
    boundaries = read_boundaries(DISTRICT)
    kecamatan = kecamatan_of(boundaries.desa)
    assert list(kecamatan.columns) == ["kode_kecamatan", "nama_kecamatan", "geometry"]
    assert kecamatan["nama_kecamatan"].tolist() == ["Pesisir Raya", "Bukit Jaya"]
    assert kecamatan.is_valid.all()
    metres = boundaries.desa.to_crs(boundaries.measuring)
    by_desa = metres.area.groupby(boundaries.desa["kode_kecamatan"]).sum()
    assert np.allclose(kecamatan.to_crs(boundaries.measuring).area, by_desa, rtol=1e-9)


def test_kecamatan_of_overlapping_desa_are_still_valid():
    desa = read_boundaries(DISTRICT).desa
    desa["geometry"] = desa.geometry.to_crs(32749).buffer(20).to_crs(4326)
    assert kecamatan_of(desa).is_valid.all()


def test_a_district_without_a_shore_has_no_sea(folder: Path):
    stated = (folder / "district.toml").read_text(encoding="utf-8")
    without, _, names = stated.partition("[sea]")
    (folder / "district.toml").write_text(
        without + "[names]" + names.partition("[names]")[2], encoding="utf-8"
    )
    assert read_boundaries(folder).sea is None


def test_missing_and_broken_files_are_named(folder: Path):
    (folder / "desa.geojson").write_text("{", encoding="utf-8")
    with pytest.raises(BoundaryError, match=r"desa\.geojson"):
        read_boundaries(folder)
    (folder / "district.toml").write_text("[district\n", encoding="utf-8")
    with pytest.raises(BoundaryError, match="bukan TOML"):
        read_boundaries(folder)
    (folder / "district.toml").write_text("[district]\n", encoding="utf-8")
    with pytest.raises(BoundaryError, match=r"\[boundaries\] tidak ada"):
        read_boundaries(folder)
    with pytest.raises(BoundaryError, match="tidak lengkap"):
        read_boundaries(folder / "nowhere")


def test_a_list_without_its_columns_is_refused(folder: Path):
    (folder / "wilayah.csv").write_text("kode_desa,nama_desa\n99.01.01.2001,Muara Lor\n", encoding="utf-8")
    with pytest.raises(BoundaryError, match="kode_bps"):
        read_boundaries(folder)


def test_polygons_and_list_must_agree(folder: Path):
    lines = (folder / "wilayah.csv").read_text(encoding="utf-8").splitlines()
    (folder / "wilayah.csv").write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    with pytest.raises(UnmatchedBoundaries, match=r"99\.01\.02\.2004"):
        read_boundaries(folder)


def test_the_environment_chooses_the_folder(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PETA_BOUNDARIES", "/somewhere/else")
    assert default_folder() == Path("/somewhere/else")
    monkeypatch.delenv("PETA_BOUNDARIES")
    assert default_folder().parts[-2:] == ("data", "boundaries")
