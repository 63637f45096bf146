"""Unduhan: files of the run in force, each for those who may have it; none holds a name or NIK."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import FileResponse, Response

from app.access.reasons import stated_reason
from app.access.roles import Permission, Person
from app.dependencies import Records, Shown, Who, form_guard
from app.errors import WORDS
from app.rendering import page
from app.trail import leave
from geo.errors import NoRun, SettingsError

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
    needs
        Who may have it.
    households
        It tells of single households.
    asks
        It leaves the server for other programs, household by household: whoever takes it says what for.
    """

    name: str
    title: str
    needs: Permission
    households: bool = False
    asks: bool = False


OFFERS = (
    Offer("laporan.html", "Laporan", Permission.DOWNLOAD_RUN),
    Offer("peta.html", "Peta yang dapat dibuka tanpa jaringan", Permission.DOWNLOAD_RUN, households=True),
    Offer("atlas.pdf", "Buku peta, satu lembar tiap desa", Permission.DOWNLOAD_RUN, households=True),
    Offer("manifest.json", "Asal-usul hasil ini", Permission.DOWNLOAD_RUN),
    Offer("geojson/desa.geojson", "Angka tiap desa", Permission.DOWNLOAD_OPD),
    Offer("geojson/kecamatan.geojson", "Angka tiap kecamatan", Permission.DOWNLOAD_OPD),
    Offer("geojson/zones.geojson", "Angka tiap zona", Permission.DOWNLOAD_OPD),
    Offer("geojson/clusters.geojson", "Kantong RTLH", Permission.DOWNLOAD_OPD),
    Offer("geojson/hot_spots.geojson", "Desa panas dan dingin", Permission.DOWNLOAD_OPD),
    Offer("geojson/scans.geojson", "Lingkaran kebutuhan", Permission.DOWNLOAD_OPD),
    Offer(
        "geojson/households.geojson",
        "Titik rumah tangga, tanpa nama dan NIK",
        Permission.DOWNLOAD_OPD,
        households=True,
        asks=True,
    ),
)
"""What may be fetched; the tables with names stay on the disk."""

KINDS = {".html": "HTML", ".pdf": "PDF", ".geojson": "GeoJSON", ".json": "JSON"}


def offered(run: Path, who: Person) -> list[tuple[Offer, str, int]]:
    """Return the files of a run that somebody may have, with kind and kilobytes."""
    return [
        (offer, KINDS[Path(offer.name).suffix], -(-(run / offer.name).stat().st_size // 1000))
        for offer in OFFERS
        if who.may(offer.needs) and (run / offer.name).is_file()
    ]


def take(run: Path, name: str, who: Person) -> Offer:
    """Return the offer of a name.

    Raises
    ------
    NoRun
        When it is not on offer, or the run was made without it.
    NotAllowed
        When it is for others.
    """
    offer = next((one for one in OFFERS if one.name == name), None)
    if offer is None or not (run / name).is_file():
        raise NoRun("Berkas itu tidak ada di antara unduhan hasil ini.")
    who.require(offer.needs)
    return offer


@router.get("/unduhan", include_in_schema=False)
def downloads(request: Request, who: Who, shown: Shown) -> Response:
    """Show what may be fetched."""
    who.require(Permission.DOWNLOAD_OPD)
    return _listed(request, who, shown)


def _listed(request: Request, who: Person, shown: Shown, wanted: str = "", fault: str = "") -> Response:
    """Show what may be fetched, and ask for the reason where one is wanted."""
    found = {
        "files": offered(shown.folder, who),
        "manifest": shown.manifest,
        "wanted": wanted,
        "fault": fault,
    }
    return page(request, "downloads.html", found, status=400 if fault else 200)


@router.get("/unduh/{name:path}")
def download(request: Request, name: str, who: Who, shown: Shown, records: Records) -> Response:
    """Hand out one of the files on offer, and no other; where a reason is wanted, the form for it."""
    offer = take(shown.folder, name, who)
    if offer.asks:
        return _listed(request, who, shown, wanted=name)
    _leave(records, who, shown, offer)
    return _attachment(shown, offer)


@router.post("/unduh/{name:path}", dependencies=[Depends(form_guard)], include_in_schema=False)
def download_for(
    request: Request, name: str, who: Who, shown: Shown, records: Records, alasan: Annotated[str, Form()] = ""
) -> Response:
    """Hand out a file for a stated reason, which stands in the trail."""
    offer = take(shown.folder, name, who)
    try:
        reason = stated_reason(alasan)
    except SettingsError as fault:
        return _listed(request, who, shown, wanted=name, fault=str(fault))
    _leave(records, who, shown, offer, reason)
    return _attachment(shown, offer)


def _attachment(shown: Shown, offer: Offer) -> FileResponse:
    path = shown.folder / offer.name
    return FileResponse(path, filename=path.name, content_disposition_type="attachment")


@router.get("/laporan", include_in_schema=False)
def report(request: Request, who: Who, shown: Shown, records: Records) -> Response:
    """Show the report of the run in force."""
    return show(request, "laporan.html", who, shown, records)


def _leave(records: Records, who: Person, shown: Shown, offer: Offer, reason: str = "") -> None:
    counted = int(shown.facts["rows"]["counted"]) if offer.households else None
    with records.session() as session:
        leave(session, who, "unduh", offer.name, households=counted, reason=reason, run=shown.id)


@by_name.get("/{name:path}", include_in_schema=False)
def show(request: Request, name: str, who: Who, shown: Shown, records: Records) -> Response:
    """Show a file on offer under the name by which the report and the map link to it.

    Raises
    ------
    NoRun
        When nothing here has that name.
    """
    if all(offer.name != name for offer in OFFERS):
        raise NoRun(WORDS[404])
    offer = take(shown.folder, name, who)
    if offer.asks:
        return _listed(request, who, shown, wanted=name)
    _leave(records, who, shown, offer)
    return FileResponse(shown.folder / name, headers={"Content-Security-Policy": SELF_CONTAINED})
