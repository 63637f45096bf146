"""Sheets of an assessment drawn to a PDF, for tests of what stands on them."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import shapely

from geo.assessment import Assessment
from geo.atlas.listing import book_households
from geo.atlas.notes import describe
from geo.atlas.options import BookOptions
from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.layout import PAPERS, layouts
from geo.atlas.planning.book_plan import plan_book
from geo.atlas.planning.labels import NUMBER_PT
from geo.atlas.planning.plan import BookPlan, SheetPlan
from geo.atlas.selection import Selection
from geo.atlas.sheet.drawing import draw_sheet
from geo.atlas.sheet.gather import Surroundings
from geo.atlas.sheet.lines import Lines
from geo.house_numbers import add_house_numbers
from tests.pdf_reading import Line


def draw_sheets(
    assessment: Assessment,
    path: Path,
    *,
    rows: np.ndarray | None = None,
    paper: str = "A4",
    names: bool = False,
    lines: Lines | None = None,
) -> BookPlan:
    """Draw every map sheet of every desa, a page each in the order of the plan, and return the plan."""
    book = describe(assessment, options=BookOptions(paper, names))
    selection = Selection("uji", tuple(sorted(assessment.desa["kode_desa"])), rows)
    listed = book_households(add_house_numbers(assessment.counted), selection, book.crs)
    around = Surroundings(assessment, book, selection, lines)
    with closing(Canvas(PAPERS[paper], "uji", book.created)) as canvas:
        widths = partial(canvas.text_widths, size=NUMBER_PT, style="B")
        choices = layouts(paper, banner=bool(book.banner))
        plan = plan_book(listed, selection, around.shapes(), choices, widths)
        sheets = list(sheets_of(plan))
        for page, (sheet, details) in enumerate(sheets, start=1):
            draw_sheet(canvas, around.sheet(sheet, plan.households, details), book, page, pages=len(sheets))
        canvas.output(path)
    return plan


def sheets_of(plan: BookPlan) -> Iterator[tuple[SheetPlan, tuple]]:
    """Return every sheet of a plan with the details of its desa."""
    for desa in plan.desa:
        for sheet in desa.sheets:
            yield sheet, desa.sheets[0].details


def overlaps(lines: list[Line], slack_mm: float = 0.15) -> list[tuple[str, str]]:
    """Return the texts of a page that run over each other; halos and turned ones do not count."""
    shown = [line for line in lines if line.upright and not line.halo and line.text.strip()]
    low = np.array([line.box[:2] for line in shown]) + slack_mm
    high = np.maximum(np.array([line.box[2:] for line in shown]) - slack_mm, low)
    first, second = shapely.STRtree(boxes := shapely.box(*low.T, *high.T)).query(boxes, "intersects")
    return [
        (shown[one].text, shown[other].text)
        for one, other in zip(first.tolist(), second.tolist(), strict=True)
        if one < other
    ]
