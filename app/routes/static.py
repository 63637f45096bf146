"""Scripts and styles of the pages; their addresses change with their content, so browsers keep them for good."""

import gzip
import hashlib
from functools import cache

from fastapi import APIRouter, Request, Response

from app.rendering import STATIC
from geo.errors import NoRun
from geo.maps.web.assets import web_assets

router = APIRouter()

KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_GOOD = {
    "Cache-Control": "public, max-age=31536000, immutable",
    # the sandbox of the map takes its origin away
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept-Encoding",
}
_SMALL = 1000


@router.get("/static/folium/{version}/{name}", include_in_schema=False)
def map_file(version: str, name: str, request: Request) -> Response:  # noqa: ARG001  -- the version is for the caches
    """Hand out a script or a style of the map document."""
    text = web_assets().get(name)
    if text is None:
        raise NoRun("Berkas itu tidak ada di sini.")
    return _answer(request, name, text)


@router.get("/static/{version}/{name}", include_in_schema=False)
def static_file(version: str, name: str, request: Request) -> Response:  # noqa: ARG001  -- likewise
    """Hand out a script or a style."""
    if name not in _names():
        raise NoRun("Berkas itu tidak ada di sini.")
    return _answer(request, name, (STATIC / name).read_bytes())


@cache
def _names() -> frozenset[str]:
    """Return what there is; what is asked for never becomes a path unless it is one of them."""
    return frozenset(path.name for path in STATIC.iterdir() if path.is_file() and path.suffix in KINDS)


@cache
def map_asset(name: str) -> str:
    """Return the address of a script or style of the map document, which changes with its content.

    Examples
    --------
    >>> map_asset("leaflet.js").startswith("/static/folium/")
    True
    """
    return f"/static/folium/{hashlib.sha256(web_assets()[name]).hexdigest()[:12]}/{name}"


def _answer(request: Request, name: str, text: bytes) -> Response:
    kind = KINDS["." + name.rsplit(".", 1)[-1]]
    if len(text) < _SMALL or "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(text, media_type=kind, headers=FOR_GOOD)
    return Response(_compressed(text), media_type=kind, headers=FOR_GOOD | {"Content-Encoding": "gzip"})


@cache
def _compressed(text: bytes) -> bytes:
    return gzip.compress(text, mtime=0)
