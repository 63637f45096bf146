"""The questions of a run with the decisions that hold, kept ready: a list of thousands turns its pages fast."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from app.district import decisions_about
from app.manifests import when_made
from app.questions import candidates, read_columns, read_desa, read_queue, with_words, written
from app.settings import WebSettings
from geo.errors import ReviewError
from geo.review.decisions import Decision, one_line, read_decisions

PAGE = 50
OPEN, DECIDED, ALL = "terbuka", "diputuskan", "semua"

KIND_TITLES = {
    "nama": "Nama tidak dikenal atau mendua", "kode": "Kode tidak dikenal, atau lain dari namanya",
    "luar": "Menyebut kabupaten lain", "titik": "Titik terletak di desa lain",
}  # fmt: skip

_KEPT, _COUNTED = 4, 20
_T = TypeVar("_T")


@dataclass(frozen=True)
class Open:
    """How many questions of a run wait for a decision, and how many rows they are about."""

    items: int
    rows: int


@dataclass(frozen=True)
class Queue:
    """The questions of a run.

    Attributes
    ----------
    rows
        As docs/tables.md says of ``review.parquet``, with the decisions that hold now.
    desa
        ``kode_desa``, ``nama_desa``, ``nama_kecamatan`` of the run.
    words
        The decisions that hold, by item.
    """

    rows: pd.DataFrame
    desa: pd.DataFrame
    words: dict[str, Decision]

    @property
    def open(self) -> Open:
        """The questions that wait."""
        return _open_ones(self.rows)

    def chosen(self, kind: str, state: str, text: str) -> pd.DataFrame:
        """Return the questions of a kind and a state in whose place a text stands."""
        rows = self.rows
        if kind in KIND_TITLES:
            rows = rows[rows["kind"] == kind]
        if state != ALL:
            rows = rows[(rows["decision"] == "") == (state != DECIDED)]
        if text.strip():
            part = text.strip().casefold()
            told = (rows["desa"] + " " + rows["kecamatan"] + " " + rows["kode"]).str.casefold()
            rows = rows[told.str.contains(part, regex=False)]
        return rows

    def next_open(self, item: str) -> str:
        """Return the open question after one, or the first; nothing when none is left."""
        waiting = self.rows.loc[(self.rows["decision"] == "") & (self.rows["item"] != item), "item"]
        if waiting.empty:
            return ""
        place = self.rows.index[self.rows["item"] == item]
        later = waiting[waiting.index > place[0]] if len(place) else waiting
        return str((waiting if later.empty else later).iloc[0])

    def decided_after(self, moment: str) -> int:
        """Count the questions whose decision is younger than a moment (ISO 8601), as the making of the run is."""
        made, asked = datetime.fromisoformat(moment), {*self.rows["item"]}
        return sum(
            datetime.fromisoformat(word.when) > made for item, word in self.words.items() if item in asked
        )

    def reasons(self, most: int = 6) -> list[str]:
        """Return the reasons that were given last, for whoever decides many questions alike."""
        said = sorted(self.words.values(), key=lambda word: word.when, reverse=True)
        return list(dict.fromkeys(word.why for word in said))[:most]


class _Kept:
    """Some things made once from files, and made anew when those change."""

    def __init__(self, most: int = _KEPT) -> None:
        self._most = most
        self._held: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[Any, ...], make: Callable[[], _T]) -> _T:
        with self._lock:
            if key not in self._held:
                self._held[key] = make()
                while len(self._held) > self._most:
                    self._held.popitem(last=False)
            self._held.move_to_end(key)
            found: _T = self._held[key]
            return found


_TABLES, _WORDS, _QUEUES, _ASKED = _Kept(), _Kept(), _Kept(), _Kept(_COUNTED)


def open_queue(run: Path, decisions: Path) -> Queue:
    """Return the questions of a run as they stand at this moment.

    Raises
    ------
    NoRun
        When the run has none, or is damaged.
    ReviewError
        When the file of decisions is damaged.
    """
    of_run = (str(run), when_made(run))
    of_words = (str(decisions), *_stamp(decisions))

    def make() -> Queue:
        rows, desa = _TABLES.get(of_run, lambda: (read_queue(run).reset_index(drop=True), read_desa(run)))
        words = _WORDS.get(of_words, lambda: read_decisions(decisions))
        return Queue(with_words(rows, words), desa, words)

    return _QUEUES.get((*of_run, *of_words), make)


def open_questions(run: Path, settings: WebSettings) -> Open:
    """Count the questions of a run that wait for a decision at this moment: the one number that every page tells.

    A run of another district, whose decisions are not at hand, tells what it was made with.

    Raises
    ------
    NoRun
        When the run has no queue, or is damaged.
    ReviewError
        When the file of decisions is damaged.
    """
    columns = ["item", "households", "decision", "kode_desa"]
    of_run = (str(run), when_made(run))
    rows = _ASKED.get(of_run, lambda: read_columns(run, "review", columns))
    try:
        file = decisions_about(run, settings.decisions, settings.boundaries)
    except ReviewError:
        return _open_ones(rows)
    words = _WORDS.get((str(file), *_stamp(file)), lambda: read_decisions(file))
    return _open_ones(with_words(rows, words))


def _open_ones(rows: pd.DataFrame) -> Open:
    waiting = rows[rows["decision"] == ""]
    return Open(len(waiting), int(waiting["households"].sum()))


def told(row: dict[Any, Any]) -> dict[str, Any]:
    """Return what a page tells of a question; texts of the sheet without signs that steer a screen."""
    return {
        "item": row["item"],
        "kind": row["kind"],
        "title": KIND_TITLES[row["kind"]],
        "households": row["households"],
        "sheet_rows": row["rows"],
        "written": written(row),
        "note": one_line(str(row["note"])),
        "decision": row["decision"],
        "kode_desa": row["kode_desa"],
        "candidates": candidates(row),
    }


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0)
    return (found.st_mtime_ns, found.st_size, found.st_ino)
