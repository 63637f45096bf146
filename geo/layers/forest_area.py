"""Kawasan hutan as polygons: which of them count, and how each desa lies to them by the official overlay."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.layers.base import OUTSIDE, Inputs
from geo.layers.forest_function import not_forest
from geo.layers.vector_file import outline, read_shapes, stated
from geo.symbology import number, percent

INSIDE, AT_EDGE = "di dalam", "di tepi"
"""Wholly in kawasan hutan or surrounded by it; partly in it or bordering (Podes R309A, definitions of 2008)."""

BORDER_M = 100.0
"""A desa borders on kawasan hutan within this, and one that reaches no deeper into it only borders: desa and forest
borders of different origin differ by some 70 m."""

SURROUNDED = 0.99
"""Share of a desa's border that must lie in kawasan hutan, or within ``BORDER_M`` of it."""

_ROUNDING = 1e-9
_MOST_VERTICES = 256
_DEEPEST = 24


@dataclass(frozen=True)
class ForestArea:
    """Kawasan hutan around a district.

    Attributes
    ----------
    source, year
        As the settings or the file tell them; the name of the file, where neither does.
    area
        All of it, in the measuring CRS.
    edge
        Its outline, without the cut around the district; None where there is none.
    desa
        Of each desa (index of the frame of desa): ``zone`` (word), ``share`` (of its area inside, 0 to 1), ``why``
        (Indonesian).
    note
        What of the file was left out, or could not be told (Indonesian), or nothing.
    """

    source: str
    year: str
    area: shapely.Geometry
    edge: shapely.Geometry | None
    desa: pd.DataFrame
    note: str

    def holds(self, points: np.ndarray) -> np.ndarray:
        """Return 1 for points (measuring CRS) in kawasan hutan, else 0."""
        shapely.prepare(self.area)
        return np.asarray(shapely.contains_xy(self.area, points), dtype=float)


def read_forest_area(path: Path, inputs: Inputs) -> ForestArea:
    """Read the polygons of kawasan hutan and say how each desa lies to them.

    Polygons whose attributes call them areal penggunaan lain (APL) or water are no kawasan hutan, see
    :func:`geo.layers.forest_function.not_forest`.

    Raises
    ------
    LayerError, MissingCrs, OutsideDistrict
        As :func:`geo.layers.vector_file.read_shapes`.
    """
    shapes = read_shapes(path, inputs, "Kawasan hutan")
    other, note = not_forest(shapes)
    area = shapely.union_all(shapes.geometry.to_numpy()[~other])
    desa = inputs.desa_m()
    settings = inputs.settings
    source, year = stated(shapes, path)
    source, year = settings.forest_area_source or source, settings.forest_area_year or year
    return ForestArea(source, year, area, outline(area, inputs), relate(desa.geometry, area), note)


def relate(desa: gpd.GeoSeries, area: shapely.Geometry) -> pd.DataFrame:
    """Return how each desa lies to an area: columns ``zone``, ``share`` and ``why``, see :class:`ForestArea`.

    Parameters
    ----------
    desa, area
        In one CRS in metres.

    Examples
    --------
    >>> desa = gpd.GeoSeries([shapely.box(x, 0, x + 1000, 1000) for x in (0, 1000, 2050, 9000)])
    >>> relate(desa, shapely.box(-500, -500, 1500, 1500))[["zone", "share"]].to_numpy().tolist()
    [['di dalam', 1.0], ['di tepi', 0.5], ['luar', 0.0], ['luar', 0.0]]
    """
    shapes = desa.to_numpy()
    tree = shapely.STRtree(list(_tiles(area)))
    share = _shares(shapes, tree)
    deep = _any(tree.query(shapely.buffer(shapes, -BORDER_M), predicate="intersects")[0], len(shapes))
    own, tile = tree.query(shapes, predicate="dwithin", distance=BORDER_M)
    borders = _any(own, len(shapes))
    surrounded = share > 1 - _ROUNDING
    for place in np.setdiff1d(own, np.flatnonzero(surrounded)):
        ring = shapely.boundary(shapes[place])
        plain = shapely.simplify(tree.geometries[tile[own == place]], BORDER_M / 20)
        near = shapely.union_all(shapely.buffer(plain, BORDER_M, quad_segs=4))
        surrounded[place] = shapely.intersection(ring, near).length >= SURROUNDED * ring.length
    whole = surrounded & (share >= SURROUNDED)
    zone = np.select([surrounded, borders], [INSIDE, AT_EDGE], OUTSIDE)
    why = np.select(
        [whole, surrounded, deep & borders, borders],
        [
            np.full(len(shapes), "seluruh wilayahnya di dalam kawasan hutan", object),
            [f"dikelilingi kawasan hutan; {_part(part)} wilayahnya di dalam" for part in share],
            [f"sebagian wilayahnya ({_part(part)}) di dalam kawasan hutan" for part in share],
            np.full(len(shapes), "berbatasan dengan kawasan hutan", object),
        ],
        [f"{_away(metres)} dari kawasan hutan" for metres in _distances(tree, shapes)],
    )
    return pd.DataFrame({"zone": zone.astype(object), "share": share, "why": why}, index=desa.index)


def shares_in(shapes: np.ndarray, area: shapely.Geometry) -> np.ndarray:
    """Return the share of each shape that lies in an area, 0 to 1."""
    return _shares(shapes, shapely.STRtree(list(_tiles(area))))


def _shares(shapes: np.ndarray, tree: shapely.STRtree) -> np.ndarray:
    own, tile = tree.query(shapes, predicate="intersects")
    inside = shapely.area(shapely.intersection(shapes[own], tree.geometries[tile]))
    return np.asarray(np.clip(np.bincount(own, inside, minlength=len(shapes)) / shapely.area(shapes), 0, 1))


def _part(share: float) -> str:
    return percent(share, 0 if share >= 0.1 else 1)  # noqa: PLR2004  -- small shares need their decimal


def _any(places: np.ndarray, count: int) -> np.ndarray:
    return np.bincount(places, minlength=count) > 0


def _distances(tree: shapely.STRtree, shapes: np.ndarray) -> np.ndarray:
    metres = np.full(len(shapes), np.inf)
    if len(tree):
        (own, _), near = tree.query_nearest(shapes, return_distance=True, all_matches=False)
        metres[own] = near
    return metres


def _away(metres: float) -> str:
    return f"{number(metres / 1000, 1)} km" if np.isfinite(metres) else "jauh"


def _tiles(area: shapely.Geometry) -> Iterator[shapely.Geometry]:
    """Cut an area into pieces of few vertices, so that each desa meets only what lies near it."""
    waiting = [(part, 0) for part in shapely.get_parts(area)]
    while waiting:
        part, depth = waiting.pop()
        if shapely.get_num_coordinates(part) <= _MOST_VERTICES or depth == _DEEPEST:
            yield part
            continue
        west, south, east, north = shapely.bounds(part)
        across = east - west >= north - south
        x, y = ((west + east) / 2, north) if across else (east, (south + north) / 2)
        halves = (west, south, x, y), (x if across else west, south if across else y, east, north)
        waiting += [
            (piece, depth + 1)
            for half in halves
            for piece in shapely.get_parts(shapely.clip_by_rect(part, *half))
            if shapely.get_dimensions(piece) == 2  # noqa: PLR2004  -- an area
        ]
