"""Where jobs find and leave their things: settings in the environment, names of runs, leftovers of the killed."""

import json
import os
import re
import shutil
from collections.abc import Collection
from datetime import date
from pathlib import Path

from app.jobs.queue import is_alive
from app.settings import WebSettings

SETTINGS = "PETA_WEB_SETTINGS"
"""Holds the settings of the server for the worker that it starts; without it the usual ones are read."""

_LEFT = re.compile(r"\.(?P<run>\d{4}-\d\d-\d\d-\d+)\.(?:tmp|old)-(?P<pid>\d+)")


def environment_of(settings: WebSettings) -> dict[str, str]:
    """Return the environment in which a worker goes by the same settings."""
    return {**os.environ, SETTINGS: settings.model_dump_json()}


def settings_of_environment() -> WebSettings:
    """Return the settings that the environment gives."""
    given = os.environ.get(SETTINGS)
    return WebSettings(**json.loads(given)) if given else WebSettings()


def next_run(library: Path, taken: Collection[str], day: date) -> str:
    """Return a name for a new run: the day, and the first number after all that were ever used on it.

    Examples
    --------
    >>> next_run(Path("/nowhere"), {"2026-05-04-1", "2026-05-04-9", "contoh"}, date(2026, 5, 4))
    '2026-05-04-10'
    """
    names = {*taken, *(path.name.lstrip(".") for path in library.iterdir())} if library.is_dir() else {*taken}
    own = re.compile(rf"{day.isoformat()}-(\d+)(?:\..*)?")
    used = [int(found[1]) for found in map(own.fullmatch, names) if found]
    return f"{day.isoformat()}-{max(used, default=0) + 1}"


def sweep(library: Path) -> None:
    """Remove what killed workers left of runs that never came to be."""
    for left in library.iterdir() if library.is_dir() else ():
        found = _LEFT.fullmatch(left.name)
        if not found or is_alive(int(found["pid"])):
            continue
        if ".old-" in left.name and not (library / found["run"]).exists():
            left.rename(library / found["run"])  # killed between two moves: what stood there comes back
        else:
            shutil.rmtree(left, ignore_errors=True)
