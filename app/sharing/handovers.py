"""Hand-overs: decided, found again, taken away, revoked; each of these leaves a line in the trail."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select, update
from sqlalchemy.orm import Session

from app.access.roles import Permission, Person
from app.jobs.packages import forget_package, package_path
from app.jobs.queue import PACKAGE, cancel, enqueue
from app.library import OpenedRun
from app.records.tables import Handover, Job, now
from app.settings import WebSettings
from app.sharing.asked import API, FILES, Asked, require_level
from app.sharing.preview import Preview
from app.sharing.state import FAILED, Handed, why_gone
from app.sharing.tokens import new_token
from app.trail import leave
from geo.errors import NoRun, NotAllowed

_AGAIN = timedelta(hours=1)


def handovers() -> Select[Handover, Job]:
    """Return the question for all hand-overs with their jobs, the newest first."""
    return select(Handover, Job).outerjoin(Job, Job.id == Handover.job_id).order_by(Handover.id.desc())


def subject_of(held: Handover) -> str:
    """Return how the trail calls a hand-over."""
    return f"pembagian {held.id}: {held.recipient}, {held.level}, {held.kind}"


def create(
    session: Session, who: Person, asked: Asked, opened: OpenedRun, seen: Preview, once: str
) -> tuple[Handover, str]:
    """Hand over what was seen; the caller's session works alone.

    Parameters
    ----------
    once
        A word of the form; a form that is sent twice makes one hand-over.

    Returns
    -------
    tuple
        The hand-over, and the token where it is one by API and was made now; nobody can read the token again.
    """
    require_level(who, asked.level)
    for earlier in session.scalars(
        select(Handover).where(Handover.by == who.name, Handover.at > now() - _AGAIN)
    ):
        if once and earlier.scope.get("once") == once:
            return earlier, ""
    token, digest = new_token() if asked.kind == API else ("", None)
    held = Handover(
        kind=asked.kind, recipient=asked.recipe.id, agency=asked.recipe.agency,
        recipient_name=asked.recipe.recipient, purpose=asked.purpose, basis=asked.recipe.basis,
        level=asked.level.value, run=opened.id, run_created=str(opened.manifest["created"]),
        desa=list(asked.desa), scope=asked.kept() | {"once": once}, formats=list(asked.formats),
        told=told_of(seen), households=seen.households, by=who.name, until=asked.until, token_hash=digest,
    )  # fmt: skip
    session.add(held)
    session.flush()
    if asked.kind == FILES:
        held.job_id = enqueue(session, PACKAGE, {"handover": held.id}, who.name).id
    _leave(session, who, "bagikan", held)
    return held, token


def mark_of(asked: Asked, opened: OpenedRun, seen: Preview) -> str:
    """Return a word that stands for all that somebody saw: another run, recipe, list or setting has another."""
    told = [
        opened.id,
        str(opened.manifest["created"]),
        asked.recipe.agency,
        asked.kept(),
        list(asked.fields),
        told_of(seen),
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def told_of(seen: Preview) -> dict[str, Any]:
    """Return what the record keeps of what was seen: rows, columns and what is left out of each collection, no cell."""
    return {
        "rows": {each.id: each.rows for each in seen.collections},
        "left_out": {each.id: each.left_out for each in seen.collections},
        "columns": {each.id: [field.name for field in each.columns] for each in seen.collections},
    }


def find(session: Session, number: int) -> Handed:
    """Return a hand-over.

    Raises
    ------
    NoRun
        When there is none of that number.
    """
    found = session.execute(handovers().where(Handover.id == number)).first() if 0 < number < 2**31 else None
    if found is None:
        raise NoRun("Pembagian dengan nomor itu tidak ada.")
    return Handed(*found)


def received(session: Session, who: Person) -> list[Handed]:
    """Return what is shared with somebody's agency, the newest first; nothing as long as they are of none."""
    who.require(Permission.RECEIVE)
    return [Handed(*found) for found in session.execute(handovers().where(_theirs(who)))]


def find_received(session: Session, who: Person, number: int) -> Handed:
    """Return a hand-over to somebody's agency.

    Raises
    ------
    NoRun
        When there is none of that number, or it is another's.
    """
    who.require(Permission.RECEIVE)
    known = 0 < number < 2**31
    found = session.execute(handovers().where(_theirs(who), Handover.id == number)).first() if known else None
    if found is None:
        raise NoRun("Kiriman itu tidak ada di antara kiriman untuk instansi Anda.")
    return Handed(*found)


def _theirs(who: Person) -> ColumnElement[bool]:
    return and_(Handover.agency == who.recipient, Handover.agency != "")


def take(session: Session, who: Person, settings: WebSettings, handed: Handed) -> Path:
    """Return the package of a hand-over for somebody who takes it away, and leave that in the trail.

    Raises
    ------
    NotAllowed
        When it holds names, and they may not deal with those.
    NoRun
        When there is no package, or none any more.
    """
    held = handed.held
    if not who.may(Permission.RECEIVE):
        require_level(who, held.level)
    path = package_path(settings, held)
    if not handed.has_file or not path.is_file():
        raise NoRun(why_gone(handed))
    session.execute(
        update(Handover).where(Handover.id == held.id).values(taken=Handover.taken + 1, used_at=now())
    )
    _leave(session, who, "ambil", held)
    return path


def revoke(session: Session, who: Person, settings: WebSettings, number: int) -> Handed:
    """End a hand-over at once: its package goes, its token opens nothing; twice is once.

    Raises
    ------
    NoRun
        When there is none of that number.
    """
    who.require(Permission.SHARE)
    handed = find(session, number)
    held = handed.held
    if not handed.is_open:
        return handed
    if held.job_id is not None:
        cancel(session, held.job_id)
    held.revoked_at, held.revoked_by, held.removed_at = now(), who.name, now()
    _leave(session, who, "cabut", held)
    session.flush()  # what cannot be told must not happen
    forget_package(settings, held.id)
    return handed


def make_again(session: Session, who: Person, number: int) -> Handed:
    """Have a package made that could not be made; the caller's session works alone.

    Raises
    ------
    NoRun
        When there is none of that number.
    NotAllowed
        When there is nothing to be made again.
    """
    handed = find(session, number)
    require_level(who, handed.held.level)
    if handed.state != FAILED:
        raise NotAllowed("Hanya paket yang gagal dibuat yang dapat dibuat lagi.")
    handed.held.job_id = enqueue(session, PACKAGE, {"handover": handed.held.id}, who.name).id
    _leave(session, who, "bagikan", handed.held)
    return handed


def _leave(session: Session, who: Person, action: str, held: Handover) -> None:
    households = held.households or None
    leave(session, who, action, subject_of(held), households=households, reason=held.purpose, run=held.run)
