"""The index of a book drawn: a map of all, maps of each kecamatan, and the table of sheets."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import shapely

from geo.atlas.front.index_map import Area, draw_index
from geo.atlas.front.index_table import MOST_DESA, IndexPage, kecamatan_rows, sheet_rows
from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.frame import Frame
from geo.atlas.paper.margins import Book
from geo.atlas.planning.plan import BookPlan


def kecamatan_names(desa: pd.DataFrame) -> list[str]:
    """Return the name of each desa's kecamatan, with its code where another one has the same name."""
    names, codes = desa["nama_kecamatan"].astype(str), desa["kode_kecamatan"].astype(str)
    alike = codes.groupby(names.to_numpy()).transform("nunique").to_numpy() > 1
    return [*map(str, np.where(alike, names + " (" + codes + ")", names))]


def draw_indexes(
    canvas: Canvas,
    book: Book,
    index: Sequence[IndexPage],
    plan: BookPlan,
    shapes: np.ndarray,
    kecamatan: Sequence[str],
    desa: pd.DataFrame,
    sheets: pd.DataFrame,
    size: tuple[float, float],
    first: int,
    pages: int,
) -> Iterator[list[tuple[Frame, str]]]:
    """Draw the pages of the index one by one, and yield the maps of each.

    Parameters
    ----------
    index
        As :func:`geo.atlas.front.index_table.index_pages` divided them.
    shapes, kecamatan, desa
        Polygon (metres), name of the kecamatan and row of each desa of the selection.
    sheets
        As ``Printed.sheets``; for a day's visits with the ``turn`` of each as text.
    size
        Width and height (mm) of a page.
    first, pages
        Number of the first of them in the book, and how many pages that has.
    """
    if not index:
        return
    place_of = pd.Index(desa["kode_desa"]).get_indexer(sheets["kode_desa"])
    names = np.array(kecamatan, dtype=object)
    begins = {each.title.removeprefix("Kecamatan "): first + place
              for place, each in reversed([*enumerate(index)]) if each.desa}  # fmt: skip
    of_sheets = sheet_rows(sheets)
    of_kecamatan = (
        kecamatan_rows(sheets, pd.Series(names[place_of]), begins) if index[0].overview else of_sheets
    )
    details = plan.desa[0].sheets[0].details if len(plan.desa) == 1 else ()
    labels = [f"{place + 1} {name}" for place, name in enumerate(desa["nama_desa"].astype(str))]
    for place, each in enumerate(index):
        if each.overview and each.desa:
            areas = [
                Area(shapely.union_all(shapes[names == name]), str(name), str(name))
                for name in dict.fromkeys(names)
            ]
        else:
            many = len(each.desa) > MOST_DESA
            areas = [
                Area(shapes[area], str(area + 1) if many else labels[area], str(area + 1))
                for area in each.desa
            ]
        table = of_kecamatan if each.overview else of_sheets
        yield draw_index(canvas, book, each, areas, table, details, size, first + place, pages)
