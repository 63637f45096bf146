"""Signs of the map, alike in the legend: marks told apart by shape as well as colour, hatches, boundaries."""

from dataclasses import dataclass

import numpy as np

from geo.atlas.canvas import Canvas
from geo.atlas.layout import Rect
from geo.atlas.listing import CLASSES
from geo.symbology import KANTONG_COLOUR, NEED_COLOURS

MARK_MM = 1.7
DOT_MM = 0.65
OUTSIDE, NEIGHBOUR, INSIDE = "#f3f5f7", "#e2e2e2", "#ffffff"
HATCH_WIDTH_MM = 0.1

_TURN = np.linspace(0, 2 * np.pi, 16, endpoint=False)
_OUTLINES = {
    "both": np.array([(-0.46, -0.46), (0.46, -0.46), (0.46, 0.46), (-0.46, 0.46)]),
    "rtlh": np.array([(0.0, -0.62), (0.58, 0.44), (-0.58, 0.44)]),
    "jamban": np.column_stack([np.cos(_TURN), np.sin(_TURN)]) * 0.5,
}
_CROSS = np.array([[(-0.28, -0.28), (0.28, 0.28)], [(-0.28, 0.28), (0.28, -0.28)]])


@dataclass(frozen=True)
class Hatch:
    """How a zone is shown: parallel lines in its layer's colour and direction (degrees)."""

    title: str
    colour: str
    angle: float
    spacing_mm: float


def draw_marks(canvas: Canvas, need: int, xy: np.ndarray) -> None:
    """Draw the mark of a class (place in ``CLASSES``) around each point (n, 2) in millimetres."""
    name = CLASSES[need]
    if not len(xy):
        return
    if name == "none":
        canvas.dots(xy, DOT_MM, NEED_COLOURS[name])
    elif name == "unknown":
        canvas.pen(NEED_COLOURS["none"], 0.18)
        strokes = (xy[:, None, None] + _CROSS * MARK_MM).reshape(-1, 2, 2)
        canvas.paint(canvas.trace(strokes, close=False), "S")
    else:
        canvas.pen("#000000", 0.14)
        canvas.set_fill_color(NEED_COLOURS[name])
        canvas.paint(canvas.trace(xy[:, None] + _OUTLINES[name] * MARK_MM), "B")
    if name == "jamban":
        canvas.dots(xy, 0.55, "#ffffff")


def hatch_lines(box: Rect, hatch: Hatch) -> np.ndarray:
    """Return parallel lines (n, 2, 2) that cross a rectangle in a hatch's direction, in millimetres."""
    along = np.array([np.cos(np.radians(hatch.angle)), -np.sin(np.radians(hatch.angle))])
    across = np.array([-along[1], along[0]])
    corners = np.array(
        [(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]
    )
    reach = corners @ across
    offsets = np.arange(np.ceil(reach.min() / hatch.spacing_mm), reach.max() / hatch.spacing_mm)
    ends = (corners @ along).min(), (corners @ along).max()
    lines = offsets[:, None, None] * hatch.spacing_mm * across + np.array(ends)[None, :, None] * along
    return np.asarray(lines)


def draw_hatch_sample(canvas: Canvas, hatch: Hatch, box: Rect) -> None:
    """Draw a hatch into a small rectangle of the legend."""
    canvas.pen(hatch.colour, HATCH_WIDTH_MM * 1.5)
    corners = np.array(
        [[(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]]
    )
    path = canvas.trace(corners)
    dense = Hatch(hatch.title, hatch.colour, hatch.angle, min(hatch.spacing_mm, 1.0))
    canvas.paint_inside([path], canvas.trace(hatch_lines(box, dense), close=False), "S")
    canvas.paint(path, "S")


def boundary_pen(canvas: Canvas, *, schematic: bool) -> None:
    """Choose the line of the sheet's own desa: unbroken when official, dashed when schematic."""
    canvas.pen("#000000", 0.5, (2.4, 1.0) if schematic else (0.0, 0.0))


def kantong_pen(canvas: Canvas) -> None:
    """Choose the line around a kantong."""
    canvas.pen(KANTONG_COLOUR, 0.3, (0.9, 0.7))
