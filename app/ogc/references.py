"""Coordinate reference systems by their names on the web (OGC API Features, Part 2), each with its own axis order."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from pyproj import CRS, Transformer

from geo.crs import MEASURING, SRGI, STORING

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


@dataclass(frozen=True)
class Reference:
    """A system that positions can be told in.

    Attributes
    ----------
    uri
        Its name.
    north_first
        Its authority puts latitude before longitude.
    """

    uri: str
    crs: CRS
    north_first: bool = False

    @property
    def geographic(self) -> bool:
        """Tell whether it is in degrees."""
        return bool(self.crs.is_geographic)

    def placed(self, geometry: np.ndarray) -> np.ndarray:
        """Return geometry in WGS 84 as of this system, east first whatever its axis order; missing ones stay."""
        if self.crs == STORING:
            return geometry
        convert = _transformer(self.crs)
        moved: np.ndarray = shapely.transform(
            geometry, lambda places: np.column_stack(convert.transform(places[:, 0], places[:, 1]))
        )
        return moved


@lru_cache(maxsize=8)
def references(measuring: CRS = MEASURING) -> Mapping[str, Reference]:
    """Return the systems on offer by name: the default first, then WGS 84, the district's UTM zone and SRGI2013.

    Examples
    --------
    >>> [uri.rsplit("/", 1)[-1] for uri in references()]
    ['CRS84', '4326', '32749', '9470']
    >>> [each.north_first for each in references().values()]
    [False, True, False, True]
    """
    coded = {f"{_EPSG}{crs.to_epsg()}": crs for crs in (STORING, measuring, SRGI)}
    named = {uri: Reference(uri, crs, crs.axis_info[0].direction == "north") for uri, crs in coded.items()}
    return {CRS84: Reference(CRS84, STORING)} | named


@lru_cache(maxsize=16)
def _transformer(crs: CRS) -> Transformer:
    return Transformer.from_crs(STORING, crs, always_xy=True)
