"""Which figures of areas and zones are withheld, so that neither they nor a sum of others gives a few people away."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.suppression.areas import hide_desa, hide_kecamatan
from geo.suppression.counts import HOUSEHOLDS, Counts, Units, counts_of, rows, tells
from geo.suppression.zones import cut_layers, hide_rest_of_layers, hide_zones, whole_layers, zone_sums


@dataclass(frozen=True)
class _Hidden:
    """Which figures of one measure are not published, one flag a row of each table."""

    desa: np.ndarray
    kecamatan: np.ndarray
    zones: np.ndarray

    def of(self, name: str) -> np.ndarray:
        return {"desa": self.desa, "kecamatan": self.kecamatan, "zones": self.zones}[name]


def suppress(
    tables: Mapping[str, gpd.GeoDataFrame],
    measures: Sequence[str],
    totals: Mapping[str, np.ndarray],
    sensitive: Collection[str] = (),
    parts: Mapping[str, np.ndarray] | None = None,
    within: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, gpd.GeoDataFrame]:
    """Blank the figures that give fewer than five households away, and as many others as it takes.

    Parameters
    ----------
    tables
        ``desa``, ``kecamatan`` and ``zones`` of an assessment.
    measures
        Indicators; ``households`` first where their counts are withheld too.
    totals
        By measure what is published of the whole district: in need, not in need, unknown; of ``households`` how
        many there are. A measure without totals has no household outside the kecamatan.
    sensitive
        Measures of which it is withheld too that everybody known is in need: that tells it of each of them.
    parts
        By measure, for each row of the zones, the counts (as in ``totals``) of its households in desa that no zone of
        the layer holds whole: what is left of a zone when the desa inside it are taken away.
    within
        By measure those others whose need it lies inside: whoever lacks the first lacks these. Where fewer than five
        households lack only the larger, the difference would tell of them: the smaller is withheld there too.

    Returns
    -------
    dict
        The tables with ``<measure>_suppressed`` and the figures of those rows missing.

    Notes
    -----
    A reader knows the sums of the desa of a kecamatan, of the kecamatan of the district, and of the zones of a layer
    (with what lies outside and what is unknown they are the district), and how many households a desa has. What all
    of these leave open must let every count that is withheld for itself be five or more (all households of the
    desa, where it has fewer). Zones that are no whole desa are published all or none.
    Households whose desa, or whose kecamatan, is not known are what a sum leaves over: they count as one more desa
    that is never published. How many they are is no secret (how households are located tells it), how many of them
    are in need is.
    """
    shown = {name: table.copy() for name, table in tables.items()}
    counts = {measure: counts_of(tables, measure, totals, parts or {}) for measure in measures}
    hidden: _Hidden | None = None
    for measure in measures:
        everybody = measure in sensitive
        found = _protect(tables, counts[measure], hidden, everybody=everybody)
        larger = [other for other in (within or {}).get(measure, ()) if other in counts]
        for other in larger:
            found = _protect(tables, counts[other].without(counts[measure]), found, everybody=False)
        if larger:
            found = _protect(tables, counts[measure], found, everybody=everybody)
        for name, table in shown.items():
            _blank(table, measure, measures, found.of(name))
        # needs add up to households: where those are hidden, these must be
        hidden = found if measure == HOUSEHOLDS else hidden
    return shown


def _protect(
    tables: Mapping[str, gpd.GeoDataFrame], counts: Counts, before: _Hidden | None, *, everybody: bool
) -> _Hidden:
    """Hide further figures until neither a kecamatan, the district nor a zone gives a hidden one away."""
    desa, kecamatan, zones = (tables[name] for name in ("desa", "kecamatan", "zones"))
    place = pd.Index(kecamatan["kode_kecamatan"]).get_indexer(desa["kode_kecamatan"])
    of_desa = np.zeros_like(counts.kecamatan)
    np.add.at(of_desa, place, counts.desa)
    left_over = np.vstack([counts.kecamatan - of_desa, counts.total - counts.kecamatan.sum(axis=0)])
    cells = np.vstack([counts.desa, np.maximum(left_over, 0)])
    secret = tells(cells, everybody=everybody)
    if cells.shape[1] == 1:
        secret[len(desa) :] = False
    hidden = rows(secret)
    # what is left over is never published; where nobody is, nothing is left
    hidden[len(desa) :] = (cells[len(desa) :].sum(axis=1) > 0) & (cells.shape[1] > 1)
    hidden_kecamatan = rows(tells(counts.kecamatan, everybody=everybody))
    hidden_zones = rows(tells(counts.zones, everybody=everybody))
    if counts.part is not None:
        hidden_zones |= rows(tells(counts.part, everybody=everybody))
    if before is not None:
        hidden[: len(desa)] |= before.desa
        hidden_kecamatan |= before.kecamatan
        hidden_zones |= before.zones
    place = np.concatenate([place, np.arange(len(kecamatan) + 1)])
    units = Units(len(desa), cells, place, secret, hidden)
    hide_desa(units, hidden_kecamatan)
    hide_kecamatan(units, counts.kecamatan, hidden_kecamatan)
    known = zone_sums(zones, counts.zones, desa, units)
    cut = cut_layers(zones, known)
    hidden_zones = whole_layers(zones, hidden_zones, cut)
    hide_zones(zones, known, units, hidden_kecamatan, hidden_zones, everybody=everybody)
    hidden_zones = whole_layers(zones, hidden_zones, cut)
    hide_rest_of_layers(zones, counts.zones, hidden_zones, everybody=everybody)
    return _Hidden(hidden[: len(desa)], hidden_kecamatan, hidden_zones)


def figures_of(columns: Iterable[str], measure: str, measures: Collection[str]) -> list[str]:
    """Return the columns with a figure of a measure, and with none of another whose name goes on from it.

    Examples
    --------
    >>> figures_of(["a_need", "a_b_need", "a_enough"], "a", ["a", "a_b"])
    ['a_need', 'a_enough']
    """
    longer = tuple(f"{other}_" for other in measures if other.startswith(f"{measure}_"))
    return [name for name in columns if name.startswith(f"{measure}_") and not name.startswith(longer)]


def _blank(table: gpd.GeoDataFrame, measure: str, measures: Collection[str], hidden: np.ndarray) -> None:
    if measure == HOUSEHOLDS:
        figures = ["households", "located", "register_share"]
    else:
        figures = figures_of(table.columns, measure, measures)
    for column in table.columns.intersection(figures):
        if table[column].dtype == bool:
            table[column] &= ~hidden
        elif pd.api.types.is_integer_dtype(table[column]):
            table[column] = table[column].astype("Int64").mask(hidden)
        else:
            table[column] = table[column].mask(hidden)
    table[f"{measure}_suppressed"] = hidden
