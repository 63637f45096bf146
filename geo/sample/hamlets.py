"""Invented dusun: where they lie in each desa, how large they are, and which hold planted need."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.crs import measuring_crs

LIFE_HOUSEHOLDS = 900
"""Households of an average desa in life: the size of a dusun follows it, not the size of the sample."""

HOMES_PER_HA = 25.0
KANTONG_PER_HA = 14.0
MAX_HAMLETS = 7
COAST_TO, INLAND_FROM, DENSE_FROM = 0.04, 0.75, 0.80
"""Quantiles of the distance from the sea, and of density among the desa between."""

ROOMY_M = 80.0
PLANTED_WEIGHT = 3.5
"""A planted dusun has this many times the households it would have: poor places fill a register."""

_CANDIDATES = 80
_FIRST = (
    "Karang",
    "Gondang",
    "Wono",
    "Sumber",
    "Banyu",
    "Kali",
    "Kebon",
    "Randu",
    "Jati",
    "Watu",
    "Tegal",
    "Sido",
)
_LAST = (
    "sari",
    "rejo",
    "lor",
    "kidul",
    "wetan",
    "kulon",
    "anyar",
    "tengah",
    "mulyo",
    "asri",
    "gede",
    "malang",
)
HAMLET_NAMES = ("Krajan", *(first + last for last in _LAST for first in _FIRST))


@dataclass(frozen=True)
class District:
    """The desa in metres, and what the sample needs to know of each.

    Attributes
    ----------
    polygons
        In the measuring CRS of the district, prepared for point tests.
    inland_m
        Metres from the sea; without a sea, from the northern edge of the district.
    life
        Households in life, invented.
    part
        ``pesisir``, ``perkotaan``, ``pedalaman`` (farthest from the sea) or ``lainnya``.
    jamban_gap
        Desa with planted low coverage of jamban.
    """

    desa: gpd.GeoDataFrame
    polygons: np.ndarray
    crs: CRS
    inland_m: np.ndarray
    life: np.ndarray
    part: np.ndarray
    jamban_gap: np.ndarray


def make_district(desa: gpd.GeoDataFrame, sea: gpd.GeoDataFrame | None, rng: np.random.Generator) -> District:
    """Invent how populous each desa is, and choose the desa with planted jamban gaps.

    Parameters
    ----------
    desa
        One row a desa, WGS 84, in any order.
    sea
        Polygons of the sea in any CRS, or None.
    """
    desa = desa.sort_values("kode_desa", ignore_index=True)
    crs = measuring_crs(tuple(desa.total_bounds))
    polygons = desa.geometry.to_crs(crs).to_numpy()
    area_ha = shapely.area(polygons) / 1e4
    inland_m = _inland(polygons, sea, crs)
    weight = rng.lognormal(0, 0.5, len(desa)) * area_ha**0.15
    life = np.minimum(weight / weight.mean() * LIFE_HOUSEHOLDS, area_ha * HOMES_PER_HA * 0.7)
    part = _parts(inland_m, life / area_ha, has_sea=sea is not None and not sea.empty)
    north_to_south = np.argsort(np.argsort(inland_m))
    gaps = max(1, len(desa) // 24)
    rank = (np.arange(gaps) + rng.random(gaps)) / gaps * len(desa)
    jamban_gap = np.isin(north_to_south, rank.astype(int))
    return District(desa, polygons, crs, inland_m, life, part, jamban_gap)


def _inland(polygons: np.ndarray, sea: gpd.GeoDataFrame | None, crs: CRS) -> np.ndarray:
    middles = shapely.centroid(polygons)
    if sea is None or sea.empty:
        y = shapely.get_y(middles)
        return np.asarray(shapely.bounds(polygons)[:, 3].max() - y)
    return np.asarray(shapely.distance(middles, sea.to_crs(crs).union_all()))


def _parts(inland_m: np.ndarray, density: np.ndarray, *, has_sea: bool) -> np.ndarray:
    part = np.full(inland_m.size, "lainnya", dtype=object)
    part[inland_m >= np.quantile(inland_m, INLAND_FROM)] = "pedalaman"
    if has_sea:
        part[inland_m <= np.quantile(inland_m, COAST_TO)] = "pesisir"
    rest = part == "lainnya"
    if rest.any():
        part[rest & (density >= np.quantile(density[rest], DENSE_FROM))] = "perkotaan"
    return part


def make_hamlets(district: District, households: int, rng: np.random.Generator) -> pd.DataFrame:
    """Invent the dusun of every desa.

    Returns
    -------
    pandas.DataFrame
        Sorted by desa: ``desa`` (row of the district), ``dusun``, ``rw`` (1 up within the desa), ``x``, ``y``
        (metres), ``clear_m`` (to the border), ``life`` (households in life), ``households`` (of the sample),
        ``radius_m``, ``angle`` and ``cluster_id`` (-1 where no need is planted).
    """
    area = shapely.area(district.polygons)
    count = np.clip(rng.poisson(2.5 + (area / 4e6) ** 0.5), 2, MAX_HAMLETS)
    x, y = _centres(district.polygons, np.minimum(650, 0.38 * np.sqrt(area)), rng)
    desa, rank = np.nonzero(np.arange(MAX_HAMLETS) < count[:, None])
    step = rng.integers(1, len(HAMLET_NAMES) // MAX_HAMLETS, len(count))
    start = rng.integers(0, len(HAMLET_NAMES), len(count))
    other = 1 + (start[desa] + rank * step[desa]) % (len(HAMLET_NAMES) - 1)
    share = rng.gamma(4, 1, desa.size) * np.where(rank == 0, 1.6, 1.0)
    share /= np.bincount(desa, share)[desa]
    hamlets = pd.DataFrame(
        {
            "desa": desa,
            "dusun": np.array(HAMLET_NAMES, dtype=object)[np.where(rank == 0, 0, other)],
            "rw": rank + 1,
            "x": x[desa, rank],
            "y": y[desa, rank],
            "life": district.life[desa] * share,
            "angle": rng.uniform(0, np.pi, desa.size),
        }
    )
    centres = shapely.points(hamlets["x"], hamlets["y"])
    hamlets["clear_m"] = shapely.distance(centres, shapely.boundary(district.polygons)[desa])
    hamlets["cluster_id"] = _plant(district, hamlets, rng)
    return _populate(hamlets, district, households, rng)


def _centres(
    polygons: np.ndarray, spacing_m: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw centres one after the other, each about the wished distance from the nearest before it."""
    inner = shapely.buffer(polygons, -60.0)
    inner = np.where(shapely.is_empty(inner), polygons, inner)
    west, south, east, north = shapely.bounds(inner).T[:, :, None]
    x = west + (east - west) * rng.random((len(inner), _CANDIDATES))
    y = south + (north - south) * rng.random((len(inner), _CANDIDATES))
    anchor = shapely.point_on_surface(inner)
    outside = ~shapely.contains_xy(inner[:, None], x, y)
    x = np.where(outside, shapely.get_x(anchor)[:, None], x)
    y = np.where(outside, shapely.get_y(anchor)[:, None], y)
    row = np.arange(len(inner))
    taken = np.zeros((len(inner), MAX_HAMLETS), dtype=np.intp)
    nearest = np.full(x.shape, np.inf)
    for rank in range(1, MAX_HAMLETS):
        last = taken[:, rank - 1]
        nearest = np.minimum(nearest, np.hypot(x - x[row, last][:, None], y - y[row, last][:, None]))
        taken[:, rank] = np.abs(nearest - spacing_m[:, None] * rng.uniform(0.8, 1.3, (len(inner), 1))).argmin(
            axis=1
        )
    return x[row[:, None], taken], y[row[:, None], taken]


