"""The ground beneath the map: land cover and relief where they belong, and nothing where nothing is known."""

import io
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from PIL import Image
from rasterio.crs import CRS

from geo.errors import LayerError
from geo.landcover import CLASSES
from geo.tiles import ground_raster
from geo.tiles.ground import COLOURS, PALETTE, Ground, cut, png
from geo.tiles.ground_files import find_rasters, ground_key
from geo.tiles.ground_raster import prepare_ground
from geo.tiles.relief import FLAT, SHADES

BOUNDS = (109.50, -7.10, 109.60, -7.00)
CELL = 0.001


def _raster(path: Path, cells: np.ndarray, **more: object) -> Path:
    profile = {
        "driver": "GTiff", "dtype": cells.dtype, "count": 1, "height": cells.shape[0], "width": cells.shape[1],
        "crs": CRS.from_epsg(4326), "transform": Affine(CELL, 0, 109.45, 0, -CELL, -6.95), "nodata": 0,
    }  # fmt: skip
    with rasterio.open(path, "w", **(profile | more)) as file:
        file.write(cells, 1)
    return path


@pytest.fixture
def cover(tmp_path: Path) -> Path:
    """Write a land cover of four quarters: trees, water, built up, nothing."""
    cells = np.zeros((200, 200), dtype=np.uint8)
    cells[:100, :100], cells[:100, 100:], cells[100:, :100] = 10, 80, 50
    return _raster(tmp_path / "lahan.tif", cells)


def _tile_of(lon: float, lat: float, zoom: int) -> tuple[int, int, int, int]:
    """Return column, row and the pixel within the tile of a place."""
    x = (lon + 180) / 360 * 2**zoom
    sine = np.sin(np.radians(lat))
    y = (0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)) * 2**zoom
    return int(x), int(y), int(x % 1 * 256), int(y % 1 * 256)


def _number_at(file: Path, lon: float, lat: float, zoom: int) -> int:
    column, row, x, y = _tile_of(lon, lat, zoom)
    return int(cut(file, zoom, column, row)[y, x])


def _number_of(code: int, shade: int = FLAT) -> int:
    return 1 + (0, *CLASSES).index(code) * SHADES + shade


@pytest.mark.parametrize("zoom", range(8, 17))
def test_land_cover_lies_where_it_belongs_at_every_zoom(zoom, cover, tmp_path):
    file = tmp_path / "dasar.tif"
    prepare_ground(file, BOUNDS, [cover])
    quarters = {(109.53, -7.03): 10, (109.57, -7.03): 80, (109.53, -7.07): 50}
    for (lon, lat), code in quarters.items():
        assert _number_at(file, lon, lat, zoom) == _number_of(code)
    assert _number_at(file, 109.57, -7.07, zoom) == 0
    assert _number_at(file, 109.90, -7.03, zoom) == 0


def test_a_pixel_is_the_class_of_its_place(cover, tmp_path):
    random = np.random.default_rng(3)
    cells = random.choice([10, 30, 40, 50, 80], size=(200, 200)).astype(np.uint8)
    _raster(cover, cells)
    prepare_ground(tmp_path / "dasar.tif", BOUNDS, [cover])
    for lon, lat in random.uniform((109.50, -7.10), (109.60, -7.00), (200, 2)).tolist():
        column, row = (lon - 109.45) / CELL, (-6.95 - lat) / CELL
        if min(column % 1, row % 1) < 0.15 or max(column % 1, row % 1) > 0.85:
            continue  # a pixel there may lie on either side of the edge
        assert _number_at(tmp_path / "dasar.tif", lon, lat, 14) == _number_of(
            int(cells[int(row), int(column)])
        )


def test_nearer_than_it_was_prepared_a_pixel_is_only_enlarged(cover, tmp_path):
    file = tmp_path / "dasar.tif"
    prepare_ground(file, BOUNDS, [cover])
    column, row, _, _ = _tile_of(109.55, -7.05, 14)
    far, near = cut(file, 14, column, row), cut(file, 16, column * 4 + 2, row * 4 + 1)
    np.testing.assert_array_equal(near, far[64:128, 128:192].repeat(4, axis=0).repeat(4, axis=1))


def test_relief_darkens_what_turns_from_the_light(cover, tmp_path):
    east = np.tile(np.abs(np.arange(200) - 100)[::-1], (200, 1)).astype(
        np.float32
    )  # a valley along the middle
    dem = _raster(tmp_path / "tinggi.tif", 2000 - 20 * east, nodata=-9999)  # now a ridge
    prepare_ground(tmp_path / "dasar.tif", BOUNDS, [cover], dem)
    west_side, east_side = (_number_at(tmp_path / "dasar.tif", lon, -7.03, 14) for lon in (109.53, 109.57))
    assert _number_of(10, FLAT + 1) <= west_side <= _number_of(10, SHADES - 1)
    assert _number_of(80, 0) <= east_side <= _number_of(80, FLAT - 1)


