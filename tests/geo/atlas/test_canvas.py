"""Whatever is written on a page is cut to its room, and stands where it should."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pikepdf
import pytest

from geo.atlas.paper.canvas import Canvas
from geo.atlas.paper.layout import PAPERS
from tests.pdf_reading import page_lines


@pytest.fixture
def canvas() -> Iterator[Canvas]:
    with closing(Canvas(PAPERS["A4"], "uji", datetime(2026, 1, 1, tzinfo=UTC))) as canvas:
        yield canvas


def test_text_is_cut_to_its_room(canvas: Canvas):
    canvas.face(7)
    assert canvas.cut("Karangasem", 100) == "Karangasem"
    short = canvas.cut("W" * 300, 30)
    assert short.endswith("…")
    assert 27 < canvas.width(short) <= 30
    lines = canvas.wrap("satu dua tiga empat lima " * 20, 40, 3)
    assert len(lines) == 3
    assert all(canvas.width(line) <= 40 for line in lines)


def test_text_stands_where_it_was_written(canvas: Canvas, tmp_path: Path):
    canvas.add_page()
    canvas.face(10, "B")
    width = canvas.width("1.234")
    canvas.write_at(50, 40, "1.234", align="R")
    with canvas.inside(canvas.trace(np.array([[(0, 0), (9, 0), (9, 9)]]))):
        canvas.write_haloed([20.0], [30.0], ["halo"])
    canvas.write_at(20, 60, "sesudah")
    canvas.output(tmp_path / "a.pdf")
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        lines = page_lines(pdf.pages[0])
    assert [(line.text, line.halo) for line in lines] == [
        ("1.234", False),
        ("halo", True),
        ("halo", False),
        ("sesudah", False),
    ]
    assert (lines[0].x, lines[0].y) == pytest.approx((50 - width, 40), abs=0.01)
    assert lines[0].width == pytest.approx(width, abs=0.01)
    assert (lines[2].x, lines[2].y) == (lines[1].x, lines[1].y) == pytest.approx((20, 30), abs=0.01)
