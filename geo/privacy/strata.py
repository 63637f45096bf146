"""The told households of each desa, with what is told of them, a place or none, and a lot of their own."""

import hmac
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from geo.privacy.answers import answers_of
from geo.privacy.partition import keep_place

_INSIDE_M = 1.0
"""A point that counts in a desa but lies beyond its border is taken to stand so far within it."""


@dataclass(frozen=True)
class Area:
    """A desa: ``metric`` in metres of the measuring CRS, ``degrees`` in WGS 84."""

    kode: str
    row: int
    metric: BaseGeometry
    degrees: BaseGeometry
    crs: CRS


@dataclass(frozen=True)
class Stratum:
    """The told households of one desa, in an order that owes nothing to that of the sheet.

    Attributes
    ----------
    rows
        Their place in the table of households.
    told, counted
        See :class:`geo.privacy.answers.Answers`.
    xy
        Metres, inside the desa; nan without a point.
    kept
        Who is told with a place.
    random
        A lot that only whoever has the key can draw again, for these households in this desa.
    """

    area: Area
    rows: np.ndarray
    told: np.ndarray
    counted: np.ndarray
    xy: np.ndarray
    kept: np.ndarray
    random: np.random.Generator


def strata_of(
    households: gpd.GeoDataFrame,
    desa: gpd.GeoDataFrame,
    needs: Sequence[str],
    others: int,
    crs: CRS,
    key: bytes,
) -> Iterator[Stratum]:
    """Yield the desa of which households may be told, see :func:`geo.privacy.masking.mask_households`."""
    answers = answers_of(households, desa, needs)
    points = households.geometry.iloc[answers.rows].to_crs(crs)
    xy = np.column_stack([points.x, points.y])
    metric, degrees = desa.geometry.to_crs(crs).to_numpy(), desa.geometry.to_numpy()
    located = desa["located"].notna().to_numpy() if "located" in desa else np.zeros(len(desa), dtype=bool)
    order = np.lexsort([xy[:, 1], xy[:, 0], *answers.told.T[::-1], answers.desa])
    bounds = np.searchsorted(answers.desa[order], np.arange(len(desa) + 1))
    for row, kode in enumerate(desa["kode_desa"]):
        mine = order[bounds[row] : bounds[row + 1]]
        if len(mine) <= others:
            continue
        area = Area(str(kode), row, shapely.make_valid(metric[row]), shapely.make_valid(degrees[row]), crs)
        told, counted = answers.told[mine], answers.counted[mine]
        said = json.dumps([str(kode), others, list(needs)]).encode() + told.tobytes() + xy[mine].tobytes()
        drawn = int.from_bytes(hmac.digest(key, b"terbatas\0" + said, "sha256"))
        random = np.random.Generator(np.random.Philox(np.random.SeedSequence(drawn)))
        kept = keep_place(counted, ~np.isnan(xy[mine, 0]), others + 1, random, blur=not located[row])
        yield Stratum(area, answers.rows[mine], told, counted, _within(xy[mine], area.metric), kept, random)


def _within(xy: np.ndarray, polygon: BaseGeometry) -> np.ndarray:
    """Move points that lie outside of a polygon to the nearest place well inside it."""
    inner = polygon.buffer(-_INSIDE_M)
    inner = inner if not inner.is_empty else polygon.representative_point()
    placed = np.flatnonzero(~np.isnan(xy[:, 0]))
    shapely.prepare(inner)
    out = placed[~shapely.intersects_xy(inner, *xy[placed].T)]
    if out.size:
        ways = shapely.shortest_line(inner, shapely.points(xy[out]))
        xy = xy.copy()
        xy[out] = shapely.get_coordinates(ways)[::2]
    return xy
