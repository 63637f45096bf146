"""Texts of features put together, and boxes: laws on invented collections."""

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely
from fastapi.responses import StreamingResponse
from hypothesis import given
from hypothesis import strategies as st

from app.ogc.answers import Page
from app.ogc.boxes import read_box
from app.ogc.encoded import BLOCK, Encoder
from app.ogc.links import Links
from app.ogc.parameters import Asked
from app.ogc.references import CRS84, references
from geo.products import Collection, Field

SYSTEMS = references()
MANY = 2 * BLOCK + 345


def households(rows: int) -> Collection:
    random = np.random.default_rng(5)
    places = shapely.points(random.uniform((109, -7.5), (110, -6.5), (rows, 2)))
    places[::7] = None
    table = gpd.GeoDataFrame(
        {"id": [f"p{n}" for n in range(rows)], "teks": ['"\\\n\u2028é'] * rows}, geometry=places, crs=4326
    )
    fields = tuple(Field(name, name, name, "teks") for name in ("id", "teks"))
    return Collection("rumah_tangga", "Rumah tangga", "", table, "id", fields, "Point")


LARGE = households(MANY)


@pytest.mark.parametrize("uri", SYSTEMS)
@pytest.mark.parametrize("columns", [None, (), ("teks",)])
@pytest.mark.parametrize(
    "rows",
    [
        np.arange(MANY),
        np.arange(3, 9),
        np.arange(MANY)[::-1],
        np.array([5, 1, 2, 5]),
        np.array([], int),
        np.array([7]),
    ],
    ids=["all", "slice", "back", "any", "none", "one"],
)
def test_features_are_those_rows_in_that_order(uri: str, columns: tuple[str, ...] | None, rows: np.ndarray):
    pieces = [*Encoder().features(LARGE, rows, SYSTEMS[uri], columns)]
    told = json.loads(b"[" + b"".join(pieces) + b"]")
    assert [each["id"] for each in told] == [f"p{row}" for row in rows]
    assert all([*each["properties"]] == [*(("id", "teks") if columns is None else columns)] for each in told)
    assert [each["geometry"] is None for each in told] == [row % 7 == 0 for row in rows]
    assert max(map(len, pieces), default=0) < 400 * BLOCK


def test_a_large_answer_leaves_block_by_block():
    for limit, streamed in ((MANY, True), (BLOCK, False)):
        asked = Asked("json", limit, 0, SYSTEMS[CRS84], None, None, "", "", "", CRS84, {})
        page = Page(LARGE, asked, np.arange(MANY), Links("http://x/ogc", "/items", ()))
        assert isinstance(page.answer(Encoder()), StreamingResponse) is streamed
        assert len(json.loads(b"".join(page._pieces(Encoder())))["features"]) == limit


longitudes, latitudes = st.floats(-180, 180), st.floats(-90, 90)


@given(
    longitudes,
    latitudes,
    longitudes,
    latitudes,
    st.lists(st.tuples(longitudes, latitudes), max_size=12),
    st.floats(0, 5),
)
def test_a_box_holds_what_touches_it(
    west: float, a: float, east: float, b: float, places: list[tuple[float, float]], size: float
):
    south, north = sorted((a, b))
    shapes = np.array(
        [shapely.Point(*place).buffer(size, quad_segs=2) for place in places] + [None], dtype=object
    )
    if not size:
        shapes = np.array([shapely.Point(*place) for place in places] + [None], dtype=object)
    for uri, text in (
        (CRS84, f"{west!r},{south!r},{east!r},{north!r}"),
        ("", f"{south!r},{west!r},{north!r},{east!r}"),
    ):
        box = read_box(text, SYSTEMS[uri or "http://www.opengis.net/def/crs/EPSG/0/4326"])
        assert len(box.parts()) == 1 + (west > east)
        assert box.holds(shapes, shapely.bounds(shapes)).tolist() == [
            shape is not None and any(shapely.intersects(shape, shapely.box(*part)) for part in box.parts())
            for shape in shapes
        ]
