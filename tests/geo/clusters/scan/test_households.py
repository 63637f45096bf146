"""Circles of houses: only those with a position of their own, all of them against those in need."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.clusters.scan import no_scans, scan_households
from geo.clusters.scan.households import gather, spread
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
    assert first["households"] == pytest.approx(inside.sum(), rel=0.05)
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
    pd.testing.assert_series_equal(scans.dtypes, no_scans().dtypes)


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


def test_places_and_centres():
    random = np.random.default_rng(3)
    points = random.uniform(0, 20_000, (5000, 2))
    place, middle = gather(points, 25.0, 12_000)
    assert np.hypot(*(middle[place] - points).T).max() < 36
    fewer, middle_of_fewer = gather(points, 25.0, 400)
    assert 100 < len(middle_of_fewer) <= 400
    assert len(fewer) == len(points)
    centres = spread(middle, 300)
    assert 150 < len(centres) <= 300
    assert len(np.unique(centres)) == len(centres)
