"""Counts of households and every figure that follows from them, as columns of areas."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from geo.neighbours import Neighbours
from geo.rates.funnel import funnel_words
from geo.rates.interval import rate, wilson
from geo.rates.smoothing import locally_smoothed, smoothed


def add_counts(areas: pd.DataFrame, households: pd.DataFrame, key: str) -> pd.DataFrame:
    """Count the households of the register in each area, and those with a point of their own.

    Needs columns: ``key`` in both; ``location_quality`` and geometry of the households.
    Adds columns: ``households``, ``located``.
    """
    counted = households.loc[households[key].notna(), key].value_counts()
    own = households.loc[households[key].notna() & ~households["geometry"].isna(), key].value_counts()
    return areas.assign(
        households=areas[key].map(counted).fillna(0).astype("int64"),
        located=areas[key].map(own).fillna(0).astype("int64"),
    )


def add_rates(
    areas: pd.DataFrame,
    households: pd.DataFrame,
    key: str,
    indicators: Sequence[str],
    minimum_known: int,
    neighbours: Neighbours | None = None,
) -> pd.DataFrame:
    """Add counts, rate, interval, smoothed rates and place in the funnel of each indicator to each area.

    Needs columns: ``key`` in both; ``need_<indicator>`` of the households.
    Adds columns: ``<indicator>_known``, ``_need``, ``_unknown``, ``_rate``, ``_low``, ``_high`` (Wilson, 95 %),
    ``_least``, ``_most`` (were none, or all, of the unknown in need), ``_smoothed`` (empirical Bayes towards the rate
    of all areas), ``_funnel`` (see :func:`geo.rates.funnel.funnel_words`), ``_enough``; and ``_local`` (empirical
    Bayes towards the rate of the neighbours) only where ``neighbours`` are given.

    Parameters
    ----------
    areas, households, key
        What is counted, by which column. The rate of all areas together is what the others are set against.
    indicators
        Ids of the needs.
    minimum_known
        With fewer known households than this an area has no colour, no rank and no word of the funnel.
    neighbours
        Of the areas, in their order.
    """
    added: dict[str, Any] = {}
    for indicator in indicators:
        answers = households[f"need_{indicator}"]
        table = pd.DataFrame({
            "area": households[key],
            "known": answers.notna(),
            "need": answers.fillna(value=False).astype(bool),
            "unknown": answers.isna(),
        }).groupby("area").sum()  # fmt: skip
        counts = table.reindex(areas[key].to_numpy()).fillna(0).astype("int64")
        need, known, unknown = (counts[part].to_numpy() for part in ("need", "known", "unknown"))
        figures = rate_figures(need, known, unknown, minimum_known, neighbours)
        added |= {f"{indicator}_{figure}": values for figure, values in figures.items()}
    # joined as a whole: column by column a frame falls into a hundred pieces
    return areas.join(pd.DataFrame(added, index=areas.index))


def share_figures(need: np.ndarray, known: np.ndarray, unknown: np.ndarray) -> dict[str, np.ndarray]:
    """Return the counts of each area, and those figures of :func:`rate_figures` that no other area has a part in."""
    low, high = wilson(need, known)
    return {
        "known": known,
        "need": need,
        "unknown": unknown,
        "rate": rate(need, known),
        "low": low,
        "high": high,
        "least": rate(need, known + unknown),
        "most": rate(need + unknown, known + unknown),
    }


def rate_figures(
    need: np.ndarray,
    known: np.ndarray,
    unknown: np.ndarray,
    minimum_known: int,
    neighbours: Neighbours | None = None,
) -> dict[str, np.ndarray]:
    """Return the figures that :func:`add_rates` adds, by their name without the indicator.

    Parameters
    ----------
    need, known, unknown
        Households of each area.
    minimum_known, neighbours
        As there.

    Examples
    --------
    >>> figures = rate_figures(np.array([1, 0]), np.array([4, 0]), np.array([0, 3]), 2)
    >>> figures["rate"], figures["enough"]
    (array([0.25,  nan]), array([ True, False]))
    """
    figures = share_figures(need, known, unknown) | {
        "smoothed": smoothed(need, known),
        "funnel": funnel_words(need, known, minimum_known),
        "enough": known >= minimum_known,
    }
    if neighbours is not None:
        figures["local"] = locally_smoothed(need, known, neighbours)
    return figures
