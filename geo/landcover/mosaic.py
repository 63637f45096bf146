"""One or several rasters, files or https addresses, opened and checked, as one grid that is read window by window."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import rasterio
from affine import Affine
from pyproj import CRS
from rasterio._err import CPLE_BaseError
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from geo.errors import LayerError, MissingCrs
from geo.landcover.classes import NO_DATA, checked_classes
from geo.settings import is_address

# rasterio silences this by itself, but not where another thread restores its own filters meanwhile
warnings.filterwarnings("ignore", category=NotGeoreferencedWarning)

GDAL_OPTIONS = {
    "GDAL_CACHEMAX": 128,  # MB; a row of blocks of a province is 50. Without it, a share of the machine's memory
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_HTTP_MERGE_CONSECUTIVE_RANGES": "YES",
    "GDAL_HTTP_CONNECTTIMEOUT": 15,
    "GDAL_HTTP_TIMEOUT": 120,
    "GDAL_HTTP_LOW_SPEED_LIMIT": 100,
    "GDAL_HTTP_LOW_SPEED_TIME": 20,
    "GDAL_HTTP_MAX_RETRY": 2,
    "GDAL_HTTP_RETRY_DELAY": 1,
}
"""How rasters are read: https://gdal.org/en/stable/user/configoptions.html."""

_OFF_GRID = 0.02  # of a cell, by which two tiles may miss their common grid


@dataclass(frozen=True)
class _Tile:
    file: DatasetReader
    place: str
    row: int
    column: int

    @property
    def ends(self) -> tuple[int, int]:
        """The row and column after its last."""
        return self.row + int(self.file.height), self.column + int(self.file.width)


@dataclass(frozen=True)
class Mosaic:
    """Tiles on one grid; rows and columns count from the corner of the first one.

    Attributes
    ----------
    transform
        From column and row to the coordinates of ``crs``.
    """

    tiles: tuple[_Tile, ...]
    transform: Affine
    crs: CRS

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of all tiles together, in the CRS."""
        boxes = np.array([tuple(tile.file.bounds) for tile in self.tiles])
        west, south = boxes[:, :2].min(axis=0).tolist()
        east, north = boxes[:, 2:].max(axis=0).tolist()
        return west, south, east, north

    def window(self, bounds: Sequence[float]) -> tuple[int, int, int, int] | None:
        """Return first and last row, first and last column (exclusive) of the tiles' cells in a box, if any."""
        (left, top), (right, bottom) = (
            ~self.transform @ (bounds[0], bounds[3]),
            ~self.transform @ (bounds[2], bounds[1]),
        )
        if not np.isfinite([left, top, right, bottom]).all():
            return None
        first = np.floor([top, left]).astype(int)
        last = np.ceil([bottom, right]).astype(int)
        parts = [
            (np.maximum(first, (tile.row, tile.column)), np.minimum(last, tile.ends)) for tile in self.tiles
        ]
        parts = [(begin, end) for begin, end in parts if (begin < end).all()]
        if not parts:
            return None
        begin = np.min([begin for begin, _ in parts], axis=0).tolist()
        end = np.max([end for _, end in parts], axis=0).tolist()
        return begin[0], end[0], begin[1], end[1]

    def read(self, rows: slice, columns: slice) -> np.ndarray:
        """Return the classes of a window; 0 where no tile has data.

        Raises
        ------
        LayerError
            When a file ends early or an address breaks off, or a cell holds what is no class.
        """
        shape = rows.stop - rows.start, columns.stop - columns.start
        cells = np.full(shape, NO_DATA, dtype=np.uint8)
        for tile in self.tiles:
            top, left = max(rows.start, tile.row), max(columns.start, tile.column)
            bottom, right = np.minimum((rows.stop, columns.stop), tile.ends).tolist()
            if top >= bottom or left >= right:
                continue
            place = Window(left - tile.column, top - tile.row, right - left, bottom - top)
            with _telling(tile.place, "terputus atau rusak di tengah pembacaan"):
                raw = tile.file.read(1, window=place)
            found = checked_classes(raw, tile.file.nodata, raster_name(tile.place))
            if found.shape == shape and len(self.tiles) == 1:
                return found
            part = cells[top - rows.start : bottom - rows.start, left - columns.start : right - columns.start]
            np.copyto(part, found, where=part == NO_DATA)
        return cells


