"""Standardised rates: of one variance whatever the size."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.clusters.standardised import standardised_rates

COUNTS = st.lists(st.tuples(st.integers(5, 500), st.floats(0, 1)), min_size=2, max_size=30)


@given(COUNTS)
def test_signs_are_those_of_the_rates_and_nothing_is_missing(counts):
    known = np.array([size for size, _ in counts])
    need = np.array([round(size * share) for size, share in counts])
    values = standardised_rates(need, known)
    assert np.isfinite(values).all()
    assert (values * (need / known - need.sum() / known.sum()) >= 0).all()
    assert standardised_rates(known - need, known) == pytest.approx(-values, abs=1e-9)


@pytest.mark.parametrize("spread", [0.0, 0.08])
def test_small_and_large_desa_vary_alike(spread):
    rng = np.random.default_rng(2)
    known = np.repeat([10, 100, 2_000], 4_000)
    share = np.clip(rng.normal(0.3, spread, len(known)), 0, 1)
    values = standardised_rates(rng.binomial(known, share), known).reshape(3, -1)
    assert values.std(axis=1) == pytest.approx([1, 1, 1], abs=0.07)
    assert values.mean() == pytest.approx(0, abs=0.03)


def test_between_desa_counts_what_chance_does_not_explain():
    known = np.array([40, 60, 100])
    need = np.array([4, 20, 60])
    common, excess = 84 / 200, need / known - 84 / 200
    chance = common * (1 - common)
    between = ((known * excess**2).sum() - 2 * chance) / (200 - (40**2 + 60**2 + 100**2) / 200)
    assert standardised_rates(need, known) == pytest.approx(excess / np.sqrt(between + chance / known))


@pytest.mark.parametrize("need", [[0, 0], [7, 9]])
def test_where_nobody_or_everybody_is_in_need_all_are_alike(need):
    assert (standardised_rates(np.array(need), np.array([7, 9])) == 0).all()


def test_no_desa_or_one():
    assert standardised_rates(np.array([], dtype=int), np.array([], dtype=int)).shape == (0,)
    assert standardised_rates(np.array([3]), np.array([9])).tolist() == [0.0]
