"""One sheet: the map with its marks, numbers and names, and everything around it."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.atlas.canvas import NAME_PT, Canvas
from geo.atlas.frame import Frame
from geo.atlas.furniture import draw_collar, draw_grid, draw_strip
from geo.atlas.labels import Placed, Room, place_numbers
from geo.atlas.layout import Rect
from geo.atlas.listing import CLASSES, IN_NEED
from geo.atlas.margins import Book, draw_header, draw_inset, draw_notes
from geo.atlas.panel import Sign, draw_figures, draw_legend, draw_list
from geo.atlas.surroundings import rings
from geo.atlas.symbols import (
    DOT_MM,
    HATCH_WIDTH_MM,
    INSIDE,
    MARK_MM,
    NEIGHBOUR,
    OUTSIDE,
    Hatch,
    boundary_pen,
    draw_hatch_sample,
    draw_marks,
    hatch_lines,
    kantong_pen,
)
from geo.symbology import number

NUMBER_PT, NUMBER_MM, HALO_MM = 5.4, 1.6, 0.5


@dataclass(frozen=True)
class Neighbour:
    """A desa beside the sheet's own: its name, its part in the frame, and where the name may stand (metres)."""

    name: str
    shape: shapely.Geometry
    places: np.ndarray


@dataclass(frozen=True)
class Sheet:
    """Everything that one sheet shows; geometry in metres of the measuring CRS.

    ``households`` are those of the desa as ``numbered_households`` gives them; ``true_north`` is the angle
    of true north from grid north in degrees, clockwise.
    """

    page: int
    desa: Any
    frame: Frame
    households: pd.DataFrame
    own: shapely.Geometry
    neighbours: list[Neighbour]
    zones: list[tuple[Hatch, shapely.Geometry]]
    kantong: list[tuple[str, shapely.Geometry]]
    true_north: float


def draw_sheet(canvas: Canvas, sheet: Sheet, book: Book) -> None:
    """Draw one sheet on a new page."""
    layout, households = sheet.frame.layout, sheet.households
    canvas.add_page(format=layout.page)
    canvas.start_section(canvas.legible(f"{sheet.desa.kode_desa} {sheet.desa.nama_desa}"))
    need = households["need"].to_numpy()
    has_point = households["cell"].to_numpy() != ""
    counts = np.column_stack(
        [np.bincount(need[side], minlength=len(CLASSES)) for side in (has_point, ~has_point)]
    )
    shown, total = _draw_map(canvas, sheet, book)
    draw_collar(canvas, sheet.frame, book.banner)
    draw_strip(canvas, sheet.frame, str(book.crs.utm_zone), sheet.true_north, _notice(shown, total))
    draw_header(canvas, layout, sheet.desa, book)
    draw_inset(canvas, layout, sheet.own, book)
    end = draw_legend(canvas, layout.panel, counts, _signs(canvas, sheet, book))
    draw_figures(canvas, layout.panel, end + 2.0, sheet.desa, book)
    draw_list(canvas, layout, households)
    draw_notes(canvas, layout, sheet.desa, book, sheet.page)


def _draw_map(canvas: Canvas, sheet: Sheet, book: Book) -> tuple[int, int]:
    """Draw the inside of the frame; return how many numbers are shown, of how many marks in need."""
    frame = sheet.frame
    map_ = frame.layout.map
    own = _trace(canvas, frame, sheet.own)
    canvas.set_fill_color(OUTSIDE)
    canvas.rect(map_.left, map_.top, map_.width, map_.height, style="F")
    canvas.pen("#9a9a9a", 0.2)
    canvas.set_fill_color(NEIGHBOUR)
    canvas.paint(" ".join(_trace(canvas, frame, neighbour.shape) for neighbour in sheet.neighbours), "B*")
    canvas.set_fill_color(INSIDE)
    canvas.paint(own, "f*")
    for hatch, shape in sheet.zones:
        canvas.pen(hatch.colour, HATCH_WIDTH_MM)
        area, lines = _trace(canvas, frame, shape), hatch_lines(_box(frame, sheet.own), hatch)
        canvas.paint_inside([own, area], canvas.trace(lines, close=False), "S")
    draw_grid(canvas, frame)
    boundary_pen(canvas, schematic=bool(book.banner))
    canvas.paint(own, "S")
    kantong_pen(canvas)
    canvas.paint(" ".join(_trace(canvas, frame, shape) for _, shape in sheet.kantong), "S")
    return _draw_households(canvas, sheet)


def _notice(shown: int, total: int) -> str:
    if shown == total:
        return ""
    return f"Nomor tampak {number(shown)} dari {number(total)}; selebihnya lihat petak pada daftar."


