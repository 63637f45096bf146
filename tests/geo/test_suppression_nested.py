"""A need inside another: what their two published counts leave open of those who have only the larger."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from geo.suppression import SMALLEST, suppress
from tests.geo.test_suppression import LAYERS, District, by_desa, district, zone_rows

# categories of a household: in the smaller need, in the larger alone, in neither, unknown
SMALLER, BOTH = np.array([1, 0, 0, 0]), np.array([1, 1, 0, 0])
ONLY, NEITHER, UNKNOWN = np.array([0, 1, 0, 0]), np.array([0, 0, 1, 0]), np.array([0, 0, 0, 1])


def split(found: District, seed: int) -> np.ndarray:
    """Return the counts of each unit by category, for a need that most of those in need have."""
    rng = np.random.default_rng(seed)
    need = found.cells[:, 0]
    only = np.minimum(need, rng.choice([0, 0, 1, 2, 3, 6, 9], len(need)))
    return np.column_stack([need - only, only, found.cells[:, 1], found.cells[:, 2]])


def figures(keys: pd.DataFrame, cells: np.ndarray) -> gpd.GeoDataFrame:
    smaller, only, neither, unknown = cells.T
    counts = {
        "households": cells.sum(axis=1),
        "babs_need": smaller, "babs_known": smaller + only + neither, "babs_unknown": unknown,
        "jamban_need": smaller + only, "jamban_known": smaller + only + neither, "jamban_unknown": unknown,
    }  # fmt: skip
    return gpd.GeoDataFrame(keys.assign(**counts))


def told(found: District, cells: np.ndarray) -> dict[str, gpd.GeoDataFrame]:
    code = np.array([f"99.01.{place + 1:02d}" for place in range(found.kecamatan)])
    desa = pd.DataFrame({"kode_kecamatan": code[found.place[: found.desa]]})
    for layer in LAYERS:
        desa[f"zone_{layer}"] = found.zone[layer][: found.desa]
    rows, members = zone_rows(found)
    sums = np.array([cells[found.place == place].sum(axis=0) for place in range(found.kecamatan)])
    tables = {
        "desa": figures(desa, cells[: found.desa]),
        "kecamatan": figures(pd.DataFrame({"kode_kecamatan": code}), sums),
        "zones": figures(rows, members @ cells),
    }
    whole = cells.sum(axis=0)
    totals = {
        "babs": np.array([whole[0], whole[1] + whole[2], whole[3]]),
        "jamban": np.array([whole[0] + whole[1], whole[2], whole[3]]),
    }
    return suppress(tables, ["babs", "jamban"], totals, within={"babs": ["jamban"]})


def exposed(found: District, cells: np.ndarray) -> list[str]:
    """Return the desa of which a reader of both needs learns that one to four have only the larger."""
    shown, units = told(found, cells), np.eye(len(cells), dtype=bool)
    kecamatan = np.array([found.place == place for place in range(found.kecamatan)])
    areas = {"desa": units[: found.desa], "kecamatan": kecamatan, "zones": zone_rows(found)[1]}
    known, values = [np.kron(np.eye(len(cells)), np.ones(4))], [cells.sum(axis=1)]
    for need, counted in (("babs", SMALLER), ("jamban", BOTH)):
        published = [np.ones((1, len(cells)), bool)]
        published += [areas[name][~shown[name][f"{need}_suppressed"].to_numpy()] for name in areas]
        for category in (counted, 1 - counted - UNKNOWN, UNKNOWN):
            known.append(np.kron(np.vstack(published), category))
            values.append(np.vstack(published) @ cells @ category)
    bad = []
    for place in np.flatnonzero((cells[:, 1] > 0) & (cells[:, 1] < SMALLEST)):
        asked = np.kron(units[place], ONLY).astype(float)
        reach = linprog(-asked, A_eq=np.vstack(known), b_eq=np.concatenate(values), method="highs")
        most = asked @ reach.x
        if most < min(SMALLEST, cells[place] @ BOTH) - 1e-6:
            bad.append(f"{place}: {cells[place].tolist()} at most {most}")
    return bad


@pytest.mark.parametrize("seed", range(200, 225))
def test_a_reader_of_two_needs_does_not_learn_that_a_few_have_only_the_larger(seed: int):
    found = district(seed)
    cells = split(found, seed)
    whole = cells.sum(axis=0)
    if ((whole > 0) & (whole < SMALLEST)).any():
        return  # the district itself tells
    assert not exposed(found, cells)


def test_the_smaller_need_is_withheld_where_just_a_few_have_only_the_larger():
    found = by_desa([10, 20, 20], [40, 40, 40], [0, 0, 0])
    cells = np.vstack([[[8, 2, 40, 0], [10, 10, 40, 0], [14, 6, 40, 0]], np.zeros((2, 4), int)])
    shown = told(found, cells)["desa"]
    assert shown["babs_suppressed"].sum() == 2
    assert shown["babs_suppressed"][0]
    assert not shown["jamban_suppressed"].any()
