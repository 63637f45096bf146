"""Waypoints bear the numbers of the sheets, at the houses' own points, and nobody's name."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.assessment import Assessment
from geo.atlas.options import Printed
from geo.atlas.waypoints import GPX, KML, waypoints, write_gpx, write_kml
from geo.house_numbers import add_house_numbers
from geo.symbology import NEED_TITLES
from tests.geo.atlas.test_binding import program
from tests.geo.small import small_assessment

CREATED = datetime.fromisoformat("2026-01-05T06:30:00+07:00")
NAMES = {"g": GPX, "k": KML}


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "hostile"])
def found(request: pytest.FixtureRequest) -> tuple[Assessment, Printed]:
    """Return an assessment with numbered houses, and what a book of its first five desa would hold."""
    assessment = small_assessment(hostile=request.param)
    assessment = replace(assessment, households=add_house_numbers(assessment.households))
    counted = assessment.counted.dropna(subset=["kode_desa"])
    rows = counted[counted["kode_desa"].isin(sorted(assessment.desa["kode_desa"])[:5])]
    rows = rows.sort_values(["kode_desa", "house_number"])
    has_point = (rows.geometry.notna() & ~rows.geometry.is_empty).to_numpy()
    households = pd.DataFrame(
        {
            "kode_desa": rows["kode_desa"].to_numpy(),
            "sheet_row": rows["sheet_row"].to_numpy(),
            "number": rows["house_number"].to_numpy(dtype=np.int64),
            "part": has_point.astype(int),
            "sheet": [
                f"{kode}-{part:02d}-K7Q2A" for kode, part in zip(rows["kode_desa"], has_point, strict=True)
            ],
            "cell": np.where(has_point, "B4", ""),
        }
    )
    return assessment, Printed(9, pd.DataFrame(), households)


def gpx_points(path: Path) -> pd.DataFrame:
    points = ET.parse(path).getroot().iterfind("g:wpt", NAMES)  # noqa: S314  -- our own file
    return pd.DataFrame(
        [
            {"lon": float(point.attrib["lon"]), "lat": float(point.attrib["lat"])}
            | {child.tag.rpartition("}")[2]: child.text for child in point}
            for point in points
        ]
    )


def kml_points(path: Path) -> pd.DataFrame:
    rows = []
    for folder in ET.parse(path).getroot().iterfind("k:Document/k:Folder", NAMES):  # noqa: S314  -- our own file
        for mark in folder.iterfind("k:Placemark", NAMES):
            told = {child.tag.rpartition("}")[2]: child.text for child in mark}
            lon, lat = str(mark.findtext("k:Point/k:coordinates", namespaces=NAMES)).split(",")
            rows.append(
                told | {"folder": folder.findtext("k:name", namespaces=NAMES), "lon": lon, "lat": lat}
            )
    return pd.DataFrame(rows).astype({"lon": float, "lat": float})


@pytest.fixture
def files(found, tmp_path):
    """Write both files; return the waypoints and the paths."""
    houses = waypoints(*found)
    gpx, kml = tmp_path / "titik.gpx", tmp_path / "titik.kml"
    counts = [
        write(path, houses, title="Daftar <b>\x00 & \u202e", created=CREATED)
        for write, path in ((write_gpx, gpx), (write_kml, kml))
    ]
    assert counts == [houses["lon"].notna().sum()] * 2
    return houses, gpx, kml


def test_every_house_of_the_book_is_a_waypoint_at_its_own_point(found):
    assessment, printed = found
    houses = waypoints(assessment, printed)
    assert list(houses["number"]) == list(printed.households["number"])
    assert list(houses["sheet"]) == list(printed.households["sheet"])
    own = assessment.households.set_index("sheet_row").loc[printed.households["sheet_row"]]
    assert list(houses["nama_desa"]) == list(own["nama_desa"])
    np.testing.assert_array_equal(houses["lon"], own.geometry.x)
    np.testing.assert_array_equal(houses["lat"], own.geometry.y)
    assert set(houses["need"]) <= set(NEED_TITLES)
    assert 0 < houses["lon"].isna().sum() < len(houses)


def test_both_files_hold_the_same_houses_under_the_numbers_of_the_sheets(files):
    houses, gpx, kml = files
    placed = houses[houses["lon"].notna()]
    for points in (gpx_points(gpx), kml_points(kml)):
        assert list(points["name"].str.extract(r"(\d+)$", expand=False).astype(int)) == list(placed["number"])
        np.testing.assert_allclose(points[["lon", "lat"]], placed[["lon", "lat"]], atol=1e-7)
    names = gpx_points(gpx)["name"]
    assert list(names) == list(kml_points(kml)["name"])
    assert names.is_unique
    told = gpx_points(gpx)["desc"]
    for text, sheet, words in zip(told, placed["sheet"], placed["words"], strict=True):
        assert text.startswith(f"Lembar {sheet}; petak B4; kebutuhan: {words}")


def test_a_book_of_one_desa_needs_no_name_of_it(files, tmp_path):
    houses, _, _ = files
    one = houses[houses["kode_desa"] == houses["kode_desa"].iloc[0]]
    write_gpx(tmp_path / "satu.gpx", one, title="Satu", created=CREATED)
    assert list(gpx_points(tmp_path / "satu.gpx")["name"]) == list(
        one["number"][one["lon"].notna()].astype(str)
    )


def test_a_day_begins_with_the_turn_and_names_are_whole(tmp_path):
    houses = pd.DataFrame(
        {"kode_desa": ["99.01.01.2001", "99.01.01.2002"], "nama_desa": ["Kedungpatangewu Lor", "Satu"],
         "number": [6, 58], "sheet": ["a", "b"], "cell": "B4", "turn": [1, 2], "lon": 109.6, "lat": -7.0,
         "need": "rtlh", "words": "RTLH", "dusun": "", "rt": "", "rw": ""}
    )  # fmt: skip
    write_gpx(tmp_path / "a.gpx", houses, title="Regu 1, hari 1", created=datetime(2026, 1, 1, tzinfo=UTC))
    text = (tmp_path / "a.gpx").read_text(encoding="utf-8")
    assert text.index("<name>1. Kedungpatangewu Lor 6</name>") < text.index("<name>2. Satu 58</name>")
    assert "<desc>Urut 1; Lembar a" in text


def test_folders_and_colours_follow_desa_and_need(files):
    houses, _, kml = files
    placed = houses[houses["lon"].notna()]
    points = kml_points(kml)
    assert list(points["folder"].str.split(" ", n=1).str[0]) == list(placed["kode_desa"])
    assert list(points["styleUrl"]) == [f"#{need}" for need in placed["need"]]
    styles = ET.parse(kml).getroot().findall("k:Document/k:Style", NAMES)  # noqa: S314  -- our own file
    assert {style.attrib["id"] for style in styles} == set(NEED_TITLES)


def test_those_without_a_point_are_told_by_number_alone(files):
    houses, gpx, kml = files
    left = int(houses["lon"].isna().sum())
    for note in (
        ET.parse(gpx).getroot().findtext("g:metadata/g:desc", namespaces=NAMES),  # noqa: S314  -- our own file
        ET.parse(kml).getroot().findtext("k:Document/k:description", namespaces=NAMES),  # noqa: S314  -- our own file
    ):
        assert f"{left} rumah tanpa titik tidak ada di sini" in str(note)
    time = ET.parse(gpx).getroot().findtext("g:metadata/g:time", namespaces=NAMES)  # noqa: S314  -- our own file
    assert time == "2026-01-04T23:30:00Z"


def test_nobody_is_named(found, tmp_path):
    assessment, printed = found
    households = assessment.households.assign(
        nama="SITI RAHASIA", alamat="JALAN RAHASIA 1", nik="3326019999999999"
    )
    houses = waypoints(replace(assessment, households=households), printed)
    for write in (write_gpx, write_kml):
        write(tmp_path / "titik", houses, title="Titik", created=CREATED)
        text = (tmp_path / "titik").read_text(encoding="utf-8")
        assert "RAHASIA" not in text
        assert not re.search(r"\d{16}", text)
        assert (tmp_path / "titik").stat().st_mode & 0o777 == 0o600


def test_no_house_with_a_point_is_still_a_file(files, tmp_path):
    none = files[0].assign(lon=np.nan, lat=np.nan)
    assert write_gpx(tmp_path / "titik.gpx", none, title="Titik", created=CREATED) == 0
    assert write_kml(tmp_path / "titik.kml", none, title="Titik", created=CREATED) == 0
    assert len(gpx_points(tmp_path / "titik.gpx")) == 0


def test_gdal_reads_the_same_houses(files):
    houses, *paths = files
    for path in paths:
        assert program("ogrinfo")("-al", path).count("  POINT (") == houses["lon"].notna().sum()


def test_in_kml_no_text_of_the_sheet_is_markup(found: tuple[Assessment, Printed], tmp_path: Path) -> None:
    points = waypoints(*found).assign(
        dusun='<img src="http://x/y.png">A&amp;\u202eB\x07', nama_desa="<b>Desa</b>"
    )
    write_kml(tmp_path / "a.kml", points, title="<i>Judul</i>", created=CREATED)
    root = ET.parse(tmp_path / "a.kml").getroot()  # noqa: S314  -- our own file
    shown = [element.text or "" for element in root.iter()]
    assert any("&lt;img src=" in text and "&amp;amp;B" in text for text in shown)
    assert not any("<" in text or "\u202e" in text or "\x07" in text for text in shown)
