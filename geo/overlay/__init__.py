"""Each household and each desa set against the zones of every layer, with the reason beside every answer."""

from collections.abc import Iterable, Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import to_metres
from geo.edge_distance import edge_distance
from geo.layers import zone_title
from geo.layers.base import OUTSIDE, UNKNOWN, Zones
from geo.locate import OUTSIDE as NOWHERE
from geo.locate import locate
from geo.overlay.combination import distinct_texts, states_of, together
from geo.overlay.desa import WHOLE, add_household_shares, classify_desa, desa_shares
from geo.symbology import percent

__all__ = ["add_household_shares", "classify_desa", "desa_shares", "overlay"]

EDGE_M = 1.0
"""Polygons end where the district ends, and where a desa is a zone of its own: beyond, a point belongs to what the
desa in which it counts has nearest, within this."""


def overlay(
    households: gpd.GeoDataFrame,
    desa: gpd.GeoDataFrame,
    zones: Mapping[str, Zones],
    precedence: Sequence[str],
) -> gpd.GeoDataFrame:
    """Say in which zones each household stands and why, and how far it is from their edges.

    Needs columns: ``kode_desa``, geometry (WGS 84); ``kode_desa_located`` where there is one. ``desa`` as
    :func:`classify_desa` returns it.
    Adds columns: ``zone_<layer>``, ``why_zone_<layer>`` (categories), ``distance_<layer>_m`` for layers with an edge,
    each of :attr:`Zones.measures`, ``zone_combination``, ``zone_display``.

    Notes
    -----
    A zone that is a whole desa holds for every household that counts in that desa. In other zones a household
    stands by its own point; without one it is unknown, unless its desa lies wholly inside or outside. A household
    without a desa is unknown. Rows that do not count are answered like the others.
    """
    place = pd.Index(desa["kode_desa"]).get_indexer(households["kode_desa"].fillna(""))
    has_point = ~shapely.is_missing(households.geometry.to_numpy())
    degrees = shapely.get_coordinates(households.geometry.to_numpy()[has_point])
    metres = np.empty((0, 2))
    added: dict[str, object] = {}
    states = {}
    for layer, found in zones.items():
        words, reasons, answer = _answers(households, desa, place, has_point, degrees, layer, found)
        added[f"zone_{layer}"] = distinct_texts([*words, OUTSIDE, UNKNOWN], answer)
        added[f"why_zone_{layer}"] = distinct_texts(reasons, answer)
        states[layer] = states_of(words)[answer]
        if (found.edge is not None or found.measures) and len(metres) < len(degrees):
            metres = np.column_stack(to_metres(degrees[:, 0], degrees[:, 1], found.frame.crs))
        added |= {name: _at_points(has_point, values) for name, values in _measured(layer, found, metres)}
    return households.assign(**added, **together(states, precedence))


