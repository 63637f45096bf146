"""The true ground of an evaluation: a district, and invented houses whose desa and position are known."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.boundaries import Boundaries
from geo.crs import measuring_crs, to_degrees, to_metres

HAMLETS = ("Krajan", "Karangsono", "Gondangrejo", "Sidomakmur", "Kebonsawit", "Randugede", "Jatimalang", "Watugede",
           "Banyuasri", "Kalianyar", "Tegalombo", "Sumberdadi", "Kedungringin", "Pandansari", "Bulakrejo")  # fmt: skip
A_DESA = 4
SPREAD_M = 160.0
_TRIES = 12


@dataclass(frozen=True)
class Ground:
    """A district as the evaluation sees it.

    Attributes
    ----------
    desa
        One row a desa, WGS 84, in the order of the boundaries; ``place`` is a row of it.
    polygons
        The same in metres (``crs``).
    kabupaten, provinsi
        Names of the kabupaten or kota, and of its province.
    tolerance_m
        How far from its border a position still speaks for a desa.
    """

    desa: gpd.GeoDataFrame
    polygons: np.ndarray
    crs: CRS
    kabupaten: str
    provinsi: str
    tolerance_m: float

    @classmethod
    def of(cls, boundaries: Boundaries, tolerance_m: float) -> "Ground":
        """Look at the boundaries of a district."""
        crs = boundaries.measuring
        polygons = boundaries.desa.geometry.to_crs(crs).to_numpy()
        about = boundaries.info["district"]
        return cls(boundaries.desa, polygons, crs, about["nama"], about["provinsi"], tolerance_m)

    def names(self, place: np.ndarray, column: str = "nama_desa") -> np.ndarray:
        """Return a column of the desa, by place."""
        return np.asarray(self.desa[column].to_numpy(object)[place])

    def to_desa(self, lon: np.ndarray, lat: np.ndarray, place: np.ndarray) -> np.ndarray:
        """Return the metres from each position to a desa, 0 inside."""
        x, y = to_metres(lon, lat, self.crs)
        return np.asarray(shapely.distance(shapely.points(x, y), self.polygons[place]))

    def clearance(self, lon: np.ndarray, lat: np.ndarray, place: np.ndarray) -> np.ndarray:
        """Return the metres from each position to the border of a desa."""
        x, y = to_metres(lon, lat, self.crs)
        return np.asarray(shapely.distance(shapely.points(x, y), shapely.boundary(self.polygons)[place]))


def make_houses(ground: Ground, places: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Invent one house for every entry of ``places``, near the middle of a dusun and inside its desa.

    Returns
    -------
    pandas.DataFrame
        ``place``, ``lon``, ``lat`` (degrees, seven decimals), ``clear_m`` (to the border of its desa),
        ``true_dusun``, ``true_rt``, ``true_rw``.
    """
    hamlet = rng.integers(0, A_DESA, places.size)
    middle_x, middle_y = _middles(ground, rng)
    x, y = middle_x[places, hamlet].copy(), middle_y[places, hamlet].copy()
    left = np.arange(places.size)
    for attempt in range(_TRIES):
        spread = SPREAD_M * 0.75**attempt
        x[left] = middle_x[places[left], hamlet[left]] + rng.normal(0, spread, left.size)
        y[left] = middle_y[places[left], hamlet[left]] + rng.normal(0, spread, left.size)
        left = left[~shapely.contains_xy(ground.polygons[places[left]], x[left], y[left])]
        if not left.size:
            break
    x[left], y[left] = middle_x[places[left], hamlet[left]], middle_y[places[left], hamlet[left]]
    lon, lat = (np.round(degrees, 7) for degrees in to_degrees(x, y, ground.crs))
    name = (places * 7 + hamlet * 4) % len(HAMLETS)
    return pd.DataFrame(
        {
            "place": places,
            "lon": lon,
            "lat": lat,
            "clear_m": ground.clearance(lon, lat, places),
            "true_dusun": np.array(HAMLETS, dtype=object)[name],
            "true_rt": rng.integers(1, 10, places.size),
            "true_rw": hamlet + 1,
        }
    )


def _middles(ground: Ground, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw the middles of the dusun of every desa: the first of many candidates that lie inside."""
    west, south, east, north = shapely.bounds(ground.polygons).T[:, :, None]
    shape = (len(ground.polygons), 80)
    x, y = west + (east - west) * rng.random(shape), south + (north - south) * rng.random(shape)
    anchor = shapely.point_on_surface(ground.polygons)
    inside = shapely.contains_xy(ground.polygons[:, None], x, y)
    x = np.where(inside, x, shapely.get_x(anchor)[:, None])
    y = np.where(inside, y, shapely.get_y(anchor)[:, None])
    first = np.argsort(~inside, axis=1, kind="stable")[:, :A_DESA]
    return np.take_along_axis(x, first, axis=1), np.take_along_axis(y, first, axis=1)


def across_border(
    ground: Ground, houses: pd.DataFrame, beyond_m: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return positions just across the border of each house's desa, inside the district.

    Returns
    -------
    lon, lat
        Degrees; missing where twelve throws found no such place.
    """
    place = houses["place"].to_numpy()
    whole = shapely.union_all(shapely.make_valid(ground.polygons))
    shapely.prepare(whole)
    x, y = np.full(place.size, np.nan), np.full(place.size, np.nan)
    rings = shapely.boundary(shapely.buffer(ground.polygons, beyond_m))
    for _ in range(_TRIES):
        left = np.flatnonzero(np.isnan(x))
        spot = shapely.line_interpolate_point(
            _longest(rings)[place[left]], rng.random(left.size), normalized=True
        )
        fits = shapely.contains(whole, spot) & (
            shapely.distance(spot, ground.polygons[place[left]]) > beyond_m / 2
        )
        x[left[fits]], y[left[fits]] = shapely.get_x(spot[fits]), shapely.get_y(spot[fits])
    lon, lat = to_degrees(x, y, ground.crs)
    return np.where(np.isnan(x), np.nan, lon), np.where(np.isnan(x), np.nan, lat)


def _longest(lines: np.ndarray) -> np.ndarray:
    parts, owner = shapely.get_parts(lines, return_index=True)
    order = np.lexsort((-shapely.length(parts), owner))
    _, first = np.unique(owner[order], return_index=True)
    return np.asarray(parts[order[first]])


def utm(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return easting, northing (metres) and zone of each position, each in its own zone of UTM."""
    zone = (np.floor((lon + 180) / 6) + 1).astype(int)
    east, north = np.empty(lon.size), np.empty(lon.size)
    for number in np.unique(zone):
        for half in (lat >= 0, lat < 0):
            rows = np.flatnonzero((zone == number) & half)
            if rows.size:
                middle = number * 6 - 183
                side = 1.0 if lat[rows[0]] >= 0 else -1.0
                crs = measuring_crs((middle - 1, side, middle + 1, side))
                east[rows], north[rows] = to_metres(lon[rows], lat[rows], crs)
    return east, north, zone
