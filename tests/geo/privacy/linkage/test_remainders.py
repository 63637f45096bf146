"""What cells and zones have besides whole groups: a grid of houses gives it away, one of positions does not."""

from itertools import combinations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geo.crs import MEASURING
from geo.privacy.grid import CELL, grid_cells
from geo.privacy.linkage.remainders import link_remainders
from geo.privacy.linkage.report import Attack
from geo.privacy.masking import Masked
from geo.privacy.remainders import parts_of
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


def grid_of_houses(found: Register) -> gpd.GeoDataFrame:
    """Return the naive grid: as many cells as tell of no few, but of where the households live."""
    houses = found.households.assign(kebutuhan_dirahasiakan=False)
    return grid_cells(houses[houses["kode_desa"].notna()], found.desa, NEEDS, 100.0, MEASURING)


def crowd(seed: int, many: int = 900) -> Register:
    """Return a desa full of households, of which every fourth and every fifth or so is in need."""
    random = np.random.default_rng(seed)
    desa = desa_of([SQUARE])
    needs = {
        need: (random.random(many) < share).tolist() for need, share in zip(NEEDS, (0.25, 0.2), strict=True)
    }
    people = people_at(desa, 0, random.uniform(0, 1_000, (many, 2)), needs)
    return Register(people, told_as_many(desa, people))


def hamlets() -> Register:
    """Return a desa along a road, all of them alike: six, then two and a little further ten, then twenty-four."""
    east = np.repeat([500.0, 1_900.0, 2_100.0, 3_500.0], [6, 2, 10, 24])
    desa = desa_of([shapely.box(0, 0, 4_000, 4_000)])
    people = people_at(
        desa, 0, np.column_stack([east, np.full(42, 2_000.0)]), {need: [True] * 42 for need in NEEDS}
    )
    return Register(people, told_as_many(desa, people))


def attacked(found: Register, cells: gpd.GeoDataFrame, release: Masked) -> Attack:
    released = {"desa": found.desa, "kisi": cells, "rumah_tangga": release.table}
    return link_remainders(released, found.households, NEEDS, release.truth, MEASURING)[0]


def test_a_grid_of_houses_fails():
    found = crowd(1)
    assert attacked(found, grid_of_houses(found), masked(found)).found > 0


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_the_grid_passes(seed: int, crowded: bool):
    found = crowd(seed, 300) if crowded else register(seed)
    release = masked(found)
    cells = grid_cells(release.table, found.desa, NEEDS, 100.0, MEASURING)
    attack = attacked(found, cells, release)
    assert attack.tried == (cells["kind"] == CELL).sum()
    assert attack.passed


def surely_inside(rows: gpd.GeoDataFrame, cells: gpd.GeoDataFrame, desa: shapely.Geometry) -> dict[str, int]:
    """Return the groups of which every circle that fits their positions lies in one cell (index of the cell).

    Released and published are the radius, of whose fourth part the centre is a multiple, and the desa.
    """
    found = {}
    shapes = shapely.buffer(cells.geometry.to_numpy(), 0.5)
    for group, members in rows.groupby("kelompok"):
        radius = float(members["ketelitian_m"].iloc[0])
        xy = np.column_stack([members.geometry.x, members.geometry.y])
        around = np.round(xy.mean(axis=0) / (radius / 4)) + np.stack(
            np.meshgrid(np.arange(-8, 9), np.arange(-8, 9)), axis=-1
        ).reshape(-1, 2)
        centres = around * radius / 4
        fits = (np.hypot(*(centres[:, None] - xy).T) <= radius + 0.2).all(axis=0)
        region = shapely.union_all(shapely.buffer(shapely.points(centres[fits]), radius * 1.001))
        inside = np.flatnonzero(shapely.covers(shapes, shapely.intersection(region, desa)))
        if inside.size:
            found[str(group)] = int(inside[0])
    return found


def few_left(found: Register, release: Masked, table: gpd.GeoDataFrame) -> list[tuple[int, int]]:
    """Return what is left of each cell where that is one to four, and how many households live there truly."""
    rows = release.table[release.table.geometry.notna()].to_crs(MEASURING)
    cells = table[table["kind"] == CELL].to_crs(MEASURING).reset_index(drop=True)
    at = rows["kelompok"].map(surely_inside(rows, cells, found.desa.to_crs(MEASURING).geometry.iloc[0]))
    houses = found.households.to_crs(MEASURING).set_index("sheet_row").geometry
    outcome = []
    for number, cell in cells.iterrows():
        taken = rows.loc[(at == number).to_numpy(), "id"]
        left = int(cell["households"]) - len(taken)
        if len(taken) and 0 < left < 5:
            living = houses.index[houses.within(cell.geometry.buffer(1e-6))]
            outcome.append((left, len({*living} - {*release.truth.loc[taken]})))
    return outcome


