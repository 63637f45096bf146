"""The web application over a real socket: what it shows, and what it must never hand out."""

import http.client
import json
import re
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from rich.console import Console

from app.routes.downloads import TITLES
from app.serving import serve_runs
from geo.errors import NoRun, NotAllowed
from tests.server import serving

Answer = tuple[int, http.client.HTTPMessage, bytes]
Ask = Callable[..., Answer]


def fetch(address: str, path: str, method: str = "GET", **headers: str) -> Answer:
    """Ask for a path exactly as written; a client of comfort would tidy it first."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
    connection.request(method, path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, response.headers, body


@pytest.fixture
def ask(served: str) -> Ask:
    """Return what fetches from the run of the sample."""
    return partial(fetch, served)


def test_the_start_page_says_what_was_found(ask: Ask, run_folder: Path):
    facts = json.loads((run_folder / "manifest.json").read_text(encoding="utf-8"))["facts"]
    status, headers, body = ask("/")
    page = body.decode()
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Kabupaten Contoh" in page
    assert "Batas skematik, bukan batas resmi" in page
    assert f"{facts['needs']['rtlh']['unknown']} belum diketahui" in page
    for number in (facts["rows"]["sheet"], facts["rows"]["rejects"], facts["needs"]["rtlh"]["need"]):
        assert re.search(rf">{number}<", page)


def test_every_link_of_the_pages_leads_somewhere(ask: Ask):
    links = set()
    for page in ("/", "/laporan", "/peta"):
        body = ask(page)[2].decode()
        found = re.findall(r'href="([^"#]+)"', re.sub(r"(?s)<script.*?</script>", "", body))
        links |= {"/" + link.lstrip("/") for link in found if not link.startswith(("data:", "http"))}
    assert {"/laporan", "/peta", "/unduh/atlas.pdf", "/atlas.pdf", "/geojson/desa.geojson"} <= links
    assert {link: ask(link)[0] for link in links} == dict.fromkeys(links, 200)


@pytest.mark.parametrize("path", ["/", "/peta", "/laporan", "/healthz", "/unduh/atlas.pdf", "/atlas.pdf"])
def test_head_answers_as_get_without_a_body(ask: Ask, path: str):
    status, headers, body = ask(path)
    again, same, empty = ask(path, "HEAD")
    assert (status, again, empty) == (200, 200, b"")
    assert (headers["content-type"], headers["content-length"]) == (
        same["content-type"],
        same["content-length"],
    )
    assert len(body) == int(headers["content-length"])


def test_health_names_the_run(ask: Ask, run_folder: Path):
    manifest = json.loads((run_folder / "manifest.json").read_text(encoding="utf-8"))
    assert json.loads(ask("/healthz")[2]) == {
        "status": "ok",
        "version": manifest["peta"],
        "run": manifest["created"],
    }


@pytest.mark.parametrize("name", TITLES)
def test_downloads_are_attachments_byte_for_byte(ask: Ask, run_folder: Path, name: str):
    status, headers, body = ask(f"/unduh/{name}")
    assert status == 200
    assert headers["content-disposition"] == f'attachment; filename="{Path(name).name}"'
    assert body == (run_folder / name).read_bytes()


PERSONAL = ["households", "rejects", "priorities", "desa", "kecamatan", "zones", "clusters"]


@pytest.mark.parametrize("prefix", ["/", "/unduh/", "/unduh//", "/geojson/", "/static-offline-docs/"])
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
        "/static-offline-docs/..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/unduh/",
        "/geojson/",
        "/.hasil",
    ],
)
def test_no_path_leads_out_of_what_is_on_offer(ask: Ask, path: str):
    status, headers, body = ask(path)
    assert status == 404
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert b"tidak ada" in body
    assert b"PAR1" not in body


@pytest.mark.parametrize(
    "host", ["jahat.contoh", "jahat.contoh:8000", "192.168.1.7", "127.0.0.1.jahat.contoh", "[", ""]
)
def test_a_foreign_host_name_is_refused(ask: Ask, host: str):
    status, _, body = ask("/manifest.json", host=host)
    assert status == 400
    assert b"alamat yang disebut" in body


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000"])
def test_names_of_this_machine_are_taken(ask: Ask, host: str):
    assert ask("/healthz", host=host)[0] == 200


@pytest.mark.parametrize(
    "path", ["/", "/peta", "/laporan", "/docs", "/healthz", "/unduh/manifest.json", "/tidak-ada"]
)
def test_every_answer_is_guarded(ask: Ask, path: str):
    headers = ask(path)[1]
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert "server" not in headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(ask: Ask, method: str):
    status, _, body = ask("/unduh/manifest.json", method)
    assert status == 405
    assert b"hanya dapat dibaca" in body


def test_a_hostile_path_is_not_echoed(ask: Ask):
    assert b"<img" not in ask("/%3Cimg%20src=x%20onerror=alert(1)%3E")[2]


def test_docs_ask_for_nothing_elsewhere(ask: Ask):
    status, _, body = ask("/docs")
    assert status == 200
    links = re.findall(r'(?:href|src)="([^"]+)"', body.decode())
    assert links
    assert {link: ask(link)[0] for link in links} == dict.fromkeys(links, 200)
    assert set(json.loads(ask("/openapi.json")[2])["paths"]) == {"/healthz", "/unduh/{name}"}
    assert ask("/redoc")[0] == 404


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "contoh.id", ""])  # noqa: S104 - refused
def test_serving_to_other_machines_is_refused(run_folder: Path, host: str):
    with pytest.raises(NotAllowed, match=r"--host 127\.0\.0\.1"):
        serve_runs(run_folder, host, 8000, Console())


def test_a_port_in_use_is_named_or_passed_over(
    run_folder: Path, served: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    port = urlsplit(served).port
    assert port
    with pytest.raises(NotAllowed, match=f"Port {port} .* --port"):
        serve_runs(run_folder, "127.0.0.1", port, Console())
    monkeypatch.setattr(uvicorn.Server, "run", lambda _, sockets: sockets)
    serve_runs(run_folder, "127.0.0.1", port, Console(soft_wrap=True), may_move=True)
    found = re.search(r"Buka http://127\.0\.0\.1:(\d+)/", capsys.readouterr().out)
    assert found
    assert port < int(found[1]) <= port + 20


def test_without_a_run_nothing_is_served(tmp_path: Path):
    with pytest.raises(NoRun, match="Jalankan dahulu"):
        serve_runs(tmp_path, "127.0.0.1", 8000, Console())


def test_the_newest_run_is_shown_at_once_and_what_it_lacks_is_not_offered(run_folder: Path, tmp_path: Path):
    lacking = shutil.ignore_patterns("peta.html", "atlas.pdf")
    with serving(Path(shutil.copytree(run_folder, tmp_path / "lama", ignore=lacking)).parent) as address:
        page = fetch(address, "/")[2].decode()
        assert 'href="/laporan"' in page
        assert "/peta" not in page.replace("/peta.html", "")
        assert "atlas.pdf" not in page
        assert fetch(address, "/peta")[0] == 404
        newer = Path(shutil.copytree(run_folder, tmp_path / "baru"))
        manifest = json.loads((newer / "manifest.json").read_text(encoding="utf-8"))
        (newer / "manifest.json").write_text(json.dumps(manifest | {"created": "2999-01-01T00:00:00+07:00"}))
        assert "1 Januari 2999 pukul 00.00 WIB" in fetch(address, "/")[2].decode()
        assert fetch(address, "/peta")[0] == 200
        shutil.rmtree(newer)
        shutil.rmtree(tmp_path / "lama")
        status, _, body = fetch(address, "/")
        assert (status, b"Jalankan dahulu" in body) == (404, True)


def test_a_fault_of_the_program_says_nothing_of_its_work(run_folder: Path, tmp_path: Path):
    broken = Path(shutil.copytree(run_folder, tmp_path / "hasil"))
    manifest = json.loads((broken / "manifest.json").read_text(encoding="utf-8"))
    (broken / "manifest.json").write_text(json.dumps(manifest | {"created": "rahasia"}))
    with serving(broken) as address:
        status, headers, body = fetch(address, "/")
    assert (status, headers["content-type"]) == (500, "text/html; charset=utf-8")
    assert b"tak terduga" in body
    assert b"rahasia" not in body
