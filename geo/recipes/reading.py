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


class Recipes(dict[str, Recipe]):
    """Recipes by their id.

    Attributes
    ----------
    broken
        Why others cannot be used, by id; those that come along do not stand in for them, as they may give more.
    """

    def __init__(self) -> None:
        super().__init__()
        self.broken: dict[str, str] = {}


def read_recipes(folder: Path | None = None) -> Recipes:
    """Read all recipes as :func:`sound_recipes` does, and let none be broken.

    Raises
    ------
    SettingsError
        When a file is no recipe, or asks for what its level does not have; by name and reason.
    """
    recipes = sound_recipes(folder)
    for why in recipes.broken.values():
        raise SettingsError(why)
    return recipes


def sound_recipes(folder: Path | None = None) -> Recipes:
    """Read all recipes, those of a district's folder over those that come along; a broken one stops no other.

    Raises
    ------
    SettingsError
        When the folder is not there.
    """
    if folder is not None and not folder.is_dir():
        raise SettingsError(f"Folder resep {folder} tidak ada. Periksa setelan sharing.recipes.")
    files = [*sorted(_HERE.glob("*.toml")), *(sorted(folder.glob("*.toml")) if folder else [])]
    recipes = Recipes()
    for name, path in {path.stem: path for path in files}.items():
        try:
            recipes[name] = read_recipe(path)
        except SettingsError as fault:
            recipes.broken[name] = str(fault)
    return recipes


def agencies(recipes: Mapping[str, Recipe]) -> dict[str, str]:
    """Return the name of each agency by its id, in the order of names.

    An agency is called as the recipe of its own id calls the recipient, else as the first one that names it.

    Examples
    --------
    >>> own = Recipe("pupr", "Dinas PUPR", "Jamban", "Usulan", "", Level.PUBLIK)
    >>> other = Recipe("air", "Dinas PUPR, untuk air minum", "Air", "Usulan", "", Level.PUBLIK, agency="pupr")
    >>> agencies({"air": other, "pupr": own})
    {'pupr': 'Dinas PUPR'}
    """
    names = {recipe.agency: recipe.recipient for recipe in [*recipes.values()][::-1]}
    names |= {recipe.id: recipe.recipient for recipe in recipes.values() if recipe.id == recipe.agency}
    return dict(sorted(names.items(), key=lambda named: (named[1], named[0])))


def agency_named(recipes: Mapping[str, Recipe], name: str) -> str:
    """Return the id of an agency that is there.

    Raises
    ------
    SettingsError
        When there is none, with those there are.
    """
    known = agencies(recipes)
    if name not in known:
        told = "; ".join(f"{each} ({title})" for each, title in known.items())
        raise SettingsError(f"Instansi «{name}» tidak ada. Yang ada: {told}.")
    return name


def recipe_named(recipes: Mapping[str, Recipe], name: str) -> Recipe:
    """Return the recipe of an id.

    Raises
    ------
    SettingsError
        When there is none, with those there are; or when its own file is broken, with the reason.
    """
    if isinstance(recipes, Recipes) and name in recipes.broken:
        raise SettingsError(recipes.broken[name])
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
    except RecursionError as fault:
        raise SettingsError(f"Resep {path} bersarang terlalu dalam.") from fault
    except ValueError as fault:
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
