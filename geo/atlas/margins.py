"""What frames a sheet: confidentiality, title, identity and QR above; sources and page number below."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import segno
import shapely
from pyproj import CRS

from geo.atlas.canvas import Canvas
from geo.atlas.layout import Layout, Rect
from geo.atlas.surroundings import rings

GREY = "#555555"
SECRET = "TERBATAS — data rumah tangga miskin; UU PDP 27/2022"  # noqa: S105 - a mark of confidentiality
NAMELESS = "Tanpa nama: untuk koordinasi, bukan daftar kunjungan"
BAND_MM, QR_MM, INSET_MM = 4.4, 18.0, 19.0
NOTE_LINES, NOTE_PITCH = 5, 2.25


@dataclass(frozen=True)
class Book:
    """What every sheet of an atlas says alike.

    ``banner`` is the notice over every map made with schematic boundaries, else empty. ``outline`` are the
    kecamatan in metres of ``crs``, thinned for the inset; ``indicators`` are id, title and the words before the gap;
    ``wrapped`` and ``insets`` keep what was set once for pages of one width and one size.
    """

    province: str
    district: str
    notes: str
    banner: str
    indicators: tuple[tuple[str, str, str], ...]
    pages: int
    outline: shapely.Geometry
    crs: CRS
    wrapped: dict[float, list[str]] = field(default_factory=dict)
    insets: dict[tuple[float, float], str] = field(default_factory=dict)


def kind_of(desa: Any) -> str:  # noqa: ANN401 - a row of the desa table as a named tuple
    """Return the word for a desa: Desa or Kelurahan."""
    return "Kelurahan" if str(desa.jenis).strip().lower() == "kelurahan" else "Desa"


def draw_header(canvas: Canvas, layout: Layout, desa: Any, book: Book) -> None:  # noqa: ANN401
    """Draw the mark of confidentiality, the title, the identity block and the QR code of the sheet."""
    box = layout.header
    canvas.face(7, "B", "#ffffff")
    canvas.set_fill_color("#000000")
    canvas.rect(box.left, box.top, box.width, BAND_MM, style="F")
    canvas.write_at(box.left + 2, box.top + 3.1, SECRET)
    canvas.write_at(box.right - 2, box.top + 3.1, NAMELESS, align="R")
    kind, room = kind_of(desa), box.width - QR_MM - INSET_MM - 8
    canvas.face(15, "B")
    canvas.write_at(box.left, box.top + 11.6, f"Peta kerja — {kind} {desa.nama_desa}", within=room)
    canvas.face(8)
    canvas.write_at(box.left, box.top + 16.0, f"Lembar {desa.kode_desa}", within=room)
    identity = {
        "Provinsi": book.province,
        "Kabupaten/kota": book.district,
        "Kecamatan": desa.nama_kecamatan,
        kind: desa.nama_desa,
    }
    step = room / len(identity)
    canvas.face(5.5, colour=GREY)
    for place, title in enumerate(identity):
        canvas.write_at(box.left + place * step, box.top + 20.6, title)
    canvas.face(7.5, "B")
    for place, value in enumerate(identity.values()):
        canvas.write_at(box.left + place * step, box.top + 24.0, str(value), within=step - 2)
    top = box.top + BAND_MM + 2
    _draw_qr(canvas, Rect(box.right - QR_MM, top, QR_MM, QR_MM), str(desa.kode_desa))


def _draw_qr(canvas: Canvas, box: Rect, text: str) -> None:
    # A fixed mask saves the trial of all eight; a reader takes any of them.
    matrix = np.array(list(segno.make_qr(text, error="m", mask=2).matrix), dtype=bool)
    side = box.width / len(matrix)
    edges = np.diff(np.pad(matrix, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    (row, start), (_, stop) = np.nonzero(edges == 1), np.nonzero(edges == -1)
    west, east, top = box.left + start * side, box.left + stop * side, box.top + row * side
    corners = np.array([(west, top), (east, top), (east, top + side), (west, top + side)])
    canvas.set_fill_color("#000000")
    canvas.paint(canvas.trace(corners.transpose(2, 0, 1)), "f")


def draw_inset(canvas: Canvas, layout: Layout, own: shapely.Geometry, book: Book) -> None:
    """Draw where the desa (polygon in metres) lies in its district."""
    header = layout.header
    top, left = header.top + BAND_MM + 2, header.right - QR_MM - 4 - INSET_MM
    west, south, east, north = book.outline.bounds
    shrink = max((east - west) / INSET_MM, (north - south) / QR_MM) or 1.0
    corner = np.array([left + (INSET_MM - (east - west) / shrink) / 2, top + (north - south) / shrink])

    def trace(shape: shapely.Geometry) -> str:
        return canvas.trace([corner + (ring - (west, south)) * (1, -1) / shrink for ring in rings(shape)])

    if layout.page not in book.insets:
        book.insets[layout.page] = trace(book.outline)
    canvas.pen("#ffffff", 0.15)
    canvas.set_fill_color("#c9c9c9")
    canvas.paint(book.insets[layout.page], "B*")
    canvas.pen("#000000", 0.4)
    canvas.set_fill_color("#000000")
    canvas.paint(trace(own), "B*")


def draw_notes(canvas: Canvas, layout: Layout, desa: Any, book: Book, page: int) -> None:  # noqa: ANN401
    """Draw definitions, sources and dates, and the foot of the sheet."""
    box = layout.notes
    canvas.pen("#000000", 0.2)
    canvas.line(box.left, box.top + 1.5, box.right, box.top + 1.5)
    canvas.face(5.2, colour="#222222")
    if box.width not in book.wrapped:
        book.wrapped[box.width] = canvas.wrap(book.notes, box.width, NOTE_LINES)
    for place, line in enumerate(book.wrapped[box.width]):
        canvas.write_at(box.left, box.top + 3.9 + place * NOTE_PITCH, line)
    canvas.face(6.5, "B")
    canvas.write_at(box.left, box.bottom - 0.2, f"{desa.kode_desa} · {SECRET}", within=box.width - 40)
    canvas.write_at(box.right, box.bottom - 0.2, f"Halaman {page} dari {book.pages}", align="R")
