"""The command line as a user meets it: every fault is one line that says what to do, and costs no former run."""

import errno
import hashlib
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import msoffcrypto.format.ooxml
import numpy as np
import pandas as pd
import pytest
import rasterio
from typer.testing import CliRunner, Result

from app import cli, work
from geo.boundaries import Boundaries
from geo.runs import is_run, open_run
from geo.sample import Sample, make_sample, write_sample

ROOT = Path(__file__).parents[2]
DISTRICT = ROOT / "tests" / "data" / "district"
PASSWORD = "sandi-contoh"  # noqa: S105  -- of a file that this test makes
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + zlib.compress(b"bukan lembar") * 20


@pytest.fixture(autouse=True)
def _in_the_invented_district(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PETA_BOUNDARIES", str(DISTRICT))
    monkeypatch.delenv("PETA_SHEET_PASSWORD", raising=False)


@pytest.fixture
def former(run_folder: Path, tmp_path: Path) -> Path:
    """Return a run that stands where the next one shall go."""
    return Path(shutil.copytree(run_folder, tmp_path / "jalan" / "hasil"))


def peta(*words: str | Path) -> Result:
    return CliRunner().invoke(cli.app, [str(word) for word in words])


def fingerprint(folder: Path) -> dict[str, str]:
    """Return what lies in a folder and beside it, hidden things included."""
    paths = [path for path in folder.parent.rglob("*") if path.is_file()]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def assert_fault(result: Result, *words: str) -> None:
    assert result.exit_code == 1, result.output
    faults = [line for line in result.output.splitlines() if line.startswith("Galat: ")]
    assert len(faults) == 1, result.output
    assert "Traceback" not in result.output
    for word in words:
        assert word in result.output


def workbook(path: Path) -> Path:
    pd.DataFrame({"Desa": ["Tegalsari"] * 3, "Desil": ["1"] * 3}).to_excel(path, index=False)
    return path


def encrypted(path: Path) -> Path:
    plain = workbook(path.with_name("terbuka.xlsx")).read_bytes()
    with path.open("wb") as file:
        msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(plain)).encrypt(PASSWORD, file)
    return path


