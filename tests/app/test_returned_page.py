"""Hasil dari OPD: a file put in by a planner or sent by the agency, looked at, decided upon, and entered once."""

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pandas as pd
import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.records.tables import Entry, Handover, Outcome, Return, User, now
from geo.privacy.pseudonyms import pseudonyms
from tests.server import Client, Served, serving

HOSTILE = "</textarea><img src=x onerror=alert(1)>=1+1"
DOOR, THEIRS = "/bagikan/kembali", "/kiriman/kembali"
DAY = (now().astimezone().date() - timedelta(days=3)).isoformat()


@pytest.fixture
def server(run_folder: Path, tmp_path: Path) -> Iterator[Served]:
    """Serve the run of the sample, handed over to two agencies; the account opd is of the first."""
    with serving(run_folder, state=tmp_path) as served:
        for role in Role:
            served.add(role.value, role.value)
        shown = served.app.state.library.shown()
        said = {"kind": "berkas", "purpose": "uji", "run": shown.id, "run_created": str(shown.manifest["created"]),
                "by": "perencana", "at": now() - timedelta(days=20), "until": now().date()}  # fmt: skip
        with served.app.state.records.session() as session:
            session.scalars(select(User).where(User.name == "opd")).one().recipient = "dinkes"
            session.add(Handover(recipient="dinkes", recipient_name=f"Dinkes {HOSTILE}", level="opd", **said))
            session.add(Handover(recipient="perkim", recipient_name="Perkim", level="opd", **said))
            session.add(Handover(recipient="dinkes", recipient_name="Dinkes", level="terbatas", **said))
        yield served


@pytest.fixture
def names(server: Served) -> pd.Series:
    """Return the pseudonyms of the first agency by sheet row."""
    state, shown = server.app.state, server.app.state.library.shown()
    keys = state.household_keys.of(shown.folder)
    return pseudonyms(keys, state.secrets.households, "dinkes", shown.id)


