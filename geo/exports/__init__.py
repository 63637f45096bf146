"""Products as files for other agencies, one module a family of formats."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from geo.exports.earth import write_kmz
from geo.exports.flatgeobuf import write_flatgeobuf
from geo.exports.geojson import write_geojson, write_product
from geo.exports.geopackage import write_geopackage
from geo.exports.gpx import write_gpx
from geo.exports.parquet import write_parquet
from geo.exports.shapefile import write_shapefile
from geo.exports.tables import write_csv, write_xlsx
from geo.products import Product

__all__ = ["FORMATS", "Format", "write_geojson"]


@dataclass(frozen=True)
class Format:
    """A way to write a product.

    Attributes
    ----------
    id
        In addresses, commands and recipes.
    title
        As a recipient knows it.
    suffix
        Of its files.
    media_type
        Of one file.
    write
        Writes the whole product to an existing folder and returns the files; none where the product has nothing that
        the format can hold.
    note
        What a recipient must know of the format (Indonesian).
    """

    id: str
    title: str
    suffix: str
    media_type: str
    write: Callable[[Product, Path], list[Path]]
    note: str


FORMATS: Mapping[str, Format] = {
    each.id: each
    for each in (
        Format(
            "geojson", "GeoJSON", ".geojson", "application/geo+json", write_product,
            "RFC 7946: WGS 84, bujur lalu lintang, paling banyak 7 angka desimal. Yang tanpa letak bergeometri null.",
        ),
        Format(
            "gpkg", "GeoPackage", ".gpkg", "application/geopackage+sqlite3", write_geopackage,
            "Satu berkas berisi semua lapisan, sudah berwarna bila dibuka di QGIS; arti kolom ada di dalamnya.",
        ),
        Format(
            "xlsx", "Excel (XLSX)", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            write_xlsx,
            "Satu lembar tiap kumpulan, lalu «Kamus» dan «Keterangan». Teks tetap teks, angka panjang tetap utuh. "
            "Lebih dari 1.048.575 baris berlanjut di lembar berikutnya; paling banyak 16.384 kolom.",
        ),
        Format(
            "csv", "CSV", ".csv", "text/csv", write_csv,
            "UTF-8 bertanda, pemisah koma, desimal titik, true/false, tanggal ISO 8601; letak di kolom lon dan lat. "
            "Tanda petik tunggal ditambahkan di depan =, +, -, @ yang dapat menjadi rumus. Untuk program; "
            "dengan Excel pakai XLSX.",
        ),
        Format(
            "shp", "Shapefile", ".shp", "application/x-esri-shape", write_shapefile,
            "Nama kolom paling panjang 10 huruf, artinya di <kumpulan>_kolom.csv. Ya/tidak menjadi 1/0; teks "
            "kosong sama dengan tidak ada; teks lebih dari 254 bita dipotong dan jumlahnya disebut. "
            "Pakai GeoPackage bila bisa.",
        ),
        Format(
            "fgb", "FlatGeobuf", ".fgb", "application/flatgeobuf", write_flatgeobuf,
            "Satu berkas tiap kumpulan, dengan indeks ruang; yang tanpa letak di berkas tersendiri.",
        ),
        Format(
            "parquet", "GeoParquet", ".parquet", "application/vnd.apache.parquet", write_parquet,
            "GeoParquet 1.1, untuk analisis; kolom bbox hanya untuk mempercepat pembacaan.",
        ),
        Format(
            "kmz", "KMZ (Google Earth)", ".kmz", "application/vnd.google-earth.kmz", write_kmz,
            "Satu berkas tiap kumpulan, berwarna. Google Earth lambat di atas kira-kira 10.000 titik.",
        ),
        Format(
            "gpx", "GPX", ".gpx", "application/gpx+xml", write_gpx,
            "Hanya titik, untuk alat navigasi: nama titik ialah nomornya. Wilayah dan yang tanpa letak tidak dimuat.",
        ),
    )
}  # fmt: skip
"""By id, in the order in which they are offered."""
