"""The collection of households at the levels that have their true points: which rows, which columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.assessment import Assessment
from geo.errors import NotAllowed
from geo.indicators import INDICATORS
from geo.levels import Level
from geo.privacy import OF_NEEDS
from geo.products.areas import Rows
from geo.products.editions import indicator_ids, sensitive_ids
from geo.products.given import FROM_PRIORITIES, Given
from geo.products.product import Scope
from geo.products.words import worded
from geo.recipes import RecipeColumn
from geo.recipes.sources import HOUSING, KEY, OF_RUN, PERSONS, PLACES, VISIT, is_source, sources_of

_KEYS = (KEY, "sheet_row")


@dataclass(frozen=True)
class Shown:
    """The rows of households, with what the dictionary and the notes must say of their columns.

    Attributes
    ----------
    sources
        By column of the table the one it was made from; empty for one that the recipient fills in.
    absent
        Columns whose source this register does not have, or has no answer to: they are empty.
    unasked
        Needs of the recipe (titles) that this run was not asked for, or could not answer.
    unworded
        By column how many values the recipe has no word for: they are left out.
    above
        Columns of the recipe that its level has, and this scope's does not.
    """

    rows: Rows
    sources: dict[str, str]
    absent: list[str] = field(default_factory=list)
    unworded: dict[str, int] = field(default_factory=dict)
    above: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)


def household_rows(
    whole: Assessment, edition: Assessment, scope: Scope, pseudonyms: Mapping[int, str] | None
) -> Shown:
    """Return the households of a scope with their true points, or none where they have none of their own.

    Parameters
    ----------
    whole
        With the columns of persons, for ``petugas``.
    edition
        The same for agencies, of which the ranks are.
    pseudonyms
        By sheet row.

    Raises
    ------
    NotAllowed
        When an agency would receive households without pseudonyms, or one of them has none; or those in need by a
        sensitive indicator.
    """
    _refuse_sensitive(whole, scope)
    rows, left_out = _chosen(whole, scope)
    given = Given(rows, whole, edition, pseudonyms)
    wanted = _wanted(whole, scope, given)
    order = given.order(scope.level)
    made: dict[str, pd.Series] = {}
    absent, unworded = [], {}
    for column in wanted:
        found = given.column(column.source) if column.source else None
        if column.source and (found is None or (len(rows) and found.isna().all())):
            absent.append(column.name)
        plain = pd.Series(None, index=rows.index, dtype="str") if found is None else found
        made[column.name], strange = worded(plain, column.values)
        if strange:
            unworded[column.name] = strange
    points = given.points if scope.columns is None or "point" in scope.columns else None
    table = gpd.GeoDataFrame(made, geometry=gpd.GeoSeries(points, index=rows.index, crs=rows.crs))
    table = table.iloc[order].reset_index(drop=True)
    numbered = [column.name for column in wanted if column.source == "nomor"]
    table = table.assign(**dict.fromkeys(numbered, np.arange(1, len(table) + 1)))
    key = next(each.name for each in wanted if each.source in _KEYS and not each.values)  # noqa: PD011
    sources = {column.name: column.source for column in wanted}
    asked = scope.recipe.columns if scope.recipe is not None else ()
    above = [column.name for column in asked if column.name not in sources]
    return Shown(Rows(table, key, left_out), sources, absent, unworded, above, _unasked(whole, scope))


def recap(whole: Assessment, areas: gpd.GeoDataFrame, key: str, column: RecipeColumn) -> gpd.GeoDataFrame:
    """Count all households of each area by the words of a column, in columns ``<name>_<word>``.

    Needs columns: the key, of households and of areas; the column's source.
    """
    counted, titles = whole.counted, column.recap()
    source = counted.get(column.source, pd.Series(None, index=counted.index, dtype="str"))
    told, _ = worded(source, column.values)
    counts = pd.crosstab(counted[key].astype("str"), told.fillna("").to_numpy())
    found = counts.reindex(index=areas[key], columns=[*titles.values()]).fillna(0).astype("int64")
    return areas.assign(**{name: found[word].to_numpy() for name, word in titles.items()})


def any_need(table: pd.DataFrame, needs: Sequence[str]) -> pd.Series:
    """Mark the rows in need by any of some indicators; what is unknown, or not asked in this register, is no need.

    Examples
    --------
    >>> any_need(pd.DataFrame({"need_rtlh": [True, None, False]}), ["rtlh", "jamban"]).tolist()
    [True, False, False]
    """
    there = [f"need_{name}" for name in needs if f"need_{name}" in table]
    asked = [table[name].astype("boolean").fillna(value=False).to_numpy(bool) for name in there]
    return pd.Series(np.logical_or.reduce(asked) if asked else False, index=table.index, dtype=bool)


def part_of(column: str) -> str:
    """Return under which name a role's list of columns knows a column of households.

    Examples
    --------
    >>> [part_of(name) for name in ("zone_urban", "kelompok_sasaran", "need_rtlh", "why_rtlh", "desil")]
    ['zone', 'group', 'need', 'why', 'desil']
    >>> [part_of(name) for name in ("tangga_jamban", "cluster_rtlh", "severity_rtlh", "tree_share_500m")]
    ['need', 'need', 'severity', 'zone']
    """
    of_needs = ("tangga_jamban", "basis_", "cluster_", "distance_served_")
    starts = {
        "zone_": "zone", "group_": "group", "kelompok_sasaran": "group", **dict.fromkeys(of_needs, "need"),
        **{f"{kind}_": kind for kind in OF_NEEDS if kind != "cluster"}, "distance_": "zone", "tree_share_": "zone",
        "in_forest_area": "zone",
    }  # fmt: skip
    return next((part for start, part in starts.items() if column.startswith(start)), column)


def _refuse_sensitive(whole: Assessment, scope: Scope) -> None:
    """Refuse rows that tell by being there what none of their columns may."""
    needs = scope.recipe.needs if scope.recipe is not None else ()
    hidden = {*sensitive_ids(whole.facts), *(name for name, each in INDICATORS.items() if each.sensitive)}
    if scope.level is not Level.PETUGAS and hidden & {*needs}:
        raise NotAllowed("Rumah tangga menurut penyakit atau disabilitas hanya untuk tingkat petugas.")


def _chosen(whole: Assessment, scope: Scope) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """Return the counted households of a scope, and how many others there are, each under the first reason."""
    rows, left_out = whole.counted, {}
    for why, test in _tests(scope, _unasked(whole, scope)).items():
        kept = test(rows).to_numpy(bool)
        if not kept.all():
            left_out[why] = int((~kept).sum())
            rows = rows[kept]
    return rows, left_out


def _unasked(whole: Assessment, scope: Scope) -> list[str]:
    """Return the titles of a recipe's needs that the run knows nothing of."""
    needs = scope.recipe.needs if scope.recipe is not None else ()
    gone = [name for name in needs if f"need_{name}" not in whole.households]
    return [INDICATORS[name].title if name in INDICATORS else name for name in gone]