def _plant(district: District, hamlets: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Choose dusun of planted RTLH in every part of the district, one a desa, away from the border."""
    wanted = int(np.clip(len(district.desa) // 20, 1, 5))
    chosen = []
    for part in ("pesisir", "perkotaan", "pedalaman"):
        fit = np.flatnonzero((district.part[hamlets["desa"]] == part) & (hamlets["rw"] > 1))
        roomy = hamlets["clear_m"].to_numpy()[fit] >= ROOMY_M
        likely = (
            hamlets["life"].to_numpy()[fit] * np.where(roomy, 1.0, 0.01) * rng.lognormal(0, 0.4, fit.size)
        )
        fit = fit[np.argsort(-likely)]
        _, first = np.unique(hamlets["desa"].to_numpy()[fit], return_index=True)
        chosen.append(fit[np.sort(first)][:wanted])
    cluster_id = np.full(len(hamlets), -1)
    places = np.concatenate(chosen)
    cluster_id[places] = np.arange(1, places.size + 1)
    return cluster_id


def _populate(
    hamlets: pd.DataFrame, district: District, households: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Deal the households of the sample out to the dusun, a few to every desa at the least."""
    desas = len(district.desa)
    least = min(5, households // desas)
    desa_share = district.life / district.life.sum()
    counts = least + rng.multinomial(households - least * desas, desa_share)
    planted = hamlets["cluster_id"].to_numpy() > 0
    desa = hamlets["desa"].to_numpy()
    share = hamlets["life"].to_numpy() * np.where(planted, PLANTED_WEIGHT, 1.0)
    # Rounding down the running total keeps the sum of every desa exact.
    total = np.cumsum(share)
    before = np.concatenate([[0.0], total])[np.searchsorted(desa, desa)]
    part = (total - before) / np.bincount(desa, share)[desa]
    upto = np.floor(part * counts[desa] + 1e-9).astype(int)
    previous = np.where(np.diff(desa, prepend=-1) > 0, 0, np.roll(upto, 1))
    sampled = upto - previous
    homes = np.where(planted, sampled / KANTONG_PER_HA, np.maximum(sampled, hamlets["life"]) / HOMES_PER_HA)
    radius = np.sqrt(homes * 1e4 / np.pi)
    return hamlets.assign(households=sampled, radius_m=np.clip(radius, 40, None))
