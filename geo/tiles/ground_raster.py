"""The ground of a district prepared once: land cover and relief on the pixels of web maps, in one raster."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from rasterio.enums import Resampling
from rasterio.vrt import WarpedVRT
from rasterio.warp import reproject, transform_bounds
from rasterio.windows import Window

from geo.crs import STORING, WEB_MERCATOR
from geo.landcover import AROUND_M
from geo.landcover.mosaic import Mosaic, open_mosaic
from geo.tiles.ground import EARTH_M, FIRST_ZOOM, TILE, numbers
from geo.tiles.relief import FLAT, relief

FINEST_ZOOM = 14
"""Prepared no finer: a pixel is then 9.6 m at the equator, as large as a cell of the usual land cover."""

MOST_PIXELS = 100_000_000

_ALIGNED = 2 ** (
    FINEST_ZOOM - FIRST_ZOOM
)  # pixels, so that a pixel of any zoom is whole ones of the prepared
_BLOCK = 1024

Box = tuple[float, float, float, float]


def prepare_ground(target: Path, bounds: Box, land_cover: Sequence[Path], dem: Path | None = None) -> None:
    """Write the ground of a district as one raster in Web Mercator; it appears whole or not at all.

    Parameters
    ----------
    target
        A GeoTIFF of numbers of the palette, 0 where there is no data.
    bounds
        West, south, east, north of the district (degrees, WGS 84); three kilometres around it are drawn too.
    land_cover, dem
        Classes of ESA WorldCover; heights in metres. Either may be absent.

    Raises
    ------
    LayerError
        When a raster cannot be read, or its classes are others.
    """
    grid = _grid(bounds)
    building = target.with_name(f".{target.name}.{os.getpid()}.tif")
    profile = {
        "driver": "GTiff", "dtype": "uint8", "count": 1, "nodata": 0, "crs": WEB_MERCATOR, "transform": grid.transform,
        "width": grid.width, "height": grid.height, "tiled": True, "blockxsize": 512, "blockysize": 512,
        "compress": "deflate", "bigtiff": "if_safer",
    }  # fmt: skip
    try:
        with ExitStack() as open_files:
            mosaic = open_mosaic([str(path) for path in land_cover]) if land_cover else None
            heights = _heights(open_files, dem, grid) if dem else None
            out = open_files.enter_context(rasterio.open(building, "w", **profile))
            for block in grid.blocks():
                out.write(_numbers(grid, block, mosaic, heights), 1, window=block)
        with rasterio.open(building, "r+") as out:
            out.update_tags(1, zoom=str(grid.zoom))
            out.build_overviews([2**step for step in range(1, grid.zoom - FIRST_ZOOM + 1)], Resampling.mode)
        building.replace(target)
    finally:
        building.unlink(missing_ok=True)


@dataclass(frozen=True)
class _Grid:
    zoom: int
    left: int
    top: int
    width: int
    height: int

    @property
    def pixel_m(self) -> float:
        return float(EARTH_M / (TILE * 2**self.zoom))

    @property
    def transform(self) -> Affine:
        return self.at(0, 0)

    def at(self, column: int, row: int) -> Affine:
        """Return the transform of a part of the grid that begins there."""
        west, north = -EARTH_M / 2, EARTH_M / 2
        pixel = self.pixel_m
        return Affine(
            pixel, 0, west + (self.left + column) * pixel, 0, -pixel, north - (self.top + row) * pixel
        )

    def blocks(self) -> Iterator[Window]:
        for row in range(0, self.height, _BLOCK):
            for column in range(0, self.width, _BLOCK):
                yield Window(column, row, min(_BLOCK, self.width - column), min(_BLOCK, self.height - row))


def _grid(bounds: Box) -> _Grid:
    """Return the finest grid around a district that is not too large."""
    west, south, east, north = transform_bounds(STORING, WEB_MERCATOR, *bounds)
    edges = np.array([west - AROUND_M, -north - AROUND_M, east + AROUND_M, -south + AROUND_M]) + EARTH_M / 2
    for zoom in range(FINEST_ZOOM, FIRST_ZOOM - 1, -1):
        pixels = edges / EARTH_M * TILE * 2**zoom / _ALIGNED
        left, top = (np.floor(pixels[:2]) * _ALIGNED).astype(int).tolist()
        right, bottom = (np.ceil(pixels[2:]) * _ALIGNED).astype(int).tolist()
        if (right - left) * (bottom - top) <= MOST_PIXELS:
            break
    return _Grid(zoom, left, top, right - left, bottom - top)


def _numbers(grid: _Grid, block: Window, mosaic: Mosaic | None, heights: WarpedVRT | None) -> np.ndarray:
    """Return the numbers in the palette of a block."""
    shape = block.height, block.width
    classes = np.zeros(shape, dtype=np.uint8) if mosaic is None else _classes(grid, block, mosaic)
    shades, known = np.full(shape, FLAT, dtype=np.uint8), np.zeros(shape, dtype=bool)
    if heights is not None:
        wider = Window(block.col_off, block.row_off, block.width + 2, block.height + 2)
        metres = heights.read(1, window=wider, masked=True).filled(np.nan)
        latitude = transform_bounds(WEB_MERCATOR, STORING, *_box(grid, block))[1::2]
        shades, known = relief(metres, grid.pixel_m * float(np.cos(np.radians(np.mean(latitude)))))
    return numbers(classes, shades, known)


def _classes(grid: _Grid, block: Window, mosaic: Mosaic) -> np.ndarray:
    found = np.zeros((block.height, block.width), dtype=np.uint8)
    window = mosaic.window(transform_bounds(WEB_MERCATOR, mosaic.crs, *_box(grid, block)))
    if window is None:
        return found
    first_row, last_row, first_column, last_column = window
    cells = mosaic.read(slice(first_row, last_row), slice(first_column, last_column))
    reproject(
        cells, found, src_transform=mosaic.transform @ Affine.translation(first_column, first_row), src_crs=mosaic.crs,
        src_nodata=0, dst_transform=grid.at(block.col_off, block.row_off), dst_crs=WEB_MERCATOR, dst_nodata=0,
        resampling=Resampling.nearest if grid.zoom == FINEST_ZOOM else Resampling.mode,
    )  # fmt: skip
    return found


def _heights(open_files: ExitStack, dem: Path, grid: _Grid) -> WarpedVRT:
    """Return the heights on the grid, one pixel wider on every side."""
    file = open_files.enter_context(rasterio.open(dem))
    vrt = WarpedVRT(
        file, crs=WEB_MERCATOR, transform=grid.at(-1, -1), width=grid.width + 2, height=grid.height + 2,
        resampling=Resampling.bilinear, dtype="float32", nodata=file.nodata if file.nodata is not None else -32768,
    )  # fmt: skip
    return open_files.enter_context(vrt)


def _box(grid: _Grid, block: Window) -> Box:
    west, north = grid.at(block.col_off, block.row_off) @ (0, 0)
    east, south = grid.at(block.col_off, block.row_off) @ (block.width, block.height)
    return west, south, east, north
