"""A rate and its interval."""

import numpy as np

Z_95 = 1.959963984540054
"""Two-sided 95 % quantile of the normal distribution."""


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
