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
    zone = int(np.floor(((west + east) / 2 + 180) / 6)) % 60 + 1
    return CRS.from_epsg((32600 if south + north > 0 else 32700) + zone)


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
