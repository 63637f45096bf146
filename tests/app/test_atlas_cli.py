"""``peta atlas``: a book for any selection, what goes with it, and single sheets again."""

import re
import shutil
import stat
from pathlib import Path

import pandas as pd
import pikepdf
import pytest
from typer.testing import CliRunner, Result

from app import cli
from app.atlas_cli import FORM
from geo.assessment import Assessment
from geo.sheet_ids import read_sheet_id
from tests.pdf_reading import pdf_texts


def peta(*words: object) -> Result:
    return CliRunner().invoke(cli.app, [str(word) for word in words], prog_name="peta")


def form_of(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, sep=";", encoding="utf-8-sig", dtype={"kode_desa": str})


@pytest.fixture(scope="module")
def desa(assessment: Assessment) -> str:
    """Return the code of a desa with few households, but some."""
    counts = assessment.counted["kode_desa"].value_counts()
    return str(counts[counts > 5].index[-1])


def test_a_book_of_a_desa_with_all_that_goes_with_it(
    run_folder: Path, tmp_path: Path, assessment: Assessment, desa: str
) -> None:
    out, csv = tmp_path / "buku.pdf", tmp_path / "isian.csv"
    words = ("--out", out, "--csv", csv, "--gpx", tmp_path / "a.gpx", "--kml", tmp_path / "a.kml")
    result = peta("atlas", run_folder, "--desa", desa, *words, "--purpose", "Uji lapangan")
    assert result.exit_code == 0, result.output
    own = assessment.counted[assessment.counted["kode_desa"] == desa]
    assert f"{len(own)} rumah tangga" in result.output
    assert "memuat nama, alamat, dan letak rumah" in result.output
    assert stat.S_IMODE(out.stat().st_mode) == stat.S_IMODE(csv.stat().st_mode) == 0o600
    form = form_of(csv)
    assert (
        [*form.columns] == [*FORM] == ["lembar", "nomor", "petak", "kode_desa", "hasil", "tanggal", "catatan"]
    )
    assert sorted(form["nomor"]) == list(range(1, len(own) + 1))
    assert form[["hasil", "tanggal", "catatan"]].isna().all(axis=None)
    assert {read_sheet_id(sheet).kode_desa for sheet in form["lembar"]} == {desa}
    assert (tmp_path / "a.gpx").read_text(encoding="utf-8").count("<wpt") == own.geometry.notna().sum()
    texts = pdf_texts(out)
    assert f"{len(texts)} halaman" in result.output
    assert "Tujuan: Uji lapangan" in texts[0]
    names = {*own["nama"].dropna()}
    shown = [text for page in texts for text in page if text in names]
    assert shown
    beside = "".join(
        path.read_text(encoding="utf-8-sig") for path in (csv, tmp_path / "a.gpx", tmp_path / "a.kml")
    )
    assert not any(name in beside for name in names)


def test_without_names_nobody_is_named(
    run_folder: Path, tmp_path: Path, assessment: Assessment, desa: str
) -> None:
    out = tmp_path / "buku.pdf"
    result = peta("atlas", run_folder, "--desa", desa, "--out", out, "--without-names", "--paper", "F4")
    assert result.exit_code == 0, result.output
    assert "memuat nama" not in result.output
    names = {*assessment.counted["nama"].dropna()}
    assert not any(text in names for page in pdf_texts(out) for text in page)
    with pikepdf.open(out) as pdf:
        assert round(float(pdf.pages[0].mediabox[3]) * 25.4 / 72) == 330


def test_a_plan_of_visits_gives_a_teams_day(run_folder: Path, tmp_path: Path) -> None:
    plan = tmp_path / "rencana.csv"
    assert peta("visits", run_folder, "--out", plan, "--teams", "2", "--days", "1").exit_code == 0
    csv = tmp_path / "isian.csv"
    words = ("--team", "2", "--day", "1", "--list", plan, "--csv", csv, "--out", tmp_path / "a.pdf")
    result = peta("atlas", run_folder, *words)
    assert result.exit_code == 0, result.output
    visits = pd.read_csv(plan, sep=";", encoding="utf-8-sig")
    mine = visits[visits["regu"].eq(2) & visits["kode_desa"].notna()]
    assert len(form_of(csv)) == len(mine) > 0
    cover = pdf_texts(tmp_path / "a.pdf")[0]
    assert {"Regu 2, hari 1", "Urutan kunjungan", "Mulai", "Jalan"} <= {*cover}
    assert "Regu 2, hari 1: " in result.output
    refused = peta("atlas", run_folder, "--day", "1", "--list", plan, "--out", tmp_path / "b.pdf")
    assert refused.exit_code
    assert "sebut juga --team" in " ".join(refused.output.split())


def test_the_plan_of_the_run_holds_without_a_list(
    run_folder: Path, tmp_path: Path, assessment: Assessment
) -> None:
    team, day = assessment.visits[["team", "day"]].iloc[0]
    words = ("--team", team, "--day", day, "--csv", tmp_path / "a.csv", "--out", tmp_path / "a.pdf")
    assert peta("atlas", run_folder, *words).exit_code == 0
    mine = assessment.visits[assessment.visits["team"].eq(team) & assessment.visits["day"].eq(day)]
    assert len(form_of(tmp_path / "a.csv")) == mine["kode_desa"].notna().sum()