def test_circles_that_lie_in_a_cell_give_a_grid_of_houses_away():
    """With nothing but what is released: so many are left, and truly there."""
    found = hamlets()
    release = masked(found)
    assert few_left(found, release, grid_of_houses(found)) == [(2, 2)]
    released = grid_cells(release.table, found.desa, NEEDS, 100.0, MEASURING)
    assert all(left != living for left, living in few_left(found, release, released))
    assert attacked(found, grid_of_houses(found), release).found
    assert attacked(found, released, release).passed


def in_zones(seed: int, zones: int = 3) -> Register:
    """Return a register with strips for zones, which cut desa without regard to who lives there."""
    found = register(seed, most=150)
    random = np.random.default_rng(seed)
    east = found.households.geometry.to_crs(MEASURING).x
    borders = np.sort(random.uniform(east.min(), east.max(), zones - 1))
    words = np.array(["pesisir", "dekat", "luar", "hutan"])[np.searchsorted(borders, east.fillna(east.max()))]
    return Register(found.households.assign(zone_coastal=words), found.desa)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([2, 3, 4]))
@example(4419, 4)  # three zones that no single group joins
def test_no_zone_nor_zones_together_have_few_besides_whole_groups(seed: int, zones: int):
    """Of every union of zones that is published: each household by itself, counted anew."""
    found = in_zones(seed, zones)
    release = masked(found)
    people, codes = found.households, found.desa.set_index("kode_desa")
    by_row = pd.Series(release.truth.index, index=release.truth.to_numpy())
    rows = release.table.set_index("id").reindex(people["sheet_row"].map(by_row))
    placed, group = rows.geometry.notna().to_numpy(), rows["kelompok"].reset_index(drop=True)
    open_needs = placed & (rows["kebutuhan_dirahasiakan"] == False).to_numpy(bool)  # noqa: E712 - missing is not
    zone, desa = people["zone_coastal"].to_numpy(), people["kode_desa"].reset_index(drop=True)
    parts = parts_of(people, NEEDS)
    for column in range(parts.shape[1]):
        measure = "households" if column == 0 else NEEDS[(column - 1) // 3]
        told = ~desa.map(codes[f"{measure}_suppressed"]).astype("boolean").fillna(value=True).to_numpy(bool)
        may = told & (placed if column == 0 else open_needs)

        def left_of(inside: np.ndarray, may: np.ndarray, told: np.ndarray, column: int) -> tuple[int, int]:
            whole = told & ~desa.isin({*desa[~inside]}).to_numpy()
            grouped = inside & may & ~whole & ~group.isin({*group[placed & ~inside]}).to_numpy()
            besides = parts[inside & ~whole, column].sum()
            return besides, besides - parts[grouped, column].sum()

        published = [word for word in {*zone} if not 0 < left_of(zone == word, may, told, column)[0] < 5]
        for many in range(1, len(published) + 1):
            for together in combinations(published, many):
                before, left = left_of(np.isin(zone, together), may, told, column)
                assert left in {before, 0} or left >= 5


def test_a_group_that_corners_few_of_a_zone_loses_its_position():
    desa = desa_of([SQUARE])
    middle = np.column_stack([np.full(60, 200.0), np.linspace(100, 900, 60)])
    people = people_at(desa, 0, middle, {need: [True] * 60 for need in NEEDS})
    found = Register(people, told_as_many(desa, people))
    assert masked(found).table.geometry.notna().all()
    # six or seven in a group, from the south: with the first two groups inside, few more are
    zone = np.where(np.arange(60) < 15, "pesisir", "luar")
    release = masked(Register(people.assign(zone_coastal=zone), found.desa))
    gone = release.table[release.table.geometry.isna()]
    assert 0 < gone["kelompok"].nunique() <= 3
    assert gone["ketelitian_m"].isna().all()
    assert len(release.table) == 60


def test_zones_of_a_naive_release_fail():
    desa = desa_of([SQUARE])
    middle = np.column_stack([np.full(60, 200.0), np.linspace(100, 900, 60)])
    people = people_at(desa, 0, middle, {need: [True] * 60 for need in NEEDS})
    found = Register(people, told_as_many(desa, people))
    naive = masked(found)
    zone = np.where(np.arange(60) < 15, "pesisir", "luar")
    figures = {f"{need}_{part}": [15, 45] for need in NEEDS for part in ("known", "need")}
    figures |= {f"{need}_unknown": [0, 0] for need in NEEDS}
    zones = gpd.GeoDataFrame(
        {"layer": "coastal", "zone": ["pesisir", "luar"], "households": [15, 45], **figures},
        geometry=[None, None],
    )
    known = people.assign(zone_coastal=zone)
    release = masked(Register(known, found.desa))
    outcome = []
    for each in (naive, release):
        released = {"desa": found.desa, "zona": zones, "rumah_tangga": each.table}
        outcome.append(link_remainders(released, known, NEEDS, each.truth, MEASURING)[0].passed)
    assert outcome == [False, True]


def test_the_order_of_the_sheet_changes_nothing_beside_zones():
    found = in_zones(7)
    shuffled = found.households.sample(frac=1, random_state=2)
    assert_frame_equal(masked(found).table, masked(Register(shuffled, found.desa)).table)
