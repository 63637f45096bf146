"""A sheet received: written to the disk as it comes, with a limit, under a name that nobody can guess."""

import hashlib
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool

from geo.errors import NotWritable, UnreadableSheet, cause_of
from geo.review.decisions import MASK, masked

FIELD, MARK = "berkas", "csrf"
_ROOM = 1_000_000  # bytes of a form around its file
_BLOCK = 1_000_000
_DRAINED = 4_000_000_000
_LONGEST = 80
_LONGEST_MARK = 200
_PART = "masuk.part"
_TORN = "Kiriman berkas tidak utuh. Kirim lagi."
_MAGIC = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04")
_TEXT_MARKS = (b"\xff\xfe", b"\xfe\xff")
KINDS = (
    ".xlsx",
    ".xlsm",
    ".xls",
    ".ods",
    ".csv",
    ".txt",
    ".tsv",
    ".html",
    ".htm",
    ".xml",
    ".geojson",
    ".json",
)


@dataclass(frozen=True)
class Received:
    """A file that arrived whole.

    Attributes
    ----------
    name
        As its owner calls it, fit for a file system and a screen.
    file
        Where it lies inside the folder of uploads.
    """

    name: str
    file: str
    size: int
    sha256: str


@dataclass
class _File:
    """The file in a form: what of it has come and is not written yet."""

    check: Callable[[str], None] | None = None
    name: str = ""
    wanted: bool = False
    whole: bool = False
    waiting: bytearray = field(default_factory=bytearray)
    _mark: bytearray | None = None
    _header: bytearray = field(default_factory=bytearray)
    _value: bytearray = field(default_factory=bytearray)

    def callbacks(self) -> dict[str, object]:
        """Return what the parser calls."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._headed,
            "on_part_data": self._take,
            "on_part_end": self._ended,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self.wanted = False

    def _end(self) -> None:
        self._require_checked()
        self.whole = True

    def _headed(self) -> None:
        if bytes(self._header).lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self._value))
            if options.get(b"name") == MARK.encode() and b"filename" not in options:
                self._mark = bytearray()
            if options.get(b"name") == FIELD.encode() and b"filename" in options and not self.name:
                self._require_checked()
                self.wanted = True
                self.name = clean_name(options[b"filename"].decode("utf-8", "replace"))
        self._header.clear()
        self._value.clear()

    def _take(self, data: bytes, start: int, end: int) -> None:
        if self.wanted:
            self.waiting.extend(data[start:end])
        elif self._mark is not None and len(self._mark) < _LONGEST_MARK:
            self._mark.extend(data[start:end])

    def _ended(self) -> None:
        if self._mark is not None:
            if self.check:
                self.check(self._mark.decode("utf-8", "replace"))
            self.check = self._mark = None

    def _require_checked(self) -> None:
        if self.check:
            self.check("")


async def receive(
    stream: AsyncIterator[bytes],
    content_type: str,
    folder: Path,
    most: int,
    check: Callable[[str], None] | None = None,
) -> Received:
    """Write the file of a form into a folder of its own below ``folder``; nothing is left of one that is refused.

    Parameters
    ----------
    stream
        The body of a ``multipart/form-data`` request.
    most
        Bytes that a file may have.
    check
        Refuses a wrong mark of the form, or none before the file, see :func:`app.dependencies.upload_guard`.

    Raises
    ------
    NotAllowed
        When ``check`` refuses.
    UnreadableSheet
        When it is too large, empty, or no spreadsheet by its first bytes.
    NotWritable
        When the disk does not take it.
    """
    if not content_type.startswith("multipart/form-data"):
        raise UnreadableSheet("Kiriman berkas tidak utuh. Kirim lagi.")
    token = secrets.token_hex(16)
    place = folder / token
    try:
        await run_in_threadpool(_make, place)
        found, size, sha256 = await _fill(stream, content_type, place / _PART, most, check)
        await run_in_threadpool(_settle, place, found, size, most)
    except OSError as fault:
        shutil.rmtree(place, ignore_errors=True)
        raise NotWritable(f"Lembar tidak dapat disimpan di peladen: {cause_of(fault)}.") from fault
    except FormParserError as fault:
        shutil.rmtree(place, ignore_errors=True)
        raise UnreadableSheet(_TORN) from fault
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return Received(found, f"{token}/{found}", size, sha256)


async def _fill(
    stream: AsyncIterator[bytes],
    content_type: str,
    part: Path,
    most: int,
    check: Callable[[str], None] | None,
) -> tuple[str, int, str]:
    """Write the file of a form as it comes; return its name, size and sha256."""
    _, options = parse_options_header(content_type)
    found, digest, size, total = _File(check), hashlib.sha256(), 0, 0
    parser = MultipartParser(options.get(b"boundary", b""), found.callbacks())  # type: ignore[arg-type]
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        async for chunk in stream:
            total += len(chunk)
            if total > most + _ROOM:
                await _drain(stream, total)
                raise UnreadableSheet(_too_large(most))
            parser.write(chunk)
            if len(found.waiting) >= _BLOCK:
                size += await run_in_threadpool(_write, file, digest, found.waiting)
        size += await run_in_threadpool(_write, file, digest, found.waiting)
    if not found.whole:
        raise UnreadableSheet(_TORN)
    return found.name, size, digest.hexdigest()


def _make(place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    place.mkdir(mode=0o700)


def _settle(place: Path, name: str, size: int, most: int) -> None:
    """Give the file that came its name, or refuse it."""
    if size > most:
        raise UnreadableSheet(_too_large(most))
    if not name or not size:
        raise UnreadableSheet(
            "Tidak ada berkas yang terkirim, atau berkasnya kosong. Pilih lembar, lalu kirim lagi."
        )
    _require_sheet(place / _PART, name)
    (place / _PART).rename(place / name)


def clean_name(name: str) -> str:
    r"""Return the name of a file without folders, signs that a disk or a screen might obey, and numbers of persons.

    Examples
    --------
    >>> clean_name("Budi NIK 3326012345678901.csv"), clean_name("data 2026-05-04.csv")
    ('Budi NIK ___.csv', 'data 2026-05-04.csv')
    >>> clean_name("C:\\data\\Basis Data <2026>.XLSX"), clean_name("../../etc/passwd"), clean_name("..")
    ('Basis Data _2026_.xlsx', 'passwd.csv', 'lembar.csv')
    """
    last = masked(name.replace("\\", "/").rpartition("/")[2]).replace(MASK, "___")
    plain = "".join(
        sign if sign.isalnum() or sign in " ._()-" else "_" for sign in last if sign.isprintable()
    ).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    ending = f".{ending.casefold()}" if dot else ""
    if ending not in KINDS:
        stem, ending = plain, ".csv"
    while len(stem.encode()) > _LONGEST:
        stem = stem[:-1]
    return (stem.strip() or "lembar") + ending


def _write(file: object, digest: object, waiting: bytearray) -> int:
    content = bytes(waiting)
    waiting.clear()
    file.write(content)  # type: ignore[attr-defined]
    digest.update(content)  # type: ignore[attr-defined]
    return len(content)


async def _drain(stream: AsyncIterator[bytes], total: int) -> None:
    """Let the rest of a body pass: a browser that is still sending would not read the answer."""
    async for chunk in stream:
        total += len(chunk)
        if total > _DRAINED:
            return


def _too_large(most: int) -> str:
    return (
        f"Berkas itu lebih besar dari {most // 1_000_000} MB, jadi tidak diterima. Hapus gambar dan lembar yang tidak "
        f"perlu, atau bagi per kecamatan."
    )


def _require_sheet(path: Path, name: str) -> None:
    """Refuse what is neither a workbook nor text, whatever its name says."""
    with path.open("rb") as file:
        head = file.read(65_536)
    if head.startswith((*_MAGIC, *_TEXT_MARKS)) or b"\0" not in head:
        return
    raise UnreadableSheet(
        f"{name} bukan lembar yang dikenal (CSV, XLSX, XLS, ODS). Simpan ulang dari program asalnya."
    )
