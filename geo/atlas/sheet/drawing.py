"""One map sheet: its maps with marks, numbers and names, and everything around them."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import shapely

from geo.atlas.listing import CLASSES
from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.frame import Frame
from geo.atlas.paper.layout import COLLAR, Rect
from geo.atlas.paper.margins import Book, draw_header, draw_notes
from geo.atlas.planning.labels import NUMBER_PT
from geo.atlas.planning.plan import Labels, SheetPlan, View
from geo.atlas.sheet.background import Ground, draw_ground
from geo.atlas.sheet.furniture import draw_banner, draw_collar, draw_strip
from geo.atlas.sheet.insets import draw_maps, draw_place
from geo.atlas.sheet.names import (
    room_left,
    write_details,
    write_dusun,
    write_edges,
    write_kantong,
    write_neighbours,
)
from geo.atlas.sheet.panel import (
    Block,
    Counts,
    draw_figures,
    draw_legend,
    draw_panel,
    draw_signature,
    draw_signs,
    draw_use,
)
from geo.atlas.sheet.signs import signs_of
from geo.atlas.sheet.symbols import DOT_MM, MARK_MM, draw_marks, draw_others
from geo.sheet_ids import SheetId
from geo.symbology import number

POINT_MM = 25.4 / 72
FIGURE_HEIGHT = 0.729
"""Height of a figure as a share of the size of the letters."""


@dataclass(frozen=True)
class Houses:
    """Households of one desa, those without a position too.

    ``first`` is the place of the first of them in the book's table; ``xy`` (n, 2) in metres, missing without a
    position; ``need`` the place in ``CLASSES``; ``chosen`` those that the book is for.
    """

    first: int
    xy: np.ndarray
    need: np.ndarray
    chosen: np.ndarray


@dataclass(frozen=True)
class Sheet:
    """Everything that one map sheet shows; geometry in metres of the measuring CRS.

    Attributes
    ----------
    sheet
        Its identifier.
    desa
        Row of the desa table as a named tuple.
    plan
        Its maps and numbers.
    houses
        Of the desa.
    grounds
        What lies in the frame of each map, in the order of the plan's views.
    own
        The whole desa.
    kecamatan
        Every desa of its kecamatan, thinned.
    hot
        Needs for which the desa is a hot spot, in words.
    dusun
        Name and middle (metres) of every dusun with a house that has a position.
    figures
        Whether the panel tells the figures of the desa, not how to work with the sheet.
    """

    sheet: SheetId
    desa: Any
    plan: SheetPlan
    houses: Houses
    grounds: tuple[Ground, ...]
    own: shapely.Geometry
    kecamatan: np.ndarray
    hot: tuple[str, ...]
    dusun: tuple[tuple[str, float, float], ...]
    figures: bool


def draw_sheet(canvas: Canvas, sheet: Sheet, book: Book, page: int, pages: int) -> None:
    """Draw a map sheet on a new page, which is so many of so many."""
    plan, layout = sheet.plan, sheet.plan.layout
    canvas.add_page(format=layout.page)
    if layout.banner:
        draw_banner(canvas, layout.body, book.banner)
    _draw_sketch_rooms(canvas, plan)
    for view, ground, strip in zip(plan.views, sheet.grounds, _strips(plan), strict=True):
        _draw_map(canvas, sheet, view, ground, book)
        draw_collar(canvas, view.frame, view.letter)
        notice = _notice(sheet) if sheet.figures else ""
        draw_strip(canvas, strip, view.frame, str(book.crs.utm_zone), ground.true_north, notice)
    enlarged = _shows_part(sheet)
    rooms = draw_header(
        canvas, layout, sheet.desa, sheet.sheet, _place(plan), book, insets=2 if enlarged else 1
    )
    draw_place(canvas, rooms[0], sheet.own, sheet.kecamatan, f"Kec. {sheet.desa.nama_kecamatan}")
    if enlarged:
        draw_maps(canvas, rooms[1], sheet.own, [view.frame for view in plan.views])
    draw_panel(canvas, layout.panel, _blocks(canvas, sheet, book))
    draw_notes(canvas, layout, sheet.sheet, book, page, pages)


def _shows_part(sheet: Sheet) -> bool:
    """Say whether the sheet shows less than its whole desa."""
    shown = shapely.box(*sheet.plan.views[0].frame.bounds)
    return sheet.plan.part > 1 or not shapely.covers(shown, shapely.box(*sheet.own.bounds))


def _strips(plan: SheetPlan) -> list[Rect]:
    """Return the strip under each map: of the windows of the page, that whose map is the view's."""
    windows = {window.map: window.strip for window in plan.layout.windows(plan.windows)}
    return [windows[view.frame.map] for view in plan.views]


