"""The whole evaluation on the small district: sheets made, read, geocoded, tallied."""

import importlib.util
import sys
from pathlib import Path

import pandas as pd
import pytest

from geo.boundaries import Boundaries
from geo.evaluation import OUTCOMES, evaluate, kind_names, kind_table, missed_goals, summary
from geo.evaluation.sheets import Style, write_sheet
from geo.settings import Settings
from geo.spreadsheet import read_table

SCRIPT = Path(__file__).parents[3] / "scripts" / "evaluate_geocoding.py"
KINDS = [
    "names.capitals",
    "names.doubled_name",
    "positions.plain",
    "positions.swapped",
    "kabupaten.other_kabupaten",
    "mix",
]


@pytest.fixture(scope="module")
def rows(district: Boundaries, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    folder = tmp_path_factory.mktemp("lembar")
    found = evaluate(district, Settings(), folder, households=120, seed=7, kinds=KINDS)
    return found.assign(ground="small")


def test_every_row_has_one_outcome_and_one_class(rows):
    assert rows["outcome"].isin(OUTCOMES).all()
    assert rows["class"].isin(["resolvable", "open", "unsure"]).all()
    assert set(rows["kind"]) == set(KINDS)
    assert kind_table(rows, ["small"]).loc[KINDS].to_numpy().sum() == len(rows)


def test_what_cannot_go_wrong_does_not(rows):
    capitals = rows[(rows["kind"] == "names.capitals") & (rows["strength"] == 1)]
    assert (capitals["outcome"] == "right").all()
    plain = rows[rows["kind"] == "positions.plain"]
    assert (plain["point_outcome"] == "kept").mean() > 0.9


def test_what_must_not_be_assigned_is_not(rows):
    unsure = rows[rows["kind"].isin(["names.doubled_name", "kabupaten.other_kabupaten"])]
    assert not unsure["outcome"].isin(["right", "wrong"]).any()


def figures_of(classes: list[str], outcomes: list[str]) -> pd.DataFrame:
    rows = pd.DataFrame({"class": classes, "outcome": outcomes, "point_outcome": "", "kind": "mix"})
    return summary(rows.assign(strength=1, ground="small"))


def test_goals_are_missed_when_they_are():
    assert missed_goals(figures_of(["resolvable"] * 100, ["right"] * 100)) == []
    assert "99.8" in missed_goals(figures_of(["resolvable"] * 100, ["right"] * 99 + ["wrong"]))[0]
    assert "97.0" in missed_goals(figures_of(["resolvable"] * 100, ["right"] * 96 + ["queued"] * 4))[0]
    assert "ambiguous" in missed_goals(figures_of(["unsure", *["resolvable"] * 99], ["right"] * 100))[0]


@pytest.mark.parametrize(
    "style", [Style("semicolon"), Style("comma", 1, titles=True), Style("xlsx", 2, ", ", titles=True)]
)
def test_the_row_numbers_are_those_of_the_sheet(style, tmp_path):
    draft = pd.DataFrame(
        dict.fromkeys(("alamat", "dusun", "rt", "rw", "rt_rw", "kabupaten", "kode", "koordinat"), [""] * 3)
    )
    draft = draft.assign(
        desa=["A", "B", "C"], kecamatan="K", lintang=["-6.5", "", "1"], bujur=["109.5", "", "2"]
    )
    path, sheet_row = write_sheet(draft, tmp_path / "lembar", style)
    table = read_table(path, lambda headings: sum("desa" in heading.lower() for heading in headings))
    assert [int(number) for number in table.sheet_row] == sheet_row.tolist()


def test_the_script_prints_both_tables_and_fails_when_goals_are_missed(monkeypatch, capsys, tmp_path):
    spec = importlib.util.spec_from_file_location("evaluate_geocoding", SCRIPT)
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    monkeypatch.setenv("PETA_BOUNDARIES", str(Path(__file__).parents[2] / "data" / "district"))
    asked = ["--households", "60", "--kinds", "names.prefix", "--markdown", "--keep", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", ["evaluate_geocoding.py", *asked])
    script.main()
    assert "| names.prefix |" in capsys.readouterr().out
    assert (tmp_path / "wrong_rows.csv").is_file()
    assert "mix" in kind_names()
