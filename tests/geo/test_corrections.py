"""What goes back to the clerk: text that stays text, read again as it was, and wrong again until it is fixed."""

import zipfile
from datetime import datetime
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from geo.assessment import Assessment
from geo.corrections import FAULTY, REASON, ROW, write_duplicates, write_rejects
from geo.households import read_households
from geo.households.other_rows import AFTER_LAST
from geo.workbook import LONGEST_CELL, Sheet, write_workbook
from tests.conftest import CREATED
from tests.geo.small import small_assessment

LIST = "regsosek_2022"
HEAD = "Catatan;NIK;Nama;Desa;Kecamatan;Desil;303;304;305;Luas Lantai (m2)\n"
HOSTILE = {
    "formula": "=cmd|' /C calc'!A0",
    "plus": "+1+1",
    "minus": "-2+3",
    "at": "@SUM(A1)",
    "tab": "\t=1+1",
    "return": "satu\rdua",
    "lines": "satu\ndua",
    "zeros": "0012",
    "long number": "9901014501900003",
    "date": "2-Jan",
    "spaces": "  dua  ",
    "markup": "<b>&amp;</b>]]>",
    "escape": "_x0041_x0042_",
    "controls": "\x01\x0b\x1f",
    "turned": "\u202eabc\u202c",
    "outside the plane": "\U0001f600",
    "link": "https://contoh.invalid",
    "error": "#REF!",
    "empty words": "TRUE",
}


