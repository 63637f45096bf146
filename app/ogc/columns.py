"""The columns of a collection as arrays of five kinds, missing values and all: what filters and orders work on."""

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from app.kept import KeptWith
from geo.errors import SettingsError
from geo.exports.values import typed
from geo.filters.reading import quoted
from geo.products import Collection

GEOMETRY = "geometry"
"""What the place of a feature is called in filters."""

TEXT, NUMBER, TRUTH, DATE, TIME = "teks", "angka", "ya/tidak", "tanggal", "waktu"


def kind_of(values: Any) -> str:  # noqa: ANN401
    """Return the kind of an array or a single value; empty where it can be none."""
    kind = values.type
    if pa.types.is_boolean(kind):
        return TRUTH
    if pa.types.is_floating(kind):
        return NUMBER
    if pa.types.is_large_string(kind):
        return TEXT
    if pa.types.is_date32(kind):
        return DATE
    return TIME if pa.types.is_timestamp(kind) else ""


def require_column(name: str, collection: Collection) -> None:
    """Refuse a name that is no column of a collection, whether or not there is such a thing elsewhere.

    Raises
    ------
    SettingsError
        With where to look.
    """
    if name not in {field.name for field in collection.fields}:
        raise SettingsError(
            f"Kolom {quoted(name)} tidak ada di koleksi «{collection.id}». Yang ada disebut di "
            f"/ogc/collections/{collection.id}/queryables."
        )


def column(name: str, collection: Collection) -> pa.Array:
    """Return a column as texts, numbers (float64), truths or dates; missing values are null.

    Values are those that an answer tells, rounded as there: no filter finds out more than can be read.

    Raises
    ------
    SettingsError
        When there is no such column.
    """
    require_column(name, collection)
    return _KEPT.get(collection, name, lambda: _told(name, collection))


_KEPT: KeptWith[pa.Array] = KeptWith()


def _told(name: str, collection: Collection) -> pa.Array:
    field = next(field for field in collection.fields if field.name == name)
    table = collection.table[[name, collection.table.geometry.name]]
    values = pa.array(typed(replace(collection, table=table, fields=(field,)))[name], from_pandas=True)
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if field.kind in {"bulat", "desimal"}:
        numbers = values.cast(pa.float64(), safe=False)
        return pc.if_else(pc.is_finite(numbers), numbers, pa.scalar(None, pa.float64()))
    return values.cast({TEXT: pa.large_string(), TRUTH: pa.bool_(), DATE: pa.date32()}[field.kind])


def geometry(collection: Collection) -> np.ndarray:
    """Return the places of the features, WGS 84; None for a feature without one."""
    places: np.ndarray = collection.table.geometry.to_numpy()
    if (empty := shapely.is_empty(places)).any():
        places = places.copy()
        places[empty] = None
    return places
