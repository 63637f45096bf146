"""Secrets of this installation: made once, kept beside the records, readable by their owner alone."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from geo.errors import NotWritable, cause_of

FILE = "rahasia.json"


@dataclass(frozen=True, repr=False)
class Secrets:
    """What signs addresses, and what turns identifiers into keys of households."""

    addresses: str
    households: str


def has_secrets(folder: Path) -> bool:
    """Tell whether a folder keeps secrets already."""
    return (folder / FILE).is_file()


def read_secrets(folder: Path) -> Secrets:
    """Return the secrets kept in a folder, made when there are none.

    Raises
    ------
    NotWritable
        When the folder does not take them.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            new = {"addresses": secrets.token_urlsafe(32), "households": secrets.token_urlsafe(32)}
            handle = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return Secrets(**json.loads((folder / FILE).read_text(encoding="utf-8")))
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(new, file)
        return Secrets(**new)
    except OSError as fault:
        raise NotWritable(f"Catatan tidak dapat disimpan di {folder}: {cause_of(fault)}.") from fault
