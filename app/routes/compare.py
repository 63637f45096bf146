"""Two views side by side: indicators, definitions or runs."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.access.roles import Permission
from app.compare_view import (
    LEFT,
    KeptRun,
    Side,
    address,
    cautions,
    definitions,
    heading,
    kept_runs,
    pair_of,
    read_order,
    reading,
    rows,
    swapped,
    ways,
)
from app.dependencies import Runs, Viewer
from app.rendering import page
from app.routes.tiles import base_address
from geo.maps.themes import MEASURES

router = APIRouter()

Json = dict[str, Any]

_LONGEST_KODE = 20


@router.get("/bandingkan", include_in_schema=False)
def compare_page(request: Request, who: Viewer, library: Runs) -> Response:
    """Show two views side by side, their difference area by area, and their funnels."""
    query, runs, shown = _query(request), kept_runs(library, who), library.shown_id()
    pair = pair_of(query, runs, shown, library, who)
    left, right, found = pair.left, pair.right, pair.found
    order = read_order(_last(query, "urut"))
    shared = {"pusat": _last(query, "pusat"), "pilih": _last(query, "pilih")[:_LONGEST_KODE], "urut": order}
    sides = [
        _side_context(side, other, legend, chart, runs)
        for side, other, legend, chart in zip(
            (left, right), (right, left), pair.legends, pair.charts, strict=True
        )
    ]
    return page(
        request,
        "compare.html",
        {
            "sides": sides, "runs": runs, "measures": list(MEASURES.items()), "level": left.asked.level,
            "shared": shared, "order": order, "rows": rows(found, left, right, order), "found": found,
            "summary": pair.summary, "reading": reading(found), "cautions": cautions(left, right),
            "sorts": {name: _sorted_by(left, right, shared, name) for name in ("nama", "kiri", "kanan", "selisih")},
            "ways": ways(left, runs), "swapped": swapped(left, right, **shared),
            "state": address(left, right, "/bandingkan/keadaan"),
            "one_run": not who.may(Permission.SEE_HOUSEHOLDS),
        },
    )  # fmt: skip


@router.get("/bandingkan/keadaan")
def compare_state(request: Request, who: Viewer, library: Runs) -> JSONResponse:
    """Return what both maps draw, for the script of the page."""
    runs = kept_runs(library, who)
    pair = pair_of(_query(request), runs, library.shown_id(), library, who)
    return JSONResponse({
        name: view.json(base=base_address(request, who, view.run)) for name, view in pair.views.items()
    })  # fmt: skip


def _query(request: Request) -> Mapping[str, Sequence[str]]:
    return {name: request.query_params.getlist(name) for name in request.query_params}


def _last(query: Mapping[str, Sequence[str]], name: str) -> str:
    return next((value.strip() for value in reversed(query.get(name, ())) if value.strip()), "")


def _side_context(side: Side, other: Side, legend: Json, chart: Json | None, runs: Sequence[KeptRun]) -> Json:
    chosen = [
        pair
        for pair in side.query()
        if pair[0].split(".", 1)[1] not in ("hasil", "indikator", "tampil", "definisi")
    ]
    return {
        "name": side.name,
        "title": "Kiri" if side.name == LEFT else "Kanan",
        "run": side.opened.id,
        "run_title": next(run.title for run in runs if run.id == side.opened.id),
        "indicator": side.asked.indicator,
        "measure": side.asked.measure,
        "definition": side.definition,
        "profile": side.profile,
        "heading": heading(side, other),
        "indicators": [
            (str(entry["id"]), str(entry["title"])) for entry in side.assessment.facts["indicators"]
        ],
        "definitions": list(definitions(side.assessment).items()),
        "kept": chosen,
        "legend": legend,
        "chart": chart,
    }


def _sorted_by(left: Side, right: Side, shared: Mapping[str, str], name: str) -> str:
    """Return the address of another order; the same once more turns it around."""
    first = name if name == "nama" else f"-{name}"
    turned = name if first.startswith("-") else f"-{name}"
    return address(left, right, **{**shared, "urut": turned if shared["urut"] == first else first}) + "#tabel"
