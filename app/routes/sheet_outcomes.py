"""Hasil per lembar: what came of visits, entered by the printed sheet and its numbers, one by one or as a table."""

import csv
import io
import shutil
from contextlib import suppress
from dataclasses import astuple
from datetime import date
from itertools import islice
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from app.access.forms import LONGEST
from app.access.roles import Person
from app.csv_output import csv_text
from app.data_view.receiving import receive
from app.dependencies import Recorder, Records, Runs, Settings, UploadMark, form_guard
from app.household_keys import KeyStore
from app.outcome_codes import held_outcomes
from app.records import Records as Database
from app.rendering import page
from app.routes.visit_outcomes import Keys
from app.trail import leave
from app.visiting import settle
from app.visiting.by_sheet import read_number, read_outcome
from app.visiting.daily import Row, names_shown
from app.visiting.entering import LONGEST_NOTE, enter_outcome
from app.visiting.households import about
from app.visiting.sheet_entry import (
    SheetOfRun,
    answer,
    desa_to_choose,
    entered_in,
    find_sheet,
    house_of,
    sheet_of_desa,
)
from app.visiting.sheet_file import Told, blank_table, check_lines, enter_lines, known_before
from app.visiting.sheet_reading import MOST_LINES, TOO_LONG, Line, read_lines
from geo.errors import PetaError, SheetError
from geo.outcomes import MEANINGS, OUTCOMES

router = APIRouter(include_in_schema=False)
GUARDED = [Depends(form_guard)]

FOLDER = "lembar-hasil"
"""Below the records: where a table lies for as long as it is read."""
_MOST_MB = 5
_SHOWN = 200
"""So many lines of a table are shown before they are entered."""


@router.get("/kunjungan/lembar")
def sheet_entry(
    request: Request, who: Recorder, records: Records, library: Runs, keys: Keys,
    lembar: str = "", desa: str = "", nomor: str = "", tanggal: str = "", dicatat: str = "",
) -> Response:  # fmt: skip
    """Show the page of entry: for a sheet, and for one of its houses; what cannot be found it says itself."""
    told: dict[str, Any] = {"found": None, "house": None, "entered": [], "known": 0, "fault": "", "desa": []}
    if desa.strip() and not lembar.strip():
        lembar = sheet_of_desa(library, desa)
    try:
        if lembar.strip():
            told |= _sheet(records, find_sheet(library, who, lembar), keys, who, nomor)
    except PetaError as error:
        told["fault"] = str(error)
        with suppress(PetaError):  # a wrong number: the sheet stays open
            told |= _sheet(records, find_sheet(library, who, lembar), keys, who, "")
    if told["found"] is None:
        told["desa"] = desa_to_choose(library, who)
    told |= {
        "asked": lembar[:60], "number": nomor[:12], "day": _day(tanggal), "done": dicatat[:12], "outcomes": OUTCOMES,
        "meanings": MEANINGS, "names": names_shown(who), "longest": LONGEST_NOTE, "most_mb": _MOST_MB,
    }  # fmt: skip
    return page(request, "sheet_entry.html", told, status=400 if told["fault"] else 200)


def _sheet(records: Database, found: SheetOfRun, keys: KeyStore, who: Person, nomor: str) -> dict[str, Any]:
    if found.in_force:
        settle(records, found.opened, keys)
    with records.session() as session:
        held = held_outcomes(session, found.opened, who)
        entered, known = entered_in(found, held)
        house = house_of(found, read_number(nomor), held, who) if nomor.strip() else None
        if seen := len(entered) + bool(house):
            leave(session, who, "lihat", _subject(found, house), households=seen, run=found.opened.id)
    return {"found": found, "entered": entered, "known": known, "house": house}


def _day(text: str) -> str:
    """Return the day that the form goes on with; nothing when it is none."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _subject(found: SheetOfRun, house: Row | None) -> str:
    return f"lembar {found.sheet.kode_desa}" + (f", nomor {house['number']}" if house else "")


@router.get("/kunjungan/lembar/rumah")
def house_for_script(who: Recorder, records: Records, library: Runs, lembar: str, nomor: str) -> Response:
    """Tell one house of a sheet."""
    found = find_sheet(library, who, lembar)
    with records.session() as session:
        house = house_of(found, read_number(nomor), held_outcomes(session, found.opened, who), who)
        leave(session, who, "lihat", _subject(found, house), households=1, run=found.opened.id)
    return JSONResponse(answer(house))


@router.post("/kunjungan/lembar", dependencies=GUARDED)
def enter_by_number(
    request: Request, who: Recorder, records: Records, library: Runs, keys: Keys,
    lembar: Annotated[str, Form()], nomor: Annotated[str, Form()], hasil: Annotated[str, Form()],
    catatan: Annotated[str, Form()] = "", tanggal: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Add what came of the visit to a house; sent twice it stands there once."""
    found, number = find_sheet(library, who, lembar), read_number(nomor)
    row = house_of(found, number, {}, who)["sheet_row"]
    enter_outcome(
        records, found.opened, keys, who, row, read_outcome(hasil), note=catatan, visited_on=tanggal
    )
    if "application/json" in request.headers.get("accept", ""):
        with records.session() as session:
            held = held_outcomes(session, found.opened, who)
        of_desa = {*found.of_desa.to_list()}
        known = sum(each in of_desa for each in held)
        return JSONResponse(answer(house_of(found, number, held, who)) | {"sudah": known})
    kept = {"lembar": str(found.sheet), "tanggal": _day(tanggal), "dicatat": number}
    return RedirectResponse(f"/kunjungan/lembar?{urlencode(kept)}", 303)


