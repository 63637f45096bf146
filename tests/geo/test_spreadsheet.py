"""Files as offices send them: every row found again with its number, and a plain word where that cannot be."""

import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path

import msoffcrypto.format.ooxml
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from geo.errors import EmptySheet, EncryptedSheet, UnknownSheet, UnreadableSheet
from geo.spreadsheet import read_table
from geo.spreadsheet.header import distinct, find_header
from geo.spreadsheet.sheets import MOST_COLUMNS

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
    table = read_table(csv("Nama;Nama;Nama (2);;\n1;b;3;4;5\n"), score)
    assert table.cells.columns.is_unique
    assert table.cells.iloc[0].tolist() == ["1", "b", "3", "4", "5"]


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
    assert table.cells["Nama"].iloc[0] == "=1+1"  # no value was ever saved beside it
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


def write_ods(path: Path, rows: str) -> None:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="A">{rows}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )


def test_ods_is_read(tmp_path):
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join(
        f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>"
        for row in (["NIK", "Nama"], ["7", "A"])
    )
    write_ods(tmp_path / "lembar.ods", rows)
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


DATA = Path(__file__).parents[1] / "data"


def test_a_file_without_a_mark_in_utf_16_and_lines_of_the_old_mac(csv):
    content = "NIK;Nama;Desa\n" + "1;Café;Muara\n" * 3
    for encoding in ("utf-16-le", "utf-16-be", "utf-8", "cp1252"):
        for newline in ("\n", "\r\n", "\r"):
            table = read_table(csv(content.replace("\n", newline), encoding), score)
            assert table.cells["Nama"].tolist() == ["Café"] * 3
            assert table.sheet_row.tolist() == [2, 3, 4]


def test_two_encodings_in_one_file_are_both_read(csv):
    table = read_table(csv(b"NIK;Nama;Desa\n1;Caf\xc3\xa9;A\n2;Caf\xe9;B\n"), score)
    assert table.cells["Nama"].tolist() == ["Café", "Café"]
    assert table.kind == "CSV, pemisah titik koma, Windows-1252"


def test_the_line_that_names_the_delimiter_is_obeyed_and_not_counted(csv):
    table = read_table(csv("sep=|\r\nNIK|Nama, lengkap|Desa\r\n1|A;B|C\r\n"), score)
    assert list(table.cells.columns) == ["NIK", "Nama, lengkap", "Desa"]
    assert table.sheet_row.tolist() == [2]
    assert table.header_row == 1
    assert table.kind == "CSV, pemisah garis tegak, UTF-8"


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ('1;"SITI";A\n2;"B ""X"" C";A\n3;6" pipa;A\n', ["SITI", 'B "X" C', '6" pipa']),
        ('1;"SITI;A\n2;B;A\n3;"C;A\n', ["SITI", "B", "C"]),
        ('1;"SITI\nlagi";A\n2;B;A\n3;C;A\n', ["SITI\nlagi", "B", "C"]),
        ('1;JL. "MAWAR";A\n2;"JL. "MAWAR" 1";A\n3;C;A\n', ['JL. "MAWAR"', 'JL. MAWAR" 1"', "C"]),
        ('1;A;A\n2;B;A\n3;"C;A', ["A", "B", "C"]),
    ],
)
def test_quotation_marks_of_every_kind_swallow_no_row(csv, body, names):
    table = read_table(csv("NIK;Nama;Desa\n" + body), score)
    assert table.cells["NIK"].tolist() == ["1", "2", "3"]
    assert table.cells["Nama"].tolist() == names
    assert table.cells["Desa"].tolist() == ["A", "A", "A"]


def test_two_rows_of_headings_become_one_name_for_each_column(csv, xlsx):
    rows = [
        ["DAFTAR RUMAH"],
        ["NIK", "Kepala Keluarga", None, "Alamat", None, None, "Aset", None],
        [None, "Nama", "Umur", "Desa", "RT/RW", "Jalan", "Motor", "Sawah"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)"],
        ["7", "SITI", 40, "Muara", "1/2", "X", 1, 2],
    ]
    text = "\n".join(";".join("" if cell is None else str(cell) for cell in row) for row in rows)
    for table in (read_table(csv(text), score), read_table(xlsx(*rows), score)):
        assert list(table.cells.columns) == [
            "NIK", "Nama", "Kepala Keluarga Umur", "Desa", "RT/RW", "Alamat Jalan", "Aset Motor", "Aset Sawah",
        ]  # fmt: skip
        assert (table.header_row, table.body_row) == (3, 5)
        assert table.sheet_row.tolist() == [5]