def _draw_households(canvas: Canvas, sheet: Sheet) -> tuple[int, int]:
    frame = sheet.frame
    placed = sheet.households[sheet.households["cell"] != ""]
    xy = frame.on_paper(placed[["x", "y"]].to_numpy())
    need = placed["need"].to_numpy()
    room = Room(frame.layout.map)
    room.take_marks(xy[need >= IN_NEED], DOT_MM)
    room.take_marks(xy[need < IN_NEED], MARK_MM)
    for place in reversed(range(len(CLASSES))):
        draw_marks(canvas, place, xy[need == place])
    _write_kantong(canvas, sheet, room)
    shown = _write_numbers(canvas, room, xy[need < IN_NEED], placed["label"].to_numpy()[need < IN_NEED])
    _write_names(canvas, sheet, room)
    return shown, int((need < IN_NEED).sum())


def _write_numbers(canvas: Canvas, room: Room, marks: np.ndarray, numbers: np.ndarray) -> int:
    canvas.face(NUMBER_PT, "B")
    widths = np.array([canvas.width(text) for text in numbers])
    labels = place_numbers(room, marks, widths, NUMBER_MM)
    _draw_leaders(canvas, marks, labels, widths)
    x, y = labels.corner[:, 0].tolist(), (labels.corner[:, 1] + 0.95 * NUMBER_MM).tolist()
    texts = numbers[labels.which].tolist()
    canvas.pen("#ffffff", HALO_MM)
    with canvas.local_context(text_mode="STROKE"):
        canvas.write_many(x, y, texts)
    canvas.write_many(x, y, texts)
    return len(texts)


def _draw_leaders(canvas: Canvas, marks: np.ndarray, labels: Placed, widths: np.ndarray) -> None:
    """Join each far number to its mark: from the mark's middle to the nearest point of the number's box."""
    start = marks[labels.which][labels.leader]
    low = labels.corner[labels.leader] - 0.2
    high = low + np.column_stack([widths[labels.which][labels.leader], np.full(len(low), NUMBER_MM)]) + 0.4
    canvas.pen("#444444", 0.12)
    canvas.paint(canvas.trace(np.stack([start, np.clip(start, low, high)], axis=1), close=False), "S")


def _write_names(canvas: Canvas, sheet: Sheet, room: Room) -> None:
    canvas.face(NAME_PT, "I", "#666666")
    for neighbour in sheet.neighbours:
        width = canvas.width(neighbour.name)
        for x, y in sheet.frame.on_paper(neighbour.places).tolist():
            if np.isfinite(x) and room.take(x - width / 2, y - 1.3, width, 2.6):
                canvas.write_at(x, y + 0.8, neighbour.name, align="C")
                break


def _write_kantong(canvas: Canvas, sheet: Sheet, room: Room) -> None:
    canvas.face(NAME_PT, "B")
    for name, shape in sheet.kantong:
        box = _box(sheet.frame, shape)
        width = canvas.width(name)
        middle = box.left + (box.width - width) / 2, box.top + box.height / 2 + 0.9
        for x, y in (
            (middle[0], box.top - 0.6),
            (middle[0], box.bottom + 2.5),
            (box.left - width - 0.6, middle[1]),
            (box.right + 0.6, middle[1]),
            middle,
        ):
            if room.take(x, y - 2, width, 2.2):
                canvas.write_at(x, y, name)
                break


def _signs(canvas: Canvas, sheet: Sheet, book: Book) -> list[Sign]:
    """Return the signs of the legend besides the marks."""

    def swatch(colour: str) -> Sign:
        def draw(box: Rect) -> None:
            canvas.pen("#9a9a9a", 0.2)
            canvas.set_fill_color(colour)
            canvas.rect(box.left, box.top, box.width, box.height, style="DF")

        return draw, ""

    def boundary(box: Rect) -> None:
        boundary_pen(canvas, schematic=bool(book.banner))
        canvas.line(box.left, box.top + 1, box.right, box.top + 1)
        canvas.set_dash_pattern()

    def kantong(box: Rect) -> None:
        kantong_pen(canvas)
        canvas.rect(box.left, box.top, box.width, box.height)
        canvas.set_dash_pattern()

    signs: list[Sign] = [
        (boundary, "Batas skematik desa ini" if book.banner else "Batas desa ini"),
        (swatch(NEIGHBOUR)[0], "Desa tetangga"),
        (swatch(OUTSIDE)[0], "Laut atau luar wilayah"),
    ]
    if sheet.kantong:
        names = ", ".join(name for name, _ in sheet.kantong)
        signs.append((kantong, f"Kantong kerja: {names}"))
    for hatch, _ in sheet.zones:
        signs.append((partial(draw_hatch_sample, canvas, hatch), hatch.title))
    return signs


def _trace(canvas: Canvas, frame: Frame, shape: shapely.Geometry) -> str:
    return canvas.trace([frame.on_paper(ring) for ring in rings(shape)])


def _box(frame: Frame, shape: shapely.Geometry) -> Rect:
    west, south, east, north = shape.bounds
    (left, bottom), (right, top) = frame.on_paper(np.array([(west, south), (east, north)])).tolist()
    return Rect(left, top, right - left, bottom - top)
