"""Which desa to finish first."""

import itertools

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import gaps


def desa(*rows: tuple[int, int, int], least: int = 5, target: float = 0.9) -> pd.DataFrame:
    """Return desa with these counts of known, in need and unknown households."""
    table = pd.DataFrame(list(rows), columns=["jamban_known", "jamban_need", "jamban_unknown"])
    codes = [f"{row:02d}" for row in range(len(table))]
    table = table.assign(
        kode_desa=codes,
        nama_desa=codes,
        nama_kecamatan="K",
        jamban_enough=table["jamban_known"] >= least,
    )
    return gaps.add_gaps(table, ["jamban"], target)


some = st.lists(
    st.integers(0, 60).flatmap(
        lambda known: st.tuples(st.just(known), st.integers(0, known), st.integers(0, 9))
    ),
    max_size=7,
)


def test_the_smallest_gap_comes_first_and_small_numbers_stay_out():
    order = gaps.finishing_order(desa((100, 40, 0), (100, 15, 0), (3, 3, 0), (50, 1, 0)), "jamban")
    assert order["kode_desa"].tolist() == ["01", "00"]
    assert order["gap"].tolist() == [5, 30]
    assert order["cumulative"].tolist() == [5, 35]
    assert order["finished"].tolist() == [2, 3]  # one stands at the target already
    assert [gaps.finished_within(order, served) for served in (0, 4, 5, 34, 35, 99)] == [0, 0, 1, 1, 2, 2]


def test_of_equal_gaps_the_surest_comes_first():
    table = desa((40, 10, 3), (30, 9, 0), (40, 10, 0), (40, 10, 2), (40, 10, 0))
    order = gaps.finishing_order(table, "jamban")
    assert order["gap"].tolist() == [6] * 5
    assert order["can_be_declared"].tolist() == [True, True, True, False, False]
    assert order["kode_desa"].tolist() == ["02", "04", "01", "03", "00"]


def test_equal_desa_stand_in_the_order_of_their_codes_whatever_the_order_of_the_rows():
    table = desa(*[(100, 20, 0)] * 4)
    for rows in itertools.permutations(range(4)):
        assert gaps.finishing_order(table.iloc[list(rows)], "jamban")["kode_desa"].tolist() == [
            "00", "01", "02", "03",
        ]  # fmt: skip


@settings(deadline=None)
@given(some, st.integers(1, 100))
def test_no_other_order_finishes_as_many_desa_with_fewer_households(rows, percent):
    order = gaps.finishing_order(desa(*rows, target=percent / 100), "jamban")
    assert order["rank"].tolist() == list(range(1, len(order) + 1))
    for number in order["rank"]:
        fewest = min(sum(chosen) for chosen in itertools.combinations(order["gap"], number))
        assert order["cumulative"].iloc[number - 1] == fewest


@settings(deadline=None)
@given(some, st.integers(1, 100))
def test_a_desa_is_declared_only_when_no_answer_that_is_missing_could_take_it_back(rows, percent):
    order = gaps.finishing_order(desa(*rows, target=percent / 100), "jamban").merge(
        desa(*rows, target=percent / 100), on="kode_desa"
    )
    for row in order.itertuples():
        every = row.known + row.unknown
        worst = row.known - row.jamban_need + row.gap  # served, were every unknown one in need
        assert row.can_be_declared == (worst * 100 >= percent * every)
        assert (worst + row.gap_most - row.gap) * 100 >= percent * every
        assert row.unknown or row.can_be_declared


def test_with_a_target_of_all_one_unknown_household_forbids_to_declare():
    order = gaps.finishing_order(desa((50, 3, 1), (50, 4, 0), target=1.0), "jamban")
    assert order["can_be_declared"].tolist() == [False, True]
    assert order["gap_most"].tolist() == [4, 4]


def test_nothing_to_finish_is_an_empty_order():
    order = gaps.finishing_order(desa((50, 0, 0)), "jamban")
    assert order.empty
    assert gaps.finished_within(order, 10) == 0


def test_what_was_withheld_from_an_audience_is_not_ranked():
    table = desa((100, 40, 0), (100, 15, 0))
    hidden = pd.Series([False, True])
    for part in ("known", "need", "unknown", "gap", "gap_most"):
        table[f"jamban_{part}"] = table[f"jamban_{part}"].astype("Int64").mask(hidden)
    table["jamban_enough"] &= ~hidden
    assert gaps.finishing_order(table, "jamban")["kode_desa"].tolist() == ["00"]
