"""Programs of others read the API: GDAL, OWSLib and QGIS take whole collections and parts of them, with a token."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from tests.app.ogc.conftest import Api

CLIENTS = Path(".venv-clients/bin/python")
QGIS = Path("/usr/bin/python3")
"""Debian's own, for which its QGIS is built."""

OWSLIB = """
import json, sys
from owslib.ogcapi.features import Features
address, token = sys.argv[1:]
api = Features(address, headers={"Authorization": "Bearer " + token, "Accept": "application/json"})
told = {"collections": api.feature_collections(), "classes": api.conformance()["conformsTo"],
        "paths": list(api.api()["paths"]), "queryables": list(api.collection_queryables("rumah_tangga")["properties"])}
told["collection"] = api.collection("rumah_tangga")["id"]
page = api.collection_items("rumah_tangga", limit=7, offset=3)
told["ids"] = [each["id"] for each in page["features"]]
told["item"] = api.collection_item("rumah_tangga", told["ids"][0])["properties"]
print(json.dumps(told))
"""

PYQGIS = """
import json, sys
from qgis.core import QgsApplication, QgsFeatureRequest, QgsRectangle, QgsVectorLayer
address, token, west, south, east, north = sys.argv[1:]
app = QgsApplication([], False)
app.initQgis()
uri = f"url='{address}' typename='rumah_tangga' pageSize='50' username='dinkes' password='{token}'"
layer = QgsVectorLayer(uri, "rumah_tangga", "OAPIF")
told = {"valid": layer.isValid(), "count": layer.featureCount(), "fields": [field.name() for field in layer.fields()],
        "crs": layer.crs().authid()}
told["all"] = sum(1 for _ in layer.getFeatures())
box = QgsRectangle(*map(float, (west, south, east, north)))
told["box"] = sum(1 for _ in layer.getFeatures(QgsFeatureRequest().setFilterRect(box)))
print(json.dumps(told))
del layer
app.exitQgis()
"""

Ogr = Callable[..., str]


@pytest.fixture
def ogr(api: Api) -> Ogr:
    """Run a program of GDAL with the token, as a header or as a password."""

    def run(*command: object, basic: bool = False) -> str:
        if shutil.which(str(command[0])) is None:
            pytest.skip(f"{command[0]} is not installed: apt-get install gdal-bin")
        known = {"GDAL_HTTP_USERPWD": f"dinkes:{api.token}"} if basic else {
            "GDAL_HTTP_HEADERS": f"Authorization: Bearer {api.token}"
        }  # fmt: skip
        done = subprocess.run(  # noqa: S603
            [*map(str, command)], capture_output=True, text=True, env=os.environ | known, check=False
        )
        assert (done.returncode, "ERROR" in done.stderr) == (0, False), done.stderr
        return done.stdout

    return run


def source(api: Api) -> str:
    return f"OAPIF:{api.served.address}/ogc"


@pytest.mark.parametrize("basic", [False, True])
def test_ogrinfo_lists_the_collections_of_the_token(api: Api, ogr: Ogr, basic: bool):
    told = ogr("ogrinfo", source(api), basic=basic)
    assert [name for name in api.ids("token") if f": {name} " not in told] == []
    assert "zona" not in told


@pytest.mark.parametrize("name", ["desa", "rumah_tangga"])
def test_ogr2ogr_takes_a_whole_collection_page_by_page(api: Api, ogr: Ogr, tmp_path: Path, name: str):
    one = api.collection("token", name)
    ogr("ogr2ogr", "-oo", "PAGE_SIZE=40", tmp_path / "x.geojson", source(api), name)
    got = json.loads((tmp_path / "x.geojson").read_text())["features"]
    told = api.everything("token", name, limit=1_000)
    assert [each["properties"] for each in got] == [
        each["properties"] | ({"id": each["id"]} if "id" in got[0]["properties"] else {}) for each in told
    ]
    assert len(got) == len(one.table)
    mine = gpd.read_file(tmp_path / "x.geojson").geometry
    assert (mine.isna() == one.table.geometry.isna()).all()
    distance = mine.to_crs(32749).centroid.distance(one.table.geometry.to_crs(32749).centroid)
    assert distance.dropna().max() < 0.1


def test_ogr2ogr_takes_a_box_of_a_collection(api: Api, ogr: Ogr, tmp_path: Path):
    one = api.collection("token", "rumah_tangga")
    west, south, east, north = one.table.total_bounds
    box = (west, south, (west + east) / 2, (south + north) / 2)
    ogr("ogr2ogr", "-spat", *box, tmp_path / "x.geojson", source(api), "rumah_tangga")
    features = json.loads((tmp_path / "x.geojson").read_text())["features"]
    got = {each["properties"][one.key] for each in features}
    inside = one.table.geometry.intersects(shapely.box(*box))
    assert got == {*one.table.loc[inside, one.key]}
    assert 0 < len(got) < len(one.table)


def test_gdal_filters_by_yes_and_no(api: Api, ogr: Ogr, tmp_path: Path):
    one = api.collection("token", "desa")
    column = next(each.name for each in one.fields if each.kind == "ya/tidak")
    ogr("ogr2ogr", "-where", f"{column} = 1", tmp_path / "x.geojson", source(api), "desa")
    features = json.loads((tmp_path / "x.geojson").read_text())["features"]
    assert {each["properties"][one.key] for each in features} == {*one.table.loc[one.table[column], one.key]}
    assert features


def test_gdal_refuses_nothing_that_it_finds_and_is_refused_without_a_token(api: Api):
    if shutil.which("ogrinfo") is None:
        pytest.skip("ogrinfo is not installed: apt-get install gdal-bin")
    done = subprocess.run(["ogrinfo", source(api)], capture_output=True, text=True, check=False)  # noqa: S603, S607
    assert done.returncode != 0
    assert "401" in done.stderr + done.stdout


def test_owslib_reads_the_api(api: Api):
    if not CLIENTS.is_file():
        pytest.skip(f"{CLIENTS} is not there: OWSLib is not at hand")
    told = _told(CLIENTS, OWSLIB, f"{api.served.address}/ogc", api.token)
    one = api.collection("token", "rumah_tangga")
    assert told["collections"] == api.ids("token")
    assert told["classes"] == api.json("token", "/conformance")["conformsTo"]
    assert "/collections/rumah_tangga/items" in told["paths"]
    assert told["ids"] == one.table[one.key].iloc[3:10].tolist()
    assert [*told["item"]] == [field.name for field in one.fields]
    assert {*told["queryables"]} - {"geometry"} <= {*told["item"]}


def test_qgis_reads_the_api(api: Api):
    if (
        not QGIS.is_file()
        or subprocess.run(  # noqa: S603
            [QGIS, "-c", "import qgis.core"], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("PyQGIS is not installed: apt-get install python3-qgis")
    one = api.collection("token", "rumah_tangga")
    west, south, east, north = one.table.total_bounds
    box = (west, south, (west + east) / 2, (south + north) / 2)
    told = _told(QGIS, PYQGIS, f"{api.served.address}/ogc", api.token, *map(str, box))
    assert told["valid"]
    assert (told["count"], told["all"]) == (len(one.table), len(one.table))
    assert {field.name for field in one.fields} <= {*told["fields"]}
    assert told["box"] == int(one.table.geometry.intersects(shapely.box(*box)).sum())


def _told(python: Path, script: str, *given: str) -> Any:  # noqa: ANN401
    done = subprocess.run(  # noqa: S603
        [python, "-c", script, *given], capture_output=True, text=True, check=False,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3_000:]
    return json.loads(done.stdout.strip().splitlines()[-1])
