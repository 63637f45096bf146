"""An invented district of four square desa and forty households, as a whole Assessment, for the map's tests."""

from dataclasses import fields, replace

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
            "desa": [1],
            "households": [8],
            "density_ha": [3.5],
            "walk_m": [184.0],
            "base": [20],
            "share": [0.4],
        },
        geometry=[desa.geometry[0].centroid.buffer(SIDE / 4)],
        crs=4326,
    )
    given = {
        "households": households,
        "desa": desa,
        "kecamatan": kecamatan,
        "zones": zones,
        "clusters": clusters,
    }
    return Assessment(
        **{
            field.name: given.get(field.name, pd.DataFrame())
            for field in fields(Assessment)
            if field.name != "facts"
        },
        facts=_facts(desa),
    )


def decided_district() -> Assessment:
    """Return the same district with hot spots, circles, chosen households and visits to them.

    Of RTLH, Mekarsari is hot, Sidomulyo blank, Karanganyar cold and the other Mekarsari untested. Of six chosen
    households two have no point; five are visited by two teams on two days, and one is left out.
    """
    plain = map_district()
    people = plain.households
    rows = [2, 3, 6, 10, 12, 21]
    chosen = people[people["sheet_row"].isin(rows)].reset_index(drop=True)
    priorities = pd.DataFrame(
        {
            "rank": np.arange(1, 7),
            "sheet_row": rows,
            "kode_desa": chosen["kode_desa"],
            "nama_desa": chosen["nama_desa"],
            "score": 3.0,
            "part_rtlh": 3.0,
            "why": "alasan dipilih",
            "has_position": chosen.geometry.notna(),
            "rank_low": np.arange(1, 7),
            "rank_high": np.arange(1, 7) + 4,
            "top_share": [1.0, 0.96, 0.9, 0.8, 0.6, 0.3],
            "chosen": True,
            "cost": 1.0,
        }
    )
    unchosen = priorities.tail(1).assign(rank=7, sheet_row=13, chosen=False, cost=np.nan)
    visits = pd.DataFrame(
        {
            "team": [2, 1, 1, 1, 2],
            "day": [1, 1, 1, 1, 2],
            "order": [1, 2, 1, 3, 1],
            "sheet_row": rows[:5],
            "rank": np.arange(1, 6),
        }
    )
    return replace(
        plain,
        hot_spots=_hot_spots(plain.desa),
        scans=_scans(plain.desa),
        priorities=pd.concat([priorities, unchosen], ignore_index=True),
        visits=visits,
        visits_left_out=pd.DataFrame({"sheet_row": rows[5:], "reason": ["waktu"]}),
        facts={
            **plain.facts,
            "hot_spots": {
                "title": "desa yang berbatasan", "permutations": 99_999, "false_discovery_rate": 0.05,
                "correction": "fdr", "others": ["4 desa terdekat"], "islands": ["Pulau Rekaan"],
            },
            "scans": {
                "significance": 0.05, "desa": {"replicates": 9_999}, "households": {"replicates": 999},
            },
            "selection": {"met": True, "firm": 2},
            "visits": {"teams": 2, "starts": [[109.505, -6.998], [109.53, -6.97]]},
        },
    )  # fmt: skip


def _hot_spots(desa: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "kode_desa": desa["kode_desa"],
            "indicator": "rtlh",
            "gi_q": [0.0312, 0.4, 0.0004, np.nan],
            "gi_class": ["panas", "", "dingin", ""],
            "moran_class": ["tinggi-tinggi", "", "", ""],
            "stays": ["4 desa terdekat", "", "", ""],
            "untested": ["", "", "", "tidak punya tetangga"],
        }
    )


def _scans(desa: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a circle of two desa, one of a single desa without width, one of houses, and one by chance."""
    places = desa.iloc[[0, 2, 1, 3]].reset_index(drop=True)
    return gpd.GeoDataFrame(
        {
            "scan_id": [1, 2, 3, 4],
            "indicator": ["rtlh", "rtlh", "rtlh", "jamban"],
            "base": ["desa", "desa", "rumah tangga", "desa"],
            "model": ["Poisson", "Poisson", "Bernoulli", "Poisson"],
            "order": [1, 2, 1, 1],
            "kode_desa": places["kode_desa"],
            "nama_desa": places["nama_desa"],
            "nama_kecamatan": places["nama_kecamatan"],
            "radius_m": [2100.0, 0.0, 340.0, 900.0],
            "desa": [2, 1, 1, 1],
            "members": [" ".join(desa["kode_desa"][:2]), *places["kode_desa"][1:]],
            "households": [20, 10, 8, 10],
            "observed": [12, 7, 6, 3],
            "expected": [6.6, 3.1, 2.9, 2.8],
            "relative_risk": [1.83, np.inf, 2.4, 1.1],
            "llr": [9.0, 7.0, 6.0, 0.4],
            "p_value": [0.0001, 0.012, 0.003, 0.8],
            "p_gumbel": [0.00004, 0.012, 0.003, 0.8],
            "significant": [True, True, True, False],
        },
        geometry=[
            desa.geometry[0].centroid.buffer(0.012),
            shapely.Polygon(),
            desa.geometry[1].centroid.buffer(0.003),
            desa.geometry[3].centroid.buffer(0.005),
        ],
        crs=4326,
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
        interval = {
            "low": 0.1,
            "high": 0.8,
            "smoothed": 0.4,
            "enough": [True, True, True, False],
            "gap": 3,
            "gap_most": 3,
        }
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
