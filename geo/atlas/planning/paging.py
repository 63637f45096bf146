"""Puts the maps of a desa's dense parts on pages: four, two or one on each."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from geo.atlas.planning.ground import as_view
from geo.atlas.planning.plan import Detail, SheetPlan
from geo.atlas.planning.splitting import SIZES, Leaf

LETTERS = "abcd"
QUARTER, HALF, WHOLE = SIZES

NEIGHBOURS = 3
FEW_HOUSES = 20
"""A map of no more houses joins another where it can."""

Enlarge = Callable[[Leaf, int], Leaf | None]
Join = Callable[[Leaf, Leaf], Leaf | None]


def gathered(leaves: Sequence[Leaf], join: Join) -> list[Leaf]:
    """Join leaves of few houses with a neighbour, where the map of both is no larger than the larger of the two.

    Parameters
    ----------
    leaves
        All of one desa; their boxes do not overlap, nor do those returned.
    join
        Makes one leaf of two, or returns none.
    """
    left = list(leaves)
    for small in sorted(leaves, key=lambda leaf: len(leaf.spots.houses)):
        if len(small.spots.houses) > FEW_HOUSES or small not in left:
            continue
        others = [leaf for leaf in left if leaf is not small]
        for other in sorted(others, key=lambda leaf: _apart(leaf, small))[:NEIGHBOURS]:
            both = join(small, other)
            if both and not any(_overlap(both, leaf) for leaf in others if leaf is not other):
                left = [both if leaf is other else leaf for leaf in others]
                break
    return left


def _apart(one: Leaf, other: Leaf) -> float:
    """Return how far two boxes are from each other (metres)."""
    a, b = np.array(one.box), np.array(other.box)
    return float(np.hypot(*np.maximum(np.maximum(a[:2] - b[2:], b[:2] - a[2:]), 0)))


def _overlap(one: Leaf, other: Leaf) -> bool:
    a, b = one.box, other.box
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


def pages(leaves: Sequence[Leaf], enlarge: Enlarge) -> list[list[Leaf]]:
    """Gather leaves of one size on pages, near ones together; what would leave a page half empty takes more room.

    Parameters
    ----------
    leaves
        All of one desa, near ones next to each other.
    enlarge
        Makes the map of a leaf so large (windows on a page), or returns none.
    """
    quarters, halves, done = (
        [leaf for leaf in leaves if leaf.windows == size] for size in (QUARTER, HALF, WHOLE)
    )
    spare = len(quarters) % QUARTER
    if spare == HALF or (spare and len(halves) % HALF):
        for leaf in quarters[-min(spare, HALF) :]:
            larger = enlarge(leaf, HALF)
            if larger:
                quarters.remove(leaf)
                halves.append(larger)
    for alike, size in ((quarters, QUARTER), (halves, HALF)):
        larger = enlarge(alike[-1], WHOLE) if len(alike) % size == 1 else None
        if larger:
            alike.pop()
            done.append(larger)
    order = {leaf.box: place for place, leaf in enumerate(leaves)}
    gathered = [[leaf] for leaf in done]
    for alike, size in ((quarters, QUARTER), (halves, HALF)):
        alike.sort(key=lambda leaf: order[leaf.box])
        gathered += [alike[start : start + size] for start in range(0, len(alike), size)]
    return sorted(gathered, key=lambda page: order[page[0].box])


def detail_sheets(
    desa: int, gathered: Sequence[Sequence[Leaf]]
) -> tuple[tuple[SheetPlan, ...], tuple[Detail, ...]]:
    """Make the sheets of a desa after its first from the pages, and what the first says of them."""
    sheets, names = [], []
    for part, page in enumerate(gathered, start=2):
        layout, windows = page[0].layout, page[0].windows
        views = []
        for leaf, window, letter in zip(page, layout.windows(windows), LETTERS, strict=False):
            name = letter if windows > 1 else ""
            shift = np.array([window.map.left - leaf.frame.map.left, window.map.top - leaf.frame.map.top])
            placed = replace(leaf.placed, corner=leaf.placed.corner + shift)
            views.append(as_view(replace(leaf.frame, map=window.map), name, leaf.spots, placed))
            names.append(Detail(f"{part}{name}", leaf.box))
        sheets.append(SheetPlan(desa, part, len(gathered) + 1, layout, windows, tuple(views)))
    return tuple(sheets), tuple(names)
