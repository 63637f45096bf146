"""Tests of Cetak: who orders what, who takes it away, what the trail says, and when a book goes."""

import os
import re
import stat
from collections.abc import Iterator
from datetime import timedelta

import pandas as pd
import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.access.roles import Role
from app.jobs.books import FILES, KEPT, book_folder, shelf, sweep_books
from app.jobs.queue import ASSESS, BOOK, CANCELLED, FAILED, cancel, claim, enqueue, worker_name
from app.printing import orders
from app.records.tables import Entry, Job, Print, User, now
from geo.errors import NotWritable
from geo.outcomes import FORM_HEADINGS
from tests.app.printing.conftest import PURPOSE, Press, order, printed, work
from tests.server import Served

HOSTILE = "</script><img src=x onerror=alert(1)>${7*7} 3326010101900001 untuk regu satu"


def trail(server: Served) -> list[Entry]:
    with server.app.state.records.session() as session:
        return list(
            session.scalars(select(Entry).where(Entry.action.in_(("cetak", "unduh"))).order_by(Entry.id))
        )


@pytest.fixture
def desa(server: Served) -> str:
    """Return the desa of petugas that is visited."""
    return str(server.app.state.library.shown().assessment.visits["kode_desa"].iloc[0])


@pytest.fixture
def restored(server: Served) -> Iterator[None]:
    """Give petugas their desa back after a test."""
    with server.app.state.records.session() as session:
        held = session.scalars(select(User).where(User.name == "petugas")).one().desa
    yield
    with server.app.state.records.session() as session:
        user = session.scalars(select(User).where(User.name == "petugas")).one()
        user.desa, user.role = held, "petugas"


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("path", ["/cetak", "/cetak/daftar"])
def test_who_may_open_the_pages(clients, role, path):
    allowed = {Role.PERENCANA, Role.PETUGAS, Role.ADMIN}
    assert clients[role.value].get(path).status_code == (200 if role in allowed else 403)


def test_the_page_says_what_will_be_printed(server, clients, desa):
    page = clients["perencana"].get(f"/cetak?desa={desa}").text
    row = server.app.state.library.shown().assessment.desa.set_index("kode_desa").loc[desa]
    assert row["nama_desa"] in page
    assert f">{row['households']}<" in page
    assert "dengan nama dan alamat, untuk" not in page.lower()  # nobody asks a planner for names
    assert 'name="nama" value="ya"' in clients["petugas"].get(f"/cetak?desa={desa}").text


def test_a_book_is_ordered_made_and_taken_away(server, clients, desa, press: Press):
    before = len(trail(server))
    number = order(clients["perencana"], f"desa={desa}", kertas="F4")
    state = clients["perencana"].get(f"/cetak/{number}/keadaan").json()
    assert (state["state"], state["active"], state["pages"]) == ("antre", True, 0)
    assert "Menunggu giliran" in clients["perencana"].get(f"/cetak/{number}").text
    work(server)
    selection, options, columns = press.asked[0]
    assert (selection.desa, selection.rows) == ((desa,), None)
    assert (options.paper, options.names, options.purpose) == ("F4", False, PURPOSE)
    assert not {"nama", "alamat", "nik", "no_kk", "id_keluarga", "penyakit_kronis", "need_disabilitas"} & {
        *columns
    }
    page = clients["perencana"].get(f"/cetak/{number}").text
    assert f'href="/cetak/{number}/unduh/buku.pdf"' in page
    for name in FILES:
        answer = clients["perencana"].get(f"/cetak/{number}/unduh/{name}")
        assert answer.status_code == 200
        assert f"-{number}-desa-{desa}." in answer.headers["content-disposition"]
        assert answer.headers["cache-control"] == "no-store"
    folder = book_folder(server.app.state.settings, number)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    left = trail(server)[before:]
    households = printed(server, number).households
    assert [entry.action for entry in left] == ["cetak", *["unduh"] * 4]
    assert {(entry.households, entry.reason, entry.user) for entry in left} == {
        (households, PURPOSE, "perencana")
    }
    assert all(entry.run == "hasil" and "tanpa nama" in entry.subject for entry in left)


