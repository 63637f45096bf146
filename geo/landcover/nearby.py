"""The share of a class among the cells around each of many points."""

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from geo.landcover.cells import Cells
from geo.landcover.classes import COVERED, NO_DATA

Floats = NDArray[np.float64]

_BLOCK = (256, 2048)  # rows and columns of the points that one window serves
_AT_ONCE = 200_000  # rows of discs


def share_near(
    cells: Cells, transform: Affine, crs: CRS, code: int, points: Floats, radius_m: float, measuring: CRS
) -> Floats:
    """Return the share of a class among the cells whose centres lie within a distance of each point.

    Parameters
    ----------
    cells, transform, crs
        The raster; north up.
    code
        The class.
    points
        Shape (n, 2), in ``measuring``; missing ones have no share.
    radius_m
        Never less than half the diagonal of a cell, so that the cell that holds a point always counts.
    measuring
        CRS in metres, that of the points.

    Returns
    -------
    numpy.ndarray
        0 to 1; missing where less than :data:`COVERED` of the cells around hold data.

    Notes
    -----
    Running counts along the rows give the cells of a row of a disc by one subtraction. Metres are told from cells
    by one linear map for a block of some 250 x 2 000 cells; between a raster in degrees and a UTM zone that
    moves the rim of the disc by less than a thousandth of the radius.
    """
    shares = np.full(len(points), np.nan)
    given = np.flatnonzero(np.isfinite(points).all(axis=1))
    place = Transformer.from_crs(measuring, crs, always_xy=True).transform(*points[given].T)
    column, row = (np.asarray(at) for at in ~transform @ place)
    height, width = cells.shape
    on = (
        np.isfinite(row)
        & np.isfinite(column)
        & (row >= 0)
        & (row < height)
        & (column >= 0)
        & (column < width)
    )
    given, row, column = given[on], row[on], column[on]
    block = (row // _BLOCK[0]).astype(np.int64) * (width // _BLOCK[1] + 1) + (column // _BLOCK[1]).astype(
        np.int64
    )
    order = np.argsort(block, kind="stable")
    for chosen in np.split(order, np.flatnonzero(np.diff(block[order])) + 1) if len(order) else []:
        middle = column[chosen].mean(), row[chosen].mean()
        disc = _Disc(transform, crs, measuring, middle, radius_m)
        shares[given[chosen]] = _in_block(cells, code, row[chosen], column[chosen], disc)
    return shares


class _Disc:
    """Which cells lie within a radius: for each row, how far west and east."""

    def __init__(
        self, transform: Affine, crs: CRS, measuring: CRS, middle: tuple[float, float], radius_m: float
    ) -> None:
        column, row = np.add(middle, [[-0.5, 0], [0.5, 0], [0, -0.5], [0, 0.5]]).T
        x, y = Transformer.from_crs(crs, measuring, always_xy=True).transform(*(transform @ (column, row)))
        across, down = np.array([x[1] - x[0], y[1] - y[0]]), np.array([x[3] - x[2], y[3] - y[2]])
        radius = max(radius_m, (np.hypot(*across) + np.hypot(*down)) / 2**1.5)
        self._across, both = across @ across, across @ down
        self._skew = both / self._across
        self._down = down @ down - both * self._skew
        self._radius2 = radius**2 * (1 + 1e-12)
        self.rows = int(np.ceil(radius / np.sqrt(self._down)))
        self.columns = int(np.ceil(radius / np.sqrt(self._across - both**2 / (down @ down))))

    def reach(self, down: Floats) -> tuple[Floats, Floats]:
        """Return from how far to how far east the cells of a row lie within; missing when none does."""
        with np.errstate(invalid="ignore"):
            half = np.sqrt((self._radius2 - self._down * down**2) / self._across)
        return -self._skew * down - half, -self._skew * down + half


def _in_block(cells: Cells, code: int, row: Floats, column: Floats, disc: _Disc) -> Floats:
    height, width = cells.shape
    top, left = max(int(row.min()) - disc.rows, 0), max(int(column.min()) - disc.columns, 0)
    bottom = min(int(row.max()) + disc.rows + 1, height)
    right = min(int(column.max()) + disc.columns + 1, width)
    window = cells[top:bottom, left:right]
    # two counts in one number: cells with data, and above them those of the class
    counts = np.zeros((bottom - top, right - left + 1), dtype=np.int64)
    np.cumsum((window != NO_DATA) + (np.int64(1) << 32) * (window == code), axis=1, out=counts[:, 1:])
    offsets = np.arange(-disc.rows, disc.rows + 1)
    step = max(_AT_ONCE // len(offsets), 1)
    shares = np.empty(len(row))
    for first in range(0, len(row), step):
        v, u = row[first : first + step, None], column[first : first + step, None]
        at = np.floor(v) + offsets
        west, east = disc.reach(at + 0.5 - v)
        empty = np.isnan(west)
        begin = np.where(empty, 0, np.ceil(u - 0.5 + west)).astype(np.int64)
        end = np.where(empty, 0, np.floor(u - 0.5 + east) + 1).astype(np.int64)
        whole = (end - begin).sum(axis=1)
        inside = (at >= top) & (at < bottom)
        line = np.where(inside, at - top, 0).astype(np.int64) * counts.shape[1]
        begin, end = (np.clip(edge - left, 0, counts.shape[1] - 1) for edge in (begin, end))
        flat = counts.reshape(-1)
        found = np.where(inside, flat[line + end] - flat[line + begin], 0).sum(axis=1)
        data, wanted = found & 0xFFFFFFFF, found >> 32
        known = (data > 0) & (data >= COVERED * whole)
        shares[first : first + step] = np.where(known, wanted / np.maximum(data, 1), np.nan)
    return shares
