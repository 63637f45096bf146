"""Boundaries of every official schema find their desa; what is faulty is mended, told or refused."""

import json
import os
import shutil
import tomllib
import warnings
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely.affinity import translate

from geo.boundaries import read_boundaries, read_names
from geo.boundary_import import (
    boundaries_from_file,
    import_boundaries,
    provenance,
    remove_imported,
    save_imported,
)
from geo.errors import (
    MissingCrs,
    NotWritable,
    OtherDistrict,
    UnknownSchema,
    UnmatchedBoundaries,
    UnreadableBoundaries,
)

DISTRICT = Path(__file__).parents[1] / "data" / "district"
NAMES = read_names(DISTRICT)
DESA = read_boundaries(DISTRICT).desa
KODE = DESA["kode_desa"].tolist()


def official(**columns: object) -> gpd.GeoDataFrame:
    """Return the invented district in another publisher's columns."""
    return gpd.GeoDataFrame(columns, geometry=DESA.geometry.to_numpy(), crs=4326)


def bps() -> pd.Series:
    return DESA["kode_bps"]


def bps_names() -> pd.Series:
    return NAMES["nama_bps"]


SCHEMAS = {
    "HDX COD-AB (BPS), nama kolom lama": (
        official(
            village_code="id" + bps(),
            village=bps_names(),
            district=NAMES["nama_kecamatan_bps"],
            district_code="id" + bps().str[:7],
            regency="Contoh",
            date="2019-12-20",
        ),
        "kode BPS",
    ),
    "HDX COD-AB (BPS)": (
        official(
            ADM4_EN=bps_names(),
            ADM4_PCODE="ID" + bps(),
            ADM3_EN=NAMES["nama_kecamatan_bps"],
            ADM3_PCODE="ID" + bps().str[:7],
            ADM2_EN="Contoh",
        ),
        "kode BPS",
    ),
    "BIG (RBI)": (
        official(
            NAMOBJ=DESA["nama_desa"],
            KDPPUM="99",
            KDEPUM=DESA["kode_desa"],
            KDEBPS=bps(),
            WADMKD=DESA["nama_desa"],
            WADMKC=DESA["nama_kecamatan"],
            WADMKK="Contoh",
        ),
        "kode Kemendagri",
    ),
    "Dukcapil (Kemendagri)": (
        official(
            KODE_KEL_S=DESA["kode_desa"].str.replace(".", ""),
            DESA=DESA["nama_desa"].str.upper(),
            KECAMATAN=DESA["nama_kecamatan"].str.upper(),
            KAB_KOTA="CONTOH",
        ),
        "kode Kemendagri",
    ),
}


def differ_m2(left: gpd.GeoSeries, right: gpd.GeoSeries) -> float:
    """Return the largest area that only one of two polygons holds."""
    pairs = zip(left.to_crs(32749), right.to_crs(32749), strict=True)
    return max(float(shapely.area(shapely.symmetric_difference(a, b))) for a, b in pairs)


def save(frame: gpd.GeoDataFrame, path: Path) -> Path:
    if path.suffix == ".parquet":
        frame.to_parquet(path)
        return path
    with warnings.catch_warnings():
        # a Shapefile cuts long column names, as those of publishers are cut
        warnings.simplefilter("ignore")
        frame.to_file(path, driver="LIBKML" if path.suffix == ".kml" else None)
    return path


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".shp", ".fgb", ".kml", ".parquet"])
def test_official_schemas_are_recognised_in_every_format(schema: str, suffix: str, tmp_path: Path):
    given, how = SCHEMAS[schema]
    path = save(given.sample(frac=1, random_state=1), tmp_path / f"batas{suffix}")
    frame, report = import_boundaries(path, NAMES)
    assert report.schema == schema
    assert report.matched == {how: 8}
    assert frame["kode_desa"].tolist() == KODE
    assert differ_m2(frame.geometry, DESA.geometry) < 1
    assert report.overlaps == report.gaps == report.spellings == report.far == ()
    assert report.total_km2 == pytest.approx(23.54, abs=0.01)


def test_codes_as_numbers_and_files_in_metres(tmp_path: Path):
    given = official(kode_kel=DESA["kode_desa"].str.replace(".", "").astype(float)).to_crs(32749)
    frame, _ = import_boundaries(save(given, tmp_path / "batas.gpkg"), NAMES)
    assert frame["kode_desa"].tolist() == KODE
    assert frame.crs.to_epsg() == 4326
    assert differ_m2(frame.geometry, DESA.geometry) < 1


