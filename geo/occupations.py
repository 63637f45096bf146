"""Main occupations: from the words of a sheet to the classes of a data file, unknown where the words leave doubt."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property

import pandas as pd
from rapidfuzz.distance import OSA

from geo.columns import LONGEST_ANSWER
from geo.columns.answers import MISSING_WORDS
from geo.columns.code_lists import PROFILES, plain

OPEN = " atau "
"""Stands between the classes of an answer that leaves several open."""

_SLIP_LETTERS = 7
"""A known word of so many letters is taken in spite of one slip."""

_CODE = re.compile(r"\W*(?:kode )?\d{1,3}\W+(?=[a-z])|(?<=[a-z])\W*\(\d{1,3}\)\W*$")
_NUMBER = re.compile(r"0*(\d+?)(?: 0+)?")
_SPLIT = re.compile(r"[/\\,;&+|\n]| [-–—] ")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")

Classes = frozenset[str]
NOTHING: Classes = frozenset()


@dataclass(frozen=True)
class Occupations:
    """What the words of occupations mean.

    Attributes
    ----------
    titles
        What users read of each class (Indonesian), by its id.
    words
        Whole answers, as :func:`geo.columns.code_lists.plain` gives them, and the classes they leave open.
    starts
        Beginnings of answers, likewise.
    spelling
        A word for another way to write it.
    denied, links, heads, fillers
        Words after which nothing is known, that join two occupations, that hold for every part, that say nothing.
    """

    titles: Mapping[str, str]
    words: Mapping[str, Classes]
    starts: Mapping[str, Classes]
    spelling: Mapping[str, str]
    denied: frozenset[str]
    links: frozenset[str]
    heads: frozenset[str]
    fillers: frozenset[str]

    @cached_property
    def long_words(self) -> frozenset[str]:
        """Words that are known in spite of one slip."""
        known = {word for phrase in (*self.words, *self.starts) for word in phrase.split()}
        return frozenset(word for word in known if len(word) >= _SLIP_LETTERS)

    @cached_property
    def link(self) -> re.Pattern[str]:
        """Finds what joins two occupations."""
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(self.links))) or '(?!)'})\b")

    def with_words(self, words: Mapping[str, Classes]) -> "Occupations":
        """Return the same with further whole answers, which count before the shipped ones."""
        return replace(self, words={**self.words, **{_phrase(written): words[written] for written in words}})


@cache
def read_occupations() -> Occupations:
    """Read the shipped classes and words, geo/profiles/pekerjaan.toml.

    Examples
    --------
    >>> read_occupations().titles["petani"]
    'Petani, pekebun, penggarap, pemungut hasil hutan'
    """
    with (PROFILES / "pekerjaan.toml").open("rb") as file:
        table = tomllib.load(file)
    reading = {name: frozenset(words) for name, words in table["reading"].items()}
    return Occupations(
        titles=table["titles"],
        words=_by_phrase(table["words"]),
        starts=_by_phrase(table["starts"]),
        spelling=table["spelling"],
        **reading,
    )


def _by_phrase(entries: Mapping[str, Iterable[str]]) -> dict[str, Classes]:
    return {
        plain(phrase): frozenset(classes.split(", "))
        for classes, phrases in entries.items()
        for phrase in phrases
    }


def find_classes(occupations: Occupations, written: str) -> Classes:
    """Return the classes that an answer leaves open; none where it is not understood.

    The rules, in their order: an answer known as a whole; its parts between signs such as ``/`` or words such as
    ``dan``, each of which must be known, except in brackets; a known beginning, with every other occupation that is
    named after it; the same after one slip in a word of seven letters or more. A code before words is dropped, a
    code alone says nothing, nor does an answer with any other digit.

    Examples
    --------
    >>> known = read_occupations()
    >>> for written in ("11. NELAYAN/PERIKANAN", "Brh. tani", "petani/pedagang", "mantan nelayan", "9", "pentani"):
    ...     print(sorted(find_classes(known, written)))
    ['nelayan']
    ['buruh_tani']
    ['pedagang', 'petani']
    []
    []
    []
    """
    text = unicodedata.normalize("NFKC", written[: LONGEST_ANSWER + 1]).casefold()
    text = "".join(sign if sign.isprintable() or sign.isspace() else "" for sign in text).strip()
    if len(written) > LONGEST_ANSWER:
        return NOTHING
    if _phrase(text) in occupations.words:
        return occupations.words[_phrase(text)]
    text = _CODE.sub("", text, count=1)
    if re.search(r"\d", text):
        return NOTHING
    return _whole(occupations, text) or _in_parts(occupations, text)


def _phrase(text: str) -> str:
    """Return the words of an answer, and of a number such as 09 or 9.0 the number."""
    number = _NUMBER.fullmatch(plain(text))
    return number[1] if number else plain(text)


def _tokens(occupations: Occupations, text: str) -> list[str]:
    return " ".join(occupations.spelling.get(word, word) for word in plain(text).split()).split()


def _whole(occupations: Occupations, text: str) -> Classes:
    phrase = " ".join(_tokens(occupations, text))
    return occupations.words.get(phrase, occupations.starts.get(phrase, NOTHING))


def _in_parts(occupations: Occupations, text: str) -> Classes:
    outside = [
        part for piece in _SPLIT.split(_BRACKETS.sub(" , ", text)) for part in occupations.link.split(piece)
    ]
    stated = [part for part in outside if plain(part)]
    if not stated:
        return NOTHING
    head = next(iter(_tokens(occupations, stated[0])), "")
    found = [
        _one(occupations, f"{head} {part}" if _needs_head(occupations, head, part) else part)
        for part in stated
    ]
    if not all(found):
        return NOTHING
    explained = [_tokens(occupations, inside) for inside in _BRACKETS.findall(text)]
    if any(occupations.denied.intersection(words) for words in explained):
        return NOTHING
    return NOTHING.union(*found, *(_named(occupations, words) for words in explained))


def _needs_head(occupations: Occupations, head: str, part: str) -> bool:
    """Say whether a part names no person by itself: in «buruh tani/pabrik» the first word holds for both."""
    return head in occupations.heads and not _longest(occupations, _tokens(occupations, part))


def _one(occupations: Occupations, part: str) -> Classes:
    """Read one occupation; a second time with the slips of long words mended."""
    tokens = _tokens(occupations, part)
    return _began(occupations, tokens) or _began(occupations, [_mended(occupations, word) for word in tokens])


def _began(occupations: Occupations, tokens: list[str]) -> Classes:
    said = [word for word in tokens if word not in occupations.fillers]
    for words in (tokens, said):
        if " ".join(words) in occupations.words:
            return occupations.words[" ".join(words)]
    for words in (said, tokens):
        if length := _longest(occupations, words):
            rest = words[length:]
            if occupations.denied.intersection(rest):
                return NOTHING
            return occupations.starts[" ".join(words[:length])] | _named(occupations, rest)
    return NOTHING


def _longest(occupations: Occupations, words: list[str]) -> int:
    """Return how many of the first words are a known beginning."""
    return next((n for n in range(len(words), 0, -1) if " ".join(words[:n]) in occupations.starts), 0)


def _named(occupations: Occupations, words: list[str]) -> Classes:
    """Return every occupation that is named somewhere in the words."""
    found, at = NOTHING, 0
    while at < len(words):
        length = _longest(occupations, words[at:])
        if length:
            found |= occupations.starts[" ".join(words[at : at + length])]
        at += length or 1
    return found


def _mended(occupations: Occupations, word: str) -> str:
    if len(word) < _SLIP_LETTERS - 1 or word in occupations.long_words:
        return word
    near = [known for known in occupations.long_words if OSA.distance(word, known, score_cutoff=1) <= 1]
    return near[0] if len(near) == 1 else word


def add_occupation(households: pd.DataFrame, occupations: Occupations) -> pd.DataFrame:
    """Say for each household the class of its main occupation.

    Needs columns: ``pekerjaan`` (text, missing when not said; the column may be missing as a whole).
    Adds columns: ``occupation``: id of a class; several, with ``atau`` between them in the order of the titles, where
    the answer leaves them open; missing when not said or not understood.
    """
    if "pekerjaan" not in households:
        return households.assign(occupation=pd.Series(pd.NA, index=households.index, dtype="str"))
    places, distinct = pd.factorize(households["pekerjaan"])
    found = [find_classes(occupations, str(written)) for written in distinct]
    words = [OPEN.join(name for name in occupations.titles if name in classes) or None for classes in found]
    # the last one stands for the cells that are empty
    told = pd.Series([*words, None], dtype="str").take(places).set_axis(households.index)
    return households.assign(occupation=told)


def is_said(written: pd.Series) -> pd.Series:
    """Say which answers are more than a sign for «nothing».

    Examples
    --------
    >>> is_said(pd.Series(["Petani", "-", None, " Tidak  Tahu"])).tolist()
    [True, False, False, False]
    """
    words = written.astype("str").str.casefold().str.replace(r"\s+", " ", regex=True).str.strip()
    return ~words.fillna("").isin(MISSING_WORDS)