def cells_of(path: Path, sheet: str = "Perbaikan") -> list[list[object]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


@pytest.fixture
def corrected(tmp_path, district):
    """Return a function that takes a CSV to its rejects.xlsx."""

    def write(content: str) -> tuple[Path, Assessment]:
        from geo.assessment import assess  # noqa: PLC0415
        from geo.settings import Settings  # noqa: PLC0415

        sheet = tmp_path / "lembar.csv"
        sheet.write_text(content, encoding="utf-8", newline="")
        made = assess(sheet, district, Settings(), created=CREATED)
        (path,) = write_rejects(made, tmp_path, LIST)
        return path, made

    return write


def test_a_clerk_fixes_some_rows_and_sends_the_file_again(corrected):
    path, made = corrected(
        HEAD + "=1+1;9901014501900003;Ani;Muara Lor;Pesisir Raya;14;8;1;2;36\n"
        "baik;9901014501900004;Budi;Muara Lor;Pesisir Raya;1;8;1;2;36\n"
        ";9901014501900005;Citra;Muara Lor;Pesisir Raya;2;77;1;2;abc\n"
        "0012;9901014501900006;Dewi;Muara Lor;Pesisir Raya;99;2;1;2;40\n"
    )
    assert made.rejects["sheet_row"].tolist() == [2, 4, 5]
    book = openpyxl.load_workbook(path)
    sheet = book["Perbaikan"]
    assert [cell.value for cell in sheet[1]] == [ROW, FAULTY, REASON, *HEAD.strip().split(";")]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert {cell.number_format for row in sheet.iter_rows() for cell in row if cell.value} == {"@"}
    assert {column.number_format for column in sheet.column_dimensions.values()} == {"@"}  # of empty cells
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:M4")
    yellow = {cell.coordinate for row in sheet.iter_rows(min_row=2) for cell in row if cell.fill.patternType}
    assert yellow == {"I2", "J3", "M3", "I4"}

    again = read_households(path)
    assert {ROW, FAULTY, REASON} <= set(again.ignored)
    assert again.rows == len(again.rejects) == 3
    told = ["column", "value", "reason"]
    pd.testing.assert_frame_equal(again.rejects[told], made.rejects[told])

    sheet["I2"], sheet["J3"], sheet["M3"] = "1", 8, None  # text, a number, and emptied
    book.save(path)
    fixed = read_households(path)
    assert fixed.households["sheet_row"].tolist() == [2, 3]
    assert fixed.households["nik"].tolist() == ["9901014501900003", "9901014501900005"]
    assert fixed.households["desil"].tolist() == [1, 2]
    assert fixed.households["jenis_lantai"].tolist() == [8, 8]
    assert fixed.households["luas_lantai"].isna().tolist() == [False, True]
    assert fixed.rejects[told].to_numpy().tolist() == made.rejects[told].iloc[[2]].to_numpy().tolist()


def test_rejects_of_a_file_sent_again_have_our_columns_once(corrected, district, tmp_path):
    from geo.assessment import assess  # noqa: PLC0415
    from geo.settings import Settings  # noqa: PLC0415

    path, _ = corrected("Nama;Desa;Desil\nAni;Muara Lor;14\nBudi;Muara Lor;15\n")
    first = cells_of(path)
    (tmp_path / "lagi").mkdir()
    (again,) = write_rejects(assess(path, district, Settings(), created=CREATED), tmp_path / "lagi", LIST)
    assert cells_of(again) == first


def test_the_second_round_still_names_the_rows_of_the_office(corrected, district, tmp_path):
    from geo.assessment import assess  # noqa: PLC0415
    from geo.settings import Settings  # noqa: PLC0415

    wrong = "".join(f"Nama{row};Muara Lor;{99 if row % 3 == 0 else 1}\n" for row in range(2, 14))
    path, made = corrected("Nama;Desa;Desil\n" + wrong)
    assert made.rejects["sheet_row"].tolist() == [3, 6, 9, 12]
    book = openpyxl.load_workbook(path)
    sheet = book["Perbaikan"]
    sheet["F2"] = "1"  # mended: the rows below are no longer where they were
    sheet["A4"], sheet["A5"] = "30000009", 12  # of the third sheet of several; and typed again by a clerk
    sheet.append([None, None, None, "Tambahan", "Muara Lor", "55"])
    book.save(path)
    for again in ("dua", "tiga"):
        (tmp_path / again).mkdir()
        (path,) = write_rejects(assess(path, district, Settings(), created=CREATED), tmp_path / again, LIST)
        head, *rows = cells_of(path)
        assert head == [ROW, FAULTY, REASON, "Nama", "Desa", "Desil"]
        guidance = " ".join(str(row[0]) for row in cells_of(path, "Petunjuk"))
        assert "30000032 berarti baris 32 di lembar ke-3" in guidance
        assert [(row[0], row[3]) for row in rows] == [
            ("6", "Nama6"), ("30000009", "Nama9"), ("12", "Nama12"), ("", "Tambahan")
        ]  # fmt: skip


def test_a_shifted_row_says_so_beyond_its_last_column(corrected):
    path, made = corrected("Nama;Desa;Kecamatan\nAni;RT 1;Muara Lor;Pesisir Raya\nBudi;Muara Lor;Antah;\n")
    assert made.rejects["column"].tolist() == [AFTER_LAST]
    rows = cells_of(path)
    assert rows[0][-1] == AFTER_LAST
    assert "bergeser" in rows[1][-1]
    assert read_households(path).rejects["reason"].tolist() == made.rejects["reason"].tolist()
    book = openpyxl.load_workbook(path)
    for column, text in zip("DEFG", ("Ani, RT 1", "Muara Lor", "Pesisir Raya", None), strict=True):
        book["Perbaikan"][f"{column}2"] = text
    book.save(path)
    assert read_households(path).households["desa_tertulis"].tolist() == ["Muara Lor"]


def test_guidance_and_code_lists_stand_beside_the_rows(corrected):
    path, _ = corrected(HEAD + "x;1;Ani;Muara Lor;Pesisir Raya;14;99;1;2;36\n")
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["Perbaikan", "Petunjuk", "Daftar kode"]
    guidance = " ".join(str(row[0]) for row in cells_of(path, "Petunjuk"))
    assert "peta assess rejects.xlsx" in guidance
    assert "lembar ke-3" not in guidance
    codes = cells_of(path, "Daftar kode")
    assert codes[0] == ["Kolom", "Kode", "Arti"]
    assert ["303", "8", "tanah"] in codes
    assert {row[0] for row in codes[1:]} == {"303", "304", "305"}


def test_without_rejects_or_groups_there_is_no_file(tmp_path):
    made = small_assessment()
    nobody = Assessment(
        **{**made.__dict__, "rejects": made.rejects.iloc[:0], "rejected_cells": made.rejected_cells.iloc[:0]}
    )
    assert write_rejects(nobody, tmp_path, LIST) == []
    assert write_duplicates(made, tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_the_files_are_for_their_owner_alone_and_the_same_every_time(tmp_path):
    made = small_assessment(hostile=True)
    bytes_of = []
    for name in ("satu", "dua"):
        (tmp_path / name).mkdir()
        (path,) = write_rejects(made, tmp_path / name, LIST)
        assert path.stat().st_mode & 0o077 == 0
        bytes_of.append(path.read_bytes())
    assert bytes_of[0] == bytes_of[1]


def test_more_rows_than_a_sheet_holds_go_on_in_another_file(tmp_path, monkeypatch):
    monkeypatch.setattr("geo.corrections.MOST_ROWS", 1)
    paths = write_rejects(small_assessment(), tmp_path, LIST)
    assert [path.name for path in paths] == ["rejects.xlsx", "rejects-2.xlsx"]
    assert [row[0] for path in paths for row in cells_of(path)] == [ROW, "9001", ROW, "9002"]


def test_groups_stand_together_and_the_row_that_counts_first(assessment, tmp_path):
    (path,) = write_duplicates(assessment, tmp_path)
    head, *rows = cells_of(path, "Ganda")
    assert head[:4] == ["Kelompok", ROW, "Sama dalam hal", "Dihitung"]
    grouped = assessment.households[assessment.households["duplicate_group"].notna()]
    assert sorted(int(row[1]) for row in rows) == sorted(grouped["sheet_row"])
    assert [row[0] for row in rows] == sorted((row[0] for row in rows), key=int)
    assert [row[3] for row in rows] == ["ya", "tidak"] * (len(rows) // 2)
    assert {row[head.index("NIK")] for row in rows} == set(grouped["nik"])
    sheet = openpyxl.load_workbook(path)["Ganda"]
    coloured = {row[3].value for row in sheet.iter_rows(min_row=2) if row[0].fill.patternType}
    assert coloured == {"tidak"}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_stays_the_same_text(tmp_path, name):
    text = HOSTILE[name]
    path = tmp_path / "teks.xlsx"
    write_workbook(
        path,
        [Sheet("Uji", pd.DataFrame({text: [text, None]}, dtype="str"))],
        title="Uji",
        created="2026-01-15",
    )
    assert cells_of(path, "Uji")[:2] == [[text], [text]]
    cell = openpyxl.load_workbook(path)["Uji"]["A2"]
    assert (cell.data_type, cell.quotePrefix, cell.hyperlink) == ("s", True, None)


@pytest.mark.parametrize("letter", ["a", "\U0001f600", "<", "\x01"])
def test_a_cell_that_is_too_long_is_cut_and_says_so(tmp_path, letter):
    path = tmp_path / "teks.xlsx"
    write_workbook(
        path,
        [Sheet("Uji", pd.DataFrame({"A": [letter * 100_000, "b"]}, dtype="str"))],
        title="Uji",
        created="2026-01-15",
    )
    long, short = (str(row[0]) for row in cells_of(path, "Uji")[1:])
    assert len(long.encode("utf-16-le")) // 2 <= LONGEST_CELL
    assert long.startswith(letter * 10_000)
    assert long.endswith("huruf, selengkapnya di lembar asal]")
    assert short == "b"


def test_every_part_of_the_workbook_is_whole(tmp_path):
    path = tmp_path / "teks.xlsx"
    table = pd.DataFrame({f"kolom {place}": [str(place)] for place in range(30)})
    marked = np.zeros(table.shape, dtype=bool)
    marked[0, 27] = True
    table.iloc[0, 27] = None
    write_workbook(
        path,
        [Sheet("Uji", table, marked), Sheet("Lain", table)],
        title="A & B",
        created="2026-01-15T09:30:00+07:00",
    )
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        assert {entry.date_time[0] for entry in package.infolist()} == {1980}
    book = openpyxl.load_workbook(path)
    assert (book.properties.title, book.properties.created) == ("A & B", datetime(2026, 1, 15, 2, 30))  # noqa: DTZ001
    sheet = book["Uji"]
    assert sheet["AB2"].value is None
    assert sheet["AB2"].fill.patternType == "solid"
    assert sheet["AD2"].value == "29"


TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=30
)


@given(st.lists(st.lists(st.none() | TEXT, min_size=3, max_size=3), max_size=5))
def test_any_text_comes_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("teks") / "teks.xlsx"
    table = pd.DataFrame(rows, columns=["A", "B", "C"], dtype="str")
    write_workbook(path, [Sheet("Uji", table)], title="Uji", created="2026-01-15T09:30:00+07:00")
    written = [[cell or "" for cell in row] for row in rows]
    read = cells_of(path, "Uji")[1:]
    assert read + [[""] * 3] * (len(written) - len(read)) == written
