"""Roads and rivers of the district's own, drawn thin under the houses."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.atlas.sheet.surroundings import Areas
from geo.boundaries import Boundaries
from geo.layers.base import Inputs
from geo.layers.vector_file import read_shapes
from geo.settings import AtlasSettings, LayerSettings


@dataclass(frozen=True)
class Lines:
    """Roads and rivers in metres of the measuring CRS, indexed for what falls into a map."""

    roads: Areas
    rivers: Areas


NO_LINES = Lines(Areas.of(np.empty(0, dtype=object)), Areas.of(np.empty(0, dtype=object)))


def read_lines(chosen: AtlasSettings, desa: gpd.GeoDataFrame) -> Lines:
    """Read the files of roads and rivers that the settings name, cut to the surroundings of the district.

    Parameters
    ----------
    desa
        Polygons of the district.

    Raises
    ------
    PetaError
        When a file is missing, broken, of another place, or holds no line.
    """
    if chosen.roads is None and chosen.rivers is None:
        return NO_LINES
    inputs = Inputs(Boundaries(desa, pd.DataFrame(), None, {}), None, LayerSettings())
    return Lines(
        *(
            Areas.of(read_shapes(path, inputs, what, lines=True).geometry.to_numpy())
            if path is not None
            else NO_LINES.roads
            for path, what in ((chosen.roads, "Jalan"), (chosen.rivers, "Sungai"))
        )
    )
