"""Workers that are killed, cancelled, or run out of disk: the job ends well or says why, and nothing half remains."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.jobs import task
from app.jobs.keeper import Keeper, start_worker
from app.jobs.places import SETTINGS, environment_of, settings_of_environment, sweep
from app.jobs.queue import (
    CANCELLED,
    DONE,
    FAILED,
    INTAKE,
    RUNNING,
    WAITING,
    cancel,
    claim,
    is_alive,
    needs_worker,
    worker_name,
)
from app.library import Library
from app.library.edition import edition_folder
from geo.runs import is_run, read_manifest
from tests.app.jobs.conftest import Office

_PATIENCE_S = 120

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are killed as POSIX knows it")


def until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


@contextmanager
def worker(office: Office) -> "Iterator[subprocess.Popen[bytes]]":
    """Have a worker at work; it is gone afterwards, however the test ends."""
    process = start_worker(office.settings)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def shown(office: Office) -> str:
    return Library(office.settings.library, office.settings.runs, office.records).shown_id()


def test_a_killed_worker_is_followed_by_another_and_the_job_ends_well(office: Office, sheet: Path):
    number = office.ask(sheet)
    with worker(office) as first:
        until(lambda: office.job(number).stage == "Mencari kelompok kebutuhan")
        child = children(first.pid)[0]
        first.send_signal(signal.SIGKILL)
        first.wait()
        until(lambda: not is_alive(child))  # the task does not outlive its worker
    assert office.job(number).state == RUNNING  # nobody could say otherwise
    with worker(office) as second:
        second.wait(_PATIENCE_S)
    job = office.job(number)
    assert (job.state, job.attempts, job.message) == (DONE, 2, "")
    run = office.settings.library / job.run
    assert is_run(run)
    assert (run / "atlas.pdf").is_file()
    assert office.leftovers == []
    facts = read_manifest(run)["facts"]
    assert next(one for one in facts["inputs"] if one["role"] == "sheet")["name"] == sheet.name
    assert shown(office) == "awal"  # nobody has published it
    assert is_run(edition_folder(office.settings.state_folder, run))  # the next job was its edition


def test_a_task_that_the_system_kills_is_done_again(office: Office, small_sheet: Path):
    number = office.ask(small_sheet, INTAKE)
    with worker(office) as process:
        until(lambda: office.job(number).stage == "Membaca lembar" and children(process.pid))
        os.kill(children(process.pid)[0], signal.SIGKILL)
        until(lambda: office.job(number).attempts == 2 or office.job(number).state == WAITING)
        process.wait(_PATIENCE_S)
    assert (office.job(number).state, office.job(number).attempts) == (DONE, 2)


def test_a_cancelled_job_stops_and_leaves_nothing(office: Office, sheet: Path):
    number = office.ask(sheet)
    with worker(office) as process:
        until(lambda: office.job(number).stage == "Mencari kelompok kebutuhan")
        with office.records.session() as session:
            assert cancel(session, number)
        process.wait(_PATIENCE_S)
    assert office.job(number).state == CANCELLED
    assert [path.name for path in office.settings.library.iterdir() if path.name != ".peta"] == ["awal"]


def test_a_full_disk_fails_the_job_with_its_cause(
    office: Office, small_sheet: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("geo.runs.write_tables", full)
    number = office.ask(small_sheet)
    me = worker_name()
    assert claim(office.records, me)
    task.do(office.settings, office.records, number, me)
    job = office.job(number)
    assert job.state == FAILED
    assert "ruang disk habis" in job.message
    assert office.leftovers == []
    assert shown(office) == "awal"


def test_an_unexpected_fault_is_told_by_its_place_and_not_by_its_words(
    office: Office, small_sheet: Path, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object, **__: object) -> None:
        raise KeyError("SITI RAHASIA 3326010101900001")

    monkeypatch.setattr("geo.assessment.measure", broken)
    number = office.ask(small_sheet)
    me = worker_name()
    claim(office.records, me)
    task.do(office.settings, office.records, number, me)
    message = office.job(number).message
    assert office.job(number).state == FAILED
    assert "KeyError di geo/assessment.py baris" in message
    assert "Mengukur kebutuhan" in message
    assert "RAHASIA" not in message


def test_a_sheet_that_cannot_be_used_says_why(office: Office, tmp_path: Path):
    wrong = tmp_path / "lembar.csv"
    wrong.write_text("Warna;Ukuran\nmerah;3\n", encoding="utf-8")
    number = office.ask(wrong)
    me = worker_name()
    claim(office.records, me)
    task.do(office.settings, office.records, number, me)
    assert office.job(number).state == FAILED
    assert "Tidak ada kolom yang dikenali" in office.job(number).message
    assert "--" not in office.job(number).message


def test_the_keeper_starts_a_worker_that_outlives_it(office: Office):
    keeper = Keeper(office.settings, office.records)
    keeper.start("awal")
    made = edition_folder(office.settings.state_folder, office.settings.library / "awal")
    until(lambda: keeper._worker is not None)
    pid = keeper._worker.pid
    keeper.stop()
    until(lambda: is_run(made))
    until(lambda: not needs(office))
    os.waitpid(pid, 0)


def needs(office: Office) -> bool:
    with office.records.session() as session:
        return needs_worker(session) or office.job(1).state == RUNNING


def test_settings_reach_the_worker_as_they_are(office: Office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PETA_RUNS", "/elsewhere")
    monkeypatch.setenv(SETTINGS, environment_of(office.settings)[SETTINGS])
    assert settings_of_environment() == office.settings


def test_the_sweep_takes_what_the_dead_left_and_nothing_else(tmp_path: Path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for name in (
        f".2026-05-04-1.tmp-{gone.pid}", f".2026-05-04-2.tmp-{os.getpid()}", ".peta", f".catatan.tmp-{gone.pid}",
        f".2026-05-04-3.old-{gone.pid}", "2026-05-04-4",
    ):  # fmt: skip
        (tmp_path / name).mkdir()
    sweep(tmp_path)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {
        f".2026-05-04-2.tmp-{os.getpid()}", ".peta", f".catatan.tmp-{gone.pid}", "2026-05-04-3", "2026-05-04-4",
    }  # fmt: skip
