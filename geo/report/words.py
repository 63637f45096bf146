"""The words of the report for needs, targets, chance and firmness."""

import math

import pandas as pd

from geo.symbology import number, percent
from geo.targeting import FIRM, HAIR

NEEDS = {
    "rtlh": "RTLH",
    "jamban": "tanpa jamban layak",
    "jamban_sendiri": "tanpa jamban sendiri",
    "babs": "BABS",
}
"""What follows «rumah tangga» in a sentence."""

_TARGETS = {
    "rtlh": "rumah tangga tidak lagi RTLH",
    "jamban": "rumah tangga punya akses jamban layak",
    "jamban_sendiri": "rumah tangga punya jamban sendiri",
    "babs": "rumah tangga tidak lagi BABS (Stop BABS)",
}
_SHARES = 0.1
"""Up to this p «one in so many» is exact enough."""
_KILOMETRE = 1000


def need_words(indicator: str) -> str:
    """Return what households in need are called.

    Examples
    --------
    >>> need_words("babs"), need_words("listrik")
    ('BABS', 'yang membutuhkan')
    """
    return NEEDS.get(indicator, "yang membutuhkan")


def target_words(indicator: str, target: float | None) -> str:
    """Name the target of a need; empty when the run does not state it.

    Examples
    --------
    >>> target_words("jamban", 0.9), target_words("babs", None)
    ('90 % rumah tangga punya akses jamban layak', '')
    """
    if target is None or pd.isna(target):
        return ""
    return f"{percent(target)} {_TARGETS.get(indicator, 'rumah tangga tidak lagi membutuhkan')}"


def odds(p_value: float | None) -> str:
    """Say a p-value as one in so many: never rarer than it is; empty when it is missing.

    Examples
    --------
    >>> odds(0.0001), odds(0.0413), odds(0.61), odds(float("nan"))
    ('1 dari 10.000', '1 dari 24', '61 dari 100', '')
    """
    if p_value is None or not p_value > 0:
        return ""
    # a hair of tolerance: 1 / 0.0001 must not become 9999
    if p_value <= _SHARES:
        return f"1 dari {number(math.floor(1 / p_value + 1e-6))}"
    return f"{number(math.ceil(p_value * 100 - 1e-6))} dari 100"


def firmness(top_share: float | None) -> str:
    """Say how firm a choice is, from the share of the weightings in which it is among the first.

    Examples
    --------
    >>> firmness(0.97), firmness(0.6), firmness(0.2), firmness(None)
    ('kokoh', 'bergantung pada bobot', 'selisih tipis', '')
    """
    if top_share is None or pd.isna(top_share):
        return ""
    return "kokoh" if top_share >= FIRM else "selisih tipis" if top_share < HAIR else "bergantung pada bobot"


def distance(metres: float) -> str:
    """Write metres, or kilometres from one on.

    Examples
    --------
    >>> distance(250.4), distance(3407)
    ('250 m', '3,4 km')
    """
    return f"{number(metres)} m" if metres < _KILOMETRE else f"{number(metres / _KILOMETRE, 1)} km"
