"""Rates made comparable, so that a permutation may deal them out anew."""

import numpy as np
from numpy.typing import NDArray


def standardised_rates(need: NDArray[np.int64], known: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how many standard deviations each rate lies from the common one (after Assunção and Reis 1999).

    A permutation takes the values of all areas to be alike but for chance. Rates are not, and neither are
    smoothed ones: the first vary most where few households are known, the second where many are. Divided by
    their own standard deviation, that between areas included (empirical Bayes, by moments), all vary alike.
    The variance within an area is that of a share, not of a rare event, since need is often common.

    Parameters
    ----------
    need, known
        Households in need, and households of which it is known; at least one known in each area.

    Examples
    --------
    >>> standardised_rates(np.array([2, 20, 200, 100]), np.array([10, 100, 1000, 600])).round(2)
    array([ 0.09,  0.3 ,  0.95, -1.36])
    """
    total = known.sum()
    common = need.sum() / total if total else 0.0
    if not 0 < common < 1:
        return np.zeros(len(known))
    excess = need / known - common
    chance = common * (1 - common)
    room = total - (known**2).sum() / total
    between = ((known * excess**2).sum() - chance * (len(known) - 1)) / room if room > 0 else 0.0
    return np.asarray(excess / np.sqrt(max(between, 0.0) + chance / known))
