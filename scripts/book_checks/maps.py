"""Reads the maps of a page as a person does: scale, grid names and coordinates in the collar, numbers, marks."""

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scripts.book_checks.pages import Page, Text, View

NUMBER_PT = 7.0
COLLAR_MM, STRIP_MM, MARK_MM, DOT_MM = 5.0, 16.0, 2.7, 0.05
MOST_CORNERS, CORNERS, ENDS = 40, 4, 2
ROWS_APART_MM = 1.5, 3.0
SLACK = 0.05
LABEL = re.compile(r"\d+(–\d+)?(, \d+(–\d+)?)*,?")


Look = tuple[str, int, float, tuple[float, ...]]
"""Of a sign: paint, corners, size (mm), colour."""


@dataclass(frozen=True)
class Label:
    """A number on a map: the numbers that it tells, its text, and the label that it goes on from in the row above."""

    text: Text
    numbers: tuple[int, ...]
    follows: int | None


@dataclass(frozen=True)
class Map:
    """One map of a page with everything in and around it."""

    page: Page
    view: View

    @cached_property
    def letter(self) -> str:
        """What stands in the upper left corner of the collar."""
        left, top, _, _ = self.view.box
        found = [
            text.text
            for text in self.page.texts
            if _inside(text, left - COLLAR_MM, top - COLLAR_MM, left, top)
        ]
        return "".join(found)

    @cached_property
    def columns(self) -> dict[str, float]:
        """Letters over the map, without the map's own, and where each stands (mm)."""
        left, top, right, _ = self.view.box
        over = [text for text in self.page.texts if _inside(text, left, top - COLLAR_MM, right, top)]
        return {text.text.removeprefix(self.letter): text.middle[0] for text in over if text.upright}

    @cached_property
    def rows(self) -> dict[int, float]:
        """Figures left of the map and where each stands (mm)."""
        left, top, _, bottom = self.view.box
        beside = [text for text in self.page.texts if _inside(text, left - COLLAR_MM, top, left, bottom)]
        return {int(text.text): text.middle[1] for text in beside if text.text.isdecimal()}

    @cached_property
    def coordinates(self) -> tuple[np.ndarray, np.ndarray]:
        """Printed eastings and northings (n, 2): place on the page (mm), metres."""
        left, top, right, bottom = self.view.box
        below = [
            text for text in self.page.texts if _inside(text, left - 1, bottom, right + 1, bottom + COLLAR_MM)
        ]
        beside = [
            text for text in self.page.texts if _inside(text, right, top - 1, right + COLLAR_MM, bottom + 1)
        ]
        east = [(text.middle[0], _figure(text.text)) for text in below if text.text.endswith(" mT")]
        north = [(text.middle[1], _figure(text.text)) for text in beside if text.text.endswith(" mU")]
        return np.array(east).reshape(-1, 2), np.array(north).reshape(-1, 2)

    @cached_property
    def strip(self) -> list[Text]:
        """Texts under the map."""
        left, _, right, bottom = self.view.box
        return [
            text
            for text in self.page.texts
            if _inside(text, left - COLLAR_MM, bottom + COLLAR_MM - 1, right + COLLAR_MM, bottom + STRIP_MM)
        ]

    @cached_property
    def scale(self) -> int:
        """The denominator as printed; 0 when none is."""
        return next(
            (int(_figure(text.text[8:])) for text in self.strip if text.text.startswith("Skala 1:")), 0
        )

    @cached_property
    def step(self) -> int:
        """The width of a grid cell as printed; 0 when it cannot be read."""
        found = [re.search(r"petak ([\d.]+) m", text.text) for text in self.strip]
        return next((int(_figure(match[1])) for match in found if match), 0)

    @cached_property
    def labels(self) -> list[Label]:
        """The house numbers, a row of a stacked label each."""
        left, top, right, bottom = self.view.box
        texts = [
            text
            for text in self.page.texts
            if not text.halo
            and text.bold
            and text.upright
            and abs(text.size - NUMBER_PT) < SLACK
            and LABEL.fullmatch(text.text)
            and left - 2 < text.middle[0] < right + 2
            and top - 2 < text.middle[1] < bottom + 2
        ]
        return [Label(text, read_numbers(text.text), _above(text, texts)) for text in texts]

    @cached_property
    def bar(self) -> tuple[float, float] | None:
        """Length of the scale bar in millimetres, and the metres it says; ``None`` without one."""
        ends = [(text, re.fullmatch(r"([\d.,]+) (m|km)", text.text)) for text in self.strip]
        said = [
            (_figure(match[1]) * (1000 if match[2] == "km" else 1), text) for text, match in ends if match
        ]
        if not said or not self.bar_boxes:
            return None
        along = np.concatenate(self.bar_boxes)[:, 0]
        return float(np.ptp(along)), max(said, key=lambda each: each[0])[0]

    @cached_property
    def bar_boxes(self) -> list[np.ndarray]:
        """The parts of the scale bar (mm)."""
        left, _, right, bottom = self.view.box
        return [
            path.xy
            for path in self.page.paths
            if path.paint == "b"
            and len(path.xy) == CORNERS
            and path.xy[:, 1].min() > bottom + COLLAR_MM - 1
            and path.xy[:, 1].max() < bottom + STRIP_MM
            and path.xy[:, 0].min() > left - COLLAR_MM
            and path.xy[:, 0].max() < right + COLLAR_MM
        ]

    @cached_property
    def marks(self) -> tuple[np.ndarray, list[Look]]:
        """Small signs in the map: their middles (n, 2; mm), and the looks of each (paint, corners, size, colour)."""
        middles, looks = [], []
        for path in self.page.paths:
            if not path.clipped or len(path.xy) > MOST_CORNERS:
                continue
            low, high = path.xy.min(axis=0), path.xy.max(axis=0)
            if (high - low).max() < MARK_MM:
                middles.append((low + high) / 2)
                looks.append((path.paint, len(path.xy), round(float((high - low).max()), 1), path.fill))
        found = np.array(middles).reshape(-1, 2)
        inside = self.view.holds(found, MARK_MM)
        return found[inside], [look for look, is_in in zip(looks, inside, strict=True) if is_in]

    @cached_property
    def strokes(self) -> np.ndarray:
        """Straight lines of two ends drawn over the map (n, 2, 2; mm)."""
        found = [path.xy for path in self.page.paths if path.paint == "s" and len(path.xy) == ENDS]
        lines = np.array(found).reshape(-1, 2, 2)
        return np.asarray(lines[self.view.holds(lines[:, 0]) & self.view.holds(lines[:, 1])])


