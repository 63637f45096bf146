"""The main job from a sheet to everything a district reads, prints and sends; every output is opened."""

import hashlib
import json
import re
from contextlib import AbstractContextManager, nullcontext
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pikepdf
import pytest

from geo import __version__
from geo.boundaries import Boundaries, read_boundaries
from geo.boundary_import import boundaries_from_file
from geo.geocoding import QUALITIES
from geo.job import OUTPUTS, run_job
from geo.runs import LIBRARIES, MAPPED, PLAIN, open_run
from geo.sample import make_sample, write_sample
from geo.settings import Settings, read_settings
from tests.rfc7946 import check_rfc7946

STAGES = [
    "Membaca lembar",
    "Menempatkan rumah tangga",
    "Memisahkan zona",
    "Mengukur kebutuhan",
    "Menghitung angka",
    "Mencari kelompok kebutuhan",
    "Menyusun prioritas dan kunjungan",
    "Menulis GeoJSON",
    "Menggambar peta",
    "Mencetak buku peta",
    "Menulis daftar perbaikan",
    "Menulis laporan",
]
COLLECTIONS = {"clusters", "desa", "hot_spots", "households", "kecamatan", "scans", "zones"}
SHIPPED = Path(__file__).parents[2] / "data" / "boundaries"


def quiet(_: str) -> AbstractContextManager[None]:
    return nullcontext()


def assert_whole(run: Path, sheet: Path, desa: gpd.GeoDataFrame) -> None:
    """Check that every row is accounted for and every output opens and agrees with the tables."""
    kept = open_run(run)
    read = pd.read_csv(sheet, sep=";", dtype=str, skip_blank_lines=False).dropna(how="all")
    rows = np.sort(np.concatenate([kept.households["sheet_row"], kept.rejects["sheet_row"]]))
    np.testing.assert_array_equal(rows, read.index + 2)  # each once; the header is row 1
    assert kept.facts["rows"]["sheet"] == len(read)
    assert sum(kept.facts["location"].values()) == len(kept.counted)
    assert set(kept.facts["location"]) == set(QUALITIES)

    for name in MAPPED:
        table = gpd.read_parquet(run / f"{name}.parquet")
        assert table.crs == "EPSG:4326"
        assert table.geometry.dropna().is_valid.all()
    assert len(kept.desa) == len(desa)
    assert kept.desa["households"].sum() == kept.counted["kode_desa"].notna().sum()
    placed = kept.households["location_quality"].isin(["gps", "gps_border"])
    pd.testing.assert_series_equal(kept.households.geometry.notna(), placed, check_names=False)

    collections = sorted((run / "geojson").iterdir())
    assert [path.stem for path in collections] == sorted(COLLECTIONS)
    for path in collections:
        assert check_rfc7946(path) == []
    drawn = json.loads((run / "geojson" / "households.geojson").read_text(encoding="utf-8"))
    placed = kept.counted.geometry.notna()
    assert len(drawn["features"]) == int(placed.sum())
    assert drawn["tanpa_titik"] == int((~placed).sum())

    with pikepdf.open(run / "atlas.pdf") as atlas:
        assert len(atlas.pages) == len(desa)
    for page in ("peta.html", "laporan.html"):
        assert_stands_alone((run / page).read_text(encoding="utf-8"))
    assert_nobody_is_named(run, kept.households)


def assert_stands_alone(page: str) -> None:
    """Check that a page loads nothing: no address in any attribute or style that a browser follows by itself."""
    assert page.rstrip().endswith("</html>")
    markup = re.sub(r"(?s)(<script[^>]*>).*?</script>", r"\1</script>", page)
    loading = re.findall(r"<(?:script|img|iframe|source|audio|video|embed|link|object)\b[^>]*", markup)
    sources = [found for tag in loading for found in re.findall(r"(?:src|href|data)=[\"']?([^\"'\s>]+)", tag)]
    assert [source for source in sources if not source.startswith("data:")] == []
    assert not re.search(r"@import|url\([\"']?(?:https?:)?//", page)


