"""How firm a rank is: the ranks under many random weightings around the chosen one."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

LOW, HIGH = 5, 95
"""Percentiles between which the interval of a rank lies."""
FIRM, HAIR = 0.95, 0.5
"""Share of the weightings in which a household is among the first: firm from here on, by a hair below there."""

_AT_ONCE = 64
_CELLS = 100_000_000


def rank_intervals(
    priorities: pd.DataFrame,
    weightings: int,
    spread: float,
    top: int,
    seed: int,
    eligible: NDArray[np.bool_] | None = None,
) -> pd.DataFrame:
    """Add how far each rank may move when the weights are a little other ones.

    Needs columns: ``rank``, ``part_<weight>`` (the weighted parts, which add up to the score).
    Adds columns: ``rank_low``, ``rank_high`` (5th percentile of the best rank and 95th of the worst that ties leave
    open), ``top_share`` (share of the weightings in which the household is among the first ``top``, 0 to 1; where a tie
    lies across that border, its households share the places that are left).

    Parameters
    ----------
    weightings
        How many are drawn.
    spread
        Each weight is multiplied by ``exp(spread * z)``, z standard normal; the same draw for all households. A weight
        of nought stays nought.
    seed
        Of the draws; the first parts keep theirs when a later part is dropped.
    eligible
        Who may be chosen, a row of the priorities each: ``top_share`` is then of the first ``top`` among these
        alone, and nought for the others. Everybody, when not given.

    Notes
    -----
    Each weighting ranks everybody anew. Households alike in every part are tied in all of them: each has the ranks
    from the first to the last of the tie, and of ``k`` places left for ``n`` of them each has ``k / n``, as if lots
    were drawn; so the shares add up to ``top``, and the order of the sheet makes nobody firm. The interval says what
    the choice of weights does to a rank; it knows nothing of errors in the sheet.

    Examples
    --------
    >>> listed = pd.DataFrame({"rank": [1, 2, 3], "part_a": [3.0, 0.0, 0.1], "part_b": [0.0, 1.0, 0.1]})
    >>> rank_intervals(listed, 1000, 0.25, 1, seed=1)[["rank_low", "rank_high", "top_share"]].values.tolist()
    [[1.0, 1.0, 1.0], [2.0, 2.0, 0.0], [3.0, 3.0, 0.0]]
    >>> alike = pd.DataFrame({"rank": [1, 2, 3, 4], "part_a": [9.0, 1.0, 1.0, 1.0]})
    >>> rank_intervals(alike, 1000, 0.25, 2, seed=1)[["rank_low", "rank_high", "top_share"]].round(2).values.tolist()
    [[1.0, 1.0, 1.0], [2.0, 4.0, 0.33], [2.0, 4.0, 0.33], [2.0, 4.0, 0.33]]
    """
    if eligible is not None and not eligible.all():
        ranked = rank_intervals(priorities, weightings, spread, 0, seed)
        among = rank_intervals(priorities[eligible], weightings, spread, top, seed)
        return ranked.assign(top_share=among["top_share"].reindex(ranked.index, fill_value=0.0))
    order = np.argsort(priorities["rank"].to_numpy(), kind="stable")
    parts = priorities.iloc[order].filter(like="part_")
    parts = parts if parts.columns.size else pd.DataFrame({"part_none": np.zeros(len(order))})
    # households alike in every part move as one, so only one of them is ranked
    kind = parts.groupby([*parts], sort=False).ngroup().to_numpy()
    _, first, counts = np.unique(kind, return_index=True, return_counts=True)
    draws = _draws(parts.shape[1], weightings, spread, seed)
    lowest, highest = (weightings - 1) * LOW // 100, -((1 - weightings) * HIGH // 100)
    found = np.empty((len(first), 3))
    step = max(_CELLS // weightings, 1)
    for start in range(0, len(first), step):
        here = slice(start, start + step)
        ranks, alike = _ranks(parts.to_numpy(float)[first], counts, draws, here), counts[here]
        ranks.sort(axis=1)
        found[here, 0], found[here, 1] = ranks[:, lowest], ranks[:, highest] + alike - 1
        found[here, 2] = _share_among(ranks, alike, top)
    back = np.empty_like(order)
    back[order] = kind
    low, high = found[back, 0].astype("int32"), found[back, 1].astype("int32")
    return priorities.assign(rank_low=low, rank_high=high, top_share=found[back, 2])


def _share_among(ranks: NDArray[np.int32], alike: NDArray[np.intp], top: int) -> NDArray[np.float64]:
    """Return for each kind the mean share of its households that is among the first; ranks of a kind rise."""
    share = np.zeros(len(ranks))
    at_border = ranks[:, 0] <= top
    surely = at_border & (ranks[:, -1] + alike - 1 <= top)
    share[surely] = 1.0
    some = np.flatnonzero(at_border & ~surely)
    size = alike[some].astype(np.int32)
    share[some] = np.clip(top + 1 - ranks[some], 0, size[:, None]).mean(axis=1) / size
    return share


def _draws(parts: int, weightings: int, spread: float, seed: int) -> NDArray[np.float64]:
    """Return the factors of each weighting (rows) for each part (columns)."""
    random = np.random.default_rng(seed)
    return np.exp(spread * random.standard_normal((parts, weightings))).T


def _ranks(
    parts: NDArray[np.float64], counts: NDArray[np.intp], draws: NDArray[np.float64], wanted: slice
) -> NDArray[np.int32]:
    """Return the rank of the first household of each wanted kind (rows) under each weighting (columns)."""
    size, weightings = len(parts), len(draws)
    bits = max(int(size - 1).bit_length(), 1)
    finest = 2.0 ** (62 - bits)
    scale = finest / max(float((draws @ parts.max(axis=0)).max()), 1e-200)
    place = np.arange(size, dtype=np.int64)
    ranks = np.empty((len(place[wanted]), weightings), dtype=np.int32)
    rank = np.empty(size, dtype=np.int32)
    for start in range(0, weightings, _AT_ONCE):
        scores = (draws[start : start + _AT_ONCE] * scale) @ parts.T
        block = np.empty((len(scores), len(ranks)), dtype=np.int32)
        for row, score in zip(block, scores, strict=True):
            # score and place in one whole number: sorting numbers is several times faster than sorting places
            keys = ((finest - score).astype(np.int64) << bits) | place
            keys.sort()
            order = keys & ((1 << bits) - 1)
            rank[order] = np.cumsum(counts[order]) - counts[order] + 1
            row[:] = rank[wanted]
        ranks[:, start : start + _AT_ONCE] = block.T
    return ranks
