"""What the search for clusters is measured on: a district side by side with itself, and houses around its dusun."""

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import csr_array

from geo.boundaries import Boundaries
from geo.clusters.scan.windows import neighbouring
from geo.evaluation.clusters import World
from geo.evaluation.clusters.world import SPREAD, settle
from geo.neighbours import find_neighbours

RATE, A_DESA = 0.2, 70


@dataclass(frozen=True)
class Areas:
    """Desa with households and need at one rate everywhere.

    Attributes
    ----------
    points
        Their middles, metres; ordered as the scan orders them, so that its replicates are the same elsewhere.
    links
        Who is whose neighbour (queen).
    """

    points: np.ndarray
    population: np.ndarray
    cases: np.ndarray
    links: csr_array


def areas(district: Boundaries, copies: int, seed: int = 7) -> Areas:
    """Return the desa of a district, repeated in a grid, with uneven sizes."""
    chance = np.random.default_rng(seed)
    shapes = district.desa.geometry.to_crs(district.measuring).to_numpy()
    west, south, east, north = shapely.total_bounds(shapes)
    across = int(np.ceil(copies**0.5))
    grid = [shapely.transform(shapes, _moved((east - west) * (copy % across), (north - south) * (copy // across)))
            for copy in range(copies)]  # fmt: skip
    every = np.concatenate(grid)
    every = every[neighbouring(shapely.get_coordinates(shapely.centroid(every)))]
    links = find_neighbours(
        gpd.GeoDataFrame(geometry=every, crs=district.measuring), "queen", district.measuring
    )
    size = chance.lognormal(0, SPREAD, len(every))
    population = 5 + chance.multinomial(len(every) * A_DESA, size / size.sum())
    cases = chance.binomial(population, RATE)
    return Areas(shapely.get_coordinates(shapely.centroid(every)), population, cases, links.matrix)


def _moved(x: float, y: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda points: points + np.array([x, y])


def homes(world: World, count: int, chance: np.random.Generator) -> tuple[np.ndarray, gpd.GeoDataFrame]:
    """Return houses around the dusun of a district, in metres and as households."""
    size = chance.lognormal(0, SPREAD, len(world.middles))
    place = chance.choice(len(size), count, p=size / size.sum())
    people = settle(world, place, chance, stacked=False)
    metres = people.geometry.to_crs(world.ground.crs)
    return np.column_stack([metres.x, metres.y]), people
