"""Every format read back gives the same rows, types, texts and places, by another reader where there is one."""

import csv
import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from openpyxl import load_workbook

from geo.exports import FORMATS
from geo.exports.earth import write_kmz
from geo.exports.gpx import write_gpx
from geo.exports.shapefile import short_names
from geo.exports.tables import write_xlsx
from geo.products import Field, Product
from tests.geo.exports.small_product import TEXTS, as_read, small_product
from tests.rfc7946 import check_rfc7946


@pytest.fixture(scope="module")
def product() -> Product:
    return small_product()


@pytest.fixture(scope="module")
def written(product: Product, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    folders = {}
    for name, form in FORMATS.items():
        folders[name] = tmp_path_factory.mktemp(name)
        files = form.write(product, folders[name])
        assert sorted(files) == sorted(folders[name].iterdir())
        assert any(path.suffix == form.suffix for path in files)
    return folders


def geojson(folder: Path, name: str) -> pd.DataFrame:
    features = json.loads((folder / f"{name}.geojson").read_text(encoding="utf-8"))["features"]
    table = pd.DataFrame([feature["properties"] for feature in features], dtype=object)
    shapes = [feature["geometry"] and shapely.geometry.shape(feature["geometry"]) for feature in features]
    return table.assign(place=shapes)


def layer(path: Path, name: str | None = None) -> pd.DataFrame:
    table = pyogrio.read_dataframe(path, layer=name, datetime_as_string=True)
    return table.rename_geometry("place") if isinstance(table, gpd.GeoDataFrame) else table.assign(place=None)


def flatgeobuf(folder: Path, name: str) -> pd.DataFrame:
    return pd.concat([layer(path) for path in sorted(folder.glob(f"{name}*.fgb"))], ignore_index=True)


def shapefile(folder: Path, name: str) -> pd.DataFrame:
    return layer(folder / f"{name}.shp")


def comma_separated(folder: Path, name: str) -> pd.DataFrame:
    text = (folder / f"{name}.csv").read_text(encoding="utf-8-sig")
    head, *rows = csv.reader(text.splitlines(keepends=True))
    table = pd.DataFrame(rows, columns=head, dtype=object)
    places = [
        shapely.Point(float(lon), float(lat)) if lon else None
        for lon, lat in zip(table["lon"], table["lat"], strict=True)
    ]
    return table.assign(place=places)


def workbook(folder: Path, name: str) -> pd.DataFrame:
    head, *rows = load_workbook(next(folder.iterdir()))[name].iter_rows(values_only=True)
    table = pd.DataFrame(rows, columns=head, dtype=object)
    places = [
        None if lon is None else shapely.Point(lon, lat)
        for lon, lat in zip(table["lon"], table["lat"], strict=True)
    ]
    return table.assign(place=places)


READERS: dict[str, Callable[[Path, str], pd.DataFrame]] = {
    "geojson": geojson,
    "gpkg": lambda folder, name: layer(folder / "peta_sasaran.gpkg", name),
    "fgb": flatgeobuf,
    "parquet": lambda folder, name: gpd.read_parquet(folder / f"{name}.parquet").rename_geometry("place"),
    "shp": shapefile,
    "kmz": lambda folder, name: layer(folder / f"{name}.kmz"),
    "csv": comma_separated,
    "xlsx": workbook,
}
LETTERS_LOST = {"csv", "xlsx", "shp", "gpx"}
"""Formats that do not tell a text without letters from a missing one."""


def told(form: str, name: str) -> str:
    """Return what a column of the houses is called in a format."""
    if form in {"gpkg", "fgb", "geojson"}:
        return {"Catatan": "Catatan_2"}.get(name, name)
    if form == "shp":
        names = [field.name for field in small_product().collections["rumah_tangga"].fields]
        return dict(zip(names, short_names(names), strict=True))[name]
    return name


def alive_again(text: str) -> str:
    """Take away the apostrophe that keeps a cell of the CSV from running."""
    for start in ("'=", "'+", "'-", "'@", "'\t"):
        text = text.replace(start, start[1:], 1) if text.startswith(start) else text
    return text.replace(";'=", ";=", 1).replace("\t'=", "\t=", 1)


@pytest.fixture(params=READERS)
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def houses(form: str, written: Mapping[str, Path]) -> pd.DataFrame:
    table = READERS[form](written[form], "rumah_tangga").sort_values(told(form, "pseudonim"))
    return table.reset_index(drop=True)


@pytest.fixture
def given(product: Product) -> gpd.GeoDataFrame:
    return product.collections["rumah_tangga"].table


def test_rows_and_columns_are_those_of_the_product(form: str, houses: pd.DataFrame, given: gpd.GeoDataFrame):
    assert len(houses) == len(given)
    assert houses[told(form, "pseudonim")].tolist() == given["pseudonim"].tolist()
    assert not houses.astype("str").isin(["RAHASIA"]).to_numpy().any()
    assert "rahasia" not in houses


def test_identifiers_of_sixteen_digits_stay_text(form: str, houses: pd.DataFrame, given: gpd.GeoDataFrame):
    assert houses[told(form, "nik")].tolist() == given["nik"].tolist()


def test_texts_are_the_same(form: str, houses: pd.DataFrame):
    read = [None if pd.isna(text) else str(text) for text in houses[told(form, "catatan")]]
    expected = [as_read(text) for text in TEXTS] * 3
    if form in LETTERS_LOST:
        read, expected = ([text or None for text in texts] for texts in (read, expected))
    if form == "csv":
        read = [text and alive_again(text) for text in read]
    if form == "shp":
        expected = [text and text.encode()[:254].decode(errors="ignore") for text in expected]
    assert read == expected


def number(values: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) or value == "" else float(value) for value in values]


