"""The page for the meeting: where need gathers, how sure that is, which desa to finish first, and whom to visit."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from geo.assessment import Assessment
from geo.gaps import finished_within, finishing_order
from geo.report.zones import records
from geo.symbology import COLD_COLOUR, HOT_COLOUR, UNKNOWN_COLOUR, number, percent

LABELLED, HOT, FINISHED, LISTED = 4, 5, 8, 10
"""How many circles, hot desa, desa to finish and households the page names."""

BRIEF = 110
"""Letters of a reason on this page; the whole of it stands in the list further down."""

PLAIN_COLOUR = "#f1efe8"
FIRM = 0.95
"""A household that stays among the first in so many of the weightings is firmly there."""

_SURE = (
    (0.001, "hampir pasti bukan kebetulan"),
    (0.01, "sangat kecil kemungkinannya kebetulan"),
    (0.05, "kecil kemungkinannya kebetulan"),
)

Row = dict[str, Any]


def decision(
    assessment: Assessment, indicators: Sequence[Mapping[str, Any]], outlines: Mapping[str, Any]
) -> dict[str, Any]:
    """Return all that the page shows.

    Parameters
    ----------
    indicators
        Those that were measured and are not sensitive (``id``, ``title``).
    outlines
        The drawing of the district, from :func:`geo.report.outlines.draw`.
    """
    return {
        "maps": [_gathering(assessment, about, outlines) for about in indicators[:2]],
        "finishing": [
            plan
            for about in sorted(indicators, key=lambda about: about["id"] == "rtlh")[:1]
            if (plan := _finishing(assessment.desa, about)) is not None
        ],
        "listed": _listed(assessment.priorities),
        "firmness": _firmness(assessment.priorities),
        "hot_colour": HOT_COLOUR,
        "cold_colour": COLD_COLOUR,
        "plain_colour": PLAIN_COLOUR,
        "unknown_colour": UNKNOWN_COLOUR,
    }


def sureness(p_value: float) -> str:
    """Say in words how sure a finding is.

    Examples
    --------
    >>> sureness(0.0004), sureness(0.3)
    ('hampir pasti bukan kebetulan', 'bisa saja kebetulan')
    """
    return next((words for most, words in _SURE if p_value <= most), "bisa saja kebetulan")


def _gathering(assessment: Assessment, about: Mapping[str, Any], outlines: Mapping[str, Any]) -> Row:
    """Return the map of one indicator: hot and cold desa, circles, and what is to be said of them."""
    table = assessment.hot_spots
    own = table[table["indicator"] == about["id"]] if "indicator" in table else table.iloc[:0]
    own = own.set_index("kode_desa").reindex(assessment.desa["kode_desa"])
    kinds = own["gi_class"].fillna("").to_numpy(str) if len(table.columns) else np.full(len(own), "")
    untested = own["untested"].fillna("tidak diuji").to_numpy(str) if len(table.columns) else kinds
    colours = {"panas": HOT_COLOUR, "dingin": COLD_COLOUR}
    circles = _circles(assessment, about, outlines)
    hot = assessment.desa.assign(q=own["gi_q"].to_numpy(float), stays=own["stays"].fillna("").to_numpy(str))
    hot = pd.DataFrame(hot[kinds == "panas"].drop(columns="geometry"))
    return {
        "id": about["id"],
        "title": about["title"],
        "colours": [
            colours.get(kind, UNKNOWN_COLOUR if why else PLAIN_COLOUR)
            for kind, why in zip(kinds, untested, strict=True)
        ],
        "titles": [
            f"{name}: {kind or why or 'tidak nyata berbeda'}"
            for name, kind, why in zip(assessment.desa["nama_desa"], kinds, untested, strict=True)
        ],
        "circles": circles,
        "drawn": [circle for circle in circles if circle["significant"]],
        "labelled": [circle for circle in circles if "label" in circle],
        "of_desa": sum(circle["significant"] and circle["base"] == "desa" for circle in circles),
        "of_houses": sum(circle["significant"] and circle["base"] != "desa" for circle in circles),
        "hot": [_hot_words(row, about["id"]) for row in records(hot.sort_values("q").head(HOT))],
        "hot_count": int((kinds == "panas").sum()),
        "cold_count": int((kinds == "dingin").sum()),
        "untested": int((untested != "").sum()),
        "kantong": _kantong(assessment, about["id"], outlines),
    }


def _hot_words(row: Row, indicator: str) -> Row:
    need, known = row.get(f"{indicator}_need"), row.get(f"{indicator}_known")
    figures = f"{number(need)} dari {number(known)}" if pd.notna(need) and pd.notna(known) else ""
    rules = row["stays"].count(", ") + 1 if row["stays"] else 0
    return {**row, "figures": figures, "rules": rules, "sure": sureness(row["q"])}


def _circles(assessment: Assessment, about: Mapping[str, Any], outlines: Mapping[str, Any]) -> list[Row]:
    """Return the circles of an indicator, those of desa first, with their place on the drawing."""
    scans = assessment.scans
    if "indicator" not in scans:
        return []
    own = scans[scans["indicator"] == about["id"]]
    own = own.sort_values(["significant", "base", "order"], ascending=[False, True, True])
    own = own[own["significant"].astype(bool) | (own["order"] == 1)]
    if own.empty:
        return []
    places = outlines["place"](own.geometry)
    rows = records(pd.DataFrame(own.drop(columns="geometry")))
    for row, (x, y) in zip(rows, places.tolist(), strict=True):
        row |= {"x": x, "y": y, "radius": max(round(row["radius_m"] / outlines["metres"]), 9)}
        row["sure"] = sureness(row["p_value"])
    of_desa = [row for row in rows if row["significant"] and row["base"] == "desa"]
    for place, row in enumerate(of_desa[:LABELLED], start=1):
        row["label"] = f"L{place}"
    return rows


def _kantong(
    assessment: Assessment, indicator: str, outlines: Mapping[str, Any]
) -> list[tuple[int, int, int]]:
    """Return where each kantong of an indicator stands on the drawing, and how large its mark is."""
    own = assessment.clusters
    own = own[own["indicator"] == indicator] if "indicator" in own else own.iloc[:0]
    if own.empty:
        return []
    sizes = np.clip(np.sqrt(own["households"].to_numpy(float)), 3, 12).round().astype(int)
    return [
        (x, y, size)
        for (x, y), size in zip(outlines["place"](own.geometry).tolist(), sizes.tolist(), strict=True)
    ]


def _finishing(desa: pd.DataFrame, about: Mapping[str, Any]) -> Row | None:
    """Return the order in which desa can be finished, as rows and as a line of steps."""
    if f"{about['id']}_gap_most" not in desa:
        return None
    order = finishing_order(desa, about["id"])
    if order.empty:
        return None
    last = order.iloc[-1]
    steps = order.iloc[np.linspace(0, len(order) - 1, min(len(order), 120)).round().astype(int)]
    line = np.column_stack([steps["cumulative"] / last["cumulative"], steps["finished"] / last["finished"]])
    already = int(order["finished"].iloc[0] - 1)
    return {
        "title": about["title"],
        "rows": records(order.head(FINISHED)),
        "already": already,
        "desa": len(order),
        "households": int(last["cumulative"]),
        "half": finished_within(order, last["cumulative"] / 2),
        "line": [(0.0, round(already / last["finished"], 4)), *line.round(4).tolist()],
    }


def _listed(priorities: pd.DataFrame) -> list[Row]:
    """Return the first of the list, each with the interval of its rank as a part of the axis."""
    rows = [{**row, "why": _brief(row["why"])} for row in records(priorities.head(LISTED))]
    if not rows or "rank_high" not in priorities:
        return rows
    axis = max(row["rank_high"] for row in rows)
    for row in rows:
        row["from"], row["to"], row["at"] = (row[name] / axis for name in ("rank_low", "rank_high", "rank"))
    return rows


def _brief(why: object) -> str:
    """Cut a reason after as many of its parts as fit into two lines."""
    parts = why.split("; ") if isinstance(why, str) else []
    kept = [
        part for place, part in enumerate(parts) if len("; ".join(parts[: place + 1])) <= BRIEF or not place
    ]
    text = "; ".join(kept)
    return text if len(kept) == len(parts) and len(text) <= BRIEF else f"{text[:BRIEF].rstrip('; ')} …"


def _firmness(priorities: pd.DataFrame) -> Row | None:
    """Return how many of the chosen stay among the first whatever the weights, and how many are there by a hair."""
    if "top_share" not in priorities or "chosen" not in priorities:
        return None
    chosen = priorities[priorities["chosen"].astype(bool)]
    if chosen.empty:
        return None
    share = chosen["top_share"].to_numpy(float)
    return {
        "chosen": len(chosen),
        "firm": int((share >= FIRM).sum()),
        "narrow": int((share < 0.5).sum()),  # noqa: PLR2004  more often out than in
        "share": percent(FIRM),
    }
