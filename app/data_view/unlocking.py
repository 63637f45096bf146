"""A locked workbook opened once: in a process of its own, with limits, so that no page waits for it.

``python -m app.data_view.unlocking LOCKED OPEN`` reads the password from its input and says by its exit code what came
of it. The workbook is kept open, and its password nowhere.
"""

import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import EncryptedSheet, NotAllowed, NotWritable, cause_of

if TYPE_CHECKING:
    from app.records.tables import Upload

MOST_TRIES = 8
"""So many wrong passwords are taken for one upload; the owner knows it, and guessing goes no further."""

_MOST_SPINS = 1_000_000
"""Rounds of hashing that a workbook may ask for; office programs ask for 100 000, which takes a tenth of a second."""
_LIMIT_S = 60
_OPENED, _WRONG, _UNKNOWN, _NO_DISK = 0, 3, 4, 5
_TRIES = "tries"
_ROOT = Path(__file__).parents[2]
_one = threading.Lock()


def require_tries(upload: "Upload") -> None:
    """Refuse a further try at an upload whose password was wrong too often.

    Raises
    ------
    NotAllowed
        With the way out.
    """
    if int(upload.columns.get(_TRIES, 0)) >= MOST_TRIES:
        raise NotAllowed(
            f"Kata sandi lembar ini sudah {MOST_TRIES} kali salah. Buka di program asalnya, simpan tanpa kata sandi, "
            f"hapus lembar ini, lalu unggah lagi."
        )


def count_try(upload: "Upload") -> None:
    """Remember that a password was wrong."""
    upload.columns = {**upload.columns, _TRIES: int(upload.columns.get(_TRIES, 0)) + 1}


def unlock(path: Path, password: str) -> None:
    """Put the open workbook in the place of the locked one, readable by its owner alone.

    Raises
    ------
    NotAllowed
        When another workbook is being opened at this moment.
    EncryptedSheet
        When the password is wrong, or the workbook is locked in a way that cannot be opened here.
    NotWritable
        When the disk does not take it.
    """
    if not _one.acquire(blocking=False):
        raise NotAllowed("Lembar lain sedang dibuka. Tunggu semenit, lalu coba lagi.")
    part = path.with_name(".terbuka.part")
    try:
        came_of_it = _ask(path, part, password)
        if came_of_it == _WRONG:
            raise EncryptedSheet(f"Kata sandi untuk {path.name} salah. Periksa lalu ulangi.")
        if came_of_it == _NO_DISK:
            raise NotWritable("Lembar tidak dapat disimpan di peladen: periksa ruang disknya.")
        if came_of_it != _OPENED:
            raise EncryptedSheet(
                f"{path.name} terkunci dengan cara yang tidak dapat dibuka di sini. Simpan ulang tanpa kata sandi, "
                f"lalu unggah lagi."
            )
        part.replace(path)
    except OSError as fault:
        raise NotWritable(f"Lembar tidak dapat disimpan di peladen: {cause_of(fault)}.") from fault
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        _one.release()


def _ask(path: Path, part: Path, password: str) -> int:
    """Have a process open a workbook; what takes too long counts as locked in an unknown way."""
    try:
        return subprocess.run(  # noqa: S603  -- our own module, with paths of our own making
            [sys.executable, "-m", "app.data_view.unlocking", str(path), str(part)],
            input=password.encode("utf-8", "replace"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
            timeout=_LIMIT_S,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return _UNKNOWN


def main() -> int:
    """Open the workbook that the command line names, with the password on the input."""
    import msoffcrypto  # noqa: PLC0415  -- the server has no use for it

    if hasattr(os, "nice"):
        os.nice(10)  # pages go before
    locked, part = Path(sys.argv[1]), Path(sys.argv[2])
    password = sys.stdin.buffer.read().decode("utf-8", "replace")
    try:
        with locked.open("rb") as file, os.fdopen(_private(part), "wb") as plain:
            try:
                book = msoffcrypto.OfficeFile(file)
                rounds = getattr(book, "info", None) or {}
                if not book.is_encrypted() or int(rounds.get("spinValue", 0)) > _MOST_SPINS:
                    return _UNKNOWN
            except Exception:  # noqa: BLE001  -- whatever the library meets in a hostile file
                return _UNKNOWN
            try:
                book.load_key(password=password, verify_password=True)
                book.decrypt(plain)
            except OSError:
                raise
            except Exception:  # noqa: BLE001  -- it raises many kinds for a wrong key
                return _WRONG
    except OSError:
        return _NO_DISK
    return _OPENED


def _private(part: Path) -> int:
    return os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)


if __name__ == "__main__":
    sys.exit(main())
