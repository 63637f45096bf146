"""What lies around and over a desa, clipped to its frame and thinned to what paper can show."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from geo.atlas.frame import Frame

FINEST_MM = 0.1
NAME_HEIGHT_MM, NAME_EDGE_MM = 2.6, 1.0


@dataclass(frozen=True)
class Pieces:
    """Parts of areas that fall into frames: one entry a pair of sheet and area, sorted by sheet.

    ``sheet`` and ``area`` are places in the list of frames and of areas, ``shapes`` the clipped polygons in
    metres.
    """

    sheet: np.ndarray
    area: np.ndarray
    shapes: np.ndarray

    def of(self, sheet: int) -> slice:
        """Return which entries belong to a sheet."""
        start, stop = np.searchsorted(self.sheet, [sheet, sheet + 1])
        return slice(int(start), int(stop))


def polygons_in_metres(areas: gpd.GeoDataFrame, crs: CRS) -> np.ndarray:
    """Return the polygons of a table in a measuring CRS, made valid where they are not."""
    if areas.empty:
        return np.empty(0, dtype=object)
    shapes = np.asarray(areas.geometry.to_crs(crs).to_numpy(), dtype=object)
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = shapely.make_valid(shapes[broken])
    return shapes


def clipped(shapes: np.ndarray, frames: Sequence[Frame]) -> Pieces:
    """Cut every area (metres) to every frame that it touches, thinned to a tenth of a millimetre on paper."""
    bounds = np.array([frame.bounds for frame in frames])
    sheet, area = shapely.STRtree(shapes).query(shapely.box(*bounds.T), predicate="intersects")
    order = np.lexsort((area, sheet))
    sheet, area = sheet[order], area[order]
    tolerance = np.array([frame.scale for frame in frames])[sheet] * FINEST_MM / 1000
    thinned = shapely.simplify(shapes[area], tolerance, preserve_topology=False)
    lost = shapely.is_empty(thinned)
    thinned[lost] = shapes[area[lost]]
    cut = [
        shapely.clip_by_rect(shape, *box) for shape, box in zip(thinned, bounds[sheet].tolist(), strict=True)
    ]
    return Pieces(sheet, area, np.array(cut, dtype=object))


def name_places(
    neighbours: Pieces, own: np.ndarray, widths_mm: np.ndarray, frames: Sequence[Frame]
) -> np.ndarray:
    """Return where the name of each neighbour may stand, best place first.

    Parameters
    ----------
    neighbours
        Clipped desa; those that are the sheet's own get no place.
    own
        Polygon of each sheet's own desa, in metres.
    widths_mm
        Width of each desa's name as printed, by place in the table of desa.
    frames
        Frame of each sheet.

    Returns
    -------
    numpy.ndarray
        Middles of the names (n, 3, 2) in metres: in the widest part of the neighbour, of its upper and of its
        lower half; missing where the name would run over the sheet's own desa.
    """
    count = len(neighbours.sheet)
    places = np.full((count, 3, 2), np.nan)
    if not count:
        return places
    metres = np.array([frame.scale for frame in frames])[neighbours.sheet] / 1000
    bounds = np.array([frame.bounds for frame in frames])[neighbours.sheet]
    half = np.column_stack([widths_mm[neighbours.area] / 2, np.full(count, NAME_HEIGHT_MM / 2)])
    half = (half + NAME_EDGE_MM) * metres[:, None]
    roomy = np.all(2 * half < bounds[:, 2:] - bounds[:, :2], axis=1) & (neighbours.sheet != neighbours.area)
    for place, (low, high) in enumerate(((0.0, 1.0), (0.5, 1.0), (0.0, 0.5))):
        parts = np.array(
            [_band(shape, low, high) for shape in neighbours.shapes] if place else neighbours.shapes,
            dtype=object,
        )
        middle = shapely.get_coordinates(_surface_points(parts))
        middle = np.clip(middle, bounds[:, :2] + half, np.maximum(bounds[:, 2:] - half, bounds[:, :2] + half))
        boxes = shapely.box(*(middle - half).T, *(middle + half).T)
        free = roomy & ~shapely.intersects(own[neighbours.sheet], boxes)
        places[free, place] = middle[free]
    return places


def _band(shape: shapely.Geometry, low: float, high: float) -> shapely.Geometry:
    west, south, east, north = shape.bounds if not shape.is_empty else (0.0, 0.0, 0.0, 0.0)
    height = north - south
    # A metre more on each side: GEOS refuses a rectangle without extent.
    return shapely.clip_by_rect(
        shape, west - 1, south + low * height - 1, east + 1, south + high * height + 1
    )


def _surface_points(shapes: np.ndarray) -> np.ndarray:
    points = shapely.point_on_surface(shapes)
    points[shapely.is_empty(points) | shapely.is_missing(points)] = shapely.Point(0, 0)
    return np.asarray(points)


def rings(shape: shapely.Geometry) -> list[np.ndarray]:
    """Return every ring of a polygon or multipolygon as coordinates (n, 2); holes follow their shell."""
    polygons = shapely.get_parts(shapely.get_parts(shape))
    lines = shapely.get_rings(polygons[shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON])
    xy, which = shapely.get_coordinates(lines, return_index=True)
    return np.split(xy, np.flatnonzero(np.diff(which)) + 1) if len(xy) else []
