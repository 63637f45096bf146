"""The keeper: sees to it, from within the server, that a worker is there when a job waits."""

import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from app.jobs.books import sweep_books
from app.jobs.packages import sweep_packages
from app.jobs.places import environment_of
from app.jobs.queue import EDITION, enqueue, needs_worker
from app.library.edition import edition_folder
from app.records import Records
from app.settings import WebSettings
from geo.runs import is_run

_LOOK_S, _AGAIN_S, _SWEEP_S = 0.5, 5.0, 3600.0
_LOG, _LOG_BYTES = "pekerja.log", 1_000_000
_ROOT = Path(__file__).parents[2]


class Keeper:
    """Looks twice a second whether a worker is needed; the worker outlives the server."""

    def __init__(self, settings: WebSettings, records: Records) -> None:
        self._settings, self._records = settings, records
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="penjaga", daemon=True)
        self._worker: subprocess.Popen[bytes] | None = None

    def start(self, shown: str) -> None:
        """Begin to look, and have the edition of the run in force made when there is none."""
        folder = self._settings.library / shown
        if shown and not is_run(edition_folder(self._settings.state_folder, folder)):
            with self._records.session(alone=True) as session:
                enqueue(session, EDITION, {"run": shown}, "sistem")
        self._thread.start()

    def stop(self) -> None:
        """Look no more; a worker goes on alone."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._worker is not None and self._worker.poll() is None:
            self._worker.returncode = 0  # it is not ours to wait for

    def _look(self) -> None:
        begun, swept = -_AGAIN_S, -_SWEEP_S
        while not self._over.wait(_LOOK_S):
            if monotonic() - swept >= _SWEEP_S:
                swept = monotonic()
                with suppress(SQLAlchemyError):
                    sweep_books(self._settings, self._records)
                    sweep_packages(self._settings, self._records)
            if self._worker is not None and self._worker.poll() is None:
                continue
            try:
                with self._records.session() as session:
                    needed = needs_worker(session)
            except SQLAlchemyError:  # the database is away; the next look may find it
                continue
            if needed and monotonic() - begun >= _AGAIN_S:  # one that cannot begin is not tried without end
                begun = monotonic()
                self._worker = start_worker(self._settings)


def start_worker(settings: WebSettings) -> "subprocess.Popen[bytes]":
    """Start a worker that nothing of this process can end."""
    log = settings.state_folder / _LOG
    if log.is_file() and log.stat().st_size > _LOG_BYTES:
        log.unlink()
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "app.jobs.worker"],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            env={**environment_of(settings), "PYTHONPATH": str(_ROOT)},
        )
