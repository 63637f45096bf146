"""Circles of houses with more need than elsewhere: the scan over households with a position of their own."""

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.clusters.scan.scanning import scan_bernoulli
from geo.clusters.scan.table import measured, scan_table, told
from geo.settings import ScanSettings

PLACE_M = 25.0
"""Houses in the same square of at least this side are one place."""

PLACES = 10_000
"""At most so many places: where there would be more, the squares grow."""

CENTRES = 500
"""Circles are drawn around so many places at most."""

AROUND_M = PLACE_M / 2
"""A circle is drawn so far outside the mean position of its furthest place, to hold most of its houses."""


def scan_households(
    households: gpd.GeoDataFrame, indicators: Sequence[str], measuring: CRS, settings: ScanSettings, seed: int
) -> gpd.GeoDataFrame:
    """Look for circles where a greater share of the houses is in need than outside.

    Bernoulli model: every household with a position of its own and a known need is either in need or not, and
    the labels are dealt at random among all of them. So it never maps where people live, nor where many share
    one position: households at the same spot are one place with several households.

    To be quick, houses in the same square of 25 m are one place at their mean position (of a larger square where
    there would be more than 10 000 places), and circles are drawn around at most 500 places spread over all the
    inhabited land: those nearest to the middle of the squares of a grid, whose side (250 m or more) is as small as
    that number allows. The statistic and its p-value are exact for these circles.

    Needs columns: ``need_<indicator>``, ``kode_desa``, ``nama_desa``, ``nama_kecamatan``, geometry.

    Returns
    -------
    geopandas.GeoDataFrame
        Table ``scans`` (docs/tables.md), WGS 84: the most likely circle of each indicator, and all others that
        are significant and share no place with a more likely one. ``members`` and ``desa`` tell the desa in
        which the houses stand.

    Notes
    -----
    See :func:`geo.clusters.scan.scan_bernoulli`.
    """
    placed = households[~(households.geometry.isna() | households.geometry.is_empty)]
    located = placed.geometry.to_crs(measuring)
    points = np.column_stack([located.x, located.y])
    rows: list[dict[str, Any]] = []
    circles: list[Any] = []
    for indicator in indicators:
        known = placed[f"need_{indicator}"].notna().to_numpy()
        if not known.any():
            continue
        people = placed[known]
        need = people[f"need_{indicator}"].to_numpy(dtype=bool)
        place, middle = gather(points[known], PLACE_M, PLACES)
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
        for order, cluster in enumerate(told(scan, settings.significance), start=1):
            inside = people[np.isin(place, cluster.members)]
            centre = people.iloc[int(np.flatnonzero(place == cluster.centre)[0])]
            members = sorted(inside["kode_desa"].dropna().unique())
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
            reach = cluster.radius + AROUND_M
            circles.append(shapely.Point(middle[cluster.centre]).buffer(reach, quad_segs=32))
    return scan_table(rows, circles, measuring)


def gather(points: np.ndarray, side_m: float, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Put points in the same square together; return each point's place, and the places' mean positions.

    The squares have the side given, or as much more as it takes for at most so many places.

    Examples
    --------
    >>> gather(np.array([[1.0, 1.0], [3.0, 1.0], [40.0, 1.0]]), 25.0, 100)
    (array([0, 0, 1]), array([[ 2.,  1.],
           [40.,  1.]]))
    """
    column, line = np.floor((points - points.min(axis=0)) / side_m).astype(np.int64).T
    _, place = np.unique(column * (int(line.max()) + 1) + line, return_inverse=True)
    count = np.bincount(place)
    if len(count) > most:
        return gather(points, side_m * 1.25, most)
    sums = [np.bincount(place, weights=points[:, axis]) for axis in (0, 1)]
    return place, np.column_stack(sums) / count[:, None]


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
