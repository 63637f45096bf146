"""What every route of the API needs: who asks, what they may have, and the way an answer leaves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response

from app.dependencies import Records, Runs, Settings
from app.library import OpenedRun
from app.ogc.callers import Asking, Caller
from app.ogc.documents import Shelf, shelf_of
from app.ogc.faults import Refusal
from app.ogc.links import Links, links_of
from app.ogc.memory import Memory, Remembered
from geo.products import Collection

VARY = "Accept, Authorization, Cookie, Host"


@dataclass(frozen=True)
class Door:
    """A request that was let in."""

    request: Request
    caller: Caller
    opened: OpenedRun
    shelf: Shelf
    links: Links
    memory: Memory

    def collection(self, name: str) -> Collection:
        """Return a collection of the caller's.

        Raises
        ------
        Refusal
            When there is none of that id, or it is not theirs: the two are not told apart (404).
        """
        found = self.shelf.product.collections.get(name)
        if found is None:
            raise Refusal(
                "Koleksi itu tidak ada, atau tidak untuk Anda. Lihat yang ada di /ogc/collections.", 404
            )
        return found

    def send(self, form: str, make: Callable[[], Response]) -> Response:
        """Return an answer with what lets the caller keep it; nothing but that where theirs is still good."""
        run = (self.opened.id, self.opened.facts["created"])
        mark = self.memory.mark(self.request, self.caller, run, form)
        held = [each.strip() for each in self.request.headers.get("if-none-match", "").split(",")]
        answer = Response(status_code=304) if mark in held or "*" in held else make()
        # kept by the caller alone, and asked for again each time: a token may be revoked, a run replaced
        answer.headers.update({"ETag": mark, "Cache-Control": "private, no-cache", "Vary": VARY})
        return answer


def _door(
    request: Request, caller: Asking, records: Records, library: Runs, settings: Settings, memory: Remembered
) -> Door:
    opened = caller.opened(library)
    memory.traces.used(records, caller, opened.id)
    product = caller.product(request.app.state.products, opened)
    measuring = memory.encoder.measuring(opened)
    shelf = shelf_of(product, measuring, memory.encoder)
    return Door(request, caller, opened, shelf, links_of(request, settings), memory)


AtDoor = Annotated[Door, Depends(_door)]
"""A request that was let in."""