def table(*rows: tuple[str, ...]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(
        [("pseudonim", "hasil", "tanggal", "catatan", "kebutuhan"), *rows]
    )
    return out.getvalue().encode()


def send(
    client: Client, content: bytes, number: int = 1, door: str = DOOR, name: str = "hasil.csv"
) -> httpx.Response:
    return client.post(
        f"{door}/berkas?pembagian={number}", data={"csrf": client.csrf()}, files={"berkas": (name, content)}
    )


def confirm(client: Client, page: str, **picks: str) -> httpx.Response:
    (number,) = re.findall(r"/bagikan/kembali/(\d+)/catat", page)
    (mark,) = re.findall(r'name="tanda" value="([^"]*)"', page)
    chosen = {f"pilih-{kind}": said for kind, said in picks.items()}
    return client.post(f"{DOOR}/{number}/catat", data={"csrf": client.csrf(), "tanda": mark} | chosen)


def outcomes(server: Served) -> list[Outcome]:
    with server.app.state.records.session() as session:
        return list(session.scalars(select(Outcome).order_by(Outcome.id)))


def trail(server: Served, action: str) -> list[Entry]:
    with server.app.state.records.session() as session:
        return list(session.scalars(select(Entry).where(Entry.action == action).order_by(Entry.id)))


def test_a_planner_looks_and_then_enters(server: Served, names: pd.Series):
    client = server.sign_in("perencana")
    rows = names.index[:3].tolist()
    client.post("/kunjungan/hasil", data={"csrf": client.csrf(), "baris": rows[1], "hasil": "pindah"})
    content = table(
        (names[rows[0]], "Sudah dibangun", DAY, HOSTILE, "jamban"), (names[rows[1]], "selesai", DAY),
        (names[rows[2]], "batal", DAY), ("p" + "b" * 20, "selesai", DAY), ("", "", ""),
        ("3326010101900001", "pindah", DAY),
    )  # fmt: skip
    answer = send(client, content)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{DOOR}/1")
    page = client.get(f"{DOOR}/1").text
    for said in (
        "Berbeda dari yang tercatat, tetapi lebih lama",
        "Nomor samaran tidak dikenal",
        "Kata hasil tidak dikenal",
        "Dapat berarti menolak, pindah, atau tidak ditemukan",
        "Belum ada yang ditulis",
        names[rows[1]],
    ):
        assert said in page
    assert re.findall(r"<dd>(\d+)</dd>", page) == ["5", "1", "0", "4"]
    assert "<img src=x" not in page
    assert "332601" not in page
    assert len(outcomes(server)) == 1
    assert trail(server, "lihat")[-1].households == 3
    assert "1 hasil" in client.get(DOOR).text or "menunggu diperiksa" in client.get(DOOR).text

    done = confirm(client, page, lebih_lama="mereka", kata="mereka", apa="mereka")
    assert (done.status_code, done.headers["location"]) == (303, f"{DOOR}/1")
    assert {one.sheet_row: one.outcome for one in outcomes(server)} == {
        rows[0]: "sudah_diperbaiki", rows[1]: "selesai",
    }  # fmt: skip
    assert outcomes(server)[1].by == "perencana"
    page = client.get(f"{DOOR}/1").text
    assert re.findall(r"<dd>(\d+)</dd>", page) == ["5", "2", "0", "3"]
    assert [(line.user, line.households) for line in trail(server, "kembali")] == [
        ("perencana", 5),
        ("perencana", 2),
    ]
    assert not [*(server.app.state.settings.state_folder / "kembali").glob("*")]
    again = send(client, content)
    page = client.get(again.headers["location"]).text
    assert re.findall(r"<dd>(\d+)</dd>", page) == ["5", "0", "2", "3"]
    assert confirm(client, page, lebih_lama="mereka").status_code == 303
    assert len(outcomes(server)) == 3


def test_confirming_twice_and_confirming_what_has_changed(server: Served, names: pd.Series):
    client = server.sign_in("perencana")
    page = client.get(send(client, table((names.iloc[0], "menolak", DAY))).headers["location"]).text
    client.post("/kunjungan/hasil", data={"csrf": client.csrf(), "baris": names.index[0], "hasil": "pindah"})
    changed = confirm(client, page)
    assert changed.status_code == 409
    assert "Periksa sekali lagi" in changed.text
    assert confirm(client, changed.text).status_code == 303
    assert confirm(client, changed.text).status_code == 403
    assert [one.outcome for one in outcomes(server)] == ["pindah"]


def test_an_agency_sends_and_a_planner_decides(server: Served, names: pd.Series):
    agency, planner = server.sign_in("opd"), server.sign_in("perencana")
    row = names.index[0]
    planner.post("/kunjungan/hasil", data={"csrf": planner.csrf(), "baris": row, "hasil": "pindah"})
    form = agency.get(f"{THEIRS}?pembagian=1").text
    assert 'action="/kiriman/kembali/berkas?pembagian=1"' in form
    assert "Perkim" not in form
    content = table(
        (names[row], "selesai", DAY), (names.iloc[1], "beres", DAY), ("p" + "b" * 20, "pindah", "besok")
    )
    answer = send(agency, content, door=THEIRS)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{THEIRS}?diterima=1")
    page = html.unescape(agency.get(answer.headers["location"]).text)
    assert "1 hasil menunggu diperiksa perencana; 2 tidak akan dicatat" in page
    for said in (
        "Baris 3: «beres»: Kata itu tidak dikenal.",
        "Baris 4: Nomor samaran tidak dikenal.",
        "Baris 4: Tanggal",
    ):
        assert said in page
    assert "Pindah" not in re.sub(
        r"<dl.*?</dl>", "", page, flags=re.DOTALL
    )  # what stands here is not theirs to see
    assert len(outcomes(server)) == 1
    assert agency.get(f"{DOOR}/1").status_code == 403
    assert confirm(agency, '/bagikan/kembali/1/catat name="tanda" value=""').status_code == 403

    told = planner.get(f"{DOOR}/1").text
    assert "lewat akun opd" in told
    assert confirm(planner, told, lebih_lama="mereka").status_code == 303
    assert [(one.outcome, one.by) for one in outcomes(server)] == [
        ("pindah", "perencana"),
        ("selesai", "perencana"),
    ]
    assert "sudah dicatat" in agency.get(THEIRS).text
    assert [(line.user, line.households) for line in trail(server, "kembali")] == [
        ("opd", 3),
        ("perencana", 1),
    ]


def test_an_agency_answers_its_own_hand_overs_of_households_and_no_others(server: Served, names: pd.Series):
    agency, planner = server.sign_in("opd"), server.sign_in("perencana")
    content = table((names.iloc[0], "selesai", DAY))
    for client, door, number in (
        (agency, THEIRS, 2),
        (agency, THEIRS, 3),
        (agency, THEIRS, 99),
        (planner, DOOR, 3),
    ):
        assert send(client, content, number, door).status_code == 404
    assert send(agency, content, 1, DOOR).status_code == 403
    send(planner, content, 2)
    assert "Perkim" not in agency.get(THEIRS).text
    with server.app.state.records.session() as session:
        session.scalars(select(User).where(User.name == "opd")).one().recipient = ""
    assert send(agency, content, 1, THEIRS).status_code == 404
    assert "belum terhubung" in agency.get(THEIRS).text
    with server.app.state.records.session() as session:
        assert len(session.scalars(select(Return)).all()) == 1


def test_the_pseudonym_of_another_agency_is_told_to_planners_only(server: Served):
    agency, planner = server.sign_in("opd"), server.sign_in("perencana")
    state, shown = server.app.state, server.app.state.library.shown()
    other = pseudonyms(state.household_keys.of(shown.folder), state.secrets.households, "perkim", shown.id)
    answer = send(agency, table((other.iloc[0], "selesai", DAY)), door=THEIRS)
    page = agency.get(answer.headers["location"]).text
    assert "Nomor samaran tidak dikenal" in page
    assert "penerima lain" not in page
    assert "Nomor samaran penerima lain" in planner.get(f"{DOOR}/1").text
    back = planner.get(f"{DOOR}/1/pertentangan.csv").text  # it is sent to whoever asked
    assert ("penerima lain" in back, "Nomor samaran tidak dikenal" in back) == (False, True)


def test_an_agency_is_told_which_lines_of_its_file_are_at_odds(server: Served, names: pd.Series):
    agency = server.sign_in("opd")
    content = table(
        (names.iloc[0], "selesai", DAY),
        (names.iloc[1], "selesai", DAY),
        (names.iloc[0], "pindah", DAY),
        (names.iloc[1], "selesai", DAY),
    )
    page = agency.get(send(agency, content, door=THEIRS).headers["location"]).text
    assert "2 hasil menunggu diperiksa perencana; 2 tidak akan dicatat" in page
    assert page.count("baris 2, 4.") == 2


def test_geojson_and_a_table_of_what_is_to_be_put_right(server: Served, names: pd.Series):
    client = server.sign_in("admin")
    features = [{"type": "Feature", "id": name, "geometry": None, "properties": {"hasil": said, "tanggal": DAY}}
                for name, said in ((names.iloc[0], "pindah"), (names.iloc[1], "=1+1"))]  # fmt: skip
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    page = client.get(send(client, content, name="hasil.geojson").headers["location"]).text
    assert "hasil.geojson" in page
    answer = client.get(f"{DOOR}/1/pertentangan.csv")
    assert answer.status_code == 200
    found = pd.read_csv(io.StringIO(answer.content.decode("utf-8-sig")), sep=";", dtype=str)
    assert found["pseudonim"].tolist() == [names.iloc[1]]
    assert found["hasil"].tolist() == ["'=1+1"]
    assert trail(server, "unduh")[-1].households == 1


def test_put_aside_nothing_is_entered_and_nothing_kept(server: Served, names: pd.Series):
    client = server.sign_in("perencana")
    send(client, table((names.iloc[0], "selesai", DAY)))
    assert client.post(f"{DOOR}/1/sisihkan", data={"csrf": client.csrf()}).status_code == 303
    assert "disisihkan" in client.get(f"{DOOR}/1").text
    assert client.post(f"{DOOR}/1/catat", data={"csrf": client.csrf()}).status_code == 403
    assert client.get(f"{DOOR}/1/pertentangan.csv").status_code == 403
    assert outcomes(server) == []
    with server.app.state.records.session() as session:
        assert session.scalars(select(Return)).one().lines == {}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.csv", b"a;b\n1;2\n"),
        ("x.png", b"\x89PNG\0\0\0\0"),
        ("x.csv", b""),
        ("x.xlsx", b"PK\x03\x04x"),
        ("x.json", b"{"),
    ],
)
def test_what_is_no_answer_is_refused_and_nothing_is_left(server: Served, name: str, content: bytes):
    client = server.sign_in("perencana")
    answer = send(client, content, name=name)
    assert (answer.status_code, "Berkas itu tidak diterima" in answer.text) == (400, True)
    assert 'action="/bagikan/kembali/berkas?pembagian=1"' in answer.text  # the form is there for the next try
    assert client.post(f"{DOOR}/berkas?pembagian=1", files={"berkas": (name, content)}).status_code == 403
    assert not [*(server.app.state.settings.state_folder / "kembali").glob("*")]


def test_pages_say_what_to_do_when_there_is_nothing_yet(run_folder: Path, tmp_path: Path):
    with serving(run_folder, state=tmp_path) as served:
        for role in ("perencana", "opd"):
            served.add(role, role)
        assert "Belum ada pembagian" in served.sign_in("perencana").get(f"{DOOR}?pembagian=7").text
        assert "belum terhubung" in served.sign_in("opd").get(THEIRS).text
        assert served.sign_in("perencana").get(f"{DOOR}/7").status_code == 404
