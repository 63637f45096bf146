"""Tests of the pages of visits: who sees what, how outcomes are entered, and how a list is planned."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.records.tables import Entry, HouseholdList, Member, Outcome
from app.visiting.planning import Planner
from tests.server import Client, Served, serving

HOSTILE = "</script><img src=x onerror=alert(1)>${7*7}"


@pytest.fixture(scope="module")
def server(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the run of the sample; the account petugas has the first desa that is visited."""
    with serving(run_folder, state=tmp_path_factory.mktemp("catatan")) as served:
        visits = served.app.state.library.shown().assessment.visits
        for role in Role:
            served.add(role.value, role.value, [visits["kode_desa"].iloc[0]] if role is Role.PETUGAS else ())
        yield served


@pytest.fixture(scope="module")
def clients(server: Served) -> dict[str, Client]:
    """Return a client for each role."""
    return {role.value: server.sign_in(role.value) for role in Role}


@pytest.fixture(scope="module")
def visits(server: Served) -> pd.DataFrame:
    """Return the visits of the run."""
    return server.app.state.library.shown().assessment.visits


def _day(visits: pd.DataFrame, place: int = 0) -> str:
    return f"regu={visits['team'].iloc[place]}&hari={visits['day'].iloc[place]}"


def _enter(client: Client, row: int, **said: object) -> object:
    form = {"csrf": client.csrf("/kunjungan"), "baris": row, "hasil": "selesai"} | said
    return client.post("/kunjungan/hasil", data=form)


def _persons(server: Served, rows: list[int]) -> pd.DataFrame:
    table = pd.read_parquet(server.app.state.library.shown().folder / "households.parquet")
    return table[table["sheet_row"].isin(rows)]


PLAN = ["/kunjungan", "/kunjungan/lama", "/kunjungan/kemajuan.csv"]


@pytest.mark.parametrize("path", [*PLAN, "/kunjungan/kemajuan"])
@pytest.mark.parametrize("role", list(Role))
def test_who_may_open_which_page(clients, path: str, role: Role):
    allowed = {Role.PERENCANA, Role.PETUGAS, Role.ADMIN} | (
        {Role.PIMPINAN} if path == "/kunjungan/kemajuan" else set()
    )
    assert clients[role.value].get(path).status_code == (200 if role in allowed else 403)


def test_nobody_sees_a_page_without_signing_in(server):
    with Client(base_url=server.address) as stranger:
        assert stranger.get("/kunjungan").status_code == 303


def test_a_planner_sees_all_days_and_no_name(server, clients, visits):
    answer = clients["perencana"].get("/kunjungan")
    days = visits[["team", "day"]].drop_duplicates()
    assert len(re.findall(r'class="open"', answer.text)) == len(days)
    day = clients["perencana"].get(f"/kunjungan/regu?{_day(visits)}")
    mine = visits[(visits["team"] == visits["team"].iloc[0]) & (visits["day"] == visits["day"].iloc[0])]
    assert [int(row) for row in re.findall(r'id="baris-(\d+)"', day.text)] == mine["sheet_row"].tolist()
    for name in _persons(server, mine["sheet_row"].tolist())["nama"].dropna():
        assert name not in day.text


def test_somebody_in_the_field_sees_their_desa_alone_with_names(server, clients, visits):
    desa = visits["kode_desa"].iloc[0]
    day = clients["petugas"].get(f"/kunjungan/regu?{_day(visits)}").text
    same = (visits["team"] == visits["team"].iloc[0]) & (visits["day"] == visits["day"].iloc[0])
    mine = visits[same & (visits["kode_desa"] == desa)]["sheet_row"].tolist()
    assert [int(row) for row in re.findall(r'id="baris-(\d+)"', day)] == mine
    persons = _persons(server, mine)
    assert all(name in day for name in persons["nama"].dropna())
    for column in ("nik", "no_kk", "id_keluarga"):
        assert not any(number in day for number in persons[column].dropna())
    others = visits[visits["kode_desa"] != desa]["sheet_row"].tolist()
    shown = clients["petugas"].get("/kunjungan/peta").json()["view"]["plan"]
    assert not {*shown["row"], *shown["visits"]["sheet_row"]} & {*others}
    assert clients["petugas"].get(f"/kunjungan/rumah?baris={others[0]}").status_code == 400


def test_a_day_without_visits_is_refused_in_words(clients):
    assert clients["perencana"].get("/kunjungan/regu?regu=99&hari=99").status_code == 400
    assert clients["perencana"].get("/kunjungan?daftar=99999").text.count("tidak ada lagi") == 1
    assert clients["perencana"].get("/kunjungan/regu?daftar=x&regu=1&hari=1").status_code == 400


