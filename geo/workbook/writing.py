r"""Tables as sheets of a workbook (XLSX) in which text is text, and stays text when a clerk edits it.

Written here and not by a library: openpyxl takes some twenty seconds for a hundred thousand rows, stamps the hour of
writing into the file, and makes a formula of any text that begins with an equals sign. ECMA-376, part 1, is cited.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo.workbook.parts import DATE, EMPTY, HEADER, MAIN, MARKED, NUMBER, TEXT, parts_around

MOST_ROWS = 1_048_575
"""What a sheet holds under its header."""

MOST_COLUMNS = 16_384
LONGEST_CELL = 32_767
"""Characters (UTF-16) of a cell; a spreadsheet program refuses a file with more."""

_AT_ONCE = 2_000
_LINE_POINTS, _MOST_LINES, _MOST_NARROW_LINES = 15, 6, 12
_PAGE_WIDTH = 200
_LONGEST_HEAD = 120
_QUOTE = {'"': "&quot;"}
_MARGINS = '<pageMargins left="0.3" right="0.3" top="0.6" bottom="0.4" header="0.25" footer="0.25"/>'
"""Inches: the narrower they are, the larger are the letters of a wide sheet."""

_NARROW = 20
WIDEST = 36
"""Characters of a column whose width is not given."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: a frozen, filtered header and text under it.

    Attributes
    ----------
    name
        At most 31 characters.
    table
        Columns of text, and of numbers, yes and no, or days (datetime64), which become such cells; a missing cell
        stays empty.
    marked
        Cells of text to colour, shape of the table; none by default.
    widths
        Of the first columns, in characters; the others by what is in them, none over ``widest``.
    fits
        Print it on the width of one page however wide it is.
    choices
        Words that may be chosen for the cells of a column, by its name; without commas, at most 255 letters in all.
    """

    name: str
    table: pd.DataFrame
    marked: np.ndarray | None = None
    widths: Sequence[float] = ()
    widest: float = WIDEST
    fits: bool = False
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)


def write_workbook(
    path: Path, sheets: Sequence[Sheet], *, title: str, created: str, on_paper: str = ""
) -> None:
    """Write sheets as a workbook that its owner alone may read; same sheets, same bytes.

    Text comes back as it was given, control characters included (``_x0001_``, 22.9.2.19); only the two code points
    that are no characters become U+FFFD. A cell longer than :data:`LONGEST_CELL` is cut and says so; rows and columns
    beyond a sheet's reach are for the caller to part.

    Parameters
    ----------
    title, created
        For the properties of the file; ``created`` is an ISO 8601 moment.
    on_paper
        A line at the head of every printed page.
    """
    named = [(sheet.name, _reach(sheet, "$") if _is_filtered(sheet) else "") for sheet in sheets]
    path.touch(mode=0o600)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as package:
        for name, text in parts_around(named, title, created).items():
            package.writestr(_entry(name), f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}')
        for place, sheet in enumerate(sheets, start=1):
            with package.open(_entry(f"xl/worksheets/sheet{place}.xml"), "w", force_zip64=True) as part:
                for text in _sheet_xml(sheet, on_paper, first=place == 1):
                    part.write(text.encode())


def _entry(name: str) -> zipfile.ZipInfo:
    """Return an entry that does not tell when it was written."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    return entry


