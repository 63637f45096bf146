"""Invented answers on the house, the water and the jamban, in the codes of Regsosek 2022."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

ANSWERS = (
    "jenis_lantai",
    "jenis_dinding",
    "jenis_atap",
    "sumber_air",
    "fasilitas_bab",
    "jenis_kloset",
    "buang_tinja",
)

# What a question is answered where nothing is wrong, and where something is; codes with their shares.
_GOOD: Mapping[str, Mapping[int, float]] = {
    "jenis_lantai": {1: 0.03, 2: 0.40, 3: 0.02, 4: 0.17, 5: 0.06, 6: 0.32},
    "jenis_dinding": {1: 0.76, 2: 0.06, 3: 0.16, 5: 0.02},
    "jenis_atap": {1: 0.03, 2: 0.80, 3: 0.15, 5: 0.02},
    "sumber_air": {2: 0.03, 3: 0.22, 4: 0.33, 5: 0.25, 7: 0.16, 10: 0.01},
}
_BAD: Mapping[str, Mapping[int, float]] = {
    "jenis_lantai": {7: 0.10, 8: 0.86, 9: 0.04},
    "jenis_dinding": {4: 0.66, 6: 0.30, 7: 0.04},
    "jenis_atap": {4: 0.62, 6: 0.12, 7: 0.22, 8: 0.04},
    "sumber_air": {6: 0.55, 8: 0.30, 9: 0.15},
}
# Chance of a bad answer: logit at average poverty, and how steeply it rises with poverty.
_CURVES: Mapping[str, tuple[float, float]] = {
    "jenis_lantai": (-4.7, 1.7),
    "jenis_dinding": (-4.9, 1.7),
    "jenis_atap": (-4.9, 1.5),
    "sumber_air": (-4.6, 1.2),
}
# Chance of a bad answer in a planted bad house, on top.
_PLANTED: Mapping[str, float] = {
    "jenis_lantai": 0.6,
    "jenis_dinding": 0.6,
    "jenis_atap": 0.6,
    "sumber_air": 0.15,
}
_JAMBAN_CURVE = (-2.02, 1.3)
PLANTED_SHARE = 0.72
"""Share of the houses in a planted kantong whose building is bad, whatever their poverty."""

JAMBAN_GAP_SHARE = 0.70
"""Share of the households without layak jamban in a desa with a planted gap."""

# 309a, 309b, 310 and the share of each among those who have, and those who lack, access to layak jamban.
_LAYAK = ((1, 1, 1, 0.80), (1, 1, 2, 0.02), (2, 1, 1, 0.12), (3, 1, 1, 0.06))
_NOT_LAYAK = (
    (6, 0, 0, 0.34), (5, 0, 0, 0.04), (4, 1, 1, 0.08), (1, 4, 3, 0.12), (1, 2, 3, 0.08),
    (1, 1, 3, 0.16), (2, 4, 3, 0.06), (1, 3, 4, 0.05), (2, 1, 5, 0.05), (1, 1, 6, 0.02),
)  # fmt: skip
_PIT = (1, 1, 4)
"""Own leher angsa over a pit: layak in rural desa only, so it is given to a few there."""


def answer(
    poor: np.ndarray,
    members: np.ndarray,
    rng: np.random.Generator,
    *,
    planted: np.ndarray,
    gap: np.ndarray,
    struck: pd.DataFrame,
    rural: np.ndarray,
) -> pd.DataFrame:
    """Invent the answers of every household; poor ones live worse.

    Parameters
    ----------
    poor
        About standard normal.
    members
        People in the household.
    planted, gap, rural
        Whether it lives in a planted kantong, a desa with a planted jamban gap, a desa that is not dense.
    struck
        Whether its region gives it a bad building (``rtlh``), or no layak jamban (``jamban``).

    Returns
    -------
    pandas.DataFrame
        ``luas_lantai`` (m²) and the codes of ``ANSWERS``, Int16, missing where the form skips the question.
    """
    count = poor.size
    bad_building = (planted & (rng.random(count) < PLANTED_SHARE)) | struck["rtlh"].to_numpy()
    answers: dict[str, np.ndarray] = {}
    for question, (level, slope) in _CURVES.items():
        bad = rng.random(count) < _logistic(level + slope * poor)
        bad |= bad_building & (rng.random(count) < _PLANTED[question])
        answers[question] = np.where(
            bad, _draw(_BAD[question], count, rng), _draw(_GOOD[question], count, rng)
        )
    cramped = (rng.random(count) < _logistic(-4.2 + 1.1 * poor)) | (bad_building & (rng.random(count) < 0.35))  # noqa: PLR2004
    each = np.where(
        cramped, rng.uniform(3.5, 7.1, count), 8 + rng.gamma(2.5, 4.5 * np.exp(-0.2 * poor), count)
    )
    lacks = rng.random(count) < _logistic(_JAMBAN_CURVE[0] + _JAMBAN_CURVE[1] * poor)
    lacks = np.where(gap, rng.random(count) < JAMBAN_GAP_SHARE, lacks | struck["jamban"].to_numpy())
    facility = np.where(lacks[:, None], _draw_rows(_NOT_LAYAK, count, rng), _draw_rows(_LAYAK, count, rng))
    pit = rural & ~lacks & (facility[:, 0] == 1) & (rng.random(count) < 0.10)  # noqa: PLR2004  -- a share
    facility[pit] = _PIT
    area = np.where(cramped, np.floor(each * members), np.ceil(each * members)).clip(6, 400)
    table = pd.DataFrame({"luas_lantai": area.astype(int), **answers})
    table[["fasilitas_bab", "jenis_kloset", "buang_tinja"]] = facility
    return table.astype("Int16").mask(table == 0)


def _logistic(x: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-x)))


def _draw(shares: Mapping[int, float], count: int, rng: np.random.Generator) -> np.ndarray:
    weight = np.array(list(shares.values()))
    place = np.searchsorted(np.cumsum(weight / weight.sum())[:-1], rng.random(count), side="right")
    return np.array(list(shares))[place]


def _draw_rows(
    rows: tuple[tuple[int, int, int, float], ...], count: int, rng: np.random.Generator
) -> np.ndarray:
    place = _draw({number: row[3] for number, row in enumerate(rows)}, count, rng)
    return np.asarray(np.array([row[:3] for row in rows])[place])
