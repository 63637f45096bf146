"""Vector tiles: every point where it stands, in the order of drawing, and nothing but what may be told."""

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from geo.assessment import Assessment
from geo.filters import CLASSES, Filter, HouseholdArrays, household_arrays, read_filter
from geo.tiles import EXTENT, FIRST_ZOOM, LAST_ZOOM, LAYER, TileIndex, encode_tile, outcome_array, tile_index
from geo.tiles.vector import BUFFER
from tests.geo.tiles.decoder import Mark, decode

ZOOM, COLUMN, ROW = 13, 6586, 4256  # a tile on the north coast of Java
PLACES = st.floats(-0.5, 1.5, allow_subnormal=False)


def _arrays(
    x: np.ndarray, y: np.ndarray, rows: np.ndarray, classes: np.ndarray, chosen: np.ndarray
) -> HouseholdArrays:
    """Return households at places that are counted in tiles from the corner of the tile on the coast."""
    count, none = len(x), np.zeros(len(x), dtype=np.int8)
    return HouseholdArrays(
        sheet_row=rows, desa_codes=("1",), kecamatan_codes=("1",), desa=none, kecamatan=none, zones={}, needs={},
        groups={}, desil=none, quality=none, classes=classes, chosen=chosen, has_point=np.ones(count, dtype=bool),
        x=(COLUMN + x) / 2**ZOOM, y=(ROW + y) / 2**ZOOM,
    )  # fmt: skip


@st.composite
def households(draw: st.DrawFn) -> HouseholdArrays:
    count = draw(st.integers(0, 40))
    return _arrays(
        draw(npst.arrays(float, count, elements=PLACES)),
        draw(npst.arrays(float, count, elements=PLACES)),
        draw(npst.arrays(np.int64, count, elements=st.integers(1, 400_000_000), unique=True)),
        draw(npst.arrays(np.int8, count, elements=st.integers(0, len(CLASSES) - 1))),
        draw(npst.arrays(bool, count)),
    )


def marks_of(tile: bytes) -> list[Mark]:
    return decode(tile)[1] if tile else []


def tiles_of(index: TileIndex, zoom: int) -> list[tuple[int, int, int]]:
    """Return the tiles in which a point lies."""
    places = np.floor(np.column_stack([index.x, index.y]) * 2**zoom).astype(int)
    return [(zoom, column, row) for column, row in np.unique(places, axis=0).tolist()]


@given(arrays=households(), zoom=st.integers(FIRST_ZOOM, LAST_ZOOM), data=st.data())
def test_a_tile_holds_exactly_the_points_of_its_ground(arrays, zoom, data):
    index = tile_index(arrays)
    mask = data.draw(npst.arrays(bool, len(arrays)))
    tiles = data.draw(st.sampled_from([*tiles_of(index, zoom), (ZOOM, COLUMN, ROW), (ZOOM, COLUMN, ROW - 2)]))
    zoom, column, row = tiles
    steps = np.column_stack([arrays.x * 2**zoom - column, arrays.y * 2**zoom - row]) * EXTENT
    inside = mask & ((steps >= -BUFFER) & (steps < EXTENT + BUFFER)).all(axis=1)
    marks = marks_of(encode_tile(index, mask, zoom, column, row))
    places = arrays.positions(np.array([mark.id for mark in marks], dtype=np.int64))
    assert sorted(places) == np.flatnonzero(inside).tolist()
    for mark, place in zip(marks, places, strict=True):
        assert abs(mark.x - steps[place, 0]) <= 0.5
        assert abs(mark.y - steps[place, 1]) <= 0.5
        expected = {"k": arrays.classes[place]} | ({"c": 1} if arrays.chosen[place] else {})
        assert mark.tags == expected
    order = [(mark.tags["k"], mark.id) for mark in marks]
    assert order == sorted(order)


@given(arrays=households(), zoom=st.integers(FIRST_ZOOM, LAST_ZOOM))
def test_the_tiles_of_a_zoom_share_out_the_points(arrays, zoom):
    index, everybody = tile_index(arrays), np.ones(len(arrays), dtype=bool)
    near = [
        mark.id for tile in tiles_of(index, zoom) for mark in marks_of(encode_tile(index, everybody, *tile))
    ]
    assert set(near) == set(arrays.sheet_row.tolist())
    own = [index.sheet_row[index.inside(*tile, margin=0)] for tile in tiles_of(index, zoom)]
    assert sorted(np.concatenate([*own, np.zeros(0, dtype=int)])) == sorted(arrays.sheet_row)


def test_households_at_one_place_all_stay():
    count = 300
    arrays = _arrays(
        *np.full((2, count), 0.25), np.arange(count) + 2, np.full(count, 4), np.zeros(count, dtype=bool)
    )
    marks = marks_of(encode_tile(tile_index(arrays), np.ones(count, dtype=bool), ZOOM, COLUMN, ROW))
    assert [mark.id for mark in marks] == (np.arange(count) + 2).tolist()
    assert {(mark.x, mark.y) for mark in marks} == {(1024, 1024)}


def test_a_mark_at_the_edge_is_in_both_tiles():
    arrays = _arrays(np.array([0.999]), np.array([0.5]), np.array([2]), np.array([0]), np.array([False]))
    index = tile_index(arrays)
    assert [mark.x for mark in marks_of(encode_tile(index, np.array([True]), ZOOM, COLUMN, ROW))] == [4092]
    assert [mark.x for mark in marks_of(encode_tile(index, np.array([True]), ZOOM, COLUMN + 1, ROW))] == [-4]


