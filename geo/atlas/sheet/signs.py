"""The signs of the legend besides the marks: only what a sheet shows."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import numpy as np

from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.layout import Rect
from geo.atlas.paper.margins import Book
from geo.atlas.planning.plan import SheetPlan
from geo.atlas.sheet.background import Ground
from geo.atlas.sheet.panel import Sign
from geo.atlas.sheet.symbols import (
    BORDER,
    NEIGHBOUR,
    OUTSIDE,
    boundary_pen,
    detail_pen,
    draw_hatch_sample,
    draw_marks,
    draw_rivers,
    draw_roads,
    kantong_pen,
)


def signs_of(
    canvas: Canvas, grounds: Iterable[Ground], plan: SheetPlan, hot: tuple[str, ...], book: Book
) -> list[Sign]:
    """Return how each sign draws itself, with its words."""
    grounds = list(grounds)
    signs: list[Sign] = [
        (
            partial(_boundary, canvas, schematic=bool(book.banner)),
            "Batas skematik desa ini" if book.banner else "Batas desa ini",
        )
    ]
    if any(ground.neighbours for ground in grounds):
        signs.append((partial(_swatch, canvas, NEIGHBOUR), "Desa tetangga"))
    if any(ground.outside for ground in grounds):
        signs.append((partial(_swatch, canvas, OUTSIDE), f"Luar {book.district} atau laut"))
    if plan.details:
        signs.append((partial(_outlined, canvas, detail_pen), "Diperbesar pada lembar yang disebut"))
    if plan.parts > 1:
        signs.append((partial(_pale, canvas), "Nomornya pada lembar lain"))
    if any("\u2013" in text for view in plan.views for text in view.labels.text):
        signs.append((partial(_word, canvas, "41–52"), "Beberapa rumah pada satu titik"))
    names = dict.fromkeys(name for ground in grounds for name, _ in ground.kantong)
    if names:
        signs.append((partial(_outlined, canvas, kantong_pen), f"Kantong kerja {', '.join(names)}"))
    if any(len(ground.roads) for ground in grounds):
        signs.append((partial(_course, canvas, draw_roads), "Jalan"))
    if any(len(ground.rivers) for ground in grounds):
        signs.append((partial(_course, canvas, draw_rivers), "Sungai"))
    hatches = dict.fromkeys(hatch for ground in grounds for hatch, _ in ground.zones)
    signs += [(partial(draw_hatch_sample, canvas, hatch), f"Zona: {hatch.title}") for hatch in hatches]
    signs += [(partial(_word, canvas, "Z"), words) for words in _everywhere(grounds, plan)]
    if hot:
        signs.append((partial(_word, canvas, "!"), f"Desa panas (nyata): {', '.join(hot)}"))
    return signs


def _everywhere(grounds: Sequence[Ground], plan: SheetPlan) -> list[str]:
    """Say which zones hold all that a map shows of its desa, and on which maps."""
    found = []
    for title in dict.fromkeys(title for ground in grounds for title in ground.everywhere):
        maps = [
            view.letter
            for ground, view in zip(grounds, plan.views, strict=True)
            if title in ground.everywhere
        ]
        where = "seluruh peta" if len(maps) == len(grounds) else f"seluruh peta {', '.join(maps)}"
        found.append(f"Zona: {title} ({where}, tanpa arsir)")
    return found


def _swatch(canvas: Canvas, colour: str, box: Rect) -> None:
    canvas.pen(BORDER, 0.2)
    canvas.set_fill_color(colour)
    canvas.rect(box.left, box.top, box.width, box.height, style="DF")


def _boundary(canvas: Canvas, box: Rect, *, schematic: bool) -> None:
    boundary_pen(canvas, schematic=schematic)
    canvas.line(box.left, box.top + 1.1, box.right, box.top + 1.1)
    canvas.set_dash_pattern()


def _outlined(canvas: Canvas, pen: Callable[[Canvas], None], box: Rect) -> None:
    pen(canvas)
    canvas.rect(box.left, box.top, box.width, box.height)
    canvas.set_dash_pattern()


def _pale(canvas: Canvas, box: Rect) -> None:
    for need in (0, 1, 2):
        draw_marks(canvas, need, np.array([[box.left + 1.0 + need * 2, box.top + 1.1]]), pale=True)


def _word(canvas: Canvas, word: str, box: Rect) -> None:
    canvas.face(5.6, "B")
    canvas.write_at(box.left + box.width / 2, box.top + 1.8, word, align="C")


def _course(canvas: Canvas, draw: Callable[[Canvas, str], None], box: Rect) -> None:
    line = np.array([(box.left, box.top + 1.5), (box.left + 2, box.top + 0.8), (box.right, box.top + 1.3)])
    draw(canvas, canvas.trace([line], close=False))
