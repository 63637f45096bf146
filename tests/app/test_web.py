"""The web application over a real socket: what every answer carries, and what it must never hand out."""

import base64
import hashlib
import http.client
import json
import logging
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd
import pytest
import uvicorn
from rich.console import Console
from sqlalchemy import select

from app.access.roles import Role
from app.records.tables import Entry
from app.routes.downloads import OFFERS
from app.serving import discreet, serve_runs
from app.settings import WebSettings
from geo.errors import NoRun, NotAllowed
from tests.server import Client, Served, serving

Answer = tuple[int, http.client.HTTPMessage, bytes]
Ask = Callable[..., Answer]
SEEN = ("/", "/peta", "/unduhan", "/bagikan", "/bagikan/baru", "/kiriman", "/kata-sandi")


def fetch(address: str, path: str, method: str = "GET", **headers: str) -> Answer:
    """Ask for a path exactly as written; a client of comfort would tidy it first."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request(method, path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, response.headers, body


@pytest.fixture(scope="module")
def clients(served: Served) -> dict[str, Client]:
    """Return a signed-in client for each role."""
    return {role.value: served.sign_in(role) for role in Role}


@pytest.fixture(scope="module")
def ask(served: Served, clients: dict[str, Client]) -> Ask:
    """Return what fetches as a planner."""
    cookies = "; ".join(f"{name}={value}" for name, value in clients["perencana"].cookies.items())

    def as_planner(path: str, method: str = "GET", **headers: str) -> Answer:
        return fetch(served.address, path, method, cookie=cookies, **headers)

    return as_planner


def test_the_start_page_says_what_was_found(ask: Ask, run_folder: Path):
    facts = json.loads((run_folder / "manifest.json").read_text(encoding="utf-8"))["facts"]
    status, headers, body = ask("/")
    page = body.decode()
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Kabupaten Contoh" in page
    assert str(facts["needs"]["rtlh"]["need"]) in page


def links_of(page: str) -> set[str]:
    found = re.findall(r'(?:href|src)="(/[^"#]*)"', re.sub(r"(?s)<script.*?</script>", "", page))
    return {link.replace("&amp;", "&") for link in found}


@pytest.mark.parametrize("role", Role)
def test_every_link_of_the_pages_leads_somewhere(clients: dict[str, Client], role: Role):
    client = clients[role]
    links = set().union(
        *(links_of(answer.text) for answer in map(client.get, SEEN) if answer.status_code == 200)
    )
    assert "/kata-sandi" in links
    told = {link: client.get(link, follow_redirects=True).status_code for link in links}
    assert told == dict.fromkeys(links, 200)


def test_health_says_nothing_of_the_run(served: Served):
    status, _, body = fetch(served.address, "/healthz")
    assert (status, set(json.loads(body))) == (200, {"status", "version"})
    assert fetch(served.address, "/healthz", "HEAD")[2] == b""


@pytest.mark.parametrize("path", ["/", "/peta", "/kata-sandi", "/tidak-ada", "/static/app.css"])
def test_head_is_answered_as_get_without_a_body(ask: Ask, path: str):
    status, headers, body = ask(path, "HEAD")
    as_get, of_get, _ = ask(path)
    assert (status, body) == (as_get, b"")
    assert {*headers.keys()} == {*of_get.keys()}


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.name)
def test_downloads_are_attachments_byte_for_byte(ask: Ask, run_folder: Path, offer: object):
    name = offer.name  # type: ignore[attr-defined]
    status, headers, body = ask(f"/unduh/{name}")
    assert status == 200
    assert headers["content-disposition"] == f'attachment; filename="{Path(name).name}"'
    assert body == (run_folder / name).read_bytes()


@pytest.mark.parametrize("path", ["/unduh/geojson/households.geojson", "/geojson/households.geojson"])
def test_points_of_households_leave_by_hand_over_alone(clients: dict[str, Client], path: str):
    answer = clients["perencana"].get(path)
    assert (answer.status_code, answer.headers.get("location")) in {(404, None), (303, "/bagikan")}
    assert clients["opd"].get(path).status_code in {403, 404}
    page = clients["perencana"].get("/unduhan").text
    assert "households.geojson" not in page
    assert 'href="/bagikan"' in page.split("<main")[1]


PERSONAL = ["households", "rejects", "priorities", "desa", "kecamatan", "zones", "clusters"]


@pytest.mark.parametrize(
    "prefix", ["/", "/unduh/", "/unduh//", "/geojson/", "/static/x/", "/static-offline-docs/"]
)
@pytest.mark.parametrize("name", PERSONAL)
def test_no_table_can_be_reached(ask: Ask, prefix: str, name: str):
    assert ask(f"{prefix}{name}.parquet")[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/unduh/../households.parquet",
        "/unduh/geojson/../households.parquet",
        "/unduh/geojson/../manifest.json",
        "/unduh/%2e%2e/households.parquet",
        "/unduh/..%2fhouseholds.parquet",
        "/unduh/geojson%2f..%2fhouseholds.parquet",
        "/unduh/%68ouseholds.parquet",
        "/unduh/households.parquet%00.pdf",
        "/unduh/..%5chouseholds.parquet",
        "/unduh//etc/passwd",
        "/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/static/x/..%2f..%2fmain.py",
        "/static/x/%2e%2e%2fmain.py",
        "/static-offline-docs/..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/peta/gambar/..%2f..%2fhasil",
        "/unduh/",
        "/geojson/",
        "/.hasil",
        "/.peta/catatan.db",
        "/unduh/.peta%2frahasia.json",
    ],
)
def test_no_path_leads_out_of_what_is_on_offer(ask: Ask, path: str):
    status, headers, body = ask(path)
    assert status == 404
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert b"tidak ada" in body
    assert b"PAR1" not in body
    assert b"root:" not in body


@pytest.mark.parametrize(
    "host",
    [
        "jahat.contoh",
        "jahat.contoh:8000",
        "192.168.1.7",
        "127.0.0.1.jahat.contoh",
        "[",
        "",
        "jahat.contoh@localhost",
        "a; script-src *@localhost",
        "localhost:80;x",
        "localhost,*",
        "localhost:",
    ],
)
def test_a_foreign_host_name_is_refused(ask: Ask, host: str):
    status, _, body = ask("/unduh/manifest.json", host=host)
    assert status == 400
    assert b"alamat yang disebut" in body


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000"])
def test_names_of_this_machine_are_taken(ask: Ask, host: str):
    assert ask("/healthz", host=host)[0] == 200


@pytest.mark.parametrize(
    "path",
    ["/", "/masuk", "/peta", "/laporan", "/docs", "/healthz", "/unduh/manifest.json", "/tidak-ada", "/pengguna",
     "/jejak.csv", "/openapi.json"],
)  # fmt: skip
def test_every_answer_is_guarded(ask: Ask, path: str):
    headers = ask(path)[1]
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert "server" not in headers


def test_pages_run_no_script_but_their_own_files(ask: Ask):
    for path in SEEN:
        _, headers, body = ask(path)
        policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
        assert policy["script-src"] == "'self'"
        assert policy["form-action"] == "'self'"
        assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>|\son\w+=|<style", body.decode()), path


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_no_other_method_is_known(ask: Ask, method: str):
    assert ask("/unduh/manifest.json", method)[0] == 405


def test_a_hostile_path_is_not_echoed(ask: Ask):
    assert b"<img src=x" not in ask("/%3Cimg%20src=x%20onerror=alert(1)%3E")[2]
    assert b"<img src=x" not in ask("/masuk?ke=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E")[2]


def test_a_script_is_told_in_json(ask: Ask):
    status, headers, body = ask("/tidak-ada", accept="application/json")
    assert (status, headers["content-type"], list(json.loads(body))) == (404, "application/json", ["galat"])


def test_docs_ask_for_nothing_elsewhere_and_run_no_script_but_theirs(
    served: Served, clients: dict[str, Client]
):
    cookies = "; ".join(f"{name}={value}" for name, value in clients["admin"].cookies.items())

    def ask(path: str) -> Answer:
        return fetch(served.address, path, cookie=cookies)

    status, headers, body = ask("/docs")
    assert status == 200
    policy = headers["content-security-policy"]
    inline = re.findall(r"(?s)<script>(.*?)</script>", body.decode())
    assert inline
    for text in inline:
        assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() in policy
    assert "unsafe-inline" not in policy.split("style-src")[0]
    assert "/peta/keadaan" not in json.loads(ask("/openapi.json")[2])["paths"]
    links = re.findall(r'(?:href|src)="([^"]+)"', body.decode())
    assert links
    assert {link: ask(link)[0] for link in links} == dict.fromkeys(links, 200)
    assert ask("/redoc")[0] == 404


PAGES = (
    "/", "/peta", "/peta/keadaan", "/peta?tampil=need&butuh=rtlh:ya&lapisan=rumah", "/bandingkan", "/prioritas",
    "/kunjungan", "/kunjungan/kemajuan", "/data", "/unduhan", "/laporan", "/peta/gambar/{run}", "/desa/{own}",
    "/desa/{own}/kartu", "/desa/{other}", "/desa/{other}/kartu", "/rumah/{row}", "/rumah/{other_row}",
    "/peta/tabel.csv", "/kunjungan/regu?regu=1&hari=1", "/kunjungan/cetak?regu=1&hari=1", "/kunjungan/kemajuan.csv",
    "/bagikan", "/bagikan/baru", "/kiriman", "/unduh/peta.html", "/unduh/laporan.html", "/unduh/manifest.json",
    "/data/tinjau", "/prioritas/daftar", "/jejak", "/pengguna",
)  # fmt: skip


@pytest.mark.parametrize("role", Role)
def test_names_are_for_field_officers_of_that_desa_and_identifiers_for_nobody(
    served: Served, clients: dict[str, Client], run_folder: Path, role: Role
):
    wanted = ["sheet_row", "kode_desa", "nama", "nik", "no_kk", "alamat"]
    households = pd.read_parquet(run_folder / "households.parquet", columns=wanted).dropna(
        subset=["kode_desa"]
    )
    desa = served.app.state.library.shown().assessment.desa["kode_desa"].tolist()
    own = households["kode_desa"].isin(desa[:2])
    rows = households.loc[own, "sheet_row"].tolist() + households.loc[~own, "sheet_row"].tolist()
    places = {
        "run": run_folder.name,
        "own": desa[0],
        "other": desa[-1],
        "row": rows[0],
        "other_row": rows[-1],
    }
    text = ""
    for path in PAGES:
        answer = clients[role].get(path.format(**places))
        assert answer.status_code < 500, path
        text += answer.text if answer.status_code == 200 else ""
    assert len(text) > 1000
    for column in ("nik", "no_kk"):
        known = households[column].dropna().astype(str)
        assert [number for number in known if number in text] == []
    mine = set(households.loc[own, "nama"].dropna()) if role is Role.PETUGAS else set()
    named = {name for name in households["nama"].dropna() if len(name.split()) > 1 and name in text}
    assert named <= mine
    assert bool(named) == (role is Role.PETUGAS)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "contoh.id", ""])  # noqa: S104 - refused
def test_serving_to_other_machines_is_refused(run_folder: Path, host: str):
    with pytest.raises(NotAllowed, match=r"--host 127\.0\.0\.1"):
        serve_runs(WebSettings(runs=run_folder), host, 8000, Console())


def test_other_machines_are_served_by_https_alone(run_folder: Path, tmp_path: Path):
    settings = WebSettings(runs=run_folder, state=tmp_path, hostnames=("peta.contoh.id",))
    with pytest.raises(NotAllowed, match=r"peta\.contoh\.id .* --proxy-https"):
        serve_runs(settings, "127.0.0.1", 8000, Console())
    assert not list(tmp_path.iterdir())


def test_a_name_of_a_file_that_no_disk_takes_is_only_not_there(served: Served):
    assert fetch(served.address, f"/static/x/{'a' * 300}.css")[0] == 404
    assert fetch(served.address, "/static/x/app.css%00")[0] == 404


def test_a_port_in_use_is_named_or_passed_over_and_a_server_without_accounts_says_so(
    run_folder: Path, served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):  # fmt: skip
    port = urlsplit(served.address).port
    assert port
    settings = WebSettings(runs=run_folder, state=tmp_path, worker=False)
    with pytest.raises(NotAllowed, match=f"Port {port} .* --port"):
        serve_runs(settings, "127.0.0.1", port, Console())
    monkeypatch.setattr(uvicorn.Server, "run", lambda _, sockets: sockets)
    serve_runs(settings, "127.0.0.1", port, Console(soft_wrap=True), may_move=True)
    told = capsys.readouterr().out
    found = re.search(r"Buka http://127\.0\.0\.1:(\d+)/", told)
    assert found
    assert port < int(found[1]) <= port + 20
    assert f"peta user add NAMA --role admin --runs {run_folder}" in told


def test_without_a_folder_nothing_is_served(tmp_path: Path):
    with pytest.raises(NoRun, match="tidak ada"):
        serve_runs(WebSettings(runs=tmp_path / "tiada"), "127.0.0.1", 8000, Console())


def test_the_newest_run_is_shown_at_once_and_what_it_lacks_is_not_offered(run_folder: Path, tmp_path: Path):
    lacking = shutil.ignore_patterns("atlas.pdf")
    with serving(Path(shutil.copytree(run_folder, tmp_path / "lama", ignore=lacking)).parent) as server:
        server.add("sari", "perencana")
        client = server.sign_in("sari")
        page = client.get("/unduhan").text
        assert "geojson/desa.geojson" in page
        assert "atlas.pdf" not in page
        assert client.get("/unduh/atlas.pdf").status_code == 404
        newer = Path(shutil.copytree(run_folder, tmp_path / "baru"))
        manifest = json.loads((newer / "manifest.json").read_text(encoding="utf-8"))
        (newer / "manifest.json").write_text(json.dumps(manifest | {"created": "2999-01-01T00:00:00+07:00"}))
        assert "1 Januari 2999" in client.get("/").text
        assert client.get("/unduh/atlas.pdf").status_code == 200
        shutil.rmtree(newer)
        shutil.rmtree(tmp_path / "lama")
        answer = client.get("/peta")
        assert (answer.status_code, "Belum ada hasil" in answer.text) == (404, True)


def test_the_report_leaves_a_line_published_or_not(run_folder: Path, tmp_path: Path):
    with serving(run_folder, state=tmp_path) as server:
        server.add("sari", "perencana")
        client = server.sign_in("sari")
        for address in ("/laporan", f"/data/hasil/{run_folder.name}/laporan"):
            answer = client.get(address)
            assert (answer.status_code, "popups" in answer.headers["content-security-policy"]) == (200, False)
        with server.app.state.records.session() as session:
            lines = session.scalars(select(Entry).where(Entry.action == "unduh")).all()
            assert [(line.user, line.subject, line.run) for line in lines] == 2 * [
                ("sari", "laporan.html", run_folder.name)
            ]


def test_a_fault_of_the_program_says_nothing_of_its_work(
    run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("Sutarmi 3326010101010001")

    monkeypatch.setattr("app.library.library.Library.shown", fail)
    with serving(run_folder, state=tmp_path) as server:
        server.add("sari", "perencana")
        answer = server.sign_in("sari").get("/")
        record = logging.LogRecord(
            "uvicorn.error", logging.ERROR, "", 0, "Exception in ASGI application", (), None
        )
        try:
            fail()
        except RuntimeError as fault:
            record.exc_info = (RuntimeError, fault, fault.__traceback__)
        assert discreet(record)
        assert "RuntimeError di test_web.py baris" in logging.Formatter().format(record)
        assert "Sutarmi" not in logging.Formatter().format(record)
    assert (answer.status_code, answer.headers["content-type"]) == (500, "text/html; charset=utf-8")
    assert "tak terduga" in answer.text
    assert "Sutarmi" not in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
