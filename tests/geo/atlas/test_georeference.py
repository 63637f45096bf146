"""A map of a book lies where it says: read back by pikepdf, and by GDAL where that is at hand."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pikepdf
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.atlas.binding.binder import Binder
from geo.atlas.binding.georeference import georeference
from geo.atlas.paper.frame import SCALES, Frame, frame_for
from geo.atlas.paper.layout import Rect, layouts
from geo.crs import MEASURING, to_metres, utm
from tests.geo.atlas.test_binding import CREATED, program

LAYOUT = layouts("A4", banner=False)[-1]
PAGE_MM = LAYOUT.page
MM = 72 / 25.4


@contextmanager
def told(frames: list[Frame], crs: pyproj.CRS = MEASURING) -> Iterator[list[pikepdf.Object]]:
    """Georeference one page with these maps; give its viewports."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(PAGE_MM[0] * MM, PAGE_MM[1] * MM))
        georeference(pdf, [[(frame, letter) for frame, letter in zip(frames, "abcd", strict=False)]], crs)
        yield list(pdf.pages[0].obj.VP)


def numbers(array: pikepdf.Object) -> np.ndarray:
    return np.array([float(value) for value in array]).reshape(-1, 2)


def ground_at(viewport: pikepdf.Object, at: np.ndarray, crs: pyproj.CRS) -> np.ndarray:
    """Return metres at places of the page (millimetres from its upper left corner) as a reader of the measure would.

    An affine from page to grid, fitted to what the measure says, as GDAL does.
    """
    measure = viewport.Measure
    (left, bottom), (right, top) = numbers(viewport.BBox)
    page = numbers(measure.LPTS) * (right - left, top - bottom) + (left, bottom)
    lat, lon = numbers(measure.GPTS).T
    known = np.column_stack(to_metres(lon, lat, crs))
    middle = known.mean(axis=0)
    fit, *_ = np.linalg.lstsq(np.column_stack([page, np.ones(len(page))]), known - middle, rcond=None)
    points = np.column_stack([at[:, 0], PAGE_MM[1] - at[:, 1]]) * MM
    return np.asarray(np.column_stack([points, np.ones(len(points))]) @ fit + middle)


def corners(rect: Rect) -> np.ndarray:
    return np.array(
        [(rect.left, rect.bottom), (rect.left, rect.top), (rect.right, rect.top), (rect.right, rect.bottom)]
    )


def ground_of(frame: Frame) -> np.ndarray:
    west, south, east, north = frame.bounds
    return np.array([(west, south), (west, north), (east, north), (east, south)])


@given(
    st.sampled_from(SCALES[:30]),
    st.floats(170e3, 830e3),
    st.floats(8.9e6, 9.99e6),
    st.sampled_from([1, 2, 4]),
)
def test_a_reader_finds_every_corner_to_a_centimetre(scale, west, south, count):
    frames = [Frame(window.map, scale, west, south, 100) for window in LAYOUT.windows(count)]
    with told(frames) as viewports:
        founds = [
            ground_at(view, corners(frame.map), MEASURING)
            for view, frame in zip(viewports, frames, strict=True)
        ]
    for found, frame in zip(founds, frames, strict=True):
        assert np.abs(found - ground_of(frame)).max() < 0.01 + scale * 2e-9


@pytest.mark.parametrize("width", [800, 5_000, 30_000, 90_000])
def test_a_reader_that_draws_straight_between_the_told_places_errs_by_less_than_a_metre(width):
    frame = frame_for((300e3, 9200e3, 300e3 + width, 9200e3 + width / 2), LAYOUT.windows(1)[0].map)
    with told([frame]) as (viewport,):
        spots, (lat, lon) = numbers(viewport.Measure.LPTS), numbers(viewport.Measure.GPTS).T
    lines = np.unique(spots[:, 0])
    order = np.lexsort((spots[:, 0], spots[:, 1]))
    grid = [np.asarray(values)[order].reshape(len(lines), len(lines)) for values in (lon, lat)]
    middle = [(values[:-1, :-1] + values[1:, 1:] + values[:-1, 1:] + values[1:, :-1]) / 4 for values in grid]
    steps = (lines[:-1] + lines[1:]) / 2
    west, south, east, north = frame.bounds
    x, y = np.meshgrid(west + steps * (east - west), south + steps * (north - south))
    found_x, found_y = to_metres(middle[0], middle[1], MEASURING)
    assert np.hypot(found_x - x, found_y - y).max() < 1.0
    assert (len(lines) == 2) == (width <= 5_000)
    assert spots[:4].tolist() == [[0, 0], [0, 1], [1, 1], [1, 0]]


