"""The components of a definition of RTLH, judged one by one: it holds, it fails, or why that is not known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo import sanitation
from geo.columns.levels import read_levels
from geo.indicators.rtlh.columns import COLUMNS
from geo.indicators.rtlh.profiles import Component, Profile

HOLDS, MISSING = 0, 1
"""The first two states of every component; each further one is a way to fail, or an answer that settles nothing."""

_SANITATION = ("fasilitas_bab", "jenis_kloset", "buang_tinja", "zone_urban")
_HAIR = 1e-4
"""Measures are kept in single precision, where 28.8 m² for four is 7.1999998 each."""


@dataclass(frozen=True)
class Judged:
    """What is known of one component, household by household.

    Attributes
    ----------
    component
        The component.
    state
        :data:`HOLDS`, :data:`MISSING`, or 2 and more: one of ``words``.
    words
        What a state from 2 on says (Indonesian).
    fails
        For each state from 2 on, whether it fails; where not, the definition does not settle it.
    depth
        How badly it fails, 0 to 1; it counts only where it fails.
    """

    component: Component
    state: np.ndarray
    words: tuple[str, ...]
    fails: tuple[bool, ...]
    depth: float | np.ndarray = 1.0

    @property
    def failing(self) -> np.ndarray:
        """Whether it fails."""
        return np.asarray(np.array([False, False, *self.fails])[self.state])

    @property
    def open(self) -> np.ndarray:
        """Whether it neither holds nor fails."""
        return np.asarray(np.array([False, True, *(not each for each in self.fails)])[self.state])


def judge_components(households: pd.DataFrame, profile: Profile) -> list[Judged]:
    """Judge every component of a definition; a column that the table lacks is unknown throughout."""
    judged = []
    for component in profile.components:
        found = _RULES[component.rule](households, component, profile)
        if not component.needed:
            found.state[found.open] = HOLDS
        judged.append(found)
    return judged


def numbers(households: pd.DataFrame, name: str) -> np.ndarray:
    """Return a column as floats, NaN where it is missing, as it is throughout in a table without it."""
    if name not in households:
        return np.full(len(households), np.nan)
    return households[name].astype("Float64").to_numpy(float, na_value=np.nan)


def _codes(households: pd.DataFrame, component: Component, profile: Profile) -> Judged:
    labels = COLUMNS[component.column].labels
    order = sorted(labels)
    beyond = max(order) + 1
    places = np.full(beyond + 1, MISSING, dtype=np.int8)
    for nth, code in enumerate(order):
        places[code] = HOLDS if code in component.ok else nth + 2
    codes = _whole(households, component.column, beyond)
    state = places[codes]
    words = [_named(component.name, labels[code]) for code in order]
    fails = [code in component.bad for code in order]
    if component.by_condition:
        good, bad = _condition(households, component.condition, profile)
    for code in sorted(component.by_condition):
        words.append(f"{_named(component.name, labels[code])} rusak")
        fails.append(True)
        here = codes == code
        state[here & good] = HOLDS
        state[here & bad] = len(words) + 1
    return Judged(component, state, tuple(words), tuple(fails))


def _area(households: pd.DataFrame, component: Component, _: Profile) -> Judged:
    each = _over(numbers(households, "luas_lantai"), numbers(households, "jumlah_art"))
    words = (f"luas di bawah {_told(component.least)} m² per orang",)
    short = np.clip(1 - np.nan_to_num(each) / component.least, 0, 1)
    depth = component.base + (1 - component.base) * short
    return Judged(component, _at_least(each, component.least), words, (True,), depth)


def _height(households: pd.DataFrame, component: Component, _: Profile) -> Judged:
    words = (f"{component.name} di bawah {_told(component.least)} m",)
    state = _at_least(numbers(households, component.column), component.least)
    return Judged(component, state, words, (True,))


def _opening(households: pd.DataFrame, component: Component, _: Profile) -> Judged:
    percent = numbers(households, component.percent)
    measured = 100 * _over(numbers(households, component.column), numbers(households, "luas_lantai"))
    share = np.where(np.isnan(percent), measured, percent)
    words = (f"{component.part} di bawah {_told(component.least)} % luas lantai",)
    return Judged(component, _at_least(share, component.least), words, (True,))


def _levels(households: pd.DataFrame, component: Component, profile: Profile) -> Judged:
    labels = read_levels().labels
    levels = numbers(households, component.column)
    order = sorted({*labels} - profile.condition_ok)
    state = np.full(len(households), MISSING, dtype=np.int8)
    state[np.isin(levels, list(profile.condition_ok))] = HOLDS
    for nth, level in enumerate(order):
        state[levels == level] = nth + 2
    words = tuple(f"{component.name} {labels[level]}" for level in order)
    return Judged(component, state, words, tuple(level in profile.condition_bad for level in order))


def _sanitation(households: pd.DataFrame, component: Component, _: Profile) -> Judged:
    asked = households.reindex(columns=list(_SANITATION))
    fit = sanitation.layak(asked)
    places, steps = pd.factorize(sanitation.ladder(asked).where(~fit.fillna(value=True).to_numpy(bool)))
    # a closet may be known not to be layak although its step is not
    below = [sanitation.BELUM_LAYAK if step == sanitation.UNKNOWN else str(step) for step in steps]
    state = np.where(fit.isna(), MISSING, np.where(places < 0, HOLDS, places + 2)).astype(np.int8)
    return Judged(component, state, tuple(f"{component.name} {step}" for step in below), (True,) * len(below))


_RULES: Mapping[str, Callable[[pd.DataFrame, Component, Profile], Judged]] = {
    "codes": _codes,
    "area": _area,
    "sanitation": _sanitation,
    "height": _height,
    "opening": _opening,
    "condition": _levels,
}


def _condition(households: pd.DataFrame, column: str, profile: Profile) -> tuple[np.ndarray, np.ndarray]:
    levels = numbers(households, column)
    return np.isin(levels, list(profile.condition_ok)), np.isin(levels, list(profile.condition_bad))


def _over(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Divide; what is divided by nothing, or by nought, is not known."""
    return np.asarray(np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0))


def _at_least(values: np.ndarray, least: float) -> np.ndarray:
    return np.where(np.isfinite(values), np.where(values < least - _HAIR, 2, HOLDS), MISSING).astype(np.int8)


def _whole(households: pd.DataFrame, name: str, beyond: int) -> np.ndarray:
    """Return codes as places, and ``beyond`` where there is none, or a number that is no code."""
    values = numbers(households, name)
    return np.where((values >= 0) & (values < beyond), np.nan_to_num(values), beyond).astype(np.intp)


def _named(name: str, label: str) -> str:
    """Say an answer with what it is of, no word of it twice: «air minum hujan».

    Examples
    --------
    >>> _named("air minum", "air hujan"), _named("lantai", "tanah")
    ('air minum hujan', 'lantai tanah')
    """
    first, _, rest = label.partition(" ")
    return f"{name} {rest if rest and first in name.split() else label}"


def _told(value: float) -> str:
    return f"{value:g}".replace(".", ",")
