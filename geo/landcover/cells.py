"""Cells of a raster, in memory or read when they are asked for: what all that measures them builds on."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np

_BAND = 16_000_000  # cells that are in memory at once


class Cells(Protocol):
    """A grid of classes (uint8, 0 for no data): an array, or files behind it."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns."""

    def __getitem__(self, place: tuple[slice, slice], /) -> np.ndarray:
        """Return a window, by slices of rows and columns that have both ends and lie within the grid."""


def row_bands(cells: Cells, multiple: int = 1) -> Iterator[tuple[int, int]]:
    """Yield the first row of each band, and the row after its last; no band is too large for memory.

    Parameters
    ----------
    multiple
        Of so many rows is every band but the last.

    Examples
    --------
    >>> list(row_bands(np.zeros((5, 3)), multiple=2))
    [(0, 5)]
    """
    height, width = cells.shape
    step = max(_BAND // max(width, 1) // multiple, 1) * multiple
    for first in range(0, height, step):
        yield first, min(first + step, height)
