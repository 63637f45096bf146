"""What tests share: one small invented district, a sample on it, its assessment, and the real data where it is."""

import os
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from app.access.roles import Role
from geo.assessment import Assessment, assess
from geo.boundaries import Boundaries, read_boundaries
from geo.job import run_job
from geo.sample import make_sample, write_sample
from geo.settings import Settings, read_settings
from tests.server import Served, serving

DISTRICT = Path(__file__).parent / "data" / "district"
CREATED = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)

# how long an example takes says more of what else the machine does than of the code
settings.register_profile("peta", deadline=None)
settings.load_profile("peta")


@pytest.fixture(scope="session")
def district() -> Boundaries:
    """Return the invented district of tests/data/district."""
    return read_boundaries(DISTRICT)


@pytest.fixture(scope="session")
def sample_folder(district: Boundaries, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with 600 invented households on the district, their truth, land cover and settings."""
    folder = tmp_path_factory.mktemp("contoh")
    write_sample(make_sample(district.desa, district.sea, households=600), folder)
    return folder


@pytest.fixture(scope="session")
def sheet(sample_folder: Path) -> Path:
    """Return the sheet of the sample."""
    return sample_folder / "contoh_rumah_tangga.csv"


@pytest.fixture(scope="session")
def sample_settings(sample_folder: Path) -> Settings:
    """Return the settings that go with the sample: its land cover."""
    return read_settings(sample_folder / "setelan.toml")


@pytest.fixture(scope="session")
def assessment(sheet: Path, district: Boundaries, sample_settings: Settings) -> Assessment:
    """Return the sample assessed."""
    return assess(sheet, district, sample_settings, created=CREATED)


@pytest.fixture(scope="session")
def run_folder(
    sheet: Path, district: Boundaries, sample_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return a whole run of the sample, with every output; to be read only."""
    folder = tmp_path_factory.mktemp("jalan") / "hasil"
    run_job(sheet, folder, district, sample_settings, stage=lambda _: nullcontext())
    return folder


@pytest.fixture(scope="session")
def served(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the run of the sample, with one account for each role: ``served.sign_in("perencana")``.

    The account ``petugas`` has the first two desa of the run. Tests that write use a server of their own.
    """
    with serving(run_folder, state=tmp_path_factory.mktemp("catatan"), boundaries=DISTRICT) as server:
        desa = server.app.state.library.shown().assessment.desa["kode_desa"].tolist()
        for role in Role:
            server.add(role.value, role.value, desa[:2] if role is Role.PETUGAS else ())
        yield server


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real boundaries, or skip visibly where it is not at hand."""
    folder = os.environ.get("PETA_TEST_DATA")
    if not folder:
        pytest.skip("PETA_TEST_DATA is not set: real boundaries are not at hand")
    return Path(folder) / "boundaries"
