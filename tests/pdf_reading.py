"""Text read back out of a PDF: what stands on a page, and where, in millimetres from its upper left corner."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf

from scripts.book_checks.fonts import Font

POINT_MM = 25.4 / 72
ASCENT = 0.73
"""Height of capitals and figures over the baseline, as a share of the size of the letters (DejaVu)."""

STROKED = 1


@dataclass(frozen=True)
class Line:
    """One run of text: its words, where its baseline begins, and how wide it runs (millimetres)."""

    text: str
    x: float
    y: float
    width: float
    size_pt: float
    font: str
    upright: bool
    halo: bool

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of its figures and capitals; of lines that are not turned."""
        return self.x, self.y - ASCENT * self.size_pt * POINT_MM, self.x + self.width, self.y


def page_texts(page: pikepdf.Page) -> list[str]:
    """Return every run of text of a page in the order in which it is drawn, halos too."""
    return [line.text for line in page_lines(page)]


def pdf_texts(path: Path) -> list[list[str]]:
    """Return the runs of text of every page."""
    return [[line.text for line in lines] for lines in pdf_lines(path)]


def pdf_lines(path: Path) -> list[list[Line]]:
    """Return the runs of text of every page with their places; the tables of each font are read once."""
    fonts: dict[tuple[int, int], Font] = {}
    with pikepdf.open(path) as pdf:
        return [page_lines(page, fonts) for page in pdf.pages]


def page_lines(  # noqa: C901 - one case an operator
    page: pikepdf.Page, known: "dict[tuple[int, int], Font] | None" = None
) -> list[Line]:
    """Return every run of text with its place on the page; the halo of a text is a run of its own.

    ``known`` keeps the fonts of one document from page to page.
    """
    known = {} if known is None else known
    fonts = {}
    for name, font in page.resources.Font.items():
        if font.objgen not in known or font.objgen == (0, 0):
            known[font.objgen] = Font(font)
        fonts[name] = known[font.objgen]
    high = float(page.mediabox[3])
    lines: list[Line] = []
    kept: list[tuple[np.ndarray, Any, float, int]] = []
    ctm, font, size, mode, text = np.eye(3), None, 0.0, 0, np.eye(3)
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "q":
                kept.append((ctm, font, size, mode))
            case "Q":
                ctm, font, size, mode = kept.pop()
            case "cm":
                ctm = _matrix(*map(float, operands)) @ ctm
            case "BT":
                text = np.eye(3)
            case "Tf":
                font, size = fonts[str(operands[0])], float(operands[1])
            case "Tr":
                mode = int(operands[0])
            case "Td":
                text = _matrix(1, 0, 0, 1, *map(float, operands)) @ text
            case "Tm":
                text = _matrix(*map(float, operands))
            case "Tj" if font:
                place = text @ ctm
                shown, width = font.read(bytes(operands[0]))
                lines.append(
                    Line(
                        shown,
                        float(place[2, 0]) * POINT_MM,
                        (high - float(place[2, 1])) * POINT_MM,
                        width * size * POINT_MM,
                        size,
                        font.name,
                        upright=bool(abs(place[0, 1]) < 1e-6),
                        halo=mode == STROKED,
                    )
                )
    return lines


def _matrix(a: float, b: float, c: float, d: float, e: float, f: float) -> np.ndarray:
    return np.array([[a, b, 0], [c, d, 0], [e, f, 1]])
