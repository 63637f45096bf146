"""Values as every format tells them: of the kind that the dictionary names, and text that all readers take."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo.exports.rounding import as_told, exact
from geo.products import Collection, Field

DEGREES = "derajat"
"""Unit of a column that tells a place."""

_ON_PAPER = ("nomor_rumah", "house_number")
"""Columns of the number that a house has in printed lists and on printed maps."""

_SPACE, _DELETE = 0x20, 0x7F
_UNTELLABLE = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x{9F}\x{FFFE}\x{FFFF}]"
"""Control characters, which neither XML nor a database nor a C program takes, and the two that are none at all."""


def typed(collection: Collection) -> gpd.GeoDataFrame:
    """Return the columns of the dictionary, in its order and of its kinds, with the geometry at the end.

    Returns
    -------
    geopandas.GeoDataFrame
        ``teks`` as ``str``, control characters replaced by U+FFFD; ``bulat`` as ``Int64``; ``desimal`` as
        ``Float64``, rounded (:mod:`geo.exports.rounding`); ``ya/tidak`` as ``boolean``; ``tanggal`` as
        ``datetime64``. Columns that the dictionary does not name are not there. Shapes are of the collection's own
        kind, an empty one is missing.
    """
    table = collection.table
    columns = {field.name: _typed(field.name, table[field.name], field.kind) for field in collection.fields}
    geometry = gpd.GeoSeries(_of_kind(table.geometry, collection.geometry), crs=table.crs, index=table.index)
    return gpd.GeoDataFrame(columns, geometry=geometry, index=table.index)


def _typed(name: str, column: pd.Series, kind: str) -> pd.Series:
    if kind == "bulat":
        return pd.to_numeric(column).round().astype("Int64")
    if kind == "desimal":
        return as_told(name, pd.to_numeric(column).astype("Float64"))
    if kind == "ya/tidak":
        return column.astype("boolean")
    if kind == "tanggal":
        return pd.to_datetime(column).astype("datetime64[s]")
    return tellable(column)


def tellable(column: pd.Series) -> pd.Series:
    r"""Return a column as text without what not every reader takes; missing stays missing.

    Examples
    --------
    >>> tellable(pd.Series(["Kali\0baru", None])).tolist()
    ['Kali\ufffdbaru', nan]
    """
    if isinstance(column.dtype, pd.CategoricalDtype):  # the few words of a category are looked at once
        return column.cat.rename_categories(tellable(pd.Series(column.cat.categories)).tolist()).astype("str")
    column = column.astype("str")
    text = flat_array(column)
    if not _is_suspect(np.frombuffer(text.buffers()[-1] or b"", np.uint8)):
        return column
    told = pc.replace_substring_regex(text, _UNTELLABLE, "\N{REPLACEMENT CHARACTER}")
    return pd.Series(told.to_pandas(), dtype="str").set_axis(column.index)


def _is_suspect(letters: np.ndarray) -> bool:
    """Say whether bytes of UTF-8 may hold what is not to be told; far quicker than to look for it letter by letter."""
    control = letters < _SPACE
    if control.any() and not np.isin(letters[control], (0x09, 0x0A, 0x0D)).all():
        return True
    if (letters == _DELETE).any():
        return True
    first, second = letters[:-1], letters[1:]
    return any(
        (letters == lead).any() and ((first == lead) & (second >= low) & (second <= high)).any()
        for lead, low, high in ((0xC2, 0x80, 0x9F), (0xEF, 0xBF, 0xBF))  # U+0080 to U+009F; U+FFC0 to U+FFFF
    )


def flat_array(column: pd.Series) -> pa.Array:
    """Return a column as one array of Arrow, missing where it is missing."""
    array = pa.array(column, from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _of_kind(geometry: gpd.GeoSeries, kind: str) -> gpd.array.GeometryArray:
    shapes = geometry.to_numpy().copy()
    shapes[shapely.is_empty(shapes)] = None
    if kind == "MultiPolygon":
        single = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
        shapes[single] = shapely.multipolygons(shapes[single, None])
    return gpd.array.from_shapely(shapes)


def point_names(collection: Collection, table: gpd.GeoDataFrame) -> pd.Series:
    """Return what each point is called: its number on paper where the collection has one, otherwise its key.

    Parameters
    ----------
    table
        Its :func:`typed` one.
    """
    keys = tellable(collection.table[collection.key])
    on_paper = next((table[name].astype("str") for name in _ON_PAPER if name in table), None)
    return keys if on_paper is None else on_paper.where(on_paper.fillna("") != "", keys)


def distinct(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Return names of which no two differ in case alone, as databases want them, and none is one that is taken.

    Examples
    --------
    >>> distinct(["Nama", "nama", "fid"], taken=["fid"])
    ['Nama', 'nama_2', 'fid_2']
    """
    seen = {name.casefold() for name in taken}
    found = []
    for name in names:
        own, count = name, 1
        while own.casefold() in seen:
            count += 1
            own = f"{name}_{count}"
        seen.add(own.casefold())
        found.append(own)
    return found


def with_places(collection: Collection) -> Collection:
    """Return a collection with its place in two columns, for tables without geometry: ``lon`` and ``lat``.

    Of an area it is a point inside it. A collection that tells degrees in columns of its own stays as it is; where a
    column has such a name already, the new one ends in a number.
    """
    if any(field.unit == DEGREES for field in collection.fields):
        return collection
    shapes = exact(collection.table.geometry.to_numpy())
    if collection.geometry == "Point":
        points, of = shapes, "Letaknya"
    else:
        points, of = exact(shapely.point_on_surface(shapes)), "Satu titik di dalam wilayahnya"
    axes = shapely.get_x(points), shapely.get_y(points)
    own = [field.name for field in collection.fields]
    names = distinct(["lon", "lat"], own)
    fields = tuple(
        Field(name, title, f"{of}, WGS 84; kosong bila tanpa letak.", "desimal", DEGREES)
        for name, title in zip(names, ("Bujur", "Lintang"), strict=True)
    )
    table = collection.table.assign(**dict(zip(names, axes, strict=True)))
    return replace(collection, table=table, fields=(*collection.fields, *fields))


def with_names(collection: Collection, names: Sequence[str]) -> Collection:
    """Return a collection whose columns are called otherwise, one name a field."""
    new = {field.name: name for field, name in zip(collection.fields, names, strict=True)}
    table = collection.table[[*new, collection.table.geometry.name]].rename(columns=new)
    fields = tuple(replace(field, name=new[field.name]) for field in collection.fields)
    return replace(collection, table=table, key=new.get(collection.key, collection.key), fields=fields)
