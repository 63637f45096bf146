"""A library with one run, a district of its own, and a sheet that waits to be assessed."""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.jobs.queue import ASSESS, enqueue
from app.records import Records, open_records
from app.records.tables import Job, Upload
from app.settings import WebSettings
from tests.app.records.conftest import postgres_server, url

__all__ = ["postgres_server", "url"]

DISTRICT = Path(__file__).parents[2] / "data" / "district"


@dataclass(frozen=True)
class Office:
    """An installation without a server."""

    settings: WebSettings
    records: Records

    def upload(self, sheet: Path) -> int:
        """Put a sheet where an upload lies."""
        place = self.settings.state_folder / "unggahan" / "a1"
        place.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(sheet, place / sheet.name)
        with self.records.session() as session:
            held = Upload(
                name=sheet.name,
                file=f"a1/{sheet.name}",
                size=sheet.stat().st_size,
                sha256=hashlib.sha256(sheet.read_bytes()).hexdigest(),
                sheet=None,
                by="sari",
            )
            session.add(held)
            session.flush()
            return held.id

    def ask(self, sheet: Path, kind: str = ASSESS) -> int:
        """Put a job about a sheet in the queue."""
        number = self.upload(sheet)
        with self.records.session() as session:
            return enqueue(session, kind, {"upload": number}, "sari").id

    def job(self, number: int) -> Job:
        """Return a job as it stands now."""
        with self.records.session() as session:
            return session.get_one(Job, number)

    @property
    def leftovers(self) -> list[str]:
        """Return hidden things in the library that belong to no run."""
        return [path.name for path in self.settings.library.glob(".*") if path.name != ".peta"]


@pytest.fixture(scope="session")
def small_sheet(sheet: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the first rows of the sheet, for jobs whose end is what matters."""
    path = tmp_path_factory.mktemp("sedikit") / "sedikit.csv"
    path.write_text("\n".join(sheet.read_text(encoding="utf-8").splitlines()[:61]), encoding="utf-8")
    return path


@pytest.fixture
def office(run_folder: Path, sample_folder: Path, tmp_path: Path) -> Iterator[Office]:
    """Return an installation with the run of the sample in force."""
    shutil.copytree(run_folder, tmp_path / "hasil" / "awal")
    shutil.copytree(DISTRICT, tmp_path / "batas")
    settings = WebSettings(
        runs=tmp_path / "hasil", boundaries=tmp_path / "batas", settings_file=sample_folder / "setelan.toml"
    )
    records = open_records(settings.database_url)
    yield Office(settings, records)
    records.close()
