"""One running server for each file of tests that makes its accounts anew for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import Served, serving


@pytest.fixture(scope="module")
def running(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the run of the sample, with no account yet."""
    with serving(run_folder, state=tmp_path_factory.mktemp("catatan")) as served:
        yield served
