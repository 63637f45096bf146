"""Jobs as the pages tell them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.queue import ASSESS, BOOK, CANCELLED, DONE, EDITION, FAILED, INTAKE, PACKAGE, RUNNING, WAITING
from app.records import Records
from app.records.tables import Job, Upload, now

TITLES = {
    INTAKE: "Memeriksa lembar", ASSESS: "Mengolah lembar", EDITION: "Menyiapkan edisi pimpinan",
    BOOK: "Mencetak buku peta", PACKAGE: "Menyiapkan kiriman",
}  # fmt: skip
STATES = {
    WAITING: ("menunggu giliran", ""), RUNNING: ("sedang dikerjakan", "warn"), DONE: ("selesai", "good"),
    FAILED: ("gagal", "bad"), CANCELLED: ("dibatalkan", ""),
}  # fmt: skip
_SLOW_START_S = 20


def told(job: Job, ahead: int = 0, sheet: str = "") -> dict[str, Any]:
    """Return what is told of a job: plain values that JSON can hold.

    Parameters
    ----------
    ahead
        Jobs that come before it.
    sheet
        Name of the sheet that it is about.
    """
    state, mark = STATES[job.state]
    waited = (now() - job.created_at).total_seconds()
    begun = job.started_at or job.created_at
    seconds = ((job.finished_at or now()) - begun).total_seconds() if job.state != WAITING else 0
    hint = ""
    if job.state == WAITING and ahead:
        hint = f"{ahead} pekerjaan lain lebih dahulu."
    elif job.state == WAITING and waited > _SLOW_START_S:
        hint = (
            "Pekerja belum mulai. Bila tetap begini, beri tahu admin (pekerja.log di folder catatan peladen)."
        )
    elif job.state == RUNNING and job.attempts > 1:
        hint = f"Percobaan ke-{job.attempts}: yang sebelumnya terputus."
    return {
        "id": job.id,
        "kind": job.kind,
        "title": TITLES.get(job.kind, job.kind),
        "sheet": sheet,
        "state": job.state,
        "state_title": state,
        "mark": mark,
        "active": job.state in {WAITING, RUNNING},
        "stage": job.stage,
        "done": [stage.split("\t", 1) for stage in job.done_stages],
        "seconds": round(seconds),
        "message": job.message,
        "hint": hint,
        "run": job.run if job.state == DONE else "",
        "upload": job.asked.get("upload"),
        "by": job.by,
        "at": (job.finished_at or job.created_at).astimezone().isoformat(),
    }


def active_jobs(records: Records) -> list[dict[str, Any]]:
    """Return what waits or runs, the running first."""
    with records.session() as session:
        found = session.scalars(select(Job).where(Job.state.in_((WAITING, RUNNING))).order_by(Job.id)).all()
        names = sheet_names(session, found)
    found = sorted(found, key=lambda job: (job.state != RUNNING, job.id))
    return [told(job, ahead, names.get(job.asked.get("upload", 0), "")) for ahead, job in enumerate(found)]


def sheet_names(session: Session, jobs: Iterable[Job]) -> dict[int, str]:
    """Return the names of the sheets that jobs are about, by the number of the upload."""
    wanted = {job.asked["upload"] for job in jobs if "upload" in job.asked}
    return dict(session.execute(select(Upload.id, Upload.name).where(Upload.id.in_(wanted))).all())
