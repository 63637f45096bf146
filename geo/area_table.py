"""Desa and kecamatan with all that is counted in them: rates, denominators, gaps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
from pyproj import CRS

from geo import gaps, rates
from geo.denominators import add_denominators
from geo.layers.families import Families
from geo.neighbours import Neighbours

SHARED = "jamban"
"""The need that a neighbour's facility may meet for a while."""

NEAREST = f"distance_served_{SHARED}_m"


@dataclass(frozen=True)
class Counting:
    """What is counted, and how: the same for desa, kecamatan and zones.

    Attributes
    ----------
    indicators
        Ids of all that are measured.
    open_needs
        Those that are not sensitive: health has no target share, and nobody is pointed at.
    minimum_known
        Fewer known households than this: no colour, no rank.
    targets
        Target share by indicator.
    desa
        The desa of the district, whose families are told.
    families
        All families of each desa, where a table gives them.
    """

    indicators: Sequence[str]
    open_needs: Sequence[str]
    minimum_known: int
    targets: Mapping[str, float]
    desa: gpd.GeoDataFrame
    families: Families | None


def area_table(
    areas: gpd.GeoDataFrame,
    households: gpd.GeoDataFrame,
    key: str,
    counting: Counting,
    measuring: CRS,
    neighbours: Neighbours | None = None,
) -> gpd.GeoDataFrame:
    """Return areas with their size and every figure of the households in them; see docs/tables.md.

    Needs columns: ``key`` in both; of the households ``need_<indicator>``, geometry; of use the distance to the
    nearest served one (:func:`add_nearest`).

    Parameters
    ----------
    neighbours
        Of the areas, in their order: their rates are smoothed towards them too.
    """
    counted = areas.assign(area_km2=areas.geometry.to_crs(measuring).area / 1e6)
    counted = rates.add_counts(counted, households, key)
    names = counting.indicators
    rated = rates.add_rates(counted, households, key, names, counting.minimum_known, neighbours)
    rated = gaps.add_gaps(rated, counting.open_needs, counting.targets)
    rated = add_denominators(rated, key, counting.desa, counting.families, names)
    return gaps.add_near_served(rated, households, key, SHARED) if NEAREST in households else rated


def add_nearest(households: gpd.GeoDataFrame, measuring: CRS) -> gpd.GeoDataFrame:
    """Add to each household without a layak jamban how far the nearest one with it is.

    Only households that count take part. Needs columns: ``counts``, geometry; of use ``need_jamban``.
    Adds columns: ``distance_served_jamban_m``, where that need is measured.
    """
    if f"need_{SHARED}" not in households:
        return households
    counting = households[households["counts"].to_numpy(dtype=bool)]
    metres = gaps.nearest_served(counting, SHARED, measuring).reindex(households.index)
    return households.assign(**{NEAREST: metres})
