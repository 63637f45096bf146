"""Tests that outcomes are entered once, that corrections hold, and that all of it survives the next register."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DatabaseError

from app.access.roles import Person, person
from app.household_keys import KeyStore
from app.library import Library
from app.outcome_codes import Held, held_outcomes, outcome_codes
from app.records import Records, open_records
from app.records.tables import Entry, Outcome, OutcomePlace
from app.visiting.carrying import assign, homeless, settle
from app.visiting.entering import enter_outcome, plain_note
from geo.errors import NotAllowed, SettingsError
from geo.outcomes import CODES
from tests.app.visiting.conftest import FIRST, NEXT, SHIFT

PLANNER = person("peri", "", "perencana", [])


Parts = tuple[Records, Library, KeyStore]


@pytest.fixture(scope="module")
def library(two_registers: Path, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Return the runs, each opened once for all tests."""
    return Library(
        two_registers, two_registers, open_records(f"sqlite:///{tmp_path_factory.mktemp('tak')}/t.db")
    )


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyStore:
    """Return the keys of the runs, made once for all tests."""
    return KeyStore(tmp_path_factory.mktemp("kunci"), "rahasia")


@pytest.fixture
def parts(tmp_path: Path, library: Library, keys: KeyStore) -> Parts:
    """Return an empty database, the runs, and the keys of their households."""
    return open_records(f"sqlite:///{tmp_path}/catatan.db"), library, keys


def _enter(
    parts: Parts, row: int, outcome: str = "selesai", who: Person = PLANNER, run: str = FIRST, **said: str
) -> Outcome:
    records, library, keys = parts
    return enter_outcome(records, library.open(run), keys, who, row, outcome, **said)


def _held(parts: Parts, run: str, who: Person = PLANNER) -> dict[int, Held]:
    records, library, keys = parts
    settle(records, library.open(run), keys)
    with records.session() as session:
        return {**held_outcomes(session, library.open(run), who)}


def _rows(parts: Parts, count: int = 5) -> list[int]:
    return parts[1].open(FIRST).assessment.counted["sheet_row"].tolist()[:count]


def test_an_outcome_sent_twice_stands_there_once(parts):
    row = _rows(parts)[0]
    assert _enter(parts, row).id == _enter(parts, row).id
    with parts[0].session() as session:
        assert session.scalar(select(func.count()).select_from(Outcome)) == 1


def test_a_correction_holds_and_the_earlier_entry_stays(parts):
    row = _rows(parts)[0]
    _enter(parts, row)
    _enter(parts, row, "pindah", note="ke desa lain")
    held = _held(parts, FIRST)[row]
    assert (held.outcome, held.note, held.by) == ("pindah", "ke desa lain", "peri")
    with parts[0].session() as session:
        assert session.scalars(select(Outcome.outcome).order_by(Outcome.id)).all() == ["selesai", "pindah"]


def test_the_database_keeps_every_entry_as_it_was(parts):
    _enter(parts, _rows(parts)[0])
    for command in ("delete from outcomes", "update outcomes set note = 'lain'"):
        with pytest.raises(DatabaseError), parts[0].session() as session:
            session.execute(text(command))


def test_an_outcome_leaves_the_trail_without_a_name(parts):
    row = _rows(parts)[0]
    _enter(parts, row, note="Ibu Sari")
    with parts[0].session() as session:
        told = session.scalars(select(Entry)).all()[-1]
    assert (told.action, told.households) == ("hasil", 1)
    assert "Sari" not in told.subject + told.reason


@pytest.mark.parametrize(
    ("note", "kept"), [("3326010101900001 x", "… x"), ("a" * 400, "a" * 300), (" \x00\n ", "")]
)
def test_a_note_is_short_and_holds_no_number_of_a_person(note, kept):
    assert plain_note(note) == kept


@pytest.mark.parametrize("said", [{"outcome": "lain"}, {"visited_on": "2020-01-01"}, {"visited_on": "besok"},
                                  {"visited_on": "2126-01-01"}])  # fmt: skip
def test_what_cannot_be_is_refused(parts, said):
    with pytest.raises(SettingsError):
        _enter(parts, _rows(parts)[0], **said)
    assert _held(parts, FIRST) == {}


def test_a_row_that_is_not_there_is_refused_like_that_of_another_desa(parts):
    counted = parts[1].open(FIRST).assessment.counted
    row, desa = counted["sheet_row"].iloc[0], counted["kode_desa"]
    stranger = person("tugas", "", "petugas", [desa[desa != desa.iloc[0]].iloc[0]])
    said = []
    for each in (row, 999_999):
        with pytest.raises(SettingsError) as fault:
            _enter(parts, each, who=stranger)
        said.append(str(fault.value))
    assert said[0] == said[1]
    with pytest.raises(NotAllowed):
        _enter(parts, row, who=person("pimpin", "", "pimpinan", []))


