"""Returned files that wait until a person has looked at them: kept, listed, entered or put aside."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.access.roles import Permission, Person
from app.records.tables import Handover, Return, now
from app.returning.checking import Fault
from app.returning.reading import COLUMNS, Returned
from app.trail import leave
from geo.errors import NoRun, NotAllowed, SettingsError
from geo.levels import Level

WAITING, ENTERED, ASIDE = "menunggu", "dicatat", "disisihkan"
STATES = {
    WAITING: ("menunggu diperiksa", "warn"),
    ENTERED: ("sudah dicatat", "good"),
    ASIDE: ("disisihkan", ""),
}

MOST_WAITING = 20
"""So many files of one agency wait at once."""

_SHOWN = 100
_WITH_HOUSEHOLDS = (Level.OPD, Level.PETUGAS)


@dataclass(frozen=True)
class Kept:
    """A returned file and the hand-over that it answers."""

    file: Return
    held: Handover

    @property
    def state(self) -> tuple[str, str]:
        """Return the title of its state, and the mark of a tag."""
        return STATES.get(self.file.state, (self.file.state, ""))


def answerable(session: Session, who: Person) -> list[Handover]:
    """Return the hand-overs of households that somebody may return outcomes for, the newest first.

    The end date and a revocation do not matter: what was done in the field stays done.
    """
    asked = select(Handover).where(Handover.level.in_(_WITH_HOUSEHOLDS)).order_by(Handover.id.desc())
    if not who.may(Permission.SHARE):
        asked = asked.where(Handover.agency == who.recipient)
    return [held for held in session.scalars(asked.limit(10 * _SHOWN)) if _has_households(held)][:_SHOWN]


def find_handover(session: Session, who: Person, number: int) -> Handover:
    """Return a hand-over that somebody may return outcomes for.

    Raises
    ------
    NotAllowed
        When they neither share nor receive.
    NoRun
        When there is none of that number, it is another agency's, or it gave no household.
    """
    if not who.may(Permission.SHARE):
        who.require(Permission.RECEIVE)
    held = session.get(Handover, number)
    theirs = held is not None and (who.may(Permission.SHARE) or held.agency == who.recipient)
    if held is None or not theirs or held.level not in _WITH_HOUSEHOLDS or not _has_households(held):
        raise NoRun("Data yang dibagikan dengan nomor itu tidak ada, atau tidak memuat rumah tangga.")
    return held


def keep(
    session: Session,
    who: Person,
    held: Handover,
    name: str,
    sha256: str,
    told: Returned,
    faults: Sequence[Fault] = (),
) -> Return:
    """Keep a file that was read until a person decides; the same file, sent again while it waits, is kept once.

    The caller's session works alone.

    Parameters
    ----------
    faults
        What its sender is told of single lines, see :func:`app.returning.checking.faults_of`.

    Raises
    ------
    SettingsError
        When too many of the agency's files wait already.
    """
    waiting = (Return.recipient == held.agency, Return.state == WAITING)
    same = select(Return).where(*waiting, Return.handover_id == held.id, Return.sha256 == sha256)
    if (there := session.scalar(same.limit(1))) is not None:
        return there
    if (session.scalar(select(func.count()).select_from(Return).where(*waiting)) or 0) >= MOST_WAITING:
        raise SettingsError(
            f"Sudah {MOST_WAITING} berkas dari instansi ini yang menunggu diperiksa. Tunggu sampai perencana selesai."
        )
    wrong = len({line for line, _ in faults} - {*told.torn})
    file = Return(
        handover_id=held.id,
        recipient=held.agency,
        name=name,
        sha256=sha256,
        rows=len(told.lines),
        state=WAITING,
        lines={"rows": told.lines.to_numpy().tolist()},
        told={
            "blank": told.blank,
            "torn": len(told.torn),
            "wrong": wrong,
            "faults": [list(one) for one in faults[:_SHOWN]],
        },
        by=who.name,
    )
    session.add(file)
    subject = f"pembagian {held.id} ({held.recipient}): {len(told.lines)} baris diterima"
    leave(session, who, "kembali", subject, households=len(told.lines), run=held.run)
    session.flush()
    return file


def find(session: Session, who: Person, number: int) -> Kept:
    """Return a file and its hand-over.

    Raises
    ------
    NotAllowed
        When the person may not share.
    NoRun
        When there is none of that number.
    """
    who.require(Permission.SHARE)
    file = session.get(Return, number)
    held = session.get(Handover, file.handover_id) if file is not None else None
    if file is None or held is None:
        raise NoRun("Berkas kembali itu tidak ada.")
    return Kept(file, held)


def lines_of(file: Return) -> pd.DataFrame:
    """Return the lines of a file that waits."""
    return pd.DataFrame(file.lines.get("rows", []), columns=list(COLUMNS)).astype(
        {name: "int64" if name == "line" else "object" for name in COLUMNS}
    )


def require_waiting(file: Return) -> None:
    """Refuse a file about which somebody has decided.

    Raises
    ------
    NotAllowed
        When it does not wait.
    """
    if file.state != WAITING:
        raise NotAllowed(f"Berkas itu {STATES[file.state][0]} oleh {file.decided_by}.")


def decide(file: Return, who: Person, state: str, told: dict[str, object]) -> None:
    """Write down what came of a file; what it said of households is no longer kept beside the record."""
    file.state, file.decided_at, file.decided_by = state, now(), who.name
    file.told = {**file.told, **told}
    file.lines = {}


def put_aside(session: Session, who: Person, number: int) -> Kept:
    """Decide that nothing of a file is entered.

    Raises
    ------
    NotAllowed
        When it does not wait, or the person may not share.
    """
    kept = find(session, who, number)
    require_waiting(kept.file)
    decide(kept.file, who, ASIDE, {})
    leave(session, who, "kembali", f"{subject_of(kept)}: disisihkan", run=kept.held.run)
    return kept


def subject_of(kept: Kept) -> str:
    """Return what the trail calls a file."""
    return f"pembagian {kept.held.id} ({kept.held.recipient}), berkas {kept.file.id}"


def files(session: Session, who: Person) -> list[Kept]:
    """Return the files that somebody may know of, those that wait first, then the newest."""
    asked = select(Return, Handover).join(Handover, Handover.id == Return.handover_id)
    if not who.may(Permission.SHARE):
        asked = asked.where(Return.recipient == who.recipient)
    asked = asked.order_by(Return.id.desc())
    return [*_some(session, asked, waiting=True), *_some(session, asked, waiting=False)]


def _some(session: Session, asked: Select[Return, Handover], *, waiting: bool) -> Sequence[Kept]:
    state = Return.state == WAITING if waiting else Return.state != WAITING
    return [Kept(file, held) for file, held in session.execute(asked.where(state).limit(_SHOWN))]


def _has_households(held: Handover) -> bool:
    collections = held.scope.get("collections")
    return not collections or "rumah_tangga" in collections
