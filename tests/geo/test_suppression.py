"""What a reader can work out of hidden counts by linear programming over everything that is published."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from geo.suppression import HOUSEHOLDS, SMALLEST, suppress, tells

LAYERS = ("coastal", "urban")
WORDS = ("ya", "luar")


@dataclass(frozen=True)
class District:
    """Counts in need, not in need, unknown of desa and of those whose desa or kecamatan is not known."""

    cells: np.ndarray
    place: np.ndarray
    desa: int
    zone: dict[str, np.ndarray]

    @property
    def kecamatan(self) -> int:
        """How many there are."""
        return int(self.place.max())


def district(seed: int) -> District:
    """Return a small district: few and many, everybody and nobody in need, complete and incomplete answers."""
    rng = np.random.default_rng(seed)
    of_kecamatan = rng.integers(1, 6, rng.integers(2, 6))
    n, kecamatan = int(of_kecamatan.sum()), len(of_kecamatan)
    need = rng.choice([0, 0, 1, 2, 3, 4, 5, 6, 9, 14], n)
    rest = rng.choice([0, 1, 3, 6, 10, 18, 30], n, p=[0.1, 0.05, 0.05, 0.2, 0.2, 0.2, 0.2])
    unknown = rng.choice([0, 0, 0, 0, 2, 6], n) * rng.integers(0, 2)
    left_over = rng.choice([0, 0, 0, 1, 3], (kecamatan + 1, 3)) * rng.integers(0, 2)
    return District(
        np.vstack([np.column_stack([need, rest, unknown]), left_over]),
        np.concatenate([np.repeat(np.arange(kecamatan), of_kecamatan), np.arange(kecamatan + 1)]),
        n,
        {
            layer: np.append(rng.choice(WORDS, n), np.full(kecamatan + 1, "tidak diketahui"))
            for layer in LAYERS
        },
    )


def counted(keys: pd.DataFrame, cells: np.ndarray) -> gpd.GeoDataFrame:
    need, rest, unknown = cells.T
    counts = {
        "households": cells.sum(axis=1),
        "sakit_need": need,
        "sakit_known": need + rest,
        "sakit_unknown": unknown,
    }
    return gpd.GeoDataFrame(keys.assign(**counts))  # fmt: skip


def zone_rows(found: District) -> tuple[pd.DataFrame, np.ndarray]:
    words = [(layer, word) for layer in LAYERS for word in (*WORDS, "tidak diketahui")]
    rows = [(layer, word) for layer, word in words if (found.zone[layer] == word).any()]
    members = np.array([found.zone[layer] == word for layer, word in rows])
    return pd.DataFrame(rows, columns=["layer", "zone"]), members


def tables(found: District) -> dict[str, gpd.GeoDataFrame]:
    code = np.array([f"99.01.{place + 1:02d}" for place in range(found.kecamatan)])
    desa = pd.DataFrame({"kode_kecamatan": code[found.place[: found.desa]]})
    for layer in LAYERS:
        desa[f"zone_{layer}"] = found.zone[layer][: found.desa]
    rows, members = zone_rows(found)
    sums = np.array([found.cells[found.place == place].sum(axis=0) for place in range(found.kecamatan)])
    return {
        "desa": counted(desa, found.cells[: found.desa]),
        "kecamatan": counted(pd.DataFrame({"kode_kecamatan": code}), sums),
        "zones": counted(rows, members @ found.cells),
    }


class Reader:
    """Knows every published figure and the households of every desa; asks how far a sum of others can go."""

    def __init__(self, cells: np.ndarray, published: np.ndarray, *, sizes_known: bool) -> None:
        categories = np.eye(cells.shape[1])
        self.known = np.kron(published.astype(float), categories)
        self.values = (published @ cells).astype(float).ravel()
        if sizes_known:
            self.known = np.vstack([self.known, np.kron(np.eye(len(cells)), np.ones(cells.shape[1]))])
            self.values = np.append(self.values, cells.sum(axis=1))
        self.categories = cells.shape[1]

    def reach(self, units: np.ndarray, category: int) -> float:
        """Return how large the sum of some units may be in a category."""
        asked = np.kron(units.astype(float), np.eye(self.categories)[category])
        found = linprog(-asked, A_eq=self.known, b_eq=self.values, method="highs")
        return np.inf if found.x is None else float(asked @ found.x)


def exposed(
    found: District, shown: dict[str, gpd.GeoDataFrame], measure: str, *, everybody: bool
) -> list[str]:
    """Return the secrets that a reader can narrow down to fewer than five, or finds."""
    cells = found.cells.sum(axis=1, keepdims=True) if measure == HOUSEHOLDS else found.cells
    hidden = {name: table[f"{measure}_suppressed"].to_numpy() for name, table in shown.items()}
    units = np.eye(len(cells), dtype=bool)
    kecamatan = np.array([found.place == place for place in range(found.kecamatan)])
    zones = zone_rows(found)[1]
    areas = {"desa": units[: found.desa], "kecamatan": kecamatan, "zones": zones}
    published = [np.ones((1, len(cells)), bool), *(areas[name][~hidden[name]] for name in areas)]
    left_over = units[found.desa :]
    if measure == HOUSEHOLDS:
        # how households are located tells how many stand in no desa: that is known, and no secret
        published, left_over = [*published, left_over], left_over[:0]
    reader = Reader(cells, np.vstack(published), sizes_known=measure != HOUSEHOLDS)
    secrets = np.vstack([*(areas[name][hidden[name]] for name in areas), left_over])
    if measure == HOUSEHOLDS:
        # nor is a zone of nobody but them
        secrets = secrets[secrets[:, : found.desa].any(axis=1)]
    small = tells(cells, everybody=everybody)
    sizes = cells.sum(axis=1) if measure != HOUSEHOLDS else np.full(len(cells), SMALLEST)
    bad = []
    for area in secrets:
        held = area @ cells
        for category in np.flatnonzero(tells(held[None], everybody=everybody)[0]):
            most = reader.reach(area, int(category))
            # no more than the households of desa (and of what is left over) with few can be open
            open_to = min(SMALLEST, np.where(small[:, category], sizes, cells[:, category])[area].sum())
            if most < open_to - 1e-6:
                bad.append(f"{held.tolist()}[{category}] at most {most}")
    return bad


def withheld_altogether(found: District, *, everybody: bool) -> bool:
    """Tell whether the district as a whole tells too much, where nothing of the measure leaves the run."""
    return bool(tells(found.cells.sum(axis=0)[None], everybody=everybody).any())


@pytest.mark.parametrize("seed", range(60))
def test_a_reader_of_everything_finds_no_small_count_of_a_sensitive_need(seed: int):
    found = district(seed)
    if withheld_altogether(found, everybody=True):
        return
    before = tables(found)
    shown = suppress(before, ["sakit"], {"sakit": found.cells.sum(axis=0)}, ["sakit"])
    assert not exposed(found, shown, "sakit", everybody=True)
    for table in shown.values():
        told = table[~table["sakit_suppressed"]]
        need, known = told["sakit_need"].to_numpy(float), told["sakit_known"].to_numpy(float)
        cells = np.column_stack([need, known - need, told["sakit_unknown"].to_numpy(float)])
        assert not ((cells > 0) & (cells < SMALLEST)).any()
        assert not ((need > 0) & (need == known)).any()


@pytest.mark.parametrize("seed", range(100, 130))
def test_nor_does_the_public_of_any_need_or_of_households(seed: int):
    found = district(seed)
    if withheld_altogether(found, everybody=False):
        return
    totals = {"sakit": found.cells.sum(axis=0), HOUSEHOLDS: np.array([found.cells.sum()])}
    shown = suppress(tables(found), [HOUSEHOLDS, "sakit"], totals)
    assert not exposed(found, shown, HOUSEHOLDS, everybody=False)
    assert not exposed(found, shown, "sakit", everybody=False)


def by_desa(need: list[int], rest: list[int], kecamatan: list[int]) -> District:
    n, places = len(need), max(kecamatan) + 1
    return District(
        np.vstack([np.column_stack([need, rest, [0] * n]), np.zeros((places + 1, 3), int)]),
        np.array([*kecamatan, *range(places + 1)]),
        n,
        {layer: np.append(["luar"] * n, ["tidak diketahui"] * (places + 1)) for layer in LAYERS},
    )


def test_hidden_desa_that_hold_three_together_take_another_along():
    # 25 in need are published, and 22 of them in two desa: the others hold three
    found = by_desa([1, 2, 10, 12, 30], [20, 20, 20, 30, 30], [0, 0, 0, 0, 1])
    totals = {"sakit": found.cells.sum(axis=0)}
    shown = suppress(tables(found), ["sakit"], totals, ["sakit"])
    assert shown["desa"]["sakit_suppressed"].tolist() == [True, True, True, False, False]
    assert not shown["kecamatan"]["sakit_suppressed"].any()


def test_that_everybody_is_ill_is_hidden_of_a_sensitive_need_alone():
    found = by_desa([14, 10, 12, 0], [0, 20, 20, 20], [0, 0, 0, 0])
    totals = {"sakit": found.cells.sum(axis=0)}
    told = suppress(tables(found), ["sakit"], totals)["desa"]["sakit_suppressed"]
    assert not told.any()
    hidden = suppress(tables(found), ["sakit"], totals, ["sakit"])["desa"]["sakit_suppressed"]
    # a neighbour goes with it, and who has nobody ill stays
    assert hidden[0]
    assert hidden.sum() == 2


def layer_of(needs: dict[str, int], parts: np.ndarray | None = None) -> dict[str, bool]:
    """Return which rows of one layer are withheld, in a district of one desa of a hundred households a row."""
    count = len(needs)
    need = pd.Series(list(needs.values()), dtype="int64")
    figures = {"households": 100, "x_known": 100, "x_need": need, "x_unknown": 0}
    codes = [f"d{place}" for place in range(count)]
    areas = {"kode_desa": codes, "kode_kecamatan": "k", "zone_a": "lain"}
    whole = {"households": [100 * count], "x_known": [100 * count], "x_need": [need.sum()], "x_unknown": [0]}
    tables = {
        "desa": gpd.GeoDataFrame({**areas, **figures}),
        "kecamatan": gpd.GeoDataFrame({"kode_kecamatan": ["k"], **whole}),
        "zones": gpd.GeoDataFrame({"layer": "a", "zone": list(needs), **figures}),
    }
    total = np.array([need.sum(), 100 * count - need.sum(), 0.0])
    shown = suppress(tables, ["x"], {"x": total}, ["x"], None if parts is None else {"x": parts})
    return dict(zip(needs, shown["zones"]["x_suppressed"].tolist(), strict=True))


def test_the_zones_of_a_layer_are_told_all_or_none():
    assert not any(layer_of({"pesisir": 40, "dekat": 20, "luar": 30}).values())
    assert all(layer_of({"pesisir": 40, "dekat": 2, "luar": 30}).values())


def test_a_small_rest_that_is_unknown_takes_only_what_lies_outside_along():
    told = layer_of({"pesisir": 40, "dekat": 20, "luar": 30, "tidak diketahui": 2})
    assert [told["luar"], told["tidak diketahui"]] == [True, True]


def test_what_is_left_of_a_zone_without_its_whole_desa_is_told_of_nobody():
    few = np.array([[0, 0, 0], [3, 90, 0], [30, 60, 0]], dtype=float)
    assert all(layer_of({"pesisir": 40, "dekat": 20, "luar": 30}, few).values())
    assert not any(layer_of({"pesisir": 40, "dekat": 20, "luar": 30}, few * 10).values())
