"""Finds room for the numbers of a map: beside their marks, or further off with a leader line."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from geo.atlas.planning.labels import PIXEL_MM, TAKEN, Room

NEAR_MM, FAR_MM = 1.1, (3.2, 5.2, 7.5, 10.5, 14.0)
NEAR = np.array([(1, 0), (1, -1), (1, 1), (-1, 0), (-1, -1), (-1, 1), (0, -1), (0, 1)], dtype=float)
"""Where a number is tried first: right of its mark, then above and below right, then left, then over it."""

_TILT = np.arange(0, 90, 15)
_TURN = np.radians(np.stack([_TILT, 180 - _TILT, -_TILT, 180 + _TILT], axis=1).ravel()[[0, 1, *range(4, 24)]])
_TURN = np.append(_TURN, np.radians([90, -90]))
_RAYS = np.column_stack([np.cos(_TURN), np.sin(_TURN)]).round(9)
"""Directions of leaders, those first that end beside a number rather than over or under it."""

_ALONG_MM = np.arange(1.4, max(FAR_MM) - 0.4, 0.8 * PIXEL_MM)
_LEADERS = _RAYS[:, None] * _ALONG_MM[:, None]
PHASES = 4
_MIDDLES = (np.arange(PHASES) + 0.5) / PHASES
_STEPS = [
    np.floor(_LEADERS[None, :, :, axis] / PIXEL_MM + _MIDDLES[:, None, None]).astype(int) for axis in (0, 1)
]
"""Columns and rows that leaders pass from their mark's pixel, by where in it the mark stands."""

_PASSED = np.searchsorted(_ALONG_MM, np.array(FAR_MM) - 0.4) - 1


APART = 2
"""So many pixels are left beside each number, that two of them are not read as one."""

SURE_MM = 0.1
"""A number beside its mark is nearer to that than to any other by so much at least."""

CELL, REACH, OUTWARDS = 3, 3, 3.0
"""Marks are counted in cells of so many pixels, within so many cells; each weighs as much as so many ranks."""

TOGETHER = 16
"""Labels whose leaders are looked for at a time."""

LED = 0.3
"""Where all numbers must find room, no larger share has leaders: a thicket, and seldom room for the last of them."""

TRIES, FEW = 3, 0.06
"""Where all numbers must find room, those that found none (no more than this share) go first in another try."""


@dataclass(frozen=True)
class Placed:
    """Labels that found room: which of those given, their upper left corner in mm, and who needs a leader."""

    which: np.ndarray
    corner: np.ndarray
    leader: np.ndarray


def place_numbers(
    room: Room,
    marks: np.ndarray,
    sizes: np.ndarray,
    *,
    rivals: np.ndarray | None = None,
    all_or_none: bool = False,
) -> Placed:
    """Find room for a label beside each mark, nearest place first; farther ones get a leader line.

    Greedy: each label in its turn takes the first place that is free, those with the fewest places first; then
    those that found none beside their mark take one with a leader that passes over nothing. So this is a loop over
    the labels of one map.

    Parameters
    ----------
    room
        What is taken already; the places and leaders found are taken in it.
    marks
        Middles of the marks (n, 2) in millimetres on the page.
    sizes
        Width and height (n, 2) of each label in millimetres.
    rivals
        Middles of all marks that have a number, these too, though it be on another map; without: ``marks``.
    all_or_none
        Give up, with nothing placed, as soon as one of them finds no room.
    """
    marks, sizes = (
        np.asarray(marks, dtype=float).reshape(-1, 2),
        np.asarray(sizes, dtype=float).reshape(-1, 2),
    )
    placer = _Placer(room, marks, sizes, marks if rivals is None else rivals)
    urgent = np.zeros(len(marks), dtype=int)
    most = max(1, int(FEW * len(marks))) if all_or_none else len(marks)
    for attempt in range(TRIES if all_or_none else 1):
        if attempt:
            placer.clear()
        far = placer.beside(urgent)
        if all_or_none and len(far) > max(1, LED * len(marks)):
            missed = far.tolist()
            break
        missed = placer.with_leader(far, most)
        if not missed or len(missed) > most:
            break
        urgent[missed] += 1
    if all_or_none and missed:
        return Placed(np.zeros(0, dtype=int), np.zeros((0, 2)), np.zeros(0, dtype=bool))
    row, column = np.array(placer.row, dtype=int), np.array(placer.column, dtype=int)
    which = np.flatnonzero(row >= 0)
    slack = placer.pixels[which] * PIXEL_MM - placer.sizes[which]
    corner = np.column_stack([column[which], row[which]]) * PIXEL_MM + slack / 2
    return Placed(
        which,
        corner + np.array([room.frame.left, room.frame.top]),
        np.array(placer.leader, dtype=bool)[which],
    )


