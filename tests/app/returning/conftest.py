"""Two registers, a hand-over of the first to an agency, and the pseudonyms by which it knows the households."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select

from app.access.roles import Person, person
from app.household_keys import KeyStore
from app.library import Library
from app.manifests import when_made
from app.records import Records, open_records
from app.records.tables import Entry, Handover, Outcome, Publication, now
from app.returning.finding import Sources
from app.returning.reading import COLUMNS, Returned
from app.returning.waiting import keep
from geo.privacy.pseudonyms import pseudonyms
from tests.app.records.conftest import postgres_server as postgres_server  # noqa: PLC0414  -- a fixture, as these
from tests.app.records.conftest import url as url  # noqa: PLC0414
from tests.app.visiting.conftest import FIRST
from tests.app.visiting.conftest import registers as registers  # noqa: PLC0414
from tests.app.visiting.conftest import two_registers as two_registers  # noqa: PLC0414

SECRET = "rahasia-uji"  # noqa: S105  -- of a test
PLANNER = person("peri", "", "perencana", [])
GIVEN_DAYS = 30


@dataclass
class Desk:
    """What a planner works with, and what the agency got."""

    records: Records
    sources: Sources
    held: Handover
    who: Person = PLANNER

    def names(self, recipient: str = "dinkes", run: str = FIRST) -> pd.Series:
        """Return the pseudonyms of a recipient by sheet row."""
        keys = self.sources.keys.of(self.sources.library.path(run))
        return pseudonyms(keys, self.sources.secret, recipient, run)

    def publish(self, run: str) -> None:
        """Make a run the one in force."""
        with self.records.session() as session:
            session.add(Publication(run=run, by="uji"))

    def keep(self, *rows: tuple[str, ...], sha256: str = "", held: Handover | None = None) -> int:
        """Keep a file with some rows (id, outcome, day, note, need; the last may be left out); return its number."""
        full = [(place, *row, *[""] * (5 - len(row))) for place, row in enumerate(rows, 2)]
        digest = hashlib.sha256(repr(rows).encode()).hexdigest()
        told = Returned(pd.DataFrame(full, columns=list(COLUMNS)), 0, ())
        with self.records.session(alone=True) as session:
            return keep(session, self.who, held or self.held, "hasil.csv", sha256 or digest, told).id

    def outcomes(self) -> list[Outcome]:
        """Return every outcome, the oldest first."""
        with self.records.session() as session:
            return list(session.scalars(select(Outcome).order_by(Outcome.id)))

    def trail(self) -> list[tuple[str, str, int | None]]:
        """Return what the trail tells: action, subject, households."""
        with self.records.session() as session:
            return [
                (line.action, line.subject, line.households)
                for line in session.scalars(select(Entry).order_by(Entry.id))
            ]


def day(back: int) -> str:
    """Return a day as it is written, so many days ago."""
    return (now().astimezone().date() - timedelta(days=back)).isoformat()


def hand_over(records: Records, library: Library, run: str = FIRST, **more: object) -> Handover:
    """Write down a hand-over of some weeks ago."""
    said = {
        "kind": "berkas", "recipient": "dinkes", "recipient_name": "Dinas Kesehatan", "purpose": "uji", "level": "opd",
        "run": run, "run_created": when_made(library.path(run)), "households": 100, "by": "peri",
        "at": now() - timedelta(days=GIVEN_DAYS), "until": now().date() + timedelta(days=30),
    }  # fmt: skip
    held = Handover(**(said | more))
    with records.session() as session:
        session.add(held)
    return held


@pytest.fixture(scope="session")
def key_store(tmp_path_factory: pytest.TempPathFactory) -> KeyStore:
    """Return the keys of the runs, made once for all tests."""
    return KeyStore(tmp_path_factory.mktemp("kunci"), SECRET)


@pytest.fixture(scope="session")
def library_of(two_registers: Path) -> Callable[[Records], Library]:
    """Return a maker of libraries of both runs."""
    return lambda records: Library(two_registers, two_registers / FIRST, records)


@pytest.fixture
def desk(url: str, key_store: KeyStore, library_of: Callable[[Records], Library]) -> Iterator[Desk]:
    """Return a desk on an empty database of each kind, the first register in force."""
    yield from _desk(open_records(url), key_store, library_of)


@pytest.fixture
def small_desk(
    tmp_path: Path, key_store: KeyStore, library_of: Callable[[Records], Library]
) -> Iterator[Desk]:
    """Return a desk on SQLite alone, for what no database does otherwise than another."""
    yield from _desk(open_records(f"sqlite:///{tmp_path / 'meja.db'}"), key_store, library_of)


def _desk(records: Records, key_store: KeyStore, library_of: Callable[[Records], Library]) -> Iterator[Desk]:
    library = library_of(records)
    desk = Desk(records, Sources(library, key_store, SECRET), hand_over(records, library))
    desk.publish(FIRST)
    yield desk
    records.close()
