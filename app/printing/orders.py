"""Books that were ordered: who may order one, who may take it away, and how far it is."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.access.reasons import stated_reason
from app.access.roles import Permission, Person
from app.data_view.jobs import told
from app.jobs.books import KEPT, book_folder, forget, is_over, run_is_there
from app.jobs.queue import BOOK, CANCELLED, DONE, RUNNING, WAITING, cancel, enqueue
from app.printing.asked import Wanted
from app.records.tables import Job, Print, now
from app.settings import WebSettings
from app.trail import leave
from geo.errors import NoRun, NotAllowed, SettingsError
from geo.review.decisions import masked

READY, OVER, REMOVED = "siap", "habis", "dihapus"
"""What a book is once its job is done."""

MOST_AN_HOUR = 40
"""So many books one person orders within an hour."""

TITLES = {READY: ("siap", "good"), OVER: ("masa simpan habis", ""), REMOVED: ("dihapus", "")}


@dataclass(frozen=True)
class Order:
    """A book that was ordered, and the job that makes it."""

    held: Print
    job: Job | None

    @property
    def state(self) -> str:
        """Return the state of its job, or what it is since."""
        state = self.job.state if self.job is not None else CANCELLED
        if state != DONE:
            return state
        if self.held.removed_at is not None:
            return REMOVED
        return OVER if is_over(self.held) else READY

    @property
    def is_active(self) -> bool:
        """Tell whether it waits or is being made."""
        return self.state in {WAITING, RUNNING}

    def told(self, ahead: int = 0) -> dict[str, Any]:
        """Return what pages tell of it: plain values that JSON can hold."""
        job = told(self.job, ahead) if self.job is not None else {"state_title": "dibatalkan", "mark": ""}
        state_title, mark = TITLES.get(self.state, (job["state_title"], job["mark"]))
        held = self.held
        return {
            "id": held.id,
            "title": held.title,
            "state": self.state,
            "state_title": state_title,
            "mark": mark,
            "active": self.is_active,
            "ready": self.state == READY,
            "drawn": held.drawn,
            "pages": held.pages,
            "stage": job.get("stage", ""),
            "hint": job.get("hint", ""),
            "message": job.get("message", ""),
            "desa": len(held.desa),
            "households": held.households,
            "paper": held.paper,
            "names": held.names,
            "purpose": held.purpose,
            "run": held.run,
            "address": held.address,
            "by": held.by,
            "at": held.at.astimezone().isoformat(),
            "until": (held.made_at + KEPT).astimezone().isoformat() if held.made_at else "",
        }


def papers() -> tuple[str, ...]:
    """Return the papers that a book can be on."""
    from geo.atlas.paper.layout import PAPERS  # noqa: PLC0415  -- heavy: the whole press comes with it

    return tuple(PAPERS)


def order_book(
    session: Session, who: Person, wanted: Wanted, *, paper: str, names: bool | None, purpose: str
) -> Print:
    """Order a book and leave it in the trail; the caller's session works alone.

    Parameters
    ----------
    names
        Whether names and addresses stand in it; who may see them has to say so or not.

    Raises
    ------
    NotAllowed
        When a desa, or names, are not theirs.
    SettingsError
        When there is no such paper, no purpose, nothing to print, or their last book is still being made.
    """
    who.require(Permission.PRINT)
    desa = [str(kode) for kode in wanted.desa["kode_desa"]]
    for kode in desa:
        who.require_desa(kode)
    if names:
        who.require(Permission.SEE_NAMES)
    if names is None and who.may(Permission.SEE_NAMES):
        raise SettingsError("Pilih: dengan atau tanpa nama dan alamat.")
    if paper not in papers():
        raise SettingsError(f"Kertas itu tidak dikenal. Yang ada: {', '.join(papers())}.")
    reason = stated_reason(purpose)
    if not desa:
        raise SettingsError("Tidak ada desa dalam pilihan ini, jadi tidak ada yang dicetak.")
    if not wanted.is_numbered:
        raise SettingsError(
            "Hasil ini dibuat sebelum rumah diberi nomor tetap. Minta perencana mengolah lagi lembarnya."
        )
    if any(order.is_active for order in _found(session, _of(who).where(Job.state.in_((WAITING, RUNNING))))):
        raise SettingsError(
            "Buku Anda yang sebelumnya belum selesai. Tunggu sampai siap, atau batalkan di halaman Cetakan."
        )
    lately = select(func.count()).where(Print.by == who.name, Print.at > now() - timedelta(hours=1))
    if (session.scalar(lately) or 0) >= MOST_AN_HOUR:
        raise SettingsError(
            f"Anda sudah memesan {MOST_AN_HOUR} buku dalam sejam. Gabungkan pilihannya, atau pesan lagi nanti."
        )
    title = masked(wanted.title)
    held = Print(
        run=wanted.opened.id, run_created=str(wanted.opened.manifest["created"]), title=title, file=wanted.file,
        address=wanted.address,
        desa=desa, chosen=_chosen(wanted), households=wanted.households, paper=paper, names=bool(names), purpose=reason,
        by=who.name,
    )  # fmt: skip
    session.add(held)
    session.flush()
    held.job_id = enqueue(session, BOOK, {"print": held.id}, who.name).id
    leave(session, who, "cetak", _subject(held), households=held.households, reason=reason, run=held.run)
    return held


def _chosen(wanted: Wanted) -> dict[str, Any]:
    rows = None if wanted.rows is None else wanted.rows.tolist()
    return {"rows": rows, "turn": {str(row): place for row, place in wanted.turn.items()}}


def _subject(held: Print) -> str:
    return f"buku {held.id}: {held.title}, {'dengan' if held.names else 'tanpa'} nama"


def all_orders(session: Session, who: Person, most: int) -> list[Order]:
    """Return somebody's books, the newest first; everybody's for who keeps the accounts."""
    every = who.may(Permission.MANAGE_USERS)
    asked = _orders() if every else _of(who)
    return _found(session, asked.order_by(Print.id.desc()).limit(most))


def find_order(session: Session, who: Person, number: int) -> Order:
    """Return a book of somebody's own.

    Raises
    ------
    NoRun
        When there is none of that number, or it is another's.
    """
    found = _found(session, _of(who).where(Print.id == number)) if 0 < number < 2**31 else []
    if not found:  # what is not theirs is answered as what is not there
        raise NoRun("Cetakan itu tidak ada di antara cetakan Anda.")
    return found[0]


def remove_order(session: Session, who: Person, settings: WebSettings, number: int) -> None:
    """Cancel a book, or remove its files; whoever ordered it may, and who keeps the accounts.

    Raises
    ------
    NoRun
        When there is none of that number, or it is another's.
    """
    keeper = who.may(Permission.MANAGE_USERS) and 0 < number < 2**31
    found = (
        _found(session, _orders().where(Print.id == number)) if keeper else [find_order(session, who, number)]
    )
    if not found:
        raise NoRun("Cetakan itu tidak ada.")
    order = found[0]
    if order.job is not None and cancel(session, order.job.id):
        leave(session, who, "cetak", f"buku {number} dibatalkan", run=order.held.run)
        return
    if order.held.removed_at is None:
        order.held.removed_at = now()
        leave(session, who, "cetak", f"buku {number} dihapus", run=order.held.run)
    forget(settings, number)


def require_files(settings: WebSettings, who: Person, order: Order) -> None:
    """Refuse to hand out a book that is not ready, or no longer for whoever ordered it.

    Raises
    ------
    NoRun
        When it is not ready, or over, or its run is gone.
    NotAllowed
        When the role or the desa of the person have changed since.
    """
    held = order.held
    who.require(Permission.PRINT)
    if held.names:
        who.require(Permission.SEE_NAMES)
    if not all(who.reaches(kode) for kode in held.desa):
        raise NotAllowed("Buku ini memuat desa yang bukan lagi wilayah tugas Anda.")
    if order.state != READY or not book_folder(settings, held.id).is_dir():
        raise NoRun(
            "Buku itu tidak tersimpan. Buka halaman Cetakan untuk melihat keadaannya, atau pesan lagi."
        )
    if not run_is_there(settings, held):
        raise NoRun(f"Hasil {held.run} sudah dibuang atau diganti, jadi bukunya ditarik. Pesan yang baru.")


def leave_taken(
    session: Session, who: Person, held: Print, words: str, households: int | None = None
) -> None:
    """Leave in the trail that files of a book were taken away."""
    counted = held.households if households is None else households
    action = "unduh" if households is None else "cetak"
    subject = f"{_subject(held)}; {words}"
    leave(session, who, action, subject, households=counted, reason=held.purpose, run=held.run)


def _orders() -> Select[Print, Job]:
    return select(Print, Job).outerjoin(Job, Job.id == Print.job_id)


def _of(who: Person) -> Select[Print, Job]:
    return _orders().where(Print.by == who.name)


def _found(session: Session, asked: Select[Print, Job]) -> list[Order]:
    return [Order(held, job) for held, job in session.execute(asked).all()]
