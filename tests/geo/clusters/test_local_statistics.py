"""Gi* and local Moran: against their definitions, and against what esda finds."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from geo.clusters.local_statistics import gi_star, local_moran
from geo.clusters.permutation import gi_star_p, local_moran_p

GOLDEN = Path(__file__).parents[2] / "data" / "golden" / "hot_spots.csv"

SEEDS = st.integers(0, 2**32 - 1)


def areas(seed: int, n: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Return values, some of them equal, and links, mutual or not; each area has a neighbour, none has all."""
    rng = np.random.default_rng(seed)
    links = rng.random((n, n)) < 0.25
    np.fill_diagonal(links, val=False)
    links[np.arange(n), (np.arange(n) + 1) % n] = True
    links[np.arange(n), (np.arange(n) + 2) % n] = False
    return rng.integers(0, 9, n) + rng.integers(0, 2) * rng.random(n) + np.eye(n)[0], links


@settings(deadline=None)
@given(SEEDS)
def test_gi_star_is_that_of_the_definition_whatever_the_weights(seed):
    values, links = areas(seed)
    n, mean = len(values), values.mean()
    s = np.sqrt((values**2).sum() / n - mean**2)
    binary = links + np.eye(n)
    for weights in (binary, binary / binary.sum(axis=1, keepdims=True)):
        w, s1 = weights.sum(axis=1), (weights**2).sum(axis=1)
        by_definition = (weights @ values - w * mean) / (s * np.sqrt((n * s1 - w**2) / (n - 1)))
        assert gi_star(values, csr_array(weights)) == pytest.approx(by_definition, abs=1e-9)


@settings(deadline=None)
@given(SEEDS)
def test_local_moran_is_that_of_the_definition(seed):
    values, links = areas(seed)
    z = values - values.mean()
    weights = links / links.sum(axis=1, keepdims=True)
    by_definition = z * (weights @ z) / ((z**2).sum() / (len(z) - 1))
    assert local_moran(values, csr_array(links)) == pytest.approx(by_definition, abs=1e-9)


@settings(deadline=None)
@given(SEEDS, st.floats(0.01, 1000), st.floats(-1000, 1000))
def test_another_unit_changes_nothing(seed, scale, shift):
    values, links = areas(seed)
    matrix = csr_array(links)
    assert gi_star(scale * values + shift, matrix) == pytest.approx(gi_star(values, matrix), abs=1e-6)
    assert local_moran(scale * values + shift, matrix) == pytest.approx(local_moran(values, matrix), abs=1e-6)


def test_nothing_differs_where_all_values_are_equal_or_all_areas_are_neighbours():
    ring = csr_array(np.roll(np.eye(6), 1, axis=1) + np.roll(np.eye(6), -1, axis=1))
    everybody = csr_array(np.ones((6, 6)))
    equal = np.full(6, 0.1) * 3
    assert np.isnan(gi_star(equal, ring)).all()
    assert np.isnan(local_moran(equal, ring)).all()
    assert np.isnan(gi_star(np.arange(6.0), everybody)).all()
    assert gi_star(np.array([]), csr_array((0, 0))).shape == (0,)


def test_an_area_without_neighbours_is_its_own_surroundings():
    values, links = np.array([1.0, 2, 4, 9]), np.zeros((4, 4))
    links[0, 1] = links[1, 0] = 1
    assert gi_star(values, csr_array(links))[3] == pytest.approx(5 / np.sqrt(25.5 - 16))
    assert local_moran(values, csr_array(links))[3] == 0


def golden() -> tuple[pd.DataFrame, csr_array]:
    table = pd.read_csv(GOLDEN)
    links = np.zeros((len(table), len(table)), dtype=bool)
    for area, neighbours in enumerate(table["neighbours"].str.split()):
        links[area, [int(other) for other in neighbours]] = True
    return table, csr_array(links)


def test_figures_are_those_of_esda():
    table, links = golden()
    values = table["value"].to_numpy()
    assert np.abs(gi_star(values, links) - table["gi_z"]).max() < 1e-9
    assert np.abs(local_moran(values, links) - table["moran_i"]).max() < 1e-9


def test_p_values_are_those_of_esda_but_for_chance():
    table, links = golden()
    values, permutations = table["value"].to_numpy(), 99_999
    for p, theirs in (
        (gi_star_p(values, links, permutations, seed=3), table["gi_p_directed"]),
        (local_moran_p(values, links, permutations, seed=4), table["moran_p_directed"]),
    ):
        half = theirs.to_numpy().clip(1e-5, 0.5)
        error = np.sqrt(2 * half * (1 - half) / permutations)  # both are drawn at random
        assert (np.abs(np.minimum(2 * half, 1) - p) <= 2 * (4 * error + 1e-5)).all()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(5))
def test_figures_are_those_of_esda_itself_where_it_is_installed(seed):
    esda, weights = pytest.importorskip("esda"), pytest.importorskip("libpysal.weights")
    values, links = areas(seed, n=60)
    w = weights.W({area: list(map(int, np.flatnonzero(row))) for area, row in enumerate(links)})
    gi = esda.G_Local(values, w, transform="B", star=True, permutations=0)
    moran = esda.Moran_Local(values, w, permutations=0)
    assert np.abs(gi_star(values, csr_array(links)) - gi.Zs).max() < 1e-9
    assert np.abs(local_moran(values, csr_array(links)) - moran.Is).max() < 1e-9