@pytest.mark.parametrize(("column", "row"), [(0, 0), (2**13 - 1, 2**13 - 1), (0, 2**13 - 1)])
def test_a_tile_at_the_edge_of_the_world_is_empty(column, row):
    arrays = _arrays(np.array([0.5]), np.array([0.5]), np.array([2]), np.array([0]), np.array([False]))
    assert encode_tile(tile_index(arrays), np.array([True]), ZOOM, column, row) == b""


def test_what_is_called_empty_has_an_empty_tile_and_what_holds_a_mark_is_not(arrays):
    index, everybody = tile_index(arrays), arrays.mask(Filter())
    column, row = (int(place[0] * 2**ZOOM) for place in (index.x, index.y))
    around = [(ZOOM, column + right, row + down) for right in range(-40, 40) for down in range(-40, 40)]
    empty = {tile for tile in around if index.is_empty_near(*tile)}
    drawn = {tile for tile in around if encode_tile(index, everybody, *tile)}
    assert drawn
    assert empty
    assert not drawn & empty


def test_outcomes_are_told_by_their_number():
    arrays = _arrays(
        np.full(3, 0.5), np.full(3, 0.5), np.array([7, 8, 9]), np.array([0, 1, 4]), np.ones(3, dtype=bool)
    )
    outcomes = outcome_array(arrays, {8: 6, 9: 1, 1000: 2})
    marks = marks_of(encode_tile(tile_index(arrays), np.ones(3, dtype=bool), ZOOM, COLUMN, ROW, outcomes))
    assert [mark.tags for mark in marks] == [
        {"k": 0, "c": 1},
        {"k": 1, "c": 1, "o": 6},
        {"k": 4, "c": 1, "o": 1},
    ]
    with pytest.raises(ValueError, match="1 to 99"):
        outcome_array(arrays, {8: 0})


@pytest.fixture(scope="module")
def arrays(assessment: Assessment) -> HouseholdArrays:
    return household_arrays(assessment)


@pytest.mark.parametrize("zoom", range(FIRST_ZOOM, LAST_ZOOM + 1))
def test_gdal_reads_the_same(zoom, arrays, assessment, tmp_path):
    index = tile_index(arrays)
    chosen = read_filter({"butuh": ["rtlh:ya"]}, assessment)
    mask = arrays.mask(chosen)
    counted = assessment.counted
    step = 40_075_017 / 2**zoom / EXTENT
    seen: set[int] = set()
    for _, column, row in tiles_of(index, zoom)[:12]:
        tile = encode_tile(index, mask, zoom, column, row)
        if not tile:
            continue
        read = _by_gdal(tile, tmp_path / f"{zoom}-{column}-{row}.pbf", zoom, column, row)
        marks = marks_of(tile)
        assert set(read.columns) <= {"mvt_id", "k", "c", "o", "geometry"}
        assert read["mvt_id"].tolist() == [mark.id for mark in marks]
        assert read["k"].tolist() == [mark.tags["k"] for mark in marks]
        true = counted.set_index("sheet_row").loc[read["mvt_id"].tolist()].geometry.to_crs(3857).to_numpy()
        off = shapely.get_coordinates(read.geometry.to_numpy()) - shapely.get_coordinates(true)
        assert np.abs(off).max() <= 0.5 * step * 1.001
        seen |= {mark.id for mark in marks}
    assert seen <= set(counted.loc[mask, "sheet_row"])
    assert seen


def _by_gdal(tile: bytes, path: Path, zoom: int, column: int, row: int):  # noqa: ANN202
    path.write_bytes(tile)
    (layer,) = pyogrio.list_layers(path)
    assert layer.tolist() == [LAYER, "Point"]
    return pyogrio.read_dataframe(path, layer=LAYER, X=str(column), Y=str(row), Z=str(zoom), CLIP="NO")


def test_a_tile_holds_nothing_else_of_anybody(arrays):
    index, everybody = tile_index(arrays), arrays.mask(Filter())
    outcomes = outcome_array(arrays, dict.fromkeys(arrays.sheet_row.tolist(), 3))
    for tile in tiles_of(index, FIRST_ZOOM):
        about, marks = decode(encode_tile(index, everybody, *tile, outcomes))
        assert about == {"name": "rumah", "version": 2, "extent": EXTENT}
        for mark in marks:
            assert set(mark.tags) <= {"k", "c", "o"}
            assert all(isinstance(value, int) for value in mark.tags.values())


def test_only_households_that_count_and_stand_at_their_own_point_are_drawn(arrays, assessment):
    index, everybody = tile_index(arrays), arrays.mask(Filter())
    drawn = {
        mark.id
        for tile in tiles_of(index, FIRST_ZOOM)
        for mark in marks_of(encode_tile(index, everybody, *tile))
    }
    counted = assessment.counted
    own = counted["location_quality"].isin(["gps", "gps_border"])
    assert drawn == set(counted.loc[own, "sheet_row"])
    chosen = assessment.priorities.loc[assessment.priorities["chosen"], "sheet_row"]
    assert set(index.sheet_row[index.chosen]) == set(chosen) & drawn
