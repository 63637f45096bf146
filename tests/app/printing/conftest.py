"""A server whose jobs are done when a test says so, and a stand-in for the drawing of books."""

import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pikepdf
import pytest
from sqlalchemy import delete, select

from app.access.roles import Role
from app.jobs import task
from app.jobs.queue import DONE, claim, worker_name
from app.records.tables import Job, Print
from geo.assessment import Assessment
from geo.atlas.options import BookOptions, Printed
from geo.atlas.selection import Selection
from geo.sheet_ids import SheetId
from tests.server import Client, Served, serving

PURPOSE = "verifikasi lapangan bulan Juli"


@pytest.fixture(scope="module")
def server(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the run of the sample; petugas has the first desa that is visited and the next in the table."""
    with serving(run_folder, state=tmp_path_factory.mktemp("catatan")) as served:
        shown = served.app.state.library.shown().assessment
        first = shown.visits["kode_desa"].iloc[0]
        second = next(kode for kode in shown.desa["kode_desa"] if kode != first)
        for role in Role:
            served.add(role.value, role.value, [first, second] if role is Role.PETUGAS else ())
        yield served


@pytest.fixture(scope="module")
def clients(server: Served) -> dict[str, Client]:
    """Return a client for each role."""
    return {role.value: server.sign_in(role.value) for role in Role}


@pytest.fixture(autouse=True)
def empty(server: Served) -> Iterator[None]:
    """Forget what an earlier test ordered."""
    yield
    with server.app.state.records.session() as session:
        session.execute(delete(Print))
        session.execute(delete(Job))


@dataclass
class Press:
    """What was asked to be drawn."""

    asked: list[tuple[Selection, BookOptions, list[str]]] = field(default_factory=list)
    reprinted: list[list[str]] = field(default_factory=list)
    before: Callable[[], None] = lambda: None

    def write_book(
        self,
        assessment: Assessment,
        selection: Selection,
        path: Path,
        options: BookOptions,
        *,
        lines: object,  # noqa: ARG002
        progress: Callable[[int, int], None],
    ) -> Printed:
        """Draw nothing on one page, a sheet a desa."""
        self.asked.append((selection, options, list(assessment.households.columns)))
        self.before()
        progress(1, 2)
        table = assessment.counted
        table = table[table["kode_desa"].isin(selection.desa)]
        if selection.rows is not None:
            table = table[table["sheet_row"].isin(selection.rows)]
        ids = {kode: str(SheetId(kode, 1, "K7Q2A")) for kode in selection.desa}
        held = pd.DataFrame({
            "kode_desa": table["kode_desa"], "sheet_row": table["sheet_row"], "number": range(1, len(table) + 1),
            "part": 1, "sheet": table["kode_desa"].map(ids), "cell": "A1",
        })  # fmt: skip
        sheets = pd.DataFrame([
            {"kode_desa": kode, "nama_desa": f"Desa {kode}", "part": 1, "sheet": name, "scale": 5000,
             "households": int((held["kode_desa"] == kode).sum()), "first_page": 2, "pages": 1}
            for kode, name in ids.items()
        ])  # fmt: skip
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            pdf.save(path)
        return Printed(2, sheets, held)

    def reprint(self, book: Path, wanted: list[str], out: Path, when: object) -> int:  # noqa: ARG002
        """Copy the book."""
        self.reprinted.append(wanted)
        out.write_bytes(book.read_bytes())
        return len(wanted)


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> Press:
    """Have books drawn by a stand-in."""
    held = Press()
    monkeypatch.setattr("geo.atlas.write_book", held.write_book, raising=False)
    points = types.ModuleType("geo.atlas.waypoints")
    points.waypoints = lambda _, printed: printed.households.assign(dusun="", rt="", rw="")  # type: ignore[attr-defined]
    points.write_gpx = points.write_kml = lambda path, *_, **__: path.write_text("<x/>")  # type: ignore[attr-defined]
    again = types.ModuleType("geo.atlas.binding.reprint")
    again.reprint = held.reprint  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "geo.atlas.waypoints", points)
    monkeypatch.setitem(sys.modules, "geo.atlas.binding.reprint", again)
    return held


def order(client: Client, query: str = "", *, status: int = 303, **said: str) -> int:
    """Order a book of an address, and return its number."""
    page = client.get(f"/cetak?{query}")
    assert page.status_code == 200, page.text
    pairs = dict(pair.split("=") for pair in query.split("&") if pair)
    form = pairs | {"csrf": client.csrf(), "kertas": "A4", "keperluan": PURPOSE, "nama": "tidak"} | said
    answer = client.post("/cetak", data=form)
    assert answer.status_code == status, answer.text
    return int(answer.headers["location"].rpartition("/")[2]) if status == 303 else 0


def work(server: Served, *, ends: str = DONE) -> None:
    """Do the job that waits, here and now; it ends as it should."""
    records, me = server.app.state.records, worker_name()
    job = claim(records, me)
    assert job is not None
    task.do(server.app.state.settings, records, job.id, me)
    with records.session() as session:
        done = session.get_one(Job, job.id)
    assert done.state == ends, done.message


def printed(server: Served, number: int) -> Print:
    """Return a book as it stands."""
    with server.app.state.records.session() as session:
        return session.scalars(select(Print).where(Print.id == number)).one()
