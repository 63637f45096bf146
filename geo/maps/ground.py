"""The ground of the maps, simplified for the screen: shapes of desa, borders, names and zones."""

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from geo.crs import STORING, measuring_crs
from geo.maps.features import DECIMALS, features
from geo.maps.wording import escape

TOLERANCE_M = 15.0
"""Bends smaller than this (a triangle of its square) do not show on a screen."""

DEGREE_M = 111_320.0
"""Of longitude at the equator."""

MOST_VERTICES = 40_000
"""What all zones together may weigh; finer zones are simplified until they fit."""

Json = dict[str, Any]


def simplified(desa: gpd.GeoDataFrame) -> tuple[np.ndarray, CRS]:
    """Return the shapes of the desa in metres, without bends that no screen shows, and their CRS; edges stay shared."""
    crs = measuring_crs(tuple(desa.total_bounds))
    return shapely.coverage_simplify(desa.geometry.to_crs(crs).to_numpy(), TOLERANCE_M), crs


def borders(desa: gpd.GeoDataFrame, shapes: np.ndarray, crs: CRS) -> Json:
    """Return the lines between kecamatan, and the outline of the whole; ``shapes`` are those of the desa."""
    kecamatan = [union(shapes[places]) for places in desa.groupby("kode_kecamatan").indices.values()]
    # a line between two kecamatan is written once
    lines = shapely.line_merge(shapely.union_all(shapely.boundary(np.array(kecamatan))))
    outline = shapely.boundary(union(np.array(kecamatan)))
    return features(
        to_screen(np.array([lines, outline]), crs), [{"kind": "kecamatan"}, {"kind": "kabupaten"}]
    )


def union(shapes: np.ndarray) -> shapely.Geometry:
    """Join neighbours into one shape."""
    # users' own boundaries may overlap, which only the slower union forgives
    if shapely.coverage_is_valid(shapes):
        return shapely.coverage_union_all(shapes)
    return shapely.union_all(shapely.make_valid(shapes))


def names(desa: gpd.GeoDataFrame, shapes: np.ndarray, crs: CRS) -> list[list[Any]]:
    """List [kind, name, lat, lon, room in degrees] of each kecamatan, then of each desa, largest first.

    The room is as wide as the area, and for an island as the water around it too: its name stands there in nobody's
    way.
    """
    groups = desa.groupby(["kode_kecamatan", "nama_kecamatan"]).indices
    table = gpd.GeoDataFrame(
        {
            "kind": ["kecamatan"] * len(groups) + ["desa"] * len(desa),
            "name": [*(str(name) for _, name in groups), *desa["nama_desa"]],
        },
        geometry=[*(union(shapes[places]) for places in groups.values()), *shapes],
        crs=crs,
    )
    table = table.iloc[np.lexsort((-table.area, table["kind"] == "desa"))]
    circles = shapely.maximum_inscribed_circle(table.geometry.to_numpy(), tolerance=50)
    middles = gpd.GeoSeries(shapely.get_point(circles, 0), crs=crs).to_crs(STORING)
    box = table.geometry.to_crs(STORING).bounds
    degree_m = DEGREE_M * np.cos(np.radians(middles.y.to_numpy()))
    room = (box["maxx"] - box["minx"]).to_numpy() + 2 * _apart(table) / degree_m
    return [
        [kind, escape(name), round(point.y, DECIMALS), round(point.x, DECIMALS), round(width, 4)]
        for kind, name, point, width in zip(table["kind"], table["name"], middles, room.tolist(), strict=True)
    ]


def _apart(areas: gpd.GeoDataFrame) -> np.ndarray:
    """Return how far each area is from the nearest other of its kind, in metres; 0 where it is the only one."""
    found = np.zeros(len(areas))
    for places in areas.groupby("kind").indices.values():
        shapes = areas.geometry.to_numpy()[places]
        (own, _), distances = shapely.STRtree(shapes).query_nearest(
            shapes, return_distance=True, exclusive=True
        )
        found[places[own]] = distances
    return found


def zone_shapes(zones: gpd.GeoDataFrame, crs: CRS) -> Json:
    """Return the zones, each with its layer and whether it is the first of it; together they have few vertices."""
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
        to_screen(np.array(shapes), crs),
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


def to_screen(shapes: np.ndarray, crs: CRS) -> np.ndarray:
    """Bring shapes from metres to WGS 84."""
    return np.asarray(gpd.GeoSeries(shapes, crs=crs).to_crs(STORING).to_numpy())
