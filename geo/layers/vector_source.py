"""One layer of a vector file, found and opened: by its suffix, its kind of shapes, and a CRS that can be true."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import geopandas as gpd
import numpy as np
import pyogrio
from pyproj import CRS

from geo.crs import require_crs
from geo.errors import LayerError, MissingCrs, cause_of

Box = tuple[float, float, float, float]
"""West, south, east, north in the unit of a CRS."""

KNOWN = "GeoPackage, GeoJSON, Shapefile (.shp dengan .shx, .dbf dan .prj, atau .zip), FlatGeobuf, KML dan GeoParquet"
_SUFFIXES = (".shp", ".gpkg", ".geojson", ".json", ".fgb", ".kml")
_PARQUET = (".parquet", ".geoparquet")
_AREAS, _LINES = ("Polygon", "Surface", "Collection", "Unknown"), ("Line", "Curve")


@dataclass(frozen=True)
class VectorSource:
    """One layer of a file: its CRS as stated (if at all), its bounds, and how to read what touches a box."""

    crs: object
    bounds: Box
    read: Callable[[Box], gpd.GeoDataFrame]


def open_source(path: Path, what: str, *, lines: bool) -> VectorSource:
    """Open the one layer of a file that may hold polygons, or lines where they are wanted.

    Raises
    ------
    LayerError
        When there is no such file, or not one such layer; faults of the reading library pass through.
    """
    try:
        with path.open("rb"):
            pass
    except OSError as fault:
        raise LayerError(f"{what} {path.name} tidak dapat dibaca: {cause_of(fault)}.") from fault
    suffix = path.suffix.casefold()
    if suffix in _PARQUET:
        table = gpd.read_parquet(path)
        return VectorSource(table.crs, tuple(table.total_bounds), lambda _: table)
    sources = [str(path)] if suffix in _SUFFIXES else _members(path) if suffix == ".zip" else []
    if not sources:
        raise LayerError(f"{what} {path.name} bukan data vektor yang dikenali. Yang dikenali: {KNOWN}.")
    layers = [(source, layer, kind) for source in sources for layer, kind in pyogrio.list_layers(source)]
    wanted = _holding(layers, _AREAS) or (_holding(layers, _LINES) if lines else [])
    if not wanted:
        raise no_polygon(f"{what} {path.name}", lines=lines)
    if len(wanted) > 1:
        raise LayerError(
            f"{what} {path.name} memuat beberapa lapisan ({', '.join(str(layer)[:40] for _, layer in wanted[:10])}). "
            f"Simpan yang dipakai sebagai berkas tersendiri."
        )
    source, layer = wanted[0]
    info = pyogrio.read_info(source, layer=layer, force_feature_count=True, force_total_bounds=True)
    if not info["features"]:
        raise LayerError(f"{what} {path.name} kosong: tidak ada satu bentuk pun di dalamnya.")
    if info["total_bounds"] is None:
        raise no_polygon(f"{what} {path.name}", lines=lines)

    def read(box: Box) -> gpd.GeoDataFrame:
        return pyogrio.read_dataframe(source, layer=layer, bbox=box, on_invalid="fix")

    return VectorSource(info["crs"], tuple(info["total_bounds"]), read)


def _members(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        inside = [PurePosixPath(name) for name in archive.namelist() if "__MACOSX" not in name]
    return [
        f"/vsizip/{path.resolve()}/{name}" for name in sorted(inside) if name.suffix.casefold() in _SUFFIXES
    ]


def _holding(layers: list[tuple[str, str, str | None]], kinds: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(source, layer) for source, layer, kind in layers if kind and any(word in kind for word in kinds)]


def no_polygon(name: str, *, lines: bool) -> LayerError:
    """Return the error of a file without a shape of the wanted kind."""
    if lines:
        return LayerError(f"{name} tidak memuat satu poligon atau garis pun.")
    return LayerError(
        f"{name} tidak memuat satu poligon pun. Kalau isinya garis batas, ubah dahulu menjadi poligon "
        f"(di QGIS: «Lines to polygons»)."
    )


def trusted_crs(source: VectorSource, name: str) -> CRS:
    """Return the CRS of a file, unless its coordinates say otherwise."""
    if source.crs is None:
        require_crs(gpd.GeoDataFrame(geometry=[]), name)
    crs = CRS.from_user_input(source.crs)
    if not np.isfinite(source.bounds).all():
        raise not_finite(name)
    x, y = np.abs(source.bounds[::2]).max(), np.abs(source.bounds[1::2]).max()
    if crs.is_geographic and x <= 90 < y <= 180:  # noqa: PLR2004  -- degrees
        raise MissingCrs(f"{name}: lintang dan bujur tertukar. Simpan ulang dengan bujur di depan.")
    if crs.is_geographic and (x > 360 or y > 90):  # noqa: PLR2004
        raise MissingCrs(
            f"Koordinat {name} tampak dalam meter, tetapi berkasnya menyatakan derajat (GeoJSON tanpa CRS berarti "
            f"WGS 84). Simpan ulang dari QGIS dengan CRS asalnya, misalnya UTM."
        )
    if crs.is_projected and x <= 180 and y <= 90:  # noqa: PLR2004
        raise MissingCrs(
            f"Koordinat {name} tampak dalam derajat, tetapi berkasnya menyatakan meter ({crs.name}). "
            f"Tetapkan CRS yang benar di QGIS, misalnya WGS 84."
        )
    return crs


def not_finite(name: str) -> LayerError:
    """Return the error of a file with coordinates that are no numbers."""
    return LayerError(
        f"{name} memuat koordinat yang bukan bilangan. Perbaiki geometrinya di QGIS («Fix geometries»)."
    )
