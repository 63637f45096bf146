"""The commands about places in doubt, from the sheet to the next run."""

import csv
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from app import cli
from geo.review.decisions import read_decisions
from geo.runs import read_manifest
from tests.app.doubtful import lay_out

HOSTILE = "=HYPERLINK(1)\x1b[2J\u202e[red]"


def peta(*words: str | Path) -> Result:
    return CliRunner().invoke(cli.app, [str(word) for word in words])


def assess(folder: Path) -> Path:
    """Assess the sheet in the folder, tables only."""
    result = peta("assess", folder / "lembar.csv", "--out", folder / "hasil", "--outputs", "")
    assert result.exit_code == 0, result.output
    return folder / "hasil"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a district of its own and a sheet."""
    lay_out(tmp_path, strange=HOSTILE)
    monkeypatch.setenv("PETA_BOUNDARIES", str(tmp_path / "batas"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("PETA_DECISIONS", raising=False)
    return tmp_path


def items(run: Path) -> dict[str, str]:
    queue = pd.read_parquet(run / "review.parquet")
    return {desa: item for desa, item in zip(queue["desa"], queue["item"], strict=True) if "[" not in desa}


def test_from_the_queue_to_the_next_run_and_back(folder: Path):
    run = assess(folder)
    listed = peta("review", "list", run)
    assert listed.exit_code == 0, listed.output
    assert "Bukit Jaya" in listed.output
    assert "3 butir tentang 4 baris" in listed.output
    assert max(map(len, listed.output.splitlines())) <= 80
    assert "RAHASIA" not in listed.output
    item = items(run)["Sumber Makmur"]
    done = peta("review", "accept", run, item, "2", "--why", "menurut peta desa", "--who", "Petugas")
    assert done.exit_code == 0, done.output
    assert "dihitung di 99.01.02.2001; 2 baris" in done.output
    assert "peta assess lagi" in done.output
    kept = read_decisions(folder / "batas" / "keputusan.jsonl")[item]
    assert (kept.who, kept.why, kept.kode_desa) == ("Petugas", "menurut peta desa", "99.01.02.2001")
    assert item not in peta("review", "list", run).output
    assert "diputuskan: 99.01.02.2001" in peta("review", "list", run, "--all").output

    run = assess(folder)
    houses = pd.read_parquet(run / "households.parquet", columns=["kode_desa", "location_method"])
    assert houses["kode_desa"].tolist()[:2] == ["99.01.02.2001"] * 2
    facts = read_manifest(run)["facts"]
    assert facts["review"] | {"kinds": {}} == {
        "items": 2, "rows": 2, "decided": 1, "kinds": {}, "decisions": {"accept": 2, "reject": 0}
    }  # fmt: skip
    assert "decisions" in {one["role"] for one in facts["inputs"]}

    assert peta("review", "undo", item, "--why", "keliru", "--who", "Petugas").exit_code == 0
    assert item in peta("review", "list", run).output
    run = assess(folder)
    assert pd.read_parquet(run / "households.parquet", columns=["kode_desa"])["kode_desa"].isna().sum() == 3


def test_the_same_sheet_and_decisions_give_the_same_bytes(folder: Path):
    run = assess(folder)
    item = items(run)["Muara Lor"]
    assert peta("review", "accept", run, item, "2", "--why", "didatangi", "--who", "Petugas").exit_code == 0
    first = (assess(folder) / "households.parquet").read_bytes()
    assert (assess(folder) / "households.parquet").read_bytes() == first


def test_a_point_is_taken_and_a_rejected_item_is_asked_no_more(folder: Path):
    run = assess(folder)
    told = " ".join(peta("review", "list", run, "--kind", "titik").output.replace("│", " ").split())
    assert "tempat titik itu" in told
    assert "m dari titik" in told
    assert "1 butir" in told
    item = items(run)["Muara Lor"]
    assert (
        peta("review", "reject", run, item[:6], "--why", "belum didatangi", "--who", "Petugas").exit_code == 0
    )
    assert "Tidak ada yang menunggu" in peta("review", "list", run, "--kind", "titik").output
    houses = pd.read_parquet(assess(folder) / "households.parquet", columns=["location_quality"])
    assert houses["location_quality"].tolist()[3] == "gps_conflict"


def test_hostile_text_reaches_neither_the_terminal_nor_a_spreadsheet(folder: Path):
    run = assess(folder)
    listed = peta("review", "list", run).output
    assert "HYPERLINK" in listed
    assert all(line.isprintable() for line in listed.splitlines())
    path = folder / "antrean.csv"
    assert peta("review", "list", run, "--csv", path).exit_code == 0
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert len(rows) == 4
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert any(cell.startswith("'=HYPERLINK") for row in rows for cell in row)
    assert "RAHASIA" not in path.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("accept", "HASIL", "n000000000000", "1", "--why", "x"), "tidak ada dalam antrean"),
        (("accept", "HASIL", "BUTIR", "--why", "x"), "nomor 1 sampai"),
        (("accept", "HASIL", "BUTIR", "7", "--why", "x"), "nomor 1 sampai"),
        (("accept", "HASIL", "BUTIR", "1", "--why", " "), "--why"),
        (("undo", "BUTIR", "--why", "x"), "Tidak ada keputusan"),
        (("list", "KOSONG"), "Tidak ada hasil"),
    ],
)
def test_a_fault_is_one_line_and_changes_nothing(folder: Path, words, told):
    run = assess(folder)
    stand_in = {"HASIL": str(run), "BUTIR": items(run)["Sumber Makmur"], "KOSONG": str(folder / "kosong")}
    result = peta("review", *[stand_in.get(word, word) for word in words])
    assert result.exit_code == 1
    assert told in result.output
    assert not (folder / "batas" / "keputusan.jsonl").exists()


def test_an_item_without_candidates_says_what_to_do(folder: Path):
    (folder / "lembar.csv").write_text(
        "NIK;Nama;Desa;Kecamatan\n1;Ani;Muara 3326010101900001;Pesisir Raya\n2;Budi;12345;\n",
        encoding="utf-8",
    )
    run = assess(folder)
    listed = peta("review", "list", run)
    assert "3326010101" not in listed.output
    told = " ".join(listed.output.replace("│", " ").split())
    assert "tidak ada calon: terima dengan kode desa, atau tolak" in told
    item = items(run)["12345"]
    assert "tidak punya calon" in peta("review", "accept", run, item, "1", "--why", "x").output
    refused = peta("review", "reject", run, item, "--why", "kata 0812-3456-7890")
    assert (refused.exit_code, "tanpa nomor itu (--why)" in refused.output) == (1, True)
    masked = items(run)["Muara …"]
    assert peta("review", "reject", run, masked, "--why", "salah tulis", "--who", "Petugas").exit_code == 0
    assert "3326010101" not in (folder / "batas" / "keputusan.jsonl").read_text(encoding="utf-8")


def test_another_district_is_not_decided_upon_by_mistake(folder: Path, monkeypatch: pytest.MonkeyPatch):
    run = assess(folder)
    monkeypatch.delenv("PETA_BOUNDARIES")
    item = items(run)["Sumber Makmur"]
    refused = peta("review", "accept", run, item, "1", "--why", "x")
    assert refused.exit_code == 1
    assert "Kabupaten Contoh" in refused.output
    own = folder / "milik" / "keputusan.jsonl"
    assert peta("review", "accept", run, item, "1", "--why", "x", "--decisions", own).exit_code == 0
    assert read_decisions(own)[item].kode_desa == "99.01.01.2004"
