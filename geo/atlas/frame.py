"""Scale and grid of a sheet: a piece of ground laid exactly on the map of a layout."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.atlas.layout import Layout, Rect

SCALES = tuple(
    int(figure * power)
    for power in (1_000, 10_000, 100_000, 1_000_000)
    for figure in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5)
)
"""Round denominators that a sheet may have, largest scale first."""

GRID_STEPS_M = (
    20,
    25,
    50,
    100,
    200,
    250,
    500,
    1_000,
    2_000,
    2_500,
    5_000,
    10_000,
    20_000,
    50_000,
    100_000,
    500_000,
)
LEAST_CELL_MM = 18.0
PADDING_MM = 3.0


@dataclass(frozen=True)
class Frame:
    """A piece of ground on a layout's map, at an exact scale.

    ``west`` and ``south`` are the map's lower left corner in metres of the measuring CRS, ``step_m`` the width
    of a grid cell; grid lines lie on whole multiples of it.
    """

    layout: Layout
    scale: int
    west: float
    south: float
    step_m: int

    @property
    def east(self) -> float:
        """The right edge in metres."""
        return self.west + self.layout.map.width * self.scale / 1000

    @property
    def north(self) -> float:
        """The upper edge in metres."""
        return self.south + self.layout.map.height * self.scale / 1000

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in metres."""
        return self.west, self.south, self.east, self.north

    def on_paper(self, xy: np.ndarray) -> np.ndarray:
        """Turn metres (n, 2) into millimetres on the page, measured from its upper left corner."""
        per_metre = 1000 / self.scale
        origin = np.array([self.layout.map.left, self.layout.map.bottom])
        return origin + (np.asarray(xy) - (self.west, self.south)) * (per_metre, -per_metre)

    def grid_lines(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the eastings and northings (metres) of the grid lines inside the frame."""
        return (
            np.arange(np.floor(self.west / self.step_m) + 1, np.ceil(self.east / self.step_m)) * self.step_m,
            np.arange(np.floor(self.south / self.step_m) + 1, np.ceil(self.north / self.step_m))
            * self.step_m,
        )


def frame_for(bounds: tuple[float, float, float, float], rows: int, choices: Sequence[Layout]) -> Frame:
    """Frame a desa in the layout that shows it best.

    A household that the list cannot hold counts as much as the same share of the scale: a sheet that leaves
    half of its households unlisted must be drawn half again as large to be preferred.

    Parameters
    ----------
    bounds
        West, south, east, north in metres: the desa with every point that counts in it.
    rows
        Households that ask for a row in the list.
    choices
        Layouts to choose from; the earlier one wins a tie.
    """
    west, south, east, north = bounds

    def cost(layout: Layout) -> float:
        return _scale(bounds, layout.map) * (1 + max(0, rows - layout.list_rows) / max(rows, 1))

    layout = min(choices, key=cost)
    scale = _scale(bounds, layout.map)
    width, height = layout.map.width * scale / 1000, layout.map.height * scale / 1000
    step = next((step for step in GRID_STEPS_M if step * 1000 / scale >= LEAST_CELL_MM), GRID_STEPS_M[-1])
    return Frame(layout, scale, (west + east - width) / 2, (south + north - height) / 2, step)


def _scale(bounds: tuple[float, float, float, float], room: Rect) -> int:
    west, south, east, north = bounds
    least = 1000 * max(
        (east - west) / (room.width - 2 * PADDING_MM), (north - south) / (room.height - 2 * PADDING_MM)
    )
    return next((scale for scale in SCALES if scale >= least), SCALES[-1])


def cells(
    xy: np.ndarray, west: np.ndarray, north: np.ndarray, step_m: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return column and row (from 0, from the upper left corner) of the grid cell that holds each point.

    Parameters
    ----------
    xy
        Points (n, 2) in metres of the measuring CRS.
    west, north, step_m
        Left and upper edge and grid step of each point's own frame, in metres.

    Examples
    --------
    >>> column, row = cells(np.array([[1250.0, 1990.0]]), np.array(950.0), np.array(2050.0), np.array(100))
    >>> cell_name(int(column[0]), int(row[0]))
    'D2'
    """
    column = np.floor(xy[:, 0] / step_m) - np.floor(west / step_m)
    row = np.ceil(north / step_m) - 1 - np.floor(xy[:, 1] / step_m)
    return column, row


def cell_name(column: int, row: int) -> str:
    """Name a grid cell as the collar of the map does: letters eastwards, numbers southwards.

    Examples
    --------
    >>> cell_name(0, 0), cell_name(26, 11)
    ('A1', 'AA12')
    """
    letters = ""
    place = column + 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"