@dataclass(frozen=True)
class WindowedCells:
    """A part of a mosaic as a grid of cells, read anew each time it is asked for.

    Attributes
    ----------
    corner
        Its first row and column in the mosaic.
    """

    mosaic: Mosaic
    corner: tuple[int, int]
    shape: tuple[int, int]

    def __getitem__(self, place: tuple[slice, slice], /) -> np.ndarray:
        """Return a window, by slices of rows and columns."""
        (row, column), (rows, columns) = self.corner, place
        return self.mosaic.read(
            slice(row + rows.start, row + rows.stop), slice(column + columns.start, column + columns.stop)
        )


def open_mosaic(places: Sequence[str]) -> Mosaic:
    """Open rasters and lay them on their common grid; nothing but their heads is read.

    Parameters
    ----------
    places
        Paths, or addresses of the web; at least one.

    Raises
    ------
    LayerError
        When one cannot be opened, has no CRS, several bands, slanting or upturned rows, or lies off the grid of
        the first.
    """
    first, *others = [_opened(place) for place in places]
    crs, transform = _crs_of(first), first.transform
    tiles = [_Tile(first, places[0], 0, 0)]
    for file, place in zip(others, places[1:], strict=True):
        column, row = ~transform @ (file.transform.c, file.transform.f)
        drift = abs(np.array([file.transform.a - transform.a, file.transform.e - transform.e]))
        drift = drift * max(file.width, file.height) / abs(transform.a)
        off = max(abs(row - round(row)), abs(column - round(column)), *drift)
        if not _crs_of(file).equals(crs, ignore_axis_order=True) or off > _OFF_GRID:
            raise LayerError(
                f"Raster {raster_name(place)} tidak sekisi dengan {raster_name(places[0])}: sistem koordinat, ukuran "
                f"sel, atau letak selnya berbeda. Beberapa raster dibaca sebagai satu hanya bila selnya sejajar, "
                f"seperti petak-petak WorldCover; gabungkan dahulu dengan gdalwarp."
            )
        tiles.append(_Tile(file, place, round(row), round(column)))
    return Mosaic(tuple(tiles), transform, crs)


def raster_name(place: str) -> str:
    """Return the name of a raster; of an address without what may be a key to it.

    Examples
    --------
    >>> raster_name("https://a:b@contoh.id/2021/S09E108.tif?kunci=1"), raster_name("/data/lahan.tif")
    ('contoh.id/2021/S09E108.tif', 'lahan.tif')
    """
    if not is_address(place):
        return Path(place).name
    address = urlsplit(place)
    return f"{address.hostname or ''}{address.path}"


def _opened(place: str) -> DatasetReader:
    name = raster_name(place)
    missing = not is_address(place) and not Path(place).exists()
    with _telling(place, "berkas tidak ada" if missing else "tidak dapat dibuka sebagai raster"):
        file = rasterio.open(place if is_address(place) else Path(place))
    if file.crs is None or not (file.crs.is_geographic or file.crs.is_projected):
        raise MissingCrs(
            f"Raster {name} tidak menyebut sistem koordinatnya (CRS), atau hanya yang lokal. Simpan ulang sebagai "
            f"GeoTIFF dengan CRS, misalnya EPSG:4326."
        )
    if file.transform.b or file.transform.d or file.transform.e > 0 or file.transform.a < 0:
        raise LayerError(
            f"Raster {name} miring atau terbalik. Simpan ulang dengan baris lurus dari barat ke timur "
            f"dan dari utara ke selatan."
        )
    if file.count != 1:
        raise LayerError(
            f"Raster {name} berisi {file.count} pita (band); yang dibaca satu pita kelas tutupan lahan, bukan "
            f"gambar berwarna. Simpan pita kelasnya sebagai raster sendiri."
        )
    return file


def _crs_of(file: DatasetReader) -> CRS:
    """Return the CRS of a raster; as its EPSG number has it where it has one, for what is already in it."""
    written = CRS.from_wkt(file.crs.to_wkt())
    number = file.crs.to_epsg()
    named = written if number is None else CRS.from_epsg(number)
    return named if named.equals(written, ignore_axis_order=True) else written


@contextmanager
def _telling(place: str, fault: str) -> Iterator[None]:
    """Turn what GDAL complains of into one message without the address's secrets."""
    try:
        # GDAL's own threads write their complaints to the screen, and those of an address may name it
        with rasterio.Env(**GDAL_OPTIONS, GDAL_NUM_THREADS="1" if is_address(place) else "ALL_CPUS"):
            yield
    except (RasterioError, CPLE_BaseError, OSError):
        remote = "; periksa alamat dan sambungan internet, lalu coba lagi" if is_address(place) else ""
        # not "from fault": its text holds the whole address, with a password or key in it
        raise LayerError(f"Raster {raster_name(place)} tidak dapat dipakai: {fault}{remote}.") from None
