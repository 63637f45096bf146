"""OGC API - Features Part 1, requirements class core: each test names its requirement."""

import json
from datetime import datetime
from typing import Any

import numpy as np
import pytest
import shapely

from app.ogc.parameters import LIMIT, LIMIT_MOST
from app.ogc.references import CRS84
from tests.app.ogc.conftest import CALLERS, SEES_HOUSEHOLDS, Api, links

PART_1 = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"

each_caller = pytest.mark.parametrize("caller", CALLERS)


def resources(api: Api, caller: str) -> list[str]:
    """Return every address of the API that a caller may read, with one feature of each collection."""
    found = ["", "/conformance", "/api", "/collections"]
    for name in api.ids(caller):
        features = api.json(caller, f"/collections/{name}/items", limit=1)["features"]
        found += [f"/collections/{name}", f"/collections/{name}/items"]
        found += [f"/collections/{name}/items/{each['id']}" for each in features]
    return found


@each_caller
def test_req_core_root_op_and_root_success(api: Api, caller: str):
    # /req/core/root-op, /req/core/root-success, /req/core/api-definition-op
    told = api.json(caller, "/")
    assert told == api.json(caller, "") | {"links": told["links"]}
    assert all(links(told, rel) for rel in ("service-desc", "service-doc", "conformance", "data"))
    assert isinstance(told["title"], str)


