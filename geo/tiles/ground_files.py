"""The rasters that a run was made from, found again by their content: a run knows names, no folders."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

EDITION = 1
"""To be raised when the ground is drawn in another way, so that what was prepared before is made anew."""


def find_rasters(facts: Mapping[str, Any], role: str, places: Iterable[Path]) -> tuple[Path, ...]:
    """Return the rasters behind a run; none unless all of them are at hand, unchanged.

    Parameters
    ----------
    facts
        Of the run, with its inputs (role, name, bytes, sha256).
    role
        ``land_cover`` or ``dem``.
    places
        Where they may lie.
    """
    held = [place for place in dict.fromkeys(places) if place.is_file()]
    found = [
        next((place for place in held if _is(place, given)), None)
        for given in facts["inputs"]
        if given["role"] == role
    ]
    return tuple(place for place in found if place is not None) if all(found) else ()


def ground_key(cover: Sequence[Path], dem: Path | None, bounds: tuple[float, float, float, float]) -> str:
    """Return a name for the ground made of these files within these bounds."""
    files = [
        (path.name, path.stat().st_size, path.stat().st_mtime_ns)
        for path in (*cover, *([dem] if dem else []))
    ]
    said = repr((EDITION, files, [round(edge, 6) for edge in bounds]))
    return hashlib.sha256(said.encode()).hexdigest()[:20]


def _is(place: Path, given: Mapping[str, Any]) -> bool:
    if place.name != given["name"] or place.stat().st_size != given["bytes"]:
        return False
    with place.open("rb") as file:
        return bool(hashlib.file_digest(file, "sha256").hexdigest() == given["sha256"])
