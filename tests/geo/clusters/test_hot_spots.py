"""Hot spots of desa: what is tested, what is not and why, and laws that hold in any district."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array, lil_array

from geo.clusters.hot_spots import COLUMNS, find_hot_spots
from geo.clusters.standardised import standardised_rates
from geo.neighbours import Neighbours
from geo.settings import HotSpotSettings

WIDE, HIGH = 8, 7
SETTINGS = HotSpotSettings(permutations=9_999)


def rook(wide: int = WIDE, high: int = HIGH) -> Neighbours:
    x, y = np.tile(np.arange(wide), high), np.repeat(np.arange(high), wide)
    steps = np.abs(x[:, None] - x) + np.abs(y[:, None] - y)
    return Neighbours(csr_array(steps == 1), "rook", "berbatasan sisi", np.zeros(wide * high, dtype=bool))


def queen() -> Neighbours:
    x, y = np.tile(np.arange(WIDE), HIGH), np.repeat(np.arange(HIGH), WIDE)
    steps = np.maximum(np.abs(x[:, None] - x), np.abs(y[:, None] - y))
    return Neighbours(csr_array(steps == 1), "queen", "berbatasan", np.zeros(WIDE * HIGH, dtype=bool))


def desa(seed: int = 1, ratio: float = 3.0) -> pd.DataFrame:
    """Return a grid of desa of uneven sizes; in the corner block of 3 x 3, need is more frequent."""
    rng = np.random.default_rng(seed)
    x, y = np.tile(np.arange(WIDE), HIGH), np.repeat(np.arange(HIGH), WIDE)
    known = np.maximum(rng.lognormal(4, 1, WIDE * HIGH).astype(int), 5)
    rate = np.where((x < 3) & (y < 3), 0.2 * ratio, 0.2)
    return pd.DataFrame({
        "kode_desa": [f"99.01.01.2{number:03}" for number in range(len(known))],
        "rtlh_known": known, "rtlh_need": rng.binomial(known, rate), "rtlh_enough": True,
    })  # fmt: skip


def found(frame: pd.DataFrame, neighbours: Neighbours, *others: Neighbours, **given_: object) -> pd.DataFrame:
    chosen = SETTINGS.model_copy(update=given_)
    return find_hot_spots(frame, ["rtlh"], neighbours, others, chosen, seed=1)


def without(neighbours: Neighbours, row: int) -> Neighbours:
    matrix = lil_array(neighbours.matrix)
    matrix[row, :] = False
    matrix[:, row] = False
    bare = matrix.tocsr()
    bare.eliminate_zeros()
    return replace(neighbours, matrix=bare, islands=bare.sum(axis=1) == 0)


def test_planted_cluster_is_hot_and_the_far_end_is_not():
    table = found(desa(), queen(), rook())
    hot = table["gi_class"].to_numpy().reshape(HIGH, WIDE) == "panas"
    assert hot[:2, :2].all()
    assert not hot[4:, 4:].any()
    assert list(table.columns) == list(COLUMNS)
    assert (table["untested"] == "").all()
    assert (table.loc[table["gi_class"] == "panas", "gi_z"] > 0).all()
    assert (table.loc[table["gi_class"] == "dingin", "gi_z"] < 0).all()
    assert table["moran_class"].iloc[0] == "tinggi-tinggi"
    assert (table["gi_q"] >= table["gi_p"]).all()


def test_tested_are_standardised_rates_of_desa_with_enough():
    frame = desa()
    frame.loc[5:9, "rtlh_enough"] = False
    table, enough = found(frame, rook()), frame["rtlh_enough"].to_numpy()
    expected = standardised_rates(
        frame["rtlh_need"].to_numpy()[enough], frame["rtlh_known"].to_numpy()[enough]
    )
    assert table["value"][enough].to_numpy() == pytest.approx(expected)
    assert table["value"][~enough].isna().all()
    assert (table["untested"] != "").tolist() == (~enough).tolist()
    assert table["untested"][5] == "terlalu sedikit rumah tangga yang datanya diketahui"
    assert table["neighbours"][4] == 2  # of three, one has too few
    assert (table["gi_class"][~enough] == "").all()


def test_desa_with_too_few_are_as_good_as_absent():
    frame, whole = desa(), rook()
    frame.loc[[3, 20, 21], "rtlh_enough"] = False
    rest = np.flatnonzero(frame["rtlh_enough"])
    part = replace(whole, matrix=whole.matrix[rest][:, rest], islands=whole.islands[rest])
    alone = found(frame.iloc[rest].reset_index(drop=True), part)
    pd.testing.assert_frame_equal(found(frame, whole).iloc[rest].reset_index(drop=True), alone)


def test_islands_and_desa_among_unknown_ones_say_why_they_are_not_tested():
    frame, bare = desa(), without(rook(), 0)
    frame.loc[[WIDE - 2, 2 * WIDE - 1], "rtlh_enough"] = False  # the neighbours of the corner
    table = found(frame, bare)
    assert table["untested"][0] == "tidak punya desa tetangga (aturan: berbatasan sisi)"
    assert table["untested"][WIDE - 1] == "data semua desa tetangganya terlalu sedikit"
    assert table.loc[[0, WIDE - 1], ["gi_z", "gi_p", "gi_q", "moran_i", "moran_p"]].isna().all(axis=None)
    assert not table.loc[[0, WIDE - 1], "value"].isna().any()


def test_where_all_rates_are_alike_nothing_is_hot():
    frame = desa().assign(rtlh_known=50, rtlh_need=10)
    table = found(frame, rook(), queen())
    assert (table["gi_class"] == "").all()
    assert (table["untested"] == "angka semua desa sama").all()


def test_where_everybody_is_a_neighbour_nothing_can_be_tested():
    everybody = Neighbours(
        csr_array(~np.eye(4, dtype=bool)), "knn:9", "9 desa terdekat", np.zeros(4, dtype=bool)
    )
    table = found(desa().head(4), everybody)
    assert (table["untested"] == "semua desa lain yang diuji adalah tetangganya").all()


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_hardly_any_desa_is_no_fault(rows):
    frame = desa().head(rows)
    part = replace(rook(), matrix=rook().matrix[:rows][:, :rows], islands=np.zeros(rows, dtype=bool))
    assert (found(frame, part)["gi_class"] == "").all()
    none = frame.assign(rtlh_known=0, rtlh_need=0, rtlh_enough=False)
    assert (found(none, part)["untested"] != "").all()


def test_a_hot_spot_says_under_which_other_rules_it_stays():
    nobody = Neighbours(
        csr_array((WIDE * HIGH, WIDE * HIGH), dtype=bool),
        "distance:1",
        "dekat",
        np.ones(WIDE * HIGH, dtype=bool),
    )
    table = found(desa(), rook(), queen(), nobody, rook())
    classed = table["gi_class"] != ""
    assert (table.loc[~classed, "stays"] == "").all()
    assert table.loc[classed, "stays"].str.endswith("berbatasan sisi").all()  # the rule itself, tried again
    assert not table["stays"].str.contains("dekat").any()
    again = found(desa(), queen())["gi_class"]
    assert (table["stays"].str.contains("berbatasan,") == (again == table["gi_class"]) & classed).all()


def test_without_correction_every_test_stands_alone():
    frame = desa(seed=5, ratio=1.0)
    alone, together = found(frame, rook(), correction="none"), found(frame, rook())
    assert ((alone["gi_class"] != "") == (alone["gi_p"] <= 0.05)).mean() > 0.9
    assert (alone["gi_class"] != "").sum() > (together["gi_class"] != "").sum()
    pd.testing.assert_series_equal(alone["gi_q"], together["gi_q"])


def test_indicators_are_tested_apart_and_in_order():
    frame = desa()
    two = frame.assign(**{f"jamban_{of}": frame[f"rtlh_{of}"] for of in ("known", "need", "enough")})
    table = find_hot_spots(two, ["jamban", "rtlh"], rook(), [], SETTINGS, seed=1)
    assert table["indicator"].tolist() == ["jamban"] * len(frame) + ["rtlh"] * len(frame)
    assert table["kode_desa"].tolist() == frame["kode_desa"].tolist() * 2
    assert table["gi_q"].head(len(frame)).tolist() == table["gi_q"].tail(len(frame)).tolist()
    nothing = find_hot_spots(two, [], rook(), [], SETTINGS, seed=1)
    assert (list(nothing.columns), len(nothing)) == (list(COLUMNS), 0)


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_desa_does_not_decide(random):
    order = list(range(WIDE * HIGH))
    random.shuffle(order)
    frame, whole = desa(seed=3), rook()
    shuffled = replace(whole, matrix=whole.matrix[order][:, order])
    before = found(frame, whole).iloc[order].reset_index(drop=True)
    after = found(frame.iloc[order].reset_index(drop=True), shuffled)
    assert after["kode_desa"].tolist() == before["kode_desa"].tolist()
    assert after["gi_z"].to_numpy() == pytest.approx(before["gi_z"].to_numpy(), abs=1e-9)
    error = 2 * 6 * np.sqrt(before["gi_p"].clip(0.001) / SETTINGS.permutations)
    assert ((after["gi_p"] - before["gi_p"]).abs() <= error).all()


def test_the_same_seed_gives_the_same():
    pd.testing.assert_frame_equal(found(desa(), rook(), queen()), found(desa(), rook(), queen()))


def test_need_at_random_among_households_is_rarely_taken_for_a_cluster_though_small_desa_lie_together():
    rng, side, runs, found_any = np.random.default_rng(6), 12, 60, 0
    x, y = np.tile(np.arange(side), side), np.repeat(np.arange(side), side)
    remote = np.exp(-((x - 3) ** 2 + (y - 3) ** 2) / 8)
    frame = pd.DataFrame({"kode_desa": [f"99.01.01.2{number:03}" for number in range(side**2)]})
    for _ in range(runs):
        known = np.maximum(rng.lognormal(5.5 - 3.5 * remote, 0.5), 5).astype(int)
        frame = frame.assign(rtlh_known=known, rtlh_need=rng.binomial(known, 0.2), rtlh_enough=True)
        found_any += (found(frame, rook(side, side))[["gi_class", "moran_class"]] != "").any(axis=None)
    assert found_any <= 0.05 * runs + 2.5 * np.sqrt(0.05 * 0.95 * runs)  # of raw rates: 13
