"""XLSX read cell by cell as a stream: a workbook of any size or malice takes no more memory than its rows need.

A general reader lays out the whole rectangle of a sheet: one cell in the last corner then asks for 500 GB, and a
million honest rows for 2 GB.
"""

import lzma
import posixpath
import re
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import IO
from xml.parsers import expat

from geo.spreadsheet.sheets import (
    LONGEST_CELL,
    MOST_BYTES,
    MOST_COLUMNS,
    Merges,
    Row,
    Sheet,
    add_merge,
    damaged,
    elapsed_text,
    is_long_number,
    not_a_sheet,
    number_text,
    serial_text,
    too_large,
)

FAULTS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    expat.ExpatError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What a broken archive or broken XML raises."""

_BLOCK_BYTES = 2**20
_MOST_STRINGS_BYTES = 2**30
_SHORT_NUMBER = 14
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_ELAPSED_FORMAT = 46
_OUTSIDE_WORDS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]')
_BOOLEANS = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6}):\$?[A-Z]{1,3}\$?([1-9]\d{0,6})", re.ASCII)
_LAST_DAY = 3e6  # 31 December 9999; a greater number is no date, however it is shown


class _Parts:
    """The parts of a package by name, each opened only while it stays within its bound."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self.name = name
        self.archive = zipfile.ZipFile(file)
        self.parts = {
            part.filename.replace("\\", "/").lstrip("/").casefold(): part for part in self.archive.infolist()
        }

    def size(self, part: str) -> int:
        found = self.parts.get(part.casefold())
        return found.file_size if found else 0

    def parse(
        self, part: str, parser: expat.XMLParserType, most: int = _MOST_STRINGS_BYTES
    ) -> Iterator[None]:
        """Feed a part to a parser block by block; whoever iterates takes what the parser found in between."""
        if self.size(part) > most:
            gigabytes = self.size(part) / 2**30
            raise too_large(self.name, f"isinya mengembang menjadi {gigabytes:.0f} GB")
        parser.StartDoctypeDeclHandler = self._no_doctype
        with self.archive.open(self.parts[part.casefold()]) as source:
            while block := source.read(_BLOCK_BYTES):
                parser.Parse(block, False)
                yield
        parser.Parse(b"", True)
        yield

    def _no_doctype(self, *_: object) -> None:
        raise not_a_sheet(self.name)  # no program writes one; an attacker does

    def elements(self, part: str, wanted: set[str]) -> list[tuple[str, dict[str, str]]]:
        """Return the elements of a small part that are asked for, without their namespaces."""
        found: list[tuple[str, dict[str, str]]] = []
        if part.casefold() not in self.parts:
            return found

        def start(tag: str, attributes: dict[str, str]) -> None:
            if (plain := tag.rpartition(":")[2]) in wanted:
                found.append((plain, {key.rpartition(":")[2]: text for key, text in attributes.items()}))

        parser = expat.ParserCreate()
        parser.StartElementHandler = start
        for _ in self.parse(part, parser):
            pass
        return found


def is_xlsx(names: list[str]) -> bool:
    """Tell from the names of its parts whether an archive is an XLSX (or XLSM) workbook.

    Examples
    --------
    >>> is_xlsx(["[Content_Types].xml", "xl/workbook.xml"]), is_xlsx(["content.xml"])
    (True, False)
    """
    return any(re.fullmatch(r"[/\\]?xl[/\\]workbook\d*\.xml", name, re.IGNORECASE) for name in names)