def test_sub_headings_under_the_known_names_are_no_household(xlsx):
    rows = (["NIK", "Nama", "Desa", "Bantuan", None], [None, None, None, "PKH", "BPNT"])
    table = read_table(xlsx(*rows, ["7", "SITI", "Muara", 1, 2]), score)
    assert list(table.cells.columns) == ["NIK", "Nama", "Desa", "Bantuan PKH", "Bantuan BPNT"]
    assert table.sheet_row.tolist() == [3]


@pytest.mark.parametrize(
    "rows",
    [
        (["NIK", "Nama", None, "Desa"], [None, "SITI", "AHMAD", None]),
        (["NIK", "Nama", "Desa", "Ket"], [None, "SITI", None, None]),
        (["NIK", "Nama", "Desa"], ["7", "SITI", "Desa"]),
        (["NIK", "Nama", "Desa"], ["1", "3", "2"]),
    ],
)
def test_a_household_under_the_header_is_never_taken_for_a_heading(xlsx, rows):
    assert read_table(xlsx(*rows), score).sheet_row.tolist() == [2]


def test_one_heading_under_two_groups_says_which(xlsx):
    rows = (["NIK", "Domisili", None, "KTP", None], [None, "Desa", "RT/RW", "Desa", "RT/RW"])
    table = read_table(xlsx(*rows, ["7", "A", "1/2", "B", "3/4"]), score)
    assert list(table.cells.columns) == [
        "NIK", "Desa (Domisili)", "RT/RW (Domisili)", "Desa (KTP)", "RT/RW (KTP)",
    ]  # fmt: skip


def test_where_the_sheet_is_from_is_no_group_of_headings(xlsx):
    table = read_table(xlsx(["Desa", ": Muara"], ["No", "NIK", "Nama"], [1, "7", "SITI"]), score)
    assert list(table.cells.columns) == ["No", "NIK", "Nama"]


def test_the_header_printed_on_every_page_is_marked(csv):
    table = read_table(
        csv("NIK;Nama;Desa\n(1);(2);(3)\n1;A;B\nNIK;Nama;Desa\n(1);(2);(3)\n2;A;B\n3;Nama;B\n"), score
    )
    assert table.sheet_row.tolist() == [3, 4, 5, 6, 7]
    assert table.repeated_header.tolist() == [False, True, True, False, False]


def test_a_header_far_down_is_found(xlsx):
    table = read_table(
        xlsx(*[[f"Petunjuk {place}"] for place in range(45)], ["NIK", "Nama"], ["1", "A"]), score
    )
    assert table.sheet_row.tolist() == [47]


def test_a_sheet_by_name_or_the_larger_of_two_that_are_alike(tmp_path):
    book = Workbook()
    for name, rows in {"Muara": 2, "Lor": 9, "Kosong": 0, "Lama": 30}.items():
        page = book.create_sheet(name)
        page.append(["NIK", "Nama", "Desa"])
        for row in range(rows):
            page.append([row, "A", name])
    book["Lama"].sheet_state = "hidden"
    book.save(path := tmp_path / "buku.xlsx")
    table = read_table(path, score)
    assert (table.sheet, table.sheets) == ("Lor", ("Muara",))
    assert table.kind == "XLSX, lembar «Lor»"
    assert len(read_table(path, score, sheet=" muara").cells) == 2
    assert len(read_table(path, score, sheet="Lama").cells) == 30
    with pytest.raises(UnknownSheet, match="«Lor»"):
        read_table(path, score, sheet="Data")


@pytest.mark.parametrize("name", ["lembar.xls", "lembar.ods"])
def test_a_workbook_of_another_program_reads_like_an_xlsx(name):
    table = read_table(DATA / name, score)
    assert (table.sheet, table.header_row, table.sheet_row.tolist(), table.empty_rows) == (
        "Data",
        3,
        [4, 6],
        1,
    )
    assert table.cells["NIK"].tolist() == ["9912340013567890", "9912340013567891"]
    assert table.numeric == {"NIK"}
    assert table.cells["RT/RW"].tolist() == ["2026-01-02", "001/002"]
    assert table.cells["Diisi"].iloc[0] == "2026-01-15 10:30:00"
    assert table.cells["Luas"].tolist() == ["45.5", "36"]


