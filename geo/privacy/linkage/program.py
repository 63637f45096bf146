"""What is known of counts that are not told, and how far they can go for all of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Secret:
    """A sum of counts that must be able to reach a target.

    Attributes
    ----------
    cells
        Numbers of the counts.
    target
        What an attacker must not be able to rule out.
    where
        What it is (Indonesian).
    """

    cells: np.ndarray
    target: float
    where: str


@dataclass
class Knowledge:
    """All sums of so many counts that somebody knows, each with the range in which it lies.

    Examples
    --------
    Two counts are seven together: the first may be seven, until the second is known to be three at least.

    >>> known = Knowledge(2)
    >>> known.add(np.array([0, 1]), 7, 7)
    >>> first = Secret(np.array([0]), 5, "")
    >>> known.open([first]).tolist()
    [True]
    >>> known.add(np.array([1]), 3, np.inf)
    >>> known.open([first]).tolist()
    [False]
    """

    counts: int
    _cells: list[np.ndarray] = field(default_factory=list)
    _low: list[float] = field(default_factory=list)
    _high: list[float] = field(default_factory=list)

    def add(self, cells: np.ndarray, low: float, high: float) -> None:
        """Learn that the sum of some counts lies between two numbers."""
        self._cells.append(cells)
        self._low.append(low)
        self._high.append(high)

    def open(self, secrets: Sequence[Secret]) -> np.ndarray:
        """Mark the secrets that can reach their target for all that is known."""
        done = np.zeros(len(secrets), dtype=bool)
        if not secrets:
            return done
        rows, target = _rows([secret.cells for secret in secrets], self.counts), self._targets(secrets)
        left = np.arange(len(secrets))
        while left.size:
            reached = self._reached(rows[left], target[left])
            if not reached.any():
                # together they may stand in each other's way: each for itself decides
                alone = [self._reached(rows[[each]], target[[each]])[0] for each in left]
                done[left] = alone
                return done
            done[left[reached]] = True
            left = left[~reached]
        return done

    @staticmethod
    def _targets(secrets: Sequence[Secret]) -> np.ndarray:
        return np.array([secret.target for secret in secrets], dtype=float)

    def _reached(self, rows: sparse.csr_array, target: np.ndarray) -> np.ndarray:
        low, high = np.array(self._low), np.array(self._high)
        known, exact = _rows(self._cells, self.counts), np.equal(self._low, self._high)
        many = len(target)

        def beside(matrix: sparse.csr_array) -> sparse.csr_array:
            return sparse.hstack([matrix, sparse.csr_array((matrix.shape[0], many))])

        above, below = ~exact & (low > 0), ~exact & np.isfinite(high)
        found = linprog(
            np.concatenate([np.zeros(self.counts), -np.ones(many)]),
            A_ub=sparse.vstack(
                [sparse.hstack([-rows, sparse.eye_array(many)]), beside(known[below]), beside(-known[above])]
            ).tocsr(),
            b_ub=np.concatenate([np.zeros(many), high[below], -low[above]]),
            A_eq=beside(known[exact]).tocsr(),
            b_eq=low[exact],
            bounds=np.column_stack([
                np.zeros(self.counts + many),
                np.concatenate([np.full(self.counts, np.inf), target]),
            ]),
            method="highs",
        )  # fmt: skip
        if found.x is None:
            return np.zeros(many, dtype=bool)
        return np.asarray(found.x[self.counts :] >= target - _TOLERANCE)


def _rows(cells: Sequence[np.ndarray], counts: int) -> sparse.csr_array:
    """Return one row a sum, with 1 where a count is part of it."""
    sizes = [len(each) for each in cells]
    at = np.concatenate([np.zeros(0, dtype=np.intp), *cells]).astype(np.intp)
    return sparse.csr_array((np.ones(len(at)), at, np.cumsum([0, *sizes])), shape=(len(sizes), counts))
