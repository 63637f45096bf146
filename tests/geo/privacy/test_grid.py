"""The grid: cells of many, which cover the desa and add up to it, and leave nothing of few over."""

import geopandas as gpd
import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geo.crs import MEASURING
from geo.privacy.grid import CELL, REST, grid_cells
from tests.geo.privacy.registers import (
    NEEDS,
    SQUARE,
    Register,
    desa_of,
    masked,
    people_at,
    register,
    told_as_many,
)

LAWS = settings(max_examples=12, deadline=None)
SEEDS = st.integers(0, 10_000)
PARTS = ("known", "need", "unknown")


def cells(found: Register, cell_m: float = 100.0) -> gpd.GeoDataFrame:
    return grid_cells(rows_of(found), found.desa, NEEDS, cell_m, MEASURING)


def rows_of(found: Register) -> gpd.GeoDataFrame:
    return masked(found).table


def figures(rows: pd.DataFrame, need: str) -> np.ndarray:
    known, yes, unknown = (rows[f"{need}_{part}"].dropna().to_numpy(int) for part in PARTS)
    return np.concatenate([yes, known - yes, unknown])


@LAWS
@given(SEEDS, st.sampled_from([25.0, 100.0, 5_000.0]))
def test_no_count_is_of_few(seed: int, cell_m: float):
    table = cells(register(seed), cell_m)
    assert (table["households"] >= 5).all()
    for need in NEEDS:
        counts = figures(table, need)
        assert not ((counts > 0) & (counts < 5)).any()


@LAWS
@given(SEEDS)
def test_the_rows_of_a_desa_add_up_to_it(seed: int):
    found = register(seed, hidden=0.3)
    table = cells(found)
    desa = found.desa.set_index("kode_desa")
    sums = table.groupby("kode_desa")
    people = found.households.groupby("kode_desa")
    assert (sums["households"].sum() == people.size().reindex(sums.size().index)).all()
    for need in NEEDS:
        hidden = desa[f"{need}_suppressed"].reindex(table["kode_desa"]).to_numpy(bool)
        assert table.loc[hidden, [f"{need}_{part}" for part in PARTS] + [f"{need}_rate"]].isna().all().all()
        shown = table[~hidden].groupby("kode_desa")[f"{need}_need"].sum()
        assert (shown == people[f"need_{need}"].sum().reindex(shown.index)).all()
    assert not desa["households_suppressed"].reindex(table["kode_desa"]).any()


@LAWS
@given(SEEDS)
def test_cells_lie_in_their_desa_and_not_on_each_other(seed: int):
    found = register(seed)
    table = cells(found)
    metric = found.desa.set_index("kode_desa").geometry.to_crs(MEASURING)
    drawn = table[table["kind"] == CELL]
    assert (drawn.geometry.notna() & ~drawn.geometry.is_empty & drawn.geometry.is_valid).all()
    assert {*drawn.geom_type} <= {"Polygon", "MultiPolygon"}
    assert table.loc[table["kind"] == REST].geometry.isna().all()
    assert table["id"].is_unique
    for kode, mine in drawn.to_crs(MEASURING).groupby("kode_desa"):
        whole = metric[kode]
        assert np.isclose(mine.area.sum(), whole.area, rtol=1e-6)
        assert np.isclose(mine.union_all().area, whole.area, rtol=1e-6)
        assert mine.union_all().difference(whole.buffer(0.01)).is_empty


@LAWS
@given(SEEDS)
def test_whoever_has_the_masked_households_and_the_desa_can_count_it(seed: int):
    found = register(seed)
    table, rows = cells(found), rows_of(found)
    told = rows[rows.geometry.notna() & ~rows["kebutuhan_dirahasiakan"]].to_crs(MEASURING)
    drawn = table[table["kind"] == CELL].to_crs(MEASURING)
    for _, cell in drawn.iterrows():
        inside = told[told.within(cell.geometry.buffer(0.01))]
        assert len(inside) == cell["households"]
        for need in NEEDS:
            if pd.notna(cell[f"{need}_need"]):
                answers = inside[f"need_{need}"]
                assert (answers.sum(), answers.count()) == (cell[f"{need}_need"], cell[f"{need}_known"])
    assert drawn["households"].sum() == len(told)
    assert table["kode_desa"].drop_duplicates().sort_values().tolist() == sorted({*rows["kode_desa"]})


def test_the_order_of_the_sheet_changes_nothing():
    found = register(4)
    shuffled = Register(found.households.sample(frac=1, random_state=1), found.desa)
    assert_frame_equal(cells(found), cells(shuffled))


def test_many_households_are_told_in_small_cells():
    desa = desa_of([SQUARE])
    xy = np.random.default_rng(1).uniform(0, 1_000, (1_000, 2))
    people = people_at(desa, 0, xy, {need: [True] * 1_000 for need in NEEDS})
    table = cells(Register(people, told_as_many(desa, people)))
    assert len(table) > 50
    assert table["side_m"].min() == 100


def test_an_empty_register_has_no_cells():
    found = register(1)
    assert cells(Register(found.households.iloc[:0], found.desa)).empty
