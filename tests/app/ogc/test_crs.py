"""OGC API - Features Part 2, CRS by reference: each test names its requirement."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from app.ogc.references import CRS84, references
from geo.crs import SRGI, measuring_crs
from tests.app.ogc.conftest import CALLERS, Api

WGS84 = "http://www.opengis.net/def/crs/EPSG/0/4326"
SRGI2013 = "http://www.opengis.net/def/crs/EPSG/0/9470"
UTM = "http://www.opengis.net/def/crs/EPSG/0/32749"
SYSTEMS = (CRS84, WGS84, UTM, SRGI2013)
ITEMS = "/collections/desa/items"

each_caller = pytest.mark.parametrize("caller", CALLERS)
each_system = pytest.mark.parametrize("uri", SYSTEMS)


@each_caller
def test_req_crs_uri_and_lists(api: Api, caller: str):
    # /req/crs/crs-uri, /req/crs/fc-md-crs-list, /req/crs/fc-md-crs-list-global, /req/crs/fc-md-crs-list-defaultCrs
    told = api.json(caller, "/collections")
    assert told["crs"] == [*SYSTEMS]
    assert all(each["crs"] == [*SYSTEMS] for each in told["collections"])


@each_caller
def test_req_crs_fc_md_storage_crs(api: Api, caller: str):
    # /req/crs/fc-md-storageCrs, /req/crs/fc-md-storageCrs-valid-value
    for each in api.json(caller, "/collections")["collections"]:
        assert each["storageCrs"] == CRS84
        assert each["storageCrs"] in each["crs"]


def test_the_measuring_system_is_the_districts_own():
    # anywhere in Indonesia: north of the equator, far in the west
    measuring = measuring_crs((95.2, 5.0, 95.9, 5.6))
    assert [uri.rsplit("/", 1)[1] for uri in references(measuring)] == ["CRS84", "4326", "32646", "9470"]


@each_system
@pytest.mark.parametrize("name", ["desa", "rumah_tangga"])
def test_req_crs_fc_crs_action(api: Api, uri: str, name: str):
    # /req/crs/fc-crs-definition, /req/crs/fc-crs-valid-value, /req/crs/fc-crs-action, /req/crs/geojson:
    # positions in the system and the axis order of its authority
    one = api.collection("perencana", name)
    system = references()[uri]
    authority = Transformer.from_crs(
        4326, system.crs, always_xy=False
    )  # latitude first, and what it says first

    def by_authority(places: np.ndarray) -> np.ndarray:
        return places if uri == CRS84 else np.column_stack(authority.transform(places[:, 1], places[:, 0]))

    told = api.json("perencana", f"/collections/{name}/items", crs=uri, limit=30)["features"]
    assert len(told) == min(30, len(one.table))
    for feature, geometry in zip(told, one.table.geometry, strict=False):
        if geometry is not None:
            shown = shapely.from_geojson(json.dumps(feature["geometry"]))
            meant = shapely.transform(geometry, by_authority)
            assert shapely.hausdorff_distance(shown, meant) < (2e-7 if system.geographic else 0.02)


def test_req_crs_points_are_exact(api: Api):
    # /req/crs/fc-crs-action: to the decimals, for points
    one = api.collection("perencana", "rumah_tangga")
    placed = one.table[one.table.geometry.notna()]
    for uri, tolerance in ((WGS84, 1e-7), (UTM, 0.01), (SRGI2013, 1e-7)):
        east, north = Transformer.from_crs(4326, references()[uri].crs, always_xy=True).transform(
            placed.geometry.x.to_numpy(), placed.geometry.y.to_numpy()
        )
        order = [north, east] if references()[uri].north_first else [east, north]
        told = api.everything("perencana", "rumah_tangga", crs=uri, limit=400)
        shown = [each["geometry"]["coordinates"] for each in told if each["geometry"]]
        assert np.allclose(shown, np.column_stack(order), atol=tolerance, rtol=0), uri


@each_caller
def test_req_crs_fc_crs_default_value(api: Api, caller: str):
    # /req/crs/fc-crs-default-value
    plain, asked = (api.json(caller, ITEMS, limit=2, **more)["features"] for more in ({}, {"crs": CRS84}))
    assert plain == asked


@each_system
def test_req_crs_ogc_crs_header(api: Api, uri: str):
    # /req/crs/ogc-crs-header, /req/crs/ogc-crs-header-value
    features = api.json("perencana", ITEMS, limit=1)["features"]
    for path in (ITEMS, f"{ITEMS}/{features[0]['id']}"):
        assert api.get("perencana", path, params={"crs": uri}).headers["content-crs"] == f"<{uri}>"
    assert api.get("perencana", ITEMS).headers["content-crs"] == f"<{CRS84}>"


@pytest.mark.parametrize("name", ["crs", "bbox-crs"])
def test_req_crs_exceptions(api: Api, name: str):
    # /req/crs/crs-exception, /req/crs/bbox-crs-exception: 400 for what is not on the list
    answer = api.get(
        "perencana", ITEMS, params={name: "http://www.opengis.net/def/crs/EPSG/0/3857", "bbox": "1,2,3,4"}
    )
    assert answer.status_code == 400
    assert UTM in answer.json()["description"]


@each_system
@pytest.mark.parametrize("name", ["desa", "rumah_tangga"])
def test_req_crs_fc_bbox_crs_action(api: Api, uri: str, name: str):
    # /req/crs/fc-bbox-crs-definition, -valid-values, -default-value, -action: the box in the axis order of its system
    system, one = references()[uri], api.collection("perencana", name)
    placed = system.placed(one.table.geometry.to_numpy())
    west, south, east, north = shapely.total_bounds(placed)
    box = (west, south, (west + east) / 2, (south + north) / 2)
    text = ",".join(
        map(repr, (float(box[i]) for i in ((1, 0, 3, 2) if system.north_first else (0, 1, 2, 3))))
    )
    fits = shapely.intersects(placed, shapely.box(*box)) | shapely.is_missing(placed)
    params = {"bbox": text, "limit": 1_000} | ({"bbox-crs": uri} if uri != CRS84 else {})
    told = api.everything("perencana", name, **params)
    assert [each["id"] for each in told] == one.table.loc[fits, one.key].astype("str").tolist()
    assert 0 < len(told) < len(one.table)


@pytest.mark.parametrize("text", ["400000,9300000,300000,9400000", "300000,9400000,400000,9300000"])
def test_a_box_in_metres_has_its_corners_in_order(api: Api, text: str):
    assert api.get("perencana", ITEMS, params={"bbox": text, "bbox-crs": UTM}).status_code == 400


def test_srgi_is_told_latitude_first():
    assert SRGI.axis_info[0].direction == "north"
    assert Path(SRGI2013).name == str(SRGI.to_epsg())
