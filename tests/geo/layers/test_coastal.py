"""The coast: desa that touch the sea, and what lies near the shore."""

from dataclasses import replace

import geopandas as gpd
import pytest
import shapely

from geo.boundaries import default_folder
from geo.boundary_import import boundaries_from_file
from geo.layers import COASTAL, desa_shares
from geo.layers.base import Inputs
from geo.settings import LayerSettings

AT_SEA = {"99.01.01.2001", "99.01.01.2002"}
REAL_AT_SEA = {"Wonokerto Kulon", "Api-Api", "Pecakaran", "Semut", "Jeruksari", "Depok", "Blacanan"}


def zones(boundaries, **settings: object):
    return COASTAL.zones(Inputs(boundaries, None, LayerSettings(**settings)))


def test_desa_that_touch_the_sea_and_a_strip_beside_them(district):
    found = zones(district, coastal_distance_m=2500)
    by_desa = found.frame[found.frame["zone"] == "pesisir"]
    assert set(by_desa["kode_desa"]) == AT_SEA
    strip = found.frame.geometry[found.frame["zone"] == "dekat pantai"].iloc[0]
    sea = district.sea.to_crs(district.measuring).union_all()
    assert shapely.distance(shapely.points(shapely.get_coordinates(strip)), sea).max() < 2510
    assert shapely.area(shapely.intersection(strip, by_desa.union_all())) < 1
    assert found.proksi  # the cells of schematic boundaries may touch the sea where the real desa do not
    assert "batas skematik" in found.method
    assert "bukan status" in found.method
    assert (found.source, found.year) == ("rekaan untuk pengujian", "2025-01-01")


def test_without_a_distance_there_is_no_strip(district):
    assert set(zones(district, coastal_distance_m=0).frame["zone"]) == {"pesisir"}


def test_without_shore_and_list_nothing_is_known(district):
    found = zones(replace(district, sea=None))
    assert found.frame.empty
    assert found.unknown_desa == set(district.desa["kode_desa"])
    assert found.edge is None


@pytest.mark.parametrize("sea", [True, False])
def test_an_official_list_comes_first(district, tmp_path, sea):
    path = tmp_path / "podes.csv"
    path.write_text("kode_desa,status,tahun,sumber\n99.01.02.2002,1,2024,Podes\n99.01.01.2001,2,2024,Podes\n")
    found = zones(district if sea else replace(district, sea=None), coastal_status=path)
    assert set(found.frame["kode_desa"].dropna()) == {"99.01.02.2002"}
    assert found.unknown_desa == set(district.desa["kode_desa"]) - {"99.01.02.2002", "99.01.01.2001"}
    assert (found.source, found.year) == ("Podes", "2024")
    assert "status resmi" in found.method


def test_the_seven_real_desa_at_sea_and_the_ten_within_two_kilometres(real_data):
    real = boundaries_from_file(real_data / "id3326_pekalongan.geojson", default_folder())
    real = replace(real, sea=gpd.read_file(real_data / "sea_osm.gpkg").to_crs(4326))
    found = zones(real)
    assert not found.proksi
    names = real.desa.set_index("kode_desa")["nama_desa"]
    touching = found.frame["kode_desa"].dropna()
    assert sorted(names[touching]) == sorted(REAL_AT_SEA)
    shares = desa_shares(real.desa, found)
    assert int((shares.sum(axis=1) > 1e-6).sum()) == 10
