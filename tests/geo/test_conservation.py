"""Any sheet at all, hostile ones among them: every row is found again as valid or rejected, and nothing crashes."""

import csv
import io
import os
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet.cell_range import CellRange

from geo.errors import PetaError
from geo.geocoding import geocode
from geo.households import read_households
from geo.settings import Settings
from geo.spreadsheet import TAB_STEP, read_table

HEADINGS = [
    "NIK",
    "Nama Kepala Keluarga",
    "Desa/Kelurahan",
    "Kecamatan",
    "RT/RW",
    "Lintang",
    "Bujur",
    "Desil",
    "303. Jenis Lantai",
    "304. Jenis Dinding",
    "305. Jenis Atap",
    "Catatan",
]
HOSTILE = [
    "", " ", "-", "1", "0", "10", "3,5", "001/002", "1-2", "2-Jan", "=1+1", "=cmd|' /C calc'!A0", "+1", "@SUM(A1)",
    "'9901020101900001", "9901020101900001", "3,326E+15", "<img src=x onerror=alert(1)>", "2025-01-02 00:00:00", '"',
    ";", ",", "|", "\t", "a\nb", "Muara Lor", "MUARA", "Pesisir Raya", "Desil 1", "8", "88", "9" * 400, "\u202ealam",
    "\u200f", "\x07", "\x00", "\x1b[31m", "keramik", "nan", "inf", "-inf", "1e308", "1_000", "-6.88", "110,01", "0,0",
    "6°53'20\"S", "-6.88, 110.01", "JUMLAH", "Total", "#N/A", "#REF!", "TRUE", "NIK", "Desa", "(1)", "(2)", "301a",
    "302", "\ufeff", "٣٣", "e\u0301", "\U0001f3e0", "x" * 5000, "sep=;", "_x000D_", "_xD800_", "&amp;", "]]>",
]  # fmt: skip
TEXT = st.one_of(
    st.sampled_from(HOSTILE),
    st.sampled_from(HEADINGS),
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=12),
)
CELL = st.one_of(
    TEXT,
    st.none(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(date(1900, 3, 1), date(9999, 12, 31)),
    st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 30)),  # noqa: DTZ001  a sheet's dates have no zone
    st.times(),
)
GRID = st.lists(st.lists(CELL, max_size=len(HEADINGS) + 3), max_size=12)
HEADER = st.one_of(
    st.just([HEADINGS]),
    st.just([HEADINGS]),
    st.permutations(HEADINGS).map(lambda words: [words]),
    st.just(
        [["NIK", "Desa", "Koordinat", "", "Data Rumah", ""], ["", "", "Lintang", "Bujur", "Lantai", "Atap"]]
    ),
    st.just([HEADINGS, [f"({place})" for place in range(1, len(HEADINGS) + 1)]]),
    st.lists(st.lists(TEXT, max_size=8), max_size=3),
)
TITLES = st.sampled_from([[], [["DAFTAR RTLH"]], [["Kecamatan", ": Pesisir Raya"], [], ["Tahun", 2026]]])
MERGES = st.lists(
    st.builds(
        "{0}{2}:{1}{3}".format,
        st.sampled_from("ABC"),
        st.sampled_from("CDE"),
        st.integers(1, 6),
        st.integers(6, 40),
    )
    | st.builds(
        "{0}{1}:{0}{2}".format, st.sampled_from("ABCDEFGHIJKLM"), st.integers(1, 8), st.integers(8, 20)
    ),
    max_size=4,
)
EXAMPLES = int(os.environ.get("PETA_TEST_EXAMPLES", "25"))
"""Set the variable to look further than a test run has time for."""

QUICK = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


def score(headings: Iterable[str]) -> int:
    return len({heading.strip() for heading in headings} & set(HEADINGS))


def written(cell: object) -> str:
    return "" if cell is None else str(cell)


def write_csv(path: Path, rows: list[list[object]], delimiter: str, encoding: str, quoting: int) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=quoting).writerows(
        [list(map(written, row)) for row in rows]
    )
    path.write_bytes(text.getvalue().encode(encoding, errors="replace"))


