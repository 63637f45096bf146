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
    Adds columns: ``rank_low``, ``rank_high`` (5th and 95th percentile of the rank), ``top_share`` (share of the
    weightings in which the household is among the first ``top``, 0 to 1).

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
    Each weighting ranks everybody anew, ties as in the priorities: the upper row first. The interval says what
    the choice of weights does to a rank; it knows nothing of errors in the sheet. A household that only ties put
    where it stands may have a rank outside of its interval.

    Examples
    --------
    >>> listed = pd.DataFrame({"rank": [1, 2, 3], "part_a": [3.0, 0.0, 0.1], "part_b": [0.0, 1.0, 0.1]})
    >>> rank_intervals(listed, 1000, 0.25, 1, seed=1)[["rank_low", "rank_high", "top_share"]].values.tolist()
    [[1.0, 1.0, 1.0], [2.0, 2.0, 0.0], [3.0, 3.0, 0.0]]
    """
    if eligible is not None and not eligible.all():
        ranked = rank_intervals(priorities, weightings, spread, 0, seed)
        among = rank_intervals(priorities[eligible], weightings, spread, top, seed)
        return ranked.assign(top_share=among["top_share"].reindex(ranked.index, fill_value=0.0))
    parts = priorities.sort_values("rank").filter(like="part_")
    if parts.empty or not parts.columns.size:
        low = high = priorities["rank"].to_numpy("int32")
        return priorities.assign(rank_low=low, rank_high=high, top_share=(low <= top).astype(float))
    # households alike in every part move as one: only the first of them is ranked, the others follow it
    kind = parts.groupby([*parts], sort=False).ngroup().to_numpy()
    _, first, counts = np.unique(kind, return_index=True, return_counts=True)
    behind = pd.Series(kind).groupby(kind).cumcount().to_numpy()
    draws = _draws(parts.shape[1], weightings, spread, seed)
    lowest, highest = (weightings - 1) * LOW // 100, -((1 - weightings) * HIGH // 100)
    found = np.empty((len(kind), 3))
    step = max(_CELLS // weightings, 1)
    for start in range(0, len(first), step):
        ranks = _ranks(parts.to_numpy(float)[first], counts, draws, slice(start, start + step))
        ranks.sort(axis=1)
        here = np.flatnonzero((kind >= start) & (kind < start + step))
        of, after = kind[here] - start, behind[here]
        found[here, 0], found[here, 1], found[here, 2] = (
            ranks[of, lowest] + after,
            ranks[of, highest] + after,
            0.0,
        )
        may = np.flatnonzero(ranks[of, 0] + after <= top)
        found[here[may], 2] = (ranks[of[may]] <= (top - after[may])[:, None]).mean(axis=1)
    found = found[priorities["rank"].rank(method="first").to_numpy(int) - 1]
    return priorities.assign(
        rank_low=found[:, 0].astype("int32"), rank_high=found[:, 1].astype("int32"), top_share=found[:, 2]
    )


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
