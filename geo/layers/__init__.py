"""Where does a household stand? One file an overlay; the order is that of legends."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from geo.errors import SettingsError
from geo.layers.base import OUTSIDE, UNKNOWN, Inputs, Layer, Zones
from geo.layers.coastal import COASTAL
from geo.layers.forest_edge import FOREST_EDGE
from geo.layers.urban import URBAN
from geo.locate import OUTSIDE as NOWHERE
from geo.locate import locate

LAYERS: dict[str, Layer] = {URBAN.id: URBAN, COASTAL.id: COASTAL, FOREST_EDGE.id: FOREST_EDGE}

STEP_M = 25.0
"""Longest piece of an edge between two vertices when distances are taken."""

WHOLE = 0.99
"""A desa of which this share lies inside (or outside) counts as wholly so, for households without a point."""


def find_zones(inputs: Inputs) -> dict[str, Zones]:
    """Ask every layer for its zones.

    Raises
    ------
    SettingsError
        When the precedence does not name each layer once.
    LayerError
        When a file behind a layer cannot be used.
    """
    if sorted(inputs.settings.precedence) != sorted(LAYERS):
        raise SettingsError(
            f"Setelan layers.precedence harus menyebut setiap lapisan sekali ({', '.join(LAYERS)}); "
            f"yang diberikan: {', '.join(inputs.settings.precedence) or 'kosong'}."
        )
    return {layer.id: layer.zones(inputs) for layer in LAYERS.values()}


def overlay(
    households: gpd.GeoDataFrame,
    desa: gpd.GeoDataFrame,
    zones: Mapping[str, Zones],
    precedence: Sequence[str],
) -> gpd.GeoDataFrame:
    """Say in which zones each household stands, and how far from their edges.

    Needs columns: ``kode_desa``, geometry. ``desa`` as :func:`classify_desa` returns it.
    Adds columns: ``zone_<layer>``, ``distance_<layer>_m`` for layers with an edge, ``zone_display``.

    Notes
    -----
    A zone that is a whole desa holds for every household that counts in that desa. In other zones a household
    stands by its own point; without one it is unknown, unless its desa lies wholly inside or outside.
    """
    place = pd.Index(desa["kode_desa"]).get_indexer(households["kode_desa"].fillna(""))
    added: dict[str, object] = {}
    for layer, found in zones.items():
        added[f"zone_{layer}"] = _household_zones(households, desa, place, layer, found)
        if found.edge is not None:
            added[f"distance_{layer}_m"] = _distances(households, found)
    return households.assign(**added, zone_display=_display(added, precedence))


def classify_desa(
    desa: gpd.GeoDataFrame,
    zones: Mapping[str, Zones],
    shares: Mapping[str, pd.DataFrame],
    precedence: Sequence[str],
) -> gpd.GeoDataFrame:
    """Say which zone covers most of each desa, and which share of it lies in any zone of a layer.

    Needs columns: ``kode_desa``; ``shares`` as :func:`desa_shares` returns them, by layer.
    Adds columns: ``zone_<layer>``, ``share_<layer>`` (0 to 1, missing where unknown), ``zone_display``.
    """
    added: dict[str, object] = {}
    for layer, found in zones.items():
        in_zone = shares[layer]
        unknown = desa["kode_desa"].isin(found.unknown_desa).to_numpy()
        total = np.where(unknown, np.nan, np.minimum(in_zone.sum(axis=1), 1.0))
        words = (
            in_zone.idxmax(axis=1).to_numpy(object)
            if in_zone.shape[1]
            else np.full(len(desa), OUTSIDE, object)
        )
        half = total >= 0.5  # noqa: PLR2004  -- most of it
        added[f"zone_{layer}"] = np.select([unknown, half], [UNKNOWN, words], OUTSIDE)
        added[f"share_{layer}"] = total
    return desa.assign(**added, zone_display=_display(added, precedence))


def desa_shares(desa: gpd.GeoDataFrame, found: Zones) -> pd.DataFrame:
    """Return the share of each desa (rows) in each zone word of a layer (columns), 0 to 1 of its area.

    Needs columns: ``kode_desa``, geometry.
    """
    words = list(dict.fromkeys(found.frame["zone"]))
    shares = pd.DataFrame(0.0, index=desa.index, columns=words)
    by_status = found.frame[found.frame["kode_desa"].notna()]
    for word, part in by_status.groupby("zone"):
        shares[word] = desa["kode_desa"].isin(part["kode_desa"]).astype(float)
    free = found.frame[found.frame["kode_desa"].isna()]
    metres = desa.geometry.to_crs(found.frame.crs).to_numpy()
    for zone, polygon in zip(free["zone"], free.geometry, strict=True):
        shapely.prepare(polygon)
        shares[zone] += shapely.area(shapely.intersection(metres, polygon)) / shapely.area(metres)
    return shares


def _household_zones(
    households: gpd.GeoDataFrame, desa: gpd.GeoDataFrame, place: np.ndarray, layer: str, found: Zones
) -> np.ndarray:
    free = found.frame[found.frame["kode_desa"].isna()]
    statuses = found.frame[found.frame["kode_desa"].notna()].drop_duplicates("kode_desa")
    by_status = households["kode_desa"].map(statuses.set_index("kode_desa")["zone"])
    by_share = np.append(_without_point(desa, layer), UNKNOWN)[place]
    has_point = (
        ~households.geometry.isna().to_numpy() & ~households["kode_desa"].isin(found.unknown_desa).to_numpy()
    )
    words = np.append(free["zone"].to_numpy(object), OUTSIDE)
    at_point = words[_places(households, free)]
    return np.select(
        [by_status.notna().to_numpy(), has_point], [by_status.to_numpy(object), at_point], by_share
    )


def _places(households: gpd.GeoDataFrame, free: gpd.GeoDataFrame) -> np.ndarray:
    if not len(free):
        return np.full(len(households), NOWHERE)
    lon, lat = households.geometry.x.to_numpy(), households.geometry.y.to_numpy()
    return locate(lon, lat, free.geometry.to_crs(households.crs))


def _without_point(desa: gpd.GeoDataFrame, layer: str) -> np.ndarray:
    share = desa[f"share_{layer}"].to_numpy(float)
    return np.select(
        [share >= WHOLE, share <= 1 - WHOLE], [desa[f"zone_{layer}"].to_numpy(object), OUTSIDE], UNKNOWN
    )


def _distances(households: gpd.GeoDataFrame, found: Zones) -> np.ndarray:
    out = np.full(len(households), np.nan, dtype="float32")
    known = ~households.geometry.isna().to_numpy()
    points = households.geometry[known].to_crs(found.frame.crs).to_numpy()
    out[known] = edge_distance(shapely.get_coordinates(points), found.edge)
    return out


def edge_distance(points: np.ndarray, edge: shapely.Geometry) -> np.ndarray:
    """Return the distance from points to lines, in the unit of both.

    The nearest vertices of the lines name the pieces that are measured: several times as quick as a tree of
    pieces, and never shorter than the truth. With a vertex every ``STEP_M`` metres at least it is at most a
    metre or two too long, and that for a few points in ten thousand.

    Parameters
    ----------
    points
        Shape (n, 2).
    edge
        Lines.

    Examples
    --------
    >>> line = shapely.LineString([(0, 0), (100, 0)])
    >>> edge_distance(np.array([[40.0, 30.0], [103.0, 4.0]]), line).round(6)
    array([30.,  5.])
    """
    parts = shapely.get_parts(shapely.segmentize(edge, STEP_M))
    vertices, part = shapely.get_coordinates(parts, return_index=True)
    metres, near = cKDTree(vertices).query(points, workers=-1)
    for step in (-1, 1):
        end = np.clip(near + step, 0, len(vertices) - 1)
        start = vertices[near]
        along, to_point = vertices[end] - start, points - start
        length2 = (along**2).sum(axis=1)
        share = np.clip((along * to_point).sum(axis=1) / np.where(length2 > 0, length2, 1), 0, 1)
        apart = np.hypot(*(to_point - share[:, None] * along).T)
        metres = np.where(part[end] == part[near], np.minimum(metres, apart), metres)
    return np.asarray(metres)


def _display(added: Mapping[str, object], precedence: Sequence[str]) -> np.ndarray:
    """Return the id of the first layer, by precedence, in whose zone a row stands."""
    words = {layer: np.asarray(added[f"zone_{layer}"], dtype=object) for layer in precedence}
    inside = [(word != OUTSIDE) & (word != UNKNOWN) for word in words.values()]
    unknown = np.logical_or.reduce([word == UNKNOWN for word in words.values()])
    return np.select([*inside, unknown], [*words, UNKNOWN], default="lainnya")
