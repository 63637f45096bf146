"""An office that shares, for all tests of a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.sharing_office import sharing_office
from tests.server import Served


@pytest.fixture(scope="module")
def office(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the run of the sample; see :func:`tests.app.sharing_office.sharing_office`."""
    with sharing_office(run_folder, tmp_path_factory.mktemp("berbagi")) as served:
        yield served
