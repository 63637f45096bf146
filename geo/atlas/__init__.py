"""The field teams' book: one printable sheet a desa, in the order of the codes."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from geo.assessment import Assessment
from geo.atlas.canvas import Canvas
from geo.atlas.gather import gather
from geo.atlas.layout import PAPERS, layouts
from geo.atlas.notes import describe
from geo.atlas.sheet import draw_sheet


def write_atlas(
    assessment: Assessment,
    path: Path,
    *,
    paper: str = "A4",
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write the atlas as one PDF, a page a desa in the order of ``kode_desa``, without names and NIK.

    Parameters
    ----------
    assessment
        As made by ``assess()`` or opened from a run.
    path
        The PDF to write; the same assessment gives the same bytes.
    paper
        ``A4`` or ``F4``; each desa lies upright or across, as its shape asks.
    progress
        Called with the sheets done and the sheets in all, after each sheet.

    Returns
    -------
    int
        The number of pages, which is the number of rows of the desa table.

    Raises
    ------
    SettingsError
        When the paper is not known.
    """
    book = describe(assessment)
    choices = layouts(paper, banner=bool(book.banner))
    created = datetime.fromisoformat(assessment.facts["created"])
    with closing(Canvas(PAPERS[paper], f"Peta kerja {book.district}", created)) as canvas:
        for sheet in gather(assessment, book, choices, canvas.name_widths):
            draw_sheet(canvas, sheet, book)
            if progress:
                progress(sheet.page, book.pages)
        canvas.output(path)
    return book.pages
