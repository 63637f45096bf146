"""An empty database of each kind for every test: SQLite in a file, PostgreSQL on a server of the tests' own."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.app.records.postgres import postgres

_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Return the address of a PostgreSQL server, with a place for the name of a database."""
    with postgres() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a database in which nothing is yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'catatan.db'}"
    server: str = request.getfixturevalue("postgres_server")
    name = f"uji_{next(_NUMBERS)}"
    with psycopg.connect(server % "postgres", autocommit=True) as connection:
        connection.execute(f"create database {name}")
    return server % name
