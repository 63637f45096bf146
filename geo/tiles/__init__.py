"""Map tiles cut on request: households as vector tiles, and the ground beneath them as pictures."""

from geo.tiles.cache import RecentlyUsed
from geo.tiles.index import FIRST_ZOOM, LAST_ZOOM, TileIndex, tile_index
from geo.tiles.vector import EXTENT, LAYER, encode_tile, outcome_array

__all__ = [
    "EXTENT",
    "FIRST_ZOOM",
    "LAST_ZOOM",
    "LAYER",
    "RecentlyUsed",
    "TileIndex",
    "encode_tile",
    "outcome_array",
    "tile_index",
]
