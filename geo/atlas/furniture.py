"""What makes a sheet a map: grid, collar with coordinates, scale bar and north arrow."""

import numpy as np

from geo.atlas.canvas import Canvas
from geo.atlas.frame import Frame, cell_name
from geo.atlas.layout import BANNER, COLLAR
from geo.atlas.margins import GREY
from geo.symbology import number

GRID_COLOUR = "#8fa9bd"
BAR_MM = 48.0
BAR_IN_KILOMETRES = 2000
"""From so many metres on, the scale bar is written in kilometres."""


def draw_grid(canvas: Canvas, frame: Frame) -> None:
    """Draw the lines of the UTM grid across the map."""
    map_ = frame.layout.map
    x, y = _grid_on_paper(frame)
    upright = [np.array([(place, map_.top), (place, map_.bottom)]) for place in x]
    level = [np.array([(map_.left, place), (map_.right, place)]) for place in y]
    canvas.pen(GRID_COLOUR, 0.12)
    canvas.paint(canvas.trace([*upright, *level], close=False), "S")


def _grid_on_paper(frame: Frame) -> tuple[np.ndarray, np.ndarray]:
    eastings, northings = frame.grid_lines()
    map_ = frame.layout.map
    return (
        map_.left + (eastings - frame.west) * 1000 / frame.scale,
        map_.bottom - (northings - frame.south) * 1000 / frame.scale,
    )


def draw_collar(canvas: Canvas, frame: Frame, banner: str) -> None:
    """Draw the frame with the names of columns and rows, and the coordinates of the grid lines.

    ``banner`` stands over the map, inside its outer line; may be empty when the layout keeps no room for it.
    """
    map_ = frame.layout.map
    above = COLLAR + (BANNER if banner else 0.0)
    canvas.pen("#000000", 0.15)
    canvas.rect(map_.left - COLLAR, map_.top - above, map_.width + 2 * COLLAR, map_.height + above + COLLAR)
    canvas.pen("#000000", 0.35)
    canvas.rect(map_.left, map_.top, map_.width, map_.height)
    eastings, northings = frame.grid_lines()
    x_lines, y_lines = _grid_on_paper(frame)
    columns = np.array([map_.left, *x_lines, map_.right])
    rows = np.array([map_.top, *y_lines[::-1], map_.bottom])
    canvas.face(7, "B")
    for place, x in enumerate((columns[:-1] + columns[1:]) / 2):
        canvas.write_at(x, map_.top - 1.2, cell_name(place, 0).rstrip("1"), align="C")
    for place, y in enumerate((rows[:-1] + rows[1:]) / 2):
        canvas.write_at(map_.left - COLLAR / 2, y + 0.9, str(place + 1), align="C")
    canvas.face(5.2, colour=GREY)
    for easting, x in zip(eastings, x_lines, strict=True):
        text = f"{number(easting)} mT"
        half = canvas.width(text) / 2
        canvas.write_at(np.clip(x, map_.left + half, map_.right - half), map_.bottom + 2.8, text, align="C")
    for northing, y in zip(northings, y_lines, strict=True):
        text = f"{number(northing)} mU"
        half = canvas.width(text) / 2
        middle = float(np.clip(y, map_.top + half, map_.bottom - half))
        with canvas.rotation(90, map_.right + 2.8, middle):
            canvas.write_at(map_.right + 2.8, middle, text, align="C")
    canvas.face(10, "B")
    middle = map_.left + map_.width / 2
    canvas.write_at(middle, map_.top - COLLAR - 1.3, banner, align="C", within=map_.width)


def bar_metres(scale: int) -> int:
    """Return the round length (metres on the ground) of the scale bar.

    Examples
    --------
    >>> bar_metres(10_000), bar_metres(25_000)
    (400, 1000)
    """
    most = BAR_MM * scale / 1000
    power = 10 ** int(np.floor(np.log10(most)))
    return int(next(figure for figure in (8, 4, 2, 1) if figure * power <= most) * power)


def draw_strip(canvas: Canvas, frame: Frame, zone: str, true_north: float, notice: str) -> None:
    """Draw scale, scale bar, north arrow and grid under the map.

    Parameters
    ----------
    zone
        UTM zone of the grid, such as 49S.
    true_north
        Angle from grid north to true north in degrees, clockwise.
    notice
        What the reader must know about the numbers on the map; may be empty.
    """
    box = frame.layout.strip
    metres = bar_metres(frame.scale)
    part = metres / 4 * 1000 / frame.scale
    canvas.face(9, "B")
    canvas.write_at(box.left, box.top + 6.4, f"Skala 1:{number(frame.scale)}")
    left, top = box.left + 36, box.top + 3.8
    canvas.pen("#000000", 0.15)
    for place, colour in enumerate(("#000000", "#ffffff", "#000000", "#ffffff")):
        canvas.set_fill_color(colour)
        canvas.rect(left + place * part, top, part, 1.3, style="DF")
    canvas.face(5.2)
    unit, divisor = ("km", 1000) if metres >= BAR_IN_KILOMETRES else ("m", 1)
    for place in (0, 2, 4):
        text = number(metres * place / 4 / divisor)
        canvas.write_at(left + place * part, top + 3.5, text + (f" {unit}" if place else ""), align="C")
    _draw_north(canvas, left + 4 * part + 9, box.top + 1.5)
    lines = [
        f"Grid UTM zona {zone}, WGS 84; petak {number(frame.step_m)} m",
        f"U: utara grid; {_north_words(true_north)}",
    ]
    canvas.face(5.4, "B")
    canvas.write_at(box.left, box.top + 9.6, notice, within=box.width)
    canvas.face(5.2, colour=GREY)
    for place, line in enumerate(lines):
        start = left + 4 * part + 14
        canvas.write_at(start, box.top + 4 + place * 2.4, line, within=box.right - start)


def _north_words(angle: float) -> str:
    """Say where true north lies from grid north.

    Examples
    --------
    >>> _north_words(-0.168)
    'utara sejati 0,17° ke barat'
    """
    return f"utara sejati {number(abs(angle), 2)}° ke {'timur' if angle > 0 else 'barat'}"


def _draw_north(canvas: Canvas, x: float, top: float) -> None:
    canvas.pen("#000000", 0.15)
    canvas.set_fill_color("#000000")
    for side, how in ((-1.6, "B"), (1.6, "S")):
        half = np.array([(x, top + 2.4), (x + side, top + 7.6), (x, top + 6.4)])
        canvas.paint(canvas.trace([half]), how)
    canvas.face(6, "B")
    canvas.write_at(x, top + 1.9, "U", align="C")
