"""The zones of a run as a table: one row a layer and zone, with the figures of its households."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import pandas as pd

from geo import rates
from geo.crs import STORING
from geo.layers import LAYERS, layer_name, zone_title
from geo.layers.base import OUTSIDE, UNKNOWN, Zones

LEAST_SHARE = 1e-6
"""What is less of a desa than this is a rounding of shared borders, no part of it."""


def zone_table(
    zones: Mapping[str, Zones],
    shares: Mapping[str, pd.DataFrame],
    desa: pd.DataFrame,
    households: gpd.GeoDataFrame,
    indicators: Sequence[str],
    minimum_known: int,
) -> gpd.GeoDataFrame:
    """Return one row a layer and zone, with what is outside and what is unknown there; see docs/tables.md.

    The rows of a layer add up to all households. What is outside or unknown has no geometry.

    Needs columns: ``zone_<layer>``, ``need_<indicator>``, geometry of the households; ``shares`` of the desa by layer,
    as :func:`geo.overlay.desa_shares` returns them; ``share_<layer>`` of the desa.
    """
    tables = []
    for layer, found in zones.items():
        column = f"zone_{layer}"
        words = [*_words(layer, found), OUTSIDE, UNKNOWN]
        rows = pd.DataFrame({"layer": layer, "zone": words, column: words}).assign(
            title=[zone_title(layer, word) for word in words],
            source=found.source,
            year=found.year,
            method=found.method,
            proksi=found.proksi,
            desa=[_desa_with(shares[layer], desa[f"share_{layer}"], word) for word in words],
        )
        rows = rates.add_counts(rows, households, column)
        rows = rates.add_rates(rows, households, column, indicators, minimum_known).drop(columns=column)
        polygons = found.frame.dissolve("zone").geometry.reindex(words).to_numpy()
        tables.append(gpd.GeoDataFrame(rows, geometry=polygons, crs=found.frame.crs).to_crs(STORING))
    table = pd.concat(tables, ignore_index=True)
    return gpd.GeoDataFrame(table[(table["desa"] > 0) | (table["households"] > 0)].reset_index(drop=True))


def combination_table(
    households: gpd.GeoDataFrame, desa: pd.DataFrame, indicators: Sequence[str], minimum_known: int
) -> pd.DataFrame:
    """Return one row a combination of zones in which a household or a desa stands, most households first.

    The combinations exclude one another: the rows add up to all households, and to all desa.

    Needs columns: ``zone_combination`` of both; ``need_<indicator>``, geometry of the households.
    Columns: ``combination`` (see :func:`combination_title`), ``title``, ``desa``, then as in :func:`zone_table`.
    """
    key = "zone_combination"
    found = list(dict.fromkeys([*households[key].unique(), *desa[key].unique()]))
    rows = pd.DataFrame({key: pd.array(found, "str"), "title": [combination_title(each) for each in found]})
    rows["desa"] = rows[key].map(desa[key].value_counts()).fillna(0).astype("int64")
    rows = rates.add_rates(
        rates.add_counts(rows, households, key), households, key, indicators, minimum_known
    )
    rows = rows.sort_values(["households", "desa", key], ascending=[False, False, True])
    return rows.rename(columns={key: "combination"}).reset_index(drop=True)


def combination_title(combination: str) -> str:
    """Return the words for a combination: layers joined by ``+``, unknown ones with a question mark, or ``luar``.

    Examples
    --------
    >>> combination_title("urban+coastal"), combination_title("luar")
    ('Perkotaan + Pesisir', 'Di luar semua zona')
    >>> combination_title("urban?+coastal"), combination_title("urban?+forest_edge?")
    ('Pesisir; Perkotaan tidak diketahui', 'Perkotaan, Tepi hutan tidak diketahui')
    """
    if combination == OUTSIDE:
        return "Di luar semua zona"
    layers = combination.split("+")
    inside = " + ".join(layer_name(layer) for layer in layers if not layer.endswith("?"))
    open_to = ", ".join(layer_name(layer[:-1]) for layer in layers if layer.endswith("?"))
    return "; ".join(part for part in (inside, open_to and f"{open_to} {UNKNOWN}") if part)


def _words(layer: str, found: Zones) -> list[str]:
    """Return the zone words in the order of the legend."""
    titles = LAYERS[layer].titles if layer in LAYERS else {}
    return list(dict.fromkeys([*titles, *found.frame["zone"]]))


def _desa_with(shares: pd.DataFrame, share: pd.Series, word: str) -> int:
    """Count the desa with any part in a zone, or outside of all zones."""
    if word == UNKNOWN:
        return int(share.isna().sum())
    if word == OUTSIDE:
        return int((share < 1 - LEAST_SHARE).sum())
    return int(((shares[word] > LEAST_SHARE) & share.notna()).sum()) if word in shares else 0
