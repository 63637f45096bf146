"""A plan of visits as tables, and in words and figures what it rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo.settings import VisitSettings
from geo.symbology import number
from geo.visits.task import Integers, Route, Task, times

VISITS = {
    "team": "int64",
    "day": "int64",
    "order": "int64",
    "sheet_row": "int64",
    "rank": "int64",
    "kode_desa": "str",
    "nama_desa": "str",
    "dusun": "str",
    "has_position": "bool",
    "travel_minutes": "float64",
    "report_minutes": "float64",
    "start_minute": "float64",
    "visit_minutes": "float64",
    "return_minutes": "float64",
}
LEFT_OUT = {"sheet_row": "int64", "rank": "int64", "kode_desa": "str", "reason": "str"}

_BY_ADDRESS = (
    "Rumah tanpa titik dicari menurut alamatnya, sesudah rumah lain di desa itu; waktu jalannya ditaksir dari letak "
    "dusun atau desanya dan luasnya."
)


@dataclass(frozen=True)
class VisitPlan:
    """Who is visited when, and who is not.

    Attributes
    ----------
    visits
        ``team``, ``day``, ``order`` (each from 1), ``sheet_row``, ``rank``, ``kode_desa``, ``nama_desa``, ``dusun``,
        ``has_position`` (of its own), ``travel_minutes`` (from the place before), ``report_minutes`` (at the office of
        a desa that is entered), ``start_minute`` (of the visit, from the start of the day), ``visit_minutes`` and
        ``return_minutes`` (to the start place after the last visit of a day, else 0); by day, team and order.
    left_out
        ``sheet_row``, ``rank``, ``kode_desa``, ``reason`` (Indonesian), by rank.
    facts
        ``teams``, ``days``, ``planned``, ``left_out``, ``reasons`` (households left out, by reason), ``team_days``
        (used), ``travel_minutes`` (ways back included), ``report_minutes``, ``visit_minutes``, ``total_minutes``,
        ``mean_day_minutes``, ``all_to_rank`` (the last rank before anybody is left out), ``split_desa`` (desa that
        are visited on more than one team-day), ``starts`` (longitude, latitude; one for all teams, or one each),
        ``start`` and ``assumptions`` (Indonesian sentences; of the latter the start place is the first).
    """

    visits: pd.DataFrame
    left_out: pd.DataFrame
    facts: Mapping[str, Any]


def tell(
    ranked: pd.DataFrame,
    own: np.ndarray,
    rows: Integers,
    task: Task | None,
    routes: Sequence[Route],
    reasons: np.ndarray,
    settings: VisitSettings,
    notes: Sequence[str],
    starts: Sequence[Sequence[float]],
) -> VisitPlan:
    """Return a plan as tables.

    Parameters
    ----------
    ranked
        The households asked for, the best-ranked first.
    own
        Whether each has a position of its own.
    rows
        Of ``ranked``, for each house of the task.
    reasons
        For each household, why it is left out when it is.
    notes
        What is assumed, as sentences; the first is about the start places.
    starts
        Longitude and latitude of the start places, in degrees.
    """
    days = [] if task is None else _calendar(task, routes)
    parts = [] if task is None else [_day_table(task, *day) for day in days]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["house"])
    seen = rows[table["house"].to_numpy(dtype=np.int64)]
    about = ranked.iloc[seen].reset_index(drop=True)
    visits = table.drop(columns="house").assign(
        **{name: about[name] for name in ("sheet_row", "rank", "kode_desa", "nama_desa", "dusun")},
        has_position=own[seen],
    )
    visits = visits.reindex(columns=list(VISITS)).astype(VISITS)
    out = np.setdiff1d(np.arange(len(ranked)), seen)
    left_out = ranked.iloc[out][["sheet_row", "rank", "kode_desa"]].assign(reason=reasons[out])
    left_out = left_out.reset_index(drop=True).astype(LEFT_OUT)
    where = {"start": notes[0] if notes else "", "starts": [list(start) for start in starts]}
    return VisitPlan(visits, left_out, _facts(visits, left_out, len(days), settings, notes) | where)


def _calendar(task: Task, routes: Sequence[Route]) -> list[tuple[int, int, Route]]:
    """Give each route a team that starts where it does, and a day: what the best-ranked wait for comes first."""
    waiting = sorted(routes, key=lambda route: (float(route.stops.mean()), int(route.stops.min())))
    calendar = []
    for start in dict.fromkeys(task.starts):
        teams = [team for team, place in enumerate(task.starts, 1) if place == start]
        mine = [route for route in waiting if route.start == start]
        calendar += [
            (number // len(teams) + 1, teams[number % len(teams)], route) for number, route in enumerate(mine)
        ]
    return sorted(calendar, key=lambda each: each[:2])


def _day_table(task: Task, day: int, team: int, route: Route) -> pd.DataFrame:
    spent = times(task, route)
    count = len(route.stops)
    before = np.concatenate([[0.0], np.full(count - 1, task.visit)])
    back = np.zeros(count)
    back[-1] = spent.back
    return pd.DataFrame(
        {
            "house": route.stops,
            "team": team,
            "day": day,
            "order": np.arange(1, count + 1),
            "travel_minutes": spent.travel,
            "report_minutes": spent.report,
            "start_minute": np.cumsum(spent.travel + spent.report + before),
            "visit_minutes": task.visit,
            "return_minutes": back,
        }
    )


def _facts(
    visits: pd.DataFrame,
    left_out: pd.DataFrame,
    team_days: int,
    settings: VisitSettings,
    notes: Sequence[str],
) -> dict[str, Any]:
    travel = float(visits["travel_minutes"].sum() + visits["return_minutes"].sum())
    report, visit = (float(visits[name].sum()) for name in ("report_minutes", "visit_minutes"))
    total = travel + report + visit
    worst = visits["rank"].max() if left_out.empty else left_out["rank"].min() - 1
    days_of_desa = visits.drop_duplicates(["kode_desa", "team", "day"]).dropna(subset="kode_desa")
    return {
        "teams": settings.teams,
        "days": settings.days,
        "planned": len(visits),
        "left_out": len(left_out),
        "reasons": {str(reason): int(count) for reason, count in left_out["reason"].value_counts().items()},
        "team_days": team_days,
        "travel_minutes": round(travel, 1),
        "report_minutes": round(report, 1),
        "visit_minutes": round(visit, 1),
        "total_minutes": round(total, 1),
        "mean_day_minutes": round(total / team_days, 1) if team_days else 0.0,
        "all_to_rank": 0 if pd.isna(worst) else int(worst),
        "split_desa": int((days_of_desa["kode_desa"].value_counts() > 1).sum()),
        "assumptions": [*notes, _rules(settings), *([] if visits["has_position"].all() else [_BY_ADDRESS])],
    }


def _rules(settings: VisitSettings) -> str:
    day, visit, desa = (
        number(minutes, 0 if float(minutes).is_integer() else 1)
        for minutes in (settings.minutes_a_day, settings.minutes_a_visit, settings.minutes_a_desa)
    )
    return (
        f"Satu hari kerja {day} menit, termasuk jalan pulang; {visit} menit tiap rumah; {desa} menit lapor tiap masuk "
        f"desa."
    )
