"""Does the sea of a file end in the middle of the district? A cut is straight, long, and far from any outline."""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.shoreline import REACH_M, Areas

LONG_M = 3000.0
"""A cut is at least so long and straight: coarse shores have straight pieces too."""
AROUND_M = 5000.0
"""Beyond a cut the shore may wander by as much."""

_STRAIGHT_M = 1.0
_SLANT_M = 100.0  # a side of a box in degrees is not quite upright in metres


class SeaEnd(NamedTuple):
    """Where the sea of a file ends inside the district.

    Attributes
    ----------
    edge
        The cut, which is no shore (metres).
    beyond
        Where it may have gone on, to the end of the district: as wide as the cut and :data:`AROUND_M` on either side.
    """

    edge: shapely.Geometry
    beyond: shapely.Geometry


def sea_ends(water: shapely.Geometry, areas: Areas) -> list[SeaEnd]:
    """Find the sides of the sea's own extent that cut through the district.

    Examples
    --------
    >>> desa = np.array([shapely.box(x, -2000, x + 2000, 0) for x in range(0, 10_000, 2000)])
    >>> [end.beyond.bounds for end in sea_ends(shapely.box(-5000, 0, 5500, 9000), desa)]
    [(5850.0, -5000.0, 10000.0, 14000.0)]
    >>> sea_ends(shapely.box(-5000, 0, 15000, 9000), desa)
    []
    """
    if shapely.is_empty(water):
        return []
    limits, extent = shapely.total_bounds(areas), shapely.bounds(water)
    lines = shapely.get_parts(shapely.boundary(shapely.simplify(water, _STRAIGHT_M)))
    spots, line = shapely.get_coordinates(lines, return_index=True)
    follows = np.flatnonzero(line[1:] == line[:-1])
    start, end = spots[follows], spots[follows + 1]
    long = np.hypot(*(end - start).T) >= LONG_M
    start, end = start[long], end[long]
    ends = []
    for side in range(4):  # west, south, east, north
        axis, at = side % 2, extent[side]
        if not limits[axis] + REACH_M < at < limits[axis + 2] - REACH_M:
            continue
        along = (np.abs(start[:, axis] - at) < _SLANT_M) & (np.abs(end[:, axis] - at) < _SLANT_M)
        cuts = shapely.linestrings(np.stack([start[along], end[along]], axis=1))
        cuts = cuts[_mostly_far(cuts, areas)]
        if len(cuts):
            edge = shapely.union_all(cuts)
            sweep = np.array(shapely.bounds(edge)) + AROUND_M * np.array([-1, -1, 1, 1])
            before = (
                side == axis
            )  # west or south: there the sea would have gone on towards smaller coordinates
            gone_on = (limits[axis], at - REACH_M) if before else (at + REACH_M, limits[axis + 2])
            sweep[[axis, axis + 2]] = gone_on
            ends.append(SeaEnd(edge, shapely.box(*sweep)))
    return [end for end in ends if unseen(areas, [end]).any()]


def unseen(areas: Areas, ends: list[SeaEnd]) -> NDArray[np.bool_]:
    """Say which areas lie, in part, where the sea may have gone on."""
    hidden = np.zeros(len(areas), dtype=bool)
    for end in ends:
        hidden |= shapely.intersects(areas, end.beyond)
    return hidden


def _mostly_far(cuts: Areas, areas: Areas) -> NDArray[np.bool_]:
    close = areas[shapely.dwithin(areas, shapely.union_all(cuts), REACH_M)]
    near = shapely.union_all(shapely.buffer(close, REACH_M))
    far: NDArray[np.bool_] = shapely.length(shapely.intersection(cuts, near)) < shapely.length(cuts) / 2
    return far
