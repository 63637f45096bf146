"""The desa of a district in a funnel: which rates lie further off than chance takes them."""

from typing import Any

import numpy as np
import pandas as pd

from geo.rates import ABOVE, BELOW, funnel_limits
from geo.symbology import number, percent

WIDTH, HEIGHT, LEFT, TOP = 440, 200, 44, 12
"""The field of the drawing and its place in it, in units."""

GRID = 60
_CLASSES = {ABOVE: "above", BELOW: "below"}


def funnel_chart(desa: pd.DataFrame, indicator: str, common: float | None) -> dict[str, Any] | None:
    """Return the drawing of one indicator, or nothing where no desa has enough known households.

    ``common`` is the rate that the desa are held against. The horizontal axis is the square root of the number of known
    households, so that small desa are told apart.

    Needs columns: ``nama_desa``, ``<indicator>_known``, ``_need``, ``_rate``, ``_enough``, ``_funnel``.
    """
    if f"{indicator}_funnel" not in desa or common is None:
        return None
    shown = desa[desa[f"{indicator}_enough"].to_numpy(bool) & desa[f"{indicator}_rate"].notna().to_numpy()]
    if shown.empty:
        return None
    known = shown[f"{indicator}_known"].to_numpy(float)
    rates = shown[f"{indicator}_rate"].to_numpy(float)
    sizes = np.unique(np.linspace(np.sqrt(known.min()), np.sqrt(known.max()), GRID).round(6) ** 2)
    low, high = funnel_limits(common, np.maximum(sizes.round().astype("int64"), 1))
    top = float(np.ceil(max(rates.max(), common * 1.2, 0.05) * 10) / 10)

    def across(households: np.ndarray) -> np.ndarray:
        return np.asarray(LEFT + WIDTH * np.sqrt(households / known.max()))

    def up(shares: np.ndarray | float) -> np.ndarray:
        return np.asarray(TOP + HEIGHT * (1 - np.minimum(shares, top) / top))

    words = shown[f"{indicator}_funnel"].astype(str).map(_CLASSES).fillna("within")
    titles = [
        f"{name}: {percent(share)} dari {number(size)}"
        for name, share, size in zip(shown["nama_desa"], rates, known, strict=True)
    ]
    lines = [np.column_stack([across(sizes), up(limit)]).round(1) for limit in (low, high)]
    ticks = sorted({1, *(round(known.max() * share) for share in (0.1, 0.4, 1.0))})
    return {
        "points": list(zip(across(known).round(1), up(rates).round(1), words, titles, strict=True)),
        "lines": [" ".join(f"{x},{y}" for x, y in line) for line in lines],
        "common": (round(float(up(common)), 1), percent(common, 1)),
        "top": percent(top),
        "ticks": [(round(float(across(np.array(tick))), 1), number(tick)) for tick in ticks],
        "above": int((words == "above").sum()),
        "below": int((words == "below").sum()),
        "desa": len(shown),
    }
