"""OGC API - Tiles (OGC 20-057): requirements of the claimed classes by name, and every tile against the product."""

import shutil
import subprocess

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from app.ogc.tiles import CLASSES, TILED
from app.routes.ogc_tiles import router
from geo.exports.values import typed

SQUARE = "/tileMatrixSets/WebMercatorQuad"
MVT = "application/vnd.mapbox-vector-tile"


def tiles_of(name):
    return f"/collections/{name}/tiles/WebMercatorQuad"


def template(told):
    (found,) = [each for each in told["links"] if each["rel"] == "item"]
    assert found["templated"] is True
    assert found["type"] == MVT
    return found["href"]


def read_tile(api, folder, caller, name, zoom, column, row):
    """Return what GDAL reads in a tile; None for an empty one."""
    answer = api.get(caller, f"{tiles_of(name)}/{zoom}/{row}/{column}")
    if answer.status_code == 204:
        assert answer.content == b""
        return None
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == MVT
    path = folder / name / str(zoom) / str(column) / f"{row}.pbf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(answer.content)
    assert [layer for layer, _ in pyogrio.list_layers(path)] == [name]
    return pyogrio.read_dataframe(path)


def places(told, zoom):
    """Yield column and row of every tile within the limits of a zoom."""
    (limit,) = [each for each in told["tileMatrixSetLimits"] if each["tileMatrix"] == str(zoom)]
    for row in range(limit["minTileRow"], limit["maxTileRow"] + 1):
        for column in range(limit["minTileCol"], limit["maxTileCol"] + 1):
            yield column, row


def test_classes_are_told_by_the_conformance_page(api):
    assert set(CLASSES) <= set(api.json("pimpinan", "/conformance")["conformsTo"])


def test_req_geodata_tilesets_desc_links(api):
    """Each collection of areas leads to its tiles, and households to none."""
    for caller in ("perencana", "pimpinan", "token"):
        for one in api.json(caller, "/collections")["collections"]:
            found = [each["href"] for each in one["links"] if each["rel"].endswith("/tilesets-vector")]
            assert len(found) == (one["id"] in TILED), one["id"]
            for href in found:
                assert api.json(caller, href)["tilesets"]


def test_households_and_pockets_are_no_tiles(api):
    for caller, names in {
        "perencana": ["rumah_tangga", "kantong"],
        "token": ["rumah_tangga"],
        "pimpinan": ["rumah_tangga"],
    }.items():
        for name in names:
            for path in (f"/collections/{name}/tiles", tiles_of(name), f"{tiles_of(name)}/10/530/823"):
                assert api.get(caller, path).status_code == 404


def test_req_tilesets_list_tileset_links(api):
    (one,) = api.json("pimpinan", "/collections/desa/tiles")["tilesets"]
    assert one["dataType"] == "vector"
    assert one["tileMatrixSetURI"] == "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
    links = {each["rel"]: each["href"] for each in one["links"]}
    assert api.json("pimpinan", links["self"])["links"]
    assert (
        api.json("pimpinan", links["http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"])["id"]
        == "WebMercatorQuad"
    )


def test_req_tileset_description(api):
    told = api.json("pimpinan", tiles_of("desa"))
    assert told["crs"] == "http://www.opengis.net/def/crs/EPSG/0/3857"
    for name in ("{tileMatrix}", "{tileRow}", "{tileCol}"):
        assert name in template(told)
    (layer,) = told["layers"]
    product = api.collection("pimpinan", "desa")
    assert set(layer["propertiesSchema"]["properties"]) == {field.name for field in product.fields}
    west, south, east, north = product.table.total_bounds
    assert told["boundingBox"]["lowerLeft"] == [west, south]
    assert told["boundingBox"]["upperRight"] == [east, north]


def test_tms_tile_matrix_set(api):
    (listed,) = api.json("pimpinan", "/tileMatrixSets")["tileMatrixSets"]
    told = api.json("pimpinan", SQUARE)
    assert listed["id"] == told["id"] == "WebMercatorQuad"
    first, second = told["tileMatrices"][:2]
    assert first["scaleDenominator"] == 559082264.0287178
    assert first["pointOfOrigin"] == [-20037508.342789244, 20037508.342789244]
    assert first["cellSize"] == pytest.approx(first["scaleDenominator"] * 0.00028)
    assert (second["matrixWidth"], second["matrixHeight"], second["tileWidth"]) == (2, 2, 256)
    assert [each["id"] for each in told["tileMatrices"]] == [str(zoom) for zoom in range(25)]


