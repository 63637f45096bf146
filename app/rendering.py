"""The templates of the pages: their frame with its navigation, numbers as Indonesians write them, versioned assets."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from jinja2 import StrictUndefined

from app.access.roles import ROLE_TITLES, Permission
from geo.symbology import boundary_credit, long_date, moment, number, percent, short_date

if TYPE_CHECKING:
    from app.access.sessions import Visit

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class Place:
    """A page of the navigation, for those who may open it."""

    path: str
    title: str
    needs: Permission


PLACES = (
    Place("/", "Beranda", Permission.SEE_AREAS),
    Place("/peta", "Peta", Permission.SEE_AREAS),
    Place("/bandingkan", "Bandingkan", Permission.SEE_AREAS),
    Place("/prioritas", "Prioritas", Permission.CHOOSE),
    Place("/kunjungan", "Kunjungan", Permission.ENTER_OUTCOMES),
    Place("/cetak/daftar", "Cetakan", Permission.PRINT),
    Place("/data", "Data", Permission.MANAGE_DATA),
    Place("/bagikan", "Bagikan", Permission.SHARE),
    Place("/kiriman", "Kiriman", Permission.RECEIVE),
    Place("/unduhan", "Unduhan", Permission.DOWNLOAD_RUN),
    Place("/pengguna", "Pengguna", Permission.MANAGE_USERS),
    Place("/jejak", "Jejak", Permission.READ_TRAIL),
)


@cache
def asset(name: str) -> str:
    """Return the address of a script or style, which changes with its content so that browsers may keep it."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{digest}/{name}"


templates = Jinja2Templates(directory=Path(__file__).parent / "templates")
templates.env.undefined = StrictUndefined  # a misspelt name must not become an empty place
templates.env.filters |= {
    "boundary_credit": boundary_credit,
    "number": number,
    "percent": percent,
    "moment": moment,
    "long_date": long_date,
    "short_date": short_date,
}
templates.env.globals |= {
    "asset": asset,
    "role_titles": ROLE_TITLES,
    "clock": lambda: datetime.now().astimezone().isoformat(),
}


def page(
    request: Request, template: str, found: dict[str, Any] | None = None, *, status: int = 200
) -> HTMLResponse:
    """Render a page in its frame: who is signed in, where they may go, and the mark of their forms."""
    visit: Visit | None = getattr(request.state, "visit", None)
    who = visit.person if visit else None
    frame = {
        "who": who,
        "csrf": visit.csrf if visit else "",
        "places": [place for place in PLACES if who and not who.must_change and who.may(place.needs)],
        "here": request.url.path,
    }
    return templates.TemplateResponse(request, template, frame | (found or {}), status_code=status)
