"""Prioritas: the ranked list, wishes solved again, and named lists."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from sqlalchemy import select

from app.choice_list import read_choice_list
from app.choosing import Busy, own_ranking
from app.records.tables import Entry, HouseholdList, Member
from geo.assessment import assess
from geo.boundaries import Boundaries
from geo.runs import write_run
from geo.settings import SelectionSettings, Settings, TargetingSettings
from tests.server import Client, Served, serving

PERSONAL = ("nama", "nik", "no_kk", "alamat", "id_keluarga")


@pytest.fixture(scope="module")
def planning(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the run of the sample with records of its own."""
    with serving(run_folder, state=tmp_path_factory.mktemp("prioritas")) as server:
        for name, role in (("perencana", "perencana"), ("lain", "perencana"), ("admin", "admin")):
            server.add(name, role)
        yield server


def wishes(client: Client, **fields: str | list[str]) -> dict[str, str | list[str]]:
    return {"csrf": client.csrf("/prioritas"), "jumlah": "20", "dari": "any", "per_desa": "1"} | fields


def quota(kind: str, who: str, sense: str, amount: str, unit: str = "") -> dict[str, str | list[str]]:
    names = ("kuota_jenis", "kuota_siapa", "kuota_arah", "kuota_banyak", "kuota_satuan")
    return dict(zip(names, (kind, who, sense, amount, unit), strict=True))


def solved(client: Client, **fields: str | list[str]) -> str:
    answer = client.post("/prioritas", data=wishes(client, **fields))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("#")[0]


def ranked_rows(page: str) -> list[int]:
    body = page[page.index('class="ranks"') :]
    return [int(row) for row in re.findall(r"baris (\d+)", body)]


def trail(server: Served) -> list[Entry]:
    with server.app.state.records.session() as session:
        return list(session.scalars(select(Entry).order_by(Entry.id)))


def test_the_list_of_the_run_stands_in_its_order_without_a_name(planning: Served, run_folder: Path):
    client = planning.sign_in("perencana")
    page = client.get("/prioritas").text
    stored = pd.read_parquet(run_folder / "priorities.parquet")
    assert ranked_rows(page) == stored["sheet_row"].head(100).tolist()
    assert ranked_rows(client.get("/prioritas?hal=2").text) == stored["sheet_row"].iloc[100:200].tolist()
    persons = pd.read_parquet(run_folder / "households.parquet", columns=["sheet_row", *PERSONAL])
    shown = html.unescape(page)
    seen = persons[persons["sheet_row"].isin(stored["sheet_row"].head(100))]
    for column in ("nik", "no_kk", "id_keluarga"):
        assert not [value for value in seen[column].dropna() if len(value) > 5 and value in shown]
    assert page.count("dipilih</span>") >= int(stored["chosen"].head(100).sum())
    assert "kokoh" in page


def test_pages_beyond_the_last_and_none_at_all_show_the_nearest(planning: Served):
    client = planning.sign_in("perencana")
    for page in ("0", "999999", "-3", "x", "9" * 40):
        assert client.get(f"/prioritas?hal={page}").status_code == 200


def test_a_filter_holds_and_an_unknown_one_is_refused(planning: Served, run_folder: Path):
    client = planning.sign_in("perencana")
    households = pd.read_parquet(run_folder / "households.parquet").set_index("sheet_row")
    rows = ranked_rows(client.get("/prioritas?butuh=rtlh:ya&desil=1-2").text)
    assert rows
    assert households.loc[rows, "need_rtlh"].all()
    assert households.loc[rows, "desil"].le(2).all()
    assert client.get("/prioritas?zona=kucing:meong").status_code == 400
    assert client.get("/prioritas?butuh=disabilitas:ya").status_code in {400, 403}
    page = client.get("/prioritas?desil=10&butuh=rtlh:belum&butuh=babs:belum&kelompok=pesisir").text
    assert "tidak ada rumah tangga yang cocok" in page.casefold() or ranked_rows(page)


@pytest.mark.parametrize("role", ["petugas", "pimpinan", "opd"])
def test_others_have_no_access(served: Served, role: str):
    client = served.sign_in(role)
    for path in (
        "/prioritas",
        "/prioritas/peta",
        "/prioritas/daftar",
        "/prioritas/banding",
        "/prioritas/daftar/1/unduh",
    ):
        assert client.get(path).status_code == 403


