"""One job done: ``python -m app.jobs.task NUMBER WORKER``, started and watched by the worker."""

import gc
import os
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import perf_counter

from sqlalchemy.exc import SQLAlchemyError

from app.jobs.places import settings_of_environment
from app.jobs.queue import DONE, FAILED, close, tell_stage
from app.jobs.tasks import TASKS
from app.jobs.wording import for_pages
from app.records import Records, open_records
from app.records.tables import Job
from app.settings import WebSettings
from geo.errors import PetaError

_ROOT = Path(__file__).parents[2]


class Progress:
    """What a job is at, told to the database; a stage's name runs inside ``with progress.stage(name)``."""

    def __init__(self, records: Records, job: int, worker: str) -> None:
        self.records, self.job, self.worker = records, job, worker
        self.name = ""
        self.done: list[str] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Tell that a stage has begun, and how long it took."""
        self.name = name
        self._tell(name)
        begin = perf_counter()
        yield
        self.done.append(f"{name}\t{perf_counter() - begin:.1f}")
        self._tell("")

    def _tell(self, name: str) -> None:
        with suppress(SQLAlchemyError):  # nobody's work is lost because it could not be told
            tell_stage(self.records, self.job, self.worker, name, self.done)


def main() -> None:
    """Do the job that the command line names."""
    threading.Thread(target=_end_with_the_worker, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(5)  # pages go before
    gc.set_threshold(
        100_000, 50, 50
    )  # tables are no rubbish: looking for some every 700 objects costs a tenth
    settings = settings_of_environment()
    records = open_records(settings.database_url)
    do(settings, records, int(sys.argv[1]), sys.argv[2])
    records.close()


def do(settings: WebSettings, records: Records, number: int, worker: str) -> None:
    """Do a job that a worker has claimed, and say what came of it."""
    with records.session() as session:
        job = session.get_one(Job, number)
    progress = Progress(records, number, worker)
    try:
        TASKS[job.kind](settings, records, job, progress)
    except PetaError as fault:
        close(records, number, worker, FAILED, for_pages(str(fault)))
    except MemoryError:
        close(records, number, worker, FAILED, f"Memori peladen habis pada tahap «{progress.name}».")
    except Exception as fault:  # noqa: BLE001  -- told by its place alone: its words may hold a cell of the sheet
        close(records, number, worker, FAILED, breakdown(fault, progress.name))
    else:
        close(records, number, worker, DONE)


def breakdown(fault: BaseException, stage: str) -> str:
    """Say where the program broke, without a word of what it was working on."""
    ours = tuple(f"{_ROOT / name}{os.sep}" for name in ("app", "geo"))
    own = [frame for frame in traceback.extract_tb(fault.__traceback__) if frame.filename.startswith(ours)]
    place = (
        f" di {Path(own[-1].filename).relative_to(_ROOT).as_posix()} baris {own[-1].lineno}" if own else ""
    )
    return (
        f"Galat tak terduga pada tahap «{stage or 'persiapan'}» ({type(fault).__name__}{place}). Hasil yang berlaku "
        f"tidak berubah. Laporkan kalimat ini kepada admin; isi lembar tidak termuat di dalamnya."
    )


def _end_with_the_worker() -> None:
    os.read(sys.stdin.fileno(), 1)  # nothing comes; it closes when the worker dies, however it dies
    os._exit(1)


if __name__ == "__main__":
    main()
