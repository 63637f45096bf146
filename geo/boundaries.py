"""Desa and kecamatan of one district: read from its folder and keyed by kode_desa."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import CRS

from geo.crs import STORING, measuring_crs, require_crs
from geo.errors import BoundaryError, UnmatchedBoundaries

DESA_COLUMNS = (
    "kode_desa",
    "nama_desa",
    "jenis",
    "kode_kecamatan",
    "nama_kecamatan",
    "kode_bps",
    "alias",
    "alias_kecamatan",
    "kode_pos",
)
IMPORTED = "imported"
"""Folder inside a district's folder; its polygons, when there, stand in for the shipped ones."""


@dataclass(frozen=True)
class Boundaries:
    """Where the desa of a district lie, and what is known of that knowledge.

    Attributes
    ----------
    desa
        One row a desa, sorted by ``kode_desa``: ``DESA_COLUMNS`` and the polygon (WGS 84).
    names
        The whole ``wilayah.csv`` as text, empty cells as ``""``.
    sea
        Polygons of the sea (WGS 84), or None for a district without a shore.
    info
        Ready for the facts of a run: ``district`` (kode, nama, provinsi), ``boundaries`` (kind, schematic,
        note, source, date, licence), ``sea`` and ``names`` (source, date, licence).
    file
        What the polygons were read from.
    """

    desa: gpd.GeoDataFrame
    names: pd.DataFrame
    sea: gpd.GeoDataFrame | None
    info: Mapping[str, Mapping[str, Any]]
    file: Path | None = None

    @property
    def measuring(self) -> CRS:
        """The CRS in metres that suits the district."""
        west, south, east, north = self.desa.total_bounds
        return measuring_crs((west, south, east, north))


def default_folder() -> Path:
    """Return the district's folder: ``PETA_BOUNDARIES``, or the one that comes with the project."""
    return Path(os.environ.get("PETA_BOUNDARIES") or Path(__file__).parents[1] / "data" / "boundaries")


def read_boundaries(folder: Path) -> Boundaries:
    """Read a district's folder; imported polygons, when there are any, replace the shipped ones.

    Raises
    ------
    BoundaryError
        When a file is missing or damaged, or polygons and list of desa do not agree.
    """
    stated = read_district(folder)
    imported = folder / IMPORTED / "boundaries.toml"
    if imported.is_file():
        about = _toml(imported)["boundaries"]
        file = imported.with_name(about["file"])
    else:
        about = stated["boundaries"]
        file = folder / about["file"]
    return with_polygons(folder, _geometries(file), about, file)


def with_polygons(
    folder: Path, polygons: gpd.GeoDataFrame, about: Mapping[str, Any], file: Path | None = None
) -> Boundaries:
    """Join polygons of another origin with the names, the sea and the facts of a district's folder.

    Parameters
    ----------
    folder
        The district's folder.
    polygons
        Columns ``kode_desa`` and geometry, one row a desa, any CRS.
    about
        ``kind``, ``note``, ``source``, ``date``, ``licence`` of the polygons.
    file
        What they were read from.

    Raises
    ------
    UnmatchedBoundaries
        When polygons and list of desa do not agree one to one.
    """
    stated = read_district(folder)
    names = read_names(folder)
    sea = stated.get("sea")
    return Boundaries(
        desa=_desa(require_crs(polygons, "Berkas batas desa"), names),
        names=names,
        sea=None if sea is None else require_crs(_geometries(folder / sea["file"]), sea["file"]),
        info={
            "district": {
                "kode": stated["district"]["kode_kabupaten"],
                "nama": stated["district"]["nama"],
                "provinsi": stated["district"]["provinsi"],
            },
            "boundaries": {
                "kind": about["kind"],
                "schematic": about["kind"] == "skematik",
                "note": about.get("note", ""),
                **_provenance(about),
            },
            "sea": _provenance(sea or {}),
            "names": _provenance(stated.get("names", {})),
        },
        file=file,
    )


def read_district(folder: Path) -> dict[str, Any]:
    """Return what ``district.toml`` of a district's folder states."""
    stated = _toml(folder / "district.toml")
    absent = [section for section in ("district", "boundaries") if section not in stated]
    if absent:
        raise BoundaryError(f"{folder / 'district.toml'} tidak lengkap: bagian [{absent[0]}] tidak ada.")
    return stated


def read_names(folder: Path) -> pd.DataFrame:
    """Return ``wilayah.csv`` of a district's folder as text, sorted by ``kode_desa``."""
    path = folder / "wilayah.csv"
    try:
        names = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as fault:
        raise BoundaryError(f"Daftar wilayah {path} tidak dapat dibaca: {fault}") from fault
    absent = [column for column in DESA_COLUMNS if column not in names]
    if absent:
        raise BoundaryError(f"Daftar wilayah {path} tidak memuat kolom {', '.join(absent)}.")
    return names.sort_values("kode_desa", ignore_index=True)


def kecamatan_of(desa: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return one row a kecamatan: its desa joined, sorted by ``kode_kecamatan``.

    *Needs columns* ``kode_kecamatan``, ``nama_kecamatan``, geometry.
    """
    # joining as a coverage is exact and quick, but wrong where polygons overlap
    method = "coverage" if shapely.coverage_is_valid(desa.geometry.to_numpy()) else "unary"
    columns = ["kode_kecamatan", "nama_kecamatan"]
    joined = desa[[*columns, "geometry"]].dissolve(by="kode_kecamatan", method=method).reset_index()
    return joined[[*columns, "geometry"]]


def _desa(polygons: gpd.GeoDataFrame, names: pd.DataFrame) -> gpd.GeoDataFrame:
    foreign = sorted(set(polygons["kode_desa"]) - set(names["kode_desa"]))
    absent = sorted(set(names["kode_desa"]) - set(polygons["kode_desa"]))
    if foreign or absent or polygons["kode_desa"].duplicated().any():
        raise UnmatchedBoundaries(
            f"Batas desa dan daftar wilayah tidak sejalan: {len(foreign)} kode tidak dikenal "
            f"({', '.join(foreign[:5]) or '–'}), {len(absent)} desa tanpa batas "
            f"({', '.join(absent[:5]) or '–'}), {int(polygons['kode_desa'].duplicated().sum())} kode ganda. "
            f"Impor ulang berkas batasnya, atau kembali ke batas bawaan dengan «peta boundaries reset»."
        )
    joined = names[list(DESA_COLUMNS)].merge(polygons[["kode_desa", "geometry"]], on="kode_desa", how="left")
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=STORING)


def _geometries(path: Path) -> gpd.GeoDataFrame:
    try:
        return gpd.read_parquet(path) if path.suffix == ".parquet" else gpd.read_file(path)
    except (OSError, RuntimeError, ValueError) as fault:
        raise BoundaryError(f"Berkas batas {path} tidak ada atau rusak.") from fault


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise BoundaryError(f"Folder batas tidak lengkap: {path} tidak dapat dibaca.") from fault
    except ValueError as fault:
        raise BoundaryError(f"{path} bukan TOML yang benar: {fault}.") from fault


def _provenance(about: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(about.get(key, "")) for key in ("source", "date", "licence")}