def test_heights_alone_are_a_ground_too(tmp_path):
    cells = np.full((200, 200), 30, dtype=np.int16)
    cells[:, 100:] = -9999
    dem = _raster(tmp_path / "tinggi.tif", cells, nodata=-9999)
    prepare_ground(tmp_path / "dasar.tif", BOUNDS, [], dem)
    assert _number_at(tmp_path / "dasar.tif", 109.53, -7.03, 13) == _number_of(0)
    assert _number_at(tmp_path / "dasar.tif", 109.58, -7.03, 13) == 0


def test_a_large_district_is_prepared_more_coarsely(cover, tmp_path, monkeypatch):
    monkeypatch.setattr(ground_raster, "MOST_PIXELS", 1_000_000)
    prepare_ground(tmp_path / "dasar.tif", BOUNDS, [cover])
    with rasterio.open(tmp_path / "dasar.tif") as file:
        assert file.width * file.height <= 1_000_000
        assert int(file.tags(1)["zoom"]) < 14
    assert _number_at(tmp_path / "dasar.tif", 109.53, -7.03, 14) == _number_of(10)
    assert _number_at(tmp_path / "dasar.tif", 109.53, -7.03, 9) == _number_of(10)


def test_a_raster_of_something_else_leaves_nothing_behind(cover, tmp_path):
    _raster(cover, np.full((200, 200), 7, dtype=np.uint8))
    folder = tmp_path / "dasar"
    folder.mkdir()
    with pytest.raises(LayerError):
        prepare_ground(folder / "dasar.tif", BOUNDS, [cover])
    assert list(folder.iterdir()) == []


def test_a_tile_is_a_small_picture_that_is_clear_where_nothing_is_known(cover, tmp_path):
    prepare_ground(tmp_path / "dasar.tif", BOUNDS, [cover])
    column, row, _, _ = _tile_of(109.55, -7.05, 12)
    written = Ground(tmp_path / "dasar.tif", land_cover=True, relief=False).tile(12, column, row)
    picture = Image.open(io.BytesIO(written))
    assert ("Pohon", COLOURS[10]) in Ground(tmp_path, land_cover=True, relief=False).entries()
    assert Ground(tmp_path, land_cover=False, relief=True).entries() == []
    assert (picture.size, picture.mode) == ((256, 256), "P")
    seen = {colour for _, colour in picture.convert("RGBA").getcolors()}
    shown = {tuple(int(COLOURS[code][place : place + 2], 16) for place in (1, 3, 5)) for code in (10, 50, 80)}
    assert {colour[:3] for colour in seen if colour[3]} == shown
    assert any(not colour[3] for colour in seen)
    nothing = Image.open(io.BytesIO(png(np.zeros((256, 256), dtype=np.uint8)))).convert("RGBA")
    assert nothing.getextrema()[3] == (0, 0)


def test_the_ground_is_so_pale_that_a_measure_reads_as_in_its_legend():
    assert set(COLOURS) == set(CLASSES)
    flat = PALETTE[[_number_of(code) for code in (0, *CLASSES)]]
    assert flat.min() > 200
    assert (PALETTE[1 : _number_of(100, SHADES - 1) + 1] > 125).all()


def test_a_raster_is_known_by_its_content(cover, tmp_path):
    given = {"role": "land_cover", "name": cover.name, "bytes": cover.stat().st_size, "sha256": "0" * 64}
    other = tmp_path / "lain" / cover.name
    assert find_rasters({"inputs": [given]}, "land_cover", [cover, other]) == ()
    from geo.facts import input_facts  # noqa: PLC0415

    given = input_facts("land_cover", cover)
    assert find_rasters({"inputs": [given]}, "land_cover", [other, cover]) == (cover,)
    assert find_rasters({"inputs": [given]}, "dem", [cover]) == ()
    assert find_rasters({"inputs": [given, given | {"name": "utara.tif"}]}, "land_cover", [cover]) == ()
    remote = {"role": "land_cover", "name": "contoh.id/lahan.tif", "bytes": None, "sha256": None}
    assert find_rasters({"inputs": [remote]}, "land_cover", [cover]) == ()
    assert ground_key([cover], None, BOUNDS) != ground_key([cover], cover, BOUNDS)
