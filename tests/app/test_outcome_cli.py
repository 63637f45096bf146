"""Outcomes from the command line: by sheet and number, and from a table."""

import json
import re
import shutil
from datetime import timedelta
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from app import cli
from app.household_keys import KeyStore
from app.records import open_records
from app.records.tables import Entry, Handover, Outcome, now
from app.secrets_file import read_secrets
from app.settings import WebSettings
from app.visiting.by_sheet import mark_of
from geo.privacy.pseudonyms import pseudonyms
from geo.sheet_ids import SheetId


@pytest.fixture(scope="module")
def table(run_folder: Path) -> gpd.GeoDataFrame:
    """Return the households that bear a number."""
    table = gpd.read_parquet(run_folder / "households.parquet")
    return table[table["house_number"].notna()]


@pytest.fixture(scope="module")
def printed(run_folder: Path, table: gpd.GeoDataFrame) -> SheetId:
    """Return a sheet of the desa with most households."""
    return SheetId(table["kode_desa"].mode()[0], 2, mark_of(run_folder))


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PETA_DATABASE", raising=False)
    return tmp_path / "catatan"


@pytest.fixture
def peta(run_folder: Path, state: Path):
    def run(*words: object, runs: Path = run_folder) -> Result:
        said = [str(word) for word in words]
        return CliRunner().invoke(
            cli.app, ["outcome", *said, "--runs", str(runs), "--state", str(state)], env={"COLUMNS": "500"}
        )

    return run


def outcomes(state: Path) -> list[Outcome]:
    records = open_records(WebSettings(state=state).database_url)
    with records.session() as session:
        found = list(session.scalars(select(Outcome).order_by(Outcome.id)))
    records.close()
    return found


def test_one_line_tells_the_house_and_nobody(peta, state: Path, printed: SheetId, table: gpd.GeoDataFrame):
    house = table[(table["kode_desa"] == printed.kode_desa) & (table["house_number"] == 3)].iloc[0]
    result = peta(str(printed).lower(), "03", "tidak", "ditemukan", "--date", "")
    assert result.exit_code == 0, result.output
    line = result.stdout.strip()
    assert "\n" not in line
    assert line.startswith(f"{house['nama_desa']} nomor 3")
    assert "Tidak ditemukan" in line
    assert not any(
        str(house[name]) in result.output for name in ("nama", "nik", "no_kk") if pd.notna(house[name])
    )
    (entry,) = outcomes(state)
    assert (entry.sheet_row, entry.kode_desa, entry.outcome, entry.by) == (
        house["sheet_row"],
        printed.kode_desa,
        "tidak_ditemukan",
        "peladen",
    )
    assert entry.key_name or entry.key_nik or entry.key_kk or entry.key_id
    records = open_records(WebSettings(state=state).database_url)
    with records.session() as session:
        assert session.scalars(select(Entry.action).where(Entry.user == "peladen")).all() == ["hasil"]
    records.close()


def test_an_account_enters_within_its_desa_alone(peta, state: Path, printed: SheetId, run_folder: Path):
    def add(name: str, *words: str) -> None:
        words = ("user", "add", name, *words, "--runs", str(run_folder), "--state", str(state))
        assert CliRunner().invoke(cli.app, list(words)).exit_code == 0

    add("budi", "--role", "petugas", "--desa", printed.kode_desa)
    add("sari", "--role", "petugas", "--desa", "11.11.11.2001")
    add("bos", "--role", "pimpinan")
    assert peta(printed, 1, "selesai", "--by", "budi").exit_code == 0
    assert "bukan wilayah tugas" in peta(printed, 1, "selesai", "--by", "sari").output
    assert "tidak untuk mencatat" in peta(printed, 1, "selesai", "--by", "bos").output
    assert "tidak ada" in peta(printed, 1, "selesai", "--by", "tiada").output
    assert [one.by for one in outcomes(state)] == ["budi"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("{sheet}", "1"), "Sebut lembar, nomor"),
        (("{sheet}", "1", "selesai", "--csv", "x.csv"), "di dalam berkasnya"),
        (("{sheet}", "99999", "selesai"), "nomornya 1 sampai"),
        (("{sheet}", "satu", "selesai"), "bilangan"),
        (("{sheet}", "1", "s"), "Tulis lebih panjang"),
        (("{sheet}", "1", "hilang"), "Hasil tidak dikenal"),
        (("{sheet}", "1", "selesai", "--date", "2019-01-01"), "setahun terakhir"),
        (("{sheet}", "1", "selesai", "--date", "31/2/2026"), "tidak dapat dibaca"),
        (("apa saja", "1", "selesai"), "Kode lembar"),
        (("11.11.11.2001-00000", "1", "selesai"), "Tidak ada hasil bertanda 00000"),
        (("--csv", "tiada.csv"), "tiada.csv"),
    ],
)
def test_what_cannot_be_is_one_clear_line(
    peta, state: Path, printed: SheetId, words: tuple[str, ...], said: str
):
    result = peta(*(word.replace("{sheet}", str(printed)) for word in words))
    assert result.exit_code == 1
    assert [line for line in result.output.splitlines() if line.startswith("Galat: ") and said in line]
    assert outcomes(state) == []


