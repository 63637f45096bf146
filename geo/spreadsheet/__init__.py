"""A file from an office read into text cells: CSV, XLSX, XLS or ODS, with the row numbers a clerk sees."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import chain, islice, zip_longest
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from geo.errors import EmptySheet, UnknownSheet, UnreadableSheet, cause_of
from geo.spreadsheet.csv_text import (
    CsvText,
    SwallowedRows,
    careful_rows,
    decoded,
    quick_columns,
    read_csv_text,
    starts_as_markup,
    unquoted_rows,
)
from geo.spreadsheet.header import Header, distinct, find_header
from geo.spreadsheet.html_table import html_sheets
from geo.spreadsheet.merged_cells import fill_merged
from geo.spreadsheet.sheet_choice import EVERY, FIRST_ROWS, NEARLY, choose_sheets, listing, printable
from geo.spreadsheet.sheets import MOST_MERGES, HeadingScore, Merges, Row, Sheet, not_a_sheet, too_large
from geo.spreadsheet.workbook import OLE2, ZIP, workbook_sheets

_BLOCK_ROWS = 16_384
_UNNAMED_COLUMNS = 20  # to the right of the last heading; what lies further off belongs to no table
_MOST_CELLS = 100_000_000
_MOST_TABS = 400  # with more, the number of a row would need more than 32 bits
TAB_STEP = 10_000_000
"""Where several sheets are read, the number of a row is that of its tab times this, and its number in the sheet."""


@dataclass(frozen=True)
class Table:
    """The cells of one sheet as text.

    Attributes
    ----------
    cells
        One column a heading, in the order of the sheet; empty cells are missing. Fully empty rows are left out.
    sheet_row
        Number of each row in the sheet, as a spreadsheet program shows it; increasing. Where several sheets were read,
        the number of the tab times ``TAB_STEP`` is added.
    overlong
        Whether a row of a CSV has cells beyond the last heading: its cells stand under the wrong headings, most
        often because a delimiter lies inside a cell without quotes.
    repeated_header
        Whether a row only repeats the header, as sheets that were laid out page by page do.
    empty_rows
        How many fully empty rows lay between the others.
    sheet
        Name of the sheet, empty for a CSV, ``*`` for several.
    sheets
        Other sheets of the workbook that also look like data, and were not read.
    header_row
        Number of the row with most of the headings.
    body_row
        Number of the first row that is no longer header; sub headings and numbered columns lie above it.
    numeric
        Headings in which numbers of 15 or more digits came as numbers and not as text: a spreadsheet program keeps
        only 15 digits of them.
    kind
        What the file is, in words: «CSV, pemisah titik koma, UTF-8».
    notes
        What was left unread, and what was filled in, each a sentence (Indonesian).
    """

    cells: pd.DataFrame
    sheet_row: np.ndarray
    overlong: np.ndarray
    repeated_header: np.ndarray
    empty_rows: int
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    header_row: int = 1
    body_row: int = 2
    numeric: frozenset[str] = frozenset()
    kind: str = ""
    notes: tuple[str, ...] = ()


def read_table(
    path: Path, score: HeadingScore, *, password: str | None = None, sheet: str | None = None
) -> Table:
    """Read one sheet: the one that is named, or the one that looks most like data.

    What looks most like data has the most of the headings that ``score`` knows; among those that know nearly as many,
    it is the largest, and ``sheets`` names the others. A hidden sheet is taken only when no other knows a heading.
    Under the name ``*`` all sheets with the same known headings as that one are read, one after another.

    Raises
    ------
    UnreadableSheet
        When the file is missing, no spreadsheet, or asks for more memory than an office's sheet can.
    UnknownSheet
        When it has no sheet of that name.
    EncryptedSheet
        When it needs a password, or another one.
    EmptySheet
        When there is no row under a header.
    """
    try:
        with path.open("rb") as file, ExitStack() as held:
            head = file.read(8)
            file.seek(0)
            if not head:
                raise EmptySheet(f"{path.name} kosong (0 bita). Simpan ulang lembar dari program asalnya.")
            if head.startswith((OLE2, ZIP)):
                sheets, kind = workbook_sheets(file, path.name, password, held)
                table = _read_sheets(sheets, kind, path.name, score, sheet)
            elif starts_as_markup(path):
                table = _read_sheets(
                    html_sheets(decoded(path)[0], path.name), "HTML", path.name, score, sheet
                )
            elif sheet is not None and sheet.strip() != EVERY:
                raise UnknownSheet(f"{path.name} adalah berkas teks dan tidak mempunyai lembar bernama.")
            else:
                table = _read_csv(path, score)
    except OSError as fault:
        raise UnreadableSheet(f"{path.name} tidak dapat dibuka: {cause_of(fault)}.") from fault
    if table.cells.empty:
        raise EmptySheet(f"{path.name} tidak berisi baris data di bawah judul kolom.")
    return table


def _read_sheets(sheets: list[Sheet], kind: str, name: str, score: HeadingScore, wanted: str | None) -> Table:
    if not sheets:
        raise not_a_sheet(name)
    choice = choose_sheets(sheets, name, score, wanted)
    if len(choice.sheets) > 1 and max(choice.tabs) > _MOST_TABS:
        raise too_large(name, f"lebih dari {_MOST_TABS} lembar")
    tables, cells = [], 0
    for sheet in choice.sheets:
        tables.append(_read_sheet(sheet, score, name))
        cells += tables[-1].cells.size
        if cells > _MOST_CELLS:
            raise _too_many_cells(name)
    names = [f"«{sheet.name}»" for sheet in choice.sheets]
    table = tables[0] if len(tables) == 1 else _one_table(tables, choice.tabs, name)
    return replace(
        table,
        sheets=choice.others,
        kind=f"{kind}, lembar {names[0]}"
        if len(names) == 1
        else f"{kind}, {len(names)} lembar: {listing(names)}",
        notes=(*choice.notes, *table.notes),
    )


def _read_sheet(sheet: Sheet, score: HeadingScore, name: str) -> Table:
    table, headings = _gathered(sheet.rows(), score, name, merges=sheet.merges)
    numeric = {headings[place] for place in sheet.long_numbers if place < len(headings)}
    of_sheet = f"Lembar «{printable(sheet.name)}»:"
    notes = [f"{of_sheet} {note}" for note in table.notes]
    if len(sheet.merges) >= 3 * MOST_MERGES:
        notes.append(f"{of_sheet} lebih dari {MOST_MERGES // 10**6} juta sel gabungan; sisanya tidak dibaca.")
    return replace(
        table,
        sheet=sheet.name,
        numeric=frozenset(numeric & set(table.cells.columns)),
        notes=tuple(notes),
    )


def _one_table(tables: list[Table], tabs: list[int], name: str) -> Table:
    """Put sheets of one shape under each other; a row's number tells its tab and its row in it."""
    if max(int(table.sheet_row.max(initial=0)) for table in tables) >= TAB_STEP:
        raise too_large(name, f"nomor baris di atas {TAB_STEP // 10**6} juta")
    spelled: dict[str, str] = {}
    for table in tables:
        renamed = [spelled.setdefault(heading.casefold(), heading) for heading in table.cells.columns]
        if len(set(renamed)) == len(renamed):
            table.cells.columns = pd.Index(renamed)
    told = listing(
        [
            f"{tab} «{printable(table.sheet)}» ({len(table.cells)} baris)"
            for tab, table in zip(tabs, tables, strict=True)
        ]
    )
    example = int(tables[-1].sheet_row[-1])
    note = (
        f"Dibaca {len(tables)} lembar berurutan: {told}. Nomor baris memuat nomor lembar: "
        f"{tabs[-1] * TAB_STEP + example} adalah baris {example} di lembar ke-{tabs[-1]}."
    )
    return replace(
        tables[0],
        cells=pd.concat([table.cells for table in tables], ignore_index=True),
        sheet_row=np.concatenate(
            [table.sheet_row + tab * TAB_STEP for tab, table in zip(tabs, tables, strict=True)]
        ),
        overlong=np.concatenate([table.overlong for table in tables]),
        repeated_header=np.concatenate([table.repeated_header for table in tables]),
        empty_rows=sum(table.empty_rows for table in tables),
        sheet=EVERY,
        numeric=frozenset(spelled[heading.casefold()] for table in tables for heading in table.numeric),
        notes=(note, *(note for table in tables for note in table.notes)),
    )


