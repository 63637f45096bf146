"""OGC API - Features Part 1, requirements classes geojson, html and oas30: each test names its requirement."""

import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from app.ogc.negotiation import wanted
from tests.app.ogc.conftest import CALLERS, Api, links

PAGES = ("", "/conformance", "/api", "/collections", "/collections/desa", "/collections/desa/items",
         "/collections/desa/queryables", "/collections/desa/sortables")  # fmt: skip
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CLIENTS = Path(".venv-clients/bin/python")

each_caller = pytest.mark.parametrize("caller", CALLERS)


@each_caller
def test_req_geojson_definition(api: Api, caller: str):
    # /req/geojson/definition: features are application/geo+json, and so they are linked
    for name in api.ids(caller):
        for path in (f"/collections/{name}/items", *_one_item(api, caller, name)):
            answer = api.get(caller, path, headers={"accept": "application/geo+json"})
            assert answer.headers["content-type"] == "application/geo+json"
            assert {each["type"] for each in answer.json()["links"] if each["rel"] == "self"} == {
                "application/geo+json"
            }


@each_caller
def test_req_geojson_content(api: Api, caller: str):
    # /req/geojson/content: the links stand in the document, and each value is the product's
    for name in api.ids(caller):
        one = api.collection(caller, name)
        told = api.json(caller, f"/collections/{name}/items", limit=20)
        assert (told["type"], isinstance(told["links"], list)) == ("FeatureCollection", True)
        for row, feature in zip(one.table.itertuples(index=False), told["features"], strict=False):
            assert feature["type"] == "Feature"
            assert isinstance(feature["id"], str)
            for field in one.fields:
                _same(feature["properties"][field.name], getattr(row, field.name), field.kind)
            if feature["geometry"]:
                shape = shapely.from_geojson(json.dumps(feature["geometry"]))
                assert shape.is_valid
                assert all(
                    shapely.is_ccw(part.exterior)
                    for part in shapely.get_parts(shape)
                    if part.geom_type == "Polygon"
                )


def _same(told: Any, value: Any, kind: str) -> None:  # noqa: ANN401
    if pd.isna(value):
        assert told is None
    elif kind == "desimal":
        assert np.isclose(told, value, atol=0.06)
    else:
        assert told == value


class Read(HTMLParser):
    """Texts and links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.scripts: list[dict[str, str | None]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Gather what leads elsewhere."""
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")
        if tag == "script":
            self.scripts.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        """Gather what is read."""
        self.text += data


@each_caller
def test_req_html_definition(api: Api, caller: str):
    # /req/html/definition: every resource also as text/html, by Accept and by f
    for path in (*PAGES, *_one_item(api, caller, "desa")):
        for more in ({"headers": {"accept": BROWSER}}, {"params": {"f": "html"}}):
            answer = api.get(caller, path, **more)
            assert (answer.status_code, answer.headers["content-type"]) == (
                200,
                "text/html; charset=utf-8",
            ), path


@each_caller
def test_req_html_content(api: Api, caller: str):
    # /req/html/content: all that the JSON tells of features, and the links by which one goes on; no script needed
    for name in api.ids(caller):
        one = api.collection(caller, name)
        found = api.get(caller, f"/collections/{name}/items", params={"f": "html", "limit": 2, "offset": 1})
        page, told = Read(found.text), api.json(caller, f"/collections/{name}/items", limit=2, offset=1)
        assert page.scripts == []
        assert all(feature["id"] in page.text for feature in told["features"])
        assert all(field.title in page.text for field in one.fields)
        assert {href.replace("f=html", "") for rel in ("next", "prev") for href in links(told, rel)} <= {
            href.replace("f=html&", "") for href in page.links
        }
        for feature in told["features"]:
            alone = Read(api.get(caller, f"/collections/{name}/items/{feature['id']}?f=html").text)
            texts = [value for value in feature["properties"].values() if isinstance(value, str)]
            assert all(text in alone.text for text in texts)
            codes = {field.name: field.codes for field in one.fields if field.kind == "teks"}
            words = [codes.get(column, {}).get(value) for column, value in feature["properties"].items()
                     if isinstance(value, str)]  # fmt: skip
            assert all(word in alone.text for word in words if word)


def test_what_a_sheet_says_stays_text_on_the_pages(api: Api):
    for path in ("/collections/desa/items", "/collections"):
        assert "<script>" not in api.get("perencana", path, params={"f": "html"}).text