def test_a_viewport_says_what_the_standard_asks_for():
    frames = [frame_for((350e3, 9230e3, 351e3, 9231e3), window.map) for window in LAYOUT.windows(2)]
    with told(frames) as viewports:
        assert [str(viewport.Name) for viewport in viewports] == ["Peta a", "Peta b"]
        for viewport, frame in zip(viewports, frames, strict=True):
            (left, bottom), (right, top) = numbers(viewport.BBox) / MM
            assert (left, right) == pytest.approx((frame.map.left, frame.map.right))
            assert (bottom, top) == pytest.approx((PAGE_MM[1] - frame.map.bottom, PAGE_MM[1] - frame.map.top))
            measure = viewport.Measure
            kinds = measure.Type, measure.Subtype, measure.GCS.Type
            assert [str(kind) for kind in kinds] == ["/Measure", "/GEO", "/PROJCS"]
            assert int(measure.GCS.EPSG) == 32749
            assert pyproj.CRS.from_wkt(str(measure.GCS.WKT)).to_epsg() == 32749
            assert numbers(measure.Bounds).tolist() == [[0, 0], [0, 1], [1, 1], [1, 0]]
            assert [str(unit) for unit in measure.PDU] == ["/M", "/SQM", "/DEG"]


def test_another_zone_says_its_own():
    crs = utm(46, north=True)
    frame = frame_for((750e3, 590e3, 752e3, 592e3), LAYOUT.windows(1)[0].map)
    with told([frame], crs) as (viewport,):
        assert int(viewport.Measure.GCS.EPSG) == 32646
        assert np.abs(ground_at(viewport, corners(frame.map), crs) - ground_of(frame)).max() < 0.01


def test_a_page_without_a_map_says_nothing():
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        georeference(pdf, [[]], MEASURING)
        assert "/VP" not in pdf.pages[0].obj


def draw(path: Path, frames: list[Frame]) -> None:
    with Binder(path, PAGE_MM, "Buku", CREATED, MEASURING, private=False) as binder:
        binder.canvas.add_page(format=PAGE_MM)
        for frame in frames:
            binder.canvas.rect(frame.map.left, frame.map.top, frame.map.width, frame.map.height)
        binder.page("map", views=[(frame, "") for frame in frames])


@pytest.mark.parametrize("width", [400, 2_000, 30_000])
def test_gdal_finds_the_corners_of_the_map_to_a_metre(tmp_path, width):
    gdalinfo = program("gdalinfo")
    frame = frame_for((349e3, 9228e3, 349e3 + width, 9228e3 + width / 2), LAYOUT.windows(1)[0].map)
    draw(tmp_path / "buku.pdf", [frame])
    info = json.loads(gdalinfo("-json", "--config", "GDAL_PDF_DPI", "720", tmp_path / "buku.pdf"))
    west, across, skew_x, north, skew_y, down = info["geoTransform"]
    assert abs(skew_x) + abs(skew_y) < 1e-9
    pixels = corners(frame.map) / PAGE_MM * info["size"]
    found = np.array([west, north]) + pixels * (across, down)
    assert np.abs(found - ground_of(frame)).max() < 1.0
    assert 'ID["EPSG",32749]' in info["coordinateSystem"]["wkt"]


def test_gdal_takes_the_largest_of_several_maps(tmp_path):
    small, large = (window.map for window in LAYOUT.windows(2))
    small = Rect(small.left, small.top, small.width / 2, small.height / 2)
    frames = [
        frame_for((349e3, 9228e3, 350e3, 9229e3), large),
        frame_for((400e3, 9240e3, 401e3, 9241e3), small),
    ]
    draw(tmp_path / "buku.pdf", frames)
    info = json.loads(program("gdalinfo")("-json", tmp_path / "buku.pdf"))
    assert abs(info["geoTransform"][0] - frames[0].west) < 10_000
