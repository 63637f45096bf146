"""Code lists: which codes a questionnaire gives to its answers, read from a data file."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from geo.errors import SettingsError, cause_of

PROFILES = Path(__file__).parents[1] / "profiles"
STANDARD = "regsosek_2022"
"""The list whose codes the tables and the indicators hold."""

NO_EQUIVALENT = 0
"""What a code of another list means when the standard list has nothing like it: the answer counts as unknown."""


@dataclass(frozen=True)
class Question:
    """One question of a questionnaire.

    Attributes
    ----------
    number
        As printed on the form, such as ``309a``; words where the form has no numbers.
    labels
        What each code stands for.
    words
        Every way to write an answer, as :func:`plain` gives it, and its code.
    means
        For each code the code of the standard list, or :data:`NO_EQUIVALENT`.
    headings
        How this form's exports head the column, beside what offices write anyway.
    source
        The list and question, as the user knows them.
    """

    number: str
    labels: Mapping[int, str]
    words: Mapping[str, int]
    means: Mapping[int, int]
    headings: tuple[str, ...]
    source: str

    @property
    def listed(self) -> str:
        """The codes and their labels in one line."""
        return ", ".join(f"{code} {label}" for code, label in self.labels.items())


@dataclass(frozen=True)
class CodeList:
    """All questions of one questionnaire that mean something here.

    Attributes
    ----------
    title
        As the user knows it.
    questions
        By canonical column.
    numbers
        Canonical column by question number, those included whose answers are no codes.
    unused
        Question numbers that are known, but mean nothing here, and what they ask (Indonesian).
    """

    title: str
    questions: Mapping[str, Question]
    numbers: Mapping[str, str] = field(default_factory=dict)
    unused: Mapping[str, str] = field(default_factory=dict)


def plain(words: str) -> str:
    """Reduce an answer to its words.

    Examples
    --------
    >>> plain("Semen / Bata  merah"), plain("semen atau bata-merah")
    ('semen bata merah', 'semen bata merah')
    """
    return re.sub(r"(?:\batau\b|[^0-9a-z])+", " ", words.casefold()).strip()


@cache
def read_code_list(name: str = STANDARD) -> CodeList:
    """Read a list by its name in geo/profiles, or from a TOML file.

    The form of the file is told at the head of geo/profiles/regsosek_2022.toml.

    Raises
    ------
    SettingsError
        When there is no such list, or it does not say what every one of its codes means.

    Examples
    --------
    >>> read_code_list().questions["jenis_kloset"].labels[1]
    'leher angsa'
    >>> read_code_list().numbers["302"]
    'luas_lantai'
    """
    table = read_definition(name, what="Daftar kode", setting="intake.code_list", shipped=STANDARD)
    title = str(table.pop("title", Path(name).stem))
    numbers, unused = _texts(table, "numbers"), _texts(table, "unused")
    standard = None if name == STANDARD else read_code_list()
    try:
        questions = {
            meaning: _question(meaning, entry, title, None if standard is None else standard.questions)
            for meaning, entry in table.items()
        }
    except (AttributeError, KeyError, TypeError, ValueError) as fault:
        raise SettingsError(
            f"Daftar kode «{Path(name).name}» tidak dapat dipakai: {_fault(fault)}. Bentuknya dijelaskan pada "
            f"kepala geo/profiles/{STANDARD}.toml."
        ) from fault
    asked = {question.number.casefold(): meaning for meaning, question in questions.items()}
    return CodeList(
        title,
        questions,
        {number.casefold(): meaning for meaning, number in numbers.items()} | asked,
        {number.casefold(): words for number, words in unused.items()},
    )


class _Misshapen(ValueError):
    """What is wrong with a list, in the user's words."""


def _fault(fault: Exception) -> str:
    if isinstance(fault, KeyError):
        return f"tidak ada {fault}"
    return str(fault) if isinstance(fault, _Misshapen) else "bentuknya salah"


def read_definition(name: str, *, what: str, setting: str, shipped: str) -> dict[str, Any]:
    """Read a definition that is data: a name of geo/profiles, or the path of a TOML file of the district's own.

    Parameters
    ----------
    what, setting, shipped
        For the message: what it defines (Indonesian), the setting that names it, and a name that exists.

    Raises
    ------
    SettingsError
        When the file is missing or no TOML.
    """
    known = PROFILES / f"{name}.toml"
    path = known if re.fullmatch(r"\w+", name) and known.is_file() else Path(name)
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as fault:
        raise SettingsError(
            f"{what} «{path.name}» (setelan {setting}) tidak dapat dibaca: {cause_of(fault)}. "
            f"Sebut «{shipped}», atau berkas TOML di samping berkas setelan."
        ) from fault
    except ValueError as fault:
        raise SettingsError(f"{what} «{path.name}» bukan TOML yang benar: {fault}.") from fault


def _texts(table: dict[str, Any], name: str) -> dict[str, str]:
    found = table.pop(name, {})
    if not isinstance(found, dict):
        raise SettingsError(f"Bagian [{name}] pada daftar kode harus berupa tabel.")
    return {str(key): str(value) for key, value in found.items()}


def _question(
    meaning: str, entry: Mapping[str, Any], title: str, standard: Mapping[str, Question] | None
) -> Question:
    if not isinstance(entry, Mapping):
        raise _Misshapen(f"«{meaning}» bukan tabel")
    labels = {int(code): str(label) for code, label in entry["labels"].items()}
    if not labels or min(labels) < 0:
        raise _Misshapen(f"[{meaning}] tidak memuat kode")
    also = {plain(str(word)): int(code) for word, code in entry.get("also", {}).items()}
    strange = sorted({*also.values()} - {*labels})
    if strange:
        raise _Misshapen(f"[{meaning}] also menyebut kode {strange[0]} yang tidak ada dalam labels")
    number = str(entry["question"])
    means = {code: code for code in labels}
    if standard is not None:
        if meaning not in standard:
            raise _Misshapen(f"[{meaning}] bukan kolom berkode; yang ada: {', '.join(standard)}")
        means = _meanings(meaning, entry, labels, standard[meaning])
    return Question(
        number,
        labels,
        _words(labels) | also,
        means,
        tuple(map(str, entry.get("headings", ()))),
        f"{title} nomor {number}" if any(map(str.isdigit, number)) else f"{title}, {number}",
    )


def _meanings(
    meaning: str, entry: Mapping[str, Any], labels: Mapping[int, str], standard: Question
) -> dict[int, int]:
    """Map the codes of another list to the standard ones: as the file says, else by exactly the same label."""
    same = {plain(label): code for code, label in standard.labels.items()}
    stated = {int(code): int(other) for code, other in entry.get("means", {}).items()}
    means = {code: stated.get(code, same.get(plain(label), -1)) for code, label in labels.items()}
    for code, other in (means | stated).items():
        if code not in labels or other not in {NO_EQUIVALENT, *standard.labels}:
            raise _Misshapen(
                f"[{meaning}] tidak menyebut arti kode {code} dalam daftar {standard.source} (bagian means; "
                f"{NO_EQUIVALENT} bila tidak ada padanannya): {standard.listed}"
            )
    return means


def _words(labels: Mapping[int, str]) -> dict[str, int]:
    """Return the labels, and each part of ``a/b/c`` that stands for one code alone, with their codes."""
    whole = {plain(label): code for code, label in labels.items()}
    parts = [(plain(part), code) for code, label in labels.items() for part in label.split("/")]
    single = {part: code for part, code in parts if {code} == {c for p, c in parts if p == part}}
    return single | whole
