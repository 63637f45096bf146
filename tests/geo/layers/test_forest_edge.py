"""The forest edge: status, kawasan hutan, or tree cover that is called tree cover."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.errors import LayerError, MissingCrs, OutsideDistrict
from geo.landcover import LandCover, read_land_cover
from geo.layers import FOREST_EDGE
from geo.layers.base import Inputs
from geo.settings import LayerSettings

HILL = "99.01.02.2003"


def zones(district, land_cover=None, **settings: object):
    return FOREST_EDGE.zones(Inputs(district, land_cover, LayerSettings(**settings)))


def test_inside_and_at_the_edge_are_both_forest_edge(district, tmp_path):
    path = tmp_path / "podes.csv"
    path.write_text("kode_desa;status\n99.01.02.2003;1\n99.01.02.2004;Di tepi\n99.01.02.2001;3\n")
    found = zones(district, forest_status=path)
    assert set(found.frame["kode_desa"]) == {HILL, "99.01.02.2004"}
    assert len(found.unknown_desa) == 5


def test_kawasan_hutan_in_any_crs_and_with_a_bad_ring(district, tmp_path):
    hill = district.desa.set_index("kode_desa").geometry.to_crs(district.measuring)[HILL]
    x, y = hill.representative_point().coords[0]
    bow_tie = shapely.Polygon([(x, y), (x + 100, y + 100), (x + 100, y), (x, y + 100)])
    path = tmp_path / "hutan.gpkg"
    gpd.GeoDataFrame(geometry=[bow_tie], crs=district.measuring).to_file(path)
    found = zones(district, forest_area=path)
    assert found.frame["kode_desa"].tolist() == [HILL]
    assert found.edge.length > 0
    assert not found.proksi


def test_kawasan_hutan_that_cannot_be_used_is_refused(district, tmp_path):
    far = tmp_path / "jauh.geojson"
    gpd.GeoDataFrame(geometry=[shapely.box(100, 1, 101, 2)], crs=4326).to_file(far)
    with pytest.raises(OutsideDistrict, match=r"jauh\.geojson"):
        zones(district, forest_area=far)
    nowhere = tmp_path / "tanpa_crs.shp"
    gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4326).to_file(nowhere)
    nowhere.with_suffix(".prj").unlink()
    with pytest.raises(MissingCrs):
        zones(district, forest_area=nowhere)
    table = tmp_path / "tabel.csv"
    table.write_text("a,b\n1,2\n")
    for path in (table, tmp_path / "tiada.gpkg"):
        with pytest.raises(LayerError, match=path.name):
            zones(district, forest_area=path)


def test_without_anything_every_desa_is_unknown(district):
    assert zones(district).unknown_desa == set(district.desa["kode_desa"])


def test_tree_cover_is_a_proksi_and_called_tree_cover(district, sample_settings):
    cover = read_land_cover(sample_settings.layers.land_cover, district.desa, source="rekaan", year="2025")
    found = zones(district, cover)
    assert found.proksi
    assert "bukan kawasan hutan" in found.method
    assert not found.frame.empty
    trees = shapely.union_all(cover.patches(10, district.measuring, 25).to_numpy())
    zone = found.frame.union_all()
    assert shapely.area(shapely.difference(zone, shapely.buffer(trees, 560))) / zone.area < 0.001


def test_a_district_without_trees_has_no_forest_edge(district, sample_settings):
    cover = read_land_cover(sample_settings.layers.land_cover, district.desa, source="rekaan", year="2025")
    bare = LandCover(
        np.where(cover.cells == 10, 40, cover.cells), cover.transform, cover.crs, "rekaan", "2025"
    )
    found = zones(district, bare)
    assert found.frame.empty
    assert found.edge is None
    assert not found.unknown_desa
