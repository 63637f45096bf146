"""The collections that only ``terbatas`` has: households in groups on positions drawn anew, and the grid."""

from collections.abc import Sequence
from functools import cached_property

import geopandas as gpd

from geo.assessment import Assessment
from geo.crs import measuring_crs
from geo.privacy.grid import grid_cells
from geo.privacy.masking import Masked, mask_households
from geo.products.areas import Rows
from geo.products.editions import indicator_ids
from geo.products.households import any_need
from geo.products.product import Scope
from geo.settings import SharingSettings
from geo.suppression import figures_of

_OUTSIDE = "di luar wilayah yang diminta"


class MaskedRows:
    """The masked households of a district, and what is counted of them.

    Of every scope they are the same ones, so that two of them tell no more than one.
    """

    def __init__(
        self, whole: Assessment, public: Assessment, scope: Scope, settings: SharingSettings, key: bytes
    ) -> None:
        open_needs = {*indicator_ids(whole.facts)}
        self._whole, self._desa, self._scope = whole, public.desa, scope
        self._settings, self._key, self._zones = settings, key, public.zones
        self._crs = measuring_crs(tuple(public.desa.total_bounds))
        self._needs = [name for name in indicator_ids(public.facts) if name in open_needs]

    @cached_property
    def _masked(self) -> Masked:
        return mask_households(
            self._whole.counted,
            self._desa,
            self._needs,
            self._settings.others,
            self._crs,
            self._key,
            self._zones,
        )

    def households(self, shown: Sequence[str]) -> Rows:
        """Return the masked households."""
        rows, left_out = self._inside(self._masked.table)
        left_out = {**self._masked.left_out, **left_out}
        recipe = self._scope.recipe
        if recipe is not None and recipe.needs:
            kept = any_need(rows, recipe.needs).to_numpy(bool)
            if not kept.all():
                left_out[
                    "tidak membutuhkan menurut keperluan penerima, belum diketahui, atau dirahasiakan"
                ] = int((~kept).sum())
                rows = rows[kept]
        gone = [f"need_{name}" for name in self._needs if name not in shown]
        return Rows(rows.drop(columns=gone, errors="ignore"), "id", left_out)

    def cells(self, shown: Sequence[str]) -> Rows:
        """Return the cells of the grid."""
        cells = grid_cells(self._masked.table, self._desa, self._needs, self._settings.cell_m, self._crs)
        rows, left_out = self._inside(cells)
        needs = self._needs
        gone = [name for need in needs if need not in shown for name in figures_of(rows.columns, need, needs)]
        return Rows(rows.drop(columns=gone), "id", left_out)

    def _inside(self, table: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
        if self._scope.desa is None:
            return table, {}
        inside = table["kode_desa"].isin(self._scope.desa).to_numpy(bool)
        return table[inside], {_OUTSIDE: int((~inside).sum())} if not inside.all() else {}
