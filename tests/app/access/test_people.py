"""Accounts on their page: who may change them, what a change ends, and the admin who cannot be lost."""

import re

import httpx
import pytest
from sqlalchemy import delete

from app.access.users import find_user
from app.records.tables import Entry, User
from tests.server import PASSWORD, Client, Served

HOSTILE = '"><img src=x onerror=alert(1)>${7*7}'


@pytest.fixture
def server(running: Served) -> Served:
    with running.app.state.records.session() as session:
        session.execute(delete(User))
    running.add("admin", "admin")
    running.add("sari", "perencana")
    return running


@pytest.fixture
def admin(server: Served) -> Client:
    return server.sign_in("admin")


def desa(server: Served) -> list[str]:
    return list(server.app.state.library.shown().assessment.desa["kode_desa"][:3])


def send(client: Client, path: str, **fields: object) -> httpx.Response:
    return client.post(path, data={"csrf": client.csrf()} | fields)


def account(server: Served, name: str) -> User:
    with server.app.state.records.session() as session:
        return find_user(session, name)


def password_of(answer: httpx.Response) -> str:
    found = re.search(r"<output>([^<]+)</output>", answer.text)
    assert found, answer.text
    return found[1]


def test_a_new_account_gets_a_password_that_is_shown_once_and_must_be_changed(server: Served, admin: Client):
    answer = send(
        admin, "/pengguna", nama="Budi", peran="petugas", nama_lengkap=" Budi  Santoso ", desa=desa(server)
    )
    password = password_of(answer)
    user = account(server, "budi")
    assert (user.role, user.desa, user.full_name) == ("petugas", sorted(desa(server)), "Budi Santoso")
    assert (user.must_change, user.created_by) == (True, "admin")
    assert password not in admin.get("/pengguna").text + admin.get(f"/pengguna/{user.id}").text
    led = server.visitor().post("/masuk", data={"nama": "budi", "kata_sandi": password}).headers["location"]
    assert led == "/kata-sandi"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"nama": "SARI", "peran": "opd"}, "sudah ada"),
        ({"nama": "x", "peran": "opd"}, "Nama akun"),
        ({"nama": HOSTILE, "peran": "opd"}, "Nama akun"),
        ({"nama": "budi", "peran": "dewa"}, "Peran tidak dikenal"),
        ({"nama": "budi", "peran": "petugas", "desa": ["semua"]}, "Kode desa"),
        ({"nama": "budi", "peran": "opd", "penerima": "tiada"}, "Instansi «tiada» tidak ada"),
    ],
)
def test_an_unfit_account_is_refused_and_the_form_kept(admin: Client, fields: dict[str, object], words: str):
    answer = send(admin, "/pengguna", nama_lengkap="Nama Panjang", **fields)
    assert (answer.status_code, words in answer.text, "Nama Panjang" in answer.text) == (400, True, True)
    assert "<img" not in re.sub(r'<img src="/static[^>]*>', "", answer.text)


def test_only_field_officers_have_desa_of_their_own(server: Served, admin: Client):
    send(admin, "/pengguna", nama="budi", peran="perencana", desa=desa(server))
    assert account(server, "budi").desa == []


def test_only_agencies_have_a_recipient_and_another_one_ends_the_sessions(server: Served, admin: Client):
    send(admin, "/pengguna", nama="budi", peran="perencana", penerima="dinkes")
    assert account(server, "budi").recipient == ""
    assert "belum ada instansi" not in admin.get("/pengguna").text
    server.add("dinas", "opd")
    client, user = server.sign_in("dinas"), account(server, "dinas")
    assert "belum ada instansi" in admin.get("/pengguna").text
    assert send(admin, f"/pengguna/{user.id}", peran="opd", penerima="dinkes").status_code == 303
    assert account(server, "dinas").recipient == "dinkes"
    assert client.get("/kiriman").headers["location"].startswith("/masuk")
    assert "Dinas Kesehatan" in admin.get("/pengguna").text
    assert 'value="dinkes" selected' in admin.get(f"/pengguna/{user.id}").text