def test_a_zipped_shapefile_in_a_folder_beside_other_layers(tmp_path: Path):
    save(SCHEMAS["BIG (RBI)"][0], tmp_path / "desa.shp")
    lines = gpd.GeoDataFrame({"KDEPUM": KODE}, geometry=DESA.boundary.to_numpy(), crs=4326)
    save(lines, tmp_path / "garis.shp")
    save(official(CATATAN=DESA["jenis"]), tmp_path / "lain.shp")
    with zipfile.ZipFile(tmp_path / "batas.zip", "w") as archive:
        for path in [*tmp_path.glob("desa.*"), *tmp_path.glob("garis.*"), *tmp_path.glob("lain.*")]:
            archive.write(path, f"RBI 25K/{path.name}")
    frame, report = import_boundaries(tmp_path / "batas.zip", NAMES)
    assert frame["kode_desa"].tolist() == KODE
    assert report.schema == "BIG (RBI)"


def test_two_layers_of_desa_ask_for_a_choice(tmp_path: Path):
    for layer in ("lama", "baru"):
        SCHEMAS["BIG (RBI)"][0].to_file(tmp_path / "batas.gpkg", layer=layer)
    with pytest.raises(UnknownSchema, match=r"lama, baru|baru, lama"):
        import_boundaries(tmp_path / "batas.gpkg", NAMES)


def test_names_alone_are_enough_and_likeness_is_told(tmp_path: Path):
    written = DESA["nama_desa"].replace({"Wanasari": "Desa WONO SARI", "Gunung Agung": "Gunung Aqung"})
    given = official(desa=written, kecamatan="Kec. " + DESA["nama_kecamatan"].str.upper())
    frame, report = import_boundaries(save(given, tmp_path / "batas.gpkg"), NAMES)
    assert differ_m2(frame.geometry, DESA.geometry) < 1
    assert report.matched == {"nama": 8}
    assert report.spellings == ("«Gunung Aqung» menjadi Gunung Agung (99.01.02.2003)",)


def test_a_name_in_two_kecamatan_is_never_guessed(tmp_path: Path):
    given = official(NAMA=DESA["nama_desa"])
    path = save(given, tmp_path / "batas.gpkg")
    with pytest.raises(UnmatchedBoundaries, match="Sumber Makmur") as caught:
        import_boundaries(path, NAMES, columns={"desa": "NAMA"})
    assert "6 dari 8" in str(caught.value)


def test_columns_named_by_the_user(tmp_path: Path):
    given = official(NO=range(8), ID_WIL=DESA["kode_desa"], LABEL=DESA["nama_desa"])
    path = save(given, tmp_path / "batas.gpkg")
    with pytest.raises(UnknownSchema, match=r"NO, ID_WIL, LABEL.*--kolom kode="):
        import_boundaries(path, NAMES)
    with pytest.raises(UnknownSchema, match="ID_WIL"):
        import_boundaries(path, NAMES, columns={"kode": "TIDAK_ADA"})
    frame, report = import_boundaries(path, NAMES, columns={"kode": "id_wil", "desa": "Label"})
    assert frame["kode_desa"].tolist() == KODE
    assert report.schema == "kolom pilihan pengguna"


def two_lists() -> pd.DataFrame:
    """Return a list of desa whose BPS codes are Kemendagri codes of other desa."""
    plain = NAMES["kode_desa"].str.replace(".", "")
    return NAMES.assign(kode_bps=plain.iloc[::-1].to_numpy())


def test_a_code_of_both_lists_is_settled_by_the_names(tmp_path: Path):
    names = two_lists()
    given = official(kode_kel=names["kode_bps"], desa=DESA["nama_desa"])
    frame, report = import_boundaries(save(given, tmp_path / "batas.gpkg"), names)
    assert report.matched == {"kode BPS": 8}
    assert differ_m2(frame.geometry, DESA.geometry) < 1


def test_a_code_of_both_lists_without_names_is_refused(tmp_path: Path):
    names = two_lists()
    path = save(official(kode_kel=names["kode_bps"]), tmp_path / "batas.gpkg")
    with pytest.raises(UnmatchedBoundaries, match="Kemendagri maupun BPS"):
        import_boundaries(path, names)


def test_a_code_that_contradicts_the_name_is_refused(tmp_path: Path):
    given = official(kode_kel=DESA["kode_desa"], desa=DESA["nama_desa"], kecamatan=DESA["nama_kecamatan"])
    given.loc[[0, 1], "kode_kel"] = given.loc[[1, 0], "kode_kel"].tolist()
    with pytest.raises(UnmatchedBoundaries, match=r"Pasar Baru.*Muara Lor"):
        import_boundaries(save(given, tmp_path / "batas.gpkg"), NAMES)


