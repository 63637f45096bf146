"""Land cover from files: one raster or several tiles, cut around the district, refused where it cannot be used."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from pyproj import CRS

from geo.crs import MEASURING, STORING
from geo.errors import LayerError, MissingCrs, OutsideDistrict, UnknownClasses
from geo.landcover import CLASSES, TREES, LandCover, read_land_cover
from geo.landcover.mosaic import WindowedCells
from tests.geo.landcover.small_cover import write_raster
from tests.geo.landcover.test_class_areas import patchwork

MIDDLE = Affine(10, 0, 0, 0, -10, 0)


def read(*places: object, district, **options: object):
    return read_land_cover(
        [str(place) for place in places], district.desa, source="rekaan", year="2025", **options
    )


@pytest.fixture
def raster(tmp_path, district):
    def write(crs=STORING, values=(40,), nodata=0, shift=0.0, dtype="uint8", transform=None, bands=1) -> Path:
        given = STORING if transform or crs is None else crs
        west, south, east, north = district.desa.to_crs(given).total_bounds
        size = max(east - west, north - south) / 60
        cells = np.resize(np.array(values, dtype=dtype), (bands, 80, 80))
        place = transform or Affine(size, 0, west - 5 * size + shift, 0, -size, north + 5 * size)
        write_raster(tmp_path / "lahan.tif", cells, place, crs, nodata)
        return tmp_path / "lahan.tif"

    return write


@pytest.fixture
def land(district):
    """Return invented land cover over the district and some kilometres around it."""
    west, south, east, north = district.desa.total_bounds
    return patchwork((west - 0.05, south - 0.05, east + 0.05, north + 0.05), 60)


@pytest.fixture
def tiles(tmp_path, land):
    """Write a land cover as four tiles that meet inside the district."""
    rows, columns = (size // 2 + 3 for size in land.cells.shape)
    paths = []
    for row, column in ((0, 0), (0, columns), (rows, 0), (rows, columns)):
        part = land.cells[row : row + rows, column : column + columns]
        paths.append(tmp_path / f"petak_{row}_{column}.tif")
        write_raster(paths[-1], part, land.transform @ Affine.translation(column, row), STORING)
    return paths


@pytest.mark.parametrize("crs", [STORING, MEASURING, CRS.from_epsg(3857)])
def test_a_raster_in_any_crs_is_cut_around_the_district(raster, district, crs):
    near = read(raster(crs, values=(10, 50)), district=district, around_m=0)
    assert near.cells.shape[0] < 80
    shares = near.shares(district.desa.geometry)
    assert shares.notna().all(axis=None)
    assert shares[[10, 50]].sum(axis=1).to_list() == pytest.approx([1.0] * len(shares))
    far = read(raster(crs, values=(10, 50)), district=district, around_m=500)
    assert far.cells.shape[0] > near.cells.shape[0]
    assert far.shares(district.desa.geometry).to_numpy() == pytest.approx(shares.to_numpy())


def test_beyond_the_district_the_trees_are_seen_as_well(raster, district):
    found = read(raster(MEASURING, values=(TREES,)), district=district, around_m=800)
    bounds = district.desa.to_crs(MEASURING).total_bounds
    seen = np.array(found.patches(TREES, MEASURING, 1.0).total_bounds)
    raster_ends = 5 * (bounds[2:] - bounds[:2]).max() / 60  # west and north of the district
    assert (np.abs(seen - bounds) >= [raster_ends - 1, 800, 800, raster_ends - 1]).all()
    corner = np.array([(bounds[0] + 50, bounds[1])])
    assert found.share_near(TREES, corner, MEASURING, 500.0).tolist() == [1.0]
    assert np.isnan(found.share_near(TREES, corner, MEASURING, 5000.0)).all()


@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "float32", "float64"])
@pytest.mark.parametrize("nodata", [0, 255])
def test_another_number_type_and_another_value_for_no_data_are_understood(raster, district, dtype, nodata):
    path = raster(values=(nodata, 95), nodata=nodata, dtype=dtype)
    assert read(path, district=district).shares(district.desa.geometry).isna().all(axis=None)
    path = raster(values=(95,), nodata=nodata, dtype=dtype)
    assert (read(path, district=district).shares(district.desa.geometry)[95] == 1).all()


def test_not_a_number_may_be_the_value_for_no_data(raster, district):
    path = raster(values=(np.nan, 95), nodata=np.nan, dtype="float32")
    assert read(path, district=district).shares(district.desa.geometry).isna().all(axis=None)


def test_tiles_are_read_as_one_raster(tiles, land, tmp_path, district):
    write_raster(tmp_path / "utuh.tif", land.cells, land.transform, STORING)
    whole = read(tmp_path / "utuh.tif", district=district)
    for order in (tiles, tiles[::-1]):
        found = read(*order, district=district)
        assert np.array_equal(found.cells, whole.cells)
        assert found.transform.almost_equals(whole.transform, 1e-9)


def test_where_a_tile_is_missing_nothing_is_known(tiles, district):
    found = read(*tiles[:3], district=district).shares(district.desa.geometry)
    assert 0 < found[TREES].isna().sum() < len(found)


def test_a_tile_that_overlaps_another_fills_only_what_it_lacks(tmp_path, land, district):
    paths = [tmp_path / "barat.tif", tmp_path / "semua.tif"]
    west = np.where(np.arange(land.cells.shape[1]) < 60, land.cells, 0).astype("uint8")
    write_raster(paths[0], west, land.transform, STORING)
    write_raster(paths[1], np.full_like(land.cells, 100), land.transform, STORING)
    found = read(*paths, district=district, around_m=1e5).cells
    assert np.array_equal(found, np.where(west == 0, 100, land.cells))


def test_a_large_window_is_read_each_time_and_gives_the_same(tiles, district, monkeypatch):
    kept = read(*tiles, district=district)
    monkeypatch.setattr("geo.landcover.cover._KEPT_CELLS", 0)
    monkeypatch.setattr("geo.landcover.cells._BAND", 7_000)
    read_again = read(*tiles, district=district)
    assert isinstance(kept.cells, np.ndarray)
    assert isinstance(read_again.cells, WindowedCells)
    desa, measuring = district.desa.geometry, district.measuring
    assert read_again.shares(desa).to_numpy() == pytest.approx(kept.shares(desa).to_numpy())
    points = np.array([shape.centroid.coords[0] for shape in desa.to_crs(measuring)])
    near = [land.share_near(TREES, points, measuring, 500.0) for land in (kept, read_again)]
    assert near[0] == pytest.approx(near[1])
    areas = [land.around(TREES, measuring, 1.0, 200.0).area.sum() for land in (kept, read_again)]
    assert areas[0] == pytest.approx(areas[1])


class Nothing:
    """Cells of a whole province, all the same, that remember how many were asked for at once."""

    shape = (20_000, 30_000)
    largest = 0

    def __getitem__(self, place: tuple[slice, slice]) -> np.ndarray:
        """Return a window."""
        size = tuple(part.stop - part.start for part in place)
        self.largest = max(self.largest, size[0] * size[1])
        return np.full(size, TREES, dtype="uint8")


def test_of_a_province_a_small_part_is_in_memory_at_once(monkeypatch):
    monkeypatch.setattr("geo.landcover.patches.MOST_CELLS", 100_000)
    cells = Nothing()
    land = LandCover(cells, Affine(10, 0, 0, 0, -10, 200_000), MEASURING, "rekaan", "2025")
    desa = gpd.GeoSeries([shapely.box(10, 10, 299_990, 199_990), shapely.box(5, 5, 26, 26)], crs=MEASURING)
    assert land.shares(desa)[TREES].to_list() == pytest.approx([1, 1])
    assert land.share_near(TREES, np.array([[1e5, 1e5], [2e5, 1e5]]), MEASURING, 500.0).tolist() == [1, 1]
    assert 1_000_000 < cells.largest < 20_000_000
    assert land.patches(TREES, MEASURING, 25.0).area.sum() == pytest.approx(6e10, rel=0.01)
    assert cells.largest < 20_000_000


@pytest.mark.parametrize(
    "change",
    [
        {"crs": CRS.from_epsg(3857)},
        {"crs": CRS.from_epsg(4755)},
        {"scale": 1.001},
        {"move": 0.4},
    ],
)
def test_tiles_off_the_grid_are_refused_by_name(tiles, land, district, tmp_path, change):
    transform = (
        land.transform @ Affine.translation(change.get("move", 0), 0) @ Affine.scale(change.get("scale", 1))
    )
    other = tmp_path / "lain.tif"
    write_raster(other, land.cells, transform, change.get("crs", STORING))
    with pytest.raises(LayerError, match=r"lain\.tif tidak sekisi dengan petak_0_0\.tif"):
        read(tiles[0], other, district=district)


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"crs": None}, MissingCrs, "CRS"),
        ({"crs": CRS.from_wkt('LOCAL_CS["kota",UNIT["metre",1]]'), "transform": MIDDLE}, MissingCrs, "lokal"),
        ({"crs": CRS.from_epsg(3031), "transform": MIDDLE}, OutsideDistrict, "LS"),
        ({"shift": 5.0}, OutsideDistrict, "BT"),
        ({"values": (1, 2, 3)}, UnknownClasses, "nilai 1; 2; 3 yang bukan"),
        ({"values": range(1, 30)}, UnknownClasses, "1; 2; 3; 4; 5; 6; 7; 8 dan 19 nilai lain"),
        ({"values": (0.25, 0.5), "dtype": "float32"}, UnknownClasses, "0,25; 0,50 .*bukan peluang"),
        ({"values": (10, 255), "nodata": None}, UnknownClasses, "255 .*tidak menyatakan nilai tanpa data"),
        ({"values": (10, 255)}, UnknownClasses, "berwarna.$"),
        ({"values": (np.nan, 10), "dtype": "float32"}, UnknownClasses, "–"),
        ({"values": (-1000, 10), "dtype": "int32"}, UnknownClasses, "-1.000"),
        ({"bands": 3}, LayerError, "3 pita"),
        ({"transform": Affine(1e-3, 5e-4, 109.99, 5e-4, -1e-3, -6.86)}, LayerError, "miring"),
        ({"transform": Affine(1e-3, 0, 109.98, 0, 1e-3, -6.94)}, LayerError, "terbalik"),
    ],
)
def test_a_raster_that_cannot_be_used_is_refused(raster, district, options, error, said):
    path = raster(**options)
    with pytest.raises(error, match=rf"lahan\.tif.*{said}"):
        read(path, district=district)


def test_a_file_that_is_no_raster_is_refused(tmp_path, district):
    (tmp_path / "lahan.tif").write_bytes(b"bukan raster")
    for name, why in (("lahan.tif", "dibuka"), ("tiada.tif", "berkas tidak ada"), ("", "dibuka")):
        with pytest.raises(LayerError, match=f"{name}.*{why}"):
            read(tmp_path / name, district=district)


@pytest.mark.parametrize("kept", [0, 10**9])
def test_a_file_that_ends_early_is_refused_whenever_that_shows(tmp_path, land, district, monkeypatch, kept):
    path = tmp_path / "lahan.tif"
    write_raster(path, land.cells, land.transform, STORING, compress="deflate", blockysize=16)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    monkeypatch.setattr("geo.landcover.cover._KEPT_CELLS", kept)
    with pytest.raises(LayerError, match=r"lahan\.tif tidak dapat dipakai"):
        read(path, district=district).shares(district.desa.geometry)


def test_a_class_of_another_legend_is_refused_in_a_large_window_too(raster, district, monkeypatch):
    monkeypatch.setattr("geo.landcover.cover._KEPT_CELLS", 0)
    with pytest.raises(UnknownClasses, match="nilai 11 yang"):
        read(raster(values=(10, 11)), district=district)


def test_reading_leaves_the_settings_of_gdal_alone(raster, district):
    path = raster()
    with rasterio.Env() as outside:
        before = outside.options.copy()
        read(path, district=district)
        assert outside.options == before
    assert set(read(path, district=district).shares(gpd.GeoSeries([None], crs=STORING)).columns) == set(
        CLASSES
    )


def test_a_raster_without_data_in_the_district_is_refused(tmp_path, district, land):
    path = tmp_path / "kosong.tif"
    write_raster(path, np.zeros_like(land.cells), land.transform, STORING)
    with pytest.raises(LayerError, match=r"kosong\.tif tidak memuat data di kabupaten ini"):
        read(path, district=district)
    # cut out along the border of the next kabupaten: data all around, and none in the district but at its edge
    inside = rasterio.features.geometry_mask(
        [district.desa.union_all().buffer(-0.00005)], land.cells.shape, land.transform, invert=True
    )
    write_raster(path, np.where(inside, 0, land.cells), land.transform, STORING)
    with pytest.raises(LayerError, match="tidak memuat data"):
        read(path, district=district)


def test_a_raster_that_covers_one_desa_is_read(tmp_path, district, land):
    path = tmp_path / "sebagian.tif"
    some = district.desa.geometry.iloc[-1].buffer(0.001)
    mask = rasterio.features.geometry_mask([some], land.cells.shape, land.transform, invert=True)
    write_raster(path, np.where(mask, land.cells, 0), land.transform, STORING)
    known = read(path, district=district).shares(district.desa.geometry).notna().all(axis=1)
    assert known.iloc[-1]
    assert not known.all()
