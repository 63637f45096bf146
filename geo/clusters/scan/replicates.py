"""What chance alone gives: replicates of the cases under one rate everywhere."""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np

from geo.clusters.scan.likelihood import Model

BLOCK = 256
"""Replicates that are drawn and counted together."""

PART = 32
"""Replicates that are dealt together: what it takes of memory stays small."""

FEW = 8
"""Up to so many people a place on average, labels are dealt one by one."""

MANY = 3
"""From so many cases a place on, numbers are drawn by place, and not case by case."""

Seed = tuple[int, np.random.SeedSequence]
"""Number and seed of a block's replicates."""


def draw(model: Model, population: np.ndarray, replicates: int, seed: int) -> list[np.ndarray]:
    """Draw cases under the same rate everywhere, given their total.

    Poisson: multinomial, each place by its population. Bernoulli: the labels are dealt at random among all
    (multivariate hypergeometric), so that a place never has more cases than people.

    Returns
    -------
    list of numpy.ndarray
        Blocks of at most 256 replicates, each of shape (replicates, places).

    Examples
    --------
    >>> model = Model("Poisson", cases=12, population=60.0)
    >>> draw(model, np.array([10.0, 20.0, 30.0]), 4, seed=1)[0].sum(axis=1)
    array([12, 12, 12, 12])
    """
    with ThreadPoolExecutor(workers()) as pool:
        return list(pool.map(partial(_drawn, model, population), seeds(replicates, seed)))


def deviations(model: Model, population: np.ndarray, base: np.ndarray, seed: Seed) -> np.ndarray:
    """Draw a block's cases less the rounded expected number, places by replicates.

    The numbers are the narrowest that hold the sum over any set of places: sums are then exact and quick.
    """
    away = _drawn(model, population, seed)
    away -= base
    # all above the expected number together: half of what lies off it either way, but for the rounding
    above = np.abs(away).sum(axis=1).max() // 2 + abs(int(base.sum()) - int(model.cases)) + 1
    return np.ascontiguousarray(away.T, dtype=np.int16 if above < np.iinfo(np.int16).max else np.int32)


def seeds(replicates: int, seed: int) -> list[Seed]:
    """Return number and seed of each block: the same blocks however many processors there are."""
    counts = [min(BLOCK, replicates - start) for start in range(0, replicates, BLOCK)]
    return list(zip(counts, np.random.SeedSequence(seed).spawn(len(counts)), strict=True))


def workers() -> int:
    """Return how many processors this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _drawn(model: Model, population: np.ndarray, seed: Seed) -> np.ndarray:
    count, sequence = seed
    random, cases = np.random.default_rng(sequence), int(model.cases)
    if model.name == "Poisson":
        share = population / population.sum()
        parts = [_dealt(random, cases, share, min(PART, count - start)) for start in range(0, count, PART)]
        return np.concatenate(parts)
    people = np.rint(population).astype(np.int64)
    if people.sum() > FEW * len(people):
        return random.multivariate_hypergeometric(people, cases, size=count, method="marginals")
    edges = np.r_[0, np.cumsum(people)]
    dealt = np.empty((count, len(people)), dtype=np.int32)
    for row in dealt:
        row[:] = _labelled(random, cases, edges)
    return dealt


def _labelled(random: np.random.Generator, cases: int, edges: np.ndarray) -> np.ndarray:
    """Deal the labels of cases at random among all people, who stand in a row; return the cases between the edges.

    Everyone is a case or not by a coin of its own; then as many as are too few or too many, drawn at random among
    the others, change sides. Given their number, all choices of people stay equally likely throughout.
    """
    everyone = int(edges[-1])
    ill = random.integers(0, 2**16, everyone, dtype=np.uint16) < round(cases / everyone * 2**16)
    lacking = cases - np.count_nonzero(ill)
    if lacking:
        ill[
            random.choice(np.flatnonzero(ill == (lacking < 0)), abs(lacking), replace=False, shuffle=False)
        ] ^= True
    upto = np.zeros(everyone + 1, dtype=np.int32)
    np.cumsum(ill, dtype=np.int32, out=upto[1:])
    return np.diff(upto[edges])


def _dealt(random: np.random.Generator, cases: int, share: np.ndarray, count: int) -> np.ndarray:
    """Draw from the multinomial distribution, some three times as fast as numpy's own.

    Poisson numbers are multinomial given their sum. So places first get Poisson numbers that sum up to a little
    less than all cases (drawn anew where they sum up to more), and the rest are dealt one by one.
    """
    places = len(share)
    most = cases - 3 * cases**0.5
    drawn = np.zeros((count, places), dtype=np.int64)
    anew = np.arange(count) if most > MANY * places else np.arange(0)
    while len(anew):
        drawn[anew] = random.poisson(most * share, (len(anew), places))
        anew = anew[drawn[anew].sum(axis=1) > cases]
    rest = cases - drawn.sum(axis=1)
    ends = np.cumsum(share)
    ends[ends >= ends[-1]] = 1.0
    at = random.random(int(rest.sum()))
    # a table of the places at even steps settles most; only steps with a border inside need a search
    steps = 4 * places
    table = np.searchsorted(ends, np.arange(steps + 1) / steps, side="right")
    step = (at * steps).astype(np.int64)
    place = table[step]
    border = np.flatnonzero(place != table[step + 1])
    place[border] = np.searchsorted(ends, at[border], side="right")
    one_by_one = np.bincount(np.repeat(np.arange(count), rest) * places + place, minlength=count * places)
    return drawn + one_by_one.reshape(count, places)
