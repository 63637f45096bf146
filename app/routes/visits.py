"""Kunjungan: the plan by team and day, made for a list, looked at, printed and drawn on the map."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from app.access.roles import Permission, Person
from app.dependencies import Recorder, Records, Runs, VisitPlanner, form_guard
from app.map_view import make_view
from app.outcome_codes import Held, held_outcomes
from app.rendering import page
from app.routes import visit_outcomes, visit_progress
from app.routes.map_page import drawn
from app.trail import leave
from app.visiting import settle
from app.visiting.daily import clock, day_of, days_of, names_shown
from app.visiting.picture import STEPS, desa_progress, drawn_stops
from app.visiting.planning import MOST_ROWS, Planner, read_settings
from app.visiting.plans import Plan, read_plan, saved_lists
from app.visiting.progress import summary_of
from geo.errors import NoRun, SettingsError
from geo.maps.plan import team_style
from geo.outcomes import MEANINGS, OUTCOMES

router = APIRouter(include_in_schema=False)
router.include_router(visit_outcomes.router)
router.include_router(visit_progress.router)


def planner_of(request: Request) -> Planner:
    """Return the planner of the application."""
    planner: Planner = request.app.state.planner
    return planner


Plans = Annotated[Planner, Depends(planner_of)]


@router.get("/kunjungan")
def visits(
    request: Request, who: Recorder, records: Records, library: Runs, planner: Plans, daftar: str = ""
) -> Response:
    """Show a plan: its days, how far it has come, and on what it rests."""
    plan, fault = _plan_or_fault(records, library, who, daftar)
    settle(records, plan.opened, request.app.state.household_keys)
    with records.session() as session:
        held = held_outcomes(session, plan.opened, who)
        lists = saved_lists(session, who)
    found: dict[str, Any] = {
        "plan": plan,
        "fault": fault,
        "lists": lists,
        "days": days_of(plan, held),
        "summary": summary_of(plan, held),
        "outcomes": OUTCOMES,
        "may_plan": who.may(Permission.PLAN_VISITS) and plan.is_list and not fault,
        "state": planner.state_of(plan),
        "asked": read_settings(plan.opened, plan.facts.get("asked", {})),
        "most": MOST_ROWS,
        "steps": STEPS,
        "planned_at": datetime.fromisoformat(plan.facts["at"]).isoformat() if "at" in plan.facts else "",
        "in_force": plan.opened.id == library.shown_id(),
    }
    return page(request, "visits.html", found)


@router.get("/kunjungan/regu")
def team_day(
    request: Request, who: Recorder, records: Records, library: Runs, regu: int, hari: int, daftar: str = ""
) -> Response:
    """Show the stops of a team on a day, where their outcomes are entered."""
    plan = read_plan(records, library, who, daftar)
    settle(records, plan.opened, request.app.state.household_keys)
    stops, held = _stops_of_day(records, plan, who, regu, hari, "lihat")
    found = _day_context(plan, regu, hari, stops, who) | {
        "outcomes": OUTCOMES,
        "meanings": MEANINGS,
        "days": days_of(plan, held),
    }
    return page(request, "visits_day.html", found)


@router.get("/kunjungan/cetak")
def printed_day(
    request: Request, who: Recorder, records: Records, library: Runs, regu: int, hari: int, daftar: str = ""
) -> Response:
    """Show the sheet of a team on a day, for paper: boxes to tick, and room to write."""
    plan = read_plan(records, library, who, daftar)
    stops, _ = _stops_of_day(records, plan, who, regu, hari, "cetak")
    return page(
        request, "visits_print.html", _day_context(plan, regu, hari, stops, who) | {"outcomes": OUTCOMES}
    )


@router.get("/kunjungan/peta")
def visit_map(
    request: Request,
    who: Recorder,
    records: Records,
    library: Runs,
    daftar: str = "",
    regu: int = 0,
    hari: int = 0,
) -> Response:
    """Return what the map draws of a plan, or of one day of it: a view with the field ``plan``."""
    plan = read_plan(records, library, who, daftar)
    stops = plan.day(regu, hari) if regu else plan.stops
    view = make_view(plan.opened, who, {"lapisan": ["kunjungan", "rumah"] if regu else ["kunjungan"]})
    with records.session() as session:
        held = held_outcomes(session, plan.opened, who)
    _leave(records, who, "lihat", plan, regu, hari, len(stops))
    told = drawn(request, plan.opened, who, view) | desa_progress(plan, held)
    return JSONResponse({"view": told | {"plan": drawn_stops(plan, regu, hari)}})


@router.post("/kunjungan/susun", dependencies=[Depends(form_guard)])
def make_plan(
    who: VisitPlanner,
    records: Records,
    library: Runs,
    planner: Plans,
    daftar: Annotated[str, Form()],
    regu: Annotated[int, Form()],
    hari: Annotated[int, Form()],
    menit_sehari: Annotated[float, Form()],
    menit_kunjungan: Annotated[float, Form()],
    menit_desa: Annotated[float, Form()],
    kecepatan: Annotated[float, Form()],
) -> Response:
    """Begin to plan the visits of a saved list."""
    plan = read_plan(records, library, who, daftar)
    if not plan.is_list:
        raise SettingsError(
            "Rencana hasil dibuat bersama hasilnya. Pilih daftar yang disimpan untuk disusun."
        )
    asked: dict[str, object] = {
        "teams": regu, "days": hari, "minutes_a_day": menit_sehari, "minutes_a_visit": menit_kunjungan,
        "minutes_a_desa": menit_desa, "speed_kmh": kecepatan,
    }  # fmt: skip
    planner.begin(records, plan.opened, who, int(plan.key), read_settings(plan.opened, asked))
    return RedirectResponse(f"/kunjungan?daftar={plan.key}", 303)


@router.get("/kunjungan/susun/keadaan")
def planning_state(who: VisitPlanner, planner: Plans, daftar: int) -> Response:  # noqa: ARG001  -- the permission
    """Tell how far the planning of a list has come."""
    state = planner.state(daftar)
    return JSONResponse({"keadaan": state.word if state else "", "pesan": state.message if state else ""})


def _plan_or_fault(records: Records, library: Runs, who: Person, key: str) -> tuple[Plan, str]:
    """Return a plan; the one of the run in force, with the reason, when a list cannot be shown."""
    try:
        return read_plan(records, library, who, key), ""
    except (SettingsError, NoRun) as fault:
        if not key:
            raise
        return read_plan(records, library, who, ""), str(fault)


def _stops_of_day(
    records: Records, plan: Plan, who: Person, team: int, day: int, action: str
) -> tuple[list[dict[str, Any]], Mapping[int, Held]]:
    """Return the stops of a day and all outcomes of the plan, and leave in the trail that they were seen or printed."""
    with records.session() as session:
        held = held_outcomes(session, plan.opened, who)
    stops = day_of(plan, held, who, team, day)
    _leave(records, who, action, plan, team, day, len(stops))
    return stops, held


def _day_context(plan: Plan, team: int, day: int, stops: list[dict[str, Any]], who: Person) -> dict[str, Any]:
    if not stops and not plan.day(team, day).shape[0]:
        raise SettingsError(f"Regu {team} tidak punya kunjungan pada hari {day} di desa Anda.")
    return {
        "plan": plan, "team": team, "day": day, "stops": stops, "names": names_shown(who),
        "style": team_style(team), "begin": clock(0), "steps": STEPS,
        "desa": list(dict.fromkeys(stop["nama_desa"] or "desa belum diketahui" for stop in stops)),
    }  # fmt: skip


def _leave(records: Records, who: Person, action: str, plan: Plan, team: int, day: int, count: int) -> None:
    about = f"kunjungan {(plan.key and f'daftar {plan.key}') or 'hasil'}" + (
        f", regu {team} hari {day}" if team else ""
    )
    with records.session() as session:
        leave(session, who, action, about, households=count, run=plan.opened.id)
