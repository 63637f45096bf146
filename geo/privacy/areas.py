"""Desa, kecamatan and zones with the figures that may be seen, and nothing that was worked out from the others."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.assessment import Assessment
from geo.rates import ABOVE, BELOW, WITHIN, funnel_limits, rate, smooth_shown
from geo.suppression import HOUSEHOLDS, suppress

_LOCATED = "located"
_OF_LOCATED = tuple(f"{_LOCATED}_{part}" for part in ("known", "need", "unknown", "suppressed"))


def withhold(
    assessment: Assessment,
    tables: Mapping[str, gpd.GeoDataFrame],
    measures: Sequence[str],
    sensitive: Sequence[str],
) -> dict[str, gpd.GeoDataFrame]:
    """Withhold small counts of desa, kecamatan and zones, and work anew what is said of the others.

    With ``households`` among the measures those with a position of their own (``located``) are counts like a need.
    """
    households, totals = assessment.counted, district_totals(assessment)
    counted, told = list(measures), dict(tables)
    if HOUSEHOLDS in counted:
        own = households.geometry.notna()
        households = households.assign(need_located=own.astype("boolean"))
        totals |= {_LOCATED: np.array([own.sum(), (~own).sum(), 0.0])}
        if all(_LOCATED in table for table in told.values()):
            told = {name: _with_located(table) for name, table in told.items()}
            counted.append(_LOCATED)
        else:
            told = {name: table.drop(columns=_LOCATED, errors="ignore") for name, table in told.items()}
    parts = _parts(assessment.zones, households, counted)
    shown = suppress(told, counted, totals, sensitive, parts, nested(households, counted))
    needs = [measure for measure in measures if measure != HOUSEHOLDS]
    return {name: _anew(_without_located(table), needs, totals) for name, table in shown.items()}


def district_totals(assessment: Assessment) -> dict[str, np.ndarray]:
    """Return what is published of the whole district, by measure: in need, not in need, unknown; or how many.

    Where the facts do not say, the district is its kecamatan. A need that nobody is told of has no total.
    """
    facts, kecamatan = assessment.facts, assessment.kecamatan
    totals = {HOUSEHOLDS: np.array([facts["rows"]["counted"]], dtype=float)}
    for name in [about["id"] for about in facts["indicators"] if f"{about['id']}_known" in kecamatan]:
        parts = ("known", "need", "unknown")
        sums = {part: kecamatan[f"{name}_{part}"].sum() for part in parts}
        found = facts.get("needs", {}).get(name, sums)
        if found["known"] is not None:
            totals[name] = np.array(
                [found["need"], found["known"] - found["need"], found["unknown"]], dtype=float
            )
    return totals


def nested(households: pd.DataFrame, measures: Sequence[str]) -> dict[str, list[str]]:
    """Return by need those others that everybody in it is in too: of these it is a part, and the rest a difference.

    Needs columns: ``need_<indicator>``.

    Examples
    --------
    >>> sheet = pd.DataFrame({"need_babs": [True, False, False], "need_jamban": [True, True, False]})
    >>> nested(sheet, ["babs", "jamban"])
    {'babs': ['jamban'], 'jamban': []}
    """
    asked = [measure for measure in measures if f"need_{measure}" in households]
    needs = {name: _in_need(households[f"need_{name}"]).to_numpy() for name in asked}
    return {
        inner: [
            outer
            for outer in asked
            if outer != inner and need.sum() < needs[outer].sum() and not (need & ~needs[outer]).any()
        ]
        for inner, need in needs.items()
    }


def _with_located(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    counts = (table["households"], table[_LOCATED], 0)
    return table.assign(**dict(zip(_OF_LOCATED, counts, strict=False)))


def _without_located(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    if _OF_LOCATED[-1] not in table:
        return table
    located = table[_LOCATED].astype("Int64").mask(table[_OF_LOCATED[-1]].to_numpy(bool))
    return table.assign(**{_LOCATED: located}).drop(columns=[*_OF_LOCATED])


def _anew(
    table: gpd.GeoDataFrame, needs: Sequence[str], totals: Mapping[str, np.ndarray]
) -> gpd.GeoDataFrame:
    """Smooth the shown areas among themselves, and hold them against the rate of the district that is published."""
    if "layer" in table and len(table):
        layers = [smooth_shown(rows, needs) for _, rows in table.groupby("layer", sort=False)]
        table = gpd.GeoDataFrame(pd.concat(layers).loc[table.index])
    else:
        table = smooth_shown(table, needs)
    held = [need for need in needs if f"{need}_funnel" in table and need in totals]
    return table.assign(**{f"{need}_funnel": _funnel(table, need, totals[need]) for need in held})


def _funnel(table: pd.DataFrame, indicator: str, total: np.ndarray) -> pd.Series:
    """As :func:`geo.rates.funnel_words`, around the rate of the district; missing where the counts are."""
    shown = table[f"{indicator}_known"].notna()
    need, known = (
        table[f"{indicator}_{part}"].astype("Int64").fillna(0).to_numpy("int64") for part in ("need", "known")
    )
    low, high = funnel_limits(common_rate(total), known)
    share = rate(need, known)
    few = ~table[f"{indicator}_enough"].to_numpy(bool)
    words = np.select([few, share > high, share < low], ["", ABOVE, BELOW], WITHIN)
    return pd.Series(words, index=table.index, dtype="str").where(shown)


def common_rate(total: np.ndarray) -> float:
    """Return the rate of the district, 0 where nothing is known."""
    return float(total[0] / max(total[0] + total[1], 1))


def _parts(zones: pd.DataFrame, households: pd.DataFrame, measures: Sequence[str]) -> dict[str, np.ndarray]:
    """Return by measure the counts of each zone's households in desa that no zone of its layer holds whole."""
    desa = households["kode_desa"]
    rows: dict[str, list[np.ndarray]] = {measure: [] for measure in measures}
    for layer, of_layer in zones.groupby("layer", sort=False)["zone"]:
        words = households[f"zone_{layer}"].astype("str")
        cut = words.groupby(desa).transform("nunique").to_numpy(float, na_value=0) > 1
        for measure in measures:
            counts = _answers(households, measure)[cut].groupby(words[cut]).sum()
            rows[measure].append(counts.reindex(of_layer).fillna(0).to_numpy(float))
    return {measure: np.vstack(found) for measure, found in rows.items() if found}


def _answers(households: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Mark each household as in need, not in need or unknown; of the households themselves, as one."""
    if measure == HOUSEHOLDS:
        return pd.DataFrame({"households": 1.0}, index=households.index)
    need = households[f"need_{measure}"]
    yes = _in_need(need)
    return pd.DataFrame({"need": yes, "no": need.notna() & ~yes, "unknown": need.isna()}).astype(float)


def _in_need(need: pd.Series) -> pd.Series:
    return need.fillna(value=False).astype(bool)
