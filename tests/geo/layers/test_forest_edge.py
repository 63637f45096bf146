"""The forest edge: status, kawasan hutan, or tree cover that is called tree cover."""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

from geo.boundaries import default_folder
from geo.boundary_import import boundaries_from_file
from geo.edge_distance import edge_distance
from geo.errors import LayerError, MissingCrs, OutsideDistrict
from geo.landcover import TREES, LandCover, read_land_cover
from geo.layers import FOREST_EDGE
from geo.layers.base import Inputs
from geo.layers.forest_area import BORDER_M, relate
from geo.settings import LayerSettings

HILL = "99.01.02.2003"


def zones(district, land_cover=None, **settings: object):
    found = FOREST_EDGE.zones(Inputs(district, land_cover, LayerSettings(**settings)))
    assert set(found.why) in (set(), set(district.desa["kode_desa"]))
    assert {*found.desa.columns, *found.measures} <= set(FOREST_EDGE.figures)
    assert set(found.frame["zone"]) <= set(FOREST_EDGE.titles)
    return found


def by_desa(found) -> dict[str, str]:
    return dict(zip(found.frame["kode_desa"], found.frame["zone"], strict=True))


@pytest.fixture
def metres(district):
    """Return the polygon of each desa in metres, by kode."""
    return district.desa.set_index("kode_desa").geometry.to_crs(district.measuring)


