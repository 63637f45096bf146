"""Who is told without a place: neither they nor the others tell of few."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.privacy.answers import are_many
from geo.privacy.partition import keep_place


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 100_000), st.booleans())
def test_both_sides_are_nobody_or_many(seed: int, blur: bool):
    random = np.random.default_rng(seed)
    many = int(random.integers(6, 80))
    answers = random.random((many, 3)) < random.choice([0.05, 0.3, 0.9], 3)
    answers[:, answers.sum(axis=0) < 5] = False
    counted = np.column_stack([np.ones(many, dtype=bool), answers])
    placed = random.random(many) < random.choice([0.02, 0.5, 0.97, 1.0])
    kept = keep_place(counted, placed, 6, random, blur=blur)
    assert not (kept & ~placed).any()
    for side in (kept, ~kept):
        assert side.sum() == 0 or side.sum() >= 6
        assert are_many(counted[side].sum(axis=0)[None])[0]


def test_how_many_went_along_is_a_lot():
    counted = np.ones((60, 1), dtype=bool)
    went = {
        int((~keep_place(counted, np.ones(60, dtype=bool), 6, np.random.default_rng(seed), blur=True)).sum())
        for seed in range(40)
    }
    assert len(went) > 2
    assert min(went) >= 6
