"""The finished run that a command works on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console


def take_run(folder: Path, console: Console) -> Path:
    """Return a run, or the newest one of a folder that holds several, which is then named.

    Raises
    ------
    NoRun
        When there is none.
    """
    from geo.runs import newest_run  # noqa: PLC0415  -- only when it is needed

    run = newest_run(folder)
    if run != folder:
        console.print(f"Hasil yang dipakai, yang terbaru: {run}", soft_wrap=True)
    return run


@contextmanager
def reading(run: Path, otherwise: str = "tidak lengkap atau rusak") -> Iterator[None]:
    """Tell a table of a run that cannot be read in one line.

    Parameters
    ----------
    otherwise
        What is wrong with the run then (Indonesian).

    Raises
    ------
    NoRun
        When a table is missing or damaged, or lacks a column.
    """
    from geo.errors import NoRun  # noqa: PLC0415  -- only when it is needed

    try:
        yield
    except (OSError, ValueError, KeyError) as fault:
        raise NoRun(f"Hasil di {run} {otherwise}. Jalankan kembali peta assess untuk folder itu.") from fault
