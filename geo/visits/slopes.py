"""How much a straight way climbs, by a raster of heights."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.vrt import WarpedVRT

from geo.errors import LayerError, MissingCrs, OutsideDistrict
from geo.visits.stops import Places
from geo.visits.task import Floats

_CELL_M = 100.0  # finer heights would count the noise of the raster as climbs
_CELLS = 4_000_000
_LEAST, _HIGHEST = -500.0, 9000.0  # metres; there is no land beyond
_STEP_M = 200.0
_MOST_STEPS = 24
_AT_ONCE = 4_000_000  # heights looked up in one go


@dataclass(frozen=True)
class Heights:
    """Heights in metres on a grid of the measuring CRS; missing where unknown."""

    metres: NDArray[np.float32]
    transform: Affine
    name: str


def check_heights(path: Path) -> None:
    """Look whether a raster of heights can be used at all.

    Raises
    ------
    LayerError
        When it cannot be read or holds no heights in metres.
    MissingCrs
        When it does not say where it lies.
    """
    try:
        with rasterio.open(path) as file:
            if file.crs is None:
                raise MissingCrs(
                    f"Berkas ketinggian {path.name} tidak menyebut sistem koordinatnya (CRS). Simpan ulang sebagai "
                    f"GeoTIFF dengan CRS."
                )
            if file.count != 1:
                raise LayerError(
                    f"Berkas ketinggian {path.name} memuat {file.count} lapis; yang diminta satu lapis tinggi dalam "
                    f"meter (DEM)."
                )
    except (RasterioError, OSError, ValueError) as fault:
        raise _unreadable(path) from fault


def read_heights(path: Path, places: Places, measuring: CRS) -> Heights:
    """Read the heights around places, as means of cells of some 100 m.

    Raises
    ------
    LayerError
        When the raster cannot be read, holds no heights in metres, or does not cover the places.
    """
    check_heights(path)
    known = places.known
    west, east = places.x[known].min() - 1000, places.x[known].max() + 1000
    south, north = places.y[known].min() - 1000, places.y[known].max() + 1000
    cell = max(_CELL_M, float(np.sqrt((east - west) * (north - south) / _CELLS)))
    width, height = int(np.ceil((east - west) / cell)), int(np.ceil((north - south) / cell))
    transform = Affine(cell, 0, west, 0, -cell, north)
    try:
        with (
            rasterio.open(path) as file,
            WarpedVRT(
                file,
                crs=measuring.to_wkt(),
                transform=transform,
                width=width,
                height=height,
                resampling=Resampling.average,
                nodata=file.nodata if file.nodata is not None else -32768.0,
                dtype="float32",
            ) as warped,
        ):
            raw = warped.read(1, masked=True)
    except (RasterioError, OSError, ValueError) as fault:
        raise _unreadable(path) from fault
    metres = np.ma.filled(raw.astype(np.float32), np.nan)
    metres[~np.isfinite(metres)] = np.nan
    if np.nanmin(metres, initial=0) < _LEAST or np.nanmax(metres, initial=0) > _HIGHEST:
        raise LayerError(
            f"Berkas ketinggian {path.name} memuat nilai yang bukan tinggi dalam meter. Pakai DEM dengan satuan meter."
        )
    heights = Heights(metres, transform, path.name)
    if np.isnan(_heights_at(heights, places.x[known], places.y[known])).mean() > 1 / 2:
        raise OutsideDistrict(
            f"Berkas ketinggian {path.name} tidak menutup sebagian besar rumah yang hendak dikunjungi. Pakai DEM yang "
            f"mencakup seluruh kabupaten."
        )
    return heights


def climbs(heights: Heights, places: Places) -> tuple[Floats, float]:
    """Return metres of climb from each place to each along the straight line, and the share of known heights.

    Heights are taken at most every 200 m, at some 24 points of a way; an unknown one counts as on the level.
    """
    count = len(places)
    up = np.zeros((count, count))
    row, column = np.triu_indices(count, 1)
    metres = np.hypot(places.x[row] - places.x[column], places.y[row] - places.y[column])
    steps = np.clip(np.ceil(metres / _STEP_M), 1, _MOST_STEPS).astype(int)
    seen = missing = 0
    for number in np.unique(steps):
        lines = np.flatnonzero(steps == number)
        share = np.linspace(0, 1, number + 1)
        for part in np.array_split(lines, len(lines) * (number + 1) // _AT_ONCE + 1):
            a, b = row[part], column[part]
            x = places.x[a, None] + (places.x[b] - places.x[a])[:, None] * share
            y = places.y[a, None] + (places.y[b] - places.y[a])[:, None] * share
            found = _heights_at(heights, x, y)
            seen, missing = seen + found.size, missing + int(np.isnan(found).sum())
            rises = np.nan_to_num(np.diff(found, axis=1))
            up[a, b] = np.maximum(rises, 0).sum(axis=1)
            up[b, a] = np.maximum(-rises, 0).sum(axis=1)
    return up, 1 - missing / max(seen, 1)


def _heights_at(heights: Heights, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    columns, rows = ~heights.transform @ (x, y)
    height, width = heights.metres.shape
    columns = np.clip(np.nan_to_num(columns), 0, width - 1).astype(int)
    rows = np.clip(np.nan_to_num(rows), 0, height - 1).astype(int)
    return np.asarray(heights.metres[rows, columns])


def _unreadable(path: Path) -> LayerError:
    return LayerError(
        f"Berkas ketinggian {path.name} (visits.dem) tidak dapat dibaca sebagai raster. Periksa nama dan isinya, atau "
        f"kosongkan setelan itu."
    )
