"""The command that chooses households anew on a finished run."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from app import cli
from app.target_cli import _amount, _cell
from geo.errors import SettingsError
from tests.geo.small import HOSTILE

PERSONAL = ("id_keluarga", "nik", "no_kk", "nama", "alamat", "dusun", "rt", "rw")


def peta(*words: str | Path) -> Result:
    return CliRunner().invoke(cli.app, [str(word) for word in words])


def plain(result: Result) -> str:
    return " ".join((result.output + (result.stderr or "")).split())


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, sep=";", decimal=",", encoding="utf-8-sig")


def test_the_choice_is_printed_and_written_without_a_name(run_folder: Path, tmp_path: Path):
    out = tmp_path / "pilihan.csv"
    before = (run_folder / "priorities.parquet").read_bytes()
    result = peta(
        "target", run_folder, "--number", "40", "--budget", "500.000.000", "--unit-cost", "rtlh=20000000",
        "--unit-cost", "jamban=5.000.000", "--quota", "zone:coastal:pesisir>=5", "--quota", "zone:coastal:luar<=80%",
        "--least-a-desa", "2", "--of", "rtlh", "--weight", "rtlh=5", "--weight", "desil=0,5", "--out", out,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    told = plain(result)
    assert "calon dipilih" in told
    assert "Kuota «Pesisir" in told
    assert "kokoh" in told
    assert "Pemerataan" in told
    table = read(out)
    households = pd.read_parquet(run_folder / "households.parquet")
    chosen = table[table["chosen"] == 1].merge(households, on="sheet_row", suffixes=("", "_there"))
    assert 0 < len(chosen) <= 40
    assert chosen["need_rtlh"].all()
    assert chosen["cost"].sum() <= 500e6
    assert (chosen["zone_coastal"] == "pesisir").sum() >= 5
    assert chosen["kode_desa"].value_counts().min() >= 2
    assert not {*PERSONAL} & {*table}
    assert table["rank"].tolist() == list(range(1, len(table) + 1))
    assert table["part_rtlh"].max() > 3
    assert {"score", "why", "rank_low", "rank_high", "top_share"} <= {*table}
    assert (run_folder / "priorities.parquet").read_bytes() == before
    assert not list(tmp_path.glob(".*"))


def test_without_a_wish_the_settings_of_the_run_hold(run_folder: Path, tmp_path: Path):
    result = peta("target", run_folder, "--out", tmp_path / "a.csv")
    assert result.exit_code == 0, result.output
    table, stored = read(tmp_path / "a.csv"), pd.read_parquet(run_folder / "priorities.parquet")
    assert table["sheet_row"].tolist() == stored["sheet_row"].tolist()
    assert table["score"].tolist() == pytest.approx(stored["score"].tolist(), abs=1e-5)
    assert table["chosen"].sum() == min(100, len(table))


def test_a_settings_file_stands_in_for_the_settings_of_the_run(run_folder: Path, tmp_path: Path):
    settings = tmp_path / "setelan.toml"
    settings.write_text('[targeting]\nrtlh = 0.0\n[selection]\nnumber = 7\nof = "jamban"\n', encoding="utf-8")
    result = peta("target", run_folder, "--settings", settings, "--out", tmp_path / "a.csv")
    assert result.exit_code == 0, result.output
    table = read(tmp_path / "a.csv")
    assert table["chosen"].sum() == 7
    assert (table["part_rtlh"] == 0).all()


def test_what_cannot_be_met_is_explained_and_nothing_is_written(run_folder: Path, tmp_path: Path):
    out = tmp_path / "a.csv"
    result = peta("target", run_folder, "--quota", "zone:coastal:pesisir>=5000", "--out", out)
    assert result.exit_code == 1
    assert not out.exists()
    assert "minta 5.000, yang memenuhi syarat hanya" in plain(result)
    assert "Pemerataan" not in plain(result)


def test_a_weight_on_health_keeps_score_and_parts_out_of_the_file(run_folder: Path, tmp_path: Path):
    result = peta("target", run_folder, "--weight", "disabilitas=2", "--out", tmp_path / "a.csv")
    assert result.exit_code == 0, result.output
    table = read(tmp_path / "a.csv")
    weighed = "need_disabilitas" in pd.read_parquet(run_folder / "households.parquet")
    assert ("score" in table) != weighed
    assert not [name for name in table if "disabilitas" in name]
    assert ("hanya untuk petugas" in plain(result)) == weighed


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--quota", "zone:laut:pesisir>=5"), "yang tidak ada. Yang ada: coastal"),
        (("--quota", "pesisir"), "tidak dimengerti"),
        (("--weight", "kaya=3"), "Bobot «kaya» tidak ada. Yang ada: rtlh, jamban"),
        (("--weight", "rtlh"), "Tulis seperti rtlh=3"),
        (("--weight", "rtlh=-1"), "bukan bilangan"),
        (("--budget", "banyak"), "bukan bilangan"),
        (("--budget", "5000000"), "tanpa biaya satuan"),
        (("--budget", "0", "--unit-cost", "rtlh=1"), "Nilai «0.0» untuk budget tidak boleh"),
        (("--unit-cost", "kucing=1"), "«kucing», yang tidak ada"),
        (("--of", "kucing"), "Nilai «kucing» untuk of tidak boleh. Yang ada: 'any', 'rtlh'"),
        (("--out", "tidak/ada/a.csv"), "tidak dapat ditulis"),
    ],
)
def test_what_cannot_be_asked_is_refused(run_folder: Path, words: tuple[str, ...], told: str):
    result = peta("target", run_folder, *words)
    assert result.exit_code == 1
    assert told in plain(result)


def test_a_folder_without_a_run_and_a_run_of_another_version_are_refused(run_folder: Path, tmp_path: Path):
    assert "Tidak ada hasil analisis" in plain(peta("target", tmp_path))
    folder = tmp_path / "hasil"
    shutil.copytree(run_folder, folder, ignore=shutil.ignore_patterns("geojson", "*.pdf", "*.html"))
    manifest = folder / "manifest.json"
    text = manifest.read_text(encoding="utf-8").replace('"weightings":', '"pembobotan":')
    manifest.write_text(text, encoding="utf-8")
    result = peta("target", folder)
    assert result.exit_code == 1
    assert "versi lain" in plain(result)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", HOSTILE, "\t=1", "\r=1", "  =1"])
def test_no_cell_is_taken_for_a_formula(text: str):
    cell = str(_cell(text))
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell.isprintable()


def test_amounts_are_read_as_people_write_them():
    assert [_amount(text, "--budget") for text in ("Rp 1.500.000.000", "1500000000")] == [1.5e9, 1.5e9]
    assert [_amount(text, "--weight") for text in ("0,5", "0.5", "3")] == [0.5, 0.5, 3.0]
    for text in ("", "1e9", "1.5.0", "nan", "-3", "1.0000,5", "١٢"):
        with pytest.raises(SettingsError):
            _amount(text, "--budget")
