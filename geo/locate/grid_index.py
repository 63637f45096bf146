"""A grid laid over polygons that tells exactly which of them holds a point; it can be kept in a file."""

import mmap
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import BoundaryError

OUTSIDE = -1
"""The place of a point that no polygon holds."""
NO_FLOOR = np.iinfo(np.int32).max
"""Stands where no polygon holds the whole of a border cell."""
FIRST_BORDER = -2
"""Labels from here downwards count the border cells."""

Shapes = NDArray[np.object_]
Floats = NDArray[np.float64]
Integers = NDArray[Any]
Some = TypeVar("Some")
Given = TypeVar("Given")

_MAGIC = b"peta grid index 1\n".ljust(64)
_CHUNK = 1 << 15  # points whose intermediate arrays stay in the cache of one core
_WORTH_THREADS = 4  # chunks
_ROUNDING = 4.5e-16  # relative to the two products of a determinant; Shewchuk (1997) proves 3.4e-16
_UNDERFLOW = 1e-290


def in_threads(work: Callable[[Given], Some], chunks: Sequence[Given]) -> list[Some]:
    """Do the work on every chunk, in order; numpy lets go of the interpreter, so two threads fill two cores."""
    if len(chunks) < _WORTH_THREADS:
        return [work(chunk) for chunk in chunks]
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        return list(pool.map(work, chunks))


def runs(first: Integers, count: Integers) -> tuple[Integers, Integers]:
    """Return, for runs of successive numbers, the run of each number and the number.

    Examples
    --------
    >>> runs(np.array([7, 3]), np.array([2, 1]))
    (array([0, 0, 1]), array([7, 8, 3]))
    """
    run = np.repeat(np.arange(len(count)), count)
    return run, np.arange(len(run)) + (first - np.cumsum(count) + count)[run]


def first_that_holds(x: Floats, y: Floats, shapes: Shapes, places: Integers) -> NDArray[np.intp]:
    """Return for each point the lowest of ``places`` whose shape intersects it, or ``OUTSIDE``, without a grid."""
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    point, shape = shapely.STRtree(shapes).query(shapely.points(x[known], y[known]), predicate="intersects")
    best = np.full(len(x), np.iinfo(np.intp).max)
    np.minimum.at(best, known[point], places[shape])
    best[best == np.iinfo(np.intp).max] = OUTSIDE
    return best


