"""The description of the API by OpenAPI 3.0, made of a caller's collections: no path or column that is not theirs."""

from collections.abc import Iterator
from typing import Any

from app.ogc.documents import TITLE, Shelf
from app.ogc.links import GEOJSON, HTML, JSON, OPENAPI, SCHEMA
from app.ogc.openapi_parts import PARAMETERS, SCHEMAS, parameter
from app.ogc.openapi_tiles import tile_paths
from app.ogc.queryables import TYPES
from app.ogc.references import CRS84
from geo import __version__
from geo.products import Collection, Field

_REFUSED = {
    "400": "Parameter tidak dikenal atau isinya salah",
    "401": "Kunci API atau masuk diperlukan",
    "403": "Bukan untuk akun atau kunci ini",
    "404": "Tidak ada, atau belum ada hasil yang berlaku",
    "406": "Bentuk yang diminta (Accept) tidak tersedia",
    "413": "Permintaan terlalu panjang",
    "429": "Terlalu banyak permintaan; coba lagi sesudah waktu di Retry-After",
    "500": "Galat di peladen",
}
_EMPTY = {
    "303": "Belum masuk: peramban diarahkan ke halaman masuk",
    "304": "Tidak berubah sejak ETag yang disebut",
}


def describe(shelf: Shelf, base: str) -> dict[str, Any]:
    """Return the whole description.

    Parameters
    ----------
    base
        Address of the landing page.
    """
    paths: dict[str, Any] = {
        "/": _get("landing", "Halaman depan", JSON, "landingPage", tag="Kemampuan"),
        "/conformance": _get(
            "conformance", "Bagian standar yang dipenuhi", JSON, "confClasses", tag="Kemampuan"
        ),
        "/api": _get("api", "Uraian ini", OPENAPI, "anything", tag="Kemampuan"),
        "/collections": _get(
            "collections", "Koleksi untuk pemanggil ini", JSON, "collections", tag="Kemampuan"
        ),
    }
    for one in shelf:
        paths |= dict(_of_collection(one))
    paths |= dict(tile_paths(shelf.product.collections))
    return {
        "openapi": "3.0.3",
        "info": {
            "title": f"{TITLE}, {shelf.district}",
            "description": "OGC API - Features: data sasaran menurut hak pemanggil. " + " ".join(shelf.product.notes),
            "version": __version__,
        },
        "servers": [{"url": base, "description": "Peladen ini"}],
        "security": [{"token": []}, {"sandi": []}, {"sesi": []}, {}],
        "tags": [
            {"name": "Kemampuan"}, {"name": "Ubin"},
            *({"name": one.title, "description": one.description} for one in shelf),
        ],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "Kunci API sebuah pembagian"},
                "sandi": {"type": "http", "scheme": "basic", "description": "Kunci API sebagai kata sandi"},
                "sesi": {"type": "apiKey", "in": "cookie", "name": "peta", "description": "Masuk di peramban"},
            },
            "parameters": PARAMETERS | {"bbox-crs": _system("bbox-crs", shelf), "crs": _system("crs", shelf),
                                         "filter-crs": _system("filter-crs", shelf)},
            "schemas": SCHEMAS | {one.id: _feature(one) for one in shelf} | {
                f"{one.id}_items": _features(one) for one in shelf
            },
            "responses": {
                **{f"r{code}": _refusal(text) for code, text in _REFUSED.items()},
                **{f"r{code}": {"description": text} for code, text in _EMPTY.items()},
            },
        },
    }  # fmt: skip


