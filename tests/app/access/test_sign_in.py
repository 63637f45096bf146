"""Signing in and out over a real socket: cookies, forced change, lock-out, and where one is led afterwards."""

import re
from collections.abc import Iterator
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest
from sqlalchemy import delete, select, update

from app.access.attempts import FREE_OF_PAIR
from app.access.sessions import COOKIE, IDLE, LONGEST, SECURE_COOKIE
from app.access.users import find_user, set_disabled
from app.records.tables import Entry, Failure, SignIn, User, now
from tests.server import PASSWORD, Client, Served, serving

NEW = "perahu batu kopi senja"
FORM = {"nama": "sari", "kata_sandi": PASSWORD}


@pytest.fixture
def server(running: Served) -> Served:
    """Return a server with three fresh accounts and no failures."""
    with running.app.state.records.session() as session:
        session.execute(delete(User))
        session.execute(delete(Failure))
    running.add("admin", "admin")
    running.add("sari", "perencana")
    running.add("baru", "petugas", must_change=True)
    return running


def sent(answer: httpx.Response) -> SimpleCookie:
    return SimpleCookie(answer.headers.get("set-cookie", ""))


def trail(server: Served, action: str) -> list[Entry]:
    with server.app.state.records.session() as session:
        return list(session.scalars(select(Entry).where(Entry.action == action).order_by(Entry.id)))


def inside(client: Client) -> bool:
    return client.get("/kata-sandi").status_code == 200


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(server: Served):
    cookie = sent(server.visitor().post("/masuk", data=FORM))[COOKIE]
    assert (cookie["httponly"], cookie["samesite"].lower(), cookie["path"], cookie["domain"]) == (
        True,
        "lax",
        "/",
        "",
    )
    assert int(cookie["max-age"]) == LONGEST.total_seconds()
    assert not cookie["secure"]
    with server.app.state.records.session() as session:
        assert cookie.value not in {held.token_hash for held in session.scalars(select(SignIn))}


def test_behind_https_the_cookie_is_for_this_host_and_https_alone(run_folder: Path, tmp_path: Path):
    with serving(run_folder, state=tmp_path, secure=True, hostnames=("peta.contoh.id",)) as server:
        server.add("sari", "perencana")
        headers = {
            "host": "peta.contoh.id",
            "origin": "https://peta.contoh.id",
            "x-forwarded-for": "1.2.3.4, 10.0.0.7",
        }
        answer = server.visitor().post("/masuk", data=FORM, headers=headers)
        cookie = sent(answer)[SECURE_COOKIE]
        assert (answer.status_code, cookie["secure"], cookie["path"], cookie["domain"]) == (
            303,
            True,
            "/",
            "",
        )
        assert (
            trail(server, "masuk")[0].subject == "10.0.0.7"
        )  # what the visitor itself claims is not believed
        client = server.visitor()
        assert client.get("/", headers={"cookie": f"{SECURE_COOKIE}={cookie.value}"}).status_code == 200
        assert client.get("/", headers={"cookie": f"{COOKIE}={cookie.value}"}).status_code == 303


def test_without_a_proxy_nobody_says_who_asks(server: Served):
    server.visitor().post("/masuk", data=FORM, headers={"x-forwarded-for": "10.0.0.7"})
    assert trail(server, "masuk")[-1].subject == "127.0.0.1"


def test_a_token_from_before_signing_in_is_never_taken_over(server: Served):
    client = server.visitor()
    client.cookies.set(COOKIE, "pilihan-penyerang", domain="127.0.0.1")
    client.post("/masuk", data=FORM)
    assert server.visitor().get("/", headers={"cookie": f"{COOKIE}=pilihan-penyerang"}).status_code == 303
    first = client.cookies.get(COOKIE, domain="127.0.0.1")
    again = sent(client.post("/masuk", data=FORM))[COOKIE].value
    assert first != again
    assert server.visitor().get("/", headers={"cookie": f"{COOKIE}={first}"}).status_code == 303


@pytest.mark.parametrize("name", ["sari", "tiada", "<script>alert(1)</script>", ""])
def test_a_failure_says_the_same_of_every_name(server: Served, name: str):
    answer = server.visitor().post("/masuk", data={"nama": name, "kata_sandi": "bukan itu sandinya"})
    assert answer.status_code == 403
    assert "Nama atau kata sandi salah." in answer.text
    assert "<script>alert" not in answer.text
    assert "set-cookie" not in answer.headers
    assert {entry.user for entry in trail(server, "gagal-masuk")} <= {"sari", ""}


def test_too_many_failures_shut_the_door_for_a_while(server: Served):
    client = server.visitor()
    for _ in range(FREE_OF_PAIR):
        assert client.post("/masuk", data=FORM | {"kata_sandi": "bukan itu"}).status_code == 403
    answer = client.post("/masuk", data=FORM)
    assert (answer.status_code, "Coba lagi 1 menit lagi" in answer.text) == (429, True)
    assert server.sign_in("admin")
    with server.app.state.records.session() as session:
        session.execute(update(Failure).values(at=now() - timedelta(minutes=20)))
    assert client.post("/masuk", data=FORM).status_code == 303


