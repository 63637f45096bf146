"""A vector file of any official origin, and which of its columns hold code and names."""

import warnings
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from geo.crs import require_crs
from geo.errors import BoundaryError, MissingCrs, UnknownSchema, UnreadableBoundaries

POLYGON = 2  # dimensions
SHAPEFILE_LENGTH = 10  # a Shapefile cuts longer column names
VECTOR_SUFFIXES = (".shp", ".geojson", ".json", ".gpkg", ".fgb", ".kml")


@dataclass(frozen=True)
class Schema:
    """Column names (lower case) that one publisher uses, the likelier first; ``kode`` may be several."""

    title: str
    kode: tuple[str, ...]
    desa: tuple[str, ...]
    kecamatan: tuple[str, ...]
    kabupaten: tuple[str, ...]


SCHEMAS = (
    Schema(
        "HDX COD-AB (BPS), nama kolom lama", ("village_code",), ("village",), ("district",), ("regency",)
    ),
    Schema(
        "HDX COD-AB (BPS)",
        ("adm4_pcode",),
        ("adm4_en", "adm4_id", "adm4_name", "adm4_ref_name"),
        ("adm3_en", "adm3_id", "adm3_name", "adm3_ref_name"),
        ("adm2_en", "adm2_id", "adm2_name", "adm2_ref_name"),
    ),
    Schema("BIG (RBI)", ("kdepum", "kdebps"), ("wadmkd",), ("wadmkc",), ("wadmkk",)),
    Schema("Peta Sasaran", ("kode_desa",), ("nama_desa",), ("nama_kecamatan",), ("nama_kabupaten",)),
    Schema(
        "Dukcapil (Kemendagri)",
        (
            "kode_kel_spatial", "kode_desa_spatial", "kode_kd_kel", "kode_kd", "kode_kel", "kode_desa",
            "d_kd_kel", "kd_kel", "kd_desa",
        ),
        (
            "desa", "kel_desa", "desa_kel", "desa_kelurahan", "nama_kel", "nama_desa", "nama_kelurahan",
            "kelurahan", "d_nm_kel", "nm_kel",
        ),
        ("kecamatan", "nama_kec", "nama_kecamatan", "d_nm_kec", "nm_kec"),
        ("kab_kota", "kabupaten", "nama_kab", "nama_kabupaten", "kabkot"),
    ),
)  # fmt: skip
"""The first that fits is taken, so the most telling column names stand first."""


@dataclass(frozen=True)
class Columns:
    """Which columns of a file hold what; ``kode`` may be several, each a code of the desa."""

    schema: str
    kode: tuple[str, ...]
    desa: str | None
    kecamatan: str | None
    kabupaten: str | None


def recognise(present: Iterable[str], chosen: Mapping[str, str] | None = None) -> Columns | None:
    """Return what the columns of a file mean, or None when they are not known.

    Parameters
    ----------
    present
        Column names of the file; upper and lower case do not matter.
    chosen
        The user's own choice: column names by ``kode``, ``desa``, ``kecamatan``, ``kabupaten``.

    Examples
    --------
    >>> recognise(["WADMKD", "WADMKC", "KDEPUM", "geometry"])
    Columns(schema='BIG (RBI)', kode=('KDEPUM',), desa='WADMKD', kecamatan='WADMKC', kabupaten=None)
    >>> recognise(["NAMA", "LUAS"])
    """
    as_written = {column.lower(): column for column in present}
    in_shapefile = {column.lower(): column for column in present if len(column) == SHAPEFILE_LENGTH}

    def called(names: tuple[str, ...]) -> list[str]:
        written = (as_written.get(name) or in_shapefile.get(name[:SHAPEFILE_LENGTH]) for name in names)
        return [column for column in written if column]

    schemas: tuple[Schema, ...] = SCHEMAS
    if chosen:
        wanted = {meaning: (column.lower(),) for meaning, column in chosen.items()}
        meanings = ("kode", "desa", "kecamatan", "kabupaten")
        schemas = (Schema("kolom pilihan pengguna", *(wanted.get(meaning, ()) for meaning in meanings)),)
        if set(wanted) - set(meanings) or any(column not in as_written for (column,) in wanted.values()):
            return None
    for schema in schemas:
        kode = tuple(called(schema.kode))
        desa, kecamatan, kabupaten = (
            next(iter(called(names)), None) for names in (schema.desa, schema.kecamatan, schema.kabupaten)
        )
        if kode or (desa and (kecamatan or chosen)):
            return Columns(schema.title, kode, desa, kecamatan, kabupaten)
    return None


