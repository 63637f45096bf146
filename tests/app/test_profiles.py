"""Profiles over the web and from the command line: who may have one, and that it tells of nobody."""

import io
from pathlib import Path

import pandas as pd
import pikepdf
import pytest
from typer.testing import CliRunner

from app import cli
from app.library import OpenedRun
from geo.symbology import number
from tests.pdf_reading import page_texts, pdf_texts
from tests.server import Client, Served


@pytest.fixture(scope="module")
def shown(served: Served) -> OpenedRun:
    run: OpenedRun = served.app.state.library.shown()
    return run


@pytest.fixture(scope="module")
def clients(served: Served) -> dict[str, Client]:
    return {name: served.sign_in(name) for name in ("perencana", "petugas", "pimpinan", "opd")}


def texts(answer: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(answer)) as pdf:
        return [" ".join(page_texts(page)) for page in pdf.pages]


def test_a_planner_gets_the_profile_of_a_desa_and_of_a_kecamatan(
    clients: dict[str, Client], shown: OpenedRun
):
    row = shown.assessment.desa.iloc[0]
    for path, name in (
        (f"/desa/{row['kode_desa']}/profil.pdf", row["nama_desa"]),
        (f"/kecamatan/{row['kode_kecamatan']}/profil.pdf", row["nama_kecamatan"]),
    ):
        answer = clients["perencana"].get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/pdf"
        pages = texts(answer.content)
        assert len(pages) == 2
        assert all(str(name) in page for page in pages)
    assert (
        f'href="/desa/{row["kode_desa"]}/profil.pdf"'
        in clients["perencana"].get(f"/desa/{row['kode_desa']}").text
    )


def test_who_sees_areas_only_gets_the_edition_that_is_theirs(clients: dict[str, Client], shown: OpenedRun):
    public = shown.public.desa
    few = public[public.filter(like="_suppressed").any(axis=1)]
    kode = (few if len(few) else public)["kode_desa"].iloc[0]
    _, second = texts(clients["pimpinan"].get(f"/desa/{kode}/profil.pdf").content)
    assert "Tidak termuat dalam cetakan ini" in second
    if len(few):
        assert "tidak ditampilkan, agar angka kecil tetap rahasia" in second


@pytest.mark.parametrize("name", ["petugas", "opd"])
def test_it_is_not_for_everybody(clients: dict[str, Client], shown: OpenedRun, name: str):
    row = shown.assessment.desa.iloc[0]
    for path in (f"/desa/{row['kode_desa']}/profil.pdf", f"/kecamatan/{row['kode_kecamatan']}/profil.pdf"):
        assert clients[name].get(path).status_code == 403


def test_what_is_not_there_says_so(clients: dict[str, Client]):
    for path in ("/desa/00.00/profil.pdf", "/kecamatan/00/profil.pdf"):
        assert clients["perencana"].get(path).status_code == 404


def peta(*words: object):
    return CliRunner().invoke(cli.app, [str(word) for word in words], prog_name="peta")


def test_the_command_takes_names_and_codes(run_folder: Path, tmp_path: Path):
    desa = pd.read_parquet(run_folder / "desa.parquet", columns=["kode_desa", "nama_desa", "households"])
    row, out = desa.iloc[3], tmp_path / "profil.pdf"
    result = peta("profile", run_folder, "--desa", row["kode_desa"], "--out", out)
    assert result.exit_code == 0, result.output
    pages = pdf_texts(out)
    assert len(pages) == 2
    assert number(row["households"]) in pages[0]
    result = peta("profile", run_folder, "--desa", "Desa Tiada", "--out", out)
    assert result.exit_code == 1
    assert "Desa «Desa Tiada» tidak ada" in result.output
    assert len(pdf_texts(out)) == 2  # what stood there stands
    assert peta("profile", run_folder, "--desa", "a", "--kecamatan", "b", "--out", out).exit_code == 1
