"""Short-lived signed addresses, by which the walled-off map reaches its tiles without a session."""

import hashlib
import hmac
import time
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from geo.errors import NotAllowed

LIFE_S, STEP_S = 900, 300
"""An address holds for a quarter of an hour at least; within five minutes the same is given out, for the caches."""


class Signer:
    """Signs what an address may reach."""

    def __init__(self, secret: str) -> None:
        self._serializer = URLSafeSerializer(secret, salt="alamat")
        self._secret = secret.encode()

    def sign(self, reach: dict[str, Any]) -> str:
        """Return a word for an address that reaches what is said, for a while."""
        until = (int(time.time()) // STEP_S + 1) * STEP_S + LIFE_S
        return str(self._serializer.dumps([until, reach]))

    def veil(self, text: str) -> str:
        """Return a short word that changes with a text and does not tell it: what is signed can be read by anybody."""
        return hmac.new(self._secret, f"selubung {text}".encode(), hashlib.sha256).hexdigest()[:16]

    def read(self, word: str) -> dict[str, Any]:
        """Return what a word reaches.

        Raises
        ------
        NotAllowed
            When it was not signed here, or its time is over.
        """
        try:
            until, reach = self._serializer.loads(word)
        except BadSignature as fault:
            raise NotAllowed("Alamat ini tidak berlaku.") from fault
        if until < time.time():
            raise NotAllowed("Alamat ini sudah kedaluwarsa. Muat ulang peta.")
        return dict(reach)