def xlsx_sheets(file: IO[bytes], name: str) -> list[Sheet]:
    """List the sheets of a workbook; ``file`` must stay open while they are read.

    Raises
    ------
    UnreadableSheet
        When it is broken, or unpacks to more than a sheet can be.
    """
    try:
        parts = _Parts(file, name)
        book = next(part for part in parts.parts if re.fullmatch(r"xl/workbook\d*\.xml", part))
        folder, base = posixpath.split(book)
        relations = {
            at.get("Id", ""): (at.get("Type", "").rpartition("/")[2], _target(folder, at.get("Target", "")))
            for _, at in parts.elements(f"{folder}/_rels/{base}.rels", {"Relationship"})
        }
        listed = parts.elements(book, {"sheet", "workbookPr"})
    except FAULTS as fault:
        raise damaged(name) from fault
    epoch = any(tag == "workbookPr" and at.get("date1904") in {"1", "true"} for tag, at in listed)
    paths = dict(reversed(list(relations.values())))
    strings = cache(lambda: _strings(parts, paths.get("sharedStrings", "")))
    styles = cache(lambda: _styles(parts, paths.get("styles", ""), epoch_1904=epoch))
    sheets = []
    for tag, at in listed:
        kind, path = relations.get(at.get("id", ""), ("", ""))
        if tag == "sheet" and kind == "worksheet" and path.casefold() in parts.parts:
            sheets.append(_sheet(parts, path, at, strings, styles))
    return sheets


def _target(folder: str, target: str) -> str:
    target = target.replace("\\", "/")
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")


_Styles = dict[str, Callable[[float], str]]


def _sheet(
    parts: _Parts,
    path: str,
    at: dict[str, str],
    strings: Callable[[], list[str]],
    styles: Callable[[], _Styles],
) -> Sheet:
    long_numbers: set[int] = set()
    merges: Merges = array("q")

    def rows() -> Iterator[Row]:
        del merges[:]
        try:
            yield from _rows(parts, path, strings(), styles(), long_numbers, merges)
        except FAULTS as fault:
            raise damaged(parts.name) from fault

    hidden = at.get("state", "visible") != "visible"
    return Sheet(at.get("name", ""), rows, parts.size(path), hidden, long_numbers, merges)


def _strings(parts: _Parts, path: str) -> list[str]:
    """Read the table of shared texts, formatted runs joined, the reading aids of East Asian text left out."""
    texts: list[str] = []
    if path.casefold() not in parts.parts:
        return texts
    run: list[str] = []
    aids = 0
    within = False

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal aids, within
        plain = tag.rpartition(":")[2]
        aids += plain == "rPh"
        within = plain == "t" and not aids

    def end(tag: str) -> None:
        nonlocal aids, within
        plain = tag.rpartition(":")[2]
        aids -= plain == "rPh"
        within = False
        if plain == "si":
            texts.append(_unescaped("".join(run)))
            run.clear()

    def words(text: str) -> None:
        if within:
            run.append(text)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = words
    for _ in parts.parse(path, parser):
        pass
    return texts


def _unescaped(text: str) -> str:
    if "_x" not in text:
        return text
    return _ESCAPED.sub(
        lambda code: code[0] if 0xD800 <= int(code[1], 16) < 0xE000 else chr(int(code[1], 16)),  # noqa: PLR2004
        text,
    )


def _styles(parts: _Parts, path: str, *, epoch_1904: bool) -> _Styles:
    """Find the styles (by their number, as cells name it) that show a number as a date or as a length of time."""
    own: dict[int, str] = {}
    found: _Styles = {}
    cells = False
    number = 0
    for tag, at in parts.elements(path, {"numFmt", "cellXfs", "cellStyles", "dxfs", "xf"}):
        if tag == "numFmt":
            own.setdefault(_whole(at.get("numFmtId", "")) or -1, at.get("formatCode", ""))
        elif tag != "xf":
            cells = tag == "cellXfs"
        elif cells:
            form = _whole(at.get("numFmtId", "")) or 0
            shown = _OUTSIDE_WORDS.sub("", own.get(form, "").partition(";")[0]).casefold()
            if form == _ELAPSED_FORMAT or re.search(r"\[(?:h+|m+|s+)\]", shown):
                found[str(number)] = elapsed_text
            elif (form in _DATE_FORMATS and form not in own) or re.search(
                r"[ymdhs]", shown.replace("general", "")
            ):
                found[str(number)] = lambda days: serial_text(days, epoch_1904=epoch_1904)
            number += 1
    return found


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004


