"""The grid ``kisi``: the masked households counted in small areas, which with a remainder add up to the desa."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.crs import STORING
from geo.privacy.answers import NO, UNKNOWN, YES, answers_of, are_many
from geo.suppression import HOUSEHOLDS

CELL, REST = "sel", "sisa"
"""A cell; what a desa has besides its cells, without a place."""

_OF_DESA = ("kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan")
_ANSWERS = (YES, NO, UNKNOWN)


def grid_cells(
    rows: gpd.GeoDataFrame, desa: gpd.GeoDataFrame, needs: Sequence[str], cell_m: float, crs: CRS
) -> gpd.GeoDataFrame:
    """Count masked households and their needs in cells as small as they can be without a count of few.

    Parameters
    ----------
    rows
        As released: :attr:`geo.privacy.masking.Masked.table`, of the whole district.
    desa
        As everybody sees them, those of the edition ``publik``: ``kode_desa`` ..., ``geometry``, ``households``,
        ``<indicator>_known`` ``_need`` ``_unknown``, and ``_suppressed`` of each.
    needs
        All that the masked households tell of.
    cell_m
        Side of the finest cell, metres; all borders of cells lie on multiples of it in the measuring CRS.
    crs
        Measuring CRS, metres.

    Returns
    -------
    geopandas.GeoDataFrame
        WGS 84, one row a cell, and one row a desa for all its other households (``kind`` ``sisa``, no geometry): those
        without a position, and those whose needs are withheld. ``id``, ``kind``, ``kode_desa``, ``nama_desa``,
        ``kode_kecamatan``, ``nama_kecamatan``, ``side_m`` (longest side before the cut with the desa), ``households``,
        and ``<indicator>_known`` ``_need`` ``_unknown`` ``_rate`` (missing where everybody is not told the desa's
        either). The rows of a desa add up to what everybody is told of it. A desa without masked households has no row.

    Notes
    -----
    Nothing is read but what is released itself: whoever has the masked households and the figures of the desa can work
    out the grid, and so it tells nothing that these do not. A household is counted where its position was drawn, which
    is as far from its house as the circle of its group is wide (``ketelitian_m``).

    A desa is cut in two along that line of the lattice which leaves both parts most alike in households, of all lines
    that leave neither with a count of one to four (:func:`geo.suppression.tells`), and so is each part, until no line
    is left. The parts cover the desa.
    """
    placed = rows.geometry.notna() & ~rows["kebutuhan_dirahasiakan"]
    told = rows[placed.to_numpy(bool)]
    answers = answers_of(told, desa, needs)
    points = told.geometry.iloc[answers.rows].to_crs(crs)
    place = np.floor(np.column_stack([points.x, points.y]) / cell_m).astype(np.int64)
    metric = shapely.make_valid(desa.geometry.to_crs(crs).to_numpy())
    boxes, of = [np.zeros((0, 4), dtype=np.int64)], np.zeros(len(place), dtype=np.intp)
    owner: list[int] = []
    for row in np.unique(answers.desa).tolist():
        mine = np.flatnonzero(answers.desa == row)
        low, high = np.floor(np.array(metric[row].bounds).reshape(2, 2) / cell_m).astype(np.int64)
        inside = np.clip(place[mine], low, high)
        found, of_mine = split(inside, answers.counted[mine], low, high + 1)
        of[mine] = len(owner) + of_mine
        boxes.append(found)
        owner += [row] * len(found)
    cells, of_cell = np.concatenate(boxes), np.array(owner, dtype=np.intp)
    counts = np.zeros((len(cells), 1 + len(_ANSWERS) * len(needs)), dtype=np.int64)
    np.add.at(counts, of, answers.counted[:, : counts.shape[1]])
    with_rest, rest = _rest(rows, desa, needs, counts, of_cell)
    return _table(
        desa, needs, cells, np.append(of_cell, with_rest), np.vstack([counts, rest]), metric, cell_m, crs
    )


def split(
    place: np.ndarray, counted: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Cut a box of the lattice until no line is left that leaves both parts with sums that tell of nobody.

    Parameters
    ----------
    place
        Of each household on the lattice (columns x, y), from ``low`` and below ``high``.
    counted
        See :class:`geo.privacy.answers.Answers`; together they tell of nobody.

    Returns
    -------
    tuple
        The boxes (west, south, east, north on the lattice), and the box of each household.

    Examples
    --------
    >>> place = np.array([[0, 0]] * 5 + [[3, 0]] * 6)
    >>> boxes, of = split(place, np.ones((11, 1), dtype=bool), np.array([0, 0]), np.array([4, 2]))
    >>> boxes.tolist(), of.tolist()
    ([[1, 0, 4, 2], [0, 0, 1, 2]], [1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
    """
    boxes: list[np.ndarray] = []
    of = np.zeros(len(place), dtype=np.intp)
    waiting = [(np.arange(len(place)), low, high)]
    while waiting:
        members, low, high = waiting.pop()
        axis, line = _line(place[members], counted[members], low, high)
        if line is None:
            of[members] = len(boxes)
            boxes.append(np.concatenate([low, high]))
            continue
        below = place[members, axis] < line
        middle_high, middle_low = high.copy(), low.copy()
        middle_high[axis] = middle_low[axis] = line
        waiting += [(members[below], low, middle_high), (members[~below], middle_low, high)]
    return np.array(boxes), of


