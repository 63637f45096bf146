"""The one area that a written name means: its spellings gathered, and the rules by which one of them is taken."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process
from rapidfuzz.distance import OSA, Postfix, Prefix

from geo.gazetteer.likeness import EVERYWHERE, NONE, SAME_SOUND, SEVERAL, Nearest, Spellings, Words
from geo.gazetteer.spelling import (
    SAME_SIDE,
    least_consonants,
    letters,
    modern_key,
    plain_key,
    read_otherwise,
    short_words,
    side,
    sound_key,
    take_apart,
    tidy,
    without_kecamatan_word,
)
from geo.settings import GeocodingSettings

EXACT = 100.0
SHORT = 90.0
"""Score of a name that is found by an abbreviation."""

ROUNDING = 1e-6
SLIPS_AHEAD = 1.5
"""A name that is not written exactly must be nearer by so many wrong letters than any other."""

_RIVAL = 70.0
_UNPLACED = 5.0
_FAR_AHEAD = 2.0
_LONG, _LONG_SLIPS = 8, 2.0
"""A name of so many letters may have so many of them wrong, where nothing else is like it."""

_SHORT_NAME = 4
"""Of names up to this long any one wrong letter makes another name."""

_LEAST_EVERYWHERE = 0.75
_LEAST_LETTERS = 5
_SHORTEST_CUT, _LONGEST_CUT, _LONGEST_TEXT = 5, 6, 60
_SYLLABLE, _DENSE, _DENSE_LONG = 2, 0.75, 0.6
_BEARABLE = (1, 6, 10)
"""Letters from which on one, two, three may be wrong."""
_UNHEARD = 2.0
_FEW_SLIPS = 6.0


@dataclass(frozen=True)
class Found:
    """What names mean.

    Attributes
    ----------
    area
        The place of the area, or ``NONE``, ``SEVERAL``.
    score
        Its likeness, 0 to 100.
    """

    area: np.ndarray
    score: np.ndarray


def find(
    spellings: Spellings,
    names: pa.Array,
    group: np.ndarray,
    settings: GeocodingSettings,
    *,
    loosely: bool = False,
) -> Found:
    """Find the one area that each name means in its group: as written, by sound, by few slips, as short form.

    Parameters
    ----------
    names
        Tidy names (see ``geo.gazetteer.spelling``).
    group
        The group of areas that each name is looked for in, or ``EVERYWHERE``.
    settings
        The likeness that a name must reach, and its lead over the next.
    loosely
        Whether a badly typed name, or one that lost its end, is taken too, where nothing else in its group is like
        it; then one that is only nearly so near to another area is not.
    """
    plain = plain_key(names)
    area = exact(spellings, plain, names, group)
    open_ = np.flatnonzero(area == NONE)
    bare = read_otherwise(names.take(pa.array(open_)))
    other = pc.not_equal(bare, names.take(pa.array(open_)))
    open_, bare = open_[other.to_numpy(zero_copy_only=False)], bare.filter(other)
    area[open_] = exact(spellings, plain_key(bare), bare, group[open_])
    score = np.where(area == NONE, 0.0, EXACT)
    left = np.flatnonzero((area == NONE) & has_text(plain))
    if left.size:
        words = Words.of(plain.take(pa.array(left)))
        alike = spellings.same_sound(pa.array(words.sound, pa.string()), group[left])
        sure = (alike >= 0) & ~spellings.crowded[alike]
        area[left[sure]], score[left[sure]] = alike[sure], SAME_SOUND
        left, words = left[~sure], words.take(np.flatnonzero(~sure))
    if left.size:
        keys = plain.take(pa.array(left))
        near = spellings.nearest(words, group[left])
        high = near.score >= settings.name_score - ROUNDING
        doubtful = (group[left] == EVERYWHERE) & (near.score < settings.name_score + _UNPLACED)
        clear = near.lead >= settings.name_margin * np.where(doubtful, 2, 1) - ROUNDING
        if loosely:
            wrong = near.score < SAME_SOUND - _UNHEARD
            clear &= ~wrong | (near.lead >= slips(SLIPS_AHEAD, words) - ROUNDING)
            badly = np.flatnonzero(high & (near.score < settings.name_score + _FEW_SLIPS))
            high[badly] = slips_of_pen(spellings, words.take(badly), near.area[badly])
            high |= _decisive(spellings, words, group[left], near, settings)
        area[left] = np.select([high & clear, high], [near.area, SEVERAL], NONE)
        score[left] = np.where(high, near.score, 0.0)
        texts = names.take(pa.array(left))
        open_ = np.flatnonzero(short_words(texts) | ~(high & clear))
        meant, told = _short(
            spellings, texts.take(pa.array(open_)), keys.take(pa.array(open_)), group[left[open_]]
        )
        rival = (near.score[open_] >= _RIVAL) & (near.area[open_] != meant)
        area[left[open_[told]]] = np.where(rival, SEVERAL, meant)[told]
        score[left[open_[told]]] = SHORT
        if loosely:
            meant, alone = _cut_off(spellings, words, group[left])
            taken = alone & np.isin(area[left], [NONE, SEVERAL])
            other = (meant != NONE) & (area[left] >= 0) & (area[left] != meant) & (near.score < SAME_SOUND)
            area[left] = np.select([taken, other], [meant, SEVERAL], area[left])
            score[left[taken]] = SHORT
        brief = np.flatnonzero((words.length <= _SHORT_NAME) & (area[left] >= 0))
        torn = spellings.equalled(words.take(brief), group[left[brief]], area[left[brief]])
        area[left[brief[torn]]] = SEVERAL
        # what only sounds like one desa may be another one, of anywhere, with fewer letters wrong
        heard = np.flatnonzero(
            (group[left] == EVERYWHERE) & (area[left] >= 0) & (score[left] >= SAME_SOUND - _UNHEARD)
        )
        torn = spellings.equalled(words.take(heard), group[left[heard]], area[left[heard]], ahead=1)
        area[left[heard[torn]]] = SEVERAL
    return Found(area, score)


def _short(
    spellings: Spellings, names: pa.Array, keys: pa.Array, group: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Find what short forms may mean, and say where that counts."""
    least = least_consonants(names, keys)
    meant = np.full(len(group), NONE)
    # without a kecamatan too many names hold the letters of one that is merely badly typed
    tried = np.flatnonzero((group != EVERYWHERE) | (least < 1))
    strict = np.where(group == EVERYWHERE, np.maximum(least, _LEAST_EVERYWHERE), least)
    meant[tried] = spellings.short_for(keys.take(pa.array(tried)), group[tried], strict[tried])
    as_written = letters(names)
    other = pc.not_equal(as_written, keys).to_numpy(zero_copy_only=False)
    again = tried[(meant[tried] == NONE) & other[tried]]
    meant[again] = spellings.short_for(as_written.take(pa.array(again)), group[again], strict[again])
    return meant, (meant != NONE) & ((strict < 1) | (meant >= 0))