def text(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def without_crs(folder: Path, boundaries: Boundaries) -> Path:
    boundaries.desa[["kode_desa", "geometry"]].to_file(folder / "batas.shp")
    (folder / "batas.prj").unlink()
    return folder / "batas.shp"


def elsewhere(folder: Path, boundaries: Boundaries, *, names: bool) -> Path:
    """Write boundaries that lie far away, or those of other desa in the same place."""
    desa = boundaries.desa[["kode_desa", "nama_desa", "nama_kecamatan", "geometry"]]
    if names:
        desa = desa.assign(kode_desa="11.01.01.2001", nama_desa="Jauh", nama_kecamatan="Sekali")
    else:
        desa = desa.assign(geometry=desa.geometry.translate(-5.0, 3.0))
    desa.to_file(folder / "lain.gpkg")
    return folder / "lain.gpkg"


def raster_elsewhere(folder: Path) -> Path:
    transform = rasterio.Affine(0.01, 0.0, 95.0, 0.0, -0.01, 5.0)
    with rasterio.open(
        folder / "jauh.tif", "w", driver="GTiff", width=9, height=9, count=1, dtype="uint8",
        crs="EPSG:4326", transform=transform,
    ) as raster:  # fmt: skip
        raster.write(np.full((1, 9, 9), 10, dtype="uint8"))
    return text(folder / "setelan.toml", '[layers]\nland_cover = "jauh.tif"\n')


Case = tuple[Callable[[Path, Path, Boundaries], list[str | Path]], tuple[str, ...]]

BAD: dict[str, Case] = {
    "no such file": (lambda f, _, __: [f / "tiada.csv"], ("tiada.csv", "tidak ada")),
    "a folder": (lambda f, _, __: [f], ("itu folder, bukan berkas",)),
    "an empty file": (lambda f, _, __: [text(f / "a.csv", "")], ("a.csv kosong", "Simpan ulang")),
    "a header only": (lambda f, _, __: [text(f / "a.csv", "NIK;Desa\n")], ("tidak berisi baris data",)),
    "a picture as XLSX": (
        lambda f, _, __: [text(f / "a.xlsx", PNG)],
        ("bukan lembar kerja", "CSV, XLSX, XLS, atau ODS"),
    ),
    "a picture as CSV": (
        lambda f, _, __: [text(f / "a.csv", PNG)],
        ("bukan lembar kerja", "CSV, XLSX, XLS, atau ODS"),
    ),
    "a broken XLSX": (
        lambda f, _, __: [text(f / "a.xlsx", workbook(f / "b.xlsx").read_bytes()[:900])],
        ("rusak atau terpotong", "Salin ulang"),
    ),
    "no known column": (
        lambda f, _, __: [text(f / "a.csv", "warna;suhu\nmerah;3\n")],
        ("Tidak ada kolom yang dikenali", "«warna»", "--columns BERKAS"),
    ),
    "no column of a place": (
        lambda f, _, __: [text(f / "a.csv", "Desil;Jumlah ART\n1;3\n")],
        ("menyebut tempat",),
    ),
    "no password": (lambda f, _, __: [encrypted(f / "a.xlsx")], ("terkunci", "--password-file BERKAS")),
    "a wrong password": (
        lambda f, _, __: [encrypted(f / "a.xlsx"), "--password-file", text(f / "sandi", "salah\n")],
        ("Kata sandi", "salah"),
    ),
    "no password file": (
        lambda f, _, __: [encrypted(f / "a.xlsx"), "--password-file", f / "tiada"],
        ("Berkas kata sandi", "tidak ada"),
    ),
    "boundaries without a CRS": (
        lambda f, sheet, d: [sheet, "--boundaries", without_crs(f, d)],
        ("sistem koordinat", "CRS"),
    ),
    "boundaries far away": (
        lambda f, sheet, d: [sheet, "--boundaries", elsewhere(f, d, names=False)],
        ("km dari", "Kabupaten Contoh"),
    ),
    "boundaries of other desa": (
        lambda f, sheet, d: [sheet, "--boundaries", elsewhere(f, d, names=True)],
        ("memuat kode 1101", "bukan Kabupaten Contoh"),
    ),
    "boundaries that are none": (
        lambda f, sheet, _: [sheet, "--boundaries", text(f / "batas.geojson", "bukan peta")],
        ("batas.geojson",),
    ),
    "land cover elsewhere": (
        lambda f, sheet, _: [sheet, "--settings", raster_elsewhere(f)],
        ("jauh.tif tidak mencakup kabupaten ini", "hapus land_cover"),
    ),
    "land cover missing": (
        lambda f, sheet, _: [
            sheet, "--settings", text(f / "setelan.toml", '[layers]\nland_cover = "tiada.tif"\n'),
        ],
        ("tiada.tif tidak dapat dipakai: berkas tidak ada",),
    ),
    "an unknown setting": (
        lambda f, sheet, _: [sheet, "--settings", text(f / "setelan.toml", "[rates]\nminimum = 3\n")],
        ("«rates.minimum» tidak dikenal",),
    ),
    "a setting out of range": (
        lambda f, sheet, _: [sheet, "--settings", text(f / "setelan.toml", "[rates]\nminimum_known = 0\n")],
        ("«rates.minimum_known» paling kecil 1",),
    ),
    "settings that are no TOML": (
        lambda f, sheet, _: [sheet, "--settings", text(f / "setelan.toml", "{")],
        ("bukan TOML",),
    ),
    "no settings file": (
        lambda f, sheet, _: [sheet, "--settings", f / "tiada.toml"],
        ("tiada.toml", "tidak ada"),
    ),
    "an unknown output": (
        lambda _, sheet, __: [sheet, "--outputs", "peta,poster"],
        ("«poster» tidak dikenal", "peta, atlas, geojson, laporan"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named_and_costs_nothing(
    name: str, tmp_path: Path, sheet: Path, district: Boundaries, former: Path
):
    make, words = BAD[name]
    arguments = make(tmp_path, sheet, district)
    before = fingerprint(former)
    assert_fault(peta("assess", *arguments, "--out", former), *words)
    assert fingerprint(former) == before
    assert_fault(peta("assess", *arguments, "--out", tmp_path / "baru" / "hasil"), *words)
    assert not (tmp_path / "baru").exists()


def test_the_right_password_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = encrypted(tmp_path / "a.xlsx")
    sandi = text(tmp_path / "sandi", PASSWORD + "\n")
    result = peta("assess", path, "--password-file", sandi, "--outputs", "", "--out", tmp_path / "satu")
    assert result.exit_code == 0, result.output
    assert "3 baris: 3 dipakai, 0 ditolak" in result.output
    monkeypatch.setenv("PETA_SHEET_PASSWORD", PASSWORD)
    assert peta("assess", path, "--outputs", "", "--out", tmp_path / "dua").exit_code == 0
    assert not (tmp_path / "dua" / "peta.html").exists()
    assert PASSWORD not in (tmp_path / "dua" / "manifest.json").read_text()


def unread(*_: object, **__: object) -> None:
    raise AssertionError("the sheet was read before the place was looked at")


def _not_a_run(folder: Path) -> Path:
    text(folder / "catatan.txt", "penting")
    return folder


def _a_run_with_notes(folder: Path) -> Path:
    text(folder / "hasil" / "catatan.xlsx", "penting")
    return folder / "hasil"


def _under_a_file(folder: Path) -> Path:
    return text(folder / "berkas", "penting") / "hasil"


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (_not_a_run, ("bukan hasil analisis", "tidak ditimpa")),
        (_a_run_with_notes, ("catatan.xlsx", "Pindahkan dahulu")),
        (_under_a_file, ("adalah berkas, bukan folder",)),
        (lambda folder: text(folder / "berkas", "penting"), ("bukan hasil analisis",)),
        (lambda _: Path("/proc/peta/hasil"), ("tidak dapat disimpan", "Pilih folder lain")),
        (lambda folder: folder / ("a" * 300), ("namanya terlalu panjang",)),
    ],
)
def test_a_place_that_takes_no_run_is_refused_before_the_work(
    place: Callable[[Path], Path],
    words: tuple[str, ...],
    sheet: Path,
    former: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    out = place(former.parent)
    before = fingerprint(former)
    monkeypatch.setattr(work, "run_job", unread)
    assert_fault(peta("assess", sheet, "--out", out), *words)
    assert fingerprint(former) == before


def test_a_sheet_inside_the_place_of_the_run_is_not_replaced_with_it(sheet: Path, former: Path):
    manifest = former / "manifest.json"
    inside = shutil.copy(sheet, former / ".lembar.csv")
    assert_fault(peta("assess", inside, "--out", former), "terletak di dalam")
    assert Path(inside).exists()
    assert manifest.exists()


def test_a_full_disk_keeps_the_former_run(sheet: Path, former: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = fingerprint(former)
    monkeypatch.setattr(gpd.GeoDataFrame, "to_parquet", full)
    assert_fault(peta("assess", sheet, "--out", former), "ruang disk habis", "Kosongkan ruang")
    assert fingerprint(former) == before


def command(sheet: Path, out: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "app.cli", "assess", str(sheet), "--out", str(out), *words]


def test_a_disk_that_takes_no_more_keeps_the_former_run(sheet: Path, former: Path):
    # the system itself refuses: no file may grow over 40 kB
    before = fingerprint(former)
    words = ["sh", "-c", 'ulimit -f 79 && exec "$@"', "sh", *command(sheet, former)]  # blocks of 512 bytes
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 1, done.stderr
    assert "terlalu besar untuk disk itu" in done.stderr
    assert "Traceback" not in done.stderr
    assert fingerprint(former) == before


@pytest.mark.parametrize(
    ("number", "code", "after"),
    [
        (signal.SIGINT, 130, "Membuka batas desa"),
        (signal.SIGINT, 130, "Menyusun prioritas dan kunjungan"),
        (signal.SIGTERM, 143, "Menggambar peta"),
        (signal.SIGKILL, -9, "Menggambar peta"),
    ],
)
def test_an_interruption_keeps_the_former_run(
    number: signal.Signals, code: int, after: str, sheet: Path, former: Path
):
    before = fingerprint(former)
    # what follows the stage waits for the signal, however slowly this test comes to send it
    waiting = (
        "import time, app.cli, geo.atlas, geo.exports\n"
        f"{'geo.atlas.write_atlas' if after == 'Menggambar peta' else 'geo.exports.write_geojson'} = "
        "lambda *_, **__: time.sleep(60)\n"
        "app.cli.main()\n"
    )
    words = [sys.executable, "-c", waiting, *command(sheet, former)[3:]]
    with subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stderr
        seen = next((line for line in process.stderr if after in line), "")
        process.send_signal(number)
        rest = process.stderr.read()
    assert after in seen
    assert process.returncode == code
    assert "Traceback" not in rest
    if number == signal.SIGKILL:  # nobody was there to clean up; the next run does
        before |= {path: mark for path, mark in fingerprint(former).items() if "/.hasil.tmp-" in path}
    else:
        assert rest.endswith("Dibatalkan. Tidak ada yang ditulis; hasil lama tetap utuh.\n")
    assert fingerprint(former) == before
    assert open_run(former).facts["district"]["nama"] == "Kabupaten Contoh"


def test_an_unexpected_fault_names_its_place_and_not_the_data(sheet: Path, tmp_path: Path):
    broken = (
        "import geo.assessment, app.cli\n"
        "def fail(*_, **__): raise RuntimeError('Sutarmi 3326010101010001')\n"
        "geo.assessment.geocode = fail\n"
        "app.cli.main()\n"
    )
    words = ["assess", str(sheet), "--out", str(tmp_path / "hasil")]
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", broken, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == cli.UNEXPECTED
    last = done.stderr.splitlines()[-1]
    assert re.search(r"Galat tak terduga: RuntimeError di geo/assessment\.py baris \d+\.", last)
    assert "PETA_DEBUG=1" in last
    assert "Sutarmi" not in done.stderr
    assert not (tmp_path / "hasil").exists()
    loud = subprocess.run(  # noqa: S603
        [sys.executable, "-c", broken, *words],
        cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ | {"PETA_DEBUG": "1"},
    )  # fmt: skip
    assert "Traceback" in loud.stderr


def test_assess_says_what_it_did_and_where(sheet: Path, sample_folder: Path, tmp_path: Path):
    out = tmp_path / "dengan [kurung] dan spasi" / "hasil"
    result = peta(
        "assess", sheet, "--settings", sample_folder / "setelan.toml", "--outputs", "laporan", "--out", out
    )
    assert result.exit_code == 0, result.output
    assert is_run(out)
    rows = open_run(out).facts["rows"]
    assert rows["valid"] + rows["rejects"] == rows["sheet"]
    assert (
        f"{rows['sheet']} baris: {rows['valid']} dipakai, {rows['rejects']} ditolak. Hasil: {out}\n"
        in result.output
    )
    assert f"Baca dahulu: {out / 'laporan.html'}\n" in result.output
    assert re.search(r"  Menulis laporan +\d+,\d s", result.output)


def test_a_run_gives_way_to_the_next(sheet: Path, former: Path):
    before = (former / "manifest.json").read_text()
    assert peta("assess", sheet, "--outputs", "", "--out", former).exit_code == 0
    assert (former / "manifest.json").read_text() != before
    assert not (former / "peta.html").exists()
    assert [path.name for path in former.parent.iterdir()] == ["hasil"]


def test_boundaries_for_one_run_only(sheet: Path, district: Boundaries, tmp_path: Path):
    district.desa[["kode_desa", "geometry"]].to_file(tmp_path / "batas.gpkg")
    result = peta(
        "assess", sheet, "--boundaries", tmp_path / "batas.gpkg", "--outputs", "", "--out", tmp_path / "hasil"
    )
    assert result.exit_code == 0, result.output
    facts = open_run(tmp_path / "hasil").facts
    assert "batas.gpkg" in facts["boundaries"]["source"]
    assert not facts["boundaries"]["schematic"]
    digest = hashlib.sha256((tmp_path / "batas.gpkg").read_bytes()).hexdigest()
    assert {each["role"]: each["sha256"] for each in facts["inputs"]}["boundaries"] == digest
    assert not (DISTRICT / "imported").exists()


@pytest.mark.parametrize(
    "words", [["serve"], ["assess", "a.csv"], ["assess", "--out"], ["tidak-ada"], ["demo", "--port", "0"]]
)
def test_a_wrong_call_is_refused_before_anything_else(words: list[str]):
    result = peta(*words)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_serve_refuses_other_machines(run_folder: Path):
    assert_fault(peta("serve", run_folder, "--host", "0.0.0.0"), "--host 127.0.0.1")  # noqa: S104
    assert_fault(peta("serve", run_folder.parent.parent / "tiada"), "boleh masih kosong")


def test_every_command_and_option_is_explained():
    overview = peta("--help").output
    for name in ("assess", "columns", "review", "serve", "demo", "visits", "boundaries", "user", "version"):
        assert re.search(rf"^  {name} +\S", overview, flags=re.MULTILINE)
    assert "..." not in overview.split("Perintah:")[1]
    for words in (
        ["assess"],
        ["serve"],
        ["demo"],
        ["visits"],
        *(["user", word] for word in ("add", "list", "reset", "disable")),
        ["boundaries", "import"],
        ["boundaries", "fetch"],
    ):
        options = peta(*words, "--help").output.split("Pilihan:")[1]
        for line in re.findall(r"^  (--\w[\w-]*.*(?:\n {10,}.*)?)", options, flags=re.MULTILINE):
            assert re.search(r"  [A-Z]\w+ ", line), line


def test_the_version_is_told():
    assert re.fullmatch(r"peta \d+\.\d+\.\d+\n", peta("version").output)


def test_the_command_line_starts_without_what_only_some_commands_need():
    probe = (
        "import sys, app.cli, app.demo\n"
        "heavy = {'geopandas', 'pandas', 'shapely', 'pyproj', 'pyarrow', 'rasterio', 'scipy', 'folium', 'fpdf',"
        " 'fastapi', 'sqlalchemy', 'alembic', 'argon2'}\n"
        "print(*sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == ""


def test_a_sample_as_workbook_is_read_alike(district: Boundaries, tmp_path: Path):
    sample: Sample = make_sample(district.desa, district.sea, households=40)
    write_sample(sample, tmp_path / "csv")
    write_sample(sample, tmp_path / "xlsx", format="xlsx")
    said = []
    for kind in ("csv", "xlsx"):
        path = tmp_path / kind / f"contoh_rumah_tangga.{kind}"
        said.append(peta("assess", path, "--outputs", "", "--out", tmp_path / f"hasil-{kind}").output)
    counts = [re.findall(r"(\d+) baris: (\d+) dipakai, (\d+) ditolak", each) for each in said]
    assert counts[0]
    assert counts[0] == counts[1]
