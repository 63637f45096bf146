"""The trail read: filtered, page by page, and as a table in which nothing runs."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app.access.roles import person
from app.records import open_records
from app.records.tables import Entry
from app.trail import ACTIONS, leave, leave_admitted
from app.trail_reading import PAGE
from tests.server import Client, Served, serving

DAY = datetime(2026, 3, 5, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def server(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(run_folder, state=tmp_path_factory.mktemp("catatan")) as served:
        served.add("admin", "admin")
        with served.app.state.records.session() as session:
            for number in range(PAGE + 30):
                leave(
                    session,
                    person("sari", "", "perencana", ()),
                    "lihat",
                    f"baris-{number}",
                    households=10,
                    run="jalan-1",
                )
            leave(
                session,
                person("budi", "", "opd", ()),
                "unduh",
                "=HYPERLINK(1)",
                reason="+62 <b>kirim</b>",
                households=7,
            )
            session.add(Entry(at=DAY, user="tono", role="opd", action="unduh", subject="lama"))
        yield served


@pytest.fixture
def admin(server: Served) -> Client:
    return server.sign_in("admin")


def rows(client: Client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/jejak.csv?{query}")
    assert answer.headers["content-disposition"] == 'attachment; filename="jejak.csv"'
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def shown(page: str) -> int:
    return len(re.findall(r'<td[^>]*class="when">', page))


def test_pages_hold_a_hundred_lines_and_lead_to_each_other(admin: Client):
    first = admin.get("/jejak?akun=sari").text
    assert shown(first) == PAGE
    older = re.search(r'href="(/jejak\?[^"]*hal=2[^"]*)">Lebih lama', first)
    assert older
    second = admin.get(older[1].replace("&amp;", "&")).text
    assert (shown(second), "Lebih lama" in second, "Lebih baru" in second) == (30, False, True)
    assert shown(admin.get("/jejak?akun=sari&hal=99").text) == 30


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("akun=sari", PAGE + 30),
        ("akun=budi", 1),
        ("akun=siti", 0),
        ("tindakan=unduh&akun=tono", 1),
        ("hasil=jalan-1", PAGE + 30),
        ("dari=2026-03-05&sampai=2026-03-05", 1),
        ("sampai=2026-03-03", 0),
    ],
)
def test_a_filter_narrows_the_table_and_the_page_alike(admin: Client, query: str, number: int):
    assert len(rows(admin, query)) == number
    page = admin.get(f"/jejak?{query}").text
    assert shown(page) == min(number, PAGE)
    assert ("Tidak ada baris" in page) == (number == 0)


@pytest.mark.parametrize(
    "query", ["dari=kemarin", "sampai=2026-13-01", "tindakan=merusak", "dari=0001-01-01", "sampai=9999-12-31"]
)
def test_an_unfit_filter_is_told(admin: Client, query: str):
    assert admin.get(f"/jejak?{query}").status_code == 400
    assert admin.get(f"/jejak.csv?{query}").status_code == 400


def test_no_number_of_a_person_stands_in_the_trail(tmp_path: Path):
    records = open_records(f"sqlite:///{tmp_path / 'catatan.db'}")
    with records.session() as session:
        who = person("sari", "", "perencana", ())
        leave(
            session, who, "daftar", "simpan: NIK 3326012345678901\x1b[31m", reason="WA 0812-3456-7890\nsegera"
        )
        leave(session, who, "lihat", "33.26.02.2008 baris 14508")
        leave_admitted(session, who, "192.168.100.200")
    with records.session() as session:
        told = [(entry.subject, entry.reason) for entry in session.scalars(select(Entry).order_by(Entry.id))]
    records.close()
    assert told == [
        ("simpan: NIK … [31m", "WA … segera"), ("33.26.02.2008 baris 14508", ""), ("192.168.100.200", ""),
    ]  # fmt: skip


def test_no_cell_runs_and_nothing_is_markup(admin: Client):
    row = rows(admin, "akun=budi")[0]
    assert (row["tentang"], row["alasan"], row["rumah_tangga"]) == (
        "'=HYPERLINK(1)",
        "'+62 <b>kirim</b>",
        "7",
    )
    assert "<b>kirim" not in admin.get("/jejak?akun=budi").text


def test_households_are_summed_by_account(admin: Client):
    page = admin.get("/jejak?akun=sari").text
    assert re.search(rf'<th scope="row">sari</th><td>Melihat rumah tangga</td><td class="num">{PAGE + 30}</td>'
                     r'<td class="num">1\.300</td>', page)  # fmt: skip


def test_who_takes_the_trail_away_stands_in_it(admin: Client):
    rows(admin, "akun=budi")
    last = rows(admin, "akun=admin&tindakan=unduh")[0]
    assert (last["tentang"], last["tindakan"]) == ("jejak.csv", ACTIONS["unduh"])
