"""Serve the pages of a folder as a usual server does (gzip, caching), their libraries from the offline store.

``python scripts/serve_pages.py FOLDER PORT``: for the benchmark, whose folium pages would ask the network else.
"""

import html
import re
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from geo.maps.assets import offline_store

_LINK = re.compile(r'(?<=src=")https?://[^"]+|(?<=href=")https?://[^"]+')


def make_app(folder: Path) -> Starlette:
    """Return what serves each ``NAME/map.html`` of a folder as ``/NAME``."""
    store = offline_store()
    addresses = list(store)
    pages = {path.parent.name: _with_own_links(path, addresses) for path in folder.glob("*/map.html")}

    def page(request: Request) -> Response:
        text = pages.get(request.path_params["name"])
        return Response(status_code=404) if text is None else Response(text, media_type="text/html")

    def asset(request: Request) -> Response:
        address = addresses[int(request.path_params["place"])]
        kind = "text/css" if ".css" in address else "text/javascript"
        return PlainTextResponse(store[address], media_type=kind, headers={"Cache-Control": "max-age=86400"})

    routes = [Route("/aset/{place:int}", asset), Route("/{name}", page)]
    return Starlette(routes=routes, middleware=[Middleware(GZipMiddleware, minimum_size=1000)])


def _with_own_links(path: Path, addresses: list[str]) -> str:
    def own(link: re.Match[str]) -> str:
        address = html.unescape(link[0])
        return f"/aset/{addresses.index(address)}" if address in addresses else link[0]

    head, body, rest = path.read_text(encoding="utf-8").partition("</head>")
    return _LINK.sub(own, head) + body + rest


if __name__ == "__main__":
    uvicorn.run(make_app(Path(sys.argv[1])), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
