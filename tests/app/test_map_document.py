"""Who gets the map document, in which edition, behind which wall, and how it travels."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from app.records.tables import Entry
from app.routes.map_document import policy
from app.settings import WebSettings
from tests.server import Served, serving


@pytest.fixture(scope="module")
def path(served: Served) -> str:
    return f"/peta/gambar/{served.app.state.library.shown_id()}"


def data_of(text: str) -> dict[str, Any]:
    found = re.search(r'id="data">(.*?)</script>', text, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def directives(answer: httpx.Response) -> dict[str, list[str]]:
    parts = [part.split() for part in answer.headers["content-security-policy"].split(";")]
    return {name: values for name, *values in parts}


def test_nobody_gets_it_without_a_session_or_against_their_role(served: Served, path: str) -> None:
    assert httpx.get(served.address + path).status_code == 303
    assert served.sign_in("opd").get(path).status_code == 403
    assert served.sign_in("perencana").get("/peta/gambar/lain").status_code == 404
    assert served.sign_in("perencana").get("/peta/gambar/..%2Flain").status_code == 404


def test_the_wall_around_it(served: Served, path: str) -> None:
    told = directives(served.sign_in("perencana").get(path))
    host = served.address.removeprefix("http://")
    assert told["sandbox"] == ["allow-scripts"]
    assert told["default-src"] == told["base-uri"] == told["form-action"] == ["'none'"]
    assert told["frame-ancestors"] == ["'self'"]
    assert told["connect-src"] == [f"{host}/ubin/"]
    assert told["img-src"] == ["data:", "blob:", f"{host}/ubin/"]
    assert told["style-src"] == [f"{host}/static/folium/"]
    digest, assets = told["script-src"]
    assert digest.startswith("'sha256-")
    assert assets == f"{host}/static/folium/"


@pytest.mark.parametrize("host", ["a; script-src *", "a *", "a/ubin/ *", "x@localhost", ""])
def test_no_name_of_a_server_widens_the_wall(host: str) -> None:
    known = policy("localhost", "sha256-x", WebSettings(hostnames=("peta.contoh.id",)))
    wall = policy(host, "sha256-x", WebSettings(hostnames=("peta.contoh.id",)))
    assert wall == known.replace("localhost/ubin/ ", "").replace("localhost/static/folium/ ", "")


def test_a_base_map_of_the_internet_opens_one_host_for_pictures() -> None:
    wall = policy("peta.contoh.id", "sha256-x", WebSettings(basemap="osm", hostnames=("peta.contoh.id",)))
    assert (
        "img-src data: blob: peta.contoh.id/ubin/ peta.contoh.id:*/ubin/ https://tile.openstreetmap.org;"
        in wall
    )
    assert wall.count("https://") == 1


def test_editions_follow_the_role(served: Served, path: str) -> None:
    documents = {
        name: data_of(served.sign_in(name).get(path).text) for name in ("perencana", "petugas", "pimpinan")
    }
    assert len(documents["perencana"]["plan"]["row"]) > 0
    assert documents["pimpinan"]["plan"]["row"] == []
    assessment = served.app.state.library.shown().assessment
    own = set(assessment.desa["kode_desa"][:2])
    desa_of = assessment.households.set_index("sheet_row")["kode_desa"]
    assert {desa_of[row] for row in documents["petugas"]["plan"]["row"]} <= own


def test_points_in_it_leave_the_trail(run_folder: Path, tmp_path: Path) -> None:
    with serving(run_folder, state=tmp_path) as server:
        server.add("budi", "perencana")
        server.add("sari", "pimpinan")
        address = f"/peta/gambar/{server.app.state.library.shown_id()}"
        shown = len(data_of(server.sign_in("budi").get(address).text)["plan"]["row"])
        server.sign_in("sari").get(address)
        with server.app.state.records.session() as session:
            seen = session.scalars(select(Entry).where(Entry.action == "lihat")).all()
            assert [(entry.user, entry.households) for entry in seen] == [("budi", shown)]


def test_it_travels_compressed_and_only_when_it_changed(served: Served, path: str) -> None:
    client = served.sign_in("perencana")
    first = client.get(path)
    assert first.headers["content-encoding"] == "gzip"
    assert first.headers["cache-control"] == "private, no-cache"
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == first.text


def test_its_files_are_kept_for_good_and_open_to_the_sandbox(served: Served, path: str) -> None:
    text = served.sign_in("perencana").get(path).text
    links = re.findall(r'(?:src|href)="(/static/[^"]+)"', text)
    assert len(links) > 8
    sent = len(gzip.compress(text.encode()))
    for link in links:
        answer = httpx.get(served.address + link)
        assert answer.status_code == 200, link
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert answer.headers["content-type"].split(";")[0] in {"text/css", "text/javascript"}
        sent += int(answer.headers["content-length"])
    assert sent < 400_000


@pytest.mark.parametrize("name", ["lain.js", "..%2fpeta.js", "web.css", "%2e%2e"])
def test_no_other_file_is_handed_out(served: Served, name: str) -> None:
    assert httpx.get(f"{served.address}/static/folium/x/{name}").status_code in {303, 404}
