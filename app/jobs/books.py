"""Books of maps on the disk: made by a job, each in a folder of its own, and swept away after some days."""

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, cast, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import undefer

from app.jobs.queue import CANCELLED, FAILED
from app.records import Records
from app.records.tables import Job, Print, now
from app.settings import WebSettings
from geo.errors import NoRun, NotWritable, cause_of
from geo.files import write_whole
from geo.outcomes import FORM_HEADINGS
from geo.runs import is_run, read_manifest

if TYPE_CHECKING:
    import pandas as pd

    from geo.assessment import Assessment
    from geo.atlas.options import Printed
    from geo.atlas.selection import Selection

FOLDER = "cetakan"
BOOK, GPX, KML, FORM, SHEETS = "buku.pdf", "titik.gpx", "titik.kml", "isian.csv", "lembar.json"
FILES = {
    BOOK: ("buku peta", "PDF"),
    GPX: ("titik untuk GPS", "GPX"),
    KML: ("titik untuk peta ponsel", "KML"),
    FORM: ("tabel isian hasil kunjungan", "CSV"),
}
"""What may be fetched of a book; none but the first ever holds a name."""

KEPT = timedelta(days=14)
MOST = 20
"""So many books of one person are kept; the oldest go first."""

_TOLD_S = 0.5
_AT_WORK_S = 3600


def shelf(settings: WebSettings) -> Path:
    """Return where books lie."""
    return settings.state_folder / FOLDER


def book_folder(settings: WebSettings, number: int) -> Path:
    """Return the folder of a book; it may be gone, or not there yet."""
    return shelf(settings) / str(number)


def read_sheets(settings: WebSettings, number: int) -> list[dict[str, Any]]:
    """Return the sheets of a book as :class:`geo.atlas.options.Printed` has them; none when they cannot be read."""
    try:
        text = (book_folder(settings, number) / SHEETS).read_text(encoding="utf-8")
        found: list[dict[str, Any]] = json.loads(text)
    except (OSError, ValueError):
        return []
    return found


def run_is_there(settings: WebSettings, held: Print) -> bool:
    """Tell whether the run of a book is still kept; another that took its name has other numbers."""
    folder = settings.library / held.run
    with suppress(NoRun, OSError, ValueError, KeyError):
        return is_run(folder) and str(read_manifest(folder)["created"]) == held.run_created
    return False


def make_book(settings: WebSettings, records: Records, number: int, stage: Callable[[str], Any]) -> None:
    """Make a book that was ordered; its folder appears whole or not at all.

    Raises
    ------
    NoRun
        When the order or its run is gone.
    NotWritable
        When the disk does not take it.
    """
    from geo.atlas import write_book  # noqa: PLC0415  -- heavy, as these
    from geo.atlas.options import BookOptions  # noqa: PLC0415
    from geo.atlas.sheet.lines import read_lines  # noqa: PLC0415
    from geo.atlas.waypoints import waypoints, write_gpx, write_kml  # noqa: PLC0415
    from geo.settings import read_settings  # noqa: PLC0415

    with records.session() as session:
        held = session.get(Print, number, options=[undefer(Print.chosen)])
    if held is None or held.removed_at is not None:
        raise NoRun("Pesanan cetak itu sudah dihapus.")
    if not run_is_there(settings, held):
        raise NoRun(f"Hasil {held.run} sudah dibuang atau diganti, jadi bukunya tidak dapat dibuat.")
    part = shelf(settings) / f".{number}.part"
    try:
        shutil.rmtree(part, ignore_errors=True)  # of an attempt that was cut off
        part.mkdir(parents=True, mode=0o700)
        with stage("Membuka hasil"):
            assessment = _opened(settings.library / held.run, names=held.names)
        with stage("Menggambar buku"):
            options = BookOptions(paper=held.paper, names=held.names, purpose=held.purpose)
            selection, told = _selection(held), _teller(records, number)
            lines = read_lines(read_settings(settings.settings_file).atlas, assessment.desa)
            printed = write_book(assessment, selection, part / BOOK, options, lines=lines, progress=told)
        with stage("Menulis titik dan tabel isian"):
            points = waypoints(assessment, printed)
            created = datetime.fromisoformat(held.run_created)
            write_gpx(part / GPX, points, title=held.title, created=created)
            write_kml(part / KML, points, title=held.title, created=created)
            _write_tables(part, points, printed)
        for path in part.iterdir():
            path.chmod(0o600)
        target = book_folder(settings, number)
        shutil.rmtree(target, ignore_errors=True)
        part.replace(target)
    except OSError as fault:
        raise NotWritable(f"Buku tidak dapat disimpan di peladen: {cause_of(fault)}.") from fault
    finally:
        shutil.rmtree(part, ignore_errors=True)
    with records.session() as session:
        made = {"drawn": printed.pages, "pages": printed.pages, "made_at": now()}
        session.execute(update(Print).where(Print.id == number).values(**made))


