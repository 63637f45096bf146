"""The log of all hand-overs: filtered, page by page, and as a table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from app.csv_output import inert
from app.records.tables import Entry, Handover, Job
from app.sharing.asked import KINDS
from app.sharing.handovers import handovers
from app.sharing.state import MARKS, Handed, in_words, state_in_table
from app.sharing.tokens import caller_name
from geo.errors import SettingsError
from geo.levels import Level

PAGE = 50

HEADINGS = (
    "nomor", "penerima", "keperluan", "dasar", "tingkat", "cara", "wilayah", "hasil", "rumah_tangga", "oleh", "waktu",
    "sampai", "keadaan", "diambil", "terakhir_dipakai", "dicabut", "dicabut_oleh", "sha256",
)  # fmt: skip


@dataclass(frozen=True)
class LogFilter:
    """Which hand-overs; what is empty does not narrow."""

    recipient: str = ""
    level: str = ""
    state: str = ""
    by: str = ""

    def query(self, **more: object) -> str:
        """Return the filter as the query of an address."""
        said = {"untuk": self.recipient, "tingkat": self.level, "keadaan": self.state, "oleh": self.by}
        return urlencode({name: str(value) for name, value in (said | more).items() if value})

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the filter as conditions on hand-overs with their jobs."""
        said = (
            (self.recipient, Handover.recipient),
            (self.level, Handover.level),
            (self.state, state_in_table()),
            (self.by, Handover.by),
        )
        return [column == value for value, column in said if value]


@dataclass(frozen=True)
class LogPage:
    """So many hand-overs, the newest first."""

    handed: list[Handed]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, one at least."""
        return max(1, -(-self.total // PAGE))


def read_filter(query: Mapping[str, str]) -> LogFilter:
    """Read a filter from an address.

    Raises
    ------
    SettingsError
        When there is no such level or state.

    Examples
    --------
    >>> read_filter({"untuk": "dinkes ", "keadaan": "berlaku"}).query(hal=2)
    'untuk=dinkes&keadaan=berlaku&hal=2'
    """
    said = {name: query.get(name, "").strip() for name in ("untuk", "tingkat", "keadaan", "oleh")}
    if said["tingkat"] and said["tingkat"] not in {*Level}:
        raise SettingsError("Tingkat itu tidak dikenal. Pilih dari daftar.")
    if said["keadaan"] and said["keadaan"] not in MARKS:
        raise SettingsError("Keadaan itu tidak dikenal. Pilih dari daftar.")
    return LogFilter(said["untuk"], said["tingkat"], said["keadaan"], said["oleh"])


def read_log(session: Session, wanted: LogFilter, number: int) -> LogPage:
    """Return one page of the log; the last one when there are not so many."""
    found = _chosen(wanted)
    total = session.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0
    number = min(max(number, 1), max(1, -(-total // PAGE)))
    asked = found.offset((number - 1) * PAGE).limit(PAGE)
    return LogPage([Handed(*row) for row in session.execute(asked)], total, number)


def recipients_in(session: Session) -> dict[str, str]:
    """Return the recipients that something was handed to, by id, with the name they were last called by."""
    asked = select(Handover.recipient, Handover.recipient_name).order_by(Handover.id)
    return dict(sorted({(str(key), str(name)) for key, name in session.execute(asked)}))


def read_table(session: Session, wanted: LogFilter) -> Iterator[list[str]]:
    """Return the rows of the whole log under :data:`HEADINGS`; no cell of them runs as a formula."""
    for row in session.execute(_chosen(wanted)):
        yield [inert(str(cell)) for cell in _cells(Handed(*row))]


def trail_of(session: Session, held: Handover) -> list[Entry]:
    """Return the last lines of the trail about a hand-over: who decided, took away, used, returned, revoked."""
    asked = select(Entry).where(Entry.action.in_(("bagikan", "ambil", "cabut", "kembali")))
    by_token = Entry.user == caller_name(held.id)
    named = (Entry.subject.startswith(f"pembagian {held.id}{mark}", autoescape=True) for mark in (":", " ("))
    about = or_(by_token, *named)
    return list(session.scalars(asked.where(about).order_by(Entry.id.desc()).limit(PAGE)))


def _chosen(wanted: LogFilter) -> Select[Handover, Job]:
    return handovers().where(*wanted.conditions())


def _cells(handed: Handed) -> tuple[object, ...]:
    held, words = handed.held, in_words(handed.held)
    at, used, ended = (
        each.astimezone().isoformat(sep=" ", timespec="seconds") if each else ""
        for each in (held.at, held.used_at, held.revoked_at)
    )
    return (
        held.id, held.recipient_name, held.purpose, held.basis, held.level, KINDS.get(held.kind, held.kind),
        words["area"], held.run, held.households, held.by, at, held.until.isoformat(), handed.state, held.taken, used,
        ended, held.revoked_by, held.sha256,
    )  # fmt: skip
