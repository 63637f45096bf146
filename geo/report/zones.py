"""Where the households stand: each layer, what they share, the target groups, and two definitions side by side."""

from typing import Any

import numpy as np
import pandas as pd

from geo.assessment import Assessment
from geo.comparison import SIDES, changed
from geo.symbology import NO_ZONE, UNKNOWN, display_classes, display_order, shown_zones, zone_colours

Row = dict[str, Any]


def zone_tables(assessment: Assessment) -> list[dict[str, Any]]:
    """Return each layer with a row a zone, and one for outside and for unknown, as the zones table has them."""
    zones, colours = (
        pd.DataFrame(assessment.zones.drop(columns="geometry")),
        zone_colours(assessment.facts["layers"]),
    )
    return [
        {**layer, "colour": colours[layer["id"]], "rows": _with_share(zones[zones["layer"] == layer["id"]])}
        for layer in assessment.facts["layers"]
    ]


def display_map(assessment: Assessment) -> dict[str, Any]:
    """Return colour and words of each desa by its display class, the legend, and the order of precedence."""
    layers = assessment.facts["layers"]
    classes = display_classes(layers)
    shown = shown_zones(assessment.desa, layers)
    counts = shown.value_counts()
    return {
        "colours": [classes[name][1] for name in shown],
        "titles": [
            f"{desa}: {classes[name][0]}"
            for desa, name in zip(assessment.desa["nama_desa"], shown, strict=False)
        ],
        "legend": [
            (colour, f"{title} ({counts[name]} desa)")
            for name, (title, colour) in classes.items()
            if name in counts
        ],
        "order": display_order(assessment.facts),
        "some": bool(shown.isin(set(classes) - {NO_ZONE, UNKNOWN}).any()),
    }


def combinations(assessment: Assessment) -> list[Row]:
    """Return the combinations of zones, the one with most households first."""
    table = assessment.combinations
    if "households" not in table or not len(table):
        return []
    return records(table.sort_values("households", ascending=False, kind="stable"))


def target_groups(assessment: Assessment) -> list[Row]:
    """Return the target groups in their own order, each with what it is."""
    return records(assessment.groups) if "households" in assessment.groups else []


def side_by_side(assessment: Assessment, most: int) -> dict[str, Any] | None:
    """Return how the houses stand under two definitions of RTLH, and the desa where most of them change.

    Returns
    -------
    dict or None
        ``first`` and ``second`` (profiles), ``cells`` (three rows of three counts: need, no need, unknown of the
        first over those of the second), ``changed`` (houses of another side), ``decided`` (those on a known
        side of both), ``all``, ``desa``.
    """
    table = assessment.comparison
    if not len(table):
        return None
    cells = [[int(table[f"{first}_{second}"].sum()) for second in SIDES] for first in SIDES]
    by_desa = table.assign(changed=changed(table)).dropna(subset=["kode_desa"])
    first = by_desa[by_desa["changed"] > 0].sort_values("changed", ascending=False, kind="stable")
    return {
        "first": table["first"].iloc[0],
        "second": table["second"].iloc[0],
        "cells": cells,
        "changed": cells[0][1] + cells[1][0],
        "decided": sum(map(sum, (row[:2] for row in cells[:2]))),
        "all": sum(map(sum, cells)),
        "desa": records(first.head(most)),
    }


def _with_share(rows: pd.DataFrame) -> list[Row]:
    total = rows["households"].astype("Float64").sum(skipna=False)
    share = rows["households"].astype("Float64") / (total if pd.notna(total) and total > 0 else np.nan)
    return records(rows.assign(part=share))


def records(table: pd.DataFrame) -> list[Row]:
    """Return the rows of a table as the template takes them."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
