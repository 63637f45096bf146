"""``peta visits``: a plan of a finished run as a CSV that names nobody."""

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from app import cli
from app.visits_cli import _TITLES
from geo.assessment import Assessment
from geo.privacy import PERSONAL


def peta(*words: object):
    return CliRunner().invoke(cli.app, [str(word) for word in words], prog_name="peta")


@pytest.fixture
def plan(run_folder: Path, tmp_path: Path) -> pd.DataFrame:
    out = tmp_path / "rencana.csv"
    result = peta("visits", run_folder, "--out", out, "--teams", "1", "--days", "2")
    assert result.exit_code == 0, result.output
    return pd.read_csv(out, sep=";", encoding="utf-8-sig")


def test_every_chosen_household_stands_in_the_plan_once(plan: pd.DataFrame, assessment: Assessment):
    chosen = assessment.priorities[assessment.priorities["chosen"].astype(bool)]
    assert sorted(plan["baris_lembar"]) == sorted(chosen["sheet_row"])
    visited = plan["tidak_dikunjungi_karena"].isna()
    assert 0 < visited.sum() < len(plan)
    assert plan.loc[visited, ["regu", "hari", "urutan"]].notna().all(axis=None)
    assert plan.loc[visited, "regu"].eq(1).all()
    assert plan.loc[visited, "hari"].between(1, 2).all()
    assert plan.loc[~visited, ["regu", "hari", "urutan"]].isna().all(axis=None)


def test_the_plan_names_nobody_and_no_position(plan: pd.DataFrame):
    assert [*plan.columns] == [*_TITLES.values()]
    assert not {*PERSONAL, "lon", "lat", "geometry"} & ({*plan.columns} | {*_TITLES})


def test_the_command_tells_what_the_plan_rests_on(run_folder: Path, tmp_path: Path):
    result = peta(
        "visits", run_folder, "--out", tmp_path / "a.csv", "--teams", "3", "--days", "1", "--minutes", "30"
    )
    assert result.exit_code == 0
    assert "30 menit tiap rumah" in result.output
    assert "Tempat mulai tidak diberikan" in result.output
    assert "3 regu, 1 hari" in result.output


def test_start_places_and_settings_are_taken(run_folder: Path, tmp_path: Path, assessment: Assessment):
    lon, lat = assessment.desa.geometry.iloc[0].representative_point().coords[0]
    start = f"{lon:.5f},{lat:.5f}"
    file = tmp_path / "setelan.toml"
    file.write_text("[visits]\nteams = 2\ndays = 1\nminutes_a_visit = 40\n", encoding="utf-8")
    words = (
        "visits",
        run_folder,
        "--out",
        tmp_path / "a.csv",
        "--settings",
        file,
        "--start",
        start,
        "--start",
        start,
    )
    result = peta(*words)
    assert result.exit_code == 0, result.output
    assert "Tempat mulai tidak diberikan" not in result.output
    assert "40 menit tiap rumah" in result.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--start", "sini"), "bujur,lintang"),
        (("--start", "-6.9,109.6"), "Tempat mulai -6.9,109.6 tidak ada di bumi"),
        (("--start", "2.35,48.85"), "Tempat mulai 2.35,48.85 terletak"),
        (("--start", "nan,nan"), "--start"),
        (("--teams", "3", "--start", "109.6,-6.9", "--start", "109.7,-6.9"), "2 tempat mulai untuk 3 regu"),
        (("--minutes", "0"), "--minutes «0» harus lebih dari 0."),
    ],
)
def test_a_wish_that_cannot_be_is_refused_in_one_line(run_folder: Path, tmp_path: Path, words, told):
    result = peta("visits", run_folder, "--out", tmp_path / "a.csv", *words)
    assert result.exit_code == 1
    (line,) = result.output.splitlines()
    assert line.startswith("Galat: ")
    assert told in line
    assert not (tmp_path / "a.csv").exists()


