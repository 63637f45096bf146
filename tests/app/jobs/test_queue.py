"""The queue: whose turn it is, one at a time, and what becomes of jobs whose worker is gone."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.jobs.queue import (
    ASSESS,
    CANCELLED,
    DEAD_AFTER,
    DONE,
    EDITION,
    FAILED,
    INTAKE,
    MOST_ATTEMPTS,
    RUNNING,
    WAITING,
    beat,
    cancel,
    claim,
    close,
    enqueue,
    give_back,
    is_dead,
    needs_worker,
    worker_name,
)  # fmt: skip
from app.records import Records, open_records
from app.records.tables import Job, now


@pytest.fixture
def records(url: str) -> Iterator[Records]:
    held = open_records(url)
    yield held
    held.close()


def put(records: Records, kind: str = ASSESS, upload: int = 1) -> int:
    with records.session() as session:
        return enqueue(session, kind, {"upload": upload}, "sari").id


def state(records: Records, number: int) -> str:
    with records.session() as session:
        return session.get_one(Job, number).state


def take(records: Records, worker: str) -> int | None:
    job = claim(records, worker)
    return job.id if job else None


def silence(records: Records, number: int, *, worker: str = "lain:1:x") -> None:
    """Let a running job look as one whose worker has not been heard for long."""
    with records.session() as session:
        job = session.get_one(Job, number)
        job.worker, job.beat_at = worker, now() - DEAD_AFTER - timedelta(seconds=1)


def test_one_job_at_a_time_and_the_quick_ones_first(records: Records):
    slow, edition, look = (put(records, kind) for kind in (ASSESS, EDITION, INTAKE))
    me = worker_name()
    assert take(records, me) == look
    assert take(records, worker_name()) is None  # one is running
    assert close(records, look, me, DONE)
    assert take(records, me) == edition
    assert close(records, edition, me, DONE)
    assert take(records, me) == slow


def test_the_same_that_waits_is_not_put_there_twice(records: Records):
    assert put(records) == put(records)
    assert put(records, upload=2) != put(records, upload=1)
    me = worker_name()
    running = take(records, me)
    assert put(records, upload=1) != running  # what runs may be asked for again: the sheet may have changed


def test_many_workers_at_once_take_each_job_once(records: Records):
    numbers = {put(records, upload=number) for number in range(12)}
    taken: list[int] = []
    running: list[int] = []
    most: list[int] = []

    def work() -> None:
        me = worker_name()
        for _ in range(60):
            number = take(records, me)
            if number is None:
                continue
            running.append(number)
            most.append(len(running))
            taken.append(number)
            running.remove(number)
            assert close(records, number, me, DONE)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(numbers)
    assert max(most) == 1


def test_a_silent_job_comes_back_and_its_old_worker_may_not_end_it(records: Records):
    number = put(records)
    old = worker_name()
    assert take(records, old) == number
    assert beat(records, number, old)
    silence(records, number)
    new = worker_name()
    assert take(records, new) == number
    assert not beat(records, number, old)
    assert not close(records, number, old, DONE)
    assert state(records, number) == RUNNING
    assert close(records, number, new, DONE)


def test_a_job_that_dies_too_often_fails_and_says_so(records: Records):
    number = put(records)
    for _ in range(MOST_ATTEMPTS):
        assert take(records, worker_name()) == number
        silence(records, number)
    assert take(records, worker_name()) is None
    with records.session() as session:
        job = session.get_one(Job, number)
    assert (job.state, job.attempts) == (FAILED, MOST_ATTEMPTS)
    assert "Sudah dicoba 3 kali" in job.message


def test_a_process_that_is_gone_is_dead_at_once():
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    here = socket.gethostname()
    job = Job(beat_at=now(), worker=f"{here}:{gone.pid}:x")
    assert is_dead(job)
    job.worker = f"{here}:{os.getpid()}:x"
    assert not is_dead(job)
    job.worker = f"komputer-lain:{gone.pid}:x"  # nothing is known of its processes but what they say
    assert not is_dead(job)
    assert is_dead(job, now() + DEAD_AFTER * 2)


def test_cancelled_jobs_are_not_taken_and_not_ended(records: Records):
    waiting, running = put(records, upload=1), put(records, INTAKE, upload=2)
    me = worker_name()
    assert take(records, me) == running
    for number in (waiting, running):
        with records.session() as session:
            assert cancel(session, number)
        assert state(records, number) == CANCELLED
    with records.session() as session:
        assert not cancel(session, waiting)
    assert not beat(records, running, me)
    assert not close(records, running, me, DONE)
    assert take(records, me) is None


def test_what_a_worker_gives_back_waits_again(records: Records):
    number = put(records)
    me = worker_name()
    take(records, me)
    give_back(records, number, "orang lain", "mati.")
    assert state(records, number) == RUNNING
    give_back(records, number, me, "mati.")
    assert state(records, number) == WAITING


def test_a_worker_is_needed_for_what_waits_or_was_left(records: Records):
    def needed() -> bool:
        with records.session() as session:
            return needs_worker(session)

    assert not needed()
    number = put(records)
    assert needed()
    take(records, worker_name())
    assert not needed()
    silence(records, number)
    assert needed()
