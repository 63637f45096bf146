"""The laws of scale: bar, printed coordinates, names of cells and the measure say the same."""

import numpy as np

from scripts.book_checks.faults import Findings
from scripts.book_checks.laws import BAR, GEO, GRID, GROUND_M, PLACE_MM, SCALE, SCALE_TOLERANCE
from scripts.book_checks.maps import Map, column_place
from scripts.book_checks.pages import to_grid

TURNED = 1e-4


def check_scale(map_: Map, where: str, found: Findings) -> None:
    """Compare the printed scale and its bar with the georeference."""
    per_mm = np.hypot(*map_.view.fit[:2])
    off = np.abs(per_mm * 1000 / map_.scale - 1).max() if map_.scale else np.inf
    turned = abs(map_.view.fit[0, 1] / map_.view.fit[0, 0])
    wrong = off > SCALE_TOLERANCE or turned > TURNED
    found.law(SCALE, faults=[f"{where}: 1:{map_.scale}, {per_mm} m a mm"] if wrong else [], worst=off)
    if map_.bar is None:
        found.law(BAR, faults=[f"{where}: no scale bar"])
        return
    length, metres = map_.bar
    off = abs(length * per_mm[0] / metres - 1)
    fault = f"{where}: {length:.3f} mm for {metres} m at 1:{map_.scale}"
    found.law(BAR, faults=[fault] if off > SCALE_TOLERANCE else [], worst=off)


def check_grid(map_: Map, where: str, found: Findings) -> tuple[int, int] | None:
    """Check what the collar says, and return what to add to whole grid steps for the places of column and row."""
    view, step = map_.view, map_.step
    left, top, right, bottom = view.box
    east, north = map_.coordinates
    faults, worst = [], 0.0
    for printed, axis in ((east, 0), (north, 1)):
        page = np.column_stack([printed[:, 0], np.full(len(printed), bottom)])
        if axis:
            page = np.column_stack([np.full(len(printed), left), printed[:, 0]])
        off = np.abs(view.to_ground(page)[:, axis] - printed[:, 1]) * 1000 / max(map_.scale, 1)
        worst = max([worst, *off.tolist()])
        if (off > PLACE_MM / 3).any():
            faults.append(f"{where}: coordinates {printed[off > PLACE_MM / 3, 1]} are {off.max():.2f} mm off")
        if step and (printed[:, 1] % step).any():
            faults.append(f"{where}: a grid of {step} m, yet lines {printed[:3, 1]}")
    if not len(east) and not len(north):
        faults.append(f"{where}: no coordinate at all")
    if not step:
        found.law(GRID, faults=[*faults, f"{where}: the width of a cell is not told"])
        return None
    columns = np.array([(column_place(name), x) for name, x in map_.columns.items()]).reshape(-1, 2)
    rows = np.array([(number - 1, y) for number, y in map_.rows.items()]).reshape(-1, 2)
    if not len(columns) or not len(rows):
        found.law(GRID, faults=[*faults, f"{where}: no names of cells"])
        return None
    east_of = view.to_ground(np.column_stack([columns[:, 1], np.full(len(columns), top)]))[:, 0]
    north_of = view.to_ground(np.column_stack([np.full(len(rows), right), rows[:, 1]]))[:, 1]
    shift = columns[:, 0] - np.floor(east_of / step)
    down = rows[:, 0] + np.floor(north_of / step)
    if np.ptp(shift) or np.ptp(down):
        faults.append(f"{where}: names of cells do not count on")
    found.law(GRID, tried=len(columns) + len(rows) + len(east) + len(north), faults=faults, worst=worst)
    _check_measure(map_, where, east, north, found)
    return int(shift[0]), int(down[0])


def _check_measure(map_: Map, where: str, east: np.ndarray, north: np.ndarray, found: Findings) -> None:
    """Compare the told positions with what scale and printed coordinates say."""
    if not len(east) or not len(north) or not map_.scale:
        return
    view, metres = map_.view, map_.scale / 1000
    left, top, right, bottom = view.box
    west = float(np.mean(east[:, 1] - (east[:, 0] - left) * metres))
    south = float(np.mean(north[:, 1] - (bottom - north[:, 0]) * metres))
    extent = np.array([right - left, bottom - top]) * metres
    off = np.hypot(*(view.ground - ((west, south) + view.local * extent)).T)
    # A reader of phones puts degrees straight between the four corners.
    corners = [
        int(np.argmin(np.abs(view.local - corner).sum(axis=1))) for corner in ((0, 0), (0, 1), (1, 1), (1, 0))
    ]
    middle = view.lat_lon[corners].mean(axis=0)[None, ::-1]
    bend = float(np.hypot(*(to_grid(middle, view.epsg)[0] - (west, south) - extent / 2)))
    if len(view.local) > len(corners):
        found.told["maps with more than four points in their measure"] += 1
        bend = 0.0
    worst = max(float(off.max()), bend)
    fault = f"{where}: {off.max():.2f} m at a told place, {bend:.2f} m in the middle"
    found.law(GEO, faults=[fault] if worst > GROUND_M else [], worst=worst)
