"""The count around an area, against the definition of the binomial distribution."""

from math import comb

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from geo.clusters.neighbourhood import count_p

COUNTS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=6)


def by_definition(around: int, of: int, chance: float) -> float:
    mass = [comb(of, k) * chance**k * (1 - chance) ** (of - k) for k in range(of + 1)]
    return min(2 * min(sum(mass[: around + 1]), sum(mass[around:])), 1.0)


@given(COUNTS, st.integers(0, 2**15 - 1))
def test_it_is_twice_the_smaller_tail_of_what_the_neighbours_hold(counts, which):
    need = np.array([in_need for in_need, _ in counts])
    known = need + np.array([served for _, served in counts])
    size = len(counts)
    links = np.array([[which >> (a * b) & 1 for b in range(size)] for a in range(size)], dtype=bool)
    np.fill_diagonal(links, val=False)
    found = count_p(need, known, csr_array(links))
    for area in range(size):
        others = known.sum() - known[area]
        chance = (need.sum() - need[area]) / others if others else 0.0
        expected = by_definition(int(need[links[area]].sum()), int(known[links[area]].sum()), chance)
        assert abs(found[area] - expected) < 1e-9


def test_few_households_prove_nothing_and_many_of_the_same_rate_do():
    links = csr_array(np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]], dtype=bool))
    few = count_p(np.array([1, 2, 20]), np.array([2, 2, 100]), links)[0]
    many = count_p(np.array([1, 50, 20]), np.array([2, 50, 100]), links)[0]
    assert few > 0.05
    assert many < 1e-15
