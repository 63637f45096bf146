"""Invented positions: houses along the short streets of a dusun and the roads between, inside their desa."""

import numpy as np
import pandas as pd
import shapely

from geo.crs import to_degrees
from geo.sample.hamlets import District

STREETS = 7
ROAD_SHARE = 0.06
"""Share of houses that stand alone beside the road to the next dusun."""

DECIMALS = 7
UNLISTED = 60
"""At most so many homes a dusun are invented beside the register's own, to shape the settled land."""

_ATTEMPTS = 6


def make_houses(district: District, hamlets: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Invent one house a household and some neighbours, no two at one place, each inside its desa.

    Returns
    -------
    pandas.DataFrame
        Sorted by desa and dusun: ``hamlet`` and ``desa`` (rows of the tables), ``lon``, ``lat`` (degrees,
        WGS 84, seven decimals), ``rt`` (1 up within the dusun), ``listed`` (in the register, or a
        neighbour who is not).
    """
    listed = hamlets["households"].to_numpy()
    homes = listed + np.clip(hamlets["life"].to_numpy() - listed, 0, UNLISTED).astype(int)
    hamlet = np.repeat(np.arange(len(hamlets)), homes)
    place = np.arange(hamlet.size) - (np.cumsum(homes) - homes)[hamlet]
    desa = hamlets["desa"].to_numpy()[hamlet]
    centre_x, centre_y = hamlets["x"].to_numpy()[hamlet], hamlets["y"].to_numpy()[hamlet]
    streets = _streets(hamlets, rng)
    lon, lat = np.empty(hamlet.size), np.empty(hamlet.size)
    dx, dy = np.empty(hamlet.size), np.empty(hamlet.size)
    left = np.arange(hamlet.size)
    polygons = district.desa.geometry.to_numpy()
    for attempt in range(_ATTEMPTS + 3):
        if attempt < _ATTEMPTS:
            dx[left], dy[left] = _along_streets(streets, hamlets, hamlet[left], rng, on_road=attempt == 0)
        else:
            dx[left], dy[left] = _near_centre(hamlets["clear_m"].to_numpy()[hamlet[left]], rng)
        shrunk = 0.85**attempt
        degrees = to_degrees(
            centre_x[left] + dx[left] * shrunk, centre_y[left] + dy[left] * shrunk, district.crs
        )
        lon[left], lat[left] = (np.round(degree, DECIMALS) for degree in degrees)
        stacked = pd.DataFrame({"lon": lon, "lat": lat}).duplicated().to_numpy()[left]
        left = left[stacked | ~_inside(polygons, desa[left], lon[left], lat[left])]
        if not left.size:
            break
    rt = _rt(hamlets, hamlet, dx, dy)
    listed_home = place < listed[hamlet]
    return pd.DataFrame(
        {"hamlet": hamlet, "desa": desa, "lon": lon, "lat": lat, "rt": rt, "listed": listed_home}
    )


def _streets(hamlets: pd.DataFrame, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Lay a few streets into every dusun, most along its main direction and some across."""
    shape = (len(hamlets), STREETS)
    radius = hamlets["radius_m"].to_numpy()[:, None]
    across = rng.random(shape) < 0.35  # noqa: PLR2004  -- a share, read where it stands
    angle = hamlets["angle"].to_numpy()[:, None] + across * np.pi / 2 + rng.normal(0, 0.16, shape)
    offset = rng.uniform(-0.85, 0.85, shape) * radius
    offset[:, 0] *= 0.1
    half = np.sqrt(np.maximum(1 - (offset / radius) ** 2, 0.15)) * radius * rng.uniform(0.8, 1.6, shape)
    bend = rng.normal(0, 0.12, shape) / radius
    return {"angle": angle, "offset": offset, "half": half, "bend": bend}


def _along_streets(
    streets: dict[str, np.ndarray],
    hamlets: pd.DataFrame,
    hamlet: np.ndarray,
    rng: np.random.Generator,
    *,
    on_road: bool,
) -> tuple[np.ndarray, np.ndarray]:
    planted = hamlets["cluster_id"].to_numpy() > 0
    spacing = np.where(planted, 28, 45)
    usable = np.clip(hamlets["radius_m"].to_numpy() / spacing, 2, STREETS).astype(int)[hamlet]
    street = (rng.random(hamlet.size) ** 1.2 * usable).astype(int)
    angle, offset, half, bend = (streets[key][hamlet, street] for key in ("angle", "offset", "half", "bend"))
    along = rng.uniform(-1, 1, hamlet.size) * half
    setback = rng.normal(11, 2.5, hamlet.size) + 16 * (rng.random(hamlet.size) < 0.3)  # noqa: PLR2004  -- a share
    across = offset + bend * along**2 + rng.choice([-1, 1], hamlet.size) * setback
    dx = along * np.cos(angle) - across * np.sin(angle)
    dy = along * np.sin(angle) + across * np.cos(angle)
    if not on_road:
        return dx, dy
    road = (rng.random(hamlet.size) < ROAD_SHARE) & ~planted[hamlet]
    following = np.minimum(hamlet + 1, len(hamlets) - 1)
    x, y, desa = (hamlets[key].to_numpy() for key in ("x", "y", "desa"))
    road &= desa[hamlet] == desa[following]
    way = rng.uniform(0.1, 0.9, hamlet.size)
    to_x, to_y = x[following] - x[hamlet], y[following] - y[hamlet]
    length = np.maximum(np.hypot(to_x, to_y), 1.0)
    side = rng.normal(0, 14, hamlet.size) + 0.08 * length * np.sin(np.pi * way)
    return (
        np.where(road, way * to_x - side * to_y / length, dx),
        np.where(road, way * to_y + side * to_x / length, dy),
    )


def _near_centre(clear_m: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Fall back to the largest circle round the centre that lies inside the desa."""
    turn = rng.uniform(0, 2 * np.pi, clear_m.size)
    reach = np.sqrt(rng.random(clear_m.size)) * clear_m * 0.95
    return reach * np.cos(turn), reach * np.sin(turn)


def _inside(polygons: np.ndarray, desa: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Test each point against its own desa; ``desa`` is sorted, so a slice a desa is enough."""
    shapely.prepare(polygons)
    edges = np.searchsorted(desa, np.arange(len(polygons) + 1))
    inside = [
        shapely.contains_xy(polygon, lon[start:stop], lat[start:stop])
        for polygon, start, stop in zip(polygons, edges[:-1], edges[1:], strict=True)
    ]
    return np.concatenate(inside)


def _rt(hamlets: pd.DataFrame, hamlet: np.ndarray, dx: np.ndarray, dy: np.ndarray) -> np.ndarray:
    """Cut a dusun into RT like a cake, so that the houses of one RT lie together."""
    count = np.clip(hamlets["life"].to_numpy() / 55, 1, 9).astype(int)[hamlet]
    turn = (np.arctan2(dy, dx) + np.pi) / (2 * np.pi)
    return np.asarray(1 + np.minimum(turn * count, count - 1).astype(int))
