"""What lies around and over a desa, cut to a frame and thinned to what paper can show."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from geo.atlas.paper.frame import Frame

FINEST_MM = 0.1
BEYOND_MM = 4.0
"""So far beyond the frame shapes are kept, that no line is drawn where they were cut; the page cuts off the rest."""


@dataclass(frozen=True)
class Areas:
    """Polygons or lines in metres with their index, asked again and again for what falls into a frame."""

    shapes: np.ndarray
    tree: shapely.STRtree

    @classmethod
    def of(cls, shapes: np.ndarray) -> "Areas":
        """Index shapes."""
        return cls(shapes, shapely.STRtree(shapes))

    def near(self, bounds: tuple[float, float, float, float]) -> np.ndarray:
        """Return the places of the shapes that touch a rectangle (west, south, east, north), in their order."""
        return np.sort(self.tree.query(shapely.box(*bounds), predicate="intersects"))

    def within(self, frame: Frame) -> tuple[np.ndarray, np.ndarray]:
        """Return the places of the shapes that touch a frame, and what of them lies in it, thinned for its scale."""
        which = self.near(frame.bounds)
        return which, cut(self.shapes[which], frame)


def cut(shapes: np.ndarray, frame: Frame) -> np.ndarray:
    """Cut shapes (metres) to a frame, a little beyond it, and thin them to a tenth of a millimetre on paper."""
    west, south, east, north = frame.bounds
    more = BEYOND_MM * frame.scale / 1000
    inside = shapely.clip_by_rect(shapes, west - more, south - more, east + more, north + more)
    thinned = shapely.simplify(inside, frame.scale * FINEST_MM / 1000, preserve_topology=False)
    spoilt = shapely.is_empty(thinned) | ~shapely.is_valid(thinned)
    thinned[spoilt] = shapely.make_valid(inside[spoilt])
    return np.asarray(thinned)


def polygons_in_metres(areas: gpd.GeoDataFrame, crs: CRS) -> np.ndarray:
    """Return the polygons of a table in a measuring CRS, made valid where they are not."""
    if areas.empty:
        return np.empty(0, dtype=object)
    shapes = np.asarray(areas.geometry.to_crs(crs).to_numpy(), dtype=object)
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = shapely.make_valid(shapes[broken])
    return shapes


def name_places(shape: shapely.Geometry) -> np.ndarray:
    """Return where the name of an area may stand, best first: middles (n, 2) of it, its upper and its lower half."""
    west, south, east, north = shape.bounds if not shape.is_empty else (0.0, 0.0, 0.0, 0.0)
    middle = (south + north) / 2
    # A metre more on each side: GEOS refuses a rectangle without extent.
    halves = [
        shapely.clip_by_rect(shape, west - 1, low - 1, east + 1, high + 1)
        for low, high in ((middle, north), (south, middle))
    ]
    points = shapely.point_on_surface(np.array([shape, *halves], dtype=object))
    return np.asarray(shapely.get_coordinates(points[~shapely.is_empty(points)]))


def rings(shape: shapely.Geometry) -> list[np.ndarray]:
    """Return every ring of a polygon or multipolygon as coordinates (n, 2); holes follow their shell."""
    polygons = shapely.get_parts(shapely.get_parts(shape))
    return _runs(shapely.get_rings(polygons[shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON]))


def courses(shapes: np.ndarray) -> list[np.ndarray]:
    """Return every line of lines and multilines as coordinates (n, 2)."""
    lines = shapely.get_parts(shapely.get_parts(shapes))
    return _runs(lines[shapely.get_type_id(lines) == shapely.GeometryType.LINESTRING])


def _runs(lines: np.ndarray) -> list[np.ndarray]:
    xy, which = shapely.get_coordinates(lines, return_index=True)
    return np.split(xy, np.flatnonzero(np.diff(which)) + 1) if len(xy) else []
