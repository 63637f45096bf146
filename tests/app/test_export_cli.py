"""Hand-overs from the command line: shown, decided, recorded and written; and the test of what is masked."""

import hashlib
import shutil
import zipfile
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from app import cli
from app.jobs import packages
from app.jobs.packages import package_path, today
from app.records import open_records
from app.records.tables import Entry, Handover, HouseholdList, Job, Member
from app.secrets_file import FILE
from app.settings import STATE, WebSettings
from geo.privacy import linkage as attacks
from geo.privacy.linkage import LinkageReport
from geo.privacy.linkage.report import by_none


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PETA_DATABASE", raising=False)
    return tmp_path / "catatan"


@pytest.fixture
def peta(run_folder: Path, state: Path):
    def run(*words: object, said: str = "", who: str = "dinkes") -> Result:
        told = [
            "export",
            str(run_folder),
            "--for",
            who,
            "--state",
            str(state),
            "--new-state",
            *(str(word) for word in words),
        ]
        return CliRunner().invoke(cli.app, told, env={"COLUMNS": "500"}, input=said)

    return run


def kept(state: Path, table: type) -> list:
    records = open_records(WebSettings(state=state).database_url)
    with records.session() as session:
        found = list(session.scalars(select(table).order_by(table.id)))
    records.close()
    return found


def test_a_hand_over_is_shown_written_and_recorded(peta, state: Path, tmp_path: Path, run_folder: Path):
    out = tmp_path / "dinkes.zip"
    result = peta("--out", out, "--format", "csv, geojson", "--until", today() + timedelta(days=9), "--yes")
    assert result.exit_code == 0, result.output
    for words in (
        "Untuk Dinas Kesehatan",
        "Rumah tangga:",
        "tangga_jamban",
        "tidak ikut:",
        "Keperluan: Pemicuan",
    ):
        assert words in result.output
    (held,) = kept(state, Handover)
    assert (held.kind, held.recipient, held.level, held.by) == ("berkas", "dinkes", "opd", "peladen")
    assert (held.run, held.formats, held.until) == (
        run_folder.name,
        ["geojson", "csv"],
        today() + timedelta(days=9),
    )
    assert held.sha256 == hashlib.sha256(out.read_bytes()).hexdigest()
    assert held.sha256 in result.output
    assert out.stat().st_mode & 0o077 == 0
    assert package_path(WebSettings(state=state), held).read_bytes() == out.read_bytes()
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        (table,) = [name for name in archive.namelist() if name.endswith("rumah_tangga.csv")]
        rows = pd.read_csv(archive.open(table))
    assert len(rows) == held.households == held.told["rows"]["rumah_tangga"]
    assert [(line.user, line.action, line.households) for line in kept(state, Entry)] == [
        ("peladen", "bagikan", held.households),
        ("peladen", "ambil", held.households),
    ]
    assert all(line.reason == held.purpose for line in kept(state, Entry))
    (job,) = kept(state, Job)
    assert (held.job_id, job.state) == (job.id, "selesai")


def test_a_preview_writes_nothing_at_all(peta, state: Path, tmp_path: Path):
    before = sorted(tmp_path.rglob("*"))
    result = peta("--preview")
    assert result.exit_code == 0, result.output
    assert "Rumah tangga:" in result.output
    assert "tidak menulis" in result.output or "tidak ada yang ditulis" in result.output
    assert sorted(tmp_path.rglob("*")) == before
    assert not state.exists()


def exported(runs: Path, *words: object) -> Result:
    told = ["export", runs, "--for", "dinkes", "--format", "csv", "--yes", *words]
    return CliRunner().invoke(cli.app, [str(word) for word in told], env={"COLUMNS": "2000"})


