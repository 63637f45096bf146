"""The minimum spanning tree of the density of points in the plane: exact, and fast enough for a whole register.

Source of the density: Campello, Moulavi & Sander, Density-based clustering based on hierarchical density estimates
(PAKDD 2013), definitions 5 and 6.
"""

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree
from scipy.spatial import Delaunay, cKDTree

BAND = 1.6
"""Each band of lengths ends so many times further out than it begins."""

FIRST_LOOK = 24
"""Neighbours that are looked up for every point; more for those of whom more are needed."""

FAR = 4
"""The points around a triangulation lie so many times its width away."""


class Tree(NamedTuple):
    """Edges of a spanning forest, the shortest first.

    Attributes
    ----------
    pairs
        The two points of each edge, the lesser first; shape (edges, 2).
    apart
        Metres between them.
    length
        Their mutual reachability in metres, at least ``apart``.
    """

    pairs: np.ndarray
    apart: np.ndarray
    length: np.ndarray

    def where(self, kept: np.ndarray) -> "Tree":
        """Return some of the edges."""
        return Tree(self.pairs[kept], self.apart[kept], self.length[kept])


def spanning_tree(points: np.ndarray, minimum: int, distance_m: float = np.inf) -> Tree:
    """Return the minimum spanning forest of the mutual reachability, of links up to ``distance_m``.

    The mutual reachability of two points is the largest of their distance apart and of the reach of either: how far
    it is to its ``minimum``-th point, itself counted, and at most ``distance_m``. Edges as long are in the order
    of their distance apart, then of the points: a point that joins two groups at once goes with the nearer one, and
    there is but one such forest.

    Parameters
    ----------
    points
        Metres, shape (n, 2), no two alike.
    minimum
        Points of a neighbourhood. With 1 this is the Euclidean spanning tree.
    distance_m
        Longer links are left out.

    Examples
    --------
    >>> spanning_tree(np.array([[0.0, 0.0], [1.0, 0.0], [3.0, 0.0]]), 2).length.tolist()
    [1.0, 2.0]

    Notes
    -----
    Exact as far as the triangulation is: points closer to each other than a millionth of the width of all may be
    joined by a link that is not the very shortest.

    An edge longer than its ends are apart is as long as the reach of one of them, so it lies within that reach. Any
    other, of length ``w``, is in the Euclidean spanning tree of the points that reach at most ``w``, hence in that
    of any of these among which both ends are, hence in their Delaunay triangulation. So the lengths are taken in
    bands. Of points that reach no further than where a band begins, its triangulation finds the edge; where an end
    has its reach within the band, the edge lies within the band's end from it, and is looked up there.
    """
    reach = np.minimum(cKDTree(points).query(points, k=[min(minimum, len(points))])[0][:, 0], distance_m)
    ends = _bands(reach, distance_m)
    near = _measured(points, reach, _within(points, ends[np.searchsorted(ends, reach)]))
    band = np.searchsorted(ends, near.length)
    part = np.arange(len(points))
    found = []
    for number, end in enumerate(ends):
        edges = near.where(band == number)
        if number:
            start = ends[number - 1]
            dense = np.flatnonzero(reach <= start)
            dense = dense[_faces_another(points[dense], part[dense], end)]
            far = _measured(points, reach, dense[_triangulated(points[dense])])
            edges = _together(edges, far.where((far.apart > start) & (far.apart <= end)))
        # what shorter edges have joined already is in no forest
        edges = edges.where(part[edges.pairs[:, 0]] != part[edges.pairs[:, 1]])
        found.append(edges)
        part = _components(part[edges.pairs], len(points))[part]
    return _shortest(_together(*found), len(points))


def _bands(reach: np.ndarray, distance_m: float) -> np.ndarray:
    """Return the ends of the bands: from the least reach until every point is dense, and then all the rest."""
    ends = [reach[reach > 0].min(initial=reach.max())]
    while ends[-1] < reach.max():
        ends.append(min(ends[-1] * BAND, reach.max()))
    return np.array(ends if ends[-1] >= distance_m else [*ends, distance_m])


