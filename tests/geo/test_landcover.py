"""Land cover: cut to the district, measured exactly, refused where it cannot be used."""

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
from geo.landcover import BUILT_UP, CLASSES, TREES, LandCover, read_land_cover

CELL = 10.0
ORIGIN = (390_000.0, 9_240_000.0)


def cover(cells: np.ndarray) -> LandCover:
    transform = Affine(CELL, 0, ORIGIN[0], 0, -CELL, ORIGIN[1])
    return LandCover(cells.astype("uint8"), transform, MEASURING, "rekaan", "2025")


@pytest.fixture
def raster(tmp_path, district):
    def write(crs=STORING, values=(40,), nodata=0, shift=0.0, dtype="uint8", transform=None) -> Path:
        west, south, east, north = district.desa.to_crs(crs or STORING).total_bounds
        size = max(east - west, north - south) / 60
        cells = np.resize(np.array(values, dtype=dtype), (80, 80))
        path = tmp_path / "lahan.tif"
        place = transform or Affine(size, 0, west - 5 * size + shift, 0, -size, north + 5 * size)
        with rasterio.open(
            path,
            "w",
            driver="GTiff",
            width=80,
            height=80,
            count=1,
            dtype=dtype,
            crs=crs,
            transform=place,
            nodata=nodata,
        ) as file:
            file.write(cells, 1)
        return path

    return write


def read(path, district):
    return read_land_cover(path, district.desa, source="rekaan", year="2025")


def test_shares_are_those_of_an_exact_overlay():
    rng = np.random.default_rng(7)
    cells = rng.choice([10, 40, 50, 80], (40, 40))
    areas = gpd.GeoSeries(
        [shapely.Point(ORIGIN[0] + 200 + 13 * n, ORIGIN[1] - 200).buffer(60 + 7 * n) for n in range(6)],
        crs=MEASURING,
    )
    found = cover(cells).shares(areas)
    for place, area in areas.items():
        for code in (10, 40, 50, 80):
            rows, columns = np.nonzero(cells == code)
            x, y = ORIGIN[0] + columns * CELL, ORIGIN[1] - rows * CELL
            squares = shapely.box(x, y - CELL, x + CELL, y)
            exact = shapely.area(shapely.intersection(squares, area)).sum() / area.area
            assert found.loc[place, code] == pytest.approx(exact, abs=1e-3)
    assert found.sum(axis=1).to_list() == pytest.approx([1.0] * 6)


def test_what_the_raster_does_not_cover_is_unknown_and_not_nought():
    cells = np.full((40, 40), 50)
    cells[:, 30:] = 0
    boxes = [(0, 0, 100, 100), (250, 0, 350, 100), (310, 0, 390, 100), (1000, 0, 1100, 100)]
    areas = gpd.GeoSeries(
        [shapely.box(ORIGIN[0] + w, ORIGIN[1] - n, ORIGIN[0] + e, ORIGIN[1] - s) for w, s, e, n in boxes],
        crs=MEASURING,
        index=list("abcd"),
    )
    found = cover(cells).shares(areas)
    assert found.loc["a", BUILT_UP] == pytest.approx(1)
    assert found.loc["a", TREES] == 0
    assert found.loc[["b", "c", "d"]].isna().all(axis=None)
    assert list(found.columns) == list(CLASSES)


def test_patches_leave_gardens_out_and_the_reach_is_right_to_a_cell():
    cells = np.full((60, 60), 40)
    cells[10:30, 10:30] = TREES  # 4 hectares
    cells[50, 50] = TREES
    assert cover(cells).patches(TREES, MEASURING, 1.0).area.tolist() == [40_000]
    around = cover(cells).around(TREES, MEASURING, 1.0, 100.0).union_all()
    exact = shapely.box(ORIGIN[0] + 100, ORIGIN[1] - 300, ORIGIN[0] + 300, ORIGIN[1] - 100).buffer(100)
    assert shapely.hausdorff_distance(around, exact) < 1.5 * CELL
    assert cover(np.full((9, 9), 40)).patches(TREES, MEASURING, 1.0).empty
    assert cover(np.full((9, 9), 40)).around(TREES, MEASURING, 1.0, 50.0).empty


@pytest.mark.parametrize("crs", [STORING, MEASURING, CRS.from_epsg(3857)])
def test_a_raster_in_any_crs_is_cut_to_the_district(raster, district, crs):
    found = read(raster(crs, values=(10, 50)), district)
    assert found.cells.shape[0] < 80
    shares = found.shares(district.desa.geometry)
    assert shares.notna().all(axis=None)
    assert shares[[10, 50]].sum(axis=1).to_list() == pytest.approx([1.0] * len(shares))


def test_another_value_for_no_data_is_understood(raster, district):
    shares = read(raster(values=(255,), nodata=255), district).shares(district.desa.geometry)
    assert shares.isna().all(axis=None)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"crs": None}, MissingCrs),
        ({"shift": 5.0}, OutsideDistrict),
        ({"values": (1, 2, 3)}, UnknownClasses),
        ({"values": (255,), "nodata": None}, UnknownClasses),
        ({"values": (np.nan, 10), "dtype": "float32"}, UnknownClasses),
        ({"transform": Affine(1e-3, 5e-4, 109.99, 5e-4, -1e-3, -6.86)}, LayerError),
        ({"transform": Affine(1e-3, 0, 109.98, 0, 1e-3, -6.94)}, LayerError),
    ],
)
def test_a_raster_that_cannot_be_used_is_refused(raster, district, options, error):
    with pytest.raises(error, match=r"lahan\.tif"):
        read(raster(**options), district)


def test_a_file_that_is_no_raster_is_refused(tmp_path, district):
    (tmp_path / "lahan.tif").write_bytes(b"bukan raster")
    for name in ("lahan.tif", "tiada.tif"):
        with pytest.raises(LayerError, match=name):
            read(tmp_path / name, district)
