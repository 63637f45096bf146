"""The log of hand-overs: each with its state, watched while it is made, taken away, revoked."""

import csv
import io
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response

from app.access.roles import Permission, Person
from app.data_view.jobs import active_jobs
from app.dependencies import Records, Settings, Sharer, form_guard
from app.errors import fault_page
from app.records import Records as Database
from app.rendering import page
from app.sharing.agencies import accounts_of, names_of
from app.sharing.asked import API
from app.sharing.handovers import find, make_again, revoke, take
from app.sharing.log import HEADINGS, read_filter, read_log, read_table, recipients_in, trail_of
from app.sharing.state import ENDED, MARKS, REVOKED, Handed, in_words, why_gone
from app.trail import ACTIONS, leave
from geo.exports import FORMATS
from geo.levels import LEVEL_TITLES, Level

router = APIRouter(include_in_schema=False)
GUARDED = [Depends(form_guard)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]

GONE, _UNFIT = 410, 400


@router.get("/bagikan")
def log(request: Request, _: Sharer, records: Records, hal: int = 1) -> Response:
    """Show all hand-overs."""
    wanted = read_filter(request.query_params)
    with records.session() as session:
        found, recipients = read_log(session, wanted, hal), recipients_in(session)
    told = {
        "wanted": wanted,
        "found": found,
        "recipients": recipients,
        "marks": MARKS,
        "levels": list(Level),
        "words": in_words,
    }
    return page(request, "sharing.html", told)


@router.get("/bagikan.csv")
def log_file(request: Request, who: Sharer, records: Records) -> Response:
    """Hand out the log as a table for a spreadsheet program."""
    wanted = read_filter(request.query_params)
    text = io.StringIO()
    with records.session() as session:
        csv.writer(text, delimiter=";").writerows([HEADINGS, *read_table(session, wanted)])
        leave(session, who, "unduh", "bagikan.csv")
    return Response(
        text.getvalue().encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="bagikan.csv"'},
    )


@router.get("/bagikan/{number}")
def one(request: Request, number: Number, who: Sharer, records: Records) -> Response:
    """Show one hand-over."""
    return _one(request, number, who, records)


def _one(request: Request, number: int, who: Person, records: Database, fault: str = "") -> Response:
    with records.session() as session:
        handed = find(session, number)
        trail = trail_of(session, handed.held) if who.may(Permission.READ_TRAIL) else []
        accounts = accounts_of(session, handed.held.agency)
    held = handed.held
    told: dict[str, Any] = {
        "handed": handed,
        "held": held,
        "words": in_words(held),
        "title": LEVEL_TITLES[Level(held.level)],
        "mark": MARKS[handed.state],
        "job": handed.told(_ahead(records, handed)),
        "may_take": held.level != Level.PETUGAS or who.may(Permission.SHARE_NAMES),
        "formats": [FORMATS[name].title for name in held.formats if name in FORMATS],
        "trail": trail,
        "actions": ACTIONS,
        "is_api": held.kind == API,
        "address": f"{request.url.scheme}://{request.url.netloc}/ogc",
        "gone": why_gone(handed),
        "accounts": accounts,
        "fault": fault,
        "agency": names_of(request.app.state.products).get(held.agency, held.agency),
    }
    return page(request, "sharing_one.html", told, status=_UNFIT if fault else 200)


@router.get("/bagikan/{number}/keadaan")
def state(number: Number, _: Sharer, records: Records) -> Response:
    """Tell how far a package is, for the page that waits for it."""
    with records.session() as session:
        handed = find(session, number)
    return JSONResponse(handed.told(_ahead(records, handed)))


@router.get("/bagikan/{number}/unduh")
def download(request: Request, number: Number, who: Sharer, records: Records, settings: Settings) -> Response:
    """Hand out a package to whoever shares."""
    with records.session() as session:
        handed = find(session, number)
        if handed.state in {ENDED, REVOKED}:
            return fault_page(request, GONE, why_gone(handed))
        path = take(session, who, settings, handed)
    return FileResponse(path, filename=path.name, media_type="application/zip")


@router.post("/bagikan/{number}/cabut", dependencies=GUARDED)
def end(
    request: Request, number: Number, who: Sharer, records: Records, settings: Settings,
    yakin: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Revoke a hand-over, once somebody has said that they mean it."""
    if not yakin:
        return _one(request, number, who, records, "Tandai dahulu bahwa pembagian ini memang dicabut.")
    with records.session(alone=True) as session:
        revoke(session, who, settings, number)
    return RedirectResponse(f"/bagikan/{number}", 303)


@router.post("/bagikan/{number}/ulang", dependencies=GUARDED)
def again(number: Number, who: Sharer, records: Records) -> Response:
    """Have a package made that could not be made."""
    with records.session(alone=True) as session:
        make_again(session, who, number)
    return RedirectResponse(f"/bagikan/{number}", 303)


def _ahead(records: Database, handed: Handed) -> int:
    if handed.job is None or not handed.told()["active"]:
        return 0
    return next((place for place, job in enumerate(active_jobs(records)) if job["id"] == handed.job.id), 0)
