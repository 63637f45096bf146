"""The collections that only ``terbatas`` has: households in groups on positions drawn anew, and the grid."""

from collections.abc import Sequence

import geopandas as gpd

from geo.assessment import Assessment
from geo.crs import measuring_crs
from geo.privacy.grid import grid_cells
from geo.privacy.masking import mask_households
from geo.products.areas import Rows
from geo.products.editions import indicator_ids
from geo.products.households import any_need
from geo.products.product import Scope
from geo.settings import SharingSettings
from geo.suppression import figures_of

_OUTSIDE = "di luar wilayah yang diminta"


def masked_rows(
    whole: Assessment,
    public: Assessment,
    scope: Scope,
    shown: Sequence[str],
    settings: SharingSettings,
    key: bytes,
) -> Rows:
    """Return the masked households; of every scope the same ones, so that two of them tell no more than one."""
    needs = _public_needs(public, whole)
    crs = measuring_crs(tuple(public.desa.total_bounds))
    masked = mask_households(whole.counted, public.desa, needs, settings.others, crs, key)
    rows, left_out = _inside(masked.table, scope)
    left_out = {**masked.left_out, **left_out}
    if scope.recipe is not None and scope.recipe.needs:
        kept = any_need(rows, scope.recipe.needs).to_numpy(bool)
        if not kept.all():
            left_out["tidak membutuhkan menurut keperluan penerima, belum diketahui, atau dirahasiakan"] = (
                int((~kept).sum())
            )
            rows = rows[kept]
    return Rows(_only_needs(rows, needs, shown), "id", left_out)


def grid_rows(
    whole: Assessment,
    public: Assessment,
    scope: Scope,
    shown: Sequence[str],
    settings: SharingSettings,
    key: bytes,
) -> Rows:
    """Return the cells of the grid."""
    needs = _public_needs(public, whole)
    crs = measuring_crs(tuple(public.desa.total_bounds))
    cells = grid_cells(whole.counted, public.desa, needs, settings.others, settings.cell_m, crs, key)
    rows, left_out = _inside(cells, scope)
    gone = [name for need in needs if need not in shown for name in figures_of(rows.columns, need, needs)]
    return Rows(rows.drop(columns=gone), "id", left_out)


def _public_needs(public: Assessment, whole: Assessment) -> list[str]:
    """Return the open needs that everybody is told of."""
    open_needs = {*indicator_ids(whole.facts)}
    return [name for name in indicator_ids(public.facts) if name in open_needs]


def _inside(table: gpd.GeoDataFrame, scope: Scope) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    if scope.desa is None:
        return table, {}
    inside = table["kode_desa"].isin(scope.desa).to_numpy(bool)
    return table[inside], {_OUTSIDE: int((~inside).sum())} if not inside.all() else {}


def _only_needs(rows: gpd.GeoDataFrame, needs: Sequence[str], shown: Sequence[str]) -> gpd.GeoDataFrame:
    return rows.drop(columns=[f"need_{name}" for name in needs if name not in shown], errors="ignore")
