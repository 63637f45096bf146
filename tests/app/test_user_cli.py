"""Accounts from the command line of the server: made, listed, reset, shut out."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from app import cli
from app.access.passwords import verify
from app.records import open_records
from app.records.tables import Entry, User
from app.settings import WebSettings

GOOD = "perahu batu kopi senja"


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PETA_DATABASE", raising=False)
    return tmp_path / "hasil"


def peta(runs: Path, *words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(cli.app, ["user", *words, "--runs", str(runs)], input=typed)


def users(runs: Path) -> dict[str, User]:
    records = open_records(WebSettings(runs=runs).database_url)
    with records.session() as session:
        found = {user.name: user for user in session.scalars(select(User))}
    records.close()
    return found


def made_up(result: Result) -> str:
    assert result.exit_code == 0, result.output
    found = re.fullmatch(r"[a-z2-9]{5}-[a-z2-9]{5}-[a-z2-9]{5}\n", result.stdout)
    assert found, result.output
    return result.stdout.strip()


def test_an_account_with_a_made_up_password(runs: Path):
    password = made_up(peta(runs, "add", "Sari", "--role", "admin", "--full-name", "Sari Dewi"))
    user = users(runs)["sari"]
    assert (user.role, user.full_name, user.must_change, user.created_by) == (
        "admin",
        "Sari Dewi",
        True,
        "peladen",
    )
    assert verify(password, user.password_hash)


def test_a_password_typed_twice_is_not_shown(runs: Path):
    desa = ("--desa", "99.01.01.2001", "--desa", "99.01.01.2002")
    result = peta(runs, "add", "budi", "--role", "petugas", *desa, "--ask", typed=f"{GOOD}\n{GOOD}\n")
    assert result.exit_code == 0, result.output
    assert GOOD not in result.output
    user = users(runs)["budi"]
    assert user.desa == ["99.01.01.2001", "99.01.01.2002"]
    assert verify(GOOD, user.password_hash)


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("sari", "--role", "dewa"), None, "Peran tidak dikenal"),
        (("s", "--role", "opd"), None, "Nama akun"),
        (("budi", "--role", "petugas", "--desa", "2001"), None, "Kode desa"),
        (("budi", "--role", "opd", "--ask"), "Indonesia2026\nIndonesia2026\n", "terlalu sering"),
        (("ada", "--role", "opd"), None, "sudah ada"),
        (("budi", "--role", "opd", "--for", "tiada"), None, "Instansi «tiada» tidak ada"),
        (("budi", "--role", "perencana", "--for", "dinkes"), None, "Hanya akun opd"),
    ],
)
def test_what_cannot_be_is_one_clear_line(runs: Path, words: tuple[str, ...], typed: str | None, said: str):
    assert peta(runs, "add", "ada", "--role", "admin").exit_code == 0
    result = peta(runs, "add", *words, typed=typed)
    assert result.exit_code == 1
    assert [line for line in result.output.splitlines() if line.startswith("Galat: ") and said in line]
    assert list(users(runs)) == ["ada"]


def test_the_list_tells_role_state_and_desa_but_no_password(runs: Path):
    assert "peta user add" in peta(runs, "list").output
    peta(runs, "add", "sari", "--role", "admin")
    peta(runs, "add", "budi", "--role", "petugas", "--desa", "99.01.01.2001")
    peta(runs, "disable", "budi")
    lines = peta(runs, "list").stdout.splitlines()
    assert [line.split() for line in lines] == [
        ["budi", "petugas", "nonaktif", "99.01.01.2001"],
        ["sari", "admin", "harus", "ganti", "kata", "sandi"],
    ]


def test_an_account_of_an_agency_is_listed_with_it(runs: Path):
    made_up(peta(runs, "add", "budi", "--role", "opd", "--for", "dinkes"))
    assert users(runs)["budi"].recipient == "dinkes"
    assert peta(runs, "list").stdout.split() == ["budi", "opd", "harus", "ganti", "kata", "sandi", "dinkes"]
    refused = peta(runs, "add", "sari", "--role", "opd", "--for", "stbm")
    assert refused.exit_code != 0
    assert "dinkes (Dinas Kesehatan)" in refused.output


def test_reset_and_disable_reach_the_account_and_the_trail(runs: Path):
    peta(runs, "add", "sari", "--role", "admin")
    peta(runs, "add", "budi", "--role", "opd")
    password = made_up(peta(runs, "reset", "BUDI"))
    assert verify(password, users(runs)["budi"].password_hash)
    assert peta(runs, "disable", "budi").exit_code == 0
    assert users(runs)["budi"].disabled
    assert peta(runs, "disable", "budi", "--undo").exit_code == 0
    assert not users(runs)["budi"].disabled
    assert "admin terakhir" in peta(runs, "disable", "sari").output
    assert "tidak ada" in peta(runs, "reset", "tiada").output
    records = open_records(WebSettings(runs=runs).database_url)
    with records.session() as session:
        told = [(entry.user, entry.subject) for entry in session.scalars(select(Entry).order_by(Entry.id))]
    records.close()
    assert told[-1] == ("peladen", "mengaktifkan budi")
    assert len(told) == 5


def test_a_database_elsewhere_is_taken_by_its_address(runs: Path, tmp_path: Path):
    address = f"sqlite:///{tmp_path / 'lain.db'}"
    assert peta(runs, "add", "sari", "--role", "admin", "--database", address).exit_code == 0
    assert "sari" in peta(runs, "list", "--database", address).stdout
    assert not runs.exists()
