"""Names on a map, each where numbers and marks leave room: kantong, dusun, desa around, and other sheets."""

from collections.abc import Iterable, Sequence

import numpy as np
import shapely

from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.frame import Frame
from geo.atlas.paper.layout import Rect
from geo.atlas.planning.labels import Room
from geo.atlas.planning.plan import Detail, Labels
from geo.atlas.sheet.background import Edge, Ground, paper_box
from geo.symbology import KANTONG_COLOUR

NAME_PT, NAME_MM = 6.6, 2.5
DUSUN_PT, TAG_MM = 7.0, 3.0
TAG_COLOUR = "#303030"
OUTLINE_TRIES = 12
AROUND_MM = np.array([(0, 0), (0, -5), (0, 5), (-9, 0), (9, 0), (-8, -5), (8, -5), (-8, 5), (8, 5)])
"""Where the name of a dusun is tried: in the middle of its houses, then around it."""

Spot = tuple[float, float]


def room_left(frame: Frame, marks: np.ndarray, size: float, labels: Labels, leaders: np.ndarray) -> Room:
    """Return what a map has free beside its marks (n, 2), its numbers and the lines that join them (m, 2, 2)."""
    room = Room(frame.map)
    room.take_marks(marks, size)
    for corner, extent in zip(labels.corner.tolist(), labels.size.tolist(), strict=True):
        room.fill(*corner, *extent)
    along = np.linspace(0, 1, 12)[None, :, None]
    room.take_marks((leaders[:, :1] * (1 - along) + leaders[:, 1:] * along).reshape(-1, 2), 0.2)
    return room


