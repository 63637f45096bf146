"""Positions of groups, drawn anew: any place of a region that depends on the set of the members alone."""

from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from geo.crs import STORING
from geo.privacy.groups import Groups
from geo.privacy.strata import Area

LEAST_M = 100.0
"""Smallest radius: a house alone, or several on one spot, are not given away by it."""

DECIMALS = 6
"""Of degrees: a tenth of a metre. With 7 decimals, as files have them, the positions stay as they are."""

_STEPS = LEAST_M * np.outer(2.0 ** np.arange(20), [1.0, 1.5]).ravel()
_CENTRE = 4
"""The centre is rounded to this part of the radius."""

_BORDER_DEGREES = 2e-7
"""So far from the border that this stays where it is when its coordinates are rounded to 7 decimals."""

_TRIES, _TRIES_CUT = 40, 20


@dataclass(frozen=True)
class Place:
    """By row of the release: ``radius`` (m) of its region and ``lonlat`` (degrees); nan without a place."""

    radius: np.ndarray
    lonlat: np.ndarray


def draw_points(
    area: Area, groups: Groups, group: np.ndarray, xy: np.ndarray, random: np.random.Generator
) -> Place:
    """Draw a position for each row, from its group alone.

    Parameters
    ----------
    group
        By row of the release, ascending.
    xy
        By household, metres, within the desa.

    Notes
    -----
    Where no coordinates of :data:`DECIMALS` decimals lie inside the desa and the region, as in a desa narrower than a
    metre, the group has no position.
    """
    centre, radius = regions(groups, xy)
    inner = shapely.buffer(area.degrees, -_BORDER_DEGREES)
    shapely.prepare(inner)
    to_degrees = Transformer.from_crs(area.crs, STORING, always_xy=True)
    lonlat = np.full((len(group), 2), np.nan)

    def settle(rows: np.ndarray, drawn: np.ndarray) -> None:
        degrees = np.round(np.column_stack(to_degrees.transform(*drawn.T)), DECIMALS)
        inside = shapely.contains_xy(inner, *degrees.T)
        lonlat[rows[inside]] = degrees[inside]

    def left() -> np.ndarray:
        return np.flatnonzero(groups.placed[group] & np.isnan(lonlat[:, 0]))

    if not inner.is_empty:
        for _ in range(_TRIES):
            if not (rows := left()).size:
                break
            settle(rows, _in_circle(centre[group[rows]], radius[group[rows]], random))
        for each in np.unique(group[left()]):
            cut = shapely.intersection(shapely.Point(centre[each]).buffer(radius[each]), area.metric)
            for _ in range(_TRIES_CUT):
                if (rows := np.flatnonzero((group == each) & np.isnan(lonlat[:, 0]))).size:
                    settle(rows, _in_polygon(cut, rows.size, random))
    # a group of which only some have a position would tell that these are not the others
    nowhere = np.isnan(lonlat[:, 0])
    nowhere = np.isin(group, group[nowhere])
    lonlat[nowhere] = np.nan
    return Place(np.where(nowhere, np.nan, radius[group]), lonlat)


def regions(groups: Groups, xy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the centre and the radius of each group's circle, which holds all its members (nan without a place)."""
    many = np.bincount(groups.of)
    mean = np.column_stack([np.bincount(groups.of, axis) / many for axis in xy.T])
    far = np.zeros(len(many))
    away = np.hypot(*(xy - mean[groups.of]).T)
    np.maximum.at(far, groups.of[~np.isnan(away)], away[~np.isnan(away)])
    far[~groups.placed] = np.nan
    # rounding moves the centre by half the diagonal of a step
    needed = far / (1 - np.sqrt(0.5) / _CENTRE)
    radius = np.where(np.isnan(far), np.nan, _STEPS[np.searchsorted(_STEPS[:-1], np.nan_to_num(needed))])
    step = (radius / _CENTRE)[:, None]
    return np.round(mean / step) * step, radius


def _in_circle(centre: np.ndarray, radius: np.ndarray, random: np.random.Generator) -> np.ndarray:
    turn, away = random.random((2, len(radius)))
    angle, away = 2 * np.pi * turn, radius * np.sqrt(away)
    return np.asarray(centre + (away * [np.cos(angle), np.sin(angle)]).T)


def _in_polygon(polygon: BaseGeometry, many: int, random: np.random.Generator) -> np.ndarray:
    """Draw points of a polygon evenly; where it has no area, its nearest thing to a middle."""
    triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(polygon))
    size = shapely.area(triangles)
    if not size.sum() > 0:
        return np.repeat(shapely.get_coordinates(polygon.representative_point()), many, axis=0)
    corners = shapely.get_coordinates(triangles).reshape(-1, 4, 2)[
        random.choice(len(size), many, p=size / size.sum())
    ]
    along, across = np.sort(random.random((2, many)), axis=0)
    weights = np.column_stack([along, across - along, 1 - across])
    return np.asarray((corners[:, :3] * weights[:, :, None]).sum(axis=1))
