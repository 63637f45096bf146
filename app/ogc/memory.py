"""What the API remembers between two requests, for as long as the application lives."""

import hashlib
import secrets
from typing import Annotated

from fastapi import Depends, Request

from app.ogc.callers import Caller
from app.ogc.encoded import Encoder
from app.ogc.tiles import TileMemory
from app.ogc.traces import Traces


class Memory:
    """Texts of collections, lines already left, and a word by which answers are marked."""

    def __init__(self) -> None:
        self.encoder = Encoder()
        self.traces = Traces()
        self.tiles = TileMemory()
        self._word = secrets.token_hex(8)

    def mark(self, request: Request, caller: Caller, *made_of: object) -> str:
        """Return the ``ETag`` of an answer: it changes with the run, the caller's scope, what is asked and the program.

        Two answers of one mark differ by their time at most, hence it is a weak one.
        """
        told = (
            self._word,
            request.headers.get("host"),
            request.headers.get("accept"),
            request.url,
            caller,
            made_of,
        )
        return f'W/"{hashlib.sha256(repr(told).encode()).hexdigest()[:24]}"'


async def _memory(request: Request) -> Memory:
    memory: Memory = request.app.state.ogc
    return memory


Remembered = Annotated[Memory, Depends(_memory)]
