"""Tiles of areas, read back by GDAL: what is in them, where it lies, and that it is valid."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.tiles.polygons import encode_areas, prepare_areas, tile_range

EDGE = 20037508.342789244


def table(*shapes: object, **columns: object):
    return gpd.GeoDataFrame(columns or {"no": range(len(shapes))}, geometry=list(shapes), crs=4326)


def read(folder, areas, zoom, column, row):
    """Return what GDAL reads in a tile, in metres of the web map."""
    tile = encode_areas("wilayah", areas, zoom, column, row)
    assert tile
    path = folder / str(zoom) / str(column) / f"{row}.pbf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(tile)
    return pyogrio.read_dataframe(path, layer="wilayah")


def test_every_kind_of_value_comes_back(tmp_path):
    box = shapely.box(109.5, -7.1, 109.7, -6.9)
    columns = {
        "teks": pd.array(["Désa «A»", None], dtype="str"),
        "bulat": pd.array([-3, 70_000], dtype="Int64"),
        "desimal": pd.array([0.1, None], dtype="Float32"),
        "benar": pd.array([True, None], dtype="boolean"),
        "golongan": pd.Categorical(["pesisir", "luar"]),
    }
    found = read(tmp_path, prepare_areas(table(box, box, **columns)), 9, *place(9))
    assert found["teks"].tolist()[0] == "Désa «A»"
    assert pd.isna(found["teks"][1])
    assert found["bulat"].tolist() == [-3, 70_000]
    assert found["desimal"][0] == 0.1
    assert np.isnan(found["desimal"][1])
    assert bool(found["benar"][0]) is True
    assert found["golongan"].tolist() == ["pesisir", "luar"]


def place(zoom):
    left, _, top, _ = tile_range((109.6, -7.0, 109.6, -7.0), zoom)
    return left, top


def test_holes_and_parts_stay(tmp_path):
    ring = shapely.box(109.5, -7.1, 109.7, -6.9).difference(shapely.box(109.55, -7.05, 109.65, -6.95))
    both = shapely.MultiPolygon([ring, shapely.box(109.4, -7.2, 109.45, -7.15)])
    (found,) = read(tmp_path, prepare_areas(table(both)), 5, *place(5)).geometry
    expected = gpd.GeoSeries([both], crs=4326).to_crs(3857)[0]
    assert found.is_valid
    assert len(found.geoms) == 2
    assert sorted(len(part.interiors) for part in found.geoms) == [0, 1]
    assert found.symmetric_difference(expected).area < expected.area * 0.05


def test_a_tile_where_nothing_lies_is_empty():
    areas = prepare_areas(table(shapely.box(109.5, -7.1, 109.7, -6.9), None))
    assert encode_areas("wilayah", areas, 9, 0, 0) == b""
    assert len(areas.shapes) == 1


def test_what_is_smaller_than_a_step_is_left_out():
    areas = prepare_areas(table(shapely.box(109.6, -7.0, 109.6001, -6.9999)))
    assert encode_areas("wilayah", areas, 2, *place(2)) == b""
    assert encode_areas("wilayah", areas, 14, *place(14))


CORNERS = st.tuples(st.floats(109.0, 110.0), st.floats(-7.5, -6.5))


@settings(max_examples=40)
@given(st.lists(st.lists(CORNERS, min_size=3, max_size=7), min_size=1, max_size=4), st.integers(5, 10))
def test_tiles_side_by_side_make_up_the_areas(tmp_path_factory, outlines, zoom):
    shapes = [shapely.make_valid(shapely.Polygon(outline)) for outline in outlines]
    shapes = [shape for shape in shapes if shape.geom_type in {"Polygon", "MultiPolygon"}]
    if not shapes:
        return
    areas, folder = prepare_areas(table(*shapes)), tmp_path_factory.mktemp("ubin")
    expected = gpd.GeoSeries(shapes, crs=4326).to_crs(3857)
    side = 2 * EDGE / 2**zoom
    whole = {number: [] for number in range(len(shapes))}
    left, right, top, bottom = tile_range(tuple(gpd.GeoSeries(shapes).total_bounds), zoom)
    for column in range(left, right + 1):
        for row in range(top, bottom + 1):
            if not encode_areas("wilayah", areas, zoom, column, row):
                continue
            west, north = column * side - EDGE, EDGE - row * side
            square = shapely.box(west, north - side, west + side, north)
            for feature in read(folder, areas, zoom, column, row).itertuples():
                assert feature.geometry.is_valid
                whole[feature.no].append(feature.geometry.intersection(square))
    step = side / 4096
    for number, parts in whole.items():
        slack = 4 * step * (expected[number].length + 8 * side) + step**2
        assert shapely.union_all(parts).symmetric_difference(expected[number]).area <= slack


@pytest.mark.parametrize("bounds", [(-180, -90, 180, 90), (109.4, -7.3, 109.8, -6.8), (180, -90, 180, -90)])
def test_no_tile_lies_outside_of_the_square(bounds):
    for zoom in range(15):
        left, right, top, bottom = tile_range(bounds, zoom)
        assert 0 <= left <= right < 2**zoom
        assert 0 <= top <= bottom < 2**zoom
