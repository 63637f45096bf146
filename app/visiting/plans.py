"""The plans of visits: that of the run in force, and those of saved lists, as one kind of thing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from app.access.roles import Person
from app.kept import Kept
from app.library import Library, OpenedRun
from app.records import Records
from app.records.tables import HouseholdList, Member
from app.visiting.households import about, positions_of
from geo.errors import NoRun, SettingsError

FACTS = "kunjungan"
"""Under this name a list keeps what its plan of visits rests on."""

BEGUN = "kunjungan_disusun"
"""Under this name a list remembers, until its plan stands, that it is being planned."""

_MEMBER = (
    Member.team, Member.day, Member.order, Member.sheet_row, Member.travel_minutes, Member.start_minute,
    Member.kode_desa, Member.left_out,
)  # fmt: skip
_PLAN = ("team", "day", "order", "sheet_row", "travel_minutes", "start_minute")


@dataclass(frozen=True)
class Plan:
    """Who is visited when, as far as somebody may see it.

    Attributes
    ----------
    key
        The number of the saved list as text; empty for the plan of the run in force.
    opened
        The run whose sheet rows it names.
    stops
        ``team``, ``day``, ``order``, ``travel_minutes``, ``start_minute`` and what
        :func:`app.visiting.households.about` tells; by day, team and order.
    listed
        ``sheet_row``, ``kode_desa`` of all households of the list, visited or not.
    placed
        Those that the run holds, with ``sheet_row``, names and codes of desa and kecamatan, zones, and the ``team``.
    left_out
        Households that the plan leaves out, by reason (Indonesian).
    facts
        ``assumptions``, ``starts``, ``minutes`` (of a day, by ``team-day``), and for a list ``asked`` (the settings).
    begun
        The list is being planned, or was when the application ended.
    """

    key: str
    title: str
    opened: OpenedRun
    stops: pd.DataFrame
    listed: pd.DataFrame
    placed: pd.DataFrame
    left_out: Mapping[str, int]
    facts: Mapping[str, Any]
    by: str = ""
    at: datetime | None = None
    begun: bool = False

    @property
    def is_list(self) -> bool:
        """Tell whether it is of a saved list, which can be planned anew."""
        return bool(self.key)

    def day(self, team: int, day: int) -> pd.DataFrame:
        """Return the stops of a team on a day, in their order."""
        stops = self.stops
        return stops[(stops["team"] == team) & (stops["day"] == day)]


def saved_lists(session: Session, who: Person) -> list[HouseholdList]:
    """Return the saved lists of which somebody may see a household, the newest first."""
    return list(session.scalars(select(HouseholdList).where(_reached(who)).order_by(HouseholdList.id.desc())))


def _reached(who: Person) -> ColumnElement[bool]:
    """Tell the lists of which somebody may see a household to be visited."""
    if who.desa is None:
        return true()
    own = (Member.list_id == HouseholdList.id, Member.kode_desa.in_(who.desa), Member.team.is_not(None))
    return select(Member.list_id).where(*own).exists()


def read_plan(records: Records, library: Library, who: Person, key: str) -> Plan:
    """Return a plan, limited to the desa of the person.

    Parameters
    ----------
    key
        Of a saved list, or empty for the plan of the run in force.

    Raises
    ------
    SettingsError
        When there is no such list, or its run was replaced by another.
    NoRun
        When its run is not kept any more.
    """
    return _of_list(records, library, who, key) if key else plan_of_run(library.shown(), who)


def minutes_of_days(plan: Plan) -> dict[tuple[int, int], float]:
    """Return how long each day of a team lasts, the way back included, where that is known."""
    said = plan.facts.get("minutes", {})
    return {
        (int(team), int(day)): float(minutes)
        for (team, day), minutes in ((name.split("-"), minutes) for name, minutes in said.items())
    }


def minutes_by_day(visits: pd.DataFrame) -> dict[str, float]:
    """Return how long each day of a team lasts, the way back included, by ``team-day``."""
    ends = visits["start_minute"] + visits["visit_minutes"] + visits["return_minutes"]
    names = visits["team"].astype("str") + "-" + visits["day"].astype("str")
    return {str(name): round(float(end), 1) for name, end in ends.groupby(names).max().items()}


def plan_of_run(opened: OpenedRun, who: Person) -> Plan:
    """Return the plan that a run was made with, limited to the desa of the person."""
    assessment = opened.assessment
    visits, left_out = assessment.visits, assessment.visits_left_out
    facts = dict(opened.facts.get("visits", {}))

    def made() -> _Rows:
        listed = pd.concat([visits[["sheet_row", "kode_desa"]], left_out[["sheet_row", "kode_desa"]]])
        return _limited(opened, who, visits.reindex(columns=list(_PLAN)), listed, left_out)

    rows = _ROWS.get(("", *_made(opened), who.desa), made)
    if len(visits):
        facts["minutes"] = minutes_by_day(visits)
    return Plan("", "Rencana hasil ini", opened, *rows, facts)


def _of_list(records: Records, library: Library, who: Person, key: str) -> Plan:
    number = int(key) if key.isascii() and key.isdecimal() and len(key) < 10 else 0  # noqa: PLR2004
    with records.session() as session:
        saved = session.scalar(select(HouseholdList).where(HouseholdList.id == number, _reached(who)))
    if saved is None:  # what is not theirs is answered as what is not there
        raise SettingsError("Daftar itu tidak ada lagi.")
    try:
        opened = library.open(saved.run)
    except NoRun as fault:
        raise NoRun(
            f"Daftar «{saved.name}» dibuat dari hasil yang sudah tidak disimpan. Buat daftarnya lagi."
        ) from fault
    if saved.at < datetime.fromisoformat(str(opened.manifest["created"])):
        raise SettingsError(
            f"Daftar «{saved.name}» dibuat dari hasil yang sudah diganti; nomor barisnya tidak berlaku lagi. Buat "
            f"daftarnya lagi dari hasil yang sekarang."
        )
    facts = dict(saved.facts.get(FACTS, {}))

    def made() -> _Rows:
        with records.session() as session:
            members = session.execute(select(*_MEMBER).where(Member.list_id == saved.id)).all()
        table = pd.DataFrame(members, columns=[*_PLAN, "kode_desa", "reason"])
        visits = table[table["team"].notna()].sort_values(["day", "team", "order"], ignore_index=True)
        visits = visits.astype({"team": "int64", "day": "int64", "order": "int64"})
        left_out = table[table["team"].isna() & (table["reason"] != "")] if facts else table.iloc[:0]
        return _limited(opened, who, visits[list(_PLAN)], table[["sheet_row", "kode_desa"]], left_out)

    # the members of a list change with its plan alone
    of_list = str(records.engine.url), saved.id, saved.at, facts.get("at")
    rows = _ROWS.get((*of_list, *_made(opened), who.desa), made)
    return Plan(str(saved.id), saved.name, opened, *rows, facts, saved.by, saved.at, BEGUN in saved.facts)


class _Rows(NamedTuple):
    """What follows from a plan and the desa of the person; it holds on to no run."""

    stops: pd.DataFrame
    listed: pd.DataFrame
    placed: pd.DataFrame
    left_out: Mapping[str, int]


_ROWS = Kept[_Rows](most=64)


def _limited(
    opened: OpenedRun, who: Person, visits: pd.DataFrame, listed: pd.DataFrame, left_out: pd.DataFrame
) -> _Rows:
    def theirs(table: pd.DataFrame) -> pd.DataFrame:
        return table if who.desa is None else table[table["kode_desa"].isin(who.desa)]

    told = about(opened, visits["sheet_row"].to_numpy(np.int64))
    stops = theirs(visits.merge(told, on="sheet_row")).reset_index(drop=True)
    listed = theirs(listed).reset_index(drop=True)
    reasons = {str(reason): int(count) for reason, count in theirs(left_out)["reason"].value_counts().items()}
    return _Rows(stops, listed, _placed(opened, listed, stops), reasons)


def _placed(opened: OpenedRun, listed: pd.DataFrame, stops: pd.DataFrame) -> pd.DataFrame:
    table = opened.assessment.households
    place = positions_of(opened, listed["sheet_row"].to_numpy(np.int64))
    placed, place = listed[["sheet_row"]][place >= 0].reset_index(drop=True), place[place >= 0]
    zones = [f"zone_{layer['id']}" for layer in opened.facts["layers"]]
    for name in ("kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan", *zones):
        if name in table:
            placed[name] = table[name].iloc[place].astype("object").to_numpy()
    return placed.merge(stops[["sheet_row", "team"]], on="sheet_row", how="left")


def _made(opened: OpenedRun) -> tuple[str, str]:
    return str(opened.folder), str(opened.manifest["created"])
