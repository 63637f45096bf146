"""Shares of the classes in polygons: those of an exact overlay, whatever the polygons and the cells."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.ndimage import gaussian_filter

from geo.crs import MEASURING, STORING
from geo.landcover import BUILT_UP, CLASSES, TREES, LandCover
from geo.landcover.class_areas import class_areas
from tests.geo.landcover.small_cover import CELL, ORIGIN, boxes, cover, overlaid

POINT = 0.01  # percentage points are hundredths of a share
TOLERANCE = 0.1 * POINT


def patchwork(bounds, cell_m, crs=STORING, seed=5) -> LandCover:
    """Return invented land cover over some bounds (degrees): patches a few cells wide, of all the classes of Java."""
    west, south, east, north = gpd.GeoSeries([shapely.box(*bounds)], crs=STORING).to_crs(crs).total_bounds
    cell = cell_m / 111_000 if crs.is_geographic else cell_m
    # the corner stands a little off, so that no cell lies on a round coordinate
    transform = Affine(cell, 0, west - 3.37 * cell, 0, -cell, north + 2.71 * cell)
    shape = int((north - south) / cell) + 7, int((east - west) / cell) + 7
    field = gaussian_filter(np.random.default_rng(seed).normal(size=shape), 2)
    codes = np.array([10, 20, 30, 40, 50, 60, 80, 90, 95], dtype="uint8")
    steps = np.quantile(field, np.linspace(0, 1, len(codes) + 1)[1:-1])
    return LandCover(codes[np.digitize(field, steps)], transform, crs, "rekaan", "2025")


def worst(land: LandCover, desa: gpd.GeoSeries) -> float:
    """Return the largest error of any share of any desa against the exact overlay."""
    found = land.shares(desa)
    assert found.notna().all(axis=None)
    exact = np.array([overlaid(land, polygon) for polygon in desa.to_crs(land.crs)])
    return float(np.abs(found - exact / exact.sum(axis=1, keepdims=True)).to_numpy().max())


@pytest.mark.parametrize("cell_m", [10, 30, 100, 300])
@pytest.mark.parametrize("crs", [STORING, MEASURING], ids=["degrees", "metres"])
def test_every_desa_has_the_shares_of_an_exact_overlay(district, cell_m, crs):
    desa = district.desa.geometry
    assert worst(patchwork(desa.total_bounds, cell_m, crs), desa) < TOLERANCE / 1000


@pytest.mark.parametrize("cell_m", [60, 100])
def test_every_desa_of_a_real_district_has_the_shares_of_an_exact_overlay(real_data, cell_m):
    desa = gpd.read_file(real_data / "id3326_pekalongan.geojson").geometry
    assert worst(patchwork(desa.total_bounds, cell_m), desa) < TOLERANCE / 1000


def test_the_cells_of_10_m_of_a_real_district_give_what_exactextract_gives(real_data):
    desa = gpd.read_file(real_data / "id3326_pekalongan.geojson").geometry
    land = patchwork(desa.total_bounds, 10)
    (west, north), (east, south) = land.transform @ (0, 0), land.transform @ land.cells.shape[::-1]
    raster = NumPyRasterSource(
        land.cells.astype("int16"), west, south, east, north, nodata=0, srs_wkt=land.crs.to_wkt()
    )
    wanted = ["unique", "frac"]
    read = exact_extract(
        raster, gpd.GeoDataFrame(geometry=desa).reset_index(drop=True), wanted, output="pandas"
    )
    parts = read.explode(["unique", "frac"]).set_index("unique", append=True)["frac"].astype(float)
    exact = parts.unstack(fill_value=0.0).reindex(columns=list(CLASSES), fill_value=0.0).to_numpy()
    assert np.abs(land.shares(desa).to_numpy() - exact).max() < TOLERANCE / 1000


def test_a_polygon_smaller_than_a_cell_a_sliver_a_hole_and_several_parts():
    land = cover(np.random.default_rng(7).choice([10, 40, 50, 80], (40, 40)))
    x, y = ORIGIN
    ring = shapely.Point(x + 200, y - 200).buffer(150).difference(shapely.Point(x + 210, y - 190).buffer(77))
    areas = gpd.GeoSeries(
        [
            shapely.box(x + 13.1, y - 18.9, x + 16.2, y - 11.7),
            shapely.Polygon([(x + 1, y - 1), (x + 390, y - 390), (x + 390, y - 389.99)]),
            ring,
            shapely.MultiPolygon(
                [shapely.box(x, y - 35, x + 12, y), shapely.box(x + 100, y - 130, x + 157, y - 100)]
            ),
            shapely.GeometryCollection(
                [shapely.Point(x, y), shapely.MultiPolygon([ring]), shapely.LineString()]
            ),
            ring.reverse(),
        ],
        crs=MEASURING,
    )
    exact = np.array([overlaid(land, area) for area in areas])
    found = land.shares(areas)
    assert found.to_numpy() == pytest.approx(exact / exact.sum(axis=1, keepdims=True), abs=1e-6)
    assert found.sum(axis=1).to_list() == pytest.approx([1.0] * len(areas))


def test_polygons_may_overlap_and_share_borders_with_cells():
    land = cover(np.repeat([[10, 50]], 20, axis=0).repeat(10, axis=1))
    areas = boxes(
        (0, 0, 200, 200), (0, 0, 200, 200), (50, 0, 150, 100), (100, 0, 200, 200), index=list("abcd")
    )
    assert land.shares(areas)[TREES].to_list() == pytest.approx([0.5, 0.5, 0.5, 0.0])


def test_what_the_raster_does_not_cover_is_unknown_and_not_nought():
    cells = np.full((40, 40), 50)
    cells[:, 30:] = 0
    areas = boxes(
        (0, 0, 100, 100),
        (250, 0, 350, 100),
        (310, 0, 390, 100),
        (1000, 0, 1100, 100),
        (-60, 50, 40, 90),
        (50, -600, 90, -500),
        (200, 0, 300.9, 100),
        index=list("abcdefg"),
    )
    found = cover(cells).shares(areas)
    assert found.loc[["a", "g"], BUILT_UP].to_list() == pytest.approx([1, 1])
    assert (found.loc["a", list(set(CLASSES) - {BUILT_UP})] == 0).all()
    assert found.loc[list("bcdef")].isna().all(axis=None)
    assert list(found.columns) == list(CLASSES)


def test_a_polygon_that_crosses_itself_counts_both_its_sides():
    land = cover(np.repeat([[10, 50]], 20, axis=0).repeat(10, axis=1))
    x, y = ORIGIN
    bow_tie = shapely.Polygon([(x + 50, y - 50), (x + 150, y - 150), (x + 150, y - 50), (x + 50, y - 150)])
    found = land.shares(gpd.GeoSeries([bow_tie], crs=MEASURING))
    assert found[[TREES, BUILT_UP]].to_numpy() == pytest.approx(np.array([[0.5, 0.5]]))


def test_what_is_no_area_has_no_shares():
    shapes = [
        None,
        shapely.Polygon(),
        shapely.Point(ORIGIN),
        shapely.LineString([ORIGIN, (390_100, 9_239_900)]),
    ]
    found = cover(np.full((9, 9), 10)).shares(gpd.GeoSeries(shapes, crs=MEASURING, index=[7, 8, 9, 10]))
    assert found.isna().all(axis=None)
    assert found.index.tolist() == [7, 8, 9, 10]


def test_how_the_raster_is_cut_into_blocks_changes_nothing(district, monkeypatch):
    land = patchwork(district.desa.total_bounds, 30)
    whole = land.shares(district.desa.geometry)
    for band, chunk in ((1, 1), (5_000, 2_000), (40_000, 100)):
        monkeypatch.setattr("geo.landcover.cells._BAND", band)
        monkeypatch.setattr("geo.landcover.class_areas._CHUNK", chunk)
        assert land.shares(district.desa.geometry).to_numpy() == pytest.approx(whole.to_numpy(), abs=1e-9)


coordinates = st.floats(-80, 480, allow_nan=False).map(lambda number: round(number, 3))
triangles = st.lists(st.tuples(coordinates, coordinates), min_size=3, max_size=3).map(
    lambda corners: shapely.Polygon([(ORIGIN[0] + x, ORIGIN[1] - y) for x, y in corners])
)


@given(
    arrays(np.uint8, (38, 41), elements=st.sampled_from([0, 10, 50, 100])), st.lists(triangles, min_size=1)
)
def test_any_triangles_on_any_cells(cells, polygons):
    found = class_areas(cells, cover(cells).transform, np.array(polygons))
    for polygon, areas in zip(polygons, found, strict=True):
        assert areas * CELL**2 == pytest.approx(overlaid(cover(cells), polygon), abs=0.01)


@given(st.integers(1, 399), st.floats(0, 3.2), st.integers(0, 5))
def test_shares_sum_to_one_and_pieces_to_the_whole(at, angle, seed):
    land = cover(np.random.default_rng(seed).choice(list(CLASSES), (40, 40)))
    whole = shapely.box(ORIGIN[0], ORIGIN[1] - 400, ORIGIN[0] + 400, ORIGIN[1])
    far = 1000 * np.array([np.cos(angle), np.sin(angle)])
    middle = np.array([ORIGIN[0] + at, ORIGIN[1] - 400 + at])
    pieces = shapely.get_parts(shapely.ops.split(whole, shapely.LineString([middle - far, middle + far])))
    found = land.shares(gpd.GeoSeries([whole, *pieces], crs=MEASURING)).to_numpy()
    big = shapely.area(pieces) > 1
    assert found[1:][big].sum(axis=1) == pytest.approx(np.ones(big.sum()))
    joined = (np.nan_to_num(found[1:]) * shapely.area(pieces)[:, None]).sum(axis=0) / whole.area
    assert joined == pytest.approx(found[0], abs=1e-4)
