"""Positions that were written wrongly, set right where one reading alone puts them where the row says."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from geo.locate import OUTSIDE, distance_m, locate
from geo.positions import NOT_DEGREES, ROUNDED, Positions
from geo.positions.precision import coarse, precision_m
from geo.positions.readings import Doubtful, other_readings, within

INDONESIA = (94.9, -11.1, 141.1, 6.2)
"""West, south, east, north in degrees: what lies here is a possible position, wherever the district is."""

_METRES_A_DEGREE = 100_000.0
"""Fewer than there are anywhere in Indonesia: a tolerance in degrees is never too small."""


def repair(
    positions: Positions,
    desa: gpd.GeoSeries,
    measuring: CRS,
    tolerance_m: float,
    *,
    wanted: np.ndarray,
    kecamatan: np.ndarray,
    kecamatan_of: np.ndarray,
    allowed: np.ndarray | None = None,
) -> Positions:
    """Try the ways in which a position may be written wrongly; take the one that alone fits what the row says.

    What a row says is the first of these that it has: its desa, its kecamatan, nothing (then: this district).
    A reading as written that lies there, in the tolerance of it, or merely near it (in its bounding box) is never
    touched. Of the others, these changes are tried, alone and together:

    - latitude and longitude exchanged; a minus lost or put in vain;
    - a decimal point that slipped by one or two places, or was lost (``-68.89``, ``-6.889.123``, ``109670123``);
    - degrees, minutes and seconds written without separators (``065320``);
    - metres of UTM whose zone is not written or does not fit (with thousands read as a decimal point, or without
      the false northing), of the three-degree zones of the land register (TM-3), and of web maps.

    Of the changes that reach the district at all, those that move the fewest decimal points are looked at: no
    point slips without need where an exchange explains it. Of these, one is made only where exactly one lies in the
    stated desa; or, where none does, exactly one lies within the tolerance of it. Where only a kecamatan is stated,
    exactly one must lie in it; where nothing is stated, exactly one in the district, and then a point that lies in
    Indonesia as written keeps its size: only an exchange or a minus may move it. A point inside the district, but
    not where the row says, may only get its minus (the district then lies across the equator): what else
    contradicts the row must stay a contradiction.

    Parameters
    ----------
    positions
        As read.
    desa
        Polygons of the district, WGS 84.
    measuring
        CRS in metres for the tolerance.
    tolerance_m
        How far beyond the border of its stated desa a point may lie.
    wanted
        The polygon of the desa that each row states, by its place; -1 for none.
    kecamatan, kecamatan_of
        The code of the kecamatan that each row states (missing for none; looked at where it states no desa), and
        of each polygon.
    allowed
        The rows that may be changed at all; without it, all.

    Returns
    -------
    Positions
        With ``lon``, ``lat``, ``note``, ``form``, ``rounded``, ``precision_m`` as they are now, and ``repair``:
        what was changed, and why no other reading is possible.

    Examples
    --------
    >>> from geo.crs import MEASURING
    >>> from geo.positions import read_positions
    >>> squares = gpd.GeoSeries.from_wkt(["POLYGON ((109 -7, 110 -7, 110 -6, 109 -6, 109 -7))"], crs=4326)
    >>> sheet = pd.DataFrame({"lintang": ["109,67123"], "bujur": ["6,88912"], "koordinat": [None]}, dtype="str")
    >>> fixed = repair(
    ...     read_positions(sheet), squares, MEASURING, 100.0, wanted=np.array([0]),
    ...     kecamatan=np.array([None]), kecamatan_of=np.array(["a"]))
    >>> fixed.lon, fixed.lat
    (array([109.67123]), array([-6.88912]))
    >>> fixed.repair[0]
    'lintang dan bujur tertukar, tanda minus lintang hilang (hanya begitu jatuh di desa yang tertulis)'
    """
    goal, boxes, level = _goals(desa, tolerance_m, wanted, kecamatan, kecamatan_of)
    written = np.isfinite(positions.x) & np.isfinite(positions.y)
    there = within(positions.lon, positions.lat, boxes[goal])
    rows = np.flatnonzero(written & ~there & (True if allowed is None else allowed))
    if not rows.size:
        return positions
    lon, lat = positions.lon[rows], positions.lat[rows]
    conflict = locate(lon, lat, desa) != OUTSIDE
    possible = within(lon, lat, np.array([INDONESIA])) & (level[rows] == _NOTHING)
    doubtful = Doubtful(
        positions.x[rows],
        positions.y[rows],
        np.isfinite(lon) & ~pd.Series(positions.form[rows]).str.startswith("UTM").to_numpy(bool),
        positions.zone[rows],
        boxes[-1:],
        ~conflict,
        ~conflict & ~possible & ~pd.Series(positions.form[rows]).str.contains("menit").to_numpy(bool),
    )
    readings = other_readings(doubtful)
    at = rows[readings["row"].to_numpy(int)]
    chosen = _only(
        readings,
        boxes[goal[at]],
        desa,
        measuring,
        tolerance_m,
        level[at],
        wanted[at],
        kecamatan[at],
        kecamatan_of,
    )
    return _changed(positions, readings[chosen], at[chosen], level[at[chosen]])


_DESA, _KECAMATAN, _NOTHING = range(3)
_WHY = np.array(["desa yang tertulis", "kecamatan yang tertulis", "kabupaten ini"], dtype=object)


def _goals(
    desa: gpd.GeoSeries,
    tolerance_m: float,
    wanted: np.ndarray,
    kecamatan: np.ndarray,
    kecamatan_of: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give each row the place of its box, all boxes (desa, then kecamatan, then the district), and what it states."""
    bounds = desa.bounds
    codes, names = pd.factorize(pd.Series(kecamatan_of, dtype=object))
    wholes = bounds.groupby(codes).agg({"minx": "min", "miny": "min", "maxx": "max", "maxy": "max"})
    boxes = np.vstack([bounds.to_numpy(), wholes.to_numpy(), desa.total_bounds])
    stated = pd.Index(names).get_indexer(pd.Series(kecamatan, dtype=object))
    level = np.select([wanted >= 0, stated >= 0], [_DESA, _KECAMATAN], _NOTHING)
    # a kecamatan that is not of this district is a statement too, and no reading can fit it
    level = np.where((level == _NOTHING) & ~pd.isna(kecamatan), _KECAMATAN, level)
    goal = np.select([wanted >= 0, stated >= 0], [wanted, len(desa) + stated], len(boxes) - 1)
    margin = tolerance_m / _METRES_A_DEGREE
    return goal, boxes + np.array([-margin, -margin, margin, margin]), level


