"""Which of the kept runs somebody may compare."""

from dataclasses import dataclass
from pathlib import Path

from app.access.roles import Person
from app.library import Library
from app.manifests import when_made
from geo.symbology import moment


@dataclass(frozen=True)
class KeptRun:
    """A run to choose.

    Attributes
    ----------
    created
        The moment that its manifest states.
    title
        Name and moment in words, and whether it is in force.
    """

    id: str
    created: str
    title: str


def kept_runs(library: Library, who: Person) -> list[KeptRun]:
    """Return the runs that somebody may compare, the newest first."""
    shown = library.in_force()
    return [_kept(library.path(name), in_force=name == shown) for name in library.open_to(who)]


def _kept(folder: Path, *, in_force: bool) -> KeptRun:
    created = when_made(folder)
    return KeptRun(
        folder.name, created, f"{folder.name} · {moment(created)}{' · yang berlaku' if in_force else ''}"
    )
