"""Invented land cover in the classes of ESA WorldCover, in keeping with the invented dusun."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from rasterio.features import rasterize
from rasterio.transform import Affine
from scipy.ndimage import distance_transform_edt, gaussian_filter, zoom

from geo.crs import STORING
from geo.sample.hamlets import District

TREES, SHRUB, GRASS, CROP, BUILT, BARE, WATER, WETLAND, MANGROVE = 10, 20, 30, 40, 50, 60, 80, 90, 95
NODATA = 0
CELL_DEGREES = 0.0003
MARGIN_DEGREES = 0.012
METRES_A_DEGREE = 111_320.0
CELL_M = CELL_DEGREES * METRES_A_DEGREE
_SETTLED_PER_HA = 7.0
SETTLED_BLUR_CELLS = 1.8


@dataclass(frozen=True)
class LandCover:
    """A raster of classes, north up, WGS 84.

    Attributes
    ----------
    classes
        uint8, codes of ESA WorldCover; 0 is no data.
    transform
        From column and row to longitude and latitude, degrees.
    """

    classes: np.ndarray
    transform: Affine


def make_landcover(
    district: District,
    sea: gpd.GeoDataFrame | None,
    hamlets: pd.DataFrame,
    homes: pd.DataFrame,
    rng: np.random.Generator,
) -> LandCover:
    """Invent land cover: settled where the homes are, trees inland, crops between, mangrove on the shore."""
    west, south, east, north = district.desa.total_bounds + np.array([-1, -1, 1, 1]) * MARGIN_DEGREES
    shape = (int(np.ceil((north - south) / CELL_DEGREES)), int(np.ceil((east - west) / CELL_DEGREES)))
    transform = Affine(CELL_DEGREES, 0, west, 0, -CELL_DEGREES, north)
    water = np.zeros(shape, dtype=bool)
    if sea is not None and not sea.empty:
        water = rasterize(sea.to_crs(STORING).geometry, out_shape=shape, transform=transform).astype(bool)
    from_sea = distance_transform_edt(~water) * CELL_M if water.any() else _from_north(shape)
    inland = np.clip(from_sea / max(float(np.quantile(from_sea, 0.98)), 1.0), 0, 1)
    rough, patch, fine = (_noise(shape, length_m, rng) for length_m in (2500, 800, 350))
    relief = inland * 3.4 + rough + 0.35 * fine
    classes = np.full(shape, CROP, dtype=np.uint8)
    classes[(patch > 2.0) & (relief < 2.2)] = GRASS  # noqa: PLR2004  -- thresholds of noise, tuned by eye
    classes[relief > 2.35] = SHRUB  # noqa: PLR2004
    classes[relief > 2.55] = TREES  # noqa: PLR2004
    classes[(patch < -2.6) & (relief < 2)] = BARE  # noqa: PLR2004
    if water.any():
        classes[(from_sea < 1800) & (rough + 0.5 * fine > 0.9)] = WETLAND  # noqa: PLR2004
        classes[(from_sea < 260) & (fine > 0.7)] = MANGROVE  # noqa: PLR2004
    classes[_settled(shape, transform, hamlets, homes) > _SETTLED_PER_HA * np.exp(0.25 * fine)] = BUILT
    classes[water] = WATER
    return LandCover(classes, transform)


def _from_north(shape: tuple[int, int]) -> np.ndarray:
    return np.broadcast_to(np.arange(shape[0])[:, None] * CELL_M, shape)


def _noise(shape: tuple[int, int], length_m: float, rng: np.random.Generator) -> np.ndarray:
    """Draw a smooth random field, standard normal, whose bumps are about ``length_m`` wide."""
    step = max(length_m / CELL_M / 2, 1.0)
    coarse = rng.normal(0, 1, (int(shape[0] / step) + 4, int(shape[1] / step) + 4))
    fine = zoom(coarse, step, order=3)[: shape[0], : shape[1]]
    return np.asarray((fine - fine.mean()) / fine.std())


def _settled(
    shape: tuple[int, int], transform: Affine, hamlets: pd.DataFrame, homes: pd.DataFrame
) -> np.ndarray:
    """Return homes per hectare in life: each invented home stands for its share of the dusun."""
    hamlet = homes["hamlet"].to_numpy()
    stands_for = hamlets["life"].to_numpy() / np.maximum(np.bincount(hamlet, minlength=len(hamlets)), 1)
    count = _count(shape, transform, homes["lon"], homes["lat"], stands_for[hamlet])
    return np.asarray(gaussian_filter(count, SETTLED_BLUR_CELLS) / (CELL_M**2 / 1e4))


def _count(
    shape: tuple[int, int], transform: Affine, lon: pd.Series, lat: pd.Series, weight: np.ndarray
) -> np.ndarray:
    column = ((lon - transform.c) / transform.a).astype(int)
    row = ((lat - transform.f) / transform.e).astype(int)
    place = (row * shape[1] + column).to_numpy()
    return np.bincount(place, weight, shape[0] * shape[1]).astype(float).reshape(shape)
