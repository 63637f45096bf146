"""What a book would hold, by what somebody looks at: no more than they may see."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from app.access.roles import Person, Role
from app.library import OpenedRun
from app.printing import read_wanted
from app.printing.asked import LONGEST_TITLE, Wanted
from app.records.tables import HouseholdList, Member
from geo.errors import NoRun, NotAllowed, SettingsError
from tests.server import Served

PLANNER = Person("perencana", "", Role.PERENCANA)


@pytest.fixture(scope="module")
def opened(server: Served) -> OpenedRun:
    return server.app.state.library.shown()  # type: ignore[no-any-return]


def ask(server: Served, who: Person = PLANNER, **query: str) -> Wanted:
    state = server.app.state
    return read_wanted({name: [value] for name, value in query.items()}, who, state.records, state.library)


def field(*desa: str) -> Person:
    return Person("petugas", "", Role.PETUGAS, frozenset(desa))


def test_the_whole_district(server, opened):
    wanted = ask(server)
    counted = opened.assessment.counted
    assert wanted.desa["kode_desa"].tolist() == sorted(opened.assessment.desa["kode_desa"])
    assert wanted.rows is None
    assert wanted.households + wanted.without_desa == len(counted)
    assert wanted.located == (counted.geometry.notna() & counted["kode_desa"].notna()).sum()
    assert (wanted.title, wanted.file, wanted.query) == (opened.facts["district"]["nama"], "kabupaten", ())


def test_a_desa_also_one_without_households(server, opened):
    desa = opened.assessment.desa
    for kode, households in desa[["kode_desa", "households"]].itertuples(index=False):
        wanted = ask(server, desa=kode)
        assert (wanted.desa["kode_desa"].tolist(), wanted.households) == ([kode], households)
        assert wanted.file == f"desa-{kode}"


def test_a_kecamatan_and_a_filter_of_households(server, opened):
    kecamatan = opened.assessment.desa["kode_kecamatan"].iloc[0]
    whole, some = ask(server, kecamatan=kecamatan), ask(server, kecamatan=kecamatan, butuh="rtlh:ya")
    counted = opened.assessment.counted
    inside = counted["kode_kecamatan"].eq(kecamatan).fillna(value=False)
    needy = counted[inside & counted["need_rtlh"].fillna(value=False).astype(bool)]
    assert whole.rows is None
    assert whole.households == inside.sum()
    assert sorted(some.rows.tolist()) == sorted(needy["sheet_row"])
    assert some.households == len(needy) < whole.households
    assert (some.desa["households"] > 0).all()
    assert some.words
    assert some.words[0] in some.title


def test_a_kantong_holds_its_members(server, opened):
    kantong = opened.assessment.clusters.iloc[0]
    wanted = ask(server, kantong=f"{kantong['indicator']}:{kantong['cluster_id']}")
    counted = opened.assessment.counted
    members = counted[
        counted[f"cluster_{kantong['indicator']}"].eq(kantong["cluster_id"]).fillna(value=False)
    ]
    assert sorted(wanted.rows.tolist()) == sorted(members["sheet_row"])
    assert wanted.title == kantong["name"]


@pytest.mark.parametrize(
    "key", ["rtlh:9999", "rtlh", "x:1", "rtlh:-1", "rtlh:" + "9" * 40, "nik:1", ":", "rtlh:¹"]
)
def test_no_such_kantong(server, key):
    with pytest.raises(SettingsError, match="Kantong itu tidak ada"):
        ask(server, kantong=key)


def test_a_day_of_a_team_in_its_order(server, opened):
    visits = opened.assessment.visits
    team, day = visits[["team", "day"]].iloc[0]
    stops = visits[(visits["team"] == team) & (visits["day"] == day)]
    wanted = ask(server, regu=str(team), hari=str(day))
    assert sorted(wanted.rows.tolist()) == sorted(stops["sheet_row"])
    assert wanted.turn == dict(zip(stops["sheet_row"], stops["order"], strict=True))
    assert wanted.file == f"regu-{team}-hari-{day}"


@pytest.mark.parametrize("query", [{"regu": "99", "hari": "99"}, {"regu": "x", "hari": "1"}, {"hari": "1"},
                                   {"regu": "¹", "hari": "1"}, {"regu": "9" * 30, "hari": "1"}])  # fmt: skip
def test_no_such_day(server, query):
    with pytest.raises(SettingsError, match="tidak punya kunjungan"):
        ask(server, **query)


def test_a_list_also_of_households_without_desa(server, opened):
    counted = opened.assessment.counted
    rows = [*counted["sheet_row"].iloc[:5], *counted.loc[counted["kode_desa"].isna(), "sheet_row"].iloc[:2]]
    hostile = "<b>Ibu Siti</b> " * 30
    with server.app.state.records.session() as session:
        kept = HouseholdList(name=hostile[:120], run=opened.id, by="perencana")
        session.add(kept)
        session.flush()
        codes = counted.set_index("sheet_row")["kode_desa"].astype(object)
        session.add_all(
            Member(list_id=kept.id, sheet_row=int(row), kode_desa=codes[row] if pd.notna(codes[row]) else "")
            for row in rows
        )
        number = kept.id
    wanted = ask(server, daftar=str(number))
    placed = [row for row in rows if pd.notna(codes[row])]
    assert sorted(wanted.rows.tolist()) == sorted(placed)
    assert wanted.without_desa == len(rows) - len(placed)
    assert len(wanted.title) <= LONGEST_TITLE
    assert wanted.file == f"daftar-{number}"  # a name somebody typed is in no name of a file


def test_somebody_in_the_field_gets_their_desa_alone(server, opened):
    table = opened.assessment.desa
    kecamatan = table["kode_kecamatan"].value_counts().index[0]
    codes = table.loc[table["kode_kecamatan"] == kecamatan, "kode_desa"].tolist()
    who = field(codes[0])
    assert ask(server, who).desa["kode_desa"].tolist() == [codes[0]]
    inside = ask(server, who, kecamatan=kecamatan)
    assert inside.desa["kode_desa"].tolist() == [codes[0]]
    assert "1 desa tugas" in inside.title
    with pytest.raises(NotAllowed):
        ask(server, who, desa=codes[1])
    elsewhere = table.loc[table["kode_kecamatan"] != kecamatan, "kode_kecamatan"].iloc[0]
    with pytest.raises(NotAllowed):
        ask(server, who, kecamatan=elsewhere)
    assert ask(server, field()).desa.empty


def test_of_a_kantong_or_a_day_only_what_is_theirs(server, opened):
    visits = opened.assessment.visits
    for (team, day), stops in visits.groupby(["team", "day"]):
        who = field(stops["kode_desa"].iloc[0])
        wanted = ask(server, who, regu=str(team), hari=str(day))
        mine = stops[stops["kode_desa"] == stops["kode_desa"].iloc[0]]["sheet_row"]
        assert sorted(wanted.rows.tolist()) == sorted(mine)
        assert set(wanted.turn) == set(mine)
    kantong = opened.assessment.clusters.iloc[0]
    key = f"{kantong['indicator']}:{kantong['cluster_id']}"
    other = next(kode for kode in opened.assessment.desa["kode_desa"] if kode != kantong["kode_desa"])
    counted = opened.assessment.counted
    members = counted[
        counted[f"cluster_{kantong['indicator']}"].eq(kantong["cluster_id"]).fillna(value=False)
    ]
    if other not in set(members["kode_desa"]):
        with pytest.raises(NotAllowed):
            ask(server, field(other), kantong=key)


@pytest.mark.parametrize("role", [Role.OPD, Role.PIMPINAN])
def test_others_get_no_book(server, role):
    with pytest.raises(NotAllowed):
        ask(server, Person("x", "", role))


def test_health_is_no_filter_of_a_book(server, opened):
    sensitive = [one["id"] for one in opened.facts["indicators"] if one["sensitive"]]
    for name in sensitive:
        with pytest.raises(NotAllowed):
            ask(server, butuh=f"{name}:ya")
        with pytest.raises(SettingsError):
            ask(server, kantong=f"{name}:1")


def test_a_run_without_numbers_says_so(opened, server):
    wanted = ask(server)
    assert wanted.is_numbered
    bare = dataclasses.replace(
        opened.assessment, households=opened.assessment.households.drop(columns="house_number")
    )
    assert not dataclasses.replace(wanted, opened=dataclasses.replace(opened, assessment=bare)).is_numbered


def test_a_list_of_a_run_that_is_gone(server):
    with server.app.state.records.session() as session:
        kept = HouseholdList(name="lama", run="2001-01-01-1", by="perencana")
        session.add(kept)
        session.flush()
        number = str(kept.id)
    with pytest.raises(NoRun, match="tidak disimpan"):
        ask(server, daftar=number)
    with pytest.raises(SettingsError):
        ask(server, daftar="²")


def test_counts_are_whole_numbers(server):
    desa = ask(server).desa
    assert all(np.issubdtype(desa[name].dtype, np.integer) for name in ("households", "located"))


def test_a_number_in_other_digits_names_nothing(server, opened):
    kantong = opened.assessment.clusters.iloc[0]
    for number in (f"{kantong['cluster_id']}".translate({ord(str(n)): 0x660 + n for n in range(10)}),):
        with pytest.raises(SettingsError, match="Kantong itu tidak ada"):
            ask(server, kantong=f"{kantong['indicator']}:{number}")
    padded = ask(server, kantong=f"{kantong['indicator']}:000{kantong['cluster_id']}")
    assert padded.file == f"kantong-{kantong['indicator']}-{kantong['cluster_id']}"
    assert padded.file.isascii()
