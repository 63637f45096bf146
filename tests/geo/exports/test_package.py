"""A package: whole or not at all, the same for the same, and nothing in it that was not decided."""

import csv
import hashlib
import io
import json
import re
import sqlite3
import stat
import subprocess
import threading
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from geo.assessment import Assessment
from geo.errors import NotAllowed, NotWritable, SettingsError
from geo.exports import FORMATS, package
from geo.exports.package import Terms, package_name, write_package
from geo.levels import Level
from geo.products import Product, Scope, make_product
from geo.recipes import read_recipes
from geo.settings import SharingSettings

ROOT = Path(__file__).parents[3]
CLIENT = ROOT / ".venv-clients" / "bin" / "python"
ISSUED = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
TABLES = ("csv", "geojson")


def terms(level: Level, **other: object) -> Terms:
    return replace(
        Terms(
            7, "Dinas Kesehatan", "Pemicuan STBM <b>pilar</b> 1", "Permenkes 3/2014", level, ISSUED,
            date(2026, 7, 3), "Bappeda Contoh", "seluruh kabupaten", "meja data",
        ),
        **other,
    )  # fmt: skip


def scope(assessment: Assessment, level: Level) -> Scope:
    recipe = read_recipes()["dinkes"] if level is Level.OPD else None
    rows = frozenset(assessment.counted["sheet_row"].head(12).tolist()) if level is Level.PETUGAS else None
    return Scope(level, recipe, rows=rows, names=level is Level.PETUGAS)


@pytest.fixture(scope="module")
def products(assessment: Assessment) -> dict[Level, Product]:
    names = {int(row): f"p{row:020d}" for row in assessment.counted["sheet_row"]}
    return {
        level: make_product(assessment, scope(assessment, level), SharingSettings(), names, key=b"rahasia")
        for level in Level
    }


@pytest.fixture(scope="module")
def packed(products: dict[Level, Product], tmp_path_factory: pytest.TempPathFactory) -> dict[Level, Path]:
    """Return the folder of an unzipped package of each level."""
    found = {}
    for level, product in products.items():
        folder = tmp_path_factory.mktemp(level.value)
        write_package(product, terms(level), TABLES, folder / "a.zip")
        with zipfile.ZipFile(folder / "a.zip") as archive:
            archive.extractall(folder / "buka")
        (found[level],) = (folder / "buka").iterdir()
    return found


@pytest.mark.parametrize("level", Level)
def test_the_sums_are_those_of_all_files(packed: dict[Level, Path], level: Level):
    folder = packed[level]
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    told = dict(reversed(line.split("  ", 1)) for line in lines)
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there == {*told, "SHA256SUMS"}
    for name, digest in told.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    checked = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder, check=False)  # noqa: S607
    assert checked.returncode == 0


def test_the_folder_names_number_recipient_level_and_day():
    assert package_name(terms(Level.OPD)) == "0007-dinas-kesehatan-opd-2026-05-04"
    hostile = package_name(terms(Level.OPD, recipient="../../Dinas \u202e«Sosial»\n"))
    assert hostile == "0007-dinas-sosial-opd-2026-05-04"


@pytest.mark.parametrize("recipient", [
    "Dinas Perumahan dan Kawasan Permukiman untuk SIMPERUM",
    "Badan Perencanaan, Penelitian, dan Pengembangan Daerah",
])  # fmt: skip
def test_the_name_of_the_folder_ends_at_a_whole_word(recipient: str):
    name = package_name(terms(Level.TERBATAS, recipient=recipient))
    assert len(name) <= 65
    words = re.findall(r"\w+", recipient.lower())
    kept = name.removeprefix("0007-").removesuffix("-terbatas-2026-05-04").split("-")
    assert kept == words[: len(kept)]


