"""Returned lines held against what stands here: what lands, what is there already, and what is in conflict."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from app.access.roles import Permission, Person
from app.outcome_codes import Held
from app.records.tables import Handover, now
from app.returning.conflicts import CHOICES, KINDS
from app.returning.finding import KNOWN, OF_ANOTHER, UNKNOWN, Given, Sources, find_households
from app.returning.standing import already, placed, standing
from app.returning.words import outcome_of, read_day, why_not
from app.visiting.entering import LONGEST_NOTE, OLDEST
from geo.outcomes import OUTCOMES
from geo.review.decisions import one_line

Fault = tuple[int, str]
"""A line, and what is wrong with it (Indonesian)."""


@dataclass(frozen=True)
class Checked:
    """Returned lines and what is to be said of each.

    Attributes
    ----------
    rows
        ``line``, ``id``, ``hasil`` (as written), ``outcome`` (a word of :data:`geo.outcomes.OUTCOMES`, else empty),
        ``day``, ``dated``, ``note``, ``run``, ``sheet_row`` (-1 for none), ``kode_desa``, ``nama_desa``, ``row_now``
        (in the run in force, -1 for none), ``doubt`` (Indonesian), ``held`` (:class:`app.outcome_codes.Held` or
        None), ``already``, and one column for each kind of :data:`KINDS` (whether the line is in such a conflict).
    """

    rows: pd.DataFrame

    @property
    def blocked(self) -> pd.Series:
        """Tell which lines cannot land, whatever is chosen."""
        return self.rows[[kind for kind in KINDS if kind not in CHOICES]].any(axis=1)

    @property
    def agreed(self) -> pd.Series:
        """Tell which lines land without a choice."""
        return self.lands(())

    def lands(self, theirs: Collection[str]) -> pd.Series:
        """Tell which lines land when the agency's word is taken in some kinds of conflict."""
        against = self.rows[[kind for kind in CHOICES if kind not in theirs]].any(axis=1)
        return ~self.blocked & ~self.rows["already"] & ~against

    def conflicts(self) -> dict[str, pd.DataFrame]:
        """Return the lines in conflict, each under the first of its kinds."""
        marked = self.rows[list(KINDS)]
        first = marked.idxmax(axis=1).where(marked.any(axis=1), "")
        return {kind: rows for kind in KINDS if len(rows := self.rows[first == kind])}

    @property
    def mark(self) -> str:
        """A word that changes with anything that a person decides upon."""
        held = [one.id if one is not None else 0 for one in self.rows["held"]]
        told = self.rows[["line", "run", "sheet_row", "row_now", "already", *KINDS]].assign(held=held)
        return hashlib.sha256(told.to_csv(index=False).encode()).hexdigest()[:16]


def locate(lines: pd.DataFrame, received: date, given: Given, sources: Sources) -> pd.DataFrame:
    """Understand each line, and find its household; what takes long, and asks nothing of the database.

    Parameters
    ----------
    received
        The day of lines without one.

    Returns
    -------
    pandas.DataFrame
        As :attr:`Checked.rows` up to ``sheet_row``, with ``why`` the household was not found, ``written`` (the day as
        it stands in the file) and ``unread``: it is none, or not of the past year.
    """
    words = {said: outcome_of(said) for said in lines["hasil"].unique()}
    days = {said: read_day(said) for said in lines["tanggal"].unique()}
    dated = lines["tanggal"] != ""
    day = [(days[said] if said else received) for said in lines["tanggal"]]
    today = now().astimezone().date()
    unread = [one is None or not today - OLDEST <= one <= today for one in day]
    return pd.DataFrame({
        "line": lines["line"], "id": lines["id"], "hasil": lines["hasil"], "outcome": lines["hasil"].map(words),
        "day": pd.Series(day, index=lines.index, dtype="object"), "dated": dated, "written": lines["tanggal"],
        "note": _notes(lines, given.held), "unread": unread, **find_households(lines["id"], given, sources),
    })  # fmt: skip


def faults_of(located: pd.DataFrame, torn: Sequence[int]) -> list[Fault]:
    """Return what whoever sent the file can put right in it, by line; it tells nothing of what stands here."""
    found = [(line, "Baris ini punya lebih banyak sel daripada judul kolom.") for line in torn]
    for line, said, outcome, why, unread in located[["line", "hasil", "outcome", "why", "unread"]].itertuples(
        index=False
    ):
        if why != KNOWN:
            found.append((int(line), f"{KINDS[UNKNOWN].title}."))
        if not outcome:
            found.append((int(line), f"«{said}»: {why_not(said)}"))
        if unread:
            found.append(
                (int(line), "Tanggal tidak terbaca, sesudah hari ini, atau lebih dari setahun yang lalu.")
            )
    return sorted([*found, *_at_odds(located)])


