"""Many tests at once: p-values adjusted so that false finds stay few among what is found."""

import numpy as np
from numpy.typing import NDArray


def adjusted(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the q-value of each p-value (Benjamini and Hochberg 1995): the false discovery rate at which it is found.

    q of the i-th smallest of m is the least of p(j) x m / j over all j from i on. A missing p was no test: it
    counts nowhere and stays missing.

    Examples
    --------
    >>> adjusted(np.array([0.01, 0.04, 0.03, np.nan, 0.2])).round(4)
    array([0.04  , 0.0533, 0.0533,    nan, 0.2   ])
    """
    p = np.asarray(p, dtype=float)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    steps = p[order] * len(order) / np.arange(1, len(order) + 1)
    q = np.full(len(p), np.nan)
    q[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return q
