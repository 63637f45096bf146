"""What tests of the rows share: a sheet read from its text."""

from collections.abc import Callable
from pathlib import Path

import pytest

from geo.households import Intake, read_households


@pytest.fixture
def intake(tmp_path: Path) -> Callable[[str], Intake]:
    """Return a function that reads a sheet from its text."""

    def read(content: str) -> Intake:
        path = tmp_path / "lembar.csv"
        path.write_text(content, encoding="utf-8")
        return read_households(path)

    return read
