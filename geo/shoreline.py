"""Which areas face the sea? A rule that holds where shore lines and borders lie tens of metres apart."""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

REACH_M = 350.0
"""How far the sea may lie off an outline that faces it: shore lines of different origin differ by as much."""
LEAST_M = 20.0
"""An area is coastal when so much of its outline faces a sea that touches it."""
LEAST_SHARE = 0.5
"""The further off the sea, the more of the outline must face it: so much of the distance."""
CHANNEL_M = 100.0
"""Water narrower than this is a river mouth or a slip between two drawings, not the sea."""
USUAL = 0.75
"""So much of the outline that faces the sea lies no further off it than what is usual here."""
BEYOND_M = 200.0
"""Where the sea lies further off than usual here by more than this, something else lies between."""

_STEP_M = 20.0  # longest piece of an outline that is looked at as one
_ALONG_M = 30.0  # nearer than this an outline runs along the shore, and which way the sea lies is noise
_END_M = 2.0  # of a line of sight: its ends lie on outlines, and on water whose corners were rounded

Areas = NDArray[np.object_]
Floats = NDArray[np.float64]


class Facing(NamedTuple):
    """How areas lie to the sea.

    Attributes
    ----------
    metres
        How much of the outline of each area faces a sea no further off than ``reach_m``.
    far_metres
        The same within the reach that was asked for.
    distance_m
        How far the sea (or its shore, where only that is known) lies from each area.
    gap_m
        How far off half of what faces the sea lies from it; missing where nothing does.
    reach_m
        What is usual between outlines and sea here, and :data:`BEYOND_M`; at most the reach that was asked for.
    """

    metres: Floats
    far_metres: Floats
    distance_m: Floats
    gap_m: Floats
    reach_m: float

    def least(self, least_m: float = LEAST_M) -> Floats:
        """Return how much of the outline of each area must face the sea for it to be coastal."""
        return np.maximum(least_m, LEAST_SHARE * self.distance_m)


def facing(
    areas: Areas, shore: shapely.Geometry, water: shapely.Geometry | None = None, reach_m: float = REACH_M
) -> Facing:
    """Return how many metres of the outline of each area face the sea.

    A piece of an outline faces the sea when open water lies within reach of it and no area stands between. It
    counts by the cosine of the angle between its own direction and the shore's: borders that run away from the sea
    count for little, however far the water reaches along them. How far the sea may lie off is learned from all
    outlines: a drawing of the shore that is shifted or coarse is off everywhere, foreign land lies before a few.

    Parameters
    ----------
    areas
        Polygons, metres.
    shore
        Lines of the shore, metres; on which side of them the sea lies need not be known.
    water
        Polygons of the sea, metres. Areas may reach into it: what they cover is land. Without it, everything near
        the shore that no area covers is taken for the sea, and a shore far inside an area is its own.
    reach_m
        The furthest that the sea may lie off an outline that faces it.

    Examples
    --------
    A second row behind a strip of 150 m does not face a sea that lies 80 m off.

    >>> rows = np.array([shapely.box(0, 0, 1000, 150), shapely.box(0, -900, 1000, 0)])
    >>> sea = shapely.box(-2000, 230, 3000, 9000)
    >>> facing(rows, shapely.boundary(sea), sea).metres.round(-2)
    array([1000.,    0.])
    """
    metres, far, usual, off = np.zeros(len(areas)), np.zeros(len(areas)), reach_m, np.full(len(areas), np.nan)
    known = shore if water is None else water
    shapely.prepare(known)
    distance = shapely.distance(known, areas)
    close = np.flatnonzero(distance <= reach_m)
    if not len(close):
        return Facing(metres, far, distance, off, usual)
    near = areas[close]
    west, south, east, north = shapely.total_bounds(near)
    round_m = 4 * reach_m  # no more of the sea and its shore is looked at around the areas
    frame = (west - round_m, south - round_m, east + round_m, north + round_m)
    shore = shapely.clip_by_rect(shore, *frame)
    if water is None:
        wet = shapely.buffer(shore, reach_m + CHANNEL_M)
    else:
        wet = shapely.intersection(water, shapely.box(*frame))
    sea = _open_water(wet, near)
    if not shapely.is_empty(sea) and not shapely.is_empty(shore):
        owner, counts, gap = _seen(near, shore, sea, reach_m, lines=water is None)
        at_once = np.zeros(len(owner), dtype=np.intp)
        usual = float(np.fmin(reach_m, _quantile(gap, counts, at_once, 1, USUAL)[0] + BEYOND_M))
        off[close] = _quantile(gap, counts, owner, len(near), 1 / 2)
        far[close] = np.bincount(owner, counts, len(near))
        metres[close] = np.bincount(owner, counts * (gap <= usual), len(near))
    if water is None:
        own = _shore_inside(near, shore, reach_m)
        off[close[own > far[close]]] = 0.0
        far[close], metres[close] = np.maximum(far[close], own), np.maximum(metres[close], own)
    return Facing(metres, far, distance, off, usual)


