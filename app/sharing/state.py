"""In which state a hand-over is, and what is said of it: the same in pages, tables and the database."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, or_

from app.data_view.jobs import told as told_of_job
from app.jobs.packages import is_over, today
from app.jobs.queue import DONE, RUNNING, WAITING
from app.records.tables import Handover, Job
from app.sharing.asked import API, FILES, KINDS
from geo.levels import Level

PREPARED, VALID, ENDED, REVOKED, FAILED = "disiapkan", "berlaku", "berakhir", "dicabut", "gagal"
MARKS = {PREPARED: "warn", VALID: "good", ENDED: "", REVOKED: "bad", FAILED: "bad"}
"""The states of a hand-over, and how their tags look."""


@dataclass(frozen=True)
class Handed:
    """A hand-over, and the job that makes its package."""

    held: Handover
    job: Job | None

    @property
    def state(self) -> str:
        """Return one of :data:`MARKS`."""
        if self.held.revoked_at is not None:
            return REVOKED
        if is_over(self.held):
            return ENDED
        if self.held.kind == API:
            return VALID
        state = self.job.state if self.job is not None else ""
        return VALID if state == DONE else PREPARED if state in {WAITING, RUNNING} else FAILED

    @property
    def is_open(self) -> bool:
        """Tell whether there is something left to revoke."""
        return self.state not in {REVOKED, ENDED}

    @property
    def has_file(self) -> bool:
        """Tell whether there is a package to take away."""
        return self.held.kind == FILES and self.state == VALID and bool(self.held.file)

    def told(self, ahead: int = 0) -> dict[str, Any]:
        """Return what a script that waits for the package is told."""
        job = told_of_job(self.job, ahead) if self.job is not None else {}
        return {
            "state": self.state,
            "active": self.state == PREPARED,
            "stage": job.get("stage", ""),
            "hint": job.get("hint", ""),
            "message": job.get("message", ""),
        }


def state_in_table() -> ColumnElement[str]:
    """Return :attr:`Handed.state` as the database reckons it, for filters and pages."""
    return case(
        (Handover.revoked_at.is_not(None), REVOKED),
        (Handover.until < today(), ENDED),
        (or_(Handover.kind == API, Job.state == DONE), VALID),
        (Job.state.in_((WAITING, RUNNING)), PREPARED),
        else_=FAILED,
    )


def why_gone(handed: Handed) -> str:
    """Say why there is nothing to take away."""
    held = handed.held
    if held.kind == API:
        return "Pembagian ini berupa akses API, jadi tidak ada berkasnya."
    return {
        REVOKED: "Pembagian ini sudah dicabut, dan berkasnya dihapus dari peladen.",
        ENDED: f"Pembagian ini berakhir pada {held.until.isoformat()}, dan berkasnya dihapus dari peladen.",
        PREPARED: "Berkasnya masih disiapkan. Tunggu sebentar, lalu muat ulang halamannya.",
        FAILED: "Berkasnya tidak dapat dibuat. Minta yang membagikan untuk membuatnya lagi.",
    }.get(handed.state, "Berkasnya tidak ada lagi di peladen. Minta pembagian yang baru.")


def in_words(held: Handover) -> dict[str, str]:
    """Return way and area of a hand-over as pages and tables call them."""
    desa = len(held.desa)
    area = str(held.scope.get("area") or (f"{desa} desa" if desa else "seluruh wilayah"))
    return {"kind": KINDS.get(held.kind, held.kind), "area": area, "level": Level(held.level).value}