def test_dates_times_errors_and_numbers_of_an_xlsx(tmp_path):
    book = Workbook()
    book.active.append(["NIK", "Nama", "Desa", "Jam", "Ket"])
    book.active.append([3326010101010000, "A", "#N/A", time(10, 30), 45.25])
    book.active.append(
        ["3326010101010001", "_x0041_", datetime(2026, 1, 2, 3, 4, 5), timedelta(hours=30), 1e300]  # noqa: DTZ001  as sheets are
    )
    book.active["E2"].number_format = '0.00 "hari dan jam"'
    book.save(path := tmp_path / "a.xlsx")
    table = read_table(path, score)
    assert table.cells.iloc[0].tolist() == [
        "3326010101010000",
        "A",
        "#N/A",
        "10:30:00",
        "45.25",
    ]
    assert table.cells.iloc[1].tolist()[2:] == ["2026-01-02 03:04:05", "30:00:00", "1e+300"]
    assert table.numeric == {"NIK", "Ket"}


PAGE = """<html><style>td {x: 1}</style><!-- <table> --><table>
<tr><th rowspan=2>NIK<th colspan=2>Data<tr><th>Nama<th>Desa<tr><td>7<td>SITI &amp; A<br>B<td>Muara</table>"""
XML_2003 = """<?xml version="1.0"?><Workbook xmlns:ss="x"><Worksheet ss:Name="Isi"><Table>
<Row><Cell><Data>NIK</Data></Cell><Cell><Data>Nama</Data></Cell><Cell><Data>Desa</Data></Cell></Row>
<Row ss:Index="3"><Cell><Data>7</Data></Cell>
<Cell><Data>SITI &amp; A B</Data></Cell><Cell><Data>Muara</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


@pytest.mark.parametrize("page", [PAGE, XML_2003])
def test_a_page_of_markup_under_the_name_of_a_workbook_is_read(tmp_path, page):
    (tmp_path / "ekspor.xls").write_text(page, encoding="utf-8")
    table = read_table(tmp_path / "ekspor.xls", score)
    assert table.cells.iloc[0].tolist() == ["7", "SITI & A B", "Muara"]
    assert table.sheet_row.tolist() == [3]


def raw_xlsx(path: Path, *sheet: str) -> Path:
    """Write an XLSX of hand-made XML, as an attacker would."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml", '<workbook xmlns:r="r"><sheets><sheet name="A" r:id="a"/></sheets></workbook>'
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships><Relationship Id="a" Type="x/worksheet" Target="worksheets/a.xml"/></Relationships>',
        )
        with archive.open("xl/worksheets/a.xml", "w") as part:
            for piece in sheet:
                part.write(piece.encode())
    return path


TOP = '<row><c t="str"><v>NIK</v></c><c t="str"><v>Nama</v></c><c t="str"><v>Desa</v></c></row>'
ONE = '<row><c t="str"><v>1</v></c><c t="str"><v>A</v></c></row>'


def test_a_cell_in_the_last_corner_takes_no_memory(tmp_path):
    far = '<row r="1048576"><c r="XFD1048576"><v>9</v></c></row>'
    path = raw_xlsx(tmp_path / "a.xlsx", f"<worksheet><sheetData>{TOP}{ONE}{far}</sheetData></worksheet>")
    table = read_table(path, score)
    assert table.cells.shape == (2, 3)
    assert table.sheet_row.tolist() == [2, 1_048_576]


def test_rows_without_numbers_and_with_false_ones_stay_apart(tmp_path):
    rows = '<row r="9"><c t="str"><v>1</v></c></row><row r="3"><c><v>2</v></c></row><row r="x"><c><v>3</v></c></row>'
    path = raw_xlsx(tmp_path / "a.xlsx", f"<worksheet><sheetData>{TOP}{rows}</sheetData></worksheet>")
    assert read_table(path, score).sheet_row.tolist() == [9, 10, 11]


