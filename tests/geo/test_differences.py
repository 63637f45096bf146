"""Laws of differences: between registers, and of the same households under two needs."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.differences import (
    HIGHER,
    LOWER,
    OPEN,
    chance_apart,
    chance_of_change,
    difference_interval,
    paired_counts,
    verdicts,
)


@st.composite
def counted(draw):
    known = draw(st.integers(1, 400))
    return float(draw(st.integers(0, known))), float(known)


def arrays(side):
    need, known = side
    return np.array([need]), np.array([known])


@given(counted(), counted())
def test_the_interval_holds_the_difference_and_turns_with_the_sides(first, second):
    low, high = difference_interval(arrays(first), arrays(second))
    apart = second[0] / second[1] - first[0] / first[1]
    assert low[0] - 1e-12 <= apart <= high[0] + 1e-12
    assert -1 <= low[0] <= high[0] <= 1
    turned_low, turned_high = difference_interval(arrays(second), arrays(first))
    np.testing.assert_allclose([turned_low[0], turned_high[0]], [-high[0], -low[0]], atol=1e-12)


@settings(deadline=None)  # the first call loads the distribution
@given(counted(), counted())
def test_chance_is_a_share_that_does_not_mind_which_side_is_which(first, second):
    p = chance_apart(arrays(first), arrays(second))[0]
    assert 0 < p <= 1
    np.testing.assert_allclose(chance_apart(arrays(second), arrays(first))[0], p, rtol=1e-6)


@given(counted())
def test_equal_counts_are_never_told_apart(side):
    p = chance_apart(arrays(side), arrays(side))
    assert p[0] == 1
    assert verdicts(np.array([0.0]), p).tolist() == [OPEN]


def test_more_households_make_the_same_difference_surer():
    few = chance_apart((np.array([2.0]), np.array([10.0])), (np.array([4.0]), np.array([10.0])))
    many = chance_apart((np.array([200.0]), np.array([1000.0])), (np.array([400.0]), np.array([1000.0])))
    assert few[0] > 0.5
    assert many[0] < 1e-6


def test_where_nothing_is_known_nothing_is_said():
    nothing = np.array([0.0, np.nan]), np.array([0.0, np.nan])
    some = np.array([3.0, 3.0]), np.array([9.0, 9.0])
    assert np.isnan(difference_interval(nothing, some)).all()
    assert verdicts(np.array([np.nan, np.nan]), chance_apart(nothing, some)).tolist() == ["", ""]


def test_many_tests_ask_for_more_than_one():
    p = np.array([0.04] + [0.9] * 30)
    assert verdicts(np.ones(31), p)[0] == OPEN
    assert verdicts(np.ones(1), p[:1])[0] == HIGHER
    assert verdicts(-np.ones(1), p[:1])[0] == LOWER


@given(
    st.lists(
        st.tuples(st.sampled_from([-1, 0, 1]), st.sampled_from([-1, 0, 1]), st.integers(-1, 3)), max_size=60
    )
)
def test_pairs_add_up_to_those_whose_answer_is_known_for_both(households):
    first, second, place = (np.array([row[part] for row in households], dtype=np.int64) for part in range(3))
    counts = paired_counts(first, second, place, 4)
    known = (first >= 0) & (second >= 0) & (place >= 0)
    assert sum(part.sum() for part in counts.values()) == known.sum()
    rates_apart = second[known].sum() - first[known].sum()
    assert counts["only_second"].sum() - counts["only_first"].sum() == rates_apart
    assert all(part.shape == (4,) for part in counts.values())


def test_a_fair_split_is_chance_and_a_lopsided_one_is_not():
    assert chance_of_change(np.array([20, 40]), np.array([20, 0])).round(6).tolist() == [1.0, 0.0]
