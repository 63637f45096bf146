"""What stands here about the households of returned lines: where they are now, what holds, and what was entered."""

import re
from datetime import date, datetime

import numpy as np
import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.roles import Person
from app.manifests import when_made
from app.outcome_codes import Held, held_outcomes, newest_places
from app.records.tables import Outcome
from app.returning.finding import KNOWN, Sources
from app.visiting.carrying import GONE
from app.visiting.households import about
from geo.household_keys import DOUBTS, compare_keys

_NUMBER = re.compile(r"\(pembagian [0-9]+\)", re.ASCII)
"""In a note: the same answer to another hand-over says nothing new."""


def placed(session: Session, located: pd.DataFrame, sources: Sources) -> pd.DataFrame:
    """Add where each household is, and which it is in the run in force."""
    shown = sources.library.in_force()
    rows = located.assign(kode_desa="", nama_desa="", row_now=-1, doubt="")
    for run, part in rows[rows["why"] == KNOWN].groupby("run"):
        opened = sources.library.open(str(run))
        told = about(opened, part["sheet_row"].to_numpy(np.int64)).set_index("sheet_row")
        told = told[~told.index.duplicated()]
        for name in ("kode_desa", "nama_desa"):
            rows.loc[part.index, name] = part["sheet_row"].map(told[name].fillna("").astype("str")).to_numpy()
        if run == shown:
            rows.loc[part.index, "row_now"] = part["sheet_row"]
        elif shown:
            now_at, doubt = _in_force(session, str(run), part["sheet_row"], sources, shown)
            rows.loc[part.index, "row_now"], rows.loc[part.index, "doubt"] = now_at, doubt
    return rows


def _in_force(
    session: Session, run: str, sheet_rows: pd.Series, sources: Sources, shown: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return which household each is in the run in force (-1 for none), and why it is none that is known."""
    path = sources.library.path
    old = sources.keys.of(path(run)).loc[sheet_rows.drop_duplicates().to_numpy()]
    found = compare_keys(old, sources.keys.of(path(shown)))
    place = found["match"].fillna(-1).astype("int64")
    said = newest_places(session, shown)  # what was found before, or a person said, holds
    for row in place.index:
        if (run, row) in said:
            place.loc[row] = -1 if (at := said[run, row]) is None else at
    doubt = found["doubt"].map(DOUBTS).fillna(GONE).where(place < 0, "")
    return place.reindex(sheet_rows).to_numpy(), doubt.reindex(sheet_rows).to_numpy()


def standing(session: Session, rows: pd.DataFrame, sources: Sources, who: Person) -> pd.Series:
    """Return the outcome that holds for each household: in the run in force, else where the line lands."""
    shown = sources.library.in_force()
    runs = {shown, *rows["run"]} - {""}
    held = {run: held_outcomes(session, sources.library.open(run), who) for run in runs}
    told = [
        (held[shown].get(row_now) if row_now >= 0 else None) or (held[run].get(row) if run else None)
        for run, row, row_now in rows[["run", "sheet_row", "row_now"]].itertuples(index=False)
    ]
    return pd.Series(told, index=rows.index, dtype="object")


def already(session: Session, rows: pd.DataFrame, sources: Sources) -> np.ndarray:
    """Tell which lines say nothing new: entered before, earlier in the file, or the same as what holds and older."""
    entered = {run: _entered(session, run, sources) for run in {*rows["run"]} - {""}}
    notes = rows["note"].str.replace(_NUMBER, "", regex=True)
    said = rows[["run", "sheet_row", "outcome", "day", "dated"]].assign(note=notes)
    told = np.zeros(len(rows), dtype=bool)
    columns = zip(
        *(said[name] for name in ("run", "sheet_row", "outcome", "day", "dated", "note")), rows["held"],
        strict=True,
    )  # fmt: skip
    for place, (run, row, outcome, day, dated, note, held) in enumerate(columns):
        if not run or not isinstance(day, date):
            continue
        told[place] = (row, outcome, note, day if dated else None) in entered[run] or (
            held is not None and held.outcome == outcome and not (dated and _adds(held, day, note))
        )
    return told | (said.duplicated() & (rows["run"] != "")).to_numpy()


def _adds(held: Held, day: date, note: str) -> bool:
    """Tell whether the same outcome says more than what holds: a later day, or something else of the same day."""
    return day > held.visited_on or (day == held.visited_on and _NUMBER.sub("", held.note) != note)


def _entered(session: Session, run: str, sources: Sources) -> set[tuple[int, str, str, date | None]]:
    """Return what was ever entered in a run, with its day and without."""
    since = datetime.fromisoformat(when_made(sources.library.path(run)))
    asked = select(Outcome.sheet_row, Outcome.outcome, Outcome.note, Outcome.visited_on)
    found = session.execute(asked.where(Outcome.run == run, Outcome.at >= since))
    whole = {(row, outcome, _NUMBER.sub("", note), day) for row, outcome, note, day in found}
    return whole | {(row, outcome, note, None) for row, outcome, note, _ in whole}
