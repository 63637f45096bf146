"""Signs of the map, alike in the legend: marks told apart by shape as well as colour, hatches, lines."""

from dataclasses import dataclass

import numpy as np

from geo.atlas.listing import CLASSES
from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.layout import Rect
from geo.symbology import KANTONG_COLOUR, NEED_COLOURS

MARK_MM = 1.7
DOT_MM = 0.8
OUTSIDE, NEIGHBOUR, INSIDE, EDGE = "#f7f7f7", "#e6e6e6", "#ffffff", "#e2d6ee"
BORDER, OTHER_COLOUR = "#8c8c8c", "#8a8a8a"
ROAD, RIVER = "#6f6f6f", "#5b93bd"
HATCH_WIDTH_MM = 0.15
EDGE_MM = 2.6
ZONE_EDGE_MM = 1.6
"""Twice the width of the band along the inner edge of a zone: paper shows the inner half of the stroke."""

DETAIL_COLOUR = "#303030"

_TURN = np.linspace(0, 2 * np.pi, 16, endpoint=False)
_ROUND = np.column_stack([np.cos(_TURN), np.sin(_TURN)])
_OUTLINES = {
    "both": np.array([(-0.46, -0.46), (0.46, -0.46), (0.46, 0.46), (-0.46, 0.46)]),
    "rtlh": np.array([(0.0, -0.62), (0.58, 0.44), (-0.58, 0.44)]),
    "jamban": _ROUND * 0.5,
    "none": _ROUND * 0.27,
}
_CROSS = np.array([[(-0.36, -0.36), (0.36, 0.36)], [(-0.36, 0.36), (0.36, -0.36)]])


@dataclass(frozen=True)
class Hatch:
    """How a zone is shown: parallel lines in its layer's colour and direction (degrees)."""

    title: str
    colour: str
    angle: float
    spacing_mm: float


def draw_marks(canvas: Canvas, need: int, xy: np.ndarray, *, pale: bool = False, small: bool = False) -> None:
    """Draw the mark of a class (place in ``CLASSES``) around each point (n, 2) in millimetres.

    ``pale`` ones are the same shapes, small and hollow: houses whose number stands elsewhere. ``small`` ones are for
    maps that show more houses than they can number.
    """
    if not len(xy):
        return
    name, size = CLASSES[need], MARK_MM * (0.7 if pale or small else 1.0)
    if name == "unknown":
        canvas.pen(BORDER if pale else "#000000", 0.12 if pale else 0.25)
        strokes = (xy[:, None, None] + _CROSS * size).reshape(-1, 2, 2)
        canvas.paint(canvas.trace(strokes, close=False), "S")
        return
    canvas.pen("#7a7a7a" if pale else "#000000", 0.1 if pale else 0.14)
    canvas.set_fill_color("#ffffff" if pale else NEED_COLOURS[name] if name != "none" else "#000000")
    canvas.paint(canvas.trace(xy[:, None] + _OUTLINES[name] * size), "B")
    if name == "jamban" and not pale:
        canvas.dots(xy, 0.33 * size, "#ffffff")


def draw_others(canvas: Canvas, xy: np.ndarray) -> None:
    """Draw houses that the book does not choose."""
    canvas.dots(xy, DOT_MM, OTHER_COLOUR)


def hatch_lines(box: Rect, hatch: Hatch, *, wider: float = 1.0) -> np.ndarray:
    """Return parallel lines (n, 2, 2) that cross a rectangle in a hatch's direction, in millimetres."""
    along = np.array([np.cos(np.radians(hatch.angle)), -np.sin(np.radians(hatch.angle))])
    across = np.array([-along[1], along[0]])
    corners = np.array(
        [(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]
    )
    reach, spacing = corners @ across, hatch.spacing_mm * wider
    offsets = np.arange(np.ceil(reach.min() / spacing), reach.max() / spacing)
    ends = (corners @ along).min(), (corners @ along).max()
    lines = offsets[:, None, None] * spacing * across + np.array(ends)[None, :, None] * along
    return np.asarray(lines)


def faint(colour: str) -> str:
    """Return a colour (#rrggbb) half way to white, for what lies under numbers.

    Examples
    --------
    >>> faint("#009e73")
    '#7fceb9'
    """
    return "#" + "".join(f"{(int(colour[at : at + 2], 16) + 255) // 2:02x}" for at in (1, 3, 5))


def draw_hatch_sample(canvas: Canvas, hatch: Hatch, box: Rect) -> None:
    """Draw a hatch into a small rectangle of the legend."""
    canvas.pen(hatch.colour, HATCH_WIDTH_MM)
    path = canvas.trace(np.array([_corners(box)]))
    dense = Hatch(hatch.title, hatch.colour, hatch.angle, min(hatch.spacing_mm, 1.0))
    canvas.paint_inside([path], canvas.trace(hatch_lines(box, dense), close=False), "S")
    canvas.paint(path, "S")


def draw_roads(canvas: Canvas, path: str) -> None:
    """Draw roads along a traced path: white between two thin lines, as topographic maps have them."""
    for colour, width in ((ROAD, 0.55), ("#ffffff", 0.3)):
        canvas.pen(colour, width)
        canvas.paint(path, "S")


def draw_rivers(canvas: Canvas, path: str) -> None:
    """Draw rivers along a traced path."""
    canvas.pen(RIVER, 0.3)
    canvas.paint(path, "S")


def boundary_pen(canvas: Canvas, *, schematic: bool) -> None:
    """Choose the line of the sheet's own desa: unbroken when official, dashed when schematic."""
    canvas.pen("#000000", 0.5, (2.4, 1.0) if schematic else (0.0, 0.0))


def kantong_pen(canvas: Canvas) -> None:
    """Choose the line around a kantong."""
    canvas.pen(KANTONG_COLOUR, 0.25, (0.9, 0.7))


def detail_pen(canvas: Canvas) -> None:
    """Choose the line around what another sheet shows larger."""
    canvas.pen(DETAIL_COLOUR, 0.35)


def _corners(box: Rect) -> list[tuple[float, float]]:
    return [(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]
