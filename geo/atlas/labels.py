"""Room on a map: numbers beside their marks and names on their ground, none over another."""

from dataclasses import dataclass

import numpy as np

from geo.atlas.layout import Rect

PIXEL_MM = 0.4
NEAR_MM, FAR_MM = 1.25, (3.2, 5.2, 7.5, 10.5)
DIRECTIONS = np.array([(1, 0), (1, -1), (1, 1), (-1, 0), (-1, -1), (-1, 1), (0, -1), (0, 1)], dtype=float)
"""Where a number is tried first: right of its mark, then above and below right, then left, then over it."""


class Room:
    """Which part of a map is still free, kept as a raster of small pixels."""

    def __init__(self, frame: Rect) -> None:
        self._frame = frame
        self._taken = np.zeros(
            (int(frame.height / PIXEL_MM) + 1, int(frame.width / PIXEL_MM) + 1), dtype=bool
        )

    def take_marks(self, xy: np.ndarray, size: float) -> None:
        """Take a square of so many millimetres around each point (n, 2)."""
        offsets = np.arange(-size / 2, size / 2 + PIXEL_MM / 2, PIXEL_MM)
        column = ((xy[:, 0, None] - self._frame.left + offsets) / PIXEL_MM).astype(int)
        row = ((xy[:, 1, None] - self._frame.top + offsets) / PIXEL_MM).astype(int)
        height, width = self._taken.shape
        self._taken[row.clip(0, height - 1)[:, :, None], column.clip(0, width - 1)[:, None, :]] = True

    def take(self, left: float, top: float, width: float, height: float) -> bool:
        """Take a rectangle if it is free and inside the map, and say whether it was."""
        frame = self._frame
        if left < frame.left or top < frame.top or left + width > frame.right or top + height > frame.bottom:
            return False
        rows = slice(int((top - frame.top) / PIXEL_MM), int((top + height - frame.top) / PIXEL_MM) + 1)
        columns = slice(int((left - frame.left) / PIXEL_MM), int((left + width - frame.left) / PIXEL_MM) + 1)
        window = self._taken[rows, columns]
        if window.any():
            return False
        window[:] = True
        return True


@dataclass(frozen=True)
class Placed:
    """Labels that found room: which of those given, their upper left corner in mm, and who needs a leader."""

    which: np.ndarray
    corner: np.ndarray
    leader: np.ndarray


def place_numbers(room: Room, marks: np.ndarray, widths: np.ndarray, height: float) -> Placed:
    """Find room for a label beside each mark, nearest place first; farther ones get a leader line.

    Greedy: each label takes the first free place in its turn, so this is a loop over the labels of one sheet.

    Parameters
    ----------
    room
        What is taken already; the places found are taken in it.
    marks
        Middles of the marks (n, 2) in millimetres on the page.
    widths, height
        Size of each label in millimetres.
    """
    unit = DIRECTIONS / np.hypot(*DIRECTIONS.T)[:, None]
    reach = np.concatenate([unit * distance for distance in (NEAR_MM, *FAR_MM)])
    lean = np.tile(np.sign(DIRECTIONS), (1 + len(FAR_MM), 1))
    tries = np.hstack([reach, (lean - 1) / 2]).tolist()
    which, corners, far = [], [], []
    for label, ((x, y), width) in enumerate(zip(marks.tolist(), widths.tolist(), strict=True)):
        for place, (dx, dy, shift_x, shift_y) in enumerate(tries):
            left, top = x + dx + shift_x * width, y + dy + shift_y * height
            if room.take(left, top, width, height):
                which.append(label)
                corners.append((left, top))
                far.append(place >= len(DIRECTIONS))
                break
    return Placed(np.array(which, dtype=int), np.array(corners).reshape(-1, 2), np.array(far, dtype=bool))
