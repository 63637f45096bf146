"""A transaction in which nobody else writes, for work that first looks and then acts on what it saw."""

from sqlalchemy import Connection, text

_KEY = 7_304_326
"""Of the advisory lock in PostgreSQL; any number that no other program in the same database uses."""


def work_alone(connection: Connection) -> None:
    """Wait until no other transaction of this kind is under way, and keep others waiting until this one ends."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("begin immediate")
    else:
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _KEY})
