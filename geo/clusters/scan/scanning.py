"""Kulldorff's circular scan of plain arrays: the most likely clusters, and how sure they are."""

from dataclasses import dataclass, replace

import numpy as np

from geo.clusters.scan.likelihood import Model, Rates
from geo.clusters.scan.observed import Cluster, best_circles, most_likely
from geo.clusters.scan.search import greatest
from geo.clusters.scan.windows import Places, neighbouring


@dataclass(frozen=True)
class Scan:
    """What a scan found.

    Attributes
    ----------
    clusters
        The most likely first; none where nothing is above its expected number.
    maxima
        The greatest log likelihood ratio of each replicate.
    centres, circles
        How many centres and circles were looked at.
    """

    clusters: tuple[Cluster, ...]
    maxima: np.ndarray
    centres: int
    circles: int


def scan_poisson(
    points: np.ndarray,
    cases: np.ndarray,
    population: np.ndarray,
    *,
    largest_share: float = 0.5,
    replicates: int = 9_999,
    seed: int = 1,
    rates: Rates = "high",
    minimum_cases: int = 2,
    centres: np.ndarray | None = None,
    most: int = 20,
) -> Scan:
    """Scan areas for circles with more cases than their population would have at the common rate.

    Parameters
    ----------
    points
        The areas' middles in metres (or any unit of a plane), shape (n, 2).
    cases, population
        Of each area. Where one is missing the area is left out; an area without population stays a centre.
        Cases may be fractions (shared out among areas): replicates then deal their rounded total.
    largest_share
        A circle holds at most so much of the whole population.
    replicates, seed
        Of the Monte Carlo test: the cases are dealt to the areas by population, given their total.
    rates
        "high": more cases than expected; "low": fewer; "both".
    minimum_cases
        A circle of high rate has at least so many cases, as in SaTScan.
    centres
        Row numbers of the areas around which circles are drawn; all by default.
    most
        At most so many clusters are returned.

    Returns
    -------
    Scan
        As in SaTScan, a secondary cluster is the best circle of its centre and shares no area with a more likely
        one; its p-value compares it with the replicates' greatest ratios, so it errs on the safe side.

    Raises
    ------
    ValueError
        When arrays do not fit one another, or there are cases where there is no population.

    Notes
    -----
    Kulldorff, M. (1997), A spatial scan statistic, Communications in Statistics: Theory and Methods 26:
    1481-1496. Gumbel tail: Abrams, A. M., Kleinman, K. and Kulldorff, M. (2010), Gumbel based p-value
    approximations for spatial scan statistics, International Journal of Health Geographics 9: 61.
    Areas at equal distance from a centre enter a circle together.

    Examples
    --------
    >>> x, y = np.divmod(np.arange(100), 10)
    >>> cases = np.where((x < 3) & (y < 3), 12, 4)
    >>> found = scan_poisson(np.column_stack([x, y]), cases, np.full(100, 50), replicates=999)
    >>> len(found.clusters[0].members), found.clusters[0].observed, found.clusters[0].p_value
    (9, 108.0, 0.001)
    """
    chosen = _Input.checked(points, cases, population, centres)
    if ((chosen.population == 0) & (chosen.cases > 0)).any():
        raise ValueError("There are cases where there is no population.")
    model = Model("Poisson", float(chosen.cases.sum()), float(chosen.population.sum()), rates, minimum_cases)
    return _scan(model, chosen, largest_share, replicates, seed, most)


