"""The benchmark: its clean table, its ruler and its report, on a small sample and invented figures."""

import doctest
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.assessment import Assessment
from tests.scripts.loading import load

benchmark = load("benchmark")


@pytest.fixture(scope="module")
def clean(sample_folder: Path) -> pd.DataFrame:
    sheet = pd.read_csv(sample_folder / benchmark.SHEET, sep=";", dtype="str", keep_default_na=False)
    truth = pd.read_parquet(sample_folder / benchmark.TRUTH)
    return pd.DataFrame(benchmark.clean_households(sheet, truth))


def test_the_examples_in_the_script_hold() -> None:
    tried = doctest.testmod(benchmark)
    assert tried.attempted > 0
    assert tried.failed == 0


def test_the_analyst_gets_every_household_once(clean: pd.DataFrame, sample_folder: Path) -> None:
    truth = pd.read_parquet(sample_folder / benchmark.TRUTH)
    valid = truth[truth["expected_fate"] == "valid"]
    assert len(clean) == (valid["copy_of"] < 0).sum() > 0
    assert clean["ID Keluarga"].is_unique


def test_the_clean_table_has_true_positions_and_plain_numbers(
    clean: pd.DataFrame, sample_folder: Path
) -> None:
    truth = pd.read_parquet(sample_folder / benchmark.TRUTH)
    wanted = truth[(truth["expected_fate"] == "valid") & (truth["copy_of"] < 0)]
    assert np.array_equal(clean[["lon", "lat"]], wanted[["true_lon", "true_lat"]])
    assert clean["Luas Lantai (m2)"].between(1, 1000).mean() > 0.9
    assert clean["Jenis Lantai"].dropna().isin(range(1, 10)).all()


def test_the_analyst_judges_needs_as_peta_does(clean: pd.DataFrame, assessment: Assessment) -> None:
    for package in ("rasterstats", "sklearn"):
        pytest.importorskip(package, reason="the peers stand in the environment of the benchmark only")
    analyst = load("analyst")
    judged = (
        assessment.households.drop_duplicates("id_keluarga").set_index("id_keluarga")["need_rtlh"].dropna()
    )
    own = analyst.add_needs(clean).set_index("ID Keluarga")["rtlh"]
    both = judged.index.intersection(own.index)
    assert len(both) > 100
    assert np.mean(judged[both].to_numpy(bool) == own[both].to_numpy(bool)) > 0.95
    assert doctest.testmod(analyst).failed == 0


def test_the_ruler_measures_a_process(tmp_path: Path) -> None:
    busy = "block = bytes(50_000_000); print(sum(range(100_000)))"
    cost = benchmark.measure([sys.executable, "-c", busy], tmp_path / "log")
    assert cost.peak_mb > 50
    assert cost.cpu_s > 0
    assert cost.wall_s > 0
    assert (tmp_path / "log").read_text().strip() == str(sum(range(100_000)))


def test_the_ruler_tells_of_a_failure(tmp_path: Path) -> None:
    with pytest.raises(benchmark.Failed, match="rusak"):
        benchmark.measure([sys.executable, "-c", "raise SystemExit('rusak')"], tmp_path / "log")


def test_every_command_reads_the_inputs_that_are_prepared(tmp_path: Path) -> None:
    lines = benchmark.commands(tmp_path)
    assert len(set(map(tuple, lines.values()))) == 5
    assert str(tmp_path / benchmark.CLEAN) in lines[benchmark.PEER]
    assert str(tmp_path / benchmark.CLEAN) in lines[benchmark.SAME]
    assert str(tmp_path / benchmark.SHEET) in lines[benchmark.MESSY]
    assert "peta,geojson" in lines[benchmark.SAME]
    assert "--outputs" not in lines[benchmark.ALL]


def finished(folder: Path) -> Path:
    """Lay out a folder as two contenders would leave it."""
    for name, page in {
        benchmark.PEER: "x" * 2_000_000,
        benchmark.SAME: '<script>lib</script><script type="application/json" id="data">'
        + "y" * 4_000_000
        + "</script>",
    }.items():
        (folder / name).mkdir()
        (folder / name / benchmark.PAGES[name]).write_text(page, encoding="utf-8")
    manifest = {"seconds": {"Membaca lembar": 1.0, "Menggambar peta": 2.5}}
    (folder / benchmark.SAME / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def test_the_report_gives_ratios_goals_and_stages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchmark, "LIBRARIES", ("numpy",))  # the peers are not in this environment
    folder, cost = finished(tmp_path), benchmark.Cost
    road = cost(6.0, 4.0, 300.0)
    seconds = [benchmark.stages(folder / benchmark.SAME, road)]
    assert sum(seconds[0].values()) == pytest.approx(6.0)
    said = benchmark.report(
        folder, {benchmark.PEER: [cost(4.0, 4.0, 600.0)], benchmark.SAME: [road]}, seconds, markdown=True
    )
    assert "| peta, same sheet | 6.0 s | 1.50 | 4.0 s | 1.00 | 300 MB | 0.50 | 4.0 MB | 2.00 |" in said
    assert "1.50 (goal: at most 1; missed)" in said
    assert "peta.html: 4.00 MB, of which 0.00 MB scripts and styles (goal: under 6 MB; met)" in said
    assert "| Menggambar peta | 2.50 |" in said
    assert "numpy" in said
