"""Vector files of any origin: read, mended and cut to the district, or refused with what to do."""

import json
import zipfile
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.errors import LayerError, MissingCrs, OutsideDistrict
from geo.layers.base import Inputs
from geo.layers.vector_file import MARGIN_M, outline, read_polygons, read_shapes, window
from geo.settings import LayerSettings

WHAT = "Kawasan hutan"


@pytest.fixture
def place(district):
    """Return the inputs of the district, a square of 1 km² in its middle, and that square as a frame."""
    inputs = Inputs(district, None, LayerSettings())
    x, y = shapely.get_coordinates(shapely.box(*inputs.desa_m().total_bounds).centroid)[0]
    square = shapely.box(x - 500, y - 500, x + 500, y + 500)
    frame = gpd.GeoDataFrame({"nama": ["A"], "luas": [1.5]}, geometry=[square], crs=inputs.measuring)
    return SimpleNamespace(inputs=inputs, square=square, frame=frame, x=x, y=y)


@pytest.mark.parametrize("name", ["h.gpkg", "h.geojson", "h.json", "h.shp", "h.fgb", "h.kml", "h.parquet"])
@pytest.mark.parametrize("crs", [4326, 4755, 9470, 32749, 23879, 3857])
def test_every_kind_of_file_in_every_crs_gives_the_same_place(tmp_path, place, name, crs):
    path = tmp_path / name
    frame = place.frame.to_crs(crs)
    if name.endswith("parquet"):
        frame.to_parquet(path)
    elif name == "h.json":
        path.write_text(frame.to_crs(4326).to_json(drop_id=True))
    else:
        frame.to_file(path, driver="KML" if name.endswith("kml") else None)
    found = read_shapes(path, place.inputs, WHAT)
    assert found.crs == place.inputs.measuring
    assert shapely.hausdorff_distance(found.geometry.iloc[0], place.square) < 1
    assert read_polygons(path, place.inputs, WHAT).area == pytest.approx(1e6, rel=1e-3)
    assert place.frame.index.tolist() == [0]


def test_a_zipped_shapefile_is_read_inside_a_folder_too(tmp_path, place):
    place.frame.to_file(tmp_path / "h.shp")
    with zipfile.ZipFile(tmp_path / "h.zip", "w") as archive:
        for member in tmp_path.glob("h.*"):
            if member.suffix != ".zip":
                archive.write(member, f"Kawasan Hutan/{member.name}")
    assert read_shapes(tmp_path / "h.zip", place.inputs, WHAT)["nama"].tolist() == ["A"]


def test_bad_rings_heights_collections_and_gaps_are_mended_or_passed(tmp_path, place):
    x, y = place.x, place.y
    bow_tie = shapely.Polygon([(x, y), (x + 100, y + 100), (x + 100, y), (x, y + 100)])
    doubled = shapely.MultiPolygon(
        [shapely.box(x, y, x + 100, y + 100), shapely.box(x + 50, y, x + 150, y + 100)]
    )
    high = shapely.force_3d(shapely.box(x - 300, y, x - 200, y + 100), 7.0)
    mixed = shapely.GeometryCollection(
        [
            shapely.MultiPolygon([shapely.box(x, y - 300, x + 100, y - 200)]),
            shapely.Point(x, y),
            shapely.LineString([(x, y), (x + 1, y)]),
        ]
    )
    path = tmp_path / "h.gpkg"
    shapes = [bow_tie, doubled, high, mixed, None, shapely.Polygon(), shapely.Point(x, y)]
    gpd.GeoDataFrame({"n": range(7)}, geometry=shapes, crs=place.inputs.measuring).to_file(path)
    found = read_shapes(path, place.inputs, WHAT)
    assert sorted(set(found["n"])) == [0, 1, 2, 3]
    assert found.geometry.is_valid.all()
    assert not found.geometry.has_z.any()
    assert found.dissolve("n").area.tolist() == pytest.approx([5000, 15000, 10000, 10000])


