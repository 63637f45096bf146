"""Squares that show where households in need gather, and never a few of them."""

import numpy as np

SQUARE_COLOURS = ("#fee8c8", "#fdbb84", "#e34a33", "#7f0000")
"""ColorBrewer's OrRd: ordered in grey too."""

LEAST_IN_SQUARE = 5
"""A square with fewer households is left blank: nobody shall be found by it."""

SQUARE_STEPS_M = (100, 200, 250, 500, 1_000, 2_000)
SQUARE_MM = 4.0
SHOWN_SHARE = 0.7


def square_step(xy: np.ndarray, scale: int) -> int:
    """Return the width (m) of the squares on a map: the smallest that can be seen, and that show most households.

    Examples
    --------
    >>> alone = np.arange(20.0)[:, None] * (300.0, 0.0)
    >>> square_step(np.zeros((9, 2)), 20_000), square_step(alone, 20_000)
    (100, 2000)
    """
    steps = [step for step in SQUARE_STEPS_M if step * 1000 / scale >= SQUARE_MM] or [SQUARE_STEPS_M[-1]]
    shown = (step for step in steps if count_squares(xy, step)[1].sum() >= SHOWN_SHARE * len(xy))
    return next(shown, steps[-1])


def count_squares(xy: np.ndarray, step_m: int) -> tuple[np.ndarray, np.ndarray]:
    """Count points (n, 2) in squares; those with few are left out.

    Examples
    --------
    >>> corners, counts = count_squares(np.array([(10.0, 10.0)] * 6 + [(110.0, 10.0)] * 4), 100)
    >>> corners.tolist(), counts.tolist()
    ([[0.0, 0.0]], [6])
    """
    if not len(xy):
        return np.empty((0, 2)), np.empty(0, dtype=int)
    cells, counts = np.unique(np.floor(xy / step_m), axis=0, return_counts=True)
    enough = counts >= LEAST_IN_SQUARE
    return cells[enough] * step_m, counts[enough]


def square_edges(counts: np.ndarray) -> list[int]:
    """Return the lowest count of each class of squares, as many as there are colours at most.

    Examples
    --------
    >>> square_edges(np.array([5, 6, 7, 9, 12, 20, 30, 41])), square_edges(np.array([5, 5]))
    ([5, 6, 9, 20], [5])
    """
    if not len(counts):
        return []
    shares = np.arange(1, len(SQUARE_COLOURS)) / len(SQUARE_COLOURS)
    edges = [LEAST_IN_SQUARE, *np.quantile(counts, shares, method="lower").astype(int).tolist()]
    return sorted({edge for edge in edges if edge >= LEAST_IN_SQUARE})


def square_classes(counts: np.ndarray) -> list[np.ndarray]:
    """Return the places of the counts of each class, the lightest colour first."""
    edges = square_edges(counts)
    place = np.searchsorted(edges, counts, side="right") - 1
    return [np.flatnonzero(place == number) for number in range(len(SQUARE_COLOURS))]
