"""What goes back to the clerk: rejected rows to fix and send again, and groups of rows that seem alike."""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from geo.assessment import Assessment
from geo.columns.code_lists import read_code_list
from geo.corrections.guidance import about_duplicates, about_rejects
from geo.households.other_rows import AFTER_LAST
from geo.spreadsheet import TAB_STEP
from geo.symbology import QUALITY_TITLES
from geo.workbook import MOST_COLUMNS, MOST_ROWS, Sheet, write_workbook

REJECTS, DUPLICATES = "rejects.xlsx", "ganda.xlsx"
ROW, FAULTY, REASON = "Baris di lembar", "Kolom yang salah", "Alasan"
"""Headings of our own before those of the sheet; they mean nothing when the file is read again."""

SHIFTED = "isi bergeser: betulkan menurut lembar asal, lalu kosongkan sel ini"
"""Stands under :data:`~geo.households.other_rows.AFTER_LAST`: while it does, the row is known to be shifted."""

_TOLD = {
    "nama": "Nama", "nik": "NIK", "no_kk": "Nomor KK", "alamat": "Alamat", "dusun": "Dusun", "rt": "RT", "rw": "RW",
    "desa_tertulis": "Desa tertulis", "kecamatan_tertulis": "Kecamatan tertulis", "nama_desa": "Dihitung di desa",
    "nama_kecamatan": "Dihitung di kecamatan",
}  # fmt: skip


def write_rejects(assessment: Assessment, folder: Path, code_list: str) -> list[Path]:
    """Write the rejected rows, whole and as text, for a clerk to fix and send again; nothing when there are none.

    Parameters
    ----------
    assessment
        Complete: the rows hold names and numbers, and only who may see them may have the file.
    folder
        An existing folder.
    code_list
        The list that the answers were read by, as in the settings.

    Returns
    -------
    list of Path
        ``rejects.xlsx``; more than a sheet can hold go on in ``rejects-2.xlsx`` and so on. Sheets «Perbaikan»
        (row, faulty columns and reason, then every column of the sheet; faulty cells coloured), «Petunjuk» and,
        where a column is answered by codes, «Daftar kode».
    """
    rejects = assessment.rejects
    rows, cells = _numbered(rejects["sheet_row"], assessment.rejected_cells)
    cells = cells.iloc[:, : MOST_COLUMNS - 4]
    shifted = rejects["column"].str.contains(AFTER_LAST, regex=False)
    if shifted.any():
        cells = cells.assign(
            **{AFTER_LAST: pd.Series(SHIFTED, index=cells.index, dtype="str").where(shifted)}
        )
    own = pd.DataFrame({ROW: rows, FAULTY: rejects["column"], REASON: rejects["reason"]})
    table = pd.concat([own, cells], axis=1)
    marked = _faulty(rejects["column"], table.columns)
    tabbed = bool((pd.to_numeric(rows) >= TAB_STEP).any())
    codes = _codes(assessment, code_list)
    written = []
    for number, start in enumerate(range(0, len(table), MOST_ROWS), start=1):
        part = slice(start, start + MOST_ROWS)
        path = folder / REJECTS.replace(".", "." if number == 1 else f"-{number}.")
        sheets = [
            Sheet("Perbaikan", table.iloc[part], marked[part], widths=(9, 24, 60)),
            about_rejects(assessment, len(table.iloc[part]), shifted=bool(shifted.any()), tabbed=tabbed),
            *([Sheet("Daftar kode", codes, widths=(36, 8, 60))] if len(codes) else []),
        ]
        write_workbook(path, sheets, title="Baris yang ditolak", created=assessment.facts["created"])
        written.append(path)
    return written


def write_duplicates(assessment: Assessment, folder: Path) -> list[Path]:
    """Write the groups of rows that seem to be one household; nothing when there are none.

    Parameters
    ----------
    assessment
        Complete: the file names persons.
    folder
        An existing folder.

    Returns
    -------
    list of Path
        ``ganda.xlsx`` with a sheet «Ganda», a row a household, groups together and the row that counts first;
        what does not count is coloured. What a sheet cannot hold is left out.
    """
    households = assessment.households
    grouped = households[households["duplicate_group"].notna()]
    if grouped.empty:
        return []
    grouped = grouped.sort_values(
        ["duplicate_group", "counts", "sheet_row"], ascending=[True, False, True]
    ).head(MOST_ROWS)
    table = pd.DataFrame(
        {
            "Kelompok": grouped["duplicate_group"].astype("str"),
            ROW: grouped["sheet_row"].astype("str"),
            "Sama dalam hal": grouped["duplicate_why"],
            "Dihitung": np.where(grouped["counts"], "ya", "tidak"),
            **{title: grouped[name] for name, title in _TOLD.items() if name in grouped},
            "Letak": grouped["location_quality"].map(QUALITY_TITLES),
        }
    ).astype("str")
    marked = np.zeros(table.shape, dtype=bool)
    marked[:, :4] = ~grouped["counts"].to_numpy(dtype=bool)[:, None]
    path = folder / DUPLICATES
    sheets = [Sheet("Ganda", table, marked, widths=(10, 9, 28, 10)), about_duplicates(assessment)]
    write_workbook(path, sheets, title="Baris yang mungkin ganda", created=assessment.facts["created"])
    return [path]


def _numbered(sheet_row: pd.Series, cells: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame]:
    """Return the number of each row in the office's own sheet, and the cells without our columns.

    A file that is sent again brings the numbers of the first time; a row that a clerk added there has none.
    """
    if not {ROW, FAULTY, REASON} <= {*cells.columns}:
        return sheet_row.astype("str"), cells
    own = [name for name in (ROW, FAULTY, REASON, AFTER_LAST) if name in cells]
    # a spreadsheet program makes 12.0 of a number that was typed again
    brought = cells[ROW].astype("str").str.extract(r"^\s*(\d{1,9})(?:[.,]0+)?\s*$", expand=False)
    return brought.astype("str"), cells.drop(columns=own)


def _faulty(columns: pd.Series, headings: pd.Index) -> np.ndarray:
    """Find the cells to colour; a reject names its columns one after the other, parted by comma or semicolon."""
    places, distinct = pd.factorize(columns)
    own = {ROW, FAULTY, REASON}
    ends = [(name, re.compile(rf"(?:^|[;,] ){re.escape(name)}(?=$|[;,] )")) for name in headings]
    named = np.array(
        [[name not in own and bool(end.search(text)) for name, end in ends] for text in distinct], dtype=bool
    ).reshape(len(distinct), len(ends))
    return np.asarray(named[places])


def _codes(assessment: Assessment, code_list: str) -> pd.DataFrame:
    """List the codes of each column of the sheet that is answered by them."""
    questions = read_code_list(code_list).questions
    headings = {about["meaning"]: about["heading"] for about in assessment.facts["columns"]}
    rows = [
        (headings[meaning], str(code), label)
        for meaning, question in questions.items()
        if meaning in headings
        for code, label in question.labels.items()
    ]
    return pd.DataFrame(rows, columns=["Kolom", "Kode", "Arti"], dtype="str")
