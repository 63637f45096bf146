"""The pages of places in doubt: listed, decided, taken back, and asked of thousands."""

import json
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import nullcontext

import pandas as pd
import pytest
from sqlalchemy import select

from app.records.tables import Entry, Publication
from geo.boundaries import read_boundaries
from geo.job import run_job
from geo.review.decisions import read_decisions
from geo.settings import Settings
from tests.app.doubtful import lay_out
from tests.server import Client, Served, serving

HOSTILE = "<img src=x onerror=alert(1)>"
WHY = "menurut peta desa"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a run with four rows whose place is in doubt."""
    folder = tmp_path_factory.mktemp("tinjau")
    lay_out(folder, strange=HOSTILE)
    run_job(
        folder / "lembar.csv", folder / "hasil" / "awal", read_boundaries(folder / "batas"), Settings(),
        outputs=(), stage=lambda _: nullcontext(),
    )  # fmt: skip
    with serving(folder / "hasil", boundaries=folder / "batas") as served:
        served.add("sari", "perencana")
        yield served


@pytest.fixture
def office(server: Served) -> Served:
    """Return the server, with nothing decided yet."""
    (server.app.state.settings.boundaries / "keputusan.jsonl").unlink(missing_ok=True)
    return server


@pytest.fixture(scope="module")
def signed_in(server: Served) -> Client:
    return server.sign_in("sari")


@pytest.fixture
def sari(office: Served, signed_in: Client) -> Client:  # noqa: ARG001  -- after the decisions are gone
    return signed_in


def queue(office: Served) -> pd.DataFrame:
    return pd.read_parquet(office.app.state.settings.library / "awal" / "review.parquet")


def item(office: Served, kind: str, desa: str = "") -> str:
    rows = queue(office)
    return str(rows[(rows["kind"] == kind) & rows["desa"].str.contains(desa)]["item"].iloc[0])


def held(office: Served) -> dict[str, tuple[str, str, str]]:
    words = read_decisions(office.app.state.settings.boundaries / "keputusan.jsonl")
    return {key: (word.action, word.kode_desa, word.who) for key, word in words.items()}


def decide(client: Client, asked: str, **fields: str) -> "tuple[int, str]":
    fields = {"csrf": client.csrf("/data"), "hasil": "awal", **fields}
    answer = client.post(f"/data/tinjau/{asked}", data=fields)
    return answer.status_code, answer.headers.get("location", answer.text)


def test_the_list_tells_places_and_no_person(sari: Client):
    page = sari.get("/data/tinjau").text
    assert "3 pertanyaan tentang 4 baris" in page
    assert page.index("Sumber Makmur") < page.index("Muara Lor")  # most households first
    assert "RAHASIA" not in page
    assert HOSTILE not in page
    assert "&lt;img src=x" in page


def test_every_page_tells_the_same_number_of_open_questions(office: Served, sari: Client):
    def told() -> set[str]:
        home = re.search(r"([\d.]+) pertanyaan tentang tempat, ([\d.]+) rumah", sari.get("/").text)
        listed = re.search(r'data-label="Pertanyaan">(?:<a[^>]*>)?([\d.]+)', sari.get("/data").text)
        of_run = re.search(r"Pertanyaan terbuka</dt><dd>([\d.]+)", sari.get("/data/hasil/awal").text)
        review = re.search(r"([\d.]+) pertanyaan tentang ([\d.]+) baris", sari.get("/data/tinjau").text)
        assert home
        assert listed
        assert of_run
        assert review
        assert home[2] == review[2]
        return {home[1], listed[1], of_run[1], review[1]}

    assert told() == {"3"}
    decide(sari, item(office, "nama", "Sumber"), putusan="reject", alasan=WHY)
    assert told() == {"2"}


def test_the_questions_are_of_the_run_in_force_and_a_newer_one_is_named_first(office: Served, sari: Client):
    library = office.app.state.library
    shutil.copytree(library.path("awal"), library.folder / "baru")
    manifest = library.folder / "baru" / "manifest.json"
    made = json.loads(manifest.read_text(encoding="utf-8")) | {"created": "2031-01-01T00:00:00+00:00"}
    manifest.write_text(json.dumps(made), encoding="utf-8")
    with office.app.state.records.session() as session:
        session.add(Publication(run="awal", by="sari"))
    assert 'href="/data/tinjau?hasil=awal"' in sari.get("/").text
    page = sari.get("/data/tinjau").text
    offered = re.findall(r'<option value="(awal|baru)"( selected)?>([^<]*)<', page)
    assert offered == [
        ("baru", "", "baru (terbaru, belum terbit)"),
        ("awal", " selected", "awal (berlaku)"),
    ]
    assert "Ada hasil yang lebih baru dan belum terbit" in page
    assert "Ada hasil yang lebih baru" not in sari.get("/data/tinjau?hasil=baru").text


def test_a_candidate_is_accepted_and_the_next_question_follows(office: Served, sari: Client):
    asked = item(office, "nama", "Sumber")
    page = sari.get(f"/data/tinjau/{asked}").text
    kode = re.findall(r'name="calon" value="([^"]+)"', page)[0]
    status, place = decide(sari, asked, putusan="accept", calon=kode, alasan=WHY)
    assert status == 303
    assert held(office) == {asked: ("accept", kode, "sari")}
    follows = sari.get(place).text
    assert "«Sumber Makmur»" not in follows
    assert WHY in follows  # offered for the next one
    assert "2 pertanyaan tentang 2 baris" in sari.get("/data/tinjau").text
    assert "Sumber Makmur" in sari.get("/data/tinjau?status=diputuskan").text
    with office.app.state.records.session() as session:
        entry = session.scalars(
            select(Entry).where(Entry.action == "tinjau").order_by(Entry.id.desc())
        ).first()
    assert entry is not None
    assert (entry.user, entry.subject, entry.households, entry.reason) == (
        "sari",
        f"{asked} accept {kode}",
        2,
        WHY,
    )


def test_any_desa_is_found_and_accepted(office: Served, sari: Client):
    desa = office.app.state.library.shown().assessment.desa
    asked = item(office, "nama", "Sumber")
    listed = set(re.findall(r'name="calon" value="([^"]+)"', sari.get(f"/data/tinjau/{asked}").text))
    other = next(row for row in desa.itertuples() if row.kode_desa not in listed)
    page = sari.get(f"/data/tinjau/{asked}", params={"cari": other.nama_desa}).text
    assert f'name="calon" value="{other.kode_desa}"' in page
    assert decide(sari, asked, putusan="accept", calon=other.kode_desa, alasan=WHY)[0] == 303
    assert held(office)[asked][1] == other.kode_desa


def test_a_question_is_rejected_and_taken_back(office: Served, sari: Client):
    asked = item(office, "nama", "img")
    assert decide(sari, asked, putusan="reject", alasan=WHY)[0] == 303
    assert held(office)[asked][0] == "reject"
    assert "Tarik keputusan" in sari.get(f"/data/tinjau/{asked}").text
    assert decide(sari, asked, putusan="undo", alasan="keliru")[0] == 303
    assert held(office) == {}


def test_a_point_may_only_be_in_one_of_its_two_desa(office: Served, sari: Client):
    asked = item(office, "titik")
    listed = re.findall(r'name="calon" value="([^"]+)"', sari.get(f"/data/tinjau/{asked}").text)
    assert len(listed) == 2
    desa = office.app.state.library.shown().assessment.desa["kode_desa"]
    other = next(kode for kode in desa if kode not in listed)
    assert decide(sari, asked, putusan="accept", calon=other, alasan=WHY)[0] == 400
    assert decide(sari, asked, putusan="accept", calon=listed[1], alasan=WHY)[0] == 303


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"putusan": "accept", "calon": "", "alasan": WHY}, "Sebut calonnya"),
        ({"putusan": "accept", "calon": "11.01.01.2001", "alasan": WHY}, "Sebut calonnya"),
        ({"putusan": "reject", "alasan": "  "}, "Alasan harus diisi"),
        ({"putusan": "reject", "alasan": "NIK 3326010101900001"}, "nomor panjang"),
        ({"putusan": "undo", "alasan": WHY}, "Tidak ada keputusan"),
        ({"putusan": "lain", "alasan": WHY}, "Putusan tidak dikenal"),
    ],
)
def test_what_is_no_decision_changes_nothing(office: Served, sari: Client, fields: dict[str, str], told: str):
    status, page = decide(sari, item(office, "nama", "Sumber"), **fields)
    assert status == 400
    assert told in page
    assert "--why" not in page
    assert held(office) == {}


def test_the_map_gets_the_desa_that_may_be_meant(office: Served, sari: Client):
    page = sari.get(f"/data/tinjau/{item(office, 'titik')}").text
    assert 'data-src="/peta/gambar/awal"' in page
    assert "&#34;inside&#34;" in page
    assert 'sandbox="allow-scripts"' in page


@pytest.mark.parametrize("asked", ["nffffffffffff", "x", "%2e%2e"])
def test_a_question_that_is_not_there_is_told(sari: Client, asked: str):
    assert sari.get(f"/data/tinjau/{asked}").status_code == 404


def test_twenty_thousand_questions_turn_their_pages(office: Served, sari: Client):
    library = office.app.state.settings.library
    row = queue(office).iloc[[0]]
    many = pd.concat([row] * 20_000, ignore_index=True)
    many["item"] = [f"n{place:012x}" for place in range(len(many))]
    many["households"] = range(20_000, 0, -1)
    shutil.copytree(library / "awal", library / "banyak")
    of_many = library / "banyak" / "manifest.json"
    manifest = json.loads(of_many.read_text(encoding="utf-8")) | {"created": "2020-01-01T08:00:00+07:00"}
    of_many.write_text(json.dumps(manifest), encoding="utf-8")
    many.to_parquet(library / "banyak" / "review.parquet", index=False)
    try:
        first = sari.get("/data/tinjau?hasil=banyak").text
        assert "Halaman 1 dari 400" in first
        begin = time.perf_counter()
        last = sari.get("/data/tinjau?hasil=banyak&hal=400").text
        assert time.perf_counter() - begin < 5  # turned, not built anew
        assert f"{19_999:x}" in last
        assert len(last) < 200_000
        assert sari.get("/data/tinjau?hasil=banyak&hal=abc").status_code == 200
    finally:
        shutil.rmtree(library / "banyak")


def test_a_run_of_another_district_is_told_without_a_word_of_the_command_line(office: Served, sari: Client):
    library = office.app.state.settings.library
    shutil.copytree(library / "awal", library / "lain")
    of_other = library / "lain" / "manifest.json"
    manifest = json.loads(of_other.read_text(encoding="utf-8")) | {"created": "2020-01-01T08:00:00+07:00"}
    manifest["facts"]["district"] = {"kode": "11.01", "nama": "Kabupaten Lain"}
    of_other.write_text(json.dumps(manifest), encoding="utf-8")
    try:
        answer = sari.get("/data/tinjau?hasil=lain")
        assert answer.status_code == 400
        assert "Hasil itu tentang Kabupaten Lain" in answer.text
        assert "--decisions" not in answer.text
        assert "PETA_" not in answer.text
    finally:
        shutil.rmtree(library / "lain")
