"""Which households stand where need is significantly higher: in a desa that is a hot spot, in a circle of the scan."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.clusters.hot_spots import HOT

_TITLES = {"rtlh": "RTLH"}


def mark_hot(
    households: gpd.GeoDataFrame, hot_spots: pd.DataFrame, scans: gpd.GeoDataFrame, indicator: str
) -> pd.DataFrame:
    """Say of each household whether it stands where need is significantly higher, and where that is.

    That is where its desa is hot (``gi_class``); and in a circle: where its desa belongs to a significant cluster of
    the scan over desa, or its own position lies in a significant circle of the scan over houses; of clusters only
    those with more need than elsewhere. Of a household without a desa it is not known, unless its position lies in
    such a circle.

    Needs columns: ``kode_desa`` and geometry of the households; ``kode_desa``, ``indicator``, ``gi_class`` of the hot
    spots; ``indicator``, ``base``, ``significant``, ``relative_risk``, ``members`` and geometry of the scans.

    Returns
    -------
    pandas.DataFrame
        Index of the households: ``hot_<indicator>`` (boolean, missing = unknown) and ``why_hot_<indicator>`` (text):
        «desa panas RTLH», «lingkaran RTLH», «desa panas dan lingkaran RTLH» or nothing.
    """
    kode = households["kode_desa"]
    hot = hot_spots.loc[(hot_spots["indicator"] == indicator) & (hot_spots["gi_class"] == HOT), "kode_desa"]
    high = scans[
        (scans["indicator"] == indicator) & scans["significant"].astype(bool) & (scans["relative_risk"] > 1)
    ]
    members = high.loc[high["base"] == "desa", "members"].str.split().explode()
    in_desa = kode.isin(set(hot)).to_numpy(bool)
    in_circle = kode.isin(set(members)).to_numpy(bool, copy=True)
    circles = high.loc[high["base"] == "rumah tangga"].geometry
    if len(circles):
        area = shapely.union_all(circles.to_crs(households.crs).to_numpy())
        shapely.prepare(area)
        in_circle |= shapely.intersects(area, households.geometry.to_numpy())
    marked = pd.Series(in_desa | in_circle, index=kode.index).astype("boolean")
    title = _TITLES.get(indicator, indicator.replace("_", " "))
    places = ("desa panas dan lingkaran", "desa panas", "lingkaran")
    words = np.select(
        [in_desa & in_circle, in_desa, in_circle], [f"{place} {title}" for place in places], default=""
    )
    return pd.DataFrame(
        {
            f"hot_{indicator}": marked.mask(kode.isna() & ~marked),
            f"why_hot_{indicator}": pd.Series(words, index=kode.index, dtype="str"),
        }
    )
