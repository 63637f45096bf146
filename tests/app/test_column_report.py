"""``peta columns``: how a sheet was understood, and never a cell of it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from geo.columns.choice import read_column_choice
from geo.households import read_households

SECRET = ("SITI RAHASIA", "9926010101900001", "Gang Rahasia", "Desa Rahasia")
HOSTILE = 'Cat"atan\x1b[31m = "x" # \u202e'


@pytest.fixture
def lembar(tmp_path: Path) -> Path:
    path = tmp_path / "lembar.csv"
    path.write_text(
        f"DAFTAR\nNama KRT;NIK;Kecamatn;Desa;Alamat;Desil;'{HOSTILE.replace(chr(34), '')}'\n"
        f"{SECRET[0]};{SECRET[1]};Lor;{SECRET[3]};{SECRET[2]} RT 1 RW 2;1-4;isi\nTotal;;;;;9;\n",
        encoding="utf-8",
    )
    return path


def run(*arguments: str | Path) -> tuple[int, str]:
    outcome = CliRunner().invoke(app, ["columns", *map(str, arguments)])
    return outcome.exit_code, outcome.output


def test_the_understanding_is_shown_without_any_cell(lembar):
    code, words = run(lembar)
    assert code == 0
    assert not [secret for secret in SECRET if secret in words]
    for word in (
        "judul kolom di baris 2",
        "NIK kepala keluarga (nik)",
        "salah ketik",
        "Tidak dipakai",
        "1 rentang",
    ):
        assert word in words
    assert "\x1b" not in words
    assert "\u202e" not in words


def test_what_is_saved_reads_the_next_sheet_alike(lembar, tmp_path):
    saved = tmp_path / "kolom.toml"
    assert run(lembar, "--save", saved)[0] == 0
    choice = read_column_choice(saved)
    assert choice.columns["kecamatan_tertulis"] == "Kecamatn"
    before, after = read_households(lembar), read_households(lembar, columns=choice)
    assert before.households.equals(after.households)
    assert dict(before.headings) == dict(after.headings)


def test_what_cannot_be_used_is_shown_and_saved_before_it_is_refused(tmp_path):
    sheet, saved = tmp_path / "lembar.csv", tmp_path / "kolom.toml"
    sheet.write_text("NIK;Nomor KTP;Desa\n1;2;A\n", encoding="utf-8")
    code, words = run(sheet, "--save", saved)
    assert code == 1
    assert "mengaku satu arti" in words
    assert "# BELUM DAPAT DIPAKAI" in saved.read_text(encoding="utf-8")
    saved.write_text('abaikan = ["NIK"]\n', encoding="utf-8")
    assert run(sheet, "--columns", saved)[0] == 0


def test_a_sheet_of_that_name_is_asked_for(lembar):
    assert run(lembar, "--sheet", "Data")[0] == 1
