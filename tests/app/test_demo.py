"""The demonstration: made once, kept, and made anew when what it depends on changes."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from rich.console import Console
from sqlalchemy import select
from typer.testing import CliRunner, Result

from app import cli, serve_cli
from app import demo as demonstration
from app.access.roles import Role
from app.access.users import add_user
from app.demo_accounts import make_accounts
from app.records import open_records
from app.records.tables import Handover, User
from geo.runs import is_run, open_run

ROOT = Path(__file__).parents[2]
DISTRICT = ROOT / "tests" / "data" / "district"
SMALL = ("demo", "--no-serve", "--households", "200")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a small demonstration on the invented district."""
    place = tmp_path_factory.mktemp("demo")
    shutil.copytree(DISTRICT, place / "district")
    with pytest.MonkeyPatch.context() as patch:
        set_up(place, patch)
        result = CliRunner().invoke(cli.app, SMALL)
    assert result.exit_code == 0, result.output
    return place


@pytest.fixture
def place(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the demonstration that a test may harm."""
    for path in made.iterdir():
        shutil.copytree(path, tmp_path / path.name)  # keeps times, as the stamp needs
    # the stamp names the boundaries' place, which the copy changes
    set_up(tmp_path, monkeypatch)
    stamp = tmp_path / "out" / "demo.json"
    stamp.write_text(json.dumps(demonstration._wanted(200)), encoding="utf-8")
    return tmp_path


def set_up(place: Path, patch: pytest.MonkeyPatch) -> None:
    """Point the command to a place of its own, with code that nobody else edits meanwhile."""
    patch.setattr(serve_cli, "DEMO", place / "out")
    patch.setattr(demonstration, "ROOT", place)
    patch.setenv("PETA_BOUNDARIES", str(place / "district"))


def peta(*words: str) -> Result:
    return CliRunner().invoke(cli.app, words)


def created(place: Path) -> str:
    return str(json.loads((place / "out" / "hasil" / "manifest.json").read_text(encoding="utf-8"))["created"])


def test_the_demonstration_is_whole_and_says_that_it_is_invented(made: Path):
    run = made / "out" / "hasil"
    assert {"peta.html", "atlas.pdf", "laporan.html", "geojson"} <= {path.name for path in run.iterdir()}
    facts = open_run(run).facts
    assert facts["rows"]["valid"] + facts["rows"]["rejects"] == facts["rows"]["sheet"]
    assert {each["role"] for each in facts["inputs"]} >= {"sheet", "land_cover"}
    assert "REKAAN" in (made / "out" / "contoh" / "BACA_DULU.txt").read_text(encoding="utf-8")


def test_the_second_time_nothing_is_made(place: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(demonstration, "make_demo", None)
    result = peta(*SMALL)
    assert result.exit_code == 0, result.output
    assert result.output == f"Hasil: {place / 'out' / 'hasil'}\n"


def _boundaries(place: Path) -> None:
    os.utime(place / "district" / "desa.geojson", (1, 1))


def _code(place: Path) -> None:
    (place / "geo").mkdir()
    (place / "geo" / "rates.py").write_text("")


def _run(place: Path) -> None:
    (place / "out" / "hasil" / "manifest.json").unlink()


def _stamp(place: Path) -> None:
    (place / "out" / "demo.json").write_text("{", encoding="utf-8")


@pytest.mark.parametrize("change", [_boundaries, _code, _run, _stamp])
def test_what_changed_makes_it_anew(place: Path, change: object, monkeypatch: pytest.MonkeyPatch):
    assert callable(change)
    made = []
    monkeypatch.setattr(demonstration, "make_demo", lambda folder, *_: made.append(folder))
    change(place)
    assert peta(*SMALL).exit_code == 0
    assert made == [place / "out"]
    made.clear()
    assert peta("demo", "--no-serve", "--households", "300").exit_code == 0
    assert made == [place / "out"]


def test_made_anew_replaces_the_former(place: Path):
    before = (place / "out" / "hasil" / "manifest.json").read_text(encoding="utf-8")
    _boundaries(place)
    result = peta(*SMALL)
    assert result.exit_code == 0, result.output
    assert "tidak ada orang sungguhan" in result.output
    assert (place / "out" / "hasil" / "manifest.json").read_text(encoding="utf-8") != before
    assert demonstration.is_made(place / "out", 200)


def test_a_place_that_takes_nothing_is_one_clear_line(place: Path, monkeypatch: pytest.MonkeyPatch):
    (place / "berkas").write_text("penting")
    monkeypatch.setattr(serve_cli, "DEMO", place / "berkas" / "demo")
    result = peta(*SMALL)
    assert result.exit_code == 1
    assert "Galat: Contoh tidak dapat disimpan" in result.output


def test_an_interruption_leaves_the_former_run_and_no_stamp(place: Path, monkeypatch: pytest.MonkeyPatch):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    _boundaries(place)
    before = created(place)
    monkeypatch.setattr("geo.job.assess", interrupted)
    result = peta(*SMALL)
    assert result.exit_code == 130
    assert "hasil lama tetap utuh" in result.output
    assert created(place) == before
    assert not demonstration.is_made(place / "out", 200)
    assert is_run(place / "out" / "hasil")


def start(place: Path) -> subprocess.Popen[str]:
    code = (
        "import sys; from pathlib import Path; import app.cli, app.demo\n"
        f"app.serve_cli.DEMO = Path({str(place / 'out')!r}); app.demo.ROOT = Path({str(place)!r})\n"
        "app.cli.main()"
    )
    words = [sys.executable, "-c", code, "demo", "--households", "200", "--port", "18765"]
    return subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, text=True)  # noqa: S603


def test_every_start_leads_to_a_signed_in_map_with_a_password_of_its_own(place: Path):
    passwords, names = set(), []
    for _ in range(2):
        with start(place) as process:
            assert process.stderr
            try:
                assert "Hasil: " in process.stderr.readline()
                address = re.search(r"Buka (http://127\.0\.0\.1:\d+)/ di peramban", process.stderr.readline())
                told = re.search(
                    r"Masuk sebagai ([\w, ]+)\. Kata sandi semuanya: (\S+)\n", process.stderr.readline()
                )
                assert address
                assert told
                names = told[1].split(", ")
                for name in names:
                    with httpx.Client(base_url=address[1], follow_redirects=True, timeout=30) as client:
                        page = client.post("/masuk", data={"nama": name, "kata_sandi": told[2]})
                        assert (page.status_code, f'<span class="role">{name}</span>' in page.text) == (
                            200,
                            True,
                        )
                passwords.add(told[2])
            finally:
                process.send_signal(2)
            assert process.wait(timeout=20) == 0
            assert process.stderr.read() == "Berhenti.\n"
    assert names == list(Role)
    assert len(passwords) == 2


def test_accounts_that_somebody_added_keep_their_password(place: Path):
    settings = serve_cli.demo_settings(place / "out")
    records = open_records(settings.database_url)
    with records.session() as session:
        kept = add_user(session, "petugas", "opd", "sawah-laut-hutan-7").password_hash
    make_accounts(settings)
    with records.session() as session:
        users = {user.name: user for user in session.scalars(select(User))}
    records.close()
    assert (users["petugas"].password_hash, users["petugas"].role) == (kept, "opd")
    assert set(users) == set(Role)


def test_the_field_officer_has_desa_of_the_run(place: Path):
    settings = serve_cli.demo_settings(place / "out")
    make_accounts(settings)
    records = open_records(settings.database_url)
    with records.session() as session:
        assigned = session.scalars(select(User).where(User.name == "petugas")).one().desa
    records.close()
    desa = open_run(place / "out" / "hasil").desa
    assert len(assigned) == 3
    assert set(assigned) <= set(desa.loc[desa["households"] > 0, "kode_desa"])


def test_the_agency_finds_one_parcel_however_often_it_is_started(place: Path):
    settings = serve_cli.demo_settings(place / "out")
    for _ in range(2):
        make_accounts(settings)
    records = open_records(settings.database_url)
    with records.session() as session:
        agency = session.scalars(select(User).where(User.name == "opd")).one().recipient
        (held,) = session.scalars(select(Handover))
    records.close()
    assert held.recipient == agency
    assert (held.by, held.level, len(held.desa)) == ("perencana", "opd", 3)


def test_making_without_a_console_shows_the_stages(place: Path, capsys: pytest.CaptureFixture[str]):
    demonstration.make_demo(place / "out", 200, Console(soft_wrap=True))
    shown = capsys.readouterr().out
    for stage in ("Membuat data rekaan", "Membaca lembar", "Mencetak buku peta", "Menulis laporan"):
        assert re.search(rf"  {stage} +\d+,\d s\n", shown)
