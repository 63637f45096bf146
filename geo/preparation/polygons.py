"""Polygons around the points: Voronoi cells, fitted, cut by the sea, laid out as one coverage."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]

GRID_DEG = 1e-6  # all coordinates lie on this grid, so that shared edges are identical
REACH_M = 10_000.0  # no desa reaches further from its point
FIT_STEPS, FIT_GAIN = 10, 0.3  # more steps follow the points more closely, and the shapes get worse


def polygonize(lines: Iterable[Any]) -> Shapes:
    """Return the faces between lines, noded together on the coordinate grid."""
    noded = shapely.union_all(list(lines), grid_size=GRID_DEG)
    faces: Shapes = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    return faces


def fit_cells(points: Floats, land: shapely.Geometry, frame: shapely.Geometry) -> Shapes:
    """Return a cell of land for each point (metres): Voronoi, sites moved so that centroids near points.

    The official points are centroids, so a cell whose centroid is its point is closer to the real desa than
    the plain cell. Cells at the frame are cut, say nothing true by their centroid, and stay. A cell that
    no longer holds its point goes back, step by step, with the cell that holds it.
    """
    edge = shapely.boundary(frame)

    def cells(sites: Floats) -> Shapes:
        raw = shapely.voronoi_polygons(shapely.multipoints(sites), extend_to=frame, ordered=True)
        cut: Shapes = shapely.intersection(shapely.get_parts(raw), land)
        return cut

    moves, now = np.zeros_like(points), cells(points)
    for _ in range(FIT_STEPS):
        pull = points - shapely.get_coordinates(shapely.centroid(now))
        moves += FIT_GAIN * pull * (shapely.distance(now, edge) > 1.0)[:, None]
        now = cells(points + moves)
    for _ in range(FIT_STEPS):
        holder = cKDTree(points + moves).query(points)[1]
        lost = np.flatnonzero(holder != np.arange(len(points)))
        moves[np.union1d(lost, holder[lost])] /= 2
    near = shapely.buffer(shapely.points(points), REACH_M, quad_segs=16)
    fitted: Shapes = shapely.intersection(cells(points + moves), near)
    return fitted


def cover(cells: Shapes, sea: shapely.Geometry) -> tuple[Shapes, shapely.Geometry]:
    """Return desa polygons and the sea as one coverage on the coordinate grid (lon, lat)."""
    faces = polygonize([*shapely.boundary(cells), shapely.boundary(sea)])
    inside = shapely.point_on_surface(faces)
    shapely.prepare(sea)
    wet = shapely.contains(sea, inside)
    # the nearest cell, not the one within: hairline faces between two cells go to one of them
    face, cell = shapely.STRtree(cells).query_nearest(inside, max_distance=2 * GRID_DEG, all_matches=False)
    keep = ~wet[face]
    order = np.argsort(cell[keep], kind="stable")
    groups = np.split(face[keep][order], np.searchsorted(cell[keep][order], np.arange(1, len(cells))))
    desa = tidy(np.array([shapely.union_all(faces[group]) for group in groups]))
    water = tidy(np.array([shapely.union_all(faces[wet])]))
    if shapely.area(desa).min() == 0 or not shapely.coverage_is_valid(np.append(desa, water)):
        raise ValueError("an empty desa polygon, or gaps and overlaps between them")
    return desa, water[0]


def tidy(shapes: Shapes) -> Shapes:
    """Return polygons in canonical order, outer rings counterclockwise (RFC 7946), six decimals."""
    rounded = shapely.transform(shapes, lambda xy: np.round(xy, 6))
    tidied: Shapes = shapely.orient_polygons(shapely.normalize(rounded))
    return tidied
