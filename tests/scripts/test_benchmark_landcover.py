"""The benchmark of land cover: its raster, its answers, and one tiny run of what is installed."""

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely

from tests.scripts.loading import load

benchmark = load("benchmark_landcover")


@pytest.fixture
def squares() -> gpd.GeoDataFrame:
    shapes = [shapely.box(x, y, x + 0.01, y + 0.01) for x in (109.5, 109.51) for y in (-7.0, -6.99)]
    return gpd.GeoDataFrame(geometry=shapes, crs=4326)


def test_the_raster_covers_the_desa_with_the_classes_of_java(squares, tmp_path):
    cells = benchmark.write_cover(tmp_path / "cover.tif", squares.total_bounds)
    with rasterio.open(tmp_path / "cover.tif") as raster:
        assert raster.width * raster.height == cells
        assert shapely.box(*raster.bounds).contains(shapely.box(*squares.total_bounds))
        assert set(np.unique(raster.read(1))) == {10, 20, 30, 40, 50, 60, 80, 90, 95}


def test_the_contenders_give_one_answer_whatever_it_cost(squares, tmp_path):
    benchmark.write_cover(tmp_path / "cover.tif", squares.total_bounds)
    found = benchmark.compare(tmp_path / "cover.tif", squares, 1)
    assert found.loc[benchmark.OURS, "apart"] < 0.01
    assert found.loc[benchmark.EXACT, "apart"] == 0
    assert (found[["wall", "cpu"]] > 0).all(axis=None)
    lines = benchmark.rows(found, 8550, 540_000_000)
    assert lines[0][:3] == [benchmark.OURS, "8 550", "540 M"]
    assert lines[0][4] == "1.0"


def test_a_tiny_run_prints_its_table(squares, tmp_path, capsys):
    squares.to_file(tmp_path / "squares.geojson", driver="GeoJSON")
    words = [
        "--boundaries",
        str(tmp_path / "squares.geojson"),
        "--copies",
        "1",
        "2",
        "--runs",
        "1",
        "--markdown",
    ]
    benchmark.main(words)
    said = capsys.readouterr()
    assert "| LandCover.shares | 4 |" in said.out
    assert "| exactextract | 8 |" in said.out
    assert "roughened" in said.err
    assert "Goals: 4 ×" in said.out
