"""Every address of the application and who may use it; a route that is not here fails the tests."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from app.access.roles import Role

PERENCANA, PETUGAS, OPD, PIMPINAN, ADMIN = Role
EVERYBODY = frozenset(Role)
PUBLIC = None
"""Without signing in."""

AREAS = frozenset({PERENCANA, PETUGAS, PIMPINAN, ADMIN})
WHOLE = frozenset({PERENCANA, PIMPINAN, ADMIN})
HOUSEHOLDS = frozenset({PERENCANA, PETUGAS, ADMIN})
PLANNERS = frozenset({PERENCANA, ADMIN})
AGENCIES = frozenset({OPD})
KEEPERS = frozenset({ADMIN})

_PLACE = re.compile(r"\{(\w+)(?::path)?\}")


@dataclass(frozen=True)
class Door:
    """A way into the application."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def address(self, **values: str) -> str:
        """Return an address through it, with what is known put in and something that is not there for the rest."""
        given = values | VALUES.get(str(self), {})
        return _PLACE.sub(lambda found: given.get(found[1], "0"), self.path)


def doors(app: FastAPI) -> Iterator[Door]:
    """Return every method and address that the application answers to."""
    for context in iter_route_contexts(app.routes):
        for method in sorted(context.methods or {"GET"}):
            yield Door(method, context.path)


