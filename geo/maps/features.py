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
