"""Which areas face the sea? A rule that holds where shore lines and borders lie tens of metres apart."""

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

REACH_M = 350.0
"""How far the sea may lie off an outline that faces it: shore lines of different origin differ by as much."""
CHANNEL_M = 100.0
"""Water narrower than this is a river mouth or a slip between two drawings, not the sea."""
LEAST_M = 100.0
"""An area is coastal when so much of its outline faces the sea."""

_STEP_M = 20.0  # longest piece of an outline that is looked at as one
_ROUND_M = 4 * REACH_M  # of the sea and its shore no more is looked at around the areas
_ALONG_M = 30.0  # nearer than this an outline runs along the shore, and which way the sea lies is noise
_END_M = 2.0  # of a line of sight: its ends lie on outlines, and on water whose corners were rounded

Areas = NDArray[np.object_]
Floats = NDArray[np.float64]


def facing_length(areas: Areas, shore: shapely.Geometry, water: shapely.Geometry | None = None) -> Floats:
    """Return how many metres of the outline of each area face the sea.

    A piece of an outline faces the sea when open water lies within ``REACH_M`` of it and no area stands between. It
    counts by the cosine of the angle between its own direction and the shore's: borders that run away from the sea
    count for little, however far the water reaches along them.

    Parameters
    ----------
    areas
        Polygons, metres.
    shore
        Lines of the shore, metres; on which side of them the sea lies need not be known.
    water
        Polygons of the sea, metres. Areas may reach into it: what they cover is land. Without it, everything within
        ``REACH_M`` of the shore that no area covers is taken for the sea.

    Examples
    --------
    A second row behind a strip of 150 m does not face a sea that lies 80 m off.

    >>> rows = np.array([shapely.box(0, 0, 1000, 150), shapely.box(0, -900, 1000, 0)])
    >>> sea = shapely.box(-2000, 230, 3000, 9000)
    >>> facing_length(rows, shapely.boundary(sea), sea).round()
    array([1000.,    0.])
    """
    metres = np.zeros(len(areas))
    known = shore if water is None else water
    close = np.sort(shapely.STRtree(areas).query(known, predicate="dwithin", distance=REACH_M))
    if not len(close):
        return metres
    near = areas[close]
    west, south, east, north = shapely.total_bounds(near)
    frame = (west - _ROUND_M, south - _ROUND_M, east + _ROUND_M, north + _ROUND_M)
    shore = shapely.clip_by_rect(shore, *frame)
    wet = (
        shapely.buffer(shore, REACH_M) if water is None else shapely.intersection(water, shapely.box(*frame))
    )
    sea = _open_water(wet, near)
    if shapely.is_empty(sea) or shapely.is_empty(shore):
        return metres
    start, end, owner = _pieces(near)
    middle = (start + end) / 2
    towards = _nearest(shore, middle) - middle
    off = np.hypot(*towards.T)
    spot = _nearest(shapely.boundary(sea), middle)
    seen = np.flatnonzero((off if water is None else np.hypot(*(spot - middle).T)) <= REACH_M)
    seen = seen[_free(middle[seen], spot[seen], near)]
    along, towards, off = (end - start)[seen], towards[seen], off[seen]
    across = np.abs(along[:, 0] * towards[:, 1] - along[:, 1] * towards[:, 0])
    counts = np.where(off > _ALONG_M, across / np.maximum(off, _ALONG_M), np.hypot(*along.T))
    metres[close] = np.bincount(owner[seen], counts, len(near))
    return metres


def _open_water(water: shapely.Geometry, areas: Areas) -> shapely.Geometry:
    """Return the sea without what the areas cover and without channels, unless it is no more than channels."""
    wet = shapely.difference(water, shapely.union_all(areas))
    eroded = shapely.buffer(wet, -CHANNEL_M / 2, quad_segs=4)
    opened = shapely.buffer(eroded, CHANNEL_M / 2, quad_segs=4)
    return opened if shapely.area(opened) >= shapely.area(wet) / 2 else wet


def _pieces(areas: Areas) -> tuple[Floats, Floats, NDArray[np.intp]]:
    parts, owner = shapely.get_parts(areas, return_index=True)
    rings, polygon = shapely.get_rings(parts, return_index=True)
    spots, ring = shapely.get_coordinates(shapely.segmentize(rings, _STEP_M), return_index=True)
    follows = np.flatnonzero(ring[1:] == ring[:-1])
    return spots[follows], spots[follows + 1], owner[polygon[ring[follows]]]


def _nearest(lines: shapely.Geometry, spots: Floats) -> Floats:
    """Return the place on lines that lies nearest to each spot, to half the length of a piece."""
    parts = shapely.get_parts(lines)
    places = shapely.get_coordinates(shapely.segmentize(parts[shapely.length(parts) > 0], _STEP_M / 2))
    tree = cKDTree(places, balanced_tree=False, compact_nodes=False)
    nearest: Floats = places[tree.query(spots, workers=-1)[1]]
    return nearest


def _free(start: Floats, end: Floats, areas: Areas) -> NDArray[np.bool_]:
    """Say between which starts and ends no area stands."""
    length = np.hypot(*(end - start).T)
    free = np.ones(len(start), dtype=bool)
    far = np.flatnonzero(length > _STEP_M / 2)  # nearer than the pieces are exact, it runs along the outline
    step = (end - start)[far] * (_END_M / length[far])[:, None]
    sights = shapely.linestrings(np.stack([start[far] + step, end[far] - step], axis=1))
    sight, area = shapely.STRtree(areas).query(sights)
    shapely.prepare(areas)
    free[far[sight[shapely.intersects(areas[area], sights[sight])]]] = False
    return free
