"""Hasil per lembar: who may, what is shown of a house, and outcomes entered by number and by table."""

import html
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.records.tables import Entry, Outcome
from app.visiting.by_sheet import mark_of
from geo.sheet_ids import SheetId
from tests.server import Client, Served, serving

HOSTILE = "</textarea><img src=x onerror=alert(1)>=1+1"
PATH = "/kunjungan/lembar"
JSON = {"Accept": "application/json"}


@pytest.fixture(scope="module")
def server(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the run of the sample; the account petugas has the desa with most households."""
    with serving(run_folder, state=tmp_path_factory.mktemp("catatan")) as served:
        kode = served.app.state.library.shown().assessment.counted["kode_desa"].mode()[0]
        for role in Role:
            served.add(role.value, role.value, [kode] if role is Role.PETUGAS else ())
        yield served


@pytest.fixture(scope="module")
def clients(server: Served) -> dict[str, Client]:
    """Return a client for each role."""
    return {role.value: server.sign_in(role.value) for role in Role}


@pytest.fixture(scope="module")
def persons(run_folder: Path) -> pd.DataFrame:
    """Return the table of households, with names."""
    table = pd.read_parquet(run_folder / "households.parquet")
    return table[table["house_number"].notna()]


@pytest.fixture(scope="module")
def printed(persons: pd.DataFrame, run_folder: Path) -> SheetId:
    """Return a sheet of the desa of the account petugas."""
    return SheetId(persons["kode_desa"].mode()[0], 3, mark_of(run_folder))


@pytest.fixture(scope="module")
def elsewhere(persons: pd.DataFrame, printed: SheetId) -> SheetId:
    """Return a sheet of another desa."""
    kode = persons.loc[persons["kode_desa"] != printed.kode_desa, "kode_desa"].iloc[0]
    return SheetId(kode, 1, printed.mark)


@pytest.fixture
def house(persons: pd.DataFrame, printed: SheetId) -> pd.Series:
    """Return house number 7."""
    return persons[(persons["kode_desa"] == printed.kode_desa) & (persons["house_number"] == 7)].iloc[0]


def enter(client: Client, printed: SheetId, number: object, outcome: str, **more: str):
    said = {"csrf": client.csrf(), "lembar": str(printed), "nomor": number, "hasil": outcome}
    return client.post(PATH, data=said | more)


def outcomes(server: Served, row: object) -> list[Outcome]:
    with server.app.state.records.session() as session:
        asked = select(Outcome).where(Outcome.sheet_row == int(row)).order_by(Outcome.id)
        return list(session.scalars(asked))


def trail(server: Served, user: str) -> Entry:
    with server.app.state.records.session() as session:
        asked = select(Entry).where(Entry.user == user).order_by(Entry.id.desc()).limit(1)
        return session.scalars(asked).one()


def test_a_house_is_shown_with_its_name_to_the_field_alone(server, clients, printed, house):
    for role in ("petugas", "perencana"):
        for path in (PATH, f"{PATH}/rumah"):
            answer = clients[role].get(path, params={"lembar": str(printed), "nomor": 7})
            assert answer.status_code == 200
            assert (str(house["nama"]) in html.unescape(answer.text)) is (role == "petugas")
            assert not any(
                str(house[name]) in answer.text for name in ("nik", "no_kk") if pd.notna(house[name])
            )
            left = trail(server, role)
            assert (left.action, left.households) == ("lihat", 1)
            assert left.subject == f"lembar {printed.kode_desa}, nomor 7"


def test_a_sheet_opens_by_its_code_and_by_its_desa(clients, printed):
    by_code = clients["petugas"].get(PATH, params={"lembar": f" {str(printed).lower()} "}).text
    by_desa = clients["petugas"].get(PATH, params={"desa": printed.kode_desa}).text
    for text in (by_code, by_desa):
        assert 'name="nomor"' in text
        assert "Satu tabel sekaligus" in text
    start = clients["petugas"].get(PATH).text
    assert re.findall(r'<option value="([^"]+)"', start) == [printed.kode_desa]
    assert PATH in clients["petugas"].get("/kunjungan").text
    assert f"{PATH}?desa={printed.kode_desa}" in clients["petugas"].get(f"/desa/{printed.kode_desa}").text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"lembar": "apa"}, "Kode lembar tidak dapat dibaca"),
        ({"lembar": "11.11.11.2001-1-00000"}, "Tidak ada hasil bertanda 00000"),
        ({"nomor": "99999"}, "nomornya 1 sampai"),
        ({"nomor": HOSTILE[:12]}, "bilangan"),
        ({"lembar": HOSTILE}, "Kode lembar tidak dapat dibaca"),
    ],
)
def test_what_is_not_there_is_said_on_the_page(clients, printed, more: dict[str, str], said: str):
    asked = {"lembar": str(printed)} | more
    answer = clients["perencana"].get(PATH, params=asked)
    assert answer.status_code == 400
    assert said in answer.text
    assert "<img src=x" not in answer.text
    assert ("data-outcome" in answer.text) is ("lembar" not in more)
    assert (
        clients["perencana"].get(f"{PATH}/rumah", params={"nomor": "1"} | asked, headers=JSON).status_code
        == 400
    )


def test_nobody_sees_or_enters_what_is_not_of_their_desa(server, clients, elsewhere, persons):
    client = clients["petugas"]
    row = persons.loc[
        (persons["kode_desa"] == elsewhere.kode_desa) & (persons["house_number"] == 1), "sheet_row"
    ].iloc[0]
    for path in (PATH, f"{PATH}/rumah", f"{PATH}.csv"):
        answer = client.get(path, params={"lembar": str(elsewhere), "nomor": 1})
        assert answer.status_code in {400, 403}
        assert "bukan wilayah tugas" in answer.text
    assert enter(client, elsewhere, 1, "selesai").status_code == 403
    line = f"2,{elsewhere},1,selesai,,"
    answer = client.post(f"{PATH}/catat", data={"csrf": client.csrf(), "isi": line})
    assert "bukan wilayah tugas" in answer.text
    assert outcomes(server, row) == []


def test_outcomes_are_entered_without_and_with_script(server, clients, printed, house):
    client = clients["perencana"]
    answer = enter(client, printed, " 07 ", "pindah", catatan=HOSTILE, tanggal="")
    assert answer.status_code == 303
    page = client.get(answer.headers["location"]).text
    assert "Nomor 7 tersimpan" in page
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    said = {"lembar": str(printed), "nomor": 7, "hasil": "selesai"}
    headers = JSON | {"X-CSRF": client.csrf()}
    told = client.post(PATH, data=said, headers=headers).json()
    assert (told["nomor"], told["hasil"], told["judul"], told["oleh"]) == (
        7,
        "selesai",
        "Selesai",
        "perencana",
    )
    assert told["sudah"] >= 1
    assert [one.outcome for one in outcomes(server, house["sheet_row"])] == ["pindah", "selesai"]
    assert trail(server, "perencana").action == "hasil"
    assert enter(client, printed, 7, "apa").status_code == 400
    assert client.post(PATH, data=said).status_code == 403
    assert len(outcomes(server, house["sheet_row"])) == 2


def test_the_date_goes_on_to_the_next_number(clients, printed):
    day = pd.Timestamp.now().date().isoformat()
    answer = enter(clients["perencana"], printed, 8, "selesai", tanggal=day)
    assert f'name="tanggal" value="{day}"' in clients["perencana"].get(answer.headers["location"]).text
    strange = clients["perencana"].get(PATH, params={"lembar": str(printed), "tanggal": "x" * 10})
    assert strange.status_code == 200


def test_the_blank_table_holds_every_number_and_nobody(server, clients, printed, persons):
    answer = clients["petugas"].get(f"{PATH}.csv", params={"lembar": str(printed)})
    assert answer.status_code == 200
    table = pd.read_csv(io.StringIO(answer.content.decode("utf-8-sig")), sep=";", dtype=str)
    assert [*table] == [
        "lembar",
        "nomor",
        "petak",
        "kode_desa",
        "dusun",
        "rt",
        "rw",
        "hasil",
        "tanggal",
        "catatan",
    ]
    assert (table["lembar"] == f"{printed.kode_desa}-00-{printed.mark}").all()
    mine = persons[persons["kode_desa"] == printed.kode_desa]
    assert table["nomor"].astype(int).tolist() == list(range(1, len(mine) + 1))
    assert not any(name in answer.text for name in mine["nama"].dropna())
    left = trail(server, "petugas")
    assert (left.action, left.households) == ("unduh", len(mine))


def test_a_table_is_looked_at_and_then_entered(server, clients, printed, persons):
    client = clients["petugas"]
    blank = client.get(f"{PATH}.csv", params={"lembar": str(printed)}).content.decode("utf-8-sig")
    table = pd.read_csv(io.StringIO(blank), sep=";", dtype=str)
    table.loc[[19, 20, 21], "hasil"] = ["Tidak ditemukan", "entah", "menolak"]
    table.loc[21, "catatan"] = HOSTILE
    content = table.to_csv(index=False, sep=";").encode("cp1252")
    sent = {"data": {"csrf": client.csrf()}, "files": {"berkas": ("isi.csv", content, "text/csv")}}
    answer = client.post(f"{PATH}/berkas", **sent)
    assert answer.status_code == 200, answer.text
    assert "2 hasil siap dicatat, 1 baris keliru" in answer.text
    assert "Hasil tidak dikenal" in answer.text
    assert "<img src=x" not in answer.text
    mine = persons[persons["kode_desa"] == printed.kode_desa].set_index("house_number")["sheet_row"]
    assert outcomes(server, mine[20]) == []
    hidden = html.unescape(re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", answer.text, re.DOTALL)[1])
    for said in ("2 hasil dicatat", "0 hasil dicatat</strong>; 2 sudah tercatat"):
        done = client.post(f"{PATH}/catat", data={"csrf": client.csrf(), "isi": hidden.lstrip("\n")})
        assert said in done.text
    assert [one.outcome for one in outcomes(server, mine[20])] == ["tidak_ditemukan"]
    assert [one.note for one in outcomes(server, mine[22])] == [HOSTILE]
    assert not [*(server.app.state.settings.state_folder / "lembar-hasil").glob("*")]


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.csv", b"a;b\n1;2\n"), ("x.png", b"\x89PNG\0\0\0\0"), ("x.csv", b""), ("x.xlsx", b"PK\x03\x04x")],
)
def test_what_is_no_table_of_outcomes_is_refused(server, clients, name: str, content: bytes):
    client = clients["petugas"]
    answer = client.post(f"{PATH}/berkas", data={"csrf": client.csrf()}, files={"berkas": (name, content)})
    assert answer.status_code == 400
    assert client.post(f"{PATH}/berkas", files={"berkas": (name, content)}).status_code == 403
    assert client.post(f"{PATH}/catat", data={"csrf": client.csrf(), "isi": "x"}).status_code == 400
    assert not [*(server.app.state.settings.state_folder / "lembar-hasil").glob("*")]


def test_more_lines_than_a_table_may_have_are_refused_unread(clients):
    content = "2,x,1,pindah,,\n" * 5001
    client = clients["petugas"]
    answer = client.post(f"{PATH}/catat", data={"csrf": client.csrf(), "isi": content})
    assert answer.status_code == 400
    assert "lebih dari 5000 hasil" in answer.text


def test_a_table_says_what_it_replaces_before_and_after(clients, printed):
    client = clients["perencana"]
    enter(client, printed, 31, "pindah")
    content = f"lembar;nomor;hasil\n{printed};31;menolak\n".encode()
    sent = {"data": {"csrf": client.csrf()}, "files": {"berkas": ("isi.csv", content, "text/csv")}}
    before = client.post(f"{PATH}/berkas", **sent).text
    assert "1 menggantikan hasil yang sudah tercatat" in before
    assert "menggantikan «Pindah»" in before
    hidden = html.unescape(re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", before, re.DOTALL)[1])
    after = client.post(f"{PATH}/catat", data={"csrf": client.csrf(), "isi": hidden.lstrip("\n")}).text
    assert "1 menggantikan hasil yang tercatat lebih dahulu" in after


def test_the_mark_of_a_session_stands_in_no_address(clients):
    client = clients["perencana"]
    assert "?csrf=" not in client.get(PATH).text
    files = {"berkas": ("isi.csv", b"lembar;nomor;hasil\nx;1;pindah\n", "text/csv")}
    assert client.post(f"{PATH}/berkas?csrf={client.csrf()}", files=files).status_code == 403
    assert client.post(f"{PATH}/berkas", files=files, data={"csrf": "salah"}).status_code == 403
    late = [("berkas", files["berkas"]), ("csrf", (None, client.csrf()))]
    assert client.post(f"{PATH}/berkas", files=late).status_code == 403
    assert client.post(f"{PATH}/berkas", files=files, headers={"X-CSRF": client.csrf()}).status_code == 200
