"""Polygons made to fit: broken rings, small overlaps and small gaps mended, large ones only told."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Shapes = NDArray[np.object_]
Places = NDArray[np.intp]

SMALL_M2 = 10_000.0
"""A smaller overlap or gap (1 ha) is a slip of the hand, and is mended."""
SLIVER_M = 5.0
"""So is one that is narrower, however long: two tracings of one border."""
SPECK_M2 = 1.0
"""What is smaller comes from rounding and is not worth a word."""
SLITS_SHARE = 0.01
"""Share of all borders from which on neighbours that do not meet are a fault of the file."""
REACH_M = 0.01
"""How near a border runs to count as shared."""


@dataclass(frozen=True)
class Fault:
    """A piece of land that two desa claim, or that none does.

    ``places`` are positions in the array of polygons: both claimants (the first keeps the piece), or the one
    with the longest border to a gap.
    """

    places: tuple[int, ...]
    area_m2: float
    mended: bool


@dataclass(frozen=True)
class Cleaned:
    """Polygons in metres without small faults, and every fault that was met.

    ``slits_m`` is the length of narrow gaps that open to the outside, which are left; nought where they are
    too short to tell a fault from a creek.
    """

    shapes: Shapes
    overlaps: tuple[Fault, ...]
    gaps: tuple[Fault, ...]
    slits_m: float


def polygons_only(shapes: Shapes) -> Shapes:
    """Return valid polygons or multipolygons without height; lines and points are dropped.

    Examples
    --------
    >>> bow_tie = shapely.from_wkt("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))")
    >>> polygons_only(np.array([bow_tie]))[0].normalize().wkt
    'MULTIPOLYGON (((1 1, 2 2, 2 0, 1 1)), ((0 0, 0 2, 1 1, 0 0)))'
    """
    flat: Shapes = shapely.force_2d(shapes)
    bad = ~shapely.is_valid(flat)
    flat[bad] = shapely.make_valid(flat[bad], method="structure", keep_collapsed=False)
    for place in np.flatnonzero(shapely.get_type_id(flat) == shapely.GeometryType.GEOMETRYCOLLECTION):
        parts = shapely.get_parts(shapely.get_parts(flat[place]))
        flat[place] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])  # noqa: PLR2004 - an area
    flat[shapely.get_dimensions(flat) < 2] = shapely.Polygon()  # noqa: PLR2004 - likewise
    return flat


def clean(shapes: Shapes) -> Cleaned:
    """Mend small overlaps and gaps between polygons; leave large ones as they are.

    A small overlap stays with the smaller polygon, a small gap goes to the neighbour with the longest border.

    Parameters
    ----------
    shapes
        Valid polygons in a CRS in metres.
    """
    mended, overlaps = _without_overlaps(shapes)
    mended, gaps = _without_gaps(mended)
    if all(fault.mended for fault in overlaps) and not shapely.coverage_is_valid(mended):
        # only edges that differ by rounding are left: neighbours get the very same vertices
        mended = polygons_only(np.asarray(shapely.coverage_clean(mended)))
    return Cleaned(mended, tuple(overlaps), tuple(gaps), _slits_m(mended))


def _without_overlaps(shapes: Shapes) -> tuple[Shapes, list[Fault]]:
    if shapely.coverage_is_valid(shapes):
        return shapes, []
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    left, right = left[left < right], right[left < right]
    pieces, pair = shapely.get_parts(shapely.intersection(shapes[left], shapes[right]), return_index=True)
    area = shapely.area(pieces)
    pieces, pair, area = pieces[area > SPECK_M2], pair[area > SPECK_M2], area[area > SPECK_M2]
    small = _is_small(pieces)
    swap = shapely.area(shapes[left]) > shapely.area(shapes[right])
    keeper, giver = np.where(swap, right, left)[pair], np.where(swap, left, right)[pair]
    mended = shapes.copy()
    for place in np.unique(giver[small]):
        given = shapely.union_all(pieces[small & (giver == place)])
        mended[place] = polygons_only(np.array([shapely.difference(mended[place], given)]))[0]
    faults = zip(keeper.tolist(), giver.tolist(), area.tolist(), small.tolist(), strict=True)
    return mended, [Fault((k, g), m2, mended=little) for k, g, m2, little in faults]


def _without_gaps(shapes: Shapes) -> tuple[Shapes, list[Fault]]:
    whole = shapely.union_all(shapes)
    outlines = shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(whole)))
    gaps = shapely.get_parts(shapely.difference(shapely.union_all(outlines), whole))
    gaps = gaps[shapely.area(gaps) > SPECK_M2]
    mended, faults = shapes.copy(), []
    tree = shapely.STRtree(shapes)
    for gap, small in zip(gaps, _is_small(gaps), strict=True):
        near = tree.query(gap, predicate="dwithin", distance=REACH_M)
        border = shapely.intersection(shapely.boundary(gap), shapely.buffer(shapes[near], REACH_M))
        owner = int(near[np.argmax(shapely.length(border))])
        if small:
            mended[owner] = polygons_only(np.array([shapely.union(mended[owner], gap)]))[0]
        faults.append(Fault((owner,), float(shapely.area(gap)), mended=bool(small)))
    return mended, faults


def _slits_m(shapes: Shapes) -> float:
    if not shapely.coverage_is_valid(shapes):
        return 0.0
    apart = float(shapely.length(shapely.coverage_invalid_edges(shapes, gap_width=SLIVER_M)).sum())
    return apart / 2 if apart > SLITS_SHARE * float(shapely.length(shapes).sum()) else 0.0


def _is_small(pieces: Shapes) -> NDArray[np.bool_]:
    area, length = shapely.area(pieces), shapely.length(pieces)
    small: NDArray[np.bool_] = (area < SMALL_M2) | (2 * area < SLIVER_M * length)
    return small
