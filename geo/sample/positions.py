"""Coordinates as a clerk's sheet holds them: missing, swapped, rounded, across the border, or right."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely

from geo.crs import to_degrees, to_metres
from geo.sample.hamlets import District
from geo.sample.houses import DECIMALS

MISSING_SHARE = 0.25
SHARES: Mapping[str, float] = {
    "decimal_point": 0.03,
    "swapped": 0.005,
    "no_minus": 0.005,
    "zero": 0.003,
    "rounded": 0.01,
    "border": 0.01,
    "far": 0.004,
    "office": 0.003,
    "degrees_minutes": 0.002,
}
"""Share of all households with each kind of mess in their coordinates; ``missing`` comes on top."""

BORDER_REACH_M = 70.0
BORDER_ERROR_M = (20.0, 80.0)
FAR_M = 500.0
OFFICE_DESA = 60
"""One desa in so many has a clerk who writes the position of the office."""


def deal(count: int, shares: Mapping[str, float], rng: np.random.Generator, *, least: int = 0) -> np.ndarray:
    """Deal kinds of mess to rows, one a row at most, and none (an empty text) to the rest.

    Examples
    --------
    >>> kinds = deal(1000, {"swapped": 0.01, "zero": 0.0001}, np.random.default_rng(1), least=1)
    >>> int((kinds == "swapped").sum()), int((kinds == "zero").sum())
    (10, 1)
    """
    wanted = [max(least, round(share * count)) for share in shares.values()]
    cards = np.repeat(np.array([*shares, ""], dtype=object), [*wanted, max(0, count - sum(wanted))])
    return rng.permutation(cards)[:count]


def write_positions(houses: pd.DataFrame, district: District, rng: np.random.Generator) -> pd.DataFrame:
    """Write the position of every house as a clerk would.

    Returns
    -------
    pandas.DataFrame
        ``lat`` and ``lon`` (text, decimal comma), and ``mess``: the kind of mess, empty where there is none.
    """
    kind = deal(len(houses), SHARES, rng)
    coverage = rng.beta(1.8, 1.8 * (1 - MISSING_SHARE) / MISSING_SHARE, len(district.desa))
    coverage = np.clip(coverage, 0.03, 0.70)
    coverage *= MISSING_SHARE / np.average(
        coverage, weights=np.bincount(houses["desa"], minlength=coverage.size)
    )
    kind[(kind == "") & (rng.random(len(houses)) < coverage[houses["desa"]])] = "missing"
    lon, lat = houses["lon"].to_numpy(copy=True), houses["lat"].to_numpy(copy=True)
    _move_across_border(kind, houses, district, (lon, lat), rng)
    _move_far(kind, houses, district, lon, lat)
    _stack_on_offices(kind, houses["desa"].to_numpy(), rng)
    office = kind == "office"
    middles = shapely.point_on_surface(district.desa.geometry.to_numpy())[houses["desa"].to_numpy()[office]]
    lon[office], lat[office] = np.round(shapely.get_x(middles), 6), np.round(shapely.get_y(middles), 6)
    kind[(kind == "no_minus") & (lat > 0)] = ""
    return pd.DataFrame({"lat": _text(lat, kind, "NS"), "lon": _text(lon, kind, "EW"), "mess": kind}).pipe(
        _swap
    )


def _stack_on_offices(kind: np.ndarray, desa: np.ndarray, rng: np.random.Generator) -> None:
    """Gather the households that were put on a desa office into a few desa: one clerk's habit, not chance."""
    wanted = int((kind == "office").sum())
    kind[kind == "office"] = ""
    desas = int(desa.max()) + 1
    habit = rng.permutation(desas)[: max(1, desas // OFFICE_DESA)]
    kind[rng.permutation(np.flatnonzero((kind == "") & np.isin(desa, habit)))[:wanted]] = "office"


def _text(degrees: np.ndarray, kind: np.ndarray, hemispheres: str) -> np.ndarray:
    text = np.char.mod(f"%.{DECIMALS}f", degrees).astype(object)
    rounded = kind == "rounded"
    text[rounded] = np.char.mod("%.2f", degrees[rounded])
    text[kind == "no_minus"] = np.char.lstrip(text[kind == "no_minus"].astype(str), "-")
    text[kind == "zero"] = "0"
    sexagesimal = kind == "degrees_minutes"
    text[sexagesimal] = [_sexagesimal(value, hemispheres) for value in degrees[sexagesimal]]
    text[kind == "missing"] = ""
    comma = kind != "decimal_point"
    text[comma] = pd.Series(text[comma], dtype="str").str.replace(".", ",").to_numpy()
    return text


def _sexagesimal(degrees: float, hemispheres: str) -> str:
    r"""Write degrees, minutes and seconds.

    Examples
    --------
    >>> _sexagesimal(-6.889, "NS")
    '6°53\'20.40"S'
    """
    minutes, seconds = divmod(round(abs(degrees) * 360_000), 6000)
    return f"{minutes // 60}°{minutes % 60:02d}'{seconds / 100:05.2f}\"{hemispheres[int(degrees < 0)]}"


def _swap(positions: pd.DataFrame) -> pd.DataFrame:
    swapped = positions["mess"].to_numpy() == "swapped"
    lat, lon = positions["lat"].to_numpy(), positions["lon"].to_numpy()
    return positions.assign(lat=np.where(swapped, lon, lat), lon=np.where(swapped, lat, lon))


def _move_across_border(
    kind: np.ndarray,
    houses: pd.DataFrame,
    district: District,
    position: tuple[np.ndarray, np.ndarray],
    rng: np.random.Generator,
) -> None:
    """Give houses near a border a GPS error that puts them into the next desa, 20 to 80 m behind it."""
    lon, lat = position
    wanted = int((kind == "border").sum())
    kind[kind == "border"] = ""
    candidates = rng.permutation(np.flatnonzero(kind == ""))[: 30 * wanted]
    x, y = to_metres(lon[candidates], lat[candidates], district.crs)
    desa = houses["desa"].to_numpy()[candidates]
    shapely.prepare(district.polygons)
    border = shapely.boundary(district.polygons)
    shapely.prepare(border)
    points = shapely.points(x, y)
    close = shapely.dwithin(border[desa], points, BORDER_REACH_M)
    candidates, desa, points, x, y = candidates[close], desa[close], points[close], x[close], y[close]
    line = shapely.shortest_line(points, border[desa])
    length = np.maximum(shapely.length(line), 0.01)
    end = shapely.get_point(line, 1)
    further = 1 + rng.uniform(25, 75, length.size) / length
    moved_x = x + (shapely.get_x(end) - x) * further
    moved_y = y + (shapely.get_y(end) - y) * further
    moved = shapely.points(moved_x, moved_y)
    behind = shapely.distance(moved, district.polygons[desa])
    held, _ = shapely.STRtree(district.polygons).query(moved, predicate="within")
    fit = (
        (behind >= BORDER_ERROR_M[0]) & (behind <= BORDER_ERROR_M[1]) & np.isin(np.arange(length.size), held)
    )
    chosen = np.flatnonzero(fit)[:wanted]
    rows = candidates[chosen]
    kind[rows] = "border"
    degrees = to_degrees(moved_x[chosen], moved_y[chosen], district.crs)
    lon[rows], lat[rows] = (np.round(degree, DECIMALS) for degree in degrees)


def _move_far(
    kind: np.ndarray, houses: pd.DataFrame, district: District, lon: np.ndarray, lat: np.ndarray
) -> None:
    """Give some houses the position of a house in another desa, as when a row slips in the sheet."""
    rows = np.flatnonzero(kind == "far")
    other = (rows + len(houses) // 2) % len(houses)
    x, y = to_metres(lon[other], lat[other], district.crs)
    own = district.polygons[houses["desa"].to_numpy()[rows]]
    far = shapely.distance(own, shapely.points(x, y)) > FAR_M
    kind[rows[~far]] = ""
    # Ten centimetres aside: a wrong position, but not a second house on the very same spot.
    lon[rows[far]], lat[rows[far]] = (
        np.round(houses["lon"].to_numpy()[other[far]] + 1e-6, DECIMALS),
        lat[other[far]],
    )
