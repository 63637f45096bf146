"""Small invented tables of where need gathers and whom to visit, for the outputs' tests."""

import geopandas as gpd
import numpy as np
import pandas as pd


def small_hot_spots(areas: gpd.GeoDataFrame, indicators: tuple[str, ...]) -> pd.DataFrame:
    """Return hot spots: the first desa is hot, the last cold, the second not tested."""
    kinds = np.full(len(areas), "", dtype=object)
    kinds[0], kinds[-1] = "panas", "dingin"
    untested = np.where(np.arange(len(areas)) == 1, "terlalu sedikit data yang diketahui", "")
    q = np.where(kinds != "", 0.003, 0.6)
    moran = np.where(kinds == "panas", "tinggi-tinggi", np.where(kinds == "dingin", "rendah-rendah", ""))
    table = pd.DataFrame(
        {
            "kode_desa": areas["kode_desa"].astype("str"),
            "value": 0.4,
            "neighbours": 3,
            "count_p": q / 9,
            "gi_z": np.where(kinds == "panas", 4.1, np.where(kinds == "dingin", -3.9, 0.1)),
            "gi_p": q / 4,
            "gi_q": q,
            "gi_class": pd.Series(kinds, dtype="str"),
            "moran_i": np.where(kinds != "", 2.2, 0.05),
            "moran_p": q / 4,
            "moran_q": q,
            "moran_class": pd.Series(moran, dtype="str"),
            "stays": pd.Series(np.where(kinds != "", "4 desa terdekat", ""), dtype="str"),
            "untested": pd.Series(untested, dtype="str"),
        }
    )
    numbers = ["value", "count_p", "gi_z", "gi_p", "gi_q", "moran_i", "moran_p", "moran_q"]
    table.loc[table["untested"] != "", numbers] = np.nan
    wholes = [table.assign(indicator=name) for name in indicators]
    whole = pd.concat(wholes, ignore_index=True)
    return whole[["kode_desa", "indicator", *table.columns[1:]]]


