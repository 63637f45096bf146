"""The spreadsheet read and checked: valid households, and rejects with reasons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from geo.columns.answers import read_answers
from geo.columns.choice import ColumnChoice
from geo.columns.code_lists import STANDARD, CodeList, read_code_list
from geo.errors import UnknownColumns
from geo.households.addresses import fill_from_addresses
from geo.households.folding import fold_members
from geo.households.headerless import hide_long_numbers, require_header
from geo.households.identifiers import count_marks, read_identifiers
from geo.households.lacking import ADD_PLACE
from geo.households.members import find_members
from geo.households.other_rows import find_other_rows
from geo.households.recap import require_households
from geo.households.recognition import count_known, understand
from geo.households.rt_rw import read_rt_rw
from geo.households.split_codes import join_codes
from geo.households.understanding import Understanding
from geo.households.vocabulary import known_columns, shown, title_of, vocabulary
from geo.indicators import INDICATORS
from geo.settings import IndicatorSettings
from geo.spreadsheet import Table, read_table

_OF_PERSONS = [
    each.name for indicator in INDICATORS.values() if indicator.sensitive for each in indicator.required
]
"""Columns that a register asks of each person."""

_MOSTLY, _ENOUGH = 0.9, 20


@dataclass(frozen=True)
class SheetFacts:
    """Where the rows came from.

    Attributes
    ----------
    kind
        Kind of the file, in words (Indonesian).
    sheet
        Name of the sheet that was read, empty for a file without named sheets.
    other_sheets
        Sheets of the same file that look like data too, and were not read.
    header_row
        Number of the row that holds the headings.
    code_list
        Title of the list that the answers were read by.
    """

    kind: str
    sheet: str
    other_sheets: tuple[str, ...]
    header_row: int
    code_list: str


@dataclass(frozen=True)
class Intake:
    """A sheet after reading: every row is either valid or rejected.

    Attributes
    ----------
    households
        ``sheet_row``, every known column (missing where the sheet has none), ``nik_mark`` and ``no_kk_mark``
        (Indonesian, empty where nothing is wrong); ``lintang``, ``bujur`` and ``koordinat`` still as written.
    rejects
        ``sheet_row``, ``column``, ``value``, ``reason``.
    headings
        Meaning to heading, for each column that was recognised.
    ignored
        Headings that mean nothing here.
    rejected_cells
        The whole rows behind ``rejects``, in their order: the cells of every column of the sheet, as text.
    empty_rows
        Fully empty rows between the others; they are no households and are not counted.
    rows
        Rows of the sheet under its header, the empty ones left out: as many as valid and rejected together.
    source
        Where the rows came from.
    notes
        What was decided about the sheet by a stated rule, each a sentence (Indonesian).
    marks
        By meaning: how many valid rows bear each mark (Indonesian); under ``alamat`` what was filled from it.
    """

    households: pd.DataFrame
    rejects: pd.DataFrame
    headings: Mapping[str, str]
    ignored: tuple[str, ...]
    rejected_cells: pd.DataFrame
    empty_rows: int
    rows: int
    source: SheetFacts
    notes: tuple[str, ...]
    marks: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class OpenSheet:
    """A sheet whose cells are read and whose headings are understood, not checked yet."""

    table: Table
    understanding: Understanding
    code_list: CodeList
    constants: Mapping[str, str]

    @property
    def source(self) -> SheetFacts:
        """Where the rows came from."""
        table = self.table
        return SheetFacts(table.kind, table.sheet, table.sheets, table.header_row, self.code_list.title)


def read_households(
    path: Path,
    *,
    password: str | None = None,
    sheet: str | None = None,
    columns: ColumnChoice | None = None,
    code_list: str = STANDARD,
    indicators: IndicatorSettings | None = None,
) -> Intake:
    """Read and check a household spreadsheet.

    Parameters
    ----------
    path
        CSV, XLSX, XLS or ODS.
    password
        For an encrypted workbook.
    sheet
        Name of the sheet; the one that looks most like data, when not given.
    columns
        Where the user knows better than the recognition.
    code_list
        The questionnaire that the answers are from: a name in geo/profiles, or a TOML file.
    indicators
        Which definitions the indicators go by, and so which columns they cannot do without.

    Raises
    ------
    SheetError
        When the file, or its columns as a whole, cannot be used. A faulty row never raises.
    SettingsError
        When the code list cannot be used.
    """
    opened = open_sheet(
        path, password=password, sheet=sheet, columns=columns, code_list=code_list, indicators=indicators
    )
    require_households(opened.understanding, opened.table.cells)
    opened.understanding.require()
    return check_rows(opened)


def open_sheet(
    path: Path,
    *,
    password: str | None = None,
    sheet: str | None = None,
    columns: ColumnChoice | None = None,
    code_list: str = STANDARD,
    indicators: IndicatorSettings | None = None,
) -> OpenSheet:
    """Read the cells of a sheet and understand its headings, whether or not they can be used.

    The parameters and errors are those of :func:`read_households`.
    """
    listed, choice = read_code_list(code_list), columns or ColumnChoice()

    def score(headings: Iterable[str | None]) -> int:
        return count_known([heading for heading in headings if heading], choice, code_list)

    def means(heading: str) -> str:
        return vocabulary(code_list).read(heading).meaning

    table = read_table(path, score, password=password, sheet=sheet)
    require_header(table, means)
    table, choice = hide_long_numbers(table, choice, means)
    understanding = understand(list(table.cells.columns), choice, code_list, table.cells, indicators)
    return OpenSheet(table, understanding, listed, choice.constants)


def check_rows(opened: OpenSheet) -> Intake:
    """Part the rows of a sheet into valid households and rejects."""
    table, headings = opened.table, opened.understanding.meanings
    recap = require_households(opened.understanding, table.cells)
    households, faults, marks = _read_columns(opened)
    shares = [note for heading, wrong in faults if (note := _unlike(table, heading, wrong, opened))]
    told = [wrong for _, wrong in faults]
    other = find_other_rows(table, households, headings)
    people = households[~households.index.isin(other["place"])]
    members, persons = find_members(people, headings)
    households = fold_members(households, _OF_PERSONS, households.index.isin(members["place"]))
    rejects = _one_a_row(pd.concat([*told, other, members]), table.sheet_row)
    households = households.drop(columns="hubungan").assign(**opened.constants)
    kept = ~households["sheet_row"].isin(rejects["sheet_row"]).to_numpy()
    counts = {name: count_marks(mark[kept]) for name, mark in marks.items()}
    households, joined = join_codes(households[kept].reset_index(drop=True))
    households, counts["rt_rw"] = read_rt_rw(households)
    households, counts["alamat"] = fill_from_addresses(households)
    _require_place(households, headings)
    place = np.searchsorted(table.sheet_row, rejects["sheet_row"].to_numpy())
    return Intake(
        households=households,
        rejects=rejects,
        headings=headings,
        ignored=opened.understanding.ignored,
        rejected_cells=table.cells.iloc[place].reset_index(drop=True),
        empty_rows=table.empty_rows,
        rows=len(table.cells),
        source=opened.source,
        notes=(
            *table.notes,
            *filter(None, (recap, *persons)),
            *opened.understanding.notes,
            *_constant(opened),
            *joined,
            *shares,
        ),
        marks={name: found for name, found in counts.items() if found},
    )


_Faults = list[tuple[str, pd.DataFrame]]


def _read_columns(opened: OpenSheet) -> tuple[pd.DataFrame, _Faults, dict[str, pd.Series]]:
    """Read every known column: values, what is wrong by heading, and marks by meaning."""
    table, headings, index = opened.table, opened.understanding.meanings, opened.table.cells.index
    values: dict[str, pd.Series] = {"sheet_row": pd.Series(table.sheet_row, index=index)}
    faults: _Faults = []
    marks: dict[str, pd.Series] = {}
    for column in known_columns():
        name = column.name
        is_number = name in {"nik", "no_kk"}
        if name not in headings:
            values[name] = pd.Series(pd.NA, index=index, dtype=column.dtype)
            if is_number:
                values[f"{name}_mark"] = pd.Series("", index=index, dtype="str")
            continue
        heading = headings[name]
        cells = table.cells[heading].str.strip()
        cells = cells.mask(cells == "")
        if is_number:
            found = read_identifiers(
                cells, came_as_numbers=heading in table.numeric, women_days=name == "nik"
            )
            values[name], values[f"{name}_mark"], marks[name] = found["number"], found["mark"], found["mark"]
            continue
        answers = read_answers(column, cells, opened.code_list.questions.get(name))
        values[name] = answers.value
        if answers.mark.notna().any():
            marks[name] = answers.mark
        wrong = answers.fault.notna()
        if wrong.any():
            of_wrong = {
                "place": index[wrong],
                "column": heading,
                "value": cells[wrong],
                "reason": answers.fault[wrong],
            }
            faults.append((heading, pd.DataFrame(of_wrong)))
    return pd.DataFrame(values), faults, marks


def _constant(opened: OpenSheet) -> list[str]:
    return [
        f"{title_of(name)} untuk semua baris: «{shown(text)}», atas pilihan."
        for name, text in opened.constants.items()
    ]


def _unlike(table: Table, heading: str, wrong: pd.DataFrame, opened: OpenSheet) -> str:
    """Say that a column is answered by another list or in another way altogether, where nearly all of it is faulty."""
    filled = int(table.cells[heading].notna().sum())
    if len(wrong) < max(_ENOUGH, _MOSTLY * filled):
        return ""
    meaning = next(name for name, text in opened.understanding.meanings.items() if text == heading)
    return (
        f"Hampir semua isi kolom «{shown(heading)}» tidak dapat dibaca sebagai {title_of(meaning)}. Barangkali artinya "
        f"lain (abaikan atau ubah dengan --columns) atau daftar kodenya bukan {opened.code_list.title} (setelan "
        f"intake.code_list; untuk P3KE: p3ke)."
    )


def _require_place(households: pd.DataFrame, headings: Mapping[str, str]) -> None:
    place = {"desa_tertulis", "kode_tertulis", "koordinat", "lintang"}
    if not place & headings.keys() and len(households) and households["desa_tertulis"].isna().all():
        raise UnknownColumns(
            "Tidak ada kolom yang menyebut tempat: desa, kode desa, atau koordinat; alamatnya pun tidak menyebut desa. "
            f"Sebut kolomnya dengan --columns BERKAS. {ADD_PLACE}"
        )


def _one_a_row(faults: pd.DataFrame, sheet_row: np.ndarray) -> pd.DataFrame:
    """Gather all faults of a sheet row in one reject."""
    faults = faults.astype({"column": "str", "value": "str", "reason": "str"}).fillna({"value": ""})
    nth = faults.groupby("place").cumcount()
    together = faults[nth == 0].set_index("place").sort_index()
    for more in range(1, int(nth.max() if len(nth) else 0) + 1):  # as often as the worst row has faults
        further = faults[nth == more].set_index("place")
        together.loc[further.index] = together.loc[further.index] + "; " + further
    rejects = together.reset_index()
    rejects.insert(0, "sheet_row", sheet_row[rejects["place"].to_numpy(dtype=int)])
    return rejects.drop(columns="place").astype(
        {"sheet_row": "int64", "column": "str", "value": "str", "reason": "str"}
    )
