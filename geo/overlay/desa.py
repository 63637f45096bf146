"""Each desa against the zones of every layer: the share of its area, and of its households."""

from collections.abc import Iterable, Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.layers import zone_title
from geo.layers.base import OUTSIDE, UNKNOWN, Zones
from geo.overlay.combination import states_of, together
from geo.symbology import percent

WHOLE = 0.99
"""A desa of which this share lies inside (or outside) counts as wholly so, for households without a point."""


def classify_desa(
    desa: gpd.GeoDataFrame,
    zones: Mapping[str, Zones],
    shares: Mapping[str, pd.DataFrame],
    precedence: Sequence[str],
) -> gpd.GeoDataFrame:
    """Say which zone covers most of each desa and why, and which share of it lies in any zone of a layer.

    Needs columns: ``kode_desa``; ``shares`` as :func:`desa_shares` returns them, by layer.
    Adds columns: ``zone_<layer>``, ``share_<layer>`` (0 to 1, missing where unknown), ``why_zone_<layer>``, those of
    :attr:`Zones.desa`, ``zone_combination``, ``zone_display``.
    """
    added: dict[str, object] = {}
    states = {}
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
        zone = np.select([unknown, half], [UNKNOWN, words], OUTSIDE)
        derived = [_reason(layer, str(word), share) for word, share in zip(words, total, strict=True)]
        added[f"zone_{layer}"] = pd.array(zone, dtype="str")
        added[f"share_{layer}"] = total
        added[f"why_zone_{layer}"] = pd.array(
            [found.why.get(kode, own) for kode, own in zip(desa["kode_desa"], derived, strict=True)],
            dtype="str",
        )
        added |= {str(name): values.array for name, values in found.desa.reindex(desa["kode_desa"]).items()}
        states[layer] = states_of(zone)
    added |= {
        name: pd.array(np.asarray(texts, object), dtype="str")
        for name, texts in together(states, precedence).items()
    }
    return desa.assign(**added)


def desa_shares(desa: gpd.GeoDataFrame, found: Zones) -> pd.DataFrame:
    """Return the share of each desa (rows) in each zone word of a layer (columns), 0 to 1 of its area.

    Needs columns: ``kode_desa``, geometry. Where two zones hold a place, the upper one counts.
    """
    frame = found.frame
    which, words = pd.factorize(frame["zone"].to_numpy(object))
    rest = desa.geometry.to_crs(frame.crs).to_numpy().copy()
    area = shapely.area(rest)
    shares = np.zeros((len(desa), len(words)))
    of_desa = dict(zip(desa["kode_desa"], range(len(desa)), strict=True))
    for row, (word, kode, polygon) in enumerate(zip(which, frame["kode_desa"], frame.geometry, strict=True)):
        if isinstance(kode, str):
            if (own := of_desa.get(kode)) is not None:
                shares[own, word] += shapely.area(rest[own]) / area[own]
                rest[own] = shapely.Polygon()
            continue
        shapely.prepare(polygon)
        near = np.flatnonzero(shapely.intersects(polygon, rest))
        shares[near, word] += shapely.area(shapely.intersection(rest[near], polygon)) / area[near]
        if row + 1 < len(frame):
            rest[near] = shapely.difference(rest[near], polygon)
    return pd.DataFrame(np.clip(shares, 0, 1), index=desa.index, columns=words.tolist())


def add_household_shares(
    areas: gpd.GeoDataFrame, households: pd.DataFrame, key: str, layers: Iterable[str]
) -> gpd.GeoDataFrame:
    """Say which share of the households of each area stands in a zone: a long desa may be mostly forest.

    Needs columns: ``key`` in both; ``zone_<layer>`` of the households that count.
    Adds columns: ``share_households_<layer>``, of those whose answer is known; missing where there is none.
    """
    place = pd.Index(areas[key]).get_indexer(households[key].fillna(""))
    added = {}
    for layer in layers:
        zone = households[f"zone_{layer}"]
        known = (place >= 0) & (zone != UNKNOWN).to_numpy(bool)
        inside = known & (zone != OUTSIDE).to_numpy(bool)
        of, within = (np.bincount(place[rows], minlength=len(areas)) for rows in (known, inside))
        added[f"share_households_{layer}"] = np.divide(
            within, of, out=np.full(len(areas), np.nan), where=of > 0
        )
    return areas.assign(**added)


def _reason(layer: str, word: str, share: float) -> str:
    """Say what the shares of a desa say, for a layer that gives no reasons of its own."""
    if np.isnan(share):
        return "tidak ada keterangan tentang desa ini"
    if share <= 1 - WHOLE:
        return "seluruh desa di luar"
    extent = "seluruh desa" if share >= WHOLE else f"{percent(share)} luas desa"
    return f"{extent} di dalam {zone_title(layer, word)}"
