"""Reads what stands on the pages of a PDF: texts and paths in millimetres from the upper left corner, and maps."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pikepdf
from pyproj import Transformer

from scripts.book_checks.fonts import Font

MM = 25.4 / 72
HIGH, DEEP = 0.729, 0.2
"""Of DejaVu: height of figures and capitals over the baseline, and depth of tails below it, by the size."""

UPRIGHT = 1e-6
_TAILS = re.compile(r"[gjpqy,;()Q_]")
_PAINTS = {"S": "s", "s": "s", "f": "f", "f*": "f", "F": "f", "B": "b", "B*": "b", "b": "b", "b*": "b"}
_ARGUMENTS = {"g": 1, "rg": 3, "G": 1, "RG": 3}


class Text(NamedTuple):
    """A run of text: where its baseline begins (mm), its width (mm), size (points), and how it is set."""

    text: str
    x: float
    y: float
    width: float
    size: float
    bold: bool
    turn: tuple[float, float]
    halo: bool

    @property
    def upright(self) -> bool:
        """Whether it reads from left to right."""
        return abs(self.turn[1]) < UPRIGHT

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what is inked."""
        size = self.size * MM
        deep = DEEP * size if _TAILS.search(self.text) else 0.0
        along, across = np.array(self.turn) * (1, -1), np.array(self.turn[::-1]) * (-1, -1)
        ends = np.array(
            [
                (self.x, self.y) + run * self.width * along + rise * across
                for run in (0, 1)
                for rise in (-deep, HIGH * size)
            ]
        )
        low, high = ends.min(axis=0).tolist(), ends.max(axis=0).tolist()
        return low[0], low[1], high[0], high[1]

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of its inked box."""
        left, top, right, bottom = self.box
        return (left + right) / 2, (top + bottom) / 2


class Trace(NamedTuple):
    """A run of straight lines (n, 2) in millimetres: stroked (``s``), filled (``f``) or both (``b``)."""

    xy: np.ndarray
    paint: str
    closed: bool
    fill: tuple[float, ...]
    clipped: bool


@dataclass(frozen=True)
class View:
    """A georeferenced map on a page, as a reader of ISO 32000 measures sees it.

    ``box`` is left, top, right, bottom (mm); ``name`` what it is called; ``local`` places on its unit square (from the
    lower left corner) and ``lat_lon`` their positions; ``epsg`` its grid.
    """

    name: str
    box: tuple[float, float, float, float]
    local: np.ndarray
    lat_lon: np.ndarray
    epsg: int

    @cached_property
    def ground(self) -> np.ndarray:
        """The told positions in metres of the grid."""
        return to_grid(self.lat_lon[:, ::-1], self.epsg)

    @cached_property
    def fit(self) -> np.ndarray:
        """The affine (3, 2) that turns places on the page (x, y, 1; mm) into metres."""
        left, top, right, bottom = self.box
        page = (left, bottom) + self.local * (right - left, top - bottom)
        return np.asarray(
            np.linalg.lstsq(np.column_stack([page, np.ones(len(page))]), self.ground, rcond=None)[0]
        )

    def to_ground(self, page: np.ndarray) -> np.ndarray:
        """Turn places on the page (n, 2; mm) into metres."""
        return np.asarray(np.column_stack([page, np.ones(len(page))]) @ self.fit)

    def to_page(self, ground: np.ndarray) -> np.ndarray:
        """Turn metres (n, 2) into places on the page (mm)."""
        return np.asarray((ground - self.fit[2]) @ np.linalg.inv(self.fit[:2]))

    def holds(self, page: np.ndarray, more: float = 0.0) -> np.ndarray:
        """Tell which places (n, 2; mm) lie inside, or so many millimetres beyond."""
        low, high = np.split(np.array(self.box), 2)
        return np.asarray(((page >= low - more) & (page <= high + more)).all(axis=1))


@dataclass(frozen=True)
class Page:
    """A page: its number from 1, kind and sheet as the book tells them, size (mm), and everything on it."""

    number: int
    kind: str
    sheet: str
    size: tuple[float, float]
    texts: tuple[Text, ...]
    paths: tuple[Trace, ...]
    views: tuple[View, ...]


def to_grid(lon_lat: np.ndarray, epsg: int) -> np.ndarray:
    """Project degrees (n, 2) to metres of a grid."""
    change = Transformer.from_crs(4326, epsg, always_xy=True)
    return np.column_stack(change.transform(lon_lat[:, 0], lon_lat[:, 1]))


def read_pages(path: Path) -> Iterator[Page]:
    """Read a book page by page."""
    fonts: dict[Any, Font] = {}
    with pikepdf.open(path) as pdf:
        for number, page in enumerate(pdf.pages, start=1):
            private = page.obj.PieceInfo["/PetaSasaran"].Private
            texts, paths = _Reader(page, fonts).read()
            high = float(page.mediabox[3])
            size = float(page.mediabox[2]) * MM, high * MM
            views = tuple(_view(told, high) for told in page.obj.get("/VP", []))
            yield Page(number, str(private.Kind), str(private.Sheet), size, tuple(texts), tuple(paths), views)


def _view(told: Any, high: float) -> View:  # noqa: ANN401
    box = _figures(told.BBox)
    left, right = sorted(box[[0, 2]] * MM)
    top, bottom = sorted((high - box[[1, 3]]) * MM)
    measure = told.Measure
    local = _figures(measure.LPTS).reshape(-1, 2)
    lat_lon = _figures(measure.GPTS).reshape(-1, 2)
    return View(str(told.get("/Name", "")), (left, top, right, bottom), local, lat_lon, int(measure.GCS.EPSG))


def _figures(array: Any) -> np.ndarray:  # noqa: ANN401
    return np.array([float(value) for value in array])


class _Reader:
    """Follows the operators of one page."""

    def __init__(self, page: pikepdf.Page, fonts: dict[Any, Font]) -> None:
        self._page = page
        self._high = float(page.mediabox[3])
        self._fonts = {}
        for name, font in page.resources.Font.items():
            if font.objgen not in fonts:
                fonts[font.objgen] = Font(font)
            self._fonts[name] = fonts[font.objgen]

    def read(self) -> tuple[list[Text], list[Trace]]:  # noqa: C901, PLR0912, PLR0915  -- one case an operator
        texts: list[Text] = []
        paths: list[Trace] = []
        kept: list[tuple[Any, ...]] = []
        ctm, line = np.eye(3), np.eye(3)
        font, size, mode, clipped = "", 0.0, 0, False
        fill: tuple[float, ...] = (0.0,)
        runs: list[tuple[list[float], bool]] = []
        instructions: list[Any] = pikepdf.parse_content_stream(self._page)
        for operands, operator in instructions:
            name = str(operator)
            if name in {"m", "l"}:
                if name == "m":
                    runs.append(([], False))
                runs[-1][0].extend((float(operands[0]), float(operands[1])))
            elif name == "h":
                runs[-1] = runs[-1][0], True
            elif name == "re":
                x, y, wide, high = map(float, operands)
                runs.append(([x, y, x + wide, y, x + wide, y + high, x, y + high], True))
            elif name in _PAINTS:
                paths.extend(
                    Trace(self._mm(np.array(run).reshape(-1, 2), ctm), _PAINTS[name], closed, fill, clipped)
                    for run, closed in runs
                )
                runs = []
            elif name == "n":
                runs = []
            elif name in {"W", "W*"}:
                clipped = True
            elif name == "q":
                kept.append((ctm, font, size, mode, fill, clipped))
            elif name == "Q":
                ctm, font, size, mode, fill, clipped = kept.pop()
            elif name == "cm":
                ctm = _matrix(operands) @ ctm
            elif name == "BT":
                line = np.eye(3)
            elif name == "Tf":
                font, size = str(operands[0]), float(operands[1])
            elif name == "Tr":
                mode = int(operands[0])
            elif name == "Td":
                line = _matrix([1, 0, 0, 1, *operands]) @ line
            elif name == "Tm":
                line = _matrix(operands)
            elif name == "Tj":
                shown, width = self._fonts[font].read(bytes(operands[0]))
                place = line @ ctm
                x, y = self._mm(place[2:, :2], np.eye(3))[0].tolist()
                along, up = (place[0, :2] / np.hypot(*place[0, :2])).tolist()
                bold = self._fonts[font].bold
                wide = width * size * MM
                texts.append(Text(shown, x, y, wide, size, bold, (along, up), halo=mode == 1))
            elif name in {"TJ", "'", '"', "c", "v", "y"}:
                raise ValueError(f"An operator that this reader does not follow: {name}")
            elif name in {"g", "rg"}:
                fill = tuple(map(float, operands))
        return texts, paths

    def _mm(self, points: np.ndarray, ctm: np.ndarray) -> np.ndarray:
        moved = points @ ctm[:2, :2] + ctm[2, :2]
        return np.asarray((moved * (1, -1) + (0, self._high)) * MM)


def _matrix(values: Any) -> np.ndarray:  # noqa: ANN401
    a, b, c, d, e, f = map(float, values)
    return np.array([[a, b, 0], [c, d, 0], [e, f, 1]])
