"""Which meaning each heading of a sheet has: recognised, chosen by the user, or asked for."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from geo.columns import heading_key
from geo.columns.choice import ColumnChoice
from geo.columns.code_lists import STANDARD, CodeList, read_code_list
from geo.households.content import SURVEY, by_content, unreadable
from geo.households.lacking import missing, partial_indicators, silent_indicators, turned_off
from geo.households.understanding import Heading, Understanding, quoted
from geo.households.vocabulary import (
    BY_CHOICE,
    BY_HEADING,
    BY_SLIP,
    PLAIN,
    WEAK,
    Reading,
    Vocabulary,
    known_columns,
    shown,
    title_of,
    vocabulary,
)
from geo.settings import IndicatorSettings

_PRESENCES = frozenset(column.name for column in known_columns() if column.kind == "presence")


def count_known(headings: Iterable[str], choice: ColumnChoice, code_list: str) -> int:
    """Count the cells of a row that are known headings, each meaning once."""
    known, chosen = vocabulary(code_list), {heading_key(text) for text in choice.columns.values()}
    found = {known.read(text).meaning for text in headings if text}
    return len(found - {""}) + sum(heading_key(text) in chosen for text in headings if chosen)


def understand(
    headings: Sequence[str],
    choice: ColumnChoice,
    code_list: str,
    cells: pd.DataFrame | None = None,
    settings: IndicatorSettings | None = None,
) -> Understanding:
    """Find out what each heading means.

    Parameters
    ----------
    headings
        Of the sheet; all different.
    choice
        What the user says of them; it goes before everything.
    code_list
        The questionnaire of the sheet, for its question numbers.
    cells
        The columns under the headings: two that claim one meaning are told apart by them.
    settings
        Which definitions the indicators go by, and so what they cannot do without.

    Raises
    ------
    UnknownColumns
        When the user's choice names a meaning or a heading that does not exist.
    """
    choice.require(headings, {column.name for column in known_columns()})
    words = vocabulary(code_list)
    filled = {text: 0 if cells is None else int(cells[text].notna().sum()) for text in headings}
    readings, left = _readings(headings, choice, words, cells, read_code_list(code_list))
    claims: dict[str, list[str]] = {}
    for text, reading in readings.items():
        if reading.meaning and (reading.how == BY_CHOICE or reading.meaning not in choice.columns):
            claims.setdefault(reading.meaning, []).append(text)
    ignored = {text: "diabaikan atas pilihan" for text in headings if text in choice.ignored}
    twice = sorted({*choice.constants} & {*claims})
    faults = [
        f"{title_of(name)} disebut di tabel [constants], padahal lembar punya kolomnya: {quoted(claims[name])}. "
        f"Pilih salah satu: abaikan kolomnya atau hapus baris itu."
        for name in twice
    ]
    used: dict[str, str] = {}
    for name, texts in claims.items():
        winner, why = _settled(texts, readings, cells)
        ignored |= {text: f"{why}: dipakai «{shown(winner)}»" for text in texts if winner and text != winner}
        if winner:
            used[winner] = name
        elif words.columns[name].kind in SURVEY:
            why = f"beberapa kolom mengaku satu arti, {title_of(name)}: pilih salah satu dengan --columns"
            left |= dict.fromkeys(texts, why)
        else:
            faults.append(_double(name, texts))
    ignored |= left
    off, notes = turned_off({*used.values()}, read_code_list(code_list), settings)
    ignored |= {text: off[name] for text, name in used.items() if name in off}
    used = {text: name for text, name in used.items() if name not in off}
    unread = {} if cells is None else unreadable(used, readings, cells, read_code_list(code_list))
    ignored |= unread
    used = {text: name for text, name in used.items() if text not in unread}
    free = [text for text in headings if text not in used and text not in ignored and not readings[text].note]
    dropped = {readings[text].meaning for text in unread}
    present = {*used.values()} | ({*claims} - dropped) | {*choice.constants}
    partial = partial_indicators(present, used, settings)
    faults += missing(present, headings, free, words, settings, partial)
    notes += silent_indicators({*used.values()}, settings)
    found = []
    for text in headings:
        reading = readings.get(text, Reading())
        name = used.get(text, "")
        note = reading.note if name else ignored.get(text, reading.note)
        if not name and not note and (near := words.nearest(text)):
            note = f"mungkin maksudnya {title_of(near)} ({near})"
        found.append(Heading(text, name, reading.how if name else "", note, filled[text]))
    slips = [
        f"Kolom «{shown(h.text)}»: {h.note}."
        for h in found
        if h.meaning and (h.how == BY_SLIP or (h.note and h.how == BY_HEADING))
    ]
    lost = [
        f"Kolom «{shown(text)}» tidak dipakai, {why}."
        for text, why in ignored.items()
        if "dipakai «" in why or text in unread or text in left
    ]
    return Understanding(tuple(found), tuple(faults), (*slips, *lost, *notes), tuple(partial.values()))


def _readings(
    headings: Sequence[str],
    choice: ColumnChoice,
    words: Vocabulary,
    cells: pd.DataFrame | None,
    code_list: CodeList,
) -> tuple[dict[str, Reading], dict[str, str]]:
    """Read each heading by itself, then by its cells, then as a slip; and say which are left because of their cells."""
    readings = {text: words.read(text) for text in headings if text not in choice.ignored}
    if "desa_tertulis" not in choice.constants:
        readings |= _kampung_of_distrik(readings)
    readings |= {text: Reading(name, PLAIN, BY_CHOICE) for name, text in choice.columns.items()}
    left: dict[str, str] = {}
    if cells is not None:
        readings, left = by_content(readings, cells, code_list)
        readings |= {text: Reading(note=why) for text, why in left.items()}
    taken = {reading.meaning for reading in readings.values()}
    for text, reading in readings.items():
        name = "" if reading.meaning or reading.note else words.slip(text)
        if name and name not in taken:
            readings[text] = Reading(
                name, WEAK, BY_SLIP, f"judulnya dianggap salah ketik dari {title_of(name)}"
            )
    return readings, left


def _kampung_of_distrik(readings: Mapping[str, Reading]) -> dict[str, Reading]:
    """Read «Kampung» beside «Distrik» as the desa: so both are called in Papua; elsewhere it is a part of a desa."""
    if {"desa_tertulis", "kode_tertulis"} & {reading.meaning for reading in readings.values()}:
        return {}
    distrik = any(
        reading.meaning == "kecamatan_tertulis" and "distrik" in heading_key(text).split()
        for text, reading in readings.items()
    )
    note = "dianggap desa, karena kecamatannya disebut distrik"
    return {
        text: Reading("desa_tertulis", PLAIN, BY_HEADING, note)
        for text, reading in readings.items()
        if distrik and reading.meaning == "dusun" and heading_key(text) in {"kampung", "nama kampung"}
    }


def recognise(headings: Sequence[str], choice: ColumnChoice | None = None) -> dict[str, str]:
    """Return meaning to heading, for headings alone.

    Raises
    ------
    UnknownColumns
        When they cannot be used as they are.

    Examples
    --------
    >>> recognise(["NIK", "Desa/Kelurahan", "Catatan"])
    {'nik': 'NIK', 'desa_tertulis': 'Desa/Kelurahan'}
    """
    understanding = understand(headings, choice or ColumnChoice(), STANDARD)
    understanding.require()
    return understanding.meanings


def _settled(
    texts: list[str], readings: Mapping[str, Reading], cells: pd.DataFrame | None
) -> tuple[str, str]:
    """Choose among headings of one meaning by the stated rules; no winner where content would have to be guessed.

    An empty column loses; then home goes before no qualifier before paper, and the weak words last; of columns with
    the same content the first is taken, and so it is of columns that tell whether something is there: one may say
    yes or no, another how many or what kind.
    """
    left = texts
    why = ""
    if cells is not None and len(left) > 1:
        some = [text for text in left if cells[text].notna().any()]
        if some and len(some) < len(left):
            left, why = some, "kolom ini kosong"
    best = max(readings[text].rank for text in left)
    if len(left) > 1 and any(readings[text].rank < best for text in left):
        left = [text for text in left if readings[text].rank == best]
        why = why or "ada kolom yang lebih tepat"
    if len(left) > 1 and cells is not None and all(cells[left[0]].equals(cells[text]) for text in left[1:]):
        left, why = left[:1], why or "isinya sama"
    if len(left) > 1 and readings[left[0]].meaning in _PRESENCES:
        left, why = left[:1], why or "menjawab pertanyaan yang sama"
    return (left[0], why) if len(left) == 1 else ("", "")


def _double(name: str, texts: Sequence[str]) -> str:
    return (
        f"Beberapa kolom mengaku satu arti: {title_of(name)} ({name}): {quoted(texts)}. Pilih salah satu dengan "
        f'--columns BERKAS, misalnya berisi: [columns] {name} = "{shown(texts[0])}".'
    )
