"""Land cover with the classes of ESA WorldCover: read window by window, measured by polygon and around points."""

from geo.landcover.classes import BUILT_UP, CLASSES, COVERED, TREES
from geo.landcover.cover import AROUND_M, LandCover, read_land_cover
from geo.landcover.mosaic import raster_name

__all__ = [
    "AROUND_M",
    "BUILT_UP",
    "CLASSES",
    "COVERED",
    "TREES",
    "LandCover",
    "raster_name",
    "read_land_cover",
]
