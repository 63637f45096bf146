"""The coast: desa that touch the sea, and what lies near the shore."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.boundaries import default_folder, read_boundaries
from geo.boundary_import import boundaries_from_file
from geo.errors import LayerError
from geo.layers import COASTAL
from geo.layers.base import Inputs
from geo.overlay import desa_shares
from geo.settings import LayerSettings
from geo.shoreline import facing

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


def test_each_desa_has_its_reason_and_its_figures(district):
    found = zones(district)
    codes = set(district.desa["kode_desa"])
    assert set(found.why) == codes == set(found.desa.index)
    assert set(found.desa.columns) == set(COASTAL.figures)
    for code in codes:
        assert found.why[code].startswith("garis pantai ") == (code in AT_SEA)
        assert (found.desa.loc[code, "shoreline_m"] > 0) == (code in AT_SEA)
    inland = found.desa.drop(index=list(AT_SEA))
    assert (inland["shore_distance_m"] > 0).all()
    assert all(found.why[code].endswith(" dari garis pantai terdekat") for code in inland.index)


def test_where_list_and_map_differ_the_list_decides_and_the_reason_says_so(district, tmp_path):
    at_sea, other = sorted(AT_SEA)
    inland = "99.01.02.2002"
    path = tmp_path / "podes.csv"
    path.write_text(
        f"kode_desa,r308a,tahun,sumber\n{at_sea},2,2024,Podes\n{other},1,2024,Podes\n{inland},1,2024,Podes\n"
    )
    found = zones(district, coastal_status=path, coastal_distance_m=0)
    assert set(found.frame["kode_desa"]) == {other, inland}
    assert "tidak berbatasan langsung dengan laut; berbeda dari peta: garis pantai " in found.why[at_sea]
    assert "berbatasan langsung dengan laut; menurut peta: garis pantai " in found.why[other]
    assert "berbeda dari peta: " in found.why[inland]
    assert "dari garis pantai terdekat" in found.why[inland]
    assert "berbeda" not in found.why["99.01.01.1003"]
    assert not found.proksi


def saved(shape, district, path, crs=None):
    frame = gpd.GeoDataFrame(geometry=list(shapely.get_parts(shape)), crs=district.measuring)
    (frame if crs is None else frame.to_crs(crs)).to_file(path)
    return path


def sea_of(district):
    return district.sea.to_crs(district.measuring).union_all()


def at_sea(found):
    return set(found.frame.loc[found.frame["zone"] == "pesisir", "kode_desa"])


@pytest.mark.parametrize("crs", [None, 3857, 4326, 9470])
def test_a_coast_file_in_any_crs_stands_in_for_the_districts_own(district, tmp_path, crs):
    path = saved(sea_of(district), district, tmp_path / "laut.gpkg", crs)
    found = zones(replace(district, sea=None), coast=path)
    assert at_sea(found) == AT_SEA
    assert found.source == "laut.gpkg"
    assert found.edge.length == pytest.approx(zones(district).edge.length, rel=1e-3)


def test_a_coast_of_lines_gives_the_same_desa_and_the_same_distances(district, tmp_path):
    own = zones(district)
    west, south, east, north = sea_of(district).bounds
    line = shapely.intersection(own.edge, shapely.box(west + 5, south - 5, east - 5, north - 5))
    found = zones(district, coast=saved(line, district, tmp_path / "pantai.shp"))
    assert at_sea(found) == AT_SEA
    near = (found.desa["shore_distance_m"] - own.desa["shore_distance_m"]).abs()
    assert near.max() < 10
    assert set(found.frame["zone"]) == {"pesisir", "dekat pantai"}


def test_land_given_for_the_sea_is_refused(district, tmp_path):
    land = shapely.buffer(district.desa.to_crs(district.measuring).union_all(), 500)
    with pytest.raises(LayerError, match="tampaknya itu daratan, bukan laut"):
        zones(district, coast=saved(land, district, tmp_path / "daratan.gpkg"))


def test_a_sea_far_away_puts_every_desa_outside_and_keeps_the_distance(district, tmp_path):
    away = shapely.affinity.translate(sea_of(district), 0, 12_000)
    found = zones(district, coast=saved(away, district, tmp_path / "laut.gpkg"))
    assert found.frame.empty
    assert not found.unknown_desa
    assert found.desa["shore_distance_m"].min() > 10_000
    assert found.edge is not None


def test_a_sea_that_is_stated_to_be_empty_says_outside_not_unknown(district, tmp_path):
    found = zones(replace(district, sea=district.sea.iloc[:0]))
    assert found.frame.empty
    assert not found.unknown_desa
    assert found.edge is None
    assert set(found.why.values()) == {found.method} == {"tidak ada laut di sekitar kabupaten"}
    assert not found.proksi
    # a file of the province, whose sea lies two degrees off on either side
    west, south, east, north = district.desa.total_bounds
    sides = [
        shapely.box(west - 3, south - 1, west - 2, north + 1),
        shapely.box(east + 2, south - 1, east + 3, north + 1),
    ]
    path = tmp_path / "provinsi.gpkg"
    gpd.GeoDataFrame(geometry=sides, crs=4326).to_file(path)
    assert zones(district, coast=path).unknown_desa == frozenset()


def test_a_sea_that_ends_in_the_middle_of_the_district_leaves_the_rest_unknown(real_data, tmp_path):
    real = boundaries_from_file(real_data / "id3326_pekalongan.geojson", default_folder())
    names = real.desa.set_index("kode_desa")["nama_desa"]
    sea = gpd.read_file(real_data / "sea_osm.gpkg").to_crs(real.measuring).union_all()
    whole = zones(real, coast=saved(sea, real, tmp_path / "laut.gpkg", 4326))
    seven = at_sea(whole)
    assert "terpotong" not in whole.method
    first, last = real.desa[real.desa["kode_desa"].isin(seven)].total_bounds[[0, 2]]
    half = shapely.box(first - 1, -8, (first + last) / 2, -5)
    cut = gpd.GeoSeries([sea], crs=real.measuring).to_crs(4326).intersection(half).iloc[0]
    path = tmp_path / "separuh.gpkg"
    gpd.GeoDataFrame(geometry=[cut], crs=4326).to_file(path)
    found = zones(real, coast=path)
    assert sorted(names[sorted(seven - at_sea(found))]) == ["Api-Api", "Jeruksari", "Pecakaran"]
    assert at_sea(found) < seven
    assert seven - at_sea(found) <= found.unknown_desa
    assert len(found.unknown_desa) < 30
    assert "terpotong di tengah kabupaten" in found.method
    for code in found.unknown_desa:
        assert found.why[code] == "laut dalam berkas pantai terpotong di tengah kabupaten, sebelum desa ini"
    assert found.desa.loc[sorted(found.unknown_desa)].isna().all(axis=None)


def test_a_sea_that_does_not_touch_is_never_called_the_shore_line_of_a_desa(district, tmp_path):
    """Land of others, 240 m wide, may lie before one of the two desa at sea."""
    first, other = sorted(AT_SEA)
    desa = district.desa.to_crs(district.measuring).set_index("kode_desa").geometry
    sea = shapely.difference(sea_of(district), shapely.buffer(desa[first], 240, join_style="mitre"))
    found = zones(district, coast=saved(sea, district, tmp_path / "laut.gpkg"))
    assert at_sea(found) == AT_SEA
    assert "menghadap laut pada jarak 240 m, tanpa desa kabupaten ini di antaranya" in found.why[first]
    assert found.why[other].startswith("garis pantai ")


def test_reach_and_least_length_are_settings(district, tmp_path):
    path = saved(shapely.buffer(sea_of(district), -300), district, tmp_path / "laut.gpkg")
    assert at_sea(zones(district, coast=path)) == AT_SEA
    assert at_sea(zones(district, coast=path, coastal_reach_m=200)) == set()
    assert at_sea(zones(district, coastal_least_m=100_000)) == set()


def disturbed(sea):
    yield sea
    for turn in np.arange(8) * np.pi / 4:
        yield shapely.affinity.translate(sea, 100 * np.cos(turn), 100 * np.sin(turn))
    for metres in (50, 100, 200, 500):
        yield shapely.simplify(sea, metres)
    for metres in (-100, -50, 50, 100):
        yield shapely.buffer(sea, metres)
    for north in (120, 300, -300):
        yield shapely.affinity.translate(sea, 0, north)


def test_the_real_desa_at_sea_hold_under_a_shifted_or_coarser_coast(real_data):
    shipped = read_boundaries(default_folder())
    real = boundaries_from_file(real_data / "id3326_pekalongan.geojson", default_folder())
    expected = ((real.desa, REAL_AT_SEA), (shipped.desa, REAL_AT_SEA | {"Tratebang"}))
    drawings = [
        sea.to_crs(real.measuring).union_all()
        for sea in (gpd.read_file(real_data / "sea_osm.gpkg"), shipped.sea)
    ]
    districts = [(desa.to_crs(real.measuring), names) for desa, names in expected]
    districts = [(desa[desa.dwithin(drawings[0], 4000)], names) for desa, names in districts]
    for drawn in drawings:
        for sea in disturbed(drawn):
            for desa, names in districts:
                west, south, east, north = sea.bounds
                frame = shapely.box(west + 300, south - 1, east - 300, north - 300)
                line = shapely.intersection(shapely.boundary(sea), frame)
                for shore, water in ((shapely.boundary(sea), sea), (line, None)):
                    found = facing(desa.geometry.to_numpy(), shore, water)
                    assert set(desa["nama_desa"][found.metres >= found.least()]) == names


def test_the_shipped_boundaries_call_their_eight_desa_at_sea_a_proksi():
    shipped = read_boundaries(default_folder())
    found = zones(shipped)
    assert found.proksi
    names = shipped.desa.set_index("kode_desa")["nama_desa"]
    assert set(names[sorted(at_sea(found))]) == REAL_AT_SEA | {"Tratebang"}
