"""Invented people: names of nobody, numbers that cannot exist, and how poor each household is."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

# Four syllables from these give words with the sound of Java that are no one's name.
_OPENINGS = ("Kar", "Wen", "Sun", "Bam", "Gen", "Mar", "Pan", "Ron", "Tum", "Yas", "Lam", "Jen")
_MIDDLES = ("ti", "du", "ngi", "bo", "sa", "we", "ro", "mi", "ka", "pu", "nya", "le")
_ENDINGS = ("dar", "wun", "sem", "rat", "gil", "mon", "tis", "bek", "nur", "lap", "jin", "kos")
VOCABULARY = 4000

DESIL_EDGES = (0.17, 0.34, 0.50, 0.64, 0.75, 0.84, 0.90, 0.95, 0.98)
"""Shares of desil 1, 1 to 2, ... 1 to 9 in the sample: a register leans to the poor."""

HEALTH_SHARES = {"Penyakit kronis": 0.13, "Disabilitas": 0.04}
"""Share of the households of three where someone is chronically ill, or has a disability."""

HEALTH_BLANK_SHARE = 0.06

_RANGE = 10**10


@dataclass(frozen=True)
class Numbers:
    """A row of numbers in the form of a NIK or KK, each unlike the others.

    The digits in front are ``99``, which no province has; the date of birth is day 00, month 13 (``0013``).
    """

    step: int
    start: int

    def text(self, places: np.ndarray) -> pd.Series:
        """Write the numbers at some places of the row, 16 digits each.

        Examples
        --------
        >>> Numbers(step=7, start=12).text(np.array([0, 1])).tolist()
        ['9900000013000012', '9900000013000019']
        """
        # A step that shares no factor with ten visits every number once before it repeats.
        number = (places.astype(np.int64) * self.step + self.start) % _RANGE
        digits = pd.Series(number).astype("str").str.zfill(10)
        return "99" + digits.str.slice(0, 4) + "0013" + digits.str.slice(4)


NIK = Numbers(step=7_300_000_003, start=1_234_567_891)
KK = Numbers(step=2_910_000_007, start=8_765_432_109)


def invent_names(count: int, rng: np.random.Generator) -> pd.Series:
    """Put names together from invented syllables, in capitals as registers write them."""
    words = pd.Series(
        [
            "".join(parts)
            for parts in zip(
                rng.choice(_OPENINGS, VOCABULARY),
                rng.choice(_MIDDLES, VOCABULARY),
                rng.choice(_MIDDLES, VOCABULARY),
                rng.choice(_ENDINGS, VOCABULARY),
                strict=True,
            )
        ]
    ).str.upper()
    first, second = (words.take(rng.integers(0, VOCABULARY, count)).reset_index(drop=True) for _ in range(2))
    return first + " " + second


def poverty(desa: np.ndarray, hamlet: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return how poor each household is: about standard normal, alike within a desa and a dusun."""
    between = rng.normal(0, 0.45, desa.max() + 1)[desa] + rng.normal(0, 0.3, hamlet.max() + 1)[hamlet]
    return np.asarray(between + rng.normal(0, 0.85, desa.size))


def describe(poor: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Invent desil (1 to 10) and members; ``poor`` is about standard normal."""
    rank = np.argsort(np.argsort(-(poor + rng.normal(0, 0.7, poor.size)))) / poor.size
    members = np.clip(rng.poisson(2.5 + 0.3 * np.clip(poor, -1, 2)) + 1, 1, 12)
    return pd.DataFrame({"desil": 1 + np.searchsorted(DESIL_EDGES, rank, side="right"), "members": members})


def invent_health(poor: np.ndarray, members: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Invent whether anyone in the household is chronically ill or has a disability: ``Ya``, ``Tidak`` or blank.

    Parameters
    ----------
    poor
        About standard normal.
    members
        People in the household; with more of them one is likelier.
    """
    answers: dict[str, np.ndarray] = {}
    for heading, share in HEALTH_SHARES.items():
        has = rng.random(poor.size) < share * (1 + 0.08 * (members - 3)) * np.exp(0.15 * poor)
        blank = rng.random(poor.size) < HEALTH_BLANK_SHARE
        answers[heading] = np.where(blank, "", np.where(has, "Ya", "Tidak"))
    return pd.DataFrame(answers)
