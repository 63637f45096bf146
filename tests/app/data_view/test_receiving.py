"""Sheets received: streamed, limited, named safely, and nothing left of those that are refused."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.data_view import receiving
from app.data_view.receiving import KINDS, Received, clean_name, receive
from geo.errors import NotWritable, UnreadableSheet

BOUNDARY = "----batas"


def body(content: bytes, name: str = "lembar.csv", field: str = "berkas") -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def send(folder: Path, whole: bytes, most: int = 10_000_000, step: int = 1000) -> Received:
    async def stream() -> AsyncIterator[bytes]:
        for start in range(0, len(whole), step):
            yield whole[start : start + step]

    return asyncio.run(receive(stream(), f"multipart/form-data; boundary={BOUNDARY}", folder, most))


def left(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_sheet_arrives_whole_and_for_its_owner_alone(tmp_path: Path):
    content = b"NIK;Nama\n1;a\n" * 300_000
    found = send(tmp_path, body(content, "Data 2026.CSV"), step=65_536)
    path = tmp_path / found.file
    assert path.read_bytes() == content
    assert (found.name, found.size, found.sha256) == (
        "Data 2026.csv",
        len(content),
        hashlib.sha256(content).hexdigest(),
    )
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert len(path.parent.name) == 32


def test_the_same_sheet_twice_lies_in_two_places(tmp_path: Path):
    assert send(tmp_path, body(b"a;b\n1;2\n")).file != send(tmp_path, body(b"a;b\n1;2\n")).file


@pytest.mark.parametrize(
    ("whole", "told"),
    [
        (body(b"x" * 3_000_000), "lebih besar dari 1 MB"),
        (body(b"x" * 1_500_000), "lebih besar dari 1 MB"),
        (body(b""), "kosong"),
        (body(b"a;b\n", field="lain"), "Tidak ada berkas"),
        (body(b"\x7fELF\0\0\0\0", "lembar.xlsx"), "bukan lembar yang dikenal"),
        (b"bukan formulir", "tidak utuh"),
        (body(b"a;b\n1;2\n")[:60], "tidak utuh"),
    ],
)
def test_what_is_no_sheet_is_refused_and_leaves_nothing(tmp_path: Path, whole: bytes, told: str):
    with pytest.raises(UnreadableSheet, match=told):
        send(tmp_path, whole, most=1_000_000)
    assert left(tmp_path) == []


def test_a_body_cut_off_in_the_middle_is_told(tmp_path: Path):
    with pytest.raises(UnreadableSheet, match="tidak utuh"):
        send(tmp_path, body(b"a;b\n" * 1000)[:2000])
    assert left(tmp_path) == []


def test_a_browser_that_leaves_leaves_nothing(tmp_path: Path):
    async def broken() -> AsyncIterator[bytes]:
        yield body(b"a" * 5_000_000)[:3_000_000]
        raise ConnectionResetError

    with pytest.raises((ConnectionResetError, NotWritable)):
        asyncio.run(receive(broken(), f"multipart/form-data; boundary={BOUNDARY}", tmp_path, 10_000_000))
    assert left(tmp_path) == []


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(receiving, "_write", full)
    with pytest.raises(NotWritable, match="ruang disk habis"):
        send(tmp_path, body(b"a;b\n"))
    assert left(tmp_path) == []


@given(st.text(max_size=300))
def test_no_name_leaves_its_folder(name: str):
    clean = clean_name(name)
    assert clean == Path(clean).name
    assert clean.endswith(KINDS)
    assert len(clean.encode()) <= 90
    assert clean.isprintable()
    assert not clean.startswith(".")
    assert not set(clean) & set('/\\<>:"|?*\0')
