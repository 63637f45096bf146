"""Figures and coordinates rounded to what they are good for, the same in every format."""

import numpy as np
import pandas as pd
import shapely

DECIMALS = 7
"""Of a degree: 1 cm. RFC 7946 (11.2) calls six reasonable, and no more sense lies in further ones."""

METRE_DECIMALS = 2
"""Of coordinates in metres."""

_FIGURE_METRES = 1
_NO_DECIMALS = 1e15
"""From here on a figure has none to round."""


def as_told(name: str, column: pd.Series) -> pd.Series:
    """Round figures to what they are good for: metres to a decimetre, everything else to as many decimals as degrees.

    Examples
    --------
    >>> as_told("jarak_m", pd.Series([387.2879])).tolist(), as_told("rtlh_rate", pd.Series([1 / 3])).tolist()
    ([387.3], [0.3333333])
    """
    if not pd.api.types.is_float_dtype(column):
        return column
    told = column.astype("Float64")
    decimals = _FIGURE_METRES if name.endswith("_m") else DECIMALS
    large = told.abs() >= _NO_DECIMALS
    if not large.any():
        return told.round(decimals)
    return told.where(large, told.mask(large, 0.0).round(decimals))


def exact(geometry: np.ndarray, decimals: int = DECIMALS) -> np.ndarray:
    """Return geometry on the grid of the decimals, valid, outer rings counter-clockwise; too small is missing."""
    rounded: np.ndarray = geometry.copy()
    points = shapely.get_type_id(geometry) == shapely.GeometryType.POINT
    points &= ~shapely.is_empty(geometry)
    rounded[points] = shapely.points(np.round(shapely.get_coordinates(geometry[points]), decimals))
    shapes = ~points
    on_grid = shapely.orient_polygons(shapely.set_precision(geometry[shapes], 10.0**-decimals))
    # multiples of the grid carry noise in the sixteenth digit
    rounded[shapes] = shapely.transform(on_grid, lambda places: np.round(places, decimals))
    rounded[shapely.is_empty(rounded)] = None
    return rounded
