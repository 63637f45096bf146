"""The greatest ratio of each replicate over every circle, found without looking at most of them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from threading import Lock

import numpy as np
from scipy.sparse import csr_array

from geo.clusters.scan.likelihood import Model, Thresholds
from geo.clusters.scan.replicates import BLOCK, deviations, seeds, workers
from geo.clusters.scan.windows import Places, Runs, batches, cut, nested

CENTRES = 32
"""Centres that are looked at together: neighbours, whose circles hold much the same places."""

SAMPLE = 100
"""Centres of circles that are tried first."""

CHUNK = 1_000_000
"""Counts that are made together: two megabytes, so that they stay near the processor."""

AT_ONCE = 1_000_000
"""Places of runs that are looked through together."""

HELD = 60_000_000
"""Counts of places held at a time; more replicates are gone through in several rounds."""


def greatest(model: Model, places: Places, replicates: int, seed: int) -> np.ndarray:
    """Return the greatest log likelihood ratio over all circles, of each replicate of :func:`draw`.

    Exact: a circle is passed over only where a bound says that it cannot be the greatest. The cases of nested
    circles are added up by a product of a sparse matrix with the counts of 256 replicates, and compared with the
    fewest cases that may give a greater ratio than the least found so far among these.
    """
    search = _Search(
        model,
        places,
        Thresholds(model, min(places.limit * (1 + 1e-6), model.population)),
        np.rint(model.expected(places.population)).astype(np.int64),
    )
    sample = search.sample()
    if not sample:
        return np.zeros(replicates)
    drawn = seeds(replicates, seed)
    each = max(HELD // (len(search.base) * BLOCK), 1)
    rounds = []
    with ThreadPoolExecutor(workers()) as pool:
        for start in range(0, len(drawn), each):
            held = partial(deviations, model, places.population, search.base)
            blocks = list(pool.map(held, drawn[start : start + each]))
            begun = np.concatenate(list(pool.map(partial(search.begin, sample), blocks)))
            order = np.argsort(begun)
            alike = _alike(blocks, begun, order)
            list(pool.map(partial(search.look, alike), batches(places.centres, CENTRES)))
            rounds.append(np.empty(len(begun)))
            rounds[-1][order] = np.concatenate([block.found for block in alike])
    return np.concatenate(rounds)


@dataclass(frozen=True)
class _Block:
    """Replicates: cases less their rounded expected number, places by replicates; ``found`` rises in the search."""

    away: np.ndarray
    found: np.ndarray
    lock: Lock = field(default_factory=Lock)

    def raise_to(self, replicate: np.ndarray, ratio: np.ndarray) -> None:
        if len(replicate):
            with self.lock:
                np.maximum.at(self.found, replicate, ratio)


def _alike(blocks: list[np.ndarray], begun: np.ndarray, order: np.ndarray) -> list[_Block]:
    """Put together replicates with much the same ratio so far, so that one threshold suits them all."""
    together = np.concatenate(blocks, axis=1)
    return [
        _Block(np.take(together, order[at : at + BLOCK], axis=1), begun[order[at : at + BLOCK]])
        for at in range(0, len(order), BLOCK)
    ]


@dataclass(frozen=True)
class _Chunk:
    """Some steps of the runs, few enough for their counts to stay near the processor."""

    matrix: csr_array
    rows: slice
    steps: np.ndarray
    """Where each step's rows begin, from the chunk's first row on."""


@dataclass(frozen=True)
class _Search:
    """The search through the circles."""

    model: Model
    places: Places
    thresholds: Thresholds
    base: np.ndarray

    def runs(self, centres: np.ndarray, *, wide: bool = False) -> Runs | None:
        """Return the runs of circles around some centres; None where there are none."""
        circles = nested(self.places, centres)
        return cut(circles, self.model, self.base, wide=wide) if circles.length.any() else None

    def sample(self) -> list[Runs]:
        """Return some circles of all sizes all over the district."""
        centres = self.places.centres[:: max(len(self.places.centres) // SAMPLE, 1)]
        sampled = [self.runs(group, wide=True) for group in batches(centres, CENTRES)]
        return [runs for runs in sampled if runs is not None]

    def begin(self, sample: list[Runs], block: np.ndarray) -> np.ndarray:
        """Start each replicate with a ratio that some circle has: the more, the fewer others need a look."""
        each = np.arange(block.shape[1])
        found = np.zeros(block.shape[1])
        for runs in sample:
            usual = np.sqrt(self.model.expected(runs.most)).astype(np.float32)[:, None]
            base = runs.base.astype(np.float32)[:, None]
            for chunk, counts in _counted(_chunks(runs), block):
                away = np.add(counts, base[chunk.rows], dtype=np.float32)
                away = np.sqrt(away, out=away)
                away -= usual[chunk.rows]
                best = np.argmax(away if self.model.rates == "high" else np.abs(away), axis=0)
                cases = counts[best, each] + runs.base[chunk.rows][best]
                np.maximum(found, self.model.llr(cases, runs.most[chunk.rows][best]), out=found)
        return found

    def look(self, blocks: list[_Block], centres: np.ndarray) -> None:
        """Look through all circles around some centres."""
        runs = self.runs(centres)
        if runs is None:
            return
        place, chunks = self.thresholds.place(runs.least), _chunks(runs)
        for block in blocks:
            level = float(block.found.min())
            high = self.thresholds.high(level)[place] - runs.base
            low = None if self.model.rates == "high" else self.thresholds.low(level)[place] - runs.base
            hits = []
            for chunk, counts in _counted(chunks, block.away):
                if self.model.rates != "low":
                    hits.append(_hits(chunk, counts, _at_least(counts, high[chunk.rows])))
                if low is not None:
                    # the sides swapped: at most so many; each circle is a run of its own
                    hits.append(_hits(chunk, counts, _at_least(~counts, ~low[chunk.rows])))
            row, replicate, cases = (np.concatenate(values) for values in zip(*hits, strict=True))
            if len(row):
                self._try(runs, block, row, replicate, cases + runs.base[row])

    def _try(
        self, runs: Runs, block: _Block, row: np.ndarray, replicate: np.ndarray, cases: np.ndarray
    ) -> None:
        """Take the exact ratio of those circles whose run may hold a greater one."""
        least, most, found = runs.least[row], runs.most[row], block.found[replicate]
        alone = least == most
        one = np.flatnonzero(alone)
        block.raise_to(replicate[one], self.model.llr(cases[one], most[one]))
        more = np.flatnonzero(~alone)
        more = more[self.model.highest(cases[more], least[more]) > found[more]]
        if len(more):
            self._unroll(runs, block, row[more], replicate[more], cases[more])

    def _unroll(
        self, runs: Runs, block: _Block, row: np.ndarray, replicate: np.ndarray, cases: np.ndarray
    ) -> None:
        """Count every circle of some runs, each for one replicate, backwards from the last."""
        indptr = runs.matrix.indptr.astype(np.int64)
        sizes = np.cumsum(indptr[row + 1] - indptr[row])
        if sizes[-1] > AT_ONCE and len(row) > 1:
            half = len(row) // 2
            self._unroll(runs, block, row[:half], replicate[:half], cases[:half])
            self._unroll(runs, block, row[half:], replicate[half:], cases[half:])
            return
        length = indptr[row + 1] - indptr[row]
        begin = sizes - length
        stored = np.repeat(indptr[row] - begin, length) + np.arange(int(sizes[-1]))
        place, of = runs.matrix.indices[stored], np.repeat(replicate, length)
        counted = np.cumsum(block.away[place, of] + self.base[place])
        counted += np.repeat(cases - counted[begin + length - 1], length)
        ends = runs.is_circle[stored]
        block.raise_to(of[ends], self.model.llr(counted[ends], runs.inside[stored[ends]]))


def _counted(chunks: list[_Chunk], block: np.ndarray) -> Iterator[tuple[_Chunk, np.ndarray]]:
    """Count the cases in each run's last circle, less its rounded expected number, some steps at a time."""
    reached = np.zeros((0, block.shape[1]), dtype=block.dtype)
    for chunk in chunks:
        counts = np.asarray(chunk.matrix @ block)
        steps = chunk.steps
        if len(reached):
            counts[: steps[1]] += reached[: steps[1]]
        for before, start, stop in zip(steps[:-2], steps[1:-1], steps[2:], strict=True):
            np.add(counts[start:stop], counts[before : before + stop - start], out=counts[start:stop])
        reached = counts[steps[-2] :]
        yield chunk, counts


