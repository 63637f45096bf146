"""The clusters of the cases as they are: the best circle of each centre, and how sure it is."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from geo.clusters.scan.likelihood import Model
from geo.clusters.scan.replicates import workers
from geo.clusters.scan.windows import TIE, Places, batches, nested

SAME = 1e-9
"""Ratios that differ by less are equal: sums of fractions differ by their order."""


@dataclass(frozen=True)
class Cluster:
    """One circle, and how it compares with the rest.

    Attributes
    ----------
    centre, members
        Row numbers of the input; members from the centre outwards.
    radius
        From the centre to the furthest member, in the unit of the points.
    population, observed, expected
        Inside.
    relative_risk
        Rate inside by rate outside; infinite where all cases are inside.
    llr
        Log likelihood ratio.
    p_value
        Monte Carlo: (1 + replicates whose greatest ratio is at least as great) / (1 + replicates).
    p_gumbel
        From a Gumbel distribution with the mean and standard deviation of the replicates' greatest ratios.
    """

    centre: int
    members: np.ndarray
    radius: float
    population: float
    observed: float
    expected: float
    relative_risk: float
    llr: float
    p_value: float
    p_gumbel: float


@dataclass(frozen=True)
class Best:
    """The best circle of each place that is a centre, told by ratio and squared radius; and how many there are."""

    llr: np.ndarray
    squared: np.ndarray
    circles: int


def best_circles(model: Model, places: Places) -> Best:
    """Look at every circle and keep the best of each centre, of equals the smallest."""
    llr, squared = np.zeros(len(places.points)), np.zeros(len(places.points))

    def look(centres: np.ndarray) -> int:
        drawn = nested(places, centres)
        cases = np.cumsum(places.cases[drawn.order], axis=1)
        ratio = np.zeros(cases.shape)
        ends = drawn.is_circle
        ratio[ends] = model.llr(cases[ends], drawn.inside[ends])
        at = np.argmax(ratio, axis=1)
        row = np.arange(len(centres))
        llr[centres], squared[centres] = ratio[row, at], drawn.squared[row, at]
        return int(ends.sum())

    with ThreadPoolExecutor(workers()) as pool:
        circles = sum(pool.map(look, batches(places.centres, 32)))
    return Best(llr, squared, circles)


def most_likely(
    model: Model, places: Places, best: Best, maxima: np.ndarray, row: np.ndarray, most: int
) -> list[Cluster]:
    """Go through the centres' best circles and keep those that touch no better one."""
    taken = np.zeros(len(places.points), dtype=bool)
    kept: list[Cluster] = []
    found = places.centres[best.llr[places.centres] > SAME]
    order = np.lexsort((row[found], best.squared[found], -np.round(best.llr[found], 9)))
    for centre in found[order]:
        if len(kept) == most:
            break
        away = ((places.points - places.points[centre]) ** 2).sum(axis=1)
        inside = away <= best.squared[centre] * (1 + TIE)
        if taken[inside].any():
            continue
        taken |= inside
        members = np.flatnonzero(inside)
        kept.append(
            _described(model, places, int(centre), members[np.argsort(away[members])], best, maxima, row)
        )
    return kept


def _described(
    model: Model,
    places: Places,
    centre: int,
    members: np.ndarray,
    best: Best,
    maxima: np.ndarray,
    row: np.ndarray,
) -> Cluster:
    observed = float(places.cases[members].sum())
    population = float(places.population[members].sum())
    expected = float(model.expected(np.array(population)))
    llr = float(best.llr[centre])
    return Cluster(
        centre=int(row[centre]),
        members=row[members],
        radius=float(best.squared[centre] ** 0.5),
        population=population,
        observed=observed,
        expected=expected,
        relative_risk=model.relative_risk(observed, population),
        llr=llr,
        p_value=chance(llr, maxima),
        p_gumbel=gumbel_tail(llr, maxima),
    )


def chance(llr: float, maxima: np.ndarray) -> float:
    """Return the Monte Carlo p-value of a ratio: the replicates and the cases as they are, all equally likely."""
    return (1 + int((maxima >= llr - SAME).sum())) / (1 + len(maxima))


def gumbel_tail(llr: float, maxima: np.ndarray) -> float:
    """Return the chance of at least such a ratio, from a Gumbel distribution with the maxima's moments.

    Examples
    --------
    >>> maxima = np.random.default_rng(1).gumbel(6.0, 1.0, 9_999)
    >>> round(float(gumbel_tail(12.0, maxima) / (1 - np.exp(-np.exp(-6.0)))), 1)
    1.0
    """
    scale = float(np.std(maxima, ddof=1)) * 6**0.5 / np.pi if len(maxima) > 1 else 0.0
    if scale == 0:
        return float(llr <= float(np.max(maxima, initial=0.0)))
    middle = float(np.mean(maxima)) - np.euler_gamma * scale
    return float(-np.expm1(-np.exp(-(llr - middle) / scale)))
