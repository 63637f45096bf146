"""The area of each class in each polygon, exact to the part of a cell, from the borders of the polygons alone."""

from dataclasses import dataclass, fields

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from scipy.sparse import coo_array

from geo.landcover.cells import Cells, row_bands
from geo.landcover.classes import CLASSES

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_CODES = tuple(CLASSES)
_BITS = 5  # of a counter; one word of 64 bits holds a counter of each class
_TILE = (1 << _BITS) - 1  # cells of a row that such a counter can count
_SHIFTS = np.arange(len(_CODES), dtype=np.uint64) * np.uint64(_BITS)
_MASK = np.uint64(_TILE)
_WORD = np.zeros(256, dtype=np.uint64)
_WORD[list(_CODES)] = np.uint64(1) << _SHIFTS
_SLOT = np.full(256, len(_CODES), dtype=np.int64)  # the last one: no data
_SLOT[list(_CODES)] = np.arange(len(_CODES))
_CHUNK = 300_000  # cells counted at once: the counters stay in the cache of a processor


@dataclass(frozen=True)
class _Borders:
    """The edges of polygons in rows and columns of the raster, none of them level, from their upper to lower end."""

    top: Floats
    bottom: Floats
    column: Floats
    last: Floats
    sign: Floats
    owner: Integers

    def some(self, edges: Integers) -> "_Borders":
        """Return some of the edges."""
        return _Borders(*(getattr(self, each.name)[edges] for each in fields(self)))


def class_areas(cells: Cells, transform: Affine, polygons: np.ndarray) -> Floats:
    """Return the area of each class in each polygon, in cells; shape (polygons, classes), as :data:`CLASSES`.

    Parameters
    ----------
    cells, transform
        The raster; north up.
    polygons
        In its CRS; they may overlap. What is missing, empty or no polygon has no area.

    Notes
    -----
    By the theorem of Green the area of a class in a polygon is an integral along its border: each piece of border
    within a cell adds or takes away its height times the cells of the class between it and the west end of the
    row. Running counts of every class along the rows give that number at once, so the work grows with the
    length of the borders, and what a polygon has inside is passed over once for all polygons.
    """
    areas = np.zeros((len(polygons), len(_CODES)))
    borders = _borders(polygons, transform)
    width = cells.shape[1]
    order = np.argsort(borders.top, kind="stable")
    tops = borders.top[order]
    open_edges, begun = np.empty(0, dtype=np.int64), 0
    for first, end in row_bands(cells):
        begins = int(np.searchsorted(tops, end))
        edges = np.concatenate([open_edges, order[begun:begins]])
        edges, begun = edges[borders.bottom[edges] > first], begins
        open_edges = edges[borders.bottom[edges] > end]
        if not len(edges):
            continue
        west, east = _span(borders, edges, (0, width))
        if west < east:
            _add(areas, cells[first:end, west:east], (first, west), borders.some(np.sort(edges)))
    return areas


def _borders(polygons: np.ndarray, transform: Affine) -> _Borders:
    parts, owner = shapely.get_parts(polygons, return_index=True)
    while (shapely.get_type_id(parts) > shapely.GeometryType.POLYGON).any():
        parts, deeper = shapely.get_parts(parts, return_index=True)
        owner = owner[deeper]
    rings, part = shapely.get_rings(parts, return_index=True)
    exterior = np.diff(part, prepend=-1) != 0
    sign = np.where(shapely.is_ccw(rings) == exterior, 1.0, -1.0)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    x, y = ~transform @ (xy[:, 0], xy[:, 1])
    edge = (ring[1:] == ring[:-1]) & (y[1:] != y[:-1]) & np.isfinite(x[1:] + x[:-1] + y[1:] + y[:-1])
    at = np.flatnonzero(edge)
    falls = y[at] < y[at + 1]
    upper, lower, of = at + ~falls, at + falls, ring[at]
    return _Borders(
        y[upper], y[lower], x[upper], x[lower], np.where(falls, -sign[of], sign[of]), owner[part[of]]
    )


def _span(borders: _Borders, edges: Integers, columns: tuple[int, int]) -> tuple[int, int]:
    """Return from which column to which (exclusive) some edges go, within some columns."""
    ends = borders.column[edges], borders.last[edges]
    west, east = min(end.min() for end in ends), max(end.max() for end in ends)
    return int(np.clip(np.floor(west), *columns)), int(np.clip(np.ceil(east), *columns))


