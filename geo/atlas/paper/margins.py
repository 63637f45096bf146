"""What frames a sheet: confidentiality, title, identity, insets and QR above; sources and page number below."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import numpy as np
import segno
import shapely
from pyproj import CRS

from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.layout import Layout, Rect
from geo.atlas.sheet.furniture import GREY
from geo.sheet_ids import SheetId

SECRET = "TERBATAS — data rumah tangga miskin; UU PDP 27/2022"  # noqa: S105 - a mark of confidentiality
NAMED = "Memuat nama dan alamat: hanya untuk petugas yang ditugaskan"
NAMELESS = "Tanpa nama: untuk koordinasi, bukan daftar kunjungan"
BAND_MM, QR_MM, INSET_MM, GAP_MM = 4.4, 18.0, 18.0, 3.0
NOTE_LINES, NOTE_PITCH = 5, 2.25
TITLE_SIZES = (15, 13, 11)
WIDEST_IDENTITY = 100.0


@dataclass(frozen=True)
class Book:
    """What every page of a book says alike.

    Attributes
    ----------
    province, district
        Names.
    title, purpose
        Of the book: what it covers, and why it is printed; may be empty.
    notes
        Definitions, sources and dates, as one text.
    banner
        The notice over every map made with schematic boundaries, else empty.
    indicators
        Id, title and the words before the gap.
    outline
        The kecamatan in metres of ``crs``, thinned for small maps.
    crs
        The measuring CRS.
    mark
        Of the run, for identifiers of sheets.
    names
        Whether its lists tell names.
    created
        When the run was made.
    """

    province: str
    district: str
    title: str
    purpose: str
    notes: str
    banner: str
    indicators: tuple[tuple[str, str, str], ...]
    outline: shapely.Geometry
    crs: CRS
    mark: str
    names: bool
    created: datetime


def kind_of(desa: Any) -> str:  # noqa: ANN401 - a row of the desa table as a named tuple
    """Return the word for a desa: Desa or Kelurahan."""
    return "Kelurahan" if str(desa.jenis).strip().lower() == "kelurahan" else "Desa"


def draw_confidentiality(canvas: Canvas, box: Rect, book: Book) -> None:
    """Draw the mark of confidentiality as a band at the top of a box."""
    canvas.draw_alike(("confidentiality", box, book.names), lambda: _draw_band(canvas, box, book))


def _draw_band(canvas: Canvas, box: Rect, book: Book) -> None:
    canvas.set_fill_color("#000000")
    canvas.rect(box.left, box.top, box.width, BAND_MM, style="F")
    canvas.face(7, "B", "#ffffff")
    canvas.write_at(box.left + 2, box.top + 3.1, SECRET)
    canvas.write_at(box.right - 2, box.top + 3.1, NAMED if book.names else NAMELESS, align="R")


def draw_header(
    canvas: Canvas,
    layout: Layout,
    desa: Any,  # noqa: ANN401
    sheet: SheetId,
    place: str,
    book: Book,
    insets: int,
) -> list[Rect]:
    """Draw confidentiality, title, identity and QR code of a sheet; return the room for the insets.

    Parameters
    ----------
    place
        Which sheet it is of how many, in words.
    insets
        For how many insets room is kept between identity and QR code.
    """
    header = layout.header
    draw_confidentiality(canvas, header, book)
    top = header.top + BAND_MM + 1.8
    draw_qr(canvas, Rect(header.right - QR_MM, top, QR_MM, QR_MM), str(sheet))
    right = header.right - QR_MM - GAP_MM
    rooms = []
    for _ in range(insets):
        rooms.append(Rect(right - INSET_MM, top, INSET_MM, QR_MM))
        right -= INSET_MM + GAP_MM
    room = right - header.left
    middle = right - min(room * 0.54, WIDEST_IDENTITY)
    _draw_title(canvas, Rect(header.left, top, middle - GAP_MM - header.left, QR_MM), desa, sheet, place)
    _draw_identity(canvas, Rect(middle, top, right - middle, QR_MM), desa, book)
    return rooms


def _draw_title(canvas: Canvas, box: Rect, desa: Any, sheet: SheetId, place: str) -> None:  # noqa: ANN401
    canvas.face(6.4, "B", GREY)
    canvas.write_at(box.left, box.top + 1.8, "PETA KERJA LAPANGAN", within=box.width)
    title = f"{kind_of(desa)} {desa.nama_desa}"
    for size in TITLE_SIZES:
        canvas.face(size, "B")
        if canvas.width(title) <= box.width:
            canvas.write_at(box.left, box.top + 8.0, title)
            break
    else:
        canvas.face(8.5, "B")
        for line, words in enumerate(canvas.wrap(title, box.width, 2)):
            canvas.write_at(box.left, box.top + 5.4 + 3.5 * line, words)
    canvas.face(9.5, "B")
    canvas.write_at(box.left, box.top + 12.9, str(sheet), within=box.width)
    canvas.face(7)
    canvas.write_at(box.left, box.top + 17.2, place, within=box.width)


def _draw_identity(canvas: Canvas, box: Rect, desa: Any, book: Book) -> None:  # noqa: ANN401
    kode = str(desa.kode_desa)
    parts = kode.split(".")
    rows = (
        ("Provinsi", book.province, parts[0]),
        ("Kab./kota", book.district, ".".join(parts[:2])),
        ("Kecamatan", str(desa.nama_kecamatan), str(desa.kode_kecamatan)),
        (kind_of(desa), str(desa.nama_desa), kode),
    )
    pitch = box.height / len(rows)
    canvas.face(7, "B")
    codes = max(canvas.width(code) for _, _, code in rows) + 2.4
    canvas.pen("#000000", 0.15)
    canvas.rect(box.left, box.top, box.width, box.height)
    canvas.line(box.right - codes, box.top, box.right - codes, box.bottom)
    for place in range(1, len(rows)):
        canvas.line(box.left, box.top + place * pitch, box.right, box.top + place * pitch)
    label = 15.0
    baselines = [box.top + place * pitch + pitch / 2 + 0.9 for place in range(len(rows))]
    canvas.face(5.8, colour=GREY)
    for (title, _, _), y in zip(rows, baselines, strict=True):
        canvas.write_at(box.left + 1.2, y, title)
    canvas.face(7, "B")
    for (_, name, code), y in zip(rows, baselines, strict=True):
        canvas.write_at(box.left + label, y, name, within=box.width - label - codes - 1)
        canvas.write_at(box.right - 1.2, y, code, align="R", within=codes)


def draw_qr(canvas: Canvas, box: Rect, text: str) -> None:
    """Draw a text as a QR code that fills a square."""
    modules, path = _qr_path(text)
    side = box.width / modules * canvas.k
    left, top = box.left * canvas.k, (canvas.h - box.top) * canvas.k
    canvas.set_fill_color("#000000")
    canvas.paint(f"q {side:.4f} 0 0 {-side:.4f} {left:.2f} {top:.2f} cm {path}", "f Q")


@lru_cache(maxsize=4)
def _qr_path(text: str) -> tuple[int, str]:
    """Return how many modules a QR code has on a side, and its dark ones as rectangles, from its upper left corner."""
    # A fixed mask saves the trial of all eight; a reader takes any of them.
    matrix = np.array(list(segno.make_qr(text, error="m", mask=2).matrix), dtype=bool)
    edges = np.diff(np.pad(matrix, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    (row, start), (_, stop) = np.nonzero(edges == 1), np.nonzero(edges == -1)
    boxes = zip(start.tolist(), row.tolist(), (stop - start).tolist(), strict=True)
    return len(matrix), " ".join([f"{left} {top} {width} 1 re" for left, top, width in boxes])


def draw_notes(canvas: Canvas, layout: Layout, sheet: SheetId, book: Book, page: int, pages: int) -> None:
    """Draw definitions, sources and dates, and the foot of the sheet."""
    box = layout.notes
    canvas.draw_alike(("notes", box), lambda: _write_notes(canvas, box, book.notes))
    draw_foot(canvas, box, f"{sheet} · {SECRET}", page, pages)


def _write_notes(canvas: Canvas, box: Rect, notes: str) -> None:
    canvas.pen("#000000", 0.2)
    canvas.line(box.left, box.top + 1.5, box.right, box.top + 1.5)
    canvas.face(5.2, colour="#222222")
    for place, line in enumerate(canvas.wrap(notes, box.width, NOTE_LINES)[: NOTE_LINES - 1]):
        canvas.write_at(box.left, box.top + 3.9 + place * NOTE_PITCH, line)


def draw_foot(canvas: Canvas, box: Rect, words: str, page: int, pages: int) -> None:
    """Write what a page is, and its number, at the lower edge of a box."""
    canvas.face(6.5, "B")
    canvas.write_at(box.left, box.bottom - 0.2, words, within=box.width - 40)
    canvas.write_at(box.right, box.bottom - 0.2, f"Halaman {page} dari {pages}", align="R")
