"""The command that compares two definitions of RTLH on a finished run."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from app import cli


def peta(*words: str | Path) -> Result:
    return CliRunner().invoke(cli.app, [str(word) for word in words])


def plain(result: Result) -> str:
    return " ".join((result.output + (result.stderr or "")).split())


def test_the_comparison_is_printed_and_written_by_desa(run_folder: Path, tmp_path: Path):
    out = tmp_path / "banding.csv"
    result = peta("compare", run_folder, "--rtlh", "bps_sdg", "--with", "sepakat", "--out", out)
    assert result.exit_code == 0, result.output
    told = plain(result)
    assert "Pertama: bps_sdg 2022." in told
    assert "Kedua: sepakat BDT." in told
    assert "berpindah sisi" in told
    assert "Desa dengan perpindahan terbanyak" in told
    table = pd.read_csv(out, sep=";", encoding="utf-8-sig")
    households = pd.read_parquet(run_folder / "households.parquet")
    assert table["rumah_tangga"].sum() == households["counts"].sum()
    cells = [name for name in table if "_lalu_" in name]
    assert len(cells) == 9
    assert (table[cells].sum(axis=1) == table["rumah_tangga"]).all()
    need = households.loc[households["counts"], "need_rtlh"].sum()
    assert table[[name for name in cells if name.startswith("rtlh_lalu")]].sum().sum() == need
    assert not list(tmp_path.glob(".*"))


def test_the_first_definition_is_that_of_the_run(run_folder: Path):
    result = peta("compare", run_folder, "--with", "permensos_20_2017")
    assert result.exit_code == 0, result.output
    assert "Pertama: bps_sdg 2022." in plain(result)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--with", "karangan"), "Definisi RTLH «karangan» tidak dikenal. Yang ada: bps_sdg, pupr_spm"),
        (("--rtlh", "karangan", "--with", "sepakat"), "«karangan» tidak dikenal"),
        (("--with", "bps_sdg"), "Kedua definisi sama"),
    ],
)
def test_definitions_that_cannot_be_compared_are_refused(run_folder: Path, words: tuple[str, ...], told: str):
    result = peta("compare", run_folder, *words)
    assert result.exit_code == 1
    assert told in plain(result)


def test_a_folder_without_a_run_is_refused(tmp_path: Path):
    result = peta("compare", tmp_path, "--with", "sepakat")
    assert result.exit_code == 1
    assert "Tidak ada hasil analisis" in plain(result)


def test_a_run_without_the_columns_is_refused(run_folder: Path, tmp_path: Path):
    shutil.copytree(
        run_folder, tmp_path / "hasil", ignore=shutil.ignore_patterns("geojson", "*.pdf", "*.html")
    )
    path = tmp_path / "hasil" / "households.parquet"
    pd.read_parquet(path).drop(columns="jenis_atap").to_parquet(path)
    result = peta("compare", tmp_path / "hasil", "--with", "sepakat")
    assert result.exit_code == 1
    assert "kolom yang ditanya definisi" in plain(result)


def test_a_file_that_cannot_be_written_is_told(run_folder: Path, tmp_path: Path):
    result = peta("compare", run_folder, "--with", "sepakat", "--out", tmp_path / "tidak_ada" / "banding.csv")
    assert result.exit_code == 1
    assert "tidak dapat ditulis" in plain(result)