def _measured(points: np.ndarray, reach: np.ndarray, pairs: np.ndarray) -> Tree:
    apart = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    return Tree(pairs, apart, np.maximum(apart, reach[pairs].max(axis=1)))


def _together(*edges: Tree) -> Tree:
    return Tree(*(np.concatenate(column) for column in zip(*edges, strict=True)))


def _components(links: np.ndarray, count: int) -> np.ndarray:
    graph = coo_array((np.ones(len(links), dtype=bool), links.T), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1])


def _shortest(edges: Tree, count: int) -> Tree:
    """Return the minimum spanning forest of a graph, in the one order of its edges."""
    edges = edges._replace(pairs=np.sort(edges.pairs, axis=1))
    _, once = np.unique(edges.pairs @ np.array([count, 1]), return_index=True)
    edges = edges.where(once)
    edges = edges.where(np.lexsort((edges.apart, edges.length)))
    ranks = coo_array((np.arange(1.0, len(edges.pairs) + 1), edges.pairs.T), shape=(count, count))
    return edges.where(np.sort(minimum_spanning_tree(ranks.tocsr()).data).astype(np.int64) - 1)


def _faces_another(points: np.ndarray, part: np.ndarray, distance_m: float) -> np.ndarray:
    """Tell which points may have a point of another part within a distance: in their cell or the eight around it."""
    if not np.isfinite(distance_m) or not len(points):
        return np.ones(len(points), dtype=bool)
    column, row = np.floor((points - points.min(axis=0)) / distance_m).astype(np.int64).T + 1
    wide = row.max() + 2
    cells, cell = np.unique(column * wide + row, return_inverse=True)
    order = np.argsort(cell, kind="stable")
    starts = np.searchsorted(cell[order], np.arange(len(cells)))
    least, most = (way.reduceat(part[order], starts) for way in (np.minimum, np.maximum))
    low, high = least.copy(), most.copy()
    for step in (-wide - 1, -wide, -wide + 1, -1, 1, wide - 1, wide, wide + 1):
        place = np.minimum(np.searchsorted(cells, cells + step), len(cells) - 1)
        there = cells[place] == cells + step
        low[there] = np.minimum(low, least[place])[there]
        high[there] = np.maximum(high, most[place])[there]
    faces = low != high
    return np.asarray(faces[cell])


def _within(points: np.ndarray, upto: np.ndarray) -> np.ndarray:
    """Return the pairs of points that are no further apart than one of them reaches."""
    tree, count = cKDTree(points), FIRST_LOOK // 2
    left = np.flatnonzero(upto > 0)
    found = []
    while left.size:
        count = min(count * 2, len(points))
        apart, other = tree.query(points[left], k=np.arange(1, count + 1))
        inside = apart <= upto[left, None]
        whole = ~inside[:, -1] | (count == len(points))
        own, place = np.nonzero(inside & whole[:, None])
        found.append(np.column_stack([left[own], other[own, place]]))
        left = left[~whole]
    pairs = np.concatenate([*found, np.zeros((0, 2), dtype=np.int64)])
    return np.asarray(pairs[pairs[:, 0] != pairs[:, 1]])


def _triangulated(points: np.ndarray) -> np.ndarray:
    """Return the pairs of the Delaunay triangulation, of points in a line too.

    Three points far around them make it a triangulation always, and take no edge of the spanning tree away: the
    circle across such an edge holds no other point, and reaches not so far.
    """
    if len(points) < 2:  # noqa: PLR2004
        return np.zeros((0, 2), dtype=np.int64)
    corners = FAR * np.ptp(points, axis=0).max() * np.array([[-1.0, -1.0], [1.0, -1.0], [0.0, 1.0]])
    mesh = Delaunay(np.vstack([points - points.mean(axis=0), corners]))
    sides = mesh.simplices[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    pairs = np.concatenate([sides, mesh.coplanar[:, [0, 2]]])
    return np.asarray(pairs[(pairs < len(points)).all(axis=1)], dtype=np.int64)
