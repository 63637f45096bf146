"""The ground on which need is invented: a district, how many households its desa have, and where they live."""

from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.boundaries import Boundaries
from geo.crs import STORING, to_degrees
from geo.errors import EmptySheet
from geo.evaluation.ground import Ground, make_houses
from geo.geocoding import geocode
from geo.households import read_households
from geo.neighbours import Neighbours, find_neighbours
from geo.settings import Settings

SPREAD = 0.9
"""Standard deviation of the logarithm of the desa's sizes: the largest of 300 has some 150 times the least."""

SMOOTHINGS = 8
"""So often each desa takes the mean of its surroundings, for large desa to stand beside large ones."""


@dataclass(frozen=True)
class World:
    """A district as the simulation sees it; rows of everything are those of ``ground.desa``."""

    ground: Ground
    neighbours: Neighbours
    middles: np.ndarray

    @classmethod
    def of(cls, boundaries: Boundaries, settings: Settings) -> "World":
        """Look at the boundaries of a district."""
        ground = Ground.of(boundaries, settings.geocoding.border_tolerance_m)
        middles = shapely.get_coordinates(shapely.centroid(ground.polygons))
        neighbours = find_neighbours(ground.desa, settings.hot_spots.neighbours, ground.crs)
        return cls(ground, neighbours, middles)

    def part(self, around: int, count: int) -> "World":
        """Return the world of a desa and those nearest to it, so many in all."""
        rows = np.sort(nearest(self.middles, self.middles[around], count))
        links = self.neighbours.matrix[rows][:, rows]
        return World(
            replace(
                self.ground,
                desa=self.ground.desa.iloc[rows].reset_index(drop=True),
                polygons=self.ground.polygons[rows],
            ),
            replace(self.neighbours, matrix=links, islands=np.diff(links.indptr) == 0),
            self.middles[rows],
        )


def nearest(points: np.ndarray, to: np.ndarray, count: int) -> np.ndarray:
    """Return the rows of the points that lie nearest to one, the nearest first.

    Examples
    --------
    >>> nearest(np.array([[0.0, 0], [5, 0], [1, 0]]), np.array([0.0, 0]), 2)
    array([0, 2])
    """
    return np.argsort(((points - to) ** 2).sum(axis=1), kind="stable")[:count]


def shares(world: World, sizes: str, rng: np.random.Generator) -> np.ndarray:
    """Draw the share of the households that lives in each desa.

    Parameters
    ----------
    sizes
        ``uneven``: lognormal, each by itself; ``clustered``: the same sizes, but large desa beside large ones.
    """
    size = np.sort(rng.lognormal(0, SPREAD, len(world.middles)))
    field = rng.standard_normal(len(size))
    if sizes == "clustered":
        around = np.diff(world.neighbours.matrix.indptr) + 1
        for _ in range(SMOOTHINGS):
            field = (field + world.neighbours.matrix @ field) / around
    drawn = np.empty(len(size))
    drawn[np.argsort(field)] = size
    return np.asarray(drawn / drawn.sum())


def register_sizes(sheet: Path, boundaries: Boundaries, settings: Settings) -> np.ndarray:
    """Return how many households of a sheet live in each desa of the boundaries.

    Raises
    ------
    SheetError
        When the sheet cannot be read, or none of its households has a desa.
    """
    intake = read_households(sheet)
    about = boundaries.info["district"]["nama"]
    placed = geocode(intake.households, boundaries.desa, boundaries.measuring, settings.geocoding, about)
    counts = placed["kode_desa"].value_counts()
    if counts.empty:
        raise EmptySheet(f"Tidak ada rumah tangga di {sheet.name} yang dapat ditempatkan di desa.")
    return np.asarray(boundaries.desa["kode_desa"].map(counts).fillna(0), dtype=np.int64)


def settle(world: World, place: np.ndarray, rng: np.random.Generator, *, stacked: bool) -> gpd.GeoDataFrame:
    """Return one household for every entry of ``place`` (rows of the desa), at home around its dusun.

    Parameters
    ----------
    stacked
        All households of a desa on its middle, as where positions were looked up by name.

    Returns
    -------
    geopandas.GeoDataFrame
        ``place``, names and codes of the desa and kecamatan, ``dusun``; points in WGS 84.
    """
    if stacked:
        x, y = world.middles[place].T
        lon, lat = to_degrees(x, y, world.ground.crs)
        dusun = np.full(len(place), "", dtype=object)
    else:
        houses = make_houses(world.ground, place, rng)
        lon, lat, dusun = (houses[column].to_numpy() for column in ("lon", "lat", "true_dusun"))
    names = world.ground.desa[["kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan"]]
    table = pd.DataFrame(names.iloc[place].reset_index(drop=True)).assign(place=place, dusun=dusun)
    return gpd.GeoDataFrame(table, geometry=shapely.points(lon, lat), crs=STORING)


def compact_group(world: World, count: int, rng: np.random.Generator) -> np.ndarray:
    """Draw so many desa that hang together: from a random one on, always the neighbour with most links into the group.

    It is compact, but no circle: the windows of the scan have no unfair advantage.

    Returns
    -------
    numpy.ndarray
        True where a desa belongs to the group.
    """
    matrix = world.neighbours.matrix
    inside = np.zeros(matrix.shape[0], dtype=bool)
    inside[rng.choice(np.flatnonzero(~world.neighbours.islands))] = True
    for _ in range(count - 1):
        links = (matrix @ inside.astype(float)) * ~inside
        if not links.any():
            break
        inside[np.argmax(links + rng.random(len(links)) * (links > 0))] = True
    return inside
