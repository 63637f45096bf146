"""What the trail keeps of the API: the first use of a token each day, and how many households were read."""

import threading
from datetime import UTC, datetime

from app.access.roles import Person, Role
from app.ogc.callers import Caller
from app.records import Records
from app.records.tables import Handover, now
from app.trail import leave

HOUSEHOLDS = "rumah_tangga"

_MOST = 10_000
_UNTOLD = 10_000
"""At most so many households leave before the trail has another line, and no more than it has told already."""


class Traces:
    """Leaves one line where a reader of many pages would leave hundreds."""

    def __init__(self) -> None:
        self._left: set[tuple[str, ...]] = set()
        self._read: dict[tuple[str, ...], tuple[int, int]] = {}
        self._lock = threading.Lock()

    def used(self, records: Records, caller: Caller, run: str) -> None:
        """Leave a line at a token's first use of a day."""
        if caller.handover is None or not self._first(caller.name, f"{datetime.now(UTC):%Y-%m-%d}"):
            return
        with records.session() as session:
            held = session.get(Handover, caller.handover)
            moment = now()
            # another process may have written so today
            if held is not None and (held.used_at is None or held.used_at.date() < moment.date()):
                held.used_at = moment
                leave(session, _who(caller), "ambil", _subject(caller, "pemakaian pertama hari ini"), run=run)

    def read(self, records: Records, caller: Caller, run: str, collection: str, rows: int) -> None:
        """Leave a line where households are read: at the first of an hour, and again as they become many more.

        A line tells of those since the line before it, so that the lines add up to what left.

        Parameters
        ----------
        rows
            How many are in the answer.
        """
        if collection != HOUSEHOLDS:
            return
        untold = self._untold((caller.name, run, f"{datetime.now(UTC):%Y-%m-%d %H}"), rows)
        if untold is None:
            return
        action = "ambil" if caller.handover is not None else "lihat"
        with records.session() as session:
            leave(session, _who(caller), action, _subject(caller, collection), households=untold, run=run)

    def _untold(self, what: tuple[str, ...], rows: int) -> int | None:
        """Count rows; return how many the trail has still to be told of, when it is time to."""
        with self._lock:
            first = what not in self._read
            if first and len(self._read) >= _MOST:
                self._read.clear()
            told, untold = self._read.get(what, (0, 0))
            untold += rows
            due = first or untold > min(told, _UNTOLD)
            self._read[what] = (told + untold, 0) if due else (told, untold)
        return untold if due else None

    def _first(self, *what: str) -> bool:
        with self._lock:
            if what in self._left:
                return False
            if len(self._left) >= _MOST:
                self._left.clear()
            self._left.add(what)
            return True


def _who(caller: Caller) -> Person:
    return caller.person or Person(caller.name, "", Role.OPD)


def _subject(caller: Caller, what: str) -> str:
    told = f"{caller.recipient}, " if caller.recipient else ""
    return f"API: {told}{what}"
