"""The page for the meeting: where need gathers, how sure that is, which desa to finish first, and whom to visit."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from geo.assessment import Assessment
from geo.gaps import finished_within, finishing_order
from geo.privacy import Level
from geo.report.gathering import PLAIN_COLOUR, SPARE, gatherings, is_low, labelled_scans
from geo.report.words import NEEDS, firmness, target_words
from geo.report.zones import records
from geo.symbology import COLD_COLOUR, HOT_COLOUR, UNKNOWN_COLOUR, percent
from geo.targeting import FIRM

CIRCLE_COLOUR = "#111"
FIRST, SECOND, LISTED = 6, 4, 8
"""How many desa to finish for the first and the second need, and how many households, the page names."""

BRIEF = 140
"""Letters of a reason on this page; the whole of it stands in the list further down."""

FINISHED = ("jamban", "babs", "rtlh")
"""The needs whose desa can be finished, the first two that are there; others follow."""

Row = dict[str, Any]


def decision(
    assessment: Assessment, indicators: Sequence[Mapping[str, Any]], outlines: Mapping[str, Any]
) -> Row:
    """Return all that the page shows.

    Parameters
    ----------
    indicators
        Those that were measured and are not sensitive (``id``, ``title``).
    outlines
        The drawing of the district, from :func:`geo.report.outlines.draw`.
    """
    maps = gatherings(assessment, indicators[:2], outlines)
    withheld = assessment.facts.get("audience") == Level.PUBLIK.value
    shown = {colour for each in maps for colour in each["shown"]}
    words = {
        HOT_COLOUR: "desa panas: bersama tetangganya nyata lebih sering",
        COLD_COLOUR: "desa dingin: nyata lebih jarang",
        PLAIN_COLOUR: "desa yang tidak nyata berbeda",
        UNKNOWN_COLOUR: "tidak diuji atau tidak ditampilkan" if withheld else "tidak diuji",
    }
    plans = [finishing(assessment, about) for about in in_order(indicators)]
    spare = SPARE if not maps or is_low(maps[0]["frame"]) else 0
    listed, shared = _listed(assessment.priorities.head(LISTED + spare))
    # where there is no list, the desa have its room
    most = (FIRST + spare, SECOND + spare) if listed else (LISTED, LISTED)
    return {
        "maps": maps,
        "others": _others(assessment, indicators[2:]),
        "legend": [(colour, title) for colour, title in words.items() if colour in shown],
        "finishing": [
            {**plan, "rows": plan["rows"][:rows]}
            for plan, rows in zip(filter(None, plans), most, strict=False)
        ],
        "withheld": withheld,
        "listed": listed,
        "shared": shared,
        "firm": percent(FIRM),
        "circle_colour": CIRCLE_COLOUR,
    }


def in_order(indicators: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the indicators in the order in which their desa are finished."""
    order = {name: place for place, name in enumerate(FINISHED)}
    return sorted(indicators, key=lambda about: order.get(about["id"], len(order)))