@pytest.mark.parametrize("caller", ["pimpinan", "perencana", "petugas", "token"])
def test_req_core_tc_success_every_tile_says_what_the_product_says(api, tmp_path, caller):
    """Nothing but the product's columns, with the product's values, where the product has them."""
    for name in [name for name in api.ids(caller) if name in TILED]:
        product, told = api.collection(caller, name), api.json(caller, tiles_of(name))
        if "tileMatrixSetLimits" not in told:
            assert product.table.geometry.isna().all()
            continue
        columns = {field.name for field in product.fields}
        parts = [read_tile(api, tmp_path, caller, name, 11, *place) for place in places(told, 11)]
        parts = [part for part in parts if part is not None]
        table = typed(product)
        drawn = table[table.geometry.notna()].set_index(product.key)
        found = pd.concat(parts)
        assert set(found.columns) - {"geometry", "mvt_id"} <= columns
        assert set(found[product.key]) == set(drawn.index)
        expected = drawn.geometry.to_crs(3857)
        for key, rows in found.groupby(product.key):
            assert (
                gpd.GeoSeries(rows.geometry).union_all().hausdorff_distance(expected[key]) < 30
            )  # two steps of 5 m, and corners
            for column in columns - {product.key}:
                value = drawn.loc[key, column]
                if column not in rows:
                    assert pd.isna(value)
                    continue
                for each in rows[column]:
                    assert (
                        (pd.isna(each) and pd.isna(value))
                        or each == value
                        or each == pytest.approx(value, rel=1e-6)
                    )


def test_req_mvt_content_one_tile_of_one_layer(api, tmp_path):
    told = api.json("pimpinan", tiles_of("kecamatan"))
    column, row = next(places(told, 6))
    found = read_tile(api, tmp_path, "pimpinan", "kecamatan", 6, column, row)
    assert found.geometry.is_valid.all()
    assert set(found.geometry.geom_type) <= {"Polygon", "MultiPolygon"}


@pytest.mark.parametrize(
    "place", ["6/0/0", "15/16000/26000", "-1/0/0", "6/x/0", "6/33/1e1", "6/99999999/52", "6/33/٥"]
)
def test_req_core_tc_error_outside_is_not_found(api, place):
    answer = api.get("pimpinan", f"{tiles_of('desa')}/{place}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "NotFound"


def test_req_core_tc_error_within_the_limits_and_empty_has_no_content(api):
    told = api.json("pimpinan", tiles_of("desa"))
    assert next(places(told, 0)) == (0, 0)
    answer = api.get("pimpinan", f"{tiles_of('desa')}/0/0/0")
    assert (answer.status_code, answer.content) == (204, b""), (
        "on the map of the world a small district is no step wide"
    )


def test_tilejson_leads_to_the_same_tiles(api):
    told = api.json("pimpinan", f"{tiles_of('desa')}?f=tilejson")
    assert told["tilejson"] == "3.0.0"
    column, row = next(places(api.json("pimpinan", tiles_of("desa")), 8))
    address = told["tiles"][0].format(z=8, y=row, x=column)
    assert api.get("pimpinan", address).status_code in {200, 204}
    assert told["vector_layers"][0]["id"] == "desa"
    assert told["minzoom"] <= 8 <= told["maxzoom"]


def test_a_tile_that_is_known_is_not_sent_again_and_others_may_zip_it_or_not(api):
    told = api.json("pimpinan", tiles_of("kecamatan"))
    column, row = next(places(told, 5))
    path = f"{tiles_of('kecamatan')}/5/{row}/{column}"
    first = api.get("pimpinan", path)
    plain = api.get("pimpinan", path, headers={"accept-encoding": "identity"})
    assert first.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert first.content == plain.content
    again = api.get("pimpinan", path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("?x=1", 400), ("?f=html", 400), ("?f=json&f=json", 400), ("/0/0/0?f=json", 400), ("/0/0/0?kode_desa=1", 400),
        ("/0/0/0?f=mvt", 204), ("?f=json", 200),
    ],
)  # fmt: skip
def test_unknown_parameters_are_refused(api, path, status):
    assert api.get("pimpinan", f"{tiles_of('desa')}{path}").status_code == status


def test_nobody_gets_nothing(api):
    for route in router.routes:
        path = route.path.removeprefix("/ogc").format(
            name="desa", square="WebMercatorQuad", matrix="0", row="0", column="0"
        )
        assert api.get("nobody", path).status_code == 401, path


def test_suppressed_figures_are_in_no_tile(api, tmp_path):
    """What the public edition withholds is missing in its tiles too."""
    product = api.collection("pimpinan", "desa")
    told = api.json("pimpinan", tiles_of("desa"))
    held = [name for name in product.table if str(name).endswith("_suppressed")]
    assert held
    for place in places(told, 9):
        found = read_tile(api, tmp_path, "pimpinan", "desa", 9, *place)
        for name in held if found is not None else ():
            indicator = name.removesuffix("_suppressed")
            hidden = found[found[name].fillna(value=False).astype(bool)]
            for figure in (f"{indicator}_need", f"{indicator}_rate"):
                assert figure not in hidden or hidden[figure].isna().all()


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="ogrinfo (gdal-bin) is not installed")
def test_ogrinfo_opens_a_tile(api, tmp_path):
    told = api.json("pimpinan", tiles_of("kecamatan"))
    column, row = next(places(told, 6))
    path = tmp_path / "ubin.pbf"
    path.write_bytes(api.get("pimpinan", f"{tiles_of('kecamatan')}/6/{row}/{column}").content)
    words = ["ogrinfo", "-al", "-so", f"MVT:{path}"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603  -- a client of ours
    assert done.returncode == 0, done.stderr
    assert "Layer name: kecamatan" in done.stdout
