"""When the runs of a folder were made: a page asks a dozen times, and a manifest is read once as long as it stands."""

from functools import lru_cache
from pathlib import Path

from geo.errors import NoRun
from geo.runs import MANIFEST, read_manifest


def when_made(run: Path) -> str:
    """Return the moment that the manifest of a run states.

    Raises
    ------
    NoRun
        When the folder holds no run.
    """
    try:
        told = (run / MANIFEST).stat()
    except (OSError, ValueError) as fault:
        raise NoRun(f"Tidak ada hasil analisis di {run}. Jalankan dahulu analisisnya.") from fault
    return _read(run, told.st_mtime_ns, told.st_size, told.st_ino)


def is_there(run: Path) -> bool:
    """Tell whether a folder holds a run."""
    try:
        when_made(run)
    except NoRun:
        return False
    return True


@lru_cache(maxsize=256)
def _read(run: Path, *_: int) -> str:
    return str(read_manifest(run)["created"])
