"""A small invented product in which everything stands that a format may stumble over."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.levels import Level
from geo.products import Collection, Field, Product, Scope

TEXTS = (
    "Krajan",
    "=1+1",
    "+62 812",
    "-7.1",
    '@SUM(A1) <b title="x">&amp;</b>',
    "baris satu\nbaris dua",
    "a;=cmd|' /C calc'!A0",
    "rumah \U0001f3e0 di jalan Melati, RT 03",
    "\x01kendali\x00\x1f",
    "é" * 300,
    "\t=2+2",
    "",
    None,
)
"""What a clerk, or somebody worse, writes into a cell; missing at the end."""

_BOOLEANS = (True, False, None)


def small_product(copies: int = 3) -> Product:
    """Return houses (every text ``copies`` times, one of five without a place), desa of all kinds, and no kantong."""
    houses, desa = _houses(copies), _desa()
    collections = {
        "desa": Collection("desa", "Desa", "Desa <rekaan> & lainnya", desa, "kode_desa", _DESA, "MultiPolygon"),
        "kantong": Collection("kantong", "Kantong", "Tidak ada", desa.iloc[:0], "kode_desa", _DESA, "MultiPolygon"),
        "rumah_tangga": Collection(
            "rumah_tangga", "Rumah tangga", "Rumah rekaan", houses, "pseudonim", _HOUSES, "Point", {"Tidak perlu": 4}
        ),
    }  # fmt: skip
    facts = {
        "district": {"nama": "Kabupaten Contoh", "kode": "99.01"},
        "created": "2026-11-21T22:05:00+07:00",
        "boundaries": {"schematic": True, "note": "Batas contoh", "source": "rekaan", "date": "2026", "licence": "-"},
        "indicators": [{"id": "rtlh", "title": "RTLH (indikasi)", "sensitive": False}],
        "layers": [],
    }  # fmt: skip
    return Product(Scope(Level.OPD), collections, facts, ("Batas bersifat skematis.",))


def as_read(text: str | None) -> str | None:
    """Return a text of a product as every format gives it back: control characters are replaced."""
    if text is None:
        return None
    return "".join("\N{REPLACEMENT CHARACTER}" if ord(letter) in {0, 1, 31} else letter for letter in text)


_HOUSES = (
    Field("pseudonim", "Nomor samaran", "Sama untuk rumah yang sama.", "teks"),
    Field("nik", "NIK contoh", "Enam belas angka.", "teks"),
    Field("catatan", "Catatan", "Apa saja.", "teks"),
    Field("Catatan", "Catatan kedua", "Beda huruf besar saja.", "teks"),
    Field(
        "tangga_jamban",
        "Tangga jamban",
        "Kelas.",
        "teks",
        codes={"aman": "aman", "BABS": "di tempat terbuka"},
    ),
    Field("jumlah_anggota_keluarga", "Anggota", "Jiwa.", "bulat", "jiwa"),
    Field("jumlah_anggota_rumah", "Angka panjang", "Lebih dari sepuluh angka.", "bulat"),
    Field("distance_coastal_m", "Jarak", "Ke pantai.", "desimal", "m"),
    Field("need_rtlh", "RTLH", "Perlu.", "ya/tidak"),
    Field("need_jamban", "Jamban", "Perlu.", "ya/tidak"),
    Field("tanggal_survei", "Tanggal", "Survei.", "tanggal"),
)
_DESA = (
    Field("kode_desa", "Kode desa", "Kode Kemendagri.", "teks"),
    Field("nama_desa", "Nama desa", "Nama.", "teks"),
    Field("households", "Rumah tangga", "Banyaknya.", "bulat", "rumah tangga"),
    Field("rtlh_rate", "Bagian RTLH", "Dari yang diketahui.", "desimal", "bagian (0–1)"),
)


def _houses(copies: int) -> gpd.GeoDataFrame:
    count = copies * len(TEXTS)
    place = np.arange(count)
    random = np.random.default_rng(1)
    shapes = shapely.points(109.5 + random.uniform(0, 0.03, count), -7 + random.uniform(0, 0.02, count))
    shapes[::5] = None
    return gpd.GeoDataFrame(
        {
            "pseudonim": pd.Series([f"p{number:05d}" for number in place], dtype="str"),
            "nik": pd.Series([f"{3326010000000000 + number:016d}" for number in place], dtype="str"),
            "catatan": pd.Series(list(TEXTS) * copies, dtype="str"),
            "Catatan": pd.Series("sama", index=place, dtype="str"),
            "tangga_jamban": pd.Categorical(np.where(place % 2, "aman", "BABS")),
            "jumlah_anggota_keluarga": pd.array([None, *range(1, count)], "Int16"),
            "jumlah_anggota_rumah": pd.array([123_456_789_012 + number for number in place], "Int64"),
            "distance_coastal_m": pd.array([None, *np.linspace(0, 43343.3, count - 1)], "Float32"),
            "need_rtlh": pd.array([_BOOLEANS[number % 3] for number in place], "boolean"),
            "need_jamban": pd.array([_BOOLEANS[number // 3 % 3] for number in place], "boolean"),
            "tanggal_survei": pd.Series([None, *["2026-11-21"] * (count - 1)], dtype="str"),
            "rahasia": "RAHASIA",
        },
        geometry=shapes,
        crs=4326,
    )


def _desa() -> gpd.GeoDataFrame:
    whole = shapely.box(109.5, -7, 109.51, -6.99)
    holed = shapely.box(109.51, -7, 109.52, -6.99) - shapely.box(109.513, -6.997, 109.517, -6.993)
    islands = shapely.union_all(
        [shapely.box(109.52, -7, 109.523, -6.99), shapely.box(109.525, -7, 109.53, -6.99)]
    )
    return gpd.GeoDataFrame(
        {
            "kode_desa": ["99.01.01.2001", "99.01.01.2002", "99.01.01.2003", "99.01.01.2004"],
            "nama_desa": ["Contoh", "<Berlubang>", "Pulau & Pulau", "Tanpa bentuk"],
            "households": [10, 20, 30, 0],
            "rtlh_rate": [1 / 3, 0.5, np.nan, 0.0],
        },
        geometry=[whole, holed, islands, None],
        crs=4326,
    )  # fmt: skip
