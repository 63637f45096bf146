"""Kept runs: what each holds, what changed, published, brought back, or discarded."""

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.reasons import stated_reason
from app.access.roles import Permission
from app.access.users import accounts_that_may
from app.data_view.publishing import MANY_WITHOUT_DESA, Stakes, stakes, stakes_of_records, without_desa
from app.data_view.queue import open_questions
from app.data_view.runs import OF_PERSONS, changes, set_aside, summary
from app.dependencies import DataKeeper, Records, Runs, Settings, SheetCorrector, allowed, form_guard
from app.jobs.books import sweep_books
from app.jobs.queue import ASSESS, EDITION, enqueue
from app.library import Library
from app.library.edition import edition_folder
from app.records import Records as Database
from app.records.tables import HouseholdList, Job, Outcome, Publication, Upload
from app.rendering import page
from app.routes.downloads import SELF_CONTAINED
from app.settings import WebSettings
from app.trail import leave
from app.visiting import settle
from geo.errors import NoRun, SettingsError
from geo.review.decisions import masked, one_line
from geo.runs import is_run, read_manifest

router = APIRouter(include_in_schema=False, dependencies=[Depends(allowed(Permission.MANAGE_DATA))])
GUARDED = [Depends(form_guard)]


@router.get("/data/hasil/{run}")
def kept_run(
    request: Request,
    run: str,
    who: DataKeeper,
    settings: Settings,
    records: Records,
    library: Runs,
    tanya: str = "",
) -> Response:
    """Show what a run holds and what would change by publishing it."""
    folder, shown = library.path(run), library.in_force()
    lost = _stakes(request, library, records, run)
    with records.session() as session:
        makers = dict(session.execute(select(Job.run, Job.by).where(Job.run == run)).all())
        published = session.scalars(
            select(Publication).where(Publication.run == run).order_by(Publication.id.desc()).limit(5)
        ).all()
        upload = _upload_of(session, run)
        correctors = accounts_that_may(session, Permission.CORRECT_SHEET)
    facts = read_manifest(folder)["facts"]
    found: dict[str, Any] = {
        "run": summary(folder, makers, shown, open_questions(folder, settings)),
        "facts": facts,
        "stakes": lost,
        "asked": bool(tanya and lost.lost),
        "without": without_desa(folder),
        "many_without": MANY_WITHOUT_DESA,
        "published": published,
        "changes": _changes(library.path(shown), folder, settings) if shown and run != shown else None,
        "shown": shown,
        "again": upload is not None,
        "upload": upload.id if upload is not None else 0,
        "aside": set_aside(folder),
        "correctors": correctors,
        "may_correct": who.may(Permission.CORRECT_SHEET),
        "report": (folder / "laporan.html").is_file() and who.may(Permission.DOWNLOAD_RUN),
    }
    return page(request, "data_run.html", found)


@router.post("/data/hasil/{run}/terbit", dependencies=GUARDED)
def publish(
    request: Request,
    run: str,
    who: DataKeeper,
    settings: Settings,
    records: Records,
    library: Runs,
    catatan: Annotated[str, Form()] = "",
    yakin: Annotated[str, Form()] = "",
) -> Response:
    """Make a run the one that everybody sees, be it new or an older one brought back.

    Where something would be lost, its page asks first.
    """
    if not yakin and _stakes(request, library, records, run).lost:
        return RedirectResponse(f"/data/hasil/{quote(run, safe='')}?tanya=1#terbit", 303)
    note = masked(one_line(catatan))
    with records.session(alone=True) as session:  # nobody discards it, or publishes another, meanwhile
        folder, former = library.path(run), library.in_force()
        if not is_run(edition_folder(settings.state_folder, folder)):
            # a run of the command line: nobody's first page shall wait for its edition
            enqueue(session, EDITION, {"run": run}, who.name)
        session.add(Publication(run=run, by=who.name, note=note))
        instead = f", menggantikan {former}" if former else ""
        leave(session, who, "terbit", f"{run}{instead}", reason=note, run=run)
    settle(records, library.open(run), request.app.state.household_keys)  # the map shows outcomes from now on
    return RedirectResponse(f"/data?berlaku={quote(run, safe='')}", 303)


