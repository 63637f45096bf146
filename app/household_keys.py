"""Keys of the households of a run: made once, kept beside the records for their owner alone, and read from there."""

import hashlib
import os
import threading
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path

import pandas as pd
from pyarrow import ArrowException, parquet

from app.manifests import when_made
from geo.errors import NoRun, NotWritable, cause_of
from geo.household_keys import KEYS, household_keys

FOLDER = "kunci"
_ASKED = ("sheet_row", "counts", "id_keluarga", "no_kk", "no_kk_mark", "nik", "nik_mark", "nama", "kode_desa")
_KEPT = 2
"""So many runs in memory: the one in force, and one that is compared; the others are read again."""


class KeyStore:
    """The keys of runs, for as long as the application lives.

    Parameters
    ----------
    state
        Folder of the application's own records.
    secret
        Of the installation, see :func:`geo.household_keys.household_keys`.
    """

    def __init__(self, state: Path, secret: str) -> None:
        self._folder, self._secret = state / FOLDER, secret
        self._lock = threading.Lock()
        self._held: OrderedDict[Path, pd.DataFrame] = OrderedDict()

    def of(self, run: Path) -> pd.DataFrame:
        """Return the keys (:data:`geo.household_keys.KEYS`) of a run's households that count, by sheet row.

        Parameters
        ----------
        run
            Its folder; when another run takes its place, that has keys of its own.

        Raises
        ------
        NoRun
            When the run's table of households is missing or damaged.
        NotWritable
            When the folder does not take them.
        """
        path = self._folder / f"{_name(run)}.parquet"
        with self._lock:  # made once, though several ask
            if path not in self._held:
                held = _read(path)
                self._held[path] = self._make(run, path) if held is None else held
            self._held.move_to_end(path)
            while len(self._held) > _KEPT:
                self._held.popitem(last=False)
            return self._held[path]

    def one(self, run: Path, sheet_row: int) -> dict[str, str | None]:
        """Return the keys of one household of a run; what it has no key for is None."""
        keys = self.of(run)
        place = keys.index.get_indexer(pd.Index([sheet_row]))[0]
        found = dict.fromkeys(KEYS) if place < 0 else keys.iloc[place].to_dict()
        return {name: found[name] if isinstance(found[name], str) else None for name in KEYS}

    def _make(self, run: Path, path: Path) -> pd.DataFrame:
        source = run / "households.parquet"
        try:
            there = {*parquet.read_schema(source).names}
            persons = pd.read_parquet(source, columns=[name for name in _ASKED if name in there])
        except (OSError, ValueError, ArrowException) as fault:
            raise NoRun("Tabel rumah tangga hasil ini hilang atau rusak.") from fault
        if "counts" in persons:  # a number that also stands in a spare copy is still one household's
            persons = persons[persons["counts"].to_numpy(bool)]
        keys = household_keys(persons, self._secret).set_axis(persons["sheet_row"].to_numpy(), axis="index")
        _write(keys, path)
        return keys


def _name(run: Path) -> str:
    """Return a file name for a run as it was made then; another run of the same name has another."""
    made = f"{run.resolve()}\0{when_made(run)}"
    return hashlib.sha256(made.encode()).hexdigest()[:24]


def _read(path: Path) -> pd.DataFrame | None:
    """Return what is kept; nothing when it is not there, or damaged."""
    try:
        return pd.read_parquet(path)
    except (OSError, ValueError, ArrowException):
        return None


def _write(keys: pd.DataFrame, path: Path) -> None:
    part = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            keys.to_parquet(file)
        part.replace(path)
    except OSError as fault:
        raise NotWritable(
            f"Kunci rumah tangga tidak dapat disimpan di {path.parent}: {cause_of(fault)}."
        ) from fault
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
