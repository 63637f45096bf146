"""Returned lines entered as outcomes: all that land, with what a person chose about conflicts, or none."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.access.roles import Permission, Person
from app.library import OpenedRun
from app.records import Records
from app.records.tables import Handover, Outcome, Return
from app.returning.checking import Checked, judge, locate
from app.returning.conflicts import CHOICES
from app.returning.finding import Sources, read_given
from app.returning.waiting import ENTERED, Kept, decide, find, lines_of, require_waiting, subject_of
from app.trail import leave
from app.visiting import settle
from geo.errors import SettingsError
from geo.household_keys import KEYS

_AT_ONCE = 1000


@dataclass(frozen=True)
class Entered:
    """What came of a file, in lines.

    Attributes
    ----------
    new
        Entered as outcomes.
    already
        Known before.
    left_out
        In conflict and not entered, by kind.
    """

    new: int
    already: int
    left_out: dict[str, int]


class ChangedMeanwhileError(SettingsError):
    """What a person decided upon is not what stands here any more."""


def look(records: Records, sources: Sources, who: Person, number: int) -> tuple[Kept, Checked]:
    """Hold a file that waits against what stands here; nothing is entered.

    Raises
    ------
    NotAllowed
        When it does not wait, or the person may not share.
    """
    with records.session() as session:
        kept = find(session, who, number)
        require_waiting(kept.file)
    located = _located(records, sources, kept)
    with records.session() as session:
        return kept, judge(session, located, kept.held, sources, who)


def enter(
    records: Records,
    sources: Sources,
    who: Person,
    number: int,
    theirs: Collection[str] = (),
    mark: str | None = None,
) -> Entered:
    """Enter what lands of a file, in one transaction; a file is entered once.

    Parameters
    ----------
    theirs
        Kinds of :data:`app.returning.conflicts.CHOICES` in which the agency's word is taken.
    mark
        :attr:`app.returning.checking.Checked.mark` of what the person was shown; None for whoever was shown nothing.

    Raises
    ------
    NotAllowed
        When the file does not wait, or the person may not share or enter outcomes.
    ChangedMeanwhileError
        When something else stands here than what was shown.
    """
    who.require(Permission.ENTER_OUTCOMES)
    theirs = [kind for kind in CHOICES if kind in theirs]
    with records.session() as session:
        kept = find(session, who, number)
        require_waiting(kept.file)
    located = _located(records, sources, kept)
    with records.session(alone=True) as session:
        kept = find(session, who, number)
        require_waiting(kept.file)
        checked = judge(session, located, kept.held, sources, who)
        if mark is not None and mark != checked.mark:
            raise ChangedMeanwhileError(
                "Sejak halaman itu dibuka ada hasil lain yang dicatat. Periksa sekali lagi, lalu catat."
            )
        entered = _write(session, who, kept, checked, theirs, sources)
    _show(records, sources)
    return entered


def _located(records: Records, sources: Sources, kept: Kept) -> pd.DataFrame:
    with records.session() as session:
        given = read_given(session, session.get_one(Handover, kept.held.id))
        lines = lines_of(session.get_one(Return, kept.file.id))
    _show(records, sources)  # what was entered elsewhere stands in the run in force before it is compared
    return locate(lines, kept.file.at.astimezone().date(), given, sources)


def _show(records: Records, sources: Sources) -> None:
    if opened := _shown(sources):
        settle(records, opened, sources.keys)


def _shown(sources: Sources) -> OpenedRun | None:
    shown = sources.library.in_force()
    return sources.library.open(shown) if shown else None


def _write(
    session: Session, who: Person, kept: Kept, checked: Checked, theirs: Collection[str], sources: Sources
) -> Entered:
    lands = checked.lands(theirs)
    rows = checked.rows[lands].sort_values(["day", "line"], kind="stable")
    made = _entries(rows, who, sources)
    for start in range(0, len(made), _AT_ONCE):
        session.execute(insert(Outcome), made[start : start + _AT_ONCE])
    left_out = {
        kind: count
        for kind, part in checked.conflicts().items()
        if (count := int((~lands[part.index]).sum()))
    }
    entered = Entered(len(made), int(checked.rows["already"].sum()), left_out)
    decide(kept.file, who, ENTERED, {"new": entered.new, "already": entered.already, "left_out": left_out,
                                     "theirs": [*theirs]})  # fmt: skip
    subject = f"{subject_of(kept)}: {entered.new} hasil dicatat, {sum(left_out.values())} tidak"
    leave(session, who, "kembali", subject, households=entered.new, run=kept.held.run)
    return entered


def _entries(rows: pd.DataFrame, who: Person, sources: Sources) -> list[dict[str, object]]:
    """Return the entries in the order of the rows, each with the keys of its household."""
    told = rows.rename(columns={"day": "visited_on"}).assign(by=who.name)
    for run, part in rows.groupby("run"):
        keys = sources.keys.of(sources.library.path(str(run))).reindex(part["sheet_row"].to_numpy(np.int64))
        told.loc[part.index, list(KEYS)] = keys[list(KEYS)].to_numpy(object)
    wanted = ["run", "sheet_row", "kode_desa", "outcome", "note", "visited_on", "by", *KEYS]
    entries = told.reindex(columns=wanted).to_dict("records")
    # what is missing in a table has no value in a database
    return [
        {
            str(name): value if name not in KEYS or isinstance(value, str) else None
            for name, value in one.items()
        }
        for one in entries
    ]