def test_a_table_is_entered_once_and_its_faults_are_told(peta, state: Path, printed: SheetId, tmp_path: Path):
    file = tmp_path / "isi.csv"
    rows = [
        f"{printed};1;;x;selesai;;",
        f"{printed};2;;x;;;",
        f"{printed};3;;x;apa;;",
        f"{printed};4;;x;pindah;;jauh",
    ]
    file.write_text(
        "lembar;nomor;petak;kode_desa;hasil;tanggal;catatan\n" + "\n".join(rows), encoding="utf-8-sig"
    )
    result = peta("--csv", file)
    assert result.exit_code == 1
    assert re.search(r"^Baris 4: Hasil tidak dikenal", result.stderr, re.MULTILINE)
    assert result.stdout == "2 hasil dicatat; 1 baris belum diisi; 1 baris keliru dan tidak ditulis.\n"
    file.write_text(file.read_text(encoding="utf-8-sig").replace("apa", "menolak"), encoding="utf-8")
    result = peta("--csv", file)
    assert (result.exit_code, result.stdout) == (
        0,
        "1 hasil dicatat; 2 sudah tercatat; 1 baris belum diisi.\n",
    )
    assert [one.outcome for one in outcomes(state)] == ["selesai", "pindah", "menolak"]


def test_a_run_without_numbers_says_what_to_do(peta, run_folder: Path, printed: SheetId, tmp_path: Path):
    old = shutil.copytree(run_folder, tmp_path / "hasil" / "lama")
    households = gpd.read_parquet(old / "households.parquet").drop(columns="house_number")
    households.to_parquet(old / "households.parquet", index=False)
    result = peta(printed, 1, "selesai", runs=tmp_path / "hasil")
    assert result.exit_code == 1
    assert "peta assess" in result.output
    assert "tidak ada" in peta(printed, 1, "selesai", runs=tmp_path / "tiada").output


def test_what_an_agency_returns_is_checked_and_entered_once(
    peta, state: Path, run_folder: Path, tmp_path: Path
):
    records = open_records(WebSettings(state=state).database_url)
    made = json.loads((run_folder / "manifest.json").read_text(encoding="utf-8"))["created"]
    with records.session() as session:
        session.add(Handover(
            kind="berkas", recipient="dinkes", recipient_name="Dinas Kesehatan", purpose="uji", level="opd",
            run=run_folder.name, run_created=made, by="peri", at=now() - timedelta(days=9), until=now().date(),
        ))  # fmt: skip
    records.close()
    secret = read_secrets(state).households
    names = pseudonyms(KeyStore(state, secret).of(run_folder), secret, "dinkes", run_folder.name)
    day = (now().astimezone().date() - timedelta(days=2)).isoformat()
    file = tmp_path / "dari dinkes.csv"
    lines = [f"{names.iloc[0]};Sudah dibangun;{day}", f"{names.iloc[1]};batal;{day}", f"{names.iloc[2]};;"]
    file.write_text("\n".join(("id;hasil;tanggal", *lines)), encoding="utf-8")
    told = ("--from-opd", file, "--for", "dinkes")

    result = peta(*told, "--check")
    assert (result.exit_code, "1 hasil akan dicatat. Belum ada yang ditulis." in result.stdout) == (0, True)
    assert outcomes(state) == []
    for said in (
        "1 hasil dari Dinas Kesehatan dicatat;",
        "0 hasil dari Dinas Kesehatan dicatat; 1 sudah tercatat;",
    ):
        result = peta(*told)
        assert result.exit_code == 1
        assert result.stdout.startswith(said)
        assert "1 baris belum diisi; 1 baris tidak ditulis." in result.stdout
        assert "Kata hasil tidak dikenal: baris 3." in result.stderr
    (entry,) = outcomes(state)
    assert (entry.sheet_row, entry.outcome, entry.by) == (names.index[0], "sudah_diperbaiki", "peladen")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "sebut instansinya"),
        (("--for", "dinkes", "--note", "x"), "sebut instansinya"),
        (("--for", "dinkes"), "Tidak ada pembagian"),
        (("--for", "dinkes", "--handover", "7"), "tidak ada"),
        (("--for", "dinkes", "--take", "kata"), "tidak dapat dipilih"),
    ],
)
def test_what_an_agency_returns_needs_a_hand_over(peta, tmp_path: Path, words: tuple[str, ...], said: str):
    (tmp_path / "a.csv").write_text("id;hasil\nx;pindah\n", encoding="utf-8")
    result = peta("--from-opd", tmp_path / "a.csv", *words)
    assert result.exit_code == 1
    assert said in result.stderr
