"""What the application remembers, as tables: people who sign in, the trail, jobs, lists, visits and their outcomes."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, Index, String, Text, TypeDecorator
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, with its zone in every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Store as UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read as UTC; SQLite gives no zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """A text without NUL, which PostgreSQL takes neither to store nor to compare with."""

    impl: Any = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Leave it out, wherever the text comes from."""
        return None if value is None else value.replace("\0", "")


class Line(Words):
    """The same, no longer than is said."""

    impl = String
    cache_ok = True


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


class Table(DeclarativeBase):
    """All tables; the migrations follow them."""

    type_annotation_map = {datetime: Moment, dict[str, Any]: JSON, list[str]: JSON, str: Words}  # noqa: RUF012


class User(Table):
    """Somebody who may sign in."""

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Line(60), unique=True)
    full_name: Mapped[str] = mapped_column(Line(120), default="")
    role: Mapped[str] = mapped_column(Line(20))
    desa: Mapped[list[str]] = mapped_column(default=list)
    password_hash: Mapped[str]
    must_change: Mapped[bool] = mapped_column(default=True)
    recipient: Mapped[str] = mapped_column(Line(60), default="")
    disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by: Mapped[str] = mapped_column(default="")


class SignIn(Table):
    """A session of a browser; the token itself is nowhere but in its cookie."""

    __tablename__ = "sign_ins"
    token_hash: Mapped[str] = mapped_column(Line(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str] = mapped_column(Line(64))
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)


class Failure(Table):
    """A sign-in that failed, for the lock-out."""

    __tablename__ = "failures"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Line(60), index=True)
    address: Mapped[str] = mapped_column(Line(60), index=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)


class Entry(Table):
    """One line of the trail: who saw, printed, downloaded or changed what; never updated, never deleted."""

    __tablename__ = "trail"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    user: Mapped[str] = mapped_column(Line(60), index=True)
    role: Mapped[str] = mapped_column(Line(20))
    action: Mapped[str] = mapped_column(Line(40), index=True)
    subject: Mapped[str] = mapped_column(default="")
    households: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")
    run: Mapped[str] = mapped_column(default="")


class Publication(Table):
    """A run that was made the one that everybody sees; the last row is in force."""

    __tablename__ = "publications"
    id: Mapped[int] = mapped_column(primary_key=True)
    run: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    by: Mapped[str] = mapped_column(Line(60))
    note: Mapped[str] = mapped_column(default="")


class Upload(Table):
    """A sheet that was uploaded, and how its columns are to be understood."""

    __tablename__ = "uploads"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    file: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(Line(64))
    sheet: Mapped[str | None]
    columns: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime] = mapped_column(default=now)
    by: Mapped[str] = mapped_column(Line(60))


class Job(Table):
    """Work that takes longer than a planner waits: queued, one at a time, taken up again after a restart."""

    __tablename__ = "jobs"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Line(20))
    state: Mapped[str] = mapped_column(Line(20), default="antre", index=True)
    asked: Mapped[dict[str, Any]] = mapped_column(default=dict)
    stage: Mapped[str] = mapped_column(default="")
    done_stages: Mapped[list[str]] = mapped_column(default=list)
    message: Mapped[str] = mapped_column(default="")
    run: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    by: Mapped[str] = mapped_column(Line(60))
    started_at: Mapped[datetime | None]
    beat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class HouseholdList(Table):
    """A named list of chosen households: who made it, when, and from which wishes."""

    __tablename__ = "lists"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Line(120))
    purpose: Mapped[str] = mapped_column(default="")
    run: Mapped[str]
    wishes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime] = mapped_column(default=now)
    by: Mapped[str] = mapped_column(Line(60))


class Member(Table):
    """A household of a list, with its keys for the next register and, once planned, its place in the visits."""

    __tablename__ = "members"
    list_id: Mapped[int] = mapped_column(ForeignKey("lists.id", ondelete="CASCADE"), primary_key=True)
    sheet_row: Mapped[int] = mapped_column(primary_key=True)
    kode_desa: Mapped[str] = mapped_column(Line(13), default="")
    rank: Mapped[int | None]
    cost: Mapped[float | None]
    keys: Mapped[dict[str, Any]] = mapped_column(default=dict)
    team: Mapped[int | None]
    day: Mapped[int | None]
    order: Mapped[int | None]
    travel_minutes: Mapped[float | None]
    start_minute: Mapped[float | None]
    left_out: Mapped[str] = mapped_column(default="")


class Print(Table):
    """A book of maps that somebody ordered: what is in it and what for; its files lie on the disk for some days.

    ``chosen`` holds the sheet rows (``rows``; nothing: every household of the desa) and their places in a day's visits
    (``turn``), as they were when it was ordered.
    """

    __tablename__ = "prints"
    id: Mapped[int] = mapped_column(primary_key=True)
    run: Mapped[str]
    run_created: Mapped[str] = mapped_column(Line(40))
    title: Mapped[str]
    file: Mapped[str] = mapped_column(Line(80))
    address: Mapped[str]
    desa: Mapped[list[str]] = mapped_column(default=list)
    chosen: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    households: Mapped[int]
    paper: Mapped[str] = mapped_column(Line(10))
    names: Mapped[bool]
    purpose: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    by: Mapped[str] = mapped_column(Line(60), index=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("jobs.id"))
    drawn: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


