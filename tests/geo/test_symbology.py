"""Class breaks and words that screen and paper share."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.symbology import RAMP_RTLH, RAMPS, UNKNOWN_COLOUR, class_breaks, number, percent


@given(st.lists(st.one_of(st.floats(0, 1), st.just(float("nan"))), max_size=40))
def test_every_rate_has_a_class_that_holds_it(values):
    breaks = class_breaks(np.array(values, dtype=float), RAMP_RTLH)
    assert len(breaks.edges) == len(breaks.colours) + 1 == len(breaks.titles()) + 1
    assert list(breaks.edges) == sorted(set(breaks.edges))
    assert breaks.edges[-1] <= 1
    for value in values:
        colour = breaks.colour(value)
        if np.isnan(value):
            assert colour == UNKNOWN_COLOUR
        else:
            place = breaks.colours.index(colour)
            assert breaks.edges[place] - 1e-9 <= value <= breaks.edges[place + 1] + 1e-9


def luminance(colour: str) -> float:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


@pytest.mark.parametrize("ramp", RAMPS.values())
def test_ramps_darken_step_by_step_in_grey_too(ramp):
    light = [luminance(colour) for colour in ramp]
    assert light == sorted(light, reverse=True)
    assert min(np.abs(np.diff(light))) > 15


@pytest.mark.parametrize(
    ("value", "decimals", "words"),
    [(1234567.891, 2, "1.234.567,89"), (0, 0, "0"), (float("nan"), 1, "–"), (-1234.5, 1, "-1.234,5")],
)
def test_numbers_are_written_as_in_indonesian(value, decimals, words):
    assert number(value, decimals) == words


def test_percentages():
    assert percent(0.5) == "50 %"
    assert percent(float("nan"), 1) == "–"