def small_scans(areas: gpd.GeoDataFrame, indicators: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Return a circle of desa that is significant, and one of houses that is not, of each indicator."""
    first, second = areas.iloc[0], areas.iloc[2 % len(areas)]
    rows = [
        {
            "scan_id": 2 * place + part + 1,
            "indicator": name,
            "base": ("desa", "rumah tangga")[part],
            "model": ("Poisson", "Bernoulli")[part],
            "order": 1,
            "kode_desa": centre["kode_desa"],
            "nama_desa": centre["nama_desa"],
            "nama_kecamatan": centre["nama_kecamatan"],
            "radius_m": (900.0, 250.0)[part],
            "desa": (2, 1)[part],
            "members": (" ".join(areas["kode_desa"].iloc[:2]), centre["kode_desa"])[part],
            "households": (40, 12)[part],
            "observed": (26, 7)[part],
            "expected": (16.1, 4.9)[part],
            "relative_risk": (1.8, 1.4)[part],
            "llr": (9.7, 2.2)[part],
            "p_value": (0.0004, 0.61)[part],
            "p_gumbel": (0.00037, 0.6)[part],
            "significant": part == 0,
        }
        for place, name in enumerate(indicators)
        for part, centre in enumerate((first, second))
    ]
    shapes = [
        areas.geometry.iloc[2 * (number % 2) % len(areas)].centroid.buffer(0.006)
        for number in range(len(rows))
    ]
    return gpd.GeoDataFrame(pd.DataFrame(rows).astype({"scan_id": "int32"}), geometry=shapes, crs=4326)


def small_dusun(people: pd.DataFrame, indicators: tuple[str, ...]) -> pd.DataFrame:
    """Return the counts of each dusun."""
    known = people[people["kode_desa"].notna()]
    keys = ["kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan", "dusun"]
    groups = known.groupby(keys)
    table = pd.DataFrame({"households": groups.size(), "located": groups["geometry"].count()})
    for name in indicators:
        needs = groups[f"need_{name}"]
        table[f"{name}_known"], table[f"{name}_need"] = needs.count(), needs.sum().astype("int64")
        table[f"{name}_unknown"] = table["households"] - table[f"{name}_known"]
        table[f"{name}_gap"] = table[f"{name}_need"]
    return table.reset_index()


def with_choice(priorities: pd.DataFrame, number: int = 12) -> pd.DataFrame:
    """Return the priorities with the first ones chosen and every rank in an interval."""
    rank = priorities["rank"].to_numpy()
    chosen = rank <= number
    return priorities.assign(
        rank_low=np.maximum(rank - 3, 1),
        rank_high=np.minimum(rank + 5, len(rank)),
        top_share=np.where(chosen, 0.97, 0.02),
        chosen=chosen,
        cost=np.where(chosen, 1.0, np.nan),
    )


def small_equity(priorities: pd.DataFrame) -> pd.DataFrame:
    """Return the candidates and the chosen by kecamatan."""
    groups = priorities.groupby("nama_kecamatan")
    table = pd.DataFrame({"candidates": groups.size(), "chosen": groups["chosen"].sum().astype("int64")})
    table = table.reset_index(names="title").assign(kind="kecamatan", alone=table["chosen"].to_numpy())
    for name in ("candidates", "alone", "chosen"):
        table[f"{name}_share"] = table[name] / max(table[name].sum(), 1)
    return table.assign(key=table["title"], ratio=table["chosen_share"] / table["candidates_share"])[
        ["kind", "key", "title", "candidates", "candidates_share", "alone", "alone_share", "chosen",
         "chosen_share", "ratio"]
    ]  # fmt: skip


def small_visits(priorities: pd.DataFrame, people: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return one day of two teams for the chosen but the last, which is left out."""
    chosen = priorities[priorities["chosen"]]
    dusun = people.set_index("sheet_row")["dusun"]
    out, stops = chosen.tail(1), chosen.iloc[:-1]
    order = np.arange(len(stops))
    visits = pd.DataFrame(
        {
            "team": order % 2 + 1,
            "day": 1,
            "order": order // 2 + 1,
            "sheet_row": stops["sheet_row"].to_numpy(),
            "rank": stops["rank"].to_numpy(),
            "kode_desa": stops["kode_desa"].to_numpy(),
            "nama_desa": stops["nama_desa"].to_numpy(),
            "dusun": dusun.reindex(stops["sheet_row"]).to_numpy(),
            "has_position": stops["has_position"].to_numpy(),
            "travel_minutes": 6.0,
            "report_minutes": 0.0,
            "return_minutes": 0.0,
            "start_minute": order // 2 * 31.0 + 6.0,
            "visit_minutes": 25.0,
        }
    ).sort_values(["day", "team", "order"], ignore_index=True)
    left_out = out[["sheet_row", "rank", "kode_desa"]].assign(reason="tidak muat dalam waktu yang ada")
    return visits, left_out.reset_index(drop=True)


def small_decision_facts() -> dict[str, object]:
    """Return what the facts say of hot spots, scans, denominator, choice and visits."""
    return {
        "hot_spots": {
            "rule": "queen", "title": "desa yang berbatasan", "others": ["4 desa terdekat"], "permutations": 99_999,
            "false_discovery_rate": 0.05, "correction": "fdr", "islands": [],
            "indicators": {name: {"tested": 11, "hot": 1, "cold": 1} for name in ("rtlh", "jamban")},
        },
        "scans": {
            "significance": 0.05, "desa": {"replicates": 9_999, "largest_share": 0.5},
            "households": {"replicates": 999, "largest_share": 0.1},
            "found": [{"base": "desa", "indicator": name, "circles": 1} for name in ("rtlh", "jamban")],
        },
        "denominator": {
            "name": "rumah tangga dalam register", "source": "contoh.csv", "year": "", "note": "",
            "register_share": None,
        },
        "selection": {
            "met": True, "why_not": [], "rules": [], "firm": 10, "depends": 1, "hair": 1,
            "notes": ["12 dari 40 calon dipilih, di 3 desa."],
        },
        "visits": {
            "teams": 2, "days": 1, "planned": 11, "left_out": 1,
            "reasons": {"tidak muat dalam waktu yang ada": 1},
            "assumptions": ["Jalan ditaksir 1,4 × garis lurus, 20 km/jam."],
        },
    }  # fmt: skip
