"""Admission: who comes in with a name and a password, and who has to wait."""

from dataclasses import dataclass

from sqlalchemy import select

from app.access.attempts import count_failure, forgive, minutes_to_wait
from app.access.passwords import verify
from app.records import Records
from app.records.tables import User


@dataclass(frozen=True)
class Admission:
    """What came of an attempt.

    Attributes
    ----------
    user
        The account of that name, whether its password was right or not; ``None`` when there is none.
    right
        The password was right and the account may be used.
    wait_minutes
        The password was not even looked at: there were too many failures before.
    """

    user: User | None
    right: bool = False
    wait_minutes: int = 0


def admit(records: Records, name: str, password: str, address: str) -> Admission:
    """Test a name and a password; an account that is not there answers like one that is.

    Parameters
    ----------
    address
        Where the attempt comes from.
    """
    name = name.strip().casefold()
    with records.session(alone=True) as session:
        minutes = minutes_to_wait(session, name, address)
        if minutes:
            return Admission(None, wait_minutes=minutes)
        count_failure(session, name, address)
        user = session.scalar(select(User).where(User.name == name))
    right = verify(password, user.password_hash if user else None) and user is not None and not user.disabled
    if right:
        with records.session() as session:
            forgive(session, name, address)
    return Admission(user, right=right)
