"""Kinds of noise in positions, on a draft: written in another way, or lying elsewhere."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely

from geo.crs import to_degrees
from geo.evaluation.drafts import Apply
from geo.evaluation.ground import Ground, across_border, utm
from geo.evaluation.names import doubled_name
from geo.evaluation.positions import House
from geo.evaluation.writings import WRITINGS, write

ACROSS_M = 60.0
FAR_M = 600.0
FEWEST_STACKED = 15
_DIGITS = {"three_decimals": 3, "two_decimals": 2}


def _written(kind: str) -> Apply:
    """Write the true position in one of the ways of a kind."""

    def apply(ground: Ground, draft: pd.DataFrame, strength: int, rng: np.random.Generator) -> pd.DataFrame:
        lon, lat = draft["lon"].to_numpy(float), draft["lat"].to_numpy(float)
        draft = _cells(draft, kind, lon, lat, strength, rng)
        if kind in _DIGITS:
            rounded = np.round(lon, _DIGITS[kind]), np.round(lat, _DIGITS[kind])
            draft = draft.assign(off_m=ground.to_desa(*rounded, draft["place"].to_numpy()))
        return draft

    return apply


def _cells(
    draft: pd.DataFrame, kind: str, lon: np.ndarray, lat: np.ndarray, strength: int, rng: np.random.Generator
) -> pd.DataFrame:
    columns = (lat, lon, *utm(lon, lat), rng.random(lon.size))
    houses = [House(*values) for values in zip(*(column.tolist() for column in columns), strict=True)]
    cells = pd.DataFrame(
        write(kind, houses, strength, rng), columns=["lintang", "bujur", "koordinat"], index=draft.index
    )
    writing = WRITINGS[kind]
    return draft.assign(
        **{name: cells[name] for name in ("lintang", "bujur", "koordinat")},
        point=writing.state,
        unit_m=writing.unit_m,
        off_m=0.0,
    )


def _moved(
    draft: pd.DataFrame, lon: np.ndarray, lat: np.ndarray, strength: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Write a position that is not the house's, plainly."""
    return _cells(draft, rng.choice(["plain", "comma"]), np.round(lon, 7), np.round(lat, 7), strength, rng)


def border(ground: Ground, draft: pd.DataFrame, strength: int, rng: np.random.Generator) -> pd.DataFrame:
    """Let a house stand some way across the border of the desa that it names: boundary sets differ so far."""
    reach = ACROSS_M * (0.4 + 0.3 * strength) / 1.3
    lon, lat = across_border(ground, draft, min(reach, 0.8 * ground.tolerance_m), rng)
    kept = np.isfinite(lon)
    draft = _moved(draft[kept], lon[kept], lat[kept], strength, rng)
    off = ground.to_desa(lon[kept], lat[kept], draft["place"].to_numpy())
    return draft.assign(lon=lon[kept], lat=lat[kept], clear_m=0.0, off_m=off)


def far(ground: Ground, draft: pd.DataFrame, strength: int, rng: np.random.Generator) -> pd.DataFrame:
    """Give a house the position of one in another desa, as when a row slips in the sheet."""
    other = rng.permutation(len(draft))
    lon, lat = draft["lon"].to_numpy()[other] + 1e-6, draft["lat"].to_numpy()[other]
    off = ground.to_desa(lon, lat, draft["place"].to_numpy())
    kept = off > max(FAR_M, 2 * ground.tolerance_m)
    return _moved(draft[kept], lon[kept], lat[kept], strength, rng).assign(off_m=off[kept])


def outside(ground: Ground, draft: pd.DataFrame, strength: int, rng: np.random.Generator) -> pd.DataFrame:
    """Put a house far outside the district: in the sea, in another province, in another country."""
    west, _, east, _ = ground.desa.total_bounds
    reach = (0.3, 1.5, 6.0)[strength - 1]
    side = rng.choice([-1.0, 1.0], len(draft))
    lon = np.where(side > 0, east, west) + side * (0.2 + reach * rng.random(len(draft)))
    lat = draft["lat"].to_numpy() + rng.uniform(-0.2, 0.2, len(draft))
    return _moved(draft, lon, lat, strength, rng).assign(point="outside", off_m=np.inf)


def stacked(ground: Ground, draft: pd.DataFrame, strength: int, rng: np.random.Generator) -> pd.DataFrame:
    """Give all houses of a desa the position of its hall; at strength 3, of one office for all desa."""
    place = draft["place"].to_numpy()
    if strength < 3:  # noqa: PLR2004  -- the heaviest
        count = np.bincount(place, minlength=len(ground.desa))
        draft = draft[count[place] >= FEWEST_STACKED]
    elif len(draft) < FEWEST_STACKED:
        draft = draft.iloc[:0]
    if draft.empty:
        return draft
    halls = shapely.point_on_surface(ground.polygons)
    hall = halls[draft["place"].to_numpy()] if strength < 3 else np.repeat(halls[place[0]], len(draft))  # noqa: PLR2004
    lon, lat = to_degrees(shapely.get_x(hall), shapely.get_y(hall), ground.crs)
    return _cells(draft, "plain", np.round(lon, 6), np.round(lat, 6), 1, rng).assign(point="unusable")


def point_only(ground: Ground, draft: pd.DataFrame, strength: int, rng: np.random.Generator) -> pd.DataFrame:
    """Leave a position alone to say where the house is."""
    kind = ("plain", "comma", ["dms", "letters", "swapped", "one_cell"][int(rng.integers(4))])[strength - 1]
    draft = _written(kind)(ground, draft, strength, rng)
    return draft.assign(desa="", kecamatan="", name_said="", kec_said="", shortened="")


def doubled_with_point(
    ground: Ground, draft: pd.DataFrame, strength: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Let a position choose between two desa of one name."""
    return _written("plain")(ground, doubled_name(ground, draft, strength, rng), strength, rng)


POSITIONS: Mapping[str, Apply] = {
    **{name: _written(name) for name in WRITINGS},
    "border": border,
    "far": far,
    "outside": outside,
    "stacked": stacked,
    "point_only": point_only,
    "doubled_with_point": doubled_with_point,
}
"""Kinds by name."""
