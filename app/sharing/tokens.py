"""Tokens by which another agency's programs ask the API: made once, kept as a hash, found by it."""

import hashlib
import re
import secrets
import string
import zlib

from sqlalchemy import select

from app.jobs.packages import is_over
from app.records import Records
from app.records.tables import Handover
from app.sharing.asked import API

PREFIX = "peta_"
"""By this, and by the check at its end, programs that look for leaked secrets know a token."""

_LETTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_SECRET, _CHECK = 43, 6
_FORM = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{{_SECRET + _CHECK}}}")


def new_token() -> tuple[str, str]:
    """Make a token of 256 random bits.

    Returns
    -------
    tuple
        The text, which is shown once and kept nowhere, and the hash that is kept.

    Examples
    --------
    >>> text, kept = new_token()
    >>> text[:5], len(text), is_token(text), kept == hash_of(text)
    ('peta_', 54, True, True)
    """
    secret = PREFIX + secrets.token_urlsafe(32)
    text = secret + _check(secret)
    return text, hash_of(text)


def is_token(text: str) -> bool:
    """Tell whether a text has the form of a token, and its check fits: no database is asked about any other.

    Examples
    --------
    >>> is_token("peta_rahasia"), is_token("")
    (False, False)
    """
    return _FORM.fullmatch(text) is not None and _check(text[:-_CHECK]) == text[-_CHECK:]


def hash_of(text: str) -> str:
    """Return what is kept of a token. It is random through and through, so that no slow hash is needed."""
    return hashlib.sha256(text.encode()).hexdigest()


def find_token(records: Records, text: str) -> Handover | None:
    """Return the hand-over that a token opens; none when it is unknown, revoked, or over.

    The database looks for the hash, so that how long it takes says nothing of the token.
    """
    if not is_token(text):
        return None
    with records.session() as session:
        known = Handover.token_hash == hash_of(text), Handover.kind == API
        held = session.scalar(select(Handover).where(*known))
    return None if held is None or is_over(held) else held


def caller_name(number: int) -> str:
    """Return how the trail and the limits call whoever asks by the token of a hand-over; no account is called so."""
    return f"pembagian {number}"


def _check(text: str) -> str:
    """Return six letters that follow from a text, as GitHub's tokens have them: CRC-32 in base 62."""
    rest, letters = zlib.crc32(text.encode()), ""
    for _ in range(_CHECK):
        rest, place = divmod(rest, len(_LETTERS))
        letters = _LETTERS[place] + letters
    return letters