def test_outcomes_find_their_households_in_the_next_register_and_back(parts):
    rows = _rows(parts)
    for row, outcome in zip(rows, CODES, strict=False):
        _enter(parts, row, outcome)
    carried = _held(parts, NEXT)
    assert {row: held.outcome for row, held in carried.items()} == {
        row + SHIFT: outcome for row, outcome in zip(rows, CODES, strict=False)
    }
    assert all(held.from_run == FIRST for held in carried.values())
    _enter(parts, rows[0] + SHIFT, "menolak", run=NEXT)
    assert _held(parts, NEXT)[rows[0] + SHIFT].outcome == "menolak"
    assert _held(parts, FIRST)[rows[0]].outcome == "menolak"


def test_codes_are_those_of_the_run_and_change_with_every_entry(parts):
    rows = _rows(parts)
    before, codes = outcome_codes(parts[0], FIRST)
    assert codes == {}
    _enter(parts, rows[1], "data_salah")
    after, codes = outcome_codes(parts[0], FIRST)
    assert (before != after, codes) == (True, {rows[1]: 6})
    assert outcome_codes(parts[0], FIRST)[1] is codes


def _forget(registers: Path, row: int) -> None:
    """Take from a household of the next register whatever identifies it."""
    path = registers / NEXT / "households.parquet"
    table = gpd.read_parquet(path)
    which = table["sheet_row"] == row + SHIFT
    table.loc[which, ["id_keluarga", "nik", "no_kk", "nama"]] = None
    table.to_parquet(path, index=False)


def test_an_outcome_without_a_household_waits_until_a_person_names_one(parts, registers, tmp_path):
    rows = _rows(parts)
    _forget(registers, rows[0])
    parts = parts[0], Library(registers, registers, parts[0]), KeyStore(tmp_path, "rahasia")
    entry = _enter(parts, rows[0], "pindah")
    assert _held(parts, NEXT) == {}
    records, library, keys = parts
    with records.session() as session:
        waiting = homeless(session, NEXT, PLANNER)
        elsewhere = homeless(session, NEXT, person("tugas", "", "petugas", ["99.99.99.9999"]))
    assert [one.id for one in waiting] == [entry.id]
    assert elsewhere == []
    assign(records, library.open(NEXT), keys, PLANNER, entry.id, rows[0] + SHIFT)
    assert _held(parts, NEXT)[rows[0] + SHIFT].outcome == "pindah"
    assign(records, library.open(NEXT), keys, PLANNER, entry.id, None)
    assert _held(parts, NEXT) == {}
    with records.session() as session:
        assert homeless(session, NEXT, PLANNER)[0].set_aside


def test_an_outcome_that_has_its_household_stays_there(parts):
    rows = _rows(parts)
    records, library, keys = parts
    entry = _enter(parts, rows[0], "pindah")
    held = _held(parts, NEXT)
    for row in (rows[1] + SHIFT, None):
        with pytest.raises(SettingsError, match="sudah ada rumah tangganya"):
            assign(records, library.open(NEXT), keys, PLANNER, entry.id, row)
    assert _held(parts, NEXT) == held


def test_only_whoever_named_a_household_may_name_another_and_each_word_leaves_the_trail(
    parts, registers, tmp_path
):
    rows = _rows(parts)
    _forget(registers, rows[0])
    parts = parts[0], Library(registers, registers, parts[0]), KeyStore(tmp_path, "rahasia")
    records, library, keys = parts
    older, entry = _enter(parts, rows[0], "menolak"), _enter(parts, rows[0], "pindah")
    _held(parts, NEXT)
    opened, other = library.open(NEXT), person("lain", "", "perencana", [])
    with pytest.raises(SettingsError):  # the newest about a household is the one that is given a place
        assign(records, opened, keys, PLANNER, older.id, rows[0] + SHIFT)
    assign(records, opened, keys, PLANNER, entry.id, rows[1] + SHIFT)
    with pytest.raises(SettingsError, match="sudah ada rumah tangganya"):
        assign(records, opened, keys, other, entry.id, rows[0] + SHIFT)
    assign(records, opened, keys, PLANNER, entry.id, rows[0] + SHIFT)
    assign(records, opened, keys, PLANNER, entry.id, None)
    with records.session() as session:
        told = session.scalars(select(Entry).where(Entry.action == "hasil").order_by(Entry.id)).all()[2:]
    assert [(line.user, line.households, line.run) for line in told] == [("peri", 1, NEXT)] * 3
    ends = (f"baris {rows[1] + SHIFT}", f"baris {rows[0] + SHIFT}", "disisihkan")
    assert all(line.subject.endswith(end) for line, end in zip(told, ends, strict=True))


