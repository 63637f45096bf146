"""The folium map itself, walled off from the session by a sandbox."""

import gzip
import hashlib
from dataclasses import dataclass

import geopandas as gpd
from fastapi import APIRouter, Request, Response

from app.access.hosts import host_name
from app.access.roles import Permission, Person
from app.dependencies import Records, Runs, Settings, Viewer
from app.kept import Kept
from app.library import OpenedRun
from app.routes.static import map_asset
from app.settings import WebSettings
from app.trail import leave
from geo.boundaries import default_folder, read_boundaries
from geo.errors import PetaError
from geo.maps.web import BASEMAPS, build_web_map

router = APIRouter()


@dataclass(frozen=True)
class Ready:
    """A document as it is sent.

    Attributes
    ----------
    body
        Compressed: it holds nothing that belongs to a session, so its length tells nothing.
    """

    body: bytes
    mark: str
    script: str
    households: int


_DOCUMENTS = Kept[Ready](most=24)
"""A few runs, for planners, for whoever sees areas only, and for people in the field."""


def document(opened: OpenedRun, who: Person, settings: WebSettings) -> Ready:
    """Return the map of a run, fit for somebody, made once for all who may see the same."""
    sees_points = who.may(Permission.SEE_HOUSEHOLDS)
    key = (str(opened.folder), str(opened.manifest["created"]), sees_points, who.desa, settings.basemap)
    return _DOCUMENTS.get(key, lambda: _make(opened, who, settings))


@router.get("/peta/gambar/{run}", include_in_schema=False)
def map_document(
    run: str, request: Request, who: Viewer, library: Runs, settings: Settings, records: Records
) -> Response:
    """Show the map of a run, fit for who asks; the page around it says what to draw."""
    opened = library.open_for(run, who)
    ready = document(opened, who, settings)
    headers = {
        "Cache-Control": "private, no-cache",  # asked for again each time: whoever signed out sees it no longer
        "Content-Security-Policy": policy(request.headers.get("host", ""), ready.script, settings),
        "ETag": ready.mark,
        "Vary": "Accept-Encoding, Cookie",
    }
    if ready.households:
        with records.session() as session:
            leave(
                session,
                who,
                "lihat",
                "peta: terpilih dan kunjungan",
                households=ready.households,
                run=opened.id,
            )
    if request.headers.get("if-none-match") == ready.mark:
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(gzip.decompress(ready.body), headers=headers, media_type="text/html")
    return Response(ready.body, headers=headers | {"Content-Encoding": "gzip"}, media_type="text/html")


def policy(host: str, script: str, settings: WebSettings) -> str:
    """Return the Content-Security-Policy of the document.

    ``sandbox`` without ``allow-same-origin`` takes the origin away from it: its scripts see no cookie, and no answer
    of this server but those that are open to any origin, which are the tiles. What it may load is named by paths, which
    ``'self'`` could not, under every name by which this server is reached.

    Examples
    --------
    >>> wall = policy("127.0.0.1:8000", "sha256-x", WebSettings())
    >>> "connect-src 127.0.0.1:8000/ubin/;" in wall, "allow-same-origin" in wall, "unsafe-eval" in wall
    (True, False, False)
    """
    names = [host if host_name(host) else "", *(f"{name}:*" for name in settings.hostnames)]
    tiles, assets = (
        " ".join(f"{name}/{folder}/" for name in names if name) for folder in ("ubin", "static/folium")
    )
    outside = BASEMAPS[settings.basemap]["host"] if settings.basemap else ""
    return "; ".join((
        "sandbox allow-scripts",
        "default-src 'none'",
        f"script-src '{script}' {assets}",
        f"style-src {assets}",
        "style-src-attr 'unsafe-inline'",  # of folium's plugins
        f"img-src data: blob: {tiles} {outside}".strip(),
        f"connect-src {tiles}",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    ))  # fmt: skip


def _make(opened: OpenedRun, who: Person, settings: WebSettings) -> Ready:
    assessment = opened.assessment if who.may(Permission.SEE_HOUSEHOLDS) else opened.public
    made = build_web_map(assessment, map_asset, sea=_sea(settings), desa=who.desa, basemap=settings.basemap)
    text = made.html.encode()
    mark = f'"{hashlib.sha256(text).hexdigest()[:20]}"'
    return Ready(gzip.compress(text, mtime=0), mark, made.script, made.households)


def _sea(settings: WebSettings) -> gpd.GeoDataFrame | None:
    """Return the sea of the district's folder; without one the map does without."""
    try:
        return read_boundaries(settings.boundaries or default_folder()).sea
    except PetaError:
        return None
