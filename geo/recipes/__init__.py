"""What each receiving agency needs and may have: recipes kept as data, one TOML file each."""

from geo.recipes.checking import check_recipe
from geo.recipes.reading import read_recipe, read_recipes, recipe_named
from geo.recipes.recipe import Recipe, RecipeColumn

__all__ = ["Recipe", "RecipeColumn", "check_recipe", "read_recipe", "read_recipes", "recipe_named"]
