"""RT and RW in every form; a date is read only where something tells its order."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.households.rt_rw import DATE_SETTLED, DATE_UNSURE, DATE_WRITTEN, read_rt_rw


def read(
    *cells: str | None, desa: str | None = "A", rt: tuple[str, ...] = ()
) -> tuple[list[tuple[object, object]], dict[str, int]]:
    size = len(cells) or len(rt)
    table = pd.DataFrame(
        {
            "rt": pd.Series(rt or [None] * size, dtype="str"),
            "rw": pd.Series([None] * size, dtype="str"),
            "rt_rw": pd.Series(cells or [None] * size, dtype="str"),
            "desa_tertulis": pd.Series([desa] * size, dtype="str"),
        }
    )
    found, counts = read_rt_rw(table)
    pairs = [
        (None if pd.isna(a) else a, None if pd.isna(b) else b)
        for a, b in zip(found["rt"], found["rw"], strict=True)
    ]
    return pairs, counts


@pytest.mark.parametrize(
    ("cell", "pair"),
    [("001/002", ("1", "2")), ("1-2", ("1", "2")), ("RT 3 RW 1", ("3", "1")), ("RT.003/RW.001", ("3", "1")),
     ("03/01", ("3", "1")), ("RT 2", ("2", None)), ("RW 2", (None, "2")), ("rw 1 / rt 3", ("3", "1")),
     ("RT/RW 03/01", ("3", "1")), ("3 1", ("3", "1")), ("RT01RW02", ("1", "2")), ("1/2/3", (None, None)),
     ("12", (None, None)), ("1234/1", (None, None)), ("RT 1 RW II", ("1", "2")), ("III/IX", ("3", "9")),
     ("x", (None, None)), ("RT.V", ("5", None)), ("RT03/RW.I", ("3", "1")), ("RT03/RW.", ("3", None)),
     ("RT 03 / RW -", ("3", None)), ("03/-", ("3", None)), ("RT 03/04 RW", (None, None))],
)  # fmt: skip
def test_a_pair_in_one_cell(cell, pair):
    assert read(cell)[0] == [pair]


@pytest.mark.parametrize(
    "cell", ["2-Jan", "02-Jan", "2026-01-02", "2026-02-01 00:00:00", "Jan-02", "2 January", "2-Jan-26"]
)
def test_a_date_alone_does_not_tell_its_order(cell):
    pairs, counts = read(cell)
    assert pairs == [(None, None)]
    assert counts == {DATE_UNSURE: 1}


@pytest.mark.parametrize(
    ("cell", "pair", "how"),
    [("2-Feb", ("2", "2"), DATE_SETTLED), ("Jan-13", ("1", "13"), DATE_WRITTEN),
     ("01/02/2026", ("1", "2"), DATE_WRITTEN),
     ("3-Mei", ("3", "5"), DATE_SETTLED), ("3 Januari", ("3", "1"), DATE_SETTLED)],
)  # fmt: skip
def test_a_date_that_tells_its_order_itself(cell, pair, how):
    assert read(cell) == ([pair], {how: 1})


@pytest.mark.parametrize(
    ("witnesses", "pair"),
    [(["15/3"] * 5, ("1", "2")), (["3/15"] * 5, ("2", "1")), (["15/3"] * 4, (None, None)),
     (["15/3"] * 5 + ["3/15"] * 5, (None, None)), (["015/003"] * 9, (None, None))],
)  # fmt: skip
def test_pairs_that_are_no_date_tell_the_order(witnesses, pair):
    assert read("2-Jan", *witnesses)[0][0] == pair


@pytest.mark.parametrize(("order", "first"), [((1, 0), "hari"), ((0, 1), "bulan")])
def test_pairs_of_the_same_desa_tell_the_order(order, first):
    dates = [(day, month) for day, month in ((3, 1), (4, 1), (5, 1), (6, 2), (7, 2), (8, 2))]
    written = [f"{day}-{('Jan', 'Feb')[month - 1]}" for day, month in dates]
    whole = [f"{date[1 - order[0]]:03}/{date[order[0]]:03}" for date in dates]
    assert all(pair[0] is not None for pair in read(*written, *whole)[0])
    pair = read(*written, *whole)[0][0]
    assert pair == (("3", "1") if first == "hari" else ("1", "3"))
    assert read(*written, *whole, desa=None)[0][0] == (None, None)


def test_columns_of_their_own():
    pairs, _ = read(rt=("1/2", "003", "2-Jan", "RT 04", "utara", "5.0", "IV", "v"))
    assert pairs == [
        *(("1", "2"), ("3", None), (None, None), ("4", None), ("utara", None), ("5", None)),
        *(("4", None), ("v", None)),
    ]


@given(
    st.lists(
        st.one_of(
            st.none(), st.text(max_size=14), st.from_regex(r"[0-9]{1,2}[-/ ][A-Za-z0-9]{1,4}", fullmatch=True)
        )
    )
)
def test_any_text_is_read_or_left(cells):
    pairs, _ = read(*cells) if cells else ([], {})
    assert len(pairs) == len(cells)
