"""Tinjau: places in doubt, decided by people with the map beside them."""

import math
from typing import Annotated, Any
from urllib.parse import quote

import geopandas as gpd
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.access.roles import Permission, Person
from app.data_view.queue import ALL, DECIDED, KIND_TITLES, OPEN, PAGE, Queue, open_queue, told
from app.dependencies import DataKeeper, Records, Runs, Settings, allowed, form_guard
from app.district import decisions_about
from app.jobs.wording import for_pages
from app.library import Library
from app.map_view.search import find_desa
from app.records import Records as Database
from app.rendering import page
from app.settings import WebSettings
from app.trail import leave
from geo.errors import NoRun, ReviewError
from geo.maps.wording import escape
from geo.review import answer, question
from geo.review.decisions import record, take_back
from geo.runs import read_manifest

router = APIRouter(include_in_schema=False, dependencies=[Depends(allowed(Permission.MANAGE_DATA))])

COLOURS = ("#fdbf6f", "#a6cee3", "#b2df8a", "#cab2d6", "#fb9a99", "#e5d8bd")
"""Of the desa that may be meant, in their order; names and numbers say the same."""

_WIDE, _HIGH, _NEAREST = 330, 320, 14
"""Pixels of the map on a phone, and the zoom beyond which it does not begin."""

STATES = {OPEN: "menunggu keputusan", DECIDED: "sudah diputuskan", ALL: "semua"}