def test_the_map_draws_only_households_with_a_point_of_their_own(server, clients, visits):
    plan = clients["perencana"].get(f"/kunjungan/peta?{_day(visits)}").json()["view"]["plan"]
    table = server.app.state.library.shown().assessment.counted
    located = {*table[table.geometry.notna()]["sheet_row"].tolist()}
    assert {*plan["row"]} <= located
    assert len(plan["row"]) == len(plan["lat"]) == len(plan["lon"])


def test_the_map_tells_how_far_each_desa_has_come(server, clients):
    view = clients["perencana"].get("/kunjungan/peta").json()["view"]
    desa = server.app.state.library.shown().assessment.desa
    assert len(view["classes"]) == len(view["tips"]) == len(view["inside"]) == len(desa)
    assert {*view["classes"]} <= {-1, 0, 1, 2, 3}


def test_an_outcome_is_entered_by_form_and_by_script(clients, visits):
    client, row = clients["perencana"], int(visits["sheet_row"].iloc[0])
    answer = _enter(client, row, regu=visits["team"].iloc[0], hari=visits["day"].iloc[0], catatan=HOSTILE)
    assert answer.status_code == 303
    assert answer.headers["location"].endswith(f"#baris-{row}")
    day = client.get(f"/kunjungan/regu?{_day(visits)}").text
    assert "<img src=x" not in day
    assert "&lt;/script&gt;&lt;img src=x" in day
    assert 'aria-pressed="true"' in day
    mark = client.csrf("/kunjungan")
    headers = {"Accept": "application/json", "X-CSRF": mark}
    told = client.post("/kunjungan/hasil", data={"baris": row, "hasil": "menolak"}, headers=headers).json()
    assert (told["hasil"], told["judul"], told["oleh"]) == ("menolak", "Menolak", "perencana")
    again = client.get(f"/kunjungan/rumah?baris={row}").text
    assert again.index("Menolak</b>") < again.index("Selesai</b>")


def test_an_outcome_without_the_mark_of_the_session_is_refused(server, clients, visits):
    row = int(visits["sheet_row"].iloc[1])
    assert (
        clients["perencana"].post("/kunjungan/hasil", data={"baris": row, "hasil": "selesai"}).status_code
        == 403
    )
    with server.app.state.records.session() as session:
        assert session.scalars(select(Outcome).where(Outcome.sheet_row == row)).all() == []


def test_nobody_enters_outcomes_of_a_desa_that_is_not_theirs(server, clients, visits):
    row = int(visits[visits["kode_desa"] != visits["kode_desa"].iloc[0]]["sheet_row"].iloc[0])
    assert _enter(clients["petugas"], row).status_code == 400
    assert clients["opd"].post("/kunjungan/hasil", data={"baris": row, "hasil": "selesai"}).status_code == 403
    with server.app.state.records.session() as session:
        assert session.scalars(select(Outcome).where(Outcome.sheet_row == row)).all() == []


@pytest.mark.parametrize("row", ["", "abc", "-1", "9" * 30, "1; drop"])
def test_a_row_that_is_no_number_is_refused_in_words(clients, row: str):
    assert clients["perencana"].get("/kunjungan/rumah", params={"baris": row}).status_code == 400


def test_looking_printing_and_downloading_leave_the_trail(server, clients, visits):
    for path in (
        f"/kunjungan/regu?{_day(visits)}",
        f"/kunjungan/cetak?{_day(visits)}",
        "/kunjungan/kemajuan.csv",
    ):
        assert clients["petugas"].get(path).status_code == 200
    with server.app.state.records.session() as session:
        told = session.scalars(
            select(Entry).where(Entry.user == "petugas").order_by(Entry.id.desc()).limit(3)
        ).all()
    assert [one.action for one in reversed(told)] == ["lihat", "cetak", "unduh"]
    assert told[1].households > 0


def test_the_file_of_progress_names_nobody_and_adds_up(clients):
    text = clients["perencana"].get("/kunjungan/kemajuan.csv").content.decode("utf-8-sig")
    lines = [line.split(";") for line in text.splitlines()]
    place = lines[0].index("dalam_daftar")
    sums = {}
    for line in lines[1:]:
        sums[line[0]] = sums.get(line[0], 0) + int(line[place])
    assert len({total for kind, total in sums.items() if kind != "Regu"}) == 1
    assert "nik" not in text.lower().replace("menik", "")


