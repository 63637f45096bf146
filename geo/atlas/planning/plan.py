"""What a book will hold, before a line is drawn: its sheets, their maps, and where each number stands."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.atlas.paper.frame import Frame
from geo.atlas.paper.layout import Layout


@dataclass(frozen=True)
class Labels:
    """Numbers that found room on a map, none over another.

    Attributes
    ----------
    member
        Place in the book's table of the household whose mark each label stands at; the first of a stack.
    text
        What is printed: a number, or for houses on one spot their numbers («41-52» with an en dash).
    corner
        Upper left corners (n, 2) in millimetres on the page.
    size
        Widths and heights (n, 2) in millimetres.
    leader
        Whether a line joins the label to its mark.
    """

    member: np.ndarray
    text: tuple[str, ...]
    corner: np.ndarray
    size: np.ndarray
    leader: np.ndarray


@dataclass(frozen=True)
class View:
    """One map on a sheet.

    Attributes
    ----------
    frame
        The ground it shows.
    letter
        ``""`` when it stands alone on its sheet, else a, b, c, d; grid cells are named ``aB4`` then.
    members
        Places in the book's table of the households whose number stands here, in the order of numbers.
    """

    frame: Frame
    letter: str
    members: np.ndarray
    labels: Labels


@dataclass(frozen=True)
class Detail:
    """Where another sheet of the desa shows more: its name («2» or «3a») and its ground (metres)."""

    name: str
    bounds: tuple[float, float, float, float]


@dataclass(frozen=True)
class SheetPlan:
    """One map sheet of a desa.

    Attributes
    ----------
    desa
        Place in the desa table that the book was planned with.
    part, parts
        Place among the map sheets of the desa, from 1, and how many there are.
    views
        One, two or four maps, in the order of ``layout.windows(len(views))`` (a last sheet may leave windows empty:
        then ``layout.windows(windows)``).
    windows
        How many maps the page has room for.
    details
        On the first sheet of a desa that has several: what the others show. On another: empty.
    """

    desa: int
    part: int
    parts: int
    layout: Layout
    windows: int
    views: tuple[View, ...]
    details: tuple[Detail, ...] = ()

    @property
    def members(self) -> np.ndarray:
        """The households whose number stands on this sheet, as places in the book's table, in the order of numbers."""
        return np.sort(np.concatenate([view.members for view in self.views]))


@dataclass(frozen=True)
class DesaPlan:
    """The sheets of one desa, and those of its households that no map can show (places in the book's table)."""

    desa: int
    sheets: tuple[SheetPlan, ...]
    mapless: np.ndarray


@dataclass(frozen=True)
class BookPlan:
    """The whole book.

    Attributes
    ----------
    households
        As ``book_households`` made it, with ``part`` (0 without a map) and ``cell`` («B4», «aB4», empty without a map)
        of the chosen; sorted by desa, then number.
    desa
        One entry a desa of the selection, in the order of ``kode_desa``.
    """

    households: pd.DataFrame
    desa: tuple[DesaPlan, ...]
