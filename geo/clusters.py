"""Where need gathers: kantong, groups of needy houses near one another, for the day's work.

A kantong is no test of significance: it says where houses in need stand together, not that there are more of
them than chance would put there.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.crs import STORING
from geo.settings import ClusterSettings

HULL_RATIO = 0.4
"""Concavity of the outline: 1 is the convex hull, 0 as concave as can be."""

AROUND_M = 15.0
"""The outline runs this far outside the houses, so that it holds their yards."""


def find_kantong(
    households: gpd.GeoDataFrame, indicator: str, measuring: CRS, settings: ClusterSettings
) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Group the houses in need that have a position of their own.

    Needs columns: ``need_<indicator>``, ``kode_desa``, ``nama_desa``, ``kode_kecamatan``, ``nama_kecamatan``,
    ``dusun``, geometry.

    Returns
    -------
    clusters
        One row a kantong, the largest first: ``cluster_id`` from 1, ``indicator``, ``kind``, ``name``, place
        names, ``households``, ``density_ha``, ``span_m`` and its outline (WGS 84).
    membership
        ``cluster_id`` of each household (Int32), missing outside; index of the households.
    """
    needy = households[
        households[f"need_{indicator}"].fillna(value=False).astype(bool) & ~households.geometry.isna()
    ].to_crs(measuring)
    if len(needy) < settings.minimum_households:
        return no_kantong(households)
    points = np.column_stack([needy.geometry.x, needy.geometry.y])
    labels = group(points, settings.distance_m, settings.minimum_households)
    inside = needy[labels >= 0].assign(label=labels[labels >= 0])
    if inside.empty:
        return no_kantong(households)
    clusters = _described(inside, indicator)
    membership = pd.Series(pd.NA, index=households.index, dtype="Int32")
    ids = dict(zip(clusters["label"], clusters["cluster_id"], strict=True))
    membership[inside.index] = inside["label"].map(ids).astype("Int32")
    return clusters.drop(columns="label").to_crs(STORING), membership


def group(points: np.ndarray, distance_m: float, minimum: int) -> np.ndarray:
    """Group points by density (DBSCAN, Ester et al. 1996); a point at the rim joins its nearest core point.

    Of core points equally near, the westernmost counts, then the southernmost: the order of rows never decides.

    Parameters
    ----------
    points
        Metres, shape (n, 2).
    distance_m, minimum
        A core point has at least ``minimum`` points, itself included, within ``distance_m``.

    Returns
    -------
    numpy.ndarray
        Number of each point's group from 0, in the order of their first core points; -1 outside.

    Examples
    --------
    >>> group(np.array([[0, 0], [1, 0], [2, 0], [50, 50]]), 1.0, 2)
    array([ 0,  0,  0, -1])
    """
    tree = cKDTree(points)
    core = tree.query_ball_point(points, distance_m, return_length=True) >= minimum
    labels = np.full(len(points), -1)
    if not core.any():
        return labels
    heart = cKDTree(points[core])
    rim = np.flatnonzero(~core)
    pairs = heart.query_pairs(distance_m, output_type="ndarray")
    links = coo_array((np.ones(len(pairs), dtype=bool), pairs.T), shape=(heart.n, heart.n))
    labels[core] = connected_components(links, directed=False)[1]
    metres, _ = heart.query(points[rim], distance_upper_bound=np.nextafter(distance_m, np.inf))
    rim, metres = rim[np.isfinite(metres)], metres[np.isfinite(metres)]
    as_near = heart.query_ball_point(points[rim], np.nextafter(metres, np.inf), return_sorted=False)
    west_first = np.argsort(np.lexsort(heart.data.T[::-1]))
    labels[rim] = labels[core][[min(near, key=west_first.__getitem__) for near in as_near]]
    return labels


def no_kantong(households: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Return what :func:`find_kantong` returns when there is nothing to group."""
    return _empty(), pd.Series(pd.NA, index=households.index, dtype="Int32")


def _described(inside: gpd.GeoDataFrame, indicator: str) -> gpd.GeoDataFrame:
    """Outline, count and name each group; the place is where most of its houses count."""
    groups = inside.groupby("label", sort=True)
    outlines = gpd.GeoSeries(
        groups.geometry.agg(lambda points: shapely.MultiPoint(points.to_numpy())), crs=inside.crs
    )
    hulls = outlines.concave_hull(ratio=HULL_RATIO).buffer(AROUND_M, quad_segs=4)
    kode = _most_common(inside, "kode_desa").reindex(hulls.index)
    names = ["kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan"]
    place = inside[names].drop_duplicates("kode_desa").set_index("kode_desa", drop=False).loc[kode]
    at_home = inside[inside["kode_desa"] == inside["label"].map(kode)]
    table = (
        gpd.GeoDataFrame(
            pd.DataFrame(place).assign(
                label=hulls.index.to_numpy(),
                indicator=indicator,
                kind="kantong",
                dusun=_most_common(at_home, "dusun").reindex(hulls.index).fillna("").to_numpy(),
                households=groups.size().to_numpy(),
                density_ha=(groups.size() / (hulls.area / 1e4)).to_numpy(),
                span_m=hulls.minimum_bounding_radius().to_numpy() * 2,
            ),
            geometry=hulls.to_numpy(),
            crs=inside.crs,
        )
        .reset_index(drop=True)
        .assign(west=hulls.bounds["minx"].to_numpy(), south=hulls.bounds["miny"].to_numpy())
        .sort_values(
            ["households", "kode_desa", "west", "south"],
            ascending=[False, True, True, True],
            ignore_index=True,
        )
        .drop(columns=["west", "south"])
    )
    table.insert(0, "cluster_id", np.arange(1, len(table) + 1, dtype="int32"))
    hamlet = table["dusun"].where(table["dusun"] != "", pd.NA)
    where = ("dusun " + hamlet + ", ").fillna("") + table["nama_desa"]
    return table.assign(name="Kantong " + table["cluster_id"].astype(str) + ": " + where)


def _most_common(inside: pd.DataFrame, column: str) -> pd.Series:
    """Return the most common value of a column in each group, the first in order of those as common."""
    counts = inside.groupby(["label", column]).size().rename("count").reset_index()
    first = counts.sort_values(["label", "count", column], ascending=[True, False, True])
    return first.drop_duplicates("label").set_index("label")[column]


def _empty() -> gpd.GeoDataFrame:
    texts = (
        "indicator",
        "kind",
        "name",
        "kode_desa",
        "nama_desa",
        "kode_kecamatan",
        "nama_kecamatan",
        "dusun",
    )
    columns = {
        "cluster_id": pd.Series(dtype="int32"),
        **{name: pd.Series(dtype="str") for name in texts},
        "households": pd.Series(dtype="int64"),
        "density_ha": pd.Series(dtype=float),
        "span_m": pd.Series(dtype=float),
    }
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([], crs=STORING), crs=STORING)
