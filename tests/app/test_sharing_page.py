"""Bagikan over a real socket: nothing leaves that was not looked at, and what left can be followed and ended."""

import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pandas as pd
import pytest
from sqlalchemy import select, update

from app.choosing.lists import save_list
from app.choosing.ranking import own_ranking
from app.jobs import task
from app.jobs.queue import PACKAGE, claim, worker_name
from app.records.tables import Entry, Handover, Job
from tests.app.sharing_office import confirming, form, seen, sharing_office
from tests.server import Client, Served


@pytest.fixture(scope="module")
def office(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve two runs of the sample; another takes force where a test says so."""
    place = tmp_path_factory.mktemp("berbagi")
    shutil.copytree(run_folder, place / "hasil" / "2026-1")
    with sharing_office(place / "hasil", place) as served:
        yield served


@pytest.fixture(scope="module")
def planner(office: Served) -> Client:
    return office.sign_in("perencana")


def send(client: Client, path: str, **fields: object) -> httpx.Response:
    return client.post(path, data={"csrf": client.csrf()} | fields)


def hand_over(client: Client, **said: object) -> httpx.Response:
    return send(client, "/bagikan", **seen(client, **said))


def number_of(answer: httpx.Response) -> int:
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].rsplit("/", 1)[1])


def do_jobs(office: Served) -> None:
    """Do the packages that wait."""
    records, settings = office.app.state.records, office.app.state.settings
    worker = worker_name()
    while (job := claim(records, worker)) is not None:
        assert job.kind == PACKAGE
        task.do(settings, records, job.id, worker)


def held(office: Served, number: int) -> Handover:
    with office.app.state.records.session() as session:
        return session.get_one(Handover, number)


def test_a_recipient_is_chosen_first_and_the_form_is_filled_in(planner: Client):
    page = planner.get("/bagikan/baru").text
    assert 'href="/bagikan/baru?untuk=perkim"' in page
    assert "Dinas Perumahan &lt;b&gt;" in page
    asked = planner.get("/bagikan/baru?untuk=perkim").text
    assert 'value="Perbaikan rumah tidak layak huni tahun ini"' in asked
    assert re.search(r'name="tingkat" value="opd" required checked', asked)
    assert "untuk=kunjung" not in page
    assert "hanya dapat dibagikan oleh admin" in page
    answer = planner.get("/bagikan/baru?untuk=kunjung")
    assert (answer.status_code, "tidak untuk membagikan nama" in answer.text) == (403, True)
    assert planner.get("/bagikan/baru?untuk=tiada").text.count("Bagikan kepada siapa?") == 1


def test_a_broken_recipe_is_told_among_the_recipients_and_stops_no_other(office: Served, planner: Client):
    file = office.app.state.products.sharing().recipes / "rusak.toml"
    file.write_text('recipient = "<i>"\n[[', encoding="utf-8")
    try:
        page = planner.get("/bagikan/baru?untuk=rusak").text
        assert "rusak.toml bukan TOML yang benar" in page
        assert "sampai diperbaiki" in page
        assert 'href="/bagikan/baru?untuk=perkim"' in page
        assert planner.get("/bagikan/baru?untuk=perkim").status_code == 200
    finally:
        file.unlink()
    assert "sampai diperbaiki" not in planner.get("/bagikan/baru").text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"keperluan": "x"}, "paling sedikit 10 huruf"),
        ({"cakupan": "sebagian"}, "Tandai paling sedikit"),
        ({"tingkat": "petugas"}, "tidak untuk membagikan nama"),
    ],
)
def test_a_form_that_will_not_do_comes_back_as_it_was(planner: Client, said: dict[str, object], words: str):
    answer = send(planner, "/bagikan/pratinjau", **form(**said | {"format": ["geojson"]}))
    assert (answer.status_code, words in answer.text) == (400, True)
    assert re.search(r'name="format" value="geojson" checked', answer.text)


def test_nothing_leaves_by_looking(office: Served, planner: Client):
    with office.app.state.records.session() as session:
        before = len(session.scalars(select(Handover)).all())
    answer = send(planner, "/bagikan/pratinjau", **form())
    assert "Belum ada yang keluar" in answer.text
    with office.app.state.records.session() as session:
        assert len(session.scalars(select(Handover)).all()) == before
        line = session.scalars(select(Entry).order_by(Entry.id.desc())).first()
    assert line is not None
    assert (line.action, line.subject, line.households) == ("lihat", "pratinjau pembagian: perkim, opd", 5)


def test_what_is_shown_is_what_the_package_holds(office: Served, planner: Client):
    page = send(planner, "/bagikan/pratinjau", **form(format=["geojson", "csv"])).text
    number = number_of(send(planner, "/bagikan", **confirming(page)))
    assert "disiapkan" in planner.get(f"/bagikan/{number}").text
    assert planner.get(f"/bagikan/{number}/keadaan").json()["active"]
    do_jobs(office)
    told = planner.get(f"/bagikan/{number}/keadaan").json()
    assert told["state"] == "berlaku", told
    answer = planner.get(f"/bagikan/{number}/unduh")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        name = next(name for name in package.namelist() if name.endswith("rumah_tangga.geojson"))
        points = json.loads(package.read(name))["features"]
    kept = held(office, number)
    assert len(points) == kept.households == kept.told["rows"]["rumah_tangga"]
    assert [{*point["properties"]} for point in points[:1]] == [{*kept.told["columns"]["rumah_tangga"]}]
    sample = page.split('class="sample"')[-1]
    assert all(point["id"] in sample for point in points[:5])
    assert f"{len(points):,}".replace(",", ".") in page
    assert kept.taken == 1
    assert kept.sha256 in planner.get(f"/bagikan/{number}").text


def test_the_area_and_the_level_narrow_what_leaves(office: Served, planner: Client):
    kode = office.app.state.library.shown().assessment.desa.nlargest(1, "households")["kode_desa"].iloc[0]
    one = number_of(hand_over(planner, cakupan="sebagian", desa=[kode]))
    public = number_of(hand_over(planner, tingkat="publik"))
    assert held(office, one).desa == [kode]
    assert held(office, one).told["rows"]["desa"] == 1
    assert held(office, public).households == 0
    assert "rumah_tangga" not in held(office, public).told["rows"]


def test_only_what_was_seen_is_handed_over(planner: Client):
    told = seen(planner)
    for field, value in (
        ("tingkat", "publik"),
        ("tanda", "lain"),
        ("format", "csv"),
        ("keperluan", "keperluan yang lain"),
    ):
        answer = send(planner, "/bagikan", **(told | {field: [value]}))
        assert (answer.status_code, "Belum diserahkan" in answer.text) == (409, True), field
    without = {name: value for name, value in told.items() if name != "tanda"}
    assert send(planner, "/bagikan", **without).status_code == 409


def test_what_changed_meanwhile_is_shown_again(office: Served, planner: Client):
    told = seen(planner)
    recipe = Path(office.app.state.products.sharing().recipes) / "perkim.toml"
    text = recipe.read_text(encoding="utf-8")
    recipe.write_text(text.replace('source = "need_rtlh"', 'source = "need_jamban"'), encoding="utf-8")
    try:
        answer = send(planner, "/bagikan", **told)
        assert (answer.status_code, "resep, setelan" in answer.text) == (409, True)
    finally:
        recipe.write_text(text, encoding="utf-8")
    folder = office.app.state.library.folder
    other = Path(shutil.copytree(folder / "2026-1", folder / "2026-2"))
    manifest = json.loads((other / "manifest.json").read_text(encoding="utf-8"))
    manifest["created"] = manifest["facts"]["created"] = "2999-01-01T00:00:00+07:00"
    (other / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    try:
        answer = send(planner, "/bagikan", **told)
        assert (answer.status_code, "hasil 2026-2 diterbitkan" in answer.text) == (409, True)
        again = send(planner, "/bagikan", **confirming(answer.text))
        assert held(office, number_of(again)).run == "2026-2"
    finally:
        shutil.rmtree(other)


def test_a_form_sent_twice_leads_to_the_same(planner: Client):
    told = seen(planner)
    assert number_of(send(planner, "/bagikan", **told)) == number_of(send(planner, "/bagikan", **told))


def test_a_token_is_shown_once(office: Served, planner: Client):
    told = seen(planner, bentuk="api")
    page = send(planner, "/bagikan", **told)
    token = re.search(r"<output>([^<]+)</output>", page.text)
    assert token
    assert "no-store" in page.headers["cache-control"]
    number = number_of(send(planner, "/bagikan", **told))
    everything = "".join(
        planner.get(path).text for path in ("/bagikan", f"/bagikan/{number}", "/bagikan.csv")
    )
    assert token[1] not in everything
    assert planner.get(f"/bagikan/{number}/unduh").status_code == 404
    assert held(office, number).token_hash not in everything


def test_revoked_and_ended_packages_are_gone_with_words(office: Served, planner: Client):
    revoked, ended = (number_of(hand_over(planner)) for _ in range(2))
    do_jobs(office)
    assert planner.get(f"/bagikan/{revoked}/unduh").status_code == 200
    assert send(planner, f"/bagikan/{revoked}/cabut").status_code == 400  # nobody said that they mean it
    assert send(planner, f"/bagikan/{revoked}/cabut", yakin="ya").headers["location"] == f"/bagikan/{revoked}"
    with office.app.state.records.session() as session:
        session.execute(
            update(Handover).where(Handover.id == ended).values(until=pd.Timestamp("2020-01-01").date())
        )
    for number, word in ((revoked, "dicabut"), (ended, "berakhir")):
        answer = planner.get(f"/bagikan/{number}/unduh")
        assert (answer.status_code, word in answer.text) == (410, True)
        page = planner.get(f"/bagikan/{number}").text
        assert f'tag {"bad" if number == revoked else ""}">{word}' in page
        assert "Unduh ZIP" not in page
        assert f"/bagikan/{number}/cabut" not in page


def test_what_fails_says_why_and_is_tried_again(office: Served, planner: Client):
    number = number_of(hand_over(planner))
    job = held(office, number).job_id
    with office.app.state.records.session() as session:
        session.execute(update(Job).where(Job.id == job).values(state="gagal", message="Disk penuh."))
    page = planner.get(f"/bagikan/{number}").text
    assert "Disk penuh." in page
    assert send(planner, f"/bagikan/{number}/ulang").status_code == 303
    do_jobs(office)
    assert planner.get(f"/bagikan/{number}/unduh").status_code == 200


def test_names_leave_for_a_list_by_an_admin_and_their_package_is_not_the_planners(
    office: Served, planner: Client
):
    admin, shown = office.sign_in("admin"), office.app.state.library.shown()
    records = office.app.state.records
    from app.access.roles import Role, person  # noqa: PLC0415

    with records.session() as session:
        keys = office.app.state.household_keys.of(shown.folder)
        who = person("perencana", "", Role.PERENCANA, ())
        kept = save_list(
            session, who, shown, own_ranking(shown), keys, name="kunjungan", purpose="", wishes=[]
        )
        listed = kept.id
    asked = {"untuk": "kunjung", "tingkat": "petugas", "daftar": listed}
    assert send(planner, "/bagikan/pratinjau", **form(**asked)).status_code == 403
    assert send(planner, "/bagikan/pratinjau", **form(**asked | {"tingkat": "opd"})).status_code == 403
    shape = admin.get("/bagikan/baru?untuk=kunjung").text
    assert re.findall(r'name="tingkat" value="(\w+)"', shape) == ["petugas"]
    assert f'<option value="{listed}"' in shape
    answer = send(admin, "/bagikan/pratinjau", **form(**asked | {"tingkat": "opd"}))
    assert (answer.status_code, "hanya untuk tingkat petugas" in answer.text) == (400, True)
    told = seen(admin, **asked)
    assert send(planner, "/bagikan", **told).status_code == 403
    number = number_of(send(admin, "/bagikan", **told))
    assert held(office, number).scope["list"] == listed
    do_jobs(office)
    assert planner.get(f"/bagikan/{number}/unduh").status_code == 403
    assert "Unduh ZIP" not in planner.get(f"/bagikan/{number}").text
    answer = admin.get(f"/bagikan/{number}/unduh")
    assert answer.status_code == 200, answer.text
    persons = pd.read_parquet(shown.folder / "households.parquet", columns=["nik", "no_kk"]).dropna()
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        text = "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())
    assert [number for column in persons for number in persons[column].astype(str) if number in text] == []


def test_the_log_is_narrowed_and_handed_out(office: Served, planner: Client):
    hand_over(planner, untuk="umum", tingkat="publik")
    page = planner.get("/bagikan?untuk=umum&tingkat=publik").text
    assert "Perguruan tinggi" in page.split("<tbody")[1]
    assert "Dinas Perumahan" not in page.split("<tbody")[1]
    assert planner.get("/bagikan?keadaan=entah").status_code == 400
    assert "Tidak ada pembagian menurut saringan ini" in planner.get("/bagikan?oleh=tiada").text
    lines = list(
        csv.DictReader(
            io.StringIO(planner.get("/bagikan.csv?untuk=umum").text.lstrip("\ufeff")), delimiter=";"
        )
    )
    assert {line["penerima"] for line in lines} == {"Perguruan tinggi"}
    assert {line["tingkat"] for line in lines} == {"publik"}
    with office.app.state.records.session() as session:
        line = session.scalars(select(Entry).order_by(Entry.id.desc())).first()
    assert line is not None
    assert line.subject == "bagikan.csv"


def test_text_of_users_and_recipes_stays_text(planner: Client):
    evil = '<img src=x onerror=alert(1)> "keperluan"'
    told = seen(planner, keperluan=evil)
    told["keperluan"] = [evil]
    number = number_of(send(planner, "/bagikan", **told))
    for path in ("/bagikan", f"/bagikan/{number}"):
        page = planner.get(path).text
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page


def test_the_trail_of_one_hand_over_is_for_whoever_reads_the_trail(office: Served, planner: Client):
    number = number_of(hand_over(planner))
    assert "Riwayat" not in planner.get(f"/bagikan/{number}").text
    assert "Riwayat" in office.sign_in("admin").get(f"/bagikan/{number}").text


def test_what_a_token_read_stands_in_the_trail_of_its_hand_over(office: Served, planner: Client):
    page = hand_over(planner, bentuk="api").text
    token = re.search(r"<output>(peta_[^<]+)</output>", page)
    number = re.search(r"Pembagian (\d+)", page)
    assert token is not None
    assert number is not None
    api = office.visitor()
    found = api.get(
        "/ogc/collections/rumah_tangga/items", headers={"authorization": f"Bearer {token[1]}"}
    ).json()
    told = office.sign_in("admin").get(f"/bagikan/{number[1]}").text.split("Riwayat</h2>")[1]
    assert f"lewat API: {found['numberReturned']} rumah tangga" in told


def test_it_is_told_how_many_accounts_will_see_a_hand_over(planner: Client):
    for to, page in (
        ("perkim", "1 akun OPD dari Dinas Perumahan"),
        ("umum", "Perguruan tinggi belum punya akun"),
    ):
        said = {"untuk": to, "tingkat": "publik"}
        assert page in send(planner, "/bagikan/pratinjau", **form(**said)).text
        number = number_of(hand_over(planner, **said))
        assert page in planner.get(f"/bagikan/{number}").text
