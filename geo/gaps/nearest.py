"""How far from an unserved house the nearest served one stands: whose facility might be shared."""

from typing import TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from scipy.spatial import cKDTree

from geo.crs import to_metres

NEAR_M = 50.0
"""A facility this near may be shared: our own measure, to be confirmed by the district."""

_Table = TypeVar("_Table", bound=pd.DataFrame)


def nearest_served(households: gpd.GeoDataFrame, indicator: str, measuring: CRS) -> pd.Series:
    """Return the metres from each household in need to the nearest one that is known to be served.

    Only households with a position of their own take part, on both sides: a house without one is neither near nor
    far. Straight lines; a river or a slope between two houses is not seen.

    Needs columns: ``need_<indicator>``, geometry (own positions alone; WGS 84).

    Parameters
    ----------
    households
        Those that count.
    measuring
        A CRS in metres.

    Returns
    -------
    pandas.Series
        Metres (Float32), missing for whoever is not in need or has no position, and for all where nobody is served.
    """
    need = households[f"need_{indicator}"].astype("boolean")
    points = households.geometry.to_numpy()
    placed = ~(shapely.is_missing(points) | shapely.is_empty(points))
    from_here = placed & need.fillna(value=False).to_numpy(dtype=bool)
    served = placed & ~need.fillna(value=True).to_numpy(dtype=bool)
    metres = np.full(len(households), np.nan)
    if from_here.any() and served.any():
        tree = cKDTree(_xy(points[served], measuring))
        metres[from_here] = tree.query(_xy(points[from_here], measuring))[0]
    return pd.Series(metres, index=households.index).astype("Float32")


def add_near_served(
    areas: _Table, households: pd.DataFrame, key: str, indicator: str, within_m: float = NEAR_M
) -> _Table:
    """Count in each area the households in need that have a served one near them.

    Needs columns: ``key`` in both; ``distance_served_<indicator>_m`` of the households (:func:`nearest_served`).
    Adds columns: ``<indicator>_near_served`` and, of how many that could be told, ``<indicator>_near_known``.
    """
    metres = households[f"distance_served_{indicator}_m"].to_numpy(dtype=float, na_value=np.nan)
    told = pd.DataFrame({"area": households[key], "near": metres <= within_m, "known": ~np.isnan(metres)})
    counts = told.groupby("area").sum().reindex(areas[key].to_numpy()).fillna(0).astype("int64")
    return areas.assign(
        **{
            f"{indicator}_near_served": counts["near"].to_numpy(),
            f"{indicator}_near_known": counts["known"].to_numpy(),
        }
    )


def _xy(points: np.ndarray, measuring: CRS) -> np.ndarray:
    degrees = shapely.get_coordinates(points)
    return np.column_stack(to_metres(degrees[:, 0], degrees[:, 1], measuring))