def _at_odds(located: pd.DataFrame) -> list[Fault]:
    """Return the lines that tell different things of one household."""
    understood = located[(located["why"] == KNOWN) & (located["outcome"] != "") & ~located["unread"]]
    told = understood.groupby(["run", "sheet_row"])
    at_odds = understood[told["outcome"].transform("nunique") > 1]
    return [
        (
            int(line),
            f"Rumah tangga ini diberi hasil yang berbeda-beda: baris {', '.join(map(str, sorted(lines)))}.",
        )
        for lines in at_odds.groupby(["run", "sheet_row"])["line"].agg(list)
        for line in lines
    ]


def judge(session: Session, located: pd.DataFrame, held: Handover, sources: Sources, who: Person) -> Checked:
    """Hold located lines against what is recorded now.

    Raises
    ------
    NotAllowed
        When the person may not share.
    """
    who.require(Permission.SHARE)
    rows = placed(session, located.reset_index(drop=True), sources)
    rows["held"] = standing(session, rows, sources, who)
    rows["already"] = already(session, rows, sources)
    known = rows["why"] == KNOWN
    understood = known & (rows["outcome"] != "") & ~rows["unread"]
    household = rows["run"] + " " + rows["sheet_row"].astype("str")
    household = household.where(rows["row_now"] < 0, rows["row_now"].astype("str"))
    said = rows[understood].groupby(household)["outcome"].transform("nunique")
    handed = held.at.astimezone().date()
    early = [not unread and day < handed for unread, day in zip(rows["unread"], rows["day"], strict=True)]
    differs = np.array([one is not None for one in rows["held"]]) & (
        rows["outcome"] != _told(rows, "outcome")
    )
    ahead = [_ahead(*row) for row in rows[["held", "day", "dated"]].itertuples(index=False)]
    blocked = {
        UNKNOWN: rows["why"] == UNKNOWN,
        OF_ANOTHER: rows["why"] == OF_ANOTHER,
        "kata": rows["outcome"] == "",
        "tanggal": rows["unread"],
        "berulang": said.reindex(rows.index, fill_value=1) > 1,
    }
    open_ = understood & ~blocked["berulang"] & ~rows["already"]
    chosen = {
        "sebelum": open_ & rows["dated"] & np.array(early, dtype=bool),
        "tiada": open_ & (rows["row_now"] < 0) & (sources.library.in_force() != ""),
        "lebih_baru": open_ & differs & (np.array(ahead) > 0),
        "lebih_lama": open_ & differs & (np.array(ahead) < 0),
        "tak_jelas": open_ & differs & (np.array(ahead) == 0),
    }
    rows["already"] &= ~pd.DataFrame(blocked).any(axis=1)
    return Checked(rows.assign(**{kind: (blocked | chosen)[kind].astype(bool) for kind in KINDS}))


def mark_of(held: Handover) -> str:
    """Return with what the note of an entry begins: who did it, and by which hand-over they knew the household."""
    return f"Dari {one_line(held.recipient_name, 80)} (pembagian {held.id})"


def _notes(lines: pd.DataFrame, held: Handover) -> pd.Series:
    """Return what stands in the record: who did it by which hand-over, for which need, and the agency's own words."""
    mark = mark_of(held)
    need = lines["kebutuhan"].where(lines["kebutuhan"] == "", ", " + lines["kebutuhan"])
    more = lines["catatan"].where(lines["catatan"] == "", ": " + lines["catatan"])
    return (mark + need + more).str[:LONGEST_NOTE].str.strip()


def _told(rows: pd.DataFrame, name: str) -> pd.Series:
    return pd.Series(
        [getattr(one, name) if one is not None else "" for one in rows["held"]], index=rows.index
    )


def _ahead(held: Held | None, day: date | None, dated: bool) -> int:
    """Tell whether a line is newer (1) or older (-1) than what holds; 0 when that cannot be said."""
    if held is None or day is None or not dated:
        return 0
    return int(day > held.visited_on) - int(day < held.visited_on)


def title(outcome: str) -> str:
    """Return how an outcome is called.

    Examples
    --------
    >>> title("tidak_ditemukan"), title("lama")
    ('Tidak ditemukan', 'lama')
    """
    return OUTCOMES.get(outcome, outcome)
