"""Work that takes longer than a planner waits: queued in the database, done one at a time by a process of its own."""

from app.jobs.queue import CANCELLED, DONE, FAILED, RUNNING, WAITING, cancel, enqueue

__all__ = ["CANCELLED", "DONE", "FAILED", "RUNNING", "WAITING", "cancel", "enqueue"]
