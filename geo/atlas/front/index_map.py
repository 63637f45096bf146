"""The index map of a book: which sheet covers what, and on which page it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from geo.atlas.front.index_table import KECAMATAN, SHEETS, WALKED, IndexPage, draw_table, rooms
from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.frame import Frame, frame_for
from geo.atlas.paper.layout import MARGIN, Rect
from geo.atlas.paper.margins import BAND_MM, SECRET, Book, draw_confidentiality, draw_foot
from geo.atlas.planning.labels import Room
from geo.atlas.planning.plan import Detail
from geo.atlas.sheet.furniture import GREY
from geo.atlas.sheet.surroundings import rings
from geo.symbology import number

AROUND, AREA, LINE = "#e6e6e6", "#ffffff", "#444444"
FINEST_MM = 0.15
NAME_PT, NUMBER_PT, DETAIL_PT, LABEL_MM = 7.0, 6.2, 8.5, 3.0
_TRIES = (
    (0, 0),
    (0, -1),
    (0, 1),
    (-0.5, 0),
    (0.5, 0),
    (0, -2),
    (0, 2),
    (-0.5, -1),
    (0.5, 1),
    (-0.5, 1),
    (0.5, -1),
)


@dataclass(frozen=True)
class Area:
    """An area of an index map: its polygon in metres, its name, and what stands for it where the name has no room."""

    shape: shapely.Geometry
    name: str
    short: str


def draw_index(
    canvas: Canvas,
    book: Book,
    index: IndexPage,
    areas: Sequence[Area],
    rows: pd.DataFrame,
    details: Iterable[Detail],
    size: tuple[float, float],
    page: int,
    pages: int,
) -> list[tuple[Frame, str]]:
    """Draw a page of the index; return its map for the georeference, none when it has the table alone.

    Parameters
    ----------
    areas
        What its map shows: desa, or kecamatan on an overview.
    rows
        Texts of the whole table, of which ``index.rows`` stand here.
    details
        Rectangles of the further sheets, for a book of one desa.
    size
        Width and height (mm) of the page.
    """
    canvas.add_page(format=size)
    box = Rect(MARGIN, MARGIN, size[0] - 2 * MARGIN, size[1] - 2 * MARGIN)
    draw_confidentiality(canvas, box, book)
    canvas.face(14, "B")
    title = "Peta indeks" if index.desa else "Daftar lembar, lanjutan"
    canvas.write_at(box.left, box.top + 10.6, f"{title} — {index.title}", within=box.width)
    canvas.face(7, colour=GREY)
    canvas.write_at(box.left, box.top + BAND_MM + 11.0, _how(index), within=box.width)
    map_, table = rooms(index, size)
    views = [(_draw_map(canvas, book, map_, areas, list(details)), "Peta indeks")] if areas else []
    columns = KECAMATAN if index.overview else WALKED if "turn" in rows else SHEETS
    draw_table(canvas, table, rows.iloc[index.rows], columns)
    draw_foot(canvas, box, f"{book.title} · {SECRET}", page, pages)
    return views


def _how(index: IndexPage) -> str:
    if index.overview:
        return (
            "Peta: lembar peta, tanpa daftar lembar 00; RT: rumah tangga dalam buku ini; Hal.: halaman peta indeks "
            "kecamatan itu."
        )
    return "RT: rumah tangga yang nomornya di lembar itu; Hal.: halaman petanya; nomor pada peta: kolom No."


def _draw_map(
    canvas: Canvas, book: Book, box: Rect, areas: Sequence[Area], details: Sequence[Detail]
) -> Frame:
    above = 5.0 if book.banner else 0.0
    inside = Rect(box.left, box.top + above, box.width, box.height - above - 4.0)
    shapes = np.array([area.shape for area in areas], dtype=object)
    boxes = [shapely.box(*detail.bounds) for detail in details]
    frame = frame_for(tuple(shapely.total_bounds([*shapes, *boxes]).tolist()), inside)
    thinned = shapely.simplify(shapes, FINEST_MM * frame.scale / 1000)
    clip = canvas.trace([frame.on_paper(np.asarray(shapely.box(*frame.bounds).exterior.coords))])
    canvas.pen("#ffffff", 0.3)
    canvas.set_fill_color(AROUND)
    canvas.paint_inside([clip], _trace(canvas, frame, shapely.get_parts(book.outline)), "B*")
    canvas.pen(LINE, 0.25, (1.2, 0.6) if book.banner else (0.0, 0.0))
    canvas.set_fill_color(AREA)
    canvas.paint_inside([clip], _trace(canvas, frame, thinned), "B*")
    canvas.set_dash_pattern()
    room = Room(inside)
    if details:  # of one desa, which the title names
        _draw_details(canvas, frame, room, details)
    else:
        _name_areas(canvas, frame, room, areas, thinned)
    canvas.pen("#000000", 0.35)
    canvas.rect(inside.left, inside.top, inside.width, inside.height)
    canvas.face(8.5, "B")
    canvas.write_at(box.left + box.width / 2, box.top + 3.2, book.banner, align="C", within=box.width)
    canvas.face(6.5)
    canvas.write_at(box.left, box.bottom - 0.6, f"Skala 1:{number(frame.scale)}; utara di atas")
    return frame


def _draw_details(canvas: Canvas, frame: Frame, room: Room, details: Sequence[Detail]) -> None:
    """Draw the outlines of all further sheets, then their names, whose halo takes the pen."""
    bounds = np.array([detail.bounds for detail in details])
    boxes = [frame.on_paper(box) for box in bounds[:, [[0, 1], [2, 1], [2, 3], [0, 3]]]]
    canvas.pen("#000000", 0.3)
    canvas.paint(canvas.trace(boxes), "S")
    canvas.face(DETAIL_PT, "B")
    for detail, box in zip(details, boxes, strict=True):
        name = f"Lembar {detail.name}"
        _write(canvas, room, box.mean(axis=0), canvas.width(name), name, forced=True)


def _name_areas(canvas: Canvas, frame: Frame, room: Room, areas: Sequence[Area], shapes: np.ndarray) -> None:
    """Write every area's name where it finds room, else what stands for it; large areas choose first."""
    points = frame.on_paper(shapely.get_coordinates(shapely.point_on_surface(shapes)))
    order = np.argsort(-shapely.area(shapes), kind="stable").tolist()
    left_over = []
    for place in order:
        canvas.face(NAME_PT, "B")
        name = canvas.cut(areas[place].name, 34.0)
        if not _write(canvas, room, points[place], canvas.width(name), name):
            left_over.append(place)
    for place in left_over:
        canvas.face(NUMBER_PT, "B")
        short = areas[place].short
        _write(canvas, room, points[place], canvas.width(short), short, forced=True)


def _write(
    canvas: Canvas, room: Room, middle: np.ndarray, width: float, text: str, *, forced: bool = False
) -> bool:
    """Write a text at the first free place around a point; where none is, at the point itself if it must be."""
    for across, down in _TRIES:
        x, y = middle[0] + across * width, middle[1] + down * LABEL_MM
        if room.take(x - width / 2 - 0.3, y - LABEL_MM / 2, width + 0.6, LABEL_MM):
            break
    else:
        if not forced:
            return False
        x, y = middle
    canvas.write_haloed([float(x) - width / 2], [float(y) + 0.9], [text])
    return True


def _trace(canvas: Canvas, frame: Frame, shapes: Iterable[shapely.Geometry]) -> str:
    return " ".join(canvas.trace([frame.on_paper(ring) for ring in rings(shape)]) for shape in shapes)