def test_somebody_in_the_field_gets_the_outcomes_of_their_desa_alone(parts):
    counted = parts[1].open(FIRST).assessment.counted
    placed = counted[counted["kode_desa"].notna()]
    first = placed.iloc[0]
    other = placed[placed["kode_desa"] != first["kode_desa"]].iloc[0]
    for household in (first, other):
        _enter(parts, int(household["sheet_row"]))
    field = person("tugas", "", "petugas", [str(first["kode_desa"])])
    assert {*_held(parts, FIRST)} == {first["sheet_row"], other["sheet_row"]}
    assert {*_held(parts, FIRST, field)} == {first["sheet_row"]}
    assert {*_held(parts, NEXT, field)} == {first["sheet_row"] + SHIFT}
    assert _held(parts, FIRST, person("baru", "", "petugas", [])) == {}


def test_what_holds_is_read_once_and_only_the_newer_entries_after_that(parts, monkeypatch):
    rows, first = _rows(parts), parts[1].open(FIRST)
    _enter(parts, rows[0])
    records, _, keys = parts
    settle(records, first, keys)
    with records.session() as session:
        held = held_outcomes(session, first, PLANNER)
        assert held_outcomes(session, first, PLANNER) is held
    monkeypatch.setattr("app.visiting.carrying._is_new", lambda *_: pytest.fail("nothing is new"))
    settle(records, first, keys)
    monkeypatch.undo()
    monkeypatch.setattr("app.outcome_codes.newest_places", lambda *_: pytest.fail("no place is new"))
    _enter(parts, rows[1], "pindah")
    _enter(parts, rows[0], "menolak")
    with records.session() as session:
        held = held_outcomes(session, first, PLANNER)
    assert {row: one.outcome for row, one in held.items()} == {rows[0]: "menolak", rows[1]: "pindah"}


def test_a_run_that_takes_the_name_of_another_does_not_inherit_its_row_numbers(parts):
    rows = _rows(parts)
    entry = _enter(parts, rows[0], "pindah")
    records = parts[0]
    with records.session() as session:  # as if it had been entered before the run was made
        session.execute(text("drop trigger outcomes_update"))
        session.execute(
            update(Outcome).where(Outcome.id == entry.id)
            .values(at=datetime.now(UTC) - timedelta(days=700), sheet_row=rows[3])
        )  # fmt: skip
    assert {row: held.outcome for row, held in _held(parts, FIRST).items()} == {rows[0]: "pindah"}


def test_places_in_a_run_that_was_replaced_are_sought_again(parts):
    rows, records = _rows(parts), parts[0]
    _enter(parts, rows[0], "pindah")
    held = _held(parts, NEXT)
    with records.session() as session:  # as if it had been found before the run was made
        values = {"at": datetime.now(UTC) - timedelta(days=700), "sheet_row": rows[3] + SHIFT}
        session.execute(update(OutcomePlace).values(values))
        session.add(
            OutcomePlace(from_run="lain", from_row=1, run="lain lagi", sheet_row=1)
        )  # another version
    assert _held(parts, NEXT) == held
    assert {*held} == {rows[0] + SHIFT}


def test_damaged_keys_are_made_anew(library, tmp_path):
    made = KeyStore(tmp_path, "rahasia").of(library.path(FIRST))
    file = next((tmp_path / "kunci").iterdir())
    file.write_bytes(b"PAR1 rusak")
    pd.testing.assert_frame_equal(KeyStore(tmp_path, "rahasia").of(library.path(FIRST)), made)


def test_nothing_is_asked_twice(parts):
    _enter(parts, _rows(parts)[0])
    _held(parts, NEXT), _held(parts, NEXT)
    with parts[0].session() as session:
        assert session.scalar(select(func.count()).select_from(OutcomePlace)) == 1


def test_the_keys_on_the_disk_are_their_owners_and_name_nobody(library, tmp_path):
    KeyStore(tmp_path, "rahasia").of(library.path(FIRST))
    files = list((tmp_path / "kunci").iterdir())
    assert len(files) == 1
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    assert pd.read_parquet(files[0]).columns.tolist() == ["key_id", "key_kk", "key_nik", "key_name"]