def test_wishes_are_solved_and_their_address_shows_the_same_to_another(planning: Served, run_folder: Path):
    client = planning.sign_in("perencana")
    kecamatan = pd.read_parquet(run_folder / "priorities.parquet")["nama_kecamatan"].value_counts().index[-1]
    address = solved(client, bobot_rtlh="4,5", per_desa="2", **quota("kecamatan", kecamatan, ">=", "5"))
    page = client.get(address).text
    assert "Pilihan menurut isian Anda" in page
    assert "paling sedikit 5" in page
    assert "tiap desa yang dipilih paling sedikit 2" in page
    assert "Dibanding pilihan hasil ini" in page
    assert "Siapa mendapat apa" in page
    assert 'value="4,5"' in page
    assert f'value="{html.escape(kecamatan)}"' in page
    only = ranked_rows(planning.sign_in("lain").get(f"{address}&pilihan=ya").text)
    assert len(only) == 20
    told = client.get(
        address.replace("/prioritas", "/prioritas/peta"), headers={"Accept": "application/json"}
    ).json()
    assert set(told["view"]["plan"]["row"]) <= {*only}
    assert len(told["view"]["classes"]) == len(told["view"]["tips"]) == len(told["desa"])
    assert told["view"]["plan"]["chosen"] == told["view"]["plan"]["row"]


def test_the_change_against_the_run_adds_up(planning: Served):
    client = planning.sign_in("perencana")
    own = own_ranking(planning.app.state.library.shown())
    page = client.get(solved(client, jumlah="30", bobot_desil="9")).text
    found = re.search(r"(\d+) tetap, <strong>(\d+) masuk</strong>, <strong>(\d+) keluar", page)
    assert found
    stay, comes, goes = map(int, found.groups())
    assert (stay + comes, stay + goes) == (30, own.chosen.sum())


def test_an_address_that_is_not_solved_yet_waits_for_the_button(planning: Served):
    page = planning.sign_in("perencana").get("/prioritas?jumlah=17&bobot_rtlh=1,25").text
    assert "belum dihitung" in page
    assert 'value="1,25"' in page


def test_what_cannot_be_met_says_so_with_the_count_that_exists(planning: Served, run_folder: Path):
    client = planning.sign_in("perencana")
    listed = pd.read_parquet(run_folder / "priorities.parquet")
    kecamatan = listed["nama_kecamatan"].value_counts().index[-1]
    there = int((listed["nama_kecamatan"] == kecamatan).sum())
    page = client.get(solved(client, jumlah="9000", **quota("kecamatan", kecamatan, ">=", "8000"))).text
    assert "Permintaan tidak dapat dipenuhi" in page
    assert f"hanya {there}" in page
    assert "Simpan sebagai daftar" not in page


def test_a_fault_comes_back_beside_its_field_with_what_was_written(planning: Served):
    client = planning.sign_in("perencana")
    answer = client.post(
        "/prioritas", data=wishes(client, jumlah="<b>", anggaran="7", **quota("desa", "Zzz", ">=", "1"))
    )
    assert answer.status_code == 400
    assert 'id="salah-jumlah"' in answer.text
    assert 'id="salah-anggaran"' in answer.text
    assert 'id="salah-kuota-1"' in answer.text
    assert 'value="&lt;b&gt;"' in answer.text
    assert 'value="Zzz"' in answer.text


def test_another_row_for_a_quota_needs_no_script(planning: Served):
    client = planning.sign_in("perencana")
    answer = client.post("/prioritas", data=wishes(client, tindakan="tambah", jumlah=""))
    assert answer.status_code == 200
    assert answer.text.count('name="kuota_siapa"') == 2


def test_without_the_mark_of_the_session_nothing_is_solved_or_saved(planning: Served):
    client = planning.sign_in("perencana")
    for path in ("/prioritas", "/prioritas/daftar", "/prioritas/daftar/1/hapus"):
        assert client.post(path, data={"jumlah": "5", "nama_daftar": "x"}).status_code == 403


