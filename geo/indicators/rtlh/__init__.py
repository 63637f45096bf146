"""RTLH: whether a house is unfit, by the definition that the settings name."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.columns import Column
from geo.indicators.base import Answer, Indicator
from geo.indicators.rtlh.columns import COLUMNS, MATERIALS, SHARPENING, STRUCTURE
from geo.indicators.rtlh.components import MISSING, Judged, judge_components, numbers
from geo.indicators.rtlh.profiles import Profile, profile_of, profiles
from geo.settings import IndicatorSettings

__all__ = ["INDIKASI", "RTLH", "TERVERIFIKASI", "Judgement", "judge", "profile_of", "profiles"]

INDIKASI, TERVERIFIKASI = "indikasi", "terverifikasi"


@dataclass(frozen=True)
class Judgement:
    """What a definition of RTLH says of each house, all with the index of the households.

    Attributes
    ----------
    need
        Nullable boolean: unfit, fit, unknown.
    why
        What failed, or what is missing or not settled, in words (Indonesian); empty for a fit house.
    severity
        0 to 1: the weighted share of the components that fail, the floor area by how far; missing where the need is.
    basis
        ``terverifikasi`` where a survey answered for the whole structure, else ``indikasi``.
    """

    need: pd.Series
    why: pd.Series
    severity: pd.Series
    basis: pd.Series


def judge(households: pd.DataFrame, profile: str) -> Judgement:
    """Judge houses by a definition; the one function behind the indicator and the comparison.

    Parameters
    ----------
    households
        With what the definition asks for (geo/profiles/rtlh.toml) and ``zone_urban``; a column that is not there
        is unknown throughout.
    profile
        Name of the definition.

    Raises
    ------
    SettingsError
        When there is no definition of that name.

    Examples
    --------
    >>> house = pd.DataFrame({"jenis_atap": [2, 3, None], "jenis_dinding": [1, 1, 1], "jenis_lantai": [2, 6, 2]})
    >>> found = judge(house, "sepakat")
    >>> found.need.tolist(), found.why.tolist()
    ([False, True, <NA>], ['', 'atap seng; lantai semen/bata merah', 'belum ada data: atap'])
    """
    definition = profile_of(profile)
    judged = judge_components(households, definition)
    failing = np.column_stack([each.failing for each in judged])
    any_fails = np.asarray(failing.any(axis=1))
    unknown = np.asarray(~any_fails & np.column_stack([each.open for each in judged]).any(axis=1))
    weights = np.array([each.component.weight for each in judged])
    depth = sum(
        (each.component.weight * each.depth * each.failing for each in judged), np.zeros(len(households))
    )
    index = households.index
    return Judgement(
        pd.Series(any_fails, index=index).astype("boolean").mask(unknown),
        _reasons(judged, index),
        pd.Series(depth / weights.sum(), index=index).astype("Float32").mask(unknown),
        pd.Series(np.where(_verified(households, definition), TERVERIFIKASI, INDIKASI), index, dtype="str"),
    )


def _verified(households: pd.DataFrame, profile: Profile) -> np.ndarray:
    """Say where a survey answered for every part of the structure that the definition names."""
    if not profile.structure:
        return np.zeros(len(households), dtype=bool)
    answered = []
    for name in profile.structure:
        levels = numbers(households, name)
        answered.append(np.isfinite(levels) & ~np.isin(levels, list(profile.register_levels)))
    return np.asarray(np.logical_and.reduce(answered))


def _reasons(judged: list[Judged], index: pd.Index) -> pd.Series:
    """Say why, once for each combination of states: there are few of them, however many houses."""
    key = np.zeros(len(index), dtype=np.int64)
    for each in judged:
        key = key * (len(each.words) + 2) + each.state
    places, distinct = pd.factorize(key)
    texts = [_reason(judged, int(combination)) for combination in distinct]
    return pd.Series(pd.array(texts, dtype="str").take(places), index=index)


def _reason(judged: list[Judged], combination: int) -> str:
    failed: list[str] = []
    missing: list[str] = []
    unsettled: list[str] = []
    for each in reversed(judged):
        combination, state = divmod(combination, len(each.words) + 2)
        if state == MISSING:
            missing.append(each.component.name)
        elif state > MISSING:
            nth = state - MISSING - 1
            (failed if each.fails[nth] else unsettled).append(each.words[nth])
    if failed:
        return _listed(failed)
    said = [("belum ada data: ", missing), ("belum dapat dipastikan: ", unsettled)]
    return "; ".join(f"{head}{_listed(words)}" for head, words in said if words)


def _listed(words: list[str]) -> str:
    return "; ".join(dict.fromkeys(reversed(words)))


def _in_need(households: pd.DataFrame, settings: IndicatorSettings) -> Answer:
    found = judge(households, settings.rtlh_profile)
    return Answer(found.need, found.why, {"severity_rtlh": found.severity, "basis_rtlh": found.basis})


def _text(key: str) -> Callable[[IndicatorSettings], str]:
    return lambda settings: str(getattr(profile_of(settings.rtlh_profile), key))


def _required(settings: IndicatorSettings) -> tuple[Column, ...]:
    return tuple(COLUMNS[name] for name in profile_of(settings.rtlh_profile).required)


RTLH = Indicator(
    id="rtlh",
    title="RTLH (indikasi)",
    definition=_text("definition"),
    profile=_text("label"),
    required=MATERIALS,
    sharpening=SHARPENING,
    in_need=_in_need,
    required_by=_required,
    instead=STRUCTURE,
)
