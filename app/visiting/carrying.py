"""Outcomes carried over: those of an earlier register find their households in the run that is looked at now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from app.access.roles import Person
from app.household_keys import KeyStore
from app.library import OpenedRun
from app.outcome_codes import newest_ids, newest_places
from app.records import Records
from app.records.tables import Outcome, OutcomePlace
from app.trail import leave
from app.visiting.households import about
from geo.errors import SettingsError
from geo.household_keys import DOUBTS, KEYS, TITLES, compare_keys
from geo.outcomes import OUTCOMES

GONE = "tidak ada lagi dalam lembar ini, atau tidak dapat dikenali"
SET_ASIDE = "disisihkan"
"""A person said that an outcome belongs to no household of the run."""
BY_HAND = "orang"

_settled: dict[tuple[str, str, str], tuple[int, int]] = {}
"""Up to which entry and place nothing was new, by database and run; a few numbers for each run that was shown."""


@dataclass(frozen=True)
class Homeless:
    """An outcome of another run that belongs to no household of this one, as far as is known.

    Attributes
    ----------
    id
        Of the newest entry about its household.
    why
        In words (Indonesian).
    """

    id: int
    kode_desa: str
    outcome: str
    at: datetime
    by: str
    why: str
    set_aside: bool


def settle(records: Records, opened: OpenedRun, keys: KeyStore) -> None:
    """Find out which household of a run each outcome of other runs belongs to, where that was not asked yet.

    Cheap when there is nothing new. It is asked before pages show outcomes, and may be asked once when a run is
    published.
    """
    of_run = str(records.engine.url), opened.id, str(opened.manifest["created"])
    with records.session() as session:
        last = newest_ids(session)
        if _settled.get(of_run) == last:
            return
        if not _is_new(session, opened):
            _settled[of_run] = last
            return
    made = keys.of(opened.folder)  # may take seconds, and nobody else should wait for it
    with records.session(alone=True) as session:
        _rename_replaced(session, opened)
        waiting = _unplaced(session, opened.id)
        for from_run, old in waiting.groupby("run"):
            found = compare_keys(old.set_index("sheet_row")[list(KEYS)].astype("str"), made)
            session.add_all(
                OutcomePlace(
                    from_run=str(from_run), from_row=int(row), run=opened.id, how=how, doubt=doubt,
                    sheet_row=None if pd.isna(match) else int(match),
                )
                for row, match, how, doubt in found.itertuples()
            )  # fmt: skip


def homeless(session: Session, run: str, who: Person) -> list[Homeless]:
    """Return the outcomes that found no household in a run and are of somebody's desa, the newest first."""
    newest = select(func.max(OutcomePlace.id)).where(OutcomePlace.run == run)
    newest = newest.group_by(OutcomePlace.from_run, OutcomePlace.from_row)
    asked = (
        select(Outcome, OutcomePlace)
        .join(
            OutcomePlace,
            and_(OutcomePlace.from_run == Outcome.run, OutcomePlace.from_row == Outcome.sheet_row),
        )
        .where(OutcomePlace.id.in_(newest), OutcomePlace.sheet_row.is_(None), Outcome.id.in_(_newest()))
        .order_by(Outcome.id.desc())
    )
    return [
        Homeless(
            entry.id, entry.kode_desa, OUTCOMES.get(entry.outcome, entry.outcome), entry.at, entry.by,
            DOUBTS.get(place.doubt, GONE), place.doubt == SET_ASIDE,
        )
        for entry, place in session.execute(asked)
        if who.reaches(entry.kode_desa)
    ]  # fmt: skip


def assign(
    records: Records, opened: OpenedRun, keys: KeyStore, who: Person, entry: int, sheet_row: int | None
) -> OutcomePlace:
    """Say which household of a run an outcome of another run belongs to; no row says that it belongs to none.

    Only what found no household can be given one, and whoever named one may name another. It leaves the trail.

    Raises
    ------
    SettingsError
        When there is no such outcome or household, or the outcome has its household already.
    NotAllowed
        When the desa of the outcome is not theirs.
    """
    if sheet_row is not None:
        found = about(opened, [sheet_row])
        # a row of another desa is answered as one that is not there
        if found.empty or not who.reaches(str(found["kode_desa"].iloc[0])):
            raise SettingsError("Baris lembar itu tidak ada dalam hasil ini, atau bukan desa tugas Anda.")
    of_row = keys.one(opened.folder, sheet_row) if sheet_row is not None else {}
    with records.session(alone=True) as session:
        told = session.get(Outcome, entry)
        if told is None or told.run == opened.id:
            raise SettingsError("Hasil kunjungan itu tidak ada, atau sudah pada lembar ini.")
        who.require_desa(told.kode_desa)
        if not _is_open(session, told, opened.id, who):
            raise SettingsError("Hasil kunjungan itu sudah ada rumah tangganya pada lembar ini.")
        place = OutcomePlace(
            from_run=told.run, from_row=told.sheet_row, run=opened.id, sheet_row=sheet_row, by=who.name,
            how=BY_HAND, doubt="" if sheet_row is not None else SET_ASIDE,
            keys={name: key for name, key in of_row.items() if key},
        )  # fmt: skip
        session.add(place)
        now_at = SET_ASIDE if sheet_row is None else f"baris {sheet_row}"
        subject = f"{told.kode_desa} baris {told.sheet_row} lembar {told.run}: {now_at}"
        leave(session, who, "hasil", subject, households=1, run=opened.id)
        return place


