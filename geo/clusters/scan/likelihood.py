"""How much better a circle fits with a rate of its own: Kulldorff's log likelihood ratio, and its bounds."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from scipy.special import rel_entr

Rates = Literal["high", "low", "both"]

LEVEL = 0.25
"""Thresholds are kept for so fine steps of the log likelihood ratio."""

FINENESS = 16
"""Thresholds are kept for so many steps a standard deviation of the expected number."""


@dataclass(frozen=True)
class Model:
    """What is compared: the cases of a circle with those that its population would have at the common rate.

    Attributes
    ----------
    name
        Poisson (areas, cases few among their population) or Bernoulli (each one either a case or not).
    cases, population
        Of the whole district.
    rates
        Whether circles with more cases than expected count, those with fewer, or both.
    minimum_cases
        A circle with more cases than expected counts from so many cases on (as in SaTScan since 9.4: 2).

    Notes
    -----
    Kulldorff, M. (1997), A spatial scan statistic, Communications in Statistics: Theory and Methods 26:
    1481-1496. For a given population inside, the ratio grows with every case above the expected number; for given
    cases it falls with every household more inside (the other way round where cases are fewer than expected).
    So over a run of circles around one centre none exceeds the ratio of the run's most cases on its least
    population: the bounds rest on this.

    Examples
    --------
    >>> model = Model("Poisson", cases=100, population=1_000.0)
    >>> model.llr(np.array([10, 20]), np.array([100.0, 100.0])).round(3)
    array([0.  , 4.44])
    """

    name: Literal["Poisson", "Bernoulli"]
    cases: float
    population: float
    rates: Rates = "high"
    minimum_cases: int = 2

    def expected(self, population: np.ndarray) -> np.ndarray:
        """Return the cases that a population would have at the common rate."""
        return population * (self.cases / self.population)

    def relative_risk(self, cases: float, population: float) -> float:
        """Return the rate inside a circle by the rate outside; infinite where all cases are inside."""
        expected, rest = population * (self.cases / self.population), self.cases - cases
        return cases / expected * (self.cases - expected) / rest if rest else float("inf")

    def llr(self, cases: np.ndarray, population: np.ndarray) -> np.ndarray:
        """Return the log likelihood ratio of circles; 0 where the rate is not on the side that counts."""
        ratio = self._ratio(cases, population)
        expected = self.expected(population)
        high = (cases > expected) & (cases >= self.minimum_cases)
        counts = {"high": high, "low": cases < expected, "both": high | (cases < expected)}[self.rates]
        return np.where(counts, ratio, 0.0)

    def highest(self, cases: np.ndarray, population: np.ndarray) -> np.ndarray:
        """Bound the ratio of circles with at most so many cases and at least so much population."""
        if self.name == "Bernoulli":
            population = np.maximum(population, cases)
        return np.where(cases > self.expected(population), self._ratio(cases, population), 0.0)

    def lowest(self, cases: np.ndarray, population: np.ndarray) -> np.ndarray:
        """Bound the ratio of circles with at least so many cases and at most so much population, where few count."""
        return np.where(cases < self.expected(population), self._ratio(cases, population), 0.0)

    def _ratio(self, cases: np.ndarray, population: np.ndarray) -> np.ndarray:
        inside = self.expected(population)
        outside = self.cases - cases
        ratio = rel_entr(cases, inside) + rel_entr(outside, self.cases - inside)
        if self.name == "Bernoulli":
            healthy = self.population - self.cases
            ratio = ratio + rel_entr(population - cases, population - inside)
            others = self.population - population
            ratio = ratio + rel_entr(others - outside, healthy - (population - inside))
        return np.asarray(ratio)


@dataclass(frozen=True)
class Thresholds:
    """The number of cases from which on a circle may exceed a log likelihood ratio, without a logarithm a circle.

    Conservative: circles that cannot exceed it may be let through, never the other way round.
    """

    model: Model
    largest: float
    """Population of the largest circle."""

    kept: dict[tuple[str, int], np.ndarray] = field(default_factory=dict)

    def place(self, population: np.ndarray) -> np.ndarray:
        """Return where populations stand in the tables."""
        return np.asarray(np.sqrt(self.model.expected(population)) * FINENESS, dtype=np.int32)

    def high(self, ratio: float) -> np.ndarray:
        """Return the fewest cases with which circles of at least a population may exceed the ratio."""
        return self._table("high", ratio)

    def low(self, ratio: float) -> np.ndarray:
        """Return the most cases with which circles of at most a population may exceed the ratio."""
        return self._table("low", ratio)

    def _table(self, side: str, ratio: float) -> np.ndarray:
        step = max(int(ratio / LEVEL), 0)
        if (side, step) not in self.kept:
            self.kept[side, step] = self._searched(side, max(step * LEVEL - 1e-6, 1e-6))
        return self.kept[side, step]

    def _searched(self, side: str, ratio: float) -> np.ndarray:
        """Halve the range of cases until one is left, for every place of the table at once."""
        model = self.model
        places = np.arange(int(self.place(np.array([self.largest]))[0]) + 2)
        edge = (places + (side == "low")) / FINENESS
        population = edge**2 * (model.population / model.cases) * (1 + 1e-9 * (1 if side == "low" else -1))
        population = np.minimum(population, model.population)
        low = np.full(len(places), -1)
        high = np.full(len(places), int(model.cases) + 1)
        if side == "high":
            # the ratio is at least that of a Poisson number, and that at least Bernstein's bound
            expected = model.expected(population)
            low = np.floor(expected).astype(np.int64) - 1
            high = np.minimum(
                high, np.ceil(expected + np.sqrt(2 * ratio * expected) + ratio).astype(np.int64) + 1
            )
        with np.errstate(invalid="ignore"):
            while (high - low > 1).any():
                middle = (low + high) // 2
                if side == "high":
                    enough = model.highest(middle, population) >= ratio
                    high, low = np.where(enough, middle, high), np.where(enough, low, middle)
                else:
                    enough = model.lowest(middle, population) >= ratio
                    low, high = np.where(enough, middle, low), np.where(enough, high, middle)
        return np.asarray(np.maximum(high, model.minimum_cases) if side == "high" else low)
