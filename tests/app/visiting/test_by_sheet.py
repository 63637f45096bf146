"""A household found by printed sheet and number, and tables of outcomes: read, checked, entered once."""

from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd
import pytest
from sqlalchemy import select

from app.access.roles import Person, person
from app.records.tables import Entry, Outcome
from app.visiting import filled_table, settle
from app.visiting.by_sheet import find_house, houses, mark_of, read_number, read_outcome, run_of
from app.visiting.sheet_file import check_lines, enter_lines, known_before
from app.visiting.sheet_reading import Line, read_lines
from geo.errors import NotAllowed, SettingsError, SheetError
from geo.outcomes import OUTCOMES
from geo.sheet_ids import SheetId, run_mark
from tests.app.visiting.conftest import FIRST, NEXT, SHIFT, publish
from tests.server import Served, serving

ALL = person("rina", "", "perencana", ())


@pytest.fixture
def server(registers: Path) -> Iterator[Served]:
    with serving(registers) as served:
        publish(served, FIRST)
        yield served


@pytest.fixture
def printed(server: Served) -> SheetId:
    """Return a sheet of the first run, of the desa with most households."""
    library = server.app.state.library
    kode = library.open(FIRST).assessment.counted["kode_desa"].mode()[0]
    return SheetId(kode, 2, mark_of(library.path(FIRST)))


def enter(server: Served, lines: list[Line], who: Person = ALL) -> tuple[object, list]:
    state = server.app.state
    told, faults = check_lines(lines, state.library, who)
    return enter_lines(state.records, state.library, state.household_keys, who, told), faults


def outcomes(server: Served) -> list[Outcome]:
    with server.app.state.records.session() as session:
        return list(session.scalars(select(Outcome).order_by(Outcome.id)))


def test_the_mark_on_paper_is_the_mark_of_the_manifest(server, printed):
    library = server.app.state.library
    assert run_mark(library.open(FIRST).facts) == printed.mark
    assert mark_of(library.path(NEXT)) != ""
    assert run_of(library, printed, ALL) == FIRST


def test_every_number_of_every_desa_leads_to_its_household(server, printed):
    opened = server.app.state.library.open(FIRST)
    table = opened.assessment.counted
    for kode, of_desa in table[table["kode_desa"].notna()].groupby("kode_desa"):
        found = houses(opened, SheetId(kode, 0, printed.mark), ALL)
        assert found.index.tolist() == list(range(1, len(of_desa) + 1))
        expected = of_desa.set_index("sheet_row")["house_number"].astype(int).to_dict()
        assert {find_house(found, number): number for number in found.index} == expected


def test_what_is_not_there_is_told(server, printed):
    library = server.app.state.library
    opened = library.open(FIRST)
    with pytest.raises(SettingsError, match="Tidak ada hasil bertanda"):
        run_of(library, SheetId(printed.kode_desa, 1, "00000"), ALL)
    with pytest.raises(SettingsError, match="Tidak ada rumah tangga"):
        houses(opened, SheetId("11.11.11.2001", 1, printed.mark), ALL)
    with pytest.raises(SettingsError, match="nomornya 1 sampai"):
        find_house(houses(opened, printed, ALL), 100_000)
    stranger = person("budi", "", "petugas", ["11.11.11.2001"])
    with pytest.raises(NotAllowed):
        houses(opened, printed, stranger)
    bare = opened.assessment.households.drop(columns="house_number")
    object.__setattr__(opened.assessment, "households", bare)
    with pytest.raises(SettingsError, match="peta assess"):
        houses(opened, printed, ALL)


def test_somebody_in_the_field_is_told_that_a_run_was_not_published(server, printed):
    unseen = SheetId(printed.kode_desa, 1, mark_of(server.app.state.library.path(NEXT)))
    with pytest.raises(SettingsError, match="belum diterbitkan"):
        run_of(server.app.state.library, unseen, person("budi", "", "petugas", [printed.kode_desa]))


@pytest.mark.parametrize("word", list(OUTCOMES))
def test_an_outcome_is_read_as_people_write_it(word: str):
    title = OUTCOMES[word]
    for written in (word, title, title.upper(), f"  {title} ", word.replace("_", "-"), word[:4]):
        assert read_outcome(written) == word