def test_of_a_province_only_the_district_is_taken(tmp_path: Path):
    here, _ = SCHEMAS["BIG (RBI)"]
    there = here.assign(
        KDEPUM=here["KDEPUM"].str.replace("99.01", "99.71"),
        KDEBPS=here["KDEBPS"].str.replace("9901", "9971"),
        WADMKK="Kota Contoh",
        geometry=here.geometry.translate(0.1, 0),
    )
    frame, report = import_boundaries(save(pd.concat([here, there]), tmp_path / "provinsi.parquet"), NAMES)
    assert frame["kode_desa"].tolist() == KODE
    assert (report.features, report.outside) == (16, 8)
    assert "8 di luar kabupaten ini" in report.lines()[0]


def test_a_province_without_codes_is_cut_by_the_name_of_the_kabupaten(tmp_path: Path):
    columns = {"desa": DESA["nama_desa"], "kecamatan": DESA["nama_kecamatan"]}
    here, there = official(**columns, kabupaten="KAB. CONTOH"), official(**columns, kabupaten="Kota Contoh")
    there["geometry"] = there.translate(0.05, 0)
    _, report = import_boundaries(save(pd.concat([here, there]), tmp_path / "provinsi.gpkg"), NAMES)
    assert report.outside == 8


def test_forest_and_water_are_listed_and_left_out(tmp_path: Path):
    given, _ = SCHEMAS["HDX COD-AB (BPS)"]
    lake = given.iloc[[0, 0, 0]].assign(
        ADM4_EN=["Waduk Contoh", "", "Hutan"], ADM4_PCODE=["ID9901999999", "", "ID9901010999"]
    )
    lake["geometry"] = [translate(shape, 0, -0.06) for shape in lake.geometry]
    _, report = import_boundaries(save(pd.concat([given, lake]), tmp_path / "batas.gpkg"), NAMES)
    assert report.not_desa == ("Waduk Contoh 9901999999", "tanpa nama", "Hutan 9901010999")
    assert any("Bukan desa, tidak dipakai (3)" in line for line in report.lines())


def test_several_features_of_one_desa_become_one(tmp_path: Path):
    given, _ = SCHEMAS["BIG (RBI)"]
    parts = given.explode(ignore_index=True)
    frame, report = import_boundaries(save(parts, tmp_path / "batas.gpkg"), NAMES)
    assert report.features == 9
    assert report.merged == ("Muara Lor (99.01.01.2001)",)
    assert frame.geom_type.tolist() == DESA.geom_type.tolist()


def with_shape(place: int, shape: object) -> gpd.GeoDataFrame:
    given = SCHEMAS["BIG (RBI)"][0].copy()
    given.loc[place, "geometry"] = shape
    return given


def test_a_bow_tie_is_repaired_and_told(tmp_path: Path):
    shell = list(DESA.geometry[0].exterior.coords)
    shell[1], shell[3] = shell[3], shell[1]
    frame, report = import_boundaries(save(with_shape(0, shapely.Polygon(shell)), tmp_path / "b.gpkg"), NAMES)
    assert report.repaired == ("Pasar Baru (99.01.01.1003)",)
    assert frame.is_valid.all()


def test_small_overlaps_and_gaps_are_mended_and_told(tmp_path: Path):
    shape = translate(DESA.geometry[0], 2e-5, 0)
    frame, report = import_boundaries(save(with_shape(0, shape), tmp_path / "batas.gpkg"), NAMES)
    assert report.overlaps
    assert all(fault.mended for fault, _ in report.overlaps)
    assert report.warnings == ()
    assert any(line.startswith("Tumpang tindih kecil dirapikan") for line in report.lines())
    metres = frame.to_crs(32749).geometry.to_numpy()
    assert shapely.area(metres).sum() == pytest.approx(shapely.area(shapely.union_all(metres)), abs=1)
    assert shapely.coverage_is_valid(frame.geometry.to_numpy())


def test_large_overlaps_and_gaps_are_left_and_told(tmp_path: Path):
    bitten = DESA.geometry[6].difference(shapely.box(110.016, -6.918, 110.022, -6.912))
    path = save(with_shape(6, bitten), tmp_path / "celah.gpkg")
    frame, report = import_boundaries(path, NAMES)
    assert report.warnings == ("di samping Gunung Agung (99.01.02.2003), 43,98 ha",)
    assert differ_m2(frame.geometry, with_shape(6, bitten).geometry) < 1
    shape = translate(DESA.geometry[0], 2e-3, 0)
    _, report = import_boundaries(save(with_shape(0, shape), tmp_path / "tindih.gpkg"), NAMES)
    assert any("Pasar Baru (99.01.01.1003) dan Sumber Makmur" in words for words in report.warnings)
    assert any(line.startswith("PERHATIAN, tumpang tindih besar") for line in report.lines())


