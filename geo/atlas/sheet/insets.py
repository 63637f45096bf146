"""Small maps in the head of a sheet: the desa in its kecamatan, and the maps of the sheet in the desa."""

from collections.abc import Iterable

import numpy as np
import shapely

from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.frame import Frame
from geo.atlas.paper.layout import Rect
from geo.atlas.sheet.furniture import GREY
from geo.atlas.sheet.surroundings import rings

TITLE_MM = 2.6
FINEST_MM = 0.15


def draw_place(canvas: Canvas, box: Rect, own: shapely.Geometry, around: np.ndarray, title: str) -> None:
    """Draw a desa (polygon in metres) black among the desa of its kecamatan."""
    corner, shrink = _fit(canvas, box, shapely.total_bounds(around), title)
    canvas.draw_alike(
        ("kecamatan", box, *around[:1], len(around)), lambda: _draw_around(canvas, around, corner, shrink)
    )
    canvas.pen("#000000", 0.3)
    canvas.set_fill_color("#000000")
    canvas.paint(_trace(canvas, own, corner, shrink), "B*")


def _draw_around(canvas: Canvas, around: np.ndarray, corner: np.ndarray, shrink: float) -> None:
    canvas.pen("#ffffff", 0.15)
    canvas.set_fill_color("#c4c4c4")
    canvas.paint(_trace(canvas, shapely.GeometryCollection(list(around)), corner, shrink), "B*")


def draw_maps(canvas: Canvas, box: Rect, own: shapely.Geometry, frames: Iterable[Frame]) -> None:
    """Draw where the maps of a sheet lie in the desa."""
    frames = list(frames)
    bounds = np.array([own.bounds, *(frame.bounds for frame in frames)])
    whole = np.hstack([bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)])
    corner, shrink = _fit(canvas, box, whole, "Letak dalam desa")
    canvas.pen("#777777", 0.2)
    canvas.set_fill_color("#dddddd")
    canvas.paint(_trace(canvas, own, corner, shrink), "B*")
    canvas.pen("#000000", 0.4)
    for frame in frames:
        west, south, east, north = frame.bounds
        ring = np.array([(west, south), (east, south), (east, north), (west, north)])
        canvas.paint(canvas.trace([_on_paper(ring, corner, shrink)]), "S")


def _fit(canvas: Canvas, box: Rect, bounds: np.ndarray, title: str) -> tuple[np.ndarray, float]:
    """Write the title under a box; return where its ground begins (metres, then mm) and metres a millimetre."""
    canvas.face(5.0, colour=GREY)
    canvas.write_at(box.left + box.width / 2, box.bottom, title, align="C", within=box.width + 1)
    west, south, east, north = bounds.tolist()
    room = box.height - TITLE_MM
    shrink = max((east - west) / box.width, (north - south) / room) or 1.0
    left = box.left + (box.width - (east - west) / shrink) / 2
    bottom = box.top + (room + (north - south) / shrink) / 2
    return np.array([[west, south], [left, bottom]]), shrink


def _on_paper(xy: np.ndarray, corner: np.ndarray, shrink: float) -> np.ndarray:
    return np.asarray(corner[1] + (xy - corner[0]) * (1, -1) / shrink)


def _trace(canvas: Canvas, shape: shapely.Geometry, corner: np.ndarray, shrink: float) -> str:
    thinned = shapely.simplify(shape, shrink * FINEST_MM, preserve_topology=False)
    return canvas.trace([_on_paper(ring, corner, shrink) for ring in rings(thinned)])
