"""Small invented registers: desa of awkward shapes, a few households or many, some without a point."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import MEASURING, STORING
from geo.privacy.masking import Masked, mask_households

NEEDS = ["rtlh", "jamban"]
KEY = b"rahasia" * 5
ORIGIN = np.array([340_000.0, 9_230_000.0])

SQUARE = shapely.box(0, 0, 1_000, 1_000)
HOOK = shapely.Polygon([(0, 0), (1_200, 0), (1_200, 60), (60, 60), (60, 1_200), (0, 1_200)])
ISLANDS = shapely.MultiPolygon([shapely.box(0, 0, 300, 300), shapely.box(700, 700, 760, 1_000)])
TINY = shapely.box(0, 0, 25, 18)
SHAPES = (SQUARE, HOOK, ISLANDS, TINY)


@dataclass(frozen=True)
class Register:
    """Households that count, and the desa as everybody sees them."""

    households: gpd.GeoDataFrame
    desa: gpd.GeoDataFrame


def register(seed: int, *, desa: int = 4, most: int = 120, hidden: float = 0.15) -> Register:
    """Return desa of all shapes side by side, with 1 to ``most`` households and figures withheld here and there."""
    random = np.random.default_rng(seed)
    areas = desa_of([SHAPES[row % len(SHAPES)] for row in range(desa)])
    for need in NEEDS:
        areas[f"{need}_suppressed"] = random.random(desa) < hidden
    areas["households_suppressed"] = random.random(desa) < hidden / 2
    areas["located"] = pd.array(np.zeros(desa), "Int64")
    areas.loc[random.random(desa) < hidden, "located"] = pd.NA
    parts = [_people(random, areas, row, int(random.integers(1, most))) for row in range(desa)]
    lost = parts[0].iloc[:2].assign(kode_desa=None, nama_desa=None)
    people = pd.concat([*parts, lost], ignore_index=True)
    people = people.iloc[random.permutation(len(people))].reset_index(drop=True)
    people["sheet_row"] = np.arange(2, len(people) + 2)
    people["kode_desa"] = people["kode_desa"].astype("str")
    return Register(gpd.GeoDataFrame(people, geometry="geometry", crs=STORING), told_as_many(areas, people))


def desa_of(shapes: list[shapely.Geometry]) -> gpd.GeoDataFrame:
    """Return desa of these shapes (metres), two kilometres apart."""
    moved = [
        shapely.transform(shape, lambda xy, row=row: xy + ORIGIN + [2_000 * row, 0])
        for row, shape in enumerate(shapes)
    ]
    rows = range(len(shapes))
    columns = {
        "kode_desa": [f"99.01.{row // 2 + 1:02d}.{2001 + row}" for row in rows],
        "nama_desa": [f"Contoh {row}" for row in rows],
        "kode_kecamatan": [f"99.01.{row // 2 + 1:02d}" for row in rows],
        "nama_kecamatan": [f"Kecontohan {row // 2 + 1}" for row in rows],
        "households_suppressed": False,
        **{f"{need}_suppressed": False for need in NEEDS},
        "located": pd.array([0] * len(shapes), "Int64"),
    }
    return gpd.GeoDataFrame(columns, geometry=moved, crs=MEASURING).to_crs(STORING)


def people_at(
    desa: gpd.GeoDataFrame, row: int, xy: np.ndarray, needs: dict[str, list[object]]
) -> gpd.GeoDataFrame:
    """Return households of a desa at places within it (metres; nan for none)."""
    points = shapely.points(xy + ORIGIN + [2_000 * row, 0])
    points[np.isnan(xy[:, 0])] = None
    columns: dict[str, object] = {"sheet_row": np.arange(2, len(xy) + 2)}
    for name in ("kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan"):
        columns[name] = desa[name].iloc[row]
    columns |= {f"need_{need}": pd.array(values, "boolean") for need, values in needs.items()}
    return gpd.GeoDataFrame(columns, geometry=points, crs=MEASURING).to_crs(STORING)


def told_as_many(desa: gpd.GeoDataFrame, people: pd.DataFrame) -> gpd.GeoDataFrame:
    """Withhold, as everybody's edition does, what tells of few in a desa."""
    found = desa.copy()
    for row, kode in enumerate(desa["kode_desa"]):
        mine = people[people["kode_desa"] == kode]
        found.loc[row, "households_suppressed"] |= 0 < len(mine) < 5
        found.loc[row, "households"] = len(mine)
        for need in NEEDS:
            answers = mine[f"need_{need}"]
            counts = [answers.sum(), (~answers).sum(), answers.isna().sum()]
            found.loc[row, f"{need}_suppressed"] |= any(0 < count < 5 for count in counts)
            figures = {"known": len(mine) - counts[2], "need": counts[0], "unknown": counts[2]}
            for part, count in figures.items():
                found.loc[row, f"{need}_{part}"] = count
    for measure in (
        "households",
        *(f"{need}_{part}" for need in NEEDS for part in ("known", "need", "unknown")),
    ):
        hidden = found[f"{measure.rsplit('_', 1)[0]}_suppressed"].to_numpy(bool)
        found[measure] = found[measure].astype("Int64").mask(hidden)
    return found


def zones_of(households: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of the zones of one layer (``zone_coastal``), as they are; without it no zones."""
    if "zone_coastal" not in households:
        return pd.DataFrame({"layer": [], "zone": [], "households": []})
    groups = households.groupby("zone_coastal")
    zones = pd.DataFrame({"households": groups.size()})
    for need in NEEDS:
        answers = groups[f"need_{need}"]
        zones[f"{need}_known"], zones[f"{need}_need"] = answers.count(), answers.sum().astype("int64")
        zones[f"{need}_unknown"] = zones["households"] - zones[f"{need}_known"]
    return zones.reset_index(names="zone").assign(layer="coastal")


def _people(random: np.random.Generator, desa: gpd.GeoDataFrame, row: int, many: int) -> gpd.GeoDataFrame:
    shape = SHAPES[row % len(SHAPES)]
    low, high = np.array(shape.bounds).reshape(2, 2)
    xy = random.uniform(low, high, (many * 40, 2))
    xy = xy[shapely.contains_xy(shape, *xy.T)][:many]
    xy = np.vstack([xy, np.repeat(xy[:1], many - len(xy), axis=0)])
    xy[random.random(many) < random.choice([0, 0.02, 0.3])] = np.nan
    needs = {}
    for need in NEEDS:
        answers: list[object] = (random.random(many) < random.choice([0.05, 0.3, 0.6])).tolist()
        unknown = random.random(many) < random.choice([0, 0.1])
        needs[need] = [None if lost else answer for lost, answer in zip(unknown, answers, strict=True)]
    return people_at(desa, row, xy, needs)


def masked(found: Register) -> Masked:
    """Return what is released of a register, each among five others."""
    return mask_households(found.households, found.desa, NEEDS, 5, MEASURING, KEY, zones_of(found.households))
