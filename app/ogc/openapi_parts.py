"""Schemas of the standard's own documents and parameters, for the description of the API."""

from collections.abc import Mapping
from typing import Any

from app.ogc.parameters import LIMIT, LIMIT_MOST

_TEXT: dict[str, Any] = {"type": "string"}


def _list(of: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{of}"}}


def _object(required: list[str], **properties: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"type": "object", "properties": properties} | ({"required": required} if required else {})


SCHEMAS: dict[str, Any] = {
    "exception": _object(["code"], code=_TEXT, description=_TEXT),
    "link": _object(["href", "rel"], href=_TEXT, rel=_TEXT, type=_TEXT, title=_TEXT),
    "landingPage": _object(["links"], title=_TEXT, description=_TEXT, attribution=_TEXT, links=_list("link")),
    "confClasses": _object(["conformsTo"], conformsTo={"type": "array", "items": _TEXT}, links=_list("link")),
    "extent": _object(
        [],
        spatial=_object(
            [],
            bbox={
                "type": "array",
                "minItems": 1,
                "items": {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}},
            },
            crs=_TEXT,
        ),
        temporal=_object(
            [],
            interval={
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "array",
                    "minItems": 2,
                    "maxItems": 2,
                    "items": _TEXT | {"format": "date-time", "nullable": True},
                },
            },
            trs=_TEXT,
        ),
    ),
    "collection": _object(
        ["id", "links"],
        id=_TEXT,
        title=_TEXT,
        description=_TEXT,
        itemType=_TEXT,
        extent={"$ref": "#/components/schemas/extent"},
        crs={"type": "array", "items": _TEXT},
        storageCrs=_TEXT,
        links=_list("link"),
    ),
    "collections": _object(
        ["links", "collections"],
        links=_list("link"),
        crs={"type": "array", "items": _TEXT},
        collections=_list("collection"),
    ),
    "anything": {"type": "object"},
}


def parameter(name: str, text: str, schema: Mapping[str, Any], **more: object) -> dict[str, Any]:
    """Describe a parameter of the query."""
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": text,
        "schema": dict(schema),
        **more,
    }


_WHOLE = {"type": "integer"}
_BOX = {
    "type": "array",
    "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
    "items": {"type": "number"},
}

PARAMETERS = {
    "f": parameter("f", "Bentuk jawaban; tanpa ini menurut Accept", {"type": "string", "enum": ["json", "html"]}),
    "limit": parameter(
        "limit",
        f"Sebanyak-banyaknya sekian fitur; lebih dari {LIMIT_MOST} dijawab dengan {LIMIT_MOST}",
        _WHOLE | {"minimum": 1, "maximum": LIMIT_MOST, "default": LIMIT},
        style="form", explode=False,
    ),
    "offset": parameter("offset", "Lewati sekian fitur", _WHOLE | {"minimum": 0, "default": 0}),
    "bbox": parameter(
        "bbox",
        "Hanya fitur yang menyentuh kotak ini: kiri,bawah,kanan,atas menurut sumbu «bbox-crs»; "
        "yang tidak punya letak selalu ikut",
        _BOX,
        style="form", explode=False,
    ),
    "datetime": parameter(
        "datetime", "Saat atau rentang; fitur di sini tidak berwaktu sendiri, jadi semuanya cocok", {"type": "string"},
        style="form", explode=False,
    ),
    "sortby": parameter(
        "sortby", "Kolom urutan dipisah koma, «-» di depan untuk menurun",
        {"type": "array", "minItems": 1, "items": {"type": "string"}}, style="form", explode=False,
    ),
    "filter": parameter("filter", "Saringan CQL2, misalnya: desil <= 2 AND need_rtlh = true", {"type": "string"}),
    "filter-lang": parameter(
        "filter-lang", "Bahasa «filter»", {"type": "string", "enum": ["cql2-text"], "default": "cql2-text"}
    ),
}  # fmt: skip
