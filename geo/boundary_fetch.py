"""The public boundaries of a district, fetched from the one pinned source and checked by its fingerprint."""

import hashlib
import http.client
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from geo.errors import BoundaryError, DownloadFailed, NotWritable, cause_of

CHUNK = 1 << 16
TIMEOUT_S = 30.0
TRIES = 3
PARTIAL = 206
RANGE_REFUSED = 416

Progress = Callable[[int, int | None], None]
"""Called with the bytes that are there and the bytes expected (None when the server does not say)."""


@dataclass(frozen=True)
class Source:
    """A public file of boundaries, pinned to one version."""

    name: str
    url: str
    commit: str
    sha256: str
    licence: str
    attribution: str
    date: str = ""

    @property
    def file(self) -> str:
        """The name of the file."""
        return self.url.rpartition("/")[2]


def read_sources(folder: Path) -> tuple[Source, ...]:
    """Return the pinned sources of a district's folder, from its ``sources.toml``.

    Raises
    ------
    BoundaryError
        When the district has none.
    """
    path = folder / "sources.toml"
    try:
        return tuple(Source(**source) for source in tomllib.loads(path.read_text(encoding="utf-8"))["source"])
    except FileNotFoundError as fault:
        raise BoundaryError(
            f"Tidak ada sumber batas publik untuk kabupaten ini ({path} tidak ada). Impor berkas sendiri "
            f"dengan «peta boundaries import BERKAS»."
        ) from fault
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise BoundaryError(f"Daftar sumber {path} tidak dapat dibaca: {fault}") from fault


def fetch(url: str, sha256: str, target: Path, progress: Progress | None = None) -> Path:
    """Download a file whole or not at all; an interrupted download goes on where it stopped.

    Parameters
    ----------
    url
        ``http`` or ``https``.
    sha256
        Fingerprint that the file must have, in hexadecimal.
    target
        Where the file goes; what has arrived waits beside it as ``<target>.part``.
    progress
        Called after each piece.

    Returns
    -------
    Path
        ``target``. A file that is there with the right fingerprint is not fetched again.

    Raises
    ------
    DownloadFailed
        In one line, why the file did not arrive whole.
    """
    if not url.startswith(("https://", "http://")):
        raise DownloadFailed(f"Alamat {url} tidak dapat dipakai: harus berawalan https:// atau http://.")
    part = target.with_name(f"{target.name}.part")
    try:
        if target.is_file() and _fingerprint(target) == sha256:
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        _complete(url, part, progress)
        if _fingerprint(part) != sha256:
            part.unlink()
            raise DownloadFailed(
                f"Isi berkas dari {url} bukan yang diharapkan (sha256 berbeda), jadi tidak dipakai. "
                f"Alamat itu mungkin memuat versi lain."
            )
        return part.replace(target)
    except urllib.error.HTTPError as fault:
        with fault:
            raise DownloadFailed(
                f"Unduhan {url} gagal: server menjawab {fault.code} {fault.reason}."
            ) from None
    except urllib.error.URLError as fault:
        raise DownloadFailed(
            f"Unduhan {url} gagal: server tidak dapat dihubungi ({fault.reason})."
        ) from fault
    except (http.client.HTTPException, TimeoutError, ConnectionError) as fault:
        raise DownloadFailed(f"Unduhan {url} terputus ({fault}). Jalankan lagi untuk melanjutkan.") from fault
    except OSError as fault:
        raise NotWritable(f"Unduhan tidak dapat disimpan di {target.parent}: {cause_of(fault)}.") from fault


def _complete(url: str, part: Path, progress: Progress | None) -> None:
    for _ in range(TRIES):
        there, expected = _continue(url, part, progress)
        if expected is None or there == expected:
            return
    raise DownloadFailed(
        f"Unduhan {url} terputus pada {there} dari {expected} bita. Jalankan lagi untuk melanjutkan."
    )


def _continue(url: str, part: Path, progress: Progress | None) -> tuple[int, int | None]:
    """Ask for what is still missing, and return the bytes that are there and those expected."""
    there = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"User-Agent": "peta-sasaran"})  # noqa: S310 - http(s) only
    if there:
        request.add_header("Range", f"bytes={there}-")
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT_S)  # noqa: S310 - the scheme was checked
    except urllib.error.HTTPError as fault:
        if fault.code != RANGE_REFUSED or not there:
            raise
        # what is there is no beginning of this file: start anew
        fault.close()
        part.unlink()
        return _continue(url, part, progress)
    with response:
        goes_on = response.status == PARTIAL and response.headers.get("Content-Range", "").startswith(
            f"bytes {there}-"
        )
        there = there if goes_on else 0
        length = response.headers.get("Content-Length")
        expected = there + int(length) if length else None
        with part.open("ab" if goes_on else "wb") as file:
            try:
                while chunk := response.read(CHUNK):
                    file.write(chunk)
                    there += len(chunk)
                    if progress:
                        progress(there, expected)
            except http.client.IncompleteRead as cut:
                file.write(cut.partial)
                there += len(cut.partial)
    return there, expected


def _fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
