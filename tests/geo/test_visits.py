"""Team-days: nobody twice, nobody lost, the ways within a day short."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.crs import MEASURING, STORING, to_degrees
from geo.visits import plan_visits


@pytest.fixture
def households() -> gpd.GeoDataFrame:
    rng = np.random.default_rng(1)
    lon, lat = to_degrees(390_000 + rng.uniform(0, 900, 40), 9_236_000 + rng.uniform(0, 900, 40))
    points = np.where(np.arange(40) % 5 == 0, None, shapely.points(lon, lat))
    kode = pd.Series(["a"] * 25 + ["b"] * 13 + [None] * 2, dtype="str")
    return gpd.GeoDataFrame(
        {"sheet_row": np.arange(40) + 2, "kode_desa": kode, "nama_desa": kode}, geometry=points, crs=STORING
    )


@pytest.fixture
def priorities(households: gpd.GeoDataFrame) -> pd.DataFrame:
    table = pd.DataFrame(households.drop(columns="geometry")).sample(
        frac=1, random_state=2, ignore_index=True
    )
    return table.assign(rank=np.arange(1, len(table) + 1))


@pytest.mark.parametrize(("teams", "days", "a_day"), [(2, 3, 4), (1, 1, 100), (3, 1, 1)])
def test_every_household_is_in_one_team_day_or_left_out(priorities, households, teams, days, a_day):
    plan, left_out = plan_visits(
        priorities, households, MEASURING, teams=teams, days=days, households_a_day=a_day
    )
    assert sorted([*plan["sheet_row"], *left_out["sheet_row"]]) == sorted(priorities["sheet_row"])
    assert len(plan) == min(len(priorities), teams * days * a_day)
    assert plan["rank"].max() < left_out["rank"].min() if len(left_out) else True
    assert plan["team"].between(1, teams).all()
    assert plan["day"].between(1, days).all()
    for _, one in plan.groupby(["day", "team"]):
        assert one["order"].tolist() == list(range(1, len(one) + 1))


def test_within_a_desa_those_without_a_position_come_last(priorities, households):
    plan, _ = plan_visits(priorities, households, MEASURING, teams=1, days=1, households_a_day=99)
    for _, desa in plan.groupby("kode_desa", dropna=False):
        assert desa["has_position"].is_monotonic_decreasing
    first = households.set_index("sheet_row").geometry[plan["sheet_row"].iloc[0]]
    assert first.y == households.geometry[households["kode_desa"] == "a"].y.max()


def test_the_next_house_is_the_nearest_one_not_yet_seen(priorities, households):
    plan, _ = plan_visits(priorities, households, MEASURING, teams=1, days=1, households_a_day=99)
    way = plan[(plan["kode_desa"] == "a") & plan["has_position"]]["sheet_row"]
    spots = households.set_index("sheet_row").geometry.to_crs(MEASURING)[way].to_list()
    for place, here in enumerate(spots[:-1]):
        ahead = [here.distance(other) for other in spots[place + 1 :]]
        assert ahead[0] == pytest.approx(min(ahead))


def test_nobody_to_visit_gives_an_empty_plan(priorities, households):
    plan, left_out = plan_visits(
        priorities.iloc[:0], households, MEASURING, teams=2, days=2, households_a_day=5
    )
    assert plan.empty
    assert left_out.empty
    assert "has_position" in plan


def test_a_house_without_a_point_is_looked_for_when_its_dusun_is_passed(priorities, households):
    waiting = households.index[households["kode_desa"].eq("a") & households.geometry.isna()][0]
    beside = households.index[households["kode_desa"].eq("a") & households.geometry.notna()][0]
    reference = pd.DataFrame(np.nan, index=households.index, columns=["reference_lon", "reference_lat"])
    spot = households.geometry[beside]
    reference.loc[waiting] = [spot.x, spot.y]
    plan, _ = plan_visits(
        priorities, households.join(reference), MEASURING, teams=1, days=1, households_a_day=99
    )
    order = plan.set_index("sheet_row")["order"]
    rows = households["sheet_row"]
    assert abs(order[rows[waiting]] - order[rows[beside]]) == 1
    assert not plan.set_index("sheet_row")["has_position"][rows[waiting]]
