"""What routes ask for, as aliases that let them read as plain functions."""

from collections.abc import Awaitable, Callable
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

    The mark of the session comes in the header ``X-CSRF`` (scripts), in the field ``csrf`` of the form, or, where
    a file is sent, in the address of the form: ``action="...?csrf={{ csrf }}"``, so that a large file is refused before
    it is read. Such a route takes the file from the request itself; FastAPI reads ``File`` parameters before it asks.

    Raises
    ------
    NotAllowed
        When the mark is missing or another session's, or the form comes from another site.
    """
    require_own_page(request.headers, settings.hostnames)
    mark: object = request.headers.get("x-csrf")
    kind = request.headers.get("content-type", "")
    if mark is None and kind.startswith("multipart/form-data"):
        mark = request.query_params.get("csrf")
    elif mark is None and kind.startswith("application/x-www-form-urlencoded"):
        mark = (await request.form()).get("csrf")  # kept by the request, so the route may read it again
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
DataKeeper = Annotated[Person, Depends(allowed(Permission.MANAGE_DATA))]
SheetCorrector = Annotated[Person, Depends(allowed(Permission.CORRECT_SHEET))]
UserKeeper = Annotated[Person, Depends(allowed(Permission.MANAGE_USERS))]
TrailReader = Annotated[Person, Depends(allowed(Permission.READ_TRAIL))]


def _shown(library: Runs) -> OpenedRun:
    return library.shown()


Shown = Annotated[OpenedRun, Depends(_shown)]
"""The run in force, opened."""
