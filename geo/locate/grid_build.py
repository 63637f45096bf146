"""Lay a grid over polygons: trace every edge through the cells, and label the cells that no edge touches."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.locate.grid_index import (
    FIRST_BORDER,
    NO_FLOOR,
    OUTSIDE,
    Floats,
    GridIndex,
    Integers,
    Shapes,
    in_threads,
    runs,
)
from geo.locate.grid_plan import areas_only

_BATCH = 1 << 15  # vertices that are traced at once
_BAND = 1 << 18  # cells that are put together at once
_SLACK = 1e-6  # cells; rounding moves a crossing by far less


@dataclass(frozen=True)
class _Grid:
    west: float
    south: float
    per_unit: float
    rows: int
    columns: int
    parts: int
    shift: int  # of a cell in a key, above the vertex of an edge and two flags
    code: type[np.uint32 | np.int64]  # holds these three


@dataclass(frozen=True)
class _Traced:
    """A batch of polygons: keys of edges in cells, of crossings of row lines, and the polygons as arrays."""

    keys: Integers
    crossings: Integers
    xy: Floats
    owner: Integers
    lengths: tuple[Integers, Integers]  # vertices of each ring, rings of each part
    odd: Integers


@dataclass(frozen=True)
class _Band:
    label: Integers
    border: Integers
    floor: Integers
    candidates: Integers
    candidate: Integers
    edges: Integers
    edge: Integers


def build_grid(polygons: Shapes, cell: float) -> GridIndex:
    """Return the index of polygons on a grid of square cells.

    Parameters
    ----------
    polygons
        In any CRS; what is missing or empty holds no point.
    cell
        Side of a cell in the units of the polygons. It changes only how long things take, never an answer.
    """
    areas = areas_only(polygons)
    odd = [
        np.flatnonzero(shapely.is_empty(areas) & ~shapely.is_missing(polygons) & ~shapely.is_empty(polygons))
    ]
    vertices = _begins(shapely.get_num_coordinates(areas))
    parts = _begins(shapely.get_num_geometries(areas))
    grid = _frame(areas, cell, int(parts[-1]), int(vertices[-1]))
    cuts = np.searchsorted(vertices, np.arange(0, vertices[-1] + _BATCH, _BATCH))
    cuts = np.unique(np.minimum(np.append(cuts, len(areas)), len(areas)))

    def trace(batch: tuple[int, int]) -> _Traced:
        first, end = batch
        return _trace(grid, areas[first:end], int(vertices[first]), int(parts[first]))

    traced = in_threads(trace, list(pairwise(cuts.tolist())))
    odd += [cuts[n] + batch.odd for n, batch in enumerate(traced)]
    owner = np.concatenate([batch.owner for batch in traced])
    place = np.repeat(np.arange(len(areas), dtype=np.int32), np.diff(parts))
    height = max(1, _BAND // grid.columns)
    rows = np.append(np.arange(0, grid.rows, height), grid.rows)
    keys = _split([batch.keys for batch in traced], rows * grid.columns << grid.shift)
    crossings = _split([batch.crossings for batch in traced], rows * grid.columns * grid.parts)

    def put_together(band: int) -> _Band:
        return _band(grid, (rows[band], rows[band + 1]), keys[band], crossings[band], owner, place)

    bands = in_threads(put_together, range(len(rows) - 1))
    xy = np.concatenate([batch.xy for batch in traced])
    label = np.concatenate([band.label for band in bands])
    border = np.concatenate([band.border for band in bands])
    label[border] = FIRST_BORDER - np.arange(len(border), dtype=np.int32)
    wkb = [np.frombuffer(one, np.uint8) for one in shapely.to_wkb(polygons[np.concatenate(odd)])]
    return GridIndex(
        frame=np.array([grid.west, grid.south, grid.per_unit]),
        shape=np.array([grid.rows, grid.columns]),
        label=label,
        floor=np.concatenate([band.floor for band in bands]),
        first_candidate=_begins(np.concatenate([band.candidates for band in bands])),
        candidate=np.concatenate([band.candidate for band in bands]),
        first_edge=_begins(np.concatenate([band.edges for band in bands])),
        edge=np.concatenate([band.edge for band in bands]),
        x=np.ascontiguousarray(xy[:, 0]),
        y=np.ascontiguousarray(xy[:, 1]),
        rings=_begins(np.concatenate([batch.lengths[0] for batch in traced])),
        parts=_begins(np.concatenate([batch.lengths[1] for batch in traced])),
        places=parts,
        odd=np.concatenate(odd),
        odd_begins=_begins(np.array([len(one) for one in wkb])),
        odd_wkb=np.concatenate([*wkb, np.empty(0, np.uint8)]),
    )


def _begins(lengths: Integers) -> Integers:
    """Return where each of successive pieces begins, and where the last one ends."""
    begins = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=begins[1:])
    return begins if begins[-1] > np.iinfo(np.int32).max else begins.astype(np.int32)


def _frame(areas: Shapes, cell: float, parts: int, vertices: int) -> _Grid:
    """Lay the grid so that its outermost cells stay empty: what lies beyond is looked up there."""
    west, south, east, north = shapely.total_bounds(areas)
    west, south, per_unit = west - 1.5 * cell, south - 1.5 * cell, 1 / cell
    rows, columns = (int((end - begin) * per_unit) + 2 for begin, end in ((south, north), (west, east)))
    code = np.uint32 if vertices * 4 <= np.iinfo(np.uint32).max else np.int64
    return _Grid(west, south, per_unit, rows, columns, parts, (vertices * 4).bit_length(), code)


def _split(sorted_keys: Sequence[Integers], limits: Integers) -> list[list[Integers]]:
    """Deal out sorted keys to the bands between the limits."""
    bands: list[list[Integers]] = [[] for _ in limits[1:]]
    for keys in sorted_keys:
        cuts = np.searchsorted(keys, limits)
        for band in np.flatnonzero(np.diff(cuts)):
            bands[band].append(keys[cuts[band] : cuts[band + 1]])
    return bands


def _trace(grid: _Grid, areas: Shapes, first_vertex: int, first_part: int) -> _Traced:
    """Follow the edges of some polygons through the cells.

    Vertices are put in rows and columns by the very formula that puts points there, and a crossing of a row line
    in one column, once for all: so every count of crossings is right whatever was rounded, as long as an edge
    is noted in each cell it might touch.
    """
    whole = [*areas, shapely.MultiPolygon()]  # makes multipolygons of all
    _, xy, (rings, parts, places) = shapely.to_ragged_array(whole, include_z=False)
    ring_lengths, part_lengths = np.diff(rings), np.diff(parts)
    owner = np.repeat(np.arange(first_part, first_part + len(part_lengths)), part_lengths)
    owner = np.repeat(owner.astype(np.int32), ring_lengths)
    is_edge = np.ones(len(xy), dtype=bool)
    is_edge[rings[1:] - 1] = False
    odd = np.flatnonzero(np.diff(parts[places])[:-1] > np.diff(places)[:-1])  # these have holes
    odd = odd[~shapely.is_valid(areas[odd])]
    for place in odd:
        is_edge[rings[parts[places[place]]] : rings[parts[places[place + 1]]]] = False
    x, y = (xy[:, 0] - grid.west) * grid.per_unit, (xy[:, 1] - grid.south) * grid.per_unit
    column, row = x.astype(np.int64), y.astype(np.int64)
    inside = np.zeros_like(is_edge)  # of one cell
    inside[:-1] = (column[1:] == column[:-1]) & (row[1:] == row[:-1])
    short = np.flatnonzero(is_edge & inside)
    short_keys = (row[short] * grid.columns + column[short] << grid.shift) | (first_vertex + short << 2)
    long = np.flatnonzero(is_edge & ~inside)
    falls = y[long] > y[long + 1]
    low, high = long + falls, long + ~falls
    long_keys, edge, crossed_row, crossed_column = _long_edges(
        grid, (x[low], y[low], x[high], y[high]), (column[low], row[low], column[high], row[high]),
        first_vertex + long << 2,
    )  # fmt: skip
    keys = np.concatenate([short_keys, long_keys])
    crossings = (crossed_row * grid.parts + owner[long[edge]]) * grid.columns + crossed_column
    return _Traced(
        np.sort(keys), np.sort(crossings), xy, owner, (ring_lengths, part_lengths), odd,
    )  # fmt: skip


def _long_edges(
    grid: _Grid, ends: tuple[Floats, ...], cells: tuple[Integers, ...], code: Integers
) -> tuple[Integers, Integers, Integers, Integers]:
    """Return the keys of edges that leave their cell, and edge, row and column of each crossing of a row line.

    Ends go from the lower to the higher vertex, in cells from the corner of the grid.
    """
    x1, y1, x2, y2 = ends
    column1, row1, column2, row2 = cells
    rise = np.where(row1 < row2, y2 - y1, 1)
    slope = (x2 - x1) / rise
    slack = np.where(row1 < row2, _SLACK + np.abs(x2 - x1) * np.minimum(1, 1e-15 * grid.rows / rise), 0)
    edge, row = runs(row1, row2 - row1 + 1)  # each edge, row by row
    west, east = np.minimum(x1, x2)[edge], np.maximum(x1, x2)[edge]
    start = row == row1[edge]
    enters = np.where(start, x1[edge], x1[edge] + (row - y1[edge]) * slope[edge])
    enters = np.minimum(np.maximum(enters, west), east)
    leaves = np.append(enters[1:], 0)
    leaves[row == row2[edge]] = x2
    enter = enters.astype(np.int64)
    crossing = np.flatnonzero(~start)
    first = np.maximum(np.minimum(enters, leaves) - slack[edge], west).astype(np.int64)
    last = np.minimum(np.maximum(enters, leaves) + slack[edge], east).astype(np.int64)
    step, column = runs(first, last - first + 1)  # and cell by cell
    of = edge[step]
    east1, east2 = column1[of] >= column, column2[of] >= column  # of the left side of the cell
    leans_left = (column1 > column2)[of]
    bottom = start[step]
    right = np.where(bottom, ~leans_left, column > enter[step])  # the corner lies right of the edge
    below = bottom | (right ^ leans_left)
    straddles = east1 != east2
    keys = (row[step] * grid.columns + column << grid.shift) | code[of]
    keys |= (right & straddles) * 2 | (below & straddles)
    return keys[east1 | east2], edge[crossing], row[crossing], enter[crossing]


def _band(
    grid: _Grid,
    rows: tuple[int, int],
    key_pieces: Sequence[Integers],
    crossing_pieces: Sequence[Integers],
    owner: Integers,
    place: Integers,
) -> _Band:
    """Put some rows of cells together."""
    none = np.empty(0, dtype=np.int64)
    keys = np.sort(np.concatenate([none, *key_pieces]))
    crossings = np.sort(np.concatenate([none, *crossing_pieces])).reshape(-1, 2)
    base = rows[0] * grid.columns
    cells = (keys >> grid.shift) - base
    edge = (keys & ((1 << grid.shift) - 1)).astype(grid.code)
    part = owner[np.right_shift(edge, 2)]
    new_cell = np.diff(cells, prepend=-1) != 0
    new = new_cell | (np.diff(part, prepend=-1) != 0)
    begins = np.flatnonzero(new)
    cells, part = cells[new], part[new]
    firsts = np.flatnonzero(new_cell[new])
    border = cells[firsts]
    row, column = np.divmod(cells, grid.columns)
    # an even number of crossings for every part in a row
    corner = (
        np.searchsorted(crossings.ravel(), ((row + rows[0]) * grid.parts + part) * grid.columns + column) & 1
    )
    label, count, spans = _paint(grid, rows, crossings, place)
    floor = label[border]
    if len(firsts):
        floor[np.logical_or.reduceat(corner != 0, firsts)] = OUTSIDE
    crowded = count > 1
    if crowded.any():
        _paint_crowded(label, crowded, spans, cells * grid.parts + part, grid.parts, place)
        busy = crowded[border]
        floor[busy] = label[border[busy]]
    floor[floor == OUTSIDE] = NO_FLOOR
    return _Band(
        label, border + base, floor,
        np.diff(firsts, append=len(cells)), (place[part] << 1) | corner.astype(np.int32),
        np.diff(begins, append=len(edge)), edge,
    )  # fmt: skip


def _paint(
    grid: _Grid, rows: tuple[int, int], crossings: Integers, place: Integers
) -> tuple[Integers, Integers, tuple[Integers, Integers, Integers]]:
    """Label the cells whose corner one part holds; count the parts; return part, first and last cell of spans."""
    length = crossings[:, 1] - crossings[:, 0]
    crossings, length = crossings[length > 0, 0], length[length > 0]
    part_row, column = np.divmod(crossings, grid.columns)
    row, part = np.divmod(part_row, grid.parts)
    first = (row - rows[0]) * grid.columns + column + 1
    last = first + length - 1
    size = (rows[1] - rows[0]) * grid.columns
    label, count = np.zeros(size + 1, dtype=np.int32), np.zeros(size + 1, dtype=np.int32)
    np.add.at(label, first, place[part] + 1)
    np.subtract.at(label, last + 1, place[part] + 1)
    np.add.at(count, first, 1)
    np.subtract.at(count, last + 1, 1)
    label, count = np.cumsum(label, out=label)[:-1], np.cumsum(count, out=count)[:-1]
    label -= 1
    return label, count, (part, first, last)


def _paint_crowded(
    label: Integers,
    crowded: NDArray[np.bool_],
    spans: tuple[Integers, Integers, Integers],
    candidates: Integers,
    parts: int,
    place: Integers,
) -> None:
    """Label the cells whose corner several parts hold: the lowest place without an edge there.

    ``candidates`` are sorted: cell times ``parts`` plus part.
    """
    label[crowded] = NO_FLOOR
    cells = np.flatnonzero(crowded)
    part, first, last = spans
    begins, ends = np.searchsorted(cells, first), np.searchsorted(cells, last, side="right")
    heaps = np.cumsum(ends - begins) // _BAND
    for heap in np.split(np.arange(len(part)), np.flatnonzero(np.diff(heaps)) + 1):
        span, number = runs(begins[heap], (ends - begins)[heap])
        owner, cell = part[heap][span], cells[number]
        key = cell * parts + owner
        slot = np.minimum(np.searchsorted(candidates, key), len(candidates) - 1)
        free = candidates[slot] != key if len(candidates) else np.ones(len(key), dtype=bool)
        np.minimum.at(label, cell[free], place[owner[free]])
    label[label == NO_FLOOR] = OUTSIDE
