"""Room on a map: numbers beside their marks and names on their ground, none over another."""

from collections.abc import Sequence

import numpy as np

from geo.atlas.paper.layout import Rect

NUMBER_PT, NUMBER_MM = 7.0, 2.2
"""Letters of a house number (bold) and the height of its label, or of each row of a label with several."""

PIXEL_MM = 0.4
FREE, RATHER_NOT, TAKEN = 0, 1, 2


class Room:
    """Which part of a map is still free, kept as a raster of small pixels."""

    def __init__(self, frame: Rect) -> None:
        self.frame = frame
        shape = max(1, int(frame.height / PIXEL_MM)), max(1, int(frame.width / PIXEL_MM))
        self.level = np.zeros(shape, dtype=np.uint8)

    def take_marks(self, xy: np.ndarray, size: float, *, rather: bool = False) -> None:
        """Take a square of so many millimetres around each point (n, 2).

        With ``rather``, a label only prefers to keep off it, and whatever is taken already stays so.
        """
        offsets = np.arange(-size / 2, size / 2 + PIXEL_MM / 2, PIXEL_MM)
        column = np.floor((xy[:, 0, None] - self.frame.left + offsets) / PIXEL_MM).astype(int)
        row = np.floor((xy[:, 1, None] - self.frame.top + offsets) / PIXEL_MM).astype(int)
        height, width = self.level.shape
        where = row.clip(0, height - 1)[:, :, None], column.clip(0, width - 1)[:, None, :]
        self.level[where] = np.maximum(self.level[where], RATHER_NOT) if rather else TAKEN

    def take(self, left: float, top: float, width: float, height: float) -> bool:
        """Take a rectangle if nothing stands in it and it is inside the map, and say whether it was so."""
        frame = self.frame
        if left < frame.left or top < frame.top or left + width > frame.right or top + height > frame.bottom:
            return False
        window = self._window(left, top, width, height)
        if (window == TAKEN).any():
            return False
        window[:] = TAKEN
        return True

    def nearest(
        self, box: Rect, width: float, height: float, *, over: int = RATHER_NOT
    ) -> tuple[float, float] | None:
        """Return the upper left corner of the free rectangle nearest to a box, or none where there is none.

        ``over``: the worst that it may cover.
        """
        rows, columns = (int(np.ceil(side / PIXEL_MM)) + 1 for side in (height, width))
        free = self.blocked([(rows, columns)])[0][:-1].reshape(self.level.shape) <= over
        row, column = free.nonzero()
        if not len(row):
            return None
        left, top = self.frame.left + column * PIXEL_MM, self.frame.top + row * PIXEL_MM
        across = np.maximum(np.maximum(box.left - width - left, left - box.right), 0)
        down = np.maximum(np.maximum(box.top - height - top, top - box.bottom), 0)
        # Within the box no place is better than another but its corner.
        best = np.lexsort([np.hypot(left - box.left, top - box.top), np.hypot(across, down)])[0]
        return float(left[best]), float(top[best])

    def fill(self, left: float, top: float, width: float, height: float) -> None:
        """Take a rectangle, whatever stands there."""
        self._window(left, top, width, height)[:] = TAKEN

    def blocked(self, boxes: Sequence[tuple[int, int]]) -> list[np.ndarray]:
        """Return the worst level under boxes of so many rows and columns of pixels, one flat array a box.

        For each pixel, row by row, as the upper left corner of the box; a box that leaves the map is taken, and so is
        the one more pixel at the end.
        """
        height, width = self.level.shape
        high = {rows: _worst(self.level, rows) for rows in {rows for rows, _ in boxes}}
        found = []
        for rows, columns in boxes:
            worst = _worst(high[rows].T, columns).T
            flat = np.full(height * width + 1, TAKEN, dtype=np.uint8)
            flat[:-1].reshape(height, width)[: worst.shape[0], : worst.shape[1]] = worst
            found.append(flat)
        return found

    def _window(self, left: float, top: float, width: float, height: float) -> np.ndarray:
        frame = self.frame
        rows = slice(
            max(0, int((top - frame.top) / PIXEL_MM)), int((top + height - frame.top) / PIXEL_MM) + 1
        )
        columns = slice(
            max(0, int((left - frame.left) / PIXEL_MM)), int((left + width - frame.left) / PIXEL_MM) + 1
        )
        return self.level[rows, columns]


def _worst(level: np.ndarray, count: int) -> np.ndarray:
    """Return the maximum of so many rows, from each row on that has them all below it."""
    if count > len(level):
        return level[:0]
    reach = 1
    while reach < count:
        step = min(reach, count - reach)
        level = np.maximum(level[:-step], level[step:])
        reach += step
    return level
