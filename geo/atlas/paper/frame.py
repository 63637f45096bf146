"""Scale and grid of a map: a piece of ground laid exactly on a rectangle of the page."""

from dataclasses import dataclass

import numpy as np

from geo.atlas.paper.layout import Rect

SCALES = tuple(
    int(figure * power)
    for power in (100, 1_000, 10_000, 100_000, 1_000_000)
    for figure in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5)
)
"""Round denominators that a sheet may have, largest scale first."""

GRID_STEPS_M = (
    2,
    5,
    10,
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
    """A piece of ground on a rectangle of the page (``map``), at an exact scale.

    ``west`` and ``south`` are the map's lower left corner in metres of the measuring CRS, ``step_m`` the width
    of a grid cell; grid lines lie on whole multiples of it.
    """

    map: Rect
    scale: int
    west: float
    south: float
    step_m: int

    @property
    def east(self) -> float:
        """The right edge in metres."""
        return self.west + self.map.width * self.scale / 1000

    @property
    def north(self) -> float:
        """The upper edge in metres."""
        return self.south + self.map.height * self.scale / 1000

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in metres."""
        return self.west, self.south, self.east, self.north

    def on_paper(self, xy: np.ndarray) -> np.ndarray:
        """Turn metres (n, 2) into millimetres on the page, measured from its upper left corner."""
        per_metre = 1000 / self.scale
        origin = np.array([self.map.left, self.map.bottom])
        return origin + (np.asarray(xy) - (self.west, self.south)) * (per_metre, -per_metre)

    def grid_lines(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the eastings and northings (metres) of the grid lines inside the frame."""
        return (
            np.arange(np.floor(self.west / self.step_m) + 1, np.ceil(self.east / self.step_m)) * self.step_m,
            np.arange(np.floor(self.south / self.step_m) + 1, np.ceil(self.north / self.step_m))
            * self.step_m,
        )


def frame_for(bounds: tuple[float, float, float, float], map_: Rect, *, largest: int = 1_000) -> Frame:
    """Frame a piece of ground in the middle of a map, at the largest round scale that holds it.

    Parameters
    ----------
    bounds
        West, south, east, north in metres: what must be inside, with a margin of some millimetres.
    map_
        Where the map stands on the page.
    largest
        Denominator of the largest scale; a single house is not drawn larger.
    """
    west, south, east, north = bounds
    least = 1000 * max(
        (east - west) / (map_.width - 2 * PADDING_MM), (north - south) / (map_.height - 2 * PADDING_MM)
    )
    scale = next((scale for scale in SCALES if scale >= max(least, largest)), SCALES[-1])
    width, height = map_.width * scale / 1000, map_.height * scale / 1000
    step = next((step for step in GRID_STEPS_M if step * 1000 / scale >= LEAST_CELL_MM), GRID_STEPS_M[-1])
    return Frame(map_, scale, (west + east - width) / 2, (south + north - height) / 2, step)


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
