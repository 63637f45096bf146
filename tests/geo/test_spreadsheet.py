"""Files as offices send them: every row found again with its number, and a plain word where that cannot be."""

import zipfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import msoffcrypto.format.ooxml
import pytest
from openpyxl import Workbook

from geo.errors import EmptySheet, EncryptedSheet, UnreadableSheet
from geo.spreadsheet import read_table

KNOWN = {"nik", "nama", "desa", "rt/rw"}
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01"


def score(headings: Iterable[str]) -> int:
    return len({heading.strip().casefold() for heading in headings} & KNOWN)


@pytest.fixture
def csv(tmp_path: Path):
    def write(content: str | bytes, encoding: str = "utf-8") -> Path:
        path = tmp_path / "lembar.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.fixture
def xlsx(tmp_path: Path):
    def write(*rows: list[object], name: str = "lembar.xlsx") -> Path:
        book = Workbook()
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return write


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_csv_of_every_office(csv, delimiter, encoding, newline):
    lines = [["NIK", "Nama", "Desa"], ["1", "Café", "Muara"], ["2", "", "Lor"]]
    table = read_table(csv(newline.join(delimiter.join(line) for line in lines) + newline, encoding), score)
    assert list(table.cells.columns) == lines[0]
    assert table.cells.iloc[0].tolist() == ["1", "Café", "Muara"]
    assert table.cells.isna().sum().sum() == 1
    assert table.sheet_row.tolist() == [2, 3]


def test_addresses_full_of_commas_do_not_hide_the_semicolon(csv):
    table = read_table(csv("NIK;Nama;Desa\n1;Dk. A, RT 1, RW 2, no 3, jalan B;Muara\n"), score)
    assert list(table.cells.columns) == ["NIK", "Nama", "Desa"]


@pytest.mark.parametrize("tail", ["", "\n", "\n\n\n", "\r\n"])
def test_quick_and_careful_reading_agree(csv, tail):
    body = '"a;b";x\n"dua\nbaris";y\n;z\n;\nakhir;'
    quick = read_table(csv("Nama;Desa\n" + body + tail), score)
    careful = read_table(csv("Nama;Desa\n" + body + "\n\n\n" + tail), score)
    titled = read_table(csv("Daftar;\nNama;Desa\n" + body + tail), score)
    assert quick.cells.equals(careful.cells)
    assert quick.cells.equals(titled.cells)
    assert quick.sheet_row.tolist() == careful.sheet_row.tolist() == [2, 3, 4, 6]
    assert titled.sheet_row.tolist() == [3, 4, 5, 7]
    assert quick.empty_rows == titled.empty_rows == 1


def test_title_rows_and_blank_rows_keep_the_numbers_that_a_clerk_sees(csv, xlsx):
    table = read_table(csv("DESA;\n\nNIK;Nama\n1;A\n\n;\n2;B\n\n"), score)
    assert table.sheet_row.tolist() == [4, 7]
    assert table.empty_rows == 2
    same = read_table(xlsx(["DESA"], [], ["NIK", "Nama"], ["1", "A"], [], [], ["2", "B"]), score)
    assert same.sheet_row.tolist() == [4, 7]
    assert same.empty_rows == 2


def test_repeated_and_empty_headings_become_distinct(csv):
    table = read_table(csv("Nama;Nama;Nama (2);;\n1;2;3;4;5\n"), score)
    assert table.cells.columns.is_unique
    assert table.cells.iloc[0].tolist() == ["1", "2", "3", "4", "5"]


def test_ragged_rows_are_kept_and_those_with_too_many_cells_are_marked(csv):
    table = read_table(csv("NIK;Nama;Desa\n1\n1;2;3;4\n1;2;3;;\n1;2;3\n"), score)
    assert table.sheet_row.tolist() == [2, 3, 4, 5]
    assert table.overlong.tolist() == [False, True, False, False]
    assert table.cells.shape == (4, 3)


def test_a_huge_cell_and_control_characters_are_only_text(csv):
    huge = "x" * 3_000_000
    table = read_table(csv(f"NIK;Nama\n1;{huge}\n2;a\x07b\u202ec\n" + ";\n" * 5 + "3;\x00z\n"), score)
    assert table.cells["Nama"].str.len().tolist() == [3_000_000, 5, 2]
    assert table.sheet_row.tolist() == [2, 3, 9]


