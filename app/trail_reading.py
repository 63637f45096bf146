"""The trail read: filtered, page by page, and summed up by account."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.records.tables import Entry
from app.trail import ACTIONS
from geo.errors import SettingsError

PAGE = 100
_AT_ONCE = 1000
_FIRST_YEAR, _LAST_YEAR = 2000, 2200


@dataclass(frozen=True)
class TrailFilter:
    """Which lines; what is empty does not narrow.

    Attributes
    ----------
    user, action, run
        The account, a word of :data:`app.trail.ACTIONS`, the run.
    first, last
        Days in the server's own time, both included.
    """

    user: str = ""
    action: str = ""
    run: str = ""
    first: date | None = None
    last: date | None = None

    def query(self, **more: object) -> str:
        """Return the filter as the query of an address."""
        said = {
            "akun": self.user,
            "tindakan": self.action,
            "hasil": self.run,
            "dari": self.first,
            "sampai": self.last,
        }
        return urlencode({name: str(value) for name, value in (said | more).items() if value})

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the filter as conditions on :class:`~app.records.tables.Entry`."""
        found: list[ColumnElement[bool]] = []
        if self.user:
            found.append(Entry.user == self.user)
        if self.action:
            found.append(Entry.action == self.action)
        if self.run:
            found.append(Entry.run == self.run)
        if self.first:
            found.append(Entry.at >= _midnight(self.first))
        if self.last:
            found.append(Entry.at < _midnight(self.last + timedelta(days=1)))
        return found


@dataclass(frozen=True)
class TrailPage:
    """A hundred lines, the newest first."""

    entries: list[Entry]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, one at least."""
        return max(1, -(-self.total // PAGE))


def read_filter(user: str, action: str, run: str, first: str, last: str) -> TrailFilter:
    """Read a filter from the words of an address.

    Raises
    ------
    SettingsError
        When a day is none, or there is no such action.

    Examples
    --------
    >>> read_filter("sari", "", "", "2026-01-31", "").query(hal=2)
    'akun=sari&dari=2026-01-31&hal=2'
    """
    if action and action not in ACTIONS:
        raise SettingsError("Tindakan itu tidak dikenal. Pilih dari daftar.")
    return TrailFilter(user.strip(), action, run.strip(), _day(first), _day(last))


def read_page(session: Session, wanted: TrailFilter, number: int) -> TrailPage:
    """Return one page of the trail; the last one when there are not so many."""
    total = session.scalar(select(func.count()).select_from(Entry).where(*wanted.conditions())) or 0
    number = min(max(number, 1), max(1, -(-total // PAGE)))
    asked = _lines(wanted).offset((number - 1) * PAGE).limit(PAGE)
    return TrailPage(list(session.scalars(asked)), total, number)


def read_all(session: Session, wanted: TrailFilter) -> Iterator[Entry]:
    """Return every line, the newest first, a thousand in memory at once."""
    return iter(session.scalars(_lines(wanted).execution_options(yield_per=_AT_ONCE)))


def households_by_account(session: Session, wanted: TrailFilter) -> list[tuple[str, str, int, int]]:
    """Return account, action, number of times and households seen, most households first.

    A household that somebody saw twice counts twice.
    """
    seen = func.coalesce(func.sum(Entry.households), 0)
    asked = (
        select(Entry.user, Entry.action, func.count(), seen)
        .where(Entry.households.is_not(None), *wanted.conditions())
        .group_by(Entry.user, Entry.action)
        .order_by(seen.desc(), Entry.user)
    )
    return [
        (user, action, times, int(households or 0))
        for user, action, times, households in session.execute(asked)
    ]


def _lines(wanted: TrailFilter) -> Select[Entry]:
    return select(Entry).where(*wanted.conditions()).order_by(Entry.id.desc())


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise SettingsError("Tanggal ditulis seperti 2026-01-31.") from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:  # the ends of the calendar have no midnight in every zone
        raise SettingsError(f"Tanggal antara tahun {_FIRST_YEAR} dan {_LAST_YEAR}.")
    return day


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time()).astimezone()