def assert_nobody_is_named(run: Path, households: gpd.GeoDataFrame) -> None:
    """Check that what is read, printed and sent holds no number and no full name of the sheet."""
    paths = [*run.glob("*.html"), *run.glob("*.json"), *run.glob("geojson/*.geojson")]
    texts = {path: path.read_text(encoding="utf-8") for path in paths}
    numbers = set(households["nik"].dropna()) | set(households["no_kk"].dropna())
    # a name of one short word may also be a desa, or any word
    names = {name for name in households["nama"].dropna() if " " in name.strip() and len(name) > 8}
    assert numbers
    assert names
    for path, text in texts.items():
        assert not numbers & set(re.findall(r"\d{10,}", text)), path
        words = text.split()
        pairs = {" ".join(pair) for pair in pairwise(words)}  # thousands of names, megabytes of text
        found = [name for name in names if " ".join(name.split()[:2]) in pairs and name in text]
        assert not found, path


def test_the_search_for_names_finds_one(run_folder: Path, tmp_path: Path):
    households = open_run(run_folder).households
    name = next(name for name in households["nama"].dropna() if " " in name and len(name) > 8)
    (tmp_path / "laporan.html").write_text(f"<td> {name} </td>", encoding="utf-8")
    with pytest.raises(AssertionError, match=r"laporan\.html"):
        assert_nobody_is_named(tmp_path, households)


def test_every_row_is_accounted_for_and_every_output_opens(
    run_folder: Path, sheet: Path, district: Boundaries
):
    assert_whole(run_folder, sheet, district.desa)


def test_the_manifest_says_what_the_run_was_made_from(
    run_folder: Path, sheet: Path, sample_folder: Path, sample_settings: Settings
):
    manifest = json.loads((run_folder / "manifest.json").read_text(encoding="utf-8"))
    facts = manifest["facts"]
    inputs = {each["role"]: each for each in facts["inputs"]}
    given = {
        "sheet": sheet,
        "land_cover": sample_folder / "tutupan_lahan.tif",
        "urban_families": sample_folder / "contoh_keluarga.csv",
        "boundaries": Path(__file__).parents[1] / "data" / "district" / "desa.geojson",
    }
    assert set(inputs) == set(given)
    for role, path in given.items():
        assert inputs[role]["name"] == path.name
        assert inputs[role]["bytes"] == path.stat().st_size
        assert inputs[role]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    stated = sample_settings.model_dump(mode="json")
    stated["layers"] |= {"land_cover": ["tutupan_lahan.tif"], "urban_families": "contoh_keluarga.csv"}
    stated["visits"]["router"] = False  # whether one was asked, not its address
    assert facts["settings"] == stated
    assert str(sheet.parent) not in json.dumps(manifest)  # no folder of this machine
    assert facts["profiles"]["rtlh"].startswith("bps_sdg")
    measured = {"rtlh", "jamban", "jamban_sendiri", "babs", "penyakit_kronis", "disabilitas"}
    assert set(facts["needs"]) == set(facts["profiles"]) == measured
    for counts in facts["needs"].values():
        assert counts["known"] + counts["unknown"] == facts["rows"]["counted"]
    assert manifest["peta"] == __version__
    assert set(manifest["libraries"]) == set(LIBRARIES)
    assert manifest["tables"] == {
        name: len(pd.read_parquet(run_folder / f"{name}.parquet")) for name in (*MAPPED, *PLAIN)
    }
    # the report is written while its own time still runs
    assert list(manifest["seconds"]) == STAGES
    assert all(duration >= 0 for duration in manifest["seconds"].values())
    made = {path.relative_to(run_folder).as_posix() for path in run_folder.rglob("*") if path.is_file()}
    assert set(manifest["files"]) == made - {"manifest.json"}
    for name, digest in manifest["files"].items():
        assert digest == hashlib.sha256((run_folder / name).read_bytes()).hexdigest()


@pytest.mark.parametrize("outputs", [(), ("laporan",), ("geojson", "peta"), OUTPUTS])
def test_only_the_outputs_asked_for_are_made(
    outputs: tuple[str, ...], sheet: Path, district: Boundaries, sample_settings: Settings, tmp_path: Path
):
    seen: list[str] = []

    def stage(name: str) -> AbstractContextManager[None]:
        seen.append(name)
        return nullcontext()

    run_job(sheet, tmp_path / "hasil", district, sample_settings, outputs=outputs, stage=stage)
    there = {path.name for path in (tmp_path / "hasil").iterdir() if path.suffix != ".parquet"}
    files = {"peta": "peta.html", "atlas": "atlas.pdf", "geojson": "geojson", "laporan": "laporan.html"}
    assert there == {"manifest.json", "rejects.xlsx", "ganda.xlsx", *(files[each] for each in outputs)}
    assert seen[: len(STAGES) - 5] == STAGES[:-5]
    assert len(seen) == len(STAGES) - 4 + len(outputs)
    if "laporan" in outputs:
        links = re.findall(
            r'href="([^"#]+)"', (tmp_path / "hasil" / "laporan.html").read_text(encoding="utf-8")
        )
        links = [link for link in links if not link.startswith("data:")]
        assert "manifest.json" in links
        assert [link for link in links if not (tmp_path / "hasil" / link).exists()] == []


