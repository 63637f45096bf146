"""Houses of one desa as a map needs them: their marks, and the numbers that find room on it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.atlas.listing import IN_NEED
from geo.atlas.paper.frame import Frame
from geo.atlas.planning.labels import NUMBER_MM, PIXEL_MM, Room
from geo.atlas.planning.placing import Placed, place_numbers
from geo.atlas.planning.plan import Labels, View
from geo.atlas.planning.spots import Spots, make_spots
from geo.atlas.sheet.symbols import MARK_MM

SMALL_MM = 1.1
"""Room for the mark of a house without need, or of one not chosen."""

_ALONG = np.linspace(0, 1, 40)

Widths = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class Ground:
    """What stands in one desa.

    Attributes
    ----------
    spots
        Where numbers of chosen houses are wanted.
    xy, number, needy
        Of the whole book's table: metres (n, 2), number, and whether the mark is a large one.
    others
        Places in the book's table of the houses of this desa that are not chosen.
    label_widths
        Width in millimetres of texts as numbers are set.
    """

    spots: Spots
    xy: np.ndarray
    number: np.ndarray
    needy: np.ndarray
    others: np.ndarray
    label_widths: Widths

    def place(
        self, frame: Frame, spots: Spots, *, all_or_none: bool, among: bool = False, lenient: bool = False
    ) -> Placed:
        """Find room for the numbers of some spots on a map.

        ``among``: numbers keep off the marks of all chosen houses, not only of those whose number stands here;
        ``lenient``: they may even cover those.
        """
        room = Room(frame.map)
        own = self.spots.houses if among else spots.houses
        around = self.others if among else np.concatenate([self.others, self.spots.houses])
        take_marks(room, frame, self.xy[around], self.needy[around], rather=True)
        take_marks(room, frame, self.xy[own], self.needy[own], rather=lenient)
        numbered = self.xy[self.spots.houses]
        numbered = numbered[shown_in(frame, numbered)]
        return place_numbers(
            room,
            frame.on_paper(spots.xy),
            spots.sizes,
            rivals=frame.on_paper(numbered),
            all_or_none=all_or_none,
        )

    def coarser(self, spots: Spots, spot_m: float) -> Spots:
        """Gather houses that stand within so many metres under one label, though they are not on one spot."""
        houses = np.sort(spots.houses)
        one_desa = np.zeros(len(houses), dtype=int)
        return make_spots(
            houses, one_desa, self.number[houses], self.xy[houses], self.label_widths, spot_m=spot_m, own=1
        )


def take_marks(room: Room, frame: Frame, xy: np.ndarray, needy: np.ndarray, *, rather: bool) -> None:
    """Keep labels off the marks of houses (metres, n, 2), as far as they stand in the frame."""
    inside = shown_in(frame, xy)
    paper, large = frame.on_paper(xy[inside]), needy[inside]
    room.take_marks(paper[~large], SMALL_MM, rather=rather)
    room.take_marks(paper[large], MARK_MM, rather=rather)


def shown_in(frame: Frame, xy: np.ndarray) -> np.ndarray:
    """Return which places (metres, n, 2) stand in a frame."""
    west, south, east, north = frame.bounds
    inside = (xy[:, 0] >= west) & (xy[:, 0] <= east) & (xy[:, 1] >= south) & (xy[:, 1] <= north)
    return np.asarray(inside)


def as_view(frame: Frame, letter: str, spots: Spots, placed: Placed) -> View:
    """Put a map and the numbers that found room on it into the plan's words, a label a row of text."""
    rows = [spots.rows[spot] for spot in placed.which.tolist()]
    counts = np.array([len(row) for row in rows], dtype=int)
    line = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    texts = tuple(text for row in rows for text in row)
    width = np.repeat(spots.sizes[placed.which, 0], counts)
    return View(
        frame,
        letter,
        spots.members(placed.which),
        Labels(
            np.repeat(spots.first[placed.which], counts),
            texts,
            np.repeat(placed.corner, counts, axis=0) + np.column_stack([0 * line, NUMBER_MM * line]),
            np.column_stack([width, np.full(len(width), NUMBER_MM)]),
            np.repeat(placed.leader, counts) & (line == 0),
        ),
    )


def room_of(view: View, listed: pd.DataFrame) -> Room:
    """Return what is still free on a planned map: for names, after marks, numbers and their leaders.

    Parameters
    ----------
    view
        A map of the plan.
    listed
        The book's table, or the part of it whose marks the map shows (with the index of the whole): ``x``, ``y``,
        ``need``, ``chosen``.
    """
    room = Room(view.frame.map)
    shown = listed[listed["x"].notna()]
    xy, chosen = shown[["x", "y"]].to_numpy(), shown["chosen"].to_numpy(dtype=bool)
    needy = (shown["need"] < IN_NEED).to_numpy()
    take_marks(room, view.frame, xy[~chosen], needy[~chosen], rather=True)
    take_marks(room, view.frame, xy[chosen], needy[chosen], rather=False)
    labels = view.labels
    for (left, top), (width, height) in zip(labels.corner.tolist(), labels.size.tolist(), strict=True):
        room.fill(left, top, width, height)
    starts, ends = leaders(view, listed)
    room.take_marks((starts[:, None] + _ALONG[:, None] * (ends - starts)[:, None]).reshape(-1, 2), PIXEL_MM)
    return room


def leaders(view: View, listed: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return where the leader lines of a map start, at their marks, and end, at their labels: each (n, 2) in mm."""
    labels = view.labels
    marks = listed.loc[labels.member[labels.leader], ["x", "y"]].to_numpy(dtype=float)
    starts = view.frame.on_paper(marks.reshape(-1, 2))
    low = labels.corner[labels.leader]
    return starts, np.clip(starts, low, low + labels.size[labels.leader])
