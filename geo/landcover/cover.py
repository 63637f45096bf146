"""Land cover around a district: what every layer may ask of it, and the reading of it from files or addresses."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from affine import Affine
from pyproj import CRS

from geo.crs import STORING, measuring_crs
from geo.errors import LayerError, OutsideDistrict
from geo.landcover import nearby
from geo.landcover.cells import Cells, row_bands
from geo.landcover.class_areas import class_areas
from geo.landcover.classes import CLASSES, COVERED
from geo.landcover.mosaic import WindowedCells, open_mosaic, raster_name
from geo.landcover.patches import Mask, class_mask, joined_cells, widened, without_small
from geo.symbology import number

AROUND_M = 3000.0
"""How far beyond the bounds of a district its land cover is read, where there is any."""

_KEPT_CELLS = 64_000_000
"""A window of so many cells is read once and kept, a larger one is read again by each that asks."""


@dataclass(frozen=True)
class LandCover:
    """The part of a land cover that lies over and around a district.

    Attributes
    ----------
    cells
        Classes (uint8); 0 where there is no data.
    transform, crs
        Of the cells, as the file has them.
    source, year
        As the user states them.
    """

    cells: Cells
    transform: Affine
    crs: CRS
    source: str
    year: str
    _masks: dict[tuple[int, int], Mask] = field(default_factory=dict, init=False, repr=False, compare=False)

    def shares(self, polygons: gpd.GeoSeries) -> pd.DataFrame:
        """Return the share of each class in each polygon, all missing where the raster does not cover it.

        Parameters
        ----------
        polygons
            Any CRS; they may overlap, be smaller than a cell, and cross themselves.

        Returns
        -------
        pandas.DataFrame
            One column a class (its code), 0 to 1 of what holds data in the polygon, exact to the part of a cell;
            index of the polygons. Missing where less than :data:`COVERED` of the polygon holds data.
        """
        shapes = polygons.to_crs(self.crs).to_numpy().copy()
        crossed = ~shapely.is_valid(shapes) & np.isfinite(shapely.bounds(shapes)).all(axis=1)
        shapes[crossed] = shapely.make_valid(shapes[crossed])
        areas = np.maximum(class_areas(self.cells, self.transform, shapes), 0)
        whole = shapely.area(shapes) / abs(self.transform.a * self.transform.e)
        data = areas.sum(axis=1, keepdims=True)
        covered = (data[:, 0] > 0) & (data[:, 0] >= COVERED * whole)
        shares = np.divide(areas, data, out=np.full_like(areas, np.nan), where=covered[:, None])
        return pd.DataFrame(shares, index=polygons.index, columns=list(CLASSES))

    def share_near(self, code: int, points: np.ndarray, crs: CRS, radius_m: float) -> np.ndarray:
        """Return the share of a class among the cells whose centres lie within ``radius_m`` of each point.

        Parameters
        ----------
        code
            A key of :data:`CLASSES`.
        points
            Shape (n, 2), in ``crs``.
        crs
            CRS in metres.

        Returns
        -------
        numpy.ndarray
            0 to 1; missing where less than :data:`COVERED` of the cells around the point hold data.
        """
        return nearby.share_near(self.cells, self.transform, self.crs, code, points, radius_m, crs)

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

        Notes
        -----
        Areas are sought in cells of :meth:`working_cell_m`; of joined cells those count of which the class holds
        at least half.
        """
        return self._mask(code, measuring, least_ha).polygons(self.crs, measuring)

    def around(self, code: int, measuring: CRS, least_ha: float, reach_m: float) -> gpd.GeoSeries:
        """Return the connected areas of a class together with all that lies within ``reach_m`` of them.

        Parameters as for :meth:`patches`. The reach is exact to a cell: it is measured on the grid, where a
        buffer around the outlines of a whole forest takes seconds.
        """
        mask = self._mask(code, measuring, least_ha)
        if not mask.cells.any():
            return gpd.GeoSeries([], crs=measuring)
        return widened(mask, self._working_cell(measuring), reach_m).polygons(self.crs, measuring)

    def working_cell_m(self, measuring: CRS) -> float:
        """Return the side in metres of the cells in which areas are sought.

        It is that of the raster's own cells, unless the district has too many of them for the memory.
        """
        height_m, width_m = self._working_cell(measuring)
        return float(np.sqrt(height_m * width_m))

    def _mask(self, code: int, measuring: CRS, least_ha: float) -> Mask:
        height_m, width_m = self._working_cell(measuring)
        key = code, max(int(least_ha * 1e4 / (height_m * width_m)), 1)
        if key not in self._masks:
            self._masks[key] = without_small(class_mask(self.cells, self.transform, code), key[1])
        return self._masks[key]

    def _working_cell(self, measuring: CRS) -> tuple[float, float]:
        """Return height and width in metres of a cell in the middle."""
        height, width = self.cells.shape
        middle = self.transform @ Affine.translation(width // 2, height // 2)
        corners = gpd.GeoSeries.from_xy(
            *np.array([middle @ (0, 0), middle @ (1, 0), middle @ (0, 1)]).T, crs=self.crs
        )
        origin, right, below = corners.to_crs(measuring)
        joined = joined_cells(self.cells.shape)
        return joined * float(origin.distance(below)), joined * float(origin.distance(right))


def read_land_cover(
    places: Sequence[str], desa: gpd.GeoDataFrame, *, source: str, year: str, around_m: float = AROUND_M
) -> LandCover:
    """Open the land cover over and around a district.

    Parameters
    ----------
    places
        One raster, or several on one grid: files or https addresses.
    desa
        Any CRS.
    around_m
        How far beyond the bounds of the desa to read, where the raster goes so far.

    Raises
    ------
    LayerError
        When a file is missing or no raster, has no CRS, lies elsewhere, holds (almost) no data in the district, has
        other classes, or breaks off. From a
        window too large to keep this can also come later, when it is read.
    """
    mosaic = open_mosaic(places)
    named = ", ".join(map(raster_name, places))
    bounds = desa.to_crs(mosaic.crs).total_bounds
    if mosaic.window(bounds) is None:
        raise OutsideDistrict(
            f"Raster {named} tidak mencakup kabupaten ini: raster {_place(mosaic.bounds, mosaic.crs)}, "
            f"kabupaten {_place(desa.total_bounds, STORING)}. Pakai raster yang mencakupnya, atau "
            f"hapus land_cover dari berkas setelan."
        )
    window = mosaic.window(_widened(desa, around_m, mosaic.crs)) or mosaic.window(bounds)
    assert window is not None  # noqa: S101  -- told above
    top, bottom, left, right = window
    cells: Cells = WindowedCells(mosaic, (top, left), (bottom - top, right - left))
    if cells.shape[0] * cells.shape[1] <= _KEPT_CELLS:
        cells = _kept(cells)
    transform = mosaic.transform @ Affine.translation(left, top)
    cover = LandCover(cells, transform, mosaic.crs, source, year)
    if not _holds_data(cover, desa.geometry):
        raise LayerError(
            f"Raster {named} tidak memuat data di kabupaten ini: hampir semua selnya di sini bernilai tanpa data "
            f"(nodata). Pakai raster yang memuatnya, atau hapus land_cover dari berkas setelan."
        )
    return cover


def _holds_data(cover: LandCover, polygons: gpd.GeoSeries) -> bool:
    """Say whether a raster holds data in more of some polygons than the edge of a neighbour's raster would."""
    # the first one alone tells as a rule, and spares the measuring of all
    if cover.shares(polygons.iloc[:1]).notna().all(axis=None):
        return True
    shapes = polygons.to_crs(cover.crs).to_numpy()
    data = np.maximum(class_areas(cover.cells, cover.transform, shapes), 0).sum()
    whole = shapely.area(shapes).sum() / abs(cover.transform.a * cover.transform.e)
    return bool(data > (1 - COVERED) * whole)


def _kept(cells: Cells) -> np.ndarray:
    height, width = cells.shape
    bands = list(row_bands(cells))
    if len(bands) == 1:
        return cells[0:height, 0:width]
    kept = np.empty((height, width), dtype=np.uint8)
    for first, end in bands:
        kept[first:end] = cells[first:end, 0:width]
    return kept


def _widened(desa: gpd.GeoDataFrame, around_m: float, crs: CRS) -> list[float]:
    """Return bounds in another CRS of all that lies within some metres of the bounds of the desa."""
    bounds = desa.to_crs(STORING).total_bounds
    metres = measuring_crs(tuple(bounds))
    box = gpd.GeoSeries([shapely.segmentize(shapely.box(*bounds), 0.05)], crs=STORING).to_crs(metres)
    rim = box.buffer(around_m, join_style="mitre").segmentize(5_000.0)
    widened: list[float] = rim.to_crs(crs).total_bounds.tolist()
    return widened


def _place(bounds: Sequence[float], crs: object) -> str:
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