def test_a_file_of_the_country_is_cut_to_the_surroundings_and_leaves_no_edge_there(tmp_path, place):
    west, south, east, north = window(place.inputs)
    assert west == pytest.approx(place.inputs.desa_m().total_bounds[0] - MARGIN_M)
    sheet = shapely.box(95, -11, 141, 6)
    hole = gpd.GeoSeries([place.square], crs=place.inputs.measuring).to_crs(4326).iloc[0]
    path = tmp_path / "nasional.gpkg"
    gpd.GeoDataFrame(geometry=[sheet.difference(hole)], crs=4326).to_file(path)
    area = read_polygons(path, place.inputs, WHAT)
    assert area.area == pytest.approx((east - west) * (north - south) - 1e6)
    assert outline(area, place.inputs).length == pytest.approx(4000, abs=1)
    assert outline(shapely.box(west, south, east, north), place.inputs) is None


def test_a_file_that_spans_the_district_may_have_nothing_there(tmp_path, place):
    path = tmp_path / "provinsi.gpkg"
    corners = [shapely.box(105, -9, 105.1, -8.9), shapely.box(115, -5, 115.1, -4.9)]
    gpd.GeoDataFrame(geometry=corners, crs=4326).to_file(path)
    assert read_shapes(path, place.inputs, WHAT).empty
    assert shapely.is_empty(read_polygons(path, place.inputs, WHAT))


def test_lines_are_taken_only_where_they_are_meant(tmp_path, place):
    path = tmp_path / "pantai.gpkg"
    place.frame.set_geometry(place.frame.boundary).to_file(path)
    with pytest.raises(LayerError, match="Lines to polygons"):
        read_shapes(path, place.inputs, WHAT)
    found = read_shapes(path, place.inputs, "Garis pantai", lines=True)
    assert found.length.sum() == pytest.approx(4000)
    place.frame.to_file(tmp_path / "laut.gpkg")
    assert read_shapes(tmp_path / "laut.gpkg", place.inputs, "Laut", lines=True).area.sum() == pytest.approx(
        1e6
    )


def test_several_layers_are_named_unless_one_alone_holds_polygons(tmp_path, place):
    path = tmp_path / "h.gpkg"
    place.frame.to_file(path, layer="hutan")
    place.frame.set_geometry(place.frame.centroid).to_file(path, layer="titik")
    assert len(read_shapes(path, place.inputs, WHAT)) == 1
    place.frame.set_geometry(place.frame.boundary).to_file(path, layer="garis")
    assert read_shapes(path, place.inputs, WHAT, lines=True).area.sum() == pytest.approx(1e6)
    place.frame.to_file(path, layer="lama")
    with pytest.raises(LayerError, match=r"beberapa lapisan \(hutan, lama\)"):
        read_shapes(path, place.inputs, WHAT)


def refused(path, inputs) -> tuple[type[Exception], str]:
    with pytest.raises((LayerError, MissingCrs)) as fault:
        read_shapes(path, inputs, WHAT)
    assert f"{WHAT} {path.name}" in str(fault.value) or "CRS" in str(fault.value)
    return fault.type, str(fault.value)


def test_a_file_of_another_place_says_where_it_lies(tmp_path, place):
    far = tmp_path / "jauh.geojson"
    gpd.GeoDataFrame(geometry=[shapely.box(100, 1, 101, 2)], crs=4326).to_file(far)
    kind, message = refused(far, place.inputs)
    assert kind is OutsideDistrict
    assert "sekitar lintang 1,50 dan bujur 100,50" in message
    beside = tmp_path / "sebelah.gpkg"
    moved = place.frame.set_geometry(place.frame.translate(20_000, 0))
    moved.to_file(beside)
    assert refused(beside, place.inputs)[0] is OutsideDistrict