def write_xlsx(path: Path, *sheets: list[list[object]], merges: Iterable[str] = ()) -> None:
    book = Workbook(write_only=True)
    for place, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Data {place}")
        for row in rows:
            sheet.append(
                [
                    ILLEGAL_CHARACTERS_RE.sub("", cell)[:32_000] if isinstance(cell, str) else cell
                    for cell in row
                ]
            )
        sheet.merged_cells.ranges = [CellRange(ref) for ref in merges]
    book.save(path)


def filled_rows(rows: list[list[object]], *, is_csv: bool) -> set[int]:
    """Return the numbers of the rows with anything in them, as a spreadsheet program does."""
    kept = (
        (lambda cell: written(cell) != "")
        if is_csv
        else lambda cell: ILLEGAL_CHARACTERS_RE.sub("", written(cell)) != ""
    )
    return {number for number, row in enumerate(rows, start=1) if any(map(kept, row))}


def read_or_refusal(read: Callable[[Path], Any], path: Path) -> Any:  # noqa: ANN401  as ``read`` returns
    """Read a file, or return the plain words in which it is refused; anything else that is raised is a fault."""
    try:
        return read(path)
    except PetaError as refused:
        return refused


def check_conserved(path: Path, filled: set[int], district) -> None:
    """Read a sheet all the way to desa; whatever is not refused in plain words must add up."""
    found = read_or_refusal(read_households, path)
    if isinstance(found, PetaError):
        return
    rows = [*found.households["sheet_row"], *found.rejects["sheet_row"]]
    assert len(rows) == len(set(rows)) == found.rows
    assert set(rows) <= filled
    assert all(number < min(rows) for number in filled - set(rows)), "a row under the header is gone"
    assert (found.rejects["reason"].str.len() > 0).all()
    assert len(found.rejected_cells) == len(found.rejects)
    placed = geocode(
        found.households,
        district.desa,
        district.measuring,
        Settings().geocoding,
        district.info["district"]["nama"],
    )
    assert placed["sheet_row"].tolist() == found.households["sheet_row"].tolist()
    own = placed["location_quality"].isin(["gps", "gps_border"])
    assert placed.geometry.notna().tolist() == own.tolist()


