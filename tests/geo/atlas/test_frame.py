"""Ground is laid on a map at a round scale, its cells are named as the collar does, parts of a page keep apart."""

from itertools import combinations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.atlas.paper.frame import SCALES, Frame, cell_name, cells, frame_for
from geo.atlas.paper.layout import PAPERS, Layout, Rect, layouts

WINDOWS = [
    window.map
    for paper in PAPERS
    for layout in layouts(paper, banner=True)
    for count in (1, 2, 4)
    for window in layout.windows(count)
]


@given(
    st.floats(2e5, 8e5),
    st.floats(1e6, 9e6),
    st.floats(0, 60_000),
    st.floats(0.2, 5),
    st.sampled_from(WINDOWS),
)
def test_the_ground_fits_its_frame_at_a_round_scale(
    west: float, south: float, width: float, shape: float, room: Rect
):
    bounds = (west, south, west + width, south + width * shape)
    frame = frame_for(bounds, room)
    assert frame.scale in SCALES
    corners = frame.on_paper(np.array([bounds[:2], bounds[2:]]))
    assert room.left < corners[0, 0] <= corners[1, 0] < room.right
    assert room.top < corners[1, 1] <= corners[0, 1] < room.bottom
    assert np.diff(corners[:, 0])[0] * frame.scale / 1000 == pytest.approx(width, rel=1e-6, abs=1e-6)


@given(st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_min=True), st.sampled_from(WINDOWS))
def test_a_point_stands_in_the_cell_that_is_named(along: float, up: float, room: Rect):
    frame = Frame(room, 7_500, 347_013.7, 9_237_151.2, 200)
    west, south, east, north = frame.bounds
    point = np.array([[west + along * (east - west), south + up * (north - south) * (1 - 1e-9)]])
    column, row = (int(place[0]) for place in cells(point, np.array(west), np.array(north), np.array(200)))
    eastings, northings = frame.grid_lines()
    columns, rows = [west, *eastings, east], [north, *northings[::-1], south]
    assert columns[column] <= point[0, 0] <= columns[column + 1]
    assert rows[row + 1] <= point[0, 1] <= rows[row]


def test_cells_are_lettered_like_columns_of_a_sheet():
    assert [cell_name(place, 0) for place in (0, 25, 26, 701, 702)] == ["A1", "Z1", "AA1", "ZZ1", "AAA1"]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("banner", [False, True])
def test_no_two_parts_of_a_layout_overlap(paper: str, banner: bool):
    def box(rect: Rect) -> shapely.Polygon:
        return shapely.box(rect.left, rect.top, rect.right, rect.bottom)

    def parts(layout: Layout, count: int) -> list[Rect]:
        maps = [part for window in layout.windows(count) for part in (window.map, window.strip)]
        return [layout.header, layout.panel, layout.notes, *maps]

    for layout in layouts(paper, banner=banner):
        for count in (1, 2, 4):
            boxes = [box(part) for part in parts(layout, count)]
            assert all(shapely.intersection(one, other).area < 1e-6 for one, other in combinations(boxes, 2))
            assert shapely.box(0, 0, *layout.page).contains(shapely.union_all(boxes))
