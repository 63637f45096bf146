"""A choice beside that of the run: who comes in, who goes out."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from app.choosing.ranking import Ranking
from app.library import OpenedRun

SHOWN = 50
"""So many of each side are named."""


@dataclass(frozen=True)
class Changes:
    """The change against the choice of the run: how many stay, come in and go out, and the first of these as rows."""

    stay: int
    comes: int
    goes: int
    coming: list[dict[str, Any]]
    going: list[dict[str, Any]]


def changes(opened: OpenedRun, own: Ranking, new: Ranking) -> Changes | None:
    """Compare a choice with that of the run; nothing where the run's may not be told.

    The rows are in the order of the new ranks; those that the new list does not know come last.
    """
    if not own.tells_choice:
        return None
    size = len(opened.arrays)
    before, now = (_by_household(size, of.places, of.listed["rank"].to_numpy(np.int64)) for of in (own, new))
    was, is_now = (_by_household(size, of.places[of.chosen], 1) > 0 for of in (own, new))
    comes = np.flatnonzero(new.chosen & ~was[new.places])
    left = np.flatnonzero(own.chosen & ~is_now[own.places])
    rank_now = now[own.places[left]]
    left = left[np.argsort(np.where(rank_now > 0, rank_now, size + 1), kind="stable")]

    def told(of: Ranking, which: np.ndarray) -> list[dict[str, Any]]:
        places = of.places[which[:SHOWN]]
        ranks = zip(before[places].tolist(), now[places].tolist(), strict=True)
        rows = of.rows(opened, which[:SHOWN])
        return [
            row | {"before": old or None, "now": here or None}
            for row, (old, here) in zip(rows, ranks, strict=True)
        ]

    return Changes(
        int(own.chosen.sum()) - len(left), len(comes), len(left), told(new, comes), told(own, left)
    )


def _by_household(size: int, places: np.ndarray, values: np.ndarray | int) -> np.ndarray:
    """Lay values out by household; nought for all others."""
    spread = np.zeros(size, dtype=np.int64)
    spread[places] = values
    return spread
