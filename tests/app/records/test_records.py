"""The database: made by its steps as the code wants it, on SQLite and PostgreSQL, and a trail that only grows."""

import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from app.records import open_records
from app.records.tables import Entry, Failure, Table, now
from geo.errors import NotWritable, SettingsError

ROOT = Path(__file__).parents[3]


def test_the_steps_lead_to_the_tables_of_the_code(url: str):
    records = open_records(url)
    with records.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        # when this fails: scripts/draft_migration.py prints what a new step must do
        assert compare_metadata(context, Table.metadata) == []
    records.close()


@pytest.mark.parametrize(
    "deed",
    [
        "update trail set subject = 'lain'",
        "delete from trail",
        "update trail set households = 0 where id = 1",
    ],
)
def test_a_line_of_the_trail_is_neither_changed_nor_deleted(url: str, deed: str):
    records = open_records(url)
    with records.session() as session:
        session.add(Entry(user="sari", role="admin", action="lihat", subject="99.01.01.2001", households=7))
    with pytest.raises(DBAPIError, match="append-only"), records.session() as session:
        session.execute(text(deed))
    with records.session() as session:
        kept = session.scalars(select(Entry)).one()
        assert (kept.subject, kept.households) == ("99.01.01.2001", 7)
    records.close()


def test_a_text_with_nul_is_stored_and_asked_for_without(url: str):
    records = open_records(url)
    with records.session() as session:
        session.add(Entry(user="sa\0ri", role="admin", action="lihat", subject="ba\0ris"))
    with records.session() as session:
        kept = session.scalars(select(Entry).where(Entry.user == "sari\0", Entry.run == "\0")).one()
        assert (kept.user, kept.subject) == ("sari", "baris")
    records.close()


def test_moments_keep_their_zone(url: str):
    records = open_records(url)
    before = now()
    with records.session() as session:
        session.add(Failure(name="a", address="b"))
    with records.session() as session:
        kept = session.scalars(select(Failure)).one().at
    assert before <= kept <= now()
    assert kept.utcoffset() is not None
    records.close()


def test_opening_again_changes_nothing(url: str):
    for _ in range(2):
        records = open_records(url)
        with records.session() as session:
            session.add(Failure(name="a", address="b"))
        records.close()
    records = open_records(url)
    with records.session() as session:
        assert session.scalar(select(func.count()).select_from(Failure)) == 2
    records.close()


def test_processes_that_start_at_once_make_it_once(url: str):
    code = "import sys; from app.records import open_records; open_records(sys.argv[1]).close()"
    started = [
        subprocess.Popen([sys.executable, "-c", code, url], cwd=ROOT, stderr=subprocess.PIPE)  # noqa: S603
        for _ in range(3)
    ]
    said = [process.communicate()[1].decode() for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], said
    records = open_records(url)
    assert "users" in inspect(records.engine).get_table_names()
    records.close()


def test_who_works_alone_does_not_see_half_of_anothers_work(url: str):
    records = open_records(url)
    faults: list[Exception] = []

    def count_up() -> None:
        try:
            for _ in range(5):
                with records.session(alone=True) as session:
                    number = session.scalar(select(func.count()).select_from(Failure)) or 0
                    session.add(Failure(name=str(number), address=""))
        except Exception as fault:  # noqa: BLE001  -- told in the main thread
            faults.append(fault)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with records.session() as session:
        assert set(session.scalars(select(Failure.name))) == {str(number) for number in range(20)}
    records.close()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(
            "update alembic_version set version_num = '9999'", "lebih baru", id="a database of newer code"
        ),
        pytest.param("drop table alembic_version", "masih kosong", id="tables of another program"),
    ],
)
def test_what_these_steps_did_not_make_is_refused(url: str, change: str, words: str):
    records = open_records(url)
    with records.session() as session:
        session.execute(text(change))
    records.close()
    with pytest.raises(SettingsError, match=words):
        open_records(url)


def test_the_file_is_for_its_owner_alone(tmp_path: Path):
    file = tmp_path / "dalam" / "catatan.db"
    records = open_records(f"sqlite:///{file}")
    with records.session() as session:
        session.add(Failure(name="a", address="b"))
    beside = sorted(file.parent.iterdir())
    assert [path.name for path in beside] == ["catatan.db", "catatan.db-shm", "catatan.db-wal"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in beside} == {0o600}
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    records.close()


def test_a_file_that_is_no_database_is_named(tmp_path: Path):
    (tmp_path / "catatan.db").write_text("ini bukan basis data, melainkan catatan lama" * 40)
    with pytest.raises(NotWritable, match=r"catatan\.db tidak dapat dipakai"):
        open_records(f"sqlite:///{tmp_path / 'catatan.db'}")
    (tmp_path / "berkas").write_text("penting")
    with pytest.raises(NotWritable, match="sudah ada sesuatu"):
        open_records(f"sqlite:///{tmp_path / 'berkas' / 'catatan.db'}")


@pytest.mark.parametrize(
    "url", ["postgresql://peta:rahasia99@127.0.0.1:9/peta", "postgres://peta:rahasia99@/x?host=/tiada"]
)
def test_a_server_that_does_not_answer_is_told_without_its_password(url: str):
    with pytest.raises(SettingsError, match="tidak dapat dipakai") as told:
        open_records(url)
    assert "rahasia99" not in str(told.value)
    assert "peta@" not in str(told.value)


@pytest.mark.parametrize(
    "url", ["bukan alamat", "mysql://a:rahasia99@b/c", "sqlite://", "sqlite:///:memory:", ""]
)
def test_an_address_of_nothing_is_refused(url: str):
    with pytest.raises(SettingsError, match="Contoh: ") as told:
        open_records(url)
    assert "rahasia99" not in str(told.value)
