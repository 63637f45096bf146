"""Polygons or lines of any vector file, mended, cut to the surroundings of the district, and in metres."""

import warnings
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer

from geo.coverage import polygons_only
from geo.crs import STORING
from geo.errors import LayerError, OutsideDistrict
from geo.layers.base import Inputs
from geo.layers.vector_source import KNOWN, Box, no_polygon, not_finite, open_source, trusted_crs
from geo.symbology import number

MARGIN_M = 30_000.0
"""How far around the district a file is read: the nearest edge may lie there; a file of the country stays small."""

NEAR_M = 100.0
"""A file whose shapes come this near touches the district: borders of different origin differ by tens of metres."""

MOST_SAID, LONGEST_SAID = 5, 200
"""Of what a file says of its source no more than this is repeated."""

_SOURCE, _YEAR = ("sumber", "source", "sumber_data"), ("tahun", "year", "tahun_data")
_LINE, _AREA = 1, 2
_UNREADABLE = (OSError, RuntimeError, ValueError, zipfile.BadZipFile)


def window(inputs: Inputs) -> Box:
    """Return the district with :data:`MARGIN_M` around it, in the measuring CRS."""
    west, south, east, north = inputs.desa_m().total_bounds
    return west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M


def read_shapes(
    path: Path, inputs: Inputs, what: str, *, lines: bool = False, near_m: float = NEAR_M
) -> gpd.GeoDataFrame:
    """Read the polygons of a file, one row a polygon with the attributes of its feature.

    Parameters
    ----------
    path
        GeoPackage, GeoJSON, Shapefile (also zipped), FlatGeobuf, KML or GeoParquet, in any CRS; of the district or
        of the whole country.
    inputs
        The district.
    what
        What the file shows, for errors (Indonesian): «Kawasan hutan».
    lines
        Take the lines of a file that holds no polygon.
    near_m
        How near to the district its shapes must come for the file to be of this district.

    Returns
    -------
    geopandas.GeoDataFrame
        Valid polygons (or lines) without height in the measuring CRS, cut to :func:`window`. None of them where a
        file that spans the district has nothing there.

    Raises
    ------
    LayerError
        When the file is missing, broken or no vector file, has several layers or no polygon.
    MissingCrs
        When it states no CRS, or one that its coordinates contradict.
    OutsideDistrict
        When it shows another place.
    """
    limits = window(inputs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the reader warns of rings that are mended below
        try:
            source = open_source(path, what, lines=lines)
            crs = trusted_crs(source, f"{what} {path.name}")
            box = _wider(_box_in(limits, inputs.measuring, crs))
            frame = source.read(box)
        except _UNREADABLE as fault:
            raise LayerError(
                f"{what} {path.name} tidak dapat dibaca: berkasnya rusak, terpotong, atau bukan data vektor. "
                f"Yang dikenali: {KNOWN}."
            ) from fault
    parts, row = _parts(frame.geometry.to_numpy(), f"{what} {path.name}")
    dimension = _LINE if lines and not (shapely.get_dimensions(parts) == _AREA).any() else _AREA
    wanted = shapely.get_dimensions(parts) == dimension
    if len(frame) and not wanted.any():
        raise no_polygon(f"{what} {path.name}", lines=lines)
    wanted &= shapely.intersects(shapely.box(*shapely.bounds(parts).T), shapely.box(*box))
    parts, row = parts[wanted], row[wanted]
    clipped = _clipped(parts, crs, box, inputs.measuring, limits)
    there = ~shapely.is_empty(clipped)
    shapes = frame.drop(columns=frame.geometry.name).iloc[row[there]].reset_index(drop=True)
    found = gpd.GeoDataFrame(shapes, geometry=clipped[there], crs=inputs.measuring)
    _refuse_elsewhere(found, source.bounds, crs, inputs, f"{what} {path.name}", near_m)
    return found


def read_polygons(path: Path, inputs: Inputs, what: str) -> shapely.Geometry:
    """Return the polygons of a file as one geometry in the measuring CRS; see :func:`read_shapes`."""
    return shapely.union_all(read_shapes(path, inputs, what).geometry.to_numpy())


def stated(shapes: gpd.GeoDataFrame, path: Path) -> tuple[str, str]:
    """Return source and year as the file tells them in columns of that name; without them its name, and nothing.

    Examples
    --------
    >>> shapes = gpd.GeoDataFrame({"SUMBER": ["KLHK", "KLHK"], "Tahun": [2023, 2023]})
    >>> stated(shapes, Path("hutan.gpkg")), stated(shapes[["Tahun"]], Path("hutan.gpkg"))
    (('KLHK', '2023'), ('hutan.gpkg', '2023'))
    """
    told = {str(name).casefold(): shapes[name] for name in reversed(shapes.columns)}
    source, year = (
        next((text for name in names if name in told and (text := _said(told[name]))), "")
        for names in (_SOURCE, _YEAR)
    )
    return source or path.name, year


def _said(values: pd.Series) -> str:
    distinct = values.dropna().astype(str).str.strip().unique()
    return "; ".join(text for text in distinct[:MOST_SAID] if text)[:LONGEST_SAID]


def outline(area: shapely.Geometry, inputs: Inputs) -> shapely.Geometry | None:
    """Return the outline of an area that was read here, without the cut along the window, or nothing."""
    west, south, east, north = window(inputs)
    edge = shapely.clip_by_rect(shapely.boundary(area), west + 1, south + 1, east - 1, north - 1)
    return None if shapely.is_empty(edge) else edge


def _parts(shapes: np.ndarray, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the single shapes, and the row of each."""
    parts, row = np.asarray(shapely.force_2d(shapes), dtype=object), np.arange(len(shapes))
    for _ in range(2):  # a collection holds multipolygons
        parts, inner = shapely.get_parts(parts, return_index=True)
        row = row[inner]
    if not np.isfinite(shapely.get_coordinates(parts)).all():
        raise not_finite(name)
    return parts, row


def _clipped(parts: np.ndarray, crs: CRS, box: Box, measuring: CRS, limits: Box) -> np.ndarray:
    """Cut shapes to a box in their own CRS, which makes them small, then in metres, which makes the cut straight."""
    small = shapely.clip_by_rect(_mended(parts), *box)
    metres = gpd.GeoSeries(small, crs=crs).to_crs(measuring).to_numpy()
    return _mended(shapely.clip_by_rect(_mended(metres), *limits))


def _mended(shapes: np.ndarray) -> np.ndarray:
    is_line = shapely.get_dimensions(shapes) == _LINE
    return np.where(is_line, shapes, polygons_only(shapes)) if len(shapes) else shapes


def _box_in(box: Box, crs: CRS, other: CRS) -> Box:
    west, south, east, north = Transformer.from_crs(crs, other, always_xy=True).transform_bounds(*box)
    return west, south, east, north


def _wider(box: Box) -> Box:
    """Widen a box, because a straight side of it is curved in another CRS."""
    west, south, east, north = box
    wide, high = (east - west) / 20, (north - south) / 20
    return west - wide, south - high, east + wide, north + high


def _is_within(inner: Box, outer: Box) -> bool:
    return bool(shapely.covers(shapely.box(*outer), shapely.box(*inner)))


def _refuse_elsewhere(
    found: gpd.GeoDataFrame, bounds: Box, crs: CRS, inputs: Inputs, name: str, near_m: float
) -> None:
    near = shapely.box(*inputs.desa_m().total_bounds).buffer(near_m)
    district = inputs.boundaries.desa.total_bounds
    # a file of the province that spans the district and has nothing in it says that there is nothing
    if found.intersects(near).any() or _is_within(_box_in(tuple(district), STORING, crs), bounds):
        return
    raise OutsideDistrict(
        f"{name} tidak menyentuh kabupaten ini: berkasnya terletak sekitar {_middle(_box_in(bounds, crs, STORING))}, "
        f"kabupaten sekitar {_middle(tuple(district))}. Periksa apakah berkas dan CRS-nya ({crs.name}) benar."
    )


def _middle(box: Box) -> str:
    """Say where a box of degrees lies.

    Examples
    --------
    >>> _middle((109.4, -7.25, 109.8, -6.85))
    'lintang -7,05 dan bujur 109,60'
    """
    west, south, east, north = box
    return f"lintang {number((south + north) / 2, 2)} dan bujur {number((west + east) / 2, 2)}"
