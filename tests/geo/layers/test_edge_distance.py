"""Distances to an edge: never too short, and within a metre or two of the exact ones."""

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.layers import STEP_M, edge_distance

_metre = st.floats(-20_000, 20_000, allow_nan=False).map(lambda value: round(value, 2))
_vertex = st.tuples(_metre, _metre)


@given(
    st.lists(st.lists(_vertex, min_size=2, max_size=8, unique=True), min_size=1, max_size=4),
    st.lists(_vertex, min_size=1, max_size=20),
)
def test_any_lines_are_measured_within_the_step(lines: list, points: list) -> None:
    edge = shapely.multilinestrings([shapely.linestrings(line) for line in lines])
    places = np.array(points)
    exact = shapely.distance(shapely.points(places), edge)
    measured = edge_distance(places, edge)
    assert (measured >= exact - 1e-6).all()
    # the nearest vertex lies within half a step of the nearest place of the edge
    assert (measured <= np.hypot(exact, STEP_M / 2) + 1e-6).all()


def test_a_shore_of_a_district_is_exact_to_a_metre(assessment, district) -> None:
    located = assessment.households[~assessment.households.geometry.isna()]
    sea = shapely.union_all(district.sea.to_crs(district.measuring).geometry.to_numpy())
    exact = located.geometry.to_crs(district.measuring).distance(shapely.boundary(sea))
    assert (located["distance_coastal_m"] - exact).abs().max() < 1.0