def _stakes(request: Request, library: Library, records: Database, run: str) -> Stakes:
    """Say what publishing a run takes away; nothing while none is in force, or of the one that is."""
    folder, shown = library.path(run), library.in_force()
    if not shown or run == shown:
        return Stakes()
    of_runs = stakes(library.path(shown), folder)
    with records.session() as session:
        of_records = stakes_of_records(session, shown, folder, request.app.state.household_keys)
    return Stakes((*of_runs.lost, *of_records.lost), (*of_runs.new, *of_records.new))


def _changes(former: Path, latter: Path, settings: WebSettings) -> dict[str, Any]:
    return changes(former, latter, (open_questions(former, settings), open_questions(latter, settings)))


@router.get("/data/hasil/{run}/buang")
def ask_discard(request: Request, run: str, settings: Settings, records: Records, library: Runs) -> Response:
    """Ask whether a run shall really go, and say what goes with it."""
    folder, shown = library.path(run), library.in_force()
    with records.session() as session:
        lists = session.scalar(
            select(func.count()).select_from(HouseholdList).where(HouseholdList.run == run)
        )
        outcomes = session.scalar(select(func.count()).select_from(Outcome).where(Outcome.run == run))
    held = summary(folder, {}, shown, open_questions(folder, settings))
    found = {"run": held, "lists": lists or 0, "outcomes": outcomes or 0}
    return page(request, "data_discard.html", found)


@router.post("/data/hasil/{run}/buang", dependencies=GUARDED)
def discard(run: str, who: DataKeeper, settings: Settings, records: Records, library: Runs) -> Response:
    """Delete a run that is not in force, and the books that were printed of it."""
    library.discard(run, lambda session: leave(session, who, "buang", run, run=run))
    sweep_books(settings, records)
    return RedirectResponse("/data", 303)


@router.post("/data/hasil/{run}/olah", dependencies=GUARDED)
def assess_again(run: str, who: DataKeeper, records: Records, library: Runs) -> Response:
    """Assess the sheet of a run once more, with the decisions that were taken since; the run itself stays."""
    library.path(run)
    with records.session(alone=True) as session:
        upload = _upload_of(session, run)
        if upload is None:
            raise SettingsError(
                "Hasil itu tidak dibuat dari lembar yang diunggah di sini, atau lembarnya sudah dihapus. Unggah "
                "lembarnya, lalu olah: keputusan yang sudah diambil ikut dipakai."
            )
        enqueue(session, ASSESS, {"upload": upload.id}, who.name)
        leave(session, who, "olah", f"{upload.name}, lagi", run=run)
    return RedirectResponse("/data", 303)


@router.get("/data/hasil/{run}/laporan")
def report(run: str, who: DataKeeper, library: Runs, records: Records) -> FileResponse:
    """Show the report of a run before it is published."""
    who.require(Permission.DOWNLOAD_RUN)
    path = library.path(run) / "laporan.html"
    if not path.is_file():
        raise NoRun("Hasil itu dibuat tanpa laporan.")
    with records.session() as session:
        leave(session, who, "unduh", path.name, run=run)
    return FileResponse(path, headers={"Content-Security-Policy": SELF_CONTAINED})


@router.post("/data/hasil/{run}/unduh", dependencies=GUARDED)
def take_workbook(
    run: str,
    who: SheetCorrector,
    records: Records,
    library: Runs,
    berkas: Annotated[str, Form()],
    alasan: Annotated[str, Form()] = "",
) -> FileResponse:
    """Hand out a workbook with names for correcting the sheet; the reason stands in the trail."""
    folder = library.path(run)
    if berkas not in OF_PERSONS or not (folder / berkas).is_file():
        raise NoRun("Berkas itu tidak ada pada hasil ini.")
    reason = stated_reason(alasan)
    rows = OF_PERSONS[berkas].rows(read_manifest(folder)["facts"])
    with records.session() as session:
        leave(session, who, "unduh", berkas, households=rows, reason=reason, run=run)
    return FileResponse(folder / berkas, filename=f"{run}-{berkas}", content_disposition_type="attachment")


def _upload_of(session: Session, run: str) -> Upload | None:
    job = session.scalar(select(Job).where(Job.run == run, Job.kind == ASSESS).limit(1))
    return session.get(Upload, job.asked.get("upload")) if job is not None else None