def test_numbers_are_the_same_and_missing_stays_missing(
    form: str, houses: pd.DataFrame, given: gpd.GeoDataFrame
):
    for name in ("jumlah_anggota_keluarga", "jumlah_anggota_rumah"):
        assert number(houses[told(form, name)]) == number(given[name])
    read, expected = number(houses[told(form, "distance_coastal_m")]), number(given["distance_coastal_m"])
    assert read[0] is expected[0] is None
    np.testing.assert_allclose(read[1:], expected[1:], atol=0.0501)


def test_yes_no_and_unknown_are_three(form: str, houses: pd.DataFrame, given: gpd.GeoDataFrame):
    words = {1: True, 0: False, "true": True, "false": False, "": None}  # True is 1
    read = [None if pd.isna(value) else words[value] for value in houses[told(form, "need_rtlh")]]
    assert read == [None if pd.isna(value) else bool(value) for value in given["need_rtlh"]]


def test_days_are_days(form: str, houses: pd.DataFrame):
    read = houses[told(form, "tanggal_survei")]
    assert pd.isna(read[0]) or read[0] == ""
    assert {str(day).replace("/", "-")[:10] for day in read[1:]} == {"2026-11-21"}


def test_a_day_of_geojson_has_no_hour(written: Mapping[str, Path]):
    table = geojson(written["geojson"], "rumah_tangga")
    assert table["tanggal_survei"].tolist() == [None, *["2026-11-21"] * (len(table) - 1)]


def test_places_are_the_same(houses: pd.DataFrame, given: gpd.GeoDataFrame):
    read = houses["place"].to_numpy(dtype=object)
    there = given.geometry.notna().to_numpy()
    assert [place is not None and not shapely.is_empty(place) for place in read] == there.tolist()
    assert shapely.distance(shapely.force_2d(read[there]), given.geometry.to_numpy()[there]).max() < 1e-7


def test_areas_keep_their_shape(form: str, product: Product, written: Mapping[str, Path]):
    given = product.collections["desa"].table
    read = READERS[form](written[form], "desa").sort_values("kode_desa")
    shapes = read["place"].to_numpy(dtype=object)
    assert shapes[3] is None or shapely.is_empty(shapes[3])
    if form in {"csv", "xlsx"}:  # a point inside stands for the area
        assert shapely.contains(given.geometry.to_numpy()[:3], shapes[:3]).all()
    else:
        difference = shapely.symmetric_difference(shapely.force_2d(shapes[:3]), given.geometry.to_numpy()[:3])
        assert shapely.area(difference).max() < 1e-9
    assert number(read["households"]) == [10, 20, 30, 0]


def test_an_empty_collection_is_an_empty_file(form: str, written: Mapping[str, Path]):
    assert len(READERS[form](written[form], "kantong")) == 0


def test_types_are_told_by_formats_that_have_them(written: Mapping[str, Path]):
    gpkg = pyogrio.read_info(written["gpkg"] / "peta_sasaran.gpkg", layer="rumah_tangga")
    kinds = dict(zip(gpkg["fields"], zip(gpkg["ogr_types"], gpkg["ogr_subtypes"], strict=True), strict=True))
    assert kinds["nik"][0] == "OFTString"
    assert kinds["jumlah_anggota_rumah"][0] == "OFTInteger64"
    assert kinds["need_rtlh"] == ("OFTInteger", "OFSTBoolean")
    assert kinds["tanggal_survei"][0] == "OFTDate"
    schema = pq.read_schema(written["parquet"] / "rumah_tangga.parquet")
    assert str(schema.field("need_rtlh").type) == "bool"
    assert str(schema.field("jumlah_anggota_rumah").type) == "int64"


