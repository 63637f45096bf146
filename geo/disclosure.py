"""How far hidden counts can be narrowed down by a reader who knows every published sum of them."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Secrets:
    """Sums of hidden counts that must be able to reach a target, for all that a reader knows.

    ``rows`` (secrets, units) holds 1 where a hidden unit is part of the sum, ``category`` the column of the counts
    that is meant, ``target`` what a reader must not be able to rule out.
    """

    rows: sparse.csr_array
    category: np.ndarray
    target: np.ndarray


@dataclass(frozen=True)
class Sums:
    """Published sums of hidden counts, some of which a reader knows only to lie in a range.

    ``units`` (sums, units) is True where a unit is part of a sum; ``less`` and ``more`` (sums, categories) say how far
    below and above the true sum the range reaches: both 0 where the sum is known.
    """

    units: np.ndarray
    less: np.ndarray
    more: np.ndarray


def are_safe(cells: np.ndarray, pool: np.ndarray, sums: Sums, secrets: Secrets) -> bool:
    """Tell whether every secret could be as large as its target.

    Parameters
    ----------
    cells
        Hidden counts (units, categories). With more than one category a reader knows their sum by unit.
    pool
        A number a unit; the sum of each pool is published.
    sums
        What else is published.
    secrets
        What must stay open.

    Notes
    -----
    Units in the same sums can exchange households unseen: where a class of them holds enough, nothing more is asked.
    The rest is a linear program over classes, which is exact but for the counts being whole numbers.

    Examples
    --------
    Three and two households in need of ten each: as long as only their sum of five is published either may be five.

    >>> one = Secrets(sparse.csr_array([[1.0, 0.0]]), np.array([0]), np.array([5.0]))
    >>> hidden, together = np.array([[3, 7], [2, 8]]), np.array([0, 0])
    >>> are_safe(hidden, together, Sums(np.array([[True, True]]), np.zeros((1, 2)), np.zeros((1, 2))), one)
    True
    >>> are_safe(hidden, together, Sums(np.array([[True, False]]), np.zeros((1, 2)), np.zeros((1, 2))), one)
    False
    """
    units = np.arange(len(cells))
    group, count = classes(pool, sums.units)
    of_class = sparse.csr_array((np.ones(len(units)), (units, group)), shape=(len(units), count))
    held = of_class.T @ cells
    sizes = np.full(len(cells), np.inf) if cells.shape[1] == 1 else cells.sum(axis=1)
    room = (secrets.rows @ (of_class * sizes[:, None])).tocoo()
    reach = np.zeros(len(secrets.target))
    np.add.at(reach, room.row, np.minimum(room.data, held[room.col, secrets.category[room.row]]))
    left = np.flatnonzero(reach < secrets.target - _TOLERANCE)
    if not left.size:
        return True
    wanted = secrets.rows[left].toarray() > 0
    group, count = classes(pool, np.vstack([sums.units, wanted]))
    of_class = sparse.csr_array((np.ones(len(units)), (units, group)), shape=(len(units), count))
    first = np.zeros(count, dtype=int)
    first[group] = units
    pools = np.unique(pool[first])[:, None] == pool[first]
    program = _Program(
        of_class.T @ cells,
        sparse.csr_array(pools.astype(float)),
        Sums(sums.units[:, first], sums.less, sums.more),
        Secrets(
            sparse.csr_array(wanted[:, first].astype(float)), secrets.category[left], secrets.target[left]
        ),
    )
    return program.reaches_all()


def classes(pool: np.ndarray, sums: np.ndarray) -> tuple[np.ndarray, int]:
    """Return the class of each unit, and how many there are: units of a class are in the same published sums."""
    packed = np.packbits(sums.astype(bool), axis=0).T
    marks = np.column_stack([pool.astype(np.int64), packed.astype(np.int64)])
    _, group = np.unique(marks, axis=0, return_inverse=True)
    group = group.reshape(-1)
    return group, int(group.max(initial=-1)) + 1


def any_fixed(pool: np.ndarray, sums: np.ndarray, withheld: np.ndarray) -> bool:
    """Tell whether adding and subtracting known sums gives the count of a single withheld unit."""
    group, count = classes(pool, sums)
    first = np.zeros(count, dtype=int)
    first[group] = np.arange(len(group))
    known = np.vstack([np.unique(pool)[:, None] == pool[first], sums[:, first]]).astype(float)
    # a unit of a class of several is never told from the others
    alone = (np.bincount(group, minlength=count) == 1) & withheld[first]
    _, sizes, axes = np.linalg.svd(known, full_matrices=False)
    axes = axes[sizes > _TOLERANCE * max(sizes, default=0.0)]
    return bool(((axes**2).sum(axis=0)[alone] > 1 - _TOLERANCE).any())


@dataclass(frozen=True)
class _Program:
    cells: np.ndarray
    pools: sparse.csr_array
    sums: Sums
    secrets: Secrets

    def reaches_all(self) -> bool:
        """Raise as many secrets at once as go, again for those left, and the last ones alone."""
        left = np.arange(len(self.secrets.target))
        while left.size:
            reached = self._reached(left)
            if not reached.any():
                reached = np.zeros(left.size, dtype=bool)
                reached[0] = left.size > 1 and bool(self._reached(left[:1])[0])
            if not reached.any():
                return False
            left = left[~reached]
        return True

    def _reached(self, asked: np.ndarray) -> np.ndarray:
        classes_, categories = self.cells.shape
        rows, target = self.secrets.rows[asked], self.secrets.target[asked]
        by_category = [
            sparse.diags_array((self.secrets.category[asked] == each).astype(float)) @ rows
            for each in range(categories)
        ]
        same = [sparse.block_diag([self.pools] * categories)]
        equal = [(self.pools @ self.cells).T.ravel()]
        if categories > 1:
            same.append(sparse.hstack([sparse.eye_array(classes_)] * categories))
            equal.append(self.cells.sum(axis=1))
        known = sparse.vstack(same)
        ranges = sparse.block_diag([sparse.csr_array(self.sums.units.astype(float))] * categories)
        true = (self.sums.units @ self.cells).T.ravel()
        # the last columns are what each secret reaches: no more than its counts, no more than its target
        reach = sparse.hstack([*(-each for each in by_category), sparse.eye_array(asked.size)])
        none, nothing = (sparse.csr_array((each.shape[0], asked.size)) for each in (known, ranges))
        found = linprog(
            np.concatenate([np.zeros(classes_ * categories), -np.ones(asked.size)]),
            A_ub=sparse.vstack(
                [reach, sparse.hstack([ranges, nothing]), sparse.hstack([-ranges, nothing])]
            ).tocsr(),
            b_ub=np.concatenate(
                [np.zeros(asked.size), true + self.sums.more.T.ravel(), self.sums.less.T.ravel() - true]
            ),
            A_eq=sparse.hstack([known, none]).tocsr(),
            b_eq=np.concatenate(equal),
            bounds=np.column_stack([
                np.zeros(classes_ * categories + asked.size),
                np.concatenate([np.full(classes_ * categories, np.inf), target]),
            ]),
            method="highs",
        )  # fmt: skip
        if found.x is None:
            return np.zeros(asked.size, dtype=bool)
        return np.asarray(found.x[classes_ * categories :] >= target - _TOLERANCE)
