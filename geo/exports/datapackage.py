"""The description of a package for programs: a frictionless ``datapackage.json``, with a schema for each table."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from geo.exports import FORMATS
from geo.exports.dictionary import MEANINGS, codes_text, place_fields
from geo.exports.listing import Listed
from geo.exports.origin import inputs
from geo.exports.terms import Terms, package_name, slug
from geo.levels import LEVEL_TITLES
from geo.products import Collection, Field, Product

TYPES = {"teks": "string", "bulat": "integer", "desimal": "number", "ya/tidak": "boolean", "tanggal": "date"}

_MEDIA = {".html": "text/html", ".txt": "text/plain", ".csv": "text/csv", ".xml": "application/xml"}
_LONGEST = 200
_TABLE = "csv"
"""The format whose files are one plain table each, with the names of the dictionary."""


def package_id(product: Product, terms: Terms) -> str:
    """Return an identifier of a hand-over: the same for the same, and no other's."""
    parts = (
        product.facts["district"]["kode"],
        product.facts["created"],
        str(terms.number),
        terms.issued.isoformat(),
    )
    return str(uuid5(NAMESPACE_URL, "|".join(parts)))


def datapackage_text(product: Product, terms: Terms, data: Sequence[Listed], about: Sequence[Listed]) -> str:
    """Return ``datapackage.json``: who, what for, until when, and each file with its sum, type and columns.

    Parameters
    ----------
    data, about
        The files of data, and those that explain them.
    """
    facts = product.facts
    told = {
        "profile": "data-package",
        "name": package_name(terms),
        "id": package_id(product, terms),
        "title": f"Data sasaran {facts['district']['nama']} untuk {terms.recipient}",
        "description": f"{LEVEL_TITLES[terms.level]}. Wilayah: {terms.area}. Keperluan: {terms.purpose}",
        "created": terms.issued.isoformat(),
        "licenses": [
            {"name": "ketentuan-pemakaian", "title": "Ketentuan pemakaian", "path": "KETENTUAN.txt"}
        ],
        "contributors": [{"title": terms.by, "role": "publisher"}],
        "sources": [
            {"title": f"{given['what']}: {given['name']}", "sha256": given["sha256"]}
            for given in inputs(facts)
        ],
        "keywords": [str(each["title"]) for each in facts["indicators"]],
        "recipient": terms.recipient,
        "purpose": terms.purpose,
        "basis": terms.basis,
        "level": terms.level.value,
        "validUntil": terms.until.isoformat(),
        "notes": list(product.notes),
        "resources": [*(_data(product, each) for each in data), *map(_about, about)],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _file(listed: Listed, name: str) -> dict[str, Any]:
    return {"name": name, "path": listed.path, "bytes": listed.size, "hash": f"sha256:{listed.sha256}"}


def _data(product: Product, listed: Listed) -> dict[str, Any]:
    file = listed.path.rpartition("/")[2]
    told = _file(listed, slug(f"{listed.format}-{file}", _LONGEST)) | {
        "type": "file",
        "format": file.rpartition(".")[2].lower(),
    }
    if listed.format in FORMATS:
        told |= {"mediatype": FORMATS[listed.format].media_type}
    collection = product.collections.get(listed.collection)
    if collection is None:
        return told
    told |= {"title": collection.title, "description": collection.description}
    if listed.format == _TABLE and file.endswith(".csv"):
        told |= {"type": "table", "encoding": "utf-8", "schema": schema(collection)}
    return told


def _about(listed: Listed) -> dict[str, Any]:
    suffix = "." + listed.path.rpartition(".")[2]
    told = _file(listed, slug(listed.path)) | {
        "type": "file",
        "format": suffix[1:],
        "mediatype": _MEDIA[suffix],
    }
    if suffix != ".csv":
        return told
    fields = [{"name": name, "type": "string", "description": meaning} for name, meaning in MEANINGS.items()]
    return told | {"type": "table", "encoding": "utf-8", "title": "Kamus data", "schema": {"fields": fields}}


def schema(collection: Collection) -> dict[str, Any]:
    """Return the Table Schema of a collection as CSV: types, constraints, codes; an empty cell is a missing value."""
    own = [_field(field) | _constraints(field, collection) for field in collection.fields]
    return {
        "fields": [*own, *map(_field, place_fields(collection))],
        "missingValues": [""],
        "primaryKey": [collection.key],
    }


def _field(field: Field) -> dict[str, Any]:
    kind = TYPES[field.kind]
    told: dict[str, Any] = {
        "name": field.name,
        "type": kind,
        "title": field.title,
        "description": field.meaning,
    }
    if kind == "boolean":
        told |= {"trueValues": ["true"], "falseValues": ["false"]}
    told |= {"codes": codes_text(field.codes)} if field.codes else {}
    return told | {name: said for name in ("unit", "source", "definition") if (said := getattr(field, name))}


def _constraints(field: Field, collection: Collection) -> dict[str, Any]:
    values, is_text = collection.table[field.name], TYPES[field.kind] == "string"
    constraints: dict[str, Any] = {}
    if len(values) and values.notna().all() and not (is_text and values.eq("").any()):
        constraints["required"] = True
    if field.name == collection.key:
        constraints["unique"] = True
    codes = [code for code in field.codes if code]
    if codes and is_text and values.dropna().isin(codes).all():
        constraints["enum"] = codes
    return {"constraints": constraints} if constraints else {}
