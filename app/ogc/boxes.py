"""The box that is asked for: four or six numbers in the axis order of their system, also across the antimeridian."""

import math
from dataclasses import dataclass

import numpy as np
import shapely

from app.ogc.faults import Refusal
from app.ogc.references import Reference

_FLAT, _SOLID = 4, 6
_HELP = (
    "«bbox» berisi empat angka (kiri,bawah,kanan,atas) atau enam angka (dengan tinggi sesudah kiri,bawah dan sesudah "
    "kanan,atas), dipisah koma, menurut urutan sumbu sistem koordinatnya."
)


@dataclass(frozen=True)
class Box:
    """A box in a system: ``west > east`` means across the antimeridian."""

    west: float
    south: float
    east: float
    north: float
    reference: Reference

    def parts(self) -> list[tuple[float, float, float, float]]:
        """Return it as boxes none of which crosses the antimeridian."""
        if self.west <= self.east:
            return [(self.west, self.south, self.east, self.north)]
        return [(self.west, self.south, 180.0, self.north), (-180.0, self.south, self.east, self.north)]

    def holds(self, geometry: np.ndarray, bounds: np.ndarray) -> np.ndarray:
        """Tell which geometries it touches; a missing one lies nowhere.

        Parameters
        ----------
        geometry, bounds
            In the box's own system, east first; bounds as :func:`shapely.bounds` tells them.
        """
        found = np.zeros(len(geometry), bool)
        for left, low, right, high in self.parts():
            near = (
                (bounds[:, 0] <= right)
                & (bounds[:, 2] >= left)
                & (bounds[:, 1] <= high)
                & (bounds[:, 3] >= low)
            )
            inside = (
                (bounds[:, 0] >= left)
                & (bounds[:, 2] <= right)
                & (bounds[:, 1] >= low)
                & (bounds[:, 3] <= high)
            )
            edge = np.flatnonzero(near & ~inside)
            found |= inside
            found[edge] |= shapely.intersects(geometry[edge], shapely.box(left, low, right, high))
        return found


def read_box(text: str, reference: Reference) -> Box:
    """Read a box.

    Raises
    ------
    Refusal
        When it is none, or lies outside of what its system can tell.

    Examples
    --------
    >>> from app.ogc.references import references
    >>> crs84, wgs84, *_ = references().values()
    >>> box = read_box("109.5,-7.1,109.7,-6.9", crs84)
    >>> box.west, box.north
    (109.5, -6.9)
    >>> read_box("-7.1,109.5,-6.9,109.7", wgs84).west, len(read_box("170,-7,0,-170,-6,9", crs84).parts())
    (109.5, 2)
    """
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in {_FLAT, _SOLID} or not all(map(math.isfinite, numbers)) or "_" in text:
        raise Refusal(_HELP)
    if len(numbers) == _SOLID:
        if numbers[2] > numbers[5]:
            raise Refusal(f"Tinggi terbawah «bbox» di atas yang teratas. {_HELP}")
        numbers = [*numbers[0:2], *numbers[3:5]]
    if reference.north_first:
        numbers = [numbers[1], numbers[0], numbers[3], numbers[2]]
    west, south, east, north = numbers
    box = Box(west, south, east, north, reference)
    if box.south > box.north:
        raise Refusal(f"Batas bawah (selatan) «bbox» di atas batas atasnya (utara). {_HELP}")
    if not reference.geographic:
        if box.west > box.east:
            raise Refusal(f"Batas kiri (barat) «bbox» di kanan batas kanannya (timur). {_HELP}")
    elif max(abs(box.west), abs(box.east)) > 180 or max(abs(box.south), abs(box.north)) > 90:  # noqa: PLR2004
        raise Refusal(f"«bbox» di luar bumi: bujur −180 sampai 180, lintang −90 sampai 90. {_HELP}")
    return box
