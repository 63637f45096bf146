"""The demonstration: an invented sheet, assessed; made once and kept while nothing it depends on changes."""

import hashlib
import json
import os
from pathlib import Path

from rich.console import Console

from geo import __version__
from geo.errors import NotWritable, cause_of
from geo.runs import is_run

ROOT = Path(__file__).parents[1]
_STAMP = "demo.json"


def is_made(folder: Path, households: int) -> bool:
    """Tell whether the folder holds the demonstration that this code would make."""
    try:
        stamp = json.loads((folder / _STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(stamp == _wanted(households)) and is_run(folder / "hasil")


def make_demo(folder: Path, households: int, console: Console) -> None:
    """Invent the sample, run the main job on it, and remember what it was made of.

    Raises
    ------
    PetaError
        When the boundaries cannot be used, or the folder does not take the demonstration.
    """
    from app.district import open_district  # noqa: PLC0415  -- heavy
    from app.work import run_assess, shown_stage  # noqa: PLC0415  -- likewise
    from geo.job import OUTPUTS  # noqa: PLC0415  -- heavy
    from geo.sample import make_sample, write_sample  # noqa: PLC0415  -- heavy

    wanted = _wanted(households)  # before the work: what changes meanwhile is made anew the next time
    console.print("Data contoh ini rekaan; tidak ada orang sungguhan di dalamnya.")
    try:
        (folder / _STAMP).unlink(missing_ok=True)
        with shown_stage(console)("Membuat data rekaan"):
            district = open_district(None)
            sample = make_sample(district.desa, district.sea, households=households)
            sheet = write_sample(sample, folder / "contoh")
        run_assess(
            sheet,
            folder / "hasil",
            boundaries=None,
            settings=folder / "contoh" / "setelan.toml",
            columns=None,
            password=None,
            outputs=OUTPUTS,
            console=console,
        )
        (folder / _STAMP).write_text(json.dumps(wanted), encoding="utf-8")
    except OSError as fault:
        raise NotWritable(f"Contoh tidak dapat disimpan di {folder}: {cause_of(fault)}.") from fault


def _wanted(households: int) -> dict[str, str | int]:
    """Return what the demonstration depends on: its size, the code, and the boundaries in use."""
    boundaries = Path(os.environ.get("PETA_BOUNDARIES") or ROOT / "data" / "boundaries")
    seen = hashlib.sha256()
    for path in sorted([*(ROOT / "geo").rglob("*.*"), *boundaries.rglob("*.*")]):
        if path.is_file() and "__pycache__" not in path.parts:
            state = path.stat()
            seen.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    return {"version": __version__, "households": households, "sources": seen.hexdigest()}
