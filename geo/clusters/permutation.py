"""Conditional permutation of Gi* and local Moran: how often chance gives as much."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geo.clusters.local_statistics import neighbour_pattern

PERMUTATIONS = 99_999
"""So many by default: the smallest p-value is 2 / (permutations + 1), low enough for thousands of tests at once."""

TIE = 1e-10
"""Sums that differ by less, as a share of the largest deviation, are equal: another order of addition shifts them."""

_CELLS = 2_000_000
"""So many numbers are drawn at a time."""

_DENSE = 40
"""Draws of more than the root of so many times the areas are shuffled whole, which is faster then."""

Values = NDArray[np.float64]
Counts = NDArray[np.int64]


def gi_star_p(
    values: Values, neighbours: csr_array, permutations: int = PERMUTATIONS, seed: int = 1
) -> Values:
    """Return the two-sided p-value of Gi* by conditional permutation.

    The area keeps its value and the others are dealt out anew over the rest. What varies then is the sum of the
    neighbours alone, in Gi* as in local Moran, so that both have the same p-value.
    It is twice the smaller tail, the observed value counted in, at most 1: (2 x (as extreme + 1)) / (permutations + 1).

    Parameters
    ----------
    values
        One finite number an area.
    neighbours
        Row i marks the neighbours of area i; only its pattern counts, and the diagonal is of no account.
    permutations
        How often; the smallest p-value is 2 / (permutations + 1).
    seed
        Of the random numbers.

    Returns
    -------
    numpy.ndarray
        NaN for an area without neighbours.

    Examples
    --------
    >>> ring = csr_array(np.roll(np.eye(40), 1, axis=1) + np.roll(np.eye(40), -1, axis=1))
    >>> p = gi_star_p(np.sin(np.arange(40) * np.pi / 20), ring, permutations=999)
    >>> bool(p[10] < 0.02), bool(p[20] > 0.5)
    (True, True)
    """
    return two_sided(*tails(values, neighbours, permutations, seed), permutations)


def local_moran_p(
    values: Values, neighbours: csr_array, permutations: int = PERMUTATIONS, seed: int = 1
) -> Values:
    """Return the two-sided p-value of local Moran by conditional permutation: that of :func:`gi_star_p`.

    Only an area whose value is just the mean differs: its I is 0 whatever the neighbours are, and p is 1.
    """
    p = gi_star_p(values, neighbours, permutations, seed)
    return np.where(np.isfinite(p) & at_the_mean(values), 1.0, p)


def at_the_mean(values: Values) -> NDArray[np.bool_]:
    """Say which values are the mean but for rounding.

    Examples
    --------
    >>> at_the_mean(np.array([0.1, 0.2, 0.3]))
    array([False,  True, False])
    """
    return np.abs(_scaled(values)) <= TIE


def two_sided(at_least: Counts, at_most: Counts, permutations: int) -> Values:
    """Return twice the smaller tail, the observed value counted in, at most 1; NaN where nothing was counted.

    Examples
    --------
    >>> two_sided(np.array([0, 600, 0]), np.array([999, 500, 0]), 999)
    array([0.002, 1.   ,   nan])
    """
    p = np.minimum(2 * (np.minimum(at_least, at_most) + 1) / (permutations + 1), 1.0)
    return np.where(at_least + at_most > 0, p, np.nan)


def tails(values: Values, neighbours: csr_array, permutations: int, seed: int) -> tuple[Counts, Counts]:
    """Count the permutations in which the neighbours' sum is at least, and at most, the observed one.

    One set of draws serves all areas. A draw is an ordered handful of areas; an area with k neighbours gets the first
    k of it, and where it meets itself among them, the next one in its own stead. That is a uniform draw without
    replacement from the others, so each area gets exactly so many permutations, and the sums are made once and
    not once an area: the work hardly grows with the number of areas.

    Returns
    -------
    at_least, at_most
        Ties count in both; both are 0 for an area without neighbours.
    """
    pattern, scaled = neighbour_pattern(neighbours), _scaled(values)
    degree = np.diff(pattern.indptr)
    observed = pattern @ scaled
    at_least, at_most = np.zeros((2, len(scaled)), dtype=np.int64)
    widest = int(degree.max(initial=0))
    if widest == 0:
        return at_least, at_most
    kinds = [(k, np.flatnonzero(degree == k)) for k in np.unique(degree[degree > 0])]
    low, high = observed - TIE, observed + TIE
    for draws in _draws(permutations, len(scaled), widest + 1, seed):
        drawn = scaled[draws]
        sums = np.cumsum(drawn, axis=0)
        for k, areas in kinds:
            ordered = np.sort(sums[k - 1])
            at_least[areas] += len(ordered) - np.searchsorted(ordered, low[areas], side="left")
            at_most[areas] += np.searchsorted(ordered, high[areas], side="right")
        for place in range(widest):
            area = draws[place]
            draw = np.flatnonzero(degree[area] > place)
            area = area[draw]
            k = degree[area]
            met = sums[k - 1, draw]
            mended = met - drawn[place, draw] + drawn[k, draw]
            at_least += _net(area, mended >= low[area], met >= low[area], len(scaled))
            at_most += _net(area, mended <= high[area], met <= high[area], len(scaled))
    return at_least, at_most


def _net(area: NDArray[np.int32], now: NDArray[np.bool_], before: NDArray[np.bool_], n: int) -> Counts:
    """Return by how much each area's count changes."""
    changed = np.flatnonzero(now != before)
    gained = now[changed]
    area = area[changed]
    return np.bincount(area[gained], minlength=n) - np.bincount(area[~gained], minlength=n)


def _draws(permutations: int, n: int, size: int, seed: int) -> Iterator[NDArray[np.int32]]:
    """Yield ordered draws without replacement of so many of n areas, one a column, as many as memory allows."""
    rng = np.random.default_rng(seed)
    dense = 2 * size > n or size**2 > _DENSE * n
    block = max(1, _CELLS // (n if dense else size))
    for start in range(0, permutations, block):
        rows = min(block, permutations - start)
        if dense:
            yield rng.permuted(np.tile(np.arange(n, dtype=np.int32)[:, None], (1, rows)), axis=0)[:size]
        else:
            yield _sparse_draws(rng, rows, n, size)


def _sparse_draws(rng: np.random.Generator, rows: int, n: int, size: int) -> NDArray[np.int32]:
    """Draw one after the other, and again where an area was drawn before."""
    draws = np.empty((size, rows), dtype=np.int32)
    for place in range(size):
        draws[place] = rng.integers(n, size=rows, dtype=np.int32)
        again = np.flatnonzero(_met(draws[:place], draws[place]))
        while len(again):
            draws[place, again] = rng.integers(n, size=len(again), dtype=np.int32)
            again = again[_met(draws[:place, again], draws[place, again])]
    return draws


def _met(before: NDArray[np.int32], last: NDArray[np.int32]) -> NDArray[np.bool_]:
    met = np.zeros(len(last), dtype=bool)
    for earlier in before:
        met |= earlier == last
    return met


def _scaled(values: Values) -> Values:
    """Return the values less their mean, the largest deviation being 1."""
    values = np.asarray(values, dtype=float)
    centred = values - values.mean() if len(values) else values
    largest = np.abs(centred).max(initial=0.0)
    return centred / largest if largest > 1e-12 * np.abs(values).max(initial=0.0) else np.zeros(len(values))