def test_keys_are_not_made_in_a_folder_that_was_named_by_mistake(
    state: Path, tmp_path: Path, run_folder: Path
):
    out = tmp_path / "a.zip"
    for level in ("opd", "terbatas", "publik"):
        result = exported(run_folder, "--out", out, "--state", state, "--level", level)
        assert result.exit_code == 1
        assert "belum ada kunci samaran" in result.output
        assert str(state) in result.output
    assert not out.exists()
    assert not state.exists()
    result = exported(run_folder, "--out", out, "--state", state, "--level", "publik", "--new-state")
    assert result.exit_code == 0, result.output
    assert f"baru dibuat di {state}" in result.output
    kept = (state / FILE).read_bytes()
    result = exported(run_folder, "--out", out, "--state", state, "--level", "publik")
    assert result.exit_code == 0, result.output
    assert f"Catatan dan kunci samaran: {state}" in result.output
    assert (state / FILE).read_bytes() == kept


def test_the_first_of_a_run_makes_its_own_records_and_says_so(
    tmp_path: Path, run_folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("PETA_DATABASE", raising=False)
    monkeypatch.delenv("PETA_STATE", raising=False)
    runs = tmp_path / "hasil"
    shutil.copytree(run_folder, runs / "2026-1")
    result = exported(runs, "--out", tmp_path / "a.zip", "--level", "publik")
    assert result.exit_code == 0, result.output
    assert f"baru dibuat di {runs / STATE}" in result.output
    assert (runs / STATE / FILE).is_file()


def test_a_preview_makes_no_keys_where_there_are_records(peta, state: Path):
    state.mkdir()
    result = peta("--preview")
    assert result.exit_code == 0, result.output
    assert not (state / FILE).exists()


def test_without_a_yes_nothing_leaves(peta, state: Path, tmp_path: Path):
    result = peta("--out", tmp_path / "a.zip", said="tidak\n")
    assert result.exit_code == 1
    assert "Tidak ada yang keluar" in result.output
    assert not (tmp_path / "a.zip").exists()
    assert not kept(state, Handover)
    assert not kept(state, Entry)


def test_a_yes_lets_it_leave(peta, state: Path, tmp_path: Path):
    result = peta("--out", tmp_path / "a.zip", "--level", "publik", "--format", "csv", said="ya\n")
    assert result.exit_code == 0, result.output
    assert kept(state, Handover)[0].level == "publik"
    assert "rumah_tangga" not in kept(state, Handover)[0].told["rows"]


def test_an_area_is_all_that_leaves(peta, state: Path, tmp_path: Path, run_folder: Path):
    desa = pd.read_parquet(run_folder / "desa.parquet", columns=["kode_desa", "kode_kecamatan"])
    one = desa["kode_desa"].iloc[0]
    out = tmp_path / "a.zip"
    result = peta("--out", out, "--desa", one, "--format", "csv", "--yes")
    assert result.exit_code == 0, result.output
    assert kept(state, Handover)[0].desa == [one]
    with zipfile.ZipFile(out) as archive:
        (table,) = [name for name in archive.namelist() if name.endswith("rumah_tangga.csv")]
        assert set(pd.read_csv(archive.open(table), dtype="str")["kode_desa"]) <= {one}
    kecamatan = desa["kode_kecamatan"].iloc[0]
    result = peta("--out", out, "--kecamatan", kecamatan, "--format", "csv", "--yes")
    assert sorted(kept(state, Handover)[1].desa) == sorted(
        desa.loc[desa["kode_kecamatan"] == kecamatan, "kode_desa"]
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--purpose", "data"], "Sebut keperluannya dengan jelas"),
        (["--until", "2001-01-01"], "Pembagian berakhir antara"),
        (["--until", (today() + timedelta(days=400)).isoformat()], "paling lama 90 hari"),
        (["--until", "besok"], "Tulis tanggal"),
        (["--level", "petugas"], "paling tinggi tingkat opd"),
        (["--level", "rahasia"], "Pilih tingkatnya"),
        (["--format", "dwg"], "Bentuk berkas itu tidak dikenal"),
        (["--desa", "99.99.99.9999"], "tidak memuat salah satu wilayah"),
    ],
)
def test_what_is_not_allowed_is_one_line_and_no_record(peta, state: Path, tmp_path: Path, words, told):
    result = peta("--out", tmp_path / "a.zip", "--yes", *words)
    assert result.exit_code == 1
    assert told in result.output
    assert not (tmp_path / "a.zip").exists()
    assert not kept(state, Handover)