def write_kantong(canvas: Canvas, frame: Frame, ground: Ground, room: Room) -> None:
    """Name the kantong beside their outlines, slanting and in the colour of those, that none is taken for a house."""
    canvas.face(NAME_PT, "I", KANTONG_COLOUR)
    for name, shape in ground.kantong:
        ring = frame.on_paper(shapely.get_coordinates(shape))
        some = ring[:: max(1, len(ring) // OUTLINE_TRIES)]
        for words in (f"Kantong {name}", f"Ktg. {name}"):
            width = canvas.width(words)
            spots = np.concatenate(
                [some + shift for shift in ((0.6, -0.6), (-width - 0.6, -0.6), (0.6, 2.6))]
            )
            if _write_free(canvas, room, words, width, ((spot[0], spot[1]) for spot in spots.tolist())):
                break


def write_details(canvas: Canvas, frame: Frame, details: Iterable[Detail], room: Room) -> None:
    """Name the rectangles that other sheets show larger, each in a box at its edge."""
    boxes = [(detail.name, paper_box(frame, detail.bounds)) for detail in details]
    for name, box in boxes:
        for words in (f"Lembar {name}", name):
            width = tag_width(canvas, words)
            spots = [
                (left, top)
                for top in (box.top - TAG_MM, box.bottom, box.top, box.bottom - TAG_MM)
                for left in (box.left, box.right - width, box.left + (box.width - width) / 2)
            ]
            if write_tag(canvas, room, words, spots):
                break
        else:
            _lead_tag(canvas, room, name, box)
    for _, box in boxes:
        for left, top, wide, high in (
            (box.left, box.top, box.width, 0.0),
            (box.left, box.bottom, box.width, 0.0),
            (box.left, box.top, 0.0, box.height),
            (box.right, box.top, 0.0, box.height),
        ):
            room.fill(left, top, wide, high)


def _lead_tag(canvas: Canvas, room: Room, words: str, box: Rect) -> None:
    """Write a tag where there is room for it, as near as may be, with a line to the rectangle that it names."""
    width = tag_width(canvas, words)
    corner = room.nearest(box, width, TAG_MM)
    if corner is None:
        return
    left, top = corner
    middle = np.array([left + width / 2, top + TAG_MM / 2])
    end = np.clip(middle, (box.left, box.top), (box.right, box.bottom))
    canvas.pen(TAG_COLOUR, 0.25)
    canvas.line(*middle, *end)
    write_tag(canvas, None, words, [corner])
    room.fill(left, top, width, TAG_MM)


def tag_width(canvas: Canvas, words: str) -> float:
    """Return how wide a tag is (mm)."""
    canvas.face(NAME_PT, "B", "#ffffff")
    return canvas.width(words) + 1.6


def write_tag(canvas: Canvas, room: Room | None, words: str, spots: Iterable[Spot]) -> bool:
    """Write white on a dark tag at the first upper left corner that is free, and say whether one was.

    Without a room the first corner is taken as it is.
    """
    width = tag_width(canvas, words)
    for left, top in spots:
        if room is None or room.take(left, top, width, TAG_MM):
            canvas.set_fill_color(TAG_COLOUR)
            canvas.rect(left, top, width, TAG_MM, style="F")
            canvas.write_at(left + 0.8, top + TAG_MM - 0.75, words)
            return True
    return False


def write_edges(canvas: Canvas, frame: Frame, edges: Iterable[Edge], room: Room) -> None:
    """Name at its sides what lies beyond a map."""
    map_ = frame.map
    for edge in edges:
        width = tag_width(canvas, edge.words)
        middle = frame.on_paper(np.array([(edge.along, edge.along)]))[0]
        slides = (0.0, 6.0, -6.0, 12.0, -12.0, 20.0, -20.0, 30.0, -30.0)
        if edge.side in {"left", "right"}:
            left = map_.left if edge.side == "left" else map_.right - width
            spots = [(left, float(middle[1]) - TAG_MM / 2 + slide) for slide in slides]
        else:
            top = map_.top if edge.side == "top" else map_.bottom - TAG_MM
            spots = [(float(middle[0]) - width / 2 + slide, top) for slide in slides]
        write_tag(canvas, room, edge.words, spots)


def write_dusun(canvas: Canvas, frame: Frame, dusun: Sequence[tuple[str, float, float]], room: Room) -> None:
    """Name the dusun (with the middle of their houses in metres) where there is room."""
    canvas.face(DUSUN_PT, "I", "#555555")
    for name, x, y in dusun:
        shown = canvas.cut(name, 34.0)
        width = canvas.width(shown)
        middle = frame.on_paper(np.array([(x, y)]))[0]
        spots = (middle + AROUND_MM - (width / 2, -NAME_MM / 2)).tolist()
        _write_free(canvas, room, shown, width, [(spot[0], spot[1]) for spot in spots])


def write_neighbours(canvas: Canvas, frame: Frame, ground: Ground, room: Room) -> None:
    """Name the desa around where the name does not run over the sheet's own."""
    canvas.face(NAME_PT, "I", "#4d4d4d")
    shapely.prepare(ground.own)
    per_mm = frame.scale / 1000
    for neighbour in ground.neighbours:
        name = canvas.cut(neighbour.name, 45.0)
        width = canvas.width(name)
        half = np.array([width / 2 + 1.0, NAME_MM / 2 + 1.0]) * per_mm
        low = np.array(frame.bounds[:2]) + half
        middles = np.clip(neighbour.places, low, np.maximum(low, np.array(frame.bounds[2:]) - half))
        free = ~shapely.intersects(ground.own, shapely.box(*(middles - half).T, *(middles + half).T))
        spots = frame.on_paper(middles[free]) + np.array([-width / 2, NAME_MM / 2])
        _write_free(canvas, room, name, width, [(spot[0], spot[1]) for spot in spots.tolist()])


def _write_free(canvas: Canvas, room: Room, text: str, width: float, spots: Iterable[Spot]) -> bool:
    """Write a text with a halo at the first baseline that is free, and say whether one was."""
    for x, y in spots:
        if room.take(x - 0.2, y - NAME_MM + 0.2, width + 0.4, NAME_MM + 0.3):
            canvas.write_haloed([x], [y], [text])
            return True
    return False