def test_the_table_of_numbers_leads_back_to_the_sheet_and_names_nobody(server, clients, desa, press):
    number = order(clients["petugas"], f"desa={desa}", nama="ya")
    work(server)
    assert {"nama", "alamat"} <= {*press.asked[0][2]}
    assert not {"nik", "no_kk", "id_keluarga"} & {*press.asked[0][2]}
    table = pd.read_csv(book_folder(server.app.state.settings, number) / "isian.csv", sep=";")
    assert tuple(table) == FORM_HEADINGS  # what the evening's entry reads
    assert len(table) == printed(server, number).households


def test_only_whoever_ordered_a_book_has_it(server, clients, desa, press):  # noqa: ARG001
    number = order(clients["petugas"], f"desa={desa}", nama="ya")
    work(server)
    for role in ("perencana", "admin"):
        for path in ("", "/keadaan", "/unduh/buku.pdf"):
            assert clients[role].get(f"/cetak/{number}{path}").status_code == 404
        form = {"csrf": clients[role].csrf(), "lembar": f"{desa}-01-K7Q2A"}
        assert clients[role].post(f"/cetak/{number}/ulang", data=form).status_code == 404
    title = printed(server, number).title
    assert title in clients["admin"].get("/cetak/daftar").text
    assert f'href="/cetak/{number}"' not in clients["admin"].get("/cetak/daftar").text
    assert title not in clients["perencana"].get("/cetak/daftar").text
    assert (
        clients["perencana"]
        .post(f"/cetak/{number}/hapus", data={"csrf": clients["perencana"].csrf()})
        .status_code
        == 404
    )
    assert clients["petugas"].get(f"/cetak/{number}/unduh/buku.pdf").status_code == 200


def test_names_are_for_those_in_charge_alone(server, clients, desa, press):
    for role in ("perencana", "admin"):
        form = {
            "csrf": clients[role].csrf(),
            "desa": desa,
            "kertas": "A4",
            "keperluan": PURPOSE,
            "nama": "ya",
        }
        assert clients[role].post("/cetak", data=form).status_code == 403
    assert order(clients["petugas"], f"desa={desa}", nama="", status=400) == 0  # they have to say it
    assert press.asked == []
    with server.app.state.records.session() as session:
        assert session.scalars(select(Print)).all() == []


def test_a_desa_that_is_not_theirs_is_refused(server, clients, desa, press):  # noqa: ARG001
    other = server.app.state.library.shown().assessment.desa["kode_desa"].iloc[-1]
    assert clients["petugas"].get(f"/cetak?desa={other}").status_code == 403
    form = {
        "csrf": clients["petugas"].csrf(),
        "desa": other,
        "kertas": "A4",
        "keperluan": PURPOSE,
        "nama": "ya",
    }
    assert clients["petugas"].post("/cetak", data=form).status_code == 403


@pytest.mark.parametrize("change", ["desa", "role"])
@pytest.mark.usefixtures("restored")
def test_who_was_given_another_desa_gets_the_book_no_more(server, clients, desa, press, change):
    number = order(clients["petugas"], f"desa={desa}", nama="ya")
    work(server)
    with server.app.state.records.session() as session:
        user = session.scalars(select(User).where(User.name == "petugas")).one()
        if change == "desa":
            user.desa = [kode for kode in user.desa if kode != desa]
        else:
            user.role = "perencana"  # who sees the whole district, but no names
    before = len(trail(server))
    client = clients["petugas"]
    assert client.get(f"/cetak/{number}/unduh/buku.pdf").status_code == 403
    assert client.get(f"/cetak/{number}/unduh/titik.gpx").status_code == 403
    form = {"csrf": client.csrf(), "lembar": f"{desa}-01-K7Q2A"}
    assert client.post(f"/cetak/{number}/ulang", data=form).status_code == 403
    page = client.get(f"/cetak/{number}")
    assert page.status_code == 200
    assert "unduh/buku.pdf" not in page.text
    assert press.reprinted == []
    assert len(trail(server)) == before