def test_an_unknown_recipient_is_told_with_those_there_are(peta, tmp_path: Path):
    result = peta("--out", tmp_path / "a.zip", "--yes", who="siapa")
    assert result.exit_code == 1
    assert "dinkes" in result.output


def test_out_or_preview_must_be_said(peta):
    result = peta("--yes")
    assert result.exit_code == 1
    assert "--out BERKAS.zip" in result.output


def test_a_place_that_takes_no_file_is_told_before_anything_is_recorded(peta, state: Path, tmp_path: Path):
    result = peta("--out", tmp_path / "tidak" / "a.zip", "--yes")
    assert result.exit_code == 1
    assert "tidak dapat ditulis" in result.output
    assert not kept(state, Handover)


def test_names_leave_for_a_saved_list(peta, state: Path, tmp_path: Path, run_folder: Path):
    persons = pd.read_parquet(run_folder / "households.parquet", columns=["sheet_row", "nama", "counts"])
    rows = persons.loc[persons["counts"], "sheet_row"].head(7).tolist()
    records = open_records(WebSettings(state=state).database_url)
    with records.session() as session:
        session.add(HouseholdList(id=5, name="Kunjungan Mei", run=run_folder.name, by="sari"))
        session.flush()
        session.add_all([Member(list_id=5, sheet_row=row) for row in rows])
    records.close()
    out = tmp_path / "a.zip"
    refused = peta("--out", out, "--yes", who="petugas")
    assert "satu daftar kunjungan" in refused.output
    result = peta("--out", out, "--list", 5, "--format", "csv", "--yes", who="petugas")
    assert result.exit_code == 0, result.output
    first = str(persons.set_index("sheet_row").loc[rows[0], "nama"])
    assert first not in result.output
    with zipfile.ZipFile(out) as archive:
        (table,) = [name for name in archive.namelist() if "/data/" in name]
        written = archive.read(table).decode()
    assert "RAHASIA" in table
    assert first in written
    assert kept(state, Handover)[0].households == len(rows)


def test_what_fails_in_the_middle_stands_as_failed_and_leaves_no_file(
    peta, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(packages, "make_package", broken)
    result = peta("--out", tmp_path / "a.zip", "--yes")
    assert result.exit_code == 130
    assert not (tmp_path / "a.zip").exists()
    (held,) = kept(state, Handover)
    assert (held.made_at, held.job_id) == (None, None)
    assert [line.action for line in kept(state, Entry)] == ["bagikan"]


def test_the_linkage_test_tells_both_levels_and_passes(run_folder: Path):
    result = CliRunner().invoke(cli.app, ["linkage", str(run_folder)], env={"COLUMNS": "500"})
    assert result.exit_code == 0, result.output
    assert result.output.count("Uji keterkaitan:") == 2
    assert "TIDAK LULUS" not in result.output


def test_an_attack_that_succeeds_ends_with_a_fault(run_folder: Path, monkeypatch: pytest.MonkeyPatch):
    import app.sharing.linkage as test_of  # noqa: PLC0415

    assert test_of.link is attacks.link
    monkeypatch.setattr(test_of, "link", lambda *_, **__: LinkageReport("Coba", (by_none("tebakan", 9, 3),)))
    result = CliRunner().invoke(cli.app, ["linkage", str(run_folder)], env={"COLUMNS": "500"})
    assert result.exit_code == 1
    assert "TIDAK LULUS" in result.output
