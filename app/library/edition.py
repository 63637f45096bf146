"""The edition of a run for whoever sees areas only, made once and kept: withholding takes seconds."""

import hashlib
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from geo import __version__
from geo.errors import NoRun
from geo.runs import new_run, open_run, read_manifest, write_manifest, write_tables

if TYPE_CHECKING:
    from geo.assessment import Assessment

FOLDER = "edisi"


def edition_folder(state: Path, run: Path) -> Path:
    """Return where the edition of a run lies, or would; another run of the same name has another.

    Raises
    ------
    NoRun
        When the folder holds no run.
    """
    made = f"{read_manifest(run)['created']} {__version__}"  # another version may withhold more
    return state / FOLDER / f"{run.name}-{hashlib.sha256(made.encode()).hexdigest()[:12]}"


def write_edition(state: Path, run: Path) -> Path:
    """Make the edition of a run; it appears whole or not at all, and older ones of the same name go.

    Raises
    ------
    NoRun
        When the folder holds no run.
    NotWritable
        When the disk does not take it.
    """
    from geo.privacy import Level, for_audience  # noqa: PLC0415  -- heavy

    folder = edition_folder(state, run)
    forget_editions(state, run.name)
    edition = for_audience(open_run(run), Level.PUBLIK)
    with new_run(folder) as building:
        write_tables(edition, building)
        write_manifest(edition.facts, building, {})
    return folder


def read_edition(folder: Path) -> "Assessment | None":
    """Return an edition that was made before; nothing when there is none, or it is damaged."""
    with suppress(NoRun):
        return open_run(folder)
    return None


def forget_editions(state: Path, run: str) -> None:
    """Remove every edition of a run."""
    for left in (state / FOLDER).glob("*"):
        if left.name.rpartition("-")[0] == run:
            shutil.rmtree(left, ignore_errors=True)
