"""What the sheets of a book show besides houses, cut out of the district sheet by sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from geo.assessment import Assessment
from geo.atlas.paper.frame import Frame
from geo.atlas.paper.margins import Book
from geo.atlas.planning.plan import Detail, SheetPlan
from geo.atlas.selection import Selection
from geo.atlas.sheet.background import Edge, Ground, Neighbour
from geo.atlas.sheet.drawing import Houses, Sheet
from geo.atlas.sheet.edges import edges_of
from geo.atlas.sheet.lines import NO_LINES, Lines
from geo.atlas.sheet.surroundings import Areas, cut, name_places, polygons_in_metres
from geo.atlas.sheet.symbols import Hatch, faint
from geo.crs import STORING
from geo.gazetteer.dusun_names import dusun_keys, dusun_titles
from geo.sheet_ids import SheetId
from geo.symbology import KANTONG_COLOUR, layer_title, zone_colours

HATCH_ANGLES = (45.0, 15.0, 135.0, 75.0)
HATCH_SPACING_MM = 3.0
LEAST_ZONE_SHARE = 0.002
"""Neighbours that share an edge with a zone do not stand in it, though lines of different origin overlap by a hair."""

WHOLE_SHARE = 0.995
"""A zone that holds so much of what a map shows of its desa is told in words: a hatch would grey it all."""

INSET_SHARE = 0.004


@dataclass(frozen=True)
class _Own:
    """What is found once a desa: its zones and kantong, and the desa of its kecamatan."""

    zones: tuple[tuple[Hatch, shapely.Geometry], ...]
    kantong: tuple[tuple[str, shapely.Geometry], ...]
    kecamatan: np.ndarray


@dataclass(frozen=True)
class _Table:
    """The book's table as arrays, and by desa the name and middle (metres) of each dusun."""

    listed: pd.DataFrame
    desa: np.ndarray
    xy: np.ndarray
    need: np.ndarray
    chosen: np.ndarray
    dusun: dict[int, tuple[tuple[str, float, float], ...]]