@router.get("/data/tinjau")
def questions(
    request: Request,
    settings: Settings,
    library: Runs,
    hasil: str = "",
    jenis: str = "",
    status: str = OPEN,
    cari: str = "",
    hal: str = "1",
) -> Response:
    """List the questions of a run, those of most households first."""
    run = hasil or _usual(library)
    newest, shown = library.not_published(), library.in_force()
    queue = _queue(run, settings, library)
    status = status if status in STATES else OPEN
    rows = queue.chosen(jenis, status, cari[:100])
    pages = max(1, -(-len(rows) // PAGE))
    here = min(max(1, int(hal)), pages) if hal.isdecimal() and len(hal) < len("1000000") else 1
    found = {
        "run": run,
        "runs": list(dict.fromkeys(one for one in (newest, shown, *library.ids()) if one)),
        "shown": shown,
        "newest": newest,
        "questions": [told(row) for row in rows.iloc[(here - 1) * PAGE : here * PAGE].to_dict("records")],
        "names": dict(zip(queue.desa["kode_desa"], queue.desa["nama_desa"], strict=True)),
        "count": len(rows),
        "at": here,
        "pages": pages,
        "asked": {
            "hasil": run,
            "jenis": jenis if jenis in KIND_TITLES else "",
            "status": status,
            "cari": cari[:100],
        },
        "kinds": KIND_TITLES,
        "states": STATES,
        "open": queue.open.items,
        "open_rows": queue.open.rows,
        "since": queue.decided_after(str(read_manifest(library.path(run))["created"])),
    }
    return page(request, "review.html", found)


@router.get("/data/tinjau/{item}")
def one_question(
    request: Request, item: str, settings: Settings, library: Runs, hasil: str = "", cari: str = ""
) -> Response:
    """Show a question with the desa that may be meant, on the map beside it."""
    return _question(request, item, hasil or _usual(library), settings, library, wanted=cari[:80])


@router.post("/data/tinjau/{item}", dependencies=[Depends(form_guard)])
def decide(
    request: Request,
    item: str,
    who: DataKeeper,
    settings: Settings,
    library: Runs,
    records: Records,
    hasil: Annotated[str, Form()],
    putusan: Annotated[str, Form()],
    alasan: Annotated[str, Form()] = "",
    calon: Annotated[str, Form()] = "",
    cari: Annotated[str, Form()] = "",
) -> Response:
    """Take a decision, or take it back; it holds for the next run and the next sheets."""
    try:
        _decide(item, hasil, putusan, calon, alasan, who, settings, library, records)
    except ReviewError as fault:
        return _question(
            request,
            item,
            hasil,
            settings,
            library,
            wanted=cari[:80],
            fault=for_pages(str(fault)),
            reason=alasan[:200],
        )
    follows = _queue(hasil, settings, library).next_open(item) if putusan != "undo" else item
    return RedirectResponse(
        f"/data/tinjau{'/' + follows if follows else ''}?hasil={quote(hasil, safe='')}", 303
    )


def _decide(
    item: str,
    run: str,
    action: str,
    choice: str,
    why: str,
    who: Person,
    settings: WebSettings,
    library: Library,
    records: Database,
) -> None:
    file = decisions_about(library.path(run), settings.decisions, settings.boundaries)
    queue = _queue(run, settings, library)
    asked = question(queue.rows, item)
    if action == "undo":
        decision = record(file, lambda words: take_back(words, asked["item"], who.name, why))
    elif action in {"accept", "reject"}:
        made = answer(asked, queue.desa, action, choice, who.name, why)
        decision = record(file, lambda _: made)
    else:
        raise ReviewError("Putusan tidak dikenal. Pilih terima, tolak, atau tarik keputusan.")
    with records.session() as session:
        told_of = f"{decision.item} {decision.action} {decision.kode_desa}".strip()
        leave(
            session, who, "tinjau", told_of, households=int(asked["households"]), reason=decision.why, run=run
        )


def _queue(run: str, settings: WebSettings, library: Library) -> Queue:
    folder = library.path(run)
    try:
        return open_queue(folder, decisions_about(folder, settings.decisions, settings.boundaries))
    except (NoRun, ReviewError) as fault:  # said for the command line
        raise type(fault)(for_pages(str(fault))) from fault


def _usual(library: Library) -> str:
    """Return the run whose questions are shown unless one is named: the one in force, as on the first page."""
    return library.in_force() or next(iter(library.ids()), "") or library.shown_id()


def _question(
    request: Request,
    item: str,
    run: str,
    settings: WebSettings,
    library: Library,
    *,
    wanted: str = "",
    fault: str = "",
    reason: str = "",
) -> Response:
    queue = _queue(run, settings, library)
    try:
        asked = question(queue.rows, item)
    except ReviewError as missing:
        raise NoRun(for_pages(str(missing))) from missing
    shown = told(asked)
    known = {one["kode_desa"] for one in shown["candidates"]}
    tables = library.open(run).assessment.desa
    found = find_desa(tables, wanted) if wanted and asked["kind"] != "titik" else []
    names = dict(
        zip(tables["kode_desa"], zip(tables["nama_desa"], tables["nama_kecamatan"], strict=True), strict=True)
    )
    others = [
        {
            "kode_desa": place.kode,
            "nama_desa": place.name,
            "nama_kecamatan": place.kecamatan,
            "words": "dicari",
        }
        for place in found
        if place.kode in names and place.kode not in known
    ]
    listed = [*shown["candidates"], *others]
    word = queue.words.get(shown["item"])
    context = {
        "run": run,
        "question": shown,
        "listed": listed,
        "wanted": wanted,
        "decided": word,
        "decided_name": names.get(word.kode_desa, ("", "")) if word is not None else ("", ""),
        "next": queue.next_open(shown["item"]),
        "open": queue.open.items,
        "reasons": queue.reasons(),
        "reason": reason,
        "fault": fault,
        "colours": COLOURS,
        "view": _view(tables, [one["kode_desa"] for one in listed]),
        "place": _place(tables, [one["kode_desa"] for one in listed]),
    }
    return page(request, "review_question.html", context, status=400 if fault else 200)


def _view(desa: gpd.GeoDataFrame, listed: list[str]) -> dict[str, Any]:
    """Return what the map draws: the desa that may be meant, each in its colour, and the others faded."""
    places = {kode: place for place, kode in enumerate(listed)}
    at = [places.get(kode, -1) for kode in desa["kode_desa"]]
    return {
        "level": "desa",
        "classes": [place % len(COLOURS) if place >= 0 else -1 for place in at],
        "colours": list(COLOURS),
        "inside": [int(place >= 0) for place in at],
        "tips": [
            f"<b>{escape(name)}</b><br>Kec. {escape(kecamatan)}"
            for name, kecamatan in zip(desa["nama_desa"], desa["nama_kecamatan"], strict=True)
        ],
        "tiles": "",
        "base": "",
        "needs": {"order": [], "colours": [], "shapes": []},
        "layers": [],
    }


def _place(desa: gpd.GeoDataFrame, listed: list[str]) -> dict[str, float]:
    """Return where the map looks, so that all desa that may be meant are seen at once."""
    chosen = desa[desa["kode_desa"].isin(listed)]
    west, south, east, north = (chosen if len(chosen) else desa).total_bounds.tolist()
    widest = max((east - west) / _WIDE, (north - south) / _HIGH, 1e-6)  # degrees a pixel, near the equator
    zoom = min(_NEAREST, math.floor(math.log2(360 / 256 / widest)))
    return {"lat": (south + north) / 2, "lon": (west + east) / 2, "zoom": zoom}
