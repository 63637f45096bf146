"""The days of a plan: each with its length and how far it has come, and the stops of one day in their order."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from app.access.roles import Permission, Person
from app.library import Library
from app.outcome_codes import Held, held_outcomes
from app.records import Records
from app.visiting.households import with_names
from app.visiting.plans import Plan, minutes_of_days, read_plan, saved_lists
from app.visiting.progress import words_of
from geo.errors import NoRun, SettingsError
from geo.maps.plan import team_style
from geo.outcomes import DONE, OUTCOMES, progress

DAY_BEGINS = 8 * 60
"""Minute of the day at which the times of a plan begin to be told."""

_LATEST = 3
"""So many of the newest lists are looked through for days that wait."""

Row = dict[str, Any]


def clock(minute: float) -> str:
    """Return the time of day of a minute of a plan, as Indonesians write it.

    Examples
    --------
    >>> clock(0), clock(78.7), clock(950)
    ('08.00', '09.19', '23.50')
    """
    total = DAY_BEGINS + round(minute)
    return f"{total // 60:02d}.{total % 60:02d}"


def names_shown(who: Person) -> bool:
    """Tell whether somebody sees the names on a sheet of visits."""
    return who.may(Permission.SEE_NAMES)


def days_of(plan: Plan, held: Mapping[int, Held]) -> list[Row]:
    """Return the days of each team: ``team``, ``day``, ``desa`` (names), ``minutes`` (missing), and the progress."""
    stops, lasting = plan.stops, minutes_of_days(plan)
    if stops.empty:
        return []
    table = progress(stops, words_of(held), ["team", "day"]).sort_values(["day", "team"])
    named = stops["nama_desa"].where(stops["nama_desa"] != "", "desa belum diketahui")
    desa: dict[tuple[int, int], list[str]] = {}
    for team, day, name in (
        stops[["team", "day"]].assign(name=named).drop_duplicates().itertuples(index=False)
    ):
        desa.setdefault((team, day), []).append(name)
    return [
        {str(name): value for name, value in row.items()}
        | {"desa": ", ".join(desa[row["team"], row["day"]]), "colour": team_style(int(row["team"]))[0],
           "done": row[DONE], "minutes": lasting.get((int(row["team"]), int(row["day"])))}
        for row in table.to_dict("records")
    ]  # fmt: skip


def open_days(
    records: Records, library: Library, who: Person, most: int = 3
) -> tuple[Plan | None, list[Row]]:
    """Return the first days with a visit still to make, as :func:`days_of` does, and the plan that they are of.

    It is the newest saved list that was planned, else the plan of the run in force, within the person's desa.
    """
    with records.session() as session:
        keys = [str(each.id) for each in saved_lists(session, who)[:_LATEST]]
    for key in [*keys, ""]:
        try:
            plan = read_plan(records, library, who, key)
        except (SettingsError, NoRun):  # the page of the list says why
            continue
        with records.session() as session:
            days = days_of(plan, held_outcomes(session, plan.opened, who))
        if waiting := [day for day in days if day["visited"] < day["listed"]]:
            return plan, waiting[:most]
    return None, []


def day_of(plan: Plan, held: Mapping[int, Held], who: Person, team: int, day: int) -> list[Row]:
    """Return the stops of a team on a day, with the names for those who may see them, and what came of each."""
    stops = with_names(plan.opened, plan.day(team, day), who)
    return [stop_row(row, held) for row in stops.to_dict("records")]


def stop_row(row: Mapping[Any, Any], held: Mapping[int, Held]) -> Row:
    """Return a stop as a page tells it."""
    found = held.get(int(row["sheet_row"]))
    place = [row["dusun"], f"RT {row['rt']}" if row["rt"] else "", f"RW {row['rw']}" if row["rw"] else ""]
    start = row.get("start_minute")
    return {str(name): value for name, value in row.items()} | {
        "place": ", ".join(part for part in place if part),
        "time": "" if start is None or pd.isna(start) else clock(float(start)),
        "held": found,
        "outcome": OUTCOMES[found.outcome] if found else "",
    }
