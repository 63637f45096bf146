"""``peta visits``: a plan of a finished run as a CSV that names nobody."""

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from app import cli
from app.visits_cli import _TITLES
from geo.assessment import Assessment
from geo.privacy import PERSONAL


def peta(*words: object):
    return CliRunner().invoke(cli.app, [str(word) for word in words], prog_name="peta")


@pytest.fixture
def plan(run_folder: Path, tmp_path: Path) -> pd.DataFrame:
    out = tmp_path / "rencana.csv"
    result = peta("visits", run_folder, "--out", out, "--teams", "1", "--days", "2")
    assert result.exit_code == 0, result.output
    return pd.read_csv(out, sep=";", encoding="utf-8-sig")


def test_every_chosen_household_stands_in_the_plan_once(plan: pd.DataFrame, assessment: Assessment):
    chosen = assessment.priorities[assessment.priorities["chosen"].astype(bool)]
    assert sorted(plan["baris_lembar"]) == sorted(chosen["sheet_row"])
    visited = plan["tidak_dikunjungi_karena"].isna()
    assert 0 < visited.sum() < len(plan)
    assert plan.loc[visited, ["regu", "hari", "urutan"]].notna().all(axis=None)
    assert plan.loc[visited, "regu"].eq(1).all()
    assert plan.loc[visited, "hari"].between(1, 2).all()
    assert plan.loc[~visited, ["regu", "hari", "urutan"]].isna().all(axis=None)


def test_the_plan_names_nobody_and_no_position(plan: pd.DataFrame):
    assert [*plan.columns] == [*_TITLES.values()]
    assert not {*PERSONAL, "lon", "lat", "geometry"} & ({*plan.columns} | {*_TITLES})


def test_the_command_tells_what_the_plan_rests_on(run_folder: Path, tmp_path: Path):
    result = peta(
        "visits", run_folder, "--out", tmp_path / "a.csv", "--teams", "3", "--days", "1", "--minutes", "30"
    )
    assert result.exit_code == 0
    assert "30 menit tiap rumah" in result.output
    assert "Tempat mulai tidak diberikan" in result.output
    assert "3 regu, 1 hari" in result.output


def test_start_places_and_settings_are_taken(run_folder: Path, tmp_path: Path, assessment: Assessment):
    lon, lat = assessment.desa.geometry.iloc[0].representative_point().coords[0]
    start = f"{lon:.5f},{lat:.5f}"
    file = tmp_path / "setelan.toml"
    file.write_text("[visits]\nteams = 2\ndays = 1\nminutes_a_visit = 40\n", encoding="utf-8")
    words = (
        "visits",
        run_folder,
        "--out",
        tmp_path / "a.csv",
        "--settings",
        file,
        "--start",
        start,
        "--start",
        start,
    )
    result = peta(*words)
    assert result.exit_code == 0, result.output
    assert "Tempat mulai tidak diberikan" not in result.output
    assert "40 menit tiap rumah" in result.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--start", "sini"), "bujur,lintang"),
        (("--start", "-6.9,109.6"), "bujur,lintang"),
        (("--teams", "3", "--start", "109.6,-6.9", "--start", "109.7,-6.9"), "2 tempat mulai untuk 3 regu"),
        (("--minutes", "0"), "minutes_a_visit"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_in_one_line(run_folder: Path, tmp_path: Path, words, told):
    result = peta("visits", run_folder, "--out", tmp_path / "a.csv", *words)
    assert result.exit_code == 1
    (line,) = result.output.splitlines()
    assert line.startswith("Galat: ")
    assert told in line
    assert not (tmp_path / "a.csv").exists()


def test_a_folder_that_holds_no_run_or_a_broken_one_is_told(run_folder: Path, tmp_path: Path):
    none = peta("visits", tmp_path, "--out", tmp_path / "a.csv")
    assert none.exit_code == 1
    assert "Tidak ada hasil analisis" in none.output
    broken = tmp_path / "rusak"
    broken.mkdir()
    (broken / "manifest.json").write_bytes((run_folder / "manifest.json").read_bytes())
    told = peta("visits", broken, "--out", tmp_path / "a.csv")
    assert told.exit_code == 1
    assert "tidak lengkap atau rusak" in told.output
    lost = peta("visits", run_folder, "--out", tmp_path / "tiada" / "a.csv")
    assert lost.exit_code == 1
    assert "folder" in lost.output


def test_a_run_made_with_a_router_or_heights_says_that_they_are_not_used(run_folder: Path, tmp_path: Path):
    other = tmp_path / "hasil"
    other.mkdir()
    for name in ("priorities", "households", "desa"):
        (other / f"{name}.parquet").symlink_to(run_folder / f"{name}.parquet")
    manifest = json.loads((run_folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["facts"]["settings"]["visits"] |= {"router": True, "dem": "tinggi.tif"}
    (other / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    result = peta("visits", other, "--out", tmp_path / "a.csv")
    assert result.exit_code == 0, result.output
    assert "beri --settings" in result.output


def test_a_name_that_a_spreadsheet_takes_for_a_formula_stays_text(run_folder: Path, tmp_path: Path):
    other = tmp_path / "hasil"
    other.mkdir()
    for name in ("households", "desa"):
        (other / f"{name}.parquet").symlink_to(run_folder / f"{name}.parquet")
    (other / "manifest.json").symlink_to(run_folder / "manifest.json")
    table = pd.read_parquet(run_folder / "priorities.parquet")
    table["nama_desa"] = "=1+1"
    table.to_parquet(other / "priorities.parquet")
    assert peta("visits", other, "--out", tmp_path / "a.csv").exit_code == 0
    text = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert ";'=1+1;" in text
    assert ";=1+1" not in text
