"""How rare the need around an area would be, were it dealt out among the households and not among the areas."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import bdtr, bdtrc


def count_p(need: NDArray[np.int64], known: NDArray[np.int64], matrix: csr_array) -> NDArray[np.float64]:
    """Return the two-sided p-value of the households in need among the neighbours of each area.

    A permutation deals whole areas out anew and so takes the chance in each to be alike, which it never quite is where
    few households are known. Here every household around the area is in need with the chance of all but that area's
    own: the count is binomial. Twice the smaller tail, at most 1.

    Parameters
    ----------
    need, known
        Households in need, and households of which it is known, of each area.
    matrix
        Who neighbours whom, without the area itself.

    Examples
    --------
    >>> links = csr_array(np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]], dtype=bool))
    >>> count_p(np.array([3, 8, 1]), np.array([10, 10, 10]), links).round(4)
    array([0.0548, 0.6444, 1.    ])
    """
    links = matrix.astype(np.float64)
    around, of = links @ need.astype(float), (links @ known.astype(float)).round().astype("int64")
    others = known.sum() - known
    chance = np.divide(need.sum() - need, others, out=np.zeros(len(known)), where=others > 0)
    at_most = bdtr(around, of, chance)
    at_least = np.where(around > 0, bdtrc(np.maximum(around - 1, 0), of, chance), 1.0)
    return np.asarray(np.minimum(2 * np.minimum(at_most, at_least), 1.0))
