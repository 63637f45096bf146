"""The circles that are compared: around each centre, growing place by place, told in runs of nested circles."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from geo.clusters.scan.likelihood import Model

TIE = 1e-9
"""Squared distances that differ by less than this share are equal: less than a tenth of a millimetre in 100 km."""

BITS = 16
"""Neighbours are told apart on a grid of 2^16 by 2^16 cells."""

RUN = 0.5
"""A run of nested circles spans about so many standard deviations of its expected cases."""


@dataclass(frozen=True)
class Places:
    """Where people are counted.

    Attributes
    ----------
    points
        Metres, shape (n, 2).
    population
        People, households or births at each place.
    cases
        Those of them in need.
    centres
        Places that circles are drawn around.
    limit
        The largest population of a circle.
    """

    points: np.ndarray
    population: np.ndarray
    cases: np.ndarray
    centres: np.ndarray
    limit: float


@dataclass(frozen=True)
class Nested:
    """Circles around some centres: places in order of distance, one row a centre, cut after the largest circle.

    Attributes
    ----------
    centres
        Of the rows.
    order
        Places by distance.
    inside
        Population of the circle that reaches so far.
    is_circle
        Whether a circle may end here: not within places at equal distance, nor above the limit.
    length
        Places of the largest circle; 0 where even the smallest holds too many.
    squared
        Distances squared.
    """

    centres: np.ndarray
    order: np.ndarray
    inside: np.ndarray
    is_circle: np.ndarray
    length: np.ndarray
    squared: np.ndarray


def nested(places: Places, centres: np.ndarray) -> Nested:
    """Draw every circle around some centres.

    Places at equal distance from the centre enter together: a circle cannot hold one and not the other. A circle
    holds at most ``places.limit``; where the centre itself holds more, none is drawn around it.
    """
    n = len(places.points)
    mean = places.population.sum() / n
    enough = int(1.3 * places.limit / mean) + 32 if mean > 0 else n
    if enough < 0.7 * n:
        found = _nested(places, centres, enough)
        if (found.inside[:, -1] > places.limit * (1 + TIE)).all():
            return found
    return _nested(places, centres, n)


def _nested(places: Places, centres: np.ndarray, nearest: int) -> Nested:
    away = places.points[centres, None] - places.points
    squared = np.einsum("ijk,ijk->ij", away, away)
    if nearest < len(places.points):
        near = np.argpartition(squared, nearest - 1, axis=1)[:, :nearest]
        squared = np.take_along_axis(squared, near, axis=1)
        order = np.argsort(squared, axis=1)
        near = np.take_along_axis(near, order, axis=1)
    else:
        near = order = np.argsort(squared, axis=1)
    squared = np.take_along_axis(squared, order, axis=1)
    inside = np.cumsum(places.population[near], axis=1)
    # of a part of the places nobody knows whether the next is as far as the last
    complete = np.full((len(centres), 1), nearest == len(places.points))
    apart = np.hstack([squared[:, 1:] > squared[:, :-1] * (1 + TIE), complete])
    is_circle = apart & (inside <= places.limit * (1 + TIE))
    length = np.where(is_circle.any(axis=1), is_circle.shape[1] - np.argmax(is_circle[:, ::-1], axis=1), 0)
    return Nested(centres, near, inside, is_circle, length, squared)


@dataclass(frozen=True)
class Runs:
    """Circles around some centres, cut into runs of nested ones; rows are runs, ordered by step, then by centre.

    Attributes
    ----------
    matrix
        Which places each run adds to the one before (int16, rows x places).
    steps
        Where each step's rows begin; row j of a step continues row j of the step before.
    is_circle, inside
        Of each stored element of the matrix: whether a circle ends there, and its population.
    least, most
        Population of each run's first and last circle.
    base
        Rounded expected cases in the run's last circle: what counts are told from.
    """

    matrix: csr_array
    steps: np.ndarray
    is_circle: np.ndarray
    inside: np.ndarray
    least: np.ndarray
    most: np.ndarray
    base: np.ndarray


def cut(circles: Nested, model: Model, base: np.ndarray, *, wide: bool = False) -> Runs:
    """Cut nested circles into runs so short that their bounds are worth having.

    Where circles with few cases count too, each circle is a run of its own. ``wide`` runs double the expected
    cases every other time: a sample of circles that have little to do with one another.

    Parameters
    ----------
    base
        Rounded expected cases of each place.
    """
    counts = np.arange(circles.order.shape[1]) < circles.length[:, None]
    places, ends, inside = circles.order[counts], circles.is_circle[counts], circles.inside[counts]
    so_far = np.cumsum(base[circles.order], axis=1)[counts][ends]
    at_end, lone = np.flatnonzero(ends), inside[ends]
    # a place belongs to the circle that ends next
    size = np.diff(at_end, prepend=-1)
    if wide:
        key = np.floor(2 * np.log2(np.maximum(model.expected(lone), 2.0**-20)))
    else:
        key = _key(model.expected(lone)) if model.rates == "high" else np.arange(len(lone))
    amount = circles.is_circle.sum(axis=1)
    centre = np.repeat(np.arange(len(amount)), amount)
    first = np.r_[True, centre[1:] != centre[:-1]]
    starts = first | np.r_[True, first[:-1]] | np.r_[True, key[1:] != key[:-1]]
    begins = np.flatnonzero(starts)
    run_centre, length = centre[begins], np.add.reduceat(size, begins)
    count = np.bincount(run_centre, minlength=len(amount))
    step = np.arange(len(begins)) - (np.cumsum(count) - count)[run_centre]
    rank = np.argsort(np.argsort(-count, kind="stable"), kind="stable")
    steps = np.r_[0, np.cumsum(np.bincount(step))]
    turn = np.argsort(steps[step] + rank[run_centre])
    last = np.r_[begins[1:], len(starts)] - 1

    indptr = np.r_[0, np.cumsum(length[turn])]
    take = np.repeat((np.cumsum(length) - length)[turn] - indptr[:-1], length[turn]) + np.arange(len(places))
    matrix = csr_array(
        (np.ones(len(places), np.int16), places[take].astype(np.int32), indptr.astype(np.int32)),
        shape=(len(turn), len(base)),
    )
    return Runs(
        matrix=matrix,
        steps=steps,
        is_circle=ends[take],
        inside=inside[take],
        least=lone[begins][turn],
        most=lone[last][turn],
        base=so_far[last][turn],
    )


def _key(expected: np.ndarray) -> np.ndarray:
    """Return what changes from run to run: steps of the standard deviation, or of doubling below one expected case."""
    small = np.floor(2 * np.log2(np.maximum(expected, 2.0**-20)))
    return np.asarray(np.where(expected < 1, small, np.floor(np.sqrt(expected) * (2 / RUN))))


def batches(centres: np.ndarray, size: int) -> Iterator[np.ndarray]:
    """Part centres into groups of neighbours, first those far apart from one another."""
    groups = [centres[at : at + size] for at in range(0, len(centres), size)]
    stride = max(int(len(groups) ** 0.5), 1)
    for start in range(stride):
        yield from groups[start::stride]


def neighbouring(points: np.ndarray) -> np.ndarray:
    """Order points so that neighbours stand near one another (Morton's order)."""
    low = points.min(axis=0)
    cell = max(float((points.max(axis=0) - low).max()), 1e-9) / 2**BITS
    at = np.minimum((points - low) / cell, 2**BITS - 1).astype(np.int64)
    code = np.zeros(len(points), dtype=np.int64)
    for bit in range(BITS):
        code |= ((at[:, 0] >> bit & 1) << 2 * bit) | ((at[:, 1] >> bit & 1) << 2 * bit + 1)
    return np.lexsort((points[:, 0], points[:, 1], code))
