"""The form of a list page: its columns on each paper, and which rows stand on which page."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from geo.atlas.paper.layout import MARGIN, Rect, paper_size
from geo.outcomes import OUTCOMES

ROW_MM = 7.5
"""Room to write by hand with a pen."""

HEADING_MM, TABLE_HEADING_MM, FOOT_MM = 31.0, 15.5, 8.5
BOX_MM = 6.0
"""Width of the column of one outcome."""

_FIXED = {
    "label": 11.5,
    "turn": 8.0,
    "cell": 11.0,
    "who": 0.0,
    "place": 19.0,
    "members": 7.0,
    "words": 15.5,
    **dict.fromkeys(OUTCOMES, BOX_MM),
    "notes": 0.0,
    "sign": 14.0,
}
_WHO = {True: 0.53, False: 0.0}
"""Which part of what is left goes to name and address; the rest to the notes."""


@dataclass(frozen=True)
class ListForm:
    """Where everything stands on a list page, in millimetres from the upper left corner.

    Attributes
    ----------
    page
        Width and height of the upright page.
    columns
        Left edge and width of each column, from left to right: ``label`` (number), ``turn`` (for a day's visits),
        ``cell``, ``who`` (name over address; with names only), ``place`` (RT/RW over dusun), ``members``, ``words``
        (needs), the outcomes, ``notes`` and ``sign``.
    top
        Upper edge of the first row.
    capacity
        Rows of a page; the heading of a group takes one.
    paths
        Keeps the lines of pages that look alike, once they were traced.
    """

    page: tuple[float, float]
    columns: dict[str, tuple[float, float]]
    top: float
    capacity: int
    paths: dict[bytes, tuple[str, ...]] = field(default_factory=dict, compare=False)

    @property
    def header(self) -> Rect:
        """The room of the page's heading."""
        return Rect(MARGIN, MARGIN, self.page[0] - 2 * MARGIN, HEADING_MM)

    @property
    def bottom(self) -> float:
        """The lower edge of the last row."""
        return self.top + self.capacity * ROW_MM


def list_form(paper: str, *, names: bool, turns: bool) -> ListForm:
    """Return the form of the list pages of a book.

    Parameters
    ----------
    paper
        A key of ``geo.atlas.paper.layout.PAPERS``.
    names
        Whether names and addresses stand in it; else their room goes to the notes.
    turns
        Whether the place in a day's visits stands in it.

    Raises
    ------
    SettingsError
        When the paper is not known.

    Examples
    --------
    >>> [list_form(paper, names=True, turns=False).capacity for paper in ("A4", "F4", "A3")]
    [30, 34, 46]
    """
    width, height = page = paper_size(paper)
    widths = {name: fixed for name, fixed in _FIXED.items() if name != "turn" or turns}
    if not names:
        del widths["who"]
    free = width - 2 * MARGIN - sum(widths.values())
    widths |= {"who": _WHO[names] * free} if names else {}
    widths["notes"] = (1 - _WHO[names]) * free
    starts = MARGIN + np.concatenate([[0.0], np.cumsum([*widths.values()])])
    columns = {name: (float(left), wide) for (name, wide), left in zip(widths.items(), starts, strict=False)}
    top = MARGIN + HEADING_MM + TABLE_HEADING_MM
    return ListForm(page, columns, top, int((height - MARGIN - FOOT_MM - top) / ROW_MM))


def paginate(groups: np.ndarray, capacity: int, *, headed: bool = False) -> list[slice]:
    """Divide a list into pages, each row on exactly one of them and in order; an empty list has one empty page.

    Parameters
    ----------
    groups
        For each row the group it belongs to; those of one group stand together.
    capacity
        Rows of a page, at least two.
    headed
        Each group has a heading that takes the room of a row, stands with its first row, and is repeated on every
        page that the group goes on to.

    Examples
    --------
    >>> paginate(np.array([0, 0, 0, 1, 1]), 4, headed=True)
    [slice(0, 3, None), slice(3, 5, None)]
    >>> paginate(np.zeros(5, dtype=int), 4)
    [slice(0, 4, None), slice(4, 5, None)]
    """
    groups = np.asarray(groups)
    if not headed:
        return [
            slice(start, min(start + capacity, len(groups))) for start in range(0, len(groups), capacity)
        ] or [slice(0, 0)]
    pages, begin, room = [], 0, capacity
    edges = [0, *(np.flatnonzero(groups[1:] != groups[:-1]) + 1).tolist(), len(groups)]
    for start, stop in pairwise(edges):
        row = start
        while row < stop:
            if room < 2:  # noqa: PLR2004  -- the heading and a row
                pages.append(slice(begin, row))
                begin, room = row, capacity
            taken = min(stop - row, room - 1)
            row, room = row + taken, room - 1 - taken
    return [*pages, slice(begin, len(groups))]
