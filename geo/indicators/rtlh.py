"""RTLH: whether a house is unfit, by the definition that the settings name."""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from geo import sanitation
from geo.columns import PROFILES, Column, code_column
from geo.errors import SettingsError
from geo.indicators.base import Answer, Indicator
from geo.settings import IndicatorSettings
from geo.symbology import join_words

JENIS_LANTAI = code_column(
    "jenis_lantai", ("jenis lantai", "lantai", "jenis lantai terluas", "kd jenis lantai terluas")
)
JENIS_DINDING = code_column(
    "jenis_dinding", ("jenis dinding", "dinding", "jenis dinding terluas", "kd jenis dinding")
)
JENIS_ATAP = code_column("jenis_atap", ("jenis atap", "atap", "jenis atap terluas", "kd jenis atap"))
SUMBER_AIR = code_column(
    "sumber_air",
    ("sumber air minum", "sumber air", "air minum", "sumber air minum utama", "kd sumber air minum"),
)
LUAS_LANTAI = Column(
    "luas_lantai",
    ("luas lantai", "luas lantai m2", "luas rumah", "luas bangunan"),
    kind="area",
    low=1,
    high=500,
)


@cache
def profiles() -> Mapping[str, Mapping[str, Any]]:
    """Return the RTLH definitions by name, as geo/profiles/rtlh.toml has them."""
    with (PROFILES / "rtlh.toml").open("rb") as file:
        return tomllib.load(file)


def _profile(settings: IndicatorSettings) -> Mapping[str, Any]:
    known = profiles()
    if settings.rtlh_profile not in known:
        raise SettingsError(
            f"Definisi RTLH «{settings.rtlh_profile}» tidak dikenal. Yang ada: {', '.join(known)}."
        )
    return known[settings.rtlh_profile]


def _judge(
    households: pd.DataFrame, column: Column, good: list[int], bad: list[int], part: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return 1 where a component fails, 0 where it holds, NaN where unknown; and the words for a failure."""
    codes = households[column.name].astype("Float64").to_numpy(float, na_value=np.nan)
    fails = np.select([np.isin(codes, bad), np.isin(codes, good)], [1.0, 0.0], default=np.nan)
    words = np.array(["", *(f"{part} {column.labels[code]}" for code in sorted(column.labels))], dtype=object)
    places = np.where(fails == 1.0, np.searchsorted(sorted(column.labels), codes) + 1, 0)
    return fails, words[places]


def _area(households: pd.DataFrame, least_m2: float) -> tuple[np.ndarray, np.ndarray]:
    area = households["luas_lantai"].astype("Float64").to_numpy(float, na_value=np.nan)
    members = households["jumlah_art"].astype("Float64").to_numpy(float, na_value=np.nan)
    each = area / members
    # a hair of tolerance: the floor area is kept in single precision, where 28.8 m² for four is 7.1999998 each
    fails = np.where(np.isfinite(each), (each < least_m2 - 1e-4).astype(float), np.nan)
    limit = f"luas di bawah {least_m2:g} m² per orang".replace(".", ",")
    return fails, np.where(fails == 1.0, limit, "").astype(object)


def _sanitation(households: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    step = sanitation.ladder(households).to_numpy(object)
    fails = np.select(
        [step == sanitation.UNKNOWN, np.isin(step, sanitation.LAYAK)], [np.nan, 0.0], default=1.0
    )
    return fails, np.where(fails == 1.0, "sanitasi " + step.astype(str), "").astype(object)


def _in_need(households: pd.DataFrame, settings: IndicatorSettings) -> Answer:
    profile = _profile(settings)
    judged = {
        "atap": _judge(households, JENIS_ATAP, profile["roof_ok"], profile["roof_bad"], "atap"),
        "dinding": _judge(households, JENIS_DINDING, profile["wall_ok"], profile["wall_bad"], "dinding"),
        "lantai": _judge(households, JENIS_LANTAI, profile["floor_ok"], profile["floor_bad"], "lantai"),
        "luas": _area(households, profile["area_m2_per_person"]),
        "air minum": _judge(households, SUMBER_AIR, profile["water_ok"], profile["water_bad"], "air minum"),
        "sanitasi": _sanitation(households),
    }
    fails = np.column_stack([part for part, _ in judged.values()])
    any_fails, any_unknown = (fails == 1.0).any(axis=1), np.isnan(fails).any(axis=1)
    need = pd.Series(any_fails, index=households.index).astype("boolean").mask(~any_fails & any_unknown)
    why = join_words(*(words for _, words in judged.values()))
    missing = join_words(
        *(np.where(np.isnan(part), name, "").astype(object) for name, (part, _) in judged.items())
    )
    unknown = need.isna().to_numpy()
    why = np.where(unknown, "belum ada data: " + missing.astype(str), why)
    severity = np.nansum(fails, axis=1) / fails.shape[1]
    return Answer(
        need,
        pd.Series(why, index=households.index, dtype="str"),
        {"severity_rtlh": pd.Series(severity, index=households.index).astype("Float32").mask(unknown)},
    )


def _text(key: str) -> Callable[[IndicatorSettings], str]:
    return lambda settings: str(_profile(settings)[key])


RTLH = Indicator(
    id="rtlh",
    title="RTLH (indikasi)",
    definition=_text("definition"),
    profile=lambda settings: f"{settings.rtlh_profile} {_profile(settings)['version']}",
    required=(JENIS_ATAP, JENIS_DINDING, JENIS_LANTAI),
    sharpening=(
        LUAS_LANTAI,
        SUMBER_AIR,
        sanitation.FASILITAS_BAB,
        sanitation.JENIS_KLOSET,
        sanitation.BUANG_TINJA,
    ),
    in_need=_in_need,
)