def _own_agency(context: DefaultExecutionContext) -> str:
    """Return the recipe: the agency of one that names none."""
    told: dict[str, str] = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return told["recipient"]


class Handover(Table):
    """Data that leaves for another agency: to whom, what for, at which level, until when; never deleted.

    ``kind`` is ``berkas`` (a package of files, made by a job) or ``api`` (a token, of which only the hash is kept).
    ``recipient`` is the id of a recipe, ``agency`` that of the agency whose accounts see it, as it was when it was
    handed over; ``scope`` says what is in it (collections, columns, list), ``told`` what was shown before it left
    (rows by collection, what is left out).
    """

    __tablename__ = "handovers"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Line(10))
    recipient: Mapped[str] = mapped_column(Line(60), index=True)
    agency: Mapped[str] = mapped_column(Line(60), index=True, default=_own_agency)
    recipient_name: Mapped[str]
    purpose: Mapped[str]
    basis: Mapped[str] = mapped_column(default="")
    level: Mapped[str] = mapped_column(Line(10))
    run: Mapped[str]
    run_created: Mapped[str] = mapped_column(Line(40))
    desa: Mapped[list[str]] = mapped_column(default=list)
    scope: Mapped[dict[str, Any]] = mapped_column(default=dict)
    formats: Mapped[list[str]] = mapped_column(default=list)
    told: Mapped[dict[str, Any]] = mapped_column(default=dict)
    households: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(default=now)
    by: Mapped[str] = mapped_column(Line(60), index=True)
    until: Mapped[date]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str] = mapped_column(Line(60), default="")
    token_hash: Mapped[str | None] = mapped_column(Line(64), unique=True)
    used_at: Mapped[datetime | None]
    taken: Mapped[int] = mapped_column(default=0)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("jobs.id"))
    file: Mapped[str] = mapped_column(Line(120), default="")
    size: Mapped[int | None]
    sha256: Mapped[str] = mapped_column(Line(64), default="")
    made_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class Return(Table):
    """What an agency sent back about households of a hand-over: it waits until a person enters it or puts it aside.

    ``recipient`` is the id of the agency. ``lines`` holds what the file says for as long as it waits; ``told`` then
    tells what came of it, in counts.
    """

    __tablename__ = "returns"
    id: Mapped[int] = mapped_column(primary_key=True)
    handover_id: Mapped[int] = mapped_column(ForeignKey("handovers.id"), index=True)
    recipient: Mapped[str] = mapped_column(Line(60), index=True)
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(Line(64))
    rows: Mapped[int]
    lines: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    told: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(Line(20), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    by: Mapped[str] = mapped_column(Line(60))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(Line(60), default="")


class Outcome(Table):
    """What came of a visit; the newest of a household holds, and the older ones stay."""

    __tablename__ = "outcomes"
    id: Mapped[int] = mapped_column(primary_key=True)
    run: Mapped[str]
    sheet_row: Mapped[int]
    kode_desa: Mapped[str] = mapped_column(Line(13), index=True)
    outcome: Mapped[str] = mapped_column(Line(20))
    note: Mapped[str] = mapped_column(default="")
    visited_on: Mapped[date]
    at: Mapped[datetime] = mapped_column(default=now)
    by: Mapped[str] = mapped_column(Line(60))
    key_id: Mapped[str | None] = mapped_column(Line(64), index=True)
    key_kk: Mapped[str | None] = mapped_column(Line(64), index=True)
    key_nik: Mapped[str | None] = mapped_column(Line(64), index=True)
    key_name: Mapped[str | None] = mapped_column(Line(64), index=True)

    __table_args__ = (Index("ix_outcomes_household", "run", "sheet_row"),)


class OutcomePlace(Table):
    """Which household of a run an outcome of another run belongs to; the newest word holds, and the older ones stay.

    Without a ``sheet_row`` it belongs to none: ``doubt`` says why, or the household is not there any more. ``keys``
    are of the household a person named, and stand for the outcome's own from then on.
    """

    __tablename__ = "outcome_places"
    id: Mapped[int] = mapped_column(primary_key=True)
    from_run: Mapped[str]
    from_row: Mapped[int]
    run: Mapped[str]
    sheet_row: Mapped[int | None]
    how: Mapped[str] = mapped_column(Line(20), default="")
    doubt: Mapped[str] = mapped_column(Line(20), default="")
    keys: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime] = mapped_column(default=now)
    by: Mapped[str] = mapped_column(Line(60), default="")

    __table_args__ = (Index("ix_outcome_places_household", "run", "from_run", "from_row"),)
