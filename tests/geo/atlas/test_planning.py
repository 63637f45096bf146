"""Plans of books: every chosen house with a point has its number on exactly one map, and no two numbers overlap."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.atlas.paper.frame import cell_name, cells
from geo.atlas.paper.layout import layouts
from geo.atlas.planning.book_plan import plan_book
from geo.atlas.planning.ground import leaders, room_of
from geo.atlas.planning.plan import BookPlan, View
from geo.atlas.planning.spots import read_label
from geo.atlas.selection import Selection

CHOICES = layouts("A4", banner=True)
WEST, SOUTH = 340_000.0, 9_230_000.0
GROUND = shapely.box(WEST, SOUTH, WEST + 3_000, SOUTH + 2_500)
RNG = np.random.default_rng(7)


def widths(texts: Sequence[str]) -> np.ndarray:
    return np.array([1.546 * len(text) for text in texts])


def table(*desa: np.ndarray, chosen: np.ndarray | None = None, first: int = 1) -> pd.DataFrame:
    """Make the book's table of houses at these places (metres east and north of a corner), desa by desa."""
    xy = np.concatenate([np.asarray(points, dtype=float).reshape(-1, 2) for points in desa])
    counts = [len(points) for points in desa]
    number = np.concatenate([np.arange(first, first + count) for count in counts]).astype(np.int64)
    return pd.DataFrame(
        {
            "desa": np.repeat(np.arange(len(desa)), counts),
            "sheet_row": np.arange(len(xy)) + 2,
            "number": number,
            "x": xy[:, 0] + WEST,
            "y": xy[:, 1] + SOUTH,
            "need": np.arange(len(xy)) % 5,
            "chosen": np.ones(len(xy), dtype=bool) if chosen is None else chosen,
        }
    )


def plan(listed: pd.DataFrame, *, shapes: Sequence[shapely.Geometry] = (GROUND,), **how: bool) -> BookPlan:
    """Plan and hold the plan against its laws."""
    rows = None if listed["chosen"].all() else listed.loc[listed["chosen"], "sheet_row"].to_numpy()
    codes = tuple(f"99.01.01.20{place:02d}" for place in range(len(shapes)))
    book = plan_book(listed, Selection("uji", codes, rows), np.array(shapes), CHOICES, widths, **how)
    hold(book)
    if how.get("details", True):
        located = book.households["x"].notna() & book.households["chosen"]
        pd.testing.assert_series_equal(book.households["part"] > 0, located, check_names=False)
        pd.testing.assert_series_equal(book.households["cell"] != "", located, check_names=False)
    return book


def hold(book: BookPlan):
    households = book.households
    seen = np.zeros(len(households), dtype=int)
    for desa in book.desa:
        rows = households[households["desa"] == desa.desa]
        mapless = rows.index[rows["chosen"] & rows["x"].isna()]
        assert desa.mapless.tolist() == mapless.tolist()
        assert [sheet.part for sheet in desa.sheets] == list(range(1, len(desa.sheets) + 1))
        assert {sheet.parts for sheet in desa.sheets} == {len(desa.sheets)}
        names = [
            f"{sheet.part}{view.letter}" for sheet in desa.sheets if sheet.part > 1 for view in sheet.views
        ]
        assert sorted(entry.name for entry in desa.sheets[0].details) == sorted(names)
        boxes = shapely.box(*np.array([entry.bounds for entry in desa.sheets[0].details]).reshape(-1, 4).T)
        assert shapely.union_all(boxes).area == pytest.approx(shapely.area(boxes).sum(), abs=1e-6)
        for sheet in desa.sheets:
            windows = sheet.layout.windows(sheet.windows)
            assert len(sheet.views) <= sheet.windows
            for view, window in zip(sheet.views, windows, strict=False):
                assert view.frame.map == window.map
                seen[view.members] += 1
                hold_view(view, rows, sheet.part)
    assert seen.max(initial=0) <= 1


def hold_view(view: View, rows: pd.DataFrame, part: int):
    members = rows.loc[view.members]
    frame, labels = view.frame, view.labels
    west, south, east, north = frame.bounds
    assert members["x"].between(west, east).all()
    assert members["y"].between(south, north).all()
    assert (members["part"] == part).all()
    column, row = cells(
        members[["x", "y"]].to_numpy(), np.array(west), np.array(north), np.array(frame.step_m)
    )
    named = [view.letter + cell_name(int(along), int(down)) for along, down in zip(column, row, strict=True)]
    assert members["cell"].tolist() == named
    told = sorted(number for text in labels.text for number in read_label(text))
    assert told == sorted(members["number"])
    assert set(labels.member) <= set(view.members)
    inside = shapely.box(frame.map.left, frame.map.top, frame.map.right, frame.map.bottom).buffer(1e-6)
    boxes = shapely.box(*labels.corner.T, *(labels.corner + labels.size).T)
    assert shapely.covers(inside, boxes).all()
    assert shapely.union_all(boxes).area == pytest.approx(shapely.area(boxes).sum())
    starts, ends = leaders(view, rows)
    assert len(starts) == len(ends) == labels.leader.sum()


