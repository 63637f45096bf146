"""Which desa holds each point, and how far a point is from a desa."""

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from geo.crs import to_metres

OUTSIDE = -1


def locate(lon: np.ndarray, lat: np.ndarray, polygons: gpd.GeoSeries) -> np.ndarray:
    """Return the place (0, 1, ...) of the polygon that holds each point, or ``OUTSIDE``.

    Parameters
    ----------
    lon, lat
        Degrees, WGS 84; a missing position is outside.
    polygons
        WGS 84. A point on a shared edge, or in two polygons, belongs to the first of them.

    Examples
    --------
    >>> squares = gpd.GeoSeries([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], crs=4326)
    >>> locate(np.array([0.5, 1.0, 3.0, np.nan]), np.array([0.5, 0.5, 0.5, 0.5]), squares)
    array([ 0,  0, -1, -1])
    """
    out = np.full(len(lon), OUTSIDE)
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    # from west to east: a polygon then looks at one slice of the points, and is prepared once for all of them
    known = known[np.argsort(lon[known])]
    x, y = lon[known], lat[known]
    shapes = polygons.to_numpy()
    shapely.prepare(shapes)
    west, south, east, north = shapely.bounds(shapes).T
    first, last = np.searchsorted(x, west), np.searchsorted(x, east, side="right")
    for place in reversed(range(len(shapes))):  # the first polygon is written last, so that it stays
        row = first[place] + np.flatnonzero(
            (y[first[place] : last[place]] >= south[place]) & (y[first[place] : last[place]] <= north[place])
        )
        out[known[row[shapely.intersects_xy(shapes[place], x[row], y[row])]]] = place
    return out


def distance_m(
    lon: np.ndarray, lat: np.ndarray, places: np.ndarray, polygons: gpd.GeoSeries, crs: CRS
) -> np.ndarray:
    """Return the metres from each point to one polygon each, 0 inside; infinite where the CRS does not reach.

    Parameters
    ----------
    lon, lat
        Degrees, WGS 84.
    places
        The polygon of each point, by its place in ``polygons`` (WGS 84).
    crs
        Measuring CRS.
    """
    x, y = to_metres(lon, lat, crs)
    reached = np.isfinite(x) & np.isfinite(y)
    metres = np.full(len(lon), np.inf)
    areas = polygons.to_crs(crs).to_numpy()[places[reached]]
    metres[reached] = shapely.distance(shapely.points(x[reached], y[reached]), areas)
    return metres