def test_a_missing_desa_and_an_extra_polygon_stop_the_import(tmp_path: Path):
    given = SCHEMAS["BIG (RBI)"][0]
    with pytest.raises(UnmatchedBoundaries, match=r"Desa tanpa bentuk \(1\): Tegal Rejo"):
        import_boundaries(save(given.iloc[:-1], tmp_path / "kurang.gpkg"), NAMES)
    extra = given.iloc[[6]].assign(
        WADMKD="Gunung\x1b[31m Anyar", KDEPUM="99.01.02.2009", KDEBPS="", geometry=given.translate(0, -0.02)
    )
    with pytest.raises(UnmatchedBoundaries, match="mungkin Gunung Agung") as caught:
        import_boundaries(save(pd.concat([given, extra]), tmp_path / "lebih.gpkg"), NAMES)
    assert "\x1b" not in str(caught.value)


def test_a_desa_without_a_shape_stops_the_import(tmp_path: Path):
    with pytest.raises(UnmatchedBoundaries, match="Pasar Baru"):
        import_boundaries(save(with_shape(0, shapely.Polygon()), tmp_path / "batas.gpkg"), NAMES)


def test_another_district_is_named(tmp_path: Path):
    given = SCHEMAS["BIG (RBI)"][0]
    other = given.assign(
        KDEPUM=given["KDEPUM"].str.replace("99.01", "99.02"), KDEBPS="", WADMKK="Kabupaten Sebelah"
    )
    with pytest.raises(OtherDistrict, match=r"Kabupaten Sebelah, bukan Kabupaten Contoh \(99\.01\)"):
        import_boundaries(save(other, tmp_path / "lain.gpkg"), NAMES)
    bare = official(kode_kel=other["KDEPUM"])
    with pytest.raises(OtherDistrict, match="kode 9902"):
        import_boundaries(save(bare, tmp_path / "kode.gpkg"), NAMES)
    strange = official(desa="Antah " + DESA["kode_desa"], kecamatan="Berantah")
    with pytest.raises(OtherDistrict, match="Tidak satu pun"):
        import_boundaries(save(strange, tmp_path / "asing.gpkg"), NAMES)


def test_a_file_that_lies_elsewhere_is_refused(tmp_path: Path):
    away = SCHEMAS["BIG (RBI)"][0].copy()
    away["geometry"] = away.translate(3, 0)
    with pytest.raises(OtherDistrict, match=r"bujur 113,021, 33\d km dari Kabupaten Contoh"):
        import_boundaries(save(away, tmp_path / "jauh.gpkg"), NAMES)


def test_no_crs_is_refused(tmp_path: Path):
    given = SCHEMAS["BIG (RBI)"][0]
    path = save(given, tmp_path / "batas.shp")
    path.with_suffix(".prj").unlink()
    with pytest.raises(MissingCrs, match=r"batas\.shp"):
        import_boundaries(path, NAMES)
    features = json.loads(given.to_crs(32749).to_json(drop_id=True))
    features.pop("crs", None)
    (tmp_path / "meter.geojson").write_text(json.dumps(features), encoding="utf-8")
    with pytest.raises(MissingCrs, match="tampak dalam meter"):
        import_boundaries(tmp_path / "meter.geojson", NAMES)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("batas.geojson", b"bukan json"),
        ("batas.gpkg", b"\x00\x01"),
        ("batas.zip", b"PK rusak"),
        ("batas.parquet", b"PAR1"),
        ("batas.csv", b"kode_desa,nama_desa\n99.01.01.2001,Muara Lor\n"),
        ("kosong.geojson", b'{"type":"FeatureCollection","features":[]}'),
    ],
)
def test_unreadable_files_say_so(file: str, content: bytes, tmp_path: Path):
    (tmp_path / file).write_bytes(content)
    with pytest.raises(UnreadableBoundaries, match=file):
        import_boundaries(tmp_path / file, NAMES)


def test_points_and_absent_files_are_no_boundaries(tmp_path: Path):
    with pytest.raises(UnreadableBoundaries, match="tidak ditemukan"):
        import_boundaries(tmp_path / "tiada.gpkg", NAMES)
    points = SCHEMAS["BIG (RBI)"][0].copy()
    points["geometry"] = points.representative_point()
    with pytest.raises(UnreadableBoundaries, match="poligon"):
        import_boundaries(save(points, tmp_path / "titik.gpkg"), NAMES)


