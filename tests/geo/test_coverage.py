"""Small faults between polygons are mended, large ones only told."""

import numpy as np
import pytest
import shapely

from geo.coverage import clean, polygons_only


def shapes(*polygons: object) -> np.ndarray:
    return np.array(polygons, dtype=object)


def test_a_clean_coverage_stays_as_it_is():
    given = shapes(shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000))
    cleaned = clean(given)
    assert cleaned.overlaps == cleaned.gaps == ()
    assert shapely.equals(cleaned.shapes, given).all()


def test_a_sliver_of_overlap_stays_with_the_smaller_desa():
    given = shapes(shapely.box(0, 0, 1003, 1000), shapely.box(1000, 0, 1900, 1000))
    cleaned = clean(given)
    (fault,) = cleaned.overlaps
    assert (fault.places, fault.mended) == ((1, 0), True)
    assert fault.area_m2 == pytest.approx(3000)
    assert shapely.area(cleaned.shapes).tolist() == pytest.approx([1_000_000, 900_000])
    assert shapely.coverage_is_valid(cleaned.shapes)


def test_a_large_overlap_is_left_and_told():
    given = shapes(shapely.box(0, 0, 1200, 1000), shapely.box(1000, 0, 2000, 1000))
    cleaned = clean(given)
    (fault,) = cleaned.overlaps
    assert not fault.mended
    assert fault.area_m2 == pytest.approx(200_000)
    assert shapely.equals(cleaned.shapes, given).all()


def ring(hole: object) -> np.ndarray:
    whole = shapely.difference(shapely.box(0, 0, 2000, 1000), hole)
    return shapes(
        shapely.intersection(whole, shapely.box(0, 0, 1000, 1000)),
        shapely.intersection(whole, shapely.box(1000, 0, 2000, 1000)),
    )


def test_a_small_gap_goes_to_the_longest_neighbour():
    cleaned = clean(ring(shapely.box(990, 400, 1050, 500)))
    (fault,) = cleaned.gaps
    assert (fault.places, fault.mended) == ((1,), True)
    assert fault.area_m2 == pytest.approx(6000)
    assert shapely.area(shapely.union_all(cleaned.shapes)) == pytest.approx(2_000_000)
    assert shapely.coverage_is_valid(cleaned.shapes)


def test_a_large_gap_is_left_and_told():
    given = ring(shapely.box(900, 400, 1100, 600))
    cleaned = clean(given)
    (fault,) = cleaned.gaps
    assert not fault.mended
    assert shapely.area(cleaned.shapes).sum() == pytest.approx(1_960_000)


def test_only_polygons_remain_and_heights_go():
    mixed = shapely.from_wkt("GEOMETRYCOLLECTION (POINT (9 9), POLYGON ((0 0, 1 0, 1 1, 0 0)))")
    high = shapely.from_wkt("POLYGON Z ((0 0 5, 1 0 5, 1 1 5, 0 0 5))")
    line = shapely.from_wkt("LINESTRING (0 0, 1 1)")
    found = polygons_only(shapes(mixed, high, line))
    assert shapely.area(found).tolist() == [0.5, 0.5, 0.0]
    assert not shapely.has_z(found).any()
    assert set(shapely.get_dimensions(found)) <= {2}


def test_neighbours_that_do_not_meet_are_told():
    given = shapes(shapely.box(0, 0, 998, 1000), shapely.box(1000, 0, 2000, 1000))
    cleaned = clean(given)
    assert cleaned.slits_m == pytest.approx(1000, rel=0.01)
    assert shapely.equals(cleaned.shapes, given).all()


def test_two_tracings_of_a_bent_border_become_one():
    west = shapely.Polygon([(0, 0), (1000, 0), (1010, 333), (990, 666), (1000, 1000), (0, 1000)])
    east = shapely.Polygon([(1000, 0), (2000, 0), (2000, 1000), (1000, 1000), (992, 650), (1008, 350)])
    cleaned = clean(shapes(west, east))
    assert cleaned.overlaps
    assert cleaned.gaps
    assert all(fault.mended for fault in (*cleaned.overlaps, *cleaned.gaps))
    assert shapely.coverage_is_valid(cleaned.shapes)
    assert shapely.area(shapely.union_all(cleaned.shapes)) == pytest.approx(2_000_000, rel=1e-4)