@pytest.mark.parametrize(
    "said",
    [{"kertas": "A9"}, {"keperluan": ""}, {"keperluan": "x"}, {"keperluan": "1234567890123"}],
)
def test_what_is_wrong_with_an_order_is_said(clients, desa, press, said):  # noqa: ARG001
    assert order(clients["perencana"], f"desa={desa}", status=400, **said) == 0


def test_a_hostile_purpose_is_text_everywhere(server, clients, desa, press):
    number = order(clients["perencana"], f"desa={desa}", keperluan=HOSTILE)
    work(server)
    said = press.asked[0][1].purpose
    assert "3326010101900001" not in said
    for path in (f"/cetak/{number}", "/cetak/daftar"):
        page = clients["perencana"].get(path).text
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page
    again = clients["perencana"].post(
        "/cetak",
        data={"csrf": clients["perencana"].csrf(), "desa": desa, "kertas": "A9", "keperluan": HOSTILE},
    )
    assert again.status_code == 400
    assert "<img src=x" not in again.text


def test_one_book_of_a_person_at_a_time(server, clients, desa, press):
    first = order(clients["perencana"], f"desa={desa}")
    assert f'href="/cetak/{first}"' in clients["perencana"].get("/cetak").text
    form = {"csrf": clients["perencana"].csrf(), "desa": desa, "kertas": "A4", "keperluan": PURPOSE}
    assert "belum selesai" in clients["perencana"].post("/cetak", data=form).text
    other = order(clients["admin"], f"desa={desa}")  # another's book may wait beside it
    work(server)
    assert order(clients["perencana"], f"desa={desa}") > other
    assert len(press.asked) == 1


def test_a_sheet_goes_before_the_books(server, clients, desa, press):  # noqa: ARG001
    order(clients["perencana"], f"desa={desa}")
    records = server.app.state.records
    with records.session() as session:
        enqueue(session, ASSESS, {"upload": 1}, "admin")
    job = claim(records, worker_name())
    assert job is not None
    assert job.kind == ASSESS


def test_a_cancelled_book_leaves_nothing(server, clients, desa, press):
    waiting = order(clients["perencana"], f"desa={desa}")
    client = clients["perencana"]
    client.post(f"/cetak/{waiting}/hapus", data={"csrf": client.csrf()})
    assert client.get(f"/cetak/{waiting}/keadaan").json()["state"] == CANCELLED
    running = order(client, f"desa={desa}")

    def stop() -> None:
        with server.app.state.records.session() as session:
            assert cancel(session, printed(server, running).job_id)

    press.before = stop
    work(server, ends=CANCELLED)  # it was finished in its last moment
    settings = server.app.state.settings
    sweep_books(settings, server.app.state.records)
    assert not book_folder(settings, running).exists()
    assert client.get(f"/cetak/{running}/unduh/buku.pdf").status_code == 404
    assert "dibatalkan" in client.get(f"/cetak/{running}").text


@pytest.mark.parametrize("fault", [KeyError("SITI RAHASIA"), NotWritable("Ruang disk habis."), MemoryError()])
def test_a_book_that_cannot_be_made_says_why_and_leaves_nothing(server, clients, desa, press, fault):
    number = order(clients["perencana"], f"desa={desa}")

    def fail() -> None:
        raise fault

    press.before = fail
    work(server, ends=FAILED)
    page = clients["perencana"].get(f"/cetak/{number}").text
    assert "tidak dapat dibuat" in page
    assert "SITI RAHASIA" not in page
    assert clients["perencana"].get(f"/cetak/{number}/keadaan").json()["state"] == FAILED
    assert not list(shelf(server.app.state.settings).glob(f"*{number}*"))
    assert clients["perencana"].get(f"/cetak/{number}/unduh/buku.pdf").status_code == 404
    order(clients["perencana"], f"desa={desa}")  # and another may be ordered


