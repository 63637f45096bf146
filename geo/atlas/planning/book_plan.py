"""Plans a book: the sheets of each desa, their maps and scales, and on which of them each number stands."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from geo.atlas.listing import IN_NEED
from geo.atlas.paper.frame import Frame, cell_name, cells, frame_for
from geo.atlas.paper.layout import Layout
from geo.atlas.planning.ground import Ground, as_view, shown_in
from geo.atlas.planning.paging import detail_sheets, gathered, pages
from geo.atlas.planning.placing import Placed
from geo.atlas.planning.plan import BookPlan, DesaPlan, SheetPlan
from geo.atlas.planning.splitting import COMFORT, USEFUL_SCALE, Leaf, Splitter
from geo.atlas.planning.spots import Spots, make_spots
from geo.atlas.selection import Selection

AROUND_M = 150.0
"""So much ground is shown around the chosen houses of a desa."""

WAY_IN, FEW_CHOSEN, MANY_OTHERS = (5_000, 7_500, 10_000), 4, 20
"""So far a map of chosen houses widens until it shows the border of the desa or so many others; at once for a few."""

STRAY = 1.5
"""Houses far outside their desa do not make the scale of its first sheet so many times smaller."""

CROWD_MM, HAMLET_MM = 5.0, 4.0
"""Houses so near one without room for its number go with it; on a map of small scale, also any so near each other."""

FEW_HOUSES, WALKED_SCALE = 20, 30_000
"""A detail of no more houses is worth its paper only when the first sheet has no room for their numbers,
or is of so small a scale that nobody walks by it."""

MOST_ROWS = 10_000
"""No map has as many rows of its grid."""

DENSE_MM, MOST_AROUND = 4.5, 9
"""More numbers than that around one do not find room, or only with a thicket of leaders."""


def plan_book(
    listed: pd.DataFrame,
    selection: Selection,
    shapes: np.ndarray,
    choices: Sequence[Layout],
    label_widths: Callable[[Sequence[str]], np.ndarray],
    *,
    details: bool = True,
) -> BookPlan:
    """Plan the sheets of a book, so that every chosen house that has a point has its number on exactly one map.

    Parameters
    ----------
    listed
        As made by ``book_households``.
    selection
        What the book is for.
    shapes
        Ground of each desa of the selection, in metres of the CRS of ``listed``.
    choices
        Layouts that a sheet may take.
    label_widths
        Widths (mm) of texts as numbers are set, :data:`geo.atlas.planning.labels.NUMBER_PT` bold.
    details
        Without them each desa has one sheet, with numbers as far as they find room; members of its view are those.
    """
    xy = listed[["x", "y"]].to_numpy(dtype=float)
    number, desa = listed["number"].to_numpy(), listed["desa"].to_numpy()
    located, chosen = ~np.isnan(xy).any(axis=1), listed["chosen"].to_numpy(dtype=bool)
    starts = np.searchsorted(desa, np.arange(len(selection.desa) + 1))
    wanted = np.flatnonzero(located & chosen)
    spots = make_spots(wanted, desa[wanted], number[wanted], xy[wanted], label_widths)
    spot_starts = np.searchsorted(desa[spots.first], np.arange(len(selection.desa) + 1))
    others = np.flatnonzero(located & ~chosen)
    needy = (listed["need"] < IN_NEED).to_numpy()
    plans = []
    for place in range(len(selection.desa)):
        of_desa = np.arange(spot_starts[place], spot_starts[place + 1])
        around = others[slice(*np.searchsorted(desa[others], (place, place + 1)))]
        ground = Ground(spots.take(of_desa), xy, number, needy, around, label_widths)
        rows = np.arange(starts[place], starts[place + 1])
        plans.append(
            DesaPlan(
                place,
                _sheets(place, ground, shapes[place], choices, whole=selection.rows is None, details=details),
                rows[chosen[rows] & ~located[rows]],
            )
        )
    return BookPlan(_with_places(listed, plans, xy), tuple(plans))


def _sheets(
    desa: int,
    ground: Ground,
    shape: shapely.Geometry,
    choices: Sequence[Layout],
    *,
    whole: bool,
    details: bool,
) -> tuple[SheetPlan, ...]:
    spots = ground.spots
    bounds, near = _first_ground(ground, shape, choices, whole=whole, details=details)
    layout, frame = _best(bounds, choices)
    if not whole and len(spots):
        layout, frame = _way_in(ground, shape, bounds, choices)
    shown = np.flatnonzero(near & ~_dense(spots, frame))
    placed = ground.place(frame, spots.take(shown), all_or_none=False, among=True)
    placed = replace(placed, which=shown[placed.which])
    first = SheetPlan(desa, 1, 1, layout, 1, (as_view(frame, "", spots, placed),))
    if not details:
        return (first,)
    crowded = _crowded(ground, frame, placed)
    if not crowded.any():
        return (first,)
    splitter = Splitter(ground, crowded, choices, layout)
    leaves = splitter.split(np.arange(len(spots)))
    leaves, kept = _taken_back(ground, frame, placed, near, gathered(leaves, splitter.join))
    if not leaves:
        return (replace(first, views=(as_view(frame, "", spots, kept),)),)
    others, entries = detail_sheets(desa, pages(leaves, splitter.enlarge))
    overview = replace(
        first, parts=len(others) + 1, views=(as_view(frame, "", spots, kept),), details=entries
    )
    return (overview, *others)


def _taken_back(
    ground: Ground, frame: Frame, placed: Placed, near: np.ndarray, leaves: Sequence[Leaf]
) -> tuple[list[Leaf], Placed]:
    """Return the leaves that need a map of their own, and the numbers of the first sheet.

    That has more room when its crowds are elsewhere, so a few houses come back to it if all numbers find some.
    """
    left = list(leaves)
    kept = _kept(ground, frame, placed, left)
    for leaf in sorted(leaves, key=lambda leaf: len(leaf.spots.houses)):
        if len(leaf.spots.houses) > FEW_HOUSES or frame.scale > WALKED_SCALE:
            break
        others = [other for other in left if other is not leaf]
        which = np.flatnonzero(~np.isin(ground.spots.first, _houses(others)))
        if not near[which].all():
            continue
        anew = ground.place(frame, ground.spots.take(which), all_or_none=True, among=True)
        if len(anew.which) == len(which):
            left, kept = others, replace(anew, which=which[anew.which])
    return left, kept


def _kept(ground: Ground, frame: Frame, placed: Placed, leaves: Sequence[Leaf]) -> Placed:
    """Return the numbers that stay on the first sheet; placed anew, as there is more room now, if all find some."""
    stay = ~np.isin(ground.spots.first[placed.which], _houses(leaves))
    which = np.sort(placed.which[stay])
    anew = ground.place(frame, ground.spots.take(which), all_or_none=True, among=True)
    if len(anew.which) == len(which):
        return replace(anew, which=which[anew.which])
    return Placed(placed.which[stay], placed.corner[stay], placed.leader[stay])


def _houses(leaves: Sequence[Leaf]) -> np.ndarray:
    return np.concatenate([np.zeros(0, dtype=int), *(leaf.spots.houses for leaf in leaves)])


def _first_ground(
    ground: Ground, shape: shapely.Geometry, choices: Sequence[Layout], *, whole: bool, details: bool
) -> tuple[tuple[float, float, float, float], np.ndarray]:
    """Return the ground of the first sheet, and which spots stand on it."""
    spots = ground.spots
    low, high = np.split(np.array(shapely.bounds(shape)), 2)
    if len(spots):
        reach = spots.bounds[:, :2].min(axis=0), spots.bounds[:, 2:].max(axis=0)
        if not whole:
            return _box(reach[0] - AROUND_M, reach[1] + AROUND_M), np.ones(len(spots), dtype=bool)
        wide = _box(np.fmin(low, reach[0]), np.fmax(high, reach[1]))
        own = _best(_box(low, high), choices)[1] if np.isfinite(low).all() else None
        if not details or own is None or _best(wide, choices)[1].scale <= STRAY * own.scale:
            return wide, np.ones(len(spots), dtype=bool)
        west, south, east, north = own.bounds
        inside = (spots.bounds >= (west, south, west, south)) & (spots.bounds <= (east, north, east, north))
        return _box(low, high), np.asarray(inside.all(axis=1))
    return _box(np.nan_to_num(low), np.nan_to_num(high)), np.ones(0, dtype=bool)


def _way_in(
    ground: Ground,
    shape: shapely.Geometry,
    bounds: tuple[float, float, float, float],
    choices: Sequence[Layout],
) -> tuple[Layout, Frame]:
    """Return a map of the chosen houses on which something else is known: many other houses, or the border.

    As long as their numbers find room, and not of too small a scale.
    """
    found = _best(bounds, choices)
    others = ground.xy[ground.others]
    for largest in WAY_IN:
        frame = found[1]
        known = shapely.intersects(shapely.boundary(shape), shapely.box(*frame.bounds))
        if (known or shown_in(frame, others).sum() >= MANY_OTHERS) and (
            len(ground.spots) > FEW_CHOSEN or frame.scale >= WAY_IN[0]
        ):
            break
        wider = _best(bounds, choices, largest)
        placed = ground.place(wider[1], ground.spots, all_or_none=True, among=True)
        if len(placed.which) < len(ground.spots):
            break
        found = wider
    return found


def _box(low: np.ndarray, high: np.ndarray) -> tuple[float, float, float, float]:
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _best(
    bounds: tuple[float, float, float, float], choices: Sequence[Layout], largest: int = COMFORT
) -> tuple[Layout, Frame]:
    """Return the layout that shows some ground at the largest scale."""
    frames = [frame_for(bounds, layout.windows(1)[0].map, largest=largest) for layout in choices]
    best = min(range(len(frames)), key=lambda place: frames[place].scale)
    return choices[best], frames[best]


def _dense(spots: Spots, frame: Frame) -> np.ndarray:
    """Tell without a try where numbers are too many for the first sheet."""
    paper = frame.on_paper(spots.xy)
    if not len(paper):
        return np.zeros(0, dtype=bool)
    around = cKDTree(paper).query_ball_point(paper, DENSE_MM, return_length=True)
    return np.asarray(around > MOST_AROUND)


def _crowded(ground: Ground, frame: Frame, placed: Placed) -> np.ndarray:
    """Return which spots belong on a detail: without room, close to such, or in a hamlet on a map of small scale."""
    crowded = np.ones(len(ground.spots), dtype=bool)
    crowded[placed.which] = False
    if not len(crowded):
        return crowded
    tree = cKDTree(frame.on_paper(ground.spots.xy))
    if frame.scale > USEFUL_SCALE:
        pairs = tree.query_pairs(HAMLET_MM, output_type="ndarray")
        crowded[pairs.ravel()] = True
    if crowded.any():
        nearest = cKDTree(tree.data[crowded]).query(tree.data, distance_upper_bound=CROWD_MM)[0]
        crowded = np.isfinite(nearest)
    return crowded


def _with_places(listed: pd.DataFrame, plans: Sequence[DesaPlan], xy: np.ndarray) -> pd.DataFrame:
    """Add the sheet and the grid cell of each chosen household."""
    part = np.zeros(len(listed), dtype=np.int64)
    cell = np.full(len(listed), "", dtype=object)
    for plan in plans:
        for sheet in plan.sheets:
            for view in sheet.views:
                members = view.members
                part[members] = sheet.part
                frame = view.frame
                column, row = cells(
                    xy[members], np.array(frame.west), np.array(frame.north), np.array(frame.step_m)
                )
                places, which = np.unique(column * MOST_ROWS + row, return_inverse=True)
                pairs = np.stack(np.divmod(places.astype(int), MOST_ROWS), axis=1).tolist()
                names = [view.letter + cell_name(*pair) for pair in pairs]
                cell[members] = np.array(names, dtype=object)[which]
    return listed.assign(part=part, cell=cell)