@dataclass(frozen=True)
class GridIndex:
    """The cells of a grid, the edges that run through each, and the polygons themselves.

    A cell that no edge touches lies wholly in one polygon or in none, and its label says which. In a border
    cell, whether a polygon holds the lower left corner is known; each of its edges that the way from the corner
    to the point crosses (up the left side, then to the right) turns the answer. Only edges in the cell
    can do so. Where rounding leaves a crossing in doubt, shapely decides on the whole polygon; so the answers
    are those of ``shapely.intersects``, and the lowest place wins.

    Attributes
    ----------
    frame
        West and south of the grid in the units of the polygons, and cells in a unit.
    shape
        Rows, from the south, and columns.
    label
        Of each cell: a place, ``OUTSIDE``, or ``FIRST_BORDER - k`` for the border cell k.
    floor
        Of each border cell: the lowest place that holds the whole cell, or ``NO_FLOOR``.
    first_candidate, candidate
        Those who have edges in each border cell: twice the place, plus one when it holds the corner.
    first_edge, edge
        The edges of each candidate: four times the number of the first of its two vertices, plus two flags.
    x, y, rings, parts, places
        Every vertex, and where each ring, part and polygon begins, as in GeoArrow.
    odd, odd_begins, odd_wkb
        Places of the shapes that a grid cannot hold (not areas, or invalid with holes), and these as WKB.
    """

    frame: Floats
    shape: Integers
    label: Integers
    floor: Integers
    first_candidate: Integers
    candidate: Integers
    first_edge: Integers
    edge: Integers
    x: Floats
    y: Floats
    rings: Integers
    parts: Integers
    places: Integers
    odd: Integers
    odd_begins: Integers
    odd_wkb: Integers

    @property
    def nbytes(self) -> int:
        """Size in memory, and nearly that of its file."""
        return sum(getattr(self, field.name).nbytes for field in fields(self))

    def locate(self, x: Floats, y: Floats) -> NDArray[np.intp]:
        """Return the lowest place whose polygon intersects each point, or ``OUTSIDE``; NaN is outside."""
        found = np.empty(len(x), dtype=np.intp)

        def fill(start: int) -> None:
            some = slice(start, start + _CHUNK)
            with np.errstate(over="ignore", under="ignore", invalid="ignore"):
                found[some] = self._look_up(x[some], y[some])

        in_threads(fill, range(0, len(x), _CHUNK))
        if len(self.odd):
            odd = first_that_holds(x, y, self._odd_shapes, self.odd)
            found = np.where((odd != OUTSIDE) & ((found == OUTSIDE) | (odd < found)), odd, found)
        return found

    def _look_up(self, x: Floats, y: Floats) -> Integers:
        west, south, per_unit = self.frame
        rows, columns = self.shape
        # the outermost cells are empty: there go points from beyond, and fmin makes a number of NaN
        column = np.fmax(np.fmin((x - west) * per_unit, columns - 1), 0).astype(np.int64)
        row = np.fmax(np.fmin((y - south) * per_unit, rows - 1), 0).astype(np.int64)
        found: Integers = self.label.take(row * columns + column, mode="clip")
        border = np.flatnonzero(found <= FIRST_BORDER)
        if len(border):
            found[border] = self._cross(FIRST_BORDER - found[border], x[border], y[border])
        return found

    def _cross(self, cell: Integers, x: Floats, y: Floats) -> Integers:
        """Count the edges on the way from the corner of a border cell to each point."""
        first = self.first_candidate[cell]
        candidates = self.first_candidate[cell + 1] - first
        slot = runs(first, candidates)[1]
        first_edge = self.first_edge[slot]
        edges = self.first_edge[slot + 1] - first_edge
        begins = np.cumsum(candidates) - candidates
        point, entry = runs(self.first_edge[first], np.add.reduceat(edges, begins))
        code = self.edge[entry]
        vertex = (code >> 2).astype(np.intp)
        px, py = x[point], y[point]
        ax, ay = self.x[vertex] - px, self.y[vertex] - py
        vertex += 1
        bx, by = self.x[vertex] - px, self.y[vertex] - py
        above_a, above_b = ay > 0, by > 0
        left, right = ax * by, ay * bx
        turn = left - right
        crossed = np.where(
            above_a != above_b,
            (turn > 0) ^ above_b ^ ((code & 2) != 0),
            ((code & 1) != 0) & ~(above_a | above_b),
        )
        edge_begins = np.cumsum(edges) - edges
        turns = np.add.reduceat(crossed.view(np.uint8), edge_begins, dtype=np.uint8)
        held = self.candidate[slot]
        holds = ((turns ^ held) & 1) != 0
        near = np.flatnonzero(~(np.abs(turn) > _ROUNDING * (np.abs(left) + np.abs(right)) + _UNDERFLOW))
        doubtful = near[:0]
        if len(near):
            on, doubt = _on_edge(ax[near], ay[near], bx[near], by[near])
            holds[np.searchsorted(edge_begins, near[on], side="right") - 1] = True
            doubtful = np.unique(point[near[doubt]])
        best = np.minimum.reduceat(np.where(holds, held >> 1, NO_FLOOR), begins)
        best = np.minimum(best, self.floor[cell])
        best[best == NO_FLOOR] = OUTSIDE
        if len(doubtful):
            best[doubtful] = self._ask(cell[doubtful], x[doubtful], y[doubtful])
        return best

    def _ask(self, cell: Integers, x: Floats, y: Floats) -> Integers:
        """Let shapely decide on every candidate of these points."""
        first = self.first_candidate[cell]
        point, slot = runs(first, self.first_candidate[cell + 1] - first)
        places, which = np.unique(self.candidate[slot] >> 1, return_inverse=True)
        holds = shapely.intersects_xy(self._polygons(places)[which], x[point], y[point])
        best = self.floor[cell]
        np.minimum.at(best, point[holds], places[which[holds]])
        best[best == NO_FLOOR] = OUTSIDE
        return best

    def _polygons(self, places: Integers) -> Shapes:
        members, offsets = places, []
        for begins in (self.places, self.parts, self.rings):
            count = begins[members + 1] - begins[members]
            offsets.append(np.append(0, np.cumsum(count)))
            members = runs(begins[members], count)[1]
        xy = np.column_stack([self.x[members], self.y[members]])
        kind = shapely.GeometryType.MULTIPOLYGON
        polygons: Shapes = shapely.from_ragged_array(kind, xy, tuple(reversed(offsets)))
        return polygons

    @cached_property
    def _odd_shapes(self) -> Shapes:
        ends = zip(self.odd_begins[:-1], self.odd_begins[1:], strict=True)
        shapes: Shapes = shapely.from_wkb([self.odd_wkb[a:b].tobytes() for a, b in ends])
        return shapes

    def save(self, path: Path) -> None:
        """Write the index to one file; it replaces an older one only when it is whole."""
        whole = path.with_name(f"{path.name}.part")
        with whole.open("wb") as file:
            file.write(_MAGIC)
            for field in fields(self):
                np.lib.format.write_array(file, getattr(self, field.name), version=(1, 0))
                file.write(bytes(-file.tell() % 64))
        whole.replace(path)

    @classmethod
    def open(cls, path: Path) -> "GridIndex":
        """Map a saved index into memory: only what is asked for is read from the disk.

        Raises
        ------
        BoundaryError
            When the file is no index, or not whole.
        """
        try:
            with path.open("rb") as file:
                whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
                known = file.read(len(_MAGIC)) == _MAGIC
                arrays = [_mapped(file, whole) for _ in fields(cls)] if known else []
        except (OSError, ValueError):
            arrays = []
        if not arrays:
            raise BoundaryError(
                f"Indeks poligon {path.name} tidak dapat dibaca: hapus, lalu buat lagi dari berkas batas."
            )
        return cls(*arrays)


def _mapped(file: Any, whole: mmap.mmap) -> Integers:  # noqa: ANN401  -- the binary file that numpy reads from
    np.lib.format.read_magic(file)
    shape, _, kind = np.lib.format.read_array_header_1_0(file)
    array = np.frombuffer(whole, kind, shape[0], file.tell()) if shape[0] else np.empty(0, kind)
    file.seek(array.nbytes + -array.nbytes % 64, os.SEEK_CUR)
    return array


def _on_edge(ax: Floats, ay: Floats, bx: Floats, by: Floats) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say of edges, seen from points near their lines: the point is surely on it; it may be.

    Sure are a vertex and an edge along an axis: no product is rounded there.
    """
    beside = (np.minimum(ay, by) <= 0) & (np.maximum(ay, by) >= 0)
    within = beside & (np.minimum(ax, bx) <= 0) & (np.maximum(ax, bx) >= 0)
    on = within & ((ax == 0) | (by == 0)) & ((ay == 0) | (bx == 0))
    return on, ~on & (within | (beside & ((ay > 0) != (by > 0))))
