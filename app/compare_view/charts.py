"""The funnel of each side: its desa against what chance alone would let their rates be, on one scale for both."""

from typing import Any

import numpy as np
import pandas as pd

from app.access.roles import Person
from app.compare_view.sides import Side
from app.map_view.asked import DESA
from geo.rates import funnel_words
from geo.report.funnel import HEADROOM, LEAST_TOP, funnel_chart

Json = dict[str, Any]


def funnels(left: Side, right: Side, who: Person) -> tuple[Json | None, Json | None]:
    """Return the drawing of each side; nothing by kecamatan, or where no rate of the district can be told."""
    tops = [side.figures.areas["rate"].where(side.figures.areas["enough"]).max() for side in (left, right)]
    commons = [_common(side, who) for side in (left, right)]
    top = float(np.nanmax([LEAST_TOP, *tops, *(HEADROOM * (common or 0) for common in commons)]))
    first, second = (_funnel(side, common, top) for side, common in zip((left, right), commons, strict=True))
    return first, second


def _funnel(side: Side, common: float | None, top: float) -> Json | None:
    areas = side.figures.areas
    if side.asked.level != DESA or common is None:
        return None
    words = areas["funnel"].to_numpy()
    if side.asked.filters_households:
        counts = areas[["need", "known"]].fillna(0).astype(np.int64)
        least = side.assessment.facts["settings"].get("rates", {}).get("minimum_known", 1)
        words = funnel_words(counts["need"].to_numpy(), counts["known"].to_numpy(), int(least))
    table = pd.DataFrame({
        "nama_desa": areas["name"],
        **{f"x_{name}": areas[name] for name in ("need", "known", "rate", "enough")},
        "x_funnel": words,
    })  # fmt: skip
    chart = funnel_chart(table, "x", common, top)
    if chart is None:
        return None
    points = [
        {"kode": kode, "x": x, "y": y, "word": word}
        for (x, y, word, _), kode in zip(chart["points"], areas["kode"].iloc[chart["rows"]], strict=True)
    ]
    points.sort(key=lambda point: point["y"])
    return chart | {"points": points}


def _common(side: Side, who: Person) -> float | None:
    """Return the rate that the desa are held against: the district's, or that of all who pass the filter.

    Nothing for somebody in the field: it is a figure of the whole district.
    """
    if who.desa is not None:
        return None
    if side.asked.filters_households:
        counts = side.figures.areas.loc[side.figures.inside, ["need", "known"]].sum()
        return float(counts["need"] / counts["known"]) if counts["known"] else None
    if side.definition:
        need, known = (
            side.assessment.desa[f"{side.asked.indicator}_{name}"].sum() for name in ("need", "known")
        )
        return float(need / known) if known else None
    stated = side.assessment.facts.get("funnel", {}).get("indicators", [])
    return next((each["common"] for each in stated if each["id"] == side.asked.indicator), None)
