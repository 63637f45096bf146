"""Which areas a name may mean: exact spellings by lookup, near ones by counted slips, short ones by their letters."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process
from rapidfuzz.distance import OSA, LCSseq

from geo.gazetteer.spelling import is_number, modern_key, side, sound_key

NONE, SEVERAL = -1, -2
"""No area, and more than one, where the place of an area is asked for."""

EVERYWHERE = -1
"""In place of a group: areas of all groups."""

SAME_SOUND = 98.0
"""Likeness of a name that only sounds the same."""

_OTHER_SIDE = 60.0
_NEAREST = 3
_CELLS = 4_000_000
_FAR = 255
_NEAR = 0.5
_MANY = np.iinfo(np.int64).max
_BLOCKED = 64
_RELATIVE = 0.7
_SAME_SOUND_SLIP, _RESPELT_SLIP = 0.05, 0.3
_LEAST_LETTERS = 5
_COUNTABLE = 4000
_SHORTEST = 3
_RIVAL_SHARE = 0.75
_WITHOUT_SIDE = 0.1
_ABBREVIATED = 2
_SIGNS = pa.array(list("0123456789abcdefghijklmnopqrstuvwxyz"))


@dataclass(frozen=True)
class Words:
    """Names as they are written and as they are spelt today, their sound, and the side at the end."""

    written: np.ndarray
    modern: np.ndarray
    respelt: np.ndarray
    sound: np.ndarray
    length: np.ndarray
    sound_length: np.ndarray
    meaning: np.ndarray
    side_length: np.ndarray

    @staticmethod
    def of(plain: pa.Array) -> "Words":
        """Gather what plain keys are compared by."""
        modern = modern_key(plain)
        sound = sound_key(modern)
        respelt = pc.not_equal(plain, modern).to_numpy(zero_copy_only=False)
        return Words(
            _strings(plain),
            _strings(modern),
            respelt,
            _strings(sound),
            _length(plain),
            _length(sound),
            *side(plain),
        )

    def take(self, place: np.ndarray) -> "Words":
        """Return some of the names."""
        return Words(**{name: values[place] for name, values in vars(self).items()})


@dataclass(frozen=True)
class Nearest:
    """The nearest area of each name.

    Attributes
    ----------
    area
        Its place, ``NONE`` where nothing is near.
    score
        Its likeness, 0 to 100.
    lead
        How far the next area is behind.
    """

    area: np.ndarray
    score: np.ndarray
    lead: np.ndarray


@dataclass(frozen=True)
class Spellings:
    """All known ways to write the names of some areas, one row a spelling; sorted by group and area.

    Attributes
    ----------
    plain
        Plain keys (see ``geo.gazetteer.spelling``).
    area
        For each key, the place of its area; areas of one group follow one another.
    group
        For each key, the group of its area.
    """

    plain: pa.Array
    area: np.ndarray
    group: np.ndarray

    @cached_property
    def sound(self) -> pa.Array:
        """The keys by their sound."""
        return sound_key(modern_key(self.plain))

    @cached_property
    def _words(self) -> Words:
        return Words.of(self.plain)

    @cached_property
    def _sounds(self) -> tuple[np.ndarray, np.ndarray]:
        """The distinct sounds, and for each key the place of its own: many desa share a name."""
        coded = pc.dictionary_encode(self.sound)
        return _strings(coded.dictionary), coded.indices.to_numpy(zero_copy_only=False)

    @cached_property
    def _bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """First and last + 1 key of each area."""
        areas = np.arange(self.area[-1] + 1 if len(self.area) else 0)
        return np.searchsorted(self.area, areas), np.searchsorted(self.area, areas, side="right")

    @cached_property
    def _plain_table(self) -> "_Table":
        return _Table.of(self.plain, self.area, self.group)

    @cached_property
    def _sound_table(self) -> "_Table":
        return _Table.of(self.sound, self.area, self.group)

    @cached_property
    def _twins(self) -> np.ndarray:
        """Say which keys are those of several areas: everywhere, and in their group."""
        everywhere = np.full(len(self.area), EVERYWHERE)
        return np.stack([self.exact(self.plain, group) == SEVERAL for group in (everywhere, self.group)])

    @cached_property
    def crowded(self) -> np.ndarray:
        """Say which areas have a neighbour in their group, or everywhere, that sounds nearly the same."""
        crowded = np.full(len(self._bounds[0]), len(self.area) > _COUNTABLE)
        if not crowded.any():
            sounds = self._words.sound
            near = (
                process.cdist(sounds, sounds, scorer=OSA.distance, dtype=np.uint8, score_cutoff=1, workers=-1)
                <= 1
            )
            one, other = np.nonzero(near & (self.area[:, None] != self.area))
            crowded[self.area[one]] = crowded[self.area[other]] = True
        return crowded

    def exact(self, keys: pa.Array, group: np.ndarray) -> np.ndarray:
        """Return the area of each plain key in its group, ``NONE`` or ``SEVERAL``."""
        return self._plain_table.find(keys, group)

    def same_sound(self, sounds: pa.Array, group: np.ndarray) -> np.ndarray:
        """Return the area of each sound key in its group, ``NONE`` or ``SEVERAL``."""
        return self._sound_table.find(sounds, group)

    def nearest(self, words: Words, group: np.ndarray) -> Nearest:
        """Find the nearest area of each name in its group, and how clearly it wins."""
        size = len(group)
        key, slips = np.full((_NEAREST, size), NONE), np.full((_NEAREST, size), _FAR)
        for rows, columns in self._chunks(group, words.sound_length, self._of_like_length):
            same, sounds = pd.factorize(words.sound[rows])
            keys, counted = self._closest(sounds, columns)
            key[:, rows], slips[:, rows] = keys[:, same], counted[:, same]
        score, threat = np.zeros((_NEAREST, size)), np.zeros((_NEAREST, size))
        for rank in range(_NEAREST):
            near = (key[rank] >= 0) & (slips[rank] <= _NEAR * words.sound_length + 1)
            there = np.flatnonzero(near)
            found = self._alike(
                words, there, key[rank, there], slips[rank, there], group[there] != EVERYWHERE
            )
            score[rank, there], threat[rank, there] = found
        best, rows = score.argmax(axis=0), np.arange(size)
        first, reached = key[best, rows], score[best, rows]
        threat[best, rows] = 0.0
        area = np.full(size, NONE)
        area[first >= 0] = self.area[first[first >= 0]]
        twin = self._twins[np.where(group == EVERYWHERE, 0, 1), first] & (first >= 0)
        threat[best[twin], rows[twin]] = reached[twin]
        return Nearest(area, reached, reached - threat.max(axis=0))

    def score(self, plain: pa.Array, area: np.ndarray, *, sides: bool = True) -> np.ndarray:
        """Return how like each plain key is to the best spelling of one area each, 0 to 100.

        Parameters
        ----------
        sides
            Whether a missing «kulon» or «II» counts; another one always does.
        """
        first, last = (bound[area] for bound in self._bounds)
        count = last - first
        row = np.repeat(np.arange(len(area)), count)
        key = np.arange(len(row)) + np.repeat(first - np.cumsum(count) + count, count)
        words = Words.of(plain)
        best = np.zeros(len(area))
        slips = _slips(words.sound[row], self._words.sound[key])
        strict, soft = self._alike(words, row, key, slips, np.ones(len(row), dtype=bool), base=not sides)
        np.maximum.at(best, row, strict if sides else soft)
        return best

    def equalled(self, words: Words, group: np.ndarray, area: np.ndarray, ahead: int = 0) -> np.ndarray:
        """Say which names are as few slips from another area of their group as from their own, or so many fewer.

        Names that lack more letters than two are short forms: there slips tell nothing.
        """
        equalled = np.zeros(len(group), dtype=bool)
        for start in range(0, len(group), step := max(1, _CELLS // max(1, len(self.area)))):
            rows = slice(start, start + step)
            counted = _slips_of_all(words.written[rows], self._words.written)
            inside = (group[rows, None] == EVERYWHERE) | (group[rows, None] == self.group)
            own = self.area == area[rows, None]
            best = np.where(own, counted, _FAR).min(axis=1, initial=_FAR)
            rival = np.where(inside & ~own, counted, _FAR).min(axis=1, initial=_FAR)
            equalled[rows] = (best <= _ABBREVIATED) & (rival + ahead <= best)
        return equalled

    def likeness(self, plain: pa.Array) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the places of some keys at a time, and how like they are to each area (across), 0 to 100.

        Where a name has no side («kulon», «II»), it is compared to the spellings without theirs too, at a discount:
        all areas that differ in that alone are equally like.
        """
        words = Words.of(plain)
        sided = np.flatnonzero(self._words.meaning > 0)
        cores = _cut(self._words.written[sided], self._words.side_length[sided])
        step = max(1, _CELLS // (4 * max(1, len(self.area))))
        for start in range(0, len(plain), step):
            rows = np.arange(start, min(len(plain), start + step))
            table = np.maximum(
                *(
                    process.cdist(
                        own[rows], all_, scorer=OSA.normalized_similarity, dtype=np.float32, workers=-1
                    )
                    - less
                    for own, all_, less in zip(
                        (words.modern, words.sound),
                        (self._words.modern, self._words.sound),
                        (0.0, 1 - SAME_SOUND / 100),
                        strict=True,
                    )
                )
            )
            bare = process.cdist(
                words.written[rows], cores, scorer=OSA.normalized_similarity, dtype=np.float32, workers=-1
            )
            bare = (bare - _WITHOUT_SIDE) * (words.meaning[rows] == 0)[:, None]
            table[:, sided] = np.maximum(table[:, sided], bare)
            yield rows, 100 * np.maximum.reduceat(np.maximum(table, 0.0), self._bounds[0], axis=1)

    def short_for(self, plain: pa.Array, group: np.ndarray, least: np.ndarray) -> np.ndarray:
        """Return the only area of the group that each plain key may be short for, ``NONE`` or ``SEVERAL``.

        The letters of the short form follow one another in the name, begin as it does, and hold the least share of
        its consonants; an area of which they hold nearly that share is a rival. Where they also fit the name without
        its side («kulon», «II»), the side is missing.
        """
        text, full, size, initial = _strings(plain), self._words.written, _length(plain), _initial(plain)
        pairs = [
            (rows[short], columns[key])
            for rows, columns in self._chunks(group, initial, self._with_initial)
            for short, key in [_follows(text[rows], full[columns], size[rows])]
        ]
        row, key = (
            np.concatenate([np.zeros(0, dtype=np.int64), *part])
            for part in ([pair[0] for pair in pairs], [pair[1] for pair in pairs])
        )
        meaning = self._words.meaning[key]
        own, wanted = _consonants(plain)[row], _consonants(self.plain)[key]
        number = side(plain)[0][row]
        fits = (size[row] >= _SHORTEST) & (initial[row] == self._initials[key])
        fits &= (number == meaning) | ~(is_number(number) | is_number(meaning)) | (number == 0)
        fits &= own >= _RIVAL_SHARE * least[row] * wanted
        enough = np.zeros(len(group), dtype=bool)
        enough[row[fits & (own >= least[row] * wanted)]] = True
        row, key = row[fits], key[fits]
        base = _cut(full[key], self._words.side_length[key])
        bare = process.cpdist(text[row], base, scorer=LCSseq.similarity, dtype=np.uint8) == size[row]
        low, high = np.full(len(group), _MANY), np.full(len(group), NONE)
        np.minimum.at(low, row, self.area[key])
        np.maximum.at(high, row, self.area[key])
        low[row[bare & (meaning[fits] > 0)]] = SEVERAL
        return np.select([~enough, low != high], [NONE, SEVERAL], low)

    def _of_like_length(self, length: int, columns: np.ndarray) -> np.ndarray:
        own = self._words.sound_length[columns]
        return np.asarray((own >= _RELATIVE * length) & (length >= _RELATIVE * own))

    @cached_property
    def _initials(self) -> np.ndarray:
        return _initial(self.plain)

    def _with_initial(self, initial: int, columns: np.ndarray) -> np.ndarray:
        return np.asarray(self._initials[columns] == initial)

    def _chunks(
        self, group: np.ndarray, kind: np.ndarray, alike: Callable[[int, np.ndarray], np.ndarray]
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Pair rows with the places of the keys that may be near: of the group and, of many, of a like kind.

        Yields so few rows at a time that a table of rows by keys stays small.
        """
        order = np.lexsort((kind, group))
        group_start = np.flatnonzero(np.diff(group[order], prepend=EVERYWHERE - 1))
        for rows in np.split(order, group_start[1:]):
            place = group[rows[0]] if len(rows) else EVERYWHERE
            columns = np.arange(
                *(np.searchsorted(self.group, place, side=end) for end in ("left", "right"))
                if place != EVERYWHERE else (0, len(self.area))
            )  # fmt: skip
            many = len(columns) > _BLOCKED
            parts = np.split(rows, np.flatnonzero(np.diff(kind[rows])) + 1) if many else [rows]
            for part in parts:
                near = columns[alike(int(kind[part[0]]), columns)] if many and len(part) else columns
                step = max(1, _CELLS // max(1, len(near)))
                for start in range(0, len(part) if len(near) else 0, step):
                    yield part[start : start + step], near

    def _closest(self, texts: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the keys of the nearest areas by sound, best first, ``NONE`` beyond the last; and the slips."""
        distance = self._distance(texts, columns)
        area = self.area[columns]
        first, last = np.searchsorted(area, area), np.searchsorted(area, area, side="right")
        keys_of_one = int((last - first).max())
        rows = np.arange(len(texts))
        closest: np.ndarray = np.full((_NEAREST, len(texts)), NONE)
        slips: np.ndarray = np.full((_NEAREST, len(texts)), _FAR)
        for rank in range(min(_NEAREST, 1 + int(np.count_nonzero(np.diff(area))))):
            best = distance.argmin(axis=1)
            closest[rank], slips[rank] = columns[best], distance[rows, best]
            for step in range(keys_of_one):
                key = np.minimum(first[best] + step, last[best] - 1)
                distance[rows, key] = _FAR
        return closest, slips

    def _distance(self, texts: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Count the slips by sound between texts (down) and keys (across)."""
        if len(columns) <= _COUNTABLE:
            return _slips_of_all(texts, self._words.sound[columns])
        sounds, place = self._sounds
        wanted = np.zeros(len(sounds), dtype=bool)
        wanted[place[columns]] = True
        back = (np.cumsum(wanted) - 1)[place[columns]]
        table: np.ndarray = np.take(_slips_of_all(texts, sounds[wanted]), back, axis=1)
        return table

    def _alike(
        self,
        words: Words,
        row: np.ndarray,
        key: np.ndarray,
        sounds: np.ndarray,
        grouped: np.ndarray,
        *,
        base: bool = False,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the likeness of pairs: slips in the letters or, a little less, in the sound.

        Once as a name may be taken, and once as it threatens the best: there a side («kulon», «II») may be missing, and
        with ``base`` the name without its side is looked at too.
        """
        size, key_size = words.length[row], self._words.length[key]
        shortest = np.where(grouped & (size >= _LEAST_LETTERS - 1), _LEAST_LETTERS, 1)
        slips = _slips(words.written[row], self._words.written[key])
        old = np.flatnonzero(words.respelt[row] | self._words.respelt[key])
        slips[old] = np.minimum(slips[old], _slips(words.modern[row[old]], self._words.modern[key[old]]))
        heard = np.maximum.reduce([words.sound_length[row], self._words.sound_length[key], shortest])
        other_letters = np.maximum(0, slips - sounds) * np.where(sounds == 0, _SAME_SOUND_SLIP, _RESPELT_SLIP)
        by_sound = SAME_SOUND - 100 * (sounds + other_letters) / heard
        by_letters = 100 - 100 * slips / np.maximum.reduce([size, key_size, shortest])
        score = np.maximum.reduce([by_letters, by_sound, np.zeros(len(row))])
        meaning, length = self._words.meaning[key], self._words.side_length[key]
        own = words.meaning[row]
        shorter = key_size - size
        missing = (own == 0) & (meaning > 0) & (is_number(meaning) | (shorter >= np.ceil(0.6 * length)))
        added = (
            (own > 0)
            & (meaning == 0)
            & (is_number(own) | (-shorter >= np.ceil(0.6 * words.side_length[row])))
        )
        other = ((own > 0) & (meaning > 0) & (own != meaning)) | added
        threat = np.asarray(score)
        threat[other] = np.minimum(threat[other], _OTHER_SIDE)
        if base:
            core = _cut(self._words.modern[key], length)
            core_size = np.maximum(key_size - length, shortest)
            alone = SAME_SOUND - 100 * _slips(words.modern[row], core) / core_size
            threat = np.where(missing, np.maximum(alone, threat), threat)
        return np.where(missing, np.minimum(threat, _OTHER_SIDE), threat), threat


@dataclass(frozen=True)
class _Table:
    """Areas by key and group."""

    keys: pa.Array
    pairs: np.ndarray
    area: np.ndarray
    groups: int

    @staticmethod
    def of(keys: pa.Array, area: np.ndarray, group: np.ndarray) -> "_Table":
        """Gather the areas of each key, in its group and everywhere."""
        distinct = pc.unique(keys)
        place = pc.index_in(keys, distinct).to_numpy(zero_copy_only=False).astype(np.int64)
        groups = int(group.max(initial=0)) + 2
        pair = np.concatenate([place * groups + group + 1, place * groups])
        owner = np.concatenate([area, area])
        order = np.lexsort((owner, pair))
        pair, owner = pair[order], owner[order]
        pairs, start = np.unique(pair, return_index=True)
        last = np.append(start[1:], len(pair)) - 1
        return _Table(
            distinct,
            pairs,
            np.where(owner[start] == owner[last[: len(start)]], owner[start], SEVERAL),
            groups,
        )

    def find(self, keys: pa.Array, group: np.ndarray) -> np.ndarray:
        """Return the area of each key in its group."""
        place = pc.fill_null(pc.index_in(keys, self.keys), -1).to_numpy(zero_copy_only=False).astype(np.int64)
        if not len(self.pairs):
            return np.full(len(group), NONE)
        pair = place * self.groups + group + 1
        there = np.minimum(np.searchsorted(self.pairs, pair), len(self.pairs) - 1)
        return np.where((place >= 0) & (self.pairs[there] == pair), self.area[there], NONE)


def _slips(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Count the slips of pairs; a swap of neighbours is one."""
    return np.asarray(process.cpdist(one, other, scorer=OSA.distance, dtype=np.uint8), dtype=np.int64)


def _slips_of_all(down: np.ndarray, across: np.ndarray) -> np.ndarray:
    return np.asarray(process.cdist(down, across, scorer=OSA.distance, dtype=np.uint8))


def _follows(short: np.ndarray, full: np.ndarray, size: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs of which the letters of the short form stand in the full one, in their order."""
    common = process.cdist(short, full, scorer=LCSseq.similarity, dtype=np.uint8)
    row, column = np.nonzero(common == size.astype(np.uint8)[:, None])  # no name is longer than a byte counts
    return row, column


def _strings(keys: pa.Array) -> np.ndarray:
    return np.asarray(keys.to_numpy(zero_copy_only=False), dtype=object)


def _length(keys: pa.Array) -> np.ndarray:
    return np.asarray(pc.binary_length(keys).to_numpy(zero_copy_only=False), dtype=np.int64)


def _initial(keys: pa.Array) -> np.ndarray:
    """Return a number for the first sign of each key."""
    first = pc.index_in(pc.utf8_slice_codeunits(keys, 0, 1), _SIGNS)
    return np.asarray(pc.fill_null(first, NONE).to_numpy(zero_copy_only=False))


def _cut(texts: np.ndarray, letters: np.ndarray) -> np.ndarray:
    return np.array([text[: len(text) - cut] for text, cut in zip(texts, letters, strict=True)], dtype=object)


def _consonants(keys: pa.Array) -> np.ndarray:
    return np.asarray(pc.count_substring_regex(keys, "[b-df-hj-np-tv-z]").to_numpy(zero_copy_only=False))
