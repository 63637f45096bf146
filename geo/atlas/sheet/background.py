"""The ground of a map: neighbours, zones, roads and rivers, boundaries, kantong, and what other sheets show."""

from dataclasses import dataclass

import numpy as np
import shapely

from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.frame import Frame
from geo.atlas.paper.layout import Rect
from geo.atlas.planning.plan import Detail
from geo.atlas.sheet.furniture import draw_grid
from geo.atlas.sheet.surroundings import courses, rings
from geo.atlas.sheet.symbols import (
    BORDER,
    EDGE,
    EDGE_MM,
    HATCH_WIDTH_MM,
    INSIDE,
    NEIGHBOUR,
    OUTSIDE,
    ZONE_EDGE_MM,
    Hatch,
    boundary_pen,
    detail_pen,
    draw_rivers,
    draw_roads,
    hatch_lines,
    kantong_pen,
)


@dataclass(frozen=True)
class Neighbour:
    """A desa beside the sheet's own: its name, its part in the frame, and where the name may stand (metres)."""

    name: str
    shape: shapely.Geometry
    places: np.ndarray


@dataclass(frozen=True)
class Edge:
    """What lies beyond a side of a map («left», «right», «top», «bottom»): words, and where along it (metres)."""

    words: str
    side: str
    along: float


@dataclass(frozen=True)
class Ground:
    """What lies in the frame of one map besides houses, in metres of the measuring CRS.

    ``own`` is the sheet's desa; ``everywhere`` are titles of zones that hold all that the frame shows of it, so that
    ``zones`` leaves them out; ``outside`` says whether some of the frame is no desa at all; ``true_north`` is the
    angle of true north from grid north in degrees, clockwise.
    """

    own: shapely.Geometry
    neighbours: tuple[Neighbour, ...]
    zones: tuple[tuple[Hatch, shapely.Geometry], ...]
    kantong: tuple[tuple[str, shapely.Geometry], ...]
    roads: np.ndarray
    rivers: np.ndarray
    edges: tuple[Edge, ...]
    outside: bool
    true_north: float
    everywhere: tuple[str, ...] = ()


def draw_ground(
    canvas: Canvas, frame: Frame, ground: Ground, details: tuple[Detail, ...], *, schematic: bool, near: bool
) -> None:
    """Draw everything under the marks; the caller clips to the map.

    ``near`` maps, which show a part of the desa, have wider hatches: they lie under many numbers.
    """
    map_ = frame.map
    own = trace(canvas, frame, ground.own)
    canvas.set_fill_color(OUTSIDE)
    canvas.rect(map_.left, map_.top, map_.width, map_.height, style="F")
    canvas.pen(BORDER, 0.2)
    canvas.set_fill_color(NEIGHBOUR)
    canvas.paint(" ".join(trace(canvas, frame, neighbour.shape) for neighbour in ground.neighbours), "B*")
    canvas.set_fill_color(INSIDE)
    canvas.paint(own, "f*")
    canvas.pen(EDGE, EDGE_MM)
    canvas.paint_inside([own], own, "S")
    _draw_zones(canvas, frame, ground, own, wider=2.0 if near else 1.0)
    draw_rivers(canvas, _lines(canvas, frame, ground.rivers))
    draw_roads(canvas, _lines(canvas, frame, ground.roads))
    draw_grid(canvas, frame)
    boundary_pen(canvas, schematic=schematic)
    canvas.paint(own, "S")
    kantong_pen(canvas)
    canvas.paint(" ".join(trace(canvas, frame, shape) for _, shape in ground.kantong), "S")
    canvas.set_dash_pattern()
    detail_pen(canvas)
    for detail in details:
        box = paper_box(frame, detail.bounds)
        canvas.rect(box.left, box.top, box.width, box.height)


def _draw_zones(canvas: Canvas, frame: Frame, ground: Ground, own: str, *, wider: float) -> None:
    """Hatch the zones, each place by one of them; another has a band along its edge there."""
    hatched: list[shapely.Geometry] = []
    for hatch, shape in ground.zones:
        area = trace(canvas, frame, shape)
        free = shapely.difference(shape, shapely.union_all(hatched)) if hatched else shape
        canvas.pen(hatch.colour, HATCH_WIDTH_MM)
        lines = hatch_lines(paper_box(frame, ground.own.bounds), hatch, wider=wider)
        if not shapely.is_empty(free):
            canvas.paint_inside([own, trace(canvas, frame, free)], canvas.trace(lines, close=False), "S")
        if hatched:
            canvas.pen(hatch.colour, ZONE_EDGE_MM)
            canvas.paint_inside([own, area], area, "S")
        hatched.append(shape)


def trace(canvas: Canvas, frame: Frame, shape: shapely.Geometry) -> str:
    """Return the path of a polygon (metres) on the page."""
    return canvas.trace([frame.on_paper(ring) for ring in rings(shape)])


def paper_box(frame: Frame, bounds: tuple[float, float, float, float]) -> Rect:
    """Return bounds (metres) as a rectangle on the page."""
    west, south, east, north = bounds
    (left, bottom), (right, top) = frame.on_paper(np.array([(west, south), (east, north)])).tolist()
    return Rect(left, top, right - left, bottom - top)


def _lines(canvas: Canvas, frame: Frame, shapes: np.ndarray) -> str:
    return canvas.trace([frame.on_paper(course) for course in courses(shapes)], close=False)
