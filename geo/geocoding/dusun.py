"""Where the dusun of a desa lie, learned from the houses whose position is known."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.gazetteer.dusun_names import dusun_keys
from geo.symbology import join_words

REACH_M = 750.0
"""A dusun is walked in some ten minutes; houses further from its middle are of another one, or misplaced."""

_METRES_A_DEGREE = 111_195.0
"""Along a meridian of the sphere; half a percent is nothing on :data:`REACH_M`."""


def dusun_points(households: gpd.GeoDataFrame, least: int) -> pd.DataFrame:
    """Learn a reference point for each dusun from the houses that have a point of their own.

    Needs columns: ``kode_desa``, ``dusun``, geometry (WGS 84; only houses with a point of their own have one).

    The point is the median of their longitudes and latitudes. It counts only where the houses lie together: at
    least ``least`` of them, and at least half of all, within :data:`REACH_M` of it; a name that two places of
    one desa share, or a dusun of scattered houses, has no reference point.

    Returns
    -------
    pandas.DataFrame
        ``kode_desa``, ``key`` (of :func:`dusun_keys`), ``lon``, ``lat`` (degrees, WGS 84), ``houses`` (how many
        houses it was learned from); sorted by the first two.
    """
    own = households.geometry.notna() & households["dusun"].notna()
    houses = households.loc[own, ["kode_desa", "dusun", "geometry"]]
    places = pd.DataFrame(
        {
            "kode_desa": houses["kode_desa"].to_numpy(),
            "key": _keys(houses["dusun"]),
            "lon": shapely.get_x(houses.geometry.to_numpy()),
            "lat": shapely.get_y(houses.geometry.to_numpy()),
        }
    )
    places = places[places["key"] != ""]
    group = places.groupby(["kode_desa", "key"])
    middle = group[["lon", "lat"]].transform("median")
    east = (places["lon"] - middle["lon"]) * np.cos(np.radians(middle["lat"]))
    metres = np.hypot(east, places["lat"] - middle["lat"]) * _METRES_A_DEGREE
    points = group.agg(lon=("lon", "median"), lat=("lat", "median"), houses=("lon", "size"))
    together = (metres <= REACH_M).groupby([places["kode_desa"], places["key"]]).sum()
    learned: pd.DataFrame = points[(together >= least) & (2 * together >= points["houses"])].reset_index()
    return learned


def refer_to_dusun(households: gpd.GeoDataFrame, least: int) -> gpd.GeoDataFrame:
    """Give the households without a point of their own the reference point of their dusun, where it has one.

    Needs columns: ``kode_desa``, ``dusun``, ``location_quality``, ``location_note``, geometry (WGS 84).
    Adds columns: ``reference_lon``, ``reference_lat`` (degrees, WGS 84; never drawn). The quality ``desa``
    becomes ``dusun`` there, and the note says how many houses the point was learned from.
    """
    waiting = np.flatnonzero((households["location_quality"] == "desa") & households["dusun"].notna())
    wanted = households[["kode_desa", "dusun"]].iloc[waiting]
    wanted = pd.DataFrame({"kode_desa": wanted["kode_desa"].to_numpy(), "key": _keys(wanted["dusun"])})
    found = wanted.merge(dusun_points(households, least), on=["kode_desa", "key"], how="left")
    has = found["houses"].notna().to_numpy()
    here, known = waiting[has], found[has]
    lon, lat = np.full(len(households), np.nan), np.full(len(households), np.nan)
    lon[here], lat[here] = known["lon"], known["lat"]
    quality, note = households["location_quality"].copy(), households["location_note"].copy()
    quality.iloc[here] = "dusun"
    told = "titik acuan dusun dari " + known["houses"].astype("int64").astype("str") + " rumah"
    note.iloc[here] = join_words(note.iloc[here].to_numpy(object), told.to_numpy(object))
    return households.assign(
        reference_lon=lon, reference_lat=lat, location_quality=quality, location_note=note
    )


def _keys(names: pd.Series) -> np.ndarray:
    places, distinct = pd.factorize(names)
    return np.array([*dusun_keys(distinct), ""], dtype=object)[places]
