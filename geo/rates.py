"""Counts, rates, intervals and smoothing per desa, kecamatan and zone."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

Z_95 = 1.959963984540054
"""Two-sided 95 % quantile of the normal distribution."""


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
    areas: pd.DataFrame, households: pd.DataFrame, key: str, indicators: Sequence[str], minimum_known: int
) -> pd.DataFrame:
    """Add counts, rate, interval and smoothed rate of each indicator to each area.

    Needs columns: ``key`` in both; ``need_<indicator>`` of the households.
    Adds columns: ``<indicator>_known``, ``_need``, ``_unknown``, ``_rate``, ``_low``, ``_high`` (Wilson, 95 %),
    ``_least``, ``_most`` (were none, or all, of the unknown in need), ``_smoothed`` (empirical Bayes), ``_enough``.
    """
    added: dict[str, np.ndarray] = {}
    for indicator in indicators:
        need = households[f"need_{indicator}"]
        table = pd.DataFrame({
            "area": households[key],
            "known": need.notna(),
            "need": need.fillna(value=False).astype(bool),
            "unknown": need.isna(),
        }).groupby("area").sum()  # fmt: skip
        counts = table.reindex(areas[key].to_numpy()).fillna(0).astype("int64")
        known, needy = counts["known"].to_numpy(), counts["need"].to_numpy()
        unknown = counts["unknown"].to_numpy()
        low, high = wilson(needy, known)
        added |= {
            f"{indicator}_known": known,
            f"{indicator}_need": needy,
            f"{indicator}_unknown": unknown,
            f"{indicator}_rate": rate(needy, known),
            f"{indicator}_low": low,
            f"{indicator}_high": high,
            f"{indicator}_least": rate(needy, known + unknown),
            f"{indicator}_most": rate(needy + unknown, known + unknown),
            f"{indicator}_smoothed": smoothed(needy, known),
            f"{indicator}_enough": known >= minimum_known,
        }
    return areas.assign(**added)


def rate(need: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return need over known, missing where nothing is known.

    Examples
    --------
    >>> rate(np.array([1, 0]), np.array([4, 0]))
    array([0.25,  nan])
    """
    return np.asarray(np.divide(need, known, out=np.full(len(known), np.nan), where=known > 0))


def wilson(need: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the 95 % score interval of a rate (Wilson 1927), missing where nothing is known.

    Examples
    --------
    >>> low, high = wilson(np.array([10]), np.array([100]))
    >>> round(float(low[0]), 4), round(float(high[0]), 4)
    (0.0552, 0.1744)
    """
    share, n = rate(need, known), np.where(known > 0, known, np.nan)
    middle = (share + Z_95**2 / (2 * n)) / (1 + Z_95**2 / n)
    half = Z_95 * np.sqrt(share * (1 - share) / n + Z_95**2 / (4 * n**2)) / (1 + Z_95**2 / n)
    # rounding must not push a bound past the rate itself, at 0 and at 1
    return np.clip(np.minimum(middle - half, share), 0, 1), np.clip(np.maximum(middle + half, share), 0, 1)


def smoothed(need: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Shrink each rate towards the common one, the more the fewer households are known (Marshall 1991).

    The variance between areas is estimated by moments; where there is none, every area gets the common rate.
    An area where nothing is known gets no rate.

    Examples
    --------
    >>> shrunk = smoothed(np.array([1, 300, 10]), np.array([1, 600, 400]))
    >>> bool(shrunk[0] < 0.6), bool(abs(shrunk[1] - 0.5) < 0.01)
    (True, True)
    """
    total = known.sum()
    if total == 0:
        return np.full(len(known), np.nan)
    common = need.sum() / total
    share = rate(need, known)
    spread = np.nansum(known * (share - common) ** 2) / total
    between = max(spread - common / (total / (known > 0).sum()), 0.0)
    within = np.divide(common, known, out=np.full(len(known), np.inf), where=known > 0)
    weight = between / (between + within) if between > 0 else np.zeros(len(known))
    return np.asarray(common + weight * (share - common))
