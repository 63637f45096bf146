"""A land-cover raster with the classes of ESA WorldCover: checked, cut to the district, measured by desa."""

import warnings
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
import rasterio.features
import shapely
from affine import Affine
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from pyproj import CRS
from rasterio.errors import NotGeoreferencedWarning
from rasterio.windows import Window, from_bounds
from scipy.ndimage import distance_transform_edt

from geo.crs import STORING
from geo.errors import LayerError, MissingCrs, OutsideDistrict, UnknownClasses
from geo.symbology import number

# rasterio silences this by itself, but not where another thread restores its own filters meanwhile
warnings.filterwarnings("ignore", category=NotGeoreferencedWarning)

TREES, BUILT_UP = 10, 50
CLASSES = {
    10: "pohon",
    20: "semak",
    30: "padang rumput",
    40: "tanaman",
    50: "terbangun",
    60: "lahan terbuka",
    70: "salju dan es",
    80: "air",
    90: "lahan basah",
    95: "mangrove",
    100: "lumut",
}
"""ESA WorldCover 2021, product user manual v2.0, table of classes."""

COVERED = 0.99
"""Share of a desa that must hold data before anything is said of it."""


@dataclass(frozen=True)
class LandCover:
    """The part of a land-cover raster that covers a district.

    Attributes
    ----------
    cells
        Classes; 0 where there is no data.
    transform, crs
        Of the cells, as the file has them.
    source, year
        As the user states them.
    """

    cells: np.ndarray
    transform: Affine
    crs: CRS
    source: str
    year: str

    @cached_property
    def _raster(self) -> NumPyRasterSource:
        height, width = self.cells.shape
        west, north = self.transform @ (0, 0)
        east, south = self.transform @ (width, height)
        return NumPyRasterSource(
            self.cells.astype("int16"), west, south, east, north, nodata=0, srs_wkt=self.crs.to_wkt()
        )

    def shares(self, polygons: gpd.GeoSeries) -> pd.DataFrame:
        """Return the share of each class in each polygon, all missing where the raster does not cover it.

        Parameters
        ----------
        polygons
            Any CRS.

        Returns
        -------
        pandas.DataFrame
            One column a class (its code), 0 to 1 of the polygon's area; index of the polygons.
        """
        frame = gpd.GeoDataFrame(geometry=polygons.to_crs(self.crs)).reset_index(drop=True)
        read = exact_extract(self._raster, frame, ["count", "unique", "frac"], output="pandas")
        whole = shapely.area(frame.geometry.to_numpy()) / abs(self.transform.a * self.transform.e)
        covered = read["count"].to_numpy(float) / whole >= COVERED
        parts = read[["unique", "frac"]].explode(["unique", "frac"]).dropna()
        wide = parts.set_index("unique", append=True)["frac"].astype(float).unstack(fill_value=0.0)  # noqa: PD010  -- a pivot of unique pairs
        shares: pd.DataFrame = wide.reindex(index=frame.index, columns=list(CLASSES), fill_value=0.0)
        return shares.where(pd.Series(covered), np.nan).set_index(polygons.index)

    def patches(self, code: int, measuring: CRS, least_ha: float) -> gpd.GeoSeries:
        """Return the connected areas of a class as polygons in a measuring CRS.

        Parameters
        ----------
        code
            A key of :data:`CLASSES`.
        measuring
            CRS in metres.
        least_ha
            Smaller areas, and smaller holes in an area, are left out.
        """
        return self._polygons(self._patch_mask(code, measuring, least_ha), measuring)

    def around(self, code: int, measuring: CRS, least_ha: float, reach_m: float) -> gpd.GeoSeries:
        """Return the connected areas of a class together with all that lies within ``reach_m`` of them.

        Parameters as for :meth:`patches`. The reach is exact to a cell: it is measured on the grid, where a
        buffer around the outlines of a whole forest takes seconds.
        """
        mask = self._patch_mask(code, measuring, least_ha)
        if not mask.any():
            return gpd.GeoSeries([], crs=measuring)
        metres = distance_transform_edt(mask == 0, sampling=self._cell_m(measuring))
        return self._polygons((metres <= reach_m).astype("uint8"), measuring)

    def _patch_mask(self, code: int, measuring: CRS, least_ha: float) -> np.ndarray:
        height_m, width_m = self._cell_m(measuring)
        least_cells = max(int(least_ha * 1e4 / (height_m * width_m)), 1)
        mask = (self.cells == code).astype("uint8")
        if least_cells >= mask.size:
            return np.zeros_like(mask)
        return np.asarray(rasterio.features.sieve(mask, least_cells))

    def _polygons(self, mask: np.ndarray, measuring: CRS) -> gpd.GeoSeries:
        found = rasterio.features.shapes(mask, mask=mask == 1, transform=self.transform)
        shapes = [shapely.geometry.shape(polygon) for polygon, _ in found]
        return gpd.GeoSeries(shapes, crs=self.crs).to_crs(measuring)

    def _cell_m(self, measuring: CRS) -> tuple[float, float]:
        """Return height and width in metres of the cell in the middle."""
        height, width = self.cells.shape
        middle = self.transform @ Affine.translation(width // 2, height // 2)
        corners = gpd.GeoSeries.from_xy(
            *np.array([middle @ (0, 0), middle @ (1, 0), middle @ (0, 1)]).T, crs=self.crs
        )
        origin, right, below = corners.to_crs(measuring)
        return float(origin.distance(below)), float(origin.distance(right))


def read_land_cover(path: Path, desa: gpd.GeoDataFrame, *, source: str, year: str) -> LandCover:
    """Read the window of a raster that covers the district.

    Raises
    ------
    LayerError
        When the file is missing or no raster, has no CRS, lies elsewhere, or has other classes.
    """
    try:
        with rasterio.open(path) as raster:
            if raster.crs is None:
                raise MissingCrs(
                    f"Raster {path.name} tidak menyebut sistem koordinatnya (CRS). "
                    f"Simpan ulang sebagai GeoTIFF dengan CRS."
                )
            if raster.transform.b or raster.transform.d or raster.transform.e > 0:
                raise LayerError(
                    f"Raster {path.name} miring atau terbalik. Simpan ulang dengan baris lurus dari barat ke timur "
                    f"dan dari utara ke selatan."
                )
            bounds = desa.to_crs(raster.crs).total_bounds
            window = _inside(from_bounds(*bounds, transform=raster.transform), raster.height, raster.width)
            if window is None:
                raise OutsideDistrict(
                    f"Raster {path.name} tidak mencakup kabupaten ini: raster {_place(raster.bounds, raster.crs)}, "
                    f"kabupaten {_place(desa.total_bounds, STORING)}. Pakai raster yang mencakupnya, atau "
                    f"hapus land_cover dari berkas setelan."
                )
            cells = raster.read(1, window=window)
            if raster.nodata is not None and raster.nodata != 0:
                cells = np.where(cells == raster.nodata, 0, cells)
            transform = raster.transform @ Affine.translation(window.col_off, window.row_off)
            crs = CRS.from_user_input(raster.crs)
    except rasterio.errors.RasterioError as fault:
        raise LayerError(
            f"Raster {path.name} tidak dapat dibaca: berkas tidak ada atau bukan raster."
        ) from fault
    strange = sorted(set(np.unique(cells).tolist()) - CLASSES.keys() - {0})
    if strange:
        raise UnknownClasses(
            f"Raster {path.name} memuat kelas {strange[:10]} yang bukan kelas ESA WorldCover "
            f"({', '.join(map(str, CLASSES))})."
        )
    return LandCover(cells, transform, crs, source, year)


def _inside(window: Window, height: int, width: int) -> Window | None:
    top, left = max(int(np.floor(window.row_off)), 0), max(int(np.floor(window.col_off)), 0)
    bottom = min(int(np.ceil(window.row_off + window.height)), height)
    right = min(int(np.ceil(window.col_off + window.width)), width)
    return Window.from_slices((top, bottom), (left, right)) if top < bottom and left < right else None


def _place(bounds: tuple[float, float, float, float], crs: object) -> str:
    """Say in words where a box lies.

    Examples
    --------
    >>> _place((109.4, -7.25, 109.8, -6.84), STORING)
    '109,40° sampai 109,80° BT dan 7,25° LS sampai 6,84° LS'
    """
    west, south, east, north = gpd.GeoSeries([shapely.box(*bounds)], crs=crs).to_crs(STORING).total_bounds
    return f"{number(west, 2)}° sampai {number(east, 2)}° BT dan {_latitude(south)} sampai {_latitude(north)}"


def _latitude(degrees: float) -> str:
    return f"{number(abs(degrees), 2)}° {'LS' if degrees < 0 else 'LU'}"
