"""Returned outcomes: what lands, what is there already, every kind of conflict, and that nothing lands twice."""

import dataclasses

import pandas as pd
import pytest
from sqlalchemy import select

from app.access.roles import person
from app.outcome_codes import outcome_codes
from app.records.tables import HouseholdList, Member, Return
from app.returning.conflicts import CHOICES, KINDS
from app.returning.entering import ChangedMeanwhileError, enter, look
from app.returning.waiting import put_aside
from app.visiting.entering import enter_outcome
from geo.errors import NoRun, NotAllowed, SettingsError
from geo.outcomes import CODES
from tests.app.returning.conftest import GIVEN_DAYS, Desk, day, hand_over
from tests.app.visiting.conftest import FIRST, NEXT, SHIFT


def kinds(desk: Desk, number: int) -> dict[str, list[int]]:
    _, checked = look(desk.records, desk.sources, desk.who, number)
    return {word: part["line"].tolist() for word, part in checked.conflicts().items()}


def send(desk: Desk, *rows: tuple[str, ...], theirs: tuple[str, ...] = ()):
    return enter(desk.records, desk.sources, desk.who, desk.keep(*rows), theirs)


def record(desk: Desk, row: int, outcome: str, back: int, run: str = FIRST) -> None:
    opened = desk.sources.library.open(run)
    enter_outcome(desk.records, opened, desk.sources.keys, desk.who, row, outcome, visited_on=day(back))


def test_what_an_agency_did_lands_as_outcomes_with_its_mark_and_one_line_of_the_trail(desk: Desk):
    names = desk.names()
    rows = names.index[:3].tolist()
    entered = send(
        desk,
        (names[rows[0]], "Sudah dibangun", day(3), "oleh Budi NIK 3326010101900001", "jamban"),
        (names[rows[1]], "tidak ditemukan", day(2)),
        (names[rows[2]], "menolak", ""),
    )
    assert (entered.new, entered.already, entered.left_out) == (3, 0, {})
    told = {one.sheet_row: one for one in desk.outcomes()}
    assert {row: one.outcome for row, one in told.items()} == {
        rows[0]: "sudah_diperbaiki", rows[1]: "tidak_ditemukan", rows[2]: "menolak",
    }  # fmt: skip
    first = told[rows[0]]
    assert first.note.startswith(f"Dari Dinas Kesehatan (pembagian {desk.held.id}), jamban: oleh Budi")
    assert (first.run, first.by, first.visited_on.isoformat()) == (FIRST, "peri", day(3))
    assert first.kode_desa
    assert first.key_id or first.key_kk or first.key_nik or first.key_name
    assert told[rows[2]].visited_on.isoformat() == day(0)
    action, subject, households = desk.trail()[-1]
    assert (action, households) == ("kembali", 3)
    assert subject.startswith(f"pembagian {desk.held.id} (dinkes), berkas 1: 3 hasil dicatat")


def test_a_household_without_keys_is_known_by_its_row_in_its_own_run(desk: Desk):
    keys = desk.sources.keys.of(desk.sources.library.path(FIRST))
    lacking = keys[keys.isna().any(axis=1)]
    assert len(lacking)
    names = desk.names()[lacking.index]
    assert send(desk, *((name, "selesai", day(3)) for name in names)).new == len(lacking)
    for one in desk.outcomes():
        told = keys.loc[one.sheet_row]
        assert [getattr(one, name) for name in keys] == [None if pd.isna(key) else key for key in told]


def test_the_same_file_sent_twice_changes_nothing(desk: Desk):
    names = desk.names().iloc[:4].tolist()
    rows = [
        (name, "selesai", day(back) if back else "", "beres")
        for name, back in zip(names, (3, 2, 0, 1), strict=True)
    ]
    assert send(desk, *rows).new == 4
    again = send(desk, *rows)
    assert (again.new, again.already) == (0, 4)
    assert len(desk.outcomes()) == 4
    other = hand_over(desk.records, desk.sources.library)
    number = desk.keep(*rows, held=other)
    assert enter(desk.records, desk.sources, desk.who, number).already == 4


def test_an_old_file_does_not_undo_a_correction(desk: Desk):
    name, row = desk.names().iloc[0], int(desk.names().index[0])
    send(desk, (name, "selesai", day(3)))
    record(desk, row, "pindah", 1)
    again = send(desk, (name, "selesai", day(3)), theirs=CHOICES)
    assert (again.new, again.already) == (0, 1)
    assert [one.outcome for one in desk.outcomes()] == ["selesai", "pindah"]