@pytest.mark.parametrize("level", Level)
def test_every_format_says_once_to_whom_it_was_handed_over(
    products: dict[Level, Product], tmp_path: Path, level: Level
):
    given = terms(level, purpose="Pemicuan\x00 STBM.\n")
    said = "Pembagian nomor 7 kepada Dinas Kesehatan untuk Pemicuan STBM, boleh dipakai sampai 3 Juli 2026."
    assert given.sentence == said
    write_package(products[level], given, ["geojson", "gpkg", "kmz", "xlsx"], tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        archive.extractall(tmp_path)
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    for path in (folder / "data" / "geojson").iterdir():
        assert json.loads(path.read_text(encoding="utf-8"))["notes"].count(said) == 1
    for path in (folder / "data" / "kmz").iterdir():
        with zipfile.ZipFile(path) as archive:
            assert archive.read("doc.kml").decode().count(said) == 1
    (path,) = (folder / "data" / "xlsx").iterdir()
    cells = [row[1] for row in load_workbook(path)["Keterangan"].iter_rows(values_only=True)]
    assert cells.count(said) == 1
    (path,) = (folder / "data" / "gpkg").glob("*.gpkg")
    with closing(sqlite3.connect(path)) as base:
        about = [row[0] for row in base.execute("SELECT description FROM gpkg_contents")]
    assert any(said in (each or "") for each in about)
    assert said not in products[level].notes


def test_same_product_and_terms_give_the_same_bytes(products: dict[Level, Product], tmp_path: Path):
    made = [
        write_package(products[Level.OPD], terms(Level.OPD), TABLES, tmp_path / name) for name in ("a", "b")
    ]
    assert made[0] == made[1]
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert made[0].sha256 == hashlib.sha256((tmp_path / "a").read_bytes()).hexdigest()
    other = write_package(products[Level.OPD], terms(Level.OPD, number=8), TABLES, tmp_path / "c")
    assert other.sha256 != made[0].sha256


def test_every_name_is_ascii_deflated_and_for_the_owner_alone(products: dict[Level, Product], tmp_path: Path):
    write_package(products[Level.OPD], terms(Level.OPD, recipient="Dinas Ä"), TABLES, tmp_path / "a.zip")
    assert stat.S_IMODE((tmp_path / "a.zip").stat().st_mode) == 0o600
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        for entry in archive.infolist():
            assert entry.filename.isascii()
            assert ".." not in entry.filename
            assert entry.compress_type == zipfile.ZIP_DEFLATED
            assert entry.external_attr >> 16 == 0o100600


@pytest.mark.parametrize("level", Level)
def test_no_column_leaves_that_the_product_does_not_have(
    packed: dict[Level, Path], products: dict[Level, Product], level: Level
):
    product = products[level]
    mark = {"rahasia_untuk", "berlaku_sampai"} if level is Level.PETUGAS else set()
    for name, collection in product.collections.items():
        told = {field.name for field in collection.fields} | mark
        (table,) = (packed[level] / "data" / "csv").glob(f"{name}[.-]*csv")
        header = next(csv.reader(io.StringIO(table.read_text(encoding="utf-8-sig"))))
        assert {*header} - told <= {"lon", "lat"}, name
        (features,) = (packed[level] / "data" / "geojson").glob(f"{name}[.-]*geojson")
        for feature in json.loads(features.read_text(encoding="utf-8"))["features"]:
            assert {*feature["properties"]} == told


@pytest.mark.parametrize("level", [Level.PUBLIK, Level.TERBATAS, Level.OPD])
def test_no_name_number_or_address_stands_in_any_file(
    packed: dict[Level, Path], assessment: Assessment, level: Level
):
    everything = "\n".join(
        path.read_text(encoding="utf-8") for path in packed[level].rglob("*") if path.is_file()
    )
    persons = assessment.counted
    for column in ("nik", "no_kk", "alamat"):
        values = persons[column].dropna().astype(str)
        assert not [value for value in values[values.str.len() > 6].head(200) if value in everything], column
    assert "RAHASIA" not in everything


def test_names_leave_with_their_mark_on_every_file(packed: dict[Level, Path], products: dict[Level, Product]):
    folder = packed[Level.PETUGAS]
    for path in (folder / "data").rglob("*.*"):
        assert "RAHASIA-sampai-2026-07-03" in path.name
    (table,) = (folder / "data" / "csv").glob("rumah_tangga*.csv")
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8-sig"))))
    assert len(rows) == len(products[Level.PETUGAS].collections["rumah_tangga"].table)
    assert {row["berlaku_sampai"] for row in rows} == {"2026-07-03"}
    assert all("Dinas Kesehatan" in row["rahasia_untuk"] for row in rows)
    mark = terms(Level.PETUGAS).mark
    for name in ("BACA-DULU.html", "KETENTUAN.txt", "metadata.xml"):
        assert mark in (folder / name).read_text(encoding="utf-8")
    assert mark in json.loads((folder / "datapackage.json").read_text())["notes"]


def test_every_printed_page_of_a_workbook_with_names_bears_the_mark(
    products: dict[Level, Product], tmp_path: Path
):
    for level in (Level.PETUGAS, Level.OPD):
        write_package(products[level], terms(level, recipient="Dinas A & B"), ["xlsx"], tmp_path / "a.zip")
        with zipfile.ZipFile(tmp_path / "a.zip") as archive:
            (name,) = [each for each in archive.namelist() if each.endswith(".xlsx")]
            workbook = io.BytesIO(archive.read(name))
        with zipfile.ZipFile(workbook) as parts:
            sheets = [parts.read(each).decode() for each in parts.namelist() if "worksheets/sheet" in each]
        marked = ["<oddHeader>&amp;CRAHASIA – hanya untuk Dinas A &amp;&amp; B" in each for each in sheets]
        assert marked == [level is Level.PETUGAS] * len(sheets)


@pytest.mark.parametrize("level", Level)
def test_the_first_page_explains_every_column_and_runs_nothing(
    packed: dict[Level, Path], products: dict[Level, Product], level: Level
):
    page = (packed[level] / "BACA-DULU.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<b>pilar</b>" not in page
    assert "&lt;b&gt;pilar&lt;/b&gt;" in page
    for collection in products[level].collections.values():
        for field in collection.fields:
            assert f">{field.name}<" in page
    for words in ("Dinas Kesehatan", "3 Juli 2026", "Bappeda Contoh", "Undang-Undang Nomor 27 Tahun 2022"):
        assert words in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page


def test_the_dictionary_has_a_line_a_column(packed: dict[Level, Path], products: dict[Level, Product]):
    text = (packed[Level.OPD] / "kamus-data.csv").read_text(encoding="utf-8-sig")
    told = [(row["koleksi"], row["kolom"]) for row in csv.DictReader(io.StringIO(text))]
    collections = products[Level.OPD].collections.values()
    for each in collections:
        columns = [column for collection, column in told if collection == each.id]
        assert columns == [*(field.name for field in each.fields), "lon", "lat"]


@pytest.mark.parametrize("level", Level)
def test_frictionless_finds_the_package_valid(packed: dict[Level, Path], level: Level):
    if not CLIENT.is_file():
        pytest.skip("the environment .venv-clients is not there")
    ran = subprocess.run(  # noqa: S603
        [CLIENT, "-m", "frictionless", "validate", "datapackage.json", "--json"],
        cwd=packed[level], capture_output=True, text=True, check=False,
    )  # fmt: skip
    report = json.loads(ran.stdout)
    assert report["valid"], [task["errors"][:3] for task in report["tasks"] if not task["valid"]] + report[
        "errors"
    ]
    tables = [task for task in report["tasks"] if task["type"] == "table"]
    assert len(tables) == len(list((packed[level] / "data" / "csv").iterdir())) + 1
    assert all(task["stats"]["rows"] for task in tables if "kamus" in task["name"])


def test_frictionless_takes_a_package_of_all_formats(products: dict[Level, Product], tmp_path: Path):
    if not CLIENT.is_file():
        pytest.skip("the environment .venv-clients is not there")
    write_package(products[Level.PETUGAS], terms(Level.PETUGAS), list(FORMATS), tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        archive.extractall(tmp_path)
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    ran = subprocess.run(  # noqa: S603
        [CLIENT, "-m", "frictionless", "validate", "datapackage.json", "--json"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    report = json.loads(ran.stdout)
    assert report["valid"], [task["errors"][:3] for task in report["tasks"] if not task["valid"]] + report[
        "errors"
    ]
    assert len(report["tasks"]) > len(FORMATS)


def test_a_wrong_cell_is_found_by_frictionless(packed: dict[Level, Path], tmp_path: Path):
    """The schema says something: a file that was changed does not pass."""
    if not CLIENT.is_file():
        pytest.skip("the environment .venv-clients is not there")
    folder = tmp_path / "salinan"
    folder.mkdir()
    told = json.loads((packed[Level.PUBLIK] / "datapackage.json").read_text())
    (resource,) = [each for each in told["resources"] if each["path"] == "data/csv/kecamatan.csv"]
    lines = (packed[Level.PUBLIK] / resource["path"]).read_text(encoding="utf-8-sig").splitlines()
    (folder / "kecamatan.csv").write_text("\n".join([*lines, lines[1]]), encoding="utf-8")
    for name in ("hash", "bytes"):
        resource.pop(name)
    (folder / "datapackage.json").write_text(
        json.dumps(told | {"resources": [resource | {"path": "kecamatan.csv"}]})
    )
    ran = subprocess.run(  # noqa: S603
        [CLIENT, "-m", "frictionless", "validate", "datapackage.json", "--json"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert not json.loads(ran.stdout)["valid"]


_READ_ISO = """
import json, sys
from owslib.etree import etree
from owslib.iso import MD_Metadata
found = MD_Metadata(etree.parse(sys.argv[1]))
(about,) = found.identification
print(json.dumps({
    "id": found.identifier, "language": found.languagecode, "level": found.hierarchy, "stamp": found.datestamp,
    "contact": [(each.organization, each.name, each.role) for each in found.contact],
    "title": about.title, "abstract": about.abstract,
    "dates": [(each.date, each.type) for each in about.date],
    "box": [about.bbox.minx, about.bbox.miny, about.bbox.maxx, about.bbox.maxy],
    "limits": about.uselimitation, "other": about.otherconstraints, "class": about.securityconstraints,
    "crs": found.referencesystem.code, "lineage": found.dataquality.lineage,
    "formats": found.distribution.format,
}))
"""


@pytest.mark.parametrize("level", Level)
def test_owslib_reads_the_metadata(packed: dict[Level, Path], products: dict[Level, Product], level: Level):
    if not CLIENT.is_file():
        pytest.skip("the environment .venv-clients is not there")
    path = packed[level] / "metadata.xml"
    ran = subprocess.run([CLIENT, "-c", _READ_ISO, path], capture_output=True, text=True, check=True)  # noqa: S603
    told = json.loads(ran.stdout)
    assert (told["language"], told["level"], told["stamp"], told["crs"]) == (
        "ind",
        "dataset",
        "2026-05-04",
        "4326",
    )
    assert told["contact"] == [["Bappeda Contoh", None, "pointOfContact"]]
    assert "Dinas Kesehatan" in told["title"]
    assert ["2026-05-04", "publication"] in told["dates"]
    assert [kind for _, kind in told["dates"]] == ["creation", "publication"]
    west, south, east, north = map(float, told["box"])
    for collection in products[level].collections.values():
        drawn = collection.table.geometry.dropna()
        if drawn.empty:
            continue
        bounds = drawn.total_bounds
        assert west <= bounds[0] <= bounds[2] <= east
        assert south <= bounds[1] <= bounds[3] <= north
    assert any("2026-07-03" in each for each in told["other"])
    assert any("Yang tidak boleh dilakukan" in each for each in told["limits"])
    assert told["class"] == [
        {"publik": "unclassified", "terbatas": "restricted", "opd": "confidential"}.get(level, "secret")
    ]


def test_text_that_no_xml_takes_does_not_break_the_metadata(products: dict[Level, Product], tmp_path: Path):
    from xml.etree import ElementTree as ET  # noqa: PLC0415  -- our own file

    hostile = terms(Level.OPD, recipient="Dinas \x00\x0b]]>\ufffe&amp;", purpose="a \x1b[31m <gco:x/>")
    write_package(products[Level.OPD], hostile, ["csv"], tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        (name,) = [each for each in archive.namelist() if each.endswith("metadata.xml")]
        root = ET.fromstring(archive.read(name))  # noqa: S314
    assert not list(root.iter("{http://www.isotc211.org/2005/gco}x"))


def test_another_level_than_the_terms_is_refused(products: dict[Level, Product], tmp_path: Path):
    with pytest.raises(NotAllowed, match="bertingkat opd"):
        write_package(products[Level.OPD], terms(Level.PUBLIK), TABLES, tmp_path / "a.zip")
    assert not list(tmp_path.iterdir())


def test_a_column_without_a_line_in_the_dictionary_is_refused(products: dict[Level, Product], tmp_path: Path):
    product = products[Level.OPD]
    desa = product.collections["desa"]
    more = replace(desa, table=desa.table.assign(nik="3326010101900001"))
    with pytest.raises(NotAllowed, match="Kolom nik di desa"):
        write_package(
            replace(product, collections={**product.collections, "desa": more}),
            terms(Level.OPD),
            TABLES,
            tmp_path / "a",
        )


@pytest.mark.parametrize(("formats", "told"), [(["dwg"], "«dwg» tidak ada"), ([], "paling sedikit satu")])
def test_formats_that_are_none_are_refused(products: dict[Level, Product], tmp_path: Path, formats, told):
    with pytest.raises(SettingsError, match=told):
        write_package(products[Level.PUBLIK], terms(Level.PUBLIK), formats, tmp_path / "a.zip")


@pytest.mark.parametrize("fault", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_what_breaks_in_the_middle_leaves_nothing(
    products: dict[Level, Product], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault
):
    (tmp_path / "a.zip").write_bytes(b"yang lama")

    def broken(*_: object) -> None:
        raise fault

    monkeypatch.setattr(package, "_pack", broken)
    with pytest.raises((KeyboardInterrupt, NotWritable)):
        write_package(products[Level.OPD], terms(Level.OPD), TABLES, tmp_path / "a.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
    assert (tmp_path / "a.zip").read_bytes() == b"yang lama"


def test_a_folder_that_is_not_there_is_told(products: dict[Level, Product], tmp_path: Path):
    with pytest.raises(NotWritable, match="tidak dapat ditulis"):
        write_package(products[Level.PUBLIK], terms(Level.PUBLIK), TABLES, tmp_path / "tidak" / "a.zip")


def test_two_at_once_do_not_meet(products: dict[Level, Product], tmp_path: Path):
    made, faults = [], []

    def one(level: Level) -> None:
        try:
            made.append(write_package(products[level], terms(level), TABLES, tmp_path / "a.zip").sha256)
        except BaseException as fault:  # noqa: BLE001  -- told below, in the thread of the test
            faults.append(fault)

    threads = [
        threading.Thread(target=one, args=(level,)) for level in (Level.OPD, Level.PUBLIK) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert len({*made}) == 2
    assert hashlib.sha256((tmp_path / "a.zip").read_bytes()).hexdigest() in made
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_goes_into_a_package_and_comes_out_the_same(
    products: dict[Level, Product], tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
):
    made = write_package(products[Level.PETUGAS], terms(Level.PETUGAS), [name], tmp_path / "a.zip")
    data = [each for each in made.files if each.startswith("data/")]
    assert data
    assert all(each.startswith(f"data/{name}/") and "RAHASIA" in each for each in data)
    monkeypatch.setenv("TZ", "Asia/Jayapura")  # another machine, at another moment
    assert write_package(products[Level.PETUGAS], terms(Level.PETUGAS), [name], tmp_path / "b.zip") == made
