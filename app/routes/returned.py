"""Bagikan, kembali: what agencies return about the households they received; and the same door for the agencies."""

import shutil
from collections.abc import Callable
from typing import Annotated, Any

import numpy as np
import pandas as pd
from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from app.access.roles import Permission, Person
from app.csv_output import csv_text
from app.data_view.receiving import Received, receive
from app.dependencies import Receiver, Records, Runs, Settings, Sharer, UploadMark, form_guard
from app.records import Records as Database
from app.records.tables import Handover
from app.rendering import page
from app.returning.checking import Checked, faults_of, locate, mark_of
from app.returning.conflicts import CHOICES, KINDS
from app.returning.entering import ChangedMeanwhileError, enter, look
from app.returning.finding import OF_ANOTHER, UNKNOWN, Sources, headings_of, read_given
from app.returning.reading import MOST_LINES, MOST_MB, read_returned
from app.returning.waiting import (
    WAITING,
    Kept,
    answerable,
    files,
    find,
    find_handover,
    keep,
    put_aside,
    subject_of,
)
from app.returning.words import why_not
from app.routes.priorities import FormValues
from app.routes.visit_outcomes import Keys
from app.settings import WebSettings
from app.trail import leave
from geo.errors import SettingsError, SheetError
from geo.outcomes import MEANINGS, OUTCOMES

