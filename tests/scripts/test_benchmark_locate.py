"""The benchmark of locate: its country, its points, its honesty about answers that differ; and one tiny run."""

import doctest
from types import ModuleType

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.locate import OUTSIDE, locate
from tests.scripts.loading import load

benchmark = load("benchmark_locate")


@pytest.fixture
def squares() -> gpd.GeoSeries:
    shapes = [shapely.box(x, y, x + 1, y + 1) for x in range(3) for y in range(2)]
    return gpd.GeoSeries(shapes, crs=4326)


def test_the_examples_in_the_script_hold():
    tried = doctest.testmod(benchmark)
    assert tried.attempted > 0
    assert tried.failed == 0


def test_roughened_borders_are_longer_valid_and_still_shared(squares):
    rough = benchmark.roughen(squares.to_numpy())
    assert shapely.is_valid(rough).all()
    assert (shapely.get_num_coordinates(rough) == 4 * 2**5 + 1).all()
    assert shapely.length(rough).min() > 4
    assert shapely.area(shapely.union_all(rough)) == pytest.approx(shapely.area(rough).sum())


def test_copies_lie_side_by_side_and_points_are_repeatable_and_touch_borders(squares):
    country = benchmark.side_by_side(squares, 5)
    assert len(country) == 5 * len(squares)
    assert shapely.area(shapely.union_all(country.to_numpy())) == pytest.approx(30)
    lon, lat = benchmark.make_points(country, 4000)
    assert np.array_equal(lon, benchmark.make_points(country, 4000)[0])
    borders = shapely.union_all(shapely.boundary(country.to_numpy()))
    assert (shapely.distance(borders, shapely.points(lon, lat)) == 0).sum() >= 4


def test_an_answer_may_differ_on_a_border_alone_and_an_exact_one_never(squares):
    task = benchmark.Task(np.array([0.5, 1.0]), np.array([0.5, 0.5]), squares)
    truth = locate(task.lon, task.lat, squares)
    assert benchmark.check(task, truth, truth, "sjoin intersects") == 0
    lost = np.array([truth[0], OUTSIDE])
    assert benchmark.check(task, truth, lost, "sjoin within") == 1
    with pytest.raises(AssertionError, match="otherwise"):
        benchmark.check(task, truth, lost, "sjoin intersects")
    with pytest.raises(AssertionError, match="1 not on a border"):
        benchmark.check(task, truth, np.array([OUTSIDE, truth[1]]), "SedonaDB")


def test_a_tiny_run_compares_what_is_installed(squares, tmp_path, capsys):
    file = tmp_path / "squares.geojson"
    squares.to_file(file, driver="GeoJSON")
    words = ["--boundaries", str(file), "--copies", "1", "2", "--points", "3000", "--runs", "1", "--markdown"]
    benchmark.main(words)
    said = capsys.readouterr()
    assert "| polygons | 6 | 12 |" in said.out
    assert "| saved: × best sjoin |" in said.out
    assert "roughened" in said.err
    assert "locate, one-off: " in said.err


def test_bench_chooses_by_its_first_word(monkeypatch):
    chosen = []
    whole = load("benchmark")
    monkeypatch.setattr(whole, "measure_job", lambda words: chosen.append(("job", words)))
    part = ModuleType("part")
    monkeypatch.setattr(part, "main", lambda words: chosen.append(("part", words)), raising=False)
    monkeypatch.setattr(whole, "import_module", lambda _: part)
    for words in ([], ["--slow"], ["job", "--slow"], ["locate", "--quick"], ["all"]):
        whole.main(words)
    assert chosen == [
        ("job", []), ("job", ["--slow"]), ("job", ["--slow"]), ("part", ["--quick"]),
        ("job", []), *[("part", [])] * len(whole.PARTS),
    ]  # fmt: skip