def _only(
    readings: pd.DataFrame,
    box: np.ndarray,
    desa: gpd.GeoSeries,
    measuring: CRS,
    tolerance_m: float,
    level: np.ndarray,
    wanted: np.ndarray,
    kecamatan: np.ndarray,
    kecamatan_of: np.ndarray,
) -> np.ndarray:
    """Say which readings are the only one of their row that lies where the row says."""
    lon, lat = readings["lon"].to_numpy(float), readings["lat"].to_numpy(float)
    places = locate(lon, lat, desa)
    located = np.where(places == OUTSIDE, None, np.asarray(kecamatan_of, dtype=object)[places])
    inside = np.select(
        [level == _DESA, level == _KECAMATAN],
        [places == wanted, (places != OUTSIDE) & (located == kecamatan)],
        places != OUTSIDE,
    ).astype(bool)
    near = np.zeros(len(lon), dtype=bool)
    unsure = np.flatnonzero((level == _DESA) & ~inside & within(lon, lat, box))
    if unsure.size:
        metres = distance_m(lon[unsure], lat[unsure], wanted[unsure], desa, measuring)
        near[unsure] = metres <= tolerance_m
    row, slips = readings["row"].to_numpy(int), readings["slips"].to_numpy(int)
    fewest = np.full(int(row.max(initial=0)) + 1, slips.max(initial=0))
    here = (places != OUTSIDE) | near
    np.minimum.at(fewest, row[here], slips[here])
    simplest = slips == fewest[row]
    inside, near = inside & simplest, near & simplest
    near &= np.bincount(row, inside)[row] == 0
    return np.asarray((inside | near) & (np.bincount(row, inside | near)[row] == 1))


def _changed(positions: Positions, chosen: pd.DataFrame, rows: np.ndarray, level: np.ndarray) -> Positions:
    lon, lat, note = positions.lon.copy(), positions.lat.copy(), positions.note.copy()
    form, words = positions.form.copy(), positions.repair.copy()
    lon[rows], lat[rows] = chosen["lon"], chosen["lat"]
    new = chosen["form"].to_numpy(object)
    form[rows] = np.where(new != "", new, form[rows])
    words[rows] = chosen["words"].to_numpy(object) + " (hanya begitu jatuh di " + _WHY[level] + ")"
    rounded = coarse(lon, lat, positions.x, positions.y, form)
    cleared = np.isin(note, [ROUNDED]) & ~rounded
    cleared[rows] |= note[rows] == NOT_DEGREES
    note[cleared] = ""
    note[rounded] = ROUNDED
    precision = precision_m(lon, lat, positions.x, positions.y, form)
    return replace(
        positions,
        lon=lon,
        lat=lat,
        note=note,
        form=form,
        rounded=rounded,
        repair=words,
        precision_m=precision,
    )
