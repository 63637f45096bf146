"""The cells of a sheet read by the kind of their column: values, faults with a reason, and marks."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA

from geo.columns import LONGEST_ANSWER, Column
from geo.columns.code_forms import find_code
from geo.columns.code_lists import NO_EQUIVALENT, Question, plain, read_code_list
from geo.columns.levels import NO_MEASURE, level_reader
from geo.columns.presence import read_presence

MISSING_WORDS = frozenset(
    {"", "-", "--", "---", "–", "—", ".", "..", "?", "*", "_", "na", "n/a", "nan", "null", "none", "#n/a", "nihil",
     "kosong", "tidak tahu", "tdk tahu", "tidak diketahui", "belum diketahui", "tidak ada data", "belum ada data"}
)  # fmt: skip
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

DESIL_RANGE = "rentang, bukan satu desil"
DESIL_NONE = "ditulis belum punya desil"
AREA_PRODUCT = "panjang × lebar dikalikan"
CENTIMETRES = "dibaca sebagai sentimeter"
PERCENT_FOR_AREA = "ditulis dalam persen, bukan m²: dianggap tidak diketahui"
SHARE_OR_PERCENT = "angka sampai 1 dapat berarti pecahan atau persen: dianggap tidak diketahui"
NO_EQUAL_CODE = "kode tanpa padanan dalam daftar baku"
_SUGGESTED_DISTINCT = 1000
_SUGGESTION_SCORE = 0.75


@dataclass(frozen=True)
class Answers:
    """What the cells of a column say; every part has the index of the cells.

    Attributes
    ----------
    value
        Of the column's dtype; missing where the cell is empty or faulty.
    fault
        The reason (Indonesian) at each faulty cell, missing elsewhere: the row cannot be used.
    mark
        A remark (Indonesian) on a cell that was read, or left as unknown, by a stated rule; missing elsewhere.
    """

    value: pd.Series
    fault: pd.Series
    mark: pd.Series


def read_answers(column: Column, cells: pd.Series, question: Question | None = None) -> Answers:
    """Read the cells of a column (text, or missing) by its kind.

    Parameters
    ----------
    column
        What they mean.
    cells
        Text or missing; for a presence named as the sheet heads them.
    question
        For a code: the list that the sheet was filled by; the standard one when not given.
    """
    if column.kind in {"text", "identifier"}:
        nothing = pd.Series(pd.NA, index=cells.index, dtype="str")
        return Answers(_written(column, cells), nothing, nothing)
    places, distinct = pd.factorize(cells)
    words = [" ".join(str(cell)[: LONGEST_ANSWER + 1].casefold().split()) for cell in distinct]
    is_presence = column.kind == "presence"
    read = _presence(column, cells, words, places) if is_presence else _parser(column, question, words)
    found = [
        read(word)
        if len(str(cell)) <= LONGEST_ANSWER or is_presence
        else _Answer(fault=f"lebih dari {LONGEST_ANSWER} huruf")
        for cell, word in zip(distinct, words, strict=True)
    ]
    found.append(_Answer())
    values = np.array([np.nan if answer.value is None else answer.value for answer in found])

    def told(texts: list[str | None]) -> pd.Series:
        # the last text, nothing, stands for the cells that are empty
        return pd.Series(texts, dtype="str").take(places).set_axis(cells.index)

    return Answers(
        pd.Series(pd.array(values[places], dtype="Float64"), index=cells.index).astype(column.dtype),  # type: ignore[call-overload]
        told([answer.fault for answer in found]),
        told([answer.mark for answer in found]),
    )


def _written(column: Column, cells: pd.Series) -> pd.Series:
    written = cells.mask(cells.isin(NOTHING_WRITTEN))
    if column.kind == "identifier":
        # a spreadsheet program makes 3326010001.0 of a number, and '3326010001 of a text that looks like one
        damaged = written.str.contains(r"^['`’]|[.,]0{1,2}$", na=False)
        mended = written[damaged].str.replace(r"^['`’]+(\d)", r"\1", regex=True)
        written = written.mask(damaged, mended.str.replace(r"^(\d+)[.,]0{1,2}$", r"\1", regex=True))
    return written


@dataclass(frozen=True)
class _Answer:
    value: float | None = None
    fault: str | None = None
    mark: str | None = None


_UNITS = r"(?:(?:m ?2|m ?²|m\^2|mtr|m|meter persegi|meter|orang|org|jiwa|art|anggota|kepala|tahun)\.?)?"
_NUMBER = re.compile(
    rf"(?:±|\+/-|kurang lebih|kl\.|type|tipe)?\s*([-+]?\d+(?:[.,]\d+)*)\s*{_UNITS}(?:\s*\([a-z ]+\))?"
)
_PRODUCT = re.compile(rf"(\d+(?:[.,]\d+)?)\s*{_UNITS}\s*[x×*]\s*(\d+(?:[.,]\d+)?)\s*{_UNITS}")
_THOUSANDS = "titik atau koma ini dapat berarti ribuan: tulis luas tanpa tanda ribuan"


def _parser(column: Column, question: Question | None, words: Sequence[str]) -> Callable[[str], _Answer]:
    if column.kind == "code":
        asked = question or read_code_list().questions[column.name]
        return lambda word: _code(asked, word, suggest=len(words) <= _SUGGESTED_DISTINCT)
    if column.kind == "level":
        level = level_reader(column.name, [word for word in words if word not in MISSING_WORDS])
        return lambda word: _Answer() if word in MISSING_WORDS else _Answer(*level(word))
    parse = _PARSERS[column.kind]
    return lambda word: _Answer() if word in MISSING_WORDS else parse(column, word)


def _presence(
    column: Column, cells: pd.Series, words: list[str], places: np.ndarray
) -> Callable[[str], _Answer]:
    """Read a whole column at once: what a bare number means hangs on the others."""
    counts = np.bincount(places[places >= 0], minlength=len(words))
    told = read_presence(column.name, str(cells.name), words, counts, len(cells))
    answers = {
        word: _Answer(None if is_there is None else float(is_there), mark=mark)
        for word, (is_there, mark) in zip(words, told, strict=True)
    }
    return lambda word: _Answer() if word in MISSING_WORDS - {"nihil"} else answers[word]


def _inside(column: Column, value: float | None, mark: str | None = None) -> _Answer:
    if value is None:
        return _Answer(fault="bukan angka")
    if not column.low <= value <= column.high:
        return _Answer(fault=f"di luar batas {column.low:g} sampai {column.high:g}")
    return _Answer(value, mark=mark)


def _number(column: Column, word: str) -> _Answer:
    found = _NUMBER.fullmatch(word)
    return _inside(column, None if not found else _decimal(found[1]))


def _decimal(text: str) -> float | None:
    """Read a number with a point or a comma; of two kinds the last is the decimal one, a repeated one is not.

    Examples
    --------
    >>> [_decimal(text) for text in ("45,5", "1.000,5", "1,000.5", "1.000.000", "1.5.2")]
    [45.5, 1000.5, 1000.5, 1000000.0, None]
    """
    parts = re.split(r"[.,]", text)
    marks = re.sub(r"[^.,]", "", text)
    if not marks:
        return float(text)
    *groups, last = parts
    is_decimal = marks[-1] not in marks[:-1]
    grouped = groups[1:] if is_decimal else [*groups[1:], last]
    if len(set(marks[:-1] if is_decimal else marks)) > 1 or any(len(group) != 3 for group in grouped):  # noqa: PLR2004
        return None
    return float("".join(groups) + ("." if is_decimal else "") + last)


def _area(column: Column, word: str) -> _Answer:
    if product := _PRODUCT.fullmatch(word):
        one, other = _decimal(product[1]), _decimal(product[2])
        return _inside(column, None if one is None or other is None else one * other, AREA_PRODUCT)
    found = _NUMBER.fullmatch(word)
    # 1.200 is a thousand and more, or one and a little; before 36.000 or 28.125 only a decimal reading is a house
    if found and re.fullmatch(r"\d[.,]\d{3}", found[1]):
        return _Answer(fault=_THOUSANDS)
    return _number(column, word)


def _integer(column: Column, word: str) -> _Answer:
    answer = _number(column, word)
    if answer.value is not None and answer.value != round(answer.value):
        return _Answer(fault="bukan bilangan bulat")
    return answer


_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
_RANGE = re.compile(
    r"(?:<=?|>=?|≤|≥|di atas|di bawah|lebih dari|kurang dari|maksimal|minimal)\s*\d{1,2}"
    r"|\d{1,2}\s*\+|\d{1,2}\s*ke (?:atas|bawah)"
    r"|\d{1,2}(?:\s*(?:[-–—/,;&]|s\s*[./]?\s*d\.?|sd|sampai(?: dengan)?|hingga|dan|atau)\s*(?:desil\s*)?\d{1,2})+"
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d\b|\d{1,2}[- ][a-z]{3}|[a-z]{3}[- ]\d{1,2}$")


def _desil(column: Column, word: str) -> _Answer:
    """Read one desil; a range is no desil, and no reason to lose the household."""
    if _DATE.match(word):  # «1-4» that a spreadsheet program took for the first of April
        return _Answer(mark=DESIL_RANGE)
    bare = re.sub(
        r"^(?:kelompok\s*)?(?:desil|decile|d)?[\s.:_-]*(?:ke[\s-]*)?(?=[\divx<>≤≥])", "", word
    ).strip()
    if bare in _ROMAN:
        return _inside(column, _ROMAN[bare])
    if re.fullmatch(r"(?:tidak|tdk|belum|non|bukan|tanpa)\b.*", word):
        return _Answer(mark=DESIL_NONE)
    if _RANGE.fullmatch(bare) and not re.fullmatch(r"\d+[.,]0*", bare):
        numbers = [int(number) for number in re.findall(r"\d+", bare)]
        if all(column.low <= number <= column.high for number in numbers):
            return _Answer(mark=DESIL_RANGE)
    return _integer(column, bare)


def _measure(column: Column, word: str) -> _Answer:
    """Read what a survey measures; words in its place («cukup») are no reason to lose the household."""
    return _number(column, word) if re.search(r"\d", word) else _Answer(mark=NO_MEASURE)


def _height(column: Column, word: str) -> _Answer:
    """Read a height in metres; no ceiling is a hundred metres high, so such a number is of centimetres."""
    bare = re.sub(r"\s*(?:cm|senti\w*)\.?$", "", word)
    answer = _measure(replace(column, high=100 * column.high), bare)
    if answer.value is None or (bare == word and answer.value <= column.high):
        return answer
    return _inside(column, answer.value / 100, CENTIMETRES)


def _opening(column: Column, word: str) -> _Answer:
    if re.search(r"%|\bpersen", word):
        return _Answer(mark=PERCENT_FOR_AREA)
    return _measure(column, word)


def _percent(column: Column, word: str) -> _Answer:
    bare = re.sub(r"\s*(?:%|persen)$", "", word)
    answer = _measure(column, bare)
    if bare == word and answer.value is not None and 0 < answer.value <= 1:
        return _Answer(mark=SHARE_OR_PERCENT)
    return answer


_PARSERS: Mapping[str, Callable[[Column, str], _Answer]] = {
    "number": _number,
    "area": _area,
    "integer": _integer,
    "desil": _desil,
    "height": _height,
    "opening": _opening,
    "percent": _percent,
}


def _code(question: Question, word: str, *, suggest: bool) -> _Answer:
    if word in MISSING_WORDS and plain(word) not in question.words:
        return _Answer()
    code = find_code(question, word)
    if code is None:
        near = _nearest(question, plain(word)) if suggest else ""
        return _Answer(fault=f"di luar daftar {question.source}: {question.listed}{near}")
    means = question.means[code]
    return _Answer(mark=NO_EQUAL_CODE) if means == NO_EQUIVALENT else _Answer(means)


def _nearest(question: Question, words: str) -> str:
    found = process.extractOne(
        words, list(question.words), scorer=OSA.normalized_similarity, score_cutoff=_SUGGESTION_SCORE
    )
    if found is None:
        return ""
    code = question.words[found[0]]
    return f" (mungkin maksudnya «{question.labels[code]}», kode {code}?)"
