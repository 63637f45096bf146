"""What each receiving agency needs and may have: recipes kept as data, one TOML file each."""

from geo.recipes.checking import check_level, check_recipe
from geo.recipes.reading import (
    Recipes,
    agencies,
    agency_named,
    read_recipe,
    read_recipes,
    recipe_named,
    sound_recipes,
)
from geo.recipes.recipe import Recipe, RecipeColumn

__all__ = [
    "Recipe",
    "RecipeColumn",
    "Recipes",
    "agencies",
    "agency_named",
    "check_level",
    "check_recipe",
    "read_recipe",
    "read_recipes",
    "recipe_named",
    "sound_recipes",
]