def test_agencies_are_offered_once_and_not_by_recipe(admin: Client):
    page = admin.get("/pengguna/baru").text
    assert re.findall(r'<option value="dinkes">([^<]*)', page) == ["Dinas Kesehatan (dinkes)"]
    assert 'value="stbm"' not in page
    answer = send(admin, "/pengguna", nama="budi", peran="opd", penerima="stbm")
    assert (answer.status_code, "dinkes (Dinas Kesehatan)" in answer.text) == (400, True)


def test_a_recipient_whose_recipe_is_gone_stays_until_somebody_changes_it(server: Served, admin: Client):
    server.add("dinas", "opd", recipient="lama")
    user = account(server, "dinas")
    assert "tidak ada resep untuk lama" in admin.get("/pengguna").text
    assert send(admin, f"/pengguna/{user.id}", peran="opd", penerima="lama").status_code == 303
    assert account(server, "dinas").recipient == "lama"


def test_another_role_ends_the_sessions(server: Served, admin: Client):
    client, user = server.sign_in("sari"), account(server, "sari")
    assert send(admin, f"/pengguna/{user.id}", peran="perencana", nama_lengkap=HOSTILE).status_code == 303
    assert client.get("/").status_code == 200  # another full name does not
    page = admin.get("/pengguna").text + admin.get(f"/pengguna/{user.id}").text + client.get("/").text
    assert "onerror=alert" in page
    assert "<img src=x" not in page
    assert send(admin, f"/pengguna/{user.id}", peran="petugas", desa=desa(server)[:1]).status_code == 303
    assert client.get("/").headers["location"] == "/masuk"
    assert account(server, "sari").desa == desa(server)[:1]


def test_a_new_password_ends_the_sessions_and_holds(server: Served, admin: Client):
    client, user = server.sign_in("sari"), account(server, "sari")
    password = password_of(send(admin, f"/pengguna/{user.id}/kata-sandi"))
    assert client.get("/").headers["location"] == "/masuk"
    assert server.visitor().post("/masuk", data={"nama": "sari", "kata_sandi": PASSWORD}).status_code == 403
    led = server.visitor().post("/masuk", data={"nama": "sari", "kata_sandi": password}).headers["location"]
    assert led == "/kata-sandi"


def test_disabled_and_enabled_again(server: Served, admin: Client):
    client, user = server.sign_in("sari"), account(server, "sari")
    assert send(admin, f"/pengguna/{user.id}/nonaktif").status_code == 303
    assert client.get("/").headers["location"] == "/masuk"
    assert "nonaktif" in admin.get("/pengguna").text
    assert send(admin, f"/pengguna/{user.id}/aktif").status_code == 303
    assert server.sign_in("sari")


def test_the_last_admin_cannot_be_lost(server: Served, admin: Client):
    user = account(server, "admin")
    for path, fields in ((f"/pengguna/{user.id}/nonaktif", {}), (f"/pengguna/{user.id}", {"peran": "opd"})):
        answer = send(admin, path, **fields)
        assert (answer.status_code, "admin terakhir" in answer.text) == (400, True)
    server.add("kedua", "admin")
    assert send(admin, f"/pengguna/{account(server, 'kedua').id}/nonaktif").status_code == 303
    assert send(admin, f"/pengguna/{user.id}/nonaktif").status_code == 400  # the other one is shut out


@pytest.mark.parametrize("number", ["0", "-1", "999999", "99999999999999999999"])
def test_an_account_that_is_not_there(admin: Client, number: str):
    assert admin.get(f"/pengguna/{number}").status_code == 404
    assert send(admin, f"/pengguna/{number}/nonaktif").status_code == 404


def test_what_is_done_to_accounts_stands_in_the_trail(server: Served, admin: Client):
    send(admin, "/pengguna", nama="budi", peran="opd")
    with server.app.state.records.session() as session:
        last = session.query(Entry).order_by(Entry.id.desc()).first()
        assert last
        assert (last.user, last.action, last.subject) == ("admin", "pengguna", "menambah budi (opd)")


def test_desa_that_the_run_does_not_know_stay_with_their_officer(server: Served, admin: Client):
    server.add("budi", "petugas", ["11.01.01.2001"])
    page = admin.get(f"/pengguna/{account(server, 'budi').id}").text
    assert "Di luar hasil ini" in page
    assert re.search(r'value="11\.01\.01\.2001" checked', page)