def _of_collection(one: Collection) -> Iterator[tuple[str, Any]]:
    path = f"/collections/{one.id}"
    yield path, _get(f"collection_{one.id}", one.title, JSON, "collection", tag=one.title)
    for name, title in (("queryables", "Kolom untuk menyaring"), ("sortables", "Kolom untuk mengurutkan")):
        yield f"{path}/{name}", _get(f"{name}_{one.id}", title, SCHEMA, "anything", tag=one.title)
    named = [
        "limit",
        "offset",
        "bbox",
        "bbox-crs",
        "datetime",
        "crs",
        "sortby",
        "filter",
        "filter-lang",
        "filter-crs",
    ]
    more = [_reference(name) for name in named]
    more.append(_one_of_columns(one))
    more += [_column(field) for field in one.fields if field.name not in {*named, "f", "properties"}]
    yield (
        f"{path}/items",
        _get(f"items_{one.id}", f"{one.title}: fitur", GEOJSON, f"{one.id}_items", more, tag=one.title),
    )
    identity = {
        "name": "featureId",
        "in": "path",
        "required": True,
        "description": f"Isi kolom {one.key}",
        "schema": {"type": "string"},
    }
    yield (
        f"{path}/items/{{featureId}}",
        _get(f"item_{one.id}", f"{one.title}: satu fitur", GEOJSON, one.id, [identity, _reference("crs")],
             tag=one.title),
    )  # fmt: skip


def _get(
    name: str, title: str, kind: str, schema: str, parameters: list[dict[str, Any]] | None = None, *, tag: str
) -> dict[str, Any]:
    headers = {"ETag": {"schema": {"type": "string"}}}
    if kind == GEOJSON:
        headers["Content-Crs"] = {"schema": {"type": "string"}}
    found = {
        "description": title,
        "headers": headers,
        "content": {
            kind: {"schema": {"$ref": f"#/components/schemas/{schema}"}},
            HTML: {"schema": {"type": "string"}},
        },
    }
    other = {code: {"$ref": f"#/components/responses/r{code}"} for code in sorted({*_EMPTY, *_REFUSED})}
    return {
        "get": {
            "operationId": name,
            "summary": title,
            "tags": [tag],
            "parameters": [_reference("f"), *(parameters or [])],
            "responses": {"200": found} | other,
        }
    }


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/parameters/{name}"}


def _refusal(text: str) -> dict[str, Any]:
    exception = {"schema": {"$ref": "#/components/schemas/exception"}}
    return {"description": text, "content": {JSON: exception, HTML: {"schema": {"type": "string"}}}}


def _system(name: str, shelf: Shelf) -> dict[str, Any]:
    text = {
        "crs": "Sistem koordinat jawaban",
        "bbox-crs": "Sistem koordinat «bbox»",
        "filter-crs": "Sistem koordinat di dalam «filter»",
    }[name]
    return parameter(
        name, text, {"type": "string", "format": "uri", "enum": list(shelf.systems), "default": CRS84}
    )


def _one_of_columns(one: Collection) -> dict[str, Any]:
    names = {"type": "array", "items": {"type": "string", "enum": [field.name for field in one.fields]}}
    return parameter("properties", "Kolom yang diminta, dipisah koma", names, style="form", explode=False)


def _column(field: Field) -> dict[str, Any]:
    return parameter(field.name, f"Hanya fitur dengan nilai ini: {field.title}", TYPES[field.kind])


def _feature(one: Collection) -> dict[str, Any]:
    columns = {
        field.name: TYPES[field.kind]
        | {"title": field.title, "description": _meaning(field), "nullable": True}
        for field in one.fields
    }
    return {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": {"type": "object", "nullable": True, "description": f"GeoJSON {one.geometry}"},
            "properties": {"type": "object", "properties": columns},
            "links": {"type": "array", "items": {"$ref": "#/components/schemas/link"}},
        },
    }


def _features(one: Collection) -> dict[str, Any]:
    count = {"type": "integer", "minimum": 0}
    return {
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": {"$ref": f"#/components/schemas/{one.id}"}},
            "links": {"type": "array", "items": {"$ref": "#/components/schemas/link"}},
            "timeStamp": {"type": "string", "format": "date-time"},
            "numberMatched": count,
            "numberReturned": count,
        },
    }


def _meaning(field: Field) -> str:
    return f"{field.meaning} ({field.unit})" if field.unit else field.meaning
