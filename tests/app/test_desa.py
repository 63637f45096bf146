"""One desa and one household over the web: what each role sees, may order, may fetch, and the lines it leaves."""

import io
import re

import pandas as pd
import pikepdf
import pytest
from sqlalchemy import select

from app.library import OpenedRun
from app.records.tables import Entry
from app.routes.desa import PAGE
from tests.server import Client, Served

JSON = {"Accept": "application/json"}


@pytest.fixture(scope="module")
def shown(served: Served) -> OpenedRun:
    run: OpenedRun = served.app.state.library.shown()
    return run


@pytest.fixture(scope="module")
def clients(served: Served) -> dict[str, Client]:
    return {name: served.sign_in(name) for name in ("perencana", "petugas", "pimpinan", "opd")}


@pytest.fixture(scope="module")
def persons(shown: OpenedRun) -> pd.DataFrame:
    """Return who lives where, as only the disk knows."""
    return pd.read_parquet(
        shown.folder / "households.parquet", columns=["sheet_row", "kode_desa", "nama", "nik", "no_kk"]
    )


def lines(served: Served, user: str) -> list[tuple[str, str, int | None]]:
    with served.app.state.records.session() as session:
        found = session.scalars(select(Entry).where(Entry.user == user).order_by(Entry.id))
        return [(line.action, line.subject, line.households) for line in found]


def own(shown: OpenedRun) -> str:
    return str(shown.assessment.desa["kode_desa"].iloc[0])


def other(shown: OpenedRun) -> str:
    return str(shown.assessment.desa["kode_desa"].iloc[6])


def listed(client: Client, address: str) -> str:
    """Return all pages of a list, one after the other."""
    pages, text = 1, ""
    while pages:
        page = client.get(f"{address}{'&' if '?' in address else '?'}hal={pages}").text
        text += page
        pages = pages + 1 if "Berikutnya" in page else 0
    return text


def test_a_planner_sees_the_households_without_names(
    clients: dict[str, Client], shown: OpenedRun, persons: pd.DataFrame, served: Served
):
    kode, before = own(shown), len(lines(served, "perencana"))
    page = listed(clients["perencana"], f"/desa/{kode}")
    mine = persons[persons["kode_desa"] == kode]
    counted = shown.assessment.counted
    rows = counted.loc[counted["kode_desa"] == kode, "sheet_row"].tolist()
    assert {int(row) for row in re.findall(r'href="/rumah/(\d+)"', page)} == set(rows)
    for name in mine["nama"].dropna():
        assert name not in page
    for number in [*mine["nik"].dropna(), *mine["no_kk"].dropna()]:
        assert str(number) not in page
    left = [
        count
        for action, subject, count in lines(served, "perencana")[before:]
        if (action, subject) == ("lihat", kode)
    ]
    assert sum(left) == len(rows)


def test_an_officer_sees_names_in_their_desa_and_nothing_elsewhere(
    clients: dict[str, Client], shown: OpenedRun, persons: pd.DataFrame
):
    page = listed(clients["petugas"], f"/desa/{own(shown)}?urut=nama")
    mine = persons[persons["kode_desa"] == own(shown)]
    named = [name for name in mine["nama"].dropna() if re.fullmatch(r"[A-Za-z ]+", name)]
    assert named
    assert sum(name in page for name in named) >= len(named) - 2  # rows that do not count
    for number in mine["nik"].dropna():
        assert str(number) not in page
    for path in (f"/desa/{other(shown)}", f"/desa/{other(shown)}/kartu"):
        assert clients["petugas"].get(path).status_code == 403


def test_who_sees_areas_only_gets_no_household(clients: dict[str, Client], shown: OpenedRun, served: Served):
    page = clients["pimpinan"].get(f"/desa/{own(shown)}")
    assert page.status_code == 200
    assert "/rumah/" not in page.text
    assert "hanya angka wilayah" in page.text
    for path in ("?urut=rank", "?desil=1", "?butuh=rtlh:ya", "/lembar.pdf"):
        assert clients["pimpinan"].get(f"/desa/{own(shown)}{path}").status_code == 403
    assert clients["pimpinan"].get("/rumah/1").status_code == 403
    assert not [line for line in lines(served, "pimpinan") if line[0] == "lihat"]


@pytest.mark.parametrize(
    ("role", "order", "status"),
    [
        ("perencana", "rank", 200), ("perencana", "-desil", 200), ("perencana", "nama", 403), ("perencana", "nik", 403),
        ("perencana", "need_disabilitas", 403), ("perencana", "point", 400), ("perencana", "-alamat", 403),
        ("petugas", "nama", 200), ("petugas", "-alamat", 200), ("petugas", "no_kk", 403), ("pimpinan", "nama", 403),
    ],
)  # fmt: skip
def test_only_columns_one_may_see_order_the_list(
    clients: dict[str, Client], shown: OpenedRun, role: str, order: str, status: int
):
    assert clients[role].get(f"/desa/{own(shown)}", params={"urut": order}).status_code == status


def test_the_list_is_in_the_order_that_is_asked(clients: dict[str, Client], shown: OpenedRun):
    page = listed(clients["perencana"], f"/desa/{own(shown)}?urut=-sheet_row")
    rows = [int(row) for row in re.findall(r'href="/rumah/(\d+)"', page)]
    assert rows == sorted(rows, reverse=True)


def test_a_filter_holds_on_the_list(clients: dict[str, Client], shown: OpenedRun):
    kode, counted = own(shown), shown.assessment.counted
    page = listed(clients["perencana"], f"/desa/{kode}?butuh=rtlh:ya")
    wanted = counted[(counted["kode_desa"] == kode) & counted["need_rtlh"].fillna(value=False)]
    assert {int(row) for row in re.findall(r'href="/rumah/(\d+)"', page)} == set(wanted["sheet_row"])