def test_a_namespace_prefix_inline_text_and_formulas_are_understood(tmp_path):
    cells = (
        '<x:c r="A2" t="inlineStr"><x:is><x:r><x:t>SI</x:t></x:r><x:r><x:t>TI</x:t></x:r></x:is></x:c>'
        '<x:c r="C2" t="str"><x:f>1+1</x:f><x:v>Muara</x:v></x:c>'
    )
    sheet = TOP.replace("<", "<x:").replace("<x:/", "</x:") + f'<x:row r="2">{cells}</x:row>'
    path = raw_xlsx(
        tmp_path / "a.xlsx", f'<x:worksheet xmlns:x="u"><x:sheetData>{sheet}</x:sheetData></x:worksheet>'
    )
    assert read_table(path, score).cells.fillna("").iloc[0].tolist() == ["SITI", "", "Muara"]


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        (["<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet/>"], "bukan lembar kerja"),
        (['<worksheet><row><c t="str"><v>', *["x" * 2**20] * 17, "</v></c></row></worksheet>"], "juta huruf"),
        (["<worksheet>", *['<row r="1"><c t="str"><v>A</v></c>'] * 2], "rusak atau terpotong"),
    ],
)
def test_malicious_xml_is_refused_in_plain_words(tmp_path, sheet, words):
    with pytest.raises(UnreadableSheet, match=words):
        read_table(raw_xlsx(tmp_path / "a.xlsx", *sheet), score)


def test_what_unpacks_to_more_than_a_sheet_can_be_is_refused(tmp_path, monkeypatch):
    path = raw_xlsx(tmp_path / "a.xlsx", f"<worksheet><sheetData>{TOP}{ONE * 200}</sheetData></worksheet>")
    monkeypatch.setattr("geo.spreadsheet.xlsx.MOST_BYTES", 1000)
    with pytest.raises(UnreadableSheet, match="mengembang"):
        read_table(path, score)
    monkeypatch.undo()
    monkeypatch.setattr("geo.spreadsheet._MOST_CELLS", 100)
    with pytest.raises(UnreadableSheet, match="juta sel"):
        read_table(path, score)


def test_an_ods_that_unfolds_without_end_is_refused(tmp_path):
    with zipfile.ZipFile(path := tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            '<d xmlns:t="t" xmlns:o="o"><t:table t:name="A"><t:table-row t:number-rows-repeated="1000000">'
            '<t:table-cell o:value-type="float" o:value="1" t:number-columns-repeated="16384"/>'
            "</t:table-row></t:table></d>",
        )
    with pytest.raises(UnreadableSheet, match="terlalu luas"):
        read_table(path, score)


@given(st.lists(st.sampled_from(["", "a", "a (2)", "a (3)", "a (2) (2)", "(kolom 3)", "b"]), max_size=12))
def test_every_column_has_the_first_name_that_is_free(headings):
    names = distinct(headings)
    for place, (heading, name) in enumerate(zip(headings, names, strict=True)):
        plain = heading or f"(kolom {place + 1})"
        tried = (plain if time == 1 else f"{plain} ({time})" for time in count(1))
        assert name == next(each for each in tried if each not in names[:place])


def test_a_hundred_thousand_columns_of_one_name_are_named_one_after_another():
    # taken from the first number for each, they would never end
    assert distinct(["c"] * 100_000)[-1] == "c (100000)"
    assert len({*distinct(["c", "c (2)"] * 50_000)}) == 100_000


def test_what_no_program_can_show_is_no_heading():
    header = find_header([(1, ["NIK", "Nama", *("c" * 20_000)]), (2, ["1", "A"])], score)
    assert len(header.headings) == MOST_COLUMNS


def test_a_hundred_thousand_empty_columns_are_no_columns(csv):
    table = read_table(csv("NIK;Nama" + ";" * 100_000 + "\n" + ("1;A" + ";" * 100_000 + "\n") * 3), score)
    assert table.cells.shape == (3, 2)
    assert not table.overlong.any()


FAR = "<worksheet><sheetData>{}</sheetData><mergeCells>{}</mergeCells></worksheet>"


