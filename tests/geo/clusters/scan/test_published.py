"""The scan against results that others have published; the sources stand in tests/data/scan/README.md."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.clusters.scan import scan_bernoulli, scan_poisson
from geo.clusters.scan.likelihood import Model

DATA = Path(__file__).parents[3] / "data" / "scan"


@pytest.fixture(scope="module")
def new_york():
    return pd.read_csv(DATA / "new_york.csv")


def test_leukaemia_in_new_york_as_in_the_vignette_of_smerc(new_york):
    found = scan_poisson(
        new_york[["x_km", "y_km"]].to_numpy(), new_york["cases"], new_york["population"], replicates=999
    )
    first, second = found.clusters[:2]
    assert (first.members + 1).tolist() == [
        52, 50, 49, 48, 15, 16, 1, 51, 37, 38, 47, 2, 14, 39, 53, 13, 34, 40, 3, 44, 17, 43, 12, 46,
    ]  # fmt: skip
    assert (second.members + 1).tolist() == [88, 86, 87, 89, 92, 91, 85, 93, 84, 90, 259]
    assert [round(first.observed, 5), round(second.observed, 4)] == [95.33108, 49.7199]
    assert [round(first.expected, 1), round(second.expected, 1)] == [55.8, 27.1]
    assert first.relative_risk == pytest.approx(1.8, abs=0.051)
    assert second.relative_risk == pytest.approx(1.9, abs=0.051)
    assert [round(first.llr, 1), round(second.llr, 1)] == [13.1, 8.0]
    # published from 99 replicates: 0.01 is the least there can be, 0.06 is known to some 0.024
    assert first.p_value <= 0.01
    assert second.p_value == pytest.approx(0.06, abs=0.05)


def test_leukaemia_in_new_york_as_by_satscan(new_york):
    cases = np.floor(new_york["cases"].to_numpy())
    found = scan_poisson(new_york[["x_km", "y_km"]].to_numpy(), cases, new_york["population"], replicates=999)
    third = found.clusters[2]
    assert sorted(third.members + 1) == [
        111, 112, 113, 114, 115, 116, 117, 118, 119, 122, 123, 124, 125, 126, 219, 220,
    ]  # fmt: skip
    assert third.population == 45_667
    assert (third.observed, round(third.expected, 2)) == (44, 23.83)
    assert round(third.relative_risk, 2) == 1.92
    assert round(third.llr, 2) == 7.2


@pytest.mark.parametrize(
    ("cases", "population", "expected", "ratio"),
    [(106, 119_050, 62.13, 14.78), (42, 40_696, 21.24, 8.29), (44, 45_667, 23.83, 7.20)],
)
def test_ratio_of_the_clusters_that_satscan_found(new_york, cases, population, expected, ratio):
    model = Model("Poisson", 552, float(new_york["population"].sum()))
    assert round(float(model.expected(np.array(population))), 2) == expected
    assert round(float(model.llr(np.array(cases), np.array(population))), 2) == ratio


def test_graves_as_by_satscan():
    graves = pd.read_csv(DATA / "graves.csv")
    found = scan_bernoulli(graves[["x", "y"]].to_numpy(), graves["case"], replicates=9_999)
    first, second, third = found.clusters[:3]
    assert (first.members + 1).tolist() == [
        126, 124, 125, 132, 120, 113, 140, 141, 112, 41, 136, 30, 133, 108, 31, 143, 110, 139, 75,
    ]  # fmt: skip
    assert (second.members + 1).tolist() == [66, 89, 71]
    assert (third.members + 1).tolist() == [77, 78]
    assert [round(one.radius, 2) for one in (first, second, third)] == [1359.71, 362.46, 1.0]
    assert [one.observed for one in (first, second, third)] == [11, 3, 2]
    assert [round(one.expected, 2) for one in (first, second, third)] == [3.99, 0.63, 0.42]
    assert [round(one.relative_risk, 2) for one in (first, second, third)] == [3.78, 5.19, 5.04]
    assert [round(one.llr, 6) for one in (first, second, third)] == [7.41934, 4.808517, 3.177442]
    # published from 999 replicates: standard errors of 0.007 and 0.015
    assert first.p_value == pytest.approx(0.050, abs=0.025)
    assert second.p_value == pytest.approx(0.665, abs=0.05)
    assert third.p_value == pytest.approx(0.997, abs=0.008)