@pytest.mark.parametrize("back", ["https://jahat.contoh", "//jahat.contoh", "/\\jahat.contoh", "javascript:alert(1)",
                                  "/\t/jahat.contoh", " /peta", "\\\\jahat.contoh", "/keluar"])  # fmt: skip
def test_nobody_is_led_to_another_site(server: Served, back: str):
    answer = server.visitor().post("/masuk", data=FORM | {"ke": back})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_link_that_was_sent_is_reached_after_signing_in(server: Served):
    client = server.visitor()
    asked = "/peta?indikator=jamban&zona=coastal%3Apesisir"
    led = client.get(asked).headers["location"]
    page = client.get(led).text
    back = re.search(r'name="ke" value="([^"]*)"', page)
    assert back
    answer = client.post("/masuk", data=FORM | {"ke": back[1].replace("&amp;", "&")})
    assert answer.headers["location"] == asked
    assert client.get(led).headers["location"] == asked  # already signed in


def test_signing_out_ends_the_session_and_needs_its_mark(server: Served):
    client = server.sign_in("sari")
    held = client.cookies.get(COOKIE)
    assert client.post("/keluar").status_code == 403
    assert inside(client)
    answer = client.post("/keluar", data={"csrf": client.csrf()})
    assert (answer.headers["location"], answer.headers["clear-site-data"]) == ("/masuk", '"cache"')
    assert server.visitor().get("/", headers={"cookie": f"{COOKIE}={held}"}).status_code == 303
    assert trail(server, "keluar")[-1].user == "sari"


@pytest.mark.parametrize(("column", "age"), [("created_at", LONGEST), ("seen_at", IDLE)])
def test_a_session_ends_by_itself(server: Served, column: str, age: timedelta):
    client = server.sign_in("sari")
    for share, expected in ((0.9, True), (1.1, False)):
        with server.app.state.records.session() as session:
            session.execute(update(SignIn).values({"seen_at": now(), column: now() - age * share}))
        assert inside(client) == expected


def test_who_is_disabled_is_out_at_once_and_cannot_come_back(server: Served):
    client = server.sign_in("sari")
    with server.app.state.records.session() as session:
        set_disabled(session, find_user(session, "sari"), disabled=True)
    assert client.get("/").headers["location"] == "/masuk"
    assert server.visitor().post("/masuk", data=FORM).status_code == 403


def change(client: Client, **fields: str) -> httpx.Response:
    given = {"csrf": client.csrf(), "lama": PASSWORD, "baru": NEW, "ulang": NEW} | fields
    return client.post("/kata-sandi", data=given)


def test_the_first_password_must_be_changed(server: Served):
    client = server.visitor()
    answer = client.post("/masuk", data={"nama": "baru", "kata_sandi": PASSWORD, "ke": "/peta"})
    assert answer.headers["location"] == "/kata-sandi"
    assert client.get("/peta").headers["location"] == "/kata-sandi"
    assert "Pengguna" not in client.get("/kata-sandi").text
    elsewhere = server.sign_in("baru")
    before = client.cookies.get(COOKIE)
    assert change(client).headers["location"] == "/"
    assert client.get("/").status_code == 200
    assert client.cookies.get(COOKIE) != before
    assert not inside(elsewhere)
    assert server.visitor().post("/masuk", data={"nama": "baru", "kata_sandi": PASSWORD}).status_code == 403
    assert (
        server.visitor().post("/masuk", data={"nama": "baru", "kata_sandi": NEW}).headers["location"] == "/"
    )
    assert trail(server, "kata-sandi")[-1].user == "baru"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"lama": "bukan itu"}, "lama salah"),
        ({"ulang": "lain sekali ya"}, "tidak sama"),
        ({"baru": PASSWORD, "ulang": PASSWORD}, "lain daripada yang lama"),
        ({"baru": "pendek", "ulang": "pendek"}, "10 sampai"),
        ({"baru": "baru di kebun", "ulang": "baru di kebun"}, "memuat nama"),
        ({"baru": "Indonesia45!", "ulang": "Indonesia45!"}, "terlalu sering"),
    ],
)
def test_an_unfit_new_password_is_refused(server: Served, fields: dict[str, str], words: str):
    client = server.sign_in("baru")
    answer = change(client, **fields)
    assert (answer.status_code, words in answer.text) == (400, True)
    assert client.get("/").headers["location"] == "/kata-sandi"


def test_the_old_password_cannot_be_guessed_in_an_open_session_either(server: Served):
    client = server.sign_in("sari")
    for _ in range(FREE_OF_PAIR):
        assert change(client, lama="bukan itu").status_code == 400
    assert change(client).status_code == 429


def test_a_body_without_end_is_refused(server: Served):
    client = server.visitor()
    assert client.post("/masuk", data=FORM | {"ke": "x" * 1_100_000}).status_code == 413

    def endless() -> Iterator[bytes]:
        for _ in range(40):
            yield b"x" * 100_000

    try:
        answer = client.post(
            "/masuk", content=endless(), headers={"content-type": "application/x-www-form-urlencoded"}
        )
        assert answer.status_code == 413
    except httpx.TransportError:  # the server may hang up while we still speak
        pass
    assert server.sign_in("sari")
