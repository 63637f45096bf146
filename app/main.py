"""The web application: it shows the run in force, and never analyses while a planner waits."""

import threading
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.access.forms import LONGEST, too_long
from app.access.hosts import host_name
from app.access.roles import Person, Role
from app.access.signed import Signer
from app.access.standing import Standing
from app.choosing import Solutions
from app.errors import (
    WORDS,
    SignInFirst,
    fault_page,
    send_to_sign_in,
    show_breakdown,
    show_error,
    show_refusal,
    show_unfit,
)
from app.household_keys import KeyStore
from app.jobs.keeper import Keeper
from app.library import Library
from app.ogc.limits import Limits
from app.ogc.memory import Memory
from app.product_store import ProductStore
from app.records import open_records
from app.routes import ROUTERS
from app.routes.docs import FILES
from app.routes.map_document import document
from app.secrets_file import read_secrets
from app.settings import WebSettings, is_loopback
from app.tile_store import TileStore
from app.visiting import settle
from app.visiting.planning import Planner
from geo import __version__
from geo.errors import PetaError

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""On every answer that does not state its own."""

_ALWAYS = HEADERS | {"Content-Security-Policy": PAGE_POLICY}


@asynccontextmanager
async def _work(app: FastAPI) -> AsyncIterator[None]:
    settings: WebSettings = app.state.settings
    keeper = Keeper(settings, app.state.records)
    if settings.worker:
        keeper.start(app.state.library.in_force())
    threading.Thread(target=_warm, args=(app,), daemon=True).start()
    yield
    keeper.stop()
    app.state.records.close()


def create_app(settings: WebSettings) -> FastAPI:
    """Make the application for one folder of runs.

    Raises
    ------
    NotWritable
        When the records cannot be kept where they should be.
    """
    app = FastAPI(
        title="Peta Sasaran",
        version=__version__,
        openapi_url=None,  # app/routes/docs.py hands it out, to whom it concerns
        lifespan=_work,
        max_body_size=LONGEST,
    )
    app.state.settings = settings
    app.state.secrets = read_secrets(settings.state_folder)
    app.state.signer = Signer(app.state.secrets.addresses)
    app.state.records = open_records(settings.database_url)
    app.state.library = Library(settings.library, settings.runs, app.state.records, settings.state_folder)
    app.state.solutions = Solutions()
    app.state.household_keys = KeyStore(settings.state_folder, app.state.secrets.households)
    app.state.products = ProductStore(settings, app.state.household_keys)
    app.state.ogc = Memory()
    app.state.limits = Limits(settings.ogc_per_minute, settings.ogc_burst)
    app.state.planner = Planner()
    app.state.tiles = TileStore(settings)
    app.state.standing = Standing(app.state.records)
    app.mount(FILES, StaticFiles(packages=[("fastapi_offline", "static")]), name="docs")
    for router in ROUTERS:
        app.include_router(router)
    for _ in iter_route_contexts(
        app.routes
    ):  # built now, while no thread works: pydantic warns where threads meet
        pass
    app.add_exception_handler(SignInFirst, send_to_sign_in)
    app.add_exception_handler(PetaError, show_error)
    app.add_exception_handler(RequestValidationError, show_unfit)
    app.add_exception_handler(HTTPException, show_refusal)
    app.add_exception_handler(Exception, _show_breakdown)

    app.add_middleware(Guard, hostnames=settings.hostnames)
    return app


class Guard:
    """Asks every request where it was sent, and gives every answer its headers.

    Written on ASGI itself: Starlette's own way costs each tile another task.
    """

    def __init__(self, app: ASGIApp, hostnames: Collection[str]) -> None:
        self._app, self._hostnames = app, hostnames

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        # a page of another site must not reach this server by a name of its own (DNS rebinding)
        host = host_name(request.headers.get("host", ""))
        answer: ASGIApp = self._app
        if too_long(request.headers):
            answer = fault_page(request, 413, WORDS[413])
        elif not is_loopback(host) and host not in self._hostnames:
            answer = fault_page(
                request, 400, "Buka halaman ini lewat alamat yang disebut saat peta dijalankan."
            )

        headers_only = scope["method"] == "HEAD"

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
            elif headers_only and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # no route of FastAPI answers HEAD by itself: it is GET without what follows the headers
        await answer({**scope, "method": "GET"} if headers_only else scope, receive, with_headers)


def _warm(app: FastAPI) -> None:
    """Open the run in force, so that the first planner of the day does not wait for it."""
    with suppress(Exception):  # whoever asks is told; a thread would print a message that may quote the sheet
        opened = app.state.library.shown()
        document(opened, Person("", "", Role.PERENCANA), app.state.settings)
        _ = opened.tiles
        app.state.tiles.ground(opened)
        settle(app.state.records, opened, app.state.household_keys)


def _with_headers(response: Response) -> Response:
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    return response


async def _show_breakdown(request: Request, fault: Exception) -> Response:
    """Answer a fault of the program; it comes by outside of what gives the other answers their headers."""
    return _with_headers(await show_breakdown(request, fault))