def _line(
    place: np.ndarray, counted: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[int, int | None]:
    """Return the axis and the line of a cut, first across the longer side."""
    sides = high - low
    for axis in np.argsort(-sides, kind="stable").tolist():
        lines, columns = int(sides[axis]), counted.shape[1]
        at = ((place[:, axis] - low[axis])[:, None] * columns + np.arange(columns)).ravel()
        sums = np.bincount(at, counted.ravel(), lines * columns).reshape(lines, columns).cumsum(axis=0)
        below, above = sums[:-1], sums[-1] - sums[:-1]
        good = are_many(below) & are_many(above) & (below[:, 0] > 0) & (above[:, 0] > 0)
        if good.any():
            balance = np.where(good, np.minimum(below[:, 0], above[:, 0]), -1)
            return axis, int(low[axis]) + 1 + int(balance.argmax())
    return 0, None


def _rest(
    rows: pd.DataFrame, desa: pd.DataFrame, needs: Sequence[str], counts: np.ndarray, of: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the desa that have more than their cells (row of the desa), and what they have more."""
    known = desa["kode_desa"].isin(rows["kode_desa"]).to_numpy(bool)
    columns = [desa[HOUSEHOLDS]]
    for need in needs:
        if f"{need}_known" in desa:
            yes = desa[f"{need}_need"]
            columns += [yes, desa[f"{need}_known"] - yes, desa[f"{need}_unknown"]]
        else:
            columns += [pd.Series(0, index=desa.index)] * len(_ANSWERS)
    left = np.column_stack([column.to_numpy(np.int64, na_value=0) for column in columns])
    np.subtract.at(left, of, counts)
    found = np.flatnonzero(known & (left[:, 0] > 0))
    return found, left[found]


def _table(
    desa: gpd.GeoDataFrame,
    needs: Sequence[str],
    cells: np.ndarray,
    owner: np.ndarray,
    counts: np.ndarray,
    metric: np.ndarray,
    cell_m: float,
    crs: CRS,
) -> gpd.GeoDataFrame:
    """Lay out cells (boxes of the lattice) and, after them, what the desa have more; sorted by desa."""
    is_rest = np.arange(len(owner)) >= len(cells)
    order = np.lexsort([is_rest, owner])
    names = [f"{west}-{south}-{east - west}x{north - south}" for west, south, east, north in cells.tolist()]
    kode = desa["kode_desa"].astype("str").to_numpy(dtype=object)[owner]
    west_south, east_north = cells[:, :2], cells[:, 2:]
    side = np.append((east_north - west_south).max(axis=1) * cell_m, np.full(is_rest.sum(), np.nan))
    shapes = np.full(len(owner), None, dtype=object)
    shapes[~is_rest] = _polygons(
        shapely.intersection(shapely.box(*(cells * cell_m).T), metric[owner[~is_rest]])
    )
    table: dict[str, object] = {
        "id": pd.array(kode + "-" + np.array([*names, *[REST] * is_rest.sum()], dtype=object), dtype="str"),
        "kind": pd.array(np.where(is_rest, REST, CELL), dtype="str"),
    }
    table |= {name: desa[name].to_numpy()[owner] for name in _OF_DESA}
    table |= {"side_m": pd.arrays.FloatingArray(side, np.isnan(side)), HOUSEHOLDS: counts[:, 0]}
    for need, (yes, no, unknown) in zip(
        needs, counts[:, 1:].T.reshape(len(needs), len(_ANSWERS), len(owner)), strict=True
    ):
        hidden = (
            desa[f"{need}_suppressed"].to_numpy(bool)[owner] if f"{need}_suppressed" in desa else owner >= 0
        )
        table |= _figures(need, yes, no, unknown, hidden)
    geometry = gpd.GeoSeries(shapes, crs=crs).to_crs(STORING)
    found = gpd.GeoDataFrame(table, geometry=_polygons(geometry.to_numpy()), crs=STORING)
    return found.iloc[order].reset_index(drop=True)


def _polygons(shapes: np.ndarray) -> np.ndarray:
    """Return shapes as valid polygons, without the lines and points of a mere touch."""
    found = np.asarray(shapes, dtype=object).copy()
    faulty = ~shapely.is_valid(found) & ~shapely.is_missing(found)
    found[faulty] = shapely.make_valid(found[faulty])
    for each in np.flatnonzero(shapely.get_type_id(found) == shapely.GeometryType.GEOMETRYCOLLECTION):
        parts = shapely.get_parts(found[each])
        found[each] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])  # noqa: PLR2004 - polygons
    return found


def _figures(
    need: str, yes: np.ndarray, no: np.ndarray, unknown: np.ndarray, hidden: np.ndarray
) -> dict[str, object]:
    known = yes + no
    rate = np.divide(yes, known, out=np.full(len(known), np.nan), where=known > 0)
    return {
        f"{need}_known": pd.arrays.IntegerArray(known, hidden),
        f"{need}_need": pd.arrays.IntegerArray(yes, hidden.copy()),
        f"{need}_unknown": pd.arrays.IntegerArray(unknown, hidden.copy()),
        f"{need}_rate": pd.arrays.FloatingArray(rate, hidden | (known == 0)),
    }
