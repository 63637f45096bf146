"""What the cells say of a heading: «Lantai» may hold a material or a condition, and a weak one something else."""

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from geo.columns import LONGEST_ANSWER
from geo.columns.answers import MISSING_WORDS, read_answers
from geo.columns.code_forms import find_code
from geo.columns.code_lists import CodeList
from geo.columns.levels import NO_LEVEL, NO_MEASURE, find_level
from geo.households.vocabulary import BY_HEADING, WEAK, Reading, known_columns, title_of
from geo.indicators import INDICATORS

_CONDITION_OF = {
    "jenis_lantai": "kondisi_lantai",
    "jenis_dinding": "kondisi_dinding",
    "jenis_atap": "kondisi_atap",
}
_MATERIAL_OF = {condition: material for material, condition in _CONDITION_OF.items()}
_MEASURES = {
    "ventilasi": ("luas_ventilasi", "persen_ventilasi"),
    "luas_ventilasi": ("luas_ventilasi", "persen_ventilasi"),
    "luas_pencahayaan": ("luas_pencahayaan", "persen_pencahayaan"),
}
"""What a heading may measure, in m² and in % of the floor area, as its unit says."""
_SURVEYED = frozenset(column.name for indicator in INDICATORS.values() for column in indicator.instead)
_FEWEST, _LEVELS = 2, frozenset("12345")
_MOSTLY, _HALF, _FIFTH, _ENOUGH = 0.9, 0.5, 0.2, 5

SURVEY = frozenset({"level", "height", "opening", "percent"})
"""Kinds of columns that a survey of houses adds: a doubt about one costs that column, never the sheet."""

TWO_LISTS = (
    "angkanya dapat berarti bahan atau kondisi: ubah judulnya menjadi «Jenis ...» atau «Kondisi ...», atau sebut "
    "artinya dengan --columns"
)
NO_UNIT = "judulnya tidak menyebut satuan: tulis (m²) atau (%)"


def by_content(
    readings: Mapping[str, Reading], cells: pd.DataFrame, code_list: CodeList
) -> tuple[dict[str, Reading], dict[str, str]]:
    """Give the headings of material and condition the meaning that their answers have.

    Returns
    -------
    tuple
        The readings, changed where most answers are of the other meaning, or the unit of the heading says what is
        measured; and, for headings whose numbers could be of either, why they are left (Indonesian): a survey heads
        the levels of its parts as an office heads materials.
    """
    surveyed = len(_SURVEYED & {reading.meaning for reading in readings.values()}) >= _FEWEST
    found, left = dict(readings), {}
    for text, reading in readings.items():
        if reading.how != BY_HEADING:
            continue
        name, answer = reading.meaning, None
        if name in _CONDITION_OF and reading.rank == WEAK:
            answer = _of_material(name, _counted(cells[text]), surveyed=surveyed)
        elif name in _MATERIAL_OF:
            answer = _of_condition(name, _counted(cells[text]), code_list)
        elif name in _MEASURES:
            answer = _of_measure(text, reading)
        if isinstance(answer, Reading):
            found[text] = answer
        elif answer is not None:
            left[text] = answer
    return found, left


def unreadable(
    used: Mapping[str, str], readings: Mapping[str, Reading], cells: pd.DataFrame, code_list: CodeList
) -> dict[str, str]:
    """Find the columns whose cells say something else than a weak heading, or the heading of a survey, would mean."""
    columns = {column.name: column for column in known_columns()}
    found = {}
    for text, name in used.items():
        reading, column = readings[text], columns[name]
        surveyed = column.kind in SURVEY
        if (
            not (surveyed or reading.rank == WEAK)
            or reading.how != BY_HEADING
            or column.kind in {"text", "identifier", "number"}
        ):
            continue
        written = cells[text].str.strip()
        written = written[written.fillna("") != ""]
        answers = read_answers(column, written, code_list.questions.get(name))
        faulty = int(answers.fault.notna().sum())
        if surveyed and written.empty:
            found[text] = "kolom ini kosong"
        elif surveyed and _is_of_another_list(
            faulty, int(answers.mark.isin((NO_LEVEL, NO_MEASURE)).sum()), len(written)
        ):
            found[text] = (
                f"banyak isinya tidak dapat dibaca sebagai {title_of(name)}: judul ini barangkali berarti lain"
            )
        elif not surveyed and faulty and faulty >= _MOSTLY * len(written):
            other = f"; atau daftar kodenya bukan {code_list.title} (setelan intake.code_list)"
            found[text] = (
                f"hampir semua isinya tidak dapat dibaca sebagai {title_of(name)}: judul ini barangkali berarti lain"
                f"{other if column.kind == 'code' else ''}"
            )
    return found


def _is_of_another_list(faulty: int, strange: int, answers: int) -> bool:
    """Say whether a column of a survey is answered by another list; single slips reject their row, as anywhere."""
    return faulty >= max(_ENOUGH, _FIFTH * answers) or bool(strange and strange >= _HALF * answers)


def _of_material(name: str, words: pd.Series, *, surveyed: bool) -> Reading | str | None:
    if _most(words, [word for word in words.index if find_level(word) is not None]):
        return _moved(_CONDITION_OF[name], "isinya kondisi, bukan bahan")
    numbers = words.index[words.index.str.fullmatch(r"0*\d+(?:[.,]0+)?")]
    return TWO_LISTS if surveyed and _most(words, list(numbers)) and _within_levels(numbers) else None


def _of_condition(name: str, words: pd.Series, code_list: CodeList) -> Reading | None:
    question = code_list.questions.get(_MATERIAL_OF[name])
    if question is None:
        return None
    named = [word for word in words.index if not word[:1].isdigit() and find_code(question, word) is not None]
    return _moved(_MATERIAL_OF[name], "isinya bahan, bukan kondisi") if _most(words, named) else None


def _of_measure(text: str, reading: Reading) -> Reading | str | None:
    area, percent = _MEASURES[reading.meaning]
    said = text.casefold()
    if re.search(r"%|persen|rasio", said):
        return Reading(percent, reading.rank, BY_HEADING)
    if re.search(r"m2|m²|meter|luas", said):
        return Reading(area, reading.rank, BY_HEADING)
    return NO_UNIT if reading.meaning == area else None


def _counted(cells: pd.Series) -> pd.Series:
    """Count the answers of a column in small letters; what says nothing, or is too long for an answer, left out."""
    counts = cells.value_counts()
    words = counts.groupby(counts.index.str.casefold().str.split().str.join(" ")).sum()
    return words[~words.index.isin(MISSING_WORDS) & (words.index.str.len() <= LONGEST_ANSWER)]


def _most(words: pd.Series, chosen: Sequence[str]) -> bool:
    return 2 * int(words[list(chosen)].sum()) > int(words.sum())


def _within_levels(numbers: pd.Index) -> bool:
    return {str(int(float(number.replace(",", ".")))) for number in numbers} <= _LEVELS


def _moved(name: str, why: str) -> Reading:
    return Reading(name, WEAK, BY_HEADING, f"{why}: dibaca sebagai {title_of(name)}")
