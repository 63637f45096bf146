"""A command that cannot be understood is told in one Indonesian line, and so is the help."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app import cli

ENGLISH = re.compile(
    r"\b(?:Usage|Options?|Arguments?|Commands?|Error|Try|Missing|required|default|Invalid|Input|Show|such|env var)\b"
)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("assess", "argumen LEMBAR belum diisi. Cara pakainya: peta assess --help"),
        ("assess x", "pilihan --out belum diisi"),
        ("assess x --out", "pilihan --out harus diikuti nilainya"),
        ("review accept h b 1", "pilihan --why belum diisi. Cara pakainya: peta review accept --help"),
        ("serve . --port abc", "--port: harus bilangan bulat"),
        ("serve . --port 70000", "--port: paling besar 65535"),
        ("visits h --out x --days 0", "--days: paling kecil 1"),
        ("asess", "perintah asess tidak ada"),
        ("review lst", "perintah lst tidak ada. Cara pakainya: peta review --help"),
        ("--foo", "pilihan --foo tidak ada"),
        ("version --foo", "pilihan --foo tidak ada"),
        ("version a b", "ada kata yang berlebih: a b"),
        ("review list h --kind x", "--kind: jenisnya nama, kode, luar, titik"),
        ("boundaries import x --kolom a", "tulis sebagai kode=NAMA_KOLOM"),
    ],
)
def test_a_command_that_cannot_be_understood_is_one_line(words, told):
    result = CliRunner().invoke(cli.app, words.split(), prog_name="peta")
    assert result.exit_code == 2
    (line,) = result.output.splitlines()
    assert line.startswith("Galat: ")
    assert told in line
    assert not ENGLISH.search(line)


@pytest.mark.parametrize("words", ["", "assess", "serve", "review", "review accept", "boundaries import"])
def test_help_is_indonesian(words, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "200")
    told = CliRunner().invoke(cli.app, [*words.split(), "--help"], prog_name="peta")
    assert told.exit_code == 0
    assert told.output.startswith(" ".join(["Cara pakai: peta", *words.split()]))
    assert "Tampilkan bantuan ini." in told.output
    assert not ENGLISH.search(told.output)


def test_without_a_command_the_help_is_shown():
    told = CliRunner().invoke(cli.app, [], prog_name="peta")
    assert "Perintah:" in told.output
    assert "Galat" not in told.output


def test_a_fault_of_the_user_is_still_a_fault(tmp_path: Path):
    told = CliRunner().invoke(
        cli.app, ["assess", str(tmp_path / "tiada.csv"), "--out", str(tmp_path / "hasil")]
    )
    assert told.exit_code == 1
