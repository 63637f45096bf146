"""GeoJSON by RFC 7946, checked by a checker that shares no code with the writer."""

import json
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.assessment import Assessment
from geo.errors import NotAllowed
from geo.exports import write_geojson
from geo.privacy import Level, for_audience
from tests.geo.small import HOSTILE, small_assessment
from tests.rfc7946 import check_rfc7946


@pytest.fixture(scope="module")
def shared() -> Assessment:
    return for_audience(small_assessment(), Level.OPD)


def read(folder: Path, name: str) -> dict:
    return json.loads((folder / f"{name}.geojson").read_text(encoding="utf-8"))


@pytest.mark.parametrize("level", [Level.OPD, Level.PUBLIK])
def test_every_file_keeps_to_the_standard(assessment: Assessment, level: Level, tmp_path: Path):
    written = write_geojson(for_audience(assessment, level), tmp_path)
    assert [path.name for path in written] == [
        "desa.geojson", "kecamatan.geojson", "zones.geojson", "clusters.geojson", "households.geojson",
        "hot_spots.geojson", "scans.geojson",
    ]  # fmt: skip
    for path in written:
        assert check_rfc7946(path) == []


def test_the_checker_sees_what_is_wrong(tmp_path: Path):
    wrong = tmp_path / "wrong.geojson"
    clockwise = [[0, 0], [0, 1], [1, 1], [1, 1], [1, 0.123456789], [0, 0]]
    feature = {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [clockwise]},
        "properties": {},
    }
    wrong.write_text(
        json.dumps({"type": "FeatureCollection", "crs": {}, "bbox": [0, 0, 9, 9], "features": [feature]})
    )
    faults = " | ".join(check_rfc7946(wrong))
    for expected in ("crs", "right-hand rule", "twice in a row", "seven decimals", "bbox"):
        assert expected in faults
    wrong.write_text('{"type": "FeatureCollection", "features": [NaN]}')
    assert "NaN" in check_rfc7946(wrong)[0]


def test_households_without_a_point_are_counted_not_drawn(shared: Assessment, tmp_path: Path):
    write_geojson(shared, tmp_path)
    collection = read(tmp_path, "households")
    placed = shared.households.geometry.notna()
    assert len(collection["features"]) == placed.sum()
    assert collection["tanpa_titik"] == (~placed).sum() > 0


def test_ids_are_text(shared: Assessment, tmp_path: Path):
    write_geojson(shared, tmp_path)
    first = {
        name: read(tmp_path, name)["features"][0]["id"] for name in ("desa", "kecamatan", "zones", "clusters")
    }
    assert first == {
        "desa": "99.01.01.2001",
        "kecamatan": "99.01.01",
        "zones": "coastal:pesisir",
        "clusters": "K-1",
    }
    feature = read(tmp_path, "households")["features"][0]
    assert feature["id"] == str(feature["properties"]["sheet_row"])


def test_each_file_says_where_it_comes_from(shared: Assessment, tmp_path: Path):
    for path in write_geojson(shared, tmp_path):
        collection = read(tmp_path, path.stem)
        assert collection["boundaries"]["schematic"] is True
        assert collection["boundaries"]["note"] == "Batas contoh, bukan batas resmi"
        assert collection["profiles"] == {"rtlh": "contoh (2022)", "jamban": "contoh (2022)"}
        assert collection["created"] == "2026-11-21T22:05:00+07:00"
        assert collection["audience"] == "opd"


def test_missing_is_null_and_numbers_stay_numbers(shared: Assessment, tmp_path: Path):
    write_geojson(shared, tmp_path)
    needs = [feature["properties"]["need_rtlh"] for feature in read(tmp_path, "households")["features"]]
    assert set(needs) == {True, False, None}
    properties = read(tmp_path, "desa")["features"][0]["properties"]
    assert isinstance(properties["rtlh_need"], int)
    assert properties["rtlh_rate"] == pytest.approx(shared.desa["rtlh_rate"].iloc[0], abs=1e-6)


def test_positions_are_those_of_the_households(shared: Assessment, tmp_path: Path):
    write_geojson(shared, tmp_path)
    back = gpd.read_file(tmp_path / "households.geojson").set_index("sheet_row").geometry
    placed = shared.households[shared.households.geometry.notna()].set_index("sheet_row").geometry
    assert shapely.distance(back.to_numpy(), placed.loc[back.index].to_numpy()).max() < 1e-6


def test_hostile_text_comes_back_as_it_was(tmp_path: Path):
    write_geojson(for_audience(small_assessment(hostile=True), Level.OPD), tmp_path)
    assert check_rfc7946(tmp_path / "clusters.geojson") == []
    assert read(tmp_path, "clusters")["features"][0]["properties"]["dusun"] == HOSTILE


def test_publik_and_empty_tables_are_written(tmp_path: Path):
    for path in write_geojson(for_audience(small_assessment(), Level.PUBLIK), tmp_path):
        assert check_rfc7946(path) == []
    assert read(tmp_path, "households")["features"] == []


def test_slivers_and_missing_shapes_become_null(shared: Assessment, tmp_path: Path):
    zones = shared.zones.copy()
    zones.loc[0, "geometry"] = shapely.box(109.5, -7, 109.5 + 1e-8, -6.99)
    write_geojson(replace(shared, zones=zones), tmp_path)
    assert check_rfc7946(tmp_path / "zones.geojson") == []
    assert read(tmp_path, "zones")["features"][0]["geometry"] is None


def test_personal_columns_are_refused(tmp_path: Path):
    with pytest.raises(NotAllowed, match="nik"):
        write_geojson(small_assessment(), tmp_path)
    assert not list(tmp_path.iterdir())
