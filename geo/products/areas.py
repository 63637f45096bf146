"""The collections of areas, and what of them is left when a scope is about some desa only."""

from collections.abc import Callable
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.assessment import Assessment

_PLACES = ("kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan")
_OUTSIDE, _CUT = "di luar wilayah yang diminta", "terpotong oleh batas wilayah yang diminta"
_SLIVER = 1e-4
"""Share of a zone that edges drawn twice may leave in the next desa."""

_Marks = tuple[np.ndarray, np.ndarray]
"""Of each row: wholly inside; inside at least partly."""


@dataclass(frozen=True)
class Rows:
    """The rows of a collection, its column of ids, and how many stay behind, by reason."""

    table: gpd.GeoDataFrame
    key: str
    left_out: dict[str, int] = field(default_factory=dict)


def area_rows(cut: Assessment, desa: frozenset[str] | None) -> dict[str, Callable[[], Rows]]:
    """Return how each collection of areas of an edition is made: those that are asked for, and no others.

    Parameters
    ----------
    desa
        The only ones that the scope is about; none for the whole district. An area that is partly outside is left
        out, never half counted.
    """
    zones, clusters, scans = cut.zones, cut.clusters, cut.scans
    scope = _Cut(cut, desa)
    return {
        "desa": lambda: scope.keep(cut.desa, "kode_desa", scope.of_desa),
        "kecamatan": lambda: scope.keep(cut.kecamatan, "kode_kecamatan", scope.kecamatan),
        "zona": lambda: scope.keep(_with_id(zones, zones["layer"] + ":" + zones["zone"]), "id", scope.zones),
        "kantong": lambda: scope.keep(
            _with_id(clusters, "K-" + clusters["cluster_id"].astype("str")), "id", scope.kantong
        ),
        "desa_panas": lambda: scope.keep(hot_desa(cut), "id", scope.of_desa),
        "lingkaran": lambda: scope.keep(
            _with_id(scans, "L-" + scans["scan_id"].astype("str")), "id", scope.circles
        ),
    }


def hot_desa(cut: Assessment) -> gpd.GeoDataFrame:
    """Return the desa that are hot or cold by some indicator, with their outlines."""
    table = cut.hot_spots
    found = table[(table["gi_class"] != "") | (table["moran_class"] != "")]
    joined = found.merge(pd.DataFrame(cut.desa[[*_PLACES, "geometry"]]), on="kode_desa", how="left")
    joined = gpd.GeoDataFrame(joined, geometry="geometry", crs=cut.desa.crs)
    return _with_id(joined, joined["indicator"] + ":" + joined["kode_desa"])


class _Cut:
    """A scope's desa held against the tables."""

    def __init__(self, cut: Assessment, desa: frozenset[str] | None) -> None:
        self._cut, self._desa = cut, desa

    def keep(self, table: gpd.GeoDataFrame, key: str, tell: Callable[[gpd.GeoDataFrame], _Marks]) -> Rows:
        """Return the rows that are wholly inside, and count the others: ``tell`` marks both, and what is partly."""
        if self._desa is None:
            return Rows(table, key)
        inside, partly = tell(table)
        counts = {_CUT: int((partly & ~inside).sum()), _OUTSIDE: int((~inside & ~partly).sum())}
        return Rows(table[inside], key, {why: rows for why, rows in counts.items() if rows})

    def of_desa(self, table: gpd.GeoDataFrame) -> _Marks:
        """Mark rows by their desa."""
        inside = self._isin(table["kode_desa"])
        return inside, inside

    def kecamatan(self, table: gpd.GeoDataFrame) -> _Marks:
        """Mark kecamatan all of whose desa are inside."""
        desa = pd.Series(self._isin(self._cut.desa["kode_desa"]))
        groups = desa.groupby(self._cut.desa["kode_kecamatan"].to_numpy())
        return _flags(groups.all(), table["kode_kecamatan"]), _flags(groups.any(), table["kode_kecamatan"])

    def zones(self, table: gpd.GeoDataFrame) -> _Marks:
        """Mark zones that have no part in another desa; what has no outline is of the whole district."""
        shapes, desa = table.geometry.to_numpy(), self._cut.desa.geometry.to_numpy()
        inside = self._isin(self._cut.desa["kode_desa"])
        other = shapely.area(shapely.intersection(shapes, shapely.union_all(desa[~inside])))
        drawn = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
        whole = drawn & (np.nan_to_num(other) <= _SLIVER * np.nan_to_num(shapely.area(shapes)))
        return whole, ~drawn | shapely.intersects(shapes, shapely.union_all(desa[inside]))

    def kantong(self, table: gpd.GeoDataFrame) -> _Marks:
        """Mark kantong none of whose households stands in another desa."""
        rows, near = self._cut.households, self._isin(table["kode_desa"])
        strangers = rows[~self._isin(rows["kode_desa"])]
        abroad = (table["desa"] > 1).to_numpy(bool, copy=True)
        for name in [name for name in rows if name.startswith("cluster_")]:
            mine = (table["indicator"] == name.removeprefix("cluster_")).to_numpy(bool)
            abroad[mine] = table.loc[mine, "cluster_id"].isin(strangers[name].dropna()).to_numpy(bool)
        return near & ~abroad, near

    def circles(self, table: gpd.GeoDataFrame) -> _Marks:
        """Mark circles all of whose desa are inside."""
        members = table["members"].str.split().explode()
        groups = pd.Series(self._isin(members), index=members.index).groupby(level=0)
        return _flags(groups.all(), table.index), _flags(groups.any(), table.index)

    def _isin(self, codes: pd.Series) -> np.ndarray:
        return codes.isin(self._desa or ()).to_numpy(bool)


def _flags(found: pd.Series, keys: pd.Series | pd.Index) -> np.ndarray:
    """Return flags by key; false where there is none."""
    return found.reindex(keys).eq(other=True).to_numpy(bool)


def _with_id(table: gpd.GeoDataFrame, ids: pd.Series) -> gpd.GeoDataFrame:
    table = table.copy(deep=False)
    table.insert(0, "id", ids.astype("str"))
    return table