def test_those_who_see_areas_only_get_rounded_figures(clients):
    text = clients["pimpinan"].get("/kunjungan/kemajuan?daftar=1").text
    cells = [cell.replace(".", "") for cell in re.findall(r'<td class="num">([^<]+)</td>', text)]
    assert cells
    assert all(cell == "kurang dari 5" or int(cell) % 5 == 0 for cell in cells)
    assert "Unduh" not in re.sub(r"<header.*?</header>", "", text, flags=re.DOTALL)


@pytest.fixture(scope="module")
def saved(server: Served) -> int:
    """Save a list of some households of the run, and return its number."""
    opened = server.app.state.library.shown()
    ranked = opened.assessment.priorities
    visited = opened.assessment.visits["sheet_row"]
    table = ranked[ranked["kode_desa"].notna() & ~ranked["sheet_row"].isin(visited)].head(12)
    with server.app.state.records.session() as session:
        kept = HouseholdList(name=f"Daftar {HOSTILE}", run=opened.id, by="perencana")
        session.add(kept)
        session.flush()
        session.add_all(
            Member(
                list_id=kept.id,
                sheet_row=int(row),
                kode_desa=kode if isinstance(kode, str) else "",
                rank=int(rank),
            )
            for row, kode, rank in table[["sheet_row", "kode_desa", "rank"]].itertuples(index=False)
        )
        return kept.id


def _plan(client: Client, saved: int, **said: object) -> object:
    form = {"csrf": client.csrf("/kunjungan"), "daftar": saved, "regu": 2, "hari": 3, "menit_sehari": 400,
            "menit_kunjungan": 20, "menit_desa": 10, "kecepatan": 25}  # fmt: skip
    return client.post("/kunjungan/susun", data=form | said)


def test_a_saved_list_is_planned_beside_the_pages(server, clients, saved):
    client = clients["perencana"]
    before = client.get(f"/kunjungan?daftar={saved}").text
    assert "belum disusun" in before
    assert "<img src=x" not in before
    assert _plan(client, saved, regu=0).status_code == 400
    assert clients["petugas"].post("/kunjungan/susun", data={"daftar": saved}).status_code in {400, 403, 422}
    assert _plan(client, saved).status_code == 303
    for _ in range(300):
        state = client.get(f"/kunjungan/susun/keadaan?daftar={saved}").json()
        if state["keadaan"] not in {"antre", "jalan"}:
            break
        time.sleep(0.1)
    assert state["keadaan"] == "selesai", state
    page = client.get(f"/kunjungan?daftar={saved}").text
    assert "hari regu" in page
    assert "20 menit tiap rumah" in page
    with server.app.state.records.session() as session:
        members = session.scalars(select(Member).where(Member.list_id == saved)).all()
        trail = session.scalars(select(Entry).where(Entry.action == "kunjungan")).all()
    planned = [one for one in members if one.team is not None]
    assert planned
    assert all((one.team is None) == bool(one.left_out) for one in members)
    assert trail[-1].households == len(planned)
    first = min(planned, key=lambda one: (one.day, one.team, one.order))
    day = client.get(f"/kunjungan/regu?daftar={saved}&regu={first.team}&hari={first.day}")
    assert f'id="baris-{first.sheet_row}"' in day.text
    assert _enter(client, first.sheet_row, daftar=saved).status_code == 303
    assert "<b>1</b> dari 12" in client.get(f"/kunjungan/kemajuan?daftar={saved}").text


def test_the_plan_of_a_run_is_not_made_anew_here(clients):
    assert _plan(clients["perencana"], 0, daftar="").status_code in {400, 422}


def test_a_list_without_a_household_of_their_desa_is_not_there_for_somebody_in_the_field(
    server, clients, visits
):
    with server.app.state.records.session() as session:
        kept = HouseholdList(
            name="Daftar rapat bupati", run=server.app.state.library.shown_id(), by="penyusun"
        )
        session.add(kept)
        session.flush()
        desa = visits["kode_desa"][visits["kode_desa"] != visits["kode_desa"].iloc[0]].iloc[0]
        row = int(visits.loc[visits["kode_desa"] == desa, "sheet_row"].iloc[0])
        session.add(Member(list_id=kept.id, sheet_row=row, kode_desa=desa, rank=1, team=1, day=1, order=1))
        number = kept.id
    for path in (
        "/kunjungan",
        "/kunjungan/kemajuan",
        "/kunjungan/regu",
        "/kunjungan/peta",
        "/kunjungan/rumah",
    ):
        query = f"?daftar={number}&regu=1&hari=1&baris={row}"
        answers = [clients[name].get(f"{path}{query}") for name in ("petugas", "perencana")]
        assert not any(word in answers[0].text for word in ("rapat bupati", "penyusun")), path
        assert "Daftar itu tidak ada lagi" in answers[0].text
        assert answers[1].status_code == 200


