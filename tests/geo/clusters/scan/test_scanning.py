"""The scan of plain arrays: what it reports, and the edges of what it may be given."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import binom

from geo.clusters.scan import scan_bernoulli, scan_poisson

LINE = np.column_stack([1.01 ** np.arange(10) * 100_000, np.zeros(10)])
"""Ever further apart: the nearest of an area is always the one before it."""


def test_a_planted_cluster_is_found_and_described():
    cases = np.array([5, 5, 30, 30, 5, 5, 5, 5, 5, 5])
    first = scan_poisson(LINE, cases, np.full(10, 100), replicates=999).clusters[0]
    assert sorted(first.members) == [2, 3]
    assert (first.observed, first.expected, first.population) == (60, 20, 200)
    assert first.radius == pytest.approx(LINE[3, 0] - LINE[2, 0])
    assert first.relative_risk == pytest.approx((60 / 20) / (40 / 80))
    assert first.llr == pytest.approx(60 * np.log(60 / 20) + 40 * np.log(40 / 80))
    assert first.p_value == 0.001
    assert first.p_gumbel < 0.001


def test_clusters_share_no_area_and_come_in_order():
    random = np.random.default_rng(3)
    points, population = random.uniform(0, 1e4, (80, 2)), random.integers(20, 60, 80)
    found = scan_poisson(points, random.poisson(population * 0.2), population, replicates=99).clusters
    members = np.concatenate([cluster.members for cluster in found])
    assert len(found) > 2
    assert len(np.unique(members)) == len(members)
    assert all(one.llr >= other.llr for one, other in pairwise(found))
    assert all(one.p_value <= other.p_value for one, other in pairwise(found))


def test_the_order_of_rows_changes_nothing():
    random = np.random.default_rng(4)
    points, population = random.uniform(0, 1e4, (60, 2)), random.integers(20, 60, 60)
    cases = random.poisson(population * 0.2)
    turn = random.permutation(60)
    one = scan_poisson(points, cases, population, replicates=99)
    other = scan_poisson(points[turn], cases[turn], population[turn], replicates=99)
    assert set(turn[other.clusters[0].members]) == set(one.clusters[0].members)
    assert other.clusters[0].llr == pytest.approx(one.clusters[0].llr)
    assert (other.maxima == one.maxima).all()


def test_areas_equally_far_enter_together():
    cross = np.array([[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1], [50, 50], [60, 60], [70, 70]], dtype=float)
    cases = np.array([9, 9, 0, 0, 0, 1, 1, 1])
    found = scan_poisson(cross, cases, np.full(8, 20), replicates=99, centres=np.array([0]))
    assert found.circles == 1, "the middle alone: the four others together hold more than half"
    assert found.clusters[0].members.tolist() == [0]


def test_no_circle_holds_more_than_its_share():
    population = np.array([10, 10, 10, 10, 60])
    found = scan_poisson(LINE[:5], np.array([1, 1, 1, 1, 50]), population, replicates=99, largest_share=0.2)
    assert all(cluster.population <= 20 for cluster in found.clusters)
    assert 4 not in {cluster.centre for cluster in found.clusters}


def test_missing_population_is_left_out_and_an_empty_area_has_no_weight():
    cases = np.array([5, 5, 30, 30, 5, 5, 5, 5, 5, 0.0])
    population = np.full(10, 100.0)
    population[0], population[9] = np.nan, 0
    found = scan_poisson(LINE, cases, population, replicates=99)
    assert found.clusters[0].expected == pytest.approx(90 * 200 / 800)
    assert not any(0 in cluster.members for cluster in found.clusters)


@pytest.mark.parametrize(
    ("cases", "totals"),
    [([0] * 4, [5] * 4), ([5] * 4, [5] * 4), ([3], [9]), ([], [])],
    ids=["no cases", "all cases", "one place", "nothing"],
)
def test_nothing_to_find(cases, totals):
    found = scan_bernoulli(LINE[: len(cases)], np.array(cases), np.array(totals), replicates=19)
    assert found.clusters == ()
    assert (found.maxima == 0).all()


def test_all_households_at_one_spot_are_no_cluster():
    found = scan_bernoulli(np.zeros((50, 2)), np.arange(50) % 3 == 0, replicates=19)
    assert found.clusters == ()


def test_all_cases_inside_give_an_infinite_relative_risk():
    first = scan_poisson(LINE, np.array([9, 9, *[0] * 8]), np.full(10, 50), replicates=99).clusters[0]
    assert sorted(first.members) == [0, 1]
    assert first.relative_risk == np.inf
    assert first.llr == pytest.approx(18 * np.log(5))


def test_low_rates_are_found_when_asked_for():
    cases = np.array([30, 30, 30, 2, 2, 30, 30, 30, 30, 30])
    population = np.full(10, 100)
    assert sorted(scan_poisson(LINE, cases, population, replicates=99, rates="low").clusters[0].members) == [
        3,
        4,
    ]
    both = scan_poisson(LINE, cases, population, replicates=99, rates="both").clusters[0]
    assert sorted(both.members) == [3, 4]
    assert both.relative_risk < 1


def test_a_single_case_makes_no_cluster_unless_allowed():
    cases = np.array([1, *[0] * 8, 1])
    population = np.array([1, *[100] * 9])
    assert 0 not in {one.centre for one in scan_poisson(LINE, cases, population, replicates=19).clusters}
    allowed = scan_poisson(LINE, cases, population, replicates=19, minimum_cases=1)
    assert allowed.clusters[0].members.tolist() == [0]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((LINE, np.ones(9), np.ones(10)), "length"),
        ((LINE, np.ones(10), -np.ones(10)), "negative"),
        ((LINE, np.ones(10), np.zeros(10)), "no population"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, told):
    with pytest.raises(ValueError, match=told):
        scan_poisson(*arguments)
    with pytest.raises(ValueError, match="more cases"):
        scan_bernoulli(LINE, np.full(10, 3), np.full(10, 2))


def test_stacked_households_are_declared_a_cluster_no_more_often_than_chance_has_it():
    """Thirty households at each of twelve spots, need at random: p at most 0.05 in some five of a hundred."""
    random = np.random.default_rng(8)
    points = np.repeat(random.uniform(0, 1e4, (12, 2)), 30, axis=0)
    low = sum(
        scan_bernoulli(points, random.permutation(360) < 100, replicates=99, seed=seed).clusters[0].p_value
        <= 0.05
        for seed in range(100)
    )
    assert binom.ppf(0.001, 100, 0.05) <= low <= binom.ppf(0.999, 100, 0.05)
