"""Vector tiles of areas: polygons and their columns, cut for one tile when it is asked for.

By https://github.com/mapbox/vector-tile-spec/tree/master/2.1; numbers in brackets are its sections.
"""

import math
import struct
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.tiles.vector import EXTENT
from geo.tiles.writing import chunk, varint, varints, zigzag

BUFFER = 64
"""Steps beyond the edge that a tile holds too: outlines are not drawn along it."""

_MOVE, _LINE, _CLOSE = 1, 2, 7
_POLYGON = 3
_FURTHEST = 85.0511287798066  # latitude of the edge of the square


@dataclass(frozen=True)
class Areas:
    """Areas ready to be cut.

    Attributes
    ----------
    shapes
        In the square of web maps: 0 to 1 from west to east and from north to south.
    bounds
        Of these, as :func:`shapely.bounds` tells them.
    keys
        Names of the columns.
    texts
        Each different value of any column, encoded [4.4].
    codes
        Row by column: place in ``texts``, or -1 where a value is missing.
    """

    shapes: np.ndarray
    bounds: np.ndarray
    keys: tuple[str, ...]
    texts: tuple[bytes, ...]
    codes: np.ndarray


def prepare_areas(table: gpd.GeoDataFrame) -> Areas:
    """Make areas ready to be cut; those without a polygon are left out.

    Parameters
    ----------
    table
        WGS 84; every column beside the geometry becomes a property, a missing value none.
    """
    geometry = table.geometry.to_numpy()
    drawn = np.flatnonzero(~shapely.is_missing(geometry) & (shapely.get_dimensions(geometry) == 2))  # noqa: PLR2004
    shapes = shapely.transform(geometry[drawn], _square)
    known: dict[bytes, int] = {}
    columns = table.drop(columns=table.geometry.name)
    codes = np.full((len(drawn), columns.shape[1]), -1, dtype=np.int64)
    for place, name in enumerate(columns):
        numbers, distinct = pd.factorize(columns[name].iloc[drawn], use_na_sentinel=True)
        written = np.array([known.setdefault(_value(each), len(known)) for each in distinct] or [0])
        codes[:, place] = np.where(numbers >= 0, written[numbers], -1)
    return Areas(shapes, shapely.bounds(shapes), tuple(map(str, columns)), tuple(known), codes)


def encode_areas(layer: str, areas: Areas, zoom: int, column: int, row: int) -> bytes:
    """Return the tile of the areas that touch it; empty when none does.

    Shapes are cut at the buffer, rounded to the tile's grid, and valid after that; what is too small to be seen there
    is left out.
    """
    scale, corner = 2.0**zoom, np.array([column, row])
    low, high = (corner - BUFFER / EXTENT) / scale, (corner + 1 + BUFFER / EXTENT) / scale
    near = (areas.bounds[:, :2] <= high).all(axis=1) & (areas.bounds[:, 2:] >= low).all(axis=1)
    rows = np.flatnonzero(near)
    cut = shapely.transform(areas.shapes[rows], lambda places: (places * scale - corner) * EXTENT)
    cut = shapely.clip_by_rect(cut, -BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)
    cut = shapely.orient_polygons(shapely.set_precision(cut, 1.0))
    written = [_geometry(shape) for shape in cut]
    seen = np.array([bool(commands) for commands in written], dtype=bool)
    if not seen.any():
        return b""
    codes = areas.codes[rows[seen]]
    used = np.unique(codes[codes >= 0])
    features = [
        _feature(tags, commands)
        for tags, commands in zip(_tags(codes, used), (each for each in written if each), strict=True)
    ]
    # layer [4.1]: version 15, name 1, features 2, keys 3, values 4, extent 5
    return chunk(
        0x1A,
        b"".join([
            b"\x78\x02",
            chunk(0x0A, layer.encode()),
            *(chunk(0x12, feature) for feature in features),
            *(chunk(0x1A, key.encode()) for key in areas.keys),
            *(chunk(0x22, areas.texts[value]) for value in used),
            b"\x28" + varint(EXTENT),
        ]),
    )  # fmt: skip


def tile_range(bounds: tuple[float, float, float, float], zoom: int) -> tuple[int, int, int, int]:
    """Return the first and last column, and the first and last row, of the tiles that a box touches.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees, WGS 84.

    Examples
    --------
    >>> tile_range((109.4, -7.3, 109.8, -6.8), 8), tile_range((-180, -90, 180, 90), 1)
    ((205, 206, 132, 133), (0, 1, 0, 1))
    """
    west, south, east, north = bounds
    (left, top), (right, bottom) = _square(np.array([[west, north], [east, south]]))
    most = 2**zoom - 1
    first, last, top_row, low_row = (
        min(max(math.floor(edge * 2**zoom), 0), most) for edge in (left, right, top, bottom)
    )
    return first, last, top_row, low_row


def _square(places: np.ndarray) -> np.ndarray:
    lat = np.radians(np.clip(places[:, 1], -_FURTHEST, _FURTHEST))
    return np.column_stack([places[:, 0] / 360 + 0.5, 0.5 - np.arcsinh(np.tan(lat)) / (2 * np.pi)])


def _value(value: object) -> bytes:
    """Write a value [4.1]: truth 7, whole number 5 (6 below zero), other number 3, text 1."""
    if isinstance(value, bool | np.bool_):
        return b"\x38\x01" if value else b"\x38\x00"
    if isinstance(value, int | np.integer):
        whole = int(value)
        return b"\x28" + varint(whole) if whole >= 0 else b"\x30" + varint(-2 * whole - 1)
    if isinstance(value, float | np.floating):
        # a number of single precision is told by the digits that mean it
        number = float(str(value)) if isinstance(value, np.float32) else float(value)
        return b"\x19" + struct.pack("<d", number)
    return chunk(0x0A, str(value).encode())


def _tags(codes: np.ndarray, used: np.ndarray) -> list[bytes]:
    """Write the properties of each feature [4.4]: places in keys and values by turns."""
    places = np.searchsorted(used, codes)
    written = []
    for row, known in zip(places, codes >= 0, strict=True):
        keys = np.flatnonzero(known)
        written.append(_packed(np.column_stack([keys, row[keys]]).ravel()))
    return written


def _feature(tags: bytes, commands: bytes) -> bytes:
    """Write a feature [4.2]: tags 2, type 3, geometry 4."""
    return (chunk(0x12, tags) if tags else b"") + bytes([0x18, _POLYGON]) + chunk(0x22, commands)


def _geometry(shape: object) -> bytes:
    """Write the polygons of a shape [4.3]: each ring as move, lines and close, from where the last one ended."""
    numbers: list[np.ndarray] = []
    at = np.zeros((1, 2), dtype=np.int64)
    for part in shapely.get_parts(shape):
        if shapely.get_type_id(part) != shapely.GeometryType.POLYGON:
            continue
        for ring in shapely.get_rings(part):
            places = np.rint(shapely.get_coordinates(ring)).astype(np.int64)[:-1]
            steps = zigzag(np.diff(places, axis=0, prepend=at)).ravel()
            count = len(places) - 1
            numbers += [
                np.array([1 << 3 | _MOVE]), steps[:2], np.array([count << 3 | _LINE]), steps[2:],
                np.array([1 << 3 | _CLOSE]),
            ]  # fmt: skip
            at = places[-1:]
    return _packed(np.concatenate(numbers)) if numbers else b""


def _packed(numbers: np.ndarray) -> bytes:
    if not numbers.size:
        return b""
    written, used = varints(numbers)
    return bytes(written[used].tobytes())
