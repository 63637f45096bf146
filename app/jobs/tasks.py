"""What each kind of job does."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from typing import Any, Protocol

from sqlalchemy import select

from app.jobs.books import make_book
from app.jobs.packages import make_package
from app.jobs.places import next_run
from app.jobs.queue import ASSESS, BOOK, EDITION, INTAKE, PACKAGE, enqueue, name_run
from app.jobs.uploads import choice_of, sheet_path, write_report
from app.jobs.wording import for_pages
from app.library.edition import edition_folder, write_edition
from app.records import Records
from app.records.tables import Job, Publication, Upload, now
from app.settings import WebSettings
from geo.errors import BoundaryError, EncryptedSheet, NoRun, ReviewError, SheetError
from geo.runs import is_run


class Progress(Protocol):
    """What a task tells while it works."""

    job: int
    worker: str

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Tell that a stage runs."""


def look_at_sheet(settings: WebSettings, records: Records, job: Job, progress: Progress) -> None:
    """Find out what an uploaded sheet holds, without telling a cell of it; a sheet that cannot be used is told too."""
    from app.district import decisions_file, open_district  # noqa: PLC0415  -- heavy, as these
    from app.intake_report import checked, intake_report, place_report  # noqa: PLC0415
    from geo.households import open_sheet  # noqa: PLC0415
    from geo.review.decisions import read_decisions  # noqa: PLC0415
    from geo.settings import read_settings  # noqa: PLC0415

    upload = _upload(records, job)
    path = sheet_path(settings, upload)
    found: dict[str, Any] = {"tabs": [], "locked": False, "faults": [], "notes": []}
    try:
        with progress.stage("Membaca lembar"):
            chosen = read_settings(settings.settings_file)
            opened = open_sheet(
                path,
                sheet=upload.sheet,
                columns=choice_of(upload),
                code_list=chosen.intake.code_list,
                indicators=chosen.indicators,
            )
        with progress.stage("Memeriksa baris"):
            intake, refused = checked(opened)
            found |= intake_report(opened, intake, refused)
        # boundaries and decisions that cannot be read are told when the sheet is assessed
        with progress.stage("Mencari desa"), suppress(BoundaryError, ReviewError):
            boundaries = open_district(settings.boundaries)
            decided = read_decisions(settings.decisions or decisions_file(settings.boundaries))
            found["places"] = place_report(opened, intake, boundaries, chosen.geocoding, decided)
    except EncryptedSheet as fault:
        found |= {"locked": True, "faults": [str(fault)]}
    except SheetError as fault:
        found |= {"faults": [str(fault)]}
    with progress.stage("Mencatat nama lembar"):
        found["tabs"] = _tabs(settings, upload)
    words = {part: [for_pages(line) for line in found[part]] for part in ("faults", "notes")}
    write_report(settings, upload, found | words)
    with records.session() as session:
        held = session.get(Upload, upload.id)
        if held is not None:
            held.columns = {**held.columns, "headings": found.get("signature", "")}


def _tabs(settings: WebSettings, upload: Upload) -> list[str]:
    """Return the names of the sheets of a workbook; none of a text file, or of one that cannot be read."""
    from geo.errors import PetaError  # noqa: PLC0415
    from geo.spreadsheet.workbook import OLE2, ZIP, workbook_sheets  # noqa: PLC0415  -- heavy

    path = sheet_path(settings, upload)
    with path.open("rb") as file, ExitStack() as held:
        head = file.read(8)
        file.seek(0)
        if not head.startswith((OLE2, ZIP)):
            return []
        try:
            return [sheet.name for sheet in workbook_sheets(file, path.name, None, held)[0]]
        except PetaError:
            return []


def assess_sheet(settings: WebSettings, records: Records, job: Job, progress: Progress) -> None:
    """Assess an uploaded sheet and put the run beside the others; it is shown to nobody until it is published."""
    from app.district import decisions_file, open_district  # noqa: PLC0415  -- heavy, as these
    from geo.job import run_job  # noqa: PLC0415
    from geo.settings import read_settings  # noqa: PLC0415

    upload = _upload(records, job)
    run = job.run or next_run(settings.library, _names(records), now().astimezone().date())
    name_run(records, progress.job, progress.worker, run)
    with progress.stage("Membuka batas desa"):
        district = open_district(settings.boundaries)
    run_job(
        sheet_path(settings, upload),
        settings.library / run,
        district,
        read_settings(settings.settings_file),
        sheet_name=upload.sheet,
        columns=choice_of(upload),
        decisions=settings.decisions or decisions_file(settings.boundaries),
        stage=progress.stage,
    )
    with records.session() as session:
        enqueue(session, EDITION, {"run": run}, job.by)


def make_edition(settings: WebSettings, records: Records, job: Job, progress: Progress) -> None:  # noqa: ARG001
    """Make a run fit for whoever sees areas only, once, so that their first page does not wait for it."""
    folder = settings.library / str(job.asked["run"])
    if not is_run(folder):
        raise NoRun("Hasil itu tidak ada lagi.")
    if is_run(edition_folder(settings.state_folder, folder)):
        return
    with progress.stage("Menyiapkan edisi pimpinan"):
        write_edition(settings.state_folder, folder)


def print_book(settings: WebSettings, records: Records, job: Job, progress: Progress) -> None:
    """Make a book of maps that somebody ordered."""
    make_book(settings, records, int(job.asked["print"]), progress.stage)


def pack(settings: WebSettings, records: Records, job: Job, progress: Progress) -> None:
    """Make the package of a hand-over that somebody decided."""
    make_package(settings, records, int(job.asked["handover"]), progress.stage)


def _upload(records: Records, job: Job) -> Upload:
    with records.session() as session:
        upload = session.get(Upload, job.asked["upload"])
    if upload is None:
        raise SheetError("Lembar itu sudah dihapus. Unggah lagi.")
    return upload


def _names(records: Records) -> set[str]:
    """Return the names of all runs that ever were, so that none means two things."""
    with records.session() as session:
        return {*session.scalars(select(Job.run)), *session.scalars(select(Publication.run))}


TASKS: dict[str, Callable[[WebSettings, Records, Job, Progress], None]] = {
    INTAKE: look_at_sheet,
    ASSESS: assess_sheet,
    EDITION: make_edition,
    BOOK: print_book,
    PACKAGE: pack,
}
