"""Which household a returned line means: by its pseudonym, or by its row where a named list was handed over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.household_keys import KeyStore
from app.kept import Kept
from app.library import Library
from app.manifests import when_made
from app.records.tables import Handover, HouseholdList, Member
from geo.errors import NoRun
from geo.household_keys import KEYS
from geo.levels import Level
from geo.privacy.pseudonyms import pseudonyms
from geo.recipes import Recipe

KNOWN, UNKNOWN, OF_ANOTHER = "", "tak_dikenal", "penerima_lain"
"""What comes of looking for a household."""

_NAMES: Kept[pd.Series] = Kept(4)
_ROW = r"[1-9][0-9]{0,8}"


@dataclass(frozen=True)
class Sources:
    """Where households are looked for, and the secret of the installation that makes pseudonyms."""

    library: Library
    keys: KeyStore
    secret: str


@dataclass(frozen=True)
class Given:
    """What a hand-over gave, as far as the looking needs it.

    Attributes
    ----------
    listed
        The sheet rows of its named list; empty where it has none.
    others
        The recipients of other hand-overs, by id.
    """

    held: Handover
    listed: frozenset[int]
    others: tuple[str, ...]


def read_given(session: Session, held: Handover) -> Given:
    """Return what a hand-over gave; a list that is gone, or of another run by now, gives no rows."""
    rows: frozenset[int] = frozenset()
    if held.level == Level.PETUGAS and (number := held.scope.get("list")) is not None:
        saved = session.get(HouseholdList, int(number))
        if saved is not None and saved.run == held.run:
            rows = frozenset(session.scalars(select(Member.sheet_row).where(Member.list_id == saved.id)))
    asked = select(Handover.recipient).where(Handover.recipient != held.recipient).distinct()
    return Given(held, rows, tuple(sorted(session.scalars(asked))))


def find_households(ids: pd.Series, given: Given, sources: Sources) -> pd.DataFrame:
    """Find the household of each id, in the run of the hand-over, else in the one in force.

    Returns
    -------
    pandas.DataFrame
        With the index of ``ids``: ``run`` (empty for none), ``sheet_row`` (-1 for none), and ``why``: :data:`KNOWN`,
        :data:`UNKNOWN`, or :data:`OF_ANOTHER` when it is the pseudonym that another recipient knows a household by.

    Raises
    ------
    NoRun
        When neither run is there.
    """
    runs = list(_runs(given.held, sources))
    if not runs:
        raise NoRun("Hasil dari pembagian itu sudah dibuang, dan tidak ada hasil yang berlaku.")
    found = pd.DataFrame({"run": "", "sheet_row": -1, "why": UNKNOWN}, index=ids.index)
    for run, keys in runs:
        _fill(found, ids, _names(keys, sources, given.held.recipient, run), run)
        if given.listed and run == given.held.run:
            own = sorted(given.listed & {*keys.index.tolist()})
            _fill(
                found,
                ids.where(ids.str.fullmatch(_ROW)),
                pd.Series([str(row) for row in own], index=own),
                run,
            )
    for run, keys in runs:
        found.loc[_of_others(ids[found["why"] == UNKNOWN], keys, sources, given.others, run), "why"] = (
            OF_ANOTHER
        )
    return found


def headings_of(recipe: Recipe | None) -> list[str]:
    """Return what a recipient's own recipe calls the pseudonym."""
    return [column.name for column in recipe.columns if column.source == "pseudonim"] if recipe else []


def _runs(held: Handover, sources: Sources) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the runs to look in, with the keys of their households.

    Without any key a household has its pseudonym from its row, which says something in the very run of the hand-over
    and in no other.
    """
    own = _is_own(held, sources)
    if own:
        yield held.run, sources.keys.of(sources.library.path(held.run))
    shown = sources.library.in_force()
    if shown and not (own and shown == held.run):
        keys = sources.keys.of(sources.library.path(shown))
        yield shown, keys[keys[list(KEYS)].notna().any(axis=1)]


def _is_own(held: Handover, sources: Sources) -> bool:
    try:
        return when_made(sources.library.path(held.run)) == held.run_created
    except NoRun:
        return False


def _names(keys: pd.DataFrame, sources: Sources, recipient: str, run: str) -> pd.Series:
    """Return the pseudonyms of a recipient; whoever looks at a file enters it a moment later."""
    path = sources.library.path(run)
    asked = (str(path), when_made(path), len(keys), recipient, hash(sources.secret))
    return _NAMES.get(asked, lambda: pseudonyms(keys, sources.secret, recipient, run))


def _fill(found: pd.DataFrame, ids: pd.Series, names: pd.Series, run: str) -> None:
    """Write down the households of those that were not found so far."""
    once = names[~names.duplicated(keep=False)]
    place = pd.Index(once.to_numpy(object)).get_indexer(pd.Index(ids.to_numpy(object)))
    new = (place >= 0) & (found["why"] != KNOWN).to_numpy()
    found.loc[new, "run"], found.loc[new, "why"] = run, KNOWN
    found.loc[new, "sheet_row"] = once.index.to_numpy(np.int64)[place[new]]


def _of_others(
    ids: pd.Series, keys: pd.DataFrame, sources: Sources, others: Sequence[str], run: str
) -> pd.Index:
    if ids.empty:
        return ids.index
    theirs = [_names(keys, sources, other, run) for other in others]
    known = pd.concat(theirs) if theirs else pd.Series(dtype="object")
    return ids.index[ids.isin(known)]
