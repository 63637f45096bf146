"""The benchmark of clusters: its grounds, the plain scan that it measures by, and one tiny run."""

import doctest
from itertools import pairwise

import numpy as np
import pytest

from geo.boundaries import default_folder, read_boundaries
from geo.clusters.scan.windows import neighbouring
from geo.evaluation.clusters import World
from geo.settings import Settings
from scripts import benchmark_clusters, benchmark_scan, cluster_grounds, plain_scan


@pytest.fixture(scope="module")
def shipped():
    return read_boundaries(default_folder())


def test_the_examples_hold():
    tried = doctest.testmod(plain_scan)
    assert tried.attempted > 0
    assert tried.failed == 0


def test_the_district_lies_side_by_side_with_itself(shipped):
    one, four = (cluster_grounds.areas(shipped, copies) for copies in (1, 4))
    assert len(four.points) == 4 * len(one.points) == 4 * len(shipped.desa)
    assert four.links.nnz >= 4 * one.links.nnz
    assert (four.population >= four.cases).all()
    assert (neighbouring(four.points) == np.arange(len(four.points))).all()
    assert np.ptp(four.points, axis=0) == pytest.approx(2 * np.ptp(one.points, axis=0), rel=0.15)


def scans(world: World) -> list[benchmark_scan.Scanned]:
    some = world.part(0, 12)
    points = np.random.default_rng(3).random((60, 2)) * 1000
    points = points[neighbouring(points)]
    population = np.arange(10, 70)
    desa = benchmark_scan.Scanned("desa", points, population // 5, population, 0.5)
    return [desa, *(benchmark_scan.of_houses(some, 300, gathered=gathered) for gathered in (True, False))]


def test_the_plain_scan_has_the_same_maxima_on_a_part_and_on_all(shipped):
    for what in scans(World.of(shipped, Settings())):
        for centres in (10, 10_000):
            row = dict(
                zip(benchmark_scan.SCAN_HEADS, benchmark_scan.scan_row(what, 99, centres, 40), strict=True)
            )
            assert float(row["maxima differ at most"]) < 1e-6
            fewer = 40 if centres < int(row["centres"]) else 99
            assert int(row["replicates measured"]) == fewer
            assert int(row["plain, centres measured"]) == min(centres, int(row["centres"]))
            scale = int(row["centres"]) / int(row["plain, centres measured"]) * 99 / fewer
            assert float(row["plain for all, s"]) == pytest.approx(
                float(row["plain there, s"]) * scale, abs=0.6 + 0.006 * scale
            )


def test_a_fast_run_is_repeated_and_the_best_counts(monkeypatch):
    clock = iter([0.0, 0.5, 1.0, 1.2, 2.0, 2.9])
    monkeypatch.setattr(benchmark_scan, "perf_counter", lambda: next(clock))
    seconds, answer = benchmark_scan.best_of(lambda: "done")
    assert (seconds, answer) == (pytest.approx(0.2), "done")


def test_a_tiny_run_measures_every_part_and_goes_on_without_the_peers(shipped, monkeypatch, capsys):
    monkeypatch.setattr(benchmark_clusters, "installed", lambda *_: False)
    monkeypatch.setattr(benchmark_scan, "ENOUGH_S", 0.0)
    words = [
        "--copies",
        "1",
        "--permutations",
        "99",
        "--replicates",
        "99",
        "--houses",
        "400",
        "--points",
        "400",
    ]
    benchmark_clusters.main([*words, "--plain-centres", "3", "--plain-replicates", "9", "--markdown"])
    said = capsys.readouterr().out
    lines = said.splitlines()
    assert f"| {len(shipped.desa)} | 99 |" in said
    assert f"| {len(shipped.desa)} areas |" in said
    assert "| 400 houses, as a run |" in said
    assert "| 400 houses, around every one |" in said
    assert all(
        one.count("|") == other.count("|") for one, other in pairwise(lines) if one and other and "|" in other
    )
    assert "Goals" in lines[-1]
