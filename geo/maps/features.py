"""Shapes and what is told of them, as GeoJSON light enough for a page."""

import json
from typing import Any

import numpy as np
import shapely

DECIMALS = 5
"""Of degrees: a metre, which no screen shows at the scale of a desa."""

Json = dict[str, Any]


def features(shapes: np.ndarray, properties: list[Json]) -> Json:
    """Return shapes (WGS 84) with their properties as a collection; what has no shape is left out."""
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": values, "geometry": shape}
            for values, shape in zip(properties, geometries(shapes), strict=True)
            if shape is not None
        ],
    }


def geometries(shapes: np.ndarray) -> list[Json | None]:
    """Return shapes (WGS 84) as GeoJSON; what has no shape as nothing."""
    rounded = shapely.transform(shapes, lambda positions: np.round(positions, DECIMALS))
    return [None if text is None else json.loads(text) for text in shapely.to_geojson(rounded)]


def rolled(collection: Json) -> Json:
    """Return a collection with each ring or line as one list of whole numbers, in steps of :data:`DECIMALS`.

    The first two are a position, every further two the way from one position to the next: a third of the weight.

    Examples
    --------
    >>> line = {"type": "LineString", "coordinates": [[109.5, -7.0], [109.50002, -7.00001]]}
    >>> found = rolled({"features": [{"geometry": line, "properties": {}}]})
    >>> found["features"][0]["geometry"]["coordinates"]
    [10950000, -700000, 2, -1]
    """
    parts = [entry | {"geometry": rolled_geometry(entry["geometry"])} for entry in collection["features"]]
    return collection | {"features": parts}


def rolled_geometry(geometry: Json) -> Json:
    """Return one geometry likewise; a point stays as it is."""
    if geometry["type"] == "Point":
        return geometry
    if geometry["type"] == "GeometryCollection":
        return geometry | {"geometries": [rolled_geometry(part) for part in geometry["geometries"]]}
    return geometry | {"coordinates": _rolled(geometry["coordinates"])}


def _rolled(positions: list[Any]) -> list[Any]:
    if positions and isinstance(positions[0][0], list):
        return [_rolled(part) for part in positions]
    steps = np.round(np.array(positions, dtype=float)[:, :2] * 10**DECIMALS).astype(int)
    found: list[Any] = np.diff(steps, axis=0, prepend=0).ravel().tolist()
    return found
