"""What makes a rectangle a map: grid, collar with cells and coordinates, scale bar and north arrow."""

from itertools import pairwise

import numpy as np

from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.frame import Frame, cell_name
from geo.atlas.paper.layout import BANNER, COLLAR, Rect
from geo.symbology import number

GREY = "#555555"
GRID_COLOUR = "#8fa9bd"
BAR_MM, SHORT_BAR_MM, BAR_HEIGHT = 42.0, 20.0, 1.3
ROOMY_MM = 112.0
"""A strip as wide as this tells all; a narrower one has the short bar."""

BAR_IN_KILOMETRES = 2000
"""From so many metres on, the scale bar is written in kilometres."""

LEAST_LEAN = 14.0
"""True north is drawn leaning by so many degrees at least, else nobody would see to which side."""


def draw_grid(canvas: Canvas, frame: Frame) -> None:
    """Draw the lines of the UTM grid across the map."""
    map_ = frame.map
    x, y = _grid_on_paper(frame)
    upright = [np.array([(place, map_.top), (place, map_.bottom)]) for place in x]
    level = [np.array([(map_.left, place), (map_.right, place)]) for place in y]
    canvas.pen(GRID_COLOUR, 0.14)
    canvas.paint(canvas.trace([*upright, *level], close=False), "S")


def _grid_on_paper(frame: Frame) -> tuple[np.ndarray, np.ndarray]:
    eastings, northings = frame.grid_lines()
    map_ = frame.map
    return (
        map_.left + (eastings - frame.west) * 1000 / frame.scale,
        map_.bottom - (northings - frame.south) * 1000 / frame.scale,
    )


def draw_banner(canvas: Canvas, body: Rect, banner: str) -> None:
    """Write the notice over all maps of the page."""
    canvas.set_fill_color("#e4e4e4")
    canvas.rect(body.left, body.top + 0.4, body.width, BANNER - 1.0, style="F")
    canvas.face(8.5, "B")
    middle = body.left + body.width / 2
    canvas.write_at(middle, body.top + 4.1, banner, align="C", within=body.width - 4)


def draw_collar(canvas: Canvas, frame: Frame, letter: str) -> None:
    """Draw the neat line, the names of columns and rows, and the coordinates of the grid lines.

    ``letter`` tells the maps of one page apart; it stands in the corner and before the letters of the columns.
    """
    map_ = frame.map
    canvas.pen("#000000", 0.15)
    canvas.rect(map_.left - COLLAR, map_.top - COLLAR, map_.width + 2 * COLLAR, map_.height + 2 * COLLAR)
    canvas.pen("#000000", 0.4)
    canvas.rect(map_.left, map_.top, map_.width, map_.height)
    if letter:
        canvas.set_fill_color("#000000")
        canvas.rect(map_.left - COLLAR, map_.top - COLLAR, COLLAR, COLLAR, style="F")
        canvas.face(9, "B", "#ffffff")
        canvas.write_at(map_.left - COLLAR / 2, map_.top - 1.2, letter, align="C")
    _name_cells(canvas, frame, letter)
    _name_lines(canvas, frame)


def _name_cells(canvas: Canvas, frame: Frame, letter: str) -> None:
    map_ = frame.map
    x_lines, y_lines = _grid_on_paper(frame)
    columns = np.array([map_.left, *x_lines, map_.right])
    rows = np.array([map_.top, *y_lines[::-1], map_.bottom])
    canvas.face(7.5, "B")
    for place, (west, east) in enumerate(pairwise(columns)):
        name = letter + cell_name(place, 0).rstrip("1")
        if canvas.width(name) < east - west:
            canvas.write_at((west + east) / 2, map_.top - 1.1, name, align="C")
    for place, (top, bottom) in enumerate(pairwise(rows)):
        if bottom - top > 2:  # noqa: PLR2004 - millimetres that a figure is high
            canvas.write_at(map_.left - COLLAR / 2, (top + bottom) / 2 + 0.95, str(place + 1), align="C")


def _name_lines(canvas: Canvas, frame: Frame) -> None:
    map_ = frame.map
    eastings, northings = frame.grid_lines()
    x_lines, y_lines = _grid_on_paper(frame)
    canvas.face(5.6, colour="#333333")
    for easting, x in zip(eastings, x_lines, strict=True):
        text = f"{number(easting)} mT"
        half = canvas.width(text) / 2
        if map_.left + half <= x <= map_.right - half:
            canvas.write_at(x, map_.bottom + 3.0, text, align="C")
    for northing, y in zip(northings, y_lines, strict=True):
        text = f"{number(northing)} mU"
        half = canvas.width(text) / 2
        if map_.top + half <= y <= map_.bottom - half:
            with canvas.rotation(90, map_.right + 3.0, y):
                canvas.write_at(map_.right + 3.0, y, text, align="C")