router = APIRouter(include_in_schema=False)
GUARDED = [Depends(form_guard)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Asked = Annotated[int, Query(alias="pembagian", ge=0, le=2**31 - 1)]

FOLDER = "kembali"
"""Below the records: where a file lies for as long as it is read."""

SHARED, RECEIVED = "/bagikan/kembali", "/kiriman/kembali"
_SHOWN = 200
_CONFLICT, _UNFIT = 409, 400
_BODY = (MOST_MB + 2) * 1_000_000


def _sources(request: Request, library: Runs, keys: Keys) -> Sources:
    return Sources(library, keys, request.app.state.secrets.households)


Register = Annotated[Sources, Depends(_sources)]


@router.get(SHARED)
def waiting(request: Request, who: Sharer, records: Records, pembagian: int = 0) -> Response:
    """Show what came back, and where a file is put in."""
    return _files_page(request, who, records, SHARED, pembagian)


@router.get(RECEIVED)
def sent(
    request: Request, who: Receiver, records: Records, pembagian: int = 0, diterima: int = 0
) -> Response:
    """Show an agency what it returned, and where a file is put in."""
    return _files_page(request, who, records, RECEIVED, pembagian, diterima)


def _files_page(
    request: Request, who: Person, records: Database, door: str, asked: int, done: int = 0, fault: str = ""
) -> Response:
    with records.session() as session:
        offered, found = answerable(session, who), files(session, who)
    told = {
        "door": door,
        "fault": fault,
        "offered": offered,
        "chosen": next((held for held in offered if held.id == asked), None),
        "files": found,
        "done": next((kept for kept in found if kept.file.id == done), None),
        "shares": who.may(Permission.SHARE),
        "outcomes": OUTCOMES,
        "meanings": MEANINGS,
        "most_mb": MOST_MB,
        "most_lines": MOST_LINES,
    }
    return page(request, "returned.html", told, status=_UNFIT if fault else 200)


@router.post(f"{SHARED}/berkas", max_body_size=_BODY)
async def put_in(
    request: Request, mark: UploadMark, who: Sharer, records: Records, settings: Settings, sources: Register,
    asked: Asked = 0,
) -> Response:  # fmt: skip
    """Read a file that an agency has sent in, and lead to what it would change."""
    return await _take_in(request, mark, who, records, settings, sources, asked, SHARED, f"{SHARED}/{{}}")


@router.post(f"{RECEIVED}/berkas", max_body_size=_BODY)
async def send_in(
    request: Request, mark: UploadMark, who: Receiver, records: Records, settings: Settings, sources: Register,
    asked: Asked = 0,
) -> Response:  # fmt: skip
    """Read a file of an agency; it waits until a planner has looked at it."""
    there = f"{RECEIVED}?diterima={{}}"
    return await _take_in(request, mark, who, records, settings, sources, asked, RECEIVED, there)


async def _take_in(
    request: Request, mark: Callable[[str], None] | None, who: Person, records: Database, settings: WebSettings,
    sources: Sources, asked: int, door: str, there: str,
) -> Response:  # fmt: skip
    """Keep a file and lead to what is told of it; one that is no answer is refused above the form."""
    try:
        received = await _receive(request, mark, settings)
        kept = await run_in_threadpool(_keep, request, who, records, settings, sources, asked, received)
    except (SheetError, SettingsError) as fault:
        return await run_in_threadpool(_files_page, request, who, records, door, asked, fault=str(fault))
    return RedirectResponse(there.format(kept), 303)


async def _receive(request: Request, mark: Callable[[str], None] | None, settings: WebSettings) -> Received:
    content = request.headers.get("content-type", "")
    return await receive(request.stream(), content, settings.state_folder / FOLDER, MOST_MB * 1_000_000, mark)


def _keep(
    request: Request, who: Person, records: Database, settings: WebSettings, sources: Sources, asked: int,
    received: Received,
) -> int:  # fmt: skip
    file = settings.state_folder / FOLDER / received.file
    try:
        with records.session() as session:
            held = find_handover(session, who, asked)
        told = read_returned(file, headings_of(request.app.state.products.recipes().get(held.recipient)))
    finally:
        shutil.rmtree(file.parent, ignore_errors=True)
    with records.session() as session:
        given = read_given(session, held)
    located = locate(told.lines, pd.Timestamp.now().date(), given, sources)
    with records.session(alone=True) as session:
        faults = faults_of(located, told.torn)
        return keep(session, who, held, received.name, received.sha256, told, faults).id


@router.get(SHARED + "/{number}")
def one(request: Request, number: Number, who: Sharer, records: Records, sources: Register) -> Response:
    """Show what a file would change; or what came of it."""
    with records.session() as session:
        kept = find(session, who, number)
    if kept.file.state != WAITING:
        return page(request, "returned_done.html", {"kept": kept, "kinds": KINDS})
    return _check_page(request, who, records, sources, number)


def _check_page(
    request: Request, who: Person, records: Database, sources: Sources, number: int, fault: str = ""
) -> Response:
    kept, checked = look(records, sources, who, number)
    conflicts = checked.conflicts()
    lands = checked.rows[checked.agreed]
    seen = sum(
        int((part["sheet_row"] > 0).head(_SHOWN).sum()) for part in (lands, *conflicts.values()) if len(part)
    )
    with records.session() as session:
        leave(session, who, "lihat", subject_of(kept), households=seen, run=kept.held.run)
    words = checked.rows.groupby("hasil", sort=False).agg(outcome=("outcome", "first"), rows=("line", "size"))
    told: dict[str, Any] = {
        "kept": kept,
        "fault": fault,
        "mark": checked.mark,
        "count": len(checked.rows),
        "lands": _rows(lands, kept.held),
        "landing": len(lands),
        "already": int(checked.rows["already"].sum()),
        "conflicts": [
            (word, KINDS[word], len(conflicts[word]), _rows(conflicts[word], kept.held))
            for word in sorted(conflicts, key=lambda word: word not in CHOICES)  # what is to be decided first
        ],
        "clashing": sum(len(part) for part in conflicts.values()),
        "open": any(word in CHOICES for word in conflicts),
        "undated": int((~checked.rows["dated"]).sum()),
        "words": [(said, outcome, rows, why_not(said)) for said, outcome, rows in words.itertuples()],
        "shown": _SHOWN,
        "outcomes": OUTCOMES,
    }
    return page(request, "returned_check.html", told, status=_CONFLICT if fault else 200)


def _rows(part: pd.DataFrame, held: Handover) -> list[dict[str, Any]]:
    """Return the first lines as the page tells them."""
    names = ["line", "id", "hasil", "outcome", "day", "dated", "written", "unread", "note", "nama_desa", "kode_desa",
             "row_now", "doubt", "held"]  # fmt: skip
    rows = part.head(_SHOWN)
    also, mark = rows[list(CHOICES)].to_numpy(bool), mark_of(held)
    told = [{str(name): value for name, value in row.items()} for row in rows[names].to_dict("records")]
    return [
        row
        | {
            "said": str(row["note"]).removeprefix(mark).lstrip(":, "),
            "also": [KINDS[CHOICES[place]].title for place in np.flatnonzero(marks)[1:]],
        }
        for row, marks in zip(told, also, strict=True)
    ]


@router.post(SHARED + "/{number}/catat", dependencies=GUARDED)
def confirm(
    request: Request, number: Number, who: Sharer, records: Records, sources: Register, form: FormValues
) -> Response:
    """Enter what lands, with what was chosen about conflicts, if that is what was shown."""
    theirs = [kind for kind in CHOICES if form.get(f"pilih-{kind}", [""])[-1] == "mereka"]
    try:
        enter(records, sources, who, number, theirs, form.get("tanda", [""])[-1])
    except ChangedMeanwhileError as fault:
        return _check_page(request, who, records, sources, number, str(fault))
    return RedirectResponse(f"{SHARED}/{number}", 303)


@router.post(SHARED + "/{number}/sisihkan", dependencies=GUARDED)
def aside(number: Number, who: Sharer, records: Records) -> Response:
    """Enter nothing of a file."""
    with records.session(alone=True) as session:
        put_aside(session, who, number)
    return RedirectResponse(SHARED, 303)


@router.get(SHARED + "/{number}/pertentangan.csv")
def conflicts_table(number: Number, who: Sharer, records: Records, sources: Register) -> Response:
    """Hand out the lines that do not land, for the agency to put right; it tells nothing of what stands here."""
    kept, checked = look(records, sources, who, number)
    with records.session() as session:
        subject = f"pertentangan {subject_of(kept)}"
        leave(session, who, "unduh", subject, households=int((~checked.agreed).sum()), run=kept.held.run)
    headers = {"Content-Disposition": f'attachment; filename="pertentangan-{kept.file.id}.csv"'}
    content = csv_text(_table(kept, checked)).encode("utf-8-sig")
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _table(kept: Kept, checked: Checked) -> pd.DataFrame:
    parts = [
        part[["line", "id", "hasil", "written"]].assign(
            # whoever sent a number learns of none that it is another's
            sebab=KINDS[UNKNOWN if word == OF_ANOTHER else word].title,
            catatan=[why_not(said) if word == "kata" else "" for said in part["hasil"]],
        )
        for word, part in checked.conflicts().items()
    ]
    names = {"line": "baris", "id": "pseudonim", "written": "tanggal"}
    empty = pd.DataFrame(columns=["line", "id", "hasil", "written", "sebab", "catatan"])
    found = pd.concat(parts) if parts else empty
    return found.sort_values("line").rename(columns=names).assign(pembagian=kept.held.id)
