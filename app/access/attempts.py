"""The lock-out: whoever fails to sign in too often waits, longer each time; a restart forgets nothing."""

import hashlib
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from app.records.tables import Failure, now

WINDOW = timedelta(hours=1)
"""Failures older than this no longer count."""

FREE_OF_PAIR, FREE_OF_ACCOUNT = 5, 50
"""Failures without a wait: of one account from one address, and of one account from anywhere.

The second is high, so that a stranger who knows a name does not shut its owner out with a few wrong passwords; it still
leaves some fifty guesses an hour, of passwords that are not among the common ones.
"""

FREE_OF_ADDRESS, FLOOD_OF_ADDRESS = 100, 1000
"""Failures of one address, behind which a whole office may sit: after the first number waits whoever failed there too,
after the second everybody."""

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
_LENGTH = 60


def wait_after(failures: int, free: int) -> timedelta:
    """Return how long to wait after so many failures.

    Examples
    --------
    >>> [wait_after(failures, 5).seconds for failures in (4, 5, 6, 7, 30)]
    [0, 30, 60, 120, 900]
    """
    if failures < free:
        return timedelta()
    return min(FIRST_WAIT * (1 << min(failures - free, 10)), LONGEST_WAIT)


def minutes_to_wait(session: Session, name: str, address: str) -> int:
    """Return how many minutes an account still has to wait at an address; 0 when it may try.

    A name that has not failed at an address may try there, whatever others did, until one of the high numbers is
    reached.
    """
    moment = now()
    of_name, of_address = Failure.name == _veiled(name), Failure.address == address[:_LENGTH]
    of_pair = and_(of_name, of_address)
    ends = [
        _end(session, of_pair, FREE_OF_PAIR, moment),
        _end(session, of_name, FREE_OF_ACCOUNT, moment),
        _end(session, of_address, FLOOD_OF_ADDRESS, moment),
    ]
    if _failures(session, of_pair, moment)[0]:
        ends.append(_end(session, of_address, FREE_OF_ADDRESS, moment))
    return max(0, ceil(max((end - moment).total_seconds() for end in ends) / 60))


def count_failure(session: Session, name: str, address: str) -> None:
    """Count an attempt as failed before it is tested, so that a hundred at once count too."""
    session.add(Failure(name=_veiled(name), address=address[:_LENGTH]))


def forgive(session: Session, name: str, address: str) -> None:
    """Forget the failures of whoever came in, at that address alone, and what is too old to count."""
    of_pair = and_(Failure.name == _veiled(name), Failure.address == address[:_LENGTH])
    session.execute(delete(Failure).where(or_(of_pair, Failure.at < now() - WINDOW)))


def _end(session: Session, whose: ColumnElement[bool], free: int, moment: datetime) -> datetime:
    failures, last = _failures(session, whose, moment)
    return last + wait_after(failures, free) if last else moment


def _failures(session: Session, whose: ColumnElement[bool], moment: datetime) -> tuple[int, datetime | None]:
    asked = select(func.count(), func.max(Failure.at)).where(whose, Failure.at > moment - WINDOW)
    failures, last = session.execute(asked).one()
    return failures, last


def _veiled(name: str) -> str:
    """Return what stands for a name: some write their password into the wrong field."""
    return hashlib.sha256(name.encode()).hexdigest()[:_LENGTH]
