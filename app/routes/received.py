"""Kiriman: what was shared with somebody's agency, to take away until its end date."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import FileResponse, Response

from app.dependencies import Receiver, Records, Settings
from app.errors import fault_page
from app.rendering import page
from app.sharing.handovers import find_received, received, take
from app.sharing.state import ENDED, FAILED, MARKS, REVOKED, in_words, why_gone
from geo.levels import LEVEL_TITLES

router = APIRouter(include_in_schema=False)
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]

GONE = 410


@router.get("/kiriman")
def mine(request: Request, who: Receiver, records: Records) -> Response:
    """Show what was shared with somebody's agency."""
    with records.session() as session:
        found = [handed for handed in received(session, who) if handed.state != FAILED]
    told = {
        "open": [handed for handed in found if handed.is_open],
        "over": [handed for handed in found if not handed.is_open],
        "marks": MARKS,
        "words": in_words,
        "titles": LEVEL_TITLES,
        "address": f"{request.url.scheme}://{request.url.netloc}/ogc",
    }
    return page(request, "received.html", told)


@router.get("/kiriman/{number}/unduh")
def download(
    request: Request, number: Number, who: Receiver, records: Records, settings: Settings
) -> Response:
    """Hand out a package to the agency that it was made for."""
    with records.session() as session:
        handed = find_received(session, who, number)
        if handed.state in {ENDED, REVOKED}:
            return fault_page(request, GONE, why_gone(handed))
        path = take(session, who, settings, handed)
    return FileResponse(path, filename=path.name, media_type="application/zip")
