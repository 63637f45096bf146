"""Which meaning each heading of a sheet has: recognised, chosen by the user, or asked for."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from geo.columns import heading_key
from geo.columns.choice import ColumnChoice
from geo.columns.code_lists import STANDARD, CodeList, read_code_list
from geo.errors import UnknownColumns
from geo.households.content import SURVEY, by_content, unreadable
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
from geo.indicators import INDICATORS
from geo.settings import IndicatorSettings

ADD_PLACE = (
    "Kalau desanya hanya disebut di judul atau nama lembar, tambahkan kolom Desa (dan Kecamatan) pada lembar, atau "
    'tulis di berkas --columns: [constants] desa_tertulis = "…" dan kecamatan_tertulis = "…".'
)
_PLACES = ("desa_tertulis", "kode_tertulis", "koordinat", "lintang")
_PRESENCES = frozenset(column.name for column in known_columns() if column.kind == "presence")


@dataclass(frozen=True)
class Heading:
    """How one heading was understood.

    Attributes
    ----------
    text
        As in the sheet.
    meaning
        Canonical column, or nothing where it is not used.
    how
        One of the ways in this module (Indonesian), or nothing.
    note
        What a reader should know (Indonesian): why it is not used, what rule decided.
    filled
        Cells with something in them.
    """

    text: str
    meaning: str = ""
    how: str = ""
    note: str = ""
    filled: int = 0


@dataclass(frozen=True)
class Partial:
    """An indicator of whose columns the sheet has some only: its title, and the headings that it has."""

    title: str
    headings: tuple[str, ...]


@dataclass(frozen=True)
class Understanding:
    """How the headings of a sheet were understood, and what is wrong with them as a whole.

    Attributes
    ----------
    headings
        Every heading, in the order of the sheet.
    faults
        Why the sheet cannot be used as it is, each a sentence (Indonesian) that says what to do.
    notes
        What was decided by a rule, and what is left out, each a sentence.
    partial
        The faults that go when the headings of an indicator are ignored, in their order at the end of ``faults``.
    """

    headings: tuple[Heading, ...]
    faults: tuple[str, ...]
    notes: tuple[str, ...]
    partial: tuple[Partial, ...] = ()

    @property
    def meanings(self) -> dict[str, str]:
        """Meaning to heading, in the order of the known columns."""
        found = {heading.meaning: heading.text for heading in self.headings if heading.meaning}
        return {column.name: found[column.name] for column in known_columns() if column.name in found}

    @property
    def ignored(self) -> tuple[str, ...]:
        """The headings that mean nothing here."""
        return tuple(heading.text for heading in self.headings if not heading.meaning)

    def require(self) -> None:
        """Refuse a sheet whose columns cannot be used.

        Raises
        ------
        UnknownColumns
            With every fault at once.
        """
        if self.faults:
            raise UnknownColumns(" ".join(self.faults))


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
        f"{title_of(name)} disebut di tabel [constants], padahal lembar punya kolomnya: {_quoted(claims[name])}. "
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
    off, notes = _turned_off({*used.values()}, read_code_list(code_list), settings)
    ignored |= {text: off[name] for text, name in used.items() if name in off}
    used = {text: name for text, name in used.items() if name not in off}
    unread = {} if cells is None else unreadable(used, readings, cells, read_code_list(code_list))
    ignored |= unread
    used = {text: name for text, name in used.items() if text not in unread}
    free = [text for text in headings if text not in used and text not in ignored and not readings[text].note]
    dropped = {readings[text].meaning for text in unread}
    present = {*used.values()} | ({*claims} - dropped) | {*choice.constants}
    partial = _partial(present, used, settings)
    faults += _missing(present, headings, free, words, settings, partial)
    notes += _silent_indicators({*used.values()}, settings)
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
        f"Beberapa kolom mengaku satu arti: {title_of(name)} ({name}): {_quoted(texts)}. Pilih salah satu dengan "
        f'--columns BERKAS, misalnya berisi: [columns] {name} = "{shown(texts[0])}".'
    )


def _turned_off(
    present: Collection[str], code_list: CodeList, settings: IndicatorSettings | None
) -> tuple[dict[str, str], list[str]]:
    """Find the columns that cannot be read because the questionnaire does not ask them, and say what that costs."""
    codes = {column.name for column in known_columns() if column.kind == "code"}
    unasked = codes - {*code_list.questions}
    why = f"daftar kode {code_list.title} tidak memuatnya"
    off = {name: why for name in present if name in unasked}
    notes = [f"{title_of(name)} tidak dibaca: {why}." for name in off]
    for indicator in INDICATORS.values():
        required = {column.name for column in indicator.asks(settings)}
        if {column.name for column in indicator.instead} & {*present}:
            continue
        if required & unasked and required & {*present}:
            off |= dict.fromkeys(required & {*present} - {*off}, f"{indicator.title} tidak dihitung, {why}")
            notes.append(f"{indicator.title} tidak dihitung: {why}.")
    return off, notes


def _silent_indicators(present: Collection[str], settings: IndicatorSettings | None) -> list[str]:
    """Say which indicators are off, or nearly so, although the sheet asks something of them."""
    notes = []
    on = [each for each in INDICATORS.values()
          if {column.name for column in each.asks(settings)} <= {*present}]  # fmt: skip
    served = {column.name for each in on for column in (*each.required, *each.sharpening)}
    for indicator in INDICATORS.values():
        required = [column.name for column in indicator.asks(settings)]
        if {column.name for column in indicator.instead} & {*present}:
            if not {*required} & {*present}:
                absent = ", ".join(f"«{title_of(name)}»" for name in required)
                notes.append(
                    f"Untuk {indicator.title} lembar ini punya kolom survei, tetapi tidak {absent}: menurut definisi "
                    f"yang dipakai kebanyakan jawabannya tidak diketahui (definisi: setelan [indicators])."
                )
            continue
        asked = [column.name for column in indicator.sharpening if column.name in {*present} - served]
        if asked and not {*required} & {*present}:
            absent = ", ".join(f"«{title_of(name)}»" for name in required)
            there = ", ".join(f"«{title_of(name)}»" for name in asked)
            notes.append(f"{indicator.title} tidak dihitung: lembar punya {there}, tetapi tidak {absent}.")
    return notes


def _missing(
    present: Collection[str],
    headings: Sequence[str],
    free: Sequence[str],
    vocabulary: Vocabulary,
    settings: IndicatorSettings | None,
    partial: Mapping[str, Partial],
) -> list[str]:
    """Say which meanings the sheet lacks altogether, and which headings might have them."""
    known = f"Judul pada lembar: {_quoted(headings)}."
    if not present:
        nothing = (
            f"Tidak ada kolom yang dikenali. {known} Yang dicari antara lain: «NIK», «Nama Kepala Keluarga», "
            f"«Desa/Kelurahan», «Kecamatan», «Lintang», «Bujur», «Jenis Lantai», «Fasilitas BAB». Sebut arti kolom "
            f"dengan --columns BERKAS."
        )
        return [nothing]

    def lacking(name: str) -> str:
        near = vocabulary.candidates(name, free)
        words = f" Yang paling mirip: {_quoted(near)}." if near else f" {known}"
        return f"{words} Sebut kolomnya dengan --columns BERKAS."

    faults = []
    for one, other in (("lintang", "bujur"), ("bujur", "lintang")):
        if one in present and other not in present:
            faults.append(f"Ada kolom {one}, tetapi kolom {other} tidak dikenali.{lacking(other)}")
    if not {*_PLACES, "bujur", "alamat"} & {*present}:
        faults.append(
            f"Tidak ada kolom yang menyebut tempat: desa, kode desa, atau koordinat.{lacking('desa_tertulis')} "
            f"{ADD_PLACE}"
        )
    for name, part in partial.items():
        absent = [column.name for column in INDICATORS[name].asks(settings) if column.name not in present]
        titles = ", ".join(f"«{title_of(name)}»" for name in absent)
        near = list(dict.fromkeys(text for name in absent for text in vocabulary.candidates(name, free)))
        words = f" Yang paling mirip: {_quoted(near)}." if near else ""
        there = _quoted(part.headings) or "kolom yang sudah ada"
        faults.append(
            f"Untuk {part.title} lembar ini punya sebagian kolom saja. Yang belum ada: {titles}.{words} "
            f"Lengkapi kolomnya, sebut judulnya dengan --columns BERKAS, atau abaikan di sana {there}: "
            f"{part.title} lalu tidak dihitung."
        )
    return faults


def _partial(
    present: Collection[str], used: Mapping[str, str], settings: IndicatorSettings | None
) -> dict[str, Partial]:
    """Find the indicators of which the sheet has some columns and not the others."""
    found = {}
    for key, indicator in INDICATORS.items():
        names = {column.name for column in indicator.asks(settings)}
        if (
            {column.name for column in indicator.instead} & {*present}
            or not names & {*present}
            or names <= {*present}
        ):
            continue
        found[key] = Partial(indicator.title, tuple(text for text, name in used.items() if name in names))
    return found


def _quoted(headings: Iterable[str], most: int = 30) -> str:
    words = [f"«{shown(text)}»" for text in headings]
    return ", ".join(words[:most]) + (f", dan {len(words) - most} lagi" if len(words) > most else "")
