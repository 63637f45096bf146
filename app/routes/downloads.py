"""Unduhan: files of the run in force, each for those who may have it; none holds a name or NIK."""

from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from app.access.roles import Permission, Person
from app.dependencies import Records, Shown, Who
from app.errors import WORDS
from app.rendering import page
from app.trail import leave
from geo.errors import NoRun

router = APIRouter()
by_name = APIRouter()
"""Of the last resort: whatever no other page answers."""

SELF_CONTAINED = (
    "sandbox allow-scripts allow-modals allow-downloads; default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""For pages that carry all they need inside: their scripts can reach nothing else, not even this server."""


@dataclass(frozen=True)
class Offer:
    """A file of a run.

    Attributes
    ----------
    households
        It tells of single households.
    """

    name: str
    title: str
    households: bool = False


OFFERS = (
    Offer("laporan.html", "Laporan"),
    Offer("peta.html", "Peta yang dapat dibuka tanpa jaringan", households=True),
    Offer("atlas.pdf", "Buku peta, satu lembar tiap desa", households=True),
    Offer("manifest.json", "Asal-usul hasil ini"),
    Offer("geojson/desa.geojson", "Angka tiap desa"),
    Offer("geojson/kecamatan.geojson", "Angka tiap kecamatan"),
    Offer("geojson/zones.geojson", "Angka tiap zona"),
    Offer("geojson/clusters.geojson", "Kantong RTLH"),
    Offer("geojson/hot_spots.geojson", "Desa panas dan dingin"),
    Offer("geojson/scans.geojson", "Lingkaran kebutuhan"),
)
"""What may be fetched; the tables with names stay on the disk, and points of households leave by *Bagikan* alone."""

POINTS = "geojson/households.geojson"
"""What the report of a run links to, and leaves another way."""

KINDS = {".html": "HTML", ".pdf": "PDF", ".geojson": "GeoJSON", ".json": "JSON"}


def offered(run: Path) -> list[tuple[Offer, str, int]]:
    """Return the files of a run that somebody may have, with kind and kilobytes."""
    return [
        (offer, KINDS[Path(offer.name).suffix], -(-(run / offer.name).stat().st_size // 1000))
        for offer in OFFERS
        if (run / offer.name).is_file()
    ]


def take(run: Path, name: str, who: Person) -> Offer:
    """Return the offer of a name for somebody who may have it.

    Raises
    ------
    NoRun
        When it is not on offer, or the run was made without it.
    NotAllowed
        When downloads are for others.
    """
    who.require(Permission.DOWNLOAD_RUN)
    offer = next((one for one in OFFERS if one.name == name), None)
    if offer is None or not (run / name).is_file():
        raise NoRun("Berkas itu tidak ada di antara unduhan hasil ini.")
    return offer


@router.get("/unduhan", include_in_schema=False)
def downloads(request: Request, who: Who, shown: Shown) -> Response:
    """Show what may be fetched."""
    who.require(Permission.DOWNLOAD_RUN)
    found = {"files": offered(shown.folder), "manifest": shown.manifest}
    return page(request, "downloads.html", found)


@router.get("/unduh/{name:path}")
def download(name: str, who: Who, shown: Shown, records: Records) -> Response:
    """Hand out one of the files on offer, and no other."""
    offer = take(shown.folder, name, who)
    _leave(records, who, shown, offer)
    path = shown.folder / offer.name
    return FileResponse(path, filename=path.name, content_disposition_type="attachment")


@router.get("/laporan", include_in_schema=False)
def report(who: Who, shown: Shown, records: Records) -> Response:
    """Show the report of the run in force."""
    return show("laporan.html", who, shown, records)


def _leave(records: Records, who: Person, shown: Shown, offer: Offer) -> None:
    counted = int(shown.facts["rows"]["counted"]) if offer.households else None
    with records.session() as session:
        leave(session, who, "unduh", offer.name, households=counted, run=shown.id)


@by_name.get("/{name:path}", include_in_schema=False)
def show(name: str, who: Who, shown: Shown, records: Records) -> Response:
    """Show a file on offer under the name by which the report and the map link to it.

    Raises
    ------
    NoRun
        When nothing here has that name.
    """
    if name == POINTS and who.may(Permission.SHARE):
        return RedirectResponse("/bagikan", 303)
    if all(offer.name != name for offer in OFFERS):
        raise NoRun(WORDS[404])
    offer = take(shown.folder, name, who)
    _leave(records, who, shown, offer)
    return FileResponse(shown.folder / name, headers={"Content-Security-Policy": SELF_CONTAINED})