@pytest.mark.parametrize("wrong", ["", "s", "x", "selesai semua", "_", "=1+1"])
def test_what_is_no_outcome_is_refused(wrong: str):
    with pytest.raises(SettingsError):
        read_outcome(wrong)


@pytest.mark.parametrize("wrong", ["", "0", "-1", "1e5", "17a", "9" * 9, "\u0663"])
def test_what_is_no_number_is_refused(wrong: str):
    with pytest.raises(SettingsError):
        read_number(wrong)


TEXT = "lembar;nomor;petak;kode_desa;hasil;tanggal;catatan\n{rows}"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ","])
def test_a_table_is_read_as_offices_save_it(tmp_path: Path, encoding: str, separator: str):
    first = 'X-01-ABCDE;1;B4;X;selesai;05/01/2026;"rumah caf\u00e9; \u00bd"\n'
    rows = f"{first}X-01-ABCDE;2;B4;X;;;\n\nX-01-ABCDE;3;;X;Pindah;;\n"
    text = TEXT.format(rows=rows)
    if separator == ",":
        text = text.replace("caf\u00e9; ", "caf\u00e9  ").replace(";", ",")
    (tmp_path / "isi.csv").write_bytes(text.encode(encoding))
    lines, empty = read_lines(tmp_path / "isi.csv")
    assert empty == 1
    assert [(one.line, one.nomor, one.hasil, one.tanggal) for one in lines] == [
        (2, "1", "selesai", "05/01/2026"),
        (5, "3", "Pindah", ""),
    ]
    assert lines[0].catatan.startswith("rumah caf\u00e9")


def test_a_workbook_is_read_too(tmp_path: Path):
    table = pd.DataFrame({"Catatan": [None, "x"], "NOMOR": [1, 2], "Hasil": ["selesai", "pindah"]})
    table = table.assign(Lembar="A-01-ABCDE", Tanggal=pd.to_datetime(["2026-01-05", None]))
    table.to_excel(tmp_path / "isi.xlsx", index=False)
    lines, _ = read_lines(tmp_path / "isi.xlsx")
    assert [(one.nomor, one.hasil, one.tanggal, one.catatan) for one in lines] == [
        ("1", "selesai", "2026-01-05", ""),
        ("2", "pindah", "", "x"),
    ]


def test_a_table_without_its_columns_is_refused(tmp_path: Path):
    (tmp_path / "isi.csv").write_text("lembar;nomor;nama\na;1;x\n", encoding="utf-8")
    with pytest.raises(SheetError, match="hasil"):
        read_lines(tmp_path / "isi.csv")


def test_good_lines_are_entered_and_the_others_told(server, printed):
    lines = [
        Line(2, str(printed), "1", "selesai", "", "NIK 3326010101900001 ada"),
        Line(3, str(printed), "2", "s"),
        Line(4, str(printed), "3", "pindah"),
        Line(5, str(printed), "03", "menolak"),
        Line(6, str(printed), "4", "selesai", "31/2/2026"),
        Line(7, "apa", "4", "selesai"),
        Line(8, str(printed), "5", "pindah"),
        Line(9, str(printed), "5", "Pindah"),
        Line(10, str(printed), "6", "pindah", torn=True),
        Line(11, str(SheetId("11.11.11.2001", 1, printed.mark)), "1", "pindah"),
    ]
    entered, faults = enter(server, lines)
    assert entered.new == 2
    assert [fault.line for fault in faults] == [3, 4, 5, 6, 7, 10, 11]
    written = outcomes(server)
    of_desa = houses(server.app.state.library.open(FIRST), printed, ALL)
    assert [(one.sheet_row, one.outcome, one.by, one.run) for one in written] == [
        (of_desa[1], "selesai", "rina", FIRST),
        (of_desa[5], "pindah", "rina", FIRST),
    ]
    assert written[0].note == "NIK … ada"
    assert all(
        one.kode_desa == printed.kode_desa and (one.key_name or one.key_nik or one.key_kk) for one in written
    )
    with server.app.state.records.session() as session:
        trail = session.scalars(select(Entry).where(Entry.action == "hasil")).all()
    assert [one.households for one in trail] == [1, 1]