def read_vector(path: Path, chosen: Mapping[str, str] | None = None) -> tuple[gpd.GeoDataFrame, Columns]:
    """Read the desa polygons of a vector file and say which columns hold what.

    Of several layers (GeoPackage, KML, zip) the one whose columns are known is taken.

    Returns
    -------
    tuple
        The features in WGS 84, and the meaning of their columns.

    Raises
    ------
    UnreadableBoundaries, UnknownSchema, MissingCrs
    """
    if not path.is_file():
        raise UnreadableBoundaries(f"Berkas batas {path.name} tidak ditemukan.")
    with warnings.catch_warnings():
        # the reader warns of rings that the repair mends and reports anyway
        warnings.simplefilter("ignore")
        try:
            layers = _layers(path)
            frame = _read(*_choose(path.name, layers, chosen))
        except (OSError, RuntimeError, ValueError, zipfile.BadZipFile) as fault:
            raise UnreadableBoundaries(
                f"{path.name} tidak dapat dibaca sebagai data spasial. Yang dikenali: GeoJSON, GeoPackage, "
                f"Shapefile (juga di dalam .zip), FlatGeobuf, KML dan GeoParquet."
            ) from fault
    shapes = frame.geometry.to_numpy()
    if not ((shapely.get_dimensions(shapes) == POLYGON) & ~shapely.is_empty(shapes)).any():
        raise UnreadableBoundaries(f"{path.name} tidak memuat satu poligon pun.")
    frame = require_crs(_refuse_metres(frame, path.name), path.name)
    columns = recognise(frame.columns, chosen)
    if columns is None:
        raise _unknown(path.name, frame.columns)
    return frame.reset_index(drop=True), columns


def _layers(path: Path) -> list[tuple[str, str | None, list[str]]]:
    if path.suffix.lower() in {".parquet", ".geoparquet"}:
        return [(str(path), None, list(gpd.read_parquet(path).columns))]
    sources = [str(path)]
    if path.suffix.lower() == ".zip":
        with zipfile.ZipFile(path) as archive:
            members = [name for name in archive.namelist() if name.lower().endswith(VECTOR_SUFFIXES)]
        sources = [f"/vsizip/{path.resolve()}/{name}" for name in sorted(members)]
    found = []
    for source in sources:
        for layer, kind in pyogrio.list_layers(source):
            info = pyogrio.read_info(source, layer=layer)
            areal = kind is not None and ("Polygon" in kind or kind in {"Unknown", "GeometryCollection"})
            if areal and info["features"]:
                found.append((source, layer, list(info["fields"])))
    return found


def _choose(
    name: str, layers: list[tuple[str, str | None, list[str]]], chosen: Mapping[str, str] | None
) -> tuple[str, str | None]:
    if not layers:
        raise UnreadableBoundaries(f"{name} tidak memuat lapisan poligon.")
    known = [(source, layer) for source, layer, fields in layers if recognise(fields, chosen)]
    if not known:
        raise _unknown(name, dict.fromkeys(field for _, _, fields in layers for field in fields))
    if len(known) > 1:
        titles = ", ".join(str(layer or Path(source).name) for source, layer in known)
        raise UnknownSchema(
            f"{name} memuat beberapa lapisan batas desa ({titles}). Simpan yang dipakai "
            f"sebagai berkas tersendiri."
        )
    return known[0]


def _read(source: str, layer: str | None) -> gpd.GeoDataFrame:
    if Path(source).suffix.lower() in {".parquet", ".geoparquet"}:
        return gpd.read_parquet(source)
    return pyogrio.read_dataframe(source, layer=layer, on_invalid="fix")


def _refuse_metres(frame: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    limits = np.array([180.0, 90.0, 180.0, 90.0])
    if frame.crs is not None and frame.crs.is_geographic and (np.abs(frame.total_bounds) > limits).any():
        raise MissingCrs(
            f"Koordinat di {name} tampak dalam meter, tetapi berkasnya menyatakan derajat (GeoJSON tanpa CRS "
            f"berarti WGS 84). Simpan ulang dari QGIS dengan CRS asalnya, misalnya EPSG:32749 untuk UTM 49S."
        )
    return frame


def _unknown(name: str, columns: Iterable[Any]) -> BoundaryError:
    present = ", ".join(str(column)[:40] for column in columns if column != "geometry") or "tidak ada"
    return UnknownSchema(
        f"Kolom kode dan nama desa di {name} tidak dikenali. Kolom yang ada: {present}. Sebutkan artinya, "
        f"misalnya: --kolom kode=KODE --kolom desa=NAMA --kolom kecamatan=KEC."
    )