def test_while_another_choice_is_solved_the_form_stays(planning: Served, monkeypatch: pytest.MonkeyPatch):
    def busy(*_: object) -> None:
        raise Busy

    client = planning.sign_in("perencana")
    monkeypatch.setattr(planning.app.state.solutions, "solved", busy)
    answer = client.post("/prioritas", data=wishes(client, bobot_rtlh="3,75"))
    assert answer.status_code == 503
    assert "sedang dihitung untuk orang lain" in answer.text
    assert 'value="3,75"' in answer.text


def test_a_list_is_saved_opened_downloaded_compared_and_deleted(planning: Served, tmp_path: Path):
    client = planning.sign_in("perencana")
    address = solved(
        client, jumlah="12", anggaran="1.000.000.000", biaya_rtlh="20.000.000", biaya_jamban="8.000.000"
    )
    fields = {
        name: values[-1] for name, values in parse_qs(urlsplit(address).query, keep_blank_values=True).items()
    }
    name = '=Usulan <img src=x onerror="alert(1)"> ${7*7}'
    form = {"csrf": client.csrf("/prioritas"), "nama_daftar": name, "keperluan": "rapat"} | fields
    personal = {"nama_daftar": "Ibu 3326010101900001", "keperluan": "KK 3326 0101 0190 0001, minta dicek"}
    masked = client.post("/prioritas/daftar", data=form | personal).headers["location"]
    answer = client.post("/prioritas/daftar", data=form)
    assert answer.status_code == 303, answer.text
    opened = answer.headers["location"]
    again = client.post("/prioritas/daftar", data=form)
    assert again.status_code == 400
    assert "sudah ada" in again.text

    page = client.get(opened).text
    assert html.escape("<img src=x") in page
    assert "<img src=x" not in page
    with planning.app.state.records.session() as session:
        known = session.get_one(HouseholdList, int(masked.rpartition("/")[2]))
        assert (known.name, known.purpose) == ("Ibu …", "KK …, minta dicek")
        kept = session.scalars(select(HouseholdList).where(HouseholdList.name == name)).one()
        members = list(session.scalars(select(Member).where(Member.list_id == kept.id)))
        assert (kept.by, kept.purpose, kept.run) == (
            "perencana",
            "rapat",
            planning.app.state.library.shown_id(),
        )
        assert kept.facts["chosen"] == len(members) == 12
        number = kept.id
    assert all(member.cost and member.rank and member.kode_desa for member in members)
    assert sum(bool(member.keys) for member in members) > len(members) / 2
    assert all(len(key) == 64 for member in members for key in member.keys.values())

    file = tmp_path / "daftar.csv"
    download = client.get(f"{opened}/unduh")
    file.write_bytes(download.content)
    assert set(read_choice_list(file).ranks) == {member.sheet_row for member in members}
    assert not re.search(r'[<>"${}]', download.headers["content-disposition"].partition("filename*=")[2])

    second = client.post(
        "/prioritas/daftar", data={"csrf": form["csrf"], "nama_daftar": "Pilihan hasil", "keperluan": ""}
    )
    other = second.headers["location"].rpartition("/")[2]
    compared = client.get(f"/prioritas/banding?a={number}&b={other}").text
    counts = [int(count) for count in re.findall(r"<h2>[^<]*: (\d+)</h2>", compared)]
    own = int(own_ranking(planning.app.state.library.shown()).chosen.sum())
    assert (counts[0] + counts[1], counts[0] + counts[2]) == (12, own)

    stranger = planning.sign_in("lain")
    assert stranger.post(f"{opened}/hapus", data={"csrf": stranger.csrf("/prioritas")}).status_code == 403
    assert client.post(f"{opened}/hapus", data={"csrf": form["csrf"]}).status_code == 303
    assert client.get(opened).status_code == 400
    admin = planning.sign_in("admin")
    assert (
        admin.post(f"/prioritas/daftar/{other}/hapus", data={"csrf": admin.csrf("/prioritas")}).status_code
        == 303
    )
    with planning.app.state.records.session() as session:
        assert not list(session.scalars(select(Member).where(Member.list_id.in_([number, int(other)]))))

    told = [
        (entry.user, entry.action, entry.subject.partition(":")[0], entry.households)
        for entry in trail(planning)
    ]
    for line in (
        ("perencana", "daftar", "simpan", 12),
        ("perencana", "unduh", "daftar", 12),
        ("perencana", "daftar", "hapus", 12),
        ("admin", "daftar", "hapus", own),
    ):
        assert line in told


