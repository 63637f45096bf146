"""The worker: takes jobs one after another, each in a process of its own, and watches over it.

``python -m app.jobs.worker``, with the settings of the application in the environment. It ends when the queue is empty;
the server starts it again. What it is in the middle of survives a restart of the server, and is done again after its
own death.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from app.jobs.books import sweep_books
from app.jobs.packages import sweep_packages
from app.jobs.places import settings_of_environment, sweep
from app.jobs.queue import CANCELLED, DEAD_AFTER, beat, claim, give_back, worker_name
from app.records import Records, open_records
from app.records.tables import Job
from app.settings import WebSettings
from geo.runs import is_run

_BEAT_S, _GRACE_S = 1.0, 5.0
_ROOT = Path(__file__).parents[2]


def main() -> None:
    """Work until nothing waits."""
    settings = settings_of_environment()
    records = open_records(settings.database_url)
    worker = worker_name()
    while job := claim(records, worker):
        sweep(settings.library)
        work(settings, records, job, worker)
    records.close()


def work(settings: WebSettings, records: Records, job: Job, worker: str) -> None:
    """Do one job in a process of its own, and say every second that it is being done."""
    with subprocess.Popen(  # noqa: S603  -- our own module, with a number and our own name
        [sys.executable, "-m", "app.jobs.task", str(job.id), worker],
        stdin=subprocess.PIPE,  # the task ends when this closes, hence with us
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
    ) as task:
        try:
            owned = _watch(records, job.id, worker, task)
        finally:
            _stop(task)
    sweep(settings.library)
    if not owned:
        _clear(settings, records, job.id)
    elif task.returncode:
        give_back(records, job.id, worker, _death(task.returncode))
    sweep_books(settings, records)
    sweep_packages(settings, records)


def _watch(records: Records, job: int, worker: str, task: "subprocess.Popen[bytes]") -> bool:
    """Wait for the end of a task; false when the job was taken away meanwhile."""
    heard = monotonic()
    while True:
        try:
            task.wait(_BEAT_S)
        except subprocess.TimeoutExpired:
            pass
        else:
            return True
        try:
            if not beat(records, job, worker):
                return False  # cancelled, given to another, or done this very moment
            heard = monotonic()
        except SQLAlchemyError:  # the database is away; others may take the job when it has been so for long
            if monotonic() - heard > DEAD_AFTER.total_seconds():
                return False


def _stop(task: "subprocess.Popen[bytes]") -> None:
    if task.poll() is None:
        task.terminate()
        try:
            task.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            task.kill()


def _clear(settings: WebSettings, records: Records, job: int) -> None:
    """Remove the run of a cancelled job, should it have been finished in its last moment."""
    with records.session() as session:
        held = session.get(Job, job)
        run = held.run if held is not None and held.state == CANCELLED else ""
    if run and is_run(settings.library / run):
        shutil.rmtree(settings.library / run, ignore_errors=True)


def _death(code: int) -> str:
    if code == -signal.SIGKILL:
        return "Pekerjaan dihentikan sistem, barangkali karena memori habis."
    return f"Proses pekerjaan berakhir tiba-tiba (kode {code})."


if __name__ == "__main__":
    main()
