"""Files of a run that hold no name and no number of a person."""

from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

from app.dependencies import Run
from geo.errors import NoRun

router = APIRouter()

TITLES = {
    "laporan.html": "Laporan",
    "peta.html": "Peta yang dapat dibuka tanpa jaringan",
    "atlas.pdf": "Buku peta, satu lembar tiap desa",
    "geojson/desa.geojson": "Angka tiap desa",
    "geojson/kecamatan.geojson": "Angka tiap kecamatan",
    "geojson/zones.geojson": "Angka tiap zona",
    "geojson/clusters.geojson": "Kantong RTLH",
    "geojson/hot_spots.geojson": "Desa panas dan dingin",
    "geojson/scans.geojson": "Lingkaran kebutuhan",
    "geojson/households.geojson": "Titik rumah tangga, tanpa nama dan NIK",
    "manifest.json": "Asal-usul hasil ini",
}
"""What may be fetched; the tables with names stay on the disk until there are users to ask for."""

KINDS = {".html": "HTML", ".pdf": "PDF", ".geojson": "GeoJSON", ".json": "JSON"}


@dataclass(frozen=True)
class Download:
    """A file on offer."""

    name: str
    title: str
    kind: str
    kilobytes: int


def offered(run: Path) -> list[Download]:
    """Return the files of a run that may be fetched."""
    return [
        Download(name, title, KINDS[Path(name).suffix], -(-(run / name).stat().st_size // 1000))
        for name, title in TITLES.items()
        if (run / name).is_file()
    ]


def open_to_all(run: Path, name: str) -> Path:
    """Return the path of a file on offer.

    Raises
    ------
    NoRun
        When it is not on offer, or the run was made without it.
    """
    if name not in TITLES or not (run / name).is_file():
        raise NoRun("Berkas itu tidak ada di antara unduhan hasil ini.")
    return run / name


@router.head("/unduh/{name:path}", include_in_schema=False)
@router.get("/unduh/{name:path}")
def download(name: str, run: Run) -> FileResponse:
    """Hand out one of the files on offer, and no other."""
    path = open_to_all(run, name)
    return FileResponse(path, filename=path.name, content_disposition_type="attachment")
