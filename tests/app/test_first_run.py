"""An office that begins with an empty folder: from signing in to the map, and what every page says until then."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from app.access.roles import Role
from app.jobs import task
from app.jobs.queue import claim, worker_name
from app.rendering import PLACES
from tests.server import Client, Served, serving

DISTRICT = Path(__file__).parents[1] / "data" / "district"
SCRIPTS = (
    "/bagikan/baru",
    "/peta/keadaan",
    "/bandingkan/keadaan",
    "/kunjungan/kemajuan",
    "/data/tinjau",
    "/laporan",
    "/prioritas/daftar",
)
BEGUN = ("/", "/data", "/pengguna", "/jejak")
"""Pages that have something to do before there is a run."""
OWN = ("/cetak/daftar", "/bagikan", "/kiriman")
"""Pages of what somebody has ordered, handed over or received, which may be nothing."""
NONE_YET = "Belum ada hasil yang berlaku"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Served]:
    (tmp_path / "hasil").mkdir()
    shutil.copytree(DISTRICT, tmp_path / "batas")
    with serving(tmp_path / "hasil", boundaries=tmp_path / "batas") as served:
        for role in Role:
            served.add(role, role, ["99.26.01.2001"] if role is Role.PETUGAS else ())
        yield served


def post(client: Client, path: str, **fields: str) -> int:
    return client.post(path, data={"csrf": client.csrf(), **fields}).status_code


@pytest.mark.parametrize("role", Role)
def test_every_page_says_in_one_sentence_that_there_is_no_run_yet(office: Served, role: Role):
    client = office.sign_in(role)
    listed = re.findall(r'<a href="([^"]+)"', client.get("/kata-sandi").text)
    shown = [place.path for place in PLACES if place.path in listed]
    assert shown
    for path in (*shown, *SCRIPTS):
        answer = client.get(path, follow_redirects=True)
        if path in OWN or (path in BEGUN and role in {Role.ADMIN, Role.PERENCANA}):
            assert answer.status_code == 200, path
        elif answer.status_code != 403:
            assert (answer.status_code, answer.text.count(NONE_YET)) == (404, 1), path


def test_an_empty_office_comes_to_its_map(office: Served, sheet: Path):
    admin, library, state = office.sign_in("admin"), office.app.state.library, office.app.state
    assert admin.get("/").headers["location"] == "/data"
    assert "Belum ada hasil. Unggah lembar, lalu olah." in admin.get("/data").text
    small = "\n".join(sheet.read_text(encoding="utf-8").splitlines()[:61])
    answer = admin.post(
        "/data/unggah", data={"csrf": admin.csrf()}, files={"berkas": ("pertama.csv", small.encode())}
    )
    place = answer.headers["location"]

    def work() -> None:
        while job := claim(state.records, me):
            task.do(state.settings, state.records, job.id, me)

    me = worker_name()
    work()
    assert post(admin, f"{place}/olah") == 303
    work()
    (run,) = library.ids()
    assert library.in_force() == ""  # made, and seen by nobody until it is published
    assert admin.get("/").headers["location"] == "/data"
    assert NONE_YET in office.sign_in("pimpinan").get("/", follow_redirects=True).text
    page = admin.get(f"/data/hasil/{run}").text
    assert "Terbitkan hasil ini" in page
    assert "tetap tersimpan dan dapat dikembalikan" not in page  # nothing is replaced
    assert "/bandingkan" not in page.split("<main")[1]
    assert post(admin, f"/data/hasil/{run}/terbit") == 303
    counted = len(pd.read_parquet(library.path(run) / "households.parquet").query("counts"))
    for role in ("admin", "pimpinan", "perencana"):
        client = office.sign_in(role)
        assert client.get("/").status_code == 200
        assert client.get("/peta").status_code == 200
        assert client.get(f"/peta/gambar/{run}").status_code == 200
        assert client.get("/bandingkan").status_code == 200
    assert str(counted) in re.sub(r"<[^>]+>", "", admin.get("/").text)
    for path in (
        "/prioritas",
        "/kunjungan",
        "/data/tinjau",
        "/laporan",
        "/unduhan",
        "/bagikan/baru?untuk=dinkes",
    ):
        assert admin.get(path).status_code == 200, path
