"""Sessions of browsers: a random token in a cookie, of which only the hash is stored, and a mark for forms."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request, Response
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.access.roles import Person, person
from app.records import Records
from app.records.tables import SignIn, User, now

COOKIE, SECURE_COOKIE = "peta", "__Host-peta"
"""The second is for HTTPS: browsers take it from this server alone, and never from a neighbour of its domain."""

LONGEST, IDLE = timedelta(hours=12), timedelta(hours=2)
"""A session ends so long after signing in, or after the last page."""

_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Visit:
    """A browser in which somebody is signed in.

    Attributes
    ----------
    csrf
        Stands in every form of this session, and comes back with it.
    """

    person: Person
    csrf: str
    token_hash: str

    def owns(self, csrf: str) -> bool:
        """Tell whether a form came from a page of this session."""
        return hmac.compare_digest(self.csrf.encode(), csrf.encode())


def begin(session: Session, user: User, response: Response, *, secure: bool) -> None:
    """Start a session with a token of its own, give it to the browser, and sweep out the sessions that are over."""
    token = secrets.token_urlsafe(32)
    moment = now()
    session.execute(
        delete(SignIn).where((SignIn.created_at < moment - LONGEST) | (SignIn.seen_at < moment - IDLE))
    )
    session.add(SignIn(token_hash=_hash(token), user_id=user.id, csrf=secrets.token_urlsafe(24)))
    # lax: a view that a colleague sent opens at once
    life_s = int(LONGEST.total_seconds())
    response.set_cookie(
        _cookie(secure=secure), token, max_age=life_s, httponly=True, samesite="lax", secure=secure
    )


def visit_of(request: Request, records: Records, *, secure: bool) -> Visit | None:
    """Return the visit that a request belongs to; nothing when nobody is signed in, or no longer."""
    token = request.cookies.get(_cookie(secure=secure))
    if not token:
        return None
    with records.session() as session:
        held = (
            select(SignIn, User)
            .join(User, User.id == SignIn.user_id)
            .where(SignIn.token_hash == _hash(token))
        )
        found = session.execute(held).one_or_none()
        if found is None:
            return None
        sign_in, user = found
        moment = now()
        if user.disabled or moment - sign_in.created_at > LONGEST or moment - sign_in.seen_at > IDLE:
            session.execute(delete(SignIn).where(SignIn.token_hash == sign_in.token_hash))
            return None
        if moment - sign_in.seen_at > _SEEN_EVERY:
            session.execute(
                update(SignIn).where(SignIn.token_hash == sign_in.token_hash).values(seen_at=moment)
            )
        who = person(
            user.name,
            user.full_name,
            user.role,
            user.desa,
            must_change=user.must_change,
            recipient=user.recipient,
        )
        return Visit(who, sign_in.csrf, sign_in.token_hash)


def end(session: Session, visit: Visit, response: Response, *, secure: bool) -> None:
    """End a session."""
    session.execute(delete(SignIn).where(SignIn.token_hash == visit.token_hash))
    response.delete_cookie(_cookie(secure=secure), secure=secure, httponly=True, samesite="lax")


def end_all(session: Session, user: User) -> None:
    """End every session of somebody whose password, role or right to come in has changed."""
    session.execute(delete(SignIn).where(SignIn.user_id == user.id))


def _cookie(*, secure: bool) -> str:
    return SECURE_COOKIE if secure else COOKIE


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