def test_a_file_is_decided_once(desk: Desk):
    name = desk.names().iloc[0]
    number = desk.keep((name, "selesai", day(3)))
    assert desk.keep((name, "selesai", day(3))) == number
    enter(desk.records, desk.sources, desk.who, number)
    with pytest.raises(NotAllowed, match="sudah dicatat oleh peri"):
        enter(desk.records, desk.sources, desk.who, number)
    with desk.records.session() as session:
        file = session.scalars(select(Return)).one()
        assert (file.state, file.lines, file.told["new"]) == ("dicatat", {}, 1)
    other = desk.keep((name, "pindah", day(2)))
    with desk.records.session(alone=True) as session:
        put_aside(session, desk.who, other)
    with pytest.raises(NotAllowed, match="disisihkan"):
        look(desk.records, desk.sources, desk.who, other)
    assert len(desk.outcomes()) == 1


def test_all_of_a_file_lands_or_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    number = desk.keep(*((name, "selesai", day(3)) for name in desk.names().iloc[:3]))

    def fail(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr("app.returning.entering.leave", fail)
    with pytest.raises(OSError):  # noqa: PT011  -- the one raised above
        enter(desk.records, desk.sources, desk.who, number)
    assert desk.outcomes() == []
    monkeypatch.undo()
    assert enter(desk.records, desk.sources, desk.who, number).new == 3


def test_every_conflict_is_told_and_lands_only_when_it_is_chosen(small_desk: Desk):
    desk = small_desk
    names = desk.names()
    rows = names.index[:8].tolist()
    for place, back in ((1, 20), (2, 2), (3, 5)):
        record(desk, rows[place], "pindah", back)
    other = desk.names("perkim").iloc[0]
    hand_over(desk.records, desk.sources.library, recipient="perkim")
    sent = [
        (names[rows[0]], "selesai", day(5)),  # 2: lands
        (names[rows[1]], "selesai", day(5)),  # 3: newer than what stands
        (names[rows[2]], "selesai", day(5)),  # 4: older
        (names[rows[3]], "selesai", day(5)),  # 5: the same day
        ("p" + "a" * 20, "selesai", day(5)),  # 6: nobody's
        (other, "selesai", day(5)),  # 7: another recipient's
        (names[rows[4]], "batal", day(5)),  # 8
        (names[rows[5]], "selesai", "2126-01-01"),  # 9
        (names[rows[5]], "selesai", "kemarin"),  # 10
        (names[rows[6]], "selesai", day(5)),  # 11, 12: against each other
        (names[rows[6]], "menolak", day(4)),
        (names[rows[7]], "selesai", day(GIVEN_DAYS + 2)),  # 13
        ("3326010101900001", "selesai", day(5)),  # 14
        ("", "selesai", day(5)),  # 15
    ]
    expected = {
        "tak_dikenal": [6, 14, 15], "penerima_lain": [7], "kata": [8], "tanggal": [9, 10],
        "berulang": [11, 12], "sebelum": [13],
        "lebih_baru": [3], "lebih_lama": [4], "tak_jelas": [5],
    }  # fmt: skip
    number = desk.keep(*sent)
    assert kinds(desk, number) == expected
    before = len(desk.outcomes())
    entered = enter(desk.records, desk.sources, desk.who, number)
    assert entered.new == 1
    assert entered.left_out == {kind: len(lines) for kind, lines in expected.items()}
    assert [one.sheet_row for one in desk.outcomes()[before:]] == [rows[0]]
    for kind, place in (("sebelum", 7), ("lebih_baru", 1), ("lebih_lama", 2), ("tak_jelas", 3)):
        assert send(desk, *sent, theirs=(kind,)).new == 1
        assert desk.outcomes()[-1].sheet_row == rows[place]
    assert send(desk, *sent, theirs=CHOICES).new == 0
    assert send(desk, *sent, theirs=tuple(KINDS)).new == 0


def test_a_choice_for_one_kind_does_not_settle_another(small_desk: Desk):
    name, row = small_desk.names().iloc[0], int(small_desk.names().index[0])
    record(small_desk, row, "pindah", 2)
    early = (name, "selesai", day(GIVEN_DAYS + 5))
    assert send(small_desk, early, theirs=("sebelum",)).new == 0
    assert send(small_desk, early, theirs=("lebih_lama",)).new == 0
    assert send(small_desk, early, theirs=("sebelum", "lebih_lama")).new == 1


def test_the_same_word_again_lands_when_it_is_newer_and_not_when_older(small_desk: Desk):
    name = small_desk.names().iloc[0]
    send(small_desk, (name, "selesai", day(9)))
    assert send(small_desk, (name, "selesai", day(4))).new == 1
    assert send(small_desk, (name, "selesai", day(7))).already == 1
    assert send(small_desk, (name, "selesai", "")).already == 1
    assert send(small_desk, (name, "selesai", day(4), "", "jamban")).new == 1
    two_needs = [(name, "sudah dibangun", day(2), "", "rtlh"), (name, "sudah dibangun", day(1), "", "jamban")]
    assert send(small_desk, *two_needs, *two_needs, theirs=CHOICES).new == 2
    assert small_desk.outcomes()[-1].visited_on.isoformat() == day(1)


def test_what_was_decided_upon_must_still_stand(small_desk: Desk):
    desk = small_desk
    names = desk.names()
    number = desk.keep((names.iloc[0], "selesai", day(3)), (names.iloc[1], "selesai", day(3)))
    _, checked = look(desk.records, desk.sources, desk.who, number)
    record(desk, int(names.index[0]), "pindah", 1)
    with pytest.raises(ChangedMeanwhileError, match="Periksa sekali lagi"):
        enter(desk.records, desk.sources, desk.who, number, mark=checked.mark)
    _, checked = look(desk.records, desk.sources, desk.who, number)
    assert enter(desk.records, desk.sources, desk.who, number, mark=checked.mark).new == 1


def test_outcomes_reach_the_register_in_force(desk: Desk):
    names = desk.names()
    rows = names.index[:2].tolist()
    desk.publish(NEXT)
    record(desk, rows[1] + SHIFT, "pindah", 2, NEXT)
    number = desk.keep((names[rows[0]], "menolak", day(3)), (names[rows[1]], "menolak", day(3)))
    assert kinds(desk, number) == {"lebih_lama": [3]}
    assert enter(desk.records, desk.sources, desk.who, number).new == 1
    assert {one.run for one in desk.outcomes() if one.outcome == "menolak"} == {FIRST}
    assert outcome_codes(desk.records, NEXT)[1] == {
        rows[0] + SHIFT: CODES["menolak"], rows[1] + SHIFT: CODES["pindah"],
    }  # fmt: skip


def test_without_the_run_of_the_hand_over_the_one_in_force_is_asked(small_desk: Desk):
    desk = small_desk
    desk.publish(NEXT)
    gone = hand_over(desk.records, desk.sources.library, run_created="2020-01-01T00:00:00+00:00")
    keys = desk.sources.keys.of(desk.sources.library.path(FIRST))
    row = int(keys.index[keys.notna().any(axis=1)][0])
    number = desk.keep((desk.names()[row], "selesai", day(3)), held=gone)
    assert enter(desk.records, desk.sources, desk.who, number).new == 1
    (one,) = desk.outcomes()
    assert (one.run, one.sheet_row) == (NEXT, row + SHIFT)


def test_a_household_that_is_in_the_register_no_more_waits_if_that_is_chosen(
    small_desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    desk = small_desk
    name, row = desk.names().iloc[0], int(desk.names().index[0])
    desk.publish(NEXT)
    store = desk.sources.keys
    keys = store.of(desk.sources.library.path(NEXT))
    made, path = type(store).of, desk.sources.library.path(NEXT)

    def without(self: object, run: object) -> pd.DataFrame:
        return keys.drop(index=row + SHIFT) if run == path else made(self, run)  # type: ignore[arg-type]

    monkeypatch.setattr(type(store), "of", without)
    number = desk.keep((name, "selesai", day(3)))
    assert kinds(desk, number) == {"tiada": [2]}
    _, checked = look(desk.records, desk.sources, desk.who, number)
    assert "tidak ada lagi" in checked.rows["doubt"].iloc[0]
    assert enter(desk.records, desk.sources, desk.who, number, ("tiada",)).new == 1
    assert [(one.run, one.sheet_row) for one in desk.outcomes()] == [(FIRST, row)]
    assert outcome_codes(desk.records, NEXT)[1] == {}


def test_a_named_list_is_answered_by_its_rows_too_and_no_others(small_desk: Desk):
    desk = small_desk
    rows = desk.names().index[:3].tolist()
    with desk.records.session() as session:
        saved = HouseholdList(name="uji", run=FIRST, by="peri")
        session.add(saved)
        session.flush()
        session.add_all(Member(list_id=saved.id, sheet_row=row) for row in rows[:2])
        number = saved.id
    listed = hand_over(desk.records, desk.sources.library, level="petugas", scope={"list": number})
    sent = desk.keep(*((str(row), "selesai", day(3)) for row in rows), held=listed)
    assert kinds(desk, sent) == {"tak_dikenal": [4]}
    assert enter(desk.records, desk.sources, desk.who, sent).new == 2


@pytest.mark.parametrize("role", ["opd", "petugas", "pimpinan"])
def test_nobody_enters_who_may_not_share(small_desk: Desk, role: str):
    number = small_desk.keep((small_desk.names().iloc[0], "selesai", day(3)))
    other = dataclasses.replace(small_desk, who=person("lain", "", role, []))
    for deed in (enter, look):
        with pytest.raises(NotAllowed):
            deed(other.records, other.sources, other.who, number)
    assert small_desk.outcomes() == []


def test_too_many_files_do_not_pile_up(small_desk: Desk):
    name = small_desk.names().iloc[0]
    for place in range(20):
        small_desk.keep((name, "selesai", day(3)), sha256=str(place))
    with pytest.raises(SettingsError, match="menunggu diperiksa"):
        small_desk.keep((name, "selesai", day(3)), sha256="lagi")
    with pytest.raises(NoRun):
        look(small_desk.records, small_desk.sources, small_desk.who, 99)
