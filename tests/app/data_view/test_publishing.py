"""What publishing would take away is said: indicators, zones, boundaries, rows, outcomes and lists."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest

from app.data_view.publishing import Stakes, is_older, stakes, stakes_of_records, without_desa
from app.household_keys import KeyStore
from app.records import Records, open_records
from app.records.tables import HouseholdList, Member, Outcome
from geo.runs import read_manifest

Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def former(run_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(run_folder, tmp_path / "awal"))


def changed(former: Path, change: Change) -> Path:
    folder = Path(shutil.copytree(former, former.parent / "baru"))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    change(manifest["facts"])
    manifest["created"] = "2031-01-01T00:00:00+00:00"
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def test_the_same_again_loses_nothing(former: Path) -> None:
    latter = changed(former, lambda _: None)
    assert stakes(former, latter) == Stakes()
    assert is_older(former, latter)
    assert not is_older(latter, former)


@pytest.mark.parametrize(("name", "title"), [("indicators", "RTLH"), ("layers", "Zona ")])
def test_an_indicator_or_a_zone_that_goes_is_lost_and_one_that_comes_is_new(
    former: Path, name: str, title: str
) -> None:
    latter = changed(former, lambda facts: facts[name].pop(0))
    gone = read_manifest(former)["facts"][name][0]["title"]
    (words,) = stakes(former, latter).lost
    assert words.startswith(title)
    assert f"{gone} tidak ada lagi" in words
    assert stakes(latter, former).lost == ()
    assert f"{gone} bertambah" in stakes(latter, former).new[0]


def test_a_health_need_that_goes_is_not_named(former: Path) -> None:
    def without_health(facts: dict[str, Any]) -> None:
        facts["indicators"] = [one for one in facts["indicators"] if not one["sensitive"]]

    assert stakes(former, changed(former, without_health)) == Stakes()


def test_other_boundaries_are_told_and_schematic_ones_named(former: Path) -> None:
    def official(facts: dict[str, Any]) -> None:
        facts["boundaries"] |= {"source": "BIG", "schematic": False}

    def schematic(facts: dict[str, Any]) -> None:
        facts["boundaries"] |= {"source": "Titik", "schematic": True}

    first = changed(former, official)
    first = first.rename(first.with_name("resmi"))
    second = changed(former, schematic)
    assert "menjadi skematik" in stakes(first, second).lost[0]
    assert "Batas desanya lain: BIG" in stakes(second, first).lost[0]


def test_half_of_the_rows_is_too_few(former: Path) -> None:
    rows = int(read_manifest(former)["facts"]["rows"]["sheet"])

    def fewer(facts: dict[str, Any]) -> None:
        facts["rows"]["sheet"] = rows // 4

    (words,) = stakes(former, changed(former, fewer)).lost
    assert f"lebih sedikit: {rows // 4}, sebelumnya {rows}" in words


def test_households_without_a_desa_are_counted(former: Path) -> None:
    households = gpd.read_parquet(former / "households.parquet")
    assert without_desa(former) == int((households["counts"] & households["kode_desa"].isna()).sum())


def test_outcomes_and_lists_that_are_not_found_again_are_counted(former: Path, tmp_path: Path) -> None:
    latter = changed(former, lambda _: None)
    keys = KeyStore(tmp_path, "rahasia")
    own = keys.of(former)
    rows = own.index[own["key_nik"].notna() | own["key_kk"].notna() | own["key_id"].notna()][:20].tolist()
    households = gpd.read_parquet(latter / "households.parquet")
    households[~households["sheet_row"].isin(rows[:5])].to_parquet(latter / "households.parquet")
    records = open_records(f"sqlite:///{tmp_path}/catatan.db")
    fill(records, own.loc[rows].to_dict("index"))
    with records.session() as session:
        found = stakes_of_records(session, "awal", latter, keys)
        assert stakes_of_records(session, "lain", former, keys) == Stakes()
    assert [words.split(" ")[:3] for words in found.lost] == [["5", "dari", "20"]] * 2
    assert "hasil kunjungan" in found.lost[0]
    assert "daftar tersimpan" in found.lost[1]


def fill(records: Records, keys: dict[Any, dict[Any, Any]]) -> None:
    """Enter an outcome for each household, and put them all on a list."""
    with records.session() as session:
        kept = HouseholdList(name="Uji", run="awal", by="sari")
        session.add(kept)
        session.flush()
        for row, mine in keys.items():
            known = {str(name): key for name, key in mine.items() if isinstance(key, str)}
            session.add(Member(list_id=kept.id, sheet_row=row, keys=known))
            told = {"outcome": "selesai", "visited_on": date(2026, 5, 4), "by": "sari"}
            session.add(Outcome(run="awal", sheet_row=row, kode_desa="", **told, **known))