def _answers(
    households: gpd.GeoDataFrame,
    desa: gpd.GeoDataFrame,
    place: np.ndarray,
    has_point: np.ndarray,
    degrees: np.ndarray,
    layer: str,
    found: Zones,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the zone words and the reasons that a layer can answer, and which of them each household gets."""
    frame, count, none = found.frame.reset_index(drop=True), len(desa), len(found.frame)
    free = frame[frame["kode_desa"].isna()]
    row_of_free = np.append(free.index.to_numpy(int), none)
    status = frame[frame["kode_desa"].notna()].drop_duplicates("kode_desa")
    row_of_desa = (
        desa["kode_desa"].map(pd.Series(status.index, status["kode_desa"])).fillna(none).to_numpy(int)
    )
    share, why = desa[f"share_{layer}"].to_numpy(float), desa[f"why_zone_{layer}"].to_numpy(object)
    # an upper polygon may lie over a zone that is a whole desa: only beneath none does the desa decide alone
    by_desa = np.isnan(share) | (row_of_desa <= row_of_free[0])
    # the answers: of a desa without a point, of its status, of each polygon, then the three at the end
    at_status, at_free = count, 2 * count
    at_outside, at_unlisted, at_nowhere = at_free + len(free) + np.arange(3)
    words = np.concatenate([
        _without_point(desa, layer, by_desa),
        np.append(frame["zone"].to_numpy(object), OUTSIDE)[row_of_desa],
        free["zone"].to_numpy(object),
        np.array([OUTSIDE, UNKNOWN, UNKNOWN], object),
    ])  # fmt: skip
    reasons = np.concatenate([
        [own if alone else _without_point_why(layer, word, part)
         for own, alone, word, part in zip(why, by_desa, desa[f"zone_{layer}"], share, strict=True)],
        why,
        [f"titiknya di dalam {zone_title(layer, word)}" for word in free["zone"]],
        ["titiknya di luar", "titiknya di desa tanpa keterangan", "desanya tidak diketahui"],
    ]).astype(object)  # fmt: skip
    answer = np.where(place >= 0, place, at_nowhere)
    asked = np.flatnonzero(has_point & (place >= 0) & ~by_desa[place])
    if not asked.size:
        return words, reasons, answer
    own = place[asked]
    points = degrees[(np.cumsum(has_point) - 1)[asked]]
    at = locate(points[:, 0], points[:, 1], free.geometry.to_crs(households.crs))
    unlisted = np.zeros(len(asked), dtype=bool)
    if "kode_desa_located" in households:
        lost = np.flatnonzero(at == NOWHERE)
        located = households["kode_desa_located"].iloc[asked[lost]]
        unlisted[lost] = located.isin(found.unknown_desa).to_numpy()
        beyond = lost[(located.isna() | located.isin(status["kode_desa"])).to_numpy()]
        if beyond.size:
            at[beyond] = _across_the_edge(points[beyond], desa, own[beyond], free)
    answer[asked] = np.select(
        [row_of_desa[own] < row_of_free[at], at != NOWHERE, unlisted],
        [at_status + own, at_free + at, at_unlisted],
        at_outside,
    )
    return words, reasons, answer


def _across_the_edge(
    degrees: np.ndarray, desa: gpd.GeoDataFrame, own: np.ndarray, free: gpd.GeoDataFrame
) -> np.ndarray:
    """Return the polygon that each point beyond the polygons' end has nearest, as near as its own desa."""
    points = shapely.points(np.column_stack(to_metres(degrees[:, 0], degrees[:, 1], free.crs)))
    reach = shapely.distance(points, desa.geometry.to_crs(free.crs).to_numpy()[own]) + EDGE_M
    at = np.full(len(points), NOWHERE)
    for row, polygon in reversed(list(enumerate(free.geometry))):
        at[shapely.dwithin(points, polygon, reach)] = row
    return at


def _without_point(desa: gpd.GeoDataFrame, layer: str, by_desa: np.ndarray) -> np.ndarray:
    share = desa[f"share_{layer}"].to_numpy(float)
    zone = desa[f"zone_{layer}"].to_numpy(object)
    return np.select([by_desa | (share >= WHOLE), share <= 1 - WHOLE], [zone, OUTSIDE], UNKNOWN)


def _without_point_why(layer: str, word: str, share: float) -> str:
    if share >= WHOLE:
        return f"tanpa titik; seluruh desanya di dalam {zone_title(layer, word)}"
    if share <= 1 - WHOLE:
        return "tanpa titik; seluruh desanya di luar"
    return f"tanpa titik; hanya sebagian desanya ({percent(share)}) di dalam"


def _measured(layer: str, found: Zones, metres: np.ndarray) -> Iterable[tuple[str, np.ndarray]]:
    if found.edge is not None:
        yield f"distance_{layer}_m", edge_distance(metres, found.edge) if len(metres) else np.empty(0)
    for name, measure in found.measures.items():
        yield name, measure(metres) if len(metres) else np.empty(0)


def _at_points(has_point: np.ndarray, values: np.ndarray) -> np.ndarray:
    out = np.full(len(has_point), np.nan, dtype="float32")
    out[has_point] = values
    return out
