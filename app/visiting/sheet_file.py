"""The lines of a table of outcomes by sheet and number: checked one by one, and entered."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.roles import Permission, Person
from app.household_keys import KeyStore
from app.library import Library, OpenedRun
from app.manifests import when_made
from app.outcome_codes import held_outcomes
from app.records import Records
from app.records.tables import Outcome, now
from app.visiting.by_sheet import Marks, find_house, houses, read_marks, read_number, read_outcome
from app.visiting.entering import add_entry, plain_note, read_date
from app.visiting.sheet_reading import Line
from geo.errors import PetaError, SettingsError, SheetError
from geo.outcomes import FORM_HEADINGS, OUTCOMES
from geo.sheet_ids import MAPLESS, SheetId, read_sheet_id

_AT_ONCE = 500


@dataclass(frozen=True)
class Told:
    """A line that was understood.

    Attributes
    ----------
    run, sheet_row, kode_desa
        The household.
    dated
        Whether the line states the day; else it is the day on which it was read.
    """

    line: int
    sheet: SheetId
    number: int
    run: str
    sheet_row: int
    outcome: str
    visited_on: date
    dated: bool
    note: str

    @property
    def kode_desa(self) -> str:
        """The desa of the household."""
        return self.sheet.kode_desa


@dataclass(frozen=True)
class Fault:
    """A line that cannot be entered, and why (Indonesian)."""

    line: int
    reason: str


@dataclass(frozen=True)
class Entered:
    """What came of entering lines.

    Attributes
    ----------
    new
        How many were entered; of these ``replacing`` say something else than what was known of their household.
    already
        How many stood there already.
    """

    new: int
    already: int
    replacing: int
    faults: tuple[Fault, ...]


def check_lines(
    lines: Iterable[Line], library: Library, who: Person, day: str = ""
) -> tuple[list[Told], list[Fault]]:
    """Find the household of each line; nothing is entered.

    Lines that say the same stand once. Lines that say different things of one household are all faults: nobody but
    the clerk knows which holds.

    Parameters
    ----------
    day
        Of lines without one; today when empty.
    """
    told: list[Told] = []
    faults: list[Fault] = []
    desa = _Desa(library, who, read_marks(library, who), {})
    for line in lines:
        try:
            told.append(_check(line, desa, day))
        except PetaError as fault:
            faults.append(Fault(line.line, str(fault)))
    said: dict[tuple[str, int], dict[Told, int]] = defaultdict(dict)
    for one in told:
        said[one.run, one.sheet_row].setdefault(replace(one, line=0, sheet=SheetId("", 0, "")), one.line)
    first = {line for of_house in said.values() if len(of_house) == 1 for line in of_house.values()}
    for one in told:
        if len(of_house := said[one.run, one.sheet_row]) > 1:
            others = ", ".join(str(line) for line in sorted(of_house.values()))
            faults.append(
                Fault(one.line, f"Nomor {one.number} diberi hasil yang berbeda pada baris {others}.")
            )
    return [one for one in told if one.line in first], sorted(faults, key=lambda fault: fault.line)


def enter_lines(
    records: Records, library: Library, keys: KeyStore, who: Person, told: Sequence[Told]
) -> Entered:
    """Enter lines in one transaction: all of them, or none when it fails.

    A file that is sent twice stands there once. What it says of a household about which it said the same before, and
    something else was entered since, is a fault: an old file must not undo a correction.

    Raises
    ------
    NotAllowed
        When the person may not enter outcomes.
    """
    who.require(Permission.ENTER_OUTCOMES)
    opened = [library.open(run) for run in {one.run for one in told}]
    folders = {run: library.path(run) for run in {one.run for one in told}}
    entries = [(one, _entry(one, who, keys.one(folders[one.run], one.sheet_row))) for one in told]
    count: Counter[str] = Counter()
    faults = []
    with records.session(alone=True) as session:
        held = _held(session, opened, who, told)
        earlier = {run: _earlier(session, folder, told) for run, folder in folders.items()}
        for one, entry in entries:
            before = earlier[one.run].get(one.sheet_row, [])
            alike = [_is_same(old, entry, dated=one.dated) for old in before]
            if not any(alike):
                add_entry(session, who, entry)
                count["new"] += 1
                count["replacing"] += held.get((one.run, one.sheet_row), one.outcome) != one.outcome
            elif alike[-1]:
                count["already"] += 1
            else:
                title = OUTCOMES.get(before[-1].outcome, before[-1].outcome)
                reason = f"Sudah tercatat, lalu dibetulkan menjadi «{title}»; tidak ditulis lagi."
                faults.append(Fault(one.line, reason))
    return Entered(count["new"], count["already"], count["replacing"], tuple(faults))


def known_before(
    records: Records, library: Library, who: Person, told: Sequence[Told]
) -> dict[tuple[str, int], str]:
    """Return what is known of the households of lines, by run and row: the outcome that stands there now."""
    opened = [library.open(run) for run in {one.run for one in told}]
    with records.session() as session:
        return _held(session, opened, who, told)


def _held(
    session: Session, opened: Sequence[OpenedRun], who: Person, told: Sequence[Told]
) -> dict[tuple[str, int], str]:
    known = {run.id: held_outcomes(session, run, who) for run in opened}
    return {
        (one.run, one.sheet_row): known[one.run][one.sheet_row].outcome
        for one in told
        if one.sheet_row in known[one.run]
    }


def blank_table(of_desa: pd.Series, households: pd.DataFrame, sheet: SheetId) -> pd.DataFrame:
    """Return the table of a desa to be filled in, by number.

    Parameters
    ----------
    of_desa
        As :func:`app.visiting.by_sheet.houses` returns it.
    households
        As :func:`app.visiting.households.about` tells of these, in the same order.
    """
    said = {
        "lembar": str(SheetId(sheet.kode_desa, MAPLESS, sheet.mark)),
        "nomor": of_desa.index.to_numpy(),
        "kode_desa": sheet.kode_desa,
    }
    said |= {name: households[name].to_numpy() for name in ("dusun", "rt", "rw")}
    return pd.DataFrame(said, index=range(len(of_desa))).reindex(columns=list(FORM_HEADINGS), fill_value="")


@dataclass(frozen=True)
class _Desa:
    """The houses of the desa that lines name, each looked for once; a refusal is remembered like an answer."""

    library: Library
    who: Person
    marks: Marks
    found: dict[tuple[str, str], tuple[str, pd.Series] | str]

    def of(self, sheet: SheetId) -> tuple[str, pd.Series]:
        """Return the run of a sheet and the sheet rows of its desa by number."""
        key = sheet.mark, sheet.kode_desa
        if key not in self.found:
            try:
                opened = self.library.open(self.marks.run_of(sheet))
                self.found[key] = opened.id, houses(opened, sheet, self.who)
            except PetaError as fault:
                self.found[key] = str(fault)
        found = self.found[key]
        if isinstance(found, str):
            raise SettingsError(found)
        return found


def _check(line: Line, desa: _Desa, day: str) -> Told:
    if line.torn:
        raise SheetError(
            "Baris ini punya lebih banyak sel daripada judul kolom. Beri tanda kutip pada catatannya."
        )
    sheet = read_sheet_id(line.lembar)
    desa.who.require_desa(sheet.kode_desa)
    run, of_desa = desa.of(sheet)
    number = read_number(line.nomor)
    today = now().astimezone().date()
    return Told(
        line.line, sheet, number, run, find_house(of_desa, number),
        read_outcome(line.hasil), read_date(line.tanggal or day, today), bool(line.tanggal or day),
        plain_note(line.catatan),
    )  # fmt: skip


def _entry(one: Told, who: Person, of_household: dict[str, str | None]) -> Outcome:
    return Outcome(
        run=one.run, sheet_row=one.sheet_row, kode_desa=one.kode_desa, outcome=one.outcome, note=one.note,
        visited_on=one.visited_on, by=who.name, **of_household,
    )  # fmt: skip


def _is_same(old: Outcome, new: Outcome, *, dated: bool) -> bool:
    said = ("outcome", "note", "by", "visited_on") if dated else ("outcome", "note", "by")
    return all(getattr(old, name) == getattr(new, name) for name in said)


def _earlier(session: Session, folder: Path, told: Sequence[Told]) -> dict[int, list[Outcome]]:
    """Return the entries about the households of the lines that are of one run, the oldest first."""
    found: dict[int, list[Outcome]] = defaultdict(list)
    rows = sorted({one.sheet_row for one in told if one.run == folder.name})
    # older entries are of another run that bore the same name
    since = Outcome.at >= datetime.fromisoformat(when_made(folder))
    for start in range(0, len(rows), _AT_ONCE):
        some = (Outcome.run == folder.name, Outcome.sheet_row.in_(rows[start : start + _AT_ONCE]), since)
        for entry in session.scalars(select(Outcome).where(*some).order_by(Outcome.id)):
            found[entry.sheet_row].append(entry)
    return found
