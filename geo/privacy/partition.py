"""Which households of a desa are told without a place: those that have none, and as many others as it takes."""

import numpy as np

from geo.suppression import SMALLEST, tells


def keep_place(
    counted: np.ndarray, placed: np.ndarray, least: int, random: np.random.Generator, *, blur: bool = False
) -> np.ndarray:
    """Mark the households whose place is told, so that neither they nor the rest of the desa tell of few.

    Sums of either side are published or can be worked out from those of the desa. Where one tells of fewer than five,
    households that have a place, drawn by lot, go to those without one.

    Parameters
    ----------
    counted
        Of the households of one desa, see :class:`geo.privacy.answers.Answers`; together they tell of nobody.
    placed
        Who has a point.
    least
        So many, or none, are on either side.
    blur
        Let a few more go, by lot how many: where it is not published how many have a place.

    Examples
    --------
    Two of twenty have no point: four others go with them.

    >>> lot = np.random.default_rng(1)
    >>> keep_place(np.ones((20, 1), dtype=bool), np.arange(20) > 1, 6, lot).sum().item()
    14
    """
    kept = placed.copy()
    if blur:
        _move(kept, kept.copy(), int(random.integers(SMALLEST, 2 * SMALLEST)), random)
    while True:
        inside, outside = counted[kept].sum(axis=0), counted[~kept].sum(axis=0)
        few = np.flatnonzero(tells(inside, everybody=False))
        if few.size:
            kept &= ~counted[:, few].any(axis=1)
            continue
        short = np.flatnonzero(tells(outside, everybody=False) & (inside > 0))
        if short.size:
            _move(kept, counted[:, short[0]], int(SMALLEST - outside[short[0]]), random)
            continue
        if 0 < kept.sum() < least:
            kept[:] = False
        elif 0 < (~kept).sum() < min(least, len(kept)):
            _move(kept, kept.copy(), int(least - (~kept).sum()), random)
        else:
            return kept


def _move(kept: np.ndarray, among: np.ndarray, many: int, random: np.random.Generator) -> None:
    found = np.flatnonzero(kept & among)
    kept[random.choice(found, min(many, found.size), replace=False)] = False
