"""Two rates of the same area held against each other: how far apart they are, and whether chance alone may do that."""

import numpy as np
from scipy.special import bdtr

from geo.clusters.significance import adjusted
from geo.rates import rate, wilson

FALSE_DISCOVERIES = 0.05
"""Of the areas that are said to differ, so large a share at most differs by chance."""

HIGHER, LOWER, OPEN = "lebih tinggi", "lebih rendah", "tidak dapat dipastikan"

Counts = tuple[np.ndarray, np.ndarray]
"""Households in need, and households whose answer is known, by area; not a number where they are not told."""


def difference_interval(first: Counts, second: Counts) -> tuple[np.ndarray, np.ndarray]:
    """Return the 95 % interval of the second rate minus the first, for households counted apart from each other.

    Newcombe's square-and-add of the two Wilson intervals (1998, Statistics in Medicine 17:873, method 10); missing
    where either side has nothing known. Where many households stand in both registers it is wider than it need be.

    Examples
    --------
    >>> low, high = difference_interval((np.array([56.0]), np.array([70.0])), (np.array([48.0]), np.array([80.0])))
    >>> float(low[0].round(4)), float(high[0].round(4))  # the example of the source, with its sign turned
    (-0.3339, -0.0524)
    """
    (low_1, high_1), (low_2, high_2) = wilson(*first), wilson(*second)
    share_1, share_2 = rate(*first), rate(*second)
    apart = share_2 - share_1
    down = np.hypot(share_2 - low_2, high_1 - share_1)
    up = np.hypot(high_2 - share_2, share_1 - low_1)
    return np.clip(apart - down, -1, 1), np.clip(apart + up, -1, 1)


def chance_apart(first: Counts, second: Counts) -> np.ndarray:
    """Return how often chance alone sets two equal rates so far apart, for households counted apart (Fisher, exact).

    Twice the smaller tail, at most 1; missing where either side has nothing known.

    Examples
    --------
    >>> first = np.array([10.0, 10.0, 0.0]), np.array([100.0, 100.0, 0.0])
    >>> second = np.array([30.0, 11.0, 5.0]), np.array([100.0, 100.0, 10.0])
    >>> chance_apart(first, second).round(4).tolist()
    [0.0007, 1.0, nan]
    """
    from scipy.stats import hypergeom  # noqa: PLC0415  -- heavy

    (need_1, known_1), (need_2, known_2) = first, second
    told = (known_1 > 0) & (known_2 > 0)
    p = np.full(len(need_1), np.nan)
    if told.any():
        drawn = hypergeom((known_1 + known_2)[told], (need_1 + need_2)[told], known_2[told])
        tails = drawn.cdf(need_2[told]), drawn.sf(need_2[told] - 1)
        p[told] = np.minimum(2 * np.minimum(*tails), 1.0)
    return p


def chance_of_change(away: np.ndarray, towards: np.ndarray) -> np.ndarray:
    """Return how often chance alone parts so unevenly those of the same households that stand on one side only.

    McNemar's test, exact: twice the smaller tail of a fair coin; 1 where nobody changes side. Whole numbers.

    Examples
    --------
    >>> chance_of_change(np.array([10, 4, 0]), np.array([0, 5, 0])).round(3).tolist()
    [0.002, 1.0, 1.0]
    """
    tail = bdtr(np.minimum(away, towards).astype(float), (away + towards).astype(np.int64), 0.5)
    return np.asarray(np.minimum(2 * tail, 1.0))


def verdicts(difference: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Say of each area whether the second rate is higher or lower; with many areas at once few of these are chance.

    Benjamini and Hochberg over all areas that were tested; empty where there was no test.

    Examples
    --------
    >>> verdicts(np.array([0.2, -0.1, 0.0, 0.3]), np.array([0.001, 0.01, 1.0, np.nan])).tolist()
    ['lebih tinggi', 'lebih rendah', 'tidak dapat dipastikan', '']
    """
    found = adjusted(p) <= FALSE_DISCOVERIES
    return np.select(
        [np.isnan(p), found & (difference > 0), found & (difference < 0)], ["", HIGHER, LOWER], OPEN
    )


def paired_counts(
    first: np.ndarray, second: np.ndarray, place: np.ndarray, areas: int
) -> dict[str, np.ndarray]:
    """Count the same households under two needs, by area.

    Parameters
    ----------
    first, second
        1 in need, 0 not, -1 unknown, a household each.
    place
        Position of each household's area; -1 for none.
    areas
        How many there are.

    Returns
    -------
    dict
        ``both``, ``only_first``, ``only_second``, ``neither``: households whose answer is known for both.

    Examples
    --------
    >>> counts = paired_counts(np.array([1, 1, 0, -1]), np.array([1, 0, 1, 1]), np.array([0, 0, 1, 1]), 2)
    >>> counts["only_first"], counts["only_second"]
    (array([1, 0]), array([0, 1]))
    """
    known = (first >= 0) & (second >= 0) & (place >= 0)
    cell = place[known].astype(np.int64) * 4 + first[known] * 2 + second[known]
    counts = np.bincount(cell, minlength=4 * areas).reshape(areas, 4)
    return dict(zip(("neither", "only_second", "only_first", "both"), counts.T, strict=True))
