"""The ground of the simulated districts: sizes, homes, planted groups."""

import numpy as np
import pytest
import shapely
from scipy.sparse.csgraph import connected_components

from geo.boundaries import Boundaries
from geo.evaluation.clusters import World, register_sizes
from geo.evaluation.clusters.world import compact_group, settle, shares
from geo.settings import Settings


@pytest.fixture(scope="module")
def world(district: Boundaries) -> World:
    return World.of(district, Settings())


def drawn(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def alikeness(world: World, share: np.ndarray) -> float:
    size = np.log(share) - np.log(share).mean()
    links = world.neighbours.matrix.tocoo()
    return float((size[links.row] * size[links.col]).mean() / (size**2).mean())


def test_sizes_are_uneven_and_lie_beside_their_like_only_when_asked(world):
    share = shares(world, "uneven", drawn())
    assert share.sum() == pytest.approx(1)
    assert share.max() > 5 * share.min()
    apart = np.mean([alikeness(world, shares(world, "uneven", drawn(seed))) for seed in range(20)])
    together = np.mean([alikeness(world, shares(world, "clustered", drawn(seed))) for seed in range(20)])
    assert together > apart + 0.2


def test_a_part_holds_the_nearest_desa_and_their_own_links(world):
    part = world.part(3, 5)
    assert len(part.ground.desa) == len(part.middles) == part.neighbours.matrix.shape[0] == 5
    assert world.ground.desa["kode_desa"][3] in set(part.ground.desa["kode_desa"])
    kept = [world.ground.desa["kode_desa"].tolist().index(kode) for kode in part.ground.desa["kode_desa"]]
    assert (part.neighbours.matrix.toarray() == world.neighbours.matrix.toarray()[np.ix_(kept, kept)]).all()


def test_households_live_in_their_desa_or_all_on_its_middle(world):
    place = np.repeat(np.arange(len(world.middles)), 10)
    people = settle(world, place, drawn(), stacked=False)
    metres = people.geometry.to_crs(world.ground.crs)
    assert (shapely.distance(metres.to_numpy(), world.ground.polygons[place]) < 1).mean() > 0.99
    stacked = settle(world, place, drawn(), stacked=True)
    assert stacked.geometry.to_wkb().nunique() == len(world.middles)
    assert (stacked["kode_desa"] == people["kode_desa"]).all()


@pytest.mark.parametrize("seed", range(5))
def test_a_planted_group_hangs_together(world, seed):
    inside = compact_group(world, 4, drawn(seed))
    assert inside.sum() == 4
    rows = np.flatnonzero(inside)
    assert connected_components(world.neighbours.matrix[rows][:, rows])[0] == 1


def test_the_sizes_of_a_register_are_its_households_by_desa(district, sheet):
    sizes = register_sizes(sheet, district, Settings())
    assert len(sizes) == len(district.desa)
    assert 300 < sizes.sum() <= 600