def read_numbers(text: str) -> tuple[int, ...]:
    """Return the numbers that a label tells, ranges in full."""
    ends = [[int(end) for end in part.split("–")] for part in text.rstrip(",").split(", ")]
    return tuple(number for pair in ends for number in range(pair[0], pair[-1] + 1))


def cell_letters(place: int) -> str:
    """Name the column at a place from 0: A ... Z, AA ..."""
    name, rest = "", place + 1
    while rest > 0:
        rest, digit = (rest - 1) // 26, (rest - 1) % 26
        name = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit] + name
    return name


def column_place(name: str) -> int:
    """Return the place from 0 of a column's name."""
    place = 0
    for letter in name:
        place = place * 26 + ord(letter) - 64
    return place - 1


def _above(text: Text, texts: list[Text]) -> int | None:
    for place, other in enumerate(texts):
        below = ROWS_APART_MM[0] < text.y - other.y < ROWS_APART_MM[1]
        if other.text.endswith(",") and abs(other.x - text.x) < SLACK and below:
            return place
    return None


def _figure(text: str) -> float:
    return float(text.split(" ", maxsplit=1)[0].replace(".", "").replace(",", "."))


def _inside(text: Text, left: float, top: float, right: float, bottom: float) -> bool:
    x, y = text.middle
    return left <= x <= right and top <= y <= bottom
