"""A text file of cells: its encoding, its delimiter, and its rows."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv

from geo.spreadsheet.header import SEARCH_ROWS, find_header
from geo.spreadsheet.sheets import HeadingScore, Row, not_a_sheet

DELIMITERS = {";": "titik koma", ",": "koma", "\t": "tab", "|": "garis tegak"}
"""What may stand between cells, and its name."""

_SAMPLE = 2**18
_BLOCK = 2**22
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LABELS = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
_TITLES = re.compile(rb"\s*(?:%PDF|\{\\rtf|MIME-Version:)")


@dataclass(frozen=True)
class CsvText:
    """The text of a file and how its cells are set apart.

    Attributes
    ----------
    content
        The text in UTF-8, without a byte order mark and without a line ``sep=;``.
    delimiter
        What stands between cells; empty where the text is no table of this kind.
    kind
        Delimiter and encoding in words.
    """

    content: bytes
    delimiter: str
    kind: str


def _windows_1252(fault: UnicodeError) -> tuple[str, int]:
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    return fault.object[fault.start : fault.end].decode("cp1252", errors="replace"), fault.end


# a file put together from two sources has both encodings: each byte that is no UTF-8 is read as Windows-1252
codecs.register_error("peta-windows-1252", _windows_1252)


def decoded(path: Path) -> tuple[bytes, str]:
    """Turn a text file of any usual encoding into UTF-8, block by block.

    Returns
    -------
    content
        The text in UTF-8, without a byte order mark.
    encoding
        Its name for the user.

    Raises
    ------
    UnreadableSheet
        When the file is no text.
    """
    with path.open("rb") as file:
        head = file.read(4096)
        encoding, skip = _encoding(head)
        if encoding == "utf-8" and _is_binary(head):
            raise not_a_sheet(path.name)
        file.seek(skip)
        out = io.BytesIO()
        strict, lenient = (codecs.getincrementaldecoder(encoding)(how) for how in ("strict", "replace"))
        if encoding == "utf-8":
            lenient = codecs.getincrementaldecoder(encoding)("peta-windows-1252")
        mixed = False
        while block := file.read(_BLOCK):
            if not mixed:
                held = strict.getstate()
                try:
                    out.write(strict.decode(block).encode())
                    continue
                except UnicodeDecodeError:
                    mixed = True
                    lenient.setstate(held)
            out.write(lenient.decode(block).encode())
        if not mixed:
            lenient.setstate(strict.getstate())
        out.write(lenient.decode(b"", final=True).encode())
    label = _LABELS[encoding]
    return out.getvalue(), "Windows-1252" if mixed and encoding == "utf-8" else label


def _encoding(head: bytes) -> tuple[str, int]:
    """Name the encoding by its mark, or by where the zero bytes of Latin letters stand, and the mark's length."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name, len(mark)
    half = len(head) // 2
    even, odd = head[::2].count(0), head[1::2].count(0)
    if half and odd > 0.5 * half and even < 0.1 * half:
        return "utf-16-le", 0
    if half and even > 0.5 * half and odd < 0.1 * half:
        return "utf-16-be", 0
    return "utf-8", 0


def _is_binary(head: bytes) -> bool:
    controls = sum(head.count(bytes([code])) for code in range(32) if code not in b"\t\n\r\x0b\x0c\x1a")
    return 10 * controls > len(head) or bool(_TITLES.match(head))


def read_csv_text(path: Path, score: HeadingScore) -> CsvText:
    """Decode a file and find its delimiter: the one that brings about the most known headings.

    Raises
    ------
    UnreadableSheet
        When the file is no text.
    """
    content, encoding = decoded(path)
    sample = _sample(content)
    if named := re.match(r"sep=([;,\t|])[ \t;,|]*(?:\r\n|\r|\n|$)", sample, re.IGNORECASE):
        # a spreadsheet program obeys this line and does not show it
        content, sample = content[len(named[0].encode()) :], sample[len(named[0]) :]
    delimiter = named[1] if named else max(DELIMITERS, key=lambda mark: _plausible(sample, mark, score))
    return CsvText(content, delimiter, f"pemisah {DELIMITERS[delimiter]}, {encoding}")