def test_a_table_sent_twice_stands_once_and_undoes_no_correction(server, printed):
    lines = [Line(2, str(printed), "1", "selesai"), Line(3, str(printed), "2", "pindah")]
    assert enter(server, lines)[0].new == 2
    again = enter(server, lines)[0]
    assert (again.new, again.already) == (0, 2)
    assert enter(server, [Line(2, str(printed), "1", "menolak")])[0].new == 1
    late = enter(server, lines)[0]
    assert (late.new, late.already, [fault.line for fault in late.faults]) == (0, 1, [2])
    assert "Menolak" in late.faults[0].reason
    assert len(outcomes(server)) == 3


def test_nobody_enters_what_is_not_theirs(server, printed):
    lines = [Line(2, str(printed), "1", "selesai")]
    stranger = person("budi", "", "petugas", ["11.11.11.2001"])
    entered, faults = enter(server, lines, stranger)
    assert (entered.new, len(faults)) == (0, 1)
    told, _ = check_lines(lines, server.app.state.library, ALL)
    state = server.app.state
    with pytest.raises(NotAllowed):
        enter_lines(
            state.records, state.library, state.household_keys, person("bos", "", "pimpinan", ()), told
        )
    assert outcomes(server) == []


def test_what_stands_on_an_older_sheet_is_carried_to_the_next_register(server, printed):
    state = server.app.state
    enter(server, [Line(2, str(printed), "1", "selesai")])
    publish(server, NEXT)
    opened = state.library.shown()
    assert opened.id == NEXT
    settle(state.records, opened, state.household_keys)
    from app.outcome_codes import held_outcomes  # noqa: PLC0415

    with state.records.session() as session:
        held = held_outcomes(session, opened, ALL)
    row = houses(state.library.open(FIRST), printed, ALL)[1]
    assert held[row + SHIFT].outcome == "selesai"
    assert held[row + SHIFT].from_run == FIRST


def test_the_library_is_asked_once_however_many_lines_are_wrong(server, printed, monkeypatch):
    library, asked = server.app.state.library, []
    for name in ("ids", "open_to"):
        ask = getattr(library, name)
        monkeypatch.setattr(library, name, lambda *words, of=ask, say=name: asked.append(say) or of(*words))
    wrong = [Line(line, f"{printed.kode_desa}-01-{line:05d}", "1", "pindah") for line in range(2, 60)]
    elsewhere = [
        Line(60 + line, f"11.11.11.20{line:02d}-01-{printed.mark}", "1", "pindah") for line in range(9)
    ]
    told, faults = check_lines([*wrong, *wrong, *elsewhere], library, ALL)
    assert (told, len(faults)) == ([], 2 * 58 + 9)
    assert len(asked) <= 4


def test_what_replaces_another_outcome_is_told(server, printed):
    state = server.app.state
    enter(server, [Line(2, str(printed), "1", "pindah"), Line(3, str(printed), "2", "pindah")])
    lines = [Line(2, str(printed), "1", "selesai"), Line(3, str(printed), "2", "pindah", "", "pagi")]
    told, _ = check_lines([*lines, Line(4, str(printed), "3", "pindah")], state.library, ALL)
    known = known_before(state.records, state.library, ALL, told)
    assert sorted(known.values()) == ["pindah", "pindah"]
    entered = enter_lines(state.records, state.library, state.household_keys, ALL, told)
    assert (entered.new, entered.replacing) == (3, 1)


def test_a_workbook_that_unpacks_to_more_than_a_table_is_refused_unread(tmp_path: Path, monkeypatch):
    with ZipFile(tmp_path / "isi.xlsx", "w", ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 30_000_000)
    monkeypatch.setattr(filled_table, "read_table", lambda *_: pytest.fail("it was read"))
    with pytest.raises(SheetError, match="terlalu besar bila dibuka"):
        read_lines(tmp_path / "isi.xlsx")