def _tests(scope: Scope, unasked: Sequence[str]) -> dict[str, Callable[[gpd.GeoDataFrame], pd.Series]]:
    """Return what a household must be to be in a scope, by the reason for which another one is not."""
    desa, listed, recipe = scope.desa, scope.rows, scope.recipe
    tests: dict[str, Callable[[gpd.GeoDataFrame], pd.Series]] = {}
    if desa is not None:
        tests["desanya tidak diketahui"] = lambda table: table["kode_desa"].notna()
        tests["di luar wilayah yang diminta"] = lambda table: table["kode_desa"].isin(desa)
    if listed is not None:
        tests["tidak ada dalam daftar yang dipilih"] = lambda table: table["sheet_row"].isin(listed)
    if recipe is not None and recipe.needs:
        why = "tidak membutuhkan menurut keperluan penerima, atau belum diketahui"
        if len(unasked) == len(recipe.needs):
            why = f"karena {'; '.join(unasked)} tidak dihitung dalam hasil ini"
        tests[why] = lambda table: any_need(table, recipe.needs)
    return tests


def _wanted(whole: Assessment, scope: Scope, given: Given) -> list[RecipeColumn]:
    """Return the columns that leave, in their order."""
    if scope.recipe is not None:
        sources = sources_of(scope.level)
        kept = [each for each in scope.recipe.columns if not each.source or is_source(each.source, sources)]
        return [each for each in kept if scope.names or each.source not in PERSONS]
    key = KEY if given.pseudonyms is not None else "sheet_row"
    named = [name for name in dict.fromkeys(_all_columns(whole, scope)) if name not in _KEYS]
    named = [name for name in named if given.column(name) is not None]
    if scope.columns is not None:
        named = [name for name in named if name in scope.columns or part_of(name) in scope.columns]
    return [RecipeColumn(name, name) for name in [key, *named]]


def _all_columns(whole: Assessment, scope: Scope) -> list[str]:
    """Return the columns of a level, for whoever is signed in here; nothing sensitive, without a recipe."""
    needs = indicator_ids(whole.facts)
    if scope.level is Level.PETUGAS:
        of_needs = [f"{kind}_{name}" for name in needs for kind in OF_NEEDS]
        persons = PERSONS if scope.names else ()
        return [*VISIT, *persons, *PLACES, "location_quality", *of_needs, "tangga_jamban", *FROM_PRIORITIES]
    sources = [name for name in sources_of(scope.level) if name not in OF_RUN]
    open_ones = [name for name in whole.counted.columns if is_source(name, sources)]
    if scope.columns is None:  # answers about the house are for whoever names them
        open_ones = [name for name in open_ones if name not in HOUSING]
    return [*PLACES, *open_ones, *FROM_PRIORITIES]
