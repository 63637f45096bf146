"""The facts for everybody: counted anew from the tables that everybody sees, so that they tell nothing beyond them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import gaps, rates
from geo.privacy.areas import common_rate
from geo.suppression import SMALLEST

Facts = Mapping[str, Any]


def told_to_all(facts: Facts) -> list[str]:
    """Return the indicators of which the district as a whole has not just a few in need, or just a few not."""
    needs = facts.get("needs", {})
    return [about["id"] for about in facts["indicators"] if not _few(needs.get(about["id"]))]


def public_facts(
    facts: Facts,
    indicators: Sequence[str],
    tables: Mapping[str, gpd.GeoDataFrame],
    hot_spots: pd.DataFrame,
    scans: pd.DataFrame,
    totals: Mapping[str, np.ndarray],
) -> dict[str, Any]:
    """Return the facts of which no figure leads back to one that is withheld.

    Parameters
    ----------
    facts
        Those of the pages.
    indicators
        Those that everybody is told of.
    tables
        ``desa`` and ``kecamatan`` as everybody sees them.
    hot_spots, scans
        As everybody sees them.
    totals
        What is published of the district, by measure.
    """
    needs = facts.get("needs", {})
    unsaid = dict.fromkeys(("known", "need", "unknown"))
    told: dict[str, Any] = {
        **facts,
        "indicators": [
            _without_few_verified(about, needs.get(about["id"]))
            for about in facts["indicators"]
            if about["id"] in indicators
        ],
        "layers": [{key: said for key, said in each.items() if key != "counts"} for each in facts["layers"]],
        "selection": {},
        "visits": {},
    }
    anew: dict[str, Callable[[], object]] = {
        "needs": lambda: {name: found if name in indicators else unsaid for name, found in needs.items()},
        "hot_spots": lambda: _hot_spots(facts["hot_spots"], hot_spots),
        "scans": lambda: {**facts["scans"], "found": _circles(scans)},
        "denominator": lambda: _denominator(facts, tables["desa"]),
        "funnel": lambda: _funnel(facts["funnel"], indicators, tables["desa"], totals),
        "gaps": lambda: _gaps(facts["gaps"], indicators, tables, totals),
    }
    return told | {name: work() for name, work in anew.items() if facts.get(name)}


def _few(found: Facts | None) -> bool:
    if found is None or found["known"] is None:
        return False
    return any(0 < count < SMALLEST for count in (found["need"], found["known"] - found["need"]))


def _without_few_verified(about: Facts, found: Facts | None) -> Facts:
    """Leave out how many answers rest on a survey where they, or those that do not, are few in or out of need."""
    verified = about.get("verified")
    if verified is None or found is None:
        return about
    need, known = about["verified_need"], found["known"]
    cells = [need, verified - need, found["need"] - need, known - found["need"] - (verified - need)]
    if not any(0 < count < SMALLEST for count in cells):
        return about
    return {key: said for key, said in about.items() if key not in {"verified", "verified_need"}}


def _hot_spots(stated: Facts, shown: pd.DataFrame) -> dict[str, Any]:
    tested = shown[shown["untested"] == ""]
    counts = {
        str(indicator): {
            "tested": len(rows),
            "hot": int((rows["gi_class"] == "panas").sum()),
            "cold": int((rows["gi_class"] == "dingin").sum()),
        }
        for indicator, rows in tested.groupby("indicator", sort=False)
    }
    return {**stated, "indicators": counts}


def _circles(shown: pd.DataFrame) -> list[dict[str, Any]]:
    significant = shown[shown["significant"].astype(bool)]
    counts = significant.groupby(["base", "indicator"]).size().rename("circles").reset_index()
    return [{str(key): value for key, value in row.items()} for row in counts.to_dict("records")]


def _denominator(facts: Facts, desa: pd.DataFrame) -> dict[str, Any]:
    """Count the desa whose households are told; the share of the register stays where nobody is behind it unseen."""
    stated = facts["denominator"]
    least = facts["settings"]["rates"]["minimum_known"]
    seen = desa[desa["households"].notna()]
    households = seen["households"].to_numpy(float)
    few = int(((households > 0) & (households < least)).sum())
    told = {**stated, "desa_with_few": few}
    if "families" not in desa:
        return told
    over = int((households > seen["families"].to_numpy(float)).sum())
    # the district's households are known: so are those of the desa with families, where all others are told
    known = desa.loc[desa["families"].isna(), "households"].notna().all()
    return told | {
        "register_share": stated["register_share"] if known else None,
        "desa_over_one": over,
        "note": stated["note"] if over == stated.get("desa_over_one") else "",
        "low": [row for row in stated.get("low", []) if row["kode_desa"] in {*seen["kode_desa"]}],
    }


def _funnel(
    stated: Facts, indicators: Sequence[str], desa: pd.DataFrame, totals: Mapping[str, np.ndarray]
) -> dict[str, Any]:
    listed = []
    for name in [each["id"] for each in stated["indicators"] if each["id"] in indicators]:
        shown = _shown(desa, name)
        counted = rates.funnel_facts(shown, [name])["indicators"][0]
        listed.append({**counted, "common": common_rate(totals[name]), "withheld": len(desa) - len(shown)})
    return {**stated, "indicators": listed}


def _gaps(
    stated: Facts,
    indicators: Sequence[str],
    tables: Mapping[str, gpd.GeoDataFrame],
    totals: Mapping[str, np.ndarray],
) -> dict[str, Any]:
    """Count anew; a sum of gaps is missing where one of them is withheld."""
    told = {}
    for name, about in stated.items():
        if name not in indicators:
            continue
        targets = {name: about["target"]}
        need, rest, unknown = totals[name].astype("int64")
        whole = pd.DataFrame(
            {f"{name}_known": [need + rest], f"{name}_need": [need], f"{name}_unknown": [unknown]}
        )
        desa, kecamatan = (_shown(tables[area], name) for area in ("desa", "kecamatan"))
        counted = gaps.gap_facts(desa, gaps.add_gaps(whole, [name], targets), [name], targets)[name]
        hidden = {
            area: len(tables[area]) - len(rows) for area, rows in (("desa", desa), ("kecamatan", kecamatan))
        }
        told[name] = counted | {
            "by_kecamatan": None if hidden["kecamatan"] else int(kecamatan[f"{name}_gap"].sum()),
            "by_desa": None if hidden["desa"] else counted["by_desa"],
            "desa_withheld": hidden["desa"],
        }
    return told


def _shown(areas: gpd.GeoDataFrame, indicator: str) -> pd.DataFrame:
    """Return the areas whose figures of an indicator are told, as plain numbers."""
    shown = pd.DataFrame(areas[areas[f"{indicator}_known"].notna()].drop(columns="geometry"))
    whole = {name: kind.numpy_dtype for name, kind in shown.dtypes.items() if kind == "Int64"}
    filled = [name for name in whole if shown[name].notna().all()]
    return shown.astype({name: whole[name] for name in filled})
