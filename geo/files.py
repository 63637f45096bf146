"""A small text file written whole, or not at all."""

from contextlib import suppress
from pathlib import Path

from geo.errors import NotWritable, cause_of


def write_whole(path: Path, text: str, *, what: str, encoding: str = "utf-8") -> None:
    """Write a text file; whoever is interrupted leaves what stood there before.

    Parameters
    ----------
    what
        The thing that is written, in the user's words, for the message (Indonesian).

    Raises
    ------
    NotWritable
        When the folder or the disk does not take it.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding=encoding)
        part.replace(path)
    except OSError as fault:
        raise NotWritable(f"{what} tidak dapat ditulis ke {path}: {cause_of(fault)}.") from fault
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