def _chunks(runs: Runs) -> list[_Chunk]:
    steps, matrix = runs.steps, runs.matrix
    part = steps[:-1] * BLOCK // CHUNK
    begins = np.r_[0, np.flatnonzero(np.diff(part)) + 1, len(part)]
    chunks = []
    for begin, end in pairwise(begins):
        rows = slice(int(steps[begin]), int(steps[end]))
        stored = slice(matrix.indptr[rows.start], matrix.indptr[rows.stop])
        indptr = matrix.indptr[rows.start : rows.stop + 1] - matrix.indptr[rows.start]
        some = csr_array(
            (matrix.data[stored], matrix.indices[stored], indptr),
            shape=(rows.stop - rows.start, matrix.shape[1]),
        )
        chunks.append(_Chunk(some, rows, steps[begin : end + 1] - steps[begin]))
    return chunks


def _at_least(counts: np.ndarray, threshold: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and columns of the counts that reach their row's threshold."""
    info = np.iinfo(counts.dtype)
    fewest = np.clip(threshold, info.min, info.max).astype(counts.dtype)
    some = np.flatnonzero(counts.max(axis=1) >= fewest)
    enough = counts[some] >= fewest[some, None]
    row, column = np.divmod(np.flatnonzero(enough), counts.shape[1])
    return some[row], column


def _hits(
    chunk: _Chunk, counts: np.ndarray, at: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    row, replicate = at
    return row + chunk.rows.start, replicate, counts[row, replicate].astype(np.int64)
