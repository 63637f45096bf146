"""Recipes read from TOML: those that come along, and the district's own, which take the place of one of the same id."""

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from geo.errors import SettingsError, cause_of
from geo.levels import Level
from geo.recipes.checking import check_recipe
from geo.recipes.recipe import Recipe, RecipeColumn
from geo.settings.reading import fault_of

_HERE = Path(__file__).parent
_OF_RECIPE = {each.name for each in fields(Recipe)} - {"id"}
_OF_COLUMN = {each.name for each in fields(RecipeColumn)}
_REASONS = {
    "missing": "harus ada",
    "enum": f"harus salah satu dari {', '.join(Level)}",
    "tuple_type": "harus daftar dalam kurung siku",
    "mapping_type": "harus tabel dalam kurung kurawal",
}
_READ: TypeAdapter[Recipe] = TypeAdapter(Recipe)


def read_recipes(folder: Path | None = None) -> dict[str, Recipe]:
    """Read all recipes, those of a district's folder over those that come along.

    Raises
    ------
    SettingsError
        When a file is no recipe, or asks for what its level does not have; by name and reason.
    """
    if folder is not None and not folder.is_dir():
        raise SettingsError(f"Folder resep {folder} tidak ada. Periksa setelan sharing.recipes.")
    files = [*sorted(_HERE.glob("*.toml")), *(sorted(folder.glob("*.toml")) if folder else [])]
    return {path.stem: read_recipe(path) for path in files}


def recipe_named(recipes: Mapping[str, Recipe], name: str) -> Recipe:
    """Return the recipe of an id.

    Raises
    ------
    SettingsError
        When there is none, with those there are.
    """
    if name not in recipes:
        raise SettingsError(f"Resep «{name}» tidak ada. Yang ada: {', '.join(sorted(recipes))}.")
    return recipes[name]


def read_recipe(path: Path) -> Recipe:
    """Read one recipe.

    Raises
    ------
    SettingsError
        When it cannot be read, or may not be kept to.
    """
    try:
        with path.open("rb") as file:
            told = tomllib.load(file)
    except OSError as fault:
        raise SettingsError(f"Resep {path} tidak dapat dibaca: {cause_of(fault)}.") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise SettingsError(f"Resep {path} bukan TOML yang benar: {fault}.") from fault
    _refuse_strange(path, told, _OF_RECIPE)
    columns = told.get("columns", [])
    for column in columns if isinstance(columns, list) else []:
        _refuse_strange(path, column if isinstance(column, dict) else {}, _OF_COLUMN)
    try:
        recipe = _READ.validate_python({"id": path.stem, **told})
    except ValidationError as fault:
        where, why = fault_of(fault)
        why = _REASONS.get(fault.errors()[0]["type"], why)
        raise SettingsError(f"Resep {path}: «{where}» {why}.") from fault
    check_recipe(recipe)
    return recipe


def _refuse_strange(path: Path, told: Mapping[str, Any], known: set[str]) -> None:
    if strange := [name for name in told if name not in known]:
        raise SettingsError(
            f"Resep {path}: «{strange[0][:60]}» tidak dikenal; periksa ejaannya. Yang ada: {', '.join(sorted(known))}."
        )
