"""Contiguous urban cells of a district after the Degree of Urbanisation, and how much of each desa lies in them."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.ndimage import binary_dilation, convolve, label

from geo.landcover import BUILT_UP, LandCover
from geo.settings import LayerSettings

SQUARE_M = 1000.0
"""Side of the squares on which the Degree of Urbanisation is defined."""

PARTS = 3
"""Each square moves over the district in steps of this part of its side: where a grid begins must not matter much."""

CELL_M = SQUARE_M / PARTS

LEAST_BUILTUP_HA = 1.0
"""A desa with less built-up land is no urban one, and says nothing of where its families live: some cells of the
neighbour's houses along the border are all that the raster shows of it."""

WATER = 80
_HA = 1e4
_NONE_HA = 1e-6
_NEIGHBOURS = np.ones((3, 3), dtype=bool)
_SQUARE = np.ones((PARTS, PARTS))
_AT_ONCE = 50_000  # pieces measured at once, for the memory
_TOUCH_M2 = 1.0
"""Desa and cells that share less only touch."""


@dataclass(frozen=True)
class _Ground:
    """What stands on the ground, piece by piece: one row a desa in a cell, then one a cell beyond the district.

    Attributes
    ----------
    desa
        Row of the desa; -1 beyond the district.
    cell
        Place in the grid, row by row.
    land_ha, builtup_ha
        Area and built-up land, 0 where the raster does not cover the piece.
    shape
        Rows and columns of the grid.
    """

    desa: np.ndarray
    cell: np.ndarray
    land_ha: np.ndarray
    builtup_ha: np.ndarray
    shape: tuple[int, int]

    def by_square(self, amount: np.ndarray) -> np.ndarray:
        """Add up an amount of the pieces in the square around each cell of the grid."""
        cells = np.bincount(self.cell, amount, self.shape[0] * self.shape[1]).reshape(self.shape)
        return np.asarray(convolve(cells, _SQUARE, mode="constant")).ravel()


def find_urban_clusters(
    desa: gpd.GeoDataFrame, land_cover: LandCover, families: np.ndarray | None, settings: LayerSettings
) -> pd.DataFrame:
    """Find contiguous urban cells, and how much of the built-up land of each desa lies in them.

    A place is urban when in the square of 1 km² around it the built-up share of the land reaches
    ``urban_builtup_share`` and, with ``families``, their density reaches ``urban_families_km2``. Places are the
    cells of a grid of a third of a kilometre: on squares that stand still, a town across the line of two of them is
    missed, and one desa in six changes sides when the grid is moved. Urban cells that touch by a side or a corner
    are one group. A group is a cluster when it holds ``urban_cluster_families``, or without ``families``
    ``urban_cluster_builtup_ha`` of built-up land.

    The families of a desa are spread evenly over its built-up land. Where their number is not known (a desa
    that is left out, or has less than :data:`LEAST_BUILTUP_HA`; the ground up to 1 km beyond the district)
    built-up land counts as families at the rate of the two thresholds of a cluster, never as none. Beyond the
    district water is no land: a coast town is not thinned out by the sea; inside, the desa polygons say what is
    land.

    Parameters
    ----------
    desa
        Polygons in the measuring CRS.
    families
        All families of each desa, in its order; missing where unknown. None when no table was given.
    settings
        The four thresholds.

    Returns
    -------
    pandas.DataFrame
        Index of ``desa``. ``own_ha``: its built-up land. ``grouped`` and ``clustered``: share of that in urban cells
        and in clusters, missing without built-up land. Of the group that holds most of it (a cluster before others), 0
        without one: ``families`` (known ones), ``builtup_ha``, and ``uncounted_ha``, built-up land without known
        families.

    References
    ----------
    European Union, FAO, UN-Habitat, OECD, World Bank: Applying the Degree of Urbanisation (2021): urban clusters
    have at least 300 people per km² and 5 000 together; an area of which they hold half the people is urban.
    """
    ground = _survey(desa, land_cover)
    inside = ground.desa >= 0
    own = np.bincount(ground.desa[inside], ground.builtup_ha[inside], len(desa))
    counted = (
        np.full(len(desa), np.nan)
        if families is None
        else np.where(own >= LEAST_BUILTUP_HA, families, np.nan)
    )
    per_ha = np.append(counted / np.where(own > 0, own, np.nan), np.nan)[ground.desa]
    uncounted = np.where(np.isnan(per_ha), ground.builtup_ha, 0.0)
    known = np.where(np.isnan(per_ha), 0.0, per_ha * ground.builtup_ha)

    land, built = ground.by_square(ground.land_ha), ground.by_square(ground.builtup_ha)
    urban = (built > _NONE_HA) & (built >= settings.urban_builtup_share * land - _NONE_HA)
    size, least = ground.builtup_ha, settings.urban_cluster_builtup_ha
    if families is not None:
        size, least = known + _as_families(uncounted, settings), settings.urban_cluster_families
        urban &= ground.by_square(size) >= settings.urban_families_km2 * land / 100 - _NONE_HA
    group = label(urban.reshape(ground.shape), _NEIGHBOURS)[0].ravel()[ground.cell]
    groups = pd.DataFrame(
        {"families": known, "builtup_ha": ground.builtup_ha, "uncounted_ha": uncounted, "size": size}
    )
    groups = groups.groupby(group).sum().drop(index=0, errors="ignore")
    large = np.isin(group, groups.index[groups["size"] >= least])

    share = ground.builtup_ha / np.append(np.where(own > 0, own, np.nan), np.nan)[ground.desa]
    parts = pd.DataFrame({"desa": ground.desa, "group": group, "large": large, "share": share})
    parts = parts[inside & (group > 0)].groupby(["desa", "group", "large"], as_index=False)["share"].sum()
    parts = parts.sort_values(["large", "share"], kind="stable").drop_duplicates("desa", keep="last")
    main = parts.set_index("desa")["group"]
    found = groups.reindex(main.reindex(range(len(desa)))).drop(columns="size").fillna(0.0)
    return found.set_index(desa.index).assign(
        own_ha=own,
        grouped=_total(share, ground.desa, inside & (group > 0), own),
        clustered=_total(share, ground.desa, inside & large, own),
    )


