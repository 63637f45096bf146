"""Replicates follow the distribution that the test needs: multinomial, or labels dealt at random."""

import numpy as np
import pytest
from scipy.stats import binom, chisquare, hypergeom

from geo.clusters.scan.likelihood import Model
from geo.clusters.scan.replicates import BLOCK, draw

POPULATION = np.array([1.0, 5.0, 0.0, 40.0, 54.0])


def fits(counts: np.ndarray, chances: np.ndarray) -> bool:
    """Tell whether counts come from a distribution, told by its chances of 0, 1, 2 and so on."""
    often = np.bincount(counts, minlength=len(chances))
    usual = chances * len(counts)
    rare = usual < 10
    return (
        chisquare(
            np.append(often[~rare], often[rare].sum()),
            np.append(usual[~rare], max(len(counts) - usual[~rare].sum(), 1e-9)),
        ).pvalue
        > 1e-4
    )


@pytest.mark.parametrize("cases", [12, 60], ids=["one by one", "by place first"])
def test_poisson_replicates_are_multinomial(cases):
    drawn = np.concatenate(draw(Model("Poisson", cases, 100.0), POPULATION, 20_000, seed=3))
    assert drawn.shape == (20_000, 5)
    assert (drawn.sum(axis=1) == cases).all()
    assert (drawn[:, 2] == 0).all()
    number = np.arange(cases + 1)
    for column in (0, 1, 3, 4):
        assert fits(drawn[:, column], binom.pmf(number, cases, POPULATION[column] / 100))
    assert fits(drawn[:, 0] + drawn[:, 3], binom.pmf(number, cases, 0.41))


@pytest.mark.parametrize("size", [1, 20], ids=["houses", "many at a place"])
def test_bernoulli_replicates_deal_the_labels(size):
    population = POPULATION * size
    total = int(population.sum())
    drawn = np.concatenate(draw(Model("Bernoulli", 30 * size, float(total)), population, 10_000, seed=3))
    assert (drawn.sum(axis=1) == 30 * size).all()
    assert (drawn <= population).all()
    chances = hypergeom.pmf(np.arange(30 * size + 1), total, 30 * size, int(population[3]))
    assert fits(drawn[:, 3], chances)


def test_more_replicates_begin_with_the_same_blocks():
    model = Model("Poisson", 12, 100.0)
    few, many = draw(model, POPULATION, BLOCK, 1), draw(model, POPULATION, 2 * BLOCK + 5, 1)
    assert (few[0] == many[0]).all()
    assert [len(block) for block in many] == [BLOCK, BLOCK, 5]