def test_somebody_in_the_field_is_not_told_how_many_were_visited_elsewhere(server, clients, visits):
    listed = {*visits["sheet_row"]} | {
        *server.app.state.library.shown().assessment.visits_left_out["sheet_row"]
    }
    counted = server.app.state.library.shown().assessment.counted
    theirs = counted["kode_desa"] == visits["kode_desa"].iloc[0]
    row = int(counted.loc[~theirs & ~counted["sheet_row"].isin(listed), "sheet_row"].iloc[0])
    assert _enter(clients["perencana"], row).status_code == 303
    for path in ("/kunjungan", "/kunjungan/kemajuan"):
        assert "di luar daftar ini" in clients["perencana"].get(path).text
        assert "di luar daftar ini" not in clients["petugas"].get(path).text


def test_a_plan_that_was_broken_off_is_told_after_a_restart(run_folder: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(Planner, "_work", lambda *_: None)  # the application ends before the plan stands
    words = []
    for _ in range(2):
        with serving(run_folder, state=tmp_path) as own:
            if not words:
                own.add("peri", "perencana")
                with own.app.state.records.session() as session:
                    session.add(
                        HouseholdList(id=1, name="Satu", run=own.app.state.library.shown_id(), by="peri")
                    )
                    session.flush()
                    row = int(own.app.state.library.shown().assessment.counted["sheet_row"].iloc[0])
                    session.add(Member(list_id=1, sheet_row=row, rank=1))
            client = own.sign_in("peri")
            if not words:
                assert _plan(client, 1).status_code == 303
            words.append(client.get("/kunjungan?daftar=1").text)
    assert "Rencana sedang disusun" in words[0]
    assert "Penyusunan terhenti" in words[1]


def test_positions_lead_to_a_phone_map_for_the_field_alone(clients, visits):
    day = f"/kunjungan/regu?{_day(visits)}"
    page = clients["petugas"].get(day).text
    asked = {"daftar": "", "regu": visits["team"].iloc[0], "hari": visits["day"].iloc[0]}
    plan = clients["petugas"].get("/kunjungan/peta", params=asked).json()["view"]["plan"]
    found = re.findall(r'href="geo:([-0-9.]+),([-0-9.]+)[?]', page)
    assert found
    assert [float(lat) for lat, _ in found] == pytest.approx(plan["lat"], abs=2e-5)
    assert [float(lon) for _, lon in found] == pytest.approx(plan["lon"], abs=2e-5)
    for role in ("perencana", "admin"):
        assert "geo:" not in clients[role].get(day).text


def test_the_start_page_of_the_field_begins_with_the_next_visits(clients, server):
    page = clients["petugas"].get("/").text
    assert "Kunjungan berikutnya" in page
    first = re.search(r'href="(/kunjungan/regu[^"]+)"', page)
    assert first is not None
    assert page.index("Kunjungan berikutnya") < page.index("<h2>Halaman</h2>")
    assert clients["petugas"].get(first[1].replace("&amp;", "&")).status_code == 200
    mine = server.app.state.library.shown().assessment.visits
    theirs = mine[mine["kode_desa"] == mine["kode_desa"].iloc[0]]
    days = set(re.findall(r"regu=([0-9]+)&amp;hari=([0-9]+)", page))
    assert days <= {(str(team), str(day)) for team, day in zip(theirs["team"], theirs["day"], strict=True)}


def test_the_start_page_of_planners_tells_how_far_the_visits_have_come(clients):
    assert re.search(r"[0-9]+ dari [0-9.]+ selesai", clients["perencana"].get("/").text)
    assert "/kunjungan/regu" not in clients["pimpinan"].get("/").text


def test_without_a_script_enter_in_a_note_sends_no_outcome(clients, visits):
    page = clients["petugas"].get(f"/kunjungan/regu?{_day(visits)}").text
    forms = re.findall(r"<form[^>]*data-entry>(.*?)</form>", page, re.DOTALL)
    assert forms
    for form in forms:
        first = re.search(r"<button[^>]*>", form)[
            0
        ]  # Enter presses the first button, and a disabled one does nothing
        assert "disabled" in first
        assert "hidden" in first


def test_who_may_not_print_names_is_told_who_does(clients, visits):
    page = clients["perencana"].get(f"/cetak?{_day(visits)}").text
    assert "Buku dengan nama dicetak oleh petugas desa itu dari akunnya" in page
    assert f"/cetak?{_day(visits)}".replace("&", "&amp;") in clients["perencana"].get("/kunjungan").text