def test_workbook_cells_become_the_text_a_person_sees(xlsx):
    path = xlsx(
        ["NIK", "Nama", "RT/RW", "Desa"],
        [9912340013567890, "=1+1", date(2025, 1, 2), 3326010001.0],
        [1.5, None, True, "a"],
    )
    table = read_table(path, score)
    assert table.cells["NIK"].tolist() == ["9912340013567890", "1.5"]
    assert table.cells["Desa"].tolist() == ["3326010001", "a"]
    assert table.cells["RT/RW"].tolist() == ["2025-01-02", "TRUE"]


def test_the_sheet_that_looks_like_data_is_read(tmp_path):
    book = Workbook()
    book.active.append(["Petunjuk pengisian"])
    data = book.create_sheet("Data")
    data.append(["NIK", "Nama"])
    data.append(["1", "A"])
    book.create_sheet("Kosong")
    book.save(tmp_path / "buku.xlsx")
    table = read_table(tmp_path / "buku.xlsx", score)
    assert table.sheet == "Data"
    assert len(table.cells) == 1


def test_ods_is_read(tmp_path):
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join(
        f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>"
        for row in (["NIK", "Nama"], ["7", "A"])
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(tmp_path / "lembar.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="A">{rows}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    assert read_table(tmp_path / "lembar.ods", score).cells.to_numpy().tolist() == [["7", "A"]]


def test_an_encrypted_workbook_opens_with_its_password_only(xlsx, tmp_path):
    plain = xlsx(["NIK", "Nama"], ["1", "A"])
    locked = tmp_path / "terkunci.xlsx"
    with plain.open("rb") as source, locked.open("wb") as target:
        msoffcrypto.format.ooxml.OOXMLFile(source).encrypt("rahasia-9", target)
    assert read_table(locked, score, password="rahasia-9").cells.to_numpy().tolist() == [["1", "A"]]  # noqa: S106  a test's own
    with pytest.raises(EncryptedSheet, match="--password-file"):
        read_table(locked, score)
    with pytest.raises(EncryptedSheet, match="salah") as fault:
        read_table(locked, score, password="bukan-ini")  # noqa: S106  likewise
    assert "bukan-ini" not in str(fault.value)


@pytest.mark.parametrize("content", ["NIK;Nama\n", "NIK;Nama", "NIK;Nama\n;\n\n", "\n\n\n", " "])
def test_no_row_under_the_header_is_an_empty_sheet(csv, content):
    with pytest.raises(EmptySheet, match=r"lembar\.csv"):
        read_table(csv(content), score)


def test_empty_files_and_files_that_are_no_sheet_say_so(csv, xlsx, tmp_path):
    with pytest.raises(EmptySheet, match="0 bita"):
        read_table(csv(b""), score)
    with pytest.raises(EmptySheet):
        read_table(xlsx(["NIK", "Nama"]), score)
    with pytest.raises(EmptySheet):
        read_table(xlsx(), score)
    picture, archive, cut = tmp_path / "gambar.xlsx", tmp_path / "arsip.xlsx", tmp_path / "putus.xlsx"
    picture.write_bytes(PNG)
    with zipfile.ZipFile(archive, "w") as inside:
        inside.writestr("halo.txt", "halo")
    cut.write_bytes(xlsx(["NIK"], ["1"]).read_bytes()[:700])
    ole = tmp_path / "lama.xls"
    ole.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    for path in (csv(PNG), picture, archive, cut, ole, tmp_path, tmp_path / "tidak_ada.csv"):
        with pytest.raises(UnreadableSheet):
            read_table(path, score)


def test_a_formula_in_a_csv_stays_text(csv):
    table = read_table(csv("NIK;Nama\n=1+1;@SUM(A1)\n"), score)
    assert table.cells.iloc[0].tolist() == ["=1+1", "@SUM(A1)"]


def test_a_quote_that_is_never_closed_swallows_no_row(csv):
    table = read_table(csv('NIK,Nama,Desa\n1,"A, B",Lor\n2,"Siti,Kajen\n3,C,Lor\n4,"D",Lor\n'), score)
    assert table.sheet_row.tolist() == [2, 3, 4, 5]
    assert table.cells["Nama"].tolist() == ["A, B", "Siti", "C", "D"]
