"""What may be asked of a collection: its queryables, plain parameters of the same names, and the order of rows."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.ogc.columns import GEOMETRY, column, require_column
from geo.errors import SettingsError
from geo.filters.reading import quoted
from geo.products import Collection, Field

_FEATURES = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"
CLASSES = (f"{_FEATURES}queryables", f"{_FEATURES}queryables-query-parameters")

SCHEMA = "https://json-schema.org/draft/2020-12/schema"

TYPES: dict[str, dict[str, str]] = {
    "teks": {"type": "string"},
    "bulat": {"type": "integer"},
    "desimal": {"type": "number"},
    "ya/tidak": {"type": "boolean"},
    "tanggal": {"type": "string", "format": "date"},
}
"""JSON types of the kinds of columns."""

_MOST_KEYS = 10


def queryables(collection: Collection) -> dict[str, Any]:
    """Return the columns one may filter by, as JSON Schema; the caller adds its address as ``$id``."""
    place = {
        "title": "Letak",
        "description": "Bentuk atau titik, untuk fungsi spasial pada «filter»",
        "format": "geometry-point" if collection.geometry == "Point" else "geometry-any",
        "x-ogc-role": "primary-geometry",
    }
    columns = {field.name: schema_of(field, collection) for field in collection.fields}
    return {
        "$schema": SCHEMA,
        "type": "object",
        "title": collection.title,
        "description": collection.description,
        "properties": columns | {GEOMETRY: place},
        "additionalProperties": False,
    }


def schema_of(field: Field, collection: Collection) -> dict[str, Any]:
    """Return the schema of one column: its meaning, its type, and its codes where there are but some."""
    told: dict[str, Any] = {"title": field.title, "description": _described(field)} | TYPES[field.kind]
    if field.unit:
        told["x-ogc-unit"] = field.unit
    if field.codes and told["type"] in {"string", "integer"} and "format" not in told:
        told["enum"] = _codes(field, collection, whole=told["type"] == "integer")
    if field.name == collection.key:
        told["x-ogc-role"] = "id"
    return told


def read_properties(given: Mapping[str, str], collection: Collection) -> np.ndarray:
    """Return which rows have all the values of plain query parameters (name of a column: value).

    A missing value is equal to none. Several parameters hold together; what else is wanted is said by a filter.

    Raises
    ------
    SettingsError
        When there is no such column, or the value is not of its type.
    """
    mask = np.ones(len(collection.table), dtype=bool)
    fields = {field.name: field for field in collection.fields}
    for name, text in given.items():
        require_column(name, collection)
        values = column(name, collection)
        wanted = _value(text, fields[name], collection)
        mask &= pc.fill_null(pc.equal(values, wanted), fill_value=False).to_numpy(zero_copy_only=False)
    return mask


def read_sort(text: str, collection: Collection) -> np.ndarray:
    """Return the order of rows that ``sortby`` asks for: column names by commas, ``-`` before one for descending.

    Rows that are alike stay in the order of the table; missing values come last either way.

    Returns
    -------
    numpy.ndarray
        Positions of all rows.

    Raises
    ------
    SettingsError
        When there is no such column, or too many are named.
    """
    asked = text.split(",")
    if len(asked) > _MOST_KEYS:
        raise SettingsError(f"«sortby» menyebut paling banyak {_MOST_KEYS} kolom.")
    keys: dict[str, str] = {}
    for one in asked:
        name = one[1:] if one[:1] in {"+", "-"} else one
        if not name or name[0] in " +-":
            raise SettingsError(
                "«sortby» berisi nama kolom dipisah koma, dengan «-» di depan untuk urutan menurun. Contoh: "
                "sortby=-desil,nama_desa. Tanda «+» pada alamat ditulis %2B."
            )
        require_column(name, collection)
        keys.setdefault(name, "descending" if one[0] == "-" else "ascending")
    table = pa.table([column(name, collection) for name in keys], names=list(keys))
    order: np.ndarray = pc.sort_indices(table, sort_keys=list(keys.items())).to_numpy()
    return order.astype(np.intp)


def _codes(field: Field, collection: Collection, *, whole: bool) -> list[Any]:
    """Return the codes of a column, and what else it holds."""
    codes = [int(code) if whole else code for code in field.codes if not whole or _is_whole(code)]
    there = pc.unique(column(field.name, collection)).drop_null().to_pylist()
    return list(dict.fromkeys([*codes, *(int(value) if whole else value for value in there)]))


def _described(field: Field) -> str:
    codes = "; ".join(f"{code}: {meaning}" for code, meaning in field.codes.items())
    return field.meaning + (f" [{field.unit}]" if field.unit else "") + (f" ({codes})" if codes else "")


def _value(text: str, field: Field, collection: Collection) -> Any:  # noqa: ANN401
    schema = schema_of(field, collection)
    kind, read = _READERS[schema.get("format", schema["type"])]
    try:
        value = read(text)
    except (ValueError, OverflowError):
        raise SettingsError(
            f"Parameter «{field.name}» berisi {_KINDS[schema.get('format', schema['type'])]}, bukan {quoted(text)}."
        ) from None
    if "enum" in schema and value not in schema["enum"]:
        known = ", ".join(str(code) for code in schema["enum"])
        raise SettingsError(f"Parameter «{field.name}» tidak mengenal {quoted(text)}. Yang ada: {known}.")
    return pa.scalar(value, kind)


def _whole(text: str) -> int:
    if not _is_whole(text):
        raise ValueError(text)
    return int(text)


def _is_whole(text: str) -> bool:
    return re.fullmatch(r"-?[0-9]{1,15}", text) is not None


def _number(text: str) -> float:
    if not re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", text):
        raise ValueError(text)
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


_TRUTHS = {"true": True, "false": False, "1": True, "0": False}
"""GDAL writes yes and no as numbers."""


def _truth(text: str) -> bool:
    return _TRUTHS[text] if text in _TRUTHS else _refuse(text)


def _refuse(text: str) -> bool:
    raise ValueError(text)


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError(text)
    return day


_READERS: dict[str, tuple[pa.DataType, Callable[[str], Any]]] = {
    "string": (pa.large_string(), str),
    "integer": (pa.float64(), _whole),
    "number": (pa.float64(), _number),
    "boolean": (pa.bool_(), _truth),
    "date": (pa.date32(), _day),
}
_KINDS = {
    "string": "teks",
    "integer": "bilangan bulat",
    "number": "angka",
    "boolean": "true atau false",
    "date": "tanggal (2026-01-31)",
}