def test_every_look_at_households_leaves_the_trail(planning: Served):
    client = planning.sign_in("lain")
    client.get("/prioritas?hal=2")
    client.get("/prioritas/peta")
    seen = [entry for entry in trail(planning) if entry.user == "lain" and entry.action == "lihat"][-2:]
    assert [entry.subject for entry in seen] == ["prioritas, halaman 2", "peta pilihan"]
    assert seen[0].households == 100
    assert all(entry.run == planning.app.state.library.shown_id() for entry in seen)


@pytest.fixture(scope="module")
def weighing(
    sheet: Path, district: Boundaries, sample_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Served, Path]]:
    """Serve a run in whose choice disability weighs."""
    settings = sample_settings.model_copy(update={"targeting": TargetingSettings(disabilitas=9.0)})
    folder = write_run(tmp_path_factory.mktemp("bobot") / "hasil", assess(sheet, district, settings))
    with serving(folder, state=tmp_path_factory.mktemp("catatan")) as server:
        server.add("perencana", "perencana")
        yield server, folder


def test_where_health_weighs_neither_ranks_nor_choice_of_the_run_show(weighing: tuple[Served, Path]):
    server, folder = weighing
    client = server.sign_in("perencana")
    page = client.get("/prioritas").text
    stored = pd.read_parquet(folder / "priorities.parquet")
    assert stored["part_disabilitas"].gt(0).any()
    assert "Bobot kesehatan atau disabilitas menentukan" in page
    assert 'class="tag good">dipilih' not in page
    assert "Simpan sebagai daftar" not in page
    open_score = stored.drop(columns="part_disabilitas").filter(like="part_").sum(axis=1)
    expected = stored.assign(open=open_score).sort_values(["open", "sheet_row"], ascending=[False, True])
    assert (
        ranked_rows(page)
        == expected["sheet_row"].head(100).tolist()
        != stored["sheet_row"].head(100).tolist()
    )
    assert client.get("/prioritas/peta").status_code == 404
    form = {"csrf": client.csrf("/prioritas"), "nama_daftar": "Daftar", "keperluan": ""}
    assert client.post("/prioritas/daftar", data=form).status_code == 400

    solved_page = client.get(solved(client, bobot_disabilitas="9")).text
    assert ranked_rows(solved_page) == expected["sheet_row"].head(100).tolist()
    assert 'class="tag good">dipilih' in solved_page
    assert "Dibanding pilihan hasil ini" not in solved_page


@pytest.fixture(scope="module")
def empty(
    sheet: Path, district: Boundaries, sample_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Serve a run in which nobody is in need and nothing is chosen."""
    found = assess(sheet, district, sample_settings)
    nobody = {name: False for name in found.households if str(name).startswith("need_")}
    households = found.households.assign(
        **{name: pd.array([False] * len(found.households), "boolean") for name in nobody}
    )
    changed = {
        **vars(found),
        "households": households,
        "priorities": found.priorities.iloc[:0],
        "equity": found.equity.iloc[:0],
    }
    changed.pop("counted", None)
    told = {"asked": SelectionSettings().model_dump(), "met": False, "chosen": 0, "candidates": 0}
    told |= {"why_not": ["Tidak ada calon."], "rules": [], "notes": []}
    changed["facts"] = {**found.facts, "selection": {**found.facts["selection"], **told}}
    folder = write_run(tmp_path_factory.mktemp("kosong") / "hasil", type(found)(**changed))
    with serving(folder, state=tmp_path_factory.mktemp("catatan")) as server:
        server.add("perencana", "perencana")
        yield server


def test_with_nobody_in_need_the_page_says_so(empty: Served):
    client = empty.sign_in("perencana")
    page = client.get("/prioritas").text
    assert "Tidak ada rumah tangga dengan kebutuhan" in page
    again = client.get(solved(client)).text
    assert "Tidak ada calon" in again
    assert client.get("/prioritas/daftar").text.count("Belum ada daftar") == 1
