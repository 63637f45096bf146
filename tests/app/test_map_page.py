"""Peta over the web: the page, its state for scripts, search, table and print, for each role."""

import csv
import io
import re
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from app.records.tables import Entry
from geo.errors import NotWritable
from tests.server import Client, Served, serving

JSON = {"Accept": "application/json"}


def trail(served: Served, action: str, user: str) -> list[Entry]:
    with served.app.state.records.session() as session:
        return list(session.scalars(select(Entry).where(Entry.action == action, Entry.user == user)))


def first_desa(served: Served) -> str:
    return str(served.app.state.library.shown().assessment.desa["kode_desa"].iloc[0])


@pytest.fixture(scope="module")
def planner(served: Served) -> Client:
    return served.sign_in("perencana")


@pytest.fixture(scope="module")
def leader(served: Served) -> Client:
    return served.sign_in("pimpinan")


@pytest.fixture(scope="module")
def officer(served: Served) -> Client:
    return served.sign_in("petugas")


def test_the_page_says_what_is_drawn_and_from_what(planner: Client):
    page = planner.get("/peta")
    assert page.status_code == 200
    for words in (
        "RTLH",
        "% per desa",
        "Definisi",
        "Sumber:",
        "tidak tampak sebagai titik",
        'sandbox="allow-scripts"',
    ):
        assert words in page.text, words
    assert 'data-src="/peta/gambar/' in page.text
    assert "lembar diolah" in page.text
    assert not re.search(r"<script(?![^>]*\bsrc=)", page.text)


def test_paper_is_marked_before_anything_else(planner: Client, leader: Client):
    page = planner.get("/peta").text
    assert page.index("Dicetak oleh perencana") < page.index("stage-head")
    assert "RAHASIA" in page
    theirs = leader.get("/peta").text
    assert "Dicetak oleh pimpinan" in theirs
    assert "RAHASIA" not in theirs


def test_one_button_leads_to_the_full_screen(planner: Client):
    page = planner.get("/peta").text
    allowed = re.search(r'<iframe[^>]* allow="([^"]*)"', page)
    assert page.count('id="penuh"') == 1
    assert allowed
    assert "fullscreen" not in allowed[1]  # without leave the map leaves its own button out


def test_what_needs_a_script_waits_for_it(planner: Client):
    page = planner.get("/peta").text
    for name in ("salin", "cetak", "penuh"):
        assert re.search(rf'<button[^>]*needs-script[^>]*id="{name}"', page), name


def test_an_address_of_nothing_says_so_in_the_legend(planner: Client):
    assert "«00.00»" in planner.get("/peta?pilih=00.00").text
    assert "«a,b,c»" in planner.get("/peta/keadaan?pusat=a,b,c", headers=JSON).json()["panel"]


def test_a_guess_is_offered_as_one(planner: Client, served: Served):
    name = str(served.app.state.library.shown().assessment.desa["nama_desa"].iloc[0])
    assert "Mungkin maksud Anda" not in planner.get("/peta/cari", params={"q": name}).text
    found = planner.get("/peta/cari", params={"q": name}, headers=JSON).json()
    assert found[0]["kira"] is False


@pytest.mark.parametrize("path", ["/peta", "/peta/keadaan", "/peta/cari?q=a", "/peta/tabel.csv"])
def test_nobody_unknown_and_no_opd_comes_in(served: Served, path: str):
    assert httpx.get(served.address + path, headers=JSON).status_code == 401
    assert served.sign_in("opd").get(path, headers=JSON).status_code == 403


def test_the_state_is_what_the_page_shows(planner: Client):
    told = planner.get("/peta/keadaan?indikator=jamban&tampil=need&lapisan=rumah", headers=JSON).json()
    assert told["address"] == "/peta?indikator=jamban&tampil=need&lapisan=rumah"
    assert told["state"]["lapisan"] == ["rumah"]
    view = told["view"]
    assert len(view["classes"]) == len(view["inside"]) == len(view["tips"])
    assert max(view["classes"]) < len(view["colours"])
    assert view["tiles"].startswith("/ubin/rumah/")
    page = planner.get(told["address"]).text
    assert told["title"] in page


def test_no_point_of_a_household_for_who_sees_areas_only(leader: Client, served: Served):
    told = leader.get("/peta/keadaan?lapisan=rumah&lapisan=terpilih", headers=JSON).json()
    assert told["view"]["tiles"] == ""
    assert told["view"]["layers"] == []
    assert not told["households"]
    assert "/rumah/" not in leader.get("/peta").text
    assert not trail(served, "lihat", "pimpinan")


def test_points_that_are_opened_leave_one_line_a_filter(run_folder: Path, tmp_path: Path):
    with serving(run_folder, state=tmp_path) as server:
        server.add("ani", "perencana")
        client = server.sign_in("ani")
        for _ in range(3):
            client.get("/peta/keadaan?desil=1-2", headers=JSON)
        client.get("/peta/keadaan?desil=1-2&lapisan=dasar", headers=JSON)
        lines = trail(server, "lihat", "ani")
        assert [line.subject for line in lines] == ["titik di peta: Desil 1-2"]
        assert lines[0].households is not None


