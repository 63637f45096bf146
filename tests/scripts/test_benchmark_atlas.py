"""The benchmark of books: what it tells of what it measured."""

import subprocess

import pytest

from scripts import benchmark_atlas

OWN = {
    "desa": 4, "pages": 110, "maps": 10, "lists": 95, "households": 900, "prepare_s": 0.05, "rest_s": 0.1,
    "maps_s": 0.1, "lists_s": 0.38, "bind_s": 0.11, "mb": 1.5, "wall_s": 2.0, "peak_mb": 500,
}  # fmt: skip
PEER = {"pages": 5, "drawn_s": 0.5}


@pytest.fixture(autouse=True)
def _no_libraries_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchmark_atlas, "machine", lambda: "mesin")


def test_a_page_is_compared_with_a_page():
    told = benchmark_atlas.report(OWN, OWN, PEER, {"pages": 4, "drawn_s": 0.8}, markdown=True)
    for line in (
        "| map, drawn | 10 | 10.0 | 1.0 |",
        "| map, planned, drawn and bound | 10 | 16.0 | 1.6 |",
        "| list, drawn and bound | 95 | 5.0 | 0.5 |",
        "| matplotlib, map of the same plan | 5 | 100.0 | 10.0 |",
        "| QGIS, map of the same layers | 4 | 200.0 | 20.0 |",
    ):
        assert line in told
    assert told.count("; met)") == 3


def test_what_is_missed_and_what_is_absent_is_said():
    slow, large = OWN | {"maps_s": 0.2}, OWN | {"peak_mb": 400}
    told = benchmark_atlas.report(slow, large, PEER, None, markdown=False)
    assert told.count("; missed)") == 3
    assert "QGIS: not measured" in told


def test_without_qgis_there_is_nothing_to_run(tmp_path, monkeypatch):
    monkeypatch.setattr(benchmark_atlas, "QGIS", str(tmp_path / "python3"))
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("run"))
    assert benchmark_atlas.qgis(tmp_path, 3) is None
