"""Storing CRS, measuring CRS and their guards: the only EPSG numbers of the project."""

from typing import Any

import geopandas as gpd
import numpy as np
from pyproj import CRS, Transformer

from geo.errors import MissingCrs

STORING = CRS.from_epsg(4326)
"""WGS 84, longitude and latitude in degrees: how positions are kept and handed on."""

MEASURING = CRS.from_epsg(32749)
"""WGS 84 / UTM 49S, metres: the default for distances and areas (108 to 114 degrees east)."""

SRGI = CRS.from_epsg(9470)
"""SRGI2013, latitude and longitude in degrees: Indonesia's own reference, what national maps are handed on in."""

WEB_MERCATOR = CRS.from_epsg(3857)
"""The metres of web maps, which some programs write as a position; never for distances."""


def measuring_crs(bounds: tuple[float, float, float, float]) -> CRS:
    """Return the UTM zone in whose middle a district lies.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees, WGS 84.

    Examples
    --------
    >>> measuring_crs((109.4, -7.3, 109.8, -6.8)).to_epsg()
    32749
    >>> measuring_crs((95.2, 5.0, 95.9, 5.6)).to_epsg()
    32646
    """
    west, south, east, north = bounds
    return utm(utm_zone((west + east) / 2), north=south + north > 0)


def utm_zone(lon: float) -> int:
    """Return the number of the UTM zone of a longitude in degrees.

    Examples
    --------
    >>> utm_zone(109.7), utm_zone(180.0)
    (49, 1)
    """
    return int(np.floor((lon + 180) / 6)) % 60 + 1


def utm(zone: int, *, north: bool) -> CRS:
    """Return a zone of WGS 84 / UTM, in metres.

    Examples
    --------
    >>> utm(48, north=False).name
    'WGS 84 / UTM zone 48S'
    """
    return CRS.from_epsg((32600 if north else 32700) + zone)


def tm3(lon: float) -> CRS:
    """Return the zone of DGN95 / Indonesia TM-3, the land register's, that holds a longitude in degrees; in metres.

    Examples
    --------
    >>> tm3(109.7).name
    'DGN95 / Indonesia TM-3 zone 49.1'
    """
    return CRS.from_epsg(23830 + min(max(int((lon - 93) // 3), 0), 15))


def require_crs(frame: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """Return the frame in the storing CRS; refuse one that does not say its CRS.

    Raises
    ------
    MissingCrs
        With the name of the file and what to do.
    """
    if frame.crs is None:
        raise MissingCrs(
            f"{name} tidak menyebut sistem koordinatnya (CRS). Sertakan berkas .prj atau simpan ulang "
            f"sebagai GeoPackage dengan CRS, misalnya EPSG:4326 untuk derajat atau EPSG:32749 untuk UTM 49S."
        )
    return frame.to_crs(STORING)


def to_metres(lon: Any, lat: Any, crs: CRS = MEASURING) -> tuple[np.ndarray, np.ndarray]:  # noqa: ANN401
    """Project longitudes and latitudes (degrees, WGS 84) to metres in a measuring CRS.

    Examples
    --------
    >>> x, y = to_metres([111.0], [0.0])
    >>> round(float(x[0])), round(float(y[0]))
    (500000, 10000000)
    """
    x, y = Transformer.from_crs(STORING, crs, always_xy=True).transform(np.asarray(lon), np.asarray(lat))
    return np.asarray(x), np.asarray(y)


def to_degrees(x: Any, y: Any, crs: CRS = MEASURING) -> tuple[np.ndarray, np.ndarray]:  # noqa: ANN401
    """Turn metres in a measuring CRS back into longitude and latitude (degrees, WGS 84)."""
    lon, lat = Transformer.from_crs(crs, STORING, always_xy=True).transform(np.asarray(x), np.asarray(y))
    return np.asarray(lon), np.asarray(lat)
