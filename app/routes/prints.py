"""Cetak: a book of maps ordered for whatever somebody looks at, watched while it is made, taken away and reprinted."""

import secrets
import shutil
from datetime import datetime
from pathlib import Path as File
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response

from app.access.roles import Permission, Person
from app.data_view.jobs import active_jobs
from app.dependencies import Printer, Records, Runs, Settings, form_guard
from app.jobs.books import BOOK, FILES, KEPT, MOST, book_folder, read_sheets, shelf
from app.printing import (
    Order,
    Wanted,
    all_orders,
    find_order,
    order_book,
    read_wanted,
    remove_order,
    require_files,
)
from app.printing.orders import leave_taken, papers
from app.records import Records as Database
from app.rendering import page
from app.routes.map_page import asked_of
from app.routes.priorities import FormValues
from app.settings import WebSettings
from geo.errors import NoRun, PetaError, SettingsError
from geo.review.decisions import LONGEST_REASON

router = APIRouter(include_in_schema=False)
GUARDED = [Depends(form_guard)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]

SHOWN, REPRINTED = 100, 60
"""So many books stand on the page, and so many sheets are printed again at once."""

_SAID = {"ya": True, "tidak": False}
PAPER_TITLES = {"A4": "A4 (21 × 29,7 cm)", "F4": "F4 / folio (21,5 × 33 cm)", "A3": "A3 (29,7 × 42 cm)"}


@router.get("/cetak")
def ask(request: Request, who: Printer, records: Records, library: Runs) -> Response:
    """Say what a book would hold, and ask for paper and purpose."""
    wanted = read_wanted(asked_of(request), who, records, library)
    return _form(request, who, records, library, wanted, {})


@router.post("/cetak", dependencies=GUARDED)
def order(request: Request, who: Printer, records: Records, library: Runs, form: FormValues) -> Response:
    """Order a book."""
    wanted = read_wanted(form, who, records, library)
    said = {name: form.get(name, [""])[-1] for name in ("kertas", "nama", "keperluan")}
    try:
        with records.session(alone=True) as session:  # one book of a person at a time
            held = order_book(
                session,
                who,
                wanted,
                paper=said["kertas"],
                names=_SAID.get(said["nama"]),
                purpose=said["keperluan"],
            )
            number = held.id
    except SettingsError as fault:
        return _form(request, who, records, library, wanted, said, str(fault))
    return RedirectResponse(f"/cetak/{number}", 303)


def _form(
    request: Request,
    who: Person,
    records: Database,
    library: Runs,
    wanted: Wanted,
    said: dict[str, str],
    fault: str = "",
) -> Response:
    with records.session() as session:
        busy = next(
            (
                one.held.id
                for one in all_orders(session, who, SHOWN)
                if one.is_active and one.held.by == who.name
            ),
            0,
        )
    found: dict[str, Any] = {
        "wanted": wanted,
        "rows": wanted.desa.to_dict("records"),
        "asks_names": who.may(Permission.SEE_NAMES),  # all that they select is in their desa
        "papers": {paper: PAPER_TITLES.get(paper, paper) for paper in papers()},
        "said": {"kertas": "A4", "nama": "", "keperluan": ""} | said,
        "longest": LONGEST_REASON,
        "kept": KEPT.days,
        "in_force": wanted.opened.id == library.in_force(),
        "busy": busy,
        "fault": fault,
    }
    return page(request, "prints_ask.html", found, status=400 if fault else 200)


@router.get("/cetak/daftar")
def listed(request: Request, who: Printer, records: Records) -> Response:
    """Show somebody's books; who keeps the accounts sees that others are there."""
    with records.session() as session:
        orders = all_orders(session, who, SHOWN)
    found = {
        "prints": [order.told() | {"own": order.held.by == who.name} for order in orders],
        "all": who.may(Permission.MANAGE_USERS),
        "kept": KEPT.days,
        "most": MOST,
    }
    return page(request, "prints.html", found)


