"""The web application: it opens the newest run, and never analyses while a planner waits."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from fastapi import FastAPI, Request, Response
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException

from app.errors import fault_page, show_breakdown, show_error, show_refusal
from app.routes import downloads, pages
from app.settings import WebSettings, is_loopback
from geo import __version__
from geo.errors import PetaError
from geo.runs import newest_run

PLAIN_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
DOCS_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
DOCS = "/docs"

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""On every answer that does not state its own."""


@asynccontextmanager
async def _open_newest(app: FastAPI) -> AsyncIterator[None]:
    newest_run(app.state.settings.runs)  # fails at once, and not on the first click
    yield


def create_app(settings: WebSettings) -> FastAPI:
    """Make the application for one folder of runs.

    Raises
    ------
    NoRun
        When it is started and the folder holds no run.
    """
    app = FastAPIOffline(
        title="Peta Sasaran", version=__version__, docs_url=DOCS, redoc_url=None, lifespan=_open_newest
    )
    app.state.settings = settings
    app.include_router(downloads.router)
    app.include_router(pages.router)
    app.add_exception_handler(PetaError, show_error)
    app.add_exception_handler(HTTPException, show_refusal)
    app.add_exception_handler(Exception, show_breakdown)

    @app.middleware("http")
    async def guard(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        # a page of another site must not reach this server by a name of its own (DNS rebinding)
        if is_loopback(_host(request)):
            response = await answer(request)
        else:
            response = fault_page(
                request, 400, "Buka halaman ini lewat alamat yang disebut saat peta dijalankan."
            )
        policy = DOCS_POLICY if request.url.path == DOCS else PLAIN_POLICY
        for name, value in (HEADERS | {"Content-Security-Policy": policy}).items():
            response.headers.setdefault(name, value)
        return response

    return app


def _host(request: Request) -> str:
    try:
        return urlsplit("//" + request.headers.get("host", "")).hostname or ""
    except ValueError:
        return ""
