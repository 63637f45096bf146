"""Counts of a measure in areas and zones, and which of them tell of few."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

SMALLEST = 5
"""A published count is zero or at least this."""

HOUSEHOLDS = "households"
"""The measure that needs add up to; the others are indicators."""


@dataclass(frozen=True)
class Counts:
    """Counts of one measure, one row a row of each table: in need, not in need, unknown; or households alone.

    Attributes
    ----------
    total
        What is published of the whole district; where nothing is, no household stands outside the kecamatan.
    part
        For each row of the zones, what is left when the desa that a zone holds whole are taken away.
    """

    desa: np.ndarray
    kecamatan: np.ndarray
    zones: np.ndarray
    total: np.ndarray
    part: np.ndarray | None

    def without(self, smaller: "Counts") -> "Counts":
        """Return, among those in need here, who is not and who is in need of a smaller measure inside this one."""

        def among(whole: np.ndarray, inside: np.ndarray) -> np.ndarray:
            both = np.minimum(whole[..., 0], inside[..., 0])
            return np.stack([whole[..., 0] - both, both, np.zeros_like(both)], axis=-1)

        part = None
        if self.part is not None and smaller.part is not None:
            part = among(self.part, smaller.part)
        return Counts(
            among(self.desa, smaller.desa),
            among(self.kecamatan, smaller.kecamatan),
            among(self.zones, smaller.zones),
            among(self.total, smaller.total),
            part,
        )


def counts_of(
    tables: Mapping[str, pd.DataFrame],
    measure: str,
    totals: Mapping[str, np.ndarray],
    parts: Mapping[str, np.ndarray],
) -> Counts:
    """Read the counts of a measure from ``desa``, ``kecamatan`` and ``zones``."""
    desa, kecamatan, zones = (_cells(tables[name], measure) for name in ("desa", "kecamatan", "zones"))
    return Counts(desa, kecamatan, zones, totals.get(measure, kecamatan.sum(axis=0)), parts.get(measure))


def tells(cells: np.ndarray, *, everybody: bool) -> np.ndarray:
    """Mark the counts that tell of few: some, but fewer than five; with ``everybody`` none that is not in need too.

    Examples
    --------
    >>> tells(np.array([[0, 9, 0], [9, 0, 0], [3, 9, 0]]), everybody=True).tolist()
    [[False, False, False], [False, True, False], [True, False, False]]
    """
    marked = (cells > 0) & (cells < SMALLEST)
    if everybody:
        marked[:, 1] |= (cells[:, 0] > 0) & (cells[:, 1] <= 0)
    return np.asarray(marked)


def rows(marked: np.ndarray) -> np.ndarray:
    """Mark the rows with any mark."""
    return np.asarray(marked.any(axis=1), dtype=bool)


def smallest(cells: np.ndarray, category: int, among: np.ndarray) -> np.ndarray:
    """Return the row with the fewest households of those that hold some of a category, or none."""
    found = np.flatnonzero(among & (cells[:, category] > 0))
    return found[np.argsort(cells[found].sum(axis=1), kind="stable")][:1]


def lacking(cells: np.ndarray, secret: np.ndarray) -> np.ndarray:
    """Return the categories with a secret in a pool that holds fewer than five of them together."""
    return np.flatnonzero(secret.any(axis=0) & (cells.sum(axis=0) < SMALLEST))


@dataclass(frozen=True)
class Units:
    """The counts of the desa, of what each kecamatan leaves over, and of what the district leaves over.

    ``place`` is the row of the kecamatan, or one past the last for what the district leaves over; ``secret`` marks the
    counts to protect. The first ``desa`` are desa: only they can be published, and hidden to protect others.
    """

    desa: int
    cells: np.ndarray
    place: np.ndarray
    secret: np.ndarray
    hidden: np.ndarray

    def partner(self, category: int, among: np.ndarray) -> np.ndarray:
        """Return the smallest published desa that holds some of a category, or none."""
        are_desa = np.arange(len(self.place)) < self.desa
        return smallest(self.cells, category, among & ~self.hidden & are_desa)


def _cells(table: pd.DataFrame, measure: str) -> np.ndarray:
    if measure == HOUSEHOLDS:
        return table[["households"]].to_numpy(float)
    known, need, unknown = (
        table[f"{measure}_{part}"].to_numpy(float) for part in ("known", "need", "unknown")
    )
    return np.column_stack([need, known - need, unknown])
