"""What came of a visit, as somebody enters it: looked at, shortened, freed of personal numbers, and added."""

import re
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.roles import Permission, Person
from app.household_keys import KeyStore
from app.library import OpenedRun
from app.records import Records
from app.records.tables import Outcome, now
from app.trail import leave
from app.visiting.households import about
from geo.errors import SettingsError
from geo.outcomes import OUTCOMES
from geo.review.decisions import masked, one_line

LONGEST_NOTE = 300
OLDEST = timedelta(days=366)
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})(?: [0:.]+)?", re.ASCII)
AGAIN = timedelta(minutes=10)
"""The same words about the same household by the same person within this time were sent twice by mistake."""


def plain_note(text: str) -> str:
    r"""Return a note on one line, without numbers that may be a person's, cut where it is long.

    Examples
    --------
    >>> plain_note("Pindah ke Desa Muara,\n NIK 3326010101900001")
    'Pindah ke Desa Muara, NIK …'
    """
    return one_line(masked(one_line(text, 4 * LONGEST_NOTE)), LONGEST_NOTE)


def read_date(text: str, today: date) -> date:
    """Read the day of a visit; today when nothing is said.

    Raises
    ------
    SettingsError
        When it is no day, lies ahead, or more than a year back.

    Examples
    --------
    >>> read_date("5/1/2026", date(2026, 1, 6)), read_date("", date(2026, 1, 6))
    (datetime.date(2026, 1, 5), datetime.date(2026, 1, 6))
    """
    if not text.strip():
        return today
    try:
        day = date.fromisoformat(iso_day(text))
    except ValueError as fault:
        raise SettingsError(
            "Tanggal kunjungan tidak dapat dibaca. Pilih tanggalnya, atau kosongkan untuk hari ini."
        ) from fault
    # a phone's clock may be a day ahead of the server's
    if not today - OLDEST <= day <= today + timedelta(days=1):
        raise SettingsError("Tanggal kunjungan harus dalam setahun terakhir, dan tidak sesudah hari ini.")
    return day


def iso_day(text: str) -> str:
    """Return a day as ISO writes it where it is written with the day first; everything else as it is.

    Examples
    --------
    >>> iso_day("5/1/2026"), iso_day("05-01-2026"), iso_day("2026-01-05 00:00:00"), iso_day("kemarin")
    ('2026-01-05', '2026-01-05', '2026-01-05', 'kemarin')
    """
    if found := _DAY_FIRST.fullmatch(text.strip()):
        day, month, year = (int(part) for part in found.groups())
        return f"{year:04d}-{month:02d}-{day:02d}"
    return text.strip().removesuffix(" 00:00:00")


def enter_outcome(
    records: Records,
    opened: OpenedRun,
    keys: KeyStore,
    who: Person,
    sheet_row: int,
    outcome: str,
    *,
    note: str = "",
    visited_on: str = "",
) -> Outcome:
    """Add what came of a visit; a correction is another entry, and the newest holds.

    Returns
    -------
    Outcome
        The entry; the one that is there already when the same was sent twice.

    Raises
    ------
    NotAllowed
        When the person may not enter outcomes, or the household is not of their desa.
    SettingsError
        When the household, the outcome or the day cannot be.
    """
    who.require(Permission.ENTER_OUTCOMES)
    if outcome not in OUTCOMES:
        raise SettingsError(
            f"Hasil kunjungan tidak dikenal. Pilih salah satu: {', '.join(OUTCOMES.values())}."
        )
    found = about(opened, [sheet_row])
    # a row of another desa is answered as one that is not there
    if found.empty or not who.reaches(str(found["kode_desa"].iloc[0])):
        raise SettingsError("Baris lembar itu tidak ada dalam hasil ini, atau bukan desa tugas Anda.")
    desa = found["kode_desa"].iloc[0]
    said = {
        "kode_desa": desa if isinstance(desa, str) else "",
        "outcome": outcome,
        "note": plain_note(note),
        "visited_on": read_date(visited_on, now().astimezone().date()),
        "by": who.name,
    }
    of_household = keys.one(opened.folder, sheet_row)
    with records.session(alone=True) as session:
        same = (Outcome.run == opened.id, Outcome.sheet_row == sheet_row)
        last = session.scalar(select(Outcome).where(*same).order_by(Outcome.id.desc()).limit(1))
        if (
            last
            and now() - last.at < AGAIN
            and all(getattr(last, name) == value for name, value in said.items())
        ):
            return last
        entry = Outcome(run=opened.id, sheet_row=sheet_row, **said, **of_household)
        add_entry(session, who, entry)
        session.flush()
        return entry


def add_entry(session: Session, who: Person, entry: Outcome) -> None:
    """Add an entry and its line of the trail; the caller has asked whether it may be."""
    session.add(entry)
    subject = f"{entry.kode_desa} baris {entry.sheet_row}: {entry.outcome}"
    leave(session, who, "hasil", subject, households=1, run=entry.run)


def history(records: Records, run: str, sheet_row: int) -> list[Outcome]:
    """Return all entries about a household of a run, the newest first."""
    with records.session() as session:
        same = (Outcome.run == run, Outcome.sheet_row == sheet_row)
        return list(session.scalars(select(Outcome).where(*same).order_by(Outcome.id.desc())))
