"""A small collection with a column of every kind, and something missing in each."""

from datetime import date

import geopandas as gpd
import pandas as pd
from shapely.geometry import Point

from geo.products import Collection, Field

NAMES = ("Wonokerto", "wonokerto wetan", "Kauman 100%", "Désa Straße", "O'Brien", None)

FIELDS = (
    Field("id", "Nomor", "Nomor urut", "teks"),
    Field("nama", "Nama", "Nama tempat", "teks"),
    Field("lain", "Nama lain", "Nama yang kedua", "teks"),
    Field(
        "desil", "Desil", "Desil kesejahteraan", "bulat", codes={str(n): f"desil {n}" for n in range(1, 11)}
    ),
    Field("jarak_m", "Jarak", "Jarak ke pantai", "desimal", "m"),
    Field("rtlh", "RTLH", "Rumah tidak layak huni", "ya/tidak"),
    Field("zona", "Zona", "Zona", "teks", codes={"pesisir": "di pantai", "luar": "bukan di pantai"}),
    Field("tanggal", "Tanggal", "Tanggal kunjungan", "tanggal"),
)


def things() -> Collection:
    """Return six rows; the last is missing everything but its number."""
    table = gpd.GeoDataFrame(
        {
            "id": ["a", "b", "c", "d", "e", "f"],
            "nama": pd.array(NAMES, dtype="str"),
            "lain": pd.array(["Wonokerto", "x", None, "Désa Straße", "O'Brien", "y"], dtype="str"),
            "desil": pd.array([1, 2, 3, 4, 10, None], dtype="Int16"),
            "jarak_m": pd.array([0.0, 10.5, 20.0, 1_000.0, 5.0, None], dtype="Float32"),
            "rtlh": pd.array([True, False, True, None, False, None], dtype="boolean"),
            "zona": pd.Categorical(["pesisir", "luar", "luar", "pesisir", None, None]),
            "tanggal": [date(2026, 1, day) for day in (1, 2, 3, 4, 5)] + [None],
        },
        geometry=[Point(109 + step / 10, -7) for step in range(5)] + [None],
        crs=4326,
    )
    return Collection("benda", "Benda", "Benda untuk diuji", table, "id", FIELDS, "Point")