@each_caller
def test_req_oas30_oas_common_and_definition_1(api: Api, caller: str, tmp_path: Path):
    # /req/oas30/oas-definition-1: the document conforms to OpenAPI 3.0, says openapi-spec-validator
    if not CLIENTS.is_file():
        pytest.skip(f"{CLIENTS} is not there: openapi-spec-validator is not at hand")
    path = tmp_path / "api.json"
    path.write_text(json.dumps(api.json(caller, "/api")))
    check = (
        "import json,sys; from openapi_spec_validator import validate; validate(json.load(open(sys.argv[1])))"
    )
    done = subprocess.run([CLIENTS, "-c", check, path], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr[-2_000:]


@each_caller
def test_req_oas30_oas_definition_2(api: Api, caller: str):
    # /req/oas30/oas-definition-2: linked as service-desc, as application/vnd.oai.openapi+json;version=3.0
    [desc] = [each for each in api.json(caller)["links"] if each["rel"] == "service-desc"]
    assert desc["type"] == "application/vnd.oai.openapi+json;version=3.0"
    found = api.get(caller, desc["href"], headers={"accept": desc["type"]})
    assert found.headers["content-type"] == desc["type"]


@each_caller
def test_req_oas30_oas_impl_and_completeness(api: Api, caller: str):
    # /req/oas30/oas-impl, /req/oas30/completeness: every path is there, and what is there of this caller is a path
    described = api.json(caller, "/api")
    [server] = described["servers"]
    paths = {
        path: item for path, item in described["paths"].items() if "ile" not in path
    }  # tiles have their own tests
    assert {path.split("/")[2] for path in paths if path.count("/") > 1} == {*api.ids(caller)}
    for path, item in paths.items():
        name = path.split("/")[2] if path.count("/") > 1 else ""
        features = api.json(caller, f"/collections/{name}/items", limit=1)["features"] if "{" in path else []
        if "{" in path and not features:
            continue
        address = server["url"] + re.sub(r"\{\w+\}", lambda _, f=features: f[0]["id"], path)
        answer = api.get(caller, address)
        told = item["get"]["responses"]["200"]["content"]
        assert (answer.status_code, answer.headers["content-type"] in told) == (200, True), path
        known = {_resolved(described, each)["name"] for each in item["get"]["parameters"]}
        if path.endswith("/items"):
            fields = {field.name for field in api.collection(caller, name).fields}
            assert fields <= known
            assert api.get(caller, address, params={"tiada": "1"}).status_code == 400


def test_req_oas30_exception_codes(api: Api):
    # /req/oas30/exception-codes: whatever goes wrong has a status that is described, and a text
    described = api.json("perencana", "/api")["paths"]["/collections/desa/items"]["get"]["responses"]
    for told, more in {
        400: {"params": {"limit": "x"}}, 406: {"headers": {"accept": "image/png"}},
        401: {"headers": {"authorization": "Bearer x"}}, 304: {"headers": {"if-none-match": "*"}},
    }.items():  # fmt: skip
        answer = api.get("perencana", "/collections/desa/items", **more)
        assert (answer.status_code, str(told) in described) == (told, True)
        if told != 304:
            assert {*answer.json()} == {"code", "description"}


@each_caller
def test_req_oas30_security(api: Api, caller: str):
    # /req/oas30/security: the ways to be known are described
    schemes = api.json(caller, "/api")["components"]["securitySchemes"]
    assert {(each["type"], each.get("scheme")) for each in schemes.values()} == {
        ("http", "bearer"), ("http", "basic"), ("apiKey", None),
    }  # fmt: skip


@each_caller
def test_req_core_parameters_are_described_as_the_standard_writes_them(api: Api, caller: str):
    # /req/core/fc-limit-definition, /req/core/fc-bbox-definition, /req/core/fc-time-definition (fragments of OpenAPI)
    described = api.json(caller, "/api")
    given = described["paths"]["/collections/desa/items"]["get"]["parameters"]
    told = {each["name"]: each for each in (_resolved(described, one) for one in given)}
    for name in ("limit", "bbox", "datetime"):
        assert {key: told[name][key] for key in ("in", "required", "style", "explode")} == {
            "in": "query", "required": False, "style": "form", "explode": False,
        }  # fmt: skip
    assert told["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 100}
    assert told["bbox"]["schema"]["items"] == {"type": "number"}
    assert told["datetime"]["schema"] == {"type": "string"}


def _resolved(described: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    return described["components"]["parameters"][told["$ref"].split("/")[-1]] if "$ref" in told else told


def _one_item(api: Api, caller: str, name: str) -> list[str]:
    features = api.json(caller, f"/collections/{name}/items", limit=1)["features"]
    return [f"/collections/{name}/items/{each['id']}" for each in features]


def test_only_json_and_pages_are_on_offer():
    assert wanted("geojson", "*/*") is None
    assert wanted(None, "application/xml") is None
    assert wanted(None, "application/geo+json;q=x, text/html;q=0.5") == "json"
