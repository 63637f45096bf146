"""Columns by which one may filter or sort, as JSON Schema with its own address."""

from typing import Any

from app.ogc.links import SCHEMA, Links


def columns_document(schema: dict[str, Any], links: Links, form: str) -> dict[str, Any]:
    """Return a schema under the address by which it was asked for."""
    address = links.here().partition("?")[0]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "$id": address,
        "links": links.own(SCHEMA, form),
    }


def sortables(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the columns that have an order: all that one may filter by, but the geometry.

    Examples
    --------
    >>> sortables({"properties": {"desil": {"type": "integer"}, "geometry": {"format": "geometry-point"}}})
    {'properties': {'desil': {'type': 'integer'}}}
    """
    ordered = {name: about for name, about in schema["properties"].items() if not _is_geometry(about)}
    return schema | {"properties": ordered}


def _is_geometry(about: dict[str, Any]) -> bool:
    return str(about.get("format", "")).startswith("geometry")