def test_a_folder_that_holds_no_run_or_a_broken_one_is_told(run_folder: Path, tmp_path: Path):
    none = peta("visits", tmp_path, "--out", tmp_path / "a.csv")
    assert none.exit_code == 1
    assert "Tidak ada hasil analisis" in none.output
    broken = tmp_path / "rusak"
    broken.mkdir()
    (broken / "manifest.json").write_bytes((run_folder / "manifest.json").read_bytes())
    told = peta("visits", broken, "--out", tmp_path / "a.csv")
    assert told.exit_code == 1
    assert "tidak lengkap atau rusak" in told.output
    lost = peta("visits", run_folder, "--out", tmp_path / "tiada" / "a.csv")
    assert lost.exit_code == 1
    assert "folder" in lost.output


def test_a_run_made_with_a_router_or_heights_says_that_they_are_not_used(run_folder: Path, tmp_path: Path):
    other = tmp_path / "hasil"
    other.mkdir()
    for name in ("priorities", "households", "desa"):
        (other / f"{name}.parquet").symlink_to(run_folder / f"{name}.parquet")
    manifest = json.loads((run_folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["facts"]["settings"]["visits"] |= {"router": True, "dem": "tinggi.tif"}
    (other / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    result = peta("visits", other, "--out", tmp_path / "a.csv")
    assert result.exit_code == 0, result.output
    assert "beri --settings" in result.output


def test_a_name_that_a_spreadsheet_takes_for_a_formula_stays_text(run_folder: Path, tmp_path: Path):
    other = tmp_path / "hasil"
    other.mkdir()
    for name in ("households", "desa"):
        (other / f"{name}.parquet").symlink_to(run_folder / f"{name}.parquet")
    (other / "manifest.json").symlink_to(run_folder / "manifest.json")
    table = pd.read_parquet(run_folder / "priorities.parquet")
    table["nama_desa"] = "=1+1"
    table.to_parquet(other / "priorities.parquet")
    assert peta("visits", other, "--out", tmp_path / "a.csv").exit_code == 0
    text = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert ";'=1+1;" in text
    assert ";=1+1" not in text


def listed(folder: Path, text: str) -> Path:
    file = folder / "daftar.csv"
    file.write_text(text, encoding="utf-8-sig")
    return file


def planned(run: Path, folder: Path, file: Path) -> pd.DataFrame:
    out = folder / "rencana.csv"
    result = peta("visits", run, "--out", out, "--list", file)
    assert result.exit_code == 0, result.output
    return pd.read_csv(out, sep=";", encoding="utf-8-sig")


def test_the_choice_of_target_is_taken(run_folder: Path, tmp_path: Path):
    file = tmp_path / "pilihan.csv"
    assert peta("target", run_folder, "--weight", "rtlh=0", "--number", "9", "--out", file).exit_code == 0
    choice = pd.read_csv(file, sep=";", encoding="utf-8-sig")
    chosen = choice[choice["dipilih"] == "ya"].set_index("baris_lembar")["peringkat"]
    plan = planned(run_folder, tmp_path, file).set_index("baris_lembar")
    assert len(chosen) == 9
    assert plan["peringkat"].sort_index().to_dict() == chosen.sort_index().to_dict()


@pytest.mark.parametrize("heading", ["baris lembar", "Baris Lembar", "nama,baris_lembar"])
def test_any_list_by_the_row_of_the_sheet_is_taken(
    run_folder: Path, tmp_path: Path, heading: str, assessment
):
    counted = assessment.counted["sheet_row"]
    ranks = assessment.priorities.set_index("sheet_row")["rank"]
    rows = [*ranks.index[[5, 3]], *counted[~counted.isin(ranks.index)].head(2)]
    before = "," * heading.count(",")
    text = "\n".join([heading, *(f"{before}{row}" for row in [*rows, rows[0]]), "", ""])
    plan = planned(run_folder, tmp_path, listed(tmp_path, text)).set_index("baris_lembar")
    assert sorted(plan.index) == sorted(rows)
    assert plan.loc[rows[:2], "peringkat"].tolist() == ranks[rows[:2]].tolist()
    assert plan.loc[rows[2:], "peringkat"].isna().all()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "baris lembar\n1\n999999\n",
            "menyebut 2 baris lembar yang tidak dihitung dalam hasil itu: 1, 999999.",
        ),
        ("nik\n3326010101010001\n", "kolom «baris lembar»"),
        ("", "kolom «baris lembar»"),
        ("baris lembar\n", "tidak memuat satu rumah tangga pun"),
        ("baris lembar;dipilih\n2;tidak\n", "tidak memuat satu rumah tangga pun"),
        ("baris lembar;dipilih\n2;mungkin\n", "baris 2: kolom «dipilih» harus ya atau tidak"),
        ("baris lembar\nSutarmi\n", "baris 2: kolom «baris lembar» harus bilangan bulat"),
    ],
)
def test_a_list_that_cannot_be_used_is_one_clear_error(
    run_folder: Path, tmp_path: Path, text: str, told: str
):
    result = peta("visits", run_folder, "--out", tmp_path / "a.csv", "--list", listed(tmp_path, text))
    assert result.exit_code == 1
    (line,) = result.output.splitlines()
    assert told in line
    assert "Sutarmi" not in line
    assert not (tmp_path / "a.csv").exists()


