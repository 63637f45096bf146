"""Locked workbooks: opened in a process of its own with limits, one at a time, and never waited for by a page."""

import io
import re
import threading
from pathlib import Path

import msoffcrypto
import openpyxl
import pytest

from app.data_view import unlocking
from app.data_view.unlocking import unlock
from geo.errors import EncryptedSheet, NotAllowed

PASSWORD = "kunci-rumah-77"  # noqa: S105  -- of a workbook that lives as long as a test


@pytest.fixture(scope="module")
def locked() -> bytes:
    plain, out = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(plain)
    msoffcrypto.OfficeFile(plain).encrypt(PASSWORD, out)
    return out.getvalue()


@pytest.fixture
def path(locked: bytes, tmp_path: Path) -> Path:
    found = tmp_path / "terkunci.xlsx"
    found.write_bytes(locked)
    return found


def slow(content: bytes) -> bytes:
    """Return the workbook as one that asks for ten million rounds of hashing; its length stays the same."""
    start = content.index(b"<?xml")
    end = content.index(b"</encryption>", start)
    before = content[start:end]
    after = before.replace(b'spinCount="100000"', b'spinCount="9999999"')
    assert after != before
    spare = re.search(rb">(\s)\s*<", after)
    assert spare
    after = after[: spare.start(1)] + after[spare.end(1) :]
    return content[:start] + after + content[end:]


def test_a_workbook_is_opened_in_its_place_for_its_owner_alone(path: Path):
    unlock(path, PASSWORD)
    assert openpyxl.load_workbook(path).active is not None
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_wrong_password_changes_nothing(path: Path, locked: bytes):
    with pytest.raises(EncryptedSheet, match="salah"):
        unlock(path, "lain")
    assert path.read_bytes() == locked
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_workbook_that_asks_for_endless_hashing_is_not_opened(path: Path, locked: bytes):
    path.write_bytes(slow(locked))
    with pytest.raises(EncryptedSheet, match="tidak dapat dibuka di sini"):  # and not: the password is wrong
        unlock(path, "salah")


def test_what_takes_too_long_ends(path: Path, locked: bytes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(unlocking, "_LIMIT_S", 0.001)
    with pytest.raises(EncryptedSheet, match="tidak dapat dibuka di sini"):
        unlock(path, PASSWORD)
    assert path.read_bytes() == locked
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_no_page_waits_while_another_workbook_is_opened(path: Path, monkeypatch: pytest.MonkeyPatch):
    begun, go_on = threading.Event(), threading.Event()

    def patient(*_: object) -> int:
        begun.set()
        assert go_on.wait(60)
        return 3

    monkeypatch.setattr(unlocking, "_ask", patient)
    faults: list[str] = []

    def ask() -> None:
        try:
            unlock(path, "lain")
        except (EncryptedSheet, NotAllowed) as fault:
            faults.append(str(fault))

    thread, second = threading.Thread(target=ask), threading.Thread(target=ask)
    thread.start()
    assert begun.wait(60)
    second.start()
    second.join(60)
    assert len(faults) == 1  # it was answered although the first is not done
    assert "sedang dibuka" in faults[0]
    go_on.set()
    thread.join()
    monkeypatch.undo()
    unlock(path, PASSWORD)  # the next one may
