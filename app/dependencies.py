"""What routes ask for, as aliases that let them read as plain functions."""

from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request

from geo.runs import newest_run, read_manifest


def _run(request: Request) -> Path:
    return newest_run(request.app.state.settings.runs)


Run = Annotated[Path, Depends(_run)]
"""The folder of the newest run."""


def _manifest(run: Run) -> dict[str, Any]:
    return read_manifest(run)


Manifest = Annotated[dict[str, Any], Depends(_manifest)]
"""The manifest of the newest run."""
