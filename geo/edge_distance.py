"""How far points lie from lines: many households from a shore or the edge of a forest."""

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

STEP_M = 25.0
"""Longest piece of an edge between two vertices when distances are taken."""
TOLERANCE_M = 2.9
"""How much too long a distance may be."""

_CELL_M = 50.0
_LEVELS = 6  # cells of 1 600 m, halved down to 50 m
_CELLS = 4_000_000
_WORTH = 8  # points in a cell: fewer are sooner asked one by one
_SPARE = STEP_M**2 / 4  # squared: the edge is nearer than its nearest vertex by this at most

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


def edge_distance(points: Floats, edge: shapely.Geometry) -> Floats:
    """Return the distance from points to lines, in the unit of both: never too short, at most 2.9 m too long.

    Parameters
    ----------
    points
        Shape (n, 2), metres; a place that is not finite has no distance.
    edge
        Lines or points, metres. To an empty one no point has a distance (missing).

    Notes
    -----
    The edge stands for its vertices, one every ``STEP_M`` at least. Where one vertex is the nearest or almost so all
    over a cell, it measures every point of that cell. This is proved at the cell's four corners: the square of the
    distance to one vertex less the square of the distance to the nearest is a convex function, so it is greatest at a
    corner. Other points ask a k-d tree and measure the pieces at the nearest vertex; the few to which another piece
    may be nearer by more than the tolerance ask a tree of all pieces.

    Examples
    --------
    >>> line = shapely.LineString([(0, 0), (100, 0)])
    >>> edge_distance(np.array([[40.0, 30.0], [103.0, 4.0], [np.nan, 0.0]]), line).round(6)
    array([30.,  5., nan])
    """
    vertices, part = _dense(edge)
    known = np.isfinite(points).all(axis=1)
    metres = np.full(len(points), np.nan)
    if not len(vertices) or not known.any():
        return metres
    asked = points if known.all() else points[known]
    tree = cKDTree(vertices, balanced_tree=False, compact_nodes=False)
    cell, stands = _cells(asked, tree)
    vertex = stands[cell]
    far = _apart(asked, vertices[vertex])
    near = np.flatnonzero(vertex < 0)
    near = near[
        np.argsort(cell[near], kind="stable")
    ]  # neighbours one after the other walk the same branches
    far[near] = _near(asked[near], tree, part)
    metres[known] = far
    return metres


def _dense(edge: shapely.Geometry) -> tuple[Floats, Places]:
    """Return vertices along an edge, none further than the step from the next, and the part that each is of."""
    corners, part = shapely.get_coordinates(shapely.get_parts(edge), return_index=True)
    onward = np.zeros_like(corners)
    follows = np.flatnonzero(part[1:] == part[:-1])
    onward[follows] = corners[follows + 1] - corners[follows]
    pieces = np.maximum(np.ceil(np.hypot(*onward.T) / STEP_M), 1).astype(np.intp)
    at = np.repeat(np.arange(len(corners)), pieces)
    step = np.arange(len(at)) - (np.cumsum(pieces) - pieces)[at]
    return corners[at] + onward[at] * (step / pieces[at])[:, None], part[at]


def _apart(a: Floats, b: Floats) -> Floats:
    away = a - b
    return np.asarray(np.sqrt(np.einsum("ij,ij->i", away, away)))


def _cells(points: Floats, tree: cKDTree) -> tuple[Places, Places]:
    """Return the cell of each point, and of each cell the vertex that measures all in it, or -1."""
    low, high = points.min(axis=0), points.max(axis=0)
    most = 2 ** (_LEVELS - 1)
    wide, tall = np.maximum(high - low, _CELL_M)
    size = max(_CELL_M, np.sqrt(wide * tall / _CELLS), wide / _CELLS, tall / _CELLS)
    columns, rows = (int(span / size / most + 1) * most for span in (wide, tall))
    cell = ((points[:, 0] - low[0]) / size).astype(np.intp) * rows
    cell += ((points[:, 1] - low[1]) / size).astype(np.intp)
    count = np.bincount(cell, minlength=columns * rows).reshape(columns, rows)
    stands = np.full((columns, rows), -1)
    for width in 2 ** np.arange(_LEVELS)[::-1]:
        blocks = (columns // width, width, rows // width, width)
        crowded = count.reshape(blocks).sum(axis=(1, 3)) >= _WORTH
        column, row = np.nonzero(crowded & (stands[::width, ::width] < 0))
        if not len(column):
            break
        found = _one_vertex(np.column_stack([column, row]), low, size * width, tree)
        done = found >= 0
        stands.reshape(blocks)[column[done], :, row[done], :] = found[done, None, None]
    return cell, stands.ravel()


def _one_vertex(cells: Places, low: Floats, size: float, tree: cKDTree) -> Places:
    """Return the vertex that is near enough to the nearest one all over each cell, else -1."""
    metres, vertex = tree.query(low + (cells + 0.5) * size, workers=-1)
    tall = cells[:, 1].max() + 2
    corner = cells[:, None, :] + [(0, 0), (0, 1), (1, 0), (1, 1)]
    nodes, place = np.unique(corner @ [tall, 1], return_inverse=True)
    spots = low + np.column_stack(np.divmod(nodes, tall)) * size
    least = tree.query(spots, workers=-1)[0][place.reshape(-1, 4)]
    away = low + corner * size - tree.data[vertex][:, None, :]
    excess = ((away**2).sum(axis=2) - least**2).max(axis=1) + _SPARE
    # u - sqrt(u² - excess) is within the tolerance from this distance u on
    enough = metres - size / np.sqrt(2) >= (excess + TOLERANCE_M**2) / (2 * TOLERANCE_M)
    stands: Places = np.where(enough, vertex, -1)
    return stands


def _near(points: Floats, tree: cKDTree, part: Places) -> Floats:
    """Measure the pieces on either side of the nearest vertex, and all pieces where that may not do."""
    vertices = np.asarray(tree.data)
    to_vertex, near = tree.query(points, workers=-1)
    metres: Floats = to_vertex.copy()
    start = vertices[near]
    to_point = points - start
    for step in (-1, 1):
        end = np.clip(near + step, 0, len(vertices) - 1)
        along = vertices[end] - start
        length2 = np.einsum("ij,ij->i", along, along)
        share = np.einsum("ij,ij->i", along, to_point) / np.where(length2 > 0, length2, 1)
        apart = _apart(to_point, np.clip(share, 0, 1)[:, None] * along)
        metres = np.where(part[end] == part[near], np.minimum(metres, apart), metres)
    doubtful = np.flatnonzero(metres > np.sqrt(np.maximum(to_vertex**2 - _SPARE, 0)) + TOLERANCE_M)
    if len(doubtful):
        metres[doubtful] = _exact(points[doubtful], vertices, part)
    return metres


def _exact(points: Floats, vertices: Floats, part: Places) -> Floats:
    follows = np.flatnonzero(part[1:] == part[:-1])
    pieces = shapely.linestrings(np.stack([vertices[follows], vertices[follows + 1]], axis=1))
    ends = np.setdiff1d(part, part[follows])
    alone = shapely.points(vertices[np.isin(part, ends)])
    tree = shapely.STRtree(np.concatenate([pieces, alone]))
    _, metres = tree.query_nearest(shapely.points(points), return_distance=True, all_matches=False)
    return np.asarray(metres)