def test_units_that_contradict_the_crs_are_recognised(tmp_path, place):
    metres = tmp_path / "meter.geojson"
    metres.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(place.square)}]}))  # fmt: skip
    assert "tampak dalam meter" in refused(metres, place.inputs)[1]
    degrees = tmp_path / "derajat.gpkg"
    place.frame.to_crs(4326).set_crs(32749, allow_override=True).to_file(degrees)
    assert "tampak dalam derajat" in refused(degrees, place.inputs)[1]
    swapped = tmp_path / "tukar.gpkg"
    shapes = shapely.transform(place.frame.to_crs(4326).geometry.to_numpy(), lambda points: points[:, ::-1])
    gpd.GeoDataFrame(geometry=shapes, crs=4326).to_file(swapped)
    assert "lintang dan bujur tertukar" in refused(swapped, place.inputs)[1]
    nowhere = tmp_path / "tanpa.shp"
    place.frame.to_file(nowhere)
    nowhere.with_suffix(".prj").unlink()
    kind, message = refused(nowhere, place.inputs)
    assert kind is MissingCrs
    assert ".prj" in message


@pytest.mark.parametrize("name", ["h.gpkg", "h.geojson", "h.shp", "h.fgb", "h.kml", "h.parquet", "h.zip"])
@pytest.mark.parametrize("share", [0.3, 0.95])
def test_a_truncated_file_is_refused(tmp_path, place, name, share):
    path = tmp_path / name
    frame = gpd.GeoDataFrame(
        geometry=[place.square.buffer(metres, 32) for metres in range(1, 200)], crs=place.inputs.measuring
    )
    if name == "h.parquet":
        frame.to_parquet(path)
    elif name == "h.zip":
        frame.to_file(tmp_path / "h.gpkg")
        with zipfile.ZipFile(path, "w") as archive:
            archive.write(tmp_path / "h.gpkg", "h.gpkg")
    else:
        frame.to_file(path, driver="KML" if name == "h.kml" else None)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert refused(path, place.inputs)[0] is LayerError


def test_what_is_no_polygon_file_is_refused(tmp_path, place):
    assert "tidak ada" in refused(tmp_path / "tiada.gpkg", place.inputs)[1]
    assert "folder" in refused(tmp_path, place.inputs)[1]
    for name, content in (
        ("t.csv", "a,b\n1,2\n"),
        ("t.gpkg", ""),
        ("t.geojson", "{}"),
        ("t.zip", "x"),
        ("t.shp", "x"),
    ):
        (tmp_path / name).write_text(content)
        assert refused(tmp_path / name, place.inputs)[0] is LayerError
    empty = tmp_path / "kosong.gpkg"
    place.frame.iloc[:0].to_file(empty)
    assert "kosong" in refused(empty, place.inputs)[1]
    points = tmp_path / "titik.geojson"
    mixed = gpd.GeoDataFrame(
        geometry=[place.square.centroid, place.square.boundary], crs=place.inputs.measuring
    )
    mixed.to_crs(4326).to_file(points)
    assert "poligon" in refused(points, place.inputs)[1]
    for number, shape in enumerate((None, shapely.Polygon())):
        path = tmp_path / f"tanpa{number}.gpkg"
        gpd.GeoDataFrame(geometry=[shape], crs=4326).to_file(path, geometry_type="Polygon")
        assert refused(path, place.inputs)[0] is LayerError


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_coordinates_that_are_no_numbers_are_refused(tmp_path, place, value):
    west, south, east, north = place.frame.to_crs(4326).total_bounds
    with np.errstate(invalid="ignore"):
        ring = shapely.linearrings(
            [(west, south), (east, south), (east, value), (west, north), (west, south)]
        )
        shape = gpd.GeoDataFrame(geometry=[shapely.polygons(ring)], crs=4326)
        for name in ("nan.parquet", "nan.gpkg"):
            path = tmp_path / name
            shape.to_parquet(path) if name.endswith("parquet") else shape.to_file(path)
            assert "bukan bilangan" in refused(path, place.inputs)[1]


def test_names_in_capital_letters_are_known(tmp_path, place):
    place.frame.to_file(tmp_path / "h.shp")
    for member in tmp_path.glob("h.*"):
        member.rename(tmp_path / member.name.upper())
    assert len(read_shapes(tmp_path / "H.SHP", place.inputs, WHAT)) == 1
