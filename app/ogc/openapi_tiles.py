"""The tiles in the description of the API."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.ogc.links import JSON
from app.ogc.tiles import LAST_ZOOM, MVT, SQUARE, TILED
from geo.products import Collection

_TAG = "Ubin"


def tile_paths(collections: Mapping[str, Collection]) -> Iterator[tuple[str, Any]]:
    """Yield each path to the tiles of a caller's collections, with what may be done there."""
    document = {JSON: {"schema": {"$ref": "#/components/schemas/anything"}}}
    yield "/tileMatrixSets", _get("getTileMatrixSetsList", "Susunan ubin", document, "json")
    yield f"/tileMatrixSets/{SQUARE}", _get("getTileMatrixSet", f"Susunan ubin {SQUARE}", document, "json")
    for one in (one for one in collections.values() if one.id in TILED):
        path, name = f"/collections/{one.id}/tiles", f"{one.id}.collection.vector"
        yield path, _get(f"{name}.getTileSetsList", f"{one.title}: himpunan ubin", document, "json")
        told = _get(
            f"{name}.getTileSet", f"{one.title}: himpunan ubin {SQUARE}", document, "json", "tilejson"
        )
        yield f"{path}/{SQUARE}", told
        tile = _get(
            f"{name}.getTile",
            f"{one.title}: satu ubin",
            {MVT: {"schema": {"type": "string", "format": "binary"}}},
            "mvt",
        )
        tile["get"]["parameters"] += [_place(each) for each in ("tileMatrix", "tileRow", "tileCol")]
        tile["get"]["responses"]["204"] = {"description": "Tidak ada wilayah di ubin ini"}
        yield f"{path}/{SQUARE}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", tile


def _get(name: str, title: str, content: Mapping[str, Any], *forms: str) -> dict[str, Any]:
    codes = ("303", "304", "400", "401", "403", "404", "406", "413", "429", "500")
    form = {
        "name": "f", "in": "query", "required": False, "description": "Bentuk jawaban",
        "schema": {"type": "string", "enum": list(forms)},
    }  # fmt: skip
    return {
        "get": {
            "operationId": name,
            "summary": title,
            "tags": [_TAG],
            "parameters": [form],
            "responses": {"200": {"description": title, "content": dict(content)}}
            | {code: {"$ref": f"#/components/responses/r{code}"} for code in codes},
        }
    }


def _place(name: str) -> dict[str, Any]:
    most = LAST_ZOOM if name == "tileMatrix" else 2**LAST_ZOOM - 1
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": {
            "tileMatrix": "Perbesaran",
            "tileRow": "Baris, dari utara",
            "tileCol": "Kolom, dari barat",
        }[name],
        "schema": {"type": "integer", "minimum": 0, "maximum": most},
    }
