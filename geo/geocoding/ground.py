"""The desa of a district by their place in its boundaries, and points on them: what geocoding reckons with."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from geo.locate import distance_m


@dataclass(frozen=True)
class Points:
    """The points of some rows; arrays of one length.

    Attributes
    ----------
    lon, lat
        Degrees, WGS 84; missing where a row has none.
    places
        The desa that holds each, by its place in the boundaries; -1 for none.
    """

    lon: np.ndarray
    lat: np.ndarray
    places: np.ndarray

    @property
    def known(self) -> np.ndarray:
        """The rows that have one."""
        return np.asarray(np.isfinite(self.lon))

    def take(self, rows: np.ndarray) -> "Points":
        """Return those of some rows."""
        return Points(self.lon[rows], self.lat[rows], self.places[rows])


@dataclass(frozen=True)
class Ground:
    """The desa by their place in the boundaries; -1 stands for none.

    Attributes
    ----------
    desa
        Boundaries, WGS 84.
    measuring
        CRS in metres.
    """

    desa: gpd.GeoDataFrame
    measuring: CRS

    def place_of(self, kode: pd.Series) -> np.ndarray:
        """Return the place of each kode_desa."""
        return np.asarray(pd.Index(self.desa["kode_desa"]).get_indexer(kode.astype("str").fillna("")))

    def pick(self, column: str, places: np.ndarray) -> pd.Series:
        """Return the text of a column at each place, missing where there is none."""
        return pd.Series(self.desa[column].astype("str").array.take(places, allow_fill=True))

    def kecamatan_names(self, kode: pd.Series) -> pd.Series:
        """Return the name of each kecamatan by its code."""
        rows = self.desa.drop_duplicates("kode_kecamatan")
        names = rows["nama_kecamatan"].astype("str").array
        return pd.Series(names.take(pd.Index(rows["kode_kecamatan"]).get_indexer(kode), allow_fill=True))

    def metres(self, points: Points, wanted: np.ndarray) -> np.ndarray:
        """Return how far each point is from one desa each: 0 inside, infinite where either is missing."""
        out = np.where(points.known & (wanted >= 0), 0.0, np.inf)
        away = np.flatnonzero((out == 0) & (wanted != points.places))
        if away.size:
            out[away] = distance_m(
                points.lon[away], points.lat[away], wanted[away], self.desa.geometry, self.measuring
            )
        return out
