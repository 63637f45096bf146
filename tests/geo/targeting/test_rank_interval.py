"""The interval of a rank: what a plain loop over weightings finds, whatever the order of the rows."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.targeting import rank_interval
from geo.targeting.rank_interval import rank_intervals


def ranked(random: np.random.Generator, size: int, parts: int, *, steps: int = 0) -> pd.DataFrame:
    values = random.integers(0, steps, (size, parts)) / 2 if steps else random.random((size, parts))
    table = pd.DataFrame(values, columns=[f"part_{name}" for name in "abcdefg"[:parts]])
    table = table.assign(score=table.sum(axis=1), sheet_row=random.permutation(size))
    table = table.sort_values(["score", "sheet_row"], ascending=[False, True], ignore_index=True)
    return table.assign(rank=np.arange(1, size + 1))


def by_plain_loop(table: pd.DataFrame, weightings: int, spread: float, top: int, seed: int) -> np.ndarray:
    parts = table.filter(like="part_").to_numpy()
    best, worst, share = [], [], []
    for factors in rank_interval._draws(parts.shape[1], weightings, spread, seed):
        score = np.round((parts * factors).sum(axis=1), 10)
        above = (score[:, None] < score).sum(axis=1)
        alike = (score[:, None] == score).sum(axis=1)
        best.append(above + 1)
        worst.append(above + alike)
        share.append(np.clip((top - above) / alike, 0, 1))
    low = np.percentile(best, 5, axis=0, method="lower")
    high = np.percentile(worst, 95, axis=0, method="higher")
    return np.column_stack([low, high, np.mean(share, axis=0)])


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    size=st.integers(1, 60),
    parts=st.integers(1, 6),
    steps=st.sampled_from([0, 2, 4]),
    top=st.integers(1, 70),
)
def test_the_interval_is_that_of_a_plain_loop(seed: int, size: int, parts: int, steps: int, top: int):
    table = ranked(np.random.default_rng(seed), size, parts, steps=steps)
    found = rank_intervals(table, 137, 0.3, top, seed)
    expected = by_plain_loop(table, 137, 0.3, top, seed)
    assert found[["rank_low", "rank_high"]].to_numpy().tolist() == expected[:, :2].astype(int).tolist()
    assert found["top_share"].to_numpy() == pytest.approx(expected[:, 2])


def test_a_table_too_large_for_memory_is_done_in_pieces(monkeypatch: pytest.MonkeyPatch):
    table = ranked(np.random.default_rng(1), 300, 5, steps=3)
    whole = rank_intervals(table, 150, 0.25, 50, 1)
    monkeypatch.setattr(rank_interval, "_CELLS", 1500)
    pd.testing.assert_frame_equal(rank_intervals(table, 150, 0.25, 50, 1), whole)


def test_the_order_of_the_rows_changes_nothing_and_the_seed_decides():
    table = ranked(np.random.default_rng(2), 200, 5)
    found = rank_intervals(table, 200, 0.25, 40, 1)
    mixed = rank_intervals(table.sample(frac=1, random_state=3), 200, 0.25, 40, 1)
    pd.testing.assert_frame_equal(mixed.sort_index(), found)
    assert not rank_intervals(table, 200, 0.25, 40, 2).equals(found)


def test_a_wider_spread_moves_ranks_further():
    table = ranked(np.random.default_rng(4), 300, 5)
    narrow, wide = (rank_intervals(table, 200, spread, 40, 1) for spread in (0.05, 0.5))
    assert (wide["rank_high"] - wide["rank_low"]).mean() > 2 * (
        narrow["rank_high"] - narrow["rank_low"]
    ).mean()


def test_a_house_ahead_in_everything_is_always_first_and_a_part_of_nought_stays_so():
    table = ranked(np.random.default_rng(5), 50, 4)
    best = pd.DataFrame({name: [2.0] for name in table.filter(like="part_")}).assign(
        rank=0, score=8.0, sheet_row=-1
    )
    found = rank_intervals(pd.concat([best, table]).assign(part_z=0.0), 300, 0.5, 1, 1)
    assert found.iloc[0][["rank_low", "rank_high", "top_share"]].tolist() == [1, 1, 1]
    assert found["top_share"].iloc[1:].max() == 0


def test_only_those_who_may_be_chosen_compete_for_the_first_places():
    table = ranked(np.random.default_rng(7), 100, 4)
    eligible = np.arange(100) % 3 == 0
    found = rank_intervals(table, 200, 0.25, 10, 1, eligible)
    among = rank_intervals(table[eligible].assign(rank=np.arange(1, 35)), 200, 0.25, 10, 1)
    assert found.loc[eligible, "top_share"].tolist() == among["top_share"].tolist()
    assert not found.loc[~eligible, "top_share"].any()
    whole = rank_intervals(table, 200, 0.25, 10, 1)
    assert found["rank_high"].tolist() == whole["rank_high"].tolist()


def test_nobody_and_no_parts_are_no_fault():
    table = ranked(np.random.default_rng(6), 5, 2)
    assert rank_intervals(table.iloc[:0], 100, 0.25, 10, 1).empty
    bare = rank_intervals(table[["rank"]], 100, 0.25, 2, 1)
    nought = rank_intervals(table.assign(part_a=0.0, part_b=0.0), 100, 0.25, 2, 1)
    for found in (bare, nought):
        assert found["rank_low"].tolist() == [1] * 5
        assert found["rank_high"].tolist() == [5] * 5
        assert found["top_share"].tolist() == pytest.approx([0.4] * 5)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    size=st.integers(1, 80),
    steps=st.sampled_from([0, 2, 3]),
    top=st.integers(0, 90),
)
def test_the_shares_add_up_to_the_places_and_who_is_alike_has_the_same(
    seed: int, size: int, steps: int, top: int
):
    found = rank_intervals(ranked(np.random.default_rng(seed), size, 3, steps=steps), 120, 0.3, top, seed)
    assert found["top_share"].sum() == pytest.approx(min(top, size))
    assert (found["rank_low"] <= found["rank_high"]).all()
    told = found.filter(regex="part_|rank_|top_").drop_duplicates()
    assert len(told) == len(found.filter(like="part_").drop_duplicates())


def test_two_scores_make_nobody_at_the_border_firm():
    table = pd.DataFrame({"rank": np.arange(1, 196), "part_a": np.r_[np.full(40, 3.0), np.full(155, 1.0)]})
    found = rank_intervals(table, 1000, 0.25, 100, 1)
    assert found["rank_low"].unique().tolist() == [1, 41]
    assert found["rank_high"].unique().tolist() == [40, 195]
    assert found["top_share"].unique() == pytest.approx([1.0, 60 / 155])
