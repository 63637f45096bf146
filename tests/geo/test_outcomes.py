"""Tests of how far visits have come, counted."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.outcomes import CODES, COUNTS, OUTCOMES, progress, rounded

WORDS = st.sampled_from([None, *OUTCOMES])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["a", "b", None]), WORDS), max_size=40))
def test_the_groups_add_up_to_the_whole(rows: list[tuple[str | None, str | None]]):
    listed = pd.DataFrame(
        {"sheet_row": range(len(rows)), "desa": pd.Series([desa for desa, _ in rows], dtype="str")}
    )
    words = pd.Series({row: word for row, (_, word) in enumerate(rows) if word}, dtype="object")
    whole, parts = progress(listed, words).iloc[0], progress(listed, words, ["desa"])
    assert [int(parts[name].sum()) for name in COUNTS] == [int(whole[name]) for name in COUNTS]
    assert int(whole["visited"]) == sum(int(whole[word]) for word in OUTCOMES) == len(words)
    assert int(whole["listed"]) == len(rows)


def test_outcomes_of_others_are_not_counted():
    listed = pd.DataFrame({"sheet_row": [1]})
    assert int(progress(listed, pd.Series({2: "selesai"})).iloc[0]["visited"]) == 0


def test_an_empty_list_has_no_share():
    row = progress(pd.DataFrame({"sheet_row": pd.Series(dtype="int64")}), pd.Series(dtype="object")).iloc[0]
    assert row["listed"] == 0
    assert pd.isna(row["share"])


@given(st.integers(0, 100_000))
def test_a_count_that_is_told_to_all_hides_which_it_is(count: int):
    told = rounded(count)
    assert told == rounded(count + 1) or told == rounded(max(count - 1, 0))
    assert (told == "kurang dari 5") == (count < 5)


def test_the_codes_of_tiles_stay_what_they_are():
    assert CODES == {
        "selesai": 1,
        "tidak_ditemukan": 2,
        "pindah": 3,
        "menolak": 4,
        "sudah_diperbaiki": 5,
        "data_salah": 6,
    }