class _Placer:
    """The state of one map's labels while they are placed, in whole pixels."""

    def __init__(self, room: Room, marks: np.ndarray, sizes: np.ndarray, rivals: np.ndarray) -> None:
        self.room, self.marks, self.sizes, self.rivals = room, marks, sizes, rivals
        self.pixels = np.ceil(sizes / PIXEL_MM - 1e-9).astype(int).reshape(-1, 2)
        self.height, self.width = room.level.shape
        kinds, self._kind = np.unique(self.pixels, axis=0, return_inverse=True)
        self._kind = self._kind.ravel()
        self._kinds = [(int(rows), int(columns)) for columns, rows in kinds]
        # One more cell than the raster, always taken: where every place outside the map is looked up.
        self._free = room.blocked(self._kinds)
        # Where no leader may pass: the middle of a mark, a number, another leader.
        self._marked = np.zeros(self.height * self.width, dtype=np.uint8)
        self._marked[self._cells(marks)] = TAKEN
        self._before = room.level.copy()
        self._size, self._kind_of = self.pixels.tolist(), self._kind.tolist()
        self._boxes = [
            (np.arange(rows)[:, None] * self.width + np.arange(columns)).ravel()
            for rows, columns in self._kinds
        ]
        self._beside = self._near_places()
        self._begin()

    def clear(self) -> None:
        """Take all labels off again."""
        self.room.level[:] = self._before
        self._begin()

    def _begin(self) -> None:
        self._flat = [free.copy() for free in self._free]
        self._blocked = {
            kind: (rows, columns, flat[:-1].reshape(self.height, self.width))
            for kind, ((rows, columns), flat) in enumerate(zip(self._kinds, self._flat, strict=True))
        }
        self._waiting = np.bincount(self._kind).tolist()
        self._passed = self._marked.copy()
        self._lines = self._passed.reshape(self.height, self.width)
        count = len(self.marks)
        self.row, self.column, self.leader = [-1] * count, [-1] * count, [False] * count

    def _near_places(self) -> tuple[np.ndarray, list[list[int]], list[list[int]], np.ndarray]:
        """Return cell, row and column of the places beside each mark, best first, and how many are free at first."""
        which = np.arange(len(self.marks))
        unit = NEAR / np.hypot(*NEAR.T)[:, None]
        row, column, cell = self._places(which, unit * NEAR_MM, NEAR)
        free = np.empty(cell.shape, dtype=bool)
        for kind, flat in enumerate(self._free):
            of_kind = self._kind == kind
            free[of_kind] = flat[cell[of_kind]] < TAKEN
        cell[self._astray(row, column)] = self.height * self.width
        order = self._outwards(which, row, column)
        row, column, cell = (np.take_along_axis(values, order, axis=1) for values in (row, column, cell))
        return cell, row.tolist(), column.tolist(), free.sum(axis=1)

    def _astray(self, row: np.ndarray, column: np.ndarray) -> np.ndarray:
        """Tell at which places beside its mark a label would be nearer to another mark, or as near (label, place)."""
        origin = np.array([self.room.frame.left, self.room.frame.top])
        marks, rivals = self.marks - origin, self.rivals - origin
        reach = self.sizes.max(axis=0, initial=0.0) + 2 * NEAR_MM + 4 * PIXEL_MM
        near = cKDTree(marks / reach).sparse_distance_matrix(
            cKDTree(rivals / reach), 1.0, p=np.inf, output_type="ndarray"
        )
        own, other = near["i"], near["j"]
        # Of houses on one spot a number may stand beside any.
        apart = (np.abs(marks[own] - rivals[other]) > SURE_MM).any(axis=1)
        own, other = own[apart], other[apart]
        half = self.sizes[:, None] / 2
        middle = (np.stack([column, row], axis=2) + self.pixels[:, None] / 2) * PIXEL_MM
        far = _beyond(marks[:, None] - middle, half)
        nearer = _beyond(rivals[other, None] - middle[own], half[own]) < far[own] + SURE_MM
        astray = np.zeros(row.shape, dtype=bool)
        pair, place = nearer.nonzero()
        astray[own[pair], place] = True
        return astray

    def beside(self, urgent: np.ndarray) -> np.ndarray:
        """Place what finds room beside its mark, the most urgent first; return the rest."""
        cell, row, column, free = self._beside
        flats = [self._flat[kind] for kind in self._kind_of]
        rest = []
        for label in np.lexsort([free, -urgent]).tolist():
            level = flats[label][cell[label]]
            place = level.argmin()
            if level[place] < TAKEN:
                self._put(label, row[label][place], column[label][place])
            else:
                rest.append(label)
        return np.array(rest, dtype=int)

    def _outwards(self, which: np.ndarray, row: np.ndarray, column: np.ndarray) -> np.ndarray:
        """Return the order of places beside each mark: where few other marks stand, then by rank."""
        high, wide = self.height // CELL + 1, self.width // CELL + 1
        side = 2 * REACH + 1
        crowd = np.zeros((high + side, wide + side), dtype=np.int32)
        at = self._cells(self.marks)
        place = (at // self.width // CELL + REACH + 1) * (wide + side) + at % self.width // CELL + REACH + 1
        crowd.ravel()[:] = np.bincount(place, minlength=crowd.size)
        total = crowd.cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32)
        size = self.pixels[which]
        down = _within((row + size[:, 1:] // 2) // CELL, high)
        along = _within((column + size[:, :1] // 2) // CELL, wide)
        around = (
            total[down + side, along + side]
            - total[down, along + side]
            - total[down + side, along]
            + total[down, along]
        )
        return np.argsort(around * OUTWARDS + np.arange(row.shape[1]), axis=1, kind="stable")

    def with_leader(self, which: np.ndarray, most: int) -> list[int]:
        """Place what finds room further off, where its leader passes over nothing; return those that do not.

        Gives up when they are more than ``most``.
        """
        missed: list[int] = []
        for start in range(0, len(which), TOGETHER):
            missed += self._with_leader(which[start : start + TOGETHER])
            if len(missed) > most:
                break
        return missed

    def _with_leader(self, which: np.ndarray) -> list[int]:
        reach = (np.array(FAR_MM)[:, None, None] * _RAYS).reshape(-1, 2)
        row, column, cell = self._places(which, reach, reach)
        place = (self.marks[which] - (self.room.frame.left, self.room.frame.top)) / PIXEL_MM
        pixel = np.floor(place).astype(int)
        phase = ((place - pixel) * PHASES).astype(int)
        last = len(self._passed) - 1
        missed = []
        for turn, label in enumerate(which.tolist()):
            level = self._flat[self._kind[label]][cell[turn]]
            rays = np.flatnonzero(level.reshape(-1, len(_RAYS)).min(axis=0) < TAKEN)
            if len(rays):
                along, down = (_STEPS[axis][phase[turn, axis], rays] for axis in (0, 1))
                # Beyond the sides of the map, where no label stands, it does not matter what is passed.
                passed = (pixel[turn, 1] + down) * self.width + pixel[turn, 0] + along
                passed = np.minimum(np.maximum(passed, 0), last)
                clear = np.maximum.accumulate(self._passed[passed], axis=1)[:, _PASSED].T
                level = level.reshape(-1, len(_RAYS))
                level[:, rays] = np.maximum(level[:, rays], clear)
                level = level.ravel()
            place = int(level.argmin())
            if level[place] < TAKEN:
                self.leader[label] = True
                far, ray = divmod(place, len(_RAYS))
                self._stamp_line(passed[np.searchsorted(rays, ray), : _PASSED[far] + 1])
                self._put(label, int(row[turn, place]), int(column[turn, place]))
            else:
                missed.append(label)
        return missed

    def _places(
        self, which: np.ndarray, reach: np.ndarray, lean: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return row, column and cell of the upper left corner of each label at each place (label, place)."""
        origin = np.array([self.room.frame.left, self.room.frame.top])
        spot = (self.marks[which, None] - origin + reach) / PIXEL_MM
        corner = spot + (np.sign(lean) - 1) / 2 * self.pixels[which, None]
        # Away from the mark, so that rounding never pushes a label onto it.
        away = np.where(
            lean > 0, np.ceil(corner - 1e-9), np.where(lean < 0, np.floor(corner), corner.round())
        )
        column, row = away[..., 0].astype(int), away[..., 1].astype(int)
        outside = (row < 0) | (column < 0) | (row >= self.height) | (column >= self.width)
        return row, column, np.where(outside, self.height * self.width, row * self.width + column)

    def _cells(self, xy: np.ndarray) -> np.ndarray:
        spot = ((xy - (self.room.frame.left, self.room.frame.top)) / PIXEL_MM).astype(int)
        return np.asarray(_within(spot[..., 1], self.height) * self.width + _within(spot[..., 0], self.width))

    def _put(self, label: int, row: int, column: int) -> None:
        self.row[label], self.column[label] = row, column
        columns, rows = self._size[label]
        bottom, right = row + rows, column + columns
        self.room.level[row:bottom, column:right] = TAKEN
        self._lines[row:bottom, column:right] = TAKEN
        kind = self._kind_of[label]
        self._waiting[kind] -= 1
        if not self._waiting[kind]:
            del self._blocked[kind]
        for high, wide, blocked in self._blocked.values():
            top, left = row - high + 1, column - wide + 1 - APART
            blocked[max(0, top) : bottom, max(0, left) : right + APART] = TAKEN

    def _stamp_line(self, cells: np.ndarray) -> None:
        self.room.level.ravel()[cells] = TAKEN
        self._passed[cells] = TAKEN
        # What wraps around an edge of the raster falls on places that are taken, as a box there would leave the map.
        for kind in self._blocked:
            flat, box = self._flat[kind], self._boxes[kind]
            flat[np.maximum(cells[:, None] - box, -1)] = TAKEN


def _within(places: np.ndarray, count: int) -> np.ndarray:
    return np.asarray(np.minimum(np.maximum(places, 0), count - 1))


def _beyond(off: np.ndarray, half: np.ndarray) -> np.ndarray:
    """Return how far points are from boxes of such half sides, by their distance (…, 2) from the middle."""
    over = np.maximum(np.abs(off) - half, 0)
    return np.asarray(np.hypot(over[..., 0], over[..., 1]))
