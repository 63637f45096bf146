"""One desa: its figures, its rank, its households for those who may see them, its sheets; and one household."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response

from app.access.roles import Permission, Person
from app.dependencies import HouseholdViewer, Records, Shown, Viewer, form_guard
from app.library import OpenedRun
from app.map_view import edition, make_view
from app.map_view.atlas_sheet import sheet_of
from app.map_view.choices import choices
from app.map_view.desa_card import desa_card, desa_place
from app.map_view.household_rows import count_households, household, households_of
from app.rendering import page, templates
from app.routes.map_page import asked_of
from app.trail import leave
from geo.errors import NoRun
from geo.filters import Filter, read_filter

router = APIRouter()

PAGE = 100
"""So many households stand on one page."""

Json = dict[str, Any]


@router.get("/desa/{kode}", include_in_schema=False)
def desa_page(
    request: Request, kode: str, who: Viewer, shown: Shown, records: Records,
    urut: str = "", hal: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:  # fmt: skip
    """Show a desa."""
    query = asked_of(request)
    view = make_view(shown, who, {name: query[name] for name in ("indikator",) if name in query})
    found: Json = {
        "card": desa_card(shown, who, kode, view),
        "view": view,
        "address": view.address(opened=kode),
    }
    return page(request, "desa.html", found | _households(query, kode, who, shown, records, urut, hal))


@router.get("/desa/{kode}/kartu", include_in_schema=False)
def card(request: Request, kode: str, who: Viewer, shown: Shown) -> Response:
    """Return the card of a desa beside the map, for the script of the page."""
    view = make_view(shown, who, asked_of(request))
    told = desa_card(shown, who, kode, view)
    html = templates.get_template("desa_card.html").render(card=told, view=view)
    return JSONResponse({"isi": html, "judul": told["name"]})


@router.get("/desa/{kode}/lembar.pdf")
def sheet(kode: str, who: Viewer, shown: Shown, records: Records) -> Response:
    """Hand out the printed sheet of one desa, without names and NIK."""
    who.require(Permission.DOWNLOAD_RUN)
    place = desa_place(shown.assessment, kode)
    who.require_desa(kode)
    pdf = sheet_of(shown, kode)
    with records.session() as session:
        counted = int(shown.assessment.desa["households"].iloc[place])
        leave(session, who, "unduh", f"lembar {kode}", households=counted, run=shown.id)
    headers = {"Content-Disposition": f'attachment; filename="lembar-{kode}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


@router.post("/desa/{kode}/cetak", dependencies=[Depends(form_guard)])
def printed(
    request: Request, kode: str, who: HouseholdViewer, shown: Shown, records: Records,
    hal: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:  # fmt: skip
    """Leave in the trail that households of a desa were printed; the address is that of the page that was."""
    desa_place(shown.assessment, kode)
    total = count_households(shown, who, kode, read_filter(asked_of(request), shown.assessment))
    on_page = min(PAGE, max(0, total - (hal - 1) * PAGE))
    with records.session() as session:
        leave(session, who, "cetak", f"rumah tangga {kode}", households=on_page, run=shown.id)
    return Response(status_code=204)


@router.get("/rumah/{row}", include_in_schema=False)
def house(request: Request, row: int, who: HouseholdViewer, shown: Shown, records: Records) -> Response:
    """Show one household as far as somebody may see it; a script gets the card alone."""
    told = household(shown, who, row)
    with records.session() as session:
        leave(session, who, "lihat", f"{told['kode']} baris {row}", households=1, run=shown.id)
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"isi": templates.get_template("household_card.html").render(house=told)})
    return page(request, "household.html", {"house": told})


def _households(
    query: dict[str, list[str]],
    kode: str,
    who: Person,
    shown: OpenedRun,
    records: Records,
    urut: str,
    hal: int,
) -> Json:
    """Return the households of the desa; nothing for whoever may not see them, and no filter or order either."""
    chosen = read_filter(query, edition(shown, who))
    who.require_fields(chosen.fields())
    if not who.may(Permission.SEE_HOUSEHOLDS):
        if urut:
            who.require_fields([urut.removeprefix("-")])
        return {"rows": None}
    rows = households_of(shown, who, kode, chosen, order=urut, first=(hal - 1) * PAGE, most=PAGE)
    pages = max(1, -(-rows.total // PAGE))
    if hal > pages:
        raise NoRun("Halaman daftar itu tidak ada.")
    with records.session() as session:
        leave(session, who, "lihat", kode, households=len(rows.rows), run=shown.id)
    asked = make_view(shown, who, {}).asked
    return {
        "rows": rows, "order": urut or "rank", "page": hal, "pages": pages,
        "first": (hal - 1) * PAGE, "fields": who.fields(), "chosen": chosen,
        "filters": [pair for pair in chosen.query() if pair[0] not in ("kecamatan", "desa")],
        "words": Filter(zona=chosen.zona, butuh=chosen.butuh, desil=chosen.desil, kelompok=chosen.kelompok,
                        letak=chosen.letak).words(shown.assessment),
        "options": choices(shown.assessment, who, asked),
    }  # fmt: skip
