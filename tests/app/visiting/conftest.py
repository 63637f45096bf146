"""A library of two runs: a register, and the next one in which every row has another number; served for one test."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from app.access.roles import Role
from tests.server import Served, serving

FIRST, NEXT = "2026-01-15-1", "2026-07-15-1"
SHIFT = 5000
"""So much higher are the numbers of the rows in the next register."""


@pytest.fixture(scope="session")
def two_registers(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with both runs; to be copied, not written to."""
    library = tmp_path_factory.mktemp("dua")
    for name, months in ((FIRST, 12), (NEXT, 6)):
        shutil.copytree(run_folder, library / name)
        manifest = json.loads((run_folder / "manifest.json").read_text(encoding="utf-8"))
        manifest["created"] = (datetime.now(UTC) - timedelta(days=30 * months)).isoformat()
        manifest["facts"]["created"] = manifest["created"]
        (library / name / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    households = gpd.read_parquet(library / NEXT / "households.parquet")
    households["sheet_row"] += SHIFT
    households.to_parquet(library / NEXT / "households.parquet", index=False)
    for name in ("priorities", "visits", "visits_left_out"):
        table = pd.read_parquet(library / NEXT / f"{name}.parquet")
        table["sheet_row"] += SHIFT
        table.to_parquet(library / NEXT / f"{name}.parquet", index=False)
    return library


@pytest.fixture
def registers(two_registers: Path, tmp_path: Path) -> Path:
    """Return a copy of the folder with both runs."""
    return shutil.copytree(two_registers, tmp_path / "hasil")


@pytest.fixture
def both(registers: Path) -> Iterator[Served]:
    """Serve both runs, the next register not yet published."""
    with serving(registers) as server:
        publish(server, FIRST)
        visited = server.app.state.library.open(FIRST).assessment.visits["kode_desa"]
        for role in Role:
            server.add(role.value, role.value, [visited.iloc[0]] if role is Role.PETUGAS else ())
        yield server


def publish(server: Served, run: str) -> None:
    """Make a run the one in force."""
    from app.records.tables import Publication  # noqa: PLC0415

    with server.app.state.records.session() as session:
        session.add(Publication(run=run, by="uji"))
