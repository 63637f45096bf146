"""The ground of each profile's map: shapes in metres, squares with households in need, desa coloured by rate."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.assessment import Assessment
from geo.atlas.paper.frame import Frame
from geo.atlas.profile.area import DESA, Area
from geo.atlas.profile.page_map import Ground
from geo.atlas.profile.squares import count_squares, square_step
from geo.atlas.sheet.surroundings import polygons_in_metres
from geo.crs import to_metres
from geo.symbology import RAMP_RTLH, RAMPS, UNKNOWN_COLOUR, class_breaks, need_class, percent

MOST_KANTONG = 12
ROUGH_M = 50.0
IN_NEED = ("both", "rtlh", "jamban")


class Grounds:
    """Shapes and points of a run in metres, made once for all its profiles."""

    def __init__(self, assessment: Assessment, crs: CRS) -> None:
        self.crs, self._assessment = crs, assessment
        self._desa = polygons_in_metres(assessment.desa, crs)
        self._kecamatan = polygons_in_metres(assessment.kecamatan, crs)
        self._kantong = polygons_in_metres(assessment.clusters, crs)
        self._points, self._of = _in_need(assessment.counted, crs)
        self._trees = {True: shapely.STRtree(self._desa), False: shapely.STRtree(self._kecamatan)}
        breaks = [entry for entry in assessment.facts["indicators"] if not entry["sensitive"]]
        self.first = breaks[0] if breaks else None
        self._rates = self._first_rates()
        ramp = RAMPS.get(self.first["id"], RAMP_RTLH) if self.first else RAMP_RTLH
        told = self._rates[np.isfinite(self._rates)]
        self._breaks = class_breaks(told, ramp) if len(told) else None

    def shape(self, area: Area) -> shapely.Geometry:
        """Return the polygon of an area in metres."""
        return (self._desa if area.level == DESA else self._kecamatan)[area.place]

    def of(self, area: Area, frame: Frame) -> Ground:
        """Return what the map of an area shows inside a frame."""
        of_desa = area.level == DESA
        shapes = self._desa if of_desa else self._kecamatan
        names = (self._assessment.desa if of_desa else self._assessment.kecamatan)[f"nama_{area.level}"]
        near = np.sort(self._trees[of_desa].query(shapely.box(*frame.bounds), predicate="intersects"))
        mine = self._of == area.kode if of_desa else np.zeros(len(self._of), dtype=bool)
        step = square_step(self._points[mine], frame.scale)
        squares, counts = count_squares(self._points[mine], step)
        return Ground(
            crs=self.crs,
            shape=shapes[area.place],
            around=[(str(names.iloc[place]), shapes[place]) for place in near if place != area.place],
            inner=[] if of_desa else self._inner(area.kode),
            squares=squares,
            counts=counts,
            step_m=step,
            kantong=self._kantong_of(area) if of_desa else [],
            breaks=None if of_desa else self._breaks,
        )

    def _first_rates(self) -> np.ndarray:
        desa = self._assessment.desa
        column = f"{self.first['id']}_rate" if self.first else ""
        if column not in desa:
            return np.full(len(desa), np.nan)
        rates = pd.to_numeric(desa[column], errors="coerce")
        enough = column.replace("_rate", "_enough")
        if enough in desa:
            rates = rates.where(desa[enough].fillna(value=False).astype(bool))
        return np.asarray(rates, dtype=float)

    def _inner(self, kode: str) -> list[tuple[str, shapely.Geometry, str, str]]:
        desa = self._assessment.desa
        return [
            (str(desa["nama_desa"].iloc[place]), self._desa[place], self._colour(place), self._words(place))
            for place in np.flatnonzero(desa["kode_kecamatan"].eq(kode).to_numpy(bool)).tolist()
        ]

    def _colour(self, place: int) -> str:
        rate, breaks = self._rates[place], self._breaks
        if breaks is None or not np.isfinite(rate):
            return UNKNOWN_COLOUR
        which = int(np.searchsorted(breaks.edges[1:-1], rate, side="right"))
        return str(breaks.colours[which])

    def _words(self, place: int) -> str:
        return percent(self._rates[place]) if np.isfinite(self._rates[place]) else ""

    def _kantong_of(self, area: Area) -> list[tuple[str, shapely.Geometry]]:
        clusters = self._assessment.clusters
        if "kode_desa" not in clusters:
            return []
        mine = np.flatnonzero(clusters["kode_desa"].eq(area.kode).to_numpy(bool))
        order = mine[np.argsort(-clusters["households"].to_numpy()[mine], kind="stable")][:MOST_KANTONG]
        return [(f"K{clusters['cluster_id'].iloc[place]}", _roughly(self._kantong[place])) for place in order]


def _in_need(households: gpd.GeoDataFrame, crs: CRS) -> tuple[np.ndarray, np.ndarray]:
    """Return where households in need stand (n, 2) in metres, and in which desa; only those with a point."""
    points = households.geometry
    if households.empty:
        return np.empty((0, 2)), np.empty(0, dtype=object)
    there = (points.notna() & ~points.is_empty).to_numpy() & need_class(households).isin(IN_NEED).to_numpy()
    x, y = to_metres(points[there].x, points[there].y, crs)
    return np.column_stack([x, y]), households.loc[there, "kode_desa"].to_numpy(dtype=object)


def _roughly(outline: shapely.Geometry) -> shapely.Geometry:
    """Round an outline off, so that none of its corners tells where a house stands."""
    return shapely.buffer(shapely.minimum_bounding_circle(outline), ROUGH_M)


def frame_bounds(shapes: Sequence[shapely.Geometry]) -> tuple[float, float, float, float]:
    """Return the bounds (metres) of shapes that a frame must hold."""
    west, south, east, north = shapely.total_bounds(np.asarray(shapes, dtype=object)).tolist()
    return west, south, east, north
