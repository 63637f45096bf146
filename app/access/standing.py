"""How accounts stand at this moment: what a signed word once opened ends with the right to it."""

import time

from sqlalchemy import select

from app.access.roles import Person, person
from app.records import Records
from app.records.tables import User

AGE_S = 10
"""So long an answer is believed; a map asks for dozens of tiles at once."""


class Standing:
    """Looks accounts up by name, now and then again."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._known: dict[str, tuple[float, Person | None]] = {}

    def of(self, name: str) -> Person | None:
        """Return who bears a name; nobody when the account is gone, shut out, or has a password to change first."""
        moment = time.monotonic()
        asked, found = self._known.get(name, (float("-inf"), None))
        if moment - asked >= AGE_S:
            found = self._look_up(name)
            self._known[name] = moment, found
        return found

    def _look_up(self, name: str) -> Person | None:
        with self._records.session() as session:
            user = session.scalar(select(User).where(User.name == name))
            if user is None or user.disabled or user.must_change:
                return None
            return person(user.name, user.full_name, user.role, user.desa, recipient=user.recipient)
