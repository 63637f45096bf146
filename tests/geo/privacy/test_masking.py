"""Masked households: groups of enough that are alike, positions inside the desa, nothing that tells them apart."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geo.crs import MEASURING
from geo.privacy.masking import Masked, mask_households
from tests.geo.privacy.registers import (
    HOOK,
    KEY,
    NEEDS,
    ORIGIN,
    SQUARE,
    Register,
    desa_of,
    people_at,
    register,
    zones_of,
)

LAWS = settings(max_examples=12, deadline=None)
SEEDS = st.integers(0, 10_000)


def masked(found: Register, others: int = 5, key: bytes = KEY) -> Masked:
    return mask_households(
        found.households, found.desa, NEEDS, others, MEASURING, key, zones_of(found.households)
    )


@LAWS
@given(SEEDS, st.sampled_from([5, 9]))
def test_no_point_leaves_its_desa_at_any_rounding(seed: int, others: int):
    found = register(seed)
    table = masked(found, others).table
    placed = table[table.geometry.notna()]
    areas = found.desa.set_index("kode_desa").geometry
    for decimals in (6, 7):
        points = shapely.transform(placed.geometry.to_numpy(), lambda xy, to=decimals: np.round(xy, to))
        rounded = shapely.transform(areas.to_numpy(), lambda xy: np.round(xy, 7))
        for polygons in (areas, pd.Series(rounded, index=areas.index)):
            assert shapely.contains(polygons.reindex(placed["kode_desa"]).to_numpy(), points).all()


@LAWS
@given(SEEDS, st.sampled_from([5, 9]))
def test_groups_are_large_enough_and_alike(seed: int, others: int):
    table = masked(register(seed), others).table
    groups = table.drop(columns=["id", "geometry"]).groupby("kelompok", dropna=False)
    assert (groups.size() > others).all()
    assert (groups.size() == groups["anggota"].first()).all()
    columns = table.drop(columns=["id", "geometry"]).assign(placed=table.geometry.notna())
    assert len(columns.drop_duplicates()) == table["kelompok"].nunique()
    assert (table["ketelitian_m"].dropna() >= 100).all()


@LAWS
@given(SEEDS)
def test_every_household_is_told_once_as_it_is_or_counted(seed: int):
    found = register(seed)
    made = masked(found)
    assert len(made.table) + sum(made.left_out.values()) == len(found.households)
    assert made.truth.is_unique
    true = found.households.set_index("sheet_row").loc[made.truth.loc[made.table["id"]]]
    assert (true["kode_desa"].to_numpy() == made.table["kode_desa"].to_numpy()).all()
    for need in NEEDS:
        told = made.table[f"need_{need}"]
        assert (told.dropna().to_numpy() == true[f"need_{need}"].to_numpy()[told.notna()]).all()


@LAWS
@given(SEEDS)
def test_what_is_withheld_of_a_desa_is_withheld_of_its_households(seed: int):
    found = register(seed, hidden=0.4)
    table = masked(found).table
    gone = found.desa.loc[found.desa["households_suppressed"], "kode_desa"]
    assert not table["kode_desa"].isin(gone).any()
    for need in NEEDS:
        hidden = found.desa.loc[found.desa[f"{need}_suppressed"], "kode_desa"]
        assert table.loc[table["kode_desa"].isin(hidden), f"need_{need}"].isna().all()


@LAWS
@given(SEEDS)
def test_what_a_desa_leaves_over_tells_of_no_few(seed: int):
    """The figures of the desa less the groups that are told are those of the pool, with a place and without."""
    found = register(seed)
    made = masked(found)
    table = made.table.assign(placed=made.table.geometry.notna())
    true = found.households.set_index("sheet_row").loc[made.truth.loc[table["id"]]]
    hidden = found.desa.set_index("kode_desa")
    for need in NEEDS:
        answer = true[f"need_{need}"].astype("str").to_numpy()
        shown = ~hidden[f"{need}_suppressed"].reindex(table["kode_desa"]).to_numpy(bool)
        for rows in (shown, shown & table["kebutuhan_dirahasiakan"].to_numpy(bool)):
            counts = pd.Series(answer[rows]).groupby(
                [table["kode_desa"][rows].to_numpy(), table["placed"][rows].to_numpy(), answer[rows]]
            )
            assert (counts.size() >= 5).all()


@LAWS
@given(SEEDS)
def test_the_order_of_the_sheet_changes_nothing(seed: int):
    found = register(seed)
    shuffled = found.households.sample(frac=1, random_state=seed)
    other = masked(Register(shuffled.assign(sheet_row=np.arange(len(shuffled))), found.desa))
    assert_frame_equal(masked(found).table, other.table)


def test_another_key_draws_everything_anew():
    found = register(3)
    one, other = masked(found).table, masked(found, key=b"lain" * 8).table
    assert not {*one["id"]} & {*other["id"]}
    assert not {*one["kelompok"]} & {*other["kelompok"]}
    both = {*one.geometry.dropna().to_wkt()} & {*other.geometry.dropna().to_wkt()}
    assert not both


def test_a_change_in_one_desa_leaves_the_others_as_they_are():
    found = register(3)
    changed = found.households.copy()
    kode = masked(found).table["kode_desa"].iloc[0]
    first = changed.index[changed["kode_desa"] == kode][0]
    changed.loc[first, "need_rtlh"] = not changed.loc[first, "need_rtlh"]
    one, other = (masked(Register(rows, found.desa)).table for rows in (found.households, changed))
    one, other = (each[each["kode_desa"] != kode].reset_index(drop=True) for each in (one, other))
    assert len(one)
    assert_frame_equal(one, other)


def alike(xy: np.ndarray, shape: shapely.Geometry = SQUARE) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    desa = desa_of([shape])
    return people_at(desa, 0, xy, {need: [True] * len(xy) for need in NEEDS}), desa


def test_houses_on_one_spot_do_not_give_it_away():
    households, desa = alike(np.repeat([[400.0, 420.0]], 60, axis=0))
    table = masked(Register(households, desa)).table
    away = table.to_crs(MEASURING).distance(shapely.Point(ORIGIN + np.array([400, 420])))
    assert (table["ketelitian_m"] == 100).all()
    assert away.median() > 50
    assert away.max() <= 100 * (1 + 0.5**0.5 / 4)


def test_members_that_change_places_within_a_group_change_nothing():
    corners = np.array([[500.0, 500], [540, 500], [500, 540], [540, 540], [520, 500], [520, 540]])
    one, desa = alike(corners)
    other, _ = alike(corners[::-1])
    assert_frame_equal(masked(Register(one, desa)).table, masked(Register(other, desa)).table)


@pytest.mark.parametrize("many", [1, 5])
def test_a_desa_of_few_is_left_out_and_counted(many: int):
    households, desa = alike(np.full((many, 2), 400.0))
    made = masked(Register(households, desa))
    assert made.table.empty
    assert sum(made.left_out.values()) == many
    assert made.table.crs == "EPSG:4326"


def test_a_desa_narrower_than_the_rounding_has_no_positions():
    sliver = shapely.box(0, 0, 0.03, 1_000)
    xy = np.column_stack([np.full(12, 0.015), np.linspace(10, 900, 12)])
    table = masked(Register(*alike(xy, sliver))).table
    assert len(table) == 12
    assert table.geometry.isna().all()
    assert table["ketelitian_m"].isna().all()


def test_points_beyond_the_border_are_told_inside():
    xy = np.column_stack([np.linspace(-40, 20, 12), np.full(12, 30.0)])
    table = masked(Register(*alike(xy, HOOK))).table
    inside = desa_of([HOOK]).geometry.iloc[0]
    assert shapely.contains(inside, table.geometry.to_numpy()).all()


def test_a_few_without_a_point_take_others_along():
    xy = np.random.default_rng(1).uniform(100, 900, (40, 2))
    xy[:2] = np.nan
    table = masked(Register(*alike(xy))).table
    assert table.geometry.isna().sum() == 6


def test_small_classes_go_to_a_pool_with_members_of_a_larger_one():
    desa = desa_of([SQUARE])
    xy = np.random.default_rng(2).uniform(100, 900, (40, 2))
    rtlh = [True] * 15 + [False] * 25
    jamban = [True] * 7 + [False] * 8 + [True] * 2 + [False] * 23
    households = people_at(desa, 0, xy, {"rtlh": rtlh, "jamban": jamban})
    made = masked(Register(households, desa))
    pool = made.table[made.table["kebutuhan_dirahasiakan"]]
    rows = made.truth.loc[pool["id"]]
    assert {22 - 5, 23 - 5} <= {*rows}
    assert len(pool) >= 6
    assert pool[["need_rtlh", "need_jamban"]].isna().all().all()


def test_where_nobody_is_told_how_many_have_a_point_it_cannot_be_counted():
    xy = np.random.default_rng(1).uniform(100, 900, (60, 2))
    xy[:20] = np.nan
    households, desa = alike(xy)
    assert masked(Register(households, desa)).table.geometry.isna().sum() == 20
    desa["located"] = pd.array([pd.NA], "Int64")
    went = {
        int(masked(Register(households, desa), key=bytes([key]) * 32).table.geometry.isna().sum())
        for key in range(8)
    }
    assert min(went) >= 25
    assert len(went) > 2
