"""Products of runs: made once for each scope, and kept for whoever asks for the same."""

import hashlib
import hmac
import threading
from collections.abc import Collection as Group
from collections.abc import Hashable, Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.household_keys import KeyStore
from app.kept import Kept
from app.library import OpenedRun
from app.records.tables import Handover, HouseholdList, Member
from app.secrets_file import read_secrets
from app.settings import WebSettings
from geo.errors import NoRun, NotAllowed
from geo.exports import FORMATS
from geo.levels import Level
from geo.privacy.pseudonyms import pseudonyms
from geo.products import Product, Scope, make_product
from geo.recipes import Recipe, Recipes, check_level, recipe_named, sound_recipes
from geo.runs import open_run
from geo.settings import SharingSettings, read_settings

if TYPE_CHECKING:
    from geo.assessment import Assessment

_MOST_ROWS, _ROWS_AT_LEAST = 600_000, 25_000
"""So many rows of products stay in memory; one of a few desa still has their boundaries, also as texts."""

_AT_ONCE = 2
"""So many products are made at a time: each has a copy of the run's households for a moment."""


def scope_of(
    recipe: Recipe,
    level: Level | None = None,
    desa: Group[str] | None = None,
    rows: Group[int] | None = None,
) -> Scope:
    """Return what the receiver of a recipe may have.

    Parameters
    ----------
    level
        One of the recipe's; its own when not given.
    desa
        The kode_desa it is about; none for the whole district.
    rows
        Sheet rows of a named visit list, which ``petugas`` asks for; none for all.

    Raises
    ------
    NotAllowed
        When the level is none of the recipe's, or names are asked for without a list.
    """
    level = recipe.level if level is None else level
    check_level(recipe, level)
    if level is Level.PETUGAS and rows is None:
        raise NotAllowed("Nama dan alamat hanya untuk satu daftar kunjungan yang bernama. Sebut daftarnya.")
    return Scope(
        level,
        recipe,
        frozenset(desa) if desa else None,
        frozenset(rows) if rows is not None else None,
        names=level is Level.PETUGAS,
    )


def scope_of_handover(session: Session, recipes: Recipes, held: Handover) -> Scope:
    """Return the scope that a hand-over was given, with the members of its list as they are now.

    Raises
    ------
    SettingsError
        When its recipe is gone.
    NoRun
        When its list is gone.
    NotAllowed
        When the recipe cannot be read, or is not the one any more by which somebody decided.
    """
    if held.recipient in recipes.broken:
        # the reason names files of this server, and agencies read this
        raise NotAllowed(
            f"Resep {held.recipient} rusak. Sebabnya tertulis di halaman Bagikan, pilihan penerima."
        )
    recipe, rows = recipe_named(recipes, held.recipient), None
    if held.scope.get("recipe", fingerprint(recipe)) != fingerprint(recipe):
        raise NotAllowed(
            f"Resep {recipe.id} diubah sejak pembagian {held.id} diputuskan. Minta pembagian yang baru."
        )
    if (number := held.scope.get("list")) is not None:
        saved = session.get(HouseholdList, int(number))
        if saved is None or saved.run != held.run:
            raise NoRun("Daftar kunjungan pembagian itu sudah dihapus.")
        rows = session.scalars(select(Member.sheet_row).where(Member.list_id == saved.id)).all()
    return scope_of(recipe, Level(held.level), held.desa, rows)


def fingerprint(recipe: Recipe) -> str:
    """Return a short word that changes with a recipe."""
    return hashlib.sha256(repr(recipe).encode()).hexdigest()[:16]


def only(product: Product, collections: Group[str]) -> Product:
    """Return a product with some of its collections; with all when none is named."""
    if not collections:
        return product
    kept = {name: each for name, each in product.collections.items() if name in collections}
    return replace(product, collections=kept)


