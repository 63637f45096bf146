"""Connected areas of a class, and what lies around them, on a grid that always fits in memory."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import rasterio.features
import shapely
from affine import Affine
from pyproj import CRS

from geo.landcover.cells import Cells, row_bands

MOST_CELLS = 36_000_000
"""Of a grid on which areas are sought: a district of some 3 600 km² at 10 m."""

_BAND = 500_000  # cells whose surroundings are sought at once: they stay in the cache of a processor


@dataclass(frozen=True)
class Mask:
    """Where a class is (1) and is not (0)."""

    cells: np.ndarray
    transform: Affine

    def polygons(self, crs: CRS, measuring: CRS) -> gpd.GeoSeries:
        """Return the areas as polygons in the measuring CRS."""
        found = rasterio.features.shapes(self.cells, mask=self.cells == 1, transform=self.transform)
        shapes = [shapely.geometry.shape(polygon) for polygon, _ in found]
        return gpd.GeoSeries(shapes, crs=crs).to_crs(measuring)


def joined_cells(shape: tuple[int, ...]) -> int:
    """Return how many cells of a raster, across and down, make one cell of the grid for areas.

    Examples
    --------
    >>> joined_cells((6_000, 6_000)), joined_cells((23_000, 20_000))
    (1, 4)
    """
    factor = 1
    while -(-shape[0] // factor) * -(-shape[1] // factor) > MOST_CELLS:
        factor += 1
    return factor


def class_mask(cells: Cells, transform: Affine, code: int) -> Mask:
    """Return where a class is; of joined cells, those of which it holds at least half."""
    height, width = cells.shape
    factor = joined_cells(cells.shape)
    if factor == 1:
        parts = [cells[first:end, 0:width] == code for first, end in row_bands(cells)]
        return Mask(np.concatenate(parts).view(np.uint8), transform)
    rows, columns = -(-height // factor), -(-width // factor)
    mask = np.zeros((rows, columns), dtype=np.uint8)
    for first, end in row_bands(cells, factor):
        band = np.zeros((-(-(end - first) // factor) * factor, columns * factor), dtype=bool)
        band[: end - first, :width] = cells[first:end, 0:width] == code
        # row by row of a joined cell: the sum over two axes at once is ten times slower
        held = band.reshape(-1, factor, columns * factor).sum(axis=1, dtype=np.uint16)
        held = np.add.reduceat(held, np.arange(0, columns * factor, factor), axis=1)
        mask[first // factor : first // factor + len(held)] = 2 * held >= factor * factor
    return Mask(mask, transform @ Affine.scale(factor))


def without_small(mask: Mask, least_cells: int) -> Mask:
    """Leave out areas of fewer cells, and close holes of fewer cells."""
    if least_cells >= mask.cells.size or not mask.cells.any():
        return Mask(np.zeros_like(mask.cells), mask.transform)
    return Mask(np.asarray(rasterio.features.sieve(mask.cells, least_cells)), mask.transform)


def widened(mask: Mask, cell_m: tuple[float, float], reach_m: float) -> Mask:
    """Add all cells whose centre lies within a reach of the centre of one that is in.

    Parameters
    ----------
    cell_m
        Height and width of a cell.

    Notes
    -----
    First how many rows away the next cell of the same column is; then a cell is near when some column so far
    aside has one near enough. For a few hundred metres this is eight times as fast as a distance transform.
    """
    height_m, width_m = cell_m
    height, width = mask.cells.shape
    aside = min(int(reach_m / width_m), width - 1)
    heights = np.sqrt(np.maximum(reach_m**2 - (np.arange(aside + 1) * width_m) ** 2, 0)) / height_m
    enough = np.floor(heights + 1e-9).astype(np.int64)
    away = _rows_away(mask.cells, int(enough[0]) + 1)
    near = np.empty_like(mask.cells)
    step = max(_BAND // width, 1)
    for first in range(0, height, step):
        rows = away[first : first + step]
        found = rows <= enough[0]
        for columns in range(1, aside + 1):
            close = rows <= enough[columns]
            found[:, columns:] |= close[:, :-columns]
            found[:, :-columns] |= close[:, columns:]
        near[first : first + step] = found
    return Mask(near, mask.transform)


def _rows_away(cells: np.ndarray, most: int) -> np.ndarray:
    """Return how many rows lie between each cell and the next one of its column that is in, ``most`` for more."""
    away = np.empty(cells.shape, dtype=np.min_scalar_type(most + 1))
    steps = np.full(cells.shape[1], most, dtype=away.dtype)
    for rows in (range(len(cells)), range(len(cells) - 1, -1, -1)):
        steps[:] = most
        for row in rows:
            steps = np.where(cells[row], 0, np.minimum(steps + 1, most)).astype(away.dtype)
            away[row] = steps if rows.step > 0 else np.minimum(away[row], steps)
    return away