def slips(count: float, words: Words) -> np.ndarray:
    """Return by how much so many wrong letters lessen the likeness of names."""
    return np.asarray(100 * count / np.maximum(words.length, _LEAST_LETTERS))


def _cut_off(spellings: Spellings, words: Words, group: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the areas whose names begin as names say that may have lost their end.

    Returns
    -------
    meant
        The only such area of the group, ``NONE`` or ``SEVERAL``.
    alone
        Whether it can be taken: half of the name is there, what tells it from its twin is, and no other name of the
        group is written so but for one letter.
    """
    meant, alone = np.full(len(group), NONE), np.zeros(len(group), dtype=bool)
    size = pc.binary_length(pa.array(words.modern, pa.string())).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero((group != EVERYWHERE) & (size >= _SHORTEST_CUT) & (size <= _LONGEST_TEXT))
    if not rows.size:
        return meant, alone
    full = modern_key(spellings.plain)
    known = _tokens(spellings.group, full)
    order = np.argsort(known, kind="stable")
    said = _tokens(group[rows], pa.array(words.modern[rows], pa.string()))
    first = np.searchsorted(known[order], said, side="right")
    last = np.searchsorted(known[order], np.char.add(said, b"~"))
    rows, first, last = rows[last > first], first[last > first], last[last > first]
    if not rows.size:
        return meant, alone
    area = np.append(spellings.area[order], NONE)
    between = np.stack([first, last], axis=1).ravel()
    low, high = (ends.reduceat(area, between)[::2] for ends in (np.minimum, np.maximum))
    meant[rows] = np.where(low == high, low, SEVERAL)
    meaning, ending = side(spellings.plain)
    key = order[first]
    lost = pc.binary_length(full).to_numpy(zero_copy_only=False)[key] - size[rows]
    enough = (lost <= _LONGEST_CUT) & (lost <= size[rows]) & ~((meaning[key] > 0) & (lost >= ending[key]))
    alone[rows] = enough & (low == high)
    return meant, alone & ~_written_alike(spellings, words.modern, group, meant, alone)


def _written_alike(
    spellings: Spellings, texts: np.ndarray, group: np.ndarray, meant: np.ndarray, asked: np.ndarray
) -> np.ndarray:
    """Say which names are also those of another area than the one that is meant, but for one letter."""
    alike, rows = np.zeros(len(group), dtype=bool), np.flatnonzero(asked)
    row, key = _pairs(spellings.group, group[rows])
    row = rows[row]
    other = spellings.area[key] != meant[row]
    row, key = row[other], key[other]
    full = np.asarray(modern_key(spellings.plain).to_numpy(zero_copy_only=False), dtype=object)
    alike[
        row[process.cpdist(texts[row], full[key], scorer=OSA.distance, dtype=np.uint8, workers=-1) <= 1]
    ] = True
    return alike


def _tokens(group: np.ndarray, keys: pa.Array) -> np.ndarray:
    """Write group and key as one, so that names of one group that begin alike stand together."""
    number = pc.utf8_lpad(pa.array(group).cast(pa.string()), 8, "0")
    return np.asarray(pc.binary_join_element_wise(number, keys, "").to_numpy(zero_copy_only=False)).astype(
        "S"
    )


def _pairs(owner: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pair rows with all keys of the owner, a group or an area, that each wants; owners of keys are sorted."""
    first, last = (np.searchsorted(owner, wanted, side=end) for end in ("left", "right"))
    count = last - first
    key = np.arange(count.sum()) + np.repeat(first - np.cumsum(count) + count, count)
    return np.repeat(np.arange(len(wanted)), count), key


def may_be_short(spellings: Spellings, names: pa.Array, area: np.ndarray) -> np.ndarray:
    """Say which names may be an abbreviation, or the beginning, of one area each."""
    each = Spellings(spellings.plain, spellings.area, spellings.area)  # every area a group of its own
    row, key = _pairs(spellings.area, area)
    full = modern_key(spellings.plain).to_numpy(zero_copy_only=False)[key]
    short = np.zeros(len(area), dtype=bool)
    for keys in (plain_key(names), letters(names)):
        short |= each.short_for(keys, area, least_consonants(names, keys)) != NONE
        said = modern_key(keys).to_numpy(zero_copy_only=False)
        size = np.array([len(text) for text in said], dtype=np.int64)[row]
        begins = process.cpdist(said[row], full, scorer=Prefix.similarity, dtype=np.int64) == size
        short[row[begins & (size >= _SHORTEST_CUT)]] = True
    return short


def _decisive(
    spellings: Spellings, words: Words, group: np.ndarray, near: Nearest, settings: GeocodingSettings
) -> np.ndarray:
    """Say where a long name, badly typed, is like one desa of its kecamatan alone, and is no other word."""
    loose = (near.score < settings.name_score) & (group != EVERYWHERE) & (words.length >= _LONG)
    loose &= near.score >= SAME_SOUND - slips(_LONG_SLIPS, words) - ROUNDING
    there = np.flatnonzero(loose & (near.lead >= _FAR_AHEAD * settings.name_margin))
    decisive = np.zeros(len(group), dtype=bool)
    decisive[there] = slips_of_pen(spellings, words.take(there), near.area[there])
    return decisive


def slips_of_pen(spellings: Spellings, words: Words, area: np.ndarray) -> np.ndarray:
    """Say which names are one of their area but for a few letters; with a syllable replaced it is another name.

    «Podosari» and «Sidosari» are two places, «Pofodari» is none: wrong letters stand apart, the first ones at most.
    """
    row, key = _pairs(spellings.area, area)
    found = np.zeros(len(area), dtype=bool)
    modern = modern_key(spellings.plain)
    forms = ((words.written, spellings.plain), (words.modern, modern), (words.sound, sound_key(modern)))
    for said, known in forms:
        one, other = said[row], np.asarray(known.to_numpy(zero_copy_only=False), dtype=object)[key]
        begin, end, wrong = (
            process.cpdist(one, other, scorer=scorer, dtype=np.int64)
            for scorer in (Prefix.similarity, Postfix.similarity, OSA.distance)
        )
        sizes = np.array([[len(text) for text in texts] for texts in (one, other)], dtype=np.int64).reshape(
            2, -1
        )
        differing = np.maximum(0, sizes - begin - end)
        dense = np.where(wrong > _SYLLABLE, _DENSE_LONG, _DENSE) * differing.max(axis=0)
        replaced = (differing.min(axis=0) >= _SYLLABLE) & (wrong >= dense)
        bearable = np.searchsorted(_BEARABLE, sizes.max(axis=0), side="right")
        other_start = (
            (begin == 0) & (wrong > 1) & ((wrong > _SYLLABLE) | (2 * wrong >= differing.max(axis=0)))
        )
        found[row[(wrong <= bearable) & ~replaced & ~other_start]] = True
    return found


def gather_spellings(names: pd.Series, aliases: pd.Series, group: np.ndarray) -> Spellings:
    """Gather the spellings of areas; places follow the order of the rows."""
    written = (names + ";" + aliases).str.split(";").explode()
    place = pd.Index(names.index).get_indexer(written.index)
    texts = tidy(written.to_numpy(object))
    keys = pd.DataFrame(
        {"key": [*plain_key(texts).to_pylist(), *letters(texts).to_pylist()], "area": np.tile(place, 2)}
    )
    keys = keys[keys["key"] != ""].drop_duplicates()
    known = set(zip(keys["key"], group[keys["area"]], strict=True))
    stripped = [
        (key, area)
        for bare in (take_apart(texts).name, without_kecamatan_word(texts)[0])
        for key, area in zip(plain_key(bare).to_pylist(), place, strict=True)
        if key and (key, group[area]) not in known
    ]
    quarters = stripped + [
        (key.removesuffix(one) + other, area)
        for key, area in keys.itertuples(index=False)
        for pair in SAME_SIDE
        for one, other in (pair, pair[::-1])
        if key.endswith(one) and key != one and (key.removesuffix(one) + other, group[area]) not in known
    ]
    keys = pd.concat(
        [keys, pd.DataFrame(quarters, columns=["key", "area"])], ignore_index=True
    ).drop_duplicates()
    return sorted_spellings(list(keys["key"]), keys["area"].to_numpy(np.int64), group)


def sorted_spellings(keys: list[str], area: np.ndarray, group: np.ndarray) -> Spellings:
    """Put the keys of areas in the order of these; the group of each area by its place."""
    order = np.argsort(area, kind="stable")
    return Spellings(pa.array(keys, pa.string()).take(pa.array(order)), area[order], group[area[order]])


def exact(spellings: Spellings, plain: pa.Array, names: pa.Array, group: np.ndarray) -> np.ndarray:
    """Look names up by their plain keys, and the rest by their letters as they are."""
    area = spellings.exact(plain, group)
    left = np.flatnonzero(area == NONE)
    raw, keys = letters(names.take(pa.array(left))), plain.take(pa.array(left))
    other = pc.not_equal(raw, keys)
    left = left[other.to_numpy(zero_copy_only=False)]
    area[left] = spellings.exact(raw.filter(other), group[left])
    return area


def has_text(texts: pa.Array) -> np.ndarray:
    """Say which texts hold a letter or a digit."""
    return np.asarray(pc.match_substring_regex(texts, "[a-z0-9]").to_numpy(zero_copy_only=False), dtype=bool)