@router.get("/kunjungan/lembar.csv")
def blank(who: Recorder, records: Records, library: Runs, lembar: str) -> Response:
    """Hand out the table of a sheet's desa to be filled in, without a name."""
    found = find_sheet(library, who, lembar)
    table = blank_table(found.of_desa, about(found.opened, found.of_desa.to_numpy()), found.sheet)
    with records.session() as session:
        subject = f"isian hasil {found.sheet.kode_desa}"
        leave(session, who, "unduh", subject, households=len(table), run=found.opened.id)
    name = f"hasil-{found.sheet.kode_desa}-{found.sheet.mark}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(
        csv_text(table).encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers
    )


@router.post("/kunjungan/lembar/berkas", max_body_size=10 * LONGEST)
async def look_at_table(
    request: Request, mark: UploadMark, who: Recorder, records: Records, library: Runs, settings: Settings
) -> Response:
    """Show what a table says and which of its lines cannot be entered; nothing is entered yet."""
    folder = settings.state_folder / FOLDER
    received = await receive(
        request.stream(), request.headers.get("content-type", ""), folder, _MOST_MB * 1_000_000, mark
    )
    file = folder / received.file
    try:
        lines, empty = await run_in_threadpool(read_lines, file)
    finally:
        shutil.rmtree(file.parent, ignore_errors=True)
    told, faults = await run_in_threadpool(check_lines, lines, library, who)
    said = {one.line for one in told}
    content = _written([line for line in lines if line.line in said])
    if len(urlencode({"isi": content})) > LONGEST - 1000:
        raise SheetError("Tabel itu terlalu panjang untuk sekali kirim. Bagi menjadi beberapa berkas.")
    known = await run_in_threadpool(known_before, records, library, who, told)
    before = {one.line: known.get((one.run, one.sheet_row), one.outcome) for one in told}
    replaced = {
        one.line: OUTCOMES.get(before[one.line], "") for one in told if before[one.line] != one.outcome
    }
    more = {"faults": faults, "empty": empty, "content": content, "entered": None, "replaced": replaced}
    return await run_in_threadpool(_table_page, request, told, more)


@router.post("/kunjungan/lembar/catat", dependencies=GUARDED)
def enter_table(
    request: Request, who: Recorder, records: Records, library: Runs, keys: Keys, isi: Annotated[str, Form()]
) -> Response:
    """Enter the lines of a table that was looked at; each is asked again whether it may be."""
    told, faults = check_lines(_read(isi), library, who)
    entered = enter_lines(records, library, keys, who, told)
    faults = sorted([*faults, *entered.faults], key=lambda fault: fault.line)
    more = {"faults": faults, "empty": 0, "content": "", "entered": entered, "replaced": {}}
    return _table_page(request, [], more)


def _table_page(request: Request, told: list[Told], more: dict[str, Any]) -> Response:
    return page(request, "sheet_table.html", more | {"told": told, "shown": _SHOWN, "outcomes": OUTCOMES})


def _written(lines: list[Line]) -> str:
    """Return lines as a text that the browser hands back."""
    out = io.StringIO()
    csv.writer(out).writerows(astuple(line)[:-1] for line in lines)
    return out.getvalue()


def _read(content: str) -> list[Line]:
    """Read what :func:`_written` wrote.

    Raises
    ------
    SheetError
        When it was not.
    """
    try:
        rows = list(islice(csv.reader(io.StringIO(content, newline="")), MOST_LINES + 1))
        if len(rows) > MOST_LINES:
            raise SheetError(TOO_LONG)
        return [
            Line(int(line), lembar, nomor, hasil, day, note) for line, lembar, nomor, hasil, day, note in rows
        ]
    except (ValueError, TypeError, csv.Error) as fault:
        raise SheetError("Isi tabel tidak utuh. Unggah lagi berkasnya.") from fault
