"""Invented regions of need: neighbouring desa in which bad houses, or missing jamban, are clearly more common."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely

from geo.sample.hamlets import District

REGIONS: Mapping[str, float] = {"rtlh": 0.6, "jamban": 0.6}
"""Needs with a planted region: share of its households with a bad building, or without layak jamban, rich or poor."""

MOST_DESA, LEAST_DESA = 10, 3
REGION_IN = 12
"""A region takes one desa in so many; where that is less than the least, a district is too small for one."""


def plant_regions(district: District, rng: np.random.Generator) -> np.ndarray:
    """Choose the desa of each region: one drawn at random, and those whose middles are nearest to its own.

    Returns
    -------
    numpy.ndarray
        The need planted in each desa, a name of :data:`REGIONS`; empty where none is. No desa has two.
    """
    need = np.full(len(district.desa), "", dtype=object)
    size = min(MOST_DESA, need.size // REGION_IN)
    if size < LEAST_DESA:
        return need
    middles = shapely.get_coordinates(shapely.centroid(district.polygons))
    free = np.arange(need.size)
    for name in REGIONS:
        away = np.hypot(*(middles - middles[rng.choice(free)]).T)
        away[need != ""] = np.inf
        by_distance = np.argsort(away, kind="stable")
        need[by_distance[:size]] = name
        # The next one begins so far off that desa without a region lie between.
        free = np.setdiff1d(free, by_distance[: 2 * size])
    return need


def strike(region: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Draw the households that have the need of their region; one bool column a need of :data:`REGIONS`.

    Parameters
    ----------
    region
        For each household, the need planted in its desa, or an empty text.
    """
    return pd.DataFrame(
        {name: (region == name) & (rng.random(region.size) < REGIONS[name]) for name in REGIONS}
    )
