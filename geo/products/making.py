"""The road from an Assessment to a product."""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.assessment import Assessment
from geo.errors import NotAllowed
from geo.levels import Level
from geo.products.areas import Rows, area_rows
from geo.products.codes import inputs_of
from geo.products.dictionary import Dictionary
from geo.products.editions import agency_edition, indicator_ids, only_indicators, public_edition
from geo.products.households import Shown, household_rows, recap
from geo.products.masked import MaskedRows
from geo.products.notes import notes_of
from geo.products.product import Collection, Product, Scope
from geo.recipes import Recipe, check_level, check_recipe
from geo.recipes.sources import COLLECTIONS
from geo.settings import SharingSettings

HOUSEHOLDS = "rumah_tangga"
_GEOMETRY = {HOUSEHOLDS: "Point"}
_TRUE_POINTS = (Level.OPD, Level.PETUGAS)


def make_product(
    assessment: Assessment,
    scope: Scope,
    settings: SharingSettings,
    pseudonyms: Mapping[int, str] | None = None,
    *,
    key: bytes = b"",
    public: Assessment | None = None,
) -> Product:
    """Cut an assessment to what a scope may have.

    Parameters
    ----------
    assessment
        The whole one, as opened from a run; for ``publik`` the edition for everybody does as well. For ``petugas`` with
        the columns of persons, and with sensitive needs where a recipe names them.
    scope
        Of the receiver.
    settings
        How households are masked, for ``terbatas``.
    pseudonyms
        By sheet row (:func:`geo.privacy.pseudonyms.pseudonyms`); a recipe of ``opd`` and ``petugas`` needs them, who is
        signed in here has the sheet row in their place.
    key
        Secret of the installation, from which positions of ``terbatas`` are drawn.
    public
        The edition for everybody, where it is made already.

    Returns
    -------
    Product
        The collections of :data:`geo.recipes.sources.COLLECTIONS` that level and recipe have, each column with its line
        of the dictionary; a column without one does not leave. Rows and ``left_out`` of ``rumah_tangga`` add up to the
        counted households of the run.

    Raises
    ------
    NotAllowed
        When the scope asks for a collection, a list or names that its level does not have, or pseudonyms lack.
    SettingsError
        When its recipe asks for what no recipe of its level may ask.
    """
    _check(scope, key)
    making = _Making(assessment, scope, settings, pseudonyms, key, public)
    wanted = [name for name in COLLECTIONS[scope.level] if not _asked(scope) or name in _asked(scope)]
    if not wanted:
        raise NotAllowed(
            f"Yang diminta resep ini ({', '.join(_asked(scope))}) tidak ada pada tingkat {scope.level}."
        )
    collections = {name: making.collection(name) for name in wanted}
    facts = making.facts()
    return Product(scope, collections, facts, notes_of(scope, collections, facts, settings, making.shown))


class _Making:
    """Everything that several collections of one product share."""

    def __init__(
        self,
        assessment: Assessment,
        scope: Scope,
        settings: SharingSettings,
        pseudonyms: Mapping[int, str] | None,
        key: bytes,
        public: Assessment | None,
    ) -> None:
        self._whole, self._scope, self._pseudonyms = assessment, scope, pseudonyms
        if scope.level in _TRUE_POINTS:
            self._edition = agency_edition(assessment)
        else:
            self._edition = public_edition(assessment) if public is None else public_edition(public)
        self._masked = MaskedRows(assessment, self._edition, scope, settings, key)
        self._told = indicators_of(scope.recipe, indicator_ids(self._edition.facts))
        cut = self._edition if scope.level is not Level.OPD else only_indicators(self._edition, self._told)
        self._areas = area_rows(cut, scope.desa)
        self._inputs = inputs_of(assessment.facts, scope.level)
        self._dictionary = Dictionary({**assessment.facts, "inputs": self._inputs}, scope)
        self.shown: Shown | None = None

    def facts(self) -> dict[str, Any]:
        """Return what the product was made from, at its level."""
        return {**self._edition.facts, "inputs": self._inputs, "audience": self._scope.level.value}

    def collection(self, name: str) -> Collection:
        """Make one collection."""
        rows, sources = self._rows(name)
        table = _plain(rows.table.reset_index(drop=True))
        fields = self._dictionary.fields(name, table, sources)
        kept = [field.name for field in fields]
        title, about = self._dictionary.about(name)
        geometry = _GEOMETRY.get(name, "MultiPolygon")
        return Collection(
            name, title, about, table[[*kept, "geometry"]], rows.key, fields, geometry, rows.left_out
        )

    def _rows(self, name: str) -> tuple[Rows, dict[str, str] | None]:
        scope = self._scope
        if name == "kisi":
            return self._masked.cells(self._told), None
        if name != HOUSEHOLDS:
            return self._with_recap(name, self._areas[name]()), None
        if scope.level is Level.TERBATAS:
            return self._masked.households(self._told), None
        self.shown = household_rows(self._whole, self._edition, scope, self._pseudonyms)
        return self.shown.rows, self.shown.sources

    def _with_recap(self, name: str, rows: Rows) -> Rows:
        recipe = self._scope.recipe
        if (
            recipe is None
            or not recipe.recap
            or self._scope.level is not Level.OPD
            or name not in {"desa", "kecamatan"}
        ):
            return rows
        column = next(each for each in recipe.columns if each.name == recipe.recap)
        return Rows(recap(self._whole, rows.table, rows.key, column), rows.key, rows.left_out)


def indicators_of(recipe: Recipe | None, known: Sequence[str]) -> list[str]:
    """Return the indicators that a recipe is about: those of its needs and of its columns; all when it names none.

    Examples
    --------
    >>> indicators_of(None, ["rtlh", "jamban"])
    ['rtlh', 'jamban']
    """
    if recipe is None:
        return [*known]
    of_columns = {"tangga_jamban": "jamban", "basis_rtlh": "rtlh"}
    sources = [column.source for column in recipe.columns]
    named = {*recipe.needs, *(of_columns.get(source, source.partition("_")[2]) for source in sources)}
    return [name for name in known if name in named] or [*known]


def _asked(scope: Scope) -> tuple[str, ...]:
    return scope.recipe.collections if scope.recipe is not None else ()


def _check(scope: Scope, key: bytes) -> None:
    """Refuse a scope that no level has."""
    recipe = scope.recipe
    if recipe is not None:
        check_recipe(recipe)
        check_level(recipe, scope.level)
    if scope.names and scope.level is not Level.PETUGAS:
        raise NotAllowed(f"Nama dan alamat hanya untuk tingkat petugas, bukan {scope.level}.")
    if scope.level is Level.PETUGAS and scope.rows is None:
        raise NotAllowed("Nama dan alamat hanya untuk satu daftar kunjungan yang bernama. Sebut daftarnya.")
    if scope.level is Level.TERBATAS and not key:
        raise NotAllowed(
            "Posisi hanya dapat disamarkan dengan kunci rahasia instalasi ini, dan kunci itu tidak ada."
        )
    if scope.rows is not None and scope.level not in _TRUE_POINTS:
        raise NotAllowed(f"Sebuah daftar rumah tangga tidak dapat dibagikan pada tingkat {scope.level}.")


def _plain(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the table with words as text: a category is a matter of memory, not of meaning."""
    words = [name for name, kind in table.dtypes.items() if isinstance(kind, pd.CategoricalDtype)]
    return table.astype(dict.fromkeys(words, "str")) if words else table