def _as_families(builtup_ha: np.ndarray, settings: LayerSettings) -> np.ndarray:
    """Count built-up land as families at the rate that the two thresholds of a cluster imply."""
    least_ha = settings.urban_cluster_builtup_ha
    rate = settings.urban_cluster_families / least_ha if least_ha > 0 else np.inf
    return np.asarray(np.multiply(builtup_ha, rate, out=np.zeros_like(builtup_ha), where=builtup_ha > 0))


def _total(share: np.ndarray, desa: np.ndarray, chosen: np.ndarray, own: np.ndarray) -> np.ndarray:
    total = np.bincount(desa[chosen], np.nan_to_num(share[chosen]), own.size)
    return np.where(own > 0, np.minimum(total, 1.0), np.nan)


def _survey(desa: gpd.GeoDataFrame, land_cover: LandCover) -> _Ground:
    """Measure the built-up land of every desa in every cell, and beyond the district in the cells around it."""
    polygons = desa.geometry.to_numpy()
    west, south = np.floor(desa.total_bounds[:2] / CELL_M) - PARTS
    east, north = np.ceil(desa.total_bounds[2:] / CELL_M) + PARTS
    column, row = np.meshgrid(np.arange(west, east) * CELL_M, np.arange(south, north) * CELL_M)
    cells = shapely.box(column, row, column + CELL_M, row + CELL_M).ravel()
    of, cell = shapely.STRtree(cells).query(polygons, predicate="intersects")
    in_rows = np.argsort(
        cell, kind="stable"
    )  # pieces that are measured together lie in one band of the raster
    of, cell = of[in_rows], cell[in_rows]
    pieces = _pieces(polygons[of], cells[cell])
    area = shapely.area(pieces)
    of, cell, pieces, area = (values[area > _TOUCH_M2] for values in (of, cell, pieces, area))
    inside_m2 = np.bincount(cell, area, cells.size)
    around = binary_dilation((inside_m2 > 0).reshape(column.shape), _NEIGHBOURS, PARTS).ravel()
    border = np.flatnonzero(around & (inside_m2 < CELL_M**2 - _TOUCH_M2))

    land_m2, built_m2, water_m2 = _measured(land_cover, np.append(pieces, cells[border]), desa)
    inside = slice(0, of.size)
    # a cell on the border holds beyond it what it has more than its pieces, unless the raster does not reach there
    beyond = [
        np.maximum(amount[of.size :] - np.bincount(cell, amount[inside], cells.size)[border], 0.0)
        for amount in (land_m2, built_m2, water_m2)
    ]
    return _Ground(
        np.append(of, np.full(border.size, -1)),
        np.append(cell, border),
        np.append(land_m2[inside], np.maximum(beyond[0] - beyond[2], 0.0)) / _HA,
        np.append(built_m2[inside], beyond[1]) / _HA,
        (column.shape[0], column.shape[1]),
    )


def _pieces(polygons: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Cut each polygon to its cell; most cells of a large desa lie whole within it."""
    shapely.prepare(polygons)
    pieces = cells.copy()
    cut = ~shapely.contains_properly(polygons, cells)
    # a buffer of nothing drops the points and lines along which a polygon only touches its cell
    pieces[cut] = shapely.buffer(shapely.intersection(polygons[cut], cells[cut]), 0)
    return pieces


def _measured(
    land_cover: LandCover, polygons: np.ndarray, desa: gpd.GeoDataFrame
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return area, built-up land and water of each polygon (m²), all 0 where the raster does not cover it."""
    parts = np.array_split(polygons, 1 + len(polygons) // _AT_ONCE)
    shares = np.concatenate(
        [
            land_cover.shares(gpd.GeoSeries(part, crs=desa.crs))[[BUILT_UP, WATER]].to_numpy(float)
            for part in parts
        ]
    )
    area = np.where(np.isnan(shares[:, 0]), 0.0, shapely.area(polygons))
    built, water = (np.nan_to_num(share) * area for share in shares.T)
    return area, built, water