THIN = {
    "one household": "NIK;Nama;Desa;Kecamatan;Lintang;Bujur;Jenis Atap;Jenis Dinding;Jenis Lantai;Luas Lantai;"
    "Jumlah ART;Fasilitas BAB;Jenis Kloset;Pembuangan Akhir Tinja\n"
    "9900;Uji Coba;{desa};{kecamatan};{lintang};{bujur};1;1;1;40;4;1;1;1\n",
    "no indicator": "NIK;Desa;Kecamatan\n9900;{desa};{kecamatan}\n9901;{desa};{kecamatan}\n",
    "nobody found": "NIK;Desa;Desil\n9900;Entah Di Mana;1\n9901;;2\n",
    "every row rejected": "NIK;Desa;Desil\n9900;{desa};77\n9901;{desa};99\n",
    "latrines only": "NIK;Desa;Kecamatan;Fasilitas BAB;Jenis Kloset;Pembuangan Akhir Tinja\n"
    "9900;{desa};{kecamatan};1;1;1\n9901;{desa};{kecamatan};4;;\n",
}


@pytest.mark.parametrize("name", THIN)
def test_a_thin_sheet_still_gives_every_output(name: str, district: Boundaries, tmp_path: Path):
    first = district.desa.iloc[0]
    sheet = tmp_path / "tipis.csv"
    inside = first.geometry.representative_point()
    place = {
        "desa": first["nama_desa"],
        "kecamatan": first["nama_kecamatan"],
        "lintang": inside.y,
        "bujur": inside.x,
    }
    sheet.write_text(THIN[name].format(**place), encoding="utf-8")
    found = run_job(sheet, tmp_path / "hasil", district, Settings(), stage=quiet)
    rows = found.facts["rows"]
    assert rows["valid"] + rows["rejects"] == rows["sheet"] == len(sheet.read_text().splitlines()) - 1
    with pikepdf.open(tmp_path / "hasil" / "atlas.pdf") as atlas:
        assert len(atlas.pages) == len(district.desa)
    for path in (tmp_path / "hasil" / "geojson").iterdir():
        assert check_rfc7946(path) == []


def test_a_fault_in_an_output_leaves_no_run(
    sheet: Path,
    district: Boundaries,
    sample_settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    def fail(*_: object, **__: object) -> None:
        raise ValueError("rusak")

    monkeypatch.setattr("geo.report.render_report", fail)
    with pytest.raises(ValueError, match="rusak"):
        run_job(
            sheet, tmp_path / "hasil", district, sample_settings, outputs=("geojson", "laporan"), stage=quiet
        )
    assert list(tmp_path.iterdir()) == []


def test_the_shipped_boundaries_end_to_end(tmp_path: Path):
    run = end_to_end(read_boundaries(SHIPPED), tmp_path)
    assert "Batas skematik, bukan batas resmi" in (run / "laporan.html").read_text(encoding="utf-8")
    assert open_run(run).facts["boundaries"]["schematic"]


def test_the_published_boundaries_end_to_end(real_data: Path, tmp_path: Path):
    run = end_to_end(boundaries_from_file(real_data / "id3326_pekalongan.geojson", SHIPPED), tmp_path)
    assert "skematik" not in (run / "laporan.html").read_text(encoding="utf-8").lower()
    assert not open_run(run).facts["boundaries"]["schematic"]


def end_to_end(boundaries: Boundaries, folder: Path) -> Path:
    """Invent a few thousand households in a whole kabupaten, assess them, check everything, return the run."""
    assert len(boundaries.desa) == 285
    sheet = write_sample(make_sample(boundaries.desa, boundaries.sea, households=3000), folder / "contoh")
    settings = read_settings(folder / "contoh" / "setelan.toml")
    found = run_job(sheet, folder / "hasil", boundaries, settings, stage=quiet)
    assert_whole(folder / "hasil", sheet, boundaries.desa)
    assert found.facts["location"]["none"] < 0.05 * len(found.households)
    return folder / "hasil"
