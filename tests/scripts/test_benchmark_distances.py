"""The benchmark of distances: its points, its edges, its honesty; and one tiny run."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.boundaries import default_folder, read_boundaries
from scripts import benchmark_distances as benchmark


@pytest.fixture(scope="module")
def shipped():
    return read_boundaries(default_folder())


def test_points_stand_in_the_district_and_are_the_same_each_time(shipped):
    points = benchmark.households(shipped, 3000)
    assert (points == benchmark.households(shipped, 3000)).all()
    box = shapely.box(*shipped.desa.to_crs(shipped.measuring).total_bounds).buffer(1000)
    assert shapely.covers(box, shapely.points(points)).all()


def test_the_forest_edge_is_as_crooked_as_a_traced_one():
    edge = benchmark.forest_edge(np.array([[0.0, 0.0], [12_000.0, 12_000.0]]))
    assert shapely.length(edge) > 100_000
    assert shapely.get_num_coordinates(edge) > 1000


def test_a_shore_may_be_given_as_polygons_or_as_lines(shipped, tmp_path):
    own = benchmark.shore_line(shipped, None)
    file = tmp_path / "pantai.gpkg"
    gpd.GeoDataFrame(geometry=[own], crs=shipped.measuring).to_crs(4326).to_file(file)
    assert shapely.length(benchmark.shore_line(shipped, file)) == pytest.approx(shapely.length(own), rel=1e-6)


def test_a_distance_that_is_too_short_is_told(monkeypatch):
    monkeypatch.setattr(benchmark, "edge_distance", lambda points, _: np.full(len(points), 8.0))
    edge = shapely.LineString([(0, 0), (100, 0)])
    _, off = benchmark.compare(np.array([[50.0, 10.0], [50.0, 7.0]]), edge, 1)
    assert off == pytest.approx((2, 1))


def test_a_tiny_run_measures_both_edges(monkeypatch, capsys):
    monkeypatch.setattr(benchmark, "CELL_M", 200.0)
    benchmark.main(["--points", "2000", "--runs", "1", "--markdown"])
    said = capsys.readouterr().out
    assert "|  | shore | forest edge |" in said
    assert "× shapely.distance" in said
    worst = next(line for line in said.splitlines() if "too long" in line)
    assert all(float(cell) <= benchmark.GOAL_M for cell in worst.split("|")[2:4])
