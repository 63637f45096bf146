"""What routes ask for, as aliases that let them read as plain functions."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated

from fastapi import Depends, Request

from app.access.forms import require_own_page
from app.access.roles import Permission, Person
from app.access.sessions import Visit, visit_of
from app.errors import SignInFirst
from app.library import Library, OpenedRun
from app.records import Records as _Records
from app.settings import WebSettings
from geo.errors import NotAllowed

# Those that wait for nothing are coroutines: a plain function would cost each request a thread.


async def _settings(request: Request) -> WebSettings:
    settings: WebSettings = request.app.state.settings
    return settings


async def _records(request: Request) -> _Records:
    records: _Records = request.app.state.records
    return records


async def _library(request: Request) -> Library:
    library: Library = request.app.state.library
    return library


Settings = Annotated[WebSettings, Depends(_settings)]
Records = Annotated[_Records, Depends(_records)]
Runs = Annotated[Library, Depends(_library)]


def _visit(request: Request, records: Records, settings: Settings) -> Visit:
    """Return whose browser asks; the page of signing in follows when nobody is known."""
    found = visit_of(request, records, secure=settings.secure)
    if found is None:
        raise SignInFirst
    request.state.visit = found  # the page's frame names the person
    return found


SignedIn = Annotated[Visit, Depends(_visit)]
"""The visit of somebody who signed in, be it that the first password still has to be changed."""


async def _who(visit: SignedIn) -> Person:
    if visit.person.must_change:
        raise SignInFirst(change=True)
    return visit.person


Who = Annotated[Person, Depends(_who)]
"""Who asks."""


async def form_guard(request: Request, visit: SignedIn, settings: Settings) -> None:
    """Refuse what another site, or an older session, has sent: ``dependencies=[Depends(form_guard)]``.

    The mark of the session comes in the header ``X-CSRF`` (scripts) or in the field ``csrf`` of the form, never in an
    address, which logs keep. Where a file is sent, :func:`upload_guard` asks.

    Raises
    ------
    NotAllowed
        When the mark is missing or another session's, or the form comes from another site.
    """
    require_own_page(request.headers, settings.hostnames)
    mark: object = request.headers.get("x-csrf")
    kind = request.headers.get("content-type", "")
    if mark is None and kind.startswith("application/x-www-form-urlencoded"):
        mark = (await request.form()).get("csrf")  # kept by the request, so the route may read it again
    _require_mark(visit, mark)


async def upload_guard(request: Request, visit: SignedIn, settings: Settings) -> Callable[[str], None] | None:
    """Refuse like :func:`form_guard` where a file is sent, before the file is read.

    Such a route takes the file from the request itself, by :func:`app.data_view.receiving.receive`.

    Returns
    -------
    Callable or None
        What the field ``csrf``, which stands before the file, is to be shown to; none: the header told already.

    Raises
    ------
    NotAllowed
        When the header is another session's, or the form comes from another site.
    """
    if "x-csrf" in request.headers or not request.headers.get("content-type", "").startswith("multipart/"):
        await form_guard(request, visit, settings)
        return None
    require_own_page(request.headers, settings.hostnames)
    return partial(_require_mark, visit)


UploadMark = Annotated[Callable[[str], None] | None, Depends(upload_guard)]


def _require_mark(visit: Visit, mark: object) -> None:
    if not isinstance(mark, str) or not visit.owns(mark):
        raise NotAllowed("Formulir ini sudah kedaluwarsa. Muat ulang halamannya, lalu kirim lagi.")


def own_page(request: Request, settings: Settings) -> None:
    """Refuse a form of another site where there is no session yet."""
    require_own_page(request.headers, settings.hostnames)


def allowed(permission: Permission) -> Callable[[Person], Awaitable[Person]]:
    """Return a dependency that refuses whoever has not a permission: ``Annotated[Person, Depends(allowed(...))]``."""

    async def check(who: Who) -> Person:
        who.require(permission)
        return who

    return check


Viewer = Annotated[Person, Depends(allowed(Permission.SEE_AREAS))]
HouseholdViewer = Annotated[Person, Depends(allowed(Permission.SEE_HOUSEHOLDS))]
Chooser = Annotated[Person, Depends(allowed(Permission.CHOOSE))]
VisitPlanner = Annotated[Person, Depends(allowed(Permission.PLAN_VISITS))]
Recorder = Annotated[Person, Depends(allowed(Permission.ENTER_OUTCOMES))]
Printer = Annotated[Person, Depends(allowed(Permission.PRINT))]
DataKeeper = Annotated[Person, Depends(allowed(Permission.MANAGE_DATA))]
Sharer = Annotated[Person, Depends(allowed(Permission.SHARE))]
Receiver = Annotated[Person, Depends(allowed(Permission.RECEIVE))]
SheetCorrector = Annotated[Person, Depends(allowed(Permission.CORRECT_SHEET))]
UserKeeper = Annotated[Person, Depends(allowed(Permission.MANAGE_USERS))]
TrailReader = Annotated[Person, Depends(allowed(Permission.READ_TRAIL))]


def _shown(library: Runs) -> OpenedRun:
    return library.shown()


Shown = Annotated[OpenedRun, Depends(_shown)]
"""The run in force, opened."""