def _draw_sketch_rooms(canvas: Canvas, plan: SheetPlan) -> None:
    """Leave what the maps do not take of the page to notes and sketches."""
    taken = [view.frame.map for view in plan.views]
    for window in plan.layout.windows(plan.windows):
        if window.map not in taken:
            box = window.map
            canvas.pen("#999999", 0.15, (1.0, 1.0))
            canvas.rect(box.left - COLLAR, box.top - COLLAR, box.width + 2 * COLLAR, box.height + 2 * COLLAR)
            canvas.set_dash_pattern()
            canvas.face(7, "B", "#777777")
            canvas.write_at(box.left - 2, box.top, "Catatan dan sketsa", within=box.width)


def _place(plan: SheetPlan) -> str:
    words = f"Lembar {plan.part} dari {plan.parts}"
    if plan.parts > 1:
        words += " · ikhtisar" if plan.part == 1 else " · perbesaran"
    return words


def _draw_map(canvas: Canvas, sheet: Sheet, view: View, ground: Ground, book: Book) -> None:
    frame, plan = view.frame, sheet.plan
    map_ = frame.map
    low, high = (map_.left, map_.top), (map_.right, map_.bottom)
    neat = canvas.trace(np.array([[low, (high[0], low[1]), high, (low[0], high[1])]]))
    houses = sheet.houses
    there = _inside(houses.xy, frame)
    xy, chosen, need = frame.on_paper(houses.xy[there]), houses.chosen[there], houses.need[there]
    numbered = np.isin(houses.first + there, view.members) | (plan.parts == 1)
    with canvas.inside(neat):
        draw_ground(canvas, frame, ground, plan.details, schematic=bool(book.banner), near=_shows_part(sheet))
        draw_others(canvas, xy[~chosen])
        for pale in (True, False):
            for place in reversed(range(len(CLASSES))):
                draw_marks(
                    canvas,
                    place,
                    xy[chosen & (need == place) & (numbered != pale)],
                    pale=pale,
                    small=sheet.figures,
                )
    leaders = _leaders(houses, frame, view.labels)
    room = room_left(frame, xy[chosen], MARK_MM, view.labels, leaders)
    room.take_marks(xy[~chosen], DOT_MM)
    write_details(canvas, frame, plan.details, room)
    _write_numbers(canvas, view.labels, leaders)
    write_edges(canvas, frame, ground.edges, room)
    write_kantong(canvas, frame, ground, room)
    write_neighbours(canvas, frame, ground, room)
    write_dusun(canvas, frame, sheet.dusun, room)


def _inside(xy: np.ndarray, frame: Frame) -> np.ndarray:
    """Return which points (metres) a frame shows."""
    west, south, east, north = frame.bounds
    return np.flatnonzero(((xy >= (west, south)) & (xy <= (east, north))).all(axis=1))


def _leaders(houses: Houses, frame: Frame, labels: Labels) -> np.ndarray:
    """Return the lines (n, 2, 2) on the page from a mark to the nearest point of its number's box."""
    start = frame.on_paper(houses.xy[labels.member[labels.leader] - houses.first])
    low = labels.corner[labels.leader] - 0.15
    high = low + labels.size[labels.leader] + 0.3
    return np.stack([start, np.clip(start, low, high)], axis=1)


def _write_numbers(canvas: Canvas, labels: Labels, leaders: np.ndarray) -> None:
    canvas.pen("#333333", 0.13)
    canvas.paint(canvas.trace(leaders, close=False), "S")
    canvas.face(NUMBER_PT, "B")
    high = FIGURE_HEIGHT * NUMBER_PT * POINT_MM
    baseline = labels.corner[:, 1] + (labels.size[:, 1] + high) / 2
    canvas.write_haloed(labels.corner[:, 0].tolist(), baseline.tolist(), labels.text)


def _notice(sheet: Sheet) -> str:
    """Say how many numbers found room on the map of the whole desa; nothing when all did."""
    total = int((sheet.houses.chosen & ~np.isnan(sheet.houses.xy[:, 0])).sum())
    shown = len(sheet.plan.members)
    if shown == total:
        return ""
    return f"Nomor tampak {number(shown)} dari {number(total)}; semua nomor ada pada buku peta desa ini."


def _blocks(canvas: Canvas, sheet: Sheet, book: Book) -> list[list[Block]]:
    legend = partial(draw_legend, canvas, counts=_counts(sheet))
    signs = partial(draw_signs, canvas, signs=signs_of(canvas, sheet.grounds, sheet.plan, sheet.hot, book))
    if sheet.figures:
        return [[legend], [signs], [partial(draw_figures, canvas, desa=sheet.desa, book=book)]]
    return [[legend], [signs], [partial(draw_use, canvas), partial(draw_signature, canvas)]]


def _counts(sheet: Sheet) -> Counts:
    houses = sheet.houses
    return Counts(
        np.bincount(houses.need[sheet.plan.members - houses.first], minlength=len(CLASSES)),
        np.bincount(houses.need[houses.chosen], minlength=len(CLASSES)),
        int((houses.chosen & np.isnan(houses.xy[:, 0])).sum()),
        int((~houses.chosen).sum()),
    )
