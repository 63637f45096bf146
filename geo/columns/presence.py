"""Answers that say whether something is there: yes, no, a count, a code, or the name of what is there.

Nothing but yes or no leaves this file: the name of a disease or of a disability is not kept anywhere.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from geo.columns import LONGEST_ANSWER, heading_key
from geo.columns.code_lists import PROFILES, plain

UNCLEAR_NUMBER = "angka yang dapat berarti lain: ya/tidak, banyaknya orang, atau kode"
UNCLEAR_WORDS = "jawaban yang tidak dikenal sebagai ya atau tidak"

_MOST, _TWO = 99, 2
_ENOUGH, _FULL, _HALF = 20, 0.9, 0.5
_COUNTING = frozenset({"jumlah", "banyak", "banyaknya", "jiwa"})
_ASKING = frozenset(
    {"ada", "apakah", "memiliki", "mempunyai", "punya", "pernah", "adakah", "disedot", "penyedotan"}
)
_NUMBER = re.compile(r"0*(\d{1,2})(?:[.,]0+)?(?: ?(?P<people>orang|org|jiwa|art|anggota)\.?)?")
_NUMBERED = re.compile(r"^\W*\d{1,2}\W+(?=\D)|(?<=[a-z])\W+\d{1,2}\W*$")
_PARTS = re.compile(r"[,;/&+()\[\]:|–—]| - | dan | serta ")

_AS_PICTURE = "\ufe0f"  # follows a tick that is shown as a picture

_Reading = Mapping[int, bool | None]
"""What each number means; a number that is not among them cannot stand in such a column."""

_COUNT: _Reading = {number: number > 0 for number in range(_MOST + 1)}
_ZERO_ONE: _Reading = {0: False, 1: True}
_ONE_TWO: _Reading = {0: None, 1: True, 2: False}


@dataclass(frozen=True)
class _Words:
    """What is known of a column: its words, the codes and the number of its question, and names within an answer."""

    yes: frozenset[str]
    no: frozenset[str]
    fillers: frozenset[str]
    codes: _Reading
    number: str
    ticks: frozenset[str]
    doubts: re.Pattern[str]
    within: re.Pattern[str]


@cache
def _words(name: str) -> _Words:
    with (PROFILES / "presence.toml").open("rb") as file:
        table = tomllib.load(file)
    every, own = table["every"], table[name]
    yes, no, fillers = (
        frozenset(map(plain, (*every[key], *own.get(key, ())))) for key in ("yes", "no", "fillers")
    )
    codes = {
        int(code): None if meaning < 0 else bool(meaning) for code, meaning in own.get("codes", {}).items()
    }
    clear = {*map(plain, own["yes"])} - {*own.get("alone", own["yes"])}
    doubts = (re.escape(word).replace(r"\*", r"\w*") for word in every["doubts"])
    return _Words(
        yes, no, fillers, codes, own.get("number", ""), frozenset(every["ticks"]), _any(doubts), _any(clear)
    )


def _any(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words) or '(?!)'})\b")


def read_presence(
    name: str, heading: str, distinct: Sequence[str], counts: np.ndarray, rows: int
) -> list[tuple[bool | None, str | None]]:
    """Return for each distinct answer of a column: yes, no or nothing; and the remark where it is not understood.

    Parameters
    ----------
    name
        Of the column, a table of geo/profiles/presence.toml.
    heading
        As in the sheet: «Jumlah ...» asks for a count, «Ada ...» for yes or no, «430» for a code.
    distinct, counts
        The different answers, in small letters, and how often each stands in the column.
    rows
        Rows of the sheet, the empty cells of the column among them.

    Notes
    -----
    A bare number is read only as far as every reading that fits heading and column agrees on it.

    Examples
    --------
    >>> read = lambda heading, *cells: [yes for yes, _ in read_presence("disabilitas", heading, cells, np.ones(9), 9)]
    >>> read("Disabilitas", "ya", "tidak ada", "tuna netra", "-", "1", "2")
    [True, False, True, None, True, None]
    >>> read("Jumlah Disabilitas", "0", "2"), read("Ada ART disabilitas", "1", "2")
    ([False, True], [True, False])
    """
    words = _words(name)
    numbers = {place: int(found[1]) for place, text in enumerate(distinct)
               if (found := _NUMBER.fullmatch(text)) and not found["people"]}  # fmt: skip
    readings = _readings(words, heading, numbers, counts, rows)
    return [
        _agreed(readings, numbers[place]) if place in numbers else _said(words, text)
        for place, text in enumerate(distinct)
    ]


def _readings(
    words: _Words, heading: str, numbers: Mapping[int, int], counts: np.ndarray, rows: int
) -> list[_Reading]:
    """Return the readings of a column's numbers that its heading and its numbers allow."""
    said = {*heading_key(heading).split()}
    if words.codes and ({"kd", "kode"} & said or re.search(rf"(?<!\d){words.number}(?!\d)", heading)):
        return [words.codes]
    if _COUNTING & said:
        return [_COUNT]
    often = {number: sum(counts[place] for place, found in numbers.items() if found == number)
             for number in {*numbers.values()}}  # fmt: skip
    if "jenis" in said and 0 not in often:
        return []  # the number of a kind, in a list that nobody knows: one of them may stand for none
    filled = sum(often.values())
    told = filled >= _ENOUGH
    asks = bool(_ASKING & said)
    possible: list[tuple[_Reading, bool]] = [
        (_ZERO_ONE, True),
        # a nought beside 1 and 2 may be an empty cell; beside 1 alone nothing speaks for this reading
        (_ONE_TWO, _TWO in often or 0 not in often),
        # were it a count, nearly every household would have somebody
        (_COUNT, not asks and not (told and 0 not in often and filled >= _FULL * rows)),
        # a coded question has an answer in each row, and «none» is the commonest
        (
            words.codes,
            bool(words.codes)
            and not asks
            and not (told and (filled < _HALF * rows or often.get(1, 0) < often.get(2, 0))),
        ),
    ]
    return [reading for reading, allowed in possible if allowed and {*often} <= {*reading}]