RULES: dict[frozenset[Role] | None, tuple[str, ...]] = {
    PUBLIC: (
        "GET /masuk",
        "POST /masuk",
        "GET /healthz",
        "GET /static-offline-docs",
        "GET /static/{version}/{name}",
        "GET /static/folium/{version}/{name}",
        # tiles have no session: their address is signed, and says what it reaches
        "GET /ubin/dasar/{word}/{z}/{x}/{y}.png",
        "GET /ubin/rumah/{word}/{z}/{x}/{y}.pbf",
        # the API asks for a token or a session itself, and answers programs in their own way: tests/app/ogc
        "GET /ogc",
        "GET /ogc/",
        "GET /ogc/api",
        "GET /ogc/conformance",
        "GET /ogc/collections",
        "GET /ogc/collections/{name}",
        "GET /ogc/collections/{name}/items",
        "GET /ogc/collections/{name}/items/{feature_id:path}",
        "GET /ogc/collections/{name}/queryables",
        "GET /ogc/collections/{name}/sortables",
        "GET /ogc/collections/{name}/tiles",
        "GET /ogc/collections/{name}/tiles/{square}",
        "GET /ogc/collections/{name}/tiles/{square}/{matrix}/{row}/{column}",
        "GET /ogc/tileMatrixSets",
        "GET /ogc/tileMatrixSets/{name}",
        "GET /ogc/{path:path}",
        "OPTIONS /ogc",
        "OPTIONS /ogc/{path:path}",
    ),
    EVERYBODY: ("GET /", "GET /kata-sandi", "POST /kata-sandi", "POST /keluar"),
    AREAS: (
        "GET /peta",
        "GET /peta/cari",
        "GET /peta/keadaan",
        "GET /peta/gambar/{run}",
        "GET /bandingkan",
        "GET /bandingkan/keadaan",
        "GET /desa/{kode}",
        "GET /desa/{kode}/kartu",
        "GET /kunjungan/kemajuan",
    ),
    WHOLE: ("GET /desa/{kode}/profil.pdf", "GET /kecamatan/{kode}/profil.pdf"),
    HOUSEHOLDS: (
        "GET /rumah/{row}",
        "POST /peta/cetak",
        "GET /cetak",
        "POST /cetak",
        "GET /cetak/daftar",
        "GET /cetak/{number}",
        "POST /cetak/{number}/hapus",
        "GET /cetak/{number}/keadaan",
        "POST /cetak/{number}/ulang",
        "GET /cetak/{number}/unduh/{name}",
        "GET /kunjungan",
        "POST /desa/{kode}/cetak",
        "GET /kunjungan/cetak",
        "GET /kunjungan/kemajuan.csv",
        "GET /kunjungan/lama",
        "POST /kunjungan/lama",
        "GET /kunjungan/peta",
        "GET /kunjungan/regu",
        "GET /kunjungan/rumah",
        "POST /kunjungan/hasil",
        "GET /kunjungan/lembar",
        "GET /kunjungan/lembar.csv",
        "GET /kunjungan/lembar/rumah",
        "POST /kunjungan/lembar",
        "POST /kunjungan/lembar/berkas",
        "POST /kunjungan/lembar/catat",
    ),
    PLANNERS: (
        "GET /desa/{kode}/lembar.pdf",
        "GET /peta/tabel.csv",
        "GET /prioritas",
        "POST /prioritas",
        "GET /prioritas/banding",
        "GET /prioritas/daftar",
        "POST /prioritas/daftar",
        "GET /prioritas/daftar/{nomor}",
        "POST /prioritas/daftar/{nomor}/hapus",
        "GET /prioritas/daftar/{nomor}/unduh",
        "GET /prioritas/peta",
        "POST /kunjungan/susun",
        "GET /kunjungan/susun/keadaan",
        "GET /laporan",
        "GET /{name:path}",
        "GET /data",
        "GET /data/hasil/{run}",
        "GET /data/hasil/{run}/buang",
        "POST /data/hasil/{run}/buang",
        "GET /data/hasil/{run}/laporan",
        "POST /data/hasil/{run}/olah",
        "POST /data/hasil/{run}/terbit",
        "GET /data/pekerjaan",
        "POST /data/pekerjaan/{number}/batal",
        "POST /data/unggah",
        "GET /data/tinjau",
        "GET /data/tinjau/{item}",
        "POST /data/tinjau/{item}",
        "GET /data/unggahan/{number}",
        "POST /data/unggahan/{number}/hapus",
        "POST /data/unggahan/{number}/kolom",
        "POST /data/unggahan/{number}/lembar",
        "POST /data/unggahan/{number}/olah",
        "POST /data/unggahan/{number}/sandi",
        "POST /data/unggahan/{number}/ulang",
        "GET /unduhan",
        "GET /unduh/{name:path}",
        "GET /bagikan",
        "POST /bagikan",
        "GET /bagikan.csv",
        "GET /bagikan/baru",
        "POST /bagikan/pratinjau",
        "POST /bagikan/ubah",
        "GET /bagikan/{number}",
        "POST /bagikan/{number}/cabut",
        "GET /bagikan/{number}/keadaan",
        "POST /bagikan/{number}/ulang",
        "GET /bagikan/{number}/unduh",
        "GET /bagikan/kembali",
        "GET /bagikan/kembali/{number}",
        "GET /bagikan/kembali/{number}/pertentangan.csv",
        "POST /bagikan/kembali/berkas",
        "POST /bagikan/kembali/{number}/catat",
        "POST /bagikan/kembali/{number}/sisihkan",
    ),
    AGENCIES: (
        "GET /kiriman",
        "GET /kiriman/{number}/unduh",
        "GET /kiriman/kembali",
        "POST /kiriman/kembali/berkas",
    ),
    KEEPERS: (
        "GET /docs",
        "GET /openapi.json",
        "POST /data/hasil/{run}/unduh",
        "GET /jejak",
        "GET /jejak.csv",
        "GET /pengguna",
        "POST /pengguna",
        "GET /pengguna/baru",
        "GET /pengguna/{number}",
        "POST /pengguna/{number}",
        "POST /pengguna/{number}/aktif",
        "POST /pengguna/{number}/kata-sandi",
        "POST /pengguna/{number}/nonaktif",
    ),
}

ALLOWED = {door: roles for roles, known in RULES.items() for door in known}
"""Who may use each door."""

VALUES = {
    "GET /{name:path}": {"name": "laporan.html"},
    "GET /unduh/{name:path}": {"name": "geojson/desa.geojson"},
    "POST /data/hasil/{run}/buang": {"run": "tiada"},
}
"""What is asked for where the usual value is refused to all alike."""