def _read_csv(path: Path, score: HeadingScore) -> Table:
    text = read_csv_text(path, score)
    table = _quick(text, score)
    if table is None:
        try:
            table, _ = _gathered(careful_rows(text), score, path.name, strict=True)
        except SwallowedRows:
            table, _ = _gathered(unquoted_rows(text), score, path.name, strict=True)
    return replace(table, kind=f"CSV, {text.kind}")


def _quick(text: CsvText, score: HeadingScore) -> Table | None:
    try:
        first = list(islice(careful_rows(text), FIRST_ROWS))
    except SwallowedRows:
        return None
    header = find_header(first, score)
    if not first or not all(header.named):
        return None
    above = first[header.body - 1][0]
    read = quick_columns(text, above, len(header.headings))
    if read is None:
        return None
    cells = read.rename_columns(header.headings).to_pandas()
    del read
    blank = cells.isna().all(axis=1).to_numpy()
    numbers = np.arange(above + 1, above + 1 + len(cells))
    if blank.any():
        cells, numbers = cells[~blank].reset_index(drop=True), numbers[~blank]
    return _table(cells, numbers, np.zeros(len(cells), dtype=bool), header, first)


def _gathered(
    rows: Iterator[Row],
    score: HeadingScore,
    name: str,
    *,
    strict: bool = False,
    merges: Merges | None = None,
) -> tuple[Table, list[str]]:
    """Gather rows into columns of text, block by block; ``strict`` marks those that are longer than the header."""
    first = list(islice(rows, FIRST_ROWS))
    header = find_header(first, score)
    own = max((len(cells) for number, cells in first if number == header.row), default=0)
    headings = distinct(
        [heading if named else "" for heading, named in zip(header.headings, header.named, strict=True)]
        + [""] * _UNNAMED_COLUMNS
    )
    width = min(own, len(headings)) if strict else len(headings)
    headings = headings[: max(width, len(header.headings))]
    columns: list[list[pa.Array]] = [[] for _ in headings]
    further = 0
    numbers, overlong = [np.empty(0, dtype="int64")], [np.empty(0, dtype=bool)]
    rest = chain(first[header.body :], rows)
    while block := list(islice(rest, _BLOCK_ROWS)):
        numbers.append(np.array([number for number, _ in block], dtype="int64"))
        if sum(map(len, numbers)) * len(headings) > _MOST_CELLS:
            raise _too_many_cells(name)
        further += sum(any(cells[len(headings) :]) for _, cells in block)
        overlong.append(np.array([strict and any(cells[width:]) for _, cells in block], dtype=bool))
        across = zip_longest(*(cells[: len(headings)] for _, cells in block))
        for column, cells in zip_longest(columns, across):
            column.append(pa.nulls(len(block), _TEXT) if cells is None else pa.array(cells, _TEXT))
    read = pa.table(
        {heading: pa.chunked_array(parts, _TEXT) for heading, parts in zip(headings, columns, strict=True)}
    )
    kept = [
        heading
        for place, heading in enumerate(headings)
        if (place < len(header.named) and header.named[place]) or read[place].null_count < len(read)
    ]
    cells = read.select(kept).to_pandas()
    del read, columns
    row_numbers = np.concatenate(numbers)
    notes = []
    if merges and (filled := fill_merged(cells, row_numbers, merges, headings)):
        notes.append(f"{filled} sel di bawah sel gabungan diisi dengan isi sel gabungannya.")
    if further and not strict:
        notes.append(
            f"{further} baris berisi sel jauh di kanan tabel (lebih dari {_UNNAMED_COLUMNS} kolom setelah judul "
            f"terakhir); sel itu tidak dibaca."
        )
    table = _table(cells, row_numbers, np.concatenate(overlong), header, first)
    return replace(table, notes=tuple(notes)), headings


