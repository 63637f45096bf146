"""The maps of where a need gathers: hot desa, circles with their labels, kantong, and what is said of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.assessment import Assessment
from geo.report.outlines import WIDTH
from geo.report.words import distance, need_words, odds
from geo.report.zones import records
from geo.symbology import COLD_COLOUR, HOT_COLOUR, UNKNOWN_COLOUR, circle_labels, number

TOLD, HOT, KANTONG = 3, 4, 12
"""How many circles, hot desa and kantong of a need the page shows in words, or as marks."""
SPARE, LOW = 2, 0.62
"""So many more are told of where the maps are lower than this part of their width."""

PLAIN_COLOUR = "#f1efe8"

# on paper a map has about so many millimetres across and down, and its letters are so high
_ACROSS, _DOWN, _LETTERS = 86, 84, 2.7
_WIDE, _MARGIN, _LEAST = 0.62, 0.25, 9
"""Width of a letter by its height; how far circles widen the map, of its sides; least radius of a circle in units."""

Row = dict[str, Any]


def gatherings(
    assessment: Assessment, indicators: Sequence[Mapping[str, Any]], outlines: Mapping[str, Any]
) -> list[Row]:
    """Return a map for each indicator, all with the same frame.

    Parameters
    ----------
    indicators
        ``id`` and ``title``.
    outlines
        The drawing of the district, from :func:`geo.report.outlines.draw`.
    """
    scans = labelled_scans(assessment)
    every = {about["id"]: _circles(scans, about["id"], outlines) for about in indicators}
    frame = _frame([circle for circles in every.values() for circle in circles], outlines["height"])
    return [_map(assessment, about, outlines, every[about["id"]], frame) for about in indicators]


def labelled_scans(assessment: Assessment) -> gpd.GeoDataFrame:
    """Return the circles with their ``label`` (empty where not significant)."""
    scans = assessment.scans.copy()
    scans["label"] = circle_labels(scans) if "significant" in scans else ""
    return scans


def circle_words(row: Mapping[Any, Any]) -> Row:
    """Return place, figures and chance of a circle in words; empty where an audience may not see them."""
    where = f"{row['nama_desa']}, Kec. {row['nama_kecamatan']}"
    if not _alone(row):
        where = f"sekitar {where} ({number(row['desa'])} desa dalam {distance(row['radius_m'])})"
    counts = [row.get("observed"), row.get("households")]
    figures = "" if any(pd.isna(count) or count is None for count in counts) else (
        f"{number(float(counts[0]))} dari {number(float(counts[1]))} rumah tangga {need_words(row['indicator'])}"  # type: ignore[arg-type]
    )  # fmt: skip
    return {"where": where, "figures": figures, "odds": odds(row.get("p_value"))}


def is_low(frame: Mapping[str, Any]) -> bool:
    """Tell whether the maps leave room on the page."""
    return bool(frame["height"] < LOW * frame["width"])


def _alone(row: Mapping[Any, Any]) -> bool:
    return bool(row["desa"] == 1 and row["base"] == "desa")


def _circles(scans: gpd.GeoDataFrame, indicator: str, outlines: Mapping[str, Any]) -> list[Row]:
    """Return the circles of an indicator in the order of their labels, with their place on the drawing."""
    own = scans[scans["indicator"] == indicator] if "indicator" in scans else scans.iloc[:0]
    if own.empty:
        return []
    own = own.sort_values(["significant", "base", "order"], ascending=[False, True, True])
    places = outlines["place"](own.geometry)
    rows = records(pd.DataFrame(own.drop(columns="geometry")))
    for row, (x, y) in zip(rows, places.tolist(), strict=True):
        radius = max(round(row["radius_m"] / outlines["metres"]), _LEAST)
        row |= {"x": x, "y": y, "radius": radius, **circle_words(row)}
    return rows


def _frame(circles: Sequence[Row], height: float) -> Row:
    """Return the frame of the maps, which leaves room for the circles that are drawn, and the height of letters."""
    drawn = [circle for circle in circles if circle["label"]]
    low, high = np.array([0.0, 0.0]), np.array([WIDTH, height], dtype=float)
    spare = _MARGIN * (high - low)
    if drawn:
        middles = np.array([[circle["x"], circle["y"]] for circle in drawn], dtype=float)
        reach = np.array([[circle["radius"]] for circle in drawn], dtype=float)
        low = np.clip((middles - reach).min(axis=0), low - spare, low)
        high = np.clip((middles + reach).max(axis=0), high, high + spare)
    letters = round(_LETTERS * max((high - low) / (_ACROSS, _DOWN)))
    left, top = (low - letters * 0.6).round().astype(int).tolist()
    right, bottom = (high + letters * 0.6).round().astype(int).tolist()
    return {"left": left, "top": top, "width": right - left, "height": bottom - top, "letters": letters}


def _map(
    assessment: Assessment,
    about: Mapping[str, Any],
    outlines: Mapping[str, Any],
    circles: list[Row],
    frame: Row,
) -> Row:
    desa, own = assessment.desa, _hot_spots(assessment, about["id"])
    kinds, untested = own["gi_class"].to_numpy(str), own["untested"].to_numpy(str)
    colours = {"panas": HOT_COLOUR, "dingin": COLD_COLOUR}
    hot = pd.DataFrame(desa.drop(columns="geometry")).assign(
        q=own["gi_q"].to_numpy(float), stays=own["stays"].to_numpy(str)
    )
    hot = hot[kinds == "panas"].sort_values("q", kind="stable")
    drawn = [circle for circle in circles if circle["label"]]
    most = TOLD + SPARE * is_low(frame)
    told = [circle for circle in drawn if circle["base"] == "desa"][:most] or drawn[:most]
    shown = [
        colours.get(kind, UNKNOWN_COLOUR if why else PLAIN_COLOUR)
        for kind, why in zip(kinds, untested, strict=True)
    ]
    return {
        "id": about["id"],
        "title": about["title"],
        "need": need_words(about["id"]),
        "frame": frame,
        "colours": shown,
        "shown": set(shown),
        "titles": [
            f"{name}: {f'desa {kind}' if kind else why or 'tidak nyata berbeda'}"
            for name, kind, why in zip(desa["nama_desa"], kinds, untested, strict=True)
        ],
        "drawn": drawn,
        "told": told,
        "odds": told[0]["odds"] if len({circle["odds"] for circle in told}) == 1 else "",
        "more": len(drawn) - len(told),
        "loudest": next((circle for circle in circles if not circle["label"]), None),
        "labels": _labels([*told, *(circle for circle in drawn if circle not in told)], len(told), frame),
        "hot": [_hot_words(row, about["id"]) for row in records(hot.head(HOT))],
        "hot_count": len(hot),
        "tested": int((untested == "").sum()),
        "kantong": _kantong(assessment, about["id"], outlines, frame["letters"]),
    }


def _hot_spots(assessment: Assessment, indicator: str) -> pd.DataFrame:
    """Return class, q, rules and why untested of each desa, in the order of the desa."""
    table = assessment.hot_spots
    own = table[table["indicator"] == indicator] if "indicator" in table else pd.DataFrame({"kode_desa": []})
    texts = {"gi_class": "", "stays": "", "untested": "tidak diuji"}
    own = own.set_index("kode_desa").reindex(index=assessment.desa["kode_desa"], columns=[*texts, "gi_q"])
    return own.astype(object).fillna(texts).reset_index(drop=True)


def _hot_words(row: Row, indicator: str) -> Row:
    need, known = row.get(f"{indicator}_need"), row.get(f"{indicator}_known")
    figures = f"{number(need)} dari {number(known)}" if pd.notna(need) and pd.notna(known) else ""
    return {**row, "figures": figures, "rules": row["stays"].count(", ") + 1 if row["stays"] else 0}


def _labels(circles: Sequence[Row], wanted: int, frame: Row) -> list[tuple[int, int, str]]:
    """Place the labels beside their circles; of those behind the first ``wanted`` only what covers no other."""
    size = frame["letters"]
    left, top, right, bottom = (
        frame["left"], frame["top"], frame["left"] + frame["width"], frame["top"] + frame["height"],
    )  # fmt: skip
    kept: list[tuple[float, float, float]] = []
    labels = []
    for place, circle in enumerate(circles):
        x, y, reach = circle["x"], circle["y"], circle["radius"]
        half = _WIDE * size * len(circle["label"]) / 2
        spots = [
            (x, y - reach - 0.3 * size), (x, y + reach + 0.95 * size), (x + reach + half + 0.2 * size, y + 0.35 * size),
            (x - reach - half - 0.2 * size, y + 0.35 * size), (x, y + 0.35 * size),
        ]  # fmt: skip
        inside = [
            (at, base)
            for at, base in spots
            if left <= at - half and at + half <= right and top <= base - 0.8 * size and base <= bottom
        ]
        free = [
            (at, base)
            for at, base in inside
            if all(abs(at - a) >= half + h or abs(base - b) >= 0.85 * size for a, b, h in kept)
        ]
        if free or (place < wanted and inside):
            at, base = (free or inside)[0]
            kept.append((at, base, half))
            labels.append((round(at), round(base), circle["label"]))
    return labels


def _kantong(
    assessment: Assessment, indicator: str, outlines: Mapping[str, Any], letters: int
) -> list[tuple[int, int, int]]:
    """Return where the largest kantong of an indicator stand on the drawing, and half the width of their marks."""
    own = assessment.clusters
    own = own[own["indicator"] == indicator] if "indicator" in own else own.iloc[:0]
    own = own.sort_values("households", ascending=False, kind="stable").head(KANTONG)
    if own.empty:
        return []
    return [(x, y, round(0.34 * letters)) for x, y in outlines["place"](own.geometry).tolist()]
