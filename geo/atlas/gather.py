"""What every sheet shows, prepared for all desa at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.assessment import Assessment
from geo.atlas.frame import Frame, frame_for
from geo.atlas.layout import Layout
from geo.atlas.listing import IN_NEED, numbered_households, placed_households
from geo.atlas.margins import Book
from geo.atlas.sheet import Neighbour, Sheet
from geo.atlas.surroundings import Pieces, clipped, name_places, polygons_in_metres
from geo.atlas.symbols import Hatch
from geo.crs import to_degrees, to_metres
from geo.symbology import KANTONG_COLOUR, layer_title, zone_colours

HATCH_ANGLES = (45.0, 15.0, 135.0, 75.0)
HATCH_SPACING_MM = 2.4
SPECK_MM = 2.0


def gather(
    assessment: Assessment,
    book: Book,
    choices: Sequence[Layout],
    name_widths: Callable[[Sequence[str]], np.ndarray],
) -> Iterator[Sheet]:
    """Yield the sheets in the order of ``kode_desa``.

    Parameters
    ----------
    assessment
        Tables as described in docs/tables.md.
    book
        What the sheets have in common; its CRS is that of everything yielded.
    choices
        Layouts that a desa may take.
    name_widths
        Widths (mm) of names of desa as printed on the map.
    """
    desa = assessment.desa.sort_values("kode_desa", ignore_index=True)
    shapes = polygons_in_metres(desa, book.crs)
    placed = placed_households(assessment.counted, list(desa["kode_desa"]), book.crs)
    frames = _frames(shapes, placed, choices)
    households = numbered_households(placed, frames)
    starts = np.searchsorted(households["sheet"], np.arange(len(frames) + 1))
    ground = clipped(shapes, frames)
    names = desa["nama_desa"].astype(str).tolist()
    places = name_places(ground, shapes, name_widths(names), frames)
    zones = clipped(polygons_in_metres(assessment.zones, book.crs), frames)
    hatches = _hatches(assessment.zones, zone_colours(assessment.facts["layers"]))
    kantong = clipped(polygons_in_metres(assessment.clusters, book.crs), frames)
    kantong_names = [f"K{cluster}" for cluster in assessment.clusters["cluster_id"]]
    norths = _true_norths(frames, book.crs)
    for page, row in enumerate(desa.drop(columns="geometry").itertuples(index=False)):
        # Neighbours that share an edge with a zone do not stand in it, though thinned lines overlap by a hair.
        speck = (SPECK_MM * frames[page].scale / 1000) ** 2
        entries = _entries(ground, page, places)
        own = next(shape for area, shape, _ in entries if area == page)
        yield Sheet(
            page=page + 1,
            desa=row,
            frame=frames[page],
            households=households.iloc[starts[page] : starts[page + 1]],
            own=own,
            neighbours=[
                Neighbour(names[area], shape, where) for area, shape, where in entries if area != page
            ],
            zones=[(hatches[area], shape) for area, shape in _touching(zones, page, own, speck)],
            kantong=[(kantong_names[area], shape) for area, shape in _touching(kantong, page, own, 0.0)],
            true_north=float(norths[page]),
        )


def _frames(shapes: np.ndarray, placed: pd.DataFrame, choices: Sequence[Layout]) -> list[Frame]:
    """Frame each desa with all points that count in it."""
    reach = placed.groupby("sheet")[["x", "y"]].agg(["min", "max"]).reindex(range(len(shapes)))
    rows = np.bincount(placed.loc[placed["need"] < IN_NEED, "sheet"], minlength=len(shapes))
    low = np.fmin(shapely.bounds(shapes)[:, :2], reach.xs("min", axis=1, level=1).to_numpy())
    high = np.fmax(shapely.bounds(shapes)[:, 2:], reach.xs("max", axis=1, level=1).to_numpy())
    bounds = np.hstack([low, high]).tolist()
    return [
        frame_for((west, south, east, north), int(count), choices)
        for (west, south, east, north), count in zip(bounds, rows, strict=True)
    ]


def _hatches(zones: gpd.GeoDataFrame, colours: Mapping[str, str]) -> list[Hatch]:
    layers = list(dict.fromkeys(zones["layer"]))
    return [
        Hatch(
            layer_title({"title": row.title, "proksi": row.proksi}),
            colours.get(row.layer, KANTONG_COLOUR),
            HATCH_ANGLES[layers.index(row.layer) % len(HATCH_ANGLES)],
            HATCH_SPACING_MM,
        )
        for row in zones[["layer", "title", "proksi"]].itertuples(index=False)
    ]


def _true_norths(frames: Sequence[Frame], crs: CRS) -> np.ndarray:
    """Return the angle (degrees, clockwise) from grid north to true north in the middle of each frame."""
    bounds = np.array([frame.bounds for frame in frames])
    x, y = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
    lon, lat = to_degrees(x, y, crs)
    x_ahead, y_ahead = to_metres(lon, lat + 1e-3, crs)
    return np.asarray(np.degrees(np.arctan2(x_ahead - x, y_ahead - y)))


def _entries(
    pieces: Pieces, sheet: int, places: np.ndarray
) -> list[tuple[int, shapely.Geometry, np.ndarray]]:
    part = pieces.of(sheet)
    return list(zip(pieces.area[part].tolist(), pieces.shapes[part], places[part], strict=True))


def _touching(
    pieces: Pieces, sheet: int, own: shapely.Geometry, least_m2: float
) -> list[tuple[int, shapely.Geometry]]:
    part = pieces.of(sheet)
    touches = shapely.area(shapely.intersection(own, pieces.shapes[part])) > least_m2
    return list(zip(pieces.area[part][touches].tolist(), pieces.shapes[part][touches], strict=True))
