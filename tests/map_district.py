"""An invented district of four square desa and forty households, as a whole Assessment, for the map's tests."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.assessment import Assessment

WEST, SOUTH, SIDE = 109.5, -7.0, 0.02
KECAMATAN = ("Wanajaya", "Sukamaju")
NEEDS = [True, True, False, False, None]
INDICATORS = {
    "rtlh": "RTLH (indikasi)",
    "jamban": "Tanpa akses jamban layak",
    "jamban_sendiri": "Tidak punya jamban sendiri",
}


def map_district() -> Assessment:
    """Return four desa; in each, ten households of which eight have a point."""
    households, desa = _households(), _desa()
    kecamatan = desa.dissolve("kode_kecamatan", as_index=False)
    counted = {"desa": 2, "households": 20, "source": "contoh", "year": "2026", "method": "contoh rekaan"}
    zones = gpd.GeoDataFrame(
        [
            {"layer": "urban", "zone": "perkotaan", "title": "Perkotaan", "proksi": True, **counted},
            {"layer": "coastal", "zone": "pesisir", "title": "Pesisir", "proksi": False, **counted},
        ],
        geometry=[desa.geometry[:2].union_all(), desa.geometry[1:3].union_all()],
        crs=4326,
    )
    clusters = gpd.GeoDataFrame(
        {
            "cluster_id": [1],
            "indicator": ["rtlh"],
            "kind": ["kantong"],
            "name": ["Kantong Mekarsari 1"],
            "households": [8],
            "density_ha": [3.5],
        },
        geometry=[desa.geometry[0].centroid.buffer(SIDE / 4)],
        crs=4326,
    )
    return Assessment(
        households,
        pd.DataFrame(),
        desa,
        kecamatan,
        zones,
        clusters,
        pd.DataFrame(),
        pd.DataFrame(),
        pd.DataFrame(),
        pd.DataFrame(),
        pd.DataFrame(),
        pd.DataFrame(),
        _facts(desa),
    )


def _desa() -> gpd.GeoDataFrame:
    corners = [(WEST + SIDE * column, SOUTH + SIDE * row) for column in (0, 1) for row in (0, 1)]
    table = gpd.GeoDataFrame(
        {
            "kode_desa": [f"99.01.0{1 + place // 2}.200{place}" for place in range(4)],
            "nama_desa": ["Mekarsari", "Sidomulyo", "Karanganyar", "Mekarsari"],
            "jenis": ["desa", "desa", "desa", "kelurahan"],
            "kode_kecamatan": ["99.01.01", "99.01.01", "99.01.02", "99.01.02"],
            "nama_kecamatan": np.repeat(KECAMATAN, 2),
            "zone_urban": ["perkotaan", "perkotaan", "luar", "luar"],
            "share_urban": [1.0, 1.0, 0.0, np.nan],
            "zone_coastal": ["luar", "pesisir", "pesisir", "luar"],
            "share_coastal": [0.0, 1.0, 1.0, 0.0],
            "households": 10,
            "located": 8,
        },
        geometry=[shapely.box(x, y, x + SIDE, y + SIDE) for x, y in corners],
        crs=4326,
    )
    for indicator in INDICATORS:
        figures = {"known": 8, "need": [1, 2, 4, 6], "unknown": 2, "rate": [0.125, 0.25, 0.5, 0.75]}
        interval = {"low": 0.1, "high": 0.8, "smoothed": 0.4, "enough": [True, True, True, False], "gap": 3}
        for figure, values in {**figures, **interval}.items():
            table[f"{indicator}_{figure}"] = values
    return table


def _households() -> gpd.GeoDataFrame:
    number = np.arange(40)
    place, turn = number // 10, number % 10
    x = WEST + SIDE * (place // 2) + SIDE * (turn + 1) / 11
    y = SOUTH + SIDE * (place % 2) + SIDE * (turn + 1) / 11
    points = gpd.GeoSeries(shapely.points(x, y), crs=4326)
    desa = _desa().iloc[place].reset_index(drop=True)
    table = gpd.GeoDataFrame(
        {
            "sheet_row": number + 2,
            "nama": "NAMA REKAAN",
            "nik": "9900000000000000",
            "alamat": "JALAN REKAAN 1",
            "kode_desa": desa["kode_desa"],
            "nama_desa": desa["nama_desa"],
            "location_quality": np.where(turn < 8, "gps", "desa"),
            "counts": True,
            "zone_urban": desa["zone_urban"],
            "zone_coastal": desa["zone_coastal"],
            "cluster_rtlh": pd.Series(1, index=number, dtype="Int32").where(number < 8),
        },
        geometry=points.where(turn < 8),
        crs=4326,
    )
    for step, indicator in enumerate(INDICATORS):
        needs = pd.array([NEEDS[(one + step) % 5] for one in number], dtype="boolean")
        table[f"need_{indicator}"] = needs
        table[f"why_{indicator}"] = np.where(needs.fillna(value=False), f"alasan {indicator}", "")
    return table


def _facts(desa: gpd.GeoDataFrame) -> dict[str, object]:
    titles = {"urban": "Perkotaan", "coastal": "Pesisir"}
    return {
        "district": {"kode": "99.01", "nama": "Kabupaten Contoh", "provinsi": "Rekaan"},
        "created": "2026-11-21T22:00:00+07:00",
        "boundaries": {
            "kind": "resmi",
            "schematic": False,
            "note": "Batas rekaan",
            "source": "Sumber Batas",
            "date": "2020-04-01",
            "licence": "CC BY 4.0",
        },
        "inputs": [{"role": "sheet", "name": "lembar.xlsx"}],
        "settings": {"rates": {"minimum_known": 5, "target_share": 0.9}},
        "layers": [
            {
                "id": name,
                "title": title,
                "source": "contoh",
                "year": "2026",
                "method": "contoh",
                "proksi": proksi,
            }
            for (name, title), proksi in zip(titles.items(), (True, False), strict=True)
        ],
        "rows": {"valid": 10 * len(desa)},
        "indicators": [
            {
                "id": name,
                "title": title,
                "profile": f"profil_{name}",
                "definition": "Bunyinya.",
                "sensitive": False,
            }
            for name, title in INDICATORS.items()
        ],
    }
