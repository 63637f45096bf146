"""What a grid over polygons costs, with which cells it costs least, and when it does not pay."""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.locate.grid_index import Shapes

_AREAS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_MOST_CELLS = 1 << 27
_KEY_BITS = 62  # cell, vertex and two flags in one integer

MEMORY_MB = 1024
"""What an index may take by default, polygons included; building it takes up to four times as much."""
POINTS = 10_000_000
"""How many points an index that is kept shall answer for, before its own cost no longer counts."""

_NS = {"vertex": 110, "entry": 65, "cell": 25, "overlap": 100, "point": 12, "border point": 400, "edge": 20}
"""Measured nanoseconds: building, by vertex, edge in a cell, cell, and cell of overlapping polygons; answering."""


@dataclass(frozen=True)
class Plan:
    """The side of a cell, and the seconds of one core that building and answering may take."""

    cell: float
    seconds: float


def plan_grid(polygons: Shapes, points: int = POINTS, memory_mb: float = MEMORY_MB) -> Plan | None:
    """Choose the cells that cost least for so many points; nothing when no grid would do.

    Parameters
    ----------
    polygons
        In any CRS.
    points
        That will be asked for, all together.
    memory_mb
        The index may not be larger. Its least size is 20 bytes for each vertex of the polygons.
    """
    areas = areas_only(polygons)
    if shapely.is_empty(areas).all():
        return None
    west, south, east, north = shapely.total_bounds(areas)
    with np.errstate(over="ignore", invalid="ignore"):
        width, height = east - west, north - south
        reach = max(width, height)
    if not (np.isfinite(reach) and reach > 0):
        return None
    cell = reach / np.exp2(np.arange(2, 27, 0.5))
    cells = (width / cell + 4) * (height / cell + 4)
    vertices = int(shapely.get_num_coordinates(areas).sum())
    area, way = shapely.area(areas).sum(), 1.27 * shapely.length(areas).sum()  # rows and columns crossed
    entries = vertices + way / cell
    border = np.minimum(cells, way / cell / 2)  # most edges have a polygon on either side
    share = np.minimum(1, border * cell**2 / max(area, cell[-1] ** 2))
    overlap = area / cell**2 if area > width * height else 0
    build = _NS["vertex"] * vertices + _NS["entry"] * entries + _NS["cell"] * cells + _NS["overlap"] * overlap
    ask = _NS["point"] + share * (_NS["border point"] + _NS["edge"] * entries / border)
    seconds = 1e-9 * (build + points * ask)
    allowed = (cells <= _MOST_CELLS) & (
        20 * vertices + 4 * cells + 4 * entries + 24 * border <= memory_mb * 1e6
    )
    allowed &= cell > 64 * np.spacing(max(map(abs, (west, south, east, north))))
    allowed &= np.log2(cells) + np.log2(4 * max(vertices, 1)) < _KEY_BITS
    if not allowed.any():
        return None
    best = np.flatnonzero(allowed)[np.argmin(seconds[allowed])]
    return Plan(float(cell[best]), float(seconds[best]))


def seconds_without_grid(polygons: Shapes, points: int) -> float:
    """Return the seconds of one core that :func:`first_that_holds` may take."""
    vertices = shapely.get_num_coordinates(polygons).sum() / max(len(polygons), 1)
    return float(1e-6 * len(polygons) + 1e-6 * points * (1.5 + 0.012 * vertices))


def areas_only(polygons: Shapes) -> Shapes:
    """Return the polygons that a grid can hold; instead of others, nothing."""
    with np.errstate(invalid="ignore", over="ignore"):
        fit = np.isin(shapely.get_type_id(polygons), _AREAS) & np.isfinite(shapely.length(polygons))
    areas: Shapes = np.where(fit, polygons, shapely.MultiPolygon())
    return areas
