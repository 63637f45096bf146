"""Which features are asked for, and in which order, as positions in the table of a collection."""

import numpy as np
import shapely

from app.ogc.encoded import Encoder
from app.ogc.filtering import read_filter
from app.ogc.parameters import Asked
from app.ogc.queryables import read_properties, read_sort
from geo.products import Collection


def select(collection: Collection, asked: Asked, encoder: Encoder) -> np.ndarray:
    """Return the positions of all features that fit, in the order that is wanted: that of the table unless told.

    Raises
    ------
    PetaError
        When a filter, an order or a value does not fit the collection.
    """
    wanted = np.ones(len(collection.table), bool)
    if asked.bbox is not None:
        placed = encoder.placed(collection, asked.bbox.reference)
        # what has no place fits any box: /req/core/fc-bbox-response
        wanted &= asked.bbox.holds(placed.geometry, placed.bounds) | shapely.is_missing(placed.geometry)
    if asked.plain:
        wanted &= read_properties(asked.plain, collection)
    if asked.filter or asked.filter_lang:
        wanted &= read_filter(asked.filter, asked.filter_lang, asked.filter_crs, collection)
    if not asked.sortby:
        return np.flatnonzero(wanted)
    order = read_sort(asked.sortby, collection)
    sorted_ones: np.ndarray = order[wanted[order]]
    return sorted_ones
