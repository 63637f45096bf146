"""Conditional permutation: against all permutations counted out, and laws that hold whatever the values."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from geo.clusters import permutation
from geo.clusters.permutation import gi_star_p, local_moran_p, tails, two_sided

SEEDS = st.integers(0, 2**32 - 1)
MANY = 20_000


def areas(seed: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return values with ties, and links of any number, none included."""
    rng = np.random.default_rng(seed)
    links = rng.random((n, n)) < rng.random((n, 1))
    np.fill_diagonal(links, val=False)
    return rng.integers(0, 6, n) / 10, links


def counted_out(values: np.ndarray, links: np.ndarray, area: int) -> tuple[float, float]:
    """Return the shares of all permutations of the others whose sum is at least, and at most, the observed one."""
    tenths = np.round(values * 10).astype(int)  # whole numbers: ties are ties
    others = np.delete(tenths, area)
    sums = np.array([sum(some) for some in combinations(others, int(links[area].sum()))])
    observed = tenths[links[area]].sum()
    return float((sums >= observed).mean()), float((sums <= observed).mean())


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(2, 9))
def test_tails_are_those_of_all_permutations_but_for_chance(seed, n):
    values, links = areas(seed, n)
    at_least, at_most = tails(values, csr_array(links), MANY, seed=seed % 7)
    for area in np.flatnonzero(links.any(axis=1)):
        for count, share in zip(
            (at_least[area], at_most[area]), counted_out(values, links, area), strict=True
        ):
            assert abs(count / MANY - share) <= 5.5 * np.sqrt(share * (1 - share) / MANY) + 1e-9


@pytest.mark.parametrize(("n", "size"), [(9, 4), (9, 5), (9, 9), (400, 20), (400, 130)])
def test_draws_are_without_replacement_and_every_area_stands_anywhere_as_often(n, size):
    draws = np.concatenate([*permutation._draws(MANY, n, size, seed=2)], axis=1)
    assert draws.shape == (size, MANY)
    ordered = np.sort(draws, axis=0)
    assert (ordered[1:] > ordered[:-1]).all()
    expected = MANY / n
    for place in (0, size // 2, size - 1):
        counts = np.bincount(draws[place], minlength=n)
        chi2 = ((counts - expected) ** 2 / expected).sum()
        assert abs(chi2 - (n - 1)) < 6 * np.sqrt(2 * (n - 1))


def test_pairs_are_drawn_as_often_in_any_order():
    draws = np.concatenate([*permutation._draws(MANY, 30, 3, seed=5)], axis=1)
    pairs = np.bincount(draws[1] * 30 + draws[2], minlength=900).reshape(30, 30)
    assert not pairs.diagonal().any()
    expected = MANY / (30 * 29)
    chi2 = ((pairs[~np.eye(30, dtype=bool)] - expected) ** 2 / expected).sum()
    assert abs(chi2 - 869) < 6 * np.sqrt(2 * 869)


def test_little_memory_gives_as_good_an_answer(monkeypatch):
    values, links = areas(3, 40)
    at_least, _ = tails(values, csr_array(links), MANY, seed=1)
    monkeypatch.setattr(permutation, "_CELLS", 5_000)
    again, at_most = tails(values, csr_array(links), MANY, seed=1)
    assert (at_least + at_most >= MANY).any()
    assert np.abs(at_least - again).max() / MANY < 6 * np.sqrt(0.5 / MANY)


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(2, 12), st.integers(99, 300))
def test_each_permutation_counts_once_in_a_tail_or_in_both(seed, n, permutations):
    values, links = areas(seed, n)
    at_least, at_most = tails(values, csr_array(links), permutations, seed=1)
    tested = links.any(axis=1)
    assert (at_least + at_most >= permutations * tested).all()
    assert (np.maximum(at_least, at_most) <= permutations).all()
    p = two_sided(at_least, at_most, permutations)
    assert (np.isnan(p) == ~tested).all()
    assert ((p[tested] >= 2 / (permutations + 1)) & (p[tested] <= 1)).all()


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.sampled_from([0.001, 3.0, -1.0, 1e6]), st.sampled_from([0.0, 0.1, -5.0]))
def test_another_unit_changes_nothing_and_another_sign_swaps_the_tails(seed, scale, shift):
    values, links = areas(seed, 10)
    matrix = csr_array(links)
    at_least, at_most = tails(values, matrix, 500, seed=1)
    again = tails(scale * values + shift, matrix, 500, seed=1)
    expected = (at_least, at_most) if scale > 0 else (at_most, at_least)
    assert all((now == before).all() for now, before in zip(again, expected, strict=True))


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_areas_does_not_decide(seed, random):
    values, links = areas(seed, 10)
    order = list(range(10))
    random.shuffle(order)
    p = gi_star_p(values, csr_array(links), 5_000, seed=1)
    shuffled = gi_star_p(values[order], csr_array(links[np.ix_(order, order)]), 5_000, seed=1)
    error = 2 * 6 * np.sqrt(2 * np.maximum(p[order], 0.01) / 2 / 5_000)
    assert (np.isnan(shuffled) == np.isnan(p[order])).all()
    assert (np.abs(shuffled - p[order]) <= error)[~np.isnan(shuffled)].all()


def test_sums_that_differ_by_rounding_alone_are_equal():
    # 0.1 + 0.2 and 0.3 are not the same number; every pair of the others sums to as much here
    values = np.array([0.9, 0.1, 0.2, 0.15, 0.15, 0.1 + 0.2 - 0.1, 0.1])
    links = np.zeros((7, 7))
    links[0, [1, 2]] = 1
    at_least, at_most = tails(values, csr_array(links), 30_000, seed=1)
    higher, lower = 1 / 15 + 4 / 15, 5 / 15  # of 15 pairs: 0.35 and 0.4; 0.2 and 0.25
    assert at_least[0] / 30_000 == pytest.approx(1 - lower, abs=0.02)
    assert at_most[0] / 30_000 == pytest.approx(1 - higher, abs=0.02)


def test_nothing_is_rare_where_nothing_can_differ():
    everybody = csr_array(~np.eye(6, dtype=bool))
    assert (gi_star_p(np.arange(6.0), everybody, 99) == 1).all()
    ring = csr_array(np.roll(np.eye(6), 1, axis=1))
    assert (gi_star_p(np.full(6, 0.1) * 3, ring, 99) == 1).all()
    assert np.isnan(gi_star_p(np.arange(6.0), csr_array((6, 6)), 99)).all()
    assert gi_star_p(np.array([]), csr_array((0, 0)), 99).shape == (0,)


def test_local_moran_shares_p_but_where_the_area_is_just_the_mean():
    values = np.array([0.4, 0.2, 0.3, 0.0, 0.1])
    ring = csr_array(np.roll(np.eye(5), 1, axis=1) + np.roll(np.eye(5), -1, axis=1))
    gi, moran = gi_star_p(values, ring, 999), local_moran_p(values, ring, 999)
    assert gi[1] < 1
    assert moran[1] == 1
    assert (np.delete(gi, 1) == np.delete(moran, 1)).all()


def test_the_same_seed_gives_the_same_and_another_seed_nearly():
    values, links = areas(8, 30)
    p, same, other = (gi_star_p(values, csr_array(links), 2_000, seed) for seed in (1, 1, 2))
    assert np.array_equal(p, same, equal_nan=True)
    assert not np.array_equal(p, other, equal_nan=True)
