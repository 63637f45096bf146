"""The contract of a layer: a frozen record that holds one pure function from the district's files to zones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.boundaries import Boundaries
from geo.landcover import LandCover
from geo.settings import LayerSettings

OUTSIDE = "luar"
UNKNOWN = "tidak diketahui"


@dataclass(frozen=True)
class Inputs:
    """What a layer may draw on."""

    boundaries: Boundaries
    land_cover: LandCover | None
    settings: LayerSettings
    asked: set[str] = field(default_factory=set)
    """Layers that asked for the file of ``layers.files``; whoever is not among them has no use for one."""

    @property
    def measuring(self) -> CRS:
        """CRS in metres."""
        return self.boundaries.measuring

    @cached_property
    def land_cover_shares(self) -> pd.DataFrame:
        """Share of each class of the land cover in each desa; missing where the raster does not cover it."""
        if self.land_cover is None:
            raise ValueError("no land cover")  # a layer asks only when there is one
        return self.land_cover.shares(self.boundaries.desa.geometry)

    def file_of(self, layer: str) -> Path | None:
        """Return the file that the setting ``layers.files`` gives a layer that was added, or nothing."""
        self.asked.add(layer)
        return self.settings.files.get(layer)

    def desa_m(self) -> gpd.GeoDataFrame:
        """Return the desa in the measuring CRS."""
        return self.boundaries.desa.to_crs(self.measuring)


@dataclass(frozen=True)
class Zones:
    """Everything a layer says.

    Attributes
    ----------
    frame
        ``zone`` (word), ``kode_desa`` (where the zone is a whole desa by its status, else missing) and polygon, in
        the measuring CRS. Where two rows hold a place, the upper one counts.
    unknown_desa
        Desa of which the layer says nothing: what stands there is unknown, not outside.
    edge
        Line from which households have a distance in metres (measuring CRS), where that means something.
    source, year, method
        Where it is from, of when, and how it was made (Indonesian).
    proksi
        Derived, not an official status.
    why
        The reason for each desa in words (Indonesian), by ``kode_desa``; without one the share of its area is told.
    desa
        Further figures of the desa (index ``kode_desa``); their columns stand in :attr:`Layer.figures`.
    measures
        Further figures of a household at its point: by column, a function from positions (shape (n, 2), measuring
        CRS) to numbers, missing where unknown; their columns stand in :attr:`Layer.figures`.
    """

    frame: gpd.GeoDataFrame
    unknown_desa: frozenset[str] = frozenset()
    edge: shapely.Geometry | None = None
    source: str = ""
    year: str = ""
    method: str = ""
    proksi: bool = False
    why: Mapping[str, str] = field(default_factory=dict)
    desa: pd.DataFrame = field(default_factory=pd.DataFrame)
    measures: Mapping[str, Callable[[np.ndarray], np.ndarray]] = field(default_factory=dict)


@dataclass(frozen=True)
class Layer:
    """One overlay.

    Attributes
    ----------
    id, title
        Short name in columns, and the words a planner reads.
    colour
        On screen and paper.
    titles
        The words for each zone, in legend order.
    zones
        The pure function behind it.
    figures
        What each further column of the desa and of the households means, with its unit (Indonesian).
    """

    id: str
    title: str
    colour: str
    titles: dict[str, str] = field(hash=False)
    zones: Callable[[Inputs], Zones]
    figures: dict[str, str] = field(default_factory=dict, hash=False)


def desa_zones(desa: gpd.GeoDataFrame, inside: pd.Series, zone: str) -> gpd.GeoDataFrame:
    """Make zones of whole desa, those where ``inside`` is true."""
    chosen = desa.loc[inside.fillna(value=False).to_numpy(dtype=bool)]
    return gpd.GeoDataFrame(
        {"zone": zone, "kode_desa": chosen["kode_desa"].to_numpy(object)},
        geometry=chosen.geometry.to_numpy(),
        crs=desa.crs,
    )


def joined(polygons: np.ndarray) -> shapely.Geometry:
    """Join polygons; as a coverage, which is exact and quick, unless some of them overlap."""
    union = shapely.coverage_union_all if shapely.coverage_is_valid(polygons) else shapely.union_all
    return union(polygons)


def nothing_known(inputs: Inputs, method: str) -> Zones:
    """Say that the layer has nothing to go by: every desa is unknown."""
    empty = gpd.GeoDataFrame({"zone": [], "kode_desa": []}, geometry=[], crs=inputs.measuring)
    desa = inputs.boundaries.desa["kode_desa"]
    return Zones(empty, frozenset(desa), method=method, why=dict.fromkeys(desa, method))