SPREAD = st.tuples(st.floats(0, 3_000), st.floats(0, 2_500))
CLUMP = st.builds(
    lambda middle, seed, count, spread: (
        np.random.default_rng(seed).normal(0, spread, (count, 2)) + middle
    ).tolist(),
    SPREAD,
    st.integers(0, 999),
    st.integers(1, 60),
    st.sampled_from([0, 0.4, 3, 40, 300]),
)
LINE = st.builds(
    lambda start, count, step: [(start[0] + place * step, start[1] + place) for place in range(count)],
    SPREAD,
    st.integers(1, 60),
    st.sampled_from([0.5, 4, 25]),
)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.one_of(CLUMP, LINE), max_size=5),
    st.sampled_from([1, 98, 99_900]),
    st.sampled_from([None, 2, 7]),
    st.booleans(),
)
@example([[(0.0, 0.0)] * 200], 1, None, True)
@example([[(80_000.0, 0.0)], [(5.0, 5.0)]], 1, None, True)
def test_every_number_is_on_one_map_and_none_over_another(
    groups: list[list[tuple[float, float]]], first: int, every: int | None, details: bool
):
    points = np.array([point for group in groups for point in group]).reshape(-1, 2)
    chosen = np.ones(len(points), dtype=bool) if every is None else np.arange(len(points)) % every == 0
    plan(table(points, chosen=chosen, first=first), details=details)


def test_a_desa_that_fits_one_sheet_stays_one():
    book = plan(table(RNG.uniform(0, 2_500, (40, 2))))
    assert len(book.desa[0].sheets) == 1
    assert not book.desa[0].sheets[0].details


def test_dense_kantong_go_to_few_details_and_lone_houses_stay():
    middles = np.array([(600, 600), (2_200, 1_900)])
    lone = np.array([(2_900, 100), (100, 2_400)])
    points = np.concatenate([lone, *(RNG.normal(middle, 70, (90, 2)) for middle in middles)])
    sheets = plan(table(points)).desa[0].sheets
    assert {0, 1} <= set(sheets[0].views[0].members)
    assert 2 <= len(sheets) <= 4
    assert all(
        view.frame.scale < sheets[0].views[0].frame.scale for sheet in sheets[1:] for view in sheet.views
    )


def test_hamlets_of_a_wide_desa_have_maps_that_one_can_walk_by():
    hamlets = [RNG.normal(middle, 60, (12, 2)) for middle in ((500, 800), (9_000, 14_000), (11_000, 300))]
    wide = shapely.box(WEST, SOUTH, WEST + 12_000, SOUTH + 15_000)
    sheets = plan(table(np.concatenate([*hamlets, [(6_000, 6_000)]])), shapes=[wide]).desa[0].sheets
    assert sheets[0].views[0].frame.scale > 20_000
    assert sheets[0].views[0].members.tolist() == [36]
    assert max(view.frame.scale for sheet in sheets[1:] for view in sheet.views) <= 5_000


def test_many_on_one_spot_share_a_label_and_a_few_do_not():
    many = plan(table(np.tile([(700.0, 700.0)], (20, 1)))).desa[0].sheets
    assert many[0].views[0].labels.text == ("1–20",)
    few = plan(table(np.tile([(700.0, 700.0)], (3, 1)))).desa[0].sheets
    assert sorted(few[0].views[0].labels.text) == ["1", "2", "3"]


def test_chosen_ones_of_a_stack_are_all_told():
    chosen = np.arange(350) % 3 == 0
    book = plan(table(np.tile([(700.0, 700.0)], (350, 1)), chosen=chosen))
    texts = [text for sheet in book.desa[0].sheets for view in sheet.views for text in view.labels.text]
    assert len(texts) > 1
    assert sum(len(read_label(text)) for text in texts) == chosen.sum()


def test_a_stack_with_more_numbers_than_a_page_holds_is_told_on_several():
    chosen = np.arange(9_000) % 2 == 0
    book = plan(table(np.tile([(700.0, 700.0)], (9_000, 1)), chosen=chosen, first=10_001))
    assert len(book.desa[0].sheets) > 2