class Surroundings:
    """The district, ready to be cut to the maps of a book.

    Parameters
    ----------
    assessment
        Tables as described in docs/tables.md.
    book
        What the sheets have in common; its CRS is that of everything returned.
    selection
        Its desa are those that plans count from.
    lines
        Roads and rivers of the district's own.
    figures
        Whether sheets tell the figures of their desa, not how to work with them.
    """

    def __init__(
        self,
        assessment: Assessment,
        book: Book,
        selection: Selection,
        lines: Lines | None = None,
        *,
        figures: bool = False,
    ) -> None:
        desa = assessment.desa.sort_values("kode_desa", ignore_index=True)
        self._rows = list(desa.drop(columns="geometry").itertuples(index=False))
        self._place = pd.Index(desa["kode_desa"]).get_indexer(list(selection.desa))
        self._names = desa["nama_desa"].astype(str).tolist()
        self._kecamatan = desa["kode_kecamatan"].to_numpy()
        self._desa = Areas.of(polygons_in_metres(desa, book.crs))
        zones = polygons_in_metres(assessment.zones, book.crs)
        parts, self._zone = shapely.get_parts(zones, return_index=True)
        self._zones = Areas.of(parts)
        self._hatches = _hatches(assessment.zones, zone_colours(assessment.facts["layers"]))
        self._kantong = Areas.of(polygons_in_metres(assessment.clusters, book.crs))
        self._kantong_names = [f"{cluster}" for cluster in assessment.clusters["cluster_id"]]
        self._hot = _hot_needs(assessment)
        self._lines = lines or NO_LINES
        self._to_degrees = Transformer.from_crs(book.crs, STORING, always_xy=True)
        self._mark, self._figures = book.mark, figures
        self._last: tuple[int, _Own] | None = None
        self._insets: dict[str, np.ndarray] = {}
        self._table: _Table | None = None

    def shapes(self) -> np.ndarray:
        """Return the polygons (metres) of the selection's desa."""
        return np.asarray(self._desa.shapes[self._place])

    def sheet(self, plan: SheetPlan, listed: pd.DataFrame, details: Sequence[Detail] = ()) -> Sheet:
        """Return everything that a sheet shows.

        Parameters
        ----------
        listed
            The book's table, see :func:`geo.atlas.listing.book_households`.
        details
            What the other sheets of the desa show, as its first sheet states it; named at the edges.
        """
        place = int(self._place[plan.desa])
        row = self._rows[place]
        table = self._table_of(listed)
        start, stop = np.searchsorted(table.desa, [plan.desa, plan.desa + 1])
        own = self._own(place)
        beyond = details if plan.part > 1 else ()
        return Sheet(
            sheet=SheetId(str(row.kode_desa), plan.part, self._mark),
            desa=row,
            plan=plan,
            houses=Houses(int(start), table.xy[start:stop], table.need[start:stop], table.chosen[start:stop]),
            grounds=tuple(
                self._ground(
                    view.frame, place, own, edges_of(view.frame, f"{plan.part}{view.letter}", beyond)
                )
                for view in plan.views
            ),
            own=self._desa.shapes[place],
            kecamatan=own.kecamatan,
            hot=self._hot.get(str(row.kode_desa), ()),
            dusun=table.dusun.get(plan.desa, ()),
            figures=self._figures,
        )

    def _table_of(self, listed: pd.DataFrame) -> "_Table":
        """Return the columns that sheets draw; taken out once, as all sheets of a book are of one table."""
        if self._table is None or self._table.listed is not listed:
            self._table = _Table(
                listed,
                listed["desa"].to_numpy(),
                listed[["x", "y"]].to_numpy(dtype=float),
                listed["need"].to_numpy(),
                listed["chosen"].to_numpy(dtype=bool),
                _dusun(listed),
            )
        return self._table

    def _own(self, place: int) -> _Own:
        """Return what is found once a desa; kept while its sheets follow each other."""
        if self._last is None or self._last[0] != place:
            shape = self._desa.shapes[place]
            kantong = self._kantong.near(shape.bounds)
            kantong = kantong[shapely.intersects(shape, self._kantong.shapes[kantong])]
            found = _Own(
                self._zones_of(shape),
                tuple((self._kantong_names[area], self._kantong.shapes[area]) for area in kantong),
                self._kecamatan_of(place),
            )
            self._last = place, found
        return self._last[1]

    def _kecamatan_of(self, place: int) -> np.ndarray:
        """Return the desa of a desa's kecamatan, thinned for a small map; kept, as many desa are of one."""
        kode = self._kecamatan[place]
        if kode not in self._insets:
            siblings = self._desa.shapes[self._kecamatan == kode]
            west, south, east, north = shapely.total_bounds(siblings).tolist()
            thin = max(east - west, north - south) * INSET_SHARE
            self._insets[kode] = np.asarray(shapely.simplify(siblings, thin))
        return self._insets[kode]

    def _zones_of(self, shape: shapely.Geometry) -> tuple[tuple[Hatch, shapely.Geometry], ...]:
        near = self._zones.near(shape.bounds)
        west, south, east, north = shape.bounds
        parts = shapely.make_valid(shapely.clip_by_rect(self._zones.shapes[near], west, south, east, north))
        zone, shared = self._zone[near], shapely.intersection(shape, parts)
        areas = shapely.area(shared)
        found = []
        for which in np.unique(zone).tolist():
            there = (zone == which) & (areas > 0)
            if areas[there].sum() > LEAST_ZONE_SHARE * shape.area:
                found.append((self._hatches[which], shapely.GeometryCollection(list(shared[there]))))
        return tuple(found)

    def _ground(self, frame: Frame, place: int, own: _Own, edges: tuple[Edge, ...]) -> Ground:
        which, pieces = self._desa.within(frame)
        box = shapely.box(*frame.bounds)
        kept = [(name, shape) for name, shape in own.kantong if shapely.intersects(shape, box)]
        zones = [(hatch, shape) for hatch, shape in own.zones if shapely.intersects(shape, box)]
        thinned = cut(np.array([shape for _, shape in (*zones, *kept)], dtype=object), frame)
        covered = shapely.area(shapely.clip_by_rect(pieces, *frame.bounds)).sum()
        mine = pieces[which == place]
        shown = shapely.area(shapely.clip_by_rect(mine, *frame.bounds)).sum()
        parts = shapely.area(shapely.clip_by_rect(thinned[: len(zones)], *frame.bounds))
        all_over = [bool(area >= WHOLE_SHARE * shown) for area in parts]
        return Ground(
            own=mine[0] if len(mine) else shapely.Polygon(),
            neighbours=tuple(
                Neighbour(self._names[area], piece, name_places(piece))
                for area, piece in zip(which.tolist(), pieces, strict=True)
                if area != place
            ),
            zones=tuple(
                (hatch, shape)
                for (hatch, _), shape, full in zip(zones, thinned, all_over, strict=False)
                if not full
            ),
            kantong=tuple(
                (name, shape) for (name, _), shape in zip(kept, thinned[len(zones) :], strict=True)
            ),
            roads=self._lines.roads.within(frame)[1],
            rivers=self._lines.rivers.within(frame)[1],
            edges=edges,
            outside=covered < 0.995 * box.area,
            true_north=self._true_north(frame),
            everywhere=tuple(hatch.title for (hatch, _), full in zip(zones, all_over, strict=True) if full),
        )

    def _true_north(self, frame: Frame) -> float:
        """Return the angle (degrees, clockwise) from grid north to true north in the middle of a frame."""
        west, south, east, north = frame.bounds
        x, y = (west + east) / 2, (south + north) / 2
        lon, lat = self._to_degrees.transform(x, y)
        x_ahead, y_ahead = self._to_degrees.transform(lon, lat + 1e-3, direction="INVERSE")
        return float(np.degrees(np.arctan2(x_ahead - x, y_ahead - y)))


