"""Kiriman over a real socket: an agency sees what was handed to it and nothing else, until the end date."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from app.jobs.packages import package_path, today
from app.jobs.queue import DONE, FAILED
from app.records.tables import Handover, Job
from tests.app.sharing_office import seen, sharing_office
from tests.server import Client, Served


@pytest.fixture(scope="module")
def office(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with sharing_office(run_folder, tmp_path_factory.mktemp("kiriman")) as served:
        yield served


def hand_over(office: Served, *, state: str = DONE, **said: object) -> int:
    """Hand over by the planner; where it is a package, write one."""
    client = office.sign_in("perencana")
    answer = client.post("/bagikan", data={"csrf": client.csrf()} | seen(client, **said))
    if said.get("bentuk") == "api":
        return int(answer.text.split("/bagikan/")[-1].split('"')[0])
    number = int(answer.headers["location"].rsplit("/", 1)[1])
    with office.app.state.records.session() as session:
        held = session.get_one(Handover, number)
        session.execute(update(Job).where(Job.id == held.job_id).values(state=state))
        held.file, held.size, held.sha256 = "paket.zip", 3, "0" * 64
        path = package_path(office.app.state.settings, held)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"zip")
    return number


def change(office: Served, number: int, **values: object) -> None:
    with office.app.state.records.session() as session:
        session.execute(update(Handover).where(Handover.id == number).values(**values))


@pytest.fixture(scope="module")
def agency(office: Served) -> Client:
    return office.sign_in("opd")


def test_an_account_of_an_agency_begins_at_its_parcels(agency: Client):
    answer = agency.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/kiriman")
    assert agency.get("/unduhan").status_code == 403
    assert agency.get("/bagikan").status_code == 403


def test_an_account_without_an_agency_is_told_whom_to_ask(office: Served):
    hand_over(office)
    page = office.sign_in("lepas").get("/kiriman").text
    assert "Minta admin memilih instansi" in page
    assert "Unduh ZIP" not in page


def test_a_parcel_is_taken_by_its_agency_until_its_last_day(office: Served, agency: Client):
    number = hand_over(office)
    page = agency.get("/kiriman").text
    assert f'href="/kiriman/{number}/unduh"' in page
    assert "Perbaikan" not in office.sign_in("dinsos").get("/kiriman").text
    assert agency.get(f"/kiriman/{number}/unduh").content == b"zip"
    assert office.sign_in("dinsos").get(f"/kiriman/{number}/unduh").status_code == 404
    assert office.sign_in("lepas").get(f"/kiriman/{number}/unduh").status_code == 404
    change(office, number, until=today())
    assert agency.get(f"/kiriman/{number}/unduh").status_code == 200
    change(office, number, until=today() - timedelta(days=1))
    answer = agency.get(f"/kiriman/{number}/unduh")
    assert (answer.status_code, "berakhir pada" in answer.text) == (410, True)
    assert f'href="/kiriman/{number}/unduh"' not in agency.get("/kiriman").text


def test_a_revoked_parcel_is_gone(office: Served, agency: Client):
    number = hand_over(office)
    planner = office.sign_in("perencana")
    planner.post(f"/bagikan/{number}/cabut", data={"csrf": planner.csrf(), "yakin": "ya"})
    answer = agency.get(f"/kiriman/{number}/unduh")
    assert (answer.status_code, "dicabut" in answer.text) == (410, True)


def test_what_waits_is_told_and_what_failed_is_not(office: Served, agency: Client):
    waiting, failed = hand_over(office, state="antre"), hand_over(office, state=FAILED)
    page = agency.get("/kiriman").text
    assert f"Kiriman {waiting} " in page
    assert f"Kiriman {failed} " not in page
    assert agency.get(f"/kiriman/{waiting}/unduh").status_code == 404


def test_access_by_api_is_told_without_the_token(office: Served, agency: Client):
    number = hand_over(office, bentuk="api")
    page = agency.get("/kiriman").text
    assert f"Kiriman {number} " in page
    assert "/ogc" in page
    assert "peta_" not in page
    assert agency.get(f"/kiriman/{number}/unduh").status_code == 404


def test_another_agency_for_an_account_takes_its_parcels_away(office: Served):
    hand_over(office)
    admin = office.sign_in("admin")
    people = admin.get("/pengguna").text
    number = people.split('">dinsos</a>')[0].rsplit("/pengguna/", 1)[1]
    client = office.sign_in("dinsos")
    assert "Belum ada kiriman" in client.get("/kiriman").text
    told = {"csrf": admin.csrf(), "peran": "opd", "penerima": "perkim"}
    assert admin.post(f"/pengguna/{number}", data=told).status_code == 303
    assert client.get("/kiriman").headers["location"].startswith("/masuk")  # what they may see has changed
    assert "Unduh ZIP" in office.sign_in("dinsos").get("/kiriman").text
    assert admin.post(f"/pengguna/{number}", data=told | {"penerima": "kunjung"}).status_code == 303