def test_a_list_narrowed_to_a_kecamatan(run_folder: Path, tmp_path: Path, assessment: Assessment) -> None:
    whole = assessment.counted.dropna(subset="kode_desa")
    kecamatan = whole["kode_kecamatan"].mode()[0]
    listed = tmp_path / "daftar.csv"
    listed.write_text("Baris lembar\n" + "\n".join(map(str, whole["sheet_row"])), encoding="utf-8")
    words = (
        "--list",
        listed,
        "--kecamatan",
        kecamatan,
        "--csv",
        tmp_path / "a.csv",
        "--out",
        tmp_path / "a.pdf",
    )
    result = peta("atlas", run_folder, *words, "--without-names")
    assert result.exit_code == 0, result.output
    assert len(form_of(tmp_path / "a.csv")) == whole["kode_kecamatan"].eq(kecamatan).sum()


def test_a_sheet_is_printed_again(run_folder: Path, tmp_path: Path, desa: str) -> None:
    book, csv = tmp_path / "buku.pdf", tmp_path / "a.csv"
    assert peta("atlas", run_folder, "--desa", desa, "--out", book, "--csv", csv).exit_code == 0
    sheet = form_of(csv)["lembar"].iloc[0]
    result = peta("atlas", "--reprint", book, "--sheet", sheet, "--out", tmp_path / "lagi.pdf")
    assert result.exit_code == 0, result.output
    assert "Cetak ulang 1 lembar" in result.output
    with pikepdf.open(tmp_path / "lagi.pdf") as again, pikepdf.open(book) as whole:
        assert 0 < len(again.pages) < len(whole.pages)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--desa", "Tidak Ada Sama Sekali"), "tidak ada dalam hasil itu"),
        (("--kantong", "K99999"), "K99999 tidak ada"),
        (("--kantong", "tiga"), "tulis seperti di peta"),
        (("--kantong", "K1", "--team", "1"), "Pilih salah satu"),
        (("--team", "99", "--day", "1"), "tidak ada kunjungan"),
        (("--paper", "A5"), "A5"),
        (("--sheet", "33.26.01.2001-02-K7Q2A"), "Cetak ulang ditulis"),
        (("--list", "tidak-ada.csv"), "tidak dapat dibaca"),
        (("--list", "tidak-ada.csv", "--team", "1"), "peta visits"),
    ],
)
def test_what_cannot_be_is_told_in_a_line_and_leaves_nothing(
    run_folder: Path, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    result = peta("atlas", run_folder, "--out", tmp_path / "a.pdf", *words)
    assert result.exit_code == 1
    assert told in result.output
    assert not [*tmp_path.iterdir()]


def test_what_is_missing_is_asked_for(run_folder: Path, tmp_path: Path) -> None:
    assert "--out buku.pdf" in peta("atlas", run_folder).output
    assert "Sebut folder hasil" in peta("atlas", "--out", tmp_path / "a.pdf").output
    assert peta("atlas", run_folder, "--out", tmp_path).exit_code == 1


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_where_health_weighed_a_book_tells_no_need_and_stays_with_its_owner(
    run_folder: Path, tmp_path: Path, assessment: Assessment
) -> None:
    other = shutil.copytree(run_folder, tmp_path / "hasil")
    table = pd.read_parquet(other / "priorities.parquet").assign(part_penyakit_kronis=0.1)
    table.to_parquet(other / "priorities.parquet")
    listed = tmp_path / "daftar.csv"
    some = assessment.counted.dropna(subset="kode_desa")["sheet_row"].head(12)
    listed.write_text("Baris lembar\n" + "\n".join(map(str, some)), encoding="utf-8")
    team, day = assessment.visits[["team", "day"]].iloc[0]
    for words in (("--list", listed), ("--team", team, "--day", day)):
        beside = ("--gpx", tmp_path / "a.gpx", "--kml", tmp_path / "a.kml")
        result = peta("atlas", other, *words, "--without-names", "--out", tmp_path / "a.pdf", *beside)
        assert result.exit_code == 0, result.output
        assert "hanya dapat dibaca pemiliknya" in result.output
        assert mode(tmp_path / "a.pdf") == mode(tmp_path / "a.gpx") == mode(tmp_path / "a.kml") == 0o600
        needs = {*re.findall("kebutuhan: ([^;<]*)", (tmp_path / "a.gpx").read_text(encoding="utf-8"))}
        assert len(needs) == 1


def test_a_list_that_hides_its_ranks_is_such_a_list(
    run_folder: Path, tmp_path: Path, assessment: Assessment
) -> None:
    listed = tmp_path / "daftar.csv"
    some = assessment.counted.dropna(subset="kode_desa")["sheet_row"].head(5)
    listed.write_text("Baris lembar;Dipilih\n" + "".join(f"{row};ya\n" for row in some), encoding="utf-8")
    result = peta("atlas", run_folder, "--list", listed, "--out", tmp_path / "a.pdf")
    assert "hanya dapat dibaca pemiliknya" in result.output


def test_a_book_of_a_desa_is_its_owners_alone_and_its_purpose_holds_no_number_of_a_person(
    run_folder: Path, tmp_path: Path, desa: str
) -> None:
    out, purpose = tmp_path / "a.pdf", "Verifikasi 3326010101900001"
    words = ("--desa", desa, "--out", out, "--without-names", "--purpose", purpose)
    result = peta("atlas", run_folder, *words)
    assert "hanya dapat dibaca pemiliknya" not in result.output
    assert mode(out) == 0o600
    text = " ".join(line for page in pdf_texts(out) for line in page)
    assert "Verifikasi …" in text
    assert "3326010101900001" not in text
