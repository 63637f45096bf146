"""The zones of a run as a table: one row a layer and zone, with the figures of its households."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import pandas as pd

from geo import rates
from geo.crs import STORING
from geo.layers import LAYERS
from geo.layers.base import UNKNOWN, Zones

LEAST_SHARE = 1e-6
"""What is less of a desa than this is a rounding of shared borders, no part of it."""


def zone_table(
    zones: Mapping[str, Zones],
    shares: Mapping[str, pd.DataFrame],
    households: gpd.GeoDataFrame,
    indicators: Sequence[str],
    minimum_known: int,
) -> gpd.GeoDataFrame:
    """Return one row a layer and zone, and one for what is unknown there; see docs/tables.md.

    Needs columns: ``zone_<layer>``, ``need_<indicator>``, geometry of the households; ``shares`` of the desa as
    :func:`geo.layers.desa_shares` returns them, by layer.
    """
    tables = []
    for layer, found in zones.items():
        column, titles = f"zone_{layer}", LAYERS[layer].titles
        words = [*titles, UNKNOWN]
        rows = pd.DataFrame({"layer": layer, "zone": words, column: words}).assign(
            title=[titles.get(word, f"{LAYERS[layer].title}: {UNKNOWN}") for word in words],
            source=found.source,
            year=found.year,
            method=found.method,
            proksi=found.proksi,
            desa=[_desa_with(shares[layer], found, word) for word in words],
        )
        rows = rates.add_counts(rows, households, column)
        rows = rates.add_rates(rows, households, column, indicators, minimum_known).drop(columns=column)
        polygons = found.frame.dissolve("zone").geometry.reindex(words).to_numpy()
        tables.append(gpd.GeoDataFrame(rows, geometry=polygons, crs=found.frame.crs).to_crs(STORING))
    table = pd.concat(tables, ignore_index=True)
    return gpd.GeoDataFrame(table[(table["desa"] > 0) | (table["households"] > 0)].reset_index(drop=True))


def _desa_with(shares: pd.DataFrame, found: Zones, word: str) -> int:
    """Count the desa with any part in a zone."""
    if word == UNKNOWN:
        return len(found.unknown_desa)
    return int((shares[word] > LEAST_SHARE).sum()) if word in shares else 0
