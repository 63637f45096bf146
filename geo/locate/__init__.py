"""Which desa holds each point, and how far a point is from a desa."""

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from geo.crs import to_metres
from geo.errors import BoundaryError
from geo.locate.grid_build import build_grid
from geo.locate.grid_index import OUTSIDE, GridIndex, first_that_holds
from geo.locate.grid_plan import MEMORY_MB, POINTS, plan_grid, seconds_without_grid

__all__ = ["OUTSIDE", "GridIndex", "distance_m", "index", "locate"]

FEW = 1000
"""For no more points than these a grid is never worth its planning."""


def locate(lon: np.ndarray, lat: np.ndarray, polygons: gpd.GeoSeries) -> np.ndarray:
    """Return the place (0, 1, ...) of the polygon that holds each point, or ``OUTSIDE``.

    Parameters
    ----------
    lon, lat
        Degrees, WGS 84; a missing position is outside.
    polygons
        WGS 84. A point on a shared edge, or in two polygons, belongs to the first of them: the answer is the lowest
        place whose polygon intersects the point, as ``shapely.intersects`` says.

    Examples
    --------
    >>> squares = gpd.GeoSeries([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], crs=4326)
    >>> locate(np.array([0.5, 1.0, 3.0, np.nan]), np.array([0.5, 0.5, 0.5, 0.5]), squares)
    array([ 0,  0, -1, -1])
    """
    x, y, shapes = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float), polygons.to_numpy()
    if len(x) > FEW:
        plan = plan_grid(shapes, len(x))
        if plan and plan.seconds < seconds_without_grid(shapes, len(x)):
            return build_grid(shapes, plan.cell).locate(x, y)
    return first_that_holds(x, y, shapes, np.arange(len(shapes)))


def index(polygons: gpd.GeoSeries, *, points: int = POINTS, memory_mb: float = MEMORY_MB) -> GridIndex:
    """Return an index of polygons that are asked again and again, to keep with ``save`` and find with ``open``.

    Parameters
    ----------
    polygons
        WGS 84, as for :func:`locate`; the index answers the same.
    points
        How many points it will be asked for: more of them pay for smaller cells.
    memory_mb
        The index may not be larger; building it takes up to four times as much.

    Raises
    ------
    BoundaryError
        When no index of these polygons fits in the memory.

    Examples
    --------
    >>> squares = gpd.GeoSeries([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], crs=4326)
    >>> index(squares).locate(np.array([1.0, 3.0]), np.array([0.5, 0.5]))
    array([ 0, -1])
    """
    shapes = polygons.to_numpy()
    plan = plan_grid(shapes, points, memory_mb)
    if plan is None:
        raise BoundaryError(
            f"Indeks untuk {len(shapes)} poligon tidak dapat dibuat dalam {memory_mb:.0f} MB: "
            "beri memori lebih besar, atau sederhanakan poligonnya."
        )
    return build_grid(shapes, plan.cell)


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