def test_geojson_keeps_to_the_standard(written: Mapping[str, Path]):
    for path in written["geojson"].iterdir():
        assert check_rfc7946(path) == []
    houses = json.loads((written["geojson"] / "rumah_tangga.geojson").read_text(encoding="utf-8"))
    assert houses["features"][0]["id"] == "p00000"
    assert houses["features"][0]["geometry"] is None
    assert houses["left_out"] == {"Tidak perlu": 4}


def test_parquet_tells_its_version_and_where_rows_lie(written: Mapping[str, Path]):
    told = json.loads(pq.read_schema(written["parquet"] / "desa.parquet").metadata[b"geo"])
    assert told["version"] == "1.1.0"
    assert "bbox" in told["columns"]["geometry"]["covering"]
    near = gpd.read_parquet(written["parquet"] / "desa.parquet", bbox=(109.5, -7, 109.505, -6.99))
    assert near["kode_desa"].tolist() == ["99.01.01.2001"]


def test_flatgeobuf_is_indexed(written: Mapping[str, Path]):
    info = pyogrio.read_info(written["fgb"] / "rumah_tangga.fgb")
    assert info["capabilities"]["fast_spatial_filter"]


def test_no_cell_of_the_workbook_is_a_formula(written: Mapping[str, Path]):
    book = load_workbook(written["xlsx"] / "peta_sasaran.xlsx")
    assert book.sheetnames == ["desa", "kantong", "rumah_tangga", "Kamus", "Keterangan"]
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert book["rumah_tangga"]["C3"].value == "=1+1"
    assert "Tidak ada di rumah_tangga" in [row[0].value for row in book["Keterangan"].iter_rows()]


