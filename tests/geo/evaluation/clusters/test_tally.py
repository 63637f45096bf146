"""The tables of the cluster evaluation, its goals, and its script."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from geo.evaluation.clusters import apart_table, found_table, missed_goals, null_table, stacked_table

ROOT = Path(__file__).parents[4]


def rows(group: str, method: str, hot: int, runs: int, **others: object) -> pd.DataFrame:
    table = pd.DataFrame({"run": range(runs), "hot": [run < hot for run in range(runs)]})
    columns = {"any": table["hot"], "inside": table["hot"], "groups": table["hot"].astype(int)}
    columns |= {"overlap": 0.25, "outside": 2, "apart": 1}
    about = {"ground": "small", "group": group, "scenario": "uneven, 5 %", "method": method}
    return table.assign(**(columns | about | others))


def test_shares_have_their_interval_and_a_row_of_all():
    some = pd.concat(
        [
            rows("null", "Gi*", 2, 40),
            rows("null", "Gi*", 0, 40, scenario="uneven, 20 %"),
            rows("houses", "DBSCAN", 40, 40),
        ]
    )
    head, *lines = null_table(some, "hot", ["null", "houses"])
    assert head == ["", "runs", "Gi*", "DBSCAN"]
    assert lines[0] == ["small, null, uneven, 5 %", "40", "5.0 (0.6-16.9)", ""]
    assert lines[2] == ["small, null, all", "80", "2.5 (0.3-8.7)", ""]
    assert lines[3][3] == "100.0 (91.2-100.0)"


def test_power_overlap_and_what_lies_beyond_are_told():
    head, line = found_table(rows("planted", "Gi*", 30, 40, scenario="risk 2"))
    assert line == ["small, risk 2", "Gi*", "40", "75.0 (58.8-87.3)", "0.25", "2.00", "1.00"]
    assert len(head) == len(line)
    assert apart_table(rows("hamlet", "DBSCAN", 1, 4))[1][-2:] == ["0.25", "2.00"]
    assert stacked_table(rows("stacked", "kantong", 0, 8))[1][2:] == ["8", "0.0 (0.0-36.9)", "0", "0"]


def test_goals_are_missed_beyond_chance_alone():
    assert missed_goals(rows("null", "Gi*", 20, 400)) == []
    assert missed_goals(rows("null", "Gi*", 26, 400)) == []
    assert "Gi*" in missed_goals(rows("null", "Gi*", 44, 400))[0]
    assert missed_goals(rows("null", "esda Gi*", 400, 400)) == []
    assert "kantong" in missed_goals(rows("stacked", "kantong", 1, 400))[0]


@pytest.fixture
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "evaluate_clusters", ROOT / "scripts" / "evaluate_clusters.py"
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_script_goes_on_without_esda_and_says_so(script, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("PETA_BOUNDARIES", str(ROOT / "tests" / "data" / "district"))
    monkeypatch.setattr(script, "available", lambda: ([], ["esda"]))
    asked = [
        "--runs",
        "1",
        "--processes",
        "1",
        "--households",
        "600",
        "--permutations",
        "99",
        "--replicates",
        "99",
    ]
    asked += ["--house-replicates", "99", "--groups", "null", "stacked", "--keep", str(tmp_path / "runs.csv")]
    with pytest.raises(SystemExit) as ended:
        script.main([*asked, "--markdown"])
    said = capsys.readouterr()
    assert ended.value.code in {0, 1}
    assert "esda is not installed" in said.err
    assert "| default, stacked" not in said.out
    assert "| default, uneven, 5 % | kantong | 1 |" in said.out
    assert "1 runs a scenario" in said.out
    assert (tmp_path / "runs.csv").is_file()
