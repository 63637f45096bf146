"""Where each household is looked for, and where the teams start."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS, Geod

from geo.crs import to_degrees, to_metres
from geo.errors import SettingsError
from geo.symbology import number
from geo.visits.task import Floats, Integers

FAR_KM = 50
"""A start place may lie so far outside the bounds of the desa."""

_MEAN_WAY = 0.52  # of the side of a square, between two points at random in it


@dataclass(frozen=True)
class Places:
    """Places in metres, and how far they may lie off.

    Attributes
    ----------
    x, y
        Metres in the measuring CRS; missing where nothing is known.
    spread_m
        Metres between two places of which only the surroundings are known; 0 where the place itself is.
    """

    x: Floats
    y: Floats
    spread_m: Floats

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.x)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whether something is known of each place."""
        return np.isfinite(self.x) & np.isfinite(self.y)

    def some(self, which: Integers | NDArray[np.bool_]) -> "Places":
        """Return some of them."""
        return Places(self.x[which], self.y[which], self.spread_m[which])

    def degrees(self, measuring: CRS) -> tuple[np.ndarray, np.ndarray]:
        """Return longitudes and latitudes, WGS 84."""
        return to_degrees(self.x, self.y, measuring)


def joined(*places: Places) -> Places:
    """Return places one after another."""
    return Places(
        *(np.concatenate([getattr(each, name) for each in places]) for name in ("x", "y", "spread_m"))
    )


def find_places(
    chosen: pd.DataFrame, desa: gpd.GeoDataFrame, measuring: CRS
) -> tuple[Places, NDArray[np.bool_]]:
    """Return where each household is looked for, and whether that is a position of its own.

    Needs columns: of the chosen ``kode_desa``, geometry, of use ``dusun``, ``dusun_of_desa`` (how many names of
    dusun the desa's households bear), ``reference_lon``, ``reference_lat``; of the desa ``kode_desa``, geometry.

    Notes
    -----
    A household without a position of its own is looked for around the reference point of its dusun, else around a
    point within its desa. Nothing is drawn there: the place serves to reckon the way alone, and the way between two
    such houses counts as that between two random points of a square as large as the desa, or its share of a dusun.
    """
    points = gpd.GeoSeries(chosen["geometry"], crs=chosen.geometry.crs).to_crs(measuring)
    x, y = points.x.to_numpy(float).copy(), points.y.to_numpy(float).copy()
    own = np.isfinite(x) & np.isfinite(y)
    row = pd.Index(desa["kode_desa"]).get_indexer(pd.Index(chosen["kode_desa"]))
    needed = np.unique(row[~own & (row >= 0)])
    middle = np.full((len(desa), 3), np.nan)
    shapes = desa.geometry.iloc[needed].to_crs(measuring)
    inside = shapes.representative_point()
    middle[needed] = np.column_stack([inside.x, inside.y, shapes.area])
    mx, my, area = np.where((row >= 0)[:, None], middle[row], np.nan).T
    dusun = np.zeros(len(chosen), dtype=bool)
    if {"reference_lon", "reference_lat"} <= {*chosen.columns}:
        lon, lat = (
            chosen[name].to_numpy(float, na_value=np.nan) for name in ("reference_lon", "reference_lat")
        )
        dusun = ~own & np.isfinite(lon) & np.isfinite(lat)
        x[dusun], y[dusun] = to_metres(lon[dusun], lat[dusun], measuring)
    around = ~own & ~dusun
    x[around], y[around] = mx[around], my[around]
    share = np.where(dusun, chosen["dusun_of_desa"].to_numpy(float), 1.0)
    spread = np.where(own, 0.0, _MEAN_WAY * np.sqrt(np.nan_to_num(area) / np.maximum(share, 1.0)))
    return Places(x, y, spread), own


def require_near(start: tuple[float, float], desa: gpd.GeoDataFrame) -> None:
    """Refuse a start place (longitude, latitude) from which no team would set out to these desa.

    Raises
    ------
    SettingsError
        When it is no place on earth, or lies further than :data:`FAR_KM` outside the bounds of the desa.
    """
    lon, lat = start
    said = f"Tempat mulai {lon},{lat}"
    if abs(lon) > 180 or abs(lat) > 90:  # noqa: PLR2004  -- degrees
        raise SettingsError(
            f"{said} tidak ada di bumi. Tulis bujur,lintang dalam derajat, misalnya 109.66,-6.89."
        )
    west, south, east, north = desa.total_bounds
    nearest = min(max(lon, west), east), min(max(lat, south), north)
    away = Geod(ellps="WGS84").inv(lon, lat, *nearest)[2] / 1000
    if away > FAR_KM:
        raise SettingsError(
            f"{said} terletak {number(away)} km di luar daerah ini; paling jauh {FAR_KM} km. Periksa bujur dan "
            f"lintangnya: bujur {number(west, 2)} sampai {number(east, 2)}, lintang {number(south, 2)} sampai "
            f"{number(north, 2)}."
        )


def given_starts(starts: Sequence[tuple[float, float]], measuring: CRS) -> Places:
    """Return the start places that were given, as longitude and latitude in degrees."""
    lon, lat = np.array(starts, dtype=float).reshape(-1, 2).T
    x, y = to_metres(lon, lat, measuring)
    return Places(x, y, np.zeros(len(x)))


def middle_desa(houses: Places, desa: gpd.GeoDataFrame, measuring: CRS) -> tuple[Places, str]:
    """Return a point within the desa from where all houses together are nearest, and its name.

    Needs columns: ``nama_desa``, geometry.
    """
    shapes = desa.geometry
    inside = gpd.GeoSeries(shapes.representative_point(), crs=desa.crs).to_crs(measuring)
    spots = np.column_stack([inside.x, inside.y])
    known = houses.known
    ways = np.zeros(len(spots))
    for begin in range(0, len(spots), 256):
        part = spots[begin : begin + 256]
        ways[begin : begin + 256] = np.hypot(
            part[:, :1] - houses.x[known], part[:, 1:] - houses.y[known]
        ).sum(axis=1)
    best = int(np.argmin(np.nan_to_num(ways, nan=np.inf)))
    name = desa["nama_desa"].iloc[best] if "nama_desa" in desa else ""
    return Places(spots[best : best + 1, 0], spots[best : best + 1, 1], np.zeros(1)), str(name)
