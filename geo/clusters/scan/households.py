"""Circles of houses with more need than elsewhere: the scan over households with a position of their own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.clusters.scan.likelihood import Model
from geo.clusters.scan.observed import Cluster, chance
from geo.clusters.scan.scanning import Scan, scan_bernoulli
from geo.clusters.scan.table import TOUCH, circle, measured, scan_table, told
from geo.settings import ScanSettings

PLACE_M = 10.0
"""Houses in the same square of at least this side are one place."""

PLACES = 20_000
"""At most so many places: where there would be more, the squares grow."""

CENTRES = 500
"""Circles are drawn around so many places at most."""


def scan_households(
    households: gpd.GeoDataFrame, indicators: Sequence[str], measuring: CRS, settings: ScanSettings, seed: int
) -> gpd.GeoDataFrame:
    """Look for circles where a greater share of the houses is in need than outside.

    Bernoulli model: every household with a position of its own and a known need is either in need or not, and
    the labels are dealt at random among all of them. So it never maps where people live, nor where many share
    one position: households at the same spot are one place with several households.

    To be quick, houses in the same square of 10 m are one place at their mean position (of a larger square where
    there would be more than 20 000 places), and circles are drawn around at most 500 places spread over all the
    inhabited land: those nearest to the middle of the squares of a grid, whose side (250 m or more) is as small as
    that number allows. The statistic and its p-value are exact for these circles.

    What is drawn is the circle of the test in whole metres, at least half a square's diagonal, and every household
    is counted in it where it stands. A circle that would hold a household of a more likely one ends short of it; it
    is left out where its ratio is not significant any more.

    Needs columns: ``need_<indicator>``, ``kode_desa``, ``nama_desa``, ``nama_kecamatan``, geometry (points, WGS 84).

    Returns
    -------
    geopandas.GeoDataFrame
        Table ``scans`` (docs/tables.md), WGS 84: the most likely circle of each indicator, and all others that
        are significant; no two of an indicator hold the same household. ``p_value``, ``p_gumbel``, ``significant``
        and ``order`` are of the test, that is of the places. All else is of the circle as drawn, counted in the very
        polygon of the row: ``households``, ``observed``, ``expected``, ``relative_risk``, ``llr``, and ``members``
        and ``desa``, which tell the desa in which the houses stand.

    Notes
    -----
    See :func:`geo.clusters.scan.scan_bernoulli`.
    """
    placed = households[~(households.geometry.isna() | households.geometry.is_empty)]
    located = placed.geometry.to_crs(measuring)
    points = np.column_stack([located.x, located.y])
    rows: list[dict[str, Any]] = []
    circles: list[shapely.Polygon] = []
    for indicator in indicators:
        known = placed[f"need_{indicator}"].notna().to_numpy()
        if not known.any():
            continue
        people = placed[known]
        need = people[f"need_{indicator}"].to_numpy(dtype=bool)
        place, middle, side_m = gather(points[known], PLACE_M, PLACES)
        scan = scan_bernoulli(
            middle,
            np.bincount(place, weights=need, minlength=len(middle)),
            np.bincount(place, minlength=len(middle)),
            largest_share=settings.household_share,
            replicates=settings.household_replicates,
            seed=seed,
            centres=spread(middle, CENTRES),
            most=100,
        )
        houses = Houses(people.geometry.to_numpy(), points[known], need, measuring)
        drawn = houses.drawn(scan, middle, side_m, settings.significance)
        for order, (cluster, polygon) in enumerate(drawn, start=1):
            centre = people.iloc[int(np.flatnonzero(place == cluster.centre)[0])]
            members = sorted(people["kode_desa"].iloc[cluster.members].dropna().unique())
            names = {
                name: "" if pd.isna(centre[name]) else centre[name]
                for name in ("kode_desa", "nama_desa", "nama_kecamatan")
            }
            rows.append(
                {
                    "indicator": indicator,
                    "base": "rumah tangga",
                    "model": "Bernoulli",
                    **names,
                    "desa": len(members),
                    "members": " ".join(members),
                    **measured(cluster, order, settings.significance),
                }
            )
            circles.append(polygon)
    return scan_table(rows, circles)


@dataclass(frozen=True)
class Houses:
    """Households with a position and a known need: points in WGS 84 and in metres, and whether each is in need."""

    homes: np.ndarray
    points: np.ndarray
    need: np.ndarray
    measuring: CRS

    def drawn(
        self, scan: Scan, middle: np.ndarray, side_m: float, significance: float
    ) -> list[tuple[Cluster, shapely.Polygon]]:
        """Return the clusters that are told, as drawn: figures and members are of the households in the polygon."""
        model = Model("Bernoulli", float(self.need.sum()), float(len(self.need)))
        taken = np.zeros(len(self.need), dtype=bool)
        kept = []
        for cluster in told(scan, significance):
            away = np.hypot(*(self.points - middle[cluster.centre]).T)
            radius = float(np.ceil(max(cluster.radius, side_m / 2**0.5)))
            # a side of the polygon, straight in degrees, bulges by millimetres
            free = np.ceil(away[taken].min() * TOUCH - 0.01) - 1 if taken.any() else np.inf
            if free < 1:
                continue
            polygon = circle(middle[cluster.centre], min(radius, free), self.measuring)
            near = np.flatnonzero(away <= radius * 1.01)
            shapely.prepare(polygon)
            inside = near[shapely.intersects(polygon, self.homes[near])]
            observed, count = float(self.need[inside].sum()), float(len(inside))
            llr = float(model.llr(np.array(observed), np.array(count)))
            if free < radius and chance(llr, scan.maxima) > significance:
                continue
            taken[inside] = True
            counted = replace(
                cluster,
                members=inside,
                radius=float(min(radius, free)),
                population=count,
                observed=observed,
                expected=float(model.expected(np.array(count))),
                relative_risk=model.relative_risk(observed, count),
                llr=llr,
            )
            kept.append((counted, polygon))
        return kept


def gather(points: np.ndarray, side_m: float, most: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Put points in the same square together; return each point's place, the places' mean positions, and the side.

    The squares have the side given, or as much more as it takes for at most so many places.

    Examples
    --------
    >>> gather(np.array([[1.0, 1.0], [3.0, 1.0], [40.0, 1.0]]), 25.0, 100)
    (array([0, 0, 1]), array([[ 2.,  1.],
           [40.,  1.]]), 25.0)
    """
    column, line = np.floor((points - points.min(axis=0)) / side_m).astype(np.int64).T
    _, place = np.unique(column * (int(line.max()) + 1) + line, return_inverse=True)
    count = np.bincount(place)
    if len(count) > most:
        # places grow fewer by less than the square of the side
        return gather(points, side_m * max((len(count) / most) ** 0.5, 1.05), most)
    sums = [np.bincount(place, weights=points[:, axis]) for axis in (0, 1)]
    return place, np.column_stack(sums) / count[:, None], side_m


def spread(points: np.ndarray, number: int) -> np.ndarray:
    """Choose at most so many points, spread over all of them: one a square, the nearest to its middle.

    Examples
    --------
    >>> spread(np.array([[0.0, 0.0], [120.0, 130.0], [900.0, 0.0]]), 2)
    array([1, 2])
    """
    if len(points) <= number:
        return np.arange(len(points))
    side = 250.0
    while True:
        square = np.floor(points / side)
        away = ((points - (square + 0.5) * side) ** 2).sum(axis=1)
        nearest = np.lexsort((away, square[:, 1], square[:, 0]))
        square = square[nearest]
        first = np.r_[True, (square[1:] != square[:-1]).any(axis=1)]
        if first.sum() <= number:
            return np.sort(nearest[first])
        side *= 1.1
