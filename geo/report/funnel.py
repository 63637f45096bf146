"""The desa of a district in a funnel: which rates lie further off than chance takes them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from geo.assessment import Assessment
from geo.rates import ABOVE, BELOW, FUNNEL_LEVEL, funnel_limits
from geo.symbology import number, percent

WIDTH, HEIGHT, LEFT, TOP = 440, 200, 44, 12
"""The field of the drawing and its place in it, in units."""

GRID = 60
INNER_LEVEL = 0.95
HEADROOM, LEAST_TOP = 1.2, 0.05
"""The axis reaches so far above the common rate, and so high at least."""

APART = 0.12
"""How far labels of the axis stand apart at least, of its length."""
_CLASSES = {ABOVE: "above", BELOW: "below"}


def funnels(
    assessment: Assessment, indicators: Sequence[Mapping[str, Any]]
) -> list[tuple[str, dict[str, Any]]]:
    """Return title and drawing of the indicators whose common rate the run states."""
    stated = {each["id"]: each for each in assessment.facts.get("funnel", {}).get("indicators", [])}
    charts = []
    for about in indicators:
        told = stated.get(about["id"], {})
        chart = funnel_chart(assessment.desa, about["id"], told.get("common"))
        if chart is not None:
            extra = {name: told.get(name) for name in ("by_chance", "dispersion")}
            charts.append((str(about["title"]), chart | extra))
    return charts


def funnel_chart(
    desa: pd.DataFrame, indicator: str, common: float | None, least_top: float = LEAST_TOP
) -> dict[str, Any] | None:
    """Return the drawing of one indicator, or nothing where no desa has enough known households.

    ``common`` is the rate that the desa are held against; the vertical axis reaches ``least_top`` at least, so that two
    drawings can be held against each other. The horizontal axis is the square root of the number of known
    households, so that small desa are told apart. ``rows`` are the positions of the points in the table, ``inner`` the
    limits that chance passes one time in twenty.

    Needs columns: ``nama_desa``, ``<indicator>_known``, ``_need``, ``_rate``, ``_enough``, ``_funnel``.
    """
    if f"{indicator}_funnel" not in desa or common is None:
        return None
    enough = desa[f"{indicator}_enough"].to_numpy(bool) & desa[f"{indicator}_rate"].notna().to_numpy()
    shown = desa[enough]
    if shown.empty:
        return None
    known = shown[f"{indicator}_known"].to_numpy(float)
    rates = shown[f"{indicator}_rate"].to_numpy(float)
    sizes = np.unique(np.linspace(np.sqrt(known.min()), np.sqrt(known.max()), GRID).round(6) ** 2)
    households = np.maximum(sizes.round().astype("int64"), 1)
    top = float(np.ceil(max(rates.max(), common * HEADROOM, least_top) * 10) / 10)

    def across(households: np.ndarray) -> np.ndarray:
        return np.asarray(LEFT + WIDTH * np.sqrt(households / known.max()))

    def up(shares: np.ndarray | float) -> np.ndarray:
        return np.asarray(TOP + HEIGHT * (1 - np.minimum(shares, top) / top))

    words = shown[f"{indicator}_funnel"].astype(str).map(_CLASSES).fillna("within")
    titles = [
        f"{name}: {percent(share)} dari {number(size)}"
        for name, share, size in zip(shown["nama_desa"], rates, known, strict=True)
    ]

    def lines(level: float) -> list[str]:
        limits = funnel_limits(common, households, level)
        drawn = [np.column_stack([across(sizes), up(limit)]).round(1) for limit in limits]
        return [" ".join(f"{x},{y}" for x, y in line) for line in drawn]

    ticks = _ticks(float(known.max()))
    return {
        "points": list(zip(across(known).round(1), up(rates).round(1), words, titles, strict=True)),
        "rows": np.flatnonzero(enough).tolist(),
        "lines": lines(FUNNEL_LEVEL),
        "inner": lines(INNER_LEVEL),
        "common": (round(float(up(common)), 1), percent(common, 1)),
        "top": percent(top),
        "ticks": [(round(float(across(np.array(tick))), 1), number(tick)) for tick in ticks],
        "above": int((words == "above").sum()),
        "below": int((words == "below").sum()),
        "desa": len(shown),
    }


def _ticks(most: float) -> list[int]:
    """Return round numbers up to the largest desa that stand apart on an axis of square roots.

    Examples
    --------
    >>> _ticks(225), _ticks(8)
    ([5, 20, 50, 100, 200], [1, 2, 5])
    """
    rounds = [digit * 10**power for power in range(7) for digit in (1, 2, 5)]
    ticks: list[int] = []
    for tick in reversed([tick for tick in rounds if tick <= most]):
        if not ticks or np.sqrt(ticks[-1] / most) - np.sqrt(tick / most) >= APART:
            ticks.append(tick)
    return ticks[::-1]
