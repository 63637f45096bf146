"""Named lists of chosen households: saved with who, when, wishes and keys, opened and deleted."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.access.roles import Permission, Person
from app.choosing.ranking import Ranking
from app.csv_output import YES_NO
from app.library import OpenedRun
from app.records.tables import HouseholdList, Member
from app.trail import leave
from geo.errors import NotAllowed, SettingsError
from geo.household_keys import KEYS
from geo.review.decisions import masked, one_line

LONGEST_NAME, LONGEST_PURPOSE = 120, 1000


@dataclass(frozen=True)
class Summary:
    """A list and how many households stand on it."""

    kept: HouseholdList
    members: int
    cost: float | None


def save_list(
    session: Session,
    who: Person,
    opened: OpenedRun,
    ranking: Ranking,
    keys: pd.DataFrame,
    *,
    name: str,
    purpose: str,
    wishes: Sequence[tuple[str, str]],
) -> HouseholdList:
    """Save the chosen of a ranking under a name.

    Parameters
    ----------
    keys
        Of the run's households, by ``sheet_row``.
    wishes
        Names and values of the address from which the choice can be made again; none for the choice of the run.

    Raises
    ------
    SettingsError
        When the name is missing, too long or taken, or nobody is chosen.
    """
    who.require(Permission.CHOOSE)
    name, purpose = one_line(name, LONGEST_NAME + 1), one_line(purpose, LONGEST_PURPOSE + 1)
    if not name or len(name) > LONGEST_NAME:
        raise SettingsError(f"Beri nama daftar itu, paling panjang {LONGEST_NAME} huruf.")
    if len(purpose) > LONGEST_PURPOSE:
        raise SettingsError(f"Keperluan paling panjang {LONGEST_PURPOSE} huruf.")
    name, purpose = masked(name), masked(purpose)  # they go into files, the trail and other people's pages
    if not ranking.chosen.any():
        raise SettingsError("Tidak ada rumah tangga yang terpilih, jadi tidak ada yang disimpan.")
    if (
        session.scalar(select(HouseholdList.id).where(func.lower(HouseholdList.name) == name.lower()))
        is not None
    ):
        raise SettingsError(f"Daftar «{name}» sudah ada. Pilih nama lain.")
    kept = HouseholdList(
        name=name, purpose=purpose, run=opened.id, wishes={"alamat": [list(pair) for pair in wishes]},
        facts=_plain(ranking.facts), by=who.name,
    )  # fmt: skip
    session.add(kept)
    session.flush()
    session.execute(insert(Member), _members(kept.id, opened, ranking, keys))
    leave(session, who, "daftar", f"simpan: {name}", households=int(ranking.chosen.sum()), run=opened.id)
    return kept


def _members(list_id: int, opened: OpenedRun, ranking: Ranking, keys: pd.DataFrame) -> list[dict[Any, Any]]:
    chosen = ranking.listed[ranking.chosen]
    rows = chosen["sheet_row"].to_numpy(np.int64)
    desa = opened.assessment.counted["kode_desa"].iloc[ranking.places[ranking.chosen]]
    table = pd.DataFrame(
        {
            "list_id": list_id,
            "sheet_row": rows,
            "kode_desa": desa.astype(object).where(desa.notna(), "").to_numpy(),
            "rank": chosen["rank"].to_numpy(np.int64),
            "cost": chosen["cost"].astype(object).to_numpy() if ranking.is_priced else None,
        }
    )
    own = keys.reindex(rows)[[*KEYS]]
    own = own.astype(object).where(own.notna(), None)
    rows_and_keys = zip(table.to_dict("records"), own.to_dict("records"), strict=True)
    return [{**row, "keys": {kind: key for kind, key in mine.items() if key}} for row, mine in rows_and_keys]


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """Return facts as JSON of every database takes them: a number that is none becomes nothing."""
    text = json.dumps(facts, default=lambda value: value.item() if hasattr(value, "item") else str(value))
    plain: dict[str, Any] = json.loads(text, parse_constant=lambda _: None)
    return plain


def all_lists(session: Session) -> list[Summary]:
    """Return every list, the newest first."""
    counted = (
        select(Member.list_id, func.count().label("members"), func.sum(Member.cost).label("cost"))
        .group_by(Member.list_id)
        .subquery()
    )
    found = session.execute(
        select(HouseholdList, counted.c.members, counted.c.cost)
        .outerjoin(counted, counted.c.list_id == HouseholdList.id)
        .order_by(HouseholdList.at.desc(), HouseholdList.id.desc())
    )
    return [Summary(kept, int(members or 0), cost) for kept, members, cost in found]


def find_list(session: Session, number: int) -> HouseholdList:
    """Return a list.

    Raises
    ------
    SettingsError
        When it is not there.
    """
    found = session.get(HouseholdList, number) if 0 < number < 2**31 else None
    if found is None:
        raise SettingsError("Daftar itu tidak ada lagi.")
    return found


def members_of(session: Session, number: int) -> pd.DataFrame:
    """Return the members of a list, the best rank first: ``sheet_row``, ``kode_desa``, ``rank``, ``cost``, ``keys``."""
    columns = (Member.sheet_row, Member.kode_desa, Member.rank, Member.cost, Member.keys)
    found = session.execute(
        select(*columns).where(Member.list_id == number).order_by(Member.rank, Member.sheet_row)
    )
    return pd.DataFrame(found.all(), columns=["sheet_row", "kode_desa", "rank", "cost", "keys"])


def may_delete(who: Person, kept: HouseholdList) -> bool:
    """Say whether somebody may delete a list: who made it, and who keeps the accounts."""
    return who.may(Permission.CHOOSE) and (kept.by == who.name or who.may(Permission.MANAGE_USERS))


def delete_list(session: Session, who: Person, number: int) -> str:
    """Delete a list, and return its name.

    Raises
    ------
    NotAllowed
        When it is another's.
    """
    kept = find_list(session, number)
    if not may_delete(who, kept):
        raise NotAllowed("Daftar hanya dapat dihapus oleh pembuatnya atau admin.")
    name = kept.name
    members = session.scalar(select(func.count()).where(Member.list_id == number))
    session.execute(delete(Member).where(Member.list_id == number))
    session.delete(kept)
    leave(session, who, "daftar", f"hapus: {name}", households=members, run=kept.run)
    return name


def csv_table(members: pd.DataFrame) -> pd.DataFrame:
    """Return members as the table that ``peta visits --list`` reads."""
    return pd.DataFrame(
        {
            "baris_lembar": members["sheet_row"].astype("int64"),
            "peringkat": members["rank"].astype("Int64"),
            "kode_desa": members["kode_desa"].astype("str"),
            "dipilih": YES_NO[True],
            "biaya": members["cost"].astype("Float64"),
        }
    )
