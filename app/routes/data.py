"""Data: what is being done, the kept runs, and the sheets that were uploaded."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from app.access.roles import Permission
from app.data_view.jobs import active_jobs, sheet_names, told
from app.data_view.queue import open_questions
from app.data_view.room import room_of
from app.data_view.runs import summary
from app.dependencies import DataKeeper, Records, Runs, Settings, allowed, form_guard
from app.jobs.queue import ASSESS, RUNNING, WAITING, cancel
from app.records.tables import Job, Upload
from app.rendering import page
from app.trail import leave
from geo.errors import NotAllowed

router = APIRouter(include_in_schema=False, dependencies=[Depends(allowed(Permission.MANAGE_DATA))])

UPLOADS, HISTORY = 12, 15


@router.get("/data")
def data(
    request: Request, settings: Settings, records: Records, library: Runs, berlaku: str = ""
) -> Response:
    """Show what is being done, the kept runs, and the sheets that were uploaded."""
    with records.session() as session:
        uploads = session.scalars(select(Upload).order_by(Upload.id.desc()).limit(UPLOADS)).all()
        jobs = session.scalars(
            select(Job).where(Job.state.not_in((WAITING, RUNNING))).order_by(Job.id.desc()).limit(HISTORY)
        ).all()
        makers = dict(session.execute(select(Job.run, Job.by).where(Job.kind == ASSESS)).all())
        names = sheet_names(session, jobs)
        room = room_of(session, settings, library.ids())
    shown = library.in_force()
    return page(
        request,
        "data.html",
        {
            "active": active_jobs(records),
            "now_shown": berlaku if berlaku == shown else "",
            "runs": [
                summary(folder, makers, shown, open_questions(folder, settings))
                for folder in map(library.path, library.ids())
            ],
            "uploads": uploads,
            "history": [told(job, sheet=names.get(job.asked.get("upload", 0), "")) for job in jobs],
            "upload_mb": settings.upload_mb,
            "room": room,
            "next_to_go": [one.name for one in room.next_to_go(settings.upload_mb * 1_000_000)],
        },
    )


@router.get("/data/pekerjaan")
def jobs(records: Records) -> dict[str, Any]:
    """Tell which jobs wait or run, for the page that watches them."""
    return {"pekerjaan": active_jobs(records)}


@router.post("/data/pekerjaan/{number}/batal", dependencies=[Depends(form_guard)])
def stop(number: Annotated[int, Path(ge=1, le=2**31 - 1)], who: DataKeeper, records: Records) -> Response:
    """Cancel a job."""
    with records.session() as session:
        if not cancel(session, number):
            raise NotAllowed("Pekerjaan itu sudah selesai.")
        leave(session, who, "olah", f"pekerjaan {number} dibatalkan")
    return RedirectResponse("/data", 303)
