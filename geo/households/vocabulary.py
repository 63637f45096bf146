"""The words that headings are made of: which meaning a heading has, taken by itself."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from geo.columns import ABBREVIATIONS, LONGEST_ANSWER, Column, heading_key, question_number
from geo.columns.code_lists import PROFILES, CodeList, read_code_list
from geo.households.split_codes import PARTS
from geo.indicators import indicator_columns

BY_HEADING, BY_NUMBER, BY_SLIP, BY_CHOICE = "judul", "nomor pertanyaan", "salah ketik", "pilihan"
"""How a meaning was found."""

HOME, PLAIN, PAPER, WEAK = 3, 2, 1, 0
"""Ranks of headings of one meaning: where people live, no word of it, by their papers, and only for want of another."""

_SLIP_LETTERS, _SLIP_KEY, _NEAR, _NEAR_FAULT = 5, 6, 70, 50
_STATES = frozenset({"kondisi", "kualitas", "status"})
_JUDGED = frozenset({"kelayakan", "penilaian", "struktur", "struktural", "nonstruktural", "konstruksi"})
"""Words in front of a heading that ask for a condition, perhaps or surely."""
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")


@cache
def _words() -> dict[str, Any]:
    with (PROFILES / "headings.toml").open("rb") as file:
        return tomllib.load(file)


def title_of(meaning: str) -> str:
    """Say a meaning in plain words (Indonesian).

    Examples
    --------
    >>> title_of("no_kk"), title_of("kolom_baru")
    ('Nomor Kartu Keluarga', 'kolom baru')
    """
    return str(_words()["titles"].get(meaning, meaning.replace("_", " ")))


_KINDS: Mapping[str, dict[str, Any]] = {
    "kode_tertulis": {"kind": "identifier"},
    **{name: {"kind": "identifier"} for name in PARTS},
    "id_keluarga": {"kind": "identifier"},
    "jumlah_art": {"kind": "integer", "low": 1, "high": 30},
    "desil": {"kind": "desil", "low": 1, "high": 10},
}


@cache
def known_columns() -> tuple[Column, ...]:
    """Return every meaning that a sheet may hold: who, where, and what the indicators ask for."""
    words = _words()
    own = [
        Column(name, tuple(known), **_KINDS.get(name, {}))
        for group in ("person", "place")
        for name, known in words[group].items()
    ]
    asked = [
        replace(column, headings=(*column.headings, *words["answers"].get(column.name, ())))
        for column in indicator_columns()
    ]
    return (*own, *asked)


@dataclass(frozen=True)
class Reading:
    """What a heading means by itself, how sure that goes before others, and how it was found or why not."""

    meaning: str = ""
    rank: int = 0
    how: str = ""
    note: str = ""


class Vocabulary:
    """The headings that are known, for sheets of one questionnaire; spaces do not count."""

    def __init__(self, code_list: CodeList) -> None:
        words = _words()
        self.numbers, self.unused_numbers = code_list.numbers, code_list.unused
        self.columns = {column.name: column for column in known_columns()}
        lists = {name: code_list.questions[name].headings for name in code_list.questions}
        self.keys = {
            heading_key(heading): column.name
            for column in self.columns.values()
            for heading in (*column.headings, *lists.get(column.name, ()))
        }
        # «NoKK» has no spaces to tell its words by
        shortened = {
            _compact(re.sub(rf"\b{word}\b", short, key)): name
            for short, word in ABBREVIATIONS.items()
            for key, name in self.keys.items()
        }
        self.known = shortened | {_compact(key): name for key, name in self.keys.items()}
        self.unused = {
            _compact(heading_key(text)): title for title, texts in words["unused"].items() for text in texts
        }
        self.unused = {key: title for key, title in self.unused.items() if key not in self.known}
        self.weak = {
            (name, _compact(heading_key(text))) for name, texts in words["weak"].items() for text in texts
        }
        self.groups = frozenset(words["groups"]["words"])
        places = frozenset(words["place"]) | {"alamat", "dusun", "rt", "rw", "rt_rw"}
        self.places = places - {"lintang", "bujur", "koordinat"}
        self.qualifiers = sorted(
            ((heading_key(text), rank) for name, rank in (("home", HOME), ("paper", PAPER))
             for text in words["qualifiers"][name]),
            key=lambda pair: -len(pair[0]),
        )  # fmt: skip

    def read(self, text: str) -> "Reading":
        """Say what a heading means; nothing where it is not known."""
        bare = _BRACKETS.sub(" ", text[:LONGEST_ANSWER])
        for variant in dict.fromkeys((heading_key(text), heading_key(bare))):
            key = _compact(variant)
            if key in self.known:
                name = self.known[key]
                return Reading(name, WEAK if (name, key) in self.weak else PLAIN, BY_HEADING)
            if key in self.unused:
                return Reading(note=f"dikenal sebagai {self.unused[key]}, tidak dipakai")
            if found := self._qualified(variant) or self._grouped(variant):
                return found
        return self._numbered(text)

    def _qualified(self, key: str) -> "Reading | None":
        for words, rank in self.qualifiers:
            bare = re.sub(rf"(?:^|(?<= )){words}(?:$|(?= ))", "", key)
            name = self.known.get(_compact(bare), "") if bare != key else ""
            if name in self.places:
                return Reading(name, rank, BY_HEADING)
        return None

    def _grouped(self, key: str) -> "Reading | None":
        words = key.split()
        for first in range(1, len(words)):
            if words[first - 1] not in self.groups:
                return None
            rest = words[first:]
            name = self._of_state({*words[:first]}, rest) or self.known.get(_compact(" ".join(rest)))
            # «kondisi rumah, atap» may ask for a state, not for a material
            if name and not self._asks_otherwise(name, {*words[:first]}, rest):
                rank = WEAK if (name, _compact(" ".join(rest))) in self.weak else PLAIN
                return Reading(name, rank, BY_HEADING)
            if found := self._qualified(" ".join(rest)):
                return found
        return None

    def _of_state(self, front: set[str], rest: list[str]) -> str:
        """Return the condition that a heading asks for, as «penilaian kelayakan, dinding» does, if it is one."""
        name = (
            self.known.get(_compact(" ".join(("kondisi", *rest))), "") if front & (_STATES | _JUDGED) else ""
        )
        return name if name and self.columns[name].kind == "level" else ""

    def _asks_otherwise(self, name: str, front: set[str], rest: list[str]) -> bool:
        if self.columns[name].kind == "level":
            return False
        return bool(front & _JUDGED) or (len(rest) == 1 and bool(front & _STATES))

    def _numbered(self, text: str) -> "Reading":
        number = question_number(text) or question_number(_BRACKETS.sub(" ", text[:LONGEST_ANSWER]))
        if number in self.numbers:
            return Reading(self.numbers[number], PLAIN, BY_NUMBER)
        if number in self.unused_numbers:
            return Reading(note=f"dikenal sebagai {self.unused_numbers[number]}, tidak dipakai")
        front = re.match(
            r"\W*(.*?\d{3}(?:[ .]*[a-z]\b)?\d?)[\W_]+(?=[^\W\d])", text[:LONGEST_ANSWER].casefold()
        )
        name = self.numbers.get(question_number(front[1]), "") if front else ""
        if name:
            said, known = (
                heading_key(text).split(),
                {word for key, own in self.keys.items() if own == name for word in key.split()},
            )
            if {word for word in said if len(word) > 3} & known - self.groups:  # noqa: PLR2004
                return Reading(name, PLAIN, BY_NUMBER)
        return Reading()

    def slip(self, text: str) -> str:
        """Return the only meaning whose heading is one slip of the pen away, in a long word, if there is one."""
        key = heading_key(text)
        if len(key) < _SLIP_KEY:
            return ""
        # one slip in one word is one slip in all; asked of all at once, as a sheet may have thousands of headings
        likely = process.extract(key, list(self.keys), scorer=OSA.distance, score_cutoff=1, limit=None)
        near = {self.keys[known] for known, *_ in likely if _is_slip(key, known)}
        return near.pop() if len(near) == 1 else ""

    def nearest(self, text: str) -> str:
        """Return the meaning that comes nearest to a heading, or nothing."""
        found = process.extractOne(
            heading_key(text), list(self.keys), scorer=fuzz.token_sort_ratio, score_cutoff=_NEAR
        )
        return "" if found is None else self.keys[found[0]]

    def candidates(self, name: str, headings: Sequence[str]) -> list[str]:
        """Return the headings, of those that mean nothing yet, that come nearest to a meaning."""
        keys = [key for key, own in self.keys.items() if own == name]
        scored = [
            (max(fuzz.token_set_ratio(heading_key(text), key) for key in keys), text) for text in headings
        ]
        return [text for score, text in sorted(scored, key=lambda pair: -pair[0])[:3] if score >= _NEAR_FAULT]


def _compact(key: str) -> str:
    return key.replace(" ", "")


def _is_slip(key: str, known: str) -> bool:
    """Say whether two headings differ in one long word alone, by one slip, and begin it with the same letter."""
    words, others = key.split(), known.split()
    if len(words) != len(others):
        return False
    differing = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
    if len(differing) != 1:
        return False
    one, other = differing[0]
    return (
        one[0] == other[0]
        and min(len(one), len(other)) >= _SLIP_LETTERS
        and not re.search(r"\d", one + other)
        and OSA.distance(one, other, score_cutoff=1) == 1
    )


@cache
def vocabulary(name: str) -> Vocabulary:
    """Return the headings that are known for sheets of one questionnaire."""
    return Vocabulary(read_code_list(name))


def shown(text: str, letters: int = 40) -> str:
    r"""Return a heading fit for a screen: short, and without characters that would steer it.

    Examples
    --------
    >>> shown("Nama\x1b[31m \u202eKK"), shown("x" * 50, 5)
    ('Nama·[31m ·KK', 'xxxxx')
    """
    return "".join(letter if letter.isprintable() else "·" for letter in text[:letters])
