"""Desa, kecamatan, zones and kantong, simplified for the screen and ready to be written as JSON."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.assessment import Assessment
from geo.crs import STORING, measuring_crs
from geo.maps.circles import kantong
from geo.maps.features import DECIMALS, features
from geo.maps.themes import Theme, hot_rows, numbers
from geo.maps.wording import escape
from geo.symbology import UNKNOWN, display_classes, zone_words

TOLERANCE_M = 15.0
"""Bends smaller than this (a triangle of its square) do not show on a screen."""

MOST_VERTICES = 40_000
"""What all zones together may weigh; finer zones are simplified until they fit."""

FIGURES = (
    "need",
    "known",
    "unknown",
    "rate",
    "low",
    "high",
    "least",
    "most",
    "smoothed",
    "gap",
    "gap_rate",
    "gap_most",
)

Json = dict[str, Any]


def areas(assessment: Assessment) -> Json:
    """Return desa and borders, zones and kantong as GeoJSON, with texts escaped.

    Parameters
    ----------
    assessment
        Its tables ``desa``, ``zones`` and ``clusters`` (WGS 84).
    """
    desa = assessment.desa.reset_index(drop=True)
    crs = measuring_crs(tuple(desa.total_bounds))
    metric = desa.geometry.to_crs(crs)
    shapes = shapely.coverage_simplify(metric.to_numpy(), TOLERANCE_M)
    west, south, east, north = desa.total_bounds.tolist()
    return {
        "bounds": [[south, west], [north, east]],
        "desa": features(_to_screen(shapes, crs), _desa_properties(assessment, desa)),
        "borders": _borders(desa, shapes, crs),
        "names": _names(desa, shapes, crs),
        "zones": _zones(assessment.zones, crs),
        "kantong": kantong(assessment.clusters),
    }


def figures(assessment: Assessment, themes: dict[str, dict[str, Theme]]) -> Json:
    """Return by indicator the figures, classes and hot spots of all desa, as columns in the order of the desa."""
    return {
        indicator: {
            **{figure: _values(assessment.desa, f"{indicator}_{figure}") for figure in FIGURES},
            "enough": numbers(assessment.desa, f"{indicator}_enough").eq(1).astype(int).tolist(),
            "funnel": _texts(assessment.desa, f"{indicator}_funnel"),
            "themes": {
                measure: {"colours": theme.colours, "classes": theme.classes.tolist()}
                for measure, theme in of_indicator.items()
            },
            "hot": _hot_spots(assessment, indicator) if "hot" in of_indicator else None,
        }
        for indicator, of_indicator in themes.items()
    }


def _hot_spots(assessment: Assessment, indicator: str) -> Json:
    rows = hot_rows(assessment, indicator)
    told = ("gi_class", "moran_class", "stays", "untested")
    return {**{name: _texts(rows, name) for name in told}, "q": _values(rows, "gi_q", 6)}


def _values(table: pd.DataFrame, name: str, decimals: int = 4) -> list[float | None]:
    values = numbers(table, name).round(decimals)
    # whole numbers without ".0": a third of the weight of the counts
    return [
        None if missing else int(value) if value == int(value) else value
        for missing, value in zip(values.isna(), values.tolist(), strict=True)
    ]


def _desa_properties(assessment: Assessment, desa: gpd.GeoDataFrame) -> list[Json]:
    words = {
        "name": desa["nama_desa"].map(escape),
        "kind": desa["jenis"].str.capitalize().fillna("Desa").map(escape),
        "kecamatan": desa["nama_kecamatan"].map(escape),
        "households": _values(desa, "households"),
        "located": _values(desa, "located"),
        "families": _values(desa, "families", 0),
        "register": _values(desa, "register_share"),
    }
    rows: list[Json] = [dict(zip(words, row, strict=True)) for row in zip(*words.values(), strict=True)]
    for layer in assessment.facts["layers"]:
        shares = _values(desa, f"share_{layer['id']}", 3)
        of_households = _values(desa, f"share_households_{layer['id']}", 3)
        titles = {zone: escape(title) for zone, title in zone_words(layer).items()}
        zones = [titles.get(zone, zone) for zone in _texts(desa, f"zone_{layer['id']}")]
        reasons = _texts(desa, f"why_zone_{layer['id']}")
        for row, *told in zip(rows, zones, reasons, shares, of_households, strict=True):
            row.setdefault("zones", []).append(told)
    display = display_classes(assessment.facts["layers"])
    for row, shown in zip(rows, _texts(desa, "zone_display"), strict=True):
        title, colour = display.get(str(shown), display[UNKNOWN])
        row["zona"] = {"word": escape(title), "colour": colour}
    return rows


def _texts(table: pd.DataFrame, name: str) -> list[str]:
    return [escape(text) for text in table[name]] if name in table else [""] * len(table)


def _borders(desa: gpd.GeoDataFrame, shapes: np.ndarray, crs: CRS) -> Json:
    kecamatan = [_union(shapes[places]) for places in desa.groupby("kode_kecamatan").indices.values()]
    # a line between two kecamatan is written once
    lines = shapely.line_merge(shapely.union_all(shapely.boundary(np.array(kecamatan))))
    outline = shapely.boundary(_union(np.array(kecamatan)))
    return features(
        _to_screen(np.array([lines, outline]), crs), [{"kind": "kecamatan"}, {"kind": "kabupaten"}]
    )


def _union(shapes: np.ndarray) -> shapely.Geometry:
    # users' own boundaries may overlap, which only the slower union forgives
    if shapely.coverage_is_valid(shapes):
        return shapely.coverage_union_all(shapes)
    return shapely.union_all(shapely.make_valid(shapes))


def _names(desa: gpd.GeoDataFrame, shapes: np.ndarray, crs: CRS) -> list[list[Any]]:
    """List [kind, name, lat, lon, width in degrees] of each kecamatan, then of each desa, largest first."""
    groups = desa.groupby(["kode_kecamatan", "nama_kecamatan"]).indices
    table = gpd.GeoDataFrame(
        {
            "kind": ["kecamatan"] * len(groups) + ["desa"] * len(desa),
            "name": [*(str(name) for _, name in groups), *desa["nama_desa"]],
        },
        geometry=[*(_union(shapes[places]) for places in groups.values()), *shapes],
        crs=crs,
    )
    table = table.iloc[np.lexsort((-table.area, table["kind"] == "desa"))]
    circles = shapely.maximum_inscribed_circle(table.geometry.to_numpy(), tolerance=50)
    middles = gpd.GeoSeries(shapely.get_point(circles, 0), crs=crs).to_crs(STORING)
    box = table.geometry.to_crs(STORING).bounds
    return [
        [kind, escape(name), round(point.y, DECIMALS), round(point.x, DECIMALS), round(width, 4)]
        for kind, name, point, width in zip(
            table["kind"], table["name"], middles, box["maxx"] - box["minx"], strict=True
        )
    ]


def _zones(zones: gpd.GeoDataFrame, crs: CRS) -> Json:
    # what is unknown has a row without a shape
    zones = zones[zones.geometry.notna() & ~zones.geometry.is_empty]
    tolerance = TOLERANCE_M
    shapes = [shapely.coverage_simplify([shape], tolerance)[0] for shape in zones.geometry.to_crs(crs)]
    while shapely.get_num_coordinates(shapes).sum() > MOST_VERTICES:
        tolerance *= 2
        shapes = [
            shapely.coverage_simplify([_without_crumbs(shape, tolerance**2)], tolerance)[0]
            for shape in shapes
        ]
    return features(
        _to_screen(np.array(shapes), crs),
        [
            {"layer": escape(layer), "first": first}
            for layer, first in zip(zones["layer"], (~zones["layer"].duplicated()).tolist(), strict=True)
        ],
    )


def _without_crumbs(shape: shapely.Geometry, area_m2: float) -> shapely.Geometry:
    """Leave out parts and holes of no more than an area, of which a raster has thousands."""
    parts = shapely.get_parts(shape)
    rings, owner = shapely.get_rings(parts[shapely.area(parts) > area_m2], return_index=True)
    is_shell = np.diff(owner, prepend=-1) > 0
    kept = is_shell | (shapely.area(shapely.polygons(rings)) > area_m2)
    return shapely.multipolygons(shapely.polygons(rings[kept], indices=owner[kept]))


def _to_screen(shapes: np.ndarray, crs: CRS) -> np.ndarray:
    return np.asarray(gpd.GeoSeries(shapes, crs=crs).to_crs(STORING).to_numpy())
