"""Prioritas: the ranked list with its reasons, and wishes solved again within seconds."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

import numpy as np
from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from app.access.roles import Permission, Person
from app.choosing import (
    Asked,
    Busy,
    Ranking,
    Solutions,
    Wish,
    changes,
    is_asked,
    own_ranking,
    places_of,
    read_address,
    read_form,
    solved_ranking,
    stored_settings,
    usual_wish,
)
from app.choosing.form import filter_choices, form_context
from app.choosing.on_map import chosen_on_map
from app.choosing.summary import equity_parts, result_notes
from app.dependencies import Chooser, Records, Shown, form_guard
from app.library import OpenedRun
from app.map_view import make_view
from app.rendering import page
from app.trail import leave
from geo.errors import NoRun, SettingsError
from geo.filters import Filter, read_filter

router = APIRouter()

A_PAGE = 100
CHOSEN_ONLY = "pilihan"

Values = Mapping[str, Sequence[str]]


def solutions_of(request: Request) -> Solutions:
    """Return the choices that were solved lately."""
    solutions: Solutions = request.app.state.solutions
    return solutions


def query_values(request: Request) -> dict[str, list[str]]:
    """Return the values of each name of the address."""
    return {name: request.query_params.getlist(name) for name in request.query_params}


async def _form_values(request: Request) -> dict[str, list[str]]:
    form = await request.form()
    return {name: [value for value in form.getlist(name) if isinstance(value, str)] for name in form}


FormValues = Annotated[dict[str, list[str]], Depends(_form_values)]


def usual_of(shown: OpenedRun) -> Wish:
    """Return the wishes with which a run was made."""
    weights, selection, _ = stored_settings(shown.facts)
    return usual_wish(weights, selection)


def kept_own(solutions: Solutions, shown: OpenedRun) -> Ranking:
    """Return the list and choice of a run, laid out once."""
    return solutions.kept(f"{shown.id} {shown.facts['created']}", lambda: own_ranking(shown))


def found_ranking(solutions: Solutions, shown: OpenedRun, asked: Asked, query: Values) -> Ranking | None:
    """Return the ranking of an address; nothing where its wishes are still to be solved."""
    if not is_asked(query):
        return kept_own(solutions, shown)
    return solutions.find(asked.wish.key(_run(shown))) if asked.wish else None


def _run(shown: OpenedRun) -> str:
    return f"{shown.id} {shown.facts['created']}"


@router.get("/prioritas", include_in_schema=False)
def priorities(request: Request, who: Chooser, shown: Shown, records: Records) -> Response:
    """Show the ranked list of the run in force, or of wishes that were solved."""
    query = query_values(request)
    asked = read_address(query, usual_of(shown), places_of(shown.assessment))
    ranking = found_ranking(solutions_of(request), shown, asked, query)
    status = 200 if asked.wish else 400
    return _page(request, who, shown, records, query, asked, ranking, status=status)


@router.post("/prioritas", include_in_schema=False, dependencies=[Depends(form_guard)])
def solve_again(request: Request, who: Chooser, shown: Shown, records: Records, form: FormValues) -> Response:
    """Solve the wishes of the form, and lead to their address."""
    usual, places = usual_of(shown), places_of(shown.assessment)
    asked = read_form(form, usual, places)
    add = "tambah" in form.get("tindakan", ())
    if asked.wish is None or add:
        status = 200 if add else 400
        return _page(request, who, shown, records, {}, asked, None, rows=int(add), status=status)
    wish = asked.wish
    try:
        solutions_of(request).solved(wish.key(_run(shown)), lambda: solved_ranking(shown, wish))
    except Busy as fault:
        return _page(request, who, shown, records, {}, asked, None, message=str(fault), status=503)
    except SettingsError as fault:
        return _page(request, who, shown, records, {}, asked, None, message=str(fault), status=400)
    with records.session() as session:
        leave(session, who, "daftar", "hitung ulang", run=shown.id)
    return RedirectResponse(f"/prioritas?{urlencode(wish.query(usual))}#hasil", 303)


@router.get("/prioritas/peta", include_in_schema=False)
def chosen_map(request: Request, who: Chooser, shown: Shown, records: Records) -> Response:
    """Return what the map draws of a choice."""
    who.require(Permission.SEE_HOUSEHOLDS)
    query = query_values(request)
    asked = read_address(query, usual_of(shown), places_of(shown.assessment))
    ranking = found_ranking(solutions_of(request), shown, asked, query)
    if ranking is None or not ranking.tells_choice:
        raise NoRun("Pilihan itu tidak disimpan lagi. Tekan «Hitung ulang».")
    told = chosen_on_map(shown, ranking)
    with records.session() as session:
        leave(session, who, "lihat", "peta pilihan", households=told["points"], run=shown.id)
    view = make_view(shown, who, {"lapisan": ["terpilih"]}).json() | told["view"]
    return JSONResponse(
        {
            "view": view,
            "legend": told["legend"],
            "words": told["words"],
            "desa": list(shown.arrays.desa_codes),
        }
    )


def _page(
    request: Request,
    who: Person,
    shown: OpenedRun,
    records: Records,
    query: Values,
    asked: Asked,
    ranking: Ranking | None,
    *,
    rows: int = 0,
    message: str = "",
    status: int = 200,
) -> Response:
    usual = usual_of(shown)
    chosen = read_filter(query, shown.assessment)
    who.require_fields(chosen.fields())
    wishes = asked.wish.query(usual) if asked.wish and is_asked(query) else []
    own = kept_own(solutions_of(request), shown)
    found: dict[str, Any] = {
        "manifest": shown.manifest,
        "run": shown.id,
        "map_query": urlencode(wishes),
        "form": form_context(shown, asked, rows),
        "message": message,
        "ranking": ranking,
        "is_own": ranking is own,
        "pending": ranking is None and bool(asked.wish) and not message and bool(query),
        "wishes": wishes,
        "wishes_query": urlencode(wishes),
        "withheld": bool(shown.facts.get("selection", {}).get("withheld")),
    }
    if ranking is not None:
        found |= _listed(who, shown, records, query, asked, chosen, ranking, wishes)
        found |= {
            "facts": ranking.facts,
            "notes": result_notes(ranking.facts),
            "equity": equity_parts(ranking.equity),
            "changes": None if ranking is own else changes(shown, own, ranking),
        }
    return page(request, "priorities.html", found, status=status)


def _listed(
    who: Person,
    shown: OpenedRun,
    records: Records,
    query: Values,
    asked: Asked,
    chosen: Filter,
    ranking: Ranking,
    wishes: list[tuple[str, str]],
) -> dict[str, Any]:
    """Return one page of the list, and leave in the trail that it was seen."""
    inside = shown.arrays.mask(chosen, who.desa)[ranking.places]
    only = "ya" in query.get(CHOSEN_ONLY, ()) and ranking.tells_choice
    if only:
        inside = inside & ranking.chosen
    places = np.flatnonzero(inside)
    pages = max(1, -(-len(places) // A_PAGE))
    asked_for = (query.get("hal") or ["1"])[-1]
    here = min(max(int(asked_for), 1), pages) if asked_for.isdecimal() and len(asked_for) < 10 else 1  # noqa: PLR2004
    rows = ranking.rows(shown, places[(here - 1) * A_PAGE : here * A_PAGE])
    with records.session() as session:
        leave(session, who, "lihat", f"prioritas, halaman {here}", households=len(rows), run=shown.id)
    kept = [*wishes, *chosen.query(), *([(CHOSEN_ONLY, "ya")] if only else [])]
    return {
        "rows": rows,
        "total": len(places),
        "listed": len(ranking.listed),
        "most": float(ranking.listed["score"].max()) if len(ranking.listed) else 1.0,
        "here_page": here,
        "pages": pages,
        "first": (here - 1) * A_PAGE + 1,
        "only": only,
        "filter_fields": [
            each
            for each in filter_choices(shown, asked.places)
            if not each["field"] or each["field"] in who.fields()
        ],
        "filter_query_pairs": chosen.query(),
        "filter_words": chosen.words(shown.assessment),
        "filter_query": urlencode(chosen.query()),
        "kept_query": urlencode(kept),
    }
