"""Gi* and local Moran of each area: how its surroundings differ from the whole."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Values = NDArray[np.float64]


def neighbour_pattern(neighbours: csr_array) -> csr_array:
    """Return who is whose neighbour as zeros and ones, nobody its own; weights do not count.

    Examples
    --------
    >>> neighbour_pattern(csr_array(np.array([[1.0, 0.5], [0.5, 0.0]]))).toarray()
    array([[0., 1.],
           [1., 0.]])
    """
    links = csr_array(neighbours).tocoo()
    apart = (links.row != links.col) & (links.data != 0)
    return csr_array(
        (np.ones(int(apart.sum())), (links.row[apart], links.col[apart])), shape=neighbours.shape
    )


def gi_star(values: Values, neighbours: csr_array) -> Values:
    """Return the standardised Gi* of each area (Ord and Getis 1995, equation 14): high in the midst of high values.

    The area itself counts as its own neighbour. All weights of a row are equal, so that binary and
    row-standardised weights give one and the same figure.

    Parameters
    ----------
    values
        One finite number an area.
    neighbours
        Row i marks the neighbours of area i; only its pattern counts, and the diagonal is of no account.

    Returns
    -------
    numpy.ndarray
        Standard deviations; NaN where nothing can differ: all values are equal, or all areas are neighbours.

    Examples
    --------
    >>> line = csr_array(np.array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]]))
    >>> gi_star(np.array([4.0, 3, 1, 0]), line).round(3)
    array([ 1.643,  1.265, -1.265, -1.643])
    """
    pattern, centred = neighbour_pattern(neighbours), _centred(values)
    n = len(centred)
    weight = np.diff(pattern.indptr) + 1.0
    excess = pattern @ centred + centred
    scale = np.sqrt((centred**2).sum() / max(n, 1) * np.maximum(n * weight - weight**2, 0) / max(n - 1, 1))
    return np.asarray(np.divide(excess, scale, out=np.full(n, np.nan), where=scale > 0))


def local_moran(values: Values, neighbours: csr_array) -> Values:
    """Return the local Moran of each area (Anselin 1995), weights row-standardised: like its neighbours, or unlike.

    Parameters
    ----------
    values
        One finite number an area.
    neighbours
        Row i marks the neighbours of area i; only its pattern counts, and the diagonal is of no account.

    Returns
    -------
    numpy.ndarray
        I, with the variance over n - 1 areas; 0 without a neighbour; NaN where all values are equal.

    Examples
    --------
    >>> line = csr_array(np.array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]]))
    >>> local_moran(np.array([4.0, 3, 1, 0]), line).round(3)
    array([0.6 , 0.15, 0.15, 0.6 ])
    """
    centred = _centred(values)
    total = (centred**2).sum()
    if total == 0:
        return np.full(len(centred), np.nan)
    return np.asarray((len(centred) - 1) * centred * neighbour_mean(centred, neighbours) / total)


def neighbour_mean(values: Values, neighbours: csr_array) -> Values:
    """Return the mean of each area's neighbours, 0 without any."""
    pattern = neighbour_pattern(neighbours)
    count = np.diff(pattern.indptr)
    return np.asarray(pattern @ values / np.maximum(count, 1))


def _centred(values: Values) -> Values:
    """Return the values less their mean; exactly nought where they differ by no more than rounding."""
    values = np.asarray(values, dtype=float)
    centred = values - values.mean() if len(values) else values
    noise = 1e-12 * np.abs(values).max(initial=0.0)
    return np.where(np.abs(centred).max(initial=0.0) <= noise, 0.0, centred)