def _too_many_cells(name: str) -> UnreadableSheet:
    return too_large(name, f"lebih dari {_MOST_CELLS // 10**6} juta sel")


_TEXT = pa.large_string()


def _table(
    cells: pd.DataFrame, numbers: np.ndarray, overlong: np.ndarray, header: Header, first: Sequence[Row]
) -> Table:
    body = first[header.body - 1][0] + 1 if first else 1
    names = dict(enumerate(header.headings))
    parts = [
        {names[place]: cell for place, cell in enumerate(part) if cell and place in names}
        for _, part in first[header.first : header.body]
    ]
    return Table(
        cells=cells,
        sheet_row=numbers,
        overlong=overlong,
        repeated_header=_repeats(cells, parts),
        # empty rows at the end are no rows that somebody left out
        empty_rows=int(numbers[-1]) - body + 1 - len(numbers) if len(numbers) else 0,
        header_row=header.row,
        body_row=body,
    )


def _repeats(cells: pd.DataFrame, parts: list[dict[str, str]]) -> np.ndarray:
    """Find the rows that say nothing but what some row of the header says."""
    filled = cells.notna().sum(axis=1).to_numpy()
    repeated = np.zeros(len(cells), dtype=bool)
    for part in parts:
        same = np.zeros(len(cells), dtype="int32")
        for heading, words in part.items():
            if heading in cells:
                same += (cells[heading] == words).to_numpy(dtype=bool, na_value=False)
        repeated |= (same >= min(2, len(part))) & (2 * same >= len(part)) & (same >= NEARLY * filled)
    return repeated
