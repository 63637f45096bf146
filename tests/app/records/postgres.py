"""A PostgreSQL server of the tests' own: started on a socket in a folder, reachable by nobody else, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=16MB"


def _programs() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


@contextmanager
def postgres() -> Iterator[str]:
    """Yield the address of a server without the name of a database; skip visibly where none is installed."""
    programs = _programs()
    if programs is None:
        pytest.skip("needs PostgreSQL (Debian: postgresql)")
    as_other: list[str] = []
    place = Path(tempfile.mkdtemp(prefix="pg-"))
    if os.geteuid() == 0:  # the server refuses to run as root
        if not shutil.which("runuser"):
            pytest.skip("needs runuser, as PostgreSQL does not run as root")
        as_other = ["runuser", "-u", "postgres", "--"]
        shutil.chown(place, "postgres")
    data = place / "data"

    def run(*words: str) -> None:
        subprocess.run([*as_other, *words], check=True, capture_output=True, cwd=place)  # noqa: S603

    try:
        run(
            str(programs / "initdb"),
            "-D",
            str(data),
            "-U",
            "peta",
            "-A",
            "trust",
            "-N",
            "-E",
            "UTF8",
            "--no-locale",
        )
        start = f"-k {place} -c listen_addresses='' {_FAST}"
        run(str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(place / "log"), "-o", start, "start")
        try:
            yield f"postgresql://peta@/%s?host={place}"
        finally:
            run(str(programs / "pg_ctl"), "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(place, ignore_errors=True)
