"""Room for uploaded sheets: so many and so large at most, and the oldest go that no kept run was made of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.queue import ASSESS, RUNNING, WAITING
from app.records.tables import Job, Upload
from app.settings import WebSettings
from geo.errors import SheetError


@dataclass(frozen=True)
class Room:
    """How far the room for uploads is filled.

    Attributes
    ----------
    held
        Every upload, the oldest first.
    needed
        Numbers of those that a kept run was made of, or that are being worked on.
    """

    held: Sequence[Upload]
    needed: frozenset[int]
    most: int
    most_bytes: int

    @property
    def size(self) -> int:
        """Return how many bytes all take together."""
        return sum(one.size for one in self.held)

    def leaving(self, size: int) -> list[Upload]:
        """Return which uploads go for one more of a size, the oldest first.

        Raises
        ------
        SheetError
            When there would be no room though all went that may.
        """
        count, total = len(self.held) + 1, self.size + size
        going: list[Upload] = []
        for one in self.held:
            if count <= self.most and total <= self.most_bytes:
                return going
            if one.id not in self.needed:
                going.append(one)
                count, total = count - 1, total - one.size
        if count <= self.most and total <= self.most_bytes:
            return going
        raise SheetError(
            f"Tempat untuk lembar penuh: {self.most} lembar atau {self.most_bytes // 1_000_000_000} GB, dan semuanya "
            f"masih dipakai hasil yang tersimpan. Buang hasil yang lama atau hapus lembarnya, lalu unggah lagi."
        )

    def next_to_go(self, size: int) -> list[Upload]:
        """Return which uploads would go for one more of a size; none when it would be refused instead."""
        try:
            return self.leaving(size)
        except SheetError:
            return []


def room_of(session: Session, settings: WebSettings, runs: Collection[str]) -> Room:
    """Return how far the room for uploads is filled.

    Parameters
    ----------
    runs
        Names of the kept runs.
    """
    held = session.scalars(select(Upload).order_by(Upload.id)).all()
    jobs = session.execute(select(Job.kind, Job.run, Job.state, Job.asked))
    needed = {
        asked["upload"]
        for kind, run, state, asked in jobs
        if "upload" in asked and (state in {WAITING, RUNNING} or (kind == ASSESS and run in runs))
    }
    return Room(held, frozenset(needed), settings.uploads_most, settings.uploads_gb * 1_000_000_000)
