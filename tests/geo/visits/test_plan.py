"""Team-days: nobody twice, nobody lost, no day too long, the better-ranked first, and no position made up."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from geo.crs import MEASURING, STORING, to_degrees
from geo.errors import SettingsError
from geo.settings import VisitSettings
from geo.visits import VisitPlan, plan_visits
from geo.visits.plan import NO_ROAD, TOO_FAR
from geo.visits.tables import LEFT_OUT, VISITS
from geo.visits.travel import NO_WAY, Travel

SIDE = 3000
EAST, NORTH = 390_000, 9_236_000


def squares(count: int = 4) -> gpd.GeoDataFrame:
    """Return desa in a row, each a square of 3 km."""
    west = EAST + SIDE * np.arange(count)
    boxes = gpd.GeoSeries(shapely.box(west, NORTH, west + SIDE, NORTH + SIDE), crs=MEASURING).to_crs(STORING)
    kode = [f"99.01.01.200{number}" for number in range(count)]
    return gpd.GeoDataFrame({"kode_desa": kode, "nama_desa": [f"Desa {k}" for k in kode]}, geometry=boxes)


def houses(seed: int, count: int, desa: gpd.GeoDataFrame, *, located: float = 0.7) -> gpd.GeoDataFrame:
    """Return houses in random desa, some without a position, a few without a desa either."""
    random = np.random.default_rng(seed)
    where = random.integers(len(desa), size=count)
    x = EAST + SIDE * (where + random.random(count))
    lon, lat = to_degrees(x, NORTH + SIDE * random.random(count), MEASURING)
    points = np.where(random.random(count) < located, shapely.points(lon, lat), None)
    known = random.random(count) < 0.9
    return gpd.GeoDataFrame(
        {
            "sheet_row": np.arange(count) + 2,
            "kode_desa": pd.Series(desa["kode_desa"].to_numpy()[where]).where(known).astype("str"),
            "nama_desa": pd.Series(desa["nama_desa"].to_numpy()[where]).where(known).astype("str"),
            "dusun": random.choice(["Krajan", "Sawah", ""], count),
        },
        geometry=points,
        crs=STORING,
    )


def ranked(households: gpd.GeoDataFrame, seed: int = 0) -> pd.DataFrame:
    table = pd.DataFrame(households[["sheet_row", "kode_desa", "nama_desa"]])
    table = table.sample(frac=1, random_state=seed, ignore_index=True)
    return table.assign(rank=np.arange(1, len(table) + 1))


def plan(households: gpd.GeoDataFrame, desa: gpd.GeoDataFrame, **wishes: object) -> VisitPlan:
    wanted = VisitSettings.model_validate(wishes)
    return plan_visits(ranked(households), households, desa, MEASURING, wanted)


@limits(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    count=st.integers(0, 40),
    teams=st.integers(1, 3),
    days=st.integers(1, 3),
    day=st.sampled_from([30.0, 90.0, 360.0]),
    report=st.sampled_from([0.0, 20.0]),
    located=st.sampled_from([0.0, 0.5, 1.0]),
)
def test_everybody_is_in_one_team_day_or_left_out_and_no_day_is_too_long(
    seed, count, teams, days, day, report, located
):
    desa = squares()
    households = houses(seed, count, desa, located=located)
    made = plan(households, desa, teams=teams, days=days, minutes_a_day=day, minutes_a_desa=report)
    visits, left_out = made.visits, made.left_out
    assert sorted([*visits["sheet_row"], *left_out["sheet_row"]]) == sorted(households["sheet_row"])
    assert visits.dtypes.astype("str").to_dict() == VISITS
    assert left_out.dtypes.astype("str").to_dict() == LEFT_OUT
    assert visits["team"].between(1, teams).all()
    assert visits["day"].between(1, days).all()
    assert (left_out["reason"] != "").all()
    for _, one in visits.groupby(["day", "team"]):
        assert one["order"].tolist() == list(range(1, len(one) + 1))
        spent = one[["travel_minutes", "report_minutes", "visit_minutes", "return_minutes"]].to_numpy().sum()
        assert spent <= day + 1e-6
        last = one.iloc[-1]
        assert last["start_minute"] + last["visit_minutes"] + last["return_minutes"] == pytest.approx(spent)
        lone = one["kode_desa"].isna() * np.arange(1, len(one) + 1)
        group = one["kode_desa"].fillna("").to_numpy() + lone.astype("str").to_numpy()
        changes = np.concatenate([[True], group[1:] != group[:-1]])
        assert changes.sum() == len(set(group)), "a desa is entered once a day"
        assert ((one["report_minutes"] > 0).to_numpy() == (changes & (report > 0))).all()
        for _, within in one.groupby("kode_desa"):
            assert within["has_position"].is_monotonic_decreasing
            waiting = within.loc[~within["has_position"], "dusun"]
            assert (waiting != waiting.shift()).sum() == waiting.nunique()
    own = households.set_index("sheet_row").geometry.notna()
    assert (visits["has_position"].to_numpy() == own[visits["sheet_row"]].to_numpy()).all()


def test_the_same_question_has_the_same_answer():
    desa = squares()
    households = houses(3, 60, desa)
    first, again = (plan(households, desa, teams=2, days=2) for _ in range(2))
    pd.testing.assert_frame_equal(first.visits, again.visits)
    assert first.facts == again.facts


def test_what_all_can_be_visited_is_visited_and_a_desa_that_fits_a_day_is_not_split():
    desa = squares()
    households = houses(5, 24, desa, located=1.0)
    households["kode_desa"] = desa["kode_desa"].to_numpy()[np.arange(24) % 4]
    made = plan(households, desa, teams=2, days=5)
    assert made.left_out.empty
    assert made.facts["split_desa"] == 0
    assert made.facts["all_to_rank"] == 24
    days = made.visits.groupby("kode_desa")[["team", "day"]].nunique()
    assert (days.to_numpy() == 1).all()


def test_a_desa_that_no_day_holds_is_split_over_as_few_days_as_can_be():
    desa = squares(1)
    households = houses(1, 30, desa, located=1.0)
    households["kode_desa"] = desa["kode_desa"].iloc[0]
    made = plan(households, desa, teams=1, days=10)
    assert made.left_out.empty
    assert made.facts["team_days"] == 3
    assert made.facts["split_desa"] == 1


def test_when_time_is_short_the_better_ranked_are_kept():
    desa = squares(1)
    households = houses(1, 30, desa, located=1.0)
    households["kode_desa"] = desa["kode_desa"].iloc[0]
    # all at one spot, so that rank alone decides
    households.geometry = [households.geometry.iloc[0]] * 30
    made = plan(households, desa, teams=1, days=1)
    assert made.visits["rank"].max() == len(made.visits) < made.left_out["rank"].min()
    assert made.facts["all_to_rank"] == len(made.visits)
    assert set(made.left_out["reason"]) == {"tidak muat dalam waktu regu dan hari yang ada"}


def test_the_first_days_see_the_better_ranked():
    desa = squares()
    households = houses(2, 60, desa, located=1.0)
    visits = plan(households, desa, teams=2, days=5).visits
    means = visits.groupby(["day", "team"])["rank"].mean()
    assert means.is_monotonic_increasing


def test_a_house_without_a_position_is_reached_through_its_dusun_and_has_no_coordinates():
    desa = squares(2)
    households = houses(7, 2, desa, located=1.0)
    households["kode_desa"] = desa["kode_desa"].iloc[0]
    lon, lat = to_degrees([EAST + 100.0] * 2, [NORTH + 100.0] * 2, MEASURING)
    households.geometry = [shapely.Point(lon[0], lat[0]), None]
    near = households.assign(reference_lon=[None, lon[0]], reference_lat=[None, lat[0]])
    wanted = {"starts": ((lon[0], lat[0]),), "minutes_a_desa": 0.0}
    by_dusun, by_desa = plan(near, desa, **wanted), plan(households, desa, **wanted)
    assert by_dusun.facts["travel_minutes"] < by_desa.facts["travel_minutes"]
    assert by_dusun.visits["has_position"].tolist() == [True, False]
    assert not {"geometry", "lon", "lat", "x", "y"} & {*by_dusun.visits.columns}
    assert any("tanpa titik" in sentence for sentence in by_dusun.facts["assumptions"])


def test_who_cannot_be_placed_or_reached_is_left_out_with_the_reason():
    desa = squares(2)
    households = houses(1, 3, desa, located=1.0)
    households.loc[0, ["kode_desa", "nama_desa"]] = None
    lon, lat = to_degrees([EAST + 100.0, EAST + 100_000.0], [NORTH + 100.0] * 2, MEASURING)
    households.geometry = [None, shapely.Point(lon[0], lat[0]), shapely.Point(lon[1], lat[1])]
    households.loc[1:, "kode_desa"] = desa["kode_desa"].iloc[0]
    made = plan(households, desa, starts=((lon[0], lat[0]),))
    reasons = made.left_out.set_index("sheet_row")["reason"]
    assert reasons[2] == "desa dan letaknya belum diketahui"
    assert reasons[4] == "terlalu jauh dari tempat mulai untuk satu hari kerja"
    assert made.visits["sheet_row"].tolist() == [3]
    assert made.facts["reasons"] == dict.fromkeys(reasons, 1)


def test_where_no_road_leads_is_told_from_what_is_too_far(monkeypatch):
    desa = squares(2)
    households = houses(1, 3, desa, located=1.0)
    minutes = np.full((4, 4), 10.0)
    minutes[0, :], minutes[1, :] = NO_WAY, NO_WAY - 1
    np.fill_diagonal(minutes, 0.0)
    monkeypatch.setattr("geo.visits.plan.travel_minutes", lambda *_: Travel(minutes, ("Karangan.",)))
    left_out = plan(households, desa).left_out.sort_values("rank")
    assert left_out["reason"].tolist() == [NO_ROAD, TOO_FAR]


def test_a_visit_longer_than_a_day_leaves_everybody_out():
    desa = squares(1)
    made = plan(houses(1, 4, desa, located=1.0), desa, minutes_a_day=30.0, minutes_a_visit=31.0)
    assert made.visits.empty
    assert set(made.left_out["reason"]) == {"satu kunjungan lebih lama daripada satu hari kerja"}


def test_each_team_may_start_at_a_place_of_its_own():
    desa = squares()
    households = houses(4, 20, desa, located=1.0)
    west, east = (
        to_degrees([x], [NORTH + SIDE / 2], MEASURING) for x in (EAST + SIDE / 2, EAST + 3.5 * SIDE)
    )
    starts = tuple((float(lon[0]), float(lat[0])) for lon, lat in (west, east))
    visits = plan(households, desa, teams=2, days=5, starts=starts, minutes_a_desa=0.0).visits
    x = households.set_index("sheet_row").geometry.to_crs(MEASURING).x
    middle = visits.groupby("team")["sheet_row"].apply(lambda rows: x[rows].mean())
    assert middle[1] < middle[2]


def test_without_a_start_place_the_nearest_desa_to_all_is_named():
    desa = squares(3)
    households = houses(4, 30, desa, located=1.0)
    assert "Desa 99.01.01.2001" in plan(households, desa).facts["assumptions"][0]


@pytest.mark.parametrize("starts", [((109.0, -6.9), (109.1, -6.9), (109.2, -6.9)), ((-6.9, 109.0),)])
def test_start_places_that_fit_no_team_or_no_map_are_refused(starts):
    desa = squares(1)
    with pytest.raises(SettingsError):
        plan(houses(1, 1, desa), desa, starts=starts)


def test_nobody_to_visit_gives_an_empty_plan():
    desa = squares(1)
    made = plan(houses(1, 0, desa), desa)
    assert made.visits.empty
    assert made.left_out.empty
    assert made.facts["planned"] == made.facts["left_out"] == made.facts["mean_day_minutes"] == 0
    assert list(made.visits.columns) == list(VISITS)


def test_households_of_which_the_table_knows_nothing_are_looked_for_in_their_desa():
    desa = squares(1)
    households = houses(1, 2, desa, located=1.0).assign(kode_desa=desa["kode_desa"].iloc[0])
    chosen = ranked(households)
    made = plan_visits(chosen, households.iloc[:1].drop(columns="dusun"), desa, MEASURING, VisitSettings())
    assert made.visits["has_position"].tolist() == [True, False]


def test_the_totals_are_those_of_the_table():
    desa = squares()
    made = plan(houses(9, 50, desa), desa, teams=2, days=2)
    visits, facts = made.visits, made.facts
    assert facts["travel_minutes"] == pytest.approx(
        visits["travel_minutes"].sum() + visits["return_minutes"].sum(), abs=0.1
    )
    parts = facts["travel_minutes"] + facts["report_minutes"] + facts["visit_minutes"]
    assert facts["total_minutes"] == pytest.approx(parts, abs=0.2)
    assert facts["team_days"] == len(visits[["team", "day"]].drop_duplicates())
    assert facts["planned"] + facts["left_out"] == 50


def test_a_hundred_houses_of_a_real_district_are_shared_out_over_ten_team_days(real_data: Path):
    desa = gpd.read_file(real_data / "id3326_pekalongan.geojson").to_crs(STORING)
    desa = gpd.GeoDataFrame(
        {"kode_desa": [f"{n:04d}" for n in range(len(desa))], "nama_desa": ""}, geometry=desa.geometry
    )
    random = np.random.default_rng(1)
    some = desa.iloc[np.sort(random.choice(len(desa), 40, replace=False))]
    where = random.integers(len(some), size=100)
    points = some.geometry.representative_point().to_numpy()[where]
    points[::5] = None
    households = gpd.GeoDataFrame(
        {"sheet_row": np.arange(100), "kode_desa": some["kode_desa"].to_numpy()[where], "nama_desa": ""},
        geometry=points,
        crs=STORING,
    )
    made = plan(households, desa)
    assert made.facts["planned"] + made.facts["left_out"] == 100
    assert made.facts["planned"] > 40
    assert made.visits["rank"].mean() < made.left_out["rank"].mean()
    whole = made.visits.groupby(["team", "day"])[
        ["travel_minutes", "report_minutes", "visit_minutes", "return_minutes"]
    ]
    assert (whole.sum().sum(axis=1) <= 360 + 1e-6).all()
