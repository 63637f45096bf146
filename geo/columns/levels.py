"""The condition of a part of a house: the levels of a survey, and the words of other forms."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from geo.columns.code_forms import find_code
from geo.columns.code_lists import PROFILES, Question, plain

DOUBTFUL = "angka 2 dapat berarti «menuju layak» atau «jelek»: tulis dengan kata"
NO_LEVEL = "bukan tingkat kondisi yang dikenal, dianggap tidak diketahui"
NO_MEASURE = "bukan ukuran, dianggap tidak diketahui"
FIRST_OTHER = 1001
"""From here on a level is a word of another form than PUPR's, and no number in a sheet means it."""

_BARE = re.compile(r"[\[(]?0*(\d{1,3})(?:[.,]0+)?[\])]?\.?")
_NUMBERED = re.compile(r"\W*\d{1,2}\W+(?=[^\W\d])")
_TWO = frozenset({1, 2})


@dataclass(frozen=True)
class Levels:
    """The levels of a condition.

    Attributes
    ----------
    question
        The levels and their words, as those of a coded question.
    two_valued
        Columns that older registers answer with 1 good, 2 bad.
    """

    question: Question
    two_valued: frozenset[str]

    @property
    def labels(self) -> Mapping[int, str]:
        """What each level is called."""
        return self.question.labels


class Level(NamedTuple):
    """What one cell says: a level, or a fault, or a mark on what stays unknown."""

    level: int | None = None
    fault: str | None = None
    mark: str | None = None


@cache
def read_levels() -> Levels:
    """Read geo/profiles/kondisi.toml.

    Examples
    --------
    >>> read_levels().labels[4]
    'kurang layak'
    """
    with (PROFILES / "kondisi.toml").open("rb") as file:
        table = tomllib.load(file)
    labels = {int(code): str(label) for code, label in table["labels"].items()}
    words = {plain(label): code for code, label in labels.items()}
    words |= {plain(word): int(code) for word, code in table["also"].items()}
    question = Question(
        number="kondisi",
        labels=labels,
        words=words,
        means={code: code for code in labels},
        headings=(),
        source=str(table["title"]),
    )
    return Levels(question, frozenset(table["two_valued"]["columns"]))


def find_level(word: str) -> int | None:
    """Return the level that an answer states in words, beyond doubt.

    Examples
    --------
    >>> [find_level(word) for word in ("5. tidak layak", "kurang layak", "1 = bagus", "2 tidak layak", "keramik", "3")]
    [5, 4, 1011, None, None, None]
    """
    question = read_levels().question
    if _BARE.fullmatch(word):
        return None
    level = find_code(question, word)
    if level is None:
        # the numbers of other forms are others, so their words decide
        other = question.words.get(plain(_NUMBERED.sub("", word)), 0)
        level = other if other >= FIRST_OTHER else None
    return level


def level_reader(column: str, words: Iterable[str]) -> Callable[[str], Level]:
    """Return how to read the answers of a column, whose bare numbers the whole of it explains.

    A number beyond 5 is no level and a fault; 2 where the column holds no other number than 1 and 2 may be of either
    list, and stays unknown; words that are no level are unknown too, and marked.

    Examples
    --------
    >>> five, two = level_reader("kolom", ["1", "4"]), level_reader("kondisi_atap", ["1", "2"])
    >>> five("2").level, two("2").mark == DOUBTFUL, two("1").level, five("7").fault[:10]
    (2, True, 1011, 'di luar da')
    """
    levels = read_levels()
    numbers = {int(found[1]) for word in words if (found := _BARE.fullmatch(word))}
    of_two = bool(numbers) and numbers <= _TWO
    good = next(code for code, label in levels.labels.items() if label == "bagus")
    listed = ", ".join(f"{code} {label}" for code, label in levels.labels.items() if code < FIRST_OTHER)

    def read(word: str) -> Level:
        if not (found := _BARE.fullmatch(word)):
            level = find_level(word)
            return Level(level) if level is not None else Level(mark=NO_LEVEL)
        number = int(found[1])
        if number not in levels.labels or number >= FIRST_OTHER:
            return Level(fault=f"di luar daftar {levels.question.source}: {listed}")
        if of_two and number == 2:  # noqa: PLR2004
            return Level(mark=DOUBTFUL)
        return Level(good if of_two and column in levels.two_valued else number)

    return read