def test_a_book_whose_worker_died_is_made_again(server, clients, desa, press):
    number = order(clients["perencana"], f"desa={desa}")
    records, settings = server.app.state.records, server.app.state.settings
    left = shelf(settings) / f".{number}.part"
    left.mkdir(parents=True)
    (left / "buku.pdf").write_bytes(b"half")
    with records.session() as session:
        job = session.get_one(Job, printed(server, number).job_id)
        job.state, job.worker, job.attempts, job.beat_at = (
            "jalan",
            "lain:1:x",
            1,
            now() - timedelta(minutes=5),
        )
    sweep_books(settings, records)
    work(server)
    assert len(press.asked) == 1
    assert clients["perencana"].get(f"/cetak/{number}/keadaan").json()["state"] == "siap"
    assert not left.exists()


def test_sheets_are_reprinted_singly_and_the_trail_says_so(server, clients, press):
    client = clients["perencana"]
    number = order(client)
    work(server)
    codes = [str(kode) for kode in press.asked[0][0].desa]
    wanted = [f"{kode}-01-K7Q2A" for kode in codes[:2]]
    page = client.get(f"/cetak/{number}").text
    assert len(re.findall(r'name="lembar"', page)) == len(codes)
    answer = client.post(f"/cetak/{number}/ulang", data={"csrf": client.csrf(), "lembar": wanted[::-1]})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert press.reprinted == [wanted]
    last = trail(server)[-1]
    table = server.app.state.library.shown().assessment.desa.set_index("kode_desa")
    assert (last.action, last.households) == ("cetak", table.loc[codes[:2], "households"].sum())
    assert "cetak ulang 2 lembar" in last.subject
    for odd in ([], ["99.99.99.9999-01-XXXXX"], [*wanted, "lain"], ["../../etc/passwd"]):
        answer = client.post(f"/cetak/{number}/ulang", data={"csrf": client.csrf(), "lembar": odd})
        assert answer.status_code == 400
    assert not list(shelf(server.app.state.settings).glob(".ulang*"))


@pytest.mark.parametrize("name", ["lembar.json", "..%2F..%2Fcatatan.db", "x", "%00", "buku.pdf%2F"])
def test_nothing_else_is_handed_out(server, clients, desa, press, name):  # noqa: ARG001
    number = order(clients["perencana"], f"desa={desa}")
    work(server)
    assert clients["perencana"].get(f"/cetak/{number}/unduh/{name}").status_code in {403, 404}


def test_a_book_is_over_after_its_time(server, clients, desa, press):  # noqa: ARG001
    number = order(clients["perencana"], f"desa={desa}")
    work(server)
    with server.app.state.records.session() as session:
        session.get_one(Print, number).made_at = now() - KEPT - timedelta(minutes=1)
    assert clients["perencana"].get(f"/cetak/{number}/unduh/buku.pdf").status_code == 404
    assert "masa simpan habis" in clients["perencana"].get("/cetak/daftar").text
    sweep_books(server.app.state.settings, server.app.state.records)
    assert not book_folder(server.app.state.settings, number).exists()
    assert "dihapus" in clients["perencana"].get(f"/cetak/{number}").text


def test_a_book_goes_with_its_run(server, clients, desa, press):  # noqa: ARG001
    number = order(clients["perencana"], f"desa={desa}")
    work(server)
    settings, records = server.app.state.settings, server.app.state.records
    sweep_books(settings, records)
    assert book_folder(settings, number).exists()
    with records.session() as session:
        session.get_one(Print, number).run_created = "2001-01-01T00:00:00+07:00"  # another took its name
    assert clients["perencana"].get(f"/cetak/{number}/unduh/buku.pdf").status_code == 404
    assert "ditarik" in clients["perencana"].get(f"/cetak/{number}").text
    sweep_books(settings, records)
    assert not book_folder(settings, number).exists()


