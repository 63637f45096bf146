"""Every role at every door, as the application itself lists them; a door without a rule fails."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.access.roles import ROLES, Permission, Role
from tests.app.access.rules import ALLOWED, EVERYBODY, PUBLIC, Door, doors
from tests.server import Client, Served, serving

FOREIGN = (
    {"origin": "https://jahat.contoh"},
    {"origin": "null"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site", "origin": "https://lain.contoh.id"},
)
TO_SIGN_IN = "/masuk"


@pytest.fixture(scope="module")
def server(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the run with accounts of every role, one of them with its first password still."""
    with serving(run_folder, state=tmp_path_factory.mktemp("catatan")) as served:
        desa = served.app.state.library.shown().assessment.desa["kode_desa"].tolist()
        for role in Role:
            served.add(role.value, role.value, desa[:2] if role is Role.PETUGAS else ())
        served.add("pengganti", "admin")
        served.add("baru", "admin", must_change=True)
        yield served


@pytest.fixture(scope="module")
def known(server: Served) -> dict[str, str]:
    """Return what stands in the places of addresses: a desa of the field officer, and the run."""
    shown = server.app.state.library.shown()
    return {"kode": str(shown.assessment.desa["kode_desa"].iloc[0]), "run": shown.id, "version": "0"}


def ask(client: Client, door: Door, known: dict[str, str], **more: object) -> httpx.Response:
    # a body that was refused unread ends its connection
    headers = {"connection": "close"} | dict(more.pop("headers", {}))  # type: ignore[call-overload]
    return client.request(door.method, door.address(**known), headers=headers, **more)  # type: ignore[arg-type]


def knocks(server: Served) -> list[Door]:
    return [door for door in doors(server.app) if ALLOWED.get(str(door)) is not PUBLIC]


def theirs(server: Served, role: str) -> list[Door]:
    """Return the doors for forms that somebody may use."""
    return [
        door for door in knocks(server) if door.method == "POST" and Role(role) in (ALLOWED[str(door)] or ())
    ]


def test_every_door_has_a_rule_and_every_rule_a_door(server: Served):
    assert {str(door) for door in doors(server.app)} == set(ALLOWED)


@pytest.mark.parametrize("role", Role)
def test_a_role_opens_its_doors_and_no_other(server: Served, known: dict[str, str], role: Role):
    told = {}
    client = server.sign_in(role)
    mark = client.csrf()
    for door in sorted(knocks(server), key=lambda door: door.path == "/keluar"):
        marked = {"data": {"csrf": mark}} if door.method == "POST" else {}
        told[str(door)] = ask(client, door, known, **marked).status_code
    refused = {door for door, status in told.items() if status in {401, 403}}
    assert refused == {door for door, roles in ALLOWED.items() if roles is not PUBLIC and role not in roles}
    assert {door: status for door, status in told.items() if status >= 500} == {}


@pytest.mark.parametrize("number", ["-1", "3000000000", "9" * 30])
def test_a_number_that_no_database_holds_breaks_nothing(server: Served, known: dict[str, str], number: str):
    client = server.sign_in("pengganti")
    mark = {"csrf": client.csrf(), "entri": number, "sisihkan": "1", "baris": number}
    strange = known | dict.fromkeys(("number", "nomor", "row"), number)
    told = {
        str(door): ask(client, door, strange, data=mark).status_code
        for door in knocks(server)
        if re.search(r"\{(number|nomor|row)\}|/lama", door.path) and door.method == "POST"
    } | {
        str(door): ask(client, door, strange).status_code
        for door in knocks(server)
        if re.search(r"\{(number|nomor|row)\}", door.path) and door.method == "GET"
    }
    assert "POST /kunjungan/lama" in told
    assert {door: status for door, status in told.items() if status >= 500} == {}


def test_who_is_not_signed_in_is_led_to_the_form_and_scripts_are_told(server: Served, known: dict[str, str]):
    client = server.visitor()
    for door in knocks(server):
        answer = ask(client, door, known)
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, TO_SIGN_IN), door
        answer = ask(client, door, known, headers={"accept": "application/json"})
        assert (answer.status_code, list(answer.json())) == (401, ["galat"]), door


def test_tiles_without_a_signed_word_are_refused(server: Served, known: dict[str, str]):
    client = server.sign_in("admin")
    for door in doors(server.app):
        if door.path.startswith("/ubin/"):
            assert ask(client, door, known).status_code == 403, door


def test_with_the_first_password_only_another_can_be_chosen(server: Served, known: dict[str, str]):
    client = server.sign_in("baru")
    mark = client.csrf()
    for door in knocks(server):
        if ALLOWED[str(door)] != EVERYBODY or door.path == "/":
            answer = ask(client, door, known, **({"data": {"csrf": mark}} if door.method == "POST" else {}))
            assert (answer.status_code, answer.headers.get("location")) == (303, "/kata-sandi"), door


def test_no_form_is_taken_without_the_mark_of_its_session(server: Served, known: dict[str, str]):
    for role in ("admin", "opd"):
        client, other = server.sign_in(role), server.sign_in(role)
        for door in theirs(server, role):
            marks: list[dict[str, object]] = [
                {}, {"data": {"csrf": ""}}, {"data": {"csrf": other.csrf()}}, {"headers": {"x-csrf": other.csrf()}},
                {"params": {"csrf": client.csrf()}, "data": {"nama": "x"}}, {"files": {"csrf": b"x"}},
            ]  # fmt: skip
            for marked in marks:
                answer = ask(client, door, known, **marked)
                assert (answer.status_code, "Formulir ini sudah kedaluwarsa" in answer.text) == (403, True), (
                    door
                )


def test_no_form_of_another_site_is_taken(server: Served, known: dict[str, str]):
    client = server.sign_in("admin")
    mark = client.csrf()
    posts = [door for door in doors(server.app) if door.method == "POST"]
    assert len(posts) > 10
    for door in posts:
        for headers in FOREIGN:
            answer = ask(client, door, known, data={"csrf": mark}, headers=headers)
            assert (answer.status_code, "dari situs lain" in answer.text) == (403, True), (door, headers)


def test_the_roles_are_what_the_district_was_told():
    may = {role.value: {permission.name for permission in ROLES[role]} for role in Role}
    planner = {"SEE_AREAS", "SEE_HOUSEHOLDS", "CHOOSE", "PLAN_VISITS", "ENTER_OUTCOMES", "PRINT", "MANAGE_DATA",
               "DOWNLOAD_RUN", "SHARE"}  # fmt: skip
    assert may == {
        "perencana": planner,
        "petugas": {"SEE_AREAS", "SEE_HOUSEHOLDS", "SEE_NAMES", "ENTER_OUTCOMES", "PRINT"},
        "opd": {"RECEIVE"},
        "pimpinan": {"SEE_AREAS"},
        "admin": planner | {"SHARE_NAMES", "CORRECT_SHEET", "MANAGE_USERS", "READ_TRAIL"},
    }
    assert set().union(*ROLES.values()) == set(Permission)
