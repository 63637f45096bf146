"""Where a rate lies against what chance alone would let it be, were its area like the whole district."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import bdtr

from geo.rates.interval import rate

FUNNEL_LEVEL = 0.998
"""Share of areas of the common rate that stay inside the limits: the outer limits of Spiegelhalter (2005)."""

ABOVE, BELOW, WITHIN = "di atas", "di bawah", "wajar"


def funnel_limits(
    common: float, known: np.ndarray, level: float = FUNNEL_LEVEL
) -> tuple[np.ndarray, np.ndarray]:
    """Return between which rates an area of so many known households lies, were its rate the common one.

    Parameters
    ----------
    common
        The rate that all areas are held against, 0 to 1.
    known
        Known households of each area.
    level
        Share of such areas that lie inside: at least this, exactly so many as whole households allow.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper limit, 0 to 1, on either side of the common rate; missing where nothing is known.

    Notes
    -----
    Exact quantiles of the binomial distribution, interpolated after Spiegelhalter (2005, Statistics in Medicine
    24:1185, appendix A.1.1). The upper limit is the lower one of the households not in need, turned over: interpolated
    by itself, as there, it would leave the quantile itself outside, which where few households are known chance
    brings far more often than ``1 - level`` (all of 20 in need at a common rate of 90 %: one time in eight).

    Examples
    --------
    >>> low, high = funnel_limits(0.5, np.array([10, 1000]))
    >>> low.round(3), high.round(3)
    (array([0.   , 0.451]), array([1.   , 0.549]))
    """
    sizes, places = np.unique(known, return_inverse=True)
    tail = (1 - level) / 2
    low = np.minimum(_lower_limit(common, sizes, tail), common)
    high = np.maximum(1 - _lower_limit(1 - common, sizes, tail), common)
    return low[places], high[places]


def _lower_limit(common: float, known: np.ndarray, tail: float) -> np.ndarray:
    """Return the interpolated quantile of a binomial share; whole numbers below it have less than ``tail``."""
    first, last = np.zeros_like(known), known
    for _ in range(int(known.max(initial=0)).bit_length()):
        middle = (first + last) // 2
        reached = bdtr(middle.astype(float), known, common) >= tail
        first, last = np.where(reached, first, middle + 1), np.where(reached, middle, last)
    upto = bdtr(last.astype(float), known, common)
    before = np.where(last > 0, bdtr(np.maximum(last - 1.0, 0.0), known, common), 0.0)
    part = (upto - tail) / (upto - before)
    return np.asarray(np.clip(rate(last - part, known), 0.0, 1.0))


def funnel_words(need: np.ndarray, known: np.ndarray, minimum_known: int) -> np.ndarray:
    """Say of each area whether its rate lies above or below the limits around the rate of all of them, or inside.

    «di atas», «di bawah» or «wajar»; nothing where fewer than ``minimum_known`` households are known. The limits are
    not widened by how much areas differ in life: that need differs is what is looked for, no nuisance to be taken
    out. So where large desa differ much, most lie outside; :func:`funnel_facts` tells how far. No test of many places:
    of a thousand areas that are all alike some two lie outside.

    Examples
    --------
    >>> funnel_words(np.array([90, 40, 5, 2]), np.array([100, 100, 100, 2]), 5).tolist()
    ['di atas', 'wajar', 'di bawah', '']
    """
    share = rate(need, known)
    low, high = funnel_limits(_common(need, known), known)
    outside = [known < minimum_known, share > high, share < low]
    return np.select(outside, ["", ABOVE, BELOW], WITHIN)


def funnel_facts(areas: pd.DataFrame, indicators: Sequence[str]) -> dict[str, Any]:
    """Return what the words of the funnel stand on, and how much more areas differ than chance makes them.

    Needs columns: ``<indicator>_known``, ``_need``, ``_funnel``.

    Parameters
    ----------
    areas
        As :func:`geo.rates.add_rates` returns them.
    indicators
        Ids of needs whose total for the district may be told.

    Returns
    -------
    dict
        ``level``; ``indicators``: a list of ``id``, ``common`` (rate of all areas), ``dispersion`` (Pearson's
        chi-square over its degrees of freedom: some 1 where chance alone makes areas differ; missing for fewer than
        two areas or where all or none are in need), ``above``, ``below``, ``within``, ``too_few`` (counts of areas),
        ``by_chance``: at most so many outside are expected, were all areas alike.
    """
    return {
        "level": FUNNEL_LEVEL,
        "indicators": [_facts_of(areas, indicator) for indicator in indicators],
    }


def _facts_of(areas: pd.DataFrame, indicator: str) -> dict[str, Any]:
    need, known = (areas[f"{indicator}_{figure}"].to_numpy(float) for figure in ("need", "known"))
    words = areas[f"{indicator}_funnel"]
    common, dispersion = _common(need, known), _dispersion(need, known)
    return {
        "id": indicator,
        "common": common if np.isfinite(common) else None,
        # rounded: to the last digit it would be one more equation for who wants to know a withheld count
        "dispersion": round(dispersion, 1) if np.isfinite(dispersion) else None,
        **{
            name: int((words == word).sum())
            for name, word in {"above": ABOVE, "below": BELOW, "within": WITHIN, "too_few": ""}.items()
        },
        "by_chance": round((1 - FUNNEL_LEVEL) * int((words != "").sum()), 3),
    }


def _common(need: np.ndarray, known: np.ndarray) -> float:
    return float(need.sum() / known.sum()) if known.sum() else np.nan


def _dispersion(need: np.ndarray, known: np.ndarray) -> float:
    common, areas = _common(need, known), int((known > 0).sum())
    if areas < 2 or not 0 < common < 1:  # noqa: PLR2004  one area differs from nothing
        return np.nan
    return float(np.nansum(known * (rate(need, known) - common) ** 2) / (common * (1 - common)) / (areas - 1))