def test_the_card_leads_with_the_indicator_of_the_view(clients: dict[str, Client], shown: OpenedRun):
    told = (
        clients["perencana"].get(f"/desa/{own(shown)}/kartu?indikator=jamban&desil=1-3", headers=JSON).json()
    )
    titles = {entry["id"]: entry["title"] for entry in shown.assessment.facts["indicators"]}
    assert told["isi"].index(titles["jamban"]) < told["isi"].index(titles["rtlh"])
    assert "Dalam saringan" in told["isi"]
    assert "desil=1-3" in told["isi"]  # its households keep the filter


@pytest.mark.parametrize(
    "path", ["/desa/00.00", "/desa/x/kartu", "/desa/00.00/lembar.pdf", "/rumah/999999999"]
)
def test_what_is_not_there_says_so(clients: dict[str, Client], path: str):
    assert clients["perencana"].get(path).status_code == 404


def test_the_sheet_is_one_page_of_the_atlas_and_leaves_a_line(
    clients: dict[str, Client], shown: OpenedRun, served: Served
):
    kode = other(shown)
    answer = clients["perencana"].get(f"/desa/{kode}/lembar.pdf")
    with pikepdf.open(io.BytesIO(answer.content)) as one, pikepdf.open(shown.folder / "atlas.pdf") as atlas:
        place = sorted(shown.assessment.desa["kode_desa"]).index(kode)
        assert len(one.pages) == 1
        assert one.pages[0].Contents.read_bytes() == atlas.pages[place].Contents.read_bytes()
    assert lines(served, "perencana")[-1][:2] == ("unduh", f"lembar {kode}")
    assert clients["petugas"].get(f"/desa/{own(shown)}/lembar.pdf").status_code == 403


def test_a_household_is_told_by_permission_and_leaves_a_line(
    clients: dict[str, Client], shown: OpenedRun, persons: pd.DataFrame, served: Served
):
    counted = shown.assessment.counted
    row = int(counted.loc[counted["kode_desa"] == own(shown), "sheet_row"].iloc[0])
    name = persons.set_index("sheet_row").loc[row, "nama"]
    told = clients["perencana"].get(f"/rumah/{row}", headers=JSON).json()["isi"]
    assert f"Baris lembar {row}" in told
    assert "Desil" in told
    assert str(name) not in told
    assert lines(served, "perencana")[-1] == ("lihat", f"{own(shown)} baris {row}", 1)
    assert clients["petugas"].get(f"/rumah/{row}").status_code == 200
    away = int(counted.loc[counted["kode_desa"] == other(shown), "sheet_row"].iloc[0])
    assert clients["petugas"].get(f"/rumah/{away}").status_code == 403
    assert clients["opd"].get(f"/rumah/{row}").status_code == 403


def test_a_household_of_no_known_desa_is_nobodys_in_the_field(clients: dict[str, Client], shown: OpenedRun):
    counted = shown.assessment.counted
    nowhere = counted.loc[counted["kode_desa"].isna(), "sheet_row"]
    if nowhere.empty:
        pytest.skip("every household of the sample has a desa")
    assert clients["petugas"].get(f"/rumah/{int(nowhere.iloc[0])}").status_code == 403
    assert clients["perencana"].get(f"/rumah/{int(nowhere.iloc[0])}").status_code == 200


def test_each_printed_page_of_households_carries_the_mark(clients: dict[str, Client], shown: OpenedRun):
    page = clients["perencana"].get(f"/desa/{own(shown)}").text
    head = page[page.index("<thead>") : page.index("</thead>")]  # browsers repeat it on every sheet
    assert "RAHASIA" in head
    assert "Dicetak oleh perencana" in head
    theirs = clients["pimpinan"].get(f"/desa/{own(shown)}").text
    assert "Dicetak oleh pimpinan" in theirs
    assert "RAHASIA" not in theirs


def test_printing_a_list_leaves_a_line(clients: dict[str, Client], shown: OpenedRun, served: Served):
    address, mark = f"/desa/{own(shown)}/cetak", {"X-CSRF": clients["petugas"].csrf()}
    counted = shown.assessment.counted[shown.assessment.counted["kode_desa"] == own(shown)]
    claimed = {"banyak": "1000000"}  # the browser is not asked how many there were
    assert clients["petugas"].post(address, data=claimed).status_code == 403
    for query, number in (
        ("", len(counted)), ("?butuh=rtlh:ya", int(counted["need_rtlh"].fillna(value=False).sum())),
        ("?urut=nama&hal=99", 0),
    ):  # fmt: skip
        assert clients["petugas"].post(address + query, data=claimed, headers=mark).status_code == 204
        assert lines(served, "petugas")[-1] == ("cetak", f"rumah tangga {own(shown)}", min(number, PAGE))
    assert clients["petugas"].post(f"{address}?butuh=penyakit_kronis:ya", headers=mark).status_code == 403
    assert clients["petugas"].post(f"/desa/{other(shown)}/cetak", headers=mark).status_code == 403
    assert (
        clients["pimpinan"].post(address, headers={"X-CSRF": clients["pimpinan"].csrf()}).status_code == 403
    )


def test_somebody_in_the_field_is_told_no_rank_among_all_desa(clients, shown):
    path = f"/desa/{own(shown)}"
    rank = re.compile(r"Peringkat <b>\d+</b> dari")
    assert rank.search(clients["perencana"].get(path).text)
    page = clients["petugas"].get(path)
    assert page.status_code == 200
    assert not rank.search(page.text)
