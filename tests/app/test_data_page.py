"""The pages about data: a sheet from upload to publication, and back."""

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import msoffcrypto
import openpyxl
import pytest
from markupsafe import escape
from sqlalchemy import select

from app.data_view.runs import set_aside
from app.data_view.unlocking import MOST_TRIES
from app.jobs import task
from app.jobs.queue import ASSESS, DONE, claim, worker_name
from app.records.tables import Entry, Job, Upload
from app.routes import uploads
from geo.errors import EncryptedSheet
from tests.server import Client, Served, serving

DISTRICT = Path(__file__).parents[1] / "data" / "district"
HOSTILE = "<img src=x onerror=alert(1)>${7*7}`</script>"


@pytest.fixture(scope="module")
def office(
    run_folder: Path, sample_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Serve a library of its own; jobs are done where a test says so."""
    folder = tmp_path_factory.mktemp("kantor")
    shutil.copytree(run_folder, folder / "hasil" / "awal")
    shutil.copytree(DISTRICT, folder / "batas")
    with serving(
        folder / "hasil",
        boundaries=folder / "batas",
        settings_file=sample_folder / "setelan.toml",
        upload_mb=5,
    ) as served:
        served.add("sari", "perencana")
        served.add("tuti", "pimpinan")
        served.add("wati", "admin")
        yield served


@pytest.fixture
def sari(office: Served) -> Client:
    return office.sign_in("sari")


def work(office: Served) -> None:
    """Do everything that waits."""
    state = office.app.state
    me = worker_name()
    while job := claim(state.records, me):
        task.do(state.settings, state.records, job.id, me)


def upload(client: Client, name: str, content: bytes) -> str:
    answer = client.post(
        "/data/unggah", data={"csrf": client.csrf("/data")}, files={"berkas": (name, content)}
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def post(client: Client, path: str, **fields: str) -> int:
    return client.post(path, data={"csrf": client.csrf("/data"), **fields}).status_code


def csv_of(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def desa_names(office: Served) -> list[str]:
    return [str(name) for name in office.app.state.library.shown().assessment.desa["nama_desa"].unique()]


def entries(office: Served, action: str) -> list[Entry]:
    with office.app.state.records.session() as session:
        return list(session.scalars(select(Entry).where(Entry.action == action).order_by(Entry.id)))


def test_a_sheet_goes_from_upload_to_publication_and_back(office: Served, sari: Client, sheet: Path):
    library = office.app.state.library
    place = upload(sari, "Register 2026.csv", sheet.read_bytes())
    assert "Memeriksa lembar" in sari.get(place).text
    assert [job["kind"] for job in sari.get("/data/pekerjaan").json()["pekerjaan"]] == ["intake"]
    work(office)
    page = sari.get(place).text
    assert "Yang terbaca" in page
    assert "Nama kepala keluarga" in page
    for line in sheet.read_text(encoding="utf-8").splitlines()[1:20]:  # no cell of the sheet is shown
        for cell in line.split(";")[:4]:
            assert len(cell) < 8 or cell not in page
    assert post(sari, f"{place}/olah") == 303
    assert post(sari, f"{place}/olah") == 303  # a double click is one job
    work(office)
    made = [run for run in library.ids() if run != "awal"]
    assert len(made) == 1
    run = made[0]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-1", run)
    assert library.shown_id() == "awal"
    page = sari.get(f"/data/hasil/{run}").text
    assert "Yang berubah terhadap awal" in page
    assert "Register 2026.csv" in page
    assert sari.get(f"/data/hasil/{run}/laporan").status_code == 200
    assert post(sari, f"/data/hasil/{run}/terbit", catatan="triwulan 2") == 303
    assert library.shown_id() == run
    assert "triwulan 2" in sari.get(f"/data/hasil/{run}").text
    assert post(sari, f"/data/hasil/{run}/buang") == 403  # it is in force
    assert (library.folder / run).is_dir()
    assert post(sari, "/data/hasil/awal/terbit") == 303  # rolled back in one click
    assert library.shown_id() == "awal"
    assert post(sari, f"/data/hasil/{run}/olah") == 303  # once more, from the same upload
    work(office)
    assert len(library.ids()) == 3
    assert "tidak dapat dikembalikan" in sari.get(f"/data/hasil/{run}/buang").text
    assert post(sari, f"/data/hasil/{run}/buang") == 303
    assert not (library.folder / run).exists()
    assert sari.get(f"/data/hasil/{run}").status_code == 404
    assert [entry.subject for entry in entries(office, "terbit")] == [
        f"{run}, menggantikan awal",
        f"awal, menggantikan {run}",
    ]
    assert entries(office, "buang")[-1].subject == run
    assert entries(office, "unggah")[0].user == "sari"


def test_the_name_of_a_discarded_run_is_not_given_again(office: Served):
    with office.app.state.records.session() as session:
        runs = list(session.scalars(select(Job.run).where(Job.kind == ASSESS, Job.state == DONE)))
    assert len(set(runs)) == len(runs) == 2


def test_columns_are_corrected_and_offered_again(office: Served, sari: Client):
    rows = csv_of(
        "Nomor Induk;Nama;Desa;Kecamatan;Warna", "9926010101900001;RAHASIA;Muara Lor;Pesisir Raya;biru"
    )
    place = upload(sari, "a.csv", rows)
    work(office)
    page = sari.get(place).text
    unknown = int(re.search(r'id="judul-(\d+)">Nomor Induk', page)[1])  # type: ignore[index]
    assert (
        post(sari, f"{place}/kolom", **{f"arti-{unknown}": "nik", "tetap-kabupaten_tertulis": "Contoh"})
        == 303
    )
    work(office)
    page = sari.get(place).text
    assert re.search(rf'name="arti-{unknown}".*?<option value="nik" selected>', page)
    assert "menurut pengenalan" in page
    assert "untuk semua baris: «Contoh»" in page
    assert "RAHASIA" not in page
    other = upload(sari, "b.csv", rows)
    work(office)
    page = sari.get(other).text
    assert "Pakai pembetulan itu" in page
    number = re.search(r'name="dari" value="(\d+)"', page)[1]  # type: ignore[index]
    assert post(sari, f"{other}/ulang", dari=number) == 303
    work(office)
    assert re.search(r'<option value="nik" selected>', sari.get(other).text)
    answer = sari.post(
        f"{other}/kolom", data={"csrf": sari.csrf("/data"), "arti-0": "desil", "arti-4": "desil"}
    )
    assert answer.status_code == 400
    assert "Dua kolom diberi arti" in answer.text


def test_a_column_of_desa_under_a_strange_heading_is_found_and_taken(office: Served, sari: Client):
    names = desa_names(office)
    rows = [f"3326010101{900001 + place};{names[place % len(names)]};1" for place in range(12)]
    place = upload(sari, "asing.csv", csv_of("NIK;Permukiman <b>;Tempat BAB", *rows))
    work(office)
    page = sari.get(place).text
    assert "Tidak ada kolom yang menyebut desa" in page
    assert "Kolom «Permukiman &lt;b&gt;» tampaknya nama desa: 12 dari 12" in page
    found = re.search(r'name="arti-(\d+)" value="desa_tertulis"', page)
    assert found
    assert post(sari, f"{place}/kolom", **{f"arti-{found[1]}": "desa_tertulis"}) == 303
    work(office)
    page = sari.get(place).text
    assert "tampaknya" not in page
    assert "Tidak ada kolom yang menyebut desa" not in page


def test_most_rows_without_a_desa_are_told_at_upload_and_above_the_button(office: Served, sari: Client):
    names = desa_names(office)
    known = [f"3326010101{900001 + place};{names[0]};1" for place in range(8)]
    strange = [f"3326010101{910001 + place};Entah Di Mana;1" for place in range(4)]
    place = upload(sari, "entah.csv", csv_of("NIK;Desa;Tempat BAB", *known, *strange))
    work(office)
    assert "Desa tidak diketahui pada 4 dari 12 rumah tangga" in sari.get(place).text
    assert post(sari, f"{place}/olah") == 303
    work(office)
    library = office.app.state.library
    page = sari.get(f"/data/hasil/{library.ids()[0]}").text
    assert page.index("Desa tidak diketahui: 4 dari 12 rumah tangga (33,3 %)") < page.index('id="terbit"')
    library.discard(library.ids()[0])


def test_publishing_asks_once_more_where_something_is_lost(office: Served, sari: Client):
    library = office.app.state.library
    names = desa_names(office)
    rows = [f"3326010101{900001 + place};{names[0]};4;1" for place in range(6)]
    place = upload(sari, "tanpa.csv", csv_of("NIK;Desa;Tempat BAB;Jenis lantai terluas", *rows))
    work(office)
    page = sari.get(place).text
    assert "Belum dapat diolah" in page
    assert "abaikan di sana «Jenis lantai terluas»" in page
    fields = dict(re.findall(r'name="(arti-\d+|olah)" value="(1?)"', page[: page.index("Olah tanpa RTLH")]))
    assert len(fields) == 2
    assert post(sari, f"{place}/kolom", **fields) == 303  # one click leaves RTLH out and has it assessed
    work(office)
    run, former = library.ids()[0], library.shown_id()
    assert run != former
    page = sari.get(f"/data/hasil/{run}").text
    assert "RTLH (indikasi) tidak ada lagi dalam hasil ini" in page
    assert "lebih sedikit: 6, sebelumnya" in page
    assert 'name="yakin"' in page
    answer = sari.post(f"/data/hasil/{run}/terbit", data={"csrf": sari.csrf("/data")})
    assert answer.headers["location"] == f"/data/hasil/{run}?tanya=1#terbit"
    assert library.shown_id() == former
    assert "Belum diterbitkan" in sari.get(answer.headers["location"]).text
    answer = sari.post(f"/data/hasil/{run}/terbit", data={"csrf": sari.csrf("/data"), "yakin": "1"})
    assert library.shown_id() == run
    assert f">{run}</a> kini berlaku" in sari.get(answer.headers["location"]).text
    assert "kini berlaku" not in sari.get("/data?berlaku=lain").text
    assert f'aria-label="Kembalikan {former}"' in sari.get("/data").text
    page = sari.get(f"/data/hasil/{former}").text
    assert "Kembalikan hasil ini" in page
    assert "RTLH (indikasi) bertambah" in page
    assert post(sari, f"/data/hasil/{former}/terbit") == 303  # nothing is lost, nothing is asked
    assert library.shown_id() == former
    library.discard(run)


def test_a_tab_is_chosen(office: Served, sari: Client):
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "Triwulan 1"
    for row in (
        ("NIK", "Nama", "Desa"),
        ("9926010101900001", "A", "Muara Lor"),
        ("9926010101900002", "B", "Muara Lor"),
    ):
        book.active.append(row)
    second = book.create_sheet(
        HOSTILE[:25].replace("/", "").replace("*", "").replace("[", "").replace("?", "")
    )
    second.append(("Nama", "Desa"))
    second.append(("C", "Muara Lor"))
    content = io.BytesIO()
    book.save(content)
    place = upload(sari, "dua.xlsx", content.getvalue())
    work(office)
    page = sari.get(place).text
    assert "lembar «Triwulan 1»" in page
    assert "<img" not in page.replace('<img src="/static', "")
    assert post(sari, f"{place}/lembar", lembar=second.title) == 303
    work(office)
    assert "<dd>1</dd>" in sari.get(place).text
    assert post(sari, f"{place}/lembar", lembar="tiada") == 303
    work(office)
    assert "tidak mempunyai lembar" in sari.get(place).text


def test_a_locked_workbook_is_opened_once_and_the_password_kept_nowhere(office: Served, sari: Client):
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (("NIK", "Nama", "Desa"), ("9926010101900001", "RAHASIA", "Muara Lor")):
        book.active.append(row)
    plain, locked = io.BytesIO(), io.BytesIO()
    book.save(plain)
    msoffcrypto.OfficeFile(plain).encrypt("kunci-rumah-77", locked)
    place = upload(sari, "terkunci.xlsx", locked.getvalue())
    work(office)
    page = sari.get(place).text
    assert "Lembar terkunci" in page
    assert "--password" not in page
    wrong = sari.post(f"{place}/sandi", data={"csrf": sari.csrf("/data"), "kata_sandi": "salah"})
    assert (wrong.status_code, "salah. Periksa" in wrong.text) == (400, True)
    assert post(sari, f"{place}/sandi", kata_sandi="kunci-rumah-77") == 303
    work(office)
    assert "Yang terbaca" in sari.get(place).text
    state = office.app.state.settings.state_folder
    for path in state.rglob("*"):
        assert not path.is_file() or b"kunci-rumah-77" not in path.read_bytes(), path
    with office.app.state.records.session() as session:
        file = session.scalars(select(Upload.file).where(Upload.name == "terkunci.xlsx")).one()
    assert (state / "unggahan" / file).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("besar.csv", b"a;b\n" * 2_000_000, "lebih besar dari 5 MB"),
        ("program.xlsx", b"\x7fELF\0\0", "bukan lembar yang dikenal"),
        ("kosong.csv", b"", "kosong"),
    ],
)
def test_what_cannot_be_a_sheet_is_refused_at_the_door(
    office: Served, sari: Client, name: str, content: bytes, told: str
):
    before = len(list((office.app.state.settings.state_folder / "unggahan").iterdir()))
    headers = {"X-CSRF": sari.csrf("/data"), "Accept": "application/json"}
    answer = sari.post("/data/unggah", files={"berkas": (name, content)}, headers=headers)
    assert answer.status_code == 400
    assert told in answer.json()["galat"]
    assert len(list((office.app.state.settings.state_folder / "unggahan").iterdir())) == before


def test_an_upload_without_the_mark_of_the_session_is_refused(sari: Client):
    assert sari.post("/data/unggah", files={"berkas": ("a.csv", b"a;b\n1;2\n")}).status_code == 403


def test_thousands_of_columns_and_hostile_headings_still_make_a_page(office: Served, sari: Client):
    headings = ["NIK", "Nama", "Desa", HOSTILE, *(f"kolom {place}" for place in range(3_000))]
    place = upload(sari, f"{HOSTILE}.csv", csv_of(";".join(headings), "9926010101900001;A;Muara Lor;x"))
    work(office)
    answer = sari.get(place)
    assert answer.status_code == 200
    assert "judul lain yang tidak dikenal" in answer.text
    assert "<img src=x" not in answer.text
    assert HOSTILE.split("${", maxsplit=1)[0] not in sari.get("/data").text
    assert len(answer.text) < 1_000_000


def test_a_sheet_without_any_known_column_says_so_and_cannot_be_processed(office: Served, sari: Client):
    place = upload(sari, "warna.csv", b"Warna;Ukuran\nmerah;3\n")
    work(office)
    page = sari.get(place).text
    assert "Belum dapat diolah" in page
    assert "Olah lembar ini" not in page
    assert "--columns" not in page


def test_a_job_is_cancelled_and_a_sheet_deleted(sari: Client):
    place = upload(sari, "hapus.csv", b"NIK;Nama;Desa\n9926010101900001;A;Muara Lor\n")
    job = sari.get("/data/pekerjaan").json()["pekerjaan"][0]
    assert post(sari, f"{place}/hapus") == 403  # it is being worked on
    assert post(sari, f"/data/pekerjaan/{job['id']}/batal") == 303
    assert sari.get("/data/pekerjaan").json() == {"pekerjaan": []}
    assert post(sari, f"/data/pekerjaan/{job['id']}/batal") == 403
    assert "dibatalkan" in sari.get("/data").text
    assert post(sari, f"{place}/hapus") == 303
    assert sari.get(place).status_code == 404


WORKBOOKS = ("rejects.xlsx", "ganda.xlsx")


@pytest.mark.parametrize("name", WORKBOOKS)
def test_rows_with_names_leave_for_who_corrects_the_sheet_alone(office: Served, sari: Client, name: str):
    told = len(entries(office, "unduh"))
    assert post(sari, "/data/hasil/awal/unduh", berkas=name, alasan="membetulkan lembar triwulan") == 403
    assert len(entries(office, "unduh")) == told
    page = sari.get("/data/hasil/awal").text
    assert 'name="berkas"' not in page
    one = next(one for one in set_aside(office.app.state.library.path("awal")) if one["file"] == name)
    assert one["rows"] > 0
    assert f"{one['title']}: {one['rows']}" in page
    assert escape(one["why"][0][0]) in page
    assert "kepada wati" in page


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_with_names_asks_for_a_reason_and_leaves_it_in_the_trail(office: Served, name: str):
    wati, path = office.sign_in("wati"), "/data/hasil/awal/unduh"
    assert 'name="berkas"' in wati.get("/data/hasil/awal").text
    assert post(wati, path, berkas=name, alasan="aaaaa") == 400
    assert post(wati, path, berkas="households.parquet", alasan="ingin tahu isinya") == 404
    reason = "membetulkan lembar"
    answer = wati.post(path, data={"csrf": wati.csrf("/data"), "berkas": name, "alasan": reason})
    assert answer.content == (office.app.state.library.path("awal") / name).read_bytes()
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True).worksheets[0]
    entry = entries(office, "unduh")[-1]
    assert (entry.user, entry.subject, entry.reason, entry.run) == ("wati", name, reason, "awal")
    assert entry.households
    assert entry.households < (sheet.max_row or 0)  # as many as it holds, with a heading above


def test_numbers_of_persons_stay_in_no_file_name_and_no_note(office: Served, sari: Client):
    place = upload(sari, "Budi NIK 3326012345678901.csv", b"NIK;Nama\n1;A\n")
    assert "3326012345678901" not in sari.get(place).text
    assert post(sari, "/data/hasil/awal/terbit", catatan="sesuai NIK 3326012345678901") == 303
    work(office)
    assert "sesuai NIK …" in sari.get("/data/hasil/awal").text
    state = office.app.state.settings.state_folder
    assert list(state.rglob("*3326012345678901*")) == []
    told = [
        f"{entry.subject} {entry.reason}"
        for entry in (*entries(office, "unggah"), *entries(office, "terbit"))
    ]
    assert [line for line in told if "3326012345678901" in line] == []


def test_a_locked_workbook_takes_so_many_wrong_passwords_and_no_more(
    office: Served, sari: Client, monkeypatch: pytest.MonkeyPatch
):
    asked: list[str] = []

    def wrong(_: Path, password: str) -> None:
        asked.append(password)
        raise EncryptedSheet("Kata sandi salah.")

    monkeypatch.setattr(uploads, "unlock", wrong)
    place = upload(sari, "tebak.csv", b"NIK;Nama\n1;A\n")
    told = [post(sari, f"{place}/sandi", kata_sandi=f"tebakan {number}") for number in range(MOST_TRIES + 3)]
    assert set(told) == {400}
    assert len(asked) == MOST_TRIES
    work(office)


@pytest.mark.parametrize(
    "path", ["/data", "/data/pekerjaan", "/data/hasil/awal", "/data/unggahan/1", "/data/tinjau"]
)
def test_who_manages_no_data_sees_none_of_it(office: Served, path: str):
    assert office.sign_in("tuti").get(path).status_code == 403


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999", "x"])
def test_a_number_of_no_upload_is_told(sari: Client, number: str):
    assert sari.get(f"/data/unggahan/{number}").status_code in {400, 404, 422}