def test_a_merged_cell_gives_its_value_to_every_row_under_it(tmp_path):
    book = Workbook()
    page = book.active
    rows = [
        ["DAFTAR", None, None, None],
        ["No", "Desa", "Nama", "RT/RW"],
        [1, "Muara", "A", "1/1"],
        [2, None, "B", "1/2"],
        [3, None, None, None],  # numbered beforehand and never filled
        [None, None, None, None],
        [4, None, "C", "2/1"],
        [5, "Lor", "D", "2/2"],
        ["JUMLAH", None, None, None],
    ]
    for row in rows:
        page.append(row)
    for ref in ("A1:D1", "B3:B7", "C3:C3", "A9:D10"):
        page.merge_cells(ref)
    book.save(path := tmp_path / "gabung.xlsx")
    table = read_table(path, score)
    assert table.sheet_row.tolist() == [3, 4, 5, 7, 8, 9]
    assert table.cells["Desa"].fillna("").tolist() == ["Muara", "Muara", "", "Muara", "Lor", ""]
    assert table.empty_rows == 1
    assert table.notes == ("Lembar «Sheet»: 2 sel di bawah sel gabungan diisi dengan isi sel gabungannya.",)


def test_a_cell_merged_over_the_header_or_with_a_hostile_reference_fills_nothing(tmp_path):
    two = '<row><c t="str"><v>2</v></c><c t="str"><v>B</v></c></row>'
    refs = [
        "A1:A9",
        "C1:C3",
        "A3:A2",
        "",
        "A0:A9",
        "XFE2:XFE9",
        "A2:A99999999999",
        "A2",
        "B2:B3:B4",
        "٣",
        "XFD2:XFD3",
    ]
    merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in refs) + "<mergeCell/>"
    path = raw_xlsx(tmp_path / "a.xlsx", FAR.format(TOP + ONE + two, merged))
    table = read_table(path, score)
    assert table.cells.fillna("").to_numpy().tolist() == [["1", "A", ""], ["2", "B", ""]]
    assert table.notes == ()


def test_of_merged_cells_that_overlap_only_the_upper_one_counts(tmp_path):
    rows = "".join(f'<row r="{at}"><c t="str"><v>N{at}</v></c></row>' for at in range(3, 7))
    first = '<row r="2"><c t="str"><v>N2</v></c><c t="str"><v>A</v></c></row>'
    other = '<row r="7"><c t="str"><v>N7</v></c><c t="str"><v>B</v></c></row><row r="8"><c t="str"><v>N8</v></c></row>'
    merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in ["B7:B8", "B3:B9", "B2:B4"] * 1000)
    path = raw_xlsx(tmp_path / "a.xlsx", FAR.format(TOP + first + rows + other, merged))
    assert read_table(path, score).cells["Nama"].fillna("").tolist() == ["A", "A", "A", "", "", "B", ""]


ROWSPAN = "<table><tr><td>NIK<td>Desa<tr><td>7<td rowspan=2>Muara<tr><td>88 77 66<tr><td>9<td>Lor</table>"
MERGE_DOWN = """<Workbook xmlns:ss="x"><Worksheet ss:Name="Isi"><Table>
<Row><Cell><Data>NIK</Data></Cell><Cell><Data>Desa</Data></Cell></Row>
<Row><Cell><Data>7</Data></Cell><Cell ss:MergeDown="1"><Data>Muara</Data></Cell></Row>
<Row><Cell><Data>88 77 66</Data></Cell></Row></Table></Worksheet></Workbook>"""


@pytest.mark.parametrize("page", [ROWSPAN, MERGE_DOWN])
def test_merged_cells_of_a_page_of_markup(tmp_path, page):
    (tmp_path / "ekspor.xls").write_text(page, encoding="utf-8")
    assert read_table(tmp_path / "ekspor.xls", score).cells["Desa"].tolist()[:2] == ["Muara", "Muara"]


def test_merged_cells_of_an_ods(tmp_path):
    text = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
    lines = [
        text.format("", "Nama") + text.format("", "Desa"),
        text.format("", "A") + text.format(' table:number-rows-spanned="2"', "Muara"),
        text.format("", "B") + "<table:covered-table-cell/>",
        text.format("", "C"),
    ]
    rows = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
    write_ods(tmp_path / "lembar.ods", rows)
    assert read_table(tmp_path / "lembar.ods", score).cells["Desa"].fillna("").tolist() == [
        "Muara",
        "Muara",
        "",
    ]


