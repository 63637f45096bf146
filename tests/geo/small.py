"""A small invented Assessment for the outputs' tests: squares for desa, points inside them."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.assessment import Assessment
from geo.review import no_review
from tests.geo.small_decision import (
    small_decision_facts,
    small_dusun,
    small_equity,
    small_hot_spots,
    small_scans,
    small_visits,
    with_choice,
)

INDICATORS = ("rtlh", "jamban")
HOSTILE = '<img src=x onerror=alert(1)>"\\</script>${7*7}{{7*7}}\u202e\x00 & ' + "A" * 300


def small_assessment(
    *, seed: int = 1, kecamatan: int = 3, desa: int = 4, households: int = 240, hostile: bool = False
) -> Assessment:
    """Return an assessment of squares; with ``hostile`` text wherever text comes from a sheet."""
    random = np.random.default_rng(seed)
    areas = _areas(kecamatan, desa)
    people = _people(random, areas, households, HOSTILE if hostile else "Krajan")
    clusters = gpd.GeoDataFrame(
        {
            "cluster_id": pd.array([1], "Int32"),
            "indicator": ["rtlh"],
            "kind": ["kantong"],
            "name": ["Kantong 1"],
            **{name: [areas[name].iloc[0]] for name in ("kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan")},
            "dusun": [HOSTILE if hostile else "Krajan"],
            "households": [9],
            "density_ha": [4.2],
            "span_m": [120.0],
            "desa": [1],
            "walk_m": [160.0],
            "base": [15],
            "share": [0.6],
        },
        geometry=[areas.geometry.iloc[0].buffer(-0.004)],
        crs=4326,
    )  # fmt: skip
    wholes = areas.dissolve(
        "kode_kecamatan", aggfunc={"nama_kecamatan": "first", "area_km2": "sum"}
    ).reset_index()
    needy = people[people["need_rtlh"].fillna(value=False) & people["kode_desa"].notna()]
    priorities = needy[["sheet_row", "kode_desa", "nama_desa", "nama_kecamatan"]].reset_index(drop=True)
    priorities.insert(0, "rank", np.arange(1, len(priorities) + 1))
    priorities = priorities.assign(
        score=3.0,
        part_rtlh=2.0,
        part_jamban=1.0,
        why=HOSTILE if hostile else "lantai tanah",
        has_position=True,
    )
    priorities = with_choice(priorities)
    visits, left_out = small_visits(priorities, people)
    return Assessment(
        households=people,
        rejects=pd.DataFrame(
            {
                "sheet_row": [9001, 9002],
                "column": [HOSTILE if hostile else "Desil", "Desil"],
                "value": ["RAHASIA", "14"],
                "reason": ["desil harus 1 sampai 10", "desil harus 1 sampai 10"],
            }
        ),
        desa=_counted(areas, people, "kode_desa"),
        kecamatan=_counted(wholes, people, "kode_kecamatan"),
        zones=_zones(areas, people),
        clusters=clusters,
        hot_spots=small_hot_spots(areas, INDICATORS),
        scans=small_scans(areas, INDICATORS),
        dusun=small_dusun(people, INDICATORS),
        priorities=priorities,
        equity=small_equity(priorities),
        visits=visits,
        visits_left_out=left_out,
        combinations=pd.DataFrame(),
        groups=pd.DataFrame(),
        comparison=pd.DataFrame(),
        rejected_cells=pd.DataFrame({"Desil": ["14", "14"], "Nama": ["RAHASIA", "RAHASIA"]}, dtype="str"),
        review=no_review(),
        facts=_facts(people, hostile) | small_decision_facts(),
    )


def _areas(kecamatan: int, desa: int) -> gpd.GeoDataFrame:
    place = [(x, y) for x in range(kecamatan) for y in range(desa)]
    return gpd.GeoDataFrame(
        {
            "kode_desa": [f"99.01.{x + 1:02d}.{2001 + y}" for x, y in place],
            "nama_desa": [f"Contoh {x + 1}{y + 1}" for x, y in place],
            "jenis": "desa",
            "kode_bps": [f"9901{x + 1:03d}{y + 1:03d}" for x, y in place],
            "kode_kecamatan": [f"99.01.{x + 1:02d}" for x, _ in place],
            "nama_kecamatan": [f"Kecontohan {x + 1}" for x, _ in place],
            "area_km2": 1.2,
            "zone_coastal": ["pesisir" if y == 0 else "luar" for _, y in place],
            "share_coastal": [float(y == 0) for _, y in place],
            "zone_display": ["coastal" if y == 0 else "lainnya" for _, y in place],
        },
        geometry=[
            shapely.box(109.5 + 0.01 * x, -7 + 0.01 * y, 109.51 + 0.01 * x, -6.99 + 0.01 * y)
            for x, y in place
        ],
        crs=4326,
    )


def _people(
    random: np.random.Generator, areas: gpd.GeoDataFrame, households: int, dusun: str
) -> gpd.GeoDataFrame:
    at = np.sort(random.choice(len(areas), households, p=random.dirichlet(np.full(len(areas), 2.0))))
    quality = random.choice(["gps", "desa", "kecamatan"], households, p=[0.7, 0.25, 0.05])
    middle = shapely.get_coordinates(shapely.centroid(areas.geometry.to_numpy()))[at]
    points = shapely.points(middle + random.uniform(-0.004, 0.004, (households, 2)))
    people = gpd.GeoDataFrame(
        {
            "sheet_row": np.arange(2, households + 2),
            "nik": pd.Series([f"{number:016d}" for number in range(households)], dtype="str"),
            "nama": pd.Series("RAHASIA", index=range(households), dtype="str"),
            "alamat": pd.Series("RAHASIA", index=range(households), dtype="str"),
            "dusun": pd.Series(dusun, index=range(households), dtype="str"),
            "desa_tertulis": pd.Series("RAHASIA", index=range(households), dtype="str"),
            "location_note": pd.Series(
                np.where(quality == "gps", "", "titik jatuh di desa lain"), dtype="str"
            ),
            "location_quality": pd.Series(quality, dtype="str"),
            "duplicate_group": pd.array([pd.NA] * households, "Int32"),
            "duplicate_why": pd.Series("", index=range(households), dtype="str"),
            "counts": True,
            "desil": pd.array(random.integers(1, 6, households), "Int8"),
            "luas_lantai": pd.array(random.uniform(12, 90, households), "Float32"),
            "zone_coastal": pd.Series(areas["zone_coastal"].to_numpy()[at], dtype="str"),
            "distance_coastal_m": pd.array(random.uniform(0, 9000, households), "Float32"),
            "zone_display": pd.Series(areas["zone_display"].to_numpy()[at], dtype="str"),
        },
        geometry=np.where(quality == "gps", points, None),
        crs=4326,
    )
    for name in ("kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan"):
        known = (quality != "kecamatan") | name.endswith("kecamatan")
        people[name] = pd.Series(areas[name].to_numpy()[at], dtype="str").where(known)
    for name in INDICATORS:
        need = pd.array(random.random(households) < 0.4, "boolean")
        need[random.random(households) < 0.06] = pd.NA
        people[f"need_{name}"] = need
        people[f"why_{name}"] = pd.Series(np.where(need.fillna(value=False), "lantai tanah", ""), dtype="str")
    people["cluster_rtlh"] = pd.array([1, *[pd.NA] * (households - 1)], "Int32")
    return people


def _counted(areas: gpd.GeoDataFrame, people: gpd.GeoDataFrame, key: str) -> gpd.GeoDataFrame:
    counted = areas.copy()
    groups = people.groupby(key)
    counted["households"] = areas[key].map(groups.size()).fillna(0).astype("int64")
    counted["located"] = areas[key].map(groups["geometry"].count()).fillna(0).astype("int64")
    for name in INDICATORS:
        needs = groups[f"need_{name}"]
        known = areas[key].map(needs.count()).fillna(0).astype("int64")
        need = areas[key].map(needs.sum()).fillna(0).astype("int64")
        _rated(counted, name, known, need, counted["households"] - known)
        counted[f"{name}_smoothed"] = counted[f"{name}_rate"]
        counted[f"{name}_enough"] = known >= 5
        counted[f"{name}_gap"] = counted[f"{name}_gap_most"] = np.maximum(need - known // 10, 0)
        counted[f"{name}_served"], counted[f"{name}_gap_rate"] = known - need, counted[f"{name}_gap"] / known
    return counted


def _rated(table: Any, name: str, known: Any, need: Any, unknown: Any) -> None:  # noqa: ANN401  series or numbers
    rate = need / known
    table[f"{name}_known"], table[f"{name}_need"], table[f"{name}_unknown"] = known, need, unknown
    table[f"{name}_rate"], table[f"{name}_low"], table[f"{name}_high"] = rate, rate * 0.9, rate * 1.1


def _zones(areas: gpd.GeoDataFrame, people: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    inside = people[people["zone_coastal"] == "pesisir"]
    zone: dict[str, Any] = {
        "layer": "coastal", "zone": "pesisir", "title": "Pesisir", "source": "rekaan", "year": "2026",
        "method": "desa yang menyentuh laut", "proksi": True, "desa": 3, "households": len(inside),
    }  # fmt: skip
    for name in INDICATORS:
        needs = inside[f"need_{name}"]
        _rated(zone, name, int(needs.count()), int(needs.sum()), int(needs.isna().sum()))
    geometry = [areas[areas["zone_coastal"] == "pesisir"].union_all()]
    return gpd.GeoDataFrame([zone], geometry=geometry, crs=4326)


def _facts(people: gpd.GeoDataFrame, hostile: bool) -> dict[str, Any]:
    profile = {"profile": "contoh (2022)", "definition": "definisi contoh", "sensitive": False}
    return {
        "created": "2026-11-21T22:05:00+07:00",
        "district": {"kode": "99.01", "nama": "Kabupaten Contoh", "provinsi": "Rekaan"},
        "boundaries": {
            "kind": "contoh", "schematic": True, "note": "Batas contoh, bukan batas resmi", "source": "rekaan",
            "date": "2026-01-01", "licence": "CC0",
        },
        "inputs": [{"role": "sheet", "name": HOSTILE if hostile else "contoh.csv", "sha256": "0" * 64, "bytes": 1}],
        "settings": {"rates": {"target_share": 0.9, "minimum_known": 5}, "clusters": {"distance_m": 100.0}},
        "profiles": {"rtlh": "contoh (2022)", "jamban": "contoh (2022)"},
        "layers": [
            {"id": "coastal", "title": "Pesisir", "source": "rekaan", "year": "2026", "method": "laut", "proksi": True}
        ],
        "rows": {"sheet": len(people) + 2, "valid": len(people), "rejects": 2, "empty": 0, "counted": len(people)},
        "inactive": [{"id": "jamban_sendiri", "title": "Tidak punya jamban sendiri", "headings": ["Fasilitas bab"]}],
        "duplicates": {"count_once": [], "groups": 0, "rows": 0, "not_counted": 0, "kinds": []},
        "location": {str(name): int(count) for name, count in people["location_quality"].value_counts().items()},
        "columns": [{"meaning": "desil", "heading": HOSTILE if hostile else "Desil"}],
        "indicators": [
            {"id": "rtlh", "title": "RTLH (indikasi)", **profile},
            {"id": "jamban", "title": "Tanpa akses jamban layak", **profile},
        ],
    }  # fmt: skip
