"""A file written whole, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from geo.errors import NotWritable, cause_of


@contextmanager
def whole(path: Path, *, what: str, private: bool = False) -> Iterator[Path]:
    """Give a place beside a file to write to; it takes the file's place when nothing went wrong.

    Whoever is interrupted leaves what stood there before.

    Parameters
    ----------
    what
        The thing that is written, in the user's words, for the message (Indonesian).
    private
        Only its owner may read it (mode 0600).

    Raises
    ------
    NotWritable
        When the folder or the disk does not take it.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        part.touch(mode=0o600 if private else 0o666)
        yield part
        part.replace(path)
    except OSError as fault:
        raise NotWritable(f"{what} tidak dapat ditulis ke {path}: {cause_of(fault)}.") from fault
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def write_whole(path: Path, text: str, *, what: str, encoding: str = "utf-8", private: bool = False) -> None:
    """Write a text file, as :func:`whole` does."""
    with whole(path, what=what, private=private) as part:
        part.write_text(text, encoding=encoding)


def require_file(path: Path, *, what: str) -> None:
    """Refuse a place that would not take a file, before the work for it begins; nothing is left there.

    Parameters
    ----------
    what
        As for :func:`write_whole`.

    Raises
    ------
    NotWritable
        When the folder is missing or takes nothing, or a folder stands there.
    """
    if path.is_dir():
        raise NotWritable(f"{what} tidak dapat ditulis ke {path}: itu folder, bukan berkas.")
    trial = path.with_name(f".{path.name}.part")
    try:
        trial.touch()
    except OSError as fault:
        raise NotWritable(f"{what} tidak dapat ditulis ke {path}: {cause_of(fault)}.") from fault
    finally:
        with suppress(OSError):
            trial.unlink(missing_ok=True)