@QUICK
@given(
    titles=TITLES,
    header=HEADER,
    grid=GRID,
    delimiter=st.sampled_from([";", ",", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_every_row_of_any_csv_ends_as_valid_or_reject(
    tmp_path, district, titles, header, grid, delimiter, encoding, quoting
):
    rows, path = [*titles, *header, *grid], tmp_path / "lembar.csv"
    write_csv(path, rows, delimiter, encoding, quoting)
    check_conserved(path, filled_rows(rows, is_csv=True), district)


@QUICK
@given(titles=TITLES, header=HEADER, grid=GRID, merges=MERGES)
def test_every_row_of_any_xlsx_ends_as_valid_or_reject(tmp_path, district, titles, header, grid, merges):
    rows, path = [*titles, *header, *grid], tmp_path / "lembar.xlsx"
    write_xlsx(path, rows, merges=merges)
    check_conserved(path, filled_rows(rows, is_csv=False), district)


def test_the_usual_header_is_not_refused(tmp_path):
    """Else the laws above would hold of nothing."""
    write_xlsx(path := tmp_path / "lembar.xlsx", *[[HEADINGS, ["7", "SITI", "Muara Lor"]]] * 2)
    assert read_households(path).rows == 1
    assert read_households(path, sheet="*").rows == 2


def test_the_signature_under_each_of_several_sheets_is_no_household(tmp_path):
    sheet = [HEADINGS, ["7", "SITI", "Muara Lor"], [None, "Mengetahui,"], [None, "SUTRISNO"]]
    write_xlsx(path := tmp_path / "lembar.xlsx", sheet, sheet)
    found = read_households(path, sheet="*")
    assert found.households["sheet_row"].tolist() == [TAB_STEP + 2, 2 * TAB_STEP + 2]
    assert found.rejects["sheet_row"].tolist() == [
        TAB_STEP + 3, TAB_STEP + 4, 2 * TAB_STEP + 3, 2 * TAB_STEP + 4,
    ]  # fmt: skip


@QUICK
@given(titles=TITLES, grid=GRID, as_csv=st.booleans())
def test_every_row_under_a_header_is_in_the_table(tmp_path, titles, grid, as_csv):
    rows = [*titles, HEADINGS, ["7", "SITI", "Muara Lor"], *grid]
    path = tmp_path / ("lembar.csv" if as_csv else "lembar.xlsx")
    if as_csv:
        write_csv(path, rows, ";", "utf-8", csv.QUOTE_ALL)
    else:
        write_xlsx(path, rows)
    table = read_table(path, score)
    filled = filled_rows(rows, is_csv=as_csv)
    assert set(table.sheet_row) == {number for number in filled if number >= table.body_row}
    assert table.body_row <= len(titles) + 2 or score(rows[table.header_row - 1]) == len(HEADINGS)


@QUICK
@given(grids=st.lists(GRID, min_size=1, max_size=3), merges=MERGES)
def test_every_row_of_several_sheets_ends_as_valid_or_reject(tmp_path, grids, merges):
    sheets = [[HEADINGS, ["7", "SITI", "Muara Lor"], *grid] for grid in grids]
    write_xlsx(path := tmp_path / "lembar.xlsx", *sheets, merges=merges)
    filled = [filled_rows(rows, is_csv=False) for rows in sheets]
    table = read_table(path, score, sheet="*")
    if len(sheets) == 1 or table.sheet != "*":  # a header that goes on in the next rows may change the shape
        return
    assert len(table.sheet_row) == len(set(table.sheet_row)) == len(table.cells)
    assert (np.diff(table.sheet_row) > 0).all()
    for tab, row in (divmod(number, TAB_STEP) for number in table.sheet_row):
        assert row in filled[tab - 1]
    found = read_or_refusal(lambda file: read_households(file, sheet="*"), path)
    if not isinstance(found, PetaError):
        rows = [*found.households["sheet_row"], *found.rejects["sheet_row"]]
        assert sorted(rows) == table.sheet_row.tolist()


HEADS = [b"", b"NIK;Desa\n", b"sep=,\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe",
         b"\xfe\xff", b"\xef\xbb\xbf", b"<html><table><tr><td>NIK<td>Desa<tr><td>1<td>Muara<tr>"]  # fmt: skip


@QUICK
@given(
    content=st.one_of(st.binary(max_size=400), st.text(max_size=300).map(str.encode)),
    head=st.sampled_from(HEADS),
)
def test_any_bytes_are_read_or_refused_in_plain_words(tmp_path, head, content):
    path = tmp_path / "bita.xls"
    path.write_bytes(head + content)
    found = read_or_refusal(read_households, path)
    if isinstance(found, PetaError):
        assert len(str(found)) > 20
        return
    rows = [*found.households["sheet_row"], *found.rejects["sheet_row"]]
    assert len(rows) == len(set(rows)) == found.rows


@QUICK
@given(
    cuts=st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=8)), min_size=1, max_size=6),
    data=st.data(),
)
def test_a_damaged_workbook_is_read_or_refused_in_plain_words(tmp_path, workbooks, cuts, data):
    whole = bytearray(data.draw(st.sampled_from(workbooks)).read_bytes())
    for at, put in cuts:
        place = at % len(whole)
        whole[place : place + len(put)] = put
    path = tmp_path / "rusak.bin"
    path.write_bytes(whole)
    found = read_or_refusal(lambda file: read_table(file, score), path)
    if isinstance(found, PetaError):
        assert len(str(found)) > 20
    else:
        assert len(set(found.sheet_row)) == len(found.cells)


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory) -> list[Path]:
    """Return one small sound workbook of every kind."""
    folder = tmp_path_factory.mktemp("buku")
    write_xlsx(folder / "a.xlsx", [HEADINGS, ["1", "A", "Muara", 5, date(2026, 1, 2)]])
    data = Path(__file__).parents[1] / "data"
    return [folder / "a.xlsx", *sorted(data.glob("lembar.*"))]
