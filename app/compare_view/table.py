"""The table of a comparison: a row an area, in words, in the order that the address asks for."""

from typing import Any

import numpy as np
import pandas as pd

from app.compare_view.comparing import SHARES, Comparison, Kind
from app.compare_view.sides import Side
from app.compare_view.words import signed, verdict_words
from app.map_view.view import figure_words
from geo.differences import HIGHER, LOWER, OPEN
from geo.maps.themes import MEASURES
from geo.report.zones import records
from geo.symbology import number, percent

Json = dict[str, Any]

ORDERS = {"nama": "name", "kiri": "left", "kanan": "right", "selisih": "difference"}
"""What the rows can be sorted by, in an address; with a minus the most first."""
FARTHEST = ""
"""The usual order: those farthest apart first, whichever way."""

MARKS = {HIGHER: "▲", LOWER: "▼", OPEN: "○", "": ""}
_CLASSES = {HIGHER: "up", LOWER: "down", OPEN: "open", "": ""}


def read_order(asked: str) -> str:
    """Return the order that an address asks for; the usual one where it asks for none that there is."""
    return asked if asked.removeprefix("-") in ORDERS else FARTHEST


def rows(found: Comparison, left: Side, right: Side, order: str) -> list[Json]:
    """Return the rows as the template writes them.

    Each has ``kode``, ``name``, ``kecamatan``, ``left`` and ``right`` (figure, and what it was counted from),
    ``difference``, ``detail`` (interval, or who changes sides), ``mark``, ``word`` and ``kind`` of the verdict.
    """
    shares = {left.asked.measure, right.asked.measure} <= {*SHARES}
    words = verdict_words(found, left, right)
    cells = [_cells(side) for side in (left, right)]
    return [
        {
            "kode": row["kode"],
            "name": row["name"],
            "kecamatan": row["kecamatan"],
            "left": cells[0].get(row["kode"], ("–", "")),
            "right": cells[1].get(row["kode"], ("–", "")),
            "difference": signed(row["difference"], shares=shares),
            "detail": _detail(row, found),
            "mark": MARKS[row["word"]],
            "word": words.get(row["word"], "") or row["reason"],
            "kind": _CLASSES[row["word"]],
        }
        for row in records(_ordered(found.areas, order))
    ]


def _detail(row: Json, found: Comparison) -> str:
    if np.isfinite(row["low"]):
        low, high = (signed(row[name]).removesuffix(" poin") for name in ("low", "high"))
        return f"{low} sampai {high}"
    if not np.isfinite(row["away"]):
        return ""
    away, towards = number(row["away"]), number(row["towards"])
    if found.kind is Kind.DEFINITIONS:
        return f"{towards} masuk, {away} keluar"
    return f"hanya kiri {away}, hanya kanan {towards}"


def _ordered(areas: pd.DataFrame, order: str) -> pd.DataFrame:
    if order == FARTHEST:
        ordered = areas.assign(far=areas["difference"].abs())
        return ordered.sort_values(
            ["far", "left", "right"], ascending=False, kind="stable", na_position="last"
        )
    column = ORDERS[order.removeprefix("-")]
    # names without regard to capitals; where nothing can be told comes last, whichever way
    key = (lambda values: values.str.casefold()) if column == "name" else None
    return areas.sort_values(
        column, ascending=not order.startswith("-"), kind="stable", key=key, na_position="last"
    )


def _cells(side: Side) -> dict[str, tuple[str, str]]:
    """Return by kode the figure of a side and, small beside it, what it was counted from."""
    measure = side.asked.measure
    found = {}
    for row in records(side.figures.areas[side.figures.inside]):
        told = measure != "hot" and not row["withheld"] and row["enough"] and np.isfinite(row[measure])
        if not told:
            found[row["kode"]] = (figure_words(row, measure), "")
        elif measure in SHARES:
            found[row["kode"]] = (
                percent(row[measure], 1),
                f"{number(row['need'])} dari {number(row['known'])}",
            )
        else:
            found[row["kode"]] = (number(row[measure]), f"dari {number(row['known'])}")
    return found


def heading(side: Side, other: Side) -> str:
    """Return what a side shows: need and measure, and the definition where it is not the other's."""
    told = f"{side.indicator['title']}, {MEASURES[side.asked.measure].lower()}"
    same_need = side.asked.indicator == other.asked.indicator
    return f"{told}, {side.profile}" if same_need and side.profile != other.profile else told
