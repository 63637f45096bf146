"""The first page of a profile: where an area is, where need gathers in it, and what to do first."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import CRS

from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.frame import Frame
from geo.atlas.paper.layout import Rect
from geo.atlas.profile.area import DESA, Area
from geo.atlas.profile.squares import LEAST_IN_SQUARE, SQUARE_COLOURS, square_classes, square_edges
from geo.atlas.sheet.furniture import bar_metres
from geo.atlas.sheet.surroundings import rings
from geo.symbology import HOT_COLOUR, KANTONG_COLOUR, UNKNOWN_COLOUR, ClassBreaks, number, percent

GREY, WHITE = "#555555", "#ffffff"
AROUND, PALE = "#f3f5f7", "#e6e6e6"
KILOMETRE = 1000
DARK = 140
"""Lightness (0 to 255) below which letters are white."""


@dataclass(frozen=True)
class Ground:
    """What the map of an area shows, in metres of ``crs``.

    Attributes
    ----------
    shape
        The area itself.
    around
        Areas around it, with their names.
    inner
        Desa of a kecamatan: shape, name, colour and the words of its figure; nothing for a desa.
    squares, counts
        Lower left corners (n, 2) of squares of ``step_m`` with households in need, and how many there are.
    kantong
        Outlines with their labels.
    """

    crs: CRS
    shape: shapely.Geometry
    around: Sequence[tuple[str, shapely.Geometry]]
    inner: Sequence[tuple[str, shapely.Geometry, str, str]]
    squares: np.ndarray
    counts: np.ndarray
    step_m: int
    kantong: Sequence[tuple[str, shapely.Geometry]]
    breaks: ClassBreaks | None


def draw_map(canvas: Canvas, frame: Frame, ground: Ground, *, schematic: bool) -> None:
    """Draw the map of an area, without a single house."""
    map_ = frame.map
    inside = canvas.trace([_corners(map_)])
    canvas.set_fill_color(AROUND)
    canvas.paint(inside, "f")
    canvas.pen("#9a9a9a", 0.15)
    canvas.set_fill_color(PALE)
    canvas.paint_inside([inside], " ".join(_trace(canvas, frame, shape) for _, shape in ground.around), "B*")
    canvas.set_fill_color("#ffffff")
    canvas.paint_inside([inside], _trace(canvas, frame, ground.shape), "f*")
    for _, shape, colour, _ in ground.inner:
        canvas.pen("#6a6a6a", 0.2)
        canvas.set_fill_color(colour)
        canvas.paint_inside([inside], _trace(canvas, frame, shape), "B*")
    _draw_squares(canvas, frame, ground, inside)
    canvas.pen(KANTONG_COLOUR, 0.35, (0.9, 0.7))
    canvas.paint_inside([inside], " ".join(_trace(canvas, frame, shape) for _, shape in ground.kantong), "S")
    canvas.pen("#000000", 0.5, (2.4, 1.0) if schematic else (0.0, 0.0))
    canvas.paint_inside([inside], _trace(canvas, frame, ground.shape), "S")
    canvas.set_dash_pattern()
    _write_names(canvas, frame, ground)
    canvas.pen("#000000", 0.3)
    canvas.rect(map_.left, map_.top, map_.width, map_.height)
    _draw_bar(canvas, frame)


def _draw_squares(canvas: Canvas, frame: Frame, ground: Ground, inside: str) -> None:
    own = _trace(canvas, frame, ground.shape)
    for colour, chosen in zip(SQUARE_COLOURS, square_classes(ground.counts), strict=True):
        corners = ground.squares[chosen]
        if not len(corners):
            continue
        offsets = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * ground.step_m
        canvas.set_fill_color(colour)
        outlines = [frame.on_paper(corner + offsets) for corner in corners]
        canvas.paint_inside([inside, own], canvas.trace(np.array(outlines)), "f")


def _write_names(canvas: Canvas, frame: Frame, ground: Ground) -> None:
    map_ = frame.map
    taken: list[tuple[float, float, float, float]] = []

    def write(point: shapely.Point, lines: Sequence[str], size: float, style: str, colour: str) -> None:
        x, y = frame.on_paper(np.array([(point.x, point.y)]))[0]
        canvas.face(size, style, colour)
        width, height = max(canvas.width(line) for line in lines), 0.4 * size * len(lines)
        box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        outside = box[0] < map_.left or box[1] < map_.top or box[2] > map_.right or box[3] > map_.bottom - 6
        if outside or any(
            box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
            for other in taken
        ):
            return
        taken.append(box)
        baselines = [box[1] + (place + 0.8) * 0.4 * size for place in range(len(lines))]
        lefts = [x - canvas.width(line) / 2 for line in lines]
        (canvas.write_many if colour == WHITE else canvas.write_haloed)(lefts, baselines, lines)

    view = shapely.box(*frame.bounds)
    for label, shape in ground.kantong:
        write(shapely.Point(shape.centroid.x, shape.bounds[3]), [label], 6.5, "B", "#000000")
    for name, shape, colour, words in ground.inner:
        write(shapely.point_on_surface(shape), [name, words] if words else [name], 6.2, "B", _ink_on(colour))
    for name, shape in ground.around:
        seen = shapely.intersection(shape, view)
        if not seen.is_empty:
            write(shapely.point_on_surface(seen), [name], 6.0, "I", "#666666")


def _ink_on(colour: str) -> str:
    """Return the letters that can be read on a colour: white on a dark one.

    Examples
    --------
    >>> _ink_on("#7f2704"), _ink_on("#fdd0a2")
    ('#ffffff', '#000000')
    """
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return WHITE if 0.299 * red + 0.587 * green + 0.114 * blue < DARK else "#000000"


def _draw_bar(canvas: Canvas, frame: Frame) -> None:
    metres = bar_metres(frame.scale)
    length = metres * 1000 / frame.scale
    left, top = frame.map.left + 3, frame.map.bottom - 4.6
    canvas.set_fill_color("#ffffff")
    canvas.rect(left - 1.5, top - 1, length + 34, 4.8, style="F")
    canvas.pen("#000000", 0.15)
    for place, colour in enumerate(("#000000", "#ffffff")):
        canvas.set_fill_color(colour)
        canvas.rect(left + place * length / 2, top, length / 2, 1.2, style="DF")
    canvas.face(5.6)
    kilometres = metres / KILOMETRE
    words = (
        f"{number(kilometres, 1 if kilometres % 1 else 0)} km" if kilometres >= 1 else f"{number(metres)} m"
    )
    canvas.write_at(
        left + length + 1.5, top + 1.4, f"{words} · skala 1:{number(frame.scale)} · utara di atas"
    )


def draw_key(canvas: Canvas, box: Rect, area: Area, ground: Ground, title: str) -> float:
    """Draw the legend of the map and return where it ends (mm)."""
    canvas.face(8, "B")
    canvas.write_at(box.left, box.top + 3, "Keterangan peta")
    y = box.top + 7.5
    canvas.face(6.4, colour=GREY)
    for line in canvas.wrap(title, box.width, 4):
        canvas.write_at(box.left, y, line)
        y += 2.9
    y += 1

    def sign(colour: str, words: str, *, outline: bool = False) -> None:
        nonlocal y
        canvas.pen("#777777" if not outline else KANTONG_COLOUR, 0.2, (0.9, 0.7) if outline else (0.0, 0.0))
        canvas.set_fill_color(colour)
        canvas.rect(box.left, y - 2.3, 6, 2.8, style="DF")
        canvas.set_dash_pattern()
        canvas.face(6.4)
        lines = canvas.wrap(words, box.width - 8, 3)
        for place, line in enumerate(lines):
            canvas.write_at(box.left + 8, y + place * 2.8, line)
        y += 1.1 + 2.8 * len(lines)

    if area.level == DESA and not area.areas_only:
        edges = square_edges(ground.counts)
        for place, low in enumerate(edges):
            high = edges[place + 1] - 1 if place + 1 < len(edges) else int(ground.counts.max())
            words = number(low) if high <= low else f"{number(low)}–{number(high)}"
            sign(SQUARE_COLOURS[place], f"{words} rumah tangga sepetak")
        sign("#ffffff", f"kurang dari {LEAST_IN_SQUARE}: tidak diwarnai")
    elif ground.breaks is not None:
        edges_of, colours = ground.breaks.edges, ground.breaks.colours
        for least, most, colour in zip(edges_of[:-1], edges_of[1:], colours, strict=True):
            sign(colour, f"{percent(least)}–{percent(most)}".replace(" %–", "–"))
        sign(UNKNOWN_COLOUR, "tidak diketahui, sedikit, atau tidak ditampilkan")
    if ground.kantong:
        sign(
            "#ffffff",
            "Kantong, letaknya kira-kira: kebutuhan berdekatan (pengelompokan kerja, bukan uji statistik)",
            outline=True,
        )
    return y


def draw_advice(canvas: Canvas, box: Rect, sentences: Sequence[str]) -> None:
    """Draw what to do first, as many sentences as the room holds."""
    canvas.face(10, "B")
    canvas.write_at(box.left, box.top + 3.5, "Apa yang didahulukan")
    canvas.pen(HOT_COLOUR, 0.6)
    canvas.line(box.left, box.top + 5.2, box.left + 42, box.top + 5.2)
    y = box.top + 10
    for place, sentence in enumerate(sentences, 1):
        canvas.face(8)
        lines = canvas.wrap(sentence, box.width - 7, 3)
        if y + len(lines) * 3.7 > box.bottom:
            return
        canvas.face(8, "B")
        canvas.write_at(box.left, y, f"{place}.")
        canvas.face(8)
        for line in lines:
            canvas.write_at(box.left + 6, y, line)
            y += 3.7
        y += 1.4


def _corners(box: Rect) -> np.ndarray:
    return np.array(
        [(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]
    )


def _trace(canvas: Canvas, frame: Frame, shape: shapely.Geometry) -> str:
    return canvas.trace([frame.on_paper(ring) for ring in rings(shape)])
