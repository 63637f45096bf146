"""Small land covers of the tests, and the areas of classes counted the slow and certain way."""

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from affine import Affine

from geo.crs import MEASURING
from geo.landcover import CLASSES, LandCover

CELL = 10.0
ORIGIN = (390_000.0, 9_240_000.0)


def cover(cells: np.ndarray, cell: float = CELL) -> LandCover:
    """Return cells in metres, their corner at ``ORIGIN``."""
    transform = Affine(cell, 0, ORIGIN[0], 0, -cell, ORIGIN[1])
    return LandCover(cells.astype("uint8"), transform, MEASURING, "rekaan", "2025")


def boxes(*sides: tuple[float, float, float, float], **options: object) -> gpd.GeoSeries:
    """Return boxes by their west, north, east and south side, in metres from ``ORIGIN``."""
    shapes = [shapely.box(ORIGIN[0] + w, ORIGIN[1] - s, ORIGIN[0] + e, ORIGIN[1] - n) for w, n, e, s in sides]
    return gpd.GeoSeries(shapes, crs=MEASURING, **options)


def overlaid(land: LandCover, polygon: shapely.Geometry) -> np.ndarray:
    """Return the area of each class in a polygon of the raster's CRS, each cell cut with it as a square."""
    west, south, east, north = polygon.bounds
    height, width = land.cells.shape
    (left, top), (right, bottom) = ~land.transform @ (west, north), ~land.transform @ (east, south)
    rows = np.arange(max(int(top) - 1, 0), min(int(bottom) + 2, height))
    columns = np.arange(max(int(left) - 1, 0), min(int(right) + 2, width))
    row, column = (at.ravel() for at in np.meshgrid(rows, columns, indexing="ij"))
    x, y = land.transform @ (column, row)
    squares = shapely.box(x, y + land.transform.e, x + land.transform.a, y)
    shapely.prepare(polygon)
    whole, area = shapely.contains_properly(polygon, squares), np.abs(land.transform.a * land.transform.e)
    parts = np.where(whole, area, 0.0)
    touched = ~whole & shapely.intersects(polygon, squares)
    parts[touched] = shapely.area(shapely.intersection(squares[touched], polygon))
    found = np.bincount(land.cells[row, column], parts, 256)
    return found[list(CLASSES)]


def write_raster(path, cells, transform, crs, nodata=0, **options: object) -> None:
    """Write a GeoTIFF of one band, or of as many as the cells have."""
    bands = cells if cells.ndim == 3 else cells[None]
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=bands.shape[2],
        height=bands.shape[1],
        count=len(bands),
        dtype=bands.dtype,
        crs=crs,
        transform=transform,
        nodata=nodata,
        **options,
    ) as file:
        file.write(bands)