def test_three_hundred_houses_within_five_metres_still_end():
    sheets = plan(table(RNG.uniform(0, 5, (300, 2)) + 700)).desa[0].sheets
    assert len(sheets) <= 3


def test_eight_of_many_are_shown_with_what_stands_around():
    points = RNG.normal((1_500, 1_200), 250, (350, 2))
    chosen = np.isin(np.arange(350), RNG.choice(350, 8, replace=False))
    book = plan(table(points, chosen=chosen))
    (sheet,) = book.desa[0].sheets
    eight = points[chosen] + (WEST, SOUTH)
    assert sheet.views[0].frame.west <= eight[:, 0].min() - 150
    assert sheet.views[0].frame.north >= eight[:, 1].max() + 150
    assert len(sheet.members) == 8


def test_two_houses_far_from_others_are_shown_with_a_way_to_them():
    crowd = RNG.normal((1_830, 1_500), 40, (60, 2))
    points = np.concatenate([[(1_500, 1_250), (1_520, 1_250)], crowd])
    chosen = np.arange(len(points)) < 2
    wide = shapely.box(WEST - 9_000, SOUTH - 9_000, WEST + 9_000, SOUTH + 9_000)
    (sheet,) = plan(table(points, chosen=chosen), shapes=[wide]).desa[0].sheets
    frame = sheet.views[0].frame
    west, south, east, north = frame.bounds
    others = points[2:] + np.array([WEST, SOUTH])
    seen = ((others > (west, south)) & (others < (east, north))).all(axis=1).sum()
    assert frame.scale >= 5_000
    assert seen >= 20


def test_a_few_houses_have_no_page_of_their_own_where_the_first_sheet_has_room():
    crowd, few = RNG.normal((600, 600), 70, (150, 2)), RNG.normal((2_400, 2_000), 45, (7, 2))
    sheets = plan(table(np.concatenate([few, crowd]))).desa[0].sheets
    assert set(range(7)) <= set(sheets[0].members)
    for sheet in sheets[1:]:
        assert len(sheet.members) > 20


def test_a_lone_detail_is_no_larger_than_its_numbers_need():
    few = RNG.normal((2_400, 2_000), 14, (24, 2))
    lone = RNG.uniform(0, 3_000, (15, 2)) * (1, 0.6)
    _, *others = plan(table(np.concatenate([lone, few]))).desa[0].sheets
    assert [len(sheet.views) for sheet in others] == [1]
    assert others[0].views[0].frame.scale >= 1_500


def test_a_house_far_outside_its_desa_does_not_spoil_the_first_sheet():
    points = np.concatenate([RNG.uniform(0, 2_500, (30, 2)), [(70_000, 40_000)]])
    sheets = plan(table(points)).desa[0].sheets
    assert sheets[0].views[0].frame.scale <= 20_000
    assert [view.members.tolist() for sheet in sheets[1:] for view in sheet.views] == [[30]]


def test_desa_without_houses_without_points_and_in_parts():
    pieces = shapely.MultiPolygon([GROUND, shapely.box(WEST + 4_000, SOUTH, WEST + 4_500, SOUTH + 500)])
    nowhere = np.full((3, 2), np.nan)
    one = np.array([(10.0, 10.0)])
    book = plan(table(one, nowhere, one), shapes=[pieces, GROUND, GROUND, GROUND])
    assert [len(desa.sheets) for desa in book.desa] == [1, 1, 1, 1]
    assert [len(desa.mapless) for desa in book.desa] == [0, 3, 0, 0]
    assert book.desa[0].sheets[0].views[0].frame.east >= WEST + 4_500


def test_without_details_a_desa_is_one_sheet_with_what_fits():
    book = plan(table(RNG.normal(700, 60, (900, 2))), details=False)
    (sheet,) = book.desa[0].sheets
    assert 0 < len(sheet.members) < 900


def test_room_is_left_where_nothing_stands():
    book = plan(table(np.array([(1_500.0, 1_250.0)])))
    view = book.desa[0].sheets[0].views[0]
    room = room_of(view, book.households)
    (left, top), (width, height) = view.labels.corner[0], view.labels.size[0]
    assert not room.take(left, top, width, height)
    assert room.take(view.frame.map.left + 5, view.frame.map.top + 5, 20, 4)


def test_the_same_houses_make_the_same_plan():
    listed = table(RNG.normal(1_200, 150, (200, 2)))
    first, second = plan(listed), plan(listed)
    pd.testing.assert_frame_equal(first.households, second.households)
    assert [sheet.views[0].labels.text for sheet in first.desa[0].sheets] == [
        sheet.views[0].labels.text for sheet in second.desa[0].sheets
    ]
