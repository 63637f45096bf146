"""Books as they are really drawn: of a desa with names, of a day in its order, and a sheet of one reprinted."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pikepdf
import pytest

from app.jobs.books import FILES, book_folder, read_sheets
from app.jobs.places import environment_of
from app.records.tables import Job
from tests.app.printing.conftest import order, printed, work
from tests.server import Client, Served


@pytest.fixture
def visit(server: Served) -> pd.Series:
    """Return the first visit of the run."""
    return server.app.state.library.shown().assessment.visits.iloc[0]


def test_a_book_with_names_and_a_sheet_of_it_reprinted(server: Served, clients: dict[str, Client], visit):
    client, kode = clients["petugas"], visit["kode_desa"]
    number = order(client, f"desa={kode}", nama="ya", kertas="F4")
    work(server)
    settings, held = server.app.state.settings, printed(server, number)
    folder = book_folder(settings, number)
    table = pd.read_parquet(server.app.state.library.shown().folder / "households.parquet")
    table = table[table["counts"] & (table["kode_desa"] == kode)]
    form = pd.read_csv(folder / "isian.csv", sep=";", encoding="utf-8-sig")
    assert sorted(form["nomor"]) == sorted(table["house_number"])
    assert (
        held.households == len(table) == sum(sheet["households"] for sheet in read_sheets(settings, number))
    )
    with pikepdf.open(folder / "buku.pdf") as pdf:
        assert len(pdf.pages) == held.pages == held.drawn
    names = [name for name in table["nama"].dropna() if len(name) > 5]
    assert names
    for path in set(FILES) - {"buku.pdf"} | {"lembar.json"}:
        text = (folder / path).read_text(encoding="utf-8")
        assert not [name for name in names if name in text], path
    sheet = str(form["lembar"].iloc[0])
    answer = client.post(f"/cetak/{number}/ulang", data={"csrf": client.csrf(), "lembar": sheet})
    assert answer.status_code == 200
    told = next(one for one in json.loads((folder / "lembar.json").read_text()) if one["sheet"] == sheet)
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) == told["pages"]


def test_a_day_of_a_team(server: Served, clients: dict[str, Client], visit):
    number = order(clients["perencana"], f"regu={visit['team']}&hari={visit['day']}", kertas="A3")
    work(server)
    visits = server.app.state.library.shown().assessment.visits
    stops = visits[(visits["team"] == visit["team"]) & (visits["day"] == visit["day"])]
    form = pd.read_csv(
        book_folder(server.app.state.settings, number) / "isian.csv", sep=";", encoding="utf-8-sig"
    )
    assert len(form) == printed(server, number).households == len(stops)


def test_the_whole_district(server: Served, clients: dict[str, Client]):
    number = order(clients["admin"])
    work(server)
    shown = server.app.state.library.shown().assessment
    sheets = read_sheets(server.app.state.settings, number)
    assert {sheet["kode_desa"] for sheet in sheets} == set(shown.desa["kode_desa"])
    assert sum(sheet["households"] for sheet in sheets) == shown.counted["kode_desa"].notna().sum()


def worker(server: Served) -> "subprocess.Popen[bytes]":
    """Start what does the jobs of a server."""
    return subprocess.Popen(
        [sys.executable, "-m", "app.jobs.worker"],
        env={**environment_of(server.app.state.settings), "PYTHONPATH": str(Path(__file__).parents[3])},
    )


@pytest.mark.skipif(os.name != "posix", reason="processes are killed as POSIX knows it")
@pytest.mark.parametrize("end", ["kill", "cancel"])
def test_a_worker_that_is_killed_or_told_to_stop(server: Served, clients: dict[str, Client], end: str):
    client = clients["admin"]
    number = order(client)
    first = worker(server)
    began = time.monotonic()
    while not client.get(f"/cetak/{number}/keadaan").json()["stage"]:
        assert time.monotonic() - began < 60
        time.sleep(0.05)
    if end == "kill":
        first.send_signal(signal.SIGKILL)
        first.wait()
        assert worker(server).wait(120) == 0
    else:
        client.post(f"/cetak/{number}/hapus", data={"csrf": client.csrf()})
        first.wait(60)
    state = client.get(f"/cetak/{number}/keadaan").json()["state"]
    folder = book_folder(server.app.state.settings, number)
    with server.app.state.records.session() as session:
        attempts = session.get_one(Job, printed(server, number).job_id).attempts
    assert (state, attempts, folder.exists()) == (("siap", 2, True) if end == "kill" else ("batal", 1, False))
    assert not folder.with_name(f".{number}.part").exists()