class ProductStore:
    """The products of the runs, for as long as the application lives.

    Parameters
    ----------
    settings
        Of the application; the district's settings file is read anew for each product that is made.
    keys
        Of the households, for pseudonyms.
    """

    def __init__(self, settings: WebSettings, keys: KeyStore) -> None:
        self._settings, self._keys = settings, keys
        self._kept: Kept[Product] = Kept(_MOST_ROWS, _weight)
        self._whole: Kept[Assessment] = Kept(1)
        self._names: Kept[dict[int, str]] = Kept(4)
        self._making = threading.Semaphore(_AT_ONCE)

    def sharing(self) -> SharingSettings:
        """Return the district's policy of sharing as its settings file says now."""
        file = self._settings.settings_file
        return _sharing(file, *_stamps([file] if file else []))

    def recipes(self) -> Recipes:
        """Return the recipes, the district's own over those that come along; broken ones are told apart."""
        folder = self.sharing().recipes
        return _recipes(folder, *_stamps(sorted(folder.glob("*.toml")) if folder else []))

    def product(self, opened: OpenedRun, scope: Scope, recipient: str = "") -> Product:
        """Return the product of a run for a scope, made now when nobody has asked for it lately.

        Parameters
        ----------
        recipient
            Whose pseudonyms the households bear at ``opd`` and ``petugas``, the id of a recipe; without one their key
            is the row of the sheet, which is for whoever is signed in here and no other.

        Raises
        ------
        NoRun
            When the run has been taken away or replaced meanwhile.
        NotAllowed
            When the scope asks for what its level does not have.
        """
        sharing = self.sharing()
        told = (opened.folder, opened.facts["created"], recipient, sharing.model_dump_json(), *_as_key(scope))

        def make() -> Product:
            with self._making:
                return self._make(opened, scope, recipient, sharing)

        return self._kept.get(told, make)

    def _make(self, opened: OpenedRun, scope: Scope, recipient: str, sharing: SharingSettings) -> Product:
        secret = read_secrets(self._settings.state_folder).households
        if scope.level is Level.PUBLIK:
            return make_product(opened.public, scope, sharing)
        # the pages' own tables lack what a product may need: persons, and the figures that are withheld anew
        run = (opened.folder, opened.facts["created"])
        whole = self._whole.get(run, lambda: open_run(opened.folder))
        if whole.facts["created"] != opened.facts["created"]:
            self._whole.clear()
            raise NoRun(f"Hasil {opened.id} baru saja diganti. Muat ulang halamannya.")
        names = None
        if recipient and scope.level in {Level.OPD, Level.PETUGAS}:
            names = self._names.get((*run, recipient), lambda: self._pseudonyms(opened, recipient, secret))
        # one key for all: two maskings of one household would tell by their difference
        key = hmac.digest(secret.encode(), b"samaran posisi", hashlib.sha256)
        public = opened.public if scope.level is Level.TERBATAS else None
        return make_product(whole, scope, sharing, names, key=key, public=public)

    def _pseudonyms(self, opened: OpenedRun, recipient: str, secret: str) -> dict[int, str]:
        given = pseudonyms(self._keys.of(opened.folder), secret, recipient, opened.id)
        return dict(zip(given.index.tolist(), given.tolist(), strict=True))


def _weight(product: Product) -> int:
    return max(_ROWS_AT_LEAST, sum(len(each.table) for each in product.collections.values()))


@lru_cache(maxsize=4)
def _sharing(file: Path | None, *_: tuple[str, int]) -> SharingSettings:
    return read_settings(file).sharing


@lru_cache(maxsize=4)
def _recipes(folder: Path | None, *_: tuple[str, int]) -> Recipes:
    recipes = sound_recipes(folder)
    for recipe in [*recipes.values()]:
        if strange := [name for name in recipe.formats if name not in FORMATS]:
            del recipes[recipe.id]
            recipes.broken[recipe.id] = (
                f"Resep {recipe.id}: bentuk berkas «{strange[0]}» tidak ada. Yang ada: {', '.join(FORMATS)}."
            )
    return recipes


def _stamps(files: Iterable[Path]) -> list[tuple[str, int]]:
    """Return what changes when a file does: every request asks, and a file is read once as long as it stands."""
    return [(path.name, path.stat().st_mtime_ns) for path in files if path.is_file()]


def _as_key(scope: Scope) -> tuple[Hashable, ...]:
    """Return what tells a scope from another; recipes hold tables of words, which have no hash."""
    return (scope.level, repr(scope.recipe), scope.desa, scope.rows, scope.columns, scope.names)


def product_store(settings: WebSettings) -> ProductStore:
    """Return a store of its own, for a command or a job."""
    secret = read_secrets(settings.state_folder).households
    return ProductStore(settings, KeyStore(settings.state_folder, secret))
