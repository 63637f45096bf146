"""How far the visits have come: a page, a file, and rounded figures for those who see areas only."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.access.roles import Permission
from app.csv_output import csv_text
from app.dependencies import Recorder, Records, Runs, Viewer
from app.outcome_codes import held_outcomes
from app.rendering import page
from app.trail import leave
from app.visiting import settle
from app.visiting.plans import plan_of_run, read_plan, saved_lists
from app.visiting.progress import progress_csv, progress_tables, public_rows, summary_of
from geo.outcomes import OUTCOMES

router = APIRouter()


@router.get("/kunjungan/kemajuan")
def progress_page(
    request: Request, who: Viewer, records: Records, library: Runs, daftar: str = ""
) -> Response:
    """Show the progress by team, kecamatan, desa and zone; by kecamatan and rounded for those who see areas only."""
    exact = who.may(Permission.SEE_HOUSEHOLDS)
    plan = read_plan(records, library, who, daftar) if exact else plan_of_run(library.shown(), who)
    settle(records, plan.opened, request.app.state.household_keys)
    with records.session() as session:
        held = held_outcomes(session, plan.opened, who)
        lists = saved_lists(session, who) if exact else []
    found = {
        "plan": plan,
        "lists": lists,
        "summary": summary_of(plan, held, exact=exact),
        "outcomes": OUTCOMES,
        "tables": progress_tables(plan, held) if exact else [],
        "rows": [] if exact else public_rows(plan, held),
    }
    return page(request, "visits_progress.html", found)


@router.get("/kunjungan/kemajuan.csv")
def progress_file(who: Recorder, records: Records, library: Runs, daftar: str = "") -> Response:
    """Hand out the same as a table for a spreadsheet; it names nobody."""
    plan = read_plan(records, library, who, daftar)
    with records.session() as session:
        held = held_outcomes(session, plan.opened, who)
        leave(session, who, "unduh", f"kemajuan kunjungan {plan.key}".strip(), run=plan.opened.id)
    text = csv_text(progress_csv(progress_tables(plan, held)))
    headers = {"Content-Disposition": 'attachment; filename="kemajuan-kunjungan.csv"'}
    return Response(text.encode("utf-8-sig"), media_type="text/csv", headers=headers)
