"""Where need gathers: kantong, groups of needy houses near one another, for the day's work.

A kantong is no test of significance: it says where houses in need stand together, not that there are more of
them than chance would put there. Its share of needy houses says which of both it rather is.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from geo.clusters.hdbscan import hdbscan
from geo.clusters.spanning_tree import spanning_tree
from geo.crs import STORING, to_metres
from geo.gazetteer.dusun_names import dusun_titles
from geo.settings import ClusterSettings

HULL_RATIO = 0.4
"""Concavity of the outline: 1 is the convex hull, 0 as concave as can be."""

AROUND_M = 15.0
"""The outline runs this far outside the houses, so that it holds their yards."""

SPOT_M = 5.0
"""Households in one square this wide stand on one spot: a phone knows no position better, and they are one visit."""

NAMES = ["kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan", "dusun"]


def find_kantong(
    households: gpd.GeoDataFrame, indicator: str, measuring: CRS, settings: ClusterSettings
) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Group the houses in need that have a position of their own, by density (HDBSCAN).

    No link of a kantong is longer than ``distance_m``, and none has fewer than ``minimum_households`` spots:
    households stacked on one spot make no kantong. One of more than ``largest_households`` households is divided as
    long as both parts keep so many spots; where several households stand on one spot it may thus stay larger.

    Needs columns: ``need_<indicator>``, ``kode_desa``, ``nama_desa``, ``kode_kecamatan``, ``nama_kecamatan``,
    ``dusun``, geometry (points, WGS 84).

    Returns
    -------
    clusters
        One row a kantong, the largest first: ``cluster_id`` from 1, ``indicator``, ``kind``, ``name``, place names
        (of the desa with most of its houses), ``desa`` (in how many desa they stand), ``households``,
        ``density_ha``, ``span_m`` (straight across the outline), ``walk_m`` (the longest way from house to house
        along the spanning tree of its houses), ``base`` (households with a position inside the outline whose need
        is known), ``share`` (of these in need) and its outline (WGS 84). ``dusun`` is the one that most name, written
        for a reader, or nothing.
    membership
        ``cluster_id`` of each household (Int32), missing outside; index of the households.
    """
    need = households[f"need_{indicator}"]
    known = np.flatnonzero(households.geometry.notna() & households["kode_desa"].notna() & need.notna())
    homes = households.geometry.to_numpy()[known]
    everyone = np.column_stack(to_metres(shapely.get_x(homes), shapely.get_y(homes), measuring))
    is_needy = need.iloc[known].to_numpy(dtype=bool)
    points = everyone[is_needy]
    spots, spot = _spots(points)
    if len(spots) < settings.minimum_households:
        return no_kantong(households)
    labels = hdbscan(
        spots,
        settings.minimum_households,
        settings.distance_m,
        settings.largest_households,
        np.bincount(spot),
    )
    grouped = labels[spot] >= 0
    if not grouped.any():
        return no_kantong(households)
    inside = (
        pd.DataFrame(households[NAMES]).iloc[known[is_needy][grouped]].assign(label=labels[spot][grouped])
    )
    inside["dusun"] = _readable(inside["dusun"])
    hulls = _outlines(points[grouped], inside["label"].to_numpy())
    outlines = gpd.GeoSeries(hulls, crs=measuring).to_crs(STORING)
    clusters = _described(inside, indicator).assign(
        density_ha=lambda table: table["households"] / (shapely.area(hulls) / 1e4),
        span_m=shapely.minimum_bounding_radius(hulls) * 2,
        walk_m=_walk(spots, labels, settings.distance_m),
        **_base(outlines, homes, is_needy),
    )
    clusters = _numbered(gpd.GeoDataFrame(clusters, geometry=outlines))
    membership = pd.Series(pd.NA, index=households.index, dtype="Int32")
    ids = clusters.set_index("label")["cluster_id"]
    membership[inside.index] = inside["label"].map(ids).astype("Int32")
    return clusters.drop(columns="label"), membership


