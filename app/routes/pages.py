"""The start page, the map, the report and the state of health."""

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse

from app.dependencies import Manifest, Run
from app.rendering import templates
from app.routes.downloads import offered, open_to_all
from geo import __version__

router = APIRouter()

SELF_CONTAINED = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
    "font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""For pages that carry all they need inside: their scripts can reach nothing else, not even this server."""


@router.head("/", include_in_schema=False)
@router.get("/", response_class=HTMLResponse, include_in_schema=False)
def start(request: Request, run: Run, manifest: Manifest) -> HTMLResponse:
    """Show what the newest run holds."""
    found = {"manifest": manifest, "facts": manifest["facts"], "downloads": offered(run)}
    return templates.TemplateResponse(request, "start.html", found)


@router.head("/peta", include_in_schema=False)
@router.get("/peta", include_in_schema=False)
def show_map(run: Run) -> FileResponse:
    """Show the map of the newest run."""
    return show_file("peta.html", run)


@router.head("/laporan", include_in_schema=False)
@router.get("/laporan", include_in_schema=False)
def show_report(run: Run) -> FileResponse:
    """Show the report of the newest run."""
    return show_file("laporan.html", run)


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz")
def health(manifest: Manifest) -> dict[str, str]:
    """Say that the server lives and which run it shows."""
    return {"status": "ok", "version": __version__, "run": str(manifest["created"])}


@router.head("/{name:path}", include_in_schema=False)
@router.get("/{name:path}", include_in_schema=False)
def show_file(name: str, run: Run) -> FileResponse:
    """Show a file on offer under the name by which the report and the map link to it."""
    return FileResponse(open_to_all(run, name), headers={"Content-Security-Policy": SELF_CONTAINED})
