"""The run's own atlas: one map sheet a desa with its figures, without names and without lists."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from geo.assessment import Assessment
from geo.atlas.binding.binder import Binder
from geo.atlas.listing import book_households
from geo.atlas.notes import describe
from geo.atlas.paper.layout import layouts, paper_size
from geo.atlas.planning.book_plan import plan_book
from geo.atlas.planning.labels import NUMBER_PT
from geo.atlas.selection import Selection
from geo.atlas.sheet.drawing import draw_sheet
from geo.atlas.sheet.gather import Surroundings
from geo.atlas.sheet.lines import Lines
from geo.house_numbers import add_house_numbers


def write_atlas(
    assessment: Assessment,
    path: Path,
    *,
    paper: str = "A4",
    lines: Lines | None = None,
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
        A key of ``geo.atlas.paper.layout.PAPERS``; each desa lies upright or across, as its shape asks.
    lines
        Roads and rivers of the district's own, see :func:`geo.atlas.sheet.lines.read_lines`.
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
    NotWritable
        When the folder or the disk does not take the file.
    """
    book = describe(assessment)
    choices = layouts(paper, banner=bool(book.banner))
    selection = Selection(book.district, tuple(sorted(assessment.desa["kode_desa"])))
    households = assessment.counted
    if "house_number" not in households:  # of an older run, or made fit for an audience
        households = add_house_numbers(households)
    listed = book_households(households, selection, book.crs)
    surroundings = Surroundings(assessment, book, selection, lines, figures=True)
    title = f"Peta kerja {book.district}"
    with Binder(path, paper_size(paper), title, book.created, book.crs, private=False) as binder:
        widths = partial(binder.canvas.text_widths, size=NUMBER_PT, style="B")
        plan = plan_book(listed, selection, surroundings.shapes(), choices, widths, details=False)
        pages = len(plan.desa)
        for page, of_desa in enumerate(plan.desa, start=1):
            sheet = surroundings.sheet(of_desa.sheets[0], plan.households)
            draw_sheet(binder.canvas, sheet, book, page, pages)
            desa = sheet.desa
            binder.page(
                "map",
                sheet=sheet.sheet,
                label=str(desa.kode_desa),
                views=[(view.frame, view.letter) for view in sheet.plan.views],
                outline=(f"Kecamatan {desa.nama_kecamatan}", f"{desa.kode_desa} {desa.nama_desa}"),
            )
            if progress:
                progress(page, pages)
    return pages