def scan_bernoulli(
    points: np.ndarray,
    cases: np.ndarray,
    totals: np.ndarray | None = None,
    *,
    largest_share: float = 0.5,
    replicates: int = 9_999,
    seed: int = 1,
    rates: Rates = "high",
    minimum_cases: int = 2,
    centres: np.ndarray | None = None,
    most: int = 20,
) -> Scan:
    """Scan places for circles with a greater share of cases among all, cases and controls, than outside.

    Parameters
    ----------
    points
        Metres, shape (n, 2); rows with the same position always are in a circle together.
    cases
        Cases of each row, or whether each row is one.
    totals
        Cases and controls of each row; 1 by default.
    largest_share, replicates, seed, rates, minimum_cases, centres, most
        As in :func:`scan_poisson`; replicates deal the labels "case" at random among all.

    Raises
    ------
    ValueError
        When arrays do not fit one another, or a row has more cases than its total.

    Examples
    --------
    >>> x, y = np.divmod(np.arange(400), 20)
    >>> ill = (np.hypot(x - 5, y - 5) < 3.5) | (np.arange(400) % 7 == 0)
    >>> found = scan_bernoulli(np.column_stack([x, y]), ill, replicates=99, largest_share=0.2)
    >>> found.clusters[0].observed, found.clusters[0].p_value
    (37.0, 0.01)
    """
    together = np.ones(len(cases)) if totals is None else totals
    chosen = _Input.checked(points, cases, together, centres)
    if (chosen.cases > chosen.population).any():
        raise ValueError("A row has more cases than its total.")
    if (chosen.population % 1 > 0).any() or (chosen.cases % 1 > 0).any():
        raise ValueError("Cases and totals must be whole numbers.")
    model = Model(
        "Bernoulli", float(chosen.cases.sum()), float(chosen.population.sum()), rates, minimum_cases
    )
    return _scan(model, chosen, largest_share, replicates, seed, most)


@dataclass(frozen=True)
class _Input:
    """Places that are complete, ordered so that neighbours stand together; ``row`` in the arrays given."""

    row: np.ndarray
    points: np.ndarray
    cases: np.ndarray
    population: np.ndarray
    centres: np.ndarray

    @classmethod
    def checked(
        cls, points: np.ndarray, cases: np.ndarray, population: np.ndarray, centres: np.ndarray | None
    ) -> "_Input":
        places = np.asarray(points, dtype=float).reshape(-1, 2)
        ill, people = np.asarray(cases, dtype=float), np.asarray(population, dtype=float)
        if not len(places) == len(ill) == len(people):
            raise ValueError("points, cases and population differ in length.")
        whole = np.flatnonzero(np.isfinite(places).all(axis=1) & np.isfinite(ill) & np.isfinite(people))
        if (ill[whole] < 0).any() or (people[whole] < 0).any():
            raise ValueError("Neither cases nor population can be negative.")
        row = whole[neighbouring(places[whole])] if len(whole) else whole
        wanted = np.ones(len(places), dtype=bool)
        if centres is not None:
            wanted[:] = False
            wanted[np.asarray(centres)] = True
        # the first of rows at one spot stands for the circles around all of them
        first = np.zeros(len(row), dtype=bool)
        spot = np.where(wanted[row], 0, 1)
        if len(row):
            first[np.unique(np.column_stack([places[row], spot]), axis=0, return_index=True)[1]] = True
        return cls(
            row,
            places[row],
            ill[row],
            people[row],
            np.flatnonzero(first & wanted[row]),
        )


def _scan(model: Model, chosen: _Input, largest_share: float, replicates: int, seed: int, most: int) -> Scan:
    if not 0 < largest_share <= 1:
        raise ValueError("largest_share lies above 0 and at most at 1.")
    nothing_to_find = (
        round(model.cases) == 0
        or len(chosen.row) <= 1
        or (model.name == "Bernoulli" and model.cases == model.population)
    )
    if nothing_to_find:
        return Scan((), np.zeros(replicates), len(chosen.centres), 0)
    places = Places(
        chosen.points,
        chosen.population,
        chosen.cases,
        chosen.centres,
        min(largest_share * model.population, model.population * (1 - 1e-6)),
    )
    best = best_circles(model, places)
    maxima = greatest(replace(model, cases=round(model.cases)), places, replicates, seed)
    clusters = most_likely(model, places, best, maxima, chosen.row, most)
    return Scan(tuple(clusters), maxima, len(places.centres), best.circles)
