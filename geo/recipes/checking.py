"""A recipe is believed only after this: columns of its level alone, names that every format takes, plain words."""

import re
from collections.abc import Collection, Iterable

from geo.errors import NotAllowed, SettingsError
from geo.indicators import INDICATORS
from geo.levels import Level
from geo.recipes.recipe import Recipe, RecipeColumn
from geo.recipes.sources import COLLECTIONS, KEY, NEVER, is_source, refused, sources_of

_ID = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_ID_RULE = (
    "tidak dapat dipakai: huruf kecil, angka, garis bawah dan tanda hubung, diawali huruf, paling panjang 40"
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")
_TAKEN = frozenset({
    "geometry", "geom", "fid", "ogc_fid", "bbox",
    "f", "limit", "offset", "datetime", "crs", "properties", "sortby", "filter",
})  # fmt: skip
"""Names that a file format keeps for itself, or that a question by OGC API means something else by."""

_LONGEST, _MOST_COLUMNS, _MOST_DAYS = 300, 120, 366
_WITH_COLUMNS = (Level.OPD, Level.PETUGAS)


def check_recipe(recipe: Recipe) -> None:
    """Refuse a recipe that asks for what its level does not have, or that no file could hold.

    Raises
    ------
    SettingsError
        Naming the recipe, and the column or word that is wrong.
    """
    if not _ID.fullmatch(recipe.id):
        raise SettingsError(f"Nama berkas resep {recipe.id[:40]!r} {_ID_RULE}.")
    _require(recipe, _ID.fullmatch(recipe.agency) is not None, f"«agency» {recipe.agency[:40]!r} {_ID_RULE}")
    words = {name: getattr(recipe, name) for name in ("recipient", "title", "purpose", "basis")}
    for name, text in words.items():
        _require(recipe, bool(text.strip()), f"«{name}» kosong; isi dengan kata-kata")
        _require_plain(recipe, name, text)
    _require(recipe, 1 <= recipe.days <= _MOST_DAYS, f"«days» harus 1 sampai {_MOST_DAYS}")
    of_level = COLLECTIONS[recipe.level]
    _require_known(recipe, "collections", recipe.collections, of_level)
    _require(recipe, all(map(_ID.fullmatch, recipe.formats)), "«formats» menyebut bentuk yang tidak ada")
    _check_needs(recipe)
    _check_columns(recipe)


def check_level(recipe: Recipe, level: Level) -> None:
    """Refuse a level at which a recipe may not be handed over.

    Raises
    ------
    NotAllowed
        When it is above the recipe's own, or below that of a visit list.
    """
    if level in recipe.levels:
        return
    if recipe.level is Level.PETUGAS:
        raise NotAllowed(
            f"Resep {recipe.id} ({recipe.recipient}) hanya untuk tingkat petugas, dengan satu daftar kunjungan."
        )
    raise NotAllowed(f"Resep {recipe.id} ({recipe.recipient}) paling tinggi tingkat {recipe.level}.")


def _check_needs(recipe: Recipe) -> None:
    names = [name for name, each in INDICATORS.items() if recipe.level is Level.PETUGAS or not each.sensitive]
    if hidden := [name for name in recipe.needs if name in INDICATORS and name not in names]:
        raise _wrong(recipe, f"kebutuhan «{hidden[0]}» data pribadi spesifik; hanya untuk tingkat petugas")
    _require_known(recipe, "needs", recipe.needs, names)


def _check_columns(recipe: Recipe) -> None:
    if recipe.level not in _WITH_COLUMNS or "rumah_tangga" not in (
        recipe.collections or COLLECTIONS[recipe.level]
    ):
        why = (
            "kolom rumah tangga hanya dapat dipilih pada tingkat opd dan petugas, dengan koleksi rumah_tangga"
        )
        _require(recipe, not recipe.columns and not recipe.recap, why)
        return
    _require(
        recipe, bool(recipe.columns), "«columns» kosong; sebut kolom rumah tangga yang diperlukan penerima"
    )
    _require(recipe, len(recipe.columns) <= _MOST_COLUMNS, f"lebih dari {_MOST_COLUMNS} kolom")
    sources = sources_of(recipe.level)
    for column in recipe.columns:
        _check_column(recipe, column, sources)
    keys = [column for column in recipe.columns if column.source == KEY and not column.values]
    _require(
        recipe,
        bool(keys),
        f"sebut kolom «{KEY}», tanpa values: dengan nomor itu hasil kerja penerima kembali",
    )
    names = [column.name.casefold() for column in recipe.columns]
    twice = [column.name for column in recipe.columns if names.count(column.name.casefold()) > 1]
    _require(recipe, not twice, f"nama kolom «{twice[0] if twice else ''}» dipakai dua kali")
    if recipe.recap:
        mapped = [column.name for column in recipe.columns if column.values and column.source]
        _require(recipe, recipe.level is Level.OPD, "«recap» hanya untuk tingkat opd")
        _require_known(recipe, "recap", [recipe.recap], mapped)
        column = next(column for column in recipe.columns if column.name == recipe.recap)
        words = {word for word in column.values.values() if word}
        counted = [name for name in column.recap() if _NAME.fullmatch(name)]
        _require(
            recipe,
            len(counted) == len(words),
            f"kata-kata dari «{column.name}» tidak dapat menjadi nama kolom rekap",
        )


def _check_column(recipe: Recipe, column: RecipeColumn, sources: list[str]) -> None:
    if not _NAME.fullmatch(column.name) or column.name.casefold() in _TAKEN:
        raise _wrong(
            recipe,
            f"nama kolom {column.name[:60]!r} tidak dapat dipakai: huruf, angka dan garis bawah, diawali huruf, paling "
            f"panjang 60, dan bukan nama yang dipakai bentuk berkas atau API ({', '.join(sorted(_TAKEN))})",
        )
    _require_plain(recipe, f"title dari {column.name}", column.title)
    for value, word in column.values.items():
        _require_plain(recipe, f"values dari {column.name}", value)
        _require_plain(recipe, f"values dari {column.name}", word)
    if not column.source or is_source(column.source, sources):
        return
    if column.source in NEVER:
        raise _wrong(recipe, f"kolom «{column.source}» tidak pernah dibagikan, pada tingkat mana pun")
    if column.source in refused():
        raise _wrong(
            recipe,
            f"kolom «{column.source}» menyangkut orang dan hanya untuk tingkat petugas, bukan {recipe.level}",
        )
    told = ", ".join(sources) or "tidak ada; tingkat ini tidak punya rumah tangga"
    raise _wrong(
        recipe, f"kolom «{column.source[:60]}» tidak ada pada tingkat {recipe.level}. Yang ada: {told}"
    )


def _require_known(recipe: Recipe, what: str, named: Iterable[str], known: Collection[str]) -> None:
    named = list(named)
    if strange := [name for name in named if name not in known]:
        raise _wrong(
            recipe,
            f"«{what}» menyebut {strange[0][:60]!r}, yang tidak ada pada tingkat {recipe.level}. "
            f"Yang ada: {', '.join(known)}",
        )
    _require(recipe, len({*named}) == len(named), f"«{what}» menyebut hal yang sama dua kali")


def _require_plain(recipe: Recipe, what: str, text: str) -> None:
    _require(recipe, len(text) <= _LONGEST, f"«{what}» lebih panjang dari {_LONGEST} huruf")
    _require(
        recipe,
        text.isprintable(),
        f"«{what}» memuat tanda yang tidak tampak (baris baru, tab, atau pengatur arah)",
    )


def _require(recipe: Recipe, fine: bool, otherwise: str) -> None:
    if not fine:
        raise _wrong(recipe, otherwise)


def _wrong(recipe: Recipe, why: str) -> SettingsError:
    return SettingsError(f"Resep {recipe.id}: {why}.")
