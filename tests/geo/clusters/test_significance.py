"""False discovery rate: q-values against the step-up rule of the textbook."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.clusters.significance import adjusted

P = st.lists(st.one_of(st.floats(1e-5, 1), st.sampled_from([0.01, 0.02, np.nan])), min_size=1, max_size=30)


def step_up(p: np.ndarray, rate: float) -> np.ndarray:
    """Reject the k smallest, k being the largest rank whose p is at most rate x k / m (Benjamini, Hochberg 1995)."""
    tested = np.sort(p[~np.isnan(p)])
    ranks = np.arange(1, len(tested) + 1)
    passing = ranks[tested <= rate * ranks / len(tested) * (1 + 1e-12)]
    return p <= tested[passing.max() - 1] if len(passing) else np.zeros(len(p), dtype=bool)


@given(P.map(np.array), st.sampled_from([0.001, 0.0437, 0.1113, 0.2517]))
def test_found_at_a_rate_is_what_the_step_up_rule_finds(p, rate):
    q = adjusted(p)
    clear = np.isnan(q) | (np.abs(q - rate) > 1e-9)  # rounding decides at the rate itself
    assert ((q <= rate) == step_up(p, rate))[clear].all()


@given(P.map(np.array))
def test_q_is_no_less_than_p_keeps_its_order_and_skips_what_was_not_tested(p):
    q = adjusted(p)
    tested = ~np.isnan(p)
    assert (np.isnan(q) == ~tested).all()
    assert ((q >= p - 1e-15) & (q <= 1))[tested].all()
    assert (np.diff(q[tested][np.argsort(p[tested])]) >= 0).all()
    assert q[tested] == pytest.approx(adjusted(p[tested]))


def test_example_of_the_paper():
    # Benjamini and Hochberg 1995, section 3.1: of these fifteen the first four are rejected at 0.05
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1,
    ]
    assert (adjusted(np.array(p)) <= 0.05).tolist() == [True] * 4 + [False] * 11
