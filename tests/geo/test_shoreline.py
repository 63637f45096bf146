"""Which areas face the sea: on invented coasts with gaps, overlaps, thin strips, islands, rivers and neighbours."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import rotate, translate

from geo.shoreline import REACH_M, facing

SEA = shapely.box(-20_000, 0, 30_000, 20_000)
SHIFTS = [(0, 0), *((100 * x, 100 * y) for x in (-0.7, 0, 0.7) for y in (-1, -0.7, 0.7, 1))]


def row(depth: float, behind: float = 0.0, count: int = 4, width: float = 900.0) -> list:
    """Return desa side by side, the sea to the north at y = 0."""
    return [shapely.box(n * width, -behind - depth, (n + 1) * width, -behind) for n in range(count)]


def coastal(areas: list, sea=SEA, *, lines: bool = False) -> list[int]:
    shore = shapely.boundary(sea)
    if lines:
        west, south, east, north = shapely.bounds(sea)
        shore = shapely.intersection(shore, shapely.box(west + 1, south - 1, east - 1, north - 1))
    found = facing(np.array(areas, object), shore, None if lines else sea)
    return np.flatnonzero(found.metres >= found.least()).tolist()


@pytest.mark.parametrize("lines", [False, True])
@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize("depth", [80, 150, 600])
def test_the_first_row_is_coastal_and_the_second_never(depth, shift, lines):
    areas = [*row(depth), *row(1000, behind=depth)]
    assert coastal(areas, translate(SEA, *shift), lines=lines) == [0, 1, 2, 3]


@pytest.mark.parametrize("lines", [False, True])
def test_a_thin_desa_hides_what_lies_behind_it_at_any_angle(lines):
    areas = [*row(150), *row(1000, behind=150)]
    for angle in (17, 45, 100, 200):
        turned = [rotate(shape, angle, origin=(0, 0)) for shape in (*areas, translate(SEA, 0, 90))]
        sea = turned[-1]
        found = facing(np.array(turned[:-1], object), shapely.boundary(sea), None if lines else sea)
        assert np.flatnonzero(found.metres >= found.least()).tolist() == [0, 1, 2, 3]


def test_the_length_is_that_of_the_outline_along_the_sea_not_of_borders_that_run_inland():
    sea = translate(SEA, 0, 100)
    metres = facing(np.array(row(2000), object), shapely.boundary(sea), sea).metres
    assert metres == pytest.approx([900, 900, 900, 900], rel=0.12)


def test_a_sea_further_off_than_the_reach_is_not_faced():
    assert coastal(row(600), translate(SEA, 0, REACH_M + 10)) == []
    assert facing(np.array(row(600), object), shapely.LineString()).metres.tolist() == [0, 0, 0, 0]


def test_desa_that_reach_far_into_the_sea_are_coastal_and_those_behind_are_not():
    areas = [*row(2500, behind=-1500), *row(1000, behind=1000)]
    assert coastal(areas) == [0, 1, 2, 3]


def test_an_island_is_coastal_whether_the_sea_spares_it_or_not():
    island = shapely.Point(4000, 3000).buffer(400)
    areas = [*row(800), island]
    assert coastal(areas, SEA) == [0, 1, 2, 3, 4]
    assert coastal(areas, shapely.difference(SEA, island.buffer(60))) == [0, 1, 2, 3, 4]
    halves = [*shapely.get_parts(shapely.ops.split(island, shapely.LineString([(4000, 0), (4000, 9000)])))]
    assert coastal([*row(800), *halves], SEA) == [0, 1, 2, 3, 4, 5]


def test_a_desa_in_several_parts_is_coastal_when_one_of_them_is():
    apart = shapely.union_all([shapely.box(0, -5000, 500, -4500), shapely.box(0, -600, 900, 0)])
    assert coastal([apart, *row(600, count=3)[1:]]) == [0, 1, 2]


def test_a_sea_that_reaches_up_a_river_makes_no_desa_upstream_coastal():
    river = shapely.box(1765, -3000, 1835, 10)
    sea = shapely.union(SEA, river)
    upstream = row(1200, behind=600)
    covering = [*row(600), *upstream]
    assert coastal(covering, sea) == [0, 1, 2, 3]
    sparing = [shapely.difference(area, river) for area in covering]
    assert coastal(sparing, sea) == [0, 1, 2, 3]


def test_a_lake_and_an_enclave_are_no_sea():
    lake = shapely.Point(450, -700).buffer(200)
    ring = shapely.difference(shapely.box(0, -2000, 900, -400), lake)
    assert coastal([*row(400), ring]) == [0, 1, 2, 3]


@pytest.mark.parametrize("shift", SHIFTS)
def test_the_border_to_a_neighbouring_district_does_not_make_the_second_row_coastal(shift):
    """West of x = 0 lies land of another district, which is not among the areas."""
    areas = [*row(150), *row(2000, behind=150)]
    neighbour = shapely.box(-9000, -9000, 0, 0)
    sea = shapely.difference(translate(SEA, *shift), neighbour)
    assert coastal(areas, sea) == [0, 1, 2, 3]
    assert coastal(areas, translate(SEA, *shift)) == [0, 1, 2, 3]


def test_a_band_drawn_along_the_shore_is_a_sea_too():
    assert coastal([*row(500), *row(500, behind=500)], shapely.box(-9000, 0, 9000, 60)) == [0, 1, 2, 3]


_metre = st.floats(-65, 65).map(lambda value: round(value, 2))


@settings(deadline=None)
@given(
    st.lists(_metre, min_size=12, max_size=12),
    st.tuples(_metre, _metre),
    st.sampled_from([160.0, 400.0, 900.0]),
    st.booleans(),
)
def test_a_crooked_shore_drawn_twice_finds_the_first_row(bends, shift, depth, lines):
    """The desa end at one drawing of the shore, the sea at another, shifted one."""
    spots = np.column_stack([np.linspace(-3000, 6600, 12), bends])
    land = shapely.Polygon([*spots, (6600, -9000), (-3000, -9000)])
    sea = translate(shapely.Polygon([*spots, (6600, 9000), (-3000, 9000)]), *shift)
    first = [shapely.intersection(land, shapely.box(n * 900, -depth, (n + 1) * 900, 900)) for n in range(4)]
    assert coastal([*first, *row(1000, behind=depth)], sea, lines=lines) == [0, 1, 2, 3]


@pytest.mark.parametrize("lines", [False, True])
@pytest.mark.parametrize("reach", [50, 200, 300, 340, 360, 400, 1000, 4000])
@pytest.mark.parametrize("width", [400, 2000])
def test_a_desa_with_territory_at_sea_is_coastal_and_no_other_for_it(reach, width, lines):
    """One desa reaches far into the sea, the shore runs through it; the others end at the shore."""
    first = row(900, count=3, width=width)
    first[1] = shapely.union(first[1], shapely.box(width, 0, 2 * width, reach))
    assert coastal([*first, *row(1000, behind=900, count=3, width=width)], lines=lines) == [0, 1, 2]


@pytest.mark.parametrize("reach", [400, 3000])
def test_where_all_desa_have_territory_at_sea_those_that_hold_the_shore_are_coastal(reach):
    areas = [*row(800 + reach, behind=-reach), *row(1000, behind=800)]
    assert coastal(areas, lines=True) == [0, 1, 2, 3]


def test_a_river_drawn_as_shore_lines_makes_no_desa_upstream_coastal():
    sea = shapely.union(SEA, shapely.box(1765, -3000, 1835, 10))
    assert coastal([*row(600), *row(3000, behind=600)], sea, lines=True) == [0, 1, 2, 3]


@pytest.mark.parametrize(("gap", "found"), [(150, True), (240, False), (400, False)])
def test_a_gap_before_one_desa_is_bridged_and_the_land_of_others_is_not(gap, found):
    """Elsewhere the sea touches, so what keeps it far from one desa is no drawing of the shore."""
    areas = row(900, count=6)
    sea = shapely.difference(SEA, shapely.box(900, -10, 1800, gap))
    here = facing(np.array(areas, object), shapely.boundary(sea), sea)
    assert (here.metres[1] >= 300) == found
    assert np.delete(here.metres, 1) == pytest.approx(900, abs=40)
    assert (here.far_metres[1] >= 300) == (gap < REACH_M)
    assert gap > REACH_M or here.gap_m[1] == pytest.approx(gap, abs=10)
    assert coastal(areas, translate(SEA, 0, min(gap, 340))) == list(range(6))


@pytest.mark.parametrize("width", [20, 60, 90])
@pytest.mark.parametrize("shift", [0, 60])
def test_a_short_beach_is_a_beach(width, shift):
    corridor = shapely.box(400, -600, 400 + width, 0)
    front = [shapely.difference(shape, corridor) for shape in row(600)]
    back = shapely.union(shapely.box(0, -2000, 3600, -600), corridor)
    metres = facing(np.array([*front, back], object), shapely.boundary(SEA), translate(SEA, 0, shift)).metres
    assert metres[-1] == pytest.approx(width, abs=5)


def test_a_desa_that_meets_the_sea_in_one_spot_has_no_beach():
    front = [shapely.Polygon([(0, 0), (900, 0), (900, -900), (0, -450)]), shapely.box(900, -900, 1800, 0)]
    back = shapely.Polygon([(-900, -900), (900, -900), (0, -450), (0, 0)])
    assert coastal([*front, back, shapely.Polygon([(-900, -900), (0, 0), (-900, 0)])]) == [0, 1, 3]
