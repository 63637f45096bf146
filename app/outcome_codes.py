"""Which outcome holds for each household of a run: its own, and those of other runs that were found to be its."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.roles import Person
from app.library import OpenedRun
from app.records import Records
from app.records.tables import Outcome, OutcomePlace
from geo.filters import Filter
from geo.outcomes import CODES

_KEPT = 4
_lock = threading.Lock()
_held: OrderedDict[tuple[str, str, str], "_Told"] = OrderedDict()

_COLUMNS = (
    Outcome.id, Outcome.run, Outcome.sheet_row, Outcome.outcome, Outcome.note, Outcome.visited_on, Outcome.at,
    Outcome.by,
)  # fmt: skip

Places = Mapping[tuple[str, int], int | None]


@dataclass(frozen=True)
class Held:
    """The outcome that holds for a household.

    Attributes
    ----------
    sheet_row
        Of the household in the run that was asked for.
    from_run
        The run in which it was entered, when that is another; else empty.
    """

    id: int
    sheet_row: int
    outcome: str
    note: str
    visited_on: date
    at: datetime
    by: str
    from_run: str


@dataclass(frozen=True)
class _Told:
    """What was read of one run, up to the newest entry and the newest place that were known then."""

    last: tuple[int, int]
    places: Places
    held: Mapping[int, Held]
    codes: Mapping[int, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "codes", {row: CODES[one.outcome] for row, one in self.held.items()})


def held_outcomes(session: Session, opened: OpenedRun, who: Person) -> Mapping[int, Held]:
    """Return the outcome that holds for each household of somebody's desa that has any; of several the newest.

    It is kept from one request to the next: entries are only ever added, so only the new ones are read.
    """
    told = _read(session, opened.id, str(opened.manifest["created"])).held
    if who.desa is None or not told:
        return told
    rows = np.fromiter(told, dtype=np.int64, count=len(told))
    places = opened.arrays.positions(rows)
    rows, places = rows[places >= 0], places[places >= 0]
    theirs = opened.arrays.mask(Filter(), who.desa)
    return {row: told[row] for row in rows[theirs[places]].tolist()}


def outcome_codes(records: Records, run_id: str, made: str = "") -> tuple[str, Mapping[int, int]]:
    """Return the outcomes of a run as the numbers of :data:`geo.outcomes.CODES`, by sheet row, of all desa.

    Parameters
    ----------
    made
        When the run was made (ISO 8601): what was entered before then is of another run of that name, whose rows
        have other numbers.

    Returns
    -------
    tuple
        A word that changes whenever one of them does, for caches (it tells how many there are: not for pages); and
        the numbers, made once for each such word.
    """
    with records.session() as session:
        told = _read(session, run_id, made)
    return "-".join(str(number) for number in told.last), told.codes


def newest_places(session: Session, run_id: str) -> dict[tuple[str, int], int | None]:
    """Return where the outcomes of other runs belong in a run, by their own run and row; none where it is not known."""
    newest = select(func.max(OutcomePlace.id)).where(OutcomePlace.run == run_id)
    newest = newest.group_by(OutcomePlace.from_run, OutcomePlace.from_row)
    columns = OutcomePlace.from_run, OutcomePlace.from_row, OutcomePlace.sheet_row
    found = session.execute(select(*columns).where(OutcomePlace.id.in_(newest)))
    return {(from_run, from_row): row for from_run, from_row, row in found}


def newest_ids(session: Session) -> tuple[int, int]:
    """Return the numbers of the newest entry and the newest place; another pair whenever there is another of them."""
    entry, place = (session.scalar(select(func.max(table.id))) or 0 for table in (Outcome, OutcomePlace))
    return entry, place


def _read(session: Session, run_id: str, made: str) -> _Told:
    key = str(session.get_bind().engine.url), run_id, made
    last = newest_ids(session)
    with _lock:
        kept = _held.get(key)
    if kept is None or kept.last != last:
        kept = _brought_up(session, run_id, made, kept, last)
    with _lock:
        _held[key] = kept
        _held.move_to_end(key)
        while len(_held) > _KEPT:
            _held.popitem(last=False)
    return kept


def _brought_up(session: Session, run_id: str, made: str, kept: _Told | None, last: tuple[int, int]) -> _Told:
    """Return what holds now; where no place was found since, only the newer entries are read."""
    if kept is None or kept.last[1] != last[1] or kept.last[0] > last[0]:
        kept = _Told((0, last[1]), newest_places(session, run_id), {})
    since = datetime.fromisoformat(made) if made else None
    held = dict(kept.held)
    newer = select(*_COLUMNS).where(Outcome.id > kept.last[0], Outcome.id <= last[0]).order_by(Outcome.id)
    for id_, run, its_row, outcome, note, visited_on, at, by in session.execute(newer):
        own = run == run_id
        row = its_row if own else kept.places.get((run, its_row))
        if row is not None and outcome in CODES and not (own and since is not None and at < since):
            held[row] = Held(id_, row, outcome, note, visited_on, at, by, "" if own else run)
    return _Told(last, kept.places, held)