def test_only_so_many_books_are_kept(server, clients, desa, press, monkeypatch):  # noqa: ARG001
    monkeypatch.setattr("app.jobs.books.MOST", 2)
    numbers = []
    for _ in range(3):
        numbers.append(order(clients["perencana"], f"desa={desa}"))
        work(server)
    sweep_books(server.app.state.settings, server.app.state.records)
    there = [book_folder(server.app.state.settings, number).exists() for number in numbers]
    assert there == [False, True, True]


def test_whoever_keeps_the_accounts_may_remove_a_book(server, clients, desa, press):  # noqa: ARG001
    number = order(clients["petugas"], f"desa={desa}", nama="ya")
    work(server)
    clients["admin"].post(f"/cetak/{number}/hapus", data={"csrf": clients["admin"].csrf()})
    assert not book_folder(server.app.state.settings, number).exists()
    assert clients["petugas"].get(f"/cetak/{number}/unduh/buku.pdf").status_code == 404
    assert trail(server)[-1].subject == f"buku {number} dihapus"


def test_the_pages_lead_to_the_book(server, clients, desa):
    shown = server.app.state.library.shown().assessment
    team, day = shown.visits[["team", "day"]].iloc[0]
    for role in ("perencana", "petugas"):
        client = clients[role]
        assert f'href="/cetak?desa={desa}"' in client.get(f"/desa/{desa}").text
        assert (
            f'href="/cetak?regu={team}&amp;hari={day}"'
            in client.get(f"/kunjungan/regu?regu={team}&hari={day}").text
        )
    found = re.search(
        r'id="buku" href="([^"]+)"', clients["perencana"].get("/peta?kecamatan=" + desa[:8]).text
    )
    assert found
    assert clients["perencana"].get(found[1].replace("&amp;", "&")).status_code == 200
    kantong = shown.clusters.iloc[0]
    page = clients["perencana"].get(f"/desa/{kantong['kode_desa']}").text
    link = f"/cetak?kantong={kantong['indicator']}%3A{kantong['cluster_id']}"
    assert link in page
    assert clients["perencana"].get(link).status_code == 200
    assert "/cetak" not in clients["pimpinan"].get(f"/desa/{desa}?").text.replace(f"/desa/{desa}/cetak", "")
    assert 'id="buku"' not in clients["pimpinan"].get("/peta").text


def test_the_page_of_data_tells_of_books_that_are_made(server, clients, desa, press):  # noqa: ARG001
    order(clients["perencana"], f"desa={desa}")
    assert "Mencetak buku peta" in clients["perencana"].get("/data").text
    with server.app.state.records.session() as session:
        assert session.scalars(select(Job.kind)).all() == [BOOK]
    work(server)
    assert server.app.state.library.in_force() == "hasil"  # a job of a book claims no run


@pytest.mark.usefixtures("press")
def test_what_a_reprint_that_was_cut_off_left_is_swept_and_who_was_chosen_forgotten(server, clients, desa):
    settings, records = server.app.state.settings, server.app.state.records
    client = clients["perencana"]
    number = order(client, f"desa={desa}")
    work(server)
    client.post(f"/cetak/{number}/hapus", data={"csrf": client.csrf()})
    shelf(settings).mkdir(exist_ok=True)
    old, fresh = shelf(settings) / ".ulang-a.pdf", shelf(settings) / ".ulang-b"
    old.write_bytes(b"names")
    fresh.mkdir()
    os.utime(old, (1, 1))
    sweep_books(settings, records)
    assert (old.exists(), fresh.exists()) == (False, True)
    os.utime(fresh, (1, 1))
    sweep_books(settings, records)
    assert not fresh.exists()
    with records.session() as session:
        assert session.get_one(Print, number, options=[undefer(Print.chosen)]).chosen == {}


def test_so_many_books_an_hour_and_no_more(clients, desa, monkeypatch):
    monkeypatch.setattr(orders, "MOST_AN_HOUR", 0)
    client = clients["perencana"]
    said = {"csrf": client.csrf(), "desa": desa, "kertas": "A4", "keperluan": "verifikasi lapangan"}
    answer = client.post("/cetak", data=said)
    assert answer.status_code == 400
    assert "dalam sejam" in answer.text
