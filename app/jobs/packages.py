"""Packages of files for other agencies: made by a job, kept until their end date, then swept away."""

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.jobs.queue import CANCELLED, DONE, FAILED, PACKAGE
from app.records import Records
from app.records.tables import Handover, Job, now
from app.settings import WebSettings
from geo.errors import NoRun, NotAllowed, NotWritable, cause_of
from geo.levels import Level

if TYPE_CHECKING:
    from app.library.opened import OpenedRun
    from app.product_store import ProductStore
    from geo.products import Product

FOLDER = "kiriman"
FILES = "berkas"
"""The kind of hand-over that is a package."""

_NAMED = 5
_AT_WORK = timedelta(hours=1)
"""So long a command is given to make a package before what it left is cleared."""


def shelf(settings: WebSettings) -> Path:
    """Return where packages lie."""
    return settings.state_folder / FOLDER


def package_path(settings: WebSettings, held: Handover) -> Path:
    """Return where the file of a hand-over lies; it may be gone, or not there yet."""
    return shelf(settings) / str(held.id) / held.file


def is_over(held: Handover, day: date | None = None) -> bool:
    """Tell whether a hand-over may not be used any more: its last day has passed, or it was revoked."""
    return held.revoked_at is not None or (day or today()) > held.until


def today() -> date:
    """Return the day where the server stands; a hand-over may be used until the end of its last day."""
    return now().astimezone().date()


def make_package(
    settings: WebSettings,
    records: Records,
    number: int,
    stage: Callable[[str], AbstractContextManager[None]],
    products: "ProductStore | None" = None,
) -> None:
    """Make the package of a hand-over; its file appears whole or not at all.

    Parameters
    ----------
    stage
        Called with the name of each stage, which runs inside what it returns.
    products
        Where its product may be at hand already.

    Raises
    ------
    NoRun
        When the hand-over, its run or its list is gone.
    NotAllowed
        When it was revoked or has ended, or is not what was shown to whoever decided.
    NotWritable
        When the disk does not take it.
    """
    from app.product_store import only, product_store, scope_of_handover  # noqa: PLC0415  -- heavy, as these
    from geo.exports.package import Terms, package_name, write_package  # noqa: PLC0415

    products = products or product_store(settings)
    with records.session() as session:
        held = session.get(Handover, number)
        if held is None or held.kind != FILES:
            raise NoRun("Pembagian itu tidak ada.")
        if is_over(held):
            raise NotAllowed("Pembagian itu sudah dicabut atau sudah lewat batas waktunya.")
        scope = scope_of_handover(session, products.recipes(), held)
    with stage("Membuka hasil"):
        opened = _opened(settings, held)
    with stage("Menyusun isi kiriman"):
        product = only(products.product(opened, scope, held.recipient), held.scope.get("collections", ()))
        _require_as_told(held, product)
    sharing = products.sharing()
    terms = Terms(
        number=held.id,
        recipient=held.recipient_name,
        purpose=held.purpose,
        basis=held.basis,
        level=Level(held.level),
        issued=held.at,
        until=held.until,
        by=sharing.agency or f"Pemerintah {opened.facts['district']['nama']}",
        area=str(held.scope.get("area") or _area(opened, held)),
        contact=sharing.contact,
    )
    file = f"{package_name(terms)}.zip"
    folder = shelf(settings) / str(number)
    try:
        shutil.rmtree(folder, ignore_errors=True)  # of an attempt that was cut off
        shelf(settings).mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.mkdir(mode=0o700)
        made = write_package(product, terms, held.formats, folder / file, progress=stage)
    except BaseException as fault:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(fault, OSError):
            raise NotWritable(f"Kiriman tidak dapat disimpan di peladen: {cause_of(fault)}.") from fault
        raise
    with records.session() as session:
        told = {"file": file, "size": made.size, "sha256": made.sha256, "made_at": now()}
        asked = update(Handover).where(Handover.id == number, Handover.removed_at.is_(None))
        session.execute(asked.values(**told))


def _opened(settings: WebSettings, held: Handover) -> "OpenedRun":
    from app.library.edition import edition_folder  # noqa: PLC0415  -- heavy, as these
    from app.library.opened import open_for_pages  # noqa: PLC0415

    folder = settings.library / held.run
    opened = open_for_pages(folder, edition_folder(settings.state_folder, folder))
    if str(opened.manifest["created"]) != held.run_created:
        raise NoRun(f"Hasil {held.run} sudah diganti, jadi kirimannya tidak dapat dibuat. Bagikan lagi.")
    return opened


def _require_as_told(held: Handover, product: "Product") -> None:
    """Refuse what is not what somebody looked at before deciding: a recipe or a list may have changed since."""
    from geo.exports.package import mark_fields  # noqa: PLC0415  -- heavy

    added, found = mark_fields(product.scope.level), product.collections
    now_is = {
        "rows": {name: len(each.table) for name, each in found.items()},
        "columns": {name: [field.name for field in (*each.fields, *added)] for name, each in found.items()},
    }
    if any(held.told.get(name, said) != said for name, said in now_is.items()):
        raise NotAllowed(
            "Isinya berubah sejak diperlihatkan: resep, setelan, atau daftarnya diubah. Lihat dan bagikan lagi."
        )


def _area(opened: "OpenedRun", held: Handover) -> str:
    """Return what a hand-over is about, in words: a few desa by name, many by number."""
    district = str(opened.facts["district"]["nama"])
    if not held.desa:
        return f"seluruh {district}"
    desa = opened.assessment.desa
    names = desa.loc[desa["kode_desa"].isin(held.desa), "nama_desa"].tolist()
    return f"{', '.join(names) if len(names) <= _NAMED else f'{len(names)} desa'}, {district}"


def close_by_hand(session: Session, held: Handover) -> None:
    """Say that a package was made without the queue, as a command does."""
    moment = now()
    job = Job(
        kind=PACKAGE,
        state=DONE,
        asked={"handover": held.id},
        by=held.by,
        started_at=held.at,
        finished_at=moment,
    )
    session.add(job)
    session.flush()
    held.job_id = job.id


def forget_package(settings: WebSettings, number: int) -> None:
    """Remove the file of a hand-over."""
    shutil.rmtree(shelf(settings) / str(number), ignore_errors=True)


def sweep_packages(settings: WebSettings, records: Records) -> None:
    """Remove the files of hand-overs that have ended or were revoked; what is written of them stays."""
    stays = set()
    with records.session(alone=True) as session:
        asked = select(Handover, Job.state).outerjoin(Job, Job.id == Handover.job_id)
        held = asked.where(Handover.kind == FILES, Handover.removed_at.is_(None))
        for one, state in session.execute(held).all():
            if is_over(one):
                one.removed_at = now()
            elif one.made_at is not None or _is_made_now(one, state):
                stays.add(one.id)
    for path in shelf(settings).iterdir() if shelf(settings).is_dir() else ():
        if not (path.name.isdecimal() and int(path.name) in stays):
            _clear(path)


def _is_made_now(held: Handover, state: str | None) -> bool:
    return now() - held.at < _AT_WORK if state is None else state not in {FAILED, CANCELLED}


def _clear(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
