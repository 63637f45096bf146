"""Where the sea of a file ends inside the district, and where it only ends beyond it or at a shore."""

import numpy as np
import pytest
import shapely
from shapely.affinity import rotate

from geo.sea_extent import sea_ends, unseen

DESA = np.array(
    [shapely.box(n * 2000, -2000 * k - 2000, (n + 1) * 2000, -2000 * k) for k in (0, 6) for n in range(6)]
)
SEA = shapely.box(-9000, 0, 21_000, 9000)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("slant", [0, 0.4])
def test_a_cut_through_the_sea_is_found_on_every_side(turn, slant):
    half = rotate(shapely.box(-9000, -9000, 5000, 30_000), slant, origin=(5000, 0))
    desa = np.array([rotate(shape, turn, origin=(0, 0)) for shape in DESA])
    (end,) = sea_ends(rotate(shapely.intersection(SEA, half), turn, origin=(0, 0)), desa)
    assert shapely.length(end.edge) == pytest.approx(9000, rel=0.01)
    # those beyond the cut, and not those that lie 10 km inland
    assert np.flatnonzero(unseen(desa, [end])).tolist() == [2, 3, 4, 5]


@pytest.mark.parametrize(
    "sea",
    [
        SEA,
        shapely.box(-9000, 0, 30_000, 60),
        shapely.difference(SEA, shapely.box(4000, -1, 21_001, 3000)),
        shapely.Polygon([(-9000, 9000), (-9000, 0), (1000, 0), (6000, 40), (12_000, 0), (12_500, 9000)]),
        # the shore of others, straight and further inland, east of all desa
        shapely.union(SEA, shapely.box(18_000, -3000, 21_000, 1)),
        shapely.Polygon(),
    ],
)
def test_a_shore_is_no_cut(sea):
    assert sea_ends(sea, DESA) == []
