"""Two lists side by side, and a list as a table."""

from pathlib import Path

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from app.choice_list import read_choice_list
from app.choosing.lists import csv_table
from app.choosing.overlap import overlap
from app.csv_output import csv_text

ROWS = st.lists(st.integers(2, 40), unique=True, max_size=20)


def members(rows: list[int], keys: list[dict[str, str]] | None = None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "sheet_row": pd.array(rows, dtype="int64"),
            "kode_desa": ["99.01.01.2001"] * len(rows),
            "rank": range(1, len(rows) + 1),
            "cost": [None] * len(rows),
            "keys": keys or [{} for _ in rows],
        }
    )


@given(ROWS, ROWS)
def test_everybody_is_in_both_or_in_one(first: list[int], second: list[int]):
    told = overlap(members(first), members(second), same_run=True)
    assert {first[here] for here, _ in told.both} == {*first} & {*second}
    assert all(first[here] == second[other] for here, other in told.both)
    assert {first[here] for here in told.only_first} == {*first} - {*second}
    assert {second[there] for there in told.only_second} == {*second} - {*first}


def test_lists_of_two_runs_meet_by_keys_and_not_by_rows():
    first = members([2, 3, 4], [{"key_kk": "a", "key_nik": "x"}, {"key_kk": "b", "key_nik": "y"}, {}])
    second = members([2, 3], [{"key_kk": "b", "key_nik": "y"}, {"key_kk": "c", "key_nik": "z"}])
    told = overlap(first, second, same_run=False)
    assert told.by_keys
    assert told.both == [(1, 0)]
    assert (told.only_first, told.only_second, told.unknown) == ([0, 2], [1], 1)


def test_a_saved_list_is_what_the_plan_of_visits_reads(tmp_path: Path):
    file = tmp_path / "daftar.csv"
    file.write_bytes(csv_text(csv_table(members([9, 5]))).encode("utf-8-sig"))
    assert read_choice_list(file).ranks == {9: 1, 5: 2}