def _sheet_xml(sheet: Sheet, on_paper: str, *, first: bool) -> Iterator[str]:
    table, reach, widths = sheet.table, _reach(sheet), _widths(sheet)
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width:.1f}" style="{EMPTY}" customWidth="1"/>'
        for place, width in enumerate(widths, start=1)
    )
    fits = int(sheet.fits or sum(widths) < _PAGE_WIDTH)
    yield (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}"><sheetPr>'
        f'<pageSetUpPr fitToPage="{fits}"/></sheetPr><dimension ref="{reach}"/><sheetViews><sheetView '
        f'tabSelected="{int(first)}" workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
        f'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>{columns}</cols><sheetData>'
    )
    header = pd.DataFrame([list(table.columns)], dtype="str")
    yield _rows_xml(header, np.full(header.shape, fill_value=False), widths, 1, HEADER)
    marked = np.zeros(table.shape, dtype=bool) if sheet.marked is None else sheet.marked
    for start in range(0, len(table), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        yield _rows_xml(table.iloc[part], marked[part], widths, start + 2, TEXT)
    margins = _MARGINS if sheet.fits else ""
    filtered = f'<autoFilter ref="{reach}"/>' if _is_filtered(sheet) else ""
    yield (
        f'</sheetData>{filtered}{_choices_xml(sheet)}{margins}<pageSetup paperSize="9" orientation="landscape" '
        f'fitToHeight="0"/>{_head_of_pages(on_paper)}<ignoredErrors><ignoredError sqref="{reach}" '
        f'numberStoredAsText="1"/></ignoredErrors></worksheet>'
    )


def _choices_xml(sheet: Sheet) -> str:
    """Return the lists that the cells of columns offer (18.3.1.33)."""
    offered = {
        name: words for name, words in sheet.choices.items() if name in sheet.table and len(sheet.table)
    }
    rules = "".join(
        f'<dataValidation type="list" allowBlank="1" showErrorMessage="1" errorTitle="{escape(name, _QUOTE)}" '
        f'error="Pilih satu kata dari daftar." sqref="{column}2:{column}{len(sheet.table) + 1}">'
        f"<formula1>{escape(chr(34) + ','.join(words) + chr(34))}</formula1></dataValidation>"
        for name, words in offered.items()
        for column in (_letters([*sheet.table.columns].index(name)),)
    )
    return f'<dataValidations count="{len(offered)}">{rules}</dataValidations>' if rules else ""


def _head_of_pages(text: str) -> str:
    """Return a line for every printed page; of its signs ``&`` has a meaning of its own, and it is never a long one."""
    if not text:
        return ""
    told = escape("".join(sign for sign in text[:_LONGEST_HEAD] if sign.isprintable()).replace("&", "&&"))
    return f"<headerFooter><oddHeader>&amp;C{told}</oddHeader></headerFooter>"


def _rows_xml(
    table: pd.DataFrame, marked: np.ndarray, widths: Sequence[float], first_row: int, style: int
) -> str:
    most = _MOST_LINES if max(widths, default=0) > _NARROW else _MOST_NARROW_LINES
    rows = pa.array(np.arange(first_row, first_row + len(table))).cast(pa.large_string())
    cells: list[pa.Array] = []
    lines = np.ones(len(table))
    for place, (_, column) in enumerate(table.items()):
        opening = f'<c r="{_letters(place)}'
        if (values := _plain_cells(column, opening, rows)) is not None:
            cells.append(values)
            continue
        text = pa.array(column.to_numpy(object), pa.large_string(), from_pandas=True)
        letters = pc.fill_null(pc.utf8_length(text), 0).to_numpy(zero_copy_only=False)
        lines = np.maximum(lines, np.ceil(letters / widths[place]))
        styles = pa.array(np.where(marked[:, place], str(MARKED), str(style)), pa.large_string())
        inside = ' t="inlineStr"><is><t xml:space="preserve">'
        written = _joined(opening, rows, '" s="', styles, f'"{inside}', _xml_text(text), "</t></is></c>")
        coloured = _joined(opening, rows, f'" s="{MARKED}"/>')
        cells.append(pc.coalesce(written, pc.if_else(pa.array(marked[:, place]), coloured, "")))
    # not every program fits the height of a row to wrapped text
    heights = pa.array(_LINE_POINTS * np.minimum(lines, most).astype(int)).cast(pa.large_string())
    opening = _joined('<row r="', rows, '" ht="', heights, '" customHeight="1">')
    return "".join(_joined(opening, *cells, "</row>").to_pylist())


def _plain_cells(column: pd.Series, opening: str, rows: pa.Array) -> pa.Array | None:
    """Write a column of numbers, yes and no, or days as cells; None for one of text."""
    types = pd.api.types
    if types.is_bool_dtype(column):
        values, style = column.astype("Int8"), f'" s="{NUMBER}" t="b"><v>'
    elif types.is_datetime64_any_dtype(column):
        # days since the start of what Excel counts as 1900, which it believes to be a leap year
        values, style = (column - pd.Timestamp(1899, 12, 30)).dt.days.astype("Int64"), f'" s="{DATE}"><v>'
    elif types.is_numeric_dtype(column):
        values, style = column, f'" s="{NUMBER}"><v>'
    else:
        return None
    told = pa.array(values, from_pandas=True)
    if pa.types.is_floating(told.type):
        told = pc.if_else(pc.is_finite(told), told, None)
    return pc.fill_null(_joined(opening, rows, style, told.cast(pa.large_string()), "</v></c>"), "")


def _joined(*parts: pa.Array | str) -> pa.Array:
    """Join texts row by row, missing where one is; of the large kind, as long cells may fill gigabytes."""
    typed = [pa.scalar(part, pa.large_string()) if isinstance(part, str) else part for part in (*parts, "")]
    return pc.binary_join_element_wise(*typed)


def _xml_text(text: pa.Array) -> pa.Array:
    """Write text as the content of an element that reads back as the same text; missing stays missing."""
    if pc.any(pc.greater(pc.utf8_length(text), LONGEST_CELL // 2)).as_py():
        text = pa.array([value and _cut(value) for value in text.to_pylist()], pa.large_string())
    text = pc.replace_substring_regex(text, r"[\x{FFFE}\x{FFFF}]", "\N{REPLACEMENT CHARACTER}")
    # XML knows neither control characters nor a bare CR; what looks like an escape must be escaped itself
    if pc.any(pc.match_substring_regex(text, _UNWRITABLE)).as_py():
        text = pa.array(
            [value and _ESCAPED.sub(_escape, value) for value in text.to_pylist()], pa.large_string()
        )
    for mark, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = pc.replace_substring(text, mark, entity)
    return text


_UNWRITABLE = r"[\x00-\x08\x0B-\x1F]|_x[0-9A-Fa-f]{4}_"
_ESCAPED = re.compile("[\x00-\x08\x0b-\x1f]|_(?=x[0-9A-Fa-f]{4}_)")


def _escape(found: re.Match[str]) -> str:
    return f"_x{ord(found.group()):04X}_"


def _cut(text: str) -> str:
    """Cut a text that no cell can hold, and say so at its end."""
    units = len(text.encode("utf-16-le")) // 2
    if units <= LONGEST_CELL:
        return text
    note = f" … [dipotong: {units} huruf, selengkapnya di lembar asal]"
    return text.encode("utf-16-le")[: 2 * (LONGEST_CELL - len(note))].decode("utf-16-le", "ignore") + note


def _widths(sheet: Sheet) -> list[float]:
    looked_at = sheet.table.head(500)
    natural = [
        min(
            max(len(str(name)) * 0.6, _length(column), 8),
            sheet.widest,
        )
        for name, column in looked_at.items()
    ]
    return [*sheet.widths, *(width + 2 for width in natural[len(sheet.widths) :])]


def _length(column: pd.Series) -> float:
    return float(column.astype("str").str.len().quantile(0.95)) if column.notna().any() else 0.0


def _is_filtered(sheet: Sheet) -> bool:
    return sheet.table.shape[1] > 1


def _reach(sheet: Sheet, fixed: str = "") -> str:
    """Return the cells of a sheet, header included, as ``A1:C20``."""
    rows, columns = sheet.table.shape
    last = _letters(max(columns, 1) - 1)
    return f"{fixed}A{fixed}1:{fixed}{last}{fixed}{rows + 1}"


def _letters(place: int) -> str:
    """Return the letters of a column.

    Examples
    --------
    >>> _letters(0), _letters(25), _letters(26), _letters(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    letters = ""
    number = place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
