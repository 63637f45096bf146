"""An attacker who takes from an area the groups that lie wholly inside it, and looks at what is left."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.privacy.linkage.report import Attack, by_none
from geo.privacy.linkage.units import Released
from geo.privacy.remainders import Left, Units, parts_of, published
from geo.suppression import tells

_AWAY_M = 0.1
"""Released positions are rounded to so much."""

_PREFIX = "zone_"
_LEFT = "sisa {areas} di luar kelompok yang seluruhnya di dalamnya"


def link_remainders(
    released: Released, households: gpd.GeoDataFrame, needs: Sequence[str], truth: pd.Series, crs: CRS
) -> list[Attack]:
    """Take from cells and zones, and from those side by side, every group that lies wholly inside.

    A circle that lies within a cell tells that the whole group does. Here the attacker is even told so of every group
    of which it is true: whoever knows it of fewer is left with whole groups more, of which each is of enough alike.

    Parameters
    ----------
    released
        By collection: ``desa``, ``rumah_tangga``; ``kisi`` and ``zona`` where they are.
    households
        The register: those that count.
    needs
        Those of which the households of the release tell.
    truth
        By id of a row of ``rumah_tangga`` its sheet row.

    Notes
    -----
    A cell whose figures are those of the released positions in it tells no more than these, wherever houses are.
    """
    rows = released["rumah_tangga"]
    units = _units(released, households, needs, truth)
    attacks = []
    if "kisi" in released:
        cells = released["kisi"]
        cells = cells[cells.geometry.notna().to_numpy()].to_crs(crs)
        of_houses = cells[~_recounted(cells, rows, needs, crs)]
        at = _cell_of(of_houses, households.to_crs(crs))
        few = _few(units.left_over(at, published(of_houses, needs)))
        attacks.append(by_none(_LEFT.format(areas="petak"), len(cells), few))
    if "zona" in released:
        tried, found, worst = 0, 0, ""
        for layer, zones in released["zona"].groupby("layer", sort=False):
            if f"{_PREFIX}{layer}" in households:
                words = households[f"{_PREFIX}{layer}"].astype("str")
                at = pd.Index(zones["zone"].astype("str")).get_indexer(words)
                few = _few(units.left_over(at, published(zones, needs)))
                tried, found = tried + len(zones), found + few
                worst = worst or (f"Di lapisan {layer}." if few else "")
        attacks.append(by_none(_LEFT.format(areas="zona"), tried, found, worst))
    return attacks


def _units(released: Released, households: gpd.GeoDataFrame, needs: Sequence[str], truth: pd.Series) -> Units:
    rows = released["rumah_tangga"]
    rows = rows[rows.geometry.notna().to_numpy()]
    at = pd.Index(households["sheet_row"]).get_indexer(rows.iloc[:, 0].map(truth))
    group, withheld = np.full(len(households), -1), np.zeros(len(households), dtype=bool)
    group[at] = pd.factorize(rows["kelompok"])[0]
    withheld[at] = rows["kebutuhan_dirahasiakan"].to_numpy(bool)
    return Units(households, released["desa"], needs, group, withheld)


def _few(left: Left) -> int:
    return int(tells(left.counts, everybody=False).any(axis=1).sum())


def _recounted(cells: gpd.GeoDataFrame, rows: gpd.GeoDataFrame, needs: Sequence[str], crs: CRS) -> np.ndarray:
    """Mark the cells whose figures are those of the released positions in them."""
    rows = rows[rows.geometry.notna().to_numpy() & ~rows["kebutuhan_dirahasiakan"].to_numpy(bool)]
    told, points = parts_of(rows, needs), rows.geometry.to_crs(crs)
    tree, most = shapely.STRtree(points.to_numpy()), []
    for away in (-_AWAY_M, _AWAY_M):
        cell, row = tree.query(shapely.buffer(cells.geometry.to_numpy(), away), predicate="intersects")
        sums = np.zeros((len(cells), told.shape[1]))
        np.add.at(sums, cell, told[row])
        most.append(sums)
    told_of = published(cells, needs)
    inside = (most[0] <= told_of) & (told_of <= most[1]) | np.isnan(told_of)
    return np.asarray(inside.all(axis=1))


def _cell_of(cells: gpd.GeoDataFrame, households: gpd.GeoDataFrame) -> np.ndarray:
    at = np.full(len(households), -1)
    row, cell = shapely.STRtree(cells.geometry.to_numpy()).query(households.geometry.to_numpy(), "intersects")
    at[row] = cell
    return at
