"""The grid ``kisi``: counts of small areas, none of which tells of few, and which add up to those of the desa."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.crs import STORING
from geo.privacy.answers import NO, UNKNOWN, WITHHELD, YES, are_many
from geo.privacy.strata import Area, Stratum, strata_of
from geo.privacy.zone_remainders import cells_to_dissolve

CELL, REST = "sel", "sisa"
"""A cell; what a desa has besides its cells, without a place."""


def grid_cells(
    households: gpd.GeoDataFrame,
    desa: gpd.GeoDataFrame,
    needs: Sequence[str],
    others: int,
    cell_m: float,
    crs: CRS,
    key: bytes,
) -> gpd.GeoDataFrame:
    """Count households and needs in cells as small as they can be without telling of few.

    Needs columns and parameters: as :func:`geo.privacy.masking.mask_households`; sharpened by ``zone_<layer>`` of the
    households: what a zone has besides the cells inside it tells of no few either.

    Parameters
    ----------
    cell_m
        Side of the finest cell, metres; all borders of cells lie on multiples of it in the measuring CRS.

    Returns
    -------
    geopandas.GeoDataFrame
        WGS 84, one row a cell, and one row a desa for its households told without a place (``kind`` ``sisa``, no
        geometry): ``id``, ``kind``, ``kode_desa``, ``nama_desa``, ``kode_kecamatan``, ``nama_kecamatan``,
        ``side_m`` (longest side before the cut with the desa), ``households``, and ``<indicator>_known`` ``_need``
        ``_unknown`` ``_rate`` (missing where everybody is not told the desa's either). The rows of a desa add up to
        what everybody is told of it. A desa whose households are not told, or that has no more than ``others``, has
        no row.

    Notes
    -----
    A desa is cut in two along that line of the lattice which leaves both parts most alike in households, of all lines
    that leave neither with a count of one to four (:func:`geo.suppression.tells`, of households, of each need, and
    of two needs of which one is part of the other), and so is each part, until no line is left: nothing is hidden
    inside, so that no sum gives anything away. The parts cover the desa. Those told without a place are the same
    as in the masked households.
    """
    drawn = [_cut(stratum, cell_m) for stratum in strata_of(households, desa, needs, others, crs, key)]
    cells = _number(drawn, len(needs))
    gone = cells_to_dissolve(households, needs, cells.rows, cells.of, cells.told, cells.rest_of)
    of = np.where(np.isin(cells.of, gone), cells.rest_of[cells.of], cells.of)
    shown = np.setdiff1d(np.arange(len(cells.id)), gone)
    shown = shown[np.bincount(of, minlength=len(cells.id))[shown] > 0]
    table: dict[str, object] = {
        "id": pd.array(cells.id[shown], dtype="str"),
        "kind": pd.array(np.where(cells.rest_of[shown] == shown, REST, CELL), dtype="str"),
    }
    for name in ("kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan"):
        table[name] = desa[name].to_numpy()[cells.desa[shown]]
    side = cells.side_m[shown]
    table["side_m"] = pd.arrays.FloatingArray(side, np.isnan(side))
    table["households"] = np.bincount(of, minlength=len(cells.id))[shown]
    for column, need in enumerate(needs):
        table |= _figures(need, cells.told[:, column], of, shown, len(cells.id))
    geometry = gpd.GeoSeries(cells.geometry[shown], crs=crs).to_crs(STORING)
    return gpd.GeoDataFrame(table, geometry=_polygons(geometry.to_numpy()), crs=STORING)


@dataclass(frozen=True)
class _Cells:
    """The cells of one desa, or of all, the last of each desa its rest; households by cell.

    ``rows``, ``of`` and ``told`` are by household, the others by cell; ``rest_of`` is the rest of the cell's desa.
    """

    rows: np.ndarray
    of: np.ndarray
    told: np.ndarray
    id: np.ndarray
    desa: np.ndarray
    rest_of: np.ndarray
    side_m: np.ndarray
    geometry: np.ndarray


def _number(parts: Sequence[_Cells], needs: int) -> _Cells:
    """Put the cells of all desa together."""
    number, thing = np.zeros(0, dtype=np.intp), np.zeros(0, dtype=object)
    told = np.zeros((0, needs), dtype=np.int8)
    parts = [_Cells(number, number, told, thing, number, number, np.zeros(0), thing), *parts]
    start = np.cumsum([0, *(len(part.id) for part in parts)])[:-1].tolist()

    def together(name: str) -> np.ndarray:
        found = [getattr(part, name) for part in parts]
        if name in {"of", "rest_of"}:
            found = [values + first for values, first in zip(found, start, strict=True)]
        return np.concatenate(found)

    return _Cells(*(together(name) for name in _Cells.__dataclass_fields__))


def _cut(stratum: Stratum, cell_m: float) -> _Cells:
    area, kept = stratum.area, stratum.kept
    place = np.floor(stratum.xy[kept] / cell_m).astype(np.int64)
    low = np.floor(np.array(area.metric.bounds[:2]) / cell_m).astype(np.int64)
    high = np.floor(np.array(area.metric.bounds[2:]) / cell_m).astype(np.int64) + 1
    boxes, of_kept = split(place, stratum.counted[kept], low, high) if kept.any() else (np.zeros((0, 4)), [])
    of = np.full(len(kept), len(boxes))
    of[kept] = of_kept
    names = [
        f"{area.kode}-{west}-{south}-{east - west}x{north - south}" for west, south, east, north in boxes
    ]
    sides = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) * cell_m
    return _Cells(
        stratum.rows,
        of,
        stratum.told,
        np.array([*names, f"{area.kode}-{REST}"], dtype=object),
        np.full(len(boxes) + 1, area.row),
        np.full(len(boxes) + 1, len(boxes)),
        np.append(sides.astype(float), np.nan),
        np.array([*_clipped(boxes * cell_m, area), None], dtype=object),
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


def _clipped(boxes: np.ndarray, area: Area) -> np.ndarray:
    """Cut boxes (metres) with the desa."""
    shapely.prepare(area.metric)
    return _polygons(shapely.intersection(shapely.box(*boxes.T), area.metric))


def _polygons(shapes: np.ndarray) -> np.ndarray:
    """Return shapes as valid polygons, without the lines and points of a mere touch."""
    found = np.asarray(shapes, dtype=object).copy()
    faulty = ~shapely.is_valid(found) & ~shapely.is_missing(found)
    found[faulty] = shapely.make_valid(found[faulty])
    for each in np.flatnonzero(shapely.get_type_id(found) == shapely.GeometryType.GEOMETRYCOLLECTION):
        parts = shapely.get_parts(found[each])
        found[each] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])  # noqa: PLR2004 - polygons
    return found


def _figures(need: str, told: np.ndarray, of: np.ndarray, shown: np.ndarray, many: int) -> dict[str, object]:
    counts = {
        answer: np.bincount(of[told == answer], minlength=many)[shown]
        for answer in (NO, YES, UNKNOWN, WITHHELD)
    }
    hidden = counts[WITHHELD] > 0
    known = counts[NO] + counts[YES]
    rate = np.divide(counts[YES], known, out=np.full(len(known), np.nan), where=known > 0)

    def whole(values: np.ndarray) -> pd.arrays.IntegerArray:
        return pd.arrays.IntegerArray(values.astype(np.int64), hidden)

    return {
        f"{need}_known": whole(known),
        f"{need}_need": whole(counts[YES]),
        f"{need}_unknown": whole(counts[UNKNOWN]),
        f"{need}_rate": pd.arrays.FloatingArray(rate, hidden | (known == 0)),
    }
