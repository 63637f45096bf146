"""The sheets of a workbook: XLSX as a stream, XLS and ODS through the library, locked ones with their password."""

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from array import array
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO
from xml.parsers import expat

import msoffcrypto
from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from geo.errors import EncryptedSheet
from geo.spreadsheet.sheets import (
    Merges,
    Row,
    Sheet,
    add_merge,
    cell_text,
    damaged,
    is_long_number,
    not_a_sheet,
    too_large,
)
from geo.spreadsheet.xlsx import FAULTS, is_xlsx, xlsx_sheets

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"

_MOST_ODS_BYTES = 2**30
_MOST_ODS_CELLS = 60_000_000  # the library lays out the whole rectangle, some 32 bytes a cell
_BLOCK_BYTES = 2**20
_MOST_MEMORY = 6 * 2**30
_LOCKED = 3


def workbook_sheets(
    file: IO[bytes], name: str, password: str | None, held: contextlib.ExitStack
) -> tuple[list[Sheet], str]:
    """List the sheets of a workbook, and the name of its kind; they are read while ``file`` and ``held`` are open.

    Raises
    ------
    UnreadableSheet
        When it is none, is broken, or asks for more memory than an office's sheet can.
    EncryptedSheet
        When it needs a password, or another one.
    """
    file = _decrypted(file, name, password)
    start = file.read(8)
    file.seek(0)
    if start.startswith(OLE2):
        return _library_sheets(file, name, held), "XLS"
    try:
        parts = zipfile.ZipFile(file).namelist()
    except FAULTS as fault:
        raise damaged(name) from fault
    if is_xlsx(parts):
        return xlsx_sheets(file, name), "XLSX"
    if "content.xml" in parts:
        merges = _ods_merges(file, name)
        sheets = _library_sheets(file, name, held)
        return [replace(sheet, merges=merges.get(sheet.name, sheet.merges)) for sheet in sheets], "ODS"
    raise not_a_sheet(name)


def _library_sheets(file: IO[bytes], name: str, held: contextlib.ExitStack) -> list[Sheet]:
    """Let another process read the workbook: a damaged XLS can make the library end the whole process it is in."""
    written = held.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  -- it is one
    child = subprocess.run(
        [sys.executable, "-c", "from geo.spreadsheet.workbook import write_rows; write_rows()"],
        input=file.read(),
        stdout=written,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
    )
    if child.returncode == _LOCKED:
        raise EncryptedSheet(_needs_password(name))
    if child.returncode:
        raise not_a_sheet(name)
    sheets = []
    written.seek(0)
    while line := written.readline():
        if line.startswith(b"{"):
            sheets.append(_written_sheet(written, written.tell(), **json.loads(line)))
    return sheets


def _written_sheet(
    written: IO[bytes], start: int, *, name: str, hidden: bool, size: int, merges: list[int]
) -> Sheet:
    long_numbers: set[int] = set()

    def rows() -> Iterator[Row]:
        written.seek(start)
        while (line := written.readline()) and not line.startswith(b"{"):
            number, cells, long = json.loads(line)
            long_numbers.update(long)
            yield number, cells

    return Sheet(name, rows, size, hidden, long_numbers, array("q", merges))


def write_rows() -> None:
    """Read a workbook from standard input and write its rows to standard output, a line of JSON each."""
    with contextlib.suppress(ImportError):  # only some systems let a process bound its own memory
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    try:
        book = CalamineWorkbook.from_object(io.BytesIO(sys.stdin.buffer.read()))
    except PasswordError:
        sys.exit(_LOCKED)
    for listed in book.sheets_metadata:
        if listed.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(listed.name)
        hidden = listed.visible != SheetVisibleEnum.Visible
        merges: Merges = array("q")
        for (top, place), (bottom, _) in sheet.merged_cell_ranges or []:
            add_merge(merges, top + 1, bottom + 1, place)
        _write_line({"name": listed.name, "hidden": hidden, "size": sheet.height, "merges": list(merges)})
        first, left = sheet.start or (0, 0)
        for number, cells in enumerate(sheet.iter_rows(), start=first + 1):
            texts = [cell_text(cell) for cell in cells]
            if any(texts):
                long = [
                    place
                    for place, cell in enumerate(cells, start=left)
                    if isinstance(cell, int | float) and is_long_number(cell)
                ]
                _write_line([number, [None] * left + texts, long])


def _write_line(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")


def _ods_merges(file: IO[bytes], name: str) -> dict[str, Merges]:
    """Find the merged cells of an ODS by sheet; the library does not tell them.

    Raises
    ------
    UnreadableSheet
        When its repeated rows and columns unfold to more cells than memory should hold.
    """
    merges: dict[str, Merges] = {}
    current: Merges = array("q")
    rows = width = column = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal rows, width, column, current
        plain = tag.rpartition(":")[2]
        if plain == "table":
            rows = width = 0
            title = next((text for key, text in attributes.items() if key.endswith(":name")), "")
            current = merges.setdefault(title, array("q"))
        elif plain == "table-row":
            rows, column = rows + _times(attributes, "number-rows-repeated"), 0
        elif plain in {"table-cell", "covered-table-cell"}:
            add_merge(current, rows, rows + _times(attributes, "number-rows-spanned") - 1, column)
            column += _times(attributes, "number-columns-repeated")
            if any(key.endswith("value-type") for key in attributes):
                width = max(width, column)
                if rows * width > _MOST_ODS_CELLS:
                    raise too_large(name, "selnya tersebar di bidang yang terlalu luas")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        archive = zipfile.ZipFile(file)
        if archive.getinfo("content.xml").file_size > _MOST_ODS_BYTES:
            raise too_large(name, "isinya mengembang menjadi lebih dari 1 GB")
        with archive.open("content.xml") as source:
            while block := source.read(_BLOCK_BYTES):
                parser.Parse(block, False)
    except FAULTS as fault:
        raise damaged(name) from fault
    file.seek(0)
    return merges


def _times(attributes: dict[str, str], name: str) -> int:
    written = next((text for key, text in attributes.items() if key.endswith(name)), "1")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 1  # noqa: PLR2004


def _needs_password(name: str) -> str:
    return (
        f"{name} terkunci dengan kata sandi. Berikan kata sandinya dengan --password-file BERKAS, "
        f"atau simpan ulang tanpa kata sandi."
    )


def _decrypted(file: IO[bytes], name: str, password: str | None) -> IO[bytes]:
    start = file.read(8)
    file.seek(0)
    if not start.startswith(OLE2):
        return file
    try:
        book = msoffcrypto.OfficeFile(file)
        locked = book.is_encrypted()
    except Exception:  # noqa: BLE001  -- whatever it is, the workbook reader names the fault
        locked = False
    if not locked:
        file.seek(0)
        return file
    if password is None:
        raise EncryptedSheet(_needs_password(name))
    plain = io.BytesIO()
    try:
        book.load_key(password=password, verify_password=True)
        book.decrypt(plain)
    except Exception as fault:  # the library raises many kinds for a wrong key
        raise EncryptedSheet(f"Kata sandi untuk {name} salah. Periksa lalu ulangi.") from fault
    plain.seek(0)
    return plain
