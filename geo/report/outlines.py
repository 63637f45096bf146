"""Desa and kecamatan as small SVG paths for an overview."""

from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import measuring_crs

WIDTH = 1000
"""Units across the drawing."""

# what a letter and a line of a label take on a phone, in units
LETTER, LINE = 14, 30


def draw(desa: gpd.GeoDataFrame, kecamatan: gpd.GeoDataFrame) -> dict[str, Any]:
    """Draw the outlines of a district once, for any number of maps.

    Parameters
    ----------
    desa, kecamatan
        Tables of an assessment, WGS 84.

    Returns
    -------
    dict
        ``desa`` and ``kecamatan``: paths in the order of the desa, and of the codes of kecamatan, in units of a
        drawing ``WIDTH`` wide and ``height`` high; ``labels``: x, y and name of the
        kecamatan that have room for it; ``bar`` and ``kilometres``: a scale bar's length; ``place``: takes a
        GeoSeries (WGS 84) to points of the drawing, shape (n, 2), where their middles are; ``metres`` of a unit.
    """
    crs = measuring_crs(tuple(desa.total_bounds))
    areas = desa.geometry.to_crs(crs)
    west, south, east, north = areas.total_bounds
    unit = (east - west) / WIDTH
    # neighbours are thinned together, so that no slivers open between them
    thin = shapely.coverage_simplify(areas.to_numpy(), 2.5 * unit)
    placed = shapely.transform(thin, lambda places: np.rint((places - (west, north)) / (unit, -unit)))
    whole = gpd.GeoSeries(thin, crs=crs).groupby(desa["kode_kecamatan"].to_numpy()).agg(shapely.union_all)
    merged = shapely.transform(
        whole.to_numpy(), lambda places: np.rint((places - (west, north)) / (unit, -unit))
    )
    names = kecamatan.set_index("kode_kecamatan")["nama_kecamatan"].reindex(whole.index)
    kilometres = max(1, int(unit * WIDTH / 4 / 1000) // 5 * 5)
    return {
        "height": round((north - south) / unit),
        "desa": [_path(shape) for shape in placed],
        "kecamatan": [_path(shape) for shape in merged],
        "labels": _labels(merged, names.tolist()),
        "kilometres": kilometres,
        "bar": round(kilometres * 1000 / unit),
        "metres": unit,
        "place": lambda shapes: np.rint(
            (shapely.get_coordinates(shapes.to_crs(crs).centroid) - (west, north)) / (unit, -unit)
        ).astype(int),
    }


def _labels(shapes: np.ndarray, names: list[str]) -> list[tuple[int, int, str]]:
    """Give each kecamatan its label, a line higher or lower where it would cover that of a larger one."""
    middles = np.rint(shapely.get_coordinates(shapely.centroid(shapes))).astype(int)
    kept: list[tuple[int, int, str]] = []
    for place in np.argsort(-shapely.area(shapes)):
        x, y = middles[place]
        name = names[place]
        for shift in (0, -LINE, LINE):
            if all(
                abs(x - other_x) > LETTER * (len(name) + len(other)) / 2 or abs(y + shift - other_y) >= LINE
                for other_x, other_y, other in kept
            ):
                kept.append((int(x), int(y) + shift, name))
                break
    return kept


def _path(shape: shapely.Geometry) -> str:
    polygons = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    rings = [ring for polygon in polygons for ring in (polygon.exterior, *polygon.interiors)]
    return "".join(_ring(shapely.get_coordinates(ring).astype(int)) for ring in rings)


def _ring(places: np.ndarray) -> str:
    steps = np.diff(places[:-1], axis=0)
    steps = steps[steps.any(axis=1)]
    return (
        f"M{places[0, 0]} {places[0, 1]}l" + " ".join(f"{x} {y}" for x, y in steps) + "z"
        if len(steps)
        else ""
    )