def _note_merge(merges: Merges, ref: str) -> None:
    found = _RANGE.fullmatch(ref)
    if found and (column := _place(found[1])) is not None:
        add_merge(merges, int(found[2]), int(found[3]), column)


@lru_cache(maxsize=2 * MOST_COLUMNS)
def _place(letters: str) -> int | None:
    """Return the place of a column from its letters, counted from 0.

    Examples
    --------
    >>> _place("A"), _place("XFD"), _place("XFE"), _place("")
    (0, 16383, None, None)
    """
    if not letters.isascii() or not letters.isalpha() or len(letters) > 3:  # noqa: PLR2004  -- XFD is the last
        return None
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - 64
    return place - 1 if place <= MOST_COLUMNS else None


def _rows(  # noqa: C901, PLR0915  -- one parser, its closures share the cell at hand
    parts: _Parts,
    path: str,
    strings: list[str],
    styles: _Styles,
    long_numbers: set[int],
    merges: Merges,
) -> Iterator[Row]:
    """Read the rows of a sheet. What is done for each cell stands in closures, the quickest that Python has."""
    rows: list[Row] = []
    cells: list[str | None] = []
    number = place = length = 0
    prefix = kind = style = text = ""
    listening = inside = anew = False

    def shown(written: str) -> str:
        try:
            value = float(written)
        except ValueError:
            return written.strip()
        if style in styles and abs(value) < _LAST_DAY:
            return styles[style](value)
        if is_long_number(value):
            long_numbers.add(place)
        return number_text(value)

    def close_cell() -> None:
        nonlocal text, length
        value, text, length = text, "", 0
        if kind == "s":
            at = _whole(value.strip())
            value = strings[at] if at is not None and at < len(strings) else ""
        elif kind in {"", "n"}:
            if len(value) > _SHORT_NUMBER or style in styles or not value.isdigit():
                value = shown(value)
        elif kind == "b":
            value = _BOOLEANS.get(value.strip(), value)
        elif kind == "d":
            value = value.strip().replace("T", " ").removesuffix(" 00:00:00")
        else:
            # XML laid out on lines leaves only a line's end where a text is empty
            value = "" if value.isspace() and "\n" in value else _unescaped(value)
        if value:
            if place > len(cells):
                cells.extend([None] * (place - len(cells)))
            if place == len(cells):
                cells.append(value)
            else:
                cells[place] = value

    def close_row() -> None:
        nonlocal cells
        if text:
            close_cell()
        if cells:
            rows.append((number, cells))
            cells = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal number, place, kind, style, text, listening, inside, anew
        if prefix:
            tag = tag.removeprefix(prefix)
        if tag in {"v", "t"}:
            listening, anew = inside, tag == "v" and bool(text)
        elif tag == "c":
            if text:
                close_cell()
            stated = _place(attributes.get("r", "").rstrip("0123456789"))
            place = min(place + 1, MOST_COLUMNS - 1) if stated is None else stated
            kind = attributes.get("t", "")
            style = attributes.get("s", "0")
            listening, inside = False, True
        elif tag == "row":
            close_row()
            number = max(number + 1, _whole(attributes.get("r", "")) or 0)
            place, listening, inside = -1, False, False
        elif tag == "f" and inside:  # shown only where no value was saved beside it
            listening, text = True, "="
        elif tag == "mergeCell":
            _note_merge(merges, attributes.get("ref", ""))
        else:
            listening = False
            inside = inside and tag != "rPh"

    def words(found: str) -> None:
        nonlocal text, length, anew
        if listening:
            if anew:
                text, length, anew = "", 0, False
            length += len(found)
            if length > LONGEST_CELL:
                raise too_large(parts.name, f"satu sel berisi lebih dari {LONGEST_CELL // 10**6} juta huruf")
            text += found

    def first(tag: str, _: dict[str, str]) -> None:
        nonlocal prefix
        prefix = tag[: tag.rfind(":") + 1]
        parser.StartElementHandler = start

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.CharacterDataHandler = first, words
    for _ in parts.parse(path, parser, MOST_BYTES):
        yield from rows
        rows.clear()
    close_row()
    yield from rows