def _is_open(session: Session, told: Outcome, run: str, who: Person) -> bool:
    """Tell whether an outcome is the newest of its household and has none in a run, but for one that they named."""
    same = (Outcome.run == told.run, Outcome.sheet_row == told.sheet_row)
    if session.scalar(select(func.max(Outcome.id)).where(*same)) != told.id:
        return False
    of_it = (OutcomePlace.from_run == told.run, OutcomePlace.from_row == told.sheet_row)
    asked = select(OutcomePlace).where(OutcomePlace.run == run, *of_it).order_by(OutcomePlace.id.desc())
    place = session.scalar(asked.limit(1))
    return place is None or place.sheet_row is None or (place.how == BY_HAND and place.by == who.name)


def carried_words(session: Session, run: str) -> dict[str, int]:
    """Count the households whose outcome was carried over to a run, by the key that led there, in words."""
    newest = select(func.max(OutcomePlace.id)).where(OutcomePlace.run == run)
    newest = newest.group_by(OutcomePlace.from_run, OutcomePlace.from_row)
    asked = (
        select(OutcomePlace.how, func.count())
        .where(OutcomePlace.id.in_(newest), OutcomePlace.sheet_row.is_not(None))
        .group_by(OutcomePlace.how)
    )
    return {TITLES.get(how, "petugas"): int(count) for how, count in session.execute(asked)}


def _newest() -> Any:  # noqa: ANN401  -- a question of SQLAlchemy
    return select(func.max(Outcome.id)).group_by(Outcome.run, Outcome.sheet_row)


def _is_new(session: Session, opened: OpenedRun) -> bool:
    replaced = select(Outcome.id).where(_is_replaced(opened)).limit(1)
    placed = (
        select(OutcomePlace.id)
        .where(
            OutcomePlace.run == opened.id,
            OutcomePlace.from_run == Outcome.run,
            OutcomePlace.from_row == Outcome.sheet_row,
        )
        .exists()
    )
    waiting = select(Outcome.id).where(Outcome.run != opened.id, ~placed).limit(1)
    stale = select(OutcomePlace.id).where(_is_stale(opened)).limit(1)
    return any(session.scalar(asked) is not None for asked in (replaced, waiting, stale))


def _is_replaced(opened: OpenedRun) -> Any:  # noqa: ANN401  -- a condition of SQLAlchemy
    """Tell outcomes of an earlier run that bore the same name: they are older than the run itself."""
    return and_(
        Outcome.run == opened.id, Outcome.at < datetime.fromisoformat(str(opened.manifest["created"]))
    )


def _is_stale(opened: OpenedRun) -> Any:  # noqa: ANN401  -- a condition of SQLAlchemy
    """Tell places that were found in an earlier run that bore the same name."""
    made = datetime.fromisoformat(str(opened.manifest["created"]))
    return and_(OutcomePlace.run == opened.id, OutcomePlace.at < made)


def _rename_replaced(session: Session, opened: OpenedRun) -> None:
    """Give outcomes and places of a run that another has replaced a name of their own, that no folder can bear."""
    gone = f"{opened.id}/sebelum {opened.manifest['created']}"
    session.execute(update(OutcomePlace).where(_is_stale(opened)).values(run=gone))
    if session.scalar(select(Outcome.id).where(_is_replaced(opened)).limit(1)) is None:
        return
    session.execute(update(Outcome).where(_is_replaced(opened)).values(run=gone))
    held = or_(OutcomePlace.run == opened.id, OutcomePlace.from_run == opened.id)
    for place in session.scalars(select(OutcomePlace).where(held)):
        place.run, place.from_run = (
            gone if name == opened.id else name for name in (place.run, place.from_run)
        )


def _unplaced(session: Session, run: str) -> pd.DataFrame:
    """Return the households with outcomes in other runs of which nobody asked yet, each with its newest keys."""
    placed = newest_places(session, run)
    named = _keys_by_person(session)
    rows = [
        {"run": entry.run, "sheet_row": entry.sheet_row}
        | {name: getattr(entry, name) for name in KEYS}
        | dict(named.get((entry.run, entry.sheet_row), {}))
        for entry in session.scalars(select(Outcome).where(Outcome.run != run, Outcome.id.in_(_newest())))
        if (entry.run, entry.sheet_row) not in placed
    ]
    return pd.DataFrame(rows, columns=["run", "sheet_row", *KEYS])


def _keys_by_person(session: Session) -> dict[tuple[str, int], Mapping[str, str | None]]:
    """Return the keys of the households that people named; they stand for those with which nothing was found."""
    said = session.scalars(select(OutcomePlace).where(OutcomePlace.how == BY_HAND).order_by(OutcomePlace.id))
    return {
        (place.from_run, place.from_row): dict.fromkeys(KEYS) | place.keys for place in said if place.keys
    }
