"""What a spreadsheet column may mean, the headings it goes by, and how its answers are read."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

PROFILES = Path(__file__).parent / "profiles"
MISSING_WORDS = frozenset({"", "-", "--", ".", "?", "na", "n/a", "nan", "null", "none", "#n/a", "tidak tahu"})
LONGEST_ANSWER = 200
"""An answer, or a heading, is no longer than this; a longer cell is a mistake or an attack."""

NOTHING_WRITTEN = (
    "-",
    "--",
    "---",
    "–",
    "—",
    ".",
    "..",
    "...",
    "?",
    "*",
    "_",
    "n/a",
    "N/A",
    "#N/A",
    "null",
    "NULL",
)
"""What stands in a text cell that is meant to be empty; words that may be a name are not among them."""


@dataclass(frozen=True)
class Column:
    """A meaning that a sheet may hold.

    Attributes
    ----------
    name
        Canonical name, as in docs/tables.md.
    headings
        What offices write above it; compared by :func:`heading_key`.
    kind
        ``text``, ``identifier`` (digits kept as text), ``integer``, ``number`` or ``code``.
    low, high
        Least and greatest value that is possible, both included.
    labels
        For a code: what each code stands for.
    source
        For a code: the list it is from, as the user knows it.
    """

    name: str
    headings: tuple[str, ...]
    kind: str = "text"
    low: float = -np.inf
    high: float = np.inf
    labels: Mapping[int, str] = field(default_factory=dict)
    source: str = ""

    @property
    def dtype(self) -> str:
        """The pandas type of the column once it is read."""
        kinds = {"integer": "Int16", "number": "Float32", "code": "Int8"}
        return kinds.get(self.kind, "str")


def heading_key(heading: str) -> str:
    """Reduce a heading to what makes it recognisable.

    Question numbers in front, units in brackets, capitals and punctuation do not count.

    Examples
    --------
    >>> heading_key("303. Jenis Lantai"), heading_key("Luas Lantai (m2)"), heading_key("NO_KK")
    ('jenis lantai', 'luas lantai', 'no kk')
    """
    text = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", heading[:LONGEST_ANSWER].casefold())
    text = re.sub(r"[^0-9a-z]+", " ", text).strip()
    return re.sub(r"^\d+[a-z]?\s+(?=\S)", "", text)


@cache
def _code_lists(version: str) -> dict[str, dict[str, object]]:
    with (PROFILES / f"{version}.toml").open("rb") as file:
        return tomllib.load(file)


def code_column(name: str, headings: tuple[str, ...], version: str = "regsosek_2022") -> Column:
    """Make a column whose answers are codes, or the labels, of a published list.

    Examples
    --------
    >>> code_column("jenis_kloset", ("jenis kloset",)).labels[1]
    'leher angsa'
    """
    lists = _code_lists(version)
    entry = lists[name]
    labels = {int(code): str(label) for code, label in entry["labels"].items()}  # type: ignore[attr-defined]
    question = str(entry["question"])
    return Column(
        name,
        (*headings, question),
        kind="code",
        low=min(labels),
        high=max(labels),
        labels=labels,
        source=f"{lists['title']} nomor {question}",
    )


def read_answers(column: Column, cells: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Read the cells of a column (text, or missing) by its kind.

    Returns
    -------
    values
        Of the column's dtype, with the index of ``cells``; missing where empty or faulty.
    faults
        The reason (Indonesian) at each faulty cell, missing elsewhere.
    """
    if column.kind in {"text", "identifier"}:
        written = cells.mask(cells.isin(NOTHING_WRITTEN))
        if column.kind == "identifier":
            # a spreadsheet program makes 3326010001.0 of a number, and '3326010001 of a text that looks like one
            written = written.str.replace(r"^['`’]+(\d)", r"\1", regex=True)
            written = written.str.replace(r"^(\d+)\.0+$", r"\1", regex=True)
        return written, pd.Series(pd.NA, index=cells.index, dtype="str")
    places, distinct = pd.factorize(cells)
    parse = _PARSERS[column.kind]
    read = [
        parse(column, " ".join(str(cell).casefold().split()))
        if len(str(cell)) <= LONGEST_ANSWER
        else (None, f"lebih dari {LONGEST_ANSWER} huruf")
        for cell in distinct
    ]
    values = np.array([np.nan if value is None else value for value, _ in read] + [np.nan])
    reasons = np.array([reason for _, reason in read] + [None], dtype=object)
    return (
        pd.Series(pd.array(values[places], dtype="Float64"), index=cells.index).astype(column.dtype),  # type: ignore[call-overload]
        pd.Series(reasons[places], index=cells.index, dtype="str"),
    )


_Answer = tuple[float | None, str | None]
_UNITS = r"(?:m2|m²|m|meter persegi|orang|jiwa|org|art|desil)?"
_NUMBER = re.compile(rf"{_UNITS}\s*([-+]?\d+(?:[.,]\d+)?)\s*{_UNITS}")


def _number(column: Column, word: str) -> _Answer:
    if word in MISSING_WORDS:
        return None, None
    found = _NUMBER.fullmatch(word)
    if not found:
        return None, "bukan angka"
    value = float(found[1].replace(",", "."))
    if not column.low <= value <= column.high:
        return None, f"di luar batas {column.low:g} sampai {column.high:g}"
    return value, None


def _integer(column: Column, word: str) -> _Answer:
    value, fault = _number(column, word)
    if value is not None and value != round(value):
        return None, "bukan bilangan bulat"
    return value, fault


def _code(column: Column, word: str) -> _Answer:
    if word in MISSING_WORDS:
        return None, None
    by_label = {_plain(label): code for code, label in column.labels.items()}
    if (plain := _plain(word)) in by_label:
        return by_label[plain], None
    found = _CODE.fullmatch(word)
    # «1. leher angsa» is code 1; «1-4», «1 atau 2» and «3 keramik» (which is 2) are no answer
    if (
        found
        and int(found[1]) in column.labels
        and by_label.get(_plain(found[2]), int(found[1])) == int(found[1])
    ):
        return int(found[1]), None
    listed = ", ".join(f"{code} {label}" for code, label in column.labels.items())
    return None, f"di luar daftar {column.source}: {listed}"


_CODE = re.compile(r"0*([0-9]{1,3})(?:[.,]0+)?(?: ?[.):= -] ?([^0-9]*))?")


def _plain(words: str | None) -> str:
    return re.sub(r"[^0-9a-z]+", " ", (words or "").casefold()).strip()


_PARSERS: Mapping[str, Callable[[Column, str], _Answer]] = {
    "number": _number,
    "integer": _integer,
    "code": _code,
}