@pytest.fixture
def book_of_desa(tmp_path) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, headings, rows in [
        ("Petunjuk", ["Isilah"], 3),
        ("Muara", ["NIK", "Nama", "Desa"], 2),
        ("Lor", ["Desa", "nama", "NIK", "Ket"], 9),
        ("Lama", ["NIK", "Nama", "Desa"], 30),
        ("Rekap", ["NIK", "Nama", "Desa", "RT/RW"], 1),
    ]:
        page = book.create_sheet(name)
        page.append(headings)
        for row in range(rows):
            page.append([f"{name} {row} {heading}" for heading in headings])
    book["Lama"].sheet_state = "hidden"
    book.save(tmp_path / "desa.xlsx")
    return tmp_path / "desa.xlsx"


def known(headings: Iterable[str]) -> int:
    return len({heading.strip().casefold() for heading in headings} & {"nik", "nama", "desa"})


def test_all_sheets_of_one_shape_are_read_under_each_other(book_of_desa):
    table = read_table(book_of_desa, score, sheet="*")
    assert (table.sheet, len(table.cells)) == ("Rekap", 1)  # no other has all four headings
    assert table.sheets == ("Muara", "Lor")
    table = read_table(book_of_desa, known, sheet="*")
    assert (table.sheet, table.sheets) == ("*", ())
    assert table.kind == "XLSX, 3 lembar: «Muara», «Lor», «Rekap»"
    assert list(table.cells.columns) == ["NIK", "Nama", "Desa", "Ket", "RT/RW"]
    assert table.sheet_row.tolist() == [
        20_000_002, 20_000_003, *range(30_000_002, 30_000_011), 40_000_002,
    ]  # fmt: skip
    assert table.cells["Nama"].tolist()[1:3] == ["Muara 1 Nama", "Lor 0 nama"]
    assert "40000002 adalah baris 2 di lembar ke-4" in table.notes[0]


def test_sheets_that_are_not_read_are_told_loudly(book_of_desa):
    table = read_table(book_of_desa, known)
    assert (table.sheet, len(table.cells)) == ("Lor", 9)
    assert len(table.notes) == 1
    assert table.notes[0] == (
        "TIDAK DIBACA: 2 lembar lain yang juga mirip data: «Muara» (2 baris), «Rekap» (1 baris). "
        'Pilih dengan --sheet NAMA, atau --sheet "*" untuk membaca semua yang judul kolomnya sama.'
    )
    other_shape = read_table(book_of_desa, score)
    assert other_shape.sheet == "Rekap"
    assert '"*"' not in other_shape.notes[0]
    assert read_table(book_of_desa, known, sheet="Lor").notes == ()


def test_more_sheets_than_row_numbers_can_tell_apart_are_refused(book_of_desa, monkeypatch):
    monkeypatch.setattr("geo.spreadsheet._MOST_TABS", 3)
    with pytest.raises(UnreadableSheet, match="lebih dari 3 lembar"):
        read_table(book_of_desa, known, sheet="*")
    assert read_table(book_of_desa, known, sheet="Rekap").sheet_row.tolist() == [2]


def test_a_file_of_one_table_is_read_under_the_name_of_all(csv, xlsx):
    assert read_table(csv("NIK;Nama\n1;A\n"), score, sheet="*").sheet_row.tolist() == [2]
    table = read_table(xlsx(["NIK", "Nama"], ["1", "A"]), score, sheet="*")
    assert (table.sheet, table.sheet_row.tolist(), table.notes) == ("Sheet", [2], ())


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_workbook_that_was_cut_off_says_so(xlsx, tmp_path, share):
    whole = xlsx(["NIK", "Nama"], *[[str(row), "A"] for row in range(200)]).read_bytes()
    (path := tmp_path / "putus.xlsx").write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(UnreadableSheet, match=r"putus\.xlsx: berkas rusak atau terpotong"):
        read_table(path, score)


def test_cells_far_to_the_right_are_told(xlsx):
    table = read_table(xlsx(["NIK", "Nama"], ["1", "A", *[None] * 20, "x"], ["2", "B", "y"]), score)
    assert list(table.cells.columns) == ["NIK", "Nama", "(kolom 3)"]
    assert "1 baris berisi sel jauh di kanan tabel" in table.notes[0]
