"""Connected areas of a class and what lies around them, on cells that may be joined."""

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.ndimage import distance_transform_edt

from geo.crs import MEASURING
from geo.landcover import TREES
from geo.landcover.patches import Mask, class_mask, joined_cells, widened
from tests.geo.landcover.small_cover import CELL, ORIGIN, cover


def test_patches_leave_gardens_out_and_the_reach_is_right_to_a_cell():
    cells = np.full((60, 60), 40)
    cells[10:30, 10:30] = TREES  # 4 hectares
    cells[50, 50] = TREES
    assert cover(cells).patches(TREES, MEASURING, 1.0).area.tolist() == [40_000]
    around = cover(cells).around(TREES, MEASURING, 1.0, 100.0).union_all()
    exact = shapely.box(ORIGIN[0] + 100, ORIGIN[1] - 300, ORIGIN[0] + 300, ORIGIN[1] - 100).buffer(100)
    assert shapely.hausdorff_distance(around, exact) < 1.5 * CELL
    assert cover(np.full((9, 9), 40)).patches(TREES, MEASURING, 1.0).empty
    assert cover(np.full((9, 9), 40)).around(TREES, MEASURING, 1.0, 50.0).empty


masks = arrays(
    np.uint8, st.tuples(st.integers(1, 24), st.integers(1, 24)), elements=st.sampled_from([0, 0, 0, 1])
)


@given(masks, st.floats(1, 30), st.floats(1, 30), st.floats(0, 300))
def test_the_reach_is_that_of_a_distance_transform(cells, height_m, width_m, reach_m):
    found = widened(Mask(cells, Affine.identity()), (height_m, width_m), reach_m).cells
    exact = np.zeros(cells.shape)
    if cells.any():
        metres = distance_transform_edt(cells == 0, sampling=(height_m, width_m))
        sure = abs(metres - reach_m) > 1e-6
        assert (found == (metres <= reach_m))[sure].all()
    else:
        assert (found == exact).all()


def test_a_large_reach_and_small_bands_change_nothing(monkeypatch):
    cells = (np.random.default_rng(3).random((300, 50)) < 0.001).astype("uint8")
    once = widened(Mask(cells, Affine.identity()), (1.0, 1.0), 270.0).cells
    assert (once == (distance_transform_edt(cells == 0) <= 270)).all()
    monkeypatch.setattr("geo.landcover.patches._BAND", 60)
    assert (widened(Mask(cells, Affine.identity()), (1.0, 1.0), 270.0).cells == once).all()


@pytest.mark.parametrize("band", [1, 900, 10**7])
def test_joined_cells_hold_the_class_of_at_least_half_of_theirs(monkeypatch, band):
    monkeypatch.setattr("geo.landcover.patches.MOST_CELLS", 200)
    monkeypatch.setattr("geo.landcover.cells._BAND", band)
    cells = np.random.default_rng(2).choice([10, 40], (58, 61))
    joined = joined_cells(cells.shape)
    assert joined == 5
    mask = class_mask(cells, Affine.identity(), TREES)
    assert mask.cells.shape == (12, 13)
    for row, column in np.ndindex(mask.cells.shape):
        part = cells[row * joined : (row + 1) * joined, column * joined : (column + 1) * joined]
        assert mask.cells[row, column] == ((part == TREES).sum() * 2 >= joined**2)
    assert mask.transform @ (1, 2) == (5, 10)


def test_a_forest_on_joined_cells_lies_where_it_is_and_the_cell_is_told(monkeypatch):
    cells = np.full((60, 60), 40)
    cells[12:36, 12:36] = TREES
    fine = cover(cells)
    assert fine.working_cell_m(MEASURING) == pytest.approx(CELL)
    monkeypatch.setattr("geo.landcover.patches.MOST_CELLS", 400)
    coarse = cover(cells)
    assert coarse.working_cell_m(MEASURING) == pytest.approx(3 * CELL)
    assert (
        coarse.patches(TREES, MEASURING, 1.0)
        .union_all()
        .equals(fine.patches(TREES, MEASURING, 1.0).union_all())
    )
    near = [land.around(TREES, MEASURING, 1.0, 90.0).union_all() for land in (fine, coarse)]
    assert shapely.hausdorff_distance(*near) < 3 * CELL
