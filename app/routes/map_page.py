"""Peta: the map with its filters and legend; the whole view stands in the address."""

import threading
import time
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import JSONResponse, Response

from app.access.roles import Permission, Person
from app.access.signed import LIFE_S
from app.csv_output import csv_text
from app.dependencies import HouseholdViewer, Records, Shown, Viewer, form_guard
from app.library import OpenedRun
from app.map_view import View, edition, make_view
from app.map_view.asked import BASE
from app.map_view.choices import choices
from app.map_view.desa_card import desa_card
from app.map_view.search import find_desa
from app.map_view.table import cells, read_order, table
from app.rendering import page, templates
from app.routes.tiles import base_address, tile_address
from app.trail import leave
from geo.filters import NAMES, Filter

router = APIRouter()

Json = dict[str, Any]


def asked_of(request: Request) -> dict[str, list[str]]:
    """Return the values of each name in the address of a request."""
    return {name: request.query_params.getlist(name) for name in request.query_params}


def drawn(request: Request, shown: OpenedRun, who: Person, view: View) -> Json:
    """Return what the map document draws of a view, with addresses of tiles that hold for a while.

    Points of households that are opened so leave a line in the trail, one for each filter in a quarter of an hour.
    """
    sees = who.may(Permission.SEE_HOUSEHOLDS) and view.shows_households
    tiles = tile_address(request.app, who, shown.id, view.asked.filter) if sees else ""
    key = (str(shown.folder), who.name, view.asked.filter)
    if tiles and not _OPENED.told(key):
        with request.app.state.records.session() as session:
            words = "; ".join(view.words) or "seluruh wilayah"
            counted = view.picture.figures.located
            leave(session, who, "lihat", f"titik di peta: {words}", households=counted, run=shown.id)
        _OPENED.tell(key)  # once the line stands: one that could not be written is written the next time
    return view.json(tiles=tiles, base=base_address(request.app, who, shown.id))


class _Lately:
    """What happened within the life of a signed address, so that a pan of the map is not another line of the trail."""

    def __init__(self) -> None:
        self._when: dict[object, float] = {}
        self._lock = threading.Lock()

    def told(self, key: object) -> bool:
        """Tell whether something was told of within a while."""
        with self._lock:
            return time.monotonic() - self._when.get(key, float("-inf")) < LIFE_S

    def tell(self, key: object) -> None:
        """Remember that something was told of."""
        moment = time.monotonic()
        with self._lock:
            self._when = {old: when for old, when in self._when.items() if moment - when < LIFE_S}
            self._when[key] = moment


_OPENED = _Lately()


@router.get("/peta", include_in_schema=False)
def map_page(request: Request, who: Viewer, shown: Shown) -> Response:
    """Show the map."""
    view = make_view(shown, who, asked_of(request))
    assessment = edition(shown, who)
    found = _parts(request, shown, who, view) | {
        "options": choices(assessment, who, view.asked),
        "state": view.asked.state(),
        "card": desa_card(shown, who, view.asked.opened, view) if view.asked.opened else None,
        "run": shown.id,
        "first_area": _first_area(view, who),
        "may_print": who.may(Permission.PRINT),
        "may_download": who.may(Permission.DOWNLOAD_RUN),
    }
    return page(request, "map.html", found)


@router.get("/peta/keadaan", include_in_schema=False)
def map_state(request: Request, who: Viewer, shown: Shown) -> Response:
    """Return a view for the script of the page: what the map draws, and the parts of the page that change."""
    view = make_view(shown, who, asked_of(request))
    found = _parts(request, shown, who, view) | {"may_download": who.may(Permission.DOWNLOAD_RUN)}
    parts = {
        name: templates.get_template(f"map_{name}.html").render(found) for name in ("legend", "head", "table")
    }
    return JSONResponse({
        "view": drawn(request, shown, who, view), "title": view.legend["title"], "address": view.address(),
        "state": view.asked.state(), "run": shown.id, "households": view.shows_households,
        "panel": parts["legend"], "head": parts["head"], "table": parts["table"],
    })  # fmt: skip


@router.get("/peta/tabel.csv")
def map_table(request: Request, who: Viewer, shown: Shown, records: Records) -> Response:
    """Hand out the areas of a view as a table for a spreadsheet."""
    who.require(Permission.DOWNLOAD_RUN)
    view = make_view(shown, who, asked_of(request))
    with records.session() as session:
        leave(session, who, "unduh", f"tabel peta: {view.asked.indicator}", run=shown.id)
    name = f"peta-{view.asked.indicator}-{view.asked.level}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(csv_text(cells(view)).encode("utf-8-sig"), media_type="text/csv", headers=headers)


@router.get("/peta/cari", include_in_schema=False)
def search(request: Request, who: Viewer, shown: Shown, q: str = "") -> Response:
    """Find desa by any spelling; a script gets them as a list, others as a page."""
    desa = edition(shown, who).desa
    found = find_desa(desa if who.desa is None else desa[desa["kode_desa"].isin(who.desa)], q)
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse(
            [
                {"kode": one.kode, "nama": one.name, "kecamatan": one.kecamatan, "kira": one.guess}
                for one in found
            ]
        )
    return page(request, "map_search.html", {"found": found, "q": q})


@router.post("/peta/cetak", dependencies=[Depends(form_guard)])
def printed(
    who: HouseholdViewer,
    request: Request,
    shown: Shown,
    records: Records,
    alasan: Annotated[str, Form()] = "",
) -> Response:
    """Leave in the trail that a map with households was printed; the address is that of the view."""
    view = make_view(shown, who, asked_of(request))
    with records.session() as session:
        leave(
            session, who, "cetak", "peta: " + ("; ".join(view.words) or "seluruh wilayah"),
            households=view.picture.figures.located, reason=alasan, run=shown.id,
        )  # fmt: skip
    return Response(status_code=204)


def _first_area(view: View, who: Person) -> str:
    """Return the area at which the map of somebody with desa of their own begins; empty for the whole district."""
    if who.desa is None:
        return ""
    rows = view.rows
    of_kecamatan = rows["kode_kecamatan"].unique()
    return (
        str(rows["kode"].iloc[0])
        if len(rows) == 1
        else str(of_kecamatan[0])
        if len(of_kecamatan) == 1
        else ""
    )


def _parts(request: Request, shown: OpenedRun, who: Person, view: View) -> Json:
    order = read_order(request.query_params.get("urut", ""), request.query_params.get("semua", ""))
    return {
        "view": view,
        "legend": view.legend,
        "over_base": _over_base(request, shown, who, view),
        "chips": _chips(edition(shown, who), view),
        "table": table(view, order),
        "address": view.address(),
        "csv_address": view.address("/peta/tabel.csv"),
        "reset": view.address(filter=Filter(), opened=""),
    }


def _over_base(request: Request, shown: OpenedRun, who: Person, view: View) -> bool:
    """Tell whether a base map shines through the areas, so that the legend shows their colours as thin."""
    named = request.app.state.settings.basemap
    return BASE in view.asked.layers and bool(named or base_address(request.app, who, shown.id))


def _chips(assessment: Any, view: View) -> list[tuple[str, str]]:  # noqa: ANN401  -- an Assessment
    """Return each part of the filter in words, with the address of the view without it."""
    asked = view.asked.filter
    parts = [(name, Filter(**{name: getattr(asked, name)})) for name in NAMES if getattr(asked, name)]
    return [
        ("; ".join(part.words(assessment)), view.address(filter=replace(asked, **{name: ()})))
        for name, part in parts
    ]