@router.get("/cetak/{number}")
def one(request: Request, number: Number, who: Printer, records: Records, settings: Settings) -> Response:
    """Show one book: how far it is, its files, and its sheets to print again."""
    with records.session() as session:
        order = find_order(session, who, number)
    refused = ""
    if order.state == "siap":
        try:
            require_files(settings, who, order)
        except PetaError as fault:
            refused = str(fault)
    ready = order.state == "siap" and not refused
    found = {
        "print": order.told(_ahead(records, order)),
        "refused": refused,
        "files": _files(settings, number) if ready else [],
        "sheets": read_sheets(settings, number) if ready else [],
        "most": REPRINTED,
    }
    return page(request, "prints_one.html", found)


@router.get("/cetak/{number}/keadaan")
def state(number: Number, who: Printer, records: Records) -> Response:
    """Tell how far a book is, for the page that watches it."""
    with records.session() as session:
        order = find_order(session, who, number)
    return JSONResponse(order.told(_ahead(records, order)))


@router.get("/cetak/{number}/unduh/{name}")
def download(number: Number, name: str, who: Printer, records: Records, settings: Settings) -> Response:
    """Hand out a file of a book to whoever ordered it, if it is still for them."""
    with records.session() as session:
        order = find_order(session, who, number)
        require_files(settings, who, order)
        path = book_folder(settings, number) / name
        if name not in FILES or not path.is_file():
            raise NoRun("Berkas itu tidak ada pada buku ini.")
        leave_taken(session, who, order.held, FILES[name][1])
    return FileResponse(path, filename=_file_name(order, path), content_disposition_type="attachment")


@router.post("/cetak/{number}/ulang", dependencies=GUARDED)
def again(number: Number, who: Printer, records: Records, settings: Settings, form: FormValues) -> Response:
    """Hand out single sheets of a book once more; each says that it is a reprint."""
    from geo.atlas.binding.reprint import reprint  # noqa: PLC0415  -- seldom asked for

    with records.session() as session:
        order = find_order(session, who, number)
    require_files(settings, who, order)
    asked = set(form.get("lembar", ()))
    sheets = [sheet for sheet in read_sheets(settings, number) if str(sheet["sheet"]) in asked]
    if not 0 < len(sheets) <= REPRINTED or len(sheets) != len(asked):
        raise SettingsError(f"Pilih 1 sampai {REPRINTED} lembar dari buku ini untuk dicetak ulang.")
    folder = shelf(settings) / f".ulang-{secrets.token_hex(8)}"
    folder.mkdir(mode=0o700)  # a folder: what is written beside the file goes with it, also after a breakdown
    out = folder / BOOK
    try:
        reprint(
            book_folder(settings, number) / BOOK,
            [str(sheet["sheet"]) for sheet in sheets],
            out,
            datetime.now().astimezone().date(),
        )
        pdf = out.read_bytes()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    with records.session() as session:
        households = sum(int(sheet["households"]) for sheet in sheets)
        leave_taken(session, who, order.held, f"cetak ulang {len(sheets)} lembar", households)
    name = f"cetak-ulang-{number}-{order.held.file}.pdf"
    return Response(
        pdf, media_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@router.post("/cetak/{number}/hapus", dependencies=GUARDED)
def remove(number: Number, who: Printer, records: Records, settings: Settings) -> Response:
    """Cancel a book, or remove it."""
    with records.session() as session:
        remove_order(session, who, settings, number)
    return RedirectResponse("/cetak/daftar", 303)


def _ahead(records: Database, order: Order) -> int:
    """Return how many jobs come before that of a book."""
    if not order.is_active or order.job is None:
        return 0
    return next((place for place, job in enumerate(active_jobs(records)) if job["id"] == order.job.id), 0)


def _files(settings: WebSettings, number: int) -> list[dict[str, Any]]:
    folder = book_folder(settings, number)
    return [
        {"name": name, "title": title, "kind": kind, "kb": -(-(folder / name).stat().st_size // 1000)}
        for name, (title, kind) in FILES.items()
        if (folder / name).is_file()
    ]


def _file_name(order: Order, path: File) -> str:
    stem = "buku-peta" if path.name == BOOK else path.stem
    return f"{stem}-{order.held.id}-{order.held.file}{path.suffix}"