def _add(areas: Floats, block: np.ndarray, corner: tuple[int, int], borders: _Borders) -> None:
    """Add what the edges within a block of cells contribute; a polygon's edges stand together."""
    height, width = block.shape
    step = max(_CHUNK // width, 1)
    counts = _RunningCounts(step, width)
    for begin in range(0, height, step):
        top, bottom = corner[0] + begin, corner[0] + min(begin + step, height)
        chosen = np.flatnonzero((borders.top < bottom) & (borders.bottom > top))
        if not len(chosen):
            continue
        west, east = _span(borders, chosen, (corner[1], corner[1] + width))
        if west == east:
            continue
        counts.take(block[begin : bottom - corner[0], west - corner[1] : east - corner[1]])
        owner, row, column, weight, inside = _pieces(borders, chosen, (top, bottom), (west, east - west))
        starts = np.diff(owner, prepend=-1) != 0
        place, owners = np.cumsum(starts) - 1, owner[starts]
        gather = coo_array((weight, (place, np.arange(len(weight)))), shape=(len(owners), len(weight)))
        # the counts hold the whole cell of the piece, of which a part lies east of it
        slot = place * (len(_CODES) + 1) + _SLOT[counts.cells[row, column]]
        beyond = np.bincount(slot, weight * (1 - inside), len(owners) * (len(_CODES) + 1))
        areas[owners] += gather @ counts.up_to(row, column) - beyond.reshape(len(owners), -1)[:, :-1]


class _RunningCounts:
    """How many cells of each class lie from the west end of a row to a cell of it, that one too.

    A row is counted in tiles short enough for a word of counters, one for each class; and whole tiles beside.
    The memory is taken once: fresh memory for each block costs several times the counting.
    """

    def __init__(self, rows: int, width: int) -> None:
        tiles = -(-width // _TILE)
        self.cells = np.empty((0, 0), dtype=np.uint8)
        self._cells = np.empty(rows * tiles * _TILE, dtype=np.uint8)
        self._words = np.empty(rows * tiles * _TILE, dtype=np.uint64)
        self._counts = np.zeros(rows * tiles * _TILE + 1, dtype=np.uint64)
        self._totals = np.empty(len(_CODES) * rows * tiles, dtype=np.uint64)
        self._west_of_tile = np.empty((0, len(_CODES)), dtype=np.uint64)

    def take(self, block: np.ndarray) -> None:
        """Count a block, no larger than was said."""
        rows, width = block.shape
        tiles = -(-width // _TILE)
        size = rows * tiles * _TILE
        self.cells = self._cells[:size].reshape(rows, tiles * _TILE)
        self.cells[:, :width] = block
        self.cells[:, width:] = 0
        # mode="clip" spares numpy a copy of the indices; every uint8 is one
        np.take(_WORD, self._cells[:size], mode="clip", out=self._words[:size])
        # counted on and on, the counters run over into one another; the difference within a tile is right again
        np.cumsum(self._words[:size], out=self._counts[1 : size + 1])
        in_tile = np.diff(self._counts[: size + 1 : _TILE]).reshape(rows, tiles)
        totals = self._totals[: len(_CODES) * rows * tiles].reshape(len(_CODES), rows, tiles)
        totals[:, :, 0] = 0
        np.right_shift(in_tile[None, :, :-1], _SHIFTS[:, None, None], out=totals[:, :, 1:])
        np.bitwise_and(totals, _MASK, out=totals)
        np.cumsum(totals, axis=2, out=totals)
        self._west_of_tile = totals.transpose(1, 2, 0).reshape(-1, len(_CODES))

    def up_to(self, row: Integers, column: Integers) -> Floats:
        """Return the counts of each class (second axis) up to some cells."""
        cell = row * self.cells.shape[1] + column
        tile = cell // _TILE
        in_tile = self._counts[cell + 1] - self._counts[tile * _TILE]
        counts = self._west_of_tile[tile] + ((in_tile[:, None] >> _SHIFTS) & _MASK)
        return np.asarray(counts.astype(float))


def _pieces(
    borders: _Borders, edges: Integers, rows: tuple[int, int], columns: tuple[int, int]
) -> tuple[Integers, Integers, Integers, Floats, Floats]:
    """Cut edges along the lines of the grid.

    Parameters
    ----------
    rows
        First row of the block, and the row after its last one.
    columns
        First column of the block, and its width.

    Returns
    -------
    owner, row, column, weight, inside
        Polygon and cell (within the block) of each piece, its height with the sign of its side, and the part of
        the cell west of it.
    """
    west, width = columns
    upper, lower = borders.top[edges], borders.bottom[edges]
    first, last = borders.column[edges] - west, borders.last[edges] - west
    slope = (last - first) / (lower - upper)
    at_row = np.floor(np.maximum(upper, rows[0]))
    edge, row = _spread(at_row, np.ceil(np.minimum(lower, rows[1])) - at_row)
    begin, end = np.maximum(upper[edge], row), np.minimum(lower[edge], row + 1)
    low, high = np.minimum(first, last)[edge], np.maximum(first, last)[edge]
    start, steep = (first - slope * upper)[edge], slope[edge]
    one, other = (np.clip(start + steep * at, low, high) for at in (begin, end))
    left, right = np.minimum(one, other), np.maximum(one, other)
    height = borders.sign[edges][edge] * (end - begin)

    # what lies east of the raster counts as at its east end; west of it an edge has nothing beside it
    left = np.minimum(left, width)
    right = np.where(left == width, width, np.maximum(right, left))
    at_column = np.floor(left)
    count = np.maximum(np.ceil(right) - at_column, 1)
    piece, column = _spread(at_column, count)
    begin, end = np.maximum(left[piece], column), np.minimum(right[piece], column + 1)
    part = height / np.where(count > 1, right - left, 1.0)
    weight = np.where(count[piece] > 1, (end - begin) * part[piece], height[piece])
    inside = np.where(column < width, (begin + end) / 2 - column, 1.0)
    weight[column < 0] = 0.0
    owner = borders.owner[edges][edge[piece]]
    return owner, row[piece] - rows[0], np.clip(column, 0, width - 1), weight, inside


def _spread(first: Floats, count: Floats) -> tuple[Integers, Integers]:
    """Count on from each first number; return whose count it is, and the numbers."""
    counts = count.astype(np.int64)
    owner = np.repeat(np.arange(len(counts)), counts)
    numbers = np.arange(len(owner)) + (first.astype(np.int64) - np.cumsum(counts) + counts)[owner]
    return owner, numbers