def _agreed(readings: Sequence[_Reading], number: int) -> tuple[bool | None, str | None]:
    meanings = {reading.get(number) for reading in readings}
    found = meanings.pop() if len(meanings) == 1 else None
    return found, UNCLEAR_NUMBER if found is None else None


def _said(words: _Words, text: str) -> tuple[bool | None, str | None]:
    """Read an answer in words: yes when a part of it is, no when all of it is."""
    if found := _NUMBER.fullmatch(text):
        return int(found[1]) > 0, None
    if text.replace(_AS_PICTURE, "") in words.ticks:
        return True, None
    whole = _known(words, text)
    if whole is not None:
        return whole, None
    parts = [_known(words, part) for part in _PARTS.split(text) if plain(part)]
    if any(parts):
        # «tidak ada (stroke)» says both
        return (None, UNCLEAR_WORDS) if False in parts else (True, None)
    if parts and all(part is False for part in parts):
        return False, None
    # a name that is known, in a longer answer that denies and doubts nothing
    said = plain(text)
    plain_told = len(text) <= LONGEST_ANSWER and "?" not in text and not words.doubts.search(said)
    return (True, None) if plain_told and words.within.search(said) else (None, UNCLEAR_WORDS)


def _known(words: _Words, text: str) -> bool | None:
    """Read one answer in words; what decides nothing does not count, but for where a denial stands."""
    for variant in dict.fromkeys((plain(text), plain(_NUMBERED.sub("", text)))):
        if variant in words.yes or variant in words.no:
            return variant in words.yes
        said = [word for word in variant.split() if not word.isdecimal()]
        kept = [word for word in said if word not in words.fillers]
        rest = " ".join(kept)
        if rest in words.no and kept == said[:1]:
            return False
        if rest in words.yes or (said[:1] in (["ada"], ["punya"]) and not kept):
            return True
    return None
