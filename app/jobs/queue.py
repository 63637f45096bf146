"""The queue of jobs: who waits, who is taken, and what becomes of a job whose worker has died."""

import os
import secrets
import socket
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, case, select, update
from sqlalchemy.orm import Session

from app.records import Records
from app.records.tables import Job, now

WAITING, RUNNING, DONE, FAILED, CANCELLED = "antre", "jalan", "selesai", "gagal", "batal"

INTAKE, ASSESS, EDITION, BOOK, PACKAGE = "intake", "assess", "edition", "book", "package"
"""A sheet looked at; a sheet assessed; a run made fit for whoever sees areas only; a book of maps; a
package of files for another agency.

The quick ones go first, and a sheet before the books: what all wait for does not wait for one team's paper.
"""

DEAD_AFTER = timedelta(seconds=30)
MOST_ATTEMPTS = 3

_ORDER = case({INTAKE: 0, EDITION: 1, ASSESS: 2}, value=Job.kind, else_=3)


def worker_name() -> str:
    """Return a name for this process, by which others can tell whether it lives."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(8)}"


def enqueue(session: Session, kind: str, asked: Mapping[str, Any], who: str) -> Job:
    """Put a job in the queue; the same that waits already is not put there twice.

    Parameters
    ----------
    kind
        :data:`INTAKE` or :data:`ASSESS` (asked: ``upload``), :data:`EDITION` (asked: ``run``), or :data:`BOOK` (asked:
        ``print``), or :data:`PACKAGE` (asked: ``handover``).
    who
        Name of the account.
    """
    for waiting in session.scalars(select(Job).where(Job.state == WAITING, Job.kind == kind)):
        if waiting.asked == dict(asked):
            return waiting
    job = Job(kind=kind, asked=dict(asked), by=who)
    session.add(job)
    session.flush()
    return job


def claim(records: Records, worker: str) -> Job | None:
    """Take the next job, unless one is running; jobs of dead workers come back into the queue first.

    No two workers take the same job, on whatever database, and never do two jobs run at once.
    """
    with records.session(alone=True) as session:
        for running in session.scalars(select(Job).where(Job.state == RUNNING)).all():
            if not is_dead(running):
                return None
            _give_back(running, "Pekerjaan terputus: komputer atau pekerjanya mati di tengah jalan.")
        job = session.scalar(select(Job).where(Job.state == WAITING).order_by(_ORDER, Job.id).limit(1))
        if job is None:
            return None
        moment = now()
        job.state, job.worker, job.attempts = RUNNING, worker, job.attempts + 1
        job.started_at, job.beat_at, job.stage, job.done_stages = moment, moment, "", []
        return job


def needs_worker(session: Session) -> bool:
    """Tell whether a worker would find something to do."""
    running = session.scalars(select(Job).where(Job.state == RUNNING)).all()
    if running:
        return any(map(is_dead, running))
    return session.scalar(select(Job.id).where(Job.state == WAITING).limit(1)) is not None


def beat(records: Records, job: int, worker: str) -> bool:
    """Say that a worker lives; false when the job is not its any more: cancelled, or given to another."""
    with records.session() as session:
        return _own(session, job, worker, beat_at=now())


def tell_stage(records: Records, job: int, worker: str, stage: str, done: list[str]) -> None:
    """Say what a job is at, and what is behind it."""
    with records.session() as session:
        _own(session, job, worker, stage=stage, done_stages=done)


def name_run(records: Records, job: int, worker: str, run: str) -> None:
    """Say which run a job is making, so that a second attempt makes the same."""
    with records.session() as session:
        _own(session, job, worker, run=run)


def close(records: Records, job: int, worker: str, state: str, message: str = "") -> bool:
    """End a job; false when it is not the worker's any more, and what it made must go."""
    with records.session() as session:
        return _own(session, job, worker, state=state, message=message, stage="", finished_at=now())


def give_back(records: Records, job: int, worker: str, why: str) -> None:
    """Put a job whose process has died back into the queue, or fail it when that has happened too often."""
    with records.session(alone=True) as session:
        held = session.get(Job, job)
        if held is not None and held.state == RUNNING and held.worker == worker:
            _give_back(held, why)


def cancel(session: Session, job: int) -> bool:
    """End a job that waits or runs; its worker sees it within a second or two and stops."""
    found = session.execute(
        update(Job)
        .where(Job.id == job, Job.state.in_((WAITING, RUNNING)))
        .values(state=CANCELLED, stage="", finished_at=now())
    )
    return isinstance(found, CursorResult) and found.rowcount == 1


def is_dead(job: Job, moment: datetime | None = None) -> bool:
    """Tell whether the worker of a running job is gone, or silent for too long."""
    if job.beat_at is None or (moment or now()) - job.beat_at > DEAD_AFTER:
        return True
    host, _, rest = job.worker.partition(":")
    pid = rest.partition(":")[0]
    return host == socket.gethostname() and pid.isdecimal() and not is_alive(int(pid))


def is_alive(pid: int) -> bool:
    """Tell whether a process of this machine lives; yes where there is no safe way to ask."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _own(session: Session, job: int, worker: str, **values: object) -> bool:
    found = session.execute(
        update(Job).where(Job.id == job, Job.worker == worker, Job.state == RUNNING).values(**values)
    )
    return isinstance(found, CursorResult) and found.rowcount == 1


def _give_back(job: Job, why: str) -> None:
    job.worker, job.stage = "", ""
    if job.attempts < MOST_ATTEMPTS:
        job.state = WAITING
        return
    job.state, job.finished_at = FAILED, now()
    job.message = (
        f"{why} Sudah dicoba {job.attempts} kali. Periksa memori dan ruang disk peladen, lalu ulangi."
    )
