"""Households with a point of their own, sorted so that those of any tile are a few slices."""

from dataclasses import dataclass

import numpy as np

from geo.filters import HouseholdArrays

FIRST_ZOOM, LAST_ZOOM = 13, 16
"""Zooms that are made.

From 13 a pixel is 19 m on the ground at the equator, about from one yard to the next; further out the marks of one RT
lie upon each other, and a heap of marks tells less than the coloured desa. At 16 a step of a tile is 15 cm, finer than
any position; further in the browser enlarges.
"""

_DEPTH = 16
_AROUND = np.array([(dx, dy) for dy in (-1, 0, 1) for dx in (-1, 0, 1)], dtype=np.int64)


@dataclass(frozen=True)
class TileIndex:
    """Points in the order in which they are drawn, and the way to those of a tile.

    Attributes
    ----------
    rows
        Position of each point in the arrays of households: by class of need, then by row of the sheet.
    sheet_row, classes, chosen, x, y
        Of these households, as in :class:`geo.filters.HouseholdArrays`.
    by_place
        The points along the curve of Morton: those of any tile of any zoom are next to each other.
    codes
        Their places on that curve, ascending.
    """

    rows: np.ndarray
    sheet_row: np.ndarray
    classes: np.ndarray
    chosen: np.ndarray
    x: np.ndarray
    y: np.ndarray
    by_place: np.ndarray
    codes: np.ndarray

    def inside(self, zoom: int, column: int, row: int, margin: float) -> np.ndarray:
        """Return the points of a tile in the order in which they are drawn.

        Parameters
        ----------
        zoom, column, row
            The tile; zoom at most 16.
        margin
            How far beyond its edges, in tiles; at most 1.
        """
        starts, ends = self._near(zoom, column, row)
        near = np.concatenate([self.by_place[start:end] for start, end in zip(starts, ends, strict=True)])
        x, y = self.x[near] * 2**zoom - column, self.y[near] * 2**zoom - row
        near = near[(x >= -margin) & (x < 1 + margin) & (y >= -margin) & (y < 1 + margin)]
        return np.sort(near)

    def is_empty_near(self, zoom: int, column: int, row: int) -> bool:
        """Tell whether a tile, and all tiles about it, hold no point: most of a screen of sea or hills."""
        starts, ends = self._near(zoom, column, row)
        return bool((starts == ends).all())

    def _near(self, zoom: int, column: int, row: int) -> tuple[np.ndarray, np.ndarray]:
        """Return where along the curve the points of a tile and of those about it begin and end."""
        tiles = np.array([column, row]) + _AROUND
        tiles = tiles[((tiles >= 0) & (tiles < 2**zoom)).all(axis=1)]
        shift = 2 * (_DEPTH - zoom)
        first = morton(tiles[:, 0], tiles[:, 1])
        starts = np.searchsorted(self.codes, first << shift)
        return starts, np.searchsorted(self.codes, (first + 1) << shift)


def tile_index(arrays: HouseholdArrays) -> TileIndex:
    """Sort the households that have a point of their own."""
    rows = np.flatnonzero(arrays.has_point)
    rows = rows[np.lexsort((arrays.sheet_row[rows], arrays.classes[rows]))]
    x, y = arrays.x[rows], arrays.y[rows]
    cells = [np.clip(place * 2**_DEPTH, 0, 2**_DEPTH - 1).astype(np.int64) for place in (x, y)]
    codes = morton(*cells)
    order = np.argsort(codes, kind="stable")
    return TileIndex(
        rows=rows,
        sheet_row=arrays.sheet_row[rows],
        classes=arrays.classes[rows],
        chosen=arrays.chosen[rows],
        x=x,
        y=y,
        by_place=order.astype(np.int32),
        codes=codes[order],
    )


def morton(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the place of cells on the curve of Morton: the bits of x and y by turns.

    Parameters
    ----------
    x, y
        Whole numbers below 65 536.

    Examples
    --------
    >>> morton(np.array([0, 1, 0, 1, 2]), np.array([0, 0, 1, 1, 0])).tolist()
    [0, 1, 2, 3, 4]
    """
    spread: np.ndarray = _spread(x) | (_spread(y) << 1)
    return spread


def _spread(values: np.ndarray) -> np.ndarray:
    spread = values.astype(np.int64)
    for step, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        spread = (spread | (spread << step)) & mask
    return spread