def test_a_file_that_is_no_text_is_no_list(run_folder: Path, tmp_path: Path):
    (tmp_path / "daftar.xlsx").write_bytes(b"PK\x03\x04\xff\xfe")
    for name, told in (("daftar.xlsx", "bukan CSV"), ("tiada.csv", "tidak ada")):
        result = peta("visits", run_folder, "--out", tmp_path / "a.csv", "--list", tmp_path / name)
        assert result.exit_code == 1
        assert told in result.output


def test_a_choice_in_which_health_weighs_stays_with_its_owner_and_holds_no_rank(
    run_folder: Path, tmp_path: Path
):
    file, out = tmp_path / "pilihan.csv", tmp_path / "rencana.csv"
    assert peta("target", run_folder, "--weight", "disabilitas=5", "--out", file).exit_code == 0
    result = peta("visits", run_folder, "--out", out, "--list", file, "--days", "1")
    assert "hanya dapat dibaca pemiliknya" in result.output
    assert out.stat().st_mode & 0o077 == 0
    plan = pd.read_csv(out, sep=";", encoding="utf-8-sig")
    assert "peringkat" not in plan
    waiting = plan[plan["tidak_dikunjungi_karena"].notna()]
    assert len(waiting) > 1
    assert waiting["baris_lembar"].is_monotonic_increasing


def test_a_run_in_which_health_weighs_gives_such_a_plan_too(run_folder: Path, tmp_path: Path):
    other = tmp_path / "hasil"
    other.mkdir()
    for name in ("households.parquet", "desa.parquet", "manifest.json"):
        (other / name).symlink_to(run_folder / name)
    table = pd.read_parquet(run_folder / "priorities.parquet").assign(part_penyakit_kronis=0.0)
    table.to_parquet(other / "priorities.parquet")
    result = peta("visits", other, "--out", tmp_path / "a.csv")
    assert "hanya dapat dibaca pemiliknya" in result.output
    assert "peringkat" not in (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert (tmp_path / "a.csv").stat().st_mode & 0o077 == 0


def test_who_is_left_out_has_a_desa_too(plan: pd.DataFrame):
    waiting = plan[plan["tidak_dikunjungi_karena"].notna() & plan["kode_desa"].notna()]
    assert len(waiting)
    assert waiting["desa"].notna().all()


def test_addresses_go_into_a_file_of_the_owner_alone_and_never_with_a_name(run_folder: Path, tmp_path: Path):
    out = tmp_path / "alamat.csv"
    result = peta("visits", run_folder, "--out", out, "--addresses")
    assert result.exit_code == 0, result.output
    assert "memuat alamat" in result.output
    assert out.stat().st_mode & 0o077 == 0
    written = pd.read_csv(out, sep=";", encoding="utf-8-sig", dtype=str)
    assert {"dusun", "rt", "rw", "alamat"} <= {*written}
    assert not {"nama", "nik", "no_kk"} & {*written}
    held = pd.read_parquet(run_folder / "households.parquet", columns=["sheet_row", "alamat"])
    expected = held.set_index("sheet_row")["alamat"].reindex(written["baris_lembar"].astype(int))
    assert written["alamat"].fillna("").tolist() == expected.fillna("").tolist()
