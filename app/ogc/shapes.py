"""Places in filters: shapes and boxes of a text in WGS 84, and how they lie to the places of features."""

import json
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from geo.crs import STORING
from geo.errors import SettingsError

RELATIONS = {
    "s_intersects": shapely.intersects,
    "s_equals": shapely.equals,
    "s_disjoint": shapely.disjoint,
    "s_touches": shapely.touches,
    "s_within": shapely.within,
    "s_overlaps": shapely.overlaps,
    "s_crosses": shapely.crosses,
    "s_contains": shapely.contains,
}
"""The spatial functions of CQL2, which are those of Simple Features."""

_CONVERSE = {"s_within": "s_contains", "s_contains": "s_within"}

DEFAULT = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
_FLAT, _SOLID = 4, 6
_PARTS = 64
"""An edge is cut into so many before it is moved to another system, where it would be curved."""


def related(name: str, left: Any, right: Any) -> Any:  # noqa: ANN401
    """Tell how shapes lie to each other; unknown for a feature without a place."""
    if isinstance(left, np.ndarray) and not isinstance(right, np.ndarray):
        # a prepared shape is many times as fast, but as the first of the two only
        left, right, name = right, left, _CONVERSE.get(name, name)
    if not isinstance(left, np.ndarray):
        shapely.prepare(left)
    found = RELATIONS[name](left, right)
    missing = shapely.is_missing(left) | shapely.is_missing(right)
    if not isinstance(found, np.ndarray):
        return pa.scalar(bool(found))
    return pa.array(found, mask=np.broadcast_to(missing, found.shape))


def read_shape(node: Any, crs: str) -> Any:  # noqa: ANN401
    """Return a shape or a box of the JSON form, in WGS 84, longitude first.

    Parameters
    ----------
    crs
        URI of the system its numbers are in, in the order of its own axes; empty for CRS84.

    Raises
    ------
    SettingsError
        When it is none, is not valid, or lies where the system does not reach.

    Examples
    --------
    >>> read_shape({"bbox": [109.5, -7, 109.7, -6.9]}, "").bounds
    (109.5, -7.0, 109.7, -6.9)
    >>> wgs84 = "http://www.opengis.net/def/crs/EPSG/0/4326"
    >>> read_shape({"type": "Point", "coordinates": [-7.0, 109.5]}, wgs84).wkt
    'POINT (109.5 -7)'
    """
    shape = _box(node["bbox"], crs) if "bbox" in node else _geometry(node)
    if shape.is_empty or not shape.is_valid:
        raise SettingsError(
            "Bentuk pada saringan kosong atau memotong dirinya sendiri. Perbaiki urutan titiknya."
        )
    moved = _moved(shape, crs)
    west, south, east, north = moved.bounds
    if not (np.isfinite(moved.bounds).all() and -180 <= west <= east <= 180 and -90 <= south <= north <= 90):  # noqa: PLR2004
        raise SettingsError(
            f"Bentuk pada saringan di luar bumi menurut sistem koordinatnya ({crs or DEFAULT}). Periksa urutan "
            f"sumbunya, dan filter-crs."
        )
    return moved


def _geometry(node: Any) -> Any:  # noqa: ANN401
    try:
        return shapely.force_2d(shapely.from_geojson(json.dumps(node, allow_nan=False)))
    except (ValueError, TypeError, shapely.errors.ShapelyError):
        raise SettingsError(
            "Bentuk pada saringan tidak dapat dibaca. Contoh: POINT(109.6 -6.9), atau POLYGON((...)) yang tertutup."
        ) from None


def _box(told: Any, crs: str) -> Any:  # noqa: ANN401
    numbers = [each for each in told if isinstance(each, int | float)]
    if len(numbers) != len(told) or len(told) not in {_FLAT, _SOLID} or not np.isfinite(numbers).all():
        raise SettingsError("BBOX berisi empat angka (kiri, bawah, kanan, atas), atau enam dengan tinggi.")
    if len(numbers) == _SOLID:
        numbers = [*numbers[:2], *numbers[3:5]]
    first, second, third, fourth = numbers
    system = _system(crs)
    north_first = crs not in {"", DEFAULT} and system.axis_info[0].direction == "north"
    across = (second > fourth) if north_first else (first > third)
    if (first > third or second > fourth) and not (across and system.is_geographic):
        raise SettingsError("Batas pertama BBOX lebih besar daripada batas kedua.")
    if not across:
        return shapely.box(first, second, third, fourth)
    if north_first:
        return shapely.union(shapely.box(first, second, third, 180), shapely.box(first, -180, third, fourth))
    return shapely.union(shapely.box(first, second, 180, fourth), shapely.box(-180, second, third, fourth))


def _system(crs: str) -> CRS:
    if crs in {"", DEFAULT}:
        return STORING
    try:
        return CRS.from_epsg(int(crs.removeprefix(_EPSG)))
    except (ValueError, CRSError):
        raise SettingsError(f"filter-crs tidak dikenal. Contoh: {DEFAULT} atau {_EPSG}4326.") from None


def _moved(shape: Any, crs: str) -> Any:  # noqa: ANN401
    if crs in {"", DEFAULT}:
        return shape
    # the order of axes is that of the authority, as the standard asks for
    convert = Transformer.from_crs(_system(crs), "OGC:CRS84", always_xy=False)
    west, south, east, north = shape.bounds
    longest = max(east - west, north - south) / _PARTS
    fine = shapely.segmentize(shape, longest) if longest else shape
    try:
        return shapely.transform(
            fine, lambda places: np.column_stack(convert.transform(places[:, 0], places[:, 1], errcheck=True))
        )
    except ProjError:
        raise SettingsError("Bentuk pada saringan di luar sistem koordinatnya. Periksa filter-crs.") from None
