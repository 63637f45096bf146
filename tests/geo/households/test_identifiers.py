"""NIK and KK: text stays text, damage is marked, nothing is made up."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.households.identifiers import (
    DUMMY,
    EXPONENT,
    LAST_LOST,
    LAST_PERHAPS_LOST,
    NO_DATE,
    NO_REGION,
    NO_SERIAL,
    NOT_DIGITS,
    NOT_SIXTEEN,
    count_marks,
    read_identifiers,
)

GOOD = "3326014501900003"


def read(*cells: str | None, **options: bool) -> list[tuple[str | None, str]]:
    found = read_identifiers(pd.Series(cells, dtype="str"), **options)
    return [
        (None if pd.isna(number) else number, mark)
        for number, mark in found.itertuples(index=False, name=None)
    ]


@pytest.mark.parametrize(
    "cell",
    [f"'{GOOD}", "3326 0145 0190 0003", "3326.0145.0190.0003", "3326-0145-0190-0003", f"{GOOD}.0", f"{GOOD},00",
     f"\u00a0{GOOD}\u202c", f"NIK: {GOOD}", "3.326.014.501.900.003", f' "{GOOD}" ',
     "3.326014501900003E+15", "3,326014501900003e15"],
)  # fmt: skip
def test_what_was_put_around_and_between_the_digits_is_taken_off(cell):
    assert read(cell) == [(GOOD, "")]


@pytest.mark.parametrize(
    ("cell", "mark"),
    [
        ("3,326E+15", EXPONENT), ("3.32601E+15", EXPONENT), ("3e15", EXPONENT), ("332601450190000", NOT_SIXTEEN),
        ("3.32601450190000E+15", EXPONENT), ("3.326014501900003E+16", EXPONENT), ("9.126010101900001E+15", EXPONENT),
        ("33260145019000031", NOT_SIXTEEN), ("33A6014501900003", NOT_DIGITS), ("0", DUMMY), ("9" * 16, DUMMY),
        ("1234567890123456", DUMMY), ("9926014501900003", NO_REGION), ("3300014501900003", NO_REGION),
        ("3326017201900003", NO_DATE), ("3326013113900003", NO_DATE), ("3326013002900003", NO_DATE),
        ("3326012902010003", NO_DATE), ("3326010001900003", NO_DATE), ("3326014501900000", NO_SERIAL),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_marked_and_stays_as_written(cell, mark):
    assert read(cell) == [(cell, mark)]


@pytest.mark.parametrize(
    "cell", ["3326012902000003", "3326016902960003", "3326013112990003", "9126010101900001"]
)
def test_numbers_of_either_sex_and_of_leap_years_are_fine(cell):
    assert read(cell) == [(cell, "")]


def test_a_card_number_holds_its_day_as_it_is():
    assert read("3326014501900003", women_days=False)[0][1] == NO_DATE
    assert read("3326010501190003", women_days=False)[0][1] == ""


@pytest.mark.parametrize("cell", [None, "", "-", "—", "N/A", "NULL", "..."])
def test_an_empty_cell_bears_no_mark(cell):
    assert read(cell) == [(None, "")]


def test_a_last_zero_is_certain_damage_only_in_numbers():
    ending_0, ending_3 = "3326010501900020", GOOD
    assert read(ending_0)[0][1] == ""
    assert read(ending_0, ending_0, came_as_numbers=True)[0][1] == LAST_LOST
    assert [mark for _, mark in read(ending_0, ending_3, came_as_numbers=True)] == [LAST_PERHAPS_LOST, ""]


def test_more_zeros_than_chance_makes_are_doubtful_and_as_many_are_not():
    def numbers(zeros: int, others: int) -> list[str]:
        return [f"332601050190{serial:03}0" for serial in range(1, zeros + 1)] + [GOOD] * others

    assert count_marks(pd.Series([mark for _, mark in read(*numbers(60, 60))])) == {LAST_PERHAPS_LOST: 60}
    assert count_marks(pd.Series([mark for _, mark in read(*numbers(15, 105))])) == {}
    assert count_marks(pd.Series([mark for _, mark in read(*numbers(5, 0))])) == {}


@given(st.lists(st.one_of(st.none(), st.text(max_size=24), st.from_regex(r"[0-9]{14,17}", fullmatch=True))))
def test_no_digit_is_ever_added_or_changed(cells):
    found = read(*cells)
    assert len(found) == len(cells)
    for cell, (number, mark) in zip(cells, found, strict=True):
        if number is None:
            assert mark == ""
        else:
            assert cell is not None
            assert "".join(filter(str.isascii, filter(str.isdigit, number))) in "".join(
                filter(str.isascii, filter(str.isdigit, cell))
            )