def bar_metres(scale: int, most_mm: float = BAR_MM) -> int:
    """Return the round length (metres on the ground) of the scale bar, which is no longer than so much on paper.

    Examples
    --------
    >>> bar_metres(10_000), bar_metres(25_000), bar_metres(1_000, 20.0)
    (400, 1000, 20)
    """
    most = most_mm * scale / 1000
    power = 10 ** int(np.floor(np.log10(most)))
    return int(next(figure for figure in (8, 4, 2, 1) if figure * power <= most) * power)


def draw_strip(canvas: Canvas, box: Rect, frame: Frame, zone: str, true_north: float, notice: str) -> None:
    """Draw scale, scale bar, north arrow and grid under a map.

    Parameters
    ----------
    box
        Where; a narrow one has the short bar.
    zone
        UTM zone of the grid, such as 49S.
    true_north
        Angle from grid north to true north in degrees, clockwise.
    notice
        What the reader must know about the numbers on the map; may be empty.
    """
    roomy = box.width >= ROOMY_MM
    canvas.face(9.5 if roomy else 8, "B")
    scale = f"Skala 1:{number(frame.scale)}"
    canvas.write_at(box.left, box.top + 4.9, scale)
    left = box.left + canvas.width(scale) + 5
    right = _draw_bar(canvas, left, box.top + 2.6, frame.scale, BAR_MM if roomy else SHORT_BAR_MM)
    arrow = box.right - 9.5
    _draw_north(canvas, arrow, box.top + 0.7, true_north)
    angle = f"{number(abs(true_north), 2)}°"
    canvas.face(5.6, colour="#333333")
    canvas.write_at(arrow + (3.4 if true_north >= 0 else 2.2), box.top + 7.6, angle)
    lines = [
        f"Grid UTM {zone} (WGS 84), petak {number(frame.step_m)} m",
        f"UG utara grid, US utara sejati {angle} {'timur' if true_north > 0 else 'barat'}",
    ]
    if not roomy:
        canvas.write_at(box.left, box.top + 8.6, lines[0], within=arrow - 4 - box.left)
    else:
        for place, line in enumerate(lines):
            start = right + 5
            canvas.write_at(start, box.top + 3.4 + place * 2.6, line, within=arrow - 6 - start)
    canvas.face(6.4 if roomy else 5.6, "B")
    canvas.write_at(
        box.left,
        box.top + (9.0 if roomy else 10.8),
        notice,
        within=(arrow - 6 if roomy else arrow) - box.left,
    )


def _draw_bar(canvas: Canvas, left: float, top: float, scale: int, most_mm: float) -> float:
    """Draw the scale bar and return where it ends (mm)."""
    metres = bar_metres(scale, most_mm)
    part = metres / 4 * 1000 / scale
    canvas.pen("#000000", 0.15)
    for place, colour in enumerate(("#000000", "#ffffff", "#000000", "#ffffff")):
        canvas.set_fill_color(colour)
        canvas.rect(left + place * part, top, part, BAR_HEIGHT, style="DF")
    canvas.face(5.6)
    unit, divisor = ("km", 1000) if metres >= BAR_IN_KILOMETRES else ("m", 1)
    for place in (0, 2, 4):
        figure = metres * place / 4 / divisor
        text = number(figure, 0 if figure == int(figure) else 1)
        canvas.write_at(left + place * part, top + 3.5, text + (f" {unit}" if place else ""), align="C")
    return left + 4 * part


def _draw_north(canvas: Canvas, x: float, top: float, true_north: float) -> None:
    """Draw grid north upright and true north leaning to its side, the angle drawn larger than it is."""
    lean = np.radians(np.sign(true_north) * max(abs(true_north), LEAST_LEAN))
    foot, length = np.array([x, top + 8.6]), 6.2
    tip = foot + length * np.array([np.sin(lean), -np.cos(lean)])
    canvas.pen("#000000", 0.18)
    canvas.set_fill_color("#000000")
    for side, how in ((-1.5, "B"), (1.5, "S")):
        half = np.array([(x, top + 2.2), (x + side, top + 7.0), (x, top + 5.9)])
        canvas.paint(canvas.trace([half]), how)
    canvas.line(x, top + 5.9, *foot)
    canvas.line(*foot, *tip)
    canvas.face(5.2, "B")
    canvas.write_at(x, top + 1.8, "UG", align="R" if true_north > 0 else "L")
    canvas.write_at(tip[0], tip[1] - 0.3, "US", align="L" if true_north > 0 else "R")
