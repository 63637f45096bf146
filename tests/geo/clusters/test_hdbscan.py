"""HDBSCAN: the spanning tree against its definition, the groups against scikit-learn's."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

from geo.clusters.division import divide
from geo.clusters.hdbscan import hdbscan
from geo.clusters.spanning_tree import spanning_tree

GOLDEN = pd.read_csv(Path(__file__).parents[2] / "data" / "golden" / "hdbscan.csv")

GRID = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12)), min_size=1, max_size=70, unique=True)
LINE = st.lists(st.tuples(st.integers(0, 90), st.just(4)), min_size=1, max_size=40, unique=True)
SPREAD = st.builds(
    lambda seed, count, shape: np.unique(
        np.round(np.random.default_rng(seed).normal(size=(count, 2)) ** shape * 100, 2), axis=0
    ),
    st.integers(0, 10_000), st.integers(1, 150), st.sampled_from([1, 2, 3]),
)  # fmt: skip
POINTS = st.one_of(st.one_of(GRID, LINE).map(lambda pairs: np.array(pairs, dtype=float)), SPREAD)
DISTANCES = st.sampled_from([1.0, 2.5, 40.0, np.inf])


def mutual_reachability(points: np.ndarray, minimum: int, distance_m: float) -> tuple[np.ndarray, np.ndarray]:
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    reach = np.minimum(np.sort(apart, axis=1)[:, min(minimum, len(points)) - 1], distance_m)
    return apart, np.maximum(apart, np.maximum(reach[:, None], reach[None]))


@given(POINTS, st.integers(1, 9), DISTANCES)
def test_the_spanning_tree_is_that_of_every_pair_of_points(points, minimum, distance_m):
    tree = spanning_tree(points, minimum, distance_m)
    apart, length = mutual_reachability(points, minimum, distance_m)
    one, other = tree.pairs.T
    assert tree.length == pytest.approx(length[one, other])
    assert tree.apart == pytest.approx(apart[one, other])
    assert (np.diff(tree.length) >= 0).all()
    shortest = minimum_spanning_tree(np.where(length <= distance_m, length, 0)).data
    assert tree.length == pytest.approx(np.sort(shortest))


@pytest.mark.parametrize(("name", "minimum"), [*GOLDEN.groupby(["set", "minimum"]).groups])
def test_groups_are_those_of_scikit_learn(name, minimum):
    rows = GOLDEN[(GOLDEN["set"] == name) & (GOLDEN["minimum"] == minimum)]
    labels, golden = hdbscan(rows[["x", "y"]].to_numpy(), minimum), rows["group"].to_numpy()
    assert ((labels == -1) == (golden == -1)).all()
    assert ((labels[:, None] == labels) == (golden[:, None] == golden)).all()


@given(
    POINTS, st.integers(2, 6), DISTANCES, st.sampled_from([12.0, np.inf]), st.randoms(use_true_random=False)
)
def test_groups_do_not_depend_on_the_order_of_points(points, minimum, distance_m, largest, random):
    order = list(range(len(points)))
    random.shuffle(order)
    labels = hdbscan(points, minimum, distance_m, largest)
    assert (hdbscan(points[order], minimum, distance_m, largest) == labels[order]).all()


@given(POINTS, st.integers(2, 6), st.sampled_from([1.0, 2.5, 40.0]), st.sampled_from([12.0, np.inf]))
def test_a_group_has_points_enough_and_hangs_together(points, minimum, distance_m, largest):
    labels = hdbscan(points, minimum, distance_m, largest)
    assert sorted(set(labels[labels >= 0])) == list(range(labels.max() + 1))
    for group in range(labels.max() + 1):
        inside = points[labels == group]
        assert len(inside) >= minimum
        near = np.hypot(*(inside[:, None] - inside[None]).transpose(2, 0, 1)) <= distance_m
        assert connected_components(near)[0] == 1


def test_points_on_one_spot_count_once():
    spots = np.array([[0.0, 0], [1, 0], [2, 1]])
    assert (hdbscan(np.repeat(spots, 50, axis=0), 4, 10.0) == -1).all()
    assert (hdbscan(np.repeat(spots, 50, axis=0), 3, 10.0) == 0).all()


def test_a_hamlet_alone_is_a_group_only_where_the_tree_is_cut():
    hamlet = np.random.default_rng(5).normal(size=(30, 2)) * 40
    assert (hdbscan(hamlet, 8, 250.0) == 0).all()
    assert (hdbscan(hamlet, 25) == -1).all()


def test_two_hamlets_that_a_chain_of_houses_joins_are_two():
    rng = np.random.default_rng(6)
    chain = np.column_stack([np.arange(200.0, 1800.0, 200.0), np.zeros(8)])
    points = np.concatenate([rng.normal(size=(30, 2)) * 40, rng.normal(size=(30, 2)) * 40 + [2000, 0], chain])
    labels = hdbscan(points, 8, 250.0)
    assert (labels[:30] == 0).all()
    assert (labels[30:60] == 1).all()


@settings(max_examples=15)
@given(st.integers(0, 1000), st.integers(40, 300))
def test_division_loses_no_point_and_leaves_no_crumbs(seed, largest):
    town = np.random.default_rng(seed).normal(size=(400, 2)) * 300
    tree = spanning_tree(town, 8, 250.0)
    whole = hdbscan_of(town)
    parts = divide(tree, whole, 8, largest)
    assert ((parts == -1) == (whole == -1)).all()
    sizes = np.bincount(parts[parts >= 0])
    assert sizes[sizes > 0].max() <= largest
    assert sizes[sizes > 0].min() >= 8
    pairs = tree.pairs[(parts[tree.pairs[:, 0]] == parts[tree.pairs[:, 1]]) & (parts[tree.pairs[:, 0]] >= 0)]
    assert len(pairs) == (parts >= 0).sum() - (sizes > 0).sum()


def hdbscan_of(points: np.ndarray) -> np.ndarray:
    order = np.lexsort(points.T[::-1])
    labels = np.empty(len(points), dtype=int)
    labels[order] = hdbscan(points[order], 8, 250.0)
    return labels


def test_a_star_that_no_cut_divides_stays_whole():
    star = spanning_tree(np.array([[0.0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]]), 1)
    assert divide(star, np.zeros(5, dtype=int), 2, 2).tolist() == [0] * 5
