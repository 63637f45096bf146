"""Uploaded sheets: taken in, looked at, their columns corrected, and put in the queue to be assessed."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from app.access.roles import Permission, Person
from app.data_view import columns as column_forms
from app.data_view.jobs import active_jobs
from app.data_view.receiving import Received, receive
from app.data_view.room import room_of
from app.data_view.unlocking import count_try, require_tries, unlock
from app.dependencies import DataKeeper, Records, Runs, Settings, UploadMark, allowed, form_guard
from app.jobs.queue import ASSESS, INTAKE, RUNNING, WAITING, enqueue
from app.jobs.uploads import choice_of, forget, read_report, sheet_path, uploads_folder, with_choice
from app.jobs.wording import for_pages
from app.library import Library
from app.records import Records as Database
from app.records.tables import Job, Upload
from app.rendering import page
from app.settings import WebSettings
from app.trail import leave
from geo.columns.choice import ColumnChoice
from geo.errors import EncryptedSheet, NoRun, NotAllowed, PetaError, SheetError

router = APIRouter(include_in_schema=False, dependencies=[Depends(allowed(Permission.MANAGE_DATA))])
GUARDED = [Depends(form_guard)]

_RECALLED = 200
"""So many earlier sheets are asked for corrections that fit."""
_DIGITS = 6

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
"""Of an upload."""


@router.post("/data/unggah", max_body_size=2**40)  # what is taken, the settings say
async def upload(
    request: Request, mark: UploadMark, who: DataKeeper, settings: Settings, records: Records, library: Runs
) -> Response:
    """Take a sheet in, and have it looked at."""
    received = await receive(
        request.stream(),
        request.headers.get("content-type", ""),
        uploads_folder(settings),
        settings.upload_mb * 1_000_000,
        mark,
    )
    number = await run_in_threadpool(_keep, received, who, settings, records, library)
    return RedirectResponse(f"/data/unggahan/{number}", 303)


def _keep(received: Received, who: Person, settings: WebSettings, records: Database, library: Library) -> int:
    held = Upload(
        name=received.name, file=received.file, size=received.size, sha256=received.sha256, by=who.name, sheet=None
    )  # fmt: skip
    try:
        with records.session(alone=True) as session:
            leaving = room_of(session, settings, library.ids()).leaving(received.size)
            for one in leaving:
                session.delete(one)
                leave(session, who, "buang", f"lembar {one.name}, yang tertua, untuk memberi tempat")
            session.add(held)
            session.flush()
            enqueue(session, INTAKE, {"upload": held.id}, who.name)
            told = f"{received.name}, {received.size} bita, sha256 {received.sha256[:12]}"
            leave(session, who, "unggah", told)
    except BaseException:
        forget(settings, held)
        raise
    for one in leaving:
        forget(settings, one)
    return held.id


@router.get("/data/unggahan/{number}")
def uploaded(request: Request, number: Number, settings: Settings, records: Records) -> Response:
    """Show what an uploaded sheet holds, and how each of its columns is understood."""
    return _uploaded(request, number, settings, records)


async def _fields(request: Request) -> dict[str, str]:
    return {name: str(value) for name, value in (await request.form()).items()}


@router.post("/data/unggahan/{number}/kolom", dependencies=GUARDED)
def correct(
    request: Request,
    number: Number,
    who: DataKeeper,
    settings: Settings,
    records: Records,
    fields: Annotated[dict[str, str], Depends(_fields)],
) -> Response:
    """Take corrections of columns, and look at the sheet again."""
    places = {
        name.removeprefix("arti-"): meaning for name, meaning in fields.items() if name.startswith("arti-")
    }
    said = {
        int(place): meaning for place, meaning in places.items() if place.isdecimal() and len(place) < _DIGITS
    }
    constants = {
        name.removeprefix("tetap-"): text for name, text in fields.items() if name.startswith("tetap-")
    }
    try:
        with records.session(alone=True) as session:
            held = upload_of(session, number)
            report = _finished(read_report(settings, held))
            with_choice(held, column_forms.corrected(choice_of(held), report, said, constants))
            enqueue(session, INTAKE, {"upload": number}, who.name)
            if "olah" in fields:
                enqueue(session, ASSESS, {"upload": number}, who.name)
                leave(session, who, "olah", held.name)
    except SheetError as fault:
        return _uploaded(request, number, settings, records, for_pages(str(fault)))
    return RedirectResponse("/data" if "olah" in fields else f"/data/unggahan/{number}", 303)


def _finished(report: dict[str, Any] | None) -> dict[str, Any]:
    if report is None or "headings" not in report:
        raise SheetError("Lembar ini sedang diperiksa. Tunggu sebentar, lalu betulkan kolomnya.")
    return report


@router.post("/data/unggahan/{number}/lembar", dependencies=GUARDED)
def choose_tab(
    number: Number, who: DataKeeper, records: Records, lembar: Annotated[str, Form()] = ""
) -> Response:
    """Choose which sheet of the workbook is read, and look at it; what was said of columns is of another sheet."""
    with records.session(alone=True) as session:
        held = upload_of(session, number)
        held.sheet = lembar.replace("\0", "") or None
        with_choice(held, ColumnChoice())
        enqueue(session, INTAKE, {"upload": number}, who.name)
    return RedirectResponse(f"/data/unggahan/{number}", 303)


@router.post("/data/unggahan/{number}/ulang", dependencies=GUARDED)
def look_again(
    number: Number, who: DataKeeper, records: Records, dari: Annotated[int, Form(ge=0, le=2**31 - 1)] = 0
) -> Response:
    """Look at a sheet again: without corrections, or with those of an earlier sheet."""
    with records.session(alone=True) as session:
        held = upload_of(session, number)
        with_choice(held, choice_of(upload_of(session, dari)) if dari else ColumnChoice())
        enqueue(session, INTAKE, {"upload": number}, who.name)
    return RedirectResponse(f"/data/unggahan/{number}", 303)


@router.post("/data/unggahan/{number}/sandi", dependencies=GUARDED)
def open_locked(
    request: Request,
    number: Number,
    who: DataKeeper,
    settings: Settings,
    records: Records,
    kata_sandi: Annotated[str, Form()],
) -> Response:
    """Open a locked workbook once; the password is kept nowhere."""
    with records.session() as session:
        held = upload_of(session, number)
    try:
        require_tries(held)
        unlock(sheet_path(settings, held), kata_sandi)
    except EncryptedSheet as fault:
        with records.session(alone=True) as session:
            count_try(upload_of(session, number))
        return _uploaded(request, number, settings, records, str(fault))
    except PetaError as fault:
        return _uploaded(request, number, settings, records, str(fault))
    with records.session(alone=True) as session:
        held = upload_of(session, number)
        held.columns = {**held.columns, "unlocked": True}
        enqueue(session, INTAKE, {"upload": number}, who.name)
    return RedirectResponse(f"/data/unggahan/{number}", 303)


@router.post("/data/unggahan/{number}/olah", dependencies=GUARDED)
def assess(number: Number, who: DataKeeper, settings: Settings, records: Records) -> Response:
    """Put the assessment of a sheet in the queue."""
    with records.session(alone=True) as session:
        held = upload_of(session, number)
        if not sheet_path(settings, held).is_file():
            raise SheetError("Berkas lembar itu sudah tidak ada di peladen. Unggah lagi.")
        enqueue(session, ASSESS, {"upload": number}, who.name)
        leave(session, who, "olah", held.name)
    return RedirectResponse("/data", 303)


@router.post("/data/unggahan/{number}/hapus", dependencies=GUARDED)
def remove(number: Number, who: DataKeeper, settings: Settings, records: Records) -> Response:
    """Delete an uploaded sheet; runs that were made of it stay."""
    with records.session(alone=True) as session:
        held = upload_of(session, number)
        busy = session.scalars(select(Job).where(Job.state.in_((WAITING, RUNNING)))).all()
        if any(job.asked.get("upload") == number for job in busy):
            raise NotAllowed("Lembar ini sedang dikerjakan. Batalkan dahulu pekerjaannya, lalu hapus.")
        session.delete(held)
        leave(session, who, "buang", f"lembar {held.name}")
    forget(settings, held)
    return RedirectResponse("/data", 303)


def upload_of(session: Session, number: int) -> Upload:
    """Return an upload.

    Raises
    ------
    NoRun
        When there is none of that number.
    """
    held = session.get(Upload, number)
    if held is None:
        raise NoRun("Lembar itu tidak ada di sini, atau sudah dihapus.")
    return held


def _uploaded(
    request: Request, number: int, settings: Settings, records: Records, fault: str = ""
) -> Response:
    with records.session() as session:
        held = upload_of(session, number)
        report = read_report(settings, held)
        earlier = session.scalars(
            select(Upload).where(Upload.id != number).order_by(Upload.id.desc()).limit(_RECALLED)
        ).all()  # fmt: skip
        last = session.scalars(
            select(Job).where(Job.kind == INTAKE).order_by(Job.id.desc()).limit(_RECALLED)
        ).all()
    about = [job for job in active_jobs(records) if job["upload"] == number]
    failed = next((job for job in last if job.asked.get("upload") == number), None)
    said = choice_of(held)
    untouched = not (said.columns or said.ignored or said.constants)
    readable = report is not None and "headings" in report
    found = {
        "upload": held,
        "report": report,
        "readable": readable,
        "desa_warning": column_forms.place_warning(report) if report is not None and readable else None,
        "leave_out": column_forms.left_out(report) if report is not None and readable else None,
        "jobs": about,
        "failed": failed.message if failed is not None and report is None and not about else "",
        "fault": fault,
        "choice": said,
        "untouched": untouched,
        "headings": column_forms.offered(report) if report is not None and readable else [],
        "meanings": column_forms.meanings() if readable else [],
        "recalled": next(
            (
                one
                for one in earlier
                if report is not None and readable and column_forms.fits(one.columns, report)
            ),
            None,
        )
        if untouched
        else None,
    }
    return page(request, "data_upload.html", found, status=400 if fault else 200)