def _seen(
    areas: Areas, shore: shapely.Geometry, sea: shapely.Geometry, reach_m: float, *, lines: bool
) -> tuple[NDArray[np.intp], Floats, Floats]:
    """Return the pieces of outlines that face the sea: whose they are, what they count, how far off it lies."""
    start, end, owner = _pieces(areas)
    middle = (start + end) / 2
    place, heading = _nearest(shore, middle)
    spot = _nearest(shapely.boundary(sea), middle)[0]
    towards = place - middle
    off = np.hypot(*towards.T)
    # open water begins at the outline where only lines are known: then the line says how far off the sea is
    gap = np.where(_covered(place, areas), 0.0, off) if lines else np.hypot(*(spot - middle).T)
    seen = np.flatnonzero((off if lines else gap) <= reach_m)
    seen = seen[_free(middle[seen], spot[seen], areas)]
    along, towards, heading, off = (end - start)[seen], towards[seen], heading[seen], off[seen]
    across = np.abs(along[:, 0] * towards[:, 1] - along[:, 1] * towards[:, 0])
    beside = np.abs((along * heading).sum(axis=1))
    return owner[seen], np.where(off > _ALONG_M, across / np.maximum(off, _ALONG_M), beside), gap[seen]


def _quantile(values: Floats, weights: Floats, group: NDArray[np.intp], count: int, share: float) -> Floats:
    """Return the value of each group below which so much of its weight lies; missing where there is none."""
    order = np.lexsort((values, group))
    total = np.bincount(group, weights, count)
    group = group[order]
    reached = np.cumsum(weights[order]) - (np.cumsum(total) - total)[group] >= share * total[group] - 1e-6
    present, first = np.unique(group[reached], return_index=True)
    found = np.full(count, np.nan)
    found[present] = values[order][reached][first]
    return found


def _shore_inside(areas: Areas, shore: shapely.Geometry, reach_m: float) -> Floats:
    """Return how much of the shore lies in each area with areas before and behind it, as far as the reach.

    Areas with territory at sea hold the shore well inside. Where no area is before it, the shore belongs to the
    outline there, even where it was drawn off its place, over a thin area and into the next.
    """
    # which way it runs, not each turn of it
    start, end = _segments(shapely.simplify(shore, CHANNEL_M), _STEP_M)
    middle = (start + end) / 2
    inside, owner = shapely.STRtree(areas).query(shapely.points(middle), predicate="within")
    length = np.hypot(*(end - start)[inside].T)
    across = (
        (end - start)[inside][:, ::-1] * np.array([1, -1]) * (reach_m / np.maximum(length, 1e-9))[:, None]
    )
    land = shapely.union_all(areas)
    # between the banks of a river two lines grow into one another
    rivers = shapely.buffer(shapely.buffer(shore, CHANNEL_M / 2), -CHANNEL_M / 2 - _END_M)
    shapely.prepare([land, rivers])
    both = np.stack([middle[inside] - across, middle[inside] + across], axis=1)
    deep = shapely.covers(land, shapely.linestrings(both))
    deep &= ~shapely.dwithin(rivers, shapely.points(middle[inside]), CHANNEL_M / 2)
    metres: Floats = np.bincount(owner[deep], length[deep], len(areas)).astype(float)
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


def _segments(lines: shapely.Geometry, step_m: float) -> tuple[Floats, Floats]:
    parts = shapely.get_parts(lines)
    fine = shapely.segmentize(parts[shapely.length(parts) > 0], step_m)
    spots, line = shapely.get_coordinates(fine, return_index=True)
    follows = np.flatnonzero(line[1:] == line[:-1])
    return spots[follows], spots[follows + 1]


def _nearest(lines: shapely.Geometry, spots: Floats) -> tuple[Floats, Floats]:
    """Return the place on lines that lies nearest to each spot, to half the length of a piece, and its heading."""
    start, end = _segments(lines, _STEP_M / 2)
    tree = cKDTree((start + end) / 2, balanced_tree=False, compact_nodes=False)
    nearest = tree.query(spots, workers=-1)[1]
    heading = (end - start)[nearest]
    length = np.hypot(*heading.T)[:, None]
    return ((start + end) / 2)[nearest], heading / np.maximum(length, 1e-9)


def _covered(spots: Floats, areas: Areas) -> NDArray[np.bool_]:
    covered = np.zeros(len(spots), dtype=bool)
    covered[shapely.STRtree(areas).query(shapely.points(spots), predicate="within")[0]] = True
    return covered


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