def test_a_line_that_could_not_be_written_is_written_the_next_time(
    run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object, **__: object) -> None:
        raise NotWritable("terkunci")

    with serving(run_folder, state=tmp_path) as server:
        server.add("ani", "perencana")
        client = server.sign_in("ani")
        with monkeypatch.context() as broken:
            broken.setattr("app.routes.map_page.leave", fail)
            assert client.get("/peta/keadaan?desil=1-3", headers=JSON).status_code >= 400
        client.get("/peta/keadaan?desil=1-3", headers=JSON)
        assert [line.subject for line in trail(server, "lihat", "ani")] == ["titik di peta: Desil 1-3"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("zona=x", 400), ("desil=99", 400), ("indikator=nik", 400), ("lapisan=nama", 400), ("urut=nik", 400),
        ("butuh=penyakit_kronis:ya", 403), ("pusat=x&pilih=x", 200), ("lain=<script>", 200),
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_shown_says_why(planner: Client, query: str, status: int):
    for path in ("/peta", "/peta/keadaan"):
        answer = planner.get(f"{path}?{query}")
        assert answer.status_code == status, answer.text
        assert "<script>" not in answer.text


@pytest.mark.parametrize("query", ["desil=1", "butuh=rtlh:ya", "letak=gps"])
@pytest.mark.parametrize("path", ["/peta", "/peta/keadaan"])
def test_who_sees_areas_only_cannot_filter_households(leader: Client, path: str, query: str):
    assert leader.get(f"{path}?{query}").status_code == 403


def test_search_finds_by_any_spelling_and_only_what_is_theirs(
    planner: Client, officer: Client, served: Served
):
    desa = served.app.state.library.shown().assessment.desa
    name, kode = desa["nama_desa"].iloc[5], desa["kode_desa"].iloc[5]
    assert kode in [one["kode"] for one in planner.get(f"/peta/cari?q={name.upper()}", headers=JSON).json()]
    assert kode not in [one["kode"] for one in officer.get(f"/peta/cari?q={name}", headers=JSON).json()]
    assert f"/desa/{kode}" in planner.get(f"/peta/cari?q={name}").text  # without a script
    assert "Tidak ada desa" in planner.get("/peta/cari?q=xyzzyx").text


def test_the_table_has_every_area_in_the_order_that_is_asked(planner: Client, served: Served):
    desa = served.app.state.library.shown().assessment.desa
    page = planner.get("/peta?urut=-rumah&semua=1").text
    shown = re.findall(r'data-desa="([^"]+)"', page)
    assert sorted(shown) == sorted(desa["kode_desa"])
    counts = desa.set_index("kode_desa")["households"]
    assert counts[shown].is_monotonic_decreasing


def test_the_table_can_be_downloaded_by_planners_and_leaves_a_line(
    planner: Client, leader: Client, served: Served
):
    answer = planner.get("/peta/tabel.csv?tampil=need")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    desa = served.app.state.library.shown().assessment.desa.set_index("kode_desa")
    assert {row["Kode"]: int(row["Membutuhkan"]) for row in rows} == desa["rtlh_need"].to_dict()
    assert any(line.subject.startswith("tabel peta") for line in trail(served, "unduh", "perencana"))
    assert leader.get("/peta/tabel.csv").status_code == 403
    assert "tabel.csv" not in leader.get("/peta").text


def test_printing_needs_the_mark_of_the_page_and_leaves_a_line(
    planner: Client, leader: Client, served: Served
):
    mark = re.search(r'data-csrf="([^"]+)"', planner.get("/peta").text)[1]
    assert planner.post("/peta/cetak?desil=1", data={"alasan": "rapat"}).status_code == 403
    answer = planner.post("/peta/cetak?desil=1", data={"alasan": "rapat"}, headers={"X-CSRF": mark})
    assert answer.status_code == 204
    line = trail(served, "cetak", "perencana")[-1]
    assert (line.subject, line.reason) == ("peta: Desil 1", "rapat")
    other = re.search(r'data-csrf="([^"]+)"', leader.get("/peta").text)[1]
    assert leader.post("/peta/cetak", headers={"X-CSRF": other}).status_code == 403


def test_an_officer_gets_no_figure_of_another_desa(officer: Client, served: Served):
    codes = served.app.state.library.shown().assessment.desa["kode_desa"].tolist()
    view = officer.get("/peta/keadaan", headers=JSON).json()["view"]
    assert view["inside"] == [1, 1] + [0] * (len(codes) - 2)
    assert set(view["classes"][2:]) == {-1}
    page = officer.get("/peta?semua=1").text
    assert set(re.findall(r'data-desa="([^"]+)"', page)) == set(codes[:2])


def test_a_desa_in_the_address_is_opened_with_the_page(planner: Client, officer: Client, served: Served):
    kode = first_desa(served)
    assert "Halaman desa" in planner.get(f"/peta?pilih={kode}").text
    other = served.app.state.library.shown().assessment.desa["kode_desa"].iloc[7]
    assert "Halaman desa" not in officer.get(f"/peta?pilih={other}").text
