"""The lock-out: it grows, it counts accounts and addresses apart, it forgets nothing at a restart."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from app.access.admission import admit
from app.access.attempts import (
    FLOOD_OF_ADDRESS,
    FREE_OF_ACCOUNT,
    FREE_OF_ADDRESS,
    FREE_OF_PAIR,
    LONGEST_WAIT,
    WINDOW,
    count_failure,
    minutes_to_wait,
    wait_after,
)
from app.access.users import add_user, set_disabled
from app.records import Records, open_records
from app.records.tables import Failure, now

GOOD, BAD = "sawah-laut-hutan-7", "bukan-itu-sandinya"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'catatan.db'}"


@pytest.fixture
def records(url: str) -> Iterator[Records]:
    """Return records with two accounts, of which one is shut out."""
    opened = open_records(url)
    with opened.session() as session:
        add_user(session, "admin", "admin", GOOD)
        add_user(session, "sari", "perencana", GOOD)
        set_disabled(session, add_user(session, "budi", "opd", GOOD), disabled=True)
    yield opened
    opened.close()


def fail(records: Records, name: str, times: int, address: str = "10.0.0.1") -> None:
    for _ in range(times):
        admit(records, name, BAD, address)


def age(records: Records, by: timedelta) -> None:
    with records.session() as session:
        session.execute(update(Failure).values(at=now() - by))


@given(st.integers(0, 500), st.integers(1, 100))
def test_a_wait_never_shrinks_and_has_an_end(failures: int, free: int):
    assert timedelta() <= wait_after(failures, free) <= wait_after(failures + 1, free) <= LONGEST_WAIT
    assert bool(wait_after(failures, free)) == (failures >= free)


@pytest.mark.parametrize("name", ["sari", " SARI ", "tiada", "budi"])
def test_after_some_failures_even_the_right_password_waits(records: Records, name: str):
    fail(records, name, FREE_OF_PAIR)
    found = admit(records, name, GOOD, "10.0.0.1")
    assert (found.right, found.wait_minutes) == (False, 1)
    assert admit(records, "admin", GOOD, "10.0.0.1").right  # nobody else waits


def failures(records: Records, *kept: tuple[str, str]) -> None:
    with records.session() as session:
        for name, address in kept:
            count_failure(session, name, address)


def test_nobody_is_shut_out_from_elsewhere_by_a_few_wrong_passwords(records: Records):
    fail(records, "admin", FREE_OF_PAIR + 3)
    assert admit(records, "admin", BAD, "10.0.0.1").wait_minutes
    assert admit(records, "admin", GOOD, "10.9.9.9").right
    assert admit(records, "admin", GOOD, "10.0.0.1").wait_minutes  # and coming in frees no stranger


def test_guesses_from_ever_other_addresses_make_the_account_wait(records: Records):
    failures(records, *(("admin", f"10.1.0.{number}") for number in range(FREE_OF_ACCOUNT - 1)))
    assert not admit(records, "admin", BAD, "10.9.9.8").wait_minutes
    assert admit(records, "admin", GOOD, "10.9.9.9").wait_minutes == 1
    assert admit(records, "sari", GOOD, "10.9.9.9").right


def test_the_wait_grows_and_passes(records: Records):
    fail(records, "sari", FREE_OF_PAIR)
    age(records, timedelta(minutes=2))
    assert not admit(records, "sari", BAD, "10.0.0.1").wait_minutes
    with records.session() as session:
        session.add_all(
            Failure(name=kept.name, address=kept.address) for kept in session.scalars(select(Failure)).all()
        )
    assert admit(records, "sari", GOOD, "10.0.0.1").wait_minutes == 15
    age(records, LONGEST_WAIT + timedelta(seconds=1))
    assert admit(records, "sari", GOOD, "10.0.0.1").right


def test_coming_in_forgets_the_failures_of_that_account_and_what_is_old(records: Records):
    fail(records, "tiada", 2)
    age(records, WINDOW + timedelta(minutes=1))
    fail(records, "sari", FREE_OF_PAIR - 1)
    fail(records, "budi", 1)
    assert admit(records, "sari", GOOD, "10.0.0.1").right
    with records.session() as session:
        assert session.scalar(select(func.count()).select_from(Failure)) == 1


def test_an_address_that_tries_many_accounts_waits_and_who_has_not_failed_there_does_not(records: Records):
    failures(records, ("sari", "10.0.0.66"))
    failures(records, *((f"tiada-{number}", "10.0.0.66") for number in range(FREE_OF_ADDRESS)))
    assert admit(records, "sari", GOOD, "10.0.0.66").wait_minutes == 1
    assert admit(records, "admin", GOOD, "10.0.0.66").right
    assert admit(records, "sari", GOOD, "10.0.0.67").right


def test_a_flood_of_one_address_shuts_it_out(records: Records):
    failures(records, *((f"tiada-{number}", "10.0.0.66") for number in range(FLOOD_OF_ADDRESS)))
    assert admit(records, "admin", GOOD, "10.0.0.66").wait_minutes == 1
    assert admit(records, "admin", GOOD, "10.0.0.67").right


def test_a_restart_forgets_nothing(records: Records, url: str):
    fail(records, "sari", FREE_OF_PAIR)
    records.close()
    again = open_records(url)
    assert admit(again, "sari", GOOD, "10.0.0.1").wait_minutes == 1
    again.close()


def test_who_is_shut_out_or_unknown_does_not_come_in(records: Records):
    assert not admit(records, "budi", GOOD, "a").right
    assert not admit(records, "tiada", GOOD, "a").right
    assert not admit(records, "", "", "a").right
    assert admit(records, "Sari", GOOD, "a").right


def test_what_was_typed_as_a_name_is_not_kept(records: Records):
    fail(records, "KataSandiSaya99", 1)
    with records.session() as session:
        kept = session.scalars(select(Failure)).one()
        assert "sandi" not in kept.name.casefold()
        assert minutes_to_wait(session, "lain", "lain") == 0


def test_an_unknown_account_costs_as_much_as_a_known_one(records: Records, monkeypatch: pytest.MonkeyPatch):
    tested: list[bool] = []

    def count(_: str, kept: str | None) -> bool:
        tested.append(kept is None)
        return False

    monkeypatch.setattr("app.access.admission.verify", count)
    for name in ("sari", "tiada"):
        admit(records, name, BAD, "a")
    assert tested == [False, True]
