"""Kulldorff's circular scan as numpy writes it down, to measure by: every circle, every replicate, every logarithm."""

from collections.abc import Iterable, Sequence

import numpy as np

TIE = 1e-9
"""Squared distances that differ by less than this share are equal."""

LEAST_CASES = 2


def plain_scan(
    points: np.ndarray,
    population: np.ndarray,
    draws: Sequence[np.ndarray],
    cases: int,
    *,
    bernoulli: bool,
    largest_share: float,
    centres: Iterable[int],
) -> np.ndarray:
    """Return the greatest log likelihood ratio of each replicate, for circles with more cases than expected.

    Parameters
    ----------
    points, population
        Metres, shape (n, 2); people at each.
    draws
        Blocks of replicates: cases, shape (replicates, n).
    cases
        All of them, in every replicate.
    largest_share, centres
        A circle holds at most so much of the population; around which points circles are drawn.

    Examples
    --------
    >>> line = np.column_stack([np.arange(4.0), np.zeros(4)])
    >>> draws = [np.array([[5, 1, 1, 1], [2, 2, 2, 2]])]
    >>> plain_scan(line, np.full(4, 10.0), draws, 8, bernoulli=False, largest_share=0.5, centres=range(4)).round(3)
    array([2.502, 0.   ])
    """
    whole = population.sum()
    found = [np.zeros(len(block)) for block in draws]
    for centre in centres:
        away = ((points - points[centre]) ** 2).sum(axis=1)
        order = np.argsort(away)
        away, inside = away[order], np.cumsum(population[order])
        apart = np.append(away[1:] > away[:-1] * (1 + TIE), True)
        ends = np.flatnonzero(apart & (inside <= largest_share * whole * (1 + TIE)))
        if not len(ends):
            continue
        order, people = order[: ends[-1] + 1], inside[ends]
        expected = people * (cases / whole)
        for block, best in zip(draws, found, strict=True):
            counted = np.cumsum(block[:, order], axis=1)[:, ends]
            ratio = _times_log(counted, expected) + _times_log(cases - counted, cases - expected)
            if bernoulli:
                others = whole - cases
                ratio += _times_log(people - counted, people - expected)
                ratio += _times_log(others - people + counted, others - people + expected)
            ratio[(counted <= expected) | (counted < LEAST_CASES)] = 0
            np.maximum(best, ratio.max(axis=1), out=best)
    return np.concatenate(found)


def _times_log(number: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Return n log(n / e) of whole numbers, 0 where there are none."""
    return np.asarray(number * np.log(np.maximum(number, 1) / np.maximum(expected, TIE)))
