"""Circles of houses: only those with a position of their own, all of them against those in need."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.clusters.scan import Cluster, Scan, scan_households
from geo.clusters.scan import households as scan_of_houses
from geo.clusters.scan.households import PLACE_M, Houses, gather, spread
from geo.clusters.scan.likelihood import Model
from geo.clusters.scan.table import scan_table
from geo.crs import MEASURING, STORING
from geo.settings import ScanSettings

SETTINGS = ScanSettings(household_replicates=99, household_share=0.2)
ORIGIN = np.array([350_000.0, 9_230_000.0])


def people(points: np.ndarray, need: np.ndarray) -> gpd.GeoDataFrame:
    """Return households at points (metres east and north of a corner), two desa."""
    east = points[:, 0] > 2500
    return gpd.GeoDataFrame(
        {
            "kode_desa": np.where(east, "99.01.01.2002", "99.01.01.2001"),
            "nama_desa": np.where(east, "Timur", "Barat"),
            "nama_kecamatan": "Kecontohan",
            "need_rtlh": pd.array(need, "boolean"),
        },
        geometry=gpd.GeoSeries(shapely.points(points + ORIGIN), crs=MEASURING).to_crs(STORING),
        crs=STORING,
    )


@pytest.fixture(scope="module")
def planted():
    random = np.random.default_rng(1)
    points = random.uniform(0, 5000, (1500, 2))
    near = np.hypot(*(points - 1200).T) < 900
    return people(points, random.random(1500) < np.where(near, 0.7, 0.2)), near


def test_the_planted_circle_is_found_and_told(planted):
    households, near = planted
    scans = scan_households(households, ["rtlh"], MEASURING, SETTINGS, seed=1)
    first = scans.iloc[0]
    assert first["significant"]
    assert (first["base"], first["model"]) == ("rumah tangga", "Bernoulli")
    assert (first["kode_desa"], first["members"], first["desa"]) == ("99.01.01.2001", "99.01.01.2001", 1)
    inside = households.within(first.geometry)
    assert (inside & near).sum() / (inside | near).sum() > 0.7
    assert first["households"] == inside.sum()
    assert first["relative_risk"] > 2


def test_households_without_position_or_known_need_are_no_part_of_it(planted):
    households, _ = planted
    more = pd.concat([households, households.assign(geometry=None, need_rtlh=True)], ignore_index=True)
    unknown = households.assign(need_rtlh=pd.array([pd.NA] * len(households), "boolean"))
    more = gpd.GeoDataFrame(pd.concat([more, unknown], ignore_index=True), crs=STORING)
    one = scan_households(households, ["rtlh"], MEASURING, SETTINGS, seed=1)
    other = scan_households(more, ["rtlh"], MEASURING, SETTINGS, seed=1)
    pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(other))


def test_nobody_with_a_position_gives_no_row(planted):
    households, _ = planted
    nobody = households.assign(geometry=gpd.GeoSeries([None] * len(households), crs=STORING))
    scans = scan_households(nobody, ["rtlh"], MEASURING, SETTINGS, seed=1)
    assert scans.empty
    pd.testing.assert_series_equal(scans.dtypes, scan_table([], []).dtypes)


def test_households_stacked_on_two_spots_are_no_false_cluster():
    points = np.repeat([[1000.0, 1000.0], [4000.0, 1000.0]], 300, axis=0)
    scans = scan_households(people(points, np.arange(600) % 4 == 0), ["rtlh"], MEASURING, SETTINGS, seed=1)
    assert not scans["significant"].any()


def test_a_household_outside_every_desa_may_be_the_centre():
    random = np.random.default_rng(2)
    points = random.uniform(0, 5000, (400, 2))
    households = people(points, random.random(400) < np.where(np.hypot(*points.T) < 1200, 0.9, 0.1))
    households.loc[np.hypot(*points.T) < 1500, ["kode_desa", "nama_desa"]] = np.nan
    first = scan_households(households, ["rtlh"], MEASURING, SETTINGS, seed=1).iloc[0]
    assert (first["kode_desa"], first["members"], first["desa"]) == ("", "", 0)


def counted_again(households: gpd.GeoDataFrame, scans: gpd.GeoDataFrame) -> None:
    """Compare every row with the households that stand in its polygon; nobody stands in two."""
    need = households["need_rtlh"].to_numpy(bool)
    inside = shapely.intersects(scans.geometry.to_numpy()[:, None], households.geometry.to_numpy())
    assert (inside.sum(axis=0) <= 1).all()
    population, cases = inside.sum(axis=1), (inside & need).sum(axis=1)
    assert scans["households"].tolist() == population.tolist()
    assert scans["observed"].tolist() == cases.tolist()
    model = Model("Bernoulli", float(need.sum()), float(len(need)))
    assert scans["expected"].to_numpy() == pytest.approx(model.expected(population))
    assert scans["llr"].to_numpy() == pytest.approx(model.llr(cases, population))
    rest, others = need.sum() - cases, len(need) - population
    assert scans["relative_risk"].to_numpy() == pytest.approx((cases / population) / (rest / others))
    metres = scans.to_crs(MEASURING).geometry
    assert scans["radius_m"].to_numpy() == pytest.approx(shapely.minimum_bounding_radius(metres), rel=5e-4)
    for members, within in zip(scans["members"].str.split(), inside, strict=True):
        assert members == sorted(set(households["kode_desa"][within]))


@pytest.mark.parametrize("places", [10_000, 300])
@pytest.mark.parametrize("seed", range(4))
def test_the_figures_are_those_of_the_circle_drawn(monkeypatch, places, seed):
    monkeypatch.setattr(scan_of_houses, "PLACES", places)
    random = np.random.default_rng(seed)
    middle = random.uniform(0, 3000, (60, 2))
    of = random.integers(0, 60, 4000)
    points = middle[of] + random.normal(0, 90, (4000, 2))
    rate = random.choice([0.15, 0.15, 0.6], 60)
    households = people(points, random.random(4000) < rate[of])
    scans = scan_households(households, ["rtlh"], MEASURING, SETTINGS, seed=1)
    assert len(scans) > 2
    assert (scans["relative_risk"] > 1).all()
    counted_again(households, scans)


def test_a_circle_of_one_place_holds_its_households_and_has_a_radius():
    random = np.random.default_rng(6)
    stacked = np.full((40, 2), 2500.0) + random.uniform(0, 4, (40, 2))
    points = np.concatenate([stacked, random.uniform(0, 1700, (600, 2))])
    households = people(points, np.r_[np.ones(40, bool), (points[40:] < 500).all(axis=1)])
    first = scan_households(households, ["rtlh"], MEASURING, SETTINGS, seed=1).iloc[0]
    assert first["significant"]
    assert first["radius_m"] == np.ceil(PLACE_M / 2**0.5)
    assert first["observed"] >= 40
    counted_again(households, gpd.GeoDataFrame([first], crs=STORING))


def test_a_circle_that_would_hold_a_household_of_a_likelier_one_ends_short_of_it():
    points = np.array([[0.0, 0.0], [40.0, 0.0], [101.0, 0.0], [140.0, 0.0], [3000.0, 0.0], [3000.0, 9.0]])
    places = np.array([[0.0, 0.0], [140.0, 0.0]])
    near, far = Cluster(0, np.array([0]), 60.0, 2, 2, 1, 1, 9.0, 0.01, 0.01), np.array([0.0, 0.1])
    other = replace(near, centre=1, radius=110.0)
    households = people(points, np.array([True] * 4 + [False] * 2))
    houses = Houses(
        households.geometry.to_numpy(), points + ORIGIN, np.array([True] * 4 + [False] * 2), MEASURING
    )
    scan = Scan((near, other), far, 2, 2)
    drawn = houses.drawn(scan, places + ORIGIN, 25.0, 0.5)
    assert [cluster.members.tolist() for cluster, _ in drawn] == [[0, 1], [2, 3]]
    assert [cluster.radius for cluster, _ in drawn] == [60, 99]
    unsure = replace(scan, maxima=np.full(9, 5.0))
    assert len(houses.drawn(unsure, places + ORIGIN, 25.0, 0.5)) == 1


def test_places_and_centres():
    random = np.random.default_rng(3)
    points = random.uniform(0, 20_000, (5000, 2))
    place, middle, side_m = gather(points, 25.0, 12_000)
    assert side_m == 25
    assert np.hypot(*(middle[place] - points).T).max() < 36
    fewer, middle_of_fewer, side_m = gather(points, 25.0, 400)
    assert side_m > 500
    assert 300 < len(middle_of_fewer) <= 400
    assert len(fewer) == len(points)
    centres = spread(middle, 300)
    assert 150 < len(centres) <= 300
    assert len(np.unique(centres)) == len(centres)
