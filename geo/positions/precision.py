"""How finely positions are written: what is too coarse for a house, and what for a desa near its border."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.crs import to_metres

_METRES = "UTM|TM-3|meter"
"""Beginnings of the forms that are in metres."""

_LAT_M, _LON_M = 110_574.0, 111_320.0
"""Metres in a degree of latitude, and of longitude at the equator."""

_LEAST_M = 5.0
"""A position that is written more finely than this says where it is as well as any receiver can."""


def precision_m(
    lon: np.ndarray, lat: np.ndarray, x: np.ndarray, y: np.ndarray, form: np.ndarray
) -> np.ndarray:
    """Say how far a house may lie from its point because the numbers were rounded as they are written.

    That is half the diagonal of what the last digit stands for: 78 m for three decimals of a degree, 22 m for whole
    seconds, 71 m for metres rounded to hundreds. It is judged by the finer of the two numbers, for a spreadsheet
    drops the zeros at the end of one.

    Parameters
    ----------
    lon, lat
        Degrees, WGS 84; the result is missing where they are.
    x, y, form
        As in :class:`geo.positions.Positions`.

    Returns
    -------
    numpy.ndarray
        Metres.

    Examples
    --------
    >>> lon, lat = np.array([109.671, 109.671234]), np.array([-6.889, -6.889123])
    >>> precision_m(lon, lat, lon, lat, np.array(["derajat", "derajat"], dtype=object)).round(2)
    array([78.17,  0.08])
    """
    out = np.full(len(lon), np.nan)
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    words = pd.Series(form[known], dtype="str")
    metres = words.str.match(_METRES).to_numpy(bool)
    rows = known[metres]
    # thousands may have been read as a decimal point
    east, north = (np.where(np.abs(v[rows]) < 10_000, v[rows] * 1000, v[rows]) for v in (x, y))  # noqa: PLR2004
    out[rows] = _finest(east, north, [1e-4, 1e-3, 0.01, 0.1, 1.0, 10.0, 100.0, 1000.0]) / np.sqrt(2)
    for parts, chosen in (
        (60.0, words == "derajat menit"),
        (3600.0, words == "derajat menit detik"),
        (1.0, ~metres & ~words.isin(["derajat menit", "derajat menit detik"])),
    ):
        rows = known[np.asarray(chosen, dtype=bool)]
        unit = _finest(lon[rows], lat[rows], 1 / (parts * 10.0 ** np.arange(_MOST, -1, -1)))
        out[rows] = unit / 2 * np.hypot(_LAT_M, _LON_M * np.cos(np.radians(lat[rows])))
    return out


def near_another(
    lon: np.ndarray,
    lat: np.ndarray,
    within_m: np.ndarray,
    places: np.ndarray,
    desa: gpd.GeoSeries,
    measuring: CRS,
) -> np.ndarray:
    """Say which points lie nearer to another desa than they are sure.

    Parameters
    ----------
    lon, lat
        Degrees, WGS 84; the result is false where they are missing.
    within_m
        How far off each may be, in metres, see :func:`precision_m`; less than 5 m counts as sure.
    places
        The desa that holds each, by its place in ``desa``.
    desa
        Polygons, WGS 84.
    measuring
        CRS in metres.

    Examples
    --------
    >>> from geo.crs import MEASURING
    >>> two = gpd.GeoSeries([shapely.box(109, -7, 110, -6), shapely.box(110, -7, 111, -6)], crs=4326)
    >>> lon, lat, first = np.full(2, 109.9995), np.full(2, -6.5), np.zeros(2)
    >>> near_another(lon, lat, np.array([78.0, 20.0]), first, two, MEASURING)
    array([ True, False])
    """
    out = np.zeros(len(lon), dtype=bool)
    rows = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat) & (within_m >= _LEAST_M))
    if rows.size:
        points = shapely.points(*to_metres(lon[rows], lat[rows], measuring))
        tree = shapely.STRtree(desa.to_crs(measuring).to_numpy())
        point, near = tree.query(points, predicate="dwithin", distance=within_m[rows])
        out[rows[point[near != places[rows[point]]]]] = True
    return out


def _finest(one: np.ndarray, other: np.ndarray, units: np.ndarray | list[float]) -> np.ndarray:
    """Return the coarsest unit, of those given from fine to coarse, in which both numbers are whole."""
    found = np.full(len(one), float(units[0]))
    for unit in units[1:]:
        found[_whole(one, 1 / unit) & _whole(other, 1 / unit)] = unit
    return found


def coarse(lon: np.ndarray, lat: np.ndarray, x: np.ndarray, y: np.ndarray, form: np.ndarray) -> np.ndarray:
    """Find the positions that are rounded to some 500 m or more.

    That is: two decimals or fewer in both, a whole degree in either, whole minutes in both (as decimals too,
    ``-6.9167``), or whole kilometres. Spreadsheets drop the zeros at the end of a number, so that every hundredth
    pair of three-decimal coordinates looks like this by chance. Positions are therefore judged together: a kind of
    rounding is one only where the sheet has more than twice as many as its finer positions would bring by chance.

    Parameters
    ----------
    lon, lat
        Degrees, WGS 84; missing ones are not rounded.
    x, y, form
        As in :class:`Positions`.
    """
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    out = np.zeros(len(lon), dtype=bool)
    metres = pd.Series(form[known], dtype="str").str.match(_METRES).to_numpy(bool)
    out[known[metres]] = (x[known[metres]] % 1000 == 0) & (y[known[metres]] % 1000 == 0)
    known = known[~metres]
    found = np.zeros(len(known), dtype=bool)
    a, b = np.abs(lon[known]), np.abs(lat[known])
    decimals = np.full(len(known), _MOST)
    for places in reversed(range(_MOST)):
        decimals[_whole(a, 10.0**places) & _whole(b, 10.0**places)] = places
    many = np.bincount(decimals, minlength=_MOST + 1).astype(float)
    finer = np.arange(3, _MOST + 1)
    for places in range(3):
        found |= _more_than_chance(decimals == places, float(many[finer] @ 100.0 ** (places - finer)))
    whole_degree = _whole(a, 1.0) | _whole(b, 1.0)
    for places in finer.tolist():
        alike = decimals == places
        found |= _more_than_chance(alike & whole_degree, float(many[places]) * 2 * 10.0**-places)
        slack = max(30.3 * 10.0**-places, 1e-6)
        minutes = alike & _whole(a, 60.0, slack) & _whole(b, 60.0, slack)
        if minutes.any():
            seconds = (alike & _whole(a, 3600.0) & _whole(b, 3600.0)).sum()
            found |= _more_than_chance(minutes, float(many[places]) * min(1, 4 * slack**2) + seconds / 3600)
    out[known] = found
    return out


_MOST = 8
"""So many decimals are the finest that is told apart; thirds of a degree have more."""


def _whole(value: np.ndarray, parts: float, slack: float = 0.0) -> np.ndarray:
    """Say where a number is a whole number of parts; a computer's own rounding does not count."""
    scaled = value * parts
    return np.asarray(np.abs(scaled - np.rint(scaled)) <= max(slack, 1e-9, parts * 1e-13))


def _more_than_chance(kind: np.ndarray, expected: float) -> np.ndarray:
    return kind if kind.sum() > 2 * expected else np.zeros_like(kind)
