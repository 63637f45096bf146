"""Minutes between places: straight lines, slopes, and a road router on this machine."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine

from geo.crs import MEASURING
from geo.errors import LayerError, MissingCrs, OutsideDistrict, SettingsError
from geo.settings import VisitSettings
from geo.visits import router
from geo.visits.plan import check_visit_settings
from geo.visits.stops import Places
from geo.visits.travel import CLIMB_M, NO_WAY, travel_minutes

DESA = gpd.GeoDataFrame(geometry=[shapely.box(109.4, -7.2, 109.8, -6.8)], crs=4326)

EAST, NORTH = 390_000.0, 9_236_000.0


def places(*metres_east: float, spread: float = 0.0) -> Places:
    x = EAST + np.array(metres_east)
    return Places(x, np.full(len(x), NORTH), np.where(np.arange(len(x)) == 0, spread, 0.0))


def test_a_straight_line_is_made_longer_and_driven_at_the_speed_that_is_set():
    told = travel_minutes(places(0, 1000), MEASURING, VisitSettings(detour=1.5, speed_kmh=30))
    assert told.minutes == pytest.approx(np.array([[0, 3], [3, 0]]))
    assert told.notes == (
        "Jalan ditaksir 1,5 x garis lurus, 30 km/jam; sungai dan laut di antaranya tidak dihitung.",
    )


def test_a_place_known_by_its_surroundings_alone_takes_a_way_to_find():
    told = travel_minutes(places(0, 0, spread=500.0), MEASURING, VisitSettings(detour=1, speed_kmh=30))
    assert told.minutes[0, 1] == pytest.approx(1.0)
    assert told.minutes[0, 0] == 0


def write_dem(
    path: Path, slope: float, *, crs: object = MEASURING, shift: float = 0.0, bands: int = 1
) -> Path:
    """Write heights that rise to the east, by metres a metre."""
    heights = (np.arange(120) * 50.0 * slope).astype("float32") * np.ones((120, 1), "float32")
    kind = {"height": 120, "width": 120, "count": bands, "dtype": "float32", "nodata": -9999.0, "crs": crs}
    corner = Affine(50, 0, EAST - 2000 + shift, 0, -50, NORTH + 3000)
    with rasterio.open(path, "w", driver="GTiff", transform=corner, **kind) as file:
        for band in range(1, bands + 1):
            file.write(heights, band)
    return path


def test_a_climb_takes_time_and_a_descent_takes_none(tmp_path: Path):
    dem = write_dem(tmp_path / "tinggi.tif", 0.1)
    wanted = VisitSettings(detour=1, speed_kmh=30, dem=dem)
    told = travel_minutes(places(0, 2000), MEASURING, wanted)
    assert told.minutes[1, 0] == pytest.approx(4.0)
    assert told.minutes[0, 1] == pytest.approx(4.0 + 200 * CLIMB_M / 500, rel=0.1)
    assert "Naismith" in told.notes[-1]
    assert "tinggi.tif" in told.notes[-1]


def test_on_level_ground_heights_change_nothing(tmp_path: Path):
    level = write_dem(tmp_path / "datar.tif", 0.0)
    spots = places(0, 700, 1900)
    with_heights = travel_minutes(spots, MEASURING, VisitSettings(dem=level)).minutes
    assert with_heights == pytest.approx(travel_minutes(spots, MEASURING, VisitSettings()).minutes)


def test_heights_that_cannot_be_used_are_refused_before_any_work(tmp_path: Path):
    broken = tmp_path / "rusak.tif"
    broken.write_bytes(b"bukan raster")
    many = write_dem(tmp_path / "tiga.tif", 0.1, bands=3)
    nowhere = write_dem(tmp_path / "tanpa.tif", 0.1, crs=None)
    for file, fault in (
        (broken, LayerError),
        (tmp_path / "tiada.tif", LayerError),
        (many, LayerError),
        (nowhere, MissingCrs),
    ):
        with pytest.raises(fault, match=file.name):
            check_visit_settings(VisitSettings(dem=file), DESA)


def test_heights_of_another_place_or_in_another_unit_are_refused(tmp_path: Path):
    far = write_dem(tmp_path / "jauh.tif", 0.1, shift=90_000.0)
    with pytest.raises(OutsideDistrict, match=r"jauh\.tif"):
        travel_minutes(places(0, 2000), MEASURING, VisitSettings(dem=far))
    centimetres = write_dem(tmp_path / "cm.tif", 10.0)
    with pytest.raises(LayerError, match="meter"):
        travel_minutes(places(0, 2000), MEASURING, VisitSettings(dem=centimetres))


class _Table(http.server.BaseHTTPRequestHandler):
    """A router whose every way takes a minute for each hundredth of a degree of longitude."""

    answer = ""
    status = 200
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        parts = urlsplit(self.path)
        points = [tuple(map(float, each.split(","))) for each in parts.path.rpartition("/")[2].split(";")]
        query = parse_qs(parts.query)
        rows, columns = (
            [points[int(number)][0] for number in query[name][0].split(";")]
            for name in ("sources", "destinations")
        )
        table = [[round(abs(a - b) * 6000, 1) for b in columns] for a in rows]
        text = self.answer or json.dumps({"code": "Ok", "durations": table})
        self.send_response(self.status)
        if self.status == 302:
            self.send_header("Location", "http://127.0.0.1:9/lain")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def router_of(answer: str = "", status: int = 200) -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    handler = type("Handler", (_Table,), {"answer": answer, "status": status, "asked": asked})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


def test_a_router_is_asked_in_parts_that_it_takes():
    lon = 109 + np.arange(120) / 100
    with router_of() as (address, asked):
        minutes = router.road_minutes(address, lon, np.full(120, -6.9))
    assert minutes == pytest.approx(np.abs(lon[:, None] - lon) * 100, abs=0.01)
    assert len(asked) == 9
    assert all(path.startswith("/table/v1/driving/") and "annotations=duration" in path for path in asked)
    assert max(path.partition("?")[0].count(";") for path in asked) < 100


def test_the_way_of_a_router_replaces_the_straight_line():
    with router_of() as (address, _):
        told = travel_minutes(places(0, 2000), MEASURING, VisitSettings(router=address))
    assert told.minutes[0, 1] == pytest.approx(1.8, abs=0.05)
    assert told.notes == ("Waktu di jalan menurut penghitung rute jalan.",)


def test_where_a_router_knows_no_way_there_is_none():
    with router_of(json.dumps({"code": "Ok", "durations": [[0, None], [None, 0]]})) as (address, _):
        told = travel_minutes(places(0, 2000), MEASURING, VisitSettings(router=address))
    assert told.minutes.tolist() == [[0, NO_WAY], [NO_WAY, 0]]


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("", 500), ("", 302), ("bukan json", 200), ("[1]", 200), ('{"code": "NoTable"}', 200),
        ('{"code": "Ok", "durations": [[0]]}', 200), ('{"code": "Ok", "durations": [["a", 1], [1, 0]]}', 200),
        ('{"code": "Ok", "durations": [[0, -5], [1, 0]]}', 200), ('{"code": "Ok", "durations": [[0, 1], [1]]}', 200),
    ],
)  # fmt: skip
def test_a_router_that_fails_leaves_straight_lines_and_a_note(answer, status):
    with router_of(answer, status) as (address, _):
        told = travel_minutes(places(0, 2000), MEASURING, VisitSettings(router=address))
    straight = travel_minutes(places(0, 2000), MEASURING, VisitSettings())
    assert told.minutes == pytest.approx(straight.minutes)
    assert "Penghitung rute tidak dipakai" in told.notes[0]
    assert "127.0.0.1" not in "".join(told.notes)
    assert told.notes[1:] == straight.notes


def test_a_router_that_is_not_there_leaves_straight_lines_and_a_note():
    with router_of() as (address, _):
        pass
    told = travel_minutes(places(0, 2000), MEASURING, VisitSettings(router=address))
    assert "tidak dapat dihubungi" in told.notes[0]


def test_a_router_that_is_too_slow_for_a_large_table_is_given_up(monkeypatch):
    monkeypatch.setattr(router, "PATIENCE_S", -1.0)
    with router_of() as (address, asked):
        told = travel_minutes(places(0, 2000), MEASURING, VisitSettings(router=address))
    assert "terlalu lambat" in told.notes[0]
    assert not asked


@pytest.mark.parametrize(
    "address",
    ["rute.contoh.id", "ftp://rute.contoh.id", "http://rute.contoh.id", "https://", "https://a:b:c", "http://10.0.0.1",
     "https://rute.contoh.id?kunci=rahasia", "http://127.0.0.1:99999"],
)  # fmt: skip
def test_an_address_that_is_none_or_lets_others_read_is_refused(address):
    with pytest.raises(SettingsError) as told:
        check_visit_settings(VisitSettings(router=address), DESA)
    assert "rahasia" not in str(told.value)
    assert "rute.contoh.id?" not in str(told.value)


@pytest.mark.parametrize(
    "address", ["https://rute.contoh.id/osrm", "http://localhost:5000", "http://[::1]:5000"]
)
def test_an_address_that_is_encrypted_or_of_this_machine_is_taken(address):
    check_visit_settings(VisitSettings(router=address), DESA)


@pytest.mark.parametrize("start", [(109.0, -7.0), (109.6, -6.4), (109.5, -7.0)])
def test_a_start_place_in_the_district_or_near_it_is_taken(start):
    check_visit_settings(VisitSettings(starts=(start,)), DESA)


@pytest.mark.parametrize(
    ("start", "told"),
    [
        ((2.35, 48.85), "Tempat mulai 2.35,48.85 terletak 11."),
        ((109.6, -6.3), "Tempat mulai 109.6,-6.3 terletak 55 km di luar daerah ini; paling jauh 50 km"),
        ((-109.6, -7.0), "Tempat mulai -109.6,-7.0 terletak"),
        ((-7.0, 109.6), "Tempat mulai -7.0,109.6 tidak ada di bumi"),
    ],
)
def test_a_start_place_far_away_is_refused_as_it_was_given(start, told):
    near = (109.5, -7.0)
    for starts in ((start,), (near, start)):
        with pytest.raises(SettingsError) as fault:
            check_visit_settings(VisitSettings(teams=2, starts=starts), DESA)
        assert told in str(fault.value)


def test_a_straight_line_leads_everywhere_however_slowly():
    told = travel_minutes(places(0, 40_000), MEASURING, VisitSettings(speed_kmh=0.001))
    assert told.minutes.max() < NO_WAY
