"""Numbers on a map: none over another, none over the edge, and none without room when there is some."""

from itertools import combinations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.atlas.paper.layout import Rect
from geo.atlas.planning.labels import NUMBER_MM, Room
from geo.atlas.planning.placing import place_numbers

FRAME = Rect(10, 20, 60, 50)
SIZE = (4.64, NUMBER_MM)
COORDINATES = st.tuples(st.floats(10, 70), st.floats(20, 70))
CLUMPED = st.tuples(st.floats(30, 36), st.floats(40, 44))


def boxes_of(corner: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    return np.asarray(shapely.box(*corner.T, *(corner + sizes).T))


@given(
    st.lists(st.one_of(COORDINATES, CLUMPED), max_size=80),
    st.lists(st.tuples(st.floats(1, 20), st.floats(2.2, 9)), min_size=80, max_size=80),
    st.booleans(),
)
def test_numbers_never_overlap_nor_leave_the_map(
    marks: list[tuple[float, float]], sizes: list[tuple[float, float]], all_or_none: bool
):
    xy, box_sizes = np.array(marks).reshape(-1, 2), np.array(sizes[: len(marks)]).reshape(-1, 2)
    room = Room(FRAME)
    room.take_marks(xy, 1.0)
    placed = place_numbers(room, xy, box_sizes, all_or_none=all_or_none)
    assert len(placed.which) in {0, len(xy)} or not all_or_none
    boxes = boxes_of(placed.corner, box_sizes[placed.which])
    assert shapely.covers(
        shapely.box(FRAME.left - 1e-9, FRAME.top - 1e-9, FRAME.right + 1e-9, FRAME.bottom + 1e-9), boxes
    ).all()
    assert shapely.union_all(boxes).area == pytest.approx(shapely.area(boxes).sum())


@given(st.lists(CLUMPED, min_size=8, max_size=40))
def test_no_leader_passes_over_another_number(marks: list[tuple[float, float]]):
    xy = np.array(marks)
    room = Room(FRAME)
    room.take_marks(xy, 1.0)
    sizes = np.tile(SIZE, (len(xy), 1))
    placed = place_numbers(room, xy, sizes)
    low = placed.corner[placed.leader]
    starts = xy[placed.which][placed.leader]
    lines = shapely.linestrings(np.stack([starts, np.clip(starts, low, low + SIZE)], axis=1))
    boxes = shapely.buffer(boxes_of(placed.corner, sizes[placed.which]), -0.45, join_style="mitre")
    for line, own in zip(lines, np.flatnonzero(placed.leader), strict=True):
        crossed = shapely.intersects(line, np.delete(boxes, own))
        assert not crossed.any()


def test_a_lone_number_stands_beside_its_mark_and_off_other_marks():
    room = Room(FRAME)
    room.take_marks(np.array([[40.0, 45.0]]), 1.7)
    room.take_marks(np.array([[43.0, 45.0]]), 0.6, rather=True)
    placed = place_numbers(room, np.array([[40.0, 45.0]]), np.array([SIZE]))
    box = boxes_of(placed.corner, np.array([SIZE]))[0]
    assert not placed.leader[0]
    assert box.distance(shapely.Point(40, 45)) > 0.85
    assert not box.intersects(shapely.Point(43, 45))


def test_a_number_covers_what_it_only_should_not_rather_than_stay_away():
    crowd = np.stack(np.meshgrid(np.arange(10.0, 70, 1), np.arange(20.0, 70, 1)), axis=-1).reshape(-1, 2)
    room = Room(FRAME)
    room.take_marks(crowd, 1.0, rather=True)
    assert len(place_numbers(room, np.array([[40.0, 45.0]]), np.array([SIZE])).which) == 1
    full = Room(FRAME)
    full.take_marks(crowd, 1.0)
    assert not len(place_numbers(full, np.array([[40.0, 45.0]]), np.array([SIZE])).which)


def test_what_is_taken_stays_so():
    room = Room(FRAME)
    assert room.take(20, 30, 10, 5)
    assert not room.take(29, 34, 10, 5)
    assert not room.take(65, 30, 10, 5)
    room.take_marks(np.array([[25.0, 32.0]]), 1.0, rather=True)
    assert not room.take(24, 31, 2, 2)
    room.fill(40, 40, 5, 5)
    assert not room.take(44, 44, 2, 2)
    room.take_marks(np.array([[60.0, 60.0]]), 1.0, rather=True)
    assert room.take(59, 59, 2, 2)


@given(st.lists(CLUMPED, min_size=2, max_size=40))
def test_no_two_numbers_are_read_as_one_and_each_is_nearest_to_its_own_mark(marks: list[tuple[float, float]]):
    xy = np.array(marks)
    room = Room(FRAME)
    room.take_marks(xy, 1.0)
    placed = place_numbers(room, xy, np.tile(SIZE, (len(xy), 1)))
    low, high = placed.corner, placed.corner + SIZE
    for one, other in combinations(range(len(low)), 2):
        aside = max(low[one, 0] - high[other, 0], low[other, 0] - high[one, 0])
        over = max(low[one, 1] - high[other, 1], low[other, 1] - high[one, 1])
        assert aside > 0.79 or over > -1e-9
    for place in np.flatnonzero(~placed.leader).tolist():
        away = np.hypot(*np.maximum(np.maximum(low[place] - xy, xy - high[place]), 0).T)
        assert away[placed.which[place]] < away.min() + 0.05


def test_a_number_keeps_off_a_mark_whose_number_is_on_another_map():
    mark, rival = np.array([[40.0, 45.0]]), np.array([[46.2, 45.0]])
    alone = place_numbers(Room(FRAME), mark, np.array([SIZE]))
    assert alone.corner[0, 0] > 40
    beside = place_numbers(Room(FRAME), mark, np.array([SIZE]), rivals=np.concatenate([mark, rival]))
    assert not beside.leader[0]
    box = boxes_of(beside.corner, np.array([SIZE]))[0]
    assert box.distance(shapely.Point(40, 45)) < box.distance(shapely.Point(46.2, 45))


def test_the_nearest_free_place_is_found_and_none_where_all_is_taken():
    room = Room(FRAME)
    room.fill(30, 35, 20, 20)
    left, top = room.nearest(Rect(38, 43, 4, 4), 6, 3) or (0, 0)
    assert room.take(left, top, 6, 3)
    assert boxes_of(np.array([[left, top]]), np.array([[6, 3]]))[0].distance(shapely.box(38, 43, 42, 47)) < 10
    room.fill(10, 20, 60, 50)
    assert room.nearest(Rect(38, 43, 4, 4), 6, 3) is None