def test_no_cell_of_the_csv_begins_as_a_formula(written: Mapping[str, Path]):
    raw = (written["csv"] / "rumah_tangga.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    for delimiter in ",;\t":  # whatever a spreadsheet program takes for the end of a cell
        rows = csv.reader(raw.decode("utf-8-sig").splitlines(), delimiter=delimiter)
        assert not [cell for row in rows for cell in row if cell.strip().startswith(("=", "+", "@"))]


def test_the_shapefile_explains_its_names_and_what_it_cut(written: Mapping[str, Path]):
    assert (written["shp"] / "rumah_tangga.cpg").read_text() == "UTF-8"
    about = pd.read_csv(written["shp"] / "rumah_tangga_kolom.csv", encoding="utf-8-sig")
    assert (about["nama_pendek"].str.len() <= 10).all()
    assert about["nama_pendek"].is_unique
    assert about.set_index("nama")["teks_dipotong"]["catatan"] == 3
    fields = pyogrio.read_info(written["shp"] / "rumah_tangga.shp")["fields"]
    assert fields.tolist() == about["nama_pendek"].tolist()


def test_gpx_holds_the_placed_points_and_says_how_many_are_not(
    written: Mapping[str, Path], given: gpd.GeoDataFrame
):
    path = written["gpx"] / "rumah_tangga.gpx"
    assert [each.name for each in written["gpx"].iterdir()] == [path.name]
    read = pyogrio.read_dataframe(path, layer="waypoints")
    placed = given[given.geometry.notna()]
    assert read["name"].tolist() == placed["pseudonim"].tolist()
    assert shapely.distance(read.geometry.to_numpy(), placed.geometry.to_numpy()).max() < 1e-7
    assert {"RTLH; Jamban", "RTLH", "Jamban"} == set(read["desc"].dropna())
    text = path.read_text(encoding="utf-8")
    assert "8 tanpa letak tidak dimuat" in text
    assert "<extensions>" not in text


def test_equal_products_give_equal_bytes(product: Product, written: Mapping[str, Path], tmp_path: Path):
    for name, form in FORMATS.items():
        folder = tmp_path / name
        folder.mkdir()
        for path in form.write(product, folder):
            assert path.read_bytes() == (written[name] / path.name).read_bytes(), path.name


def with_columns(product: Product, **columns: object) -> Product:
    """Return a product whose houses have more columns of text."""
    houses = product.collections["rumah_tangga"]
    table = houses.table.assign(
        **{name: pd.Series(values, houses.table.index, dtype="str") for name, values in columns.items()}
    )
    fields = (*houses.fields, *(Field(name, name.title(), "Contoh.", "teks") for name in columns))
    return replace(product, collections={"rumah_tangga": replace(houses, table=table, fields=fields)})


def test_columns_with_the_names_of_kml_are_not_lost(product: Product, tmp_path: Path):
    own = ("name", "Description", "name_", "begin", "icon")
    write_kmz(with_columns(product, **{name: f"isi {name}" for name in own}), tmp_path)
    path = tmp_path / "rumah_tangga.kmz"
    read = layer(path)
    for name, told in (
        ("name", "name__"), ("Description", "Description_"), ("name_", "name_"), ("begin", "begin_"), ("icon", "icon_"),
    ):  # fmt: skip
        assert {*read[told]} == {f"isi {name}"}
    if shutil.which("ogrinfo"):
        said = subprocess.run(  # noqa: S603
            ["ogrinfo", "-ro", "-al", "-q", str(path)], capture_output=True, text=True, check=True  # noqa: S607
        ).stdout  # fmt: skip
        assert said.count("name__ (String) = isi name\n") == len(read)
        assert said.count("Description_ (String) = isi Description\n") == len(read)


def test_points_are_called_by_their_number_on_paper(product: Product, tmp_path: Path):
    given = product.collections["rumah_tangga"].table
    numbers = [None, "", *(str(place) for place in range(2, len(given)))]
    numbered = with_columns(product, nomor_rumah=numbers)
    write_kmz(numbered, tmp_path)
    write_gpx(numbered, tmp_path)
    called = np.where(np.arange(len(given)) < 2, given["pseudonim"], numbers)
    assert layer(tmp_path / "rumah_tangga.kmz")["Name"].tolist() == called.tolist()
    placed = given.geometry.notna().to_numpy()
    read = pyogrio.read_dataframe(tmp_path / "rumah_tangga.gpx", layer="waypoints")
    assert read["name"].tolist() == called[placed].tolist()
    keys = given["pseudonim"].where(given["pseudonim"] != called)[placed]
    assert read["cmt"].fillna("").tolist() == keys.fillna("").tolist()


def test_a_sheet_with_an_empty_outcome_offers_its_words(product: Product, tmp_path: Path):
    count = len(product.collections["rumah_tangga"].table)
    for values, offered in ((None, True), (["", *["selesai"] * (count - 1)], False)):
        write_xlsx(with_columns(product, hasil=values), tmp_path)
        sheet = load_workbook(tmp_path / "peta_sasaran.xlsx")["rumah_tangga"]
        rules = sheet.data_validations.dataValidation
        assert len(rules) == offered
        for rule in rules:
            (place,) = [cell.column_letter for cell in sheet[1] if cell.value == "hasil"]
            assert str(rule.sqref) == f"{place}2:{place}{count + 1}"
            assert rule.formula1 == ('"Selesai,Tidak ditemukan,Pindah,Menolak,Sudah diperbaiki,Data salah"')


def test_a_workbook_prints_on_the_width_of_a_page_under_its_heading(product: Product, tmp_path: Path):
    carried = replace(
        with_columns(product, alasan="dinding bambu; " * 8), facts={**product.facts, "mark": "RAHASIA"}
    )
    write_xlsx(carried, tmp_path)
    for sheet in load_workbook(tmp_path / "peta_sasaran.xlsx"):
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToHeight, sheet.page_setup.orientation) == (0, "landscape")
        assert sheet.print_title_rows == "$1:$1"
    sheet = load_workbook(tmp_path / "peta_sasaran.xlsx")["rumah_tangga"]
    assert max(each.width for each in sheet.column_dimensions.values()) <= 18
    assert sheet.row_dimensions[2].height >= 15 * 120 / 18


def test_other_programs_open_every_file_without_a_word(written: Mapping[str, Path]):
    if shutil.which("ogrinfo") is None:
        pytest.skip("needs ogrinfo (Debian: gdal-bin)")
    drivers = subprocess.run(["ogrinfo", "--formats"], capture_output=True, text=True, check=True).stdout  # noqa: S607
    for name, folder in written.items():
        if name == "parquet" and "Parquet" not in drivers:
            continue
        for path in folder.iterdir():
            if path.suffix == FORMATS[name].suffix:
                said = subprocess.run(  # noqa: S603
                    ["ogrinfo", "-ro", "-al", "-so", str(path)], capture_output=True, text=True, check=False  # noqa: S607
                )  # fmt: skip
                assert (said.returncode, said.stderr) == (0, ""), path.name
                assert "Warning" not in said.stdout
                assert "Layer name" in said.stdout
