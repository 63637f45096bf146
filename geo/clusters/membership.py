"""Which households stand where need is significantly higher: in a hot spot, or in a circle of the scan."""

import geopandas as gpd
import pandas as pd
import shapely

from geo.clusters.hot_spots import HOT


def mark_hot(
    households: gpd.GeoDataFrame, hot_spots: pd.DataFrame, scans: gpd.GeoDataFrame, indicator: str
) -> pd.Series:
    """Say of each household whether it stands where need is significantly higher.

    That is where its desa is hot (``gi_class``), or belongs to a significant cluster of the scan over desa, or its
    own position lies in a significant circle of the scan over houses; of clusters only those with more
    need than elsewhere. Of a household without a desa it is not known, unless its position lies in such a circle.

    Needs columns: ``kode_desa`` and geometry of the households; ``kode_desa``, ``indicator``, ``gi_class`` of the hot
    spots; ``indicator``, ``base``, ``significant``, ``relative_risk``, ``members`` and geometry of the scans.

    Returns
    -------
    pandas.Series
        boolean, index of the households.
    """
    hot = hot_spots.loc[(hot_spots["indicator"] == indicator) & (hot_spots["gi_class"] == HOT), "kode_desa"]
    high = scans[
        (scans["indicator"] == indicator) & scans["significant"].astype(bool) & (scans["relative_risk"] > 1)
    ]
    members = high.loc[high["base"] == "desa", "members"].str.split().explode()
    marked: pd.Series = households["kode_desa"].isin({*hot, *members}).astype("boolean")
    marked[households["kode_desa"].isna()] = pd.NA
    circles = high.loc[high["base"] == "rumah tangga"].geometry
    if len(circles):
        area = shapely.union_all(circles.to_crs(households.crs).to_numpy())
        shapely.prepare(area)
        marked[shapely.intersects(area, households.geometry.to_numpy())] = True
    return marked.rename(None)