def _sample(content: bytes) -> str:
    return content[:_SAMPLE].decode("utf-8", errors="ignore")


def starts_as_markup(path: Path) -> bool:
    """Tell whether a file holds a page of markup, as many programs export under the name of a spreadsheet."""
    with path.open("rb") as file:
        head = file.read(4096)
    encoding, skip = _encoding(head)
    text = head[skip:].decode(encoding, errors="replace").lstrip().casefold()
    return text.startswith("<") and any(
        tag in text for tag in ("<table", "<html", "<workbook", "<style", "<meta")
    )


def _plausible(sample: str, delimiter: str, score: HeadingScore) -> tuple[int, int]:
    """Rate a delimiter: by the known headings that it brings about, then by the headings there are."""
    rows = _numbered(_reader(io.StringIO(sample, newline=""), delimiter))
    header = find_header(list(islice(rows, SEARCH_ROWS)), score)
    return score(header.headings), sum(header.named)


def _reader(lines: Iterable[str], delimiter: str, *, strict: bool = False) -> Any:  # noqa: ANN401  -- has no public type
    csv.field_size_limit(2**31 - 1)
    return csv.reader(lines, delimiter=delimiter, strict=strict)


def _numbered(rows: Iterable[list[str]]) -> Iterator[Row]:
    for number, cells in enumerate(rows, start=1):
        if any(cells):
            yield number, [cell or None for cell in cells]


class SwallowedRows(Exception):
    """A quote that is never closed took several rows into one cell."""


def careful_rows(text: CsvText) -> Iterator[Row]:
    """Read the rows one by one, whatever their lengths.

    Raises
    ------
    SwallowedRows
        When quotation marks do not pair; :func:`unquoted_rows` reads the file then.
    """
    reader = _reader(_lines(text), text.delimiter, strict=True)
    width = line = 0

    def rows() -> Iterator[list[str]]:
        nonlocal width, line
        for cells in reader:
            width = max(width, len(cells))
            if reader.line_num > line + 1 and any(
                cell.count(text.delimiter) >= max(1, width - 1)
                for cell in cells
                if "\n" in cell or "\r" in cell
            ):
                raise SwallowedRows
            line = reader.line_num
            yield cells

    try:
        yield from _numbered(rows())
    except csv.Error as fault:
        raise SwallowedRows from fault


def unquoted_rows(text: CsvText) -> Iterator[Row]:
    r"""Read the rows line by line: a line that leaves a quote open loses its quotation marks.

    Examples
    --------
    >>> text = CsvText(b'nama;desa\n"Siti;Kajen\nAni;"Kajen"', ";", "")
    >>> [cells for _, cells in unquoted_rows(text)]
    [['nama', 'desa'], ['Siti', 'Kajen'], ['Ani', 'Kajen']]
    """
    lines = (line.replace('"', "") if line.count('"') % 2 else line for line in _lines(text))
    yield from _numbered(_reader(lines, text.delimiter))


def _lines(text: CsvText) -> Iterator[str]:
    return io.TextIOWrapper(io.BytesIO(text.content), encoding="utf-8", newline="")


def quick_columns(text: CsvText, skip: int, width: int) -> pa.Table | None:
    """Read the rows after the first ``skip`` at once, where every one has ``width`` cells on one line.

    Returns
    -------
    Table or None
        Text columns, fully empty rows included; None when the file needs :func:`careful_rows`.
    """
    content = text.content
    feeds, returns = content.count(b"\n"), content.count(b"\r")
    if b"\x00" in content or (feeds and returns and not feeds == returns == content.count(b"\r\n")):
        return None
    names = [str(place) for place in range(width)]
    try:
        read = pacsv.read_csv(
            pa.BufferReader(content),
            read_options=pacsv.ReadOptions(column_names=names, skip_rows=skip),
            parse_options=pacsv.ParseOptions(
                delimiter=text.delimiter, newlines_in_values=b'"' in content, ignore_empty_lines=False
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid:
        return None
    lines = max(feeds, returns) + (not content.endswith((b"\n", b"\r")))
    return read if read.num_rows == lines - skip else None