def no_kantong(households: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Return what :func:`find_kantong` returns when there is nothing to group."""
    return _empty(), pd.Series(pd.NA, index=households.index, dtype="Int32")


def _spots(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return one position a spot, of its westernmost household, from the west; and the spot of each household."""
    west_first = np.lexsort(points.T[::-1])
    cells = np.floor(points / SPOT_M).astype(np.int64)
    _, first, cell = np.unique(cells[west_first], axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)
    spot = np.empty(len(points), dtype=np.int64)
    spot[west_first] = np.argsort(order)[cell.ravel()]
    return points[west_first[first[order]]], spot


def _readable(dusun: pd.Series) -> np.ndarray:
    """Return how each dusun is written for a reader, missing where what is written has no letter."""
    written, distinct = pd.factorize(dusun)
    titles = pd.Series([*dusun_titles(distinct), ""], dtype="str")
    return titles.where(titles.str.contains("[A-Za-z]")).to_numpy()[written]


def _outlines(points: np.ndarray, labels: np.ndarray) -> np.ndarray:
    order = np.argsort(labels, kind="stable")
    groups = shapely.multipoints(shapely.points(points[order]), indices=labels[order])
    return np.asarray(shapely.buffer(shapely.concave_hull(groups, ratio=HULL_RATIO), AROUND_M, quad_segs=4))


def _walk(spots: np.ndarray, labels: np.ndarray, distance_m: float) -> np.ndarray:
    """Return the metres between the two spots of each group that are furthest apart along its spanning tree.

    From any house the one furthest off is an end of the longest way, and the other end is furthest from there. All
    trees are made in one, each group laid out in a field of its own, too far from the next for a link.
    """
    order = np.flatnonzero(labels >= 0)
    order = order[np.argsort(labels[order], kind="stable")]
    points, own = spots[order], labels[order]
    starts = np.flatnonzero(np.diff(own, prepend=-1))
    corner = np.minimum.reduceat(points, starts)
    width = (np.maximum.reduceat(points, starts) - corner).max() + 2 * distance_m
    field = np.column_stack(np.divmod(own, int(np.ceil(np.sqrt(len(starts)))))) * width
    tree = spanning_tree(points - corner[own] + field, 1, distance_m + 1)
    graph = coo_array((tree.apart, tree.pairs.T), shape=(len(own),) * 2).tocsr()
    ends = starts
    for _ in range(2):
        metres = dijkstra(graph, directed=False, indices=ends, min_only=True)
        ends = np.lexsort((metres, own))[np.append(starts[1:], len(own)) - 1]
    return np.asarray(metres[ends])


def _base(outlines: gpd.GeoSeries, homes: np.ndarray, is_needy: np.ndarray) -> dict[str, np.ndarray]:
    """Count who lives inside each outline: a pocket may be dense because need is, or because people are."""
    outline, home = shapely.STRtree(homes).query(outlines.to_numpy(), predicate="intersects")
    base = np.bincount(outline, minlength=len(outlines))
    return {"base": base, "share": np.bincount(outline, is_needy[home], len(outlines)) / base}


def _described(inside: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Count and name each group; the place is where most of its houses count."""
    groups = inside.groupby("label", sort=True)
    kode = _most_common(inside, "kode_desa")
    places = inside.drop_duplicates("kode_desa").set_index("kode_desa", drop=False)
    place = places.loc[kode, NAMES[:-1]]
    at_home = inside[inside["kode_desa"] == inside["label"].map(kode)]
    return pd.DataFrame(place.reset_index(drop=True)).assign(
        label=kode.index.to_numpy(),
        indicator=indicator,
        kind="kantong",
        dusun=_most_common(at_home, "dusun").reindex(kode.index).fillna("").to_numpy(),
        desa=groups["kode_desa"].nunique().to_numpy(),
        households=groups.size().to_numpy(),
    )


def _numbered(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the kantong numbers, the largest first, and names."""
    table = (
        table.assign(west=table.bounds["minx"], south=table.bounds["miny"])
        .sort_values(
            ["households", "kode_desa", "west", "south"],
            ascending=[False, True, True, True],
            ignore_index=True,
        )
        .drop(columns=["west", "south"])
    )
    table.insert(0, "cluster_id", np.arange(1, len(table) + 1, dtype="int32"))
    hamlet = table["dusun"].str.removeprefix("Dusun ").where(table["dusun"] != "")
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
        **{name: pd.Series(dtype="int64") for name in ("desa", "households", "base")},
        **{name: pd.Series(dtype=float) for name in ("density_ha", "span_m", "walk_m", "share")},
    }
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([], crs=STORING), crs=STORING)
