"""The outline of a forest in a raster of land cover, without the lines where only the raster ends."""

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from geo.landcover import TREES, LandCover

NO_DATA = 0
_CELLS = 1.5  # so near to missing cells an outline is theirs, not the forest's
_STEP_M = 25.0


def tree_edge(cover: LandCover, measuring: CRS, least_ha: float) -> shapely.Geometry | None:
    """Return the outlines of patches of trees in a CRS in metres, or nothing where there are none.

    A raster that was cut along the border of the district ends in the middle of forests; what runs along its end,
    or along cells without data, is no edge of a forest.

    Parameters
    ----------
    least_ha
        Smaller patches, and smaller gaps in a patch, are left out.
    """
    patches = cover.patches(TREES, measuring, least_ha).to_numpy()
    if not len(patches):
        return None
    lines = shapely.segmentize(shapely.get_parts(shapely.boundary(patches)), _STEP_M)
    points, line = shapely.get_coordinates(lines, return_index=True)
    kept = _far_from_missing(points, cover, measuring, least_ha)
    # what is left of a line falls into runs of neighbouring vertices
    run = np.cumsum(~kept | np.diff(line, prepend=-1).astype(bool))
    points, run = points[kept], run[kept]
    _, run, count = np.unique(run, return_inverse=True, return_counts=True)
    long = count[run] > 1
    if not long.any():
        return None
    return shapely.multilinestrings(
        shapely.linestrings(points[long], indices=np.unique(run[long], return_inverse=True)[1])
    )


def _far_from_missing(points: np.ndarray, cover: LandCover, measuring: CRS, least_ha: float) -> np.ndarray:
    metres = _CELLS * cover.working_cell_m(measuring)
    height, width = cover.cells.shape
    corners = [cover.transform @ place for place in ((0, 0), (width, 0), (width, height), (0, height))]
    whole = gpd.GeoSeries(
        [shapely.segmentize(shapely.Polygon(corners), cover.transform.a * 100)], crs=cover.crs
    )
    inner = shapely.buffer(whole.to_crs(measuring).iloc[0], -metres)
    shapely.prepare(inner)
    far = shapely.contains_xy(inner, points)
    missing = shapely.buffer(cover.patches(NO_DATA, measuring, least_ha).to_numpy(), metres)
    for part in missing:
        shapely.prepare(part)
        far[far] = ~shapely.contains_xy(part, points[far])
    return np.asarray(far)
