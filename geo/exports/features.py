"""Rows as GeoJSON features, all at once: the one encoder of files and API (RFC 7946)."""

from collections.abc import Iterable, Iterator
from json.encoder import encode_basestring

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo.exports.rounding import DECIMALS, METRE_DECIMALS, as_told, exact

__all__ = ["DECIMALS", "METRE_DECIMALS", "coordinate_texts", "encode_features", "feature_parts", "json_texts"]

_AT_ONCE = 16_384
"""Rows whose texts stay within what a processor holds near, and within the 2 GB of a chunk of text."""

_KINDS = {
    shapely.GeometryType.POINT: "Point",
    shapely.GeometryType.LINESTRING: "LineString",
    shapely.GeometryType.POLYGON: "Polygon",
    shapely.GeometryType.MULTIPOINT: "MultiPoint",
    shapely.GeometryType.MULTILINESTRING: "MultiLineString",
    shapely.GeometryType.MULTIPOLYGON: "MultiPolygon",
}


def encode_features(
    table: gpd.GeoDataFrame,
    key: str,
    columns: Iterable[str],
    *,
    coordinates: np.ndarray | None = None,
    decimals: int | None = DECIMALS,
    flipped: bool = False,
) -> pa.Array:
    r"""Write each row as the text of a GeoJSON feature.

    Parameters
    ----------
    table
        WGS 84, longitude before latitude.
    key
        Its column of ids, written as text.
    columns
        Those that become properties, in this order; no others leave.
    coordinates
        Geometry to write instead of the table's, one a row: the same in another CRS.
    decimals
        Of coordinates: :data:`DECIMALS` for degrees, :data:`METRE_DECIMALS` for metres; None for a table
        and shapes that are rounded already.
    flipped
        Write the second axis first, as in EPSG:4326; rings stay counter-clockwise on the ground.

    Returns
    -------
    pyarrow.Array
        Large strings, one a row. Rings follow the right-hand rule; a missing geometry or one too small for the
        decimals is ``null``, and so is a missing value.

    Examples
    --------
    >>> table = gpd.GeoDataFrame({"n": ["a"], "need": [None]}, geometry=[shapely.Point(109.5, -7)], crs=4326)
    >>> encode_features(table, "n", ["need"]).to_pylist()
    ['{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[109.5,-7]},"properties":{"need":null}}']
    """
    parts = feature_parts(table, key, columns, coordinates=coordinates, decimals=decimals, flipped=flipped)
    # short offsets while a part is made, long ones for the whole, which may pass 2 GB
    return pa.concat_arrays(
        [pa.array([], pa.large_string()), *(part.cast(pa.large_string()) for part in parts)]
    )


def feature_parts(
    table: gpd.GeoDataFrame,
    key: str,
    columns: Iterable[str],
    *,
    coordinates: np.ndarray | None = None,
    decimals: int | None = DECIMALS,
    flipped: bool = False,
) -> Iterator[pa.Array]:
    """Do what :func:`encode_features` does, some thousand rows at a time, for what is written as it comes."""
    shapes = table.geometry.to_numpy() if coordinates is None else coordinates
    names = list(columns)
    for start in range(0, len(table), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        yield _features(table.iloc[part], shapes[part], key, names, decimals, flipped=flipped)


def _features(
    table: pd.DataFrame,
    shapes: np.ndarray,
    key: str,
    columns: list[str],
    decimals: int | None,
    *,
    flipped: bool,
) -> pa.Array:
    geometry = geometry_json(shapes if decimals is None else exact(shapes, decimals), flipped=flipped)
    ids = json_texts(table[key].astype("str"))
    parts: list[pa.Array | str] = ['{"type":"Feature","id":', ids, ',"geometry":', geometry]
    opening = ',"properties":{'
    for name in columns:
        parts += [
            f"{opening}{encode_basestring(name)}:",
            json_texts(table[name] if decimals is None else as_told(name, table[name])),
        ]
        opening = ","
    ending = "}}" if columns else ',"properties":{}}'
    return pc.binary_join_element_wise(*parts, ending, "")


def geometry_json(geometry: np.ndarray, *, flipped: bool = False) -> pa.Array:
    """Write geometry as GeoJSON texts, ``null`` where it is missing."""
    kinds = shapely.get_type_id(geometry)
    texts, places = [pa.array(["null"])], np.zeros(len(geometry), dtype=np.int64)
    for kind in np.unique(kinds[kinds >= 0]):
        rows = np.flatnonzero(kinds == kind)
        places[rows] = np.arange(len(rows)) + sum(map(len, texts))
        texts.append(_of_kind(geometry[rows], kind, flipped=flipped))
    return pc.take(pa.concat_arrays(texts), pa.array(places))


def _of_kind(geometry: np.ndarray, kind: int, *, flipped: bool) -> pa.Array:
    nested = coordinate_texts(geometry, "[", ",", "]", flipped=flipped)
    name = _KINDS[shapely.GeometryType(kind)]
    return pc.binary_join_element_wise(f'{{"type":"{name}","coordinates":', nested, "}", "")


def coordinate_texts(
    geometry: np.ndarray, opening: str, between: str, closing: str, *, flipped: bool = False
) -> pa.Array:
    """Write the coordinates of geometry of one kind, none missing, nested as that kind is.

    Examples
    --------
    >>> coordinate_texts(np.array([shapely.LineString([(0, 1), (2, 3.5)])]), "[", ",", "]").to_pylist()
    ['[[0,1],[2,3.5]]']
    """
    _, places, offsets = shapely.to_ragged_array(geometry)
    first, second = (pa.array(np.ascontiguousarray(axis)).cast(pa.string()) for axis in places.T[:2])
    axes = (second, first) if flipped else (first, second)
    texts = pc.binary_join_element_wise(opening, axes[0], ",", axes[1], closing, "")
    for level in offsets:
        parts = pa.ListArray.from_arrays(pa.array(level, pa.int32()), texts)
        texts = pc.binary_join_element_wise(opening, pc.binary_join(parts, between), closing, "")
    return texts


def json_texts(values: pd.Series) -> pa.Array:
    """Write each value of a column as JSON: the one door through which text from the sheet leaves."""
    array = pa.array(values, from_pandas=True)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if pa.types.is_floating(array.type):
        array = pc.if_else(pc.is_finite(array), array, None)
    if not (
        pa.types.is_boolean(array.type) or pa.types.is_integer(array.type) or pa.types.is_floating(array.type)
    ):
        # each distinct text is escaped once: reasons and names repeat
        coded = array if pa.types.is_dictionary(array.type) else pc.dictionary_encode(_as_text(array))
        escaped = [encode_basestring(text) for text in coded.dictionary.cast(pa.string()).to_pylist()]
        array = pc.take(pa.array(escaped, pa.string()), coded.indices)
    return pc.fill_null(array.cast(pa.string()), "null")


def _as_text(array: pa.Array) -> pa.Array:
    if pa.types.is_timestamp(array.type):  # a day, as the other formats tell it (RFC 3339, full-date)
        return pc.strftime(array, format="%Y-%m-%d")
    return array.cast(pa.string())
