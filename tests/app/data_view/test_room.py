"""Room for uploads: the oldest that nothing needs go, and nothing goes that a kept run was made of."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.data_view.room import Room, room_of
from app.jobs.queue import ASSESS, INTAKE
from app.records import Records, open_records
from app.records.tables import Job, Upload
from app.settings import WebSettings
from geo.errors import SheetError

MB = 1_000_000


def sheet(number: int, size: int = MB) -> Upload:
    name = f"{number}.csv"
    return Upload(id=number, name=name, file=f"t{number}/{name}", size=size, sha256="", by="sari", sheet=None)


def room(*sizes: int, needed: frozenset[int] = frozenset(), most: int = 4, most_bytes: int = 10 * MB) -> Room:
    return Room([sheet(number, size) for number, size in enumerate(sizes, 1)], needed, most, most_bytes)


def leaving(held: Room, size: int = MB) -> list[int]:
    return [one.id for one in held.leaving(size)]


def test_nothing_goes_while_there_is_room():
    assert leaving(room(MB, MB, MB)) == []


def test_the_oldest_goes_for_the_next_one():
    assert leaving(room(MB, MB, MB, MB)) == [1]


def test_what_a_run_needs_stays():
    assert leaving(room(MB, MB, MB, MB, needed=frozenset({1, 2}))) == [3]


def test_large_ones_make_room_until_it_is_enough():
    assert leaving(room(4 * MB, 4 * MB, MB), 4 * MB) == [1]
    assert leaving(room(4 * MB, 4 * MB, MB), 9 * MB) == [1, 2]


def test_when_all_are_needed_the_next_is_refused_with_the_way_out():
    held = room(MB, MB, MB, MB, needed=frozenset({1, 2, 3, 4}))
    with pytest.raises(SheetError, match="Buang hasil yang lama"):
        held.leaving(MB)
    assert held.next_to_go(MB) == []


@given(st.lists(st.integers(1, 5 * MB), max_size=8), st.frozensets(st.integers(1, 8)), st.integers(1, 5 * MB))
def test_after_making_room_both_limits_hold_and_nothing_needed_is_gone(
    sizes: list[int], needed: frozenset[int], size: int
):
    held = room(*sizes, needed=needed)
    try:
        gone = held.leaving(size)
    except SheetError:
        return
    kept = [one for one in held.held if one not in gone]
    assert not needed & {one.id for one in gone}
    assert len(kept) + 1 <= held.most
    assert sum(one.size for one in kept) + size <= held.most_bytes


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    held = open_records(f"sqlite:///{tmp_path / 'catatan.db'}")
    yield held
    held.close()


def test_a_sheet_is_needed_by_its_kept_run_and_while_it_is_worked_on(records: Records):
    with records.session() as session:
        session.add_all(sheet(number) for number in range(1, 6))
        session.add_all(
            [
                Job(kind=ASSESS, state="selesai", asked={"upload": 1}, run="ada", by="sari"),
                Job(kind=ASSESS, state="selesai", asked={"upload": 2}, run="dibuang", by="sari"),
                Job(kind=INTAKE, state="selesai", asked={"upload": 3}, by="sari"),
                Job(kind=INTAKE, state="antre", asked={"upload": 4}, by="sari"),
            ]
        )
        session.flush()
        assert room_of(session, WebSettings(), ["ada"]).needed == {1, 4}
