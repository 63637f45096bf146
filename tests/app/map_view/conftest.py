"""What tests of the view share: the run of the sample, opened, and people of each role."""

from pathlib import Path

import pytest

from app.access.roles import Person, person
from app.library import OpenedRun
from app.library.opened import open_for_pages


@pytest.fixture(scope="session")
def opened(run_folder: Path) -> OpenedRun:
    """Return the run of the sample as the pages see it."""
    return open_for_pages(run_folder)


@pytest.fixture(scope="session")
def planner() -> Person:
    """Return somebody who sees households of the whole district."""
    return person("sari", "", "perencana", [])


@pytest.fixture(scope="session")
def leader() -> Person:
    """Return somebody who sees areas only."""
    return person("bupati", "", "pimpinan", [])


@pytest.fixture(scope="session")
def officer(opened: OpenedRun) -> Person:
    """Return somebody with two desa of their own."""
    return person("joko", "", "petugas", opened.assessment.desa["kode_desa"].tolist()[:2])
