"""What publishing a run would take away: said before the button is pressed, and asked once more."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.household_keys import KeyStore
from app.outcome_codes import newest_places
from app.questions import read_columns
from app.records.tables import HouseholdList, Member, Outcome
from geo.household_keys import KEYS, compare_keys
from geo.runs import read_manifest
from geo.symbology import boundary_credit, number, percent

MANY_WITHOUT_DESA = 0.03
"""Beyond this share of households without a desa a run is not right: a column was not understood, or is missing."""

_FEWER, _MANY_LOST = 0.5, 0.1

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Stakes:
    """What changes for everybody when a run is published, in sentences (Indonesian).

    Attributes
    ----------
    lost
        What they had and will not have: publishing is asked about once more.
    new
        What else they will see.
    """

    lost: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


def without_desa(folder: Path) -> int:
    """Count the households of a run that count and whose desa is not known."""
    counted = int(read_manifest(folder)["facts"]["rows"]["counted"])
    return counted - int(read_columns(folder, "desa", ["households"])["households"].sum())


def is_older(folder: Path, shown: Path) -> bool:
    """Tell whether a run was made before another."""
    made, other = (pd.Timestamp(str(read_manifest(run)["created"])) for run in (folder, shown))
    return bool(made < other)


def stakes(former: Path, latter: Path) -> Stakes:
    """Compare a run with the one in force: indicators, zones, boundaries, rows; nothing of persons or of health."""
    old, new = read_manifest(former)["facts"], read_manifest(latter)["facts"]
    lost: list[str] = []
    more: list[str] = []
    if old["district"]["kode"] != new["district"]["kode"]:
        lost.append(
            f"Kabupatennya lain: {new['district']['nama']}, sedangkan yang berlaku {old['district']['nama']}."
        )
    for name, what in (("indicators", ""), ("layers", "Zona ")):
        before, after = _titles(old[name]), _titles(new[name])
        gone = [title for key, title in before.items() if key not in after]
        come = [title for key, title in after.items() if key not in before]
        if gone:
            lost.append(
                f"{what}{', '.join(gone)} tidak ada lagi dalam hasil ini; tautan dan tampilan yang memakainya tidak "
                f"dapat dibuka."
            )
        if come:
            more.append(f"{what}{', '.join(come)} bertambah.")
    lost += _boundaries(old["boundaries"], new["boundaries"])
    was, now = int(old["rows"]["sheet"]), int(new["rows"]["sheet"])
    if now < _FEWER * was:
        lost.append(
            f"Barisnya {percent(1 - now / was, 1)} lebih sedikit: {number(now)}, sebelumnya {number(was)}."
        )
    return Stakes(tuple(lost), tuple(more))


def stakes_of_records(session: Session, former: str, latter: Path, keys: KeyStore) -> Stakes:
    """Count the outcomes, and the households of lists of the run in force, that a run does not know again."""
    told = (
        ("hasil kunjungan", _lost_outcomes(session, latter, keys)),
        ("rumah tangga pada daftar tersimpan", _lost_members(session, former, latter, keys)),
    )
    lost: list[str] = []
    more: list[str] = []
    for what, (missing, count) in told:
        if not missing:
            continue
        words = f"{number(missing)} dari {number(count)} {what} tidak ditemukan lagi dalam hasil ini."
        (lost if missing > _MANY_LOST * count else more).append(words)
    return Stakes(tuple(lost), tuple(more))


def _lost_outcomes(session: Session, latter: Path, keys: KeyStore) -> tuple[int, int]:
    newest = select(func.max(Outcome.id)).group_by(Outcome.run, Outcome.sheet_row)
    columns = (Outcome.run, Outcome.sheet_row, *(getattr(Outcome, name) for name in KEYS))
    asked = select(*columns).where(Outcome.run != latter.name, Outcome.id.in_(newest))
    held = pd.DataFrame(session.execute(asked).all(), columns=["run", "sheet_row", *KEYS])
    if held.empty:
        return 0, 0
    places = newest_places(session, latter.name)
    asked_before = pd.Series([pair in places for pair in zip(held["run"], held["sheet_row"], strict=True)])
    missing = sum(row is None for row in places.values())
    for _, old in held[~asked_before.to_numpy()].groupby("run"):
        missing += _not_found(old, latter, keys)
    return missing, max(len(held), len(places))


def _lost_members(session: Session, former: str, latter: Path, keys: KeyStore) -> tuple[int, int]:
    asked = select(Member.sheet_row, Member.keys).join(HouseholdList, HouseholdList.id == Member.list_id)
    held = {int(row): own for row, own in session.execute(asked.where(HouseholdList.run == former))}
    if not held:
        return 0, 0
    return _not_found(pd.DataFrame.from_dict(held, orient="index", columns=list(KEYS)), latter, keys), len(
        held
    )


def _not_found(old: pd.DataFrame, latter: Path, keys: KeyStore) -> int:
    found = compare_keys(old.reset_index(drop=True)[list(KEYS)].astype("str"), keys.of(latter))
    return int(found["match"].isna().sum())


def _titles(rows: list[Facts]) -> dict[str, str]:
    return {one["id"]: one["title"] for one in rows if not one.get("sensitive")}


def _boundaries(old: Facts, new: Facts) -> list[str]:
    if (old["source"], old["date"], old["schematic"]) == (new["source"], new["date"], new["schematic"]):
        return []
    if new["schematic"] and not old["schematic"]:
        return [
            f"Batas desanya menjadi skematik, bukan batas resmi lagi. Sebelumnya: {boundary_credit(old)}."
        ]
    return [f"Batas desanya lain: {boundary_credit(new)}. Sebelumnya: {boundary_credit(old)}."]
