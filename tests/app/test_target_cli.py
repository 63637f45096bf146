"""The command that chooses households anew on a finished run."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from app import cli
from app.csv_output import inert
from app.wishes import amount
from geo.errors import SettingsError
from geo.layers import LAYERS
from geo.settings import TargetingSettings
from geo.target_groups import read_groups
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
    chosen = table[table["dipilih"] == "ya"].merge(
        households, left_on="baris_lembar", right_on="sheet_row", suffixes=("", "_there")
    )
    assert 0 < len(chosen) <= 40
    assert chosen["need_rtlh"].all()
    assert chosen["biaya"].sum() <= 500e6
    assert (chosen["zone_coastal"] == "pesisir").sum() >= 5
    assert chosen["kode_desa"].value_counts().min() >= 2
    assert not {*PERSONAL} & {*table}
    assert table["peringkat"].tolist() == list(range(1, len(table) + 1))
    assert table["skor_rtlh"].max() > 3
    assert {"skor", "alasan", "rentang_peringkat_dari", "rentang_peringkat_sampai", "sering_teratas"} <= {
        *table
    }
    assert table.loc[table["dipilih"] == "tidak", "biaya"].isna().all()
    assert (run_folder / "priorities.parquet").read_bytes() == before
    assert not list(tmp_path.glob(".*"))


def test_without_a_wish_the_settings_of_the_run_hold(run_folder: Path, tmp_path: Path):
    result = peta("target", run_folder, "--out", tmp_path / "a.csv")
    assert result.exit_code == 0, result.output
    table, stored = read(tmp_path / "a.csv"), pd.read_parquet(run_folder / "priorities.parquet")
    assert table["baris_lembar"].tolist() == stored["sheet_row"].tolist()
    assert table["biaya"].isna().all()
    assert table["skor"].tolist() == pytest.approx(stored["score"].tolist(), abs=1e-5)
    assert (table["dipilih"] == "ya").sum() == min(100, len(table))


def test_a_settings_file_stands_in_for_the_settings_of_the_run(run_folder: Path, tmp_path: Path):
    settings = tmp_path / "setelan.toml"
    settings.write_text('[targeting]\nrtlh = 0.0\n[selection]\nnumber = 7\nof = "jamban"\n', encoding="utf-8")
    result = peta("target", run_folder, "--settings", settings, "--out", tmp_path / "a.csv")
    assert result.exit_code == 0, result.output
    table = read(tmp_path / "a.csv")
    assert (table["dipilih"] == "ya").sum() == 7
    assert (table["skor_rtlh"] == 0).all()


def test_what_cannot_be_met_is_explained_and_nothing_is_written(run_folder: Path, tmp_path: Path):
    out = tmp_path / "a.csv"
    result = peta("target", run_folder, "--quota", "zone:coastal:pesisir>=5000", "--out", out)
    assert result.exit_code == 1
    assert not out.exists()
    assert "minta 5.000, yang memenuhi syarat hanya" in plain(result)
    assert "Pemerataan" not in plain(result)


def test_a_weight_on_health_keeps_what_tells_it_out_of_the_file(run_folder: Path, tmp_path: Path):
    out = tmp_path / "a.csv"
    assert "need_disabilitas" in pd.read_parquet(run_folder / "households.parquet")
    result = peta("target", run_folder, "--weight", "disabilitas=2", "--out", out)
    assert result.exit_code == 0, result.output
    table = read(out)
    assert [*table] == [
        "baris_lembar",
        "kode_desa",
        "desa",
        "kecamatan",
        "alasan",
        "ada_titik",
        "dipilih",
        "biaya",
    ]
    assert table["baris_lembar"].is_monotonic_increasing
    assert "hanya dapat dibaca pemiliknya" in plain(result)
    assert out.stat().st_mode & 0o077 == 0


def test_a_list_without_a_weight_on_health_is_an_ordinary_file(run_folder: Path, tmp_path: Path):
    out, other = tmp_path / "a.csv", tmp_path / "b.csv"
    other.touch()
    assert "pemiliknya" not in plain(peta("target", run_folder, "--out", out))
    assert out.stat().st_mode == other.stat().st_mode


def test_the_run_that_is_taken_of_several_is_named(run_folder: Path):
    assert f"yang terbaru: {run_folder}" in plain(peta("target", run_folder.parent)).replace(" /", " /")
    assert "yang terbaru" not in plain(peta("target", run_folder))


def test_nothing_is_told_before_the_place_of_the_file_is_known_to_take_it(run_folder: Path, tmp_path: Path):
    for out in (tmp_path / "tiada" / "a.csv", tmp_path):
        result = peta("target", run_folder, "--out", out)
        assert result.exit_code == 1
        assert "calon dipilih" not in plain(result)
        assert "tidak dapat ditulis" in plain(result)


def test_the_help_names_every_weight_need_zone_and_group():
    told = plain(peta("target", "--help"))
    words = {*TargetingSettings.model_fields} - {"weightings", "spread"}
    words |= {f"{layer.id}:{zone}" for layer in LAYERS.values() for zone in layer.titles}
    words |= {group.id for group in read_groups("kelompok_sasaran").groups}
    assert not [word for word in words if word not in told]


def test_indonesian_words_of_a_quota_are_taken(run_folder: Path):
    result = peta(
        "target", run_folder, "--quota", "zona:coastal:pesisir>=5", "--quota", "kelompok:pesisir>=1"
    )
    assert result.exit_code == 0, result.output
    assert ") (" not in plain(result).split("Pemerataan")[0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--quota", "zone:laut:pesisir>=5"), "yang tidak ada. Yang ada: coastal"),
        (("--quota", "pesisir"), "tidak dimengerti"),
        (("--weight", "kaya=3"), "Bobot «kaya» tidak ada. Yang ada: rtlh, jamban"),
        (("--quota", "zona:coastal:dara>=5"), "zona pada lapisan coastal «dara», yang tidak ada"),
        (("--weight", "rtlh"), "Tulis seperti rtlh=3"),
        (("--weight", "rtlh=-1"), "--weight rtlh «-1» paling kecil 0."),
        (("--budget", "-5"), "--budget «-5» harus lebih dari 0."),
        (("--budget", "banyak"), "bukan bilangan"),
        (("--budget", "5000000"), "tanpa biaya satuan. Sebut biaya tiap kebutuhan: --unit-cost"),
        (("--budget", "0", "--unit-cost", "rtlh=1"), "--budget «0» harus lebih dari 0."),
        (("--unit-cost", "kucing=1"), "«kucing», yang tidak ada"),
        (("--of", "kucing"), "--of «kucing» harus salah satu dari rtlh, jamban, jamban_sendiri atau babs."),
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
    cell = inert(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell.isprintable()


def test_amounts_are_read_as_people_write_them():
    assert [amount(text, "--budget") for text in ("Rp 1.500.000.000", "1500000000")] == [1.5e9, 1.5e9]
    assert [amount(text, "--weight") for text in ("0,5", "0.5", "3")] == [0.5, 0.5, 3.0]
    for text in ("", "1e9", "1.5.0", "nan", "--3", "1.0000,5", "١٢"):
        with pytest.raises(SettingsError):
            amount(text, "--budget")