@each_caller
def test_req_core_api_definition_success(api: Api, caller: str):
    # /req/core/api-definition-success: the document is of the type that the link tells
    [desc] = [each for each in api.json(caller)["links"] if each["rel"] == "service-desc"]
    answer = api.get(caller, desc["href"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, desc["type"])
    assert answer.json()["openapi"].startswith("3.0")


@each_caller
def test_req_core_conformance_op_and_success(api: Api, caller: str):
    # /req/core/conformance-op, /req/core/conformance-success
    told = api.json(caller, links(api.json(caller), "conformance")[0])
    assert {f"{PART_1}{name}" for name in ("core", "oas30", "geojson", "html")} <= {*told["conformsTo"]}
    assert "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in told["conformsTo"]


def test_req_core_http(api: Api):
    # /req/core/http: HTTP 1.1; HEAD is GET without what follows the headers
    client = api.clients.setdefault("perencana", api.served.sign_in("perencana"))
    for path in ("/ogc", "/ogc/collections/desa/items"):
        head, whole = client.head(path), client.get(path)
        assert (head.status_code, head.content, head.http_version) == (200, b"", "HTTP/1.1")
        assert head.headers["content-type"] == whole.headers["content-type"]
    assert client.post("/ogc/collections", headers={"connection": "close"}).status_code == 405


@each_caller
def test_req_core_query_param_unknown(api: Api, caller: str):
    # /req/core/query-param-unknown
    for path in resources(api, caller):
        answer = api.get(caller, path, params={"warna": "biru"})
        assert (answer.status_code, answer.json()["code"]) == (400, "InvalidParameterValue"), path
        assert "«warna»" in answer.json()["description"]


INVALID = [
    ("limit", "0"), ("limit", "-1"), ("limit", "x"), ("limit", "1.5"), ("limit", ""), ("offset", "-1"), ("offset", "x"),
    ("bbox", "1,2,3"), ("bbox", "1,2,3,x"), ("bbox", ""), ("bbox", "1,2,3,4,5"), ("bbox", "0,5,1,4"),
    ("bbox", "nan,0,1,1"), ("bbox", "-181,0,1,1"), ("bbox", "0,0,1,inf"), ("bbox", "0,0,9,1,1,3"),
    ("datetime", "kemarin"), ("datetime", "2026-13-01"), ("datetime", "2026-02-30"), ("datetime", ""),
    ("datetime", ".."),
    ("datetime", "2026-01-02/2026-01-01"), ("datetime", "2026-01-01/2026-01-02/2026-01-03"),
    ("datetime", "2026-01-01T08:00:00"), ("datetime", "2026-01-01T25:00:00Z"), ("datetime", "0000-01-01"),
    ("crs", "EPSG:4326"), ("bbox-crs", "http://www.opengis.net/def/crs/EPSG/0/3857"), ("crs", ""), ("f", "xml"),
    ("properties", "nik"), ("filter-crs", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), INVALID)
def test_req_core_query_param_invalid(api: Api, name: str, value: str):
    # /req/core/query-param-invalid
    answer = api.get("perencana", "/collections/desa/items", params={name: value})
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidParameterValue")
    assert name in answer.json()["description"] or "Kolom" in answer.json()["description"] or name == "f"


def test_a_parameter_given_twice_or_far_too_long_is_refused(api: Api):
    for params in ([("limit", "1"), ("limit", "2")], [("filter", "x" * 5_000)], [("datetime", "\0")]):
        assert api.get("perencana", "/collections/desa/items", params=params).status_code == 400


@each_caller
def test_req_core_crs84(api: Api, caller: str):
    # /req/core/crs84: positions are longitude and latitude unless told otherwise
    for name in api.ids(caller):
        table = api.collection(caller, name).table
        told = api.json(caller, f"/collections/{name}/items", limit=5)["features"]
        for feature, geometry in zip(told, table.geometry, strict=False):
            if geometry is None:
                assert feature["geometry"] is None
            else:
                shown = shapely.from_geojson(json.dumps(feature["geometry"]))
                assert shapely.equals_exact(shown.centroid, geometry.centroid, 1e-4), name


@each_caller
def test_req_core_fc_md_op_and_success_and_links(api: Api, caller: str):
    # /req/core/fc-md-op, /req/core/fc-md-success, /req/core/fc-md-links, /req/core/fc-md-items,
    # /req/core/fc-md-items-links
    told = api.json(caller, "/collections")
    assert {each["rel"] for each in told["links"]} >= {"self", "alternate"}
    assert [each["id"] for each in told["collections"]] == [*api.product(caller).collections]
    for each in told["collections"]:
        kinds = {link["type"] for link in each["links"] if link["rel"] == "items"}
        assert kinds == {"application/geo+json", "text/html"}
        assert all(link["rel"] and link["type"] for link in each["links"])


@each_caller
def test_req_core_fc_md_extent(api: Api, caller: str):
    # /req/core/fc-md-extent: everything of the collection lies within
    for each in api.json(caller, "/collections")["collections"]:
        table, extent = api.collection(caller, each["id"]).table, each["extent"]
        [[start, end]] = extent["temporal"]["interval"]
        assert start == end
        assert datetime.fromisoformat(start).tzinfo is not None
        if table.geometry.notna().any():
            [box] = extent["spatial"]["bbox"]
            assert extent["spatial"]["crs"] == CRS84
            assert np.allclose(box, table.total_bounds, atol=1e-6)


@each_caller
def test_req_core_sfc_md_op_and_success(api: Api, caller: str):
    # /req/core/sfc-md-op, /req/core/sfc-md-success: the same as among all collections
    for each in api.json(caller, "/collections")["collections"]:
        alone = api.json(caller, links(each, "self")[0])
        for name in ("id", "title", "description", "extent", "itemType", "crs", "storageCrs"):
            assert alone[name] == each[name]
        assert {tuple(link.values()) for link in each["links"] if link["rel"] != "self"} <= {
            tuple(link.values()) for link in alone["links"]
        }


@each_caller
def test_req_core_fc_op_and_response_hold_every_row_of_the_product(api: Api, caller: str):
    # /req/core/fc-op, /req/core/fc-response, /rec/core/fc-next-1: the pages together are the collection, each once
    for name in api.ids(caller):
        one = api.collection(caller, name)
        features = api.everything(caller, name, limit=97)
        assert [each["id"] for each in features] == one.table[one.key].astype("str").tolist(), name
        assert all([*each["properties"]] == [field.name for field in one.fields] for each in features), name


def test_req_core_fc_limit_definition_and_response(api: Api):
    # /req/core/fc-limit-definition, /req/core/fc-limit-response-1
    rows = len(api.collection("perencana", "rumah_tangga").table)
    for limit, many in ((1, 1), (7, 7), (LIMIT_MOST, rows), (LIMIT_MOST + 1, rows), (10**30, rows)):
        assert len(api.json("perencana", "/collections/rumah_tangga/items", limit=limit)["features"]) == min(
            many, rows
        )
    assert len(api.json("perencana", "/collections/rumah_tangga/items")["features"]) == min(LIMIT, rows)
    assert api.json("perencana", "/collections/desa/items", offset=10**40)["features"] == []


@pytest.mark.parametrize("solid", [False, True])
@each_caller
def test_req_core_fc_bbox_definition_and_response(api: Api, caller: str, solid: bool):
    # /req/core/fc-bbox-definition, /req/core/fc-bbox-response: what touches the box, and what has no place
    west, south, east, north = api.collection(caller, "desa").table.total_bounds
    box = (west, south, (west + east) / 2, (south + north) / 2)
    text = ",".join(map(str, (*box[:2], -10, *box[2:], 9_000) if solid else box))
    for name in api.ids(caller):
        one = api.collection(caller, name)
        fits = one.table.geometry.intersects(shapely.box(*box)) | one.table.geometry.isna()
        told = api.everything(caller, name, bbox=text, limit=1_000)
        assert [each["id"] for each in told] == one.table.loc[fits, one.key].astype("str").tolist(), name


def test_req_core_fc_bbox_across_the_antimeridian(api: Api):
    # /req/core/fc-bbox-response: the west edge may lie east of the east edge
    rows = len(api.collection("perencana", "desa").table)
    assert api.json("perencana", "/collections/desa/items", bbox="90,-20,-170,20")["numberMatched"] == rows
    assert api.json("perencana", "/collections/desa/items", bbox="170,-20,-170,20")["numberMatched"] == 0


@pytest.mark.parametrize(
    "text",
    ["2026-01-31", "2026-01-31T08:00:00Z", "2026-01-31t08:00:00.25+07:00", "../2026-01-31", "2026-01-31/..",
     "/1999-01-01", "2026-01-01/2026-01-01", "2026-01-01T00:00:00Z/2026-06-30"],
)  # fmt: skip
def test_req_core_fc_time_definition_and_response(api: Api, text: str):
    # /req/core/fc-time-definition, /req/core/fc-time-response: what has no time of its own fits any
    told = api.json("perencana", "/collections/desa/items", datetime=text)
    assert told["numberMatched"] == len(api.collection("perencana", "desa").table)


@each_caller
def test_req_core_fc_links_and_rel_type(api: Api, caller: str):
    # /req/core/fc-links, /req/core/fc-rel-type: self, alternate, next and prev keep what was asked
    largest = max(api.product(caller).collections.values(), key=lambda one: len(one.table))
    told = api.json(caller, f"/collections/{largest.id}/items", limit=2, offset=2, datetime="2026-01-01/..")
    for rel in ("self", "alternate", "next", "prev"):
        [href] = links(told, rel)
        assert "limit=2" in href
        assert "datetime=2026-01-01%2F.." in href
        assert api.get(caller, href).status_code == 200
    assert all(each["rel"] and each["type"] for each in told["links"])
    again = api.json(caller, links(told, "self")[0])
    assert again["features"] == told["features"]
    assert not links(api.json(caller, "/collections/desa/items", limit=LIMIT_MOST), "next")


def test_req_core_fc_timestamp_and_numbers(api: Api):
    # /req/core/fc-timeStamp, /req/core/fc-numberMatched, /req/core/fc-numberReturned
    told = api.json("perencana", "/collections/desa/items", limit=3)
    assert datetime.fromisoformat(told["timeStamp"]).tzinfo is not None
    assert told["numberMatched"] == len(api.collection("perencana", "desa").table)
    assert told["numberReturned"] == len(told["features"]) == 3


@each_caller
def test_req_core_f_op_success_and_links(api: Api, caller: str):
    # /req/core/f-op, /req/core/f-success, /req/core/f-links: every feature by its id, the same as in the collection
    for name in api.ids(caller):
        for feature in api.json(caller, f"/collections/{name}/items", limit=3)["features"]:
            alone: dict[str, Any] = api.json(caller, f"/collections/{name}/items/{feature['id']}")
            assert {key: alone[key] for key in feature} == feature
            assert all(links(alone, rel) for rel in ("self", "alternate", "collection"))
            assert api.json(caller, links(alone, "self")[0]) == alone
        assert api.get(caller, f"/collections/{name}/items/tiada").status_code == 404


def test_rec_core_etag_and_what_may_be_kept(api: Api):
    # /rec/core/etag: a mark of one's own, good until the run, the scope or the question changes
    marks = {}
    for caller in SEES_HOUSEHOLDS:
        first = api.get(caller, "/collections/desa/items?limit=2")
        assert first.headers["cache-control"] == "private, no-cache"
        assert {"Accept", "Authorization", "Cookie"} <= {*first.headers["vary"].split(", ")}
        marks[caller] = first.headers["etag"]
        held = {"if-none-match": f'"x", {marks[caller]}'}
        again = api.get(caller, "/collections/desa/items?limit=2", headers=held)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", marks[caller])
        assert api.get(caller, "/collections/desa/items?limit=3", headers=held).status_code == 200
    assert len({*marks.values()}) == len(marks)
