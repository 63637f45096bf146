"""What is left before the targets are reached: by need, by zone, by desa and dusun, and how near help is."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from geo.assessment import Assessment
from geo.gaps import NEAR_M
from geo.report.decision import finishing, in_order
from geo.report.words import need_words, target_words
from geo.report.zones import records
from geo.symbology import OUTSIDE, UNKNOWN

DESA, DUSUN, LOW = 20, 15, 20
"""How many desa to finish, dusun, and desa with a strikingly small register are named."""

_OF_NEED = (
    "district", "by_kecamatan", "by_desa", "desa_open", "desa_reached", "desa_declarable", "desa_too_few",
)  # fmt: skip

Row = dict[str, Any]


def shortfall(assessment: Assessment, indicators: Sequence[Mapping[str, Any]]) -> Row:
    """Return all that the section shows; what an edition does not hold is empty.

    Parameters
    ----------
    indicators
        Those that were measured and are not sensitive (``id``, ``title``).

    Returns
    -------
    dict
        ``needs``: a row a need with its ``target`` (words) and the sums of ``facts["gaps"]``; ``zones``: a row a zone
        with ``gaps``; ``columns``: their titles; ``plans``: :func:`geo.report.decision.finishing` of the first two
        needs; ``dusun``: the largest gaps; ``near``: households near help.
    """
    zones, columns = _zones(assessment, indicators)
    plans = [finishing(assessment, about) for about in in_order(indicators)[:2]]
    return {
        "needs": _needs(assessment.facts.get("gaps", {}), indicators),
        "zones": zones,
        "columns": columns,
        "plans": [{**plan, "first": plan["rows"][:DESA]} for plan in plans if plan is not None],
        "dusun": _dusun(assessment, in_order(indicators)[:2]),
        "near": _near(assessment.desa, in_order(indicators)),
    }


def register(facts: Mapping[str, Any]) -> Row:
    """Return what the run says of its denominator; keys that it does not hold are missing values."""
    told = facts.get("denominator", {})
    names = (
        "name", "source", "year", "note", "register_share", "desa_without_families", "desa_over_one",
        "desa_without_households", "desa_with_few",
    )  # fmt: skip
    low = told.get("low") or []
    return {**{name: told.get(name) for name in names}, "low": low[:LOW], "low_count": len(low)}


def _needs(gaps: Mapping[str, Any], indicators: Sequence[Mapping[str, Any]]) -> list[Row]:
    return [
        {
            "title": about["title"],
            "target": target_words(about["id"], gaps[about["id"]].get("target")),
            **{name: gaps[about["id"]].get(name) for name in _OF_NEED},
        }
        for about in indicators
        if about["id"] in gaps
    ]


def _zones(assessment: Assessment, indicators: Sequence[Mapping[str, Any]]) -> tuple[list[Row], list[str]]:
    table = assessment.zones
    having = [about for about in indicators if f"{about['id']}_gap" in table]
    if not having:
        return [], []
    rows = [
        {
            "title": row["title"],
            "soft": row["zone"] in {OUTSIDE, UNKNOWN},
            "gaps": [(row[f"{about['id']}_gap"], row.get(f"{about['id']}_known")) for about in having],
        }
        for row in records(pd.DataFrame(table.drop(columns="geometry")))
    ]
    return rows, [str(about["title"]) for about in having]


def _dusun(assessment: Assessment, indicators: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return the dusun with the largest gap of each need; those without a name have none to go to."""
    table = assessment.dusun
    parts = []
    for about in indicators:
        if f"{about['id']}_gap" not in table or not len(table):
            continue
        names = {f"{about['id']}_{part}": part for part in ("gap", "known", "unknown")}
        rows = table[(table["dusun"].fillna("") != "") & (table[f"{about['id']}_gap"] > 0)]
        rows = rows.sort_values(f"{about['id']}_gap", ascending=False, kind="stable").head(DUSUN)
        rows = rows[["dusun", "nama_desa", "nama_kecamatan", *names]].rename(columns=names)
        if len(rows):
            parts.append({"title": about["title"], "rows": records(rows)})
    return parts


def _near(desa: pd.DataFrame, indicators: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Count the households in need that have a served one near; nothing where a desa is withheld."""
    parts = []
    for about in indicators:
        names = [f"{about['id']}_near_served", f"{about['id']}_near_known"]
        if not {*names} <= set(desa.columns) or desa[names].isna().any(axis=None):
            continue
        near, known = (int(total) for total in desa[names].sum())
        if known:
            parts.append({"need": need_words(about["id"]), "near": near, "known": known, "metres": NEAR_M})
    return parts
