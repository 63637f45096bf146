"""The index: outlines that are seen under their names, no more pages than are of use, counts that agree."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pikepdf
import pytest
import shapely

from geo.assessment import Assessment
from geo.atlas.front.index_map import Area, draw_index
from geo.atlas.front.index_table import IndexPage, index_pages, kecamatan_rows, sheet_rows
from geo.atlas.notes import describe
from geo.atlas.options import BookOptions
from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.layout import PAPERS
from geo.atlas.planning.plan import Detail
from tests.geo.small import small_assessment
from tests.pdf_reading import page_lines

SHEETS = pd.DataFrame(
    {
        "kode_desa": ["99.01.01.2001", "99.01.01.2001", "99.01.01.2002"],
        "nama_desa": ["Satu", "Satu", "Dua"],
        "part": [1, 0, 1],
        "sheet": ["99.01.01.2001-01-K7Q2A", "99.01.01.2001-00-K7Q2A", "99.01.01.2002-01-K7Q2A"],
        "households": [3, 2, 1],
        "scale": [5_000, 0, 2_500],
        "first_page": [3, 5, 6],
        "pages": [2, 1, 2],
    }
)


@pytest.fixture(scope="module")
def small() -> Assessment:
    return small_assessment()


def black_boxes(page: pikepdf.Page) -> int:
    """Count the closed four-cornered outlines that are stroked in black as parts of one path of several."""
    corners, found, count = 0, 0, 0
    colour: tuple[float, ...] = (0.0,)
    kept: list[tuple[float, ...]] = []
    for step in pikepdf.parse_content_stream(page):
        name = str(step.operator)
        if name == "q":
            kept.append(colour)
        elif name == "Q":
            colour = kept.pop()
        elif name in {"G", "RG"}:
            colour = tuple(float(value) for value in step.operands)
        elif name == "m":
            corners = 1
        elif name == "l":
            corners += 1
        elif name == "h":
            found += corners == 4
        elif name in {"S", "B", "B*", "f", "n"}:
            count += found if name == "S" and not any(colour) else 0
            found = 0
    return count


def test_the_outline_of_every_further_sheet_is_black(small: Assessment, tmp_path: Path) -> None:
    book = replace(describe(small, options=BookOptions()), outline=shapely.box(0, 0, 9_000, 9_000))
    details = [Detail(str(place + 2), (place * 900, 0, place * 900 + 700, 600)) for place in range(7)]
    index = IndexPage("Desa Satu", (0,), overview=False, rows=np.arange(3))
    areas = [Area(shapely.box(0, 0, 8_000, 8_000), "1 Satu", "1")]
    with closing(Canvas(PAPERS["A4"], "uji", book.created)) as canvas:
        draw_index(canvas, book, index, areas, sheet_rows(SHEETS), details, PAPERS["A4"], 2, 9)
        canvas.output(tmp_path / "a.pdf")
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        assert black_boxes(pdf.pages[0]) == len(details)
        texts = [line.text for line in page_lines(pdf.pages[0])]
    assert {f"Lembar {detail.name}" for detail in details} <= {*texts}
    assert "1 Satu" not in texts  # the title says it, in the middle of the names it would hide one


def test_sheets_of_a_kecamatan_are_those_with_a_map() -> None:
    rows = kecamatan_rows(SHEETS, pd.Series(["Kecontohan"] * 3), {"Kecontohan": 2})
    assert rows[["areas", "sheets", "households"]].to_numpy().tolist() == [["2", "2", "6"]]


def test_a_book_of_some_needs_no_map_of_each_kecamatan() -> None:
    names = [f"K{place // 3}" for place in range(51)]
    some = index_pages([1] * 51, names, "Daftar", PAPERS["A4"], some=True)
    assert [(page.title, len(page.desa), page.overview) for page in some] == [("Daftar", 51, False)]
    assert len(index_pages([1] * 51, names, "Daftar", PAPERS["A4"])) == 1 + 17
    long = index_pages([9] * 51, names, "Daftar", PAPERS["A4"], some=True)
    assert long[0].overview


def test_turns_are_told_where_they_are() -> None:
    assert "turn" not in sheet_rows(SHEETS)
    assert sheet_rows(SHEETS.assign(turn=["1–3", "", "4"]))["turn"].tolist() == ["1–3", "", "4"]
