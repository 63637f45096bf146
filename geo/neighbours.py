"""Which desa are neighbours: by border, by number, or by distance."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from scipy.sparse import coo_array, csr_array
from scipy.spatial import cKDTree

from geo.errors import SettingsError

NEAR_M = 5.0
"""Borders so near one another meet: two tracings of one line leave slivers of some metres."""

SHARED_M = 25.0
"""A border that runs along another for less than this, without meeting it exactly, may only touch a corner."""

Pairs = NDArray[np.intp]


@dataclass(frozen=True)
class Neighbours:
    """Who is whose neighbour among the desa of one frame.

    Attributes
    ----------
    matrix
        Row i marks the neighbours of desa i, never itself; in the order of the desa.
    rule
        As the settings write it.
    title
        The same for readers, in Indonesian.
    islands
        True where a desa has no neighbour.
    """

    matrix: csr_array
    rule: str
    title: str
    islands: NDArray[np.bool_]


def find_neighbours(desa: gpd.GeoDataFrame, rule: str, measuring: CRS) -> Neighbours:
    """Find the neighbours of each desa by a rule.

    - ``queen``: the borders meet, along a line or in a point, give or take :data:`NEAR_M`.
    - ``rook``: they share a line: exactly, or nearly for at least :data:`SHARED_M`.
    - ``knn:6``: the six desa whose middles (centroids) are nearest. Being near is not mutual: a desa at the rim
      counts inner ones that have nearer neighbours themselves. It is left so, as the literature does (and
      libpysal), since then every desa is compared with equally many. With fewer other desa, all of them count.
    - ``distance:5000``: every desa whose middle lies within 5 000 metres.

    A desa without a shape has no neighbour.

    Parameters
    ----------
    desa
        Polygons in any CRS.
    rule
        One of the four.
    measuring
        A CRS in metres.

    Raises
    ------
    SettingsError
        When the rule is none of the four.

    Examples
    --------
    >>> squares = [shapely.box(x, y, x + 100, y + 100) for x, y in [(0, 0), (100, 0), (200, 100), (900, 0)]]
    >>> metres = CRS.from_epsg(32749)
    >>> desa = gpd.GeoDataFrame(geometry=squares, crs=metres)
    >>> [int(find_neighbours(desa, rule, metres).matrix.sum()) for rule in ("queen", "rook", "knn:1", "distance:150")]
    [4, 2, 4, 4]
    >>> find_neighbours(desa, "queen", metres).islands.tolist()
    [False, False, False, True]
    """
    kind, _, number = rule.partition(":")
    shapes = desa.geometry.to_crs(measuring).to_numpy()
    match kind, number.isdecimal() and int(number):
        case "queen", _ if not number:
            pairs, title = _touching(shapes), "berbatasan (sisi atau sudut)"
        case "rook", _ if not number:
            pairs, title = _sharing(shapes), "berbatasan sisi"
        case "knn", int(count) if count > 0:
            pairs, title = _nearest(shapes, count), f"{count} desa terdekat"
        case "distance", int(metres) if metres > 0:
            pairs = _within(shapes, metres)
            title = f"titik tengah dalam {metres:,} m".replace(",", ".")
        case _:
            raise SettingsError(
                f"Aturan tetangga «{rule}» tidak dikenal. Tulis queen, rook, knn:6, atau distance:5000."
            )
    links = (np.ones(pairs.shape[1], dtype=bool), (pairs[0], pairs[1]))
    matrix = coo_array(links, shape=(len(shapes), len(shapes))).tocsr()
    return Neighbours(matrix, rule, title, np.diff(matrix.indptr) == 0)


def _touching(shapes: NDArray[np.object_]) -> Pairs:
    """Return the ordered pairs of shapes whose borders meet."""
    pairs: Pairs = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=NEAR_M)
    return pairs[:, pairs[0] != pairs[1]]


def _sharing(shapes: NDArray[np.object_]) -> Pairs:
    """Return the ordered pairs of shapes that share a line; exact first, since that settles nearly all of them."""
    touching = _touching(shapes)
    first, second = touching[:, touching[0] < touching[1]]
    borders = shapely.boundary(shapes)
    shares = shapely.length(shapely.intersection(borders[first], borders[second])) > 0
    doubtful = np.flatnonzero(~shares)
    reach = shapely.buffer(shapes[second[doubtful]], NEAR_M, quad_segs=2)
    shares[doubtful] = shapely.length(shapely.intersection(borders[first[doubtful]], reach)) >= SHARED_M
    return _both_ways(np.stack([first[shares], second[shares]]))


def _nearest(shapes: NDArray[np.object_], count: int) -> Pairs:
    """Return each shape with those whose middles are nearest."""
    rows, middles = _middles(shapes)
    count = min(count, len(rows) - 1)
    if count < 1:
        return np.empty((2, 0), dtype=np.intp)
    _, found = cKDTree(middles).query(middles, k=count + 1)
    # where middles coincide, a shape need not be its own first; then the furthest of those found goes instead
    others = found != np.arange(len(rows))[:, None]
    others[others.all(axis=1), -1] = False
    return np.stack([np.repeat(rows, count), rows[found[others]]])


def _within(shapes: NDArray[np.object_], metres: float) -> Pairs:
    """Return the ordered pairs of shapes whose middles lie within a distance."""
    rows, middles = _middles(shapes)
    pairs = cKDTree(middles).query_pairs(metres, output_type="ndarray").T
    return _both_ways(rows[pairs])


def _middles(shapes: NDArray[np.object_]) -> tuple[Pairs, NDArray[np.float64]]:
    """Return the places of the shapes that have a middle, and the middles, shape (n, 2)."""
    middles = shapely.get_coordinates(shapely.centroid(shapes))
    return np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes))), middles


def _both_ways(pairs: Pairs) -> Pairs:
    return np.concatenate([pairs, pairs[::-1]], axis=1)