def _hatches(zones: gpd.GeoDataFrame, colours: Mapping[str, str]) -> list[Hatch]:
    layers = list(dict.fromkeys(zones["layer"]))
    return [
        Hatch(
            layer_title({"title": row.title, "proksi": row.proksi}),
            faint(colours.get(row.layer, KANTONG_COLOUR)),
            HATCH_ANGLES[layers.index(row.layer) % len(HATCH_ANGLES)],
            HATCH_SPACING_MM,
        )
        for row in zones[["layer", "title", "proksi"]].itertuples(index=False)
    ]


def _hot_needs(assessment: Assessment) -> dict[str, tuple[str, ...]]:
    """Return the needs for which each desa is a hot spot, in words; only those that a book may tell."""
    titles = {
        indicator["id"]: str(indicator["title"])
        for indicator in assessment.facts["indicators"]
        if not indicator["sensitive"]
    }
    table = assessment.hot_spots
    if table.empty:
        return {}
    hot = table[(table["gi_class"] == "panas") & table["indicator"].isin(list(titles))]
    return {
        str(kode): tuple(titles[indicator] for indicator in rows)
        for kode, rows in hot.groupby("kode_desa")["indicator"]
    }


def _dusun(listed: pd.DataFrame) -> dict[int, tuple[tuple[str, float, float], ...]]:
    """Return name and middle of each dusun that has a house with a position; its spellings are one."""
    there = listed.loc[listed["x"].notna() & (listed["dusun"] != ""), ["desa", "dusun", "x", "y"]]
    written, which = np.unique(there["dusun"].to_numpy(dtype=str), return_inverse=True)
    if not len(written):
        return {}
    there = there.assign(
        key=np.array(dusun_keys(written.tolist()), dtype=object)[which],
        title=np.array(dusun_titles(written.tolist()), dtype=object)[which],
    )
    middles = there[there["key"] != ""].groupby(["desa", "key"])
    found = middles[["x", "y"]].median().assign(title=middles["title"].agg("first")).reset_index()
    named: dict[int, tuple[tuple[str, float, float], ...]] = {}
    for desa, title, x, y in found[["desa", "title", "x", "y"]].itertuples(index=False, name=None):
        named[desa] = (*named.get(desa, ()), (title, x, y))
    return named