def test_saved_boundaries_replace_the_schematic_until_reset(tmp_path: Path):
    folder = Path(shutil.copytree(DISTRICT, tmp_path / "district"))
    given = SCHEMAS["BIG (RBI)"][0].copy()
    given["geometry"] = given.translate(1e-3, 0)
    path = save(given, tmp_path / 'batas "baru"\x7f.gpkg')
    frame, report = import_boundaries(path, NAMES)
    for licence in ("CC BY 4.0", "CC0"):
        save_imported(frame, provenance(path, report, source="BIG", licence=licence), folder)
    boundaries = read_boundaries(folder)
    assert boundaries.info["boundaries"] == {
        "kind": "impor",
        "schematic": False,
        "note": "",
        "source": "BIG",
        "date": "tidak disebut",
        "licence": "CC0",
    }
    assert differ_m2(boundaries.desa.geometry, DESA.translate(1e-3, 0)) < 1
    assert boundaries.desa["nama_desa"].tolist() == DESA["nama_desa"].tolist()
    assert boundaries.sea is not None
    stated = tomllib.loads((folder / "imported" / "boundaries.toml").read_text(encoding="utf-8"))[
        "boundaries"
    ]
    assert len(stated["sha256"]) == 64
    assert stated["original"] == 'batas "baru".gpkg'
    assert sorted(path.name for path in folder.iterdir() if path.name.startswith(".")) == []
    assert remove_imported(folder)
    assert not remove_imported(folder)
    assert read_boundaries(folder).info["boundaries"]["schematic"] is True


def test_a_save_that_fails_keeps_the_former_boundaries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = Path(shutil.copytree(DISTRICT, tmp_path / "district"))
    path = save(SCHEMAS["BIG (RBI)"][0], tmp_path / "batas.gpkg")
    frame, report = import_boundaries(path, NAMES)
    save_imported(frame, provenance(path, report, source="lama"), folder)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(gpd.GeoDataFrame, "to_parquet", full)
    with pytest.raises(NotWritable, match="ruang disk habis"):
        save_imported(frame, provenance(path, report, source="baru"), folder)
    assert read_boundaries(folder).info["boundaries"]["source"] == "lama"


def test_boundaries_of_a_file_for_one_run(tmp_path: Path):
    path = save(SCHEMAS["Dukcapil (Kemendagri)"][0], tmp_path / "dukcapil.gpkg")
    boundaries = boundaries_from_file(path, DISTRICT)
    assert boundaries.info["boundaries"]["source"] == "Dukcapil (Kemendagri), berkas dukcapil.gpkg"
    assert boundaries.info["boundaries"]["schematic"] is False
    assert boundaries.desa["kode_desa"].tolist() == KODE
    assert not (DISTRICT / "imported").exists()


@pytest.fixture(scope="module")
def real() -> tuple[Path, pd.DataFrame]:
    """Return the real published file, and the real list of desa as another source has it."""
    if not (folder := os.environ.get("PETA_TEST_DATA")):
        pytest.skip("PETA_TEST_DATA is not set: the published boundaries are not tested")
    path = Path(folder) / "boundaries" / "id3326_pekalongan.geojson"
    crosswalk = pd.read_csv(path.with_name("kode_wilayah_3326.csv"), dtype=str).sort_values("code")
    return path, crosswalk.reset_index(drop=True)


def test_all_published_polygons_match(real: tuple[Path, pd.DataFrame]):
    path, crosswalk = real
    names = read_names(Path(__file__).parents[2] / "data" / "boundaries")
    frame, report = import_boundaries(path, names)
    assert report.matched == {"kode BPS": 285}
    assert frame["kode_desa"].tolist() == crosswalk["code"].tolist()
    published = gpd.read_file(path)
    published["code"] = published["village_code"].str[2:].map(crosswalk.set_index("bps_code")["code"])
    published = published.sort_values("code", ignore_index=True)
    assert differ_m2(frame.geometry, published.geometry) < 1
    assert report.total_km2 == pytest.approx(892.42, abs=0.01)
    assert report.overlaps == report.gaps == report.repaired == report.spellings == ()


def test_all_published_polygons_match_by_name_alone(real: tuple[Path, pd.DataFrame], tmp_path: Path):
    path, _ = real
    names = read_names(Path(__file__).parents[2] / "data" / "boundaries")
    by_code, _ = import_boundaries(path, names)
    nameless = gpd.read_file(path)[["village", "district", "regency", "geometry"]]
    frame, report = import_boundaries(save(nameless, tmp_path / "nama.gpkg"), names)
    assert report.matched == {"nama": 285}
    assert differ_m2(frame.geometry, by_code.geometry) < 1
