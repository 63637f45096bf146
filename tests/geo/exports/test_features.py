"""Rows as GeoJSON texts: the encoder that files and API share."""

import json

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.exports.features import METRE_DECIMALS, encode_features, feature_parts
from tests.geo.exports.small_product import small_product

SHAPES = [
    shapely.Point(109.123456789, -7),
    shapely.MultiPoint([(1, 2), (3, 4)]),
    shapely.LineString([(0, 0), (1.5, 2)]),
    shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]]),
    shapely.box(0, 0, 4, 4) - shapely.box(1, 1, 2, 2),
    shapely.MultiPolygon(
        [shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1) - shapely.box(2.2, 0.2, 2.4, 0.4)]
    ),
    None,
]


def read(table: gpd.GeoDataFrame, **how: object) -> list[dict]:
    return [json.loads(text) for text in encode_features(table, "id", ["id"], **how).to_pylist()]


def test_every_kind_of_shape_is_that_of_shapely():
    table = gpd.GeoDataFrame({"id": range(len(SHAPES))}, geometry=SHAPES, crs=4326)
    for feature, shape in zip(read(table), SHAPES, strict=True):
        assert isinstance(feature["id"], str)
        if shape is None:
            assert feature["geometry"] is None
        else:
            assert feature["geometry"]["type"] == shape.geom_type
            assert shapely.equals_exact(
                shapely.normalize(shapely.geometry.shape(feature["geometry"])), shapely.normalize(shape), 1e-7
            )


def test_metres_have_two_decimals_and_axes_can_be_turned():
    table = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.Point(0, 0)], crs=4326)
    moved = np.array([shapely.Point(350123.456789, 9234567.891)], dtype=object)
    [feature] = read(table, coordinates=moved, decimals=METRE_DECIMALS, flipped=True)
    assert feature["geometry"]["coordinates"] == [9234567.89, 350123.46]


def test_rings_turn_the_same_way_on_the_ground_when_axes_are_turned():
    table = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.box(0, 0, 1, 2, ccw=False)], crs=4326)
    [straight], [turned] = read(table), read(table, flipped=True)
    assert shapely.is_ccw(shapely.geometry.shape(straight["geometry"]).exterior)
    back = [place[::-1] for place in turned["geometry"]["coordinates"][0]]
    assert back == straight["geometry"]["coordinates"][0]


def test_only_the_named_columns_leave():
    houses = small_product().collections["rumah_tangga"].table
    text = "".join(encode_features(houses, "pseudonim", ["nik"]).to_pylist())
    assert "RAHASIA" not in text
    assert json.loads(encode_features(houses, "pseudonim", [])[0].as_py())["properties"] == {}


def test_parts_are_the_whole():
    houses = small_product(copies=2000).collections["rumah_tangga"].table
    whole = encode_features(houses, "pseudonim", ["catatan"])
    parts = [text for part in feature_parts(houses, "pseudonim", ["catatan"]) for text in part.to_pylist()]
    assert whole.to_pylist() == parts
    assert len(parts) == len(houses)


@given(st.text(), st.floats(allow_nan=True, allow_infinity=True), st.integers(-(2**63), 2**63 - 1))
def test_any_value_comes_back(text: str, figure: float, count: int):
    text = text.encode("utf-8", "replace").decode()  # half a pair of surrogates is no text
    table = gpd.GeoDataFrame(
        {"id": ["a"], "t\"'": [text], "f": [figure], "n": [count]}, geometry=[None], crs=4326
    )
    [told] = encode_features(table, "id", ["t\"'", "f", "n"]).to_pylist()
    back = json.loads(told, parse_constant=None)["properties"]
    assert back["t\"'"] == text
    assert back["n"] == count
    if not np.isfinite(figure):
        assert back["f"] is None
    elif abs(figure) < 1e6:
        assert abs(back["f"] - figure) <= 1e-7
