"""The runs of a folder: the one in force, and the others that can be compared, published, brought back or discarded."""

import secrets
import shutil
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.roles import Permission, Person
from app.library.edition import edition_folder, forget_editions
from app.library.opened import OpenedRun, open_for_pages
from app.manifests import is_there, when_made
from app.records import Records
from app.records.tables import Job, Publication
from geo.errors import NoRun, NotAllowed, NotWritable, cause_of

_OPEN = 3
"""So many runs stay open at once: the one in force, and two that are compared."""


class Library:
    """The runs that a folder holds.

    Parameters
    ----------
    folder
        The folder.
    only
        What the server was started with: the folder, or one run in it, which is shown until another is published.
    records
        Where publications are remembered.
    state
        Where editions are kept; none are when not given.
    """

    def __init__(self, folder: Path, only: Path, records: Records, state: Path | None = None) -> None:
        self.folder = folder
        self._only = only.resolve()
        self._records = records
        self._state = state
        self._open: OrderedDict[tuple[str, str], OpenedRun] = OrderedDict()
        self._lock = threading.Lock()
        self._opening: defaultdict[tuple[str, str], threading.Lock] = defaultdict(threading.Lock)

    def ids(self) -> list[str]:
        """Return the names of all runs, the newest first."""
        runs = [path for path in self.folder.iterdir() if not path.name.startswith(".") and is_there(path)]
        return [path.name for path in sorted(runs, key=_created, reverse=True)]

    def shown_id(self) -> str:
        """Return the name of the run in force.

        Raises
        ------
        NoRun
            When there is none.
        """
        if not (run := self.in_force()):
            raise NoRun(
                "Belum ada hasil yang berlaku. Perencana mengunggah lembar di halaman Data, mengolahnya, lalu "
                "menerbitkan hasilnya."
            )
        return run

    def in_force(self) -> str:
        """Return the name of the run in force; nothing while an office has not made one.

        It is the last one published that is still there. Where there is none it is the newest one that was not made
        by upload: what is made by upload waits until somebody has looked at it.
        """
        with self._records.session() as session:
            published = session.scalars(select(Publication.run).order_by(Publication.id.desc())).all()
        for run in dict.fromkeys(published):
            if is_there(self.folder / run):
                return run
        if is_there(self._only):
            return self._only.name
        with self._records.session() as session:
            made = {*session.scalars(select(Job.run).where(Job.run != ""))}
        return next((run for run in self.ids() if run not in made), "")

    def shown(self) -> OpenedRun:
        """Return the run in force, opened.

        Raises
        ------
        NoRun
            When there is none.
        """
        return self.open(self.shown_id())

    def not_published(self) -> str:
        """Return the name of the newest run that was made after the one in force and never published; or nothing."""
        with self._records.session() as session:
            published = {self.in_force(), *session.scalars(select(Publication.run))}
        newest = next(iter(self.ids()), "")
        return newest if newest not in published else ""

    def open_to(self, who: Person) -> list[str]:
        """Return the names of the runs that somebody may look at, the newest first.

        Whoever keeps the data sees all; who sees households what is, or once was, the run that all see. Who sees areas
        only is told of the one in force and no other: each edition withholds small counts by itself, and two of them
        tell by their difference what neither tells.
        """
        if not who.may(Permission.SEE_HOUSEHOLDS):
            return [run for run in (self.in_force(),) if run]
        names = self.ids()
        if who.may(Permission.MANAGE_DATA):
            return names
        with self._records.session() as session:
            published = {self.in_force(), *session.scalars(select(Publication.run))}
        return [name for name in names if name in published]

    def open_for(self, run: str, who: Person) -> OpenedRun:
        """Return a run, opened, for somebody who may look at it.

        Raises
        ------
        NoRun
            When there is none of that name, or it was never shown to them.
        """
        if run != self.in_force() and run not in self.open_to(who):
            raise NoRun("Hasil itu tidak ada lagi.")
        return self.open(run)

    def path(self, run: str) -> Path:
        """Return the folder of a run.

        Raises
        ------
        NoRun
            When no run has that name.
        """
        folder = self.folder / run
        if not run or run.startswith(".") or "\0" in run or Path(run).name != run or not is_there(folder):
            raise NoRun("Hasil itu tidak ada lagi.")
        return folder

    def open(self, run: str) -> OpenedRun:
        """Return a run, opened once for all who look.

        Raises
        ------
        NoRun
            When there is none of that name, or it is damaged.
        """
        folder = self.path(run)
        key = (run, when_made(folder))
        with self._lock:
            if key in self._open:
                self._open.move_to_end(key)
                return self._open[key]
            opening = self._opening[key]
        with opening:  # the second who asks waits for the first; whoever looks at another run does not
            with self._lock:
                if key in self._open:
                    return self._open[key]
            edition = None if self._state is None else edition_folder(self._state, folder)
            opened = open_for_pages(folder, edition)
            with self._lock:
                self._open[key] = opened
                while len(self._open) > _OPEN:
                    self._open.popitem(last=False)
                self._opening.pop(key, None)
        return opened

    def discard(self, run: str, tell: Callable[[Session], None] | None = None) -> None:
        """Delete a run, and what was made of it; it disappears at once, however long its files take.

        Nobody publishes a run meanwhile: that it is not in force, that it goes, and what is told of it are one.

        Parameters
        ----------
        tell
            Writes down that it goes, in the same transaction.

        Raises
        ------
        NoRun
            When there is none of that name.
        NotAllowed
            When it is the one in force.
        NotWritable
            When the disk does not let it go; it is still there then.
        """
        with self._records.session(alone=True) as session:
            folder = self.path(run)
            if run == self.in_force():
                raise NotAllowed(
                    "Hasil ini sedang berlaku, jadi tidak dapat dibuang. Terbitkan dahulu hasil yang lain."
                )
            if tell is not None:
                tell(session)
                session.flush()  # what cannot be told must not happen
            waste = folder.with_name(f".{run}.buang-{secrets.token_hex(4)}")
            try:
                folder.rename(waste)
            except OSError as fault:
                raise NotWritable(f"Hasil {run} tidak dapat dibuang: {cause_of(fault)}.") from fault
        with self._lock:
            for key in [key for key in self._open if key[0] == run]:
                del self._open[key]
        for left in (waste, *self.folder.glob(".*.buang-*")):  # also what an earlier discard could not finish
            shutil.rmtree(left, ignore_errors=True)
        if self._state is not None:
            forget_editions(self._state, run)


def _created(run: Path) -> float:
    return datetime.fromisoformat(when_made(run)).timestamp()