def finishing(assessment: Assessment, about: Mapping[str, Any]) -> Row | None:
    """Return the order in which desa can be finished, as rows and as a line of steps; None where nobody may tell.

    Returns
    -------
    dict or None
        ``id``, ``title``, ``need`` and ``target`` (words), ``reached``, ``certain`` and ``open`` (counts of desa,
        missing where the run does not say), ``withheld`` (desa whose figures an audience may not see), ``rows``
        (:func:`geo.gaps.finishing_order`), ``desa``, ``already``, ``households``, ``half`` (desa that half of the
        households finish), ``line`` (x and y, 0 to 1).
    """
    desa, indicator = assessment.desa, about["id"]
    if not {f"{indicator}_gap", f"{indicator}_gap_most", f"{indicator}_enough"} <= set(desa.columns):
        return None
    order = finishing_order(desa, indicator)
    if order.empty:
        return None
    if f"{indicator}_near_served" in desa:
        near = desa.set_index("kode_desa")[[f"{indicator}_near_served", f"{indicator}_near_known"]]
        order = order.join(near.set_axis(["near", "near_known"], axis="columns"), on="kode_desa")
    told = assessment.facts.get("gaps", {}).get(indicator, {})
    suppressed = desa.get(f"{indicator}_suppressed", pd.Series(data=False, index=desa.index))
    last = order.iloc[-1]
    steps = order.iloc[np.linspace(0, len(order) - 1, min(len(order), 120)).round().astype(int)]
    line = np.column_stack([steps["cumulative"] / last["cumulative"], steps["finished"] / last["finished"]])
    already = int(order["finished"].iloc[0] - 1)
    return {
        "id": indicator,
        "title": about["title"],
        "need": NEEDS.get(indicator, about["title"]),
        "target": target_words(indicator, told.get("target")),
        "reached": told.get("desa_reached", already),
        "certain": told.get("desa_declarable"),
        "open": told.get("desa_open", len(order)),
        "withheld": int(suppressed.sum()),
        "rows": records(order),
        "already": already,
        "desa": len(order),
        "households": int(last["cumulative"]),
        "half": finished_within(order, last["cumulative"] / 2),
        "line": [(0.0, round(already / last["finished"], 4)), *line.round(4).tolist()],
    }


def _others(assessment: Assessment, indicators: Sequence[Mapping[str, Any]]) -> list[tuple[str, int, int]]:
    """Return title, circles and hot desa of the needs that have no map on the page, where there are any."""
    scans, hot = labelled_scans(assessment), assessment.hot_spots
    drawn = Counter(scans.loc[scans["label"] != "", "indicator"] if len(scans) else [])
    panas = Counter(hot.loc[hot["gi_class"] == "panas", "indicator"] if "gi_class" in hot else [])
    counts = [(str(about["title"]), drawn[about["id"]], panas[about["id"]]) for about in indicators]
    return [each for each in counts if each[1] or each[2]]


def _listed(priorities: pd.DataFrame) -> tuple[list[Row], str]:
    """Return the first of the list, each with the interval of its rank on an axis, and the reasons that all share."""
    rows = records(priorities)
    whys, shared = brief_reasons([row.get("why") for row in rows])
    for row, why in zip(rows, whys, strict=True):
        chosen = row.get("chosen")
        row |= {"why": why, "chosen": bool(pd.notna(chosen) and chosen)}
        row["firm"] = firmness(row.get("top_share")) if row["chosen"] else ""
    if rows and "rank_high" in priorities:
        axis = max(row["rank_high"] for row in rows)
        for row in rows:
            row["from"], row["to"], row["at"] = (
                row[name] / axis for name in ("rank_low", "rank_high", "rank")
            )
    return rows, shared


def brief_reasons(whys: Sequence[object], most: int = BRIEF) -> tuple[list[str], str]:
    r"""Shorten reasons that stand together: what all share is told once, then what most share is left out first.

    Examples
    --------
    >>> brief_reasons(["atap ijuk; lantai tanah; di kantong", "atap seng; lantai tanah; di kantong", "di kantong"], 10)
    (['atap ijuk\xa0…', 'atap seng\xa0…', ''], 'di kantong')
    """
    parts = [why.split("; ") if isinstance(why, str) and why else [] for why in whys]
    counts = Counter(part for own in parts for part in set(own))
    all_share = [part for part in parts[0] if counts[part] == len(parts)] if len(parts) > 1 else []
    told = []
    for own in parts:
        left = [part for part in own if part not in all_share]
        whole = len(left)
        while len(left) > 1 and len("; ".join(left)) > most:
            # of equals the last
            left.pop(max(range(len(left)), key=lambda place: (counts[left[place]], place)))
        text = "; ".join(left)
        cut = len(text) > most
        told.append(f"{text[:most].rstrip('; ')}\N{NO-BREAK SPACE}…" if cut or len(left) < whole else text)
    return told, "; ".join(all_share)