def _opened(folder: Path, *, names: bool) -> "Assessment":
    """Open a run with no more of persons than a book tells: nobody's health, no register number, names if asked."""
    from dataclasses import replace  # noqa: PLC0415

    from app.library.opened import KEPT_OUT  # noqa: PLC0415  -- heavy, as these
    from geo.privacy import without_sensitive_cells  # noqa: PLC0415
    from geo.runs import open_run  # noqa: PLC0415

    assessment = without_sensitive_cells(open_run(folder))
    told = {"nama", "alamat"} if names else set()
    hidden = [name for name in KEPT_OUT if name not in told]
    return replace(assessment, households=assessment.households.drop(columns=hidden, errors="ignore"))


def _selection(held: Print) -> "Selection":
    import numpy as np  # noqa: PLC0415  -- heavy, as these

    from geo.atlas.selection import Selection  # noqa: PLC0415

    rows, turn = held.chosen.get("rows"), held.chosen.get("turn")
    return Selection(
        held.title,
        tuple(held.desa),
        None if rows is None else np.asarray(rows, dtype=np.int64),
        {int(row): int(place) for row, place in turn.items()} if turn else None,
    )


def _teller(records: Records, number: int) -> Callable[[int, int], None]:
    """Return what tells how many pages are drawn, twice a second at most."""
    last = 0.0

    def tell(drawn: int, pages: int) -> None:
        nonlocal last
        if monotonic() - last < _TOLD_S:
            return
        last = monotonic()
        with suppress(SQLAlchemyError), records.session() as session:
            session.execute(update(Print).where(Print.id == number).values(drawn=drawn, pages=pages))

    return tell


def _write_tables(folder: Path, points: "pd.DataFrame", printed: "Printed") -> None:
    from app.csv_output import write_csv  # noqa: PLC0415  -- heavy

    form = points.rename(columns={"sheet": "lembar", "number": "nomor", "cell": "petak"})
    form = form.assign(hasil="", tanggal="", catatan="")[list(FORM_HEADINGS)]
    write_csv(form, folder / FORM, what="Tabel isian", private=True)
    sheets = printed.sheets.to_json(orient="records")
    write_whole(folder / SHEETS, sheets, what="Daftar lembar", private=True)


def forget(settings: WebSettings, number: int) -> None:
    """Remove the files of a book."""
    shutil.rmtree(book_folder(settings, number), ignore_errors=True)
    shutil.rmtree(shelf(settings) / f".{number}.part", ignore_errors=True)


def is_over(held: Print, moment: datetime | None = None) -> bool:
    """Tell whether a book has been kept for as long as books are."""
    return held.made_at is not None and (moment or now()) - held.made_at > KEPT


def sweep_books(settings: WebSettings, records: Records) -> None:
    """Remove books that are over, of runs that are gone, beyond what a person may keep, or of nobody's order."""
    with records.session(alone=True) as session:
        asked = select(Print, Job.state).outerjoin(Job, Job.id == Print.job_id)
        held = session.execute(asked.where(Print.removed_at.is_(None)).order_by(Print.id.desc())).all()
        kept: dict[str, int] = {}
        stays = set()
        for one, state in held:
            made = one.made_at is not None
            if made:
                kept[one.by] = kept.get(one.by, 0) + 1
            gone = made and (is_over(one) or kept[one.by] > MOST or not run_is_there(settings, one))
            if gone:
                one.removed_at = now()
            elif state not in {FAILED, CANCELLED}:
                stays.add(one.id)
        # who was chosen is nobody's business any more
        told = cast(Print.chosen, String) != "{}"
        session.execute(update(Print).where(Print.removed_at.is_not(None), told).values(chosen={}))
    for path in shelf(settings).iterdir() if shelf(settings).is_dir() else ():
        number = path.name.removeprefix(".").removesuffix(".part")
        if int(number) not in stays if number.isdecimal() else _is_left_behind(path):
            _clear(path)


def _is_left_behind(path: Path) -> bool:
    """Tell whether nobody is at work any more on what is no book, as a reprint that was cut off."""
    with suppress(OSError):
        return now().timestamp() - path.stat().st_mtime > _AT_WORK_S
    return False


def _clear(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