@pytest.fixture
def forest_file(tmp_path, district):
    """Return a function that writes polygons of kawasan hutan."""

    def write(shapes, crs=None, name="hutan.gpkg", **attributes: object) -> Path:
        frame = gpd.GeoDataFrame(attributes, geometry=list(shapes), crs=district.measuring)
        frame.to_crs(crs or district.measuring).to_file(tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture
def cover(district, sample_settings):
    return read_land_cover(
        tuple(sample_settings.layers.land_cover), district.desa, source="rekaan", year="2025"
    )


# the official list


def test_inside_edge_outside_and_unknown_are_told_apart(district, tmp_path):
    path = tmp_path / "podes.csv"
    path.write_text(
        "iddesa;R309A;tahun;sumber\n9901010004;1;2024;Podes\n9901010003;2 Di tepi/sekitar kawasan hutan;2024;Podes\n"
        "9901020003;Di luar kawasan hutan;2024;Podes\n"
    )
    found = zones(district, forest_status=path)
    assert by_desa(found) == {HILL: "di dalam", "99.01.02.2004": "di tepi"}
    assert len(found.unknown_desa) == 5
    assert (found.source, found.year, found.proksi) == ("Podes", "2024", False)
    assert found.edge is None
    assert found.why[HILL] == "status resmi: di dalam kawasan hutan"
    assert found.why["99.01.01.2001"] == "status resmi: di luar kawasan hutan"
    assert found.why["99.01.01.2002"] == "tidak ada dalam daftar status, atau statusnya kosong"


@pytest.mark.parametrize(
    "word", ["di dalam", "Dalam", "DI DALAM KAWASAN HUTAN", "1", "1. Di dalam", "di dalam hutan"]
)
def test_the_words_of_podes_are_known(district, tmp_path, word):
    path = tmp_path / "podes.csv"
    path.write_text(f"kode_desa;letak\n{HILL};{word}\n")
    assert by_desa(zones(district, forest_status=path)) == {HILL: "di dalam"}


def test_the_list_decides_and_polygons_give_distance_and_share(district, tmp_path, metres, forest_file):
    path = tmp_path / "podes.csv"
    path.write_text(f"kode_desa;status;tahun\n{HILL};3;2024\n99.01.01.2001;1;2024\n")
    found = zones(district, forest_status=path, forest_area=forest_file([metres[HILL]]))
    assert by_desa(found) == {"99.01.01.2001": "di dalam"}
    assert found.desa.loc[HILL, "forest_area_share"] == pytest.approx(1)
    assert found.edge.length == pytest.approx(metres[HILL].length, rel=1e-3)
    assert "jarak dan luas menurut kawasan hutan hutan.gpkg" in found.method


# kawasan hutan


def boxes(*lefts: float) -> gpd.GeoSeries:
    return gpd.GeoSeries([shapely.box(left, 0, left + 2000, 2000) for left in lefts])


@pytest.mark.parametrize(
    ("area", "zone", "why"),
    [
        (shapely.box(-500, -500, 2500, 2500), "di dalam", "seluruh wilayahnya di dalam kawasan hutan"),
        (shapely.box(60, 60, 1940, 1940), "di dalam", "dikelilingi kawasan hutan; 88 % wilayahnya di dalam"),
        (
            shapely.box(-500, -500, 2500, 2500) - shapely.box(500, 500, 1500, 1500),
            "di dalam",
            "dikelilingi kawasan hutan; 75 % wilayahnya di dalam",
        ),
        (
            shapely.box(-500, -500, 2500, 2500) - shapely.box(0, 0, 2000, 2000),
            "di dalam",
            "dikelilingi kawasan hutan; 0,0 % wilayahnya di dalam",
        ),
        (shapely.box(200, 200, 1800, 1800), "di tepi", "sebagian wilayahnya (64 %) di dalam kawasan hutan"),
        (shapely.box(-500, 0, 240, 2000), "di tepi", "sebagian wilayahnya (12 %) di dalam kawasan hutan"),
        (shapely.box(-500, 0, 110, 110), "di tepi", "sebagian wilayahnya (0,3 %) di dalam kawasan hutan"),
        (shapely.box(-500, 0, 90, 2000), "di tepi", "berbatasan dengan kawasan hutan"),
        (shapely.box(-500, 0, -90, 2000), "di tepi", "berbatasan dengan kawasan hutan"),
        (shapely.box(-500, 0, -110, 2000), "luar", "0,1 km dari kawasan hutan"),
        (shapely.box(-9000, 0, -7000, 2000), "luar", "7,0 km dari kawasan hutan"),
        (shapely.Polygon(), "luar", "jauh dari kawasan hutan"),
    ],
)
def test_inside_edge_and_outside_by_the_official_overlay(area, zone, why):
    desa = boxes(0)
    found = relate(desa, area).iloc[0]
    assert (found["zone"], found["why"]) == (zone, why)
    assert found["share"] == pytest.approx(desa.intersection(area).area.iloc[0] / 4e6)


@given(
    st.integers(3, 400),
    st.floats(-6000, 6000),
    st.floats(-6000, 6000),
    st.floats(50, 9000),
)
def test_any_area_however_fine_its_outline_gives_the_shares_of_an_exact_overlay(corners, x, y, radius):
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    wavy = radius * (1 + 0.2 * np.sin(17 * angles))
    area = shapely.Polygon(np.column_stack([x + wavy * np.cos(angles), y + wavy * np.sin(angles)]))
    desa = boxes(-4000, -2000, 0, 2000, 9000)
    found = relate(desa, area)
    assert found["share"].to_numpy() == pytest.approx(
        (desa.intersection(area).area / 4e6).to_numpy(), abs=1e-9
    )
    away = desa.distance(area).to_numpy()
    assert ((found["zone"] == "luar").to_numpy() == (away > BORDER_M)).all()


def test_kawasan_hutan_in_any_crs_and_with_a_bad_ring(district, metres, forest_file):
    x, y = metres[HILL].representative_point().coords[0]
    bow_tie = shapely.Polygon([(x, y), (x + 100, y + 100), (x + 100, y), (x, y + 100)])
    for crs in (None, 4326, 4755, 23879):
        found = zones(district, forest_area=forest_file([bow_tie], crs))
        assert by_desa(found) == {HILL: "di tepi"}
        assert found.desa["forest_area_share"].sum() == pytest.approx(5000 / metres[HILL].area, rel=1e-3)
        assert found.edge.length == pytest.approx(shapely.make_valid(bow_tie).length, rel=1e-3)
        assert not found.proksi
        assert not found.unknown_desa
        inside = found.measures["in_forest_area"](np.array([[x + 90, y + 50], [x + 50, y + 90]]))
        assert inside.tolist() == [1, 0]
    assert found.why[HILL].startswith("sebagian wilayahnya (")
    assert all(why.endswith("dari kawasan hutan") for kode, why in found.why.items() if kode != HILL)


def test_areal_penggunaan_lain_and_water_are_no_kawasan_hutan(district, metres, forest_file):
    codes = [HILL, "99.01.02.2004", "99.01.01.2001", "99.01.01.2002"]
    shapes = [metres[kode].buffer(-150) for kode in codes]
    functions = ["Hutan Produksi Terbatas", "Areal Penggunaan Lain (APL)", " tubuh  air ", "APL"]
    path = forest_file(shapes, FUNGSI=functions, luas=[1.0] * 4)
    found = zones(district, forest_area=path)
    assert by_desa(found)[HILL] == "di tepi"
    assert found.desa.index[found.desa["forest_area_share"] > 0].tolist() == [HILL]
    assert "areal penggunaan lain (APL) dan tubuh air" in found.method
    coded = zones(district, forest_area=forest_file(shapes, FUNGSIKWS=[1001, 5, 6, 7]))
    assert "tidak dikenal dan dihitung sebagai kawasan hutan: «5», «6», «7»" in coded.method
    bare = zones(district, forest_area=forest_file(shapes)).method
    assert "tidak menyebut fungsi yang dikenal: semua poligonnya dihitung" in bare
    assert "APL" not in bare


def test_a_file_of_the_province_without_forest_here_says_outside(district, forest_file):
    west, south, east, north = district.desa.to_crs(district.measuring).total_bounds
    corners = [
        shapely.box(west - 90_000, south - 90_000, west - 89_000, south - 89_000),
        shapely.box(east + 89_000, north + 89_000, east + 90_000, north + 90_000),
    ]
    found = zones(district, forest_area=forest_file(corners))
    assert found.frame.empty
    assert found.edge is None
    assert not found.unknown_desa
    assert set(found.why.values()) == {"jauh dari kawasan hutan"}


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


def test_a_bad_polygon_file_stops_even_where_the_list_decides(district, tmp_path):
    path = tmp_path / "podes.csv"
    path.write_text(f"kode_desa;status\n{HILL};3\n")
    with pytest.raises(LayerError, match=r"tiada\.gpkg"):
        zones(district, forest_status=path, forest_area=tmp_path / "tiada.gpkg")


@pytest.mark.parametrize("crs", [32749, 23879, 4755])
def test_kawasan_hutan_on_the_real_desa(real_data, tmp_path, crs):
    real = boundaries_from_file(real_data / "id3326_pekalongan.geojson", default_folder())
    desa = real.desa.to_crs(real.measuring)
    petungkriyono = desa[desa["nama_kecamatan"] == "Petungkriyono"]
    forest = petungkriyono.union_all().buffer(500)
    x, y = forest.centroid.coords[0]
    bow_tie = shapely.Polygon([(x, y), (x + 900, y + 900), (x + 900, y), (x, y + 900)])
    path = tmp_path / "kawasan.shp"
    gpd.GeoDataFrame({"FUNGSI": ["HL", "HPT"]}, geometry=[forest, bow_tie], crs=real.measuring).to_crs(
        crs
    ).to_file(path)
    found = zones(real, forest_area=path)
    inside = {kode for kode, zone in by_desa(found).items() if zone == "di dalam"}
    assert inside >= set(petungkriyono["kode_desa"])
    exact = desa.set_index("kode_desa").intersection(forest).area / desa.set_index("kode_desa").area
    assert (found.desa["forest_area_share"] - exact).abs().max() < 1e-3
    touching = set(desa.loc[desa.distance(forest) <= BORDER_M - 5, "kode_desa"])
    assert (
        touching <= set(by_desa(found)) <= set(desa.loc[desa.distance(forest) <= BORDER_M + 5, "kode_desa"])
    )


# tree cover


def test_without_anything_every_desa_is_unknown(district):
    assert zones(district).unknown_desa == set(district.desa["kode_desa"])


def test_tree_cover_is_a_proksi_and_called_tree_cover(district, cover):
    found = zones(district, cover)
    assert found.proksi
    assert "bukan kawasan hutan" in found.method
    assert set(found.frame["zone"]) == {"tepi hutan"}
    trees = shapely.union_all(cover.patches(TREES, district.measuring, 25).to_numpy())
    zone = found.frame.union_all()
    assert shapely.area(shapely.difference(zone, shapely.buffer(trees, 560))) / zone.area < 0.001
    share = found.desa["tree_share"]
    assert found.why[share.idxmax()].startswith(
        f"proksi: tutupan pohon {share.max() * 100:.0f} % luas desa; "
    )


def test_tree_cover_is_measured_beside_an_official_list(district, cover, tmp_path):
    path = tmp_path / "podes.csv"
    path.write_text(f"kode_desa;status\n{HILL};3\n")
    found = zones(district, cover, forest_status=path)
    assert not found.proksi
    assert found.frame.empty
    assert found.desa["tree_share"].between(0, 1).all()
    assert found.edge is not None
    assert "petak pohon (proksi), bukan ke kawasan hutan" in found.method
    x, y = shapely.get_coordinates(district.desa.to_crs(district.measuring).representative_point())[0]
    near = found.measures["tree_share_500m"](np.array([[x, y], [x + 1e6, y]]))
    assert 0 <= near[0] <= 1
    assert np.isnan(near[1])


def test_a_district_without_trees_has_no_forest_edge(district, cover):
    bare = replace(cover, cells=np.where(np.asarray(cover.cells) == TREES, 40, cover.cells))
    found = zones(district, bare)
    assert found.frame.empty
    assert found.edge is None
    assert not found.unknown_desa
    assert (found.desa["tree_share"] == 0).all()


def test_a_desa_beyond_the_raster_is_unknown(district):
    west, south, east, north = district.desa.total_bounds
    step = (east - west) / 400
    cells = np.full((int((north - south) / step) + 2, 200), TREES, dtype="uint8")
    half = LandCover(cells, Affine(step, 0, west, 0, -step, north), CRS.from_epsg(4326), "rekaan", "2025")
    found = zones(district, half)
    missing = half.shares(district.desa.geometry)[TREES].isna()
    assert found.unknown_desa == set(district.desa.loc[missing, "kode_desa"])
    assert 0 < len(found.unknown_desa) < len(district.desa)
    assert {found.why[kode] for kode in found.unknown_desa} == {"tidak tercakup peta tutupan lahan"}


def test_the_end_of_a_raster_and_cells_without_data_are_no_forest_edge(district):
    west, south, east, north = district.desa.to_crs(district.measuring).total_bounds
    side = 10.0
    rows, columns = int((north - south) / side), int((east - west) / side)
    cells = np.full((rows, columns), TREES, dtype="uint8")
    cells[: rows // 4] = 40
    cells[:, columns // 2 :] = 0
    cut = LandCover(cells, Affine(side, 0, west, 0, -side, north), district.measuring, "rekaan", "2025")
    edge = zones(district, cut).edge
    expected = shapely.LineString(
        [(west, north - rows // 4 * side), (west + columns // 2 * side, north - rows // 4 * side)]
    )
    assert shapely.hausdorff_distance(edge, expected) < 40
    deep = np.array([[west + 30, south + 30]])
    assert edge_distance(deep, edge) == pytest.approx(
        shapely.distance(shapely.Point(deep[0]), expected), abs=5
    )
    everywhere = replace(cut, cells=np.full((rows, columns), TREES, dtype="uint8"))
    assert zones(district, everywhere).edge is None


def test_figures_are_missing_where_the_raster_says_nothing(district, cover):
    found = zones(district, replace(cover, cells=np.zeros(cover.cells.shape, dtype="uint8")))
    assert found.desa["tree_share"].isna().all()
    assert found.unknown_desa == set(district.desa["kode_desa"])
    assert isinstance(found.desa, pd.DataFrame)


def test_source_and_year_are_those_of_the_settings_else_of_the_file(district, tmp_path):
    path = tmp_path / "hutan.gpkg"
    shape = district.desa.geometry.iloc[:1]
    gpd.GeoDataFrame({"sumber": ["KLHK"], "tahun": [2023]}, geometry=shape.to_numpy(), crs=shape.crs).to_file(
        path
    )
    told = FOREST_EDGE.zones(Inputs(district, None, LayerSettings(forest_area=path)))
    assert (told.source, told.year) == ("KLHK", "2023")
    named = LayerSettings(forest_area=path, forest_area_source="SK 6605", forest_area_year="2021")
    told = FOREST_EDGE.zones(Inputs(district, None, named))
    assert (told.source, told.year) == ("SK 6605", "2021")
