"""What a planner sees and does on the map page, in a real browser with no network."""

import functools
import http.server
import itertools
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from geo.assessment import Assessment
from geo.maps import build_map
from geo.symbology import NEED_COLOURS
from tests.browser.chromium import Browser
from tests.map_district import map_district

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror='window.hacked=1'></script>`${window.hacked=1}`\"'"
CONTROLS = ".leaflet-control, header.bar, #strip, .schematic"


@pytest.fixture(scope="module")
def four_desa() -> Assessment:
    return map_district()


@pytest.fixture(scope="module")
def shown(four_desa: Assessment) -> Assessment:
    return four_desa


def drawn_needs(page: Browser) -> set[str]:
    """Name the classes of need whose colour stands on the canvas."""
    colours = page.run(
        """const canvas = document.querySelector("#households");
        if (!canvas) return [];
        const bytes = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        const seen = new Set();
        for (let i = 0; i < bytes.length; i += 4) {
          if (bytes[i + 3] === 255) seen.add((bytes[i] << 16) | (bytes[i + 1] << 8) | bytes[i + 2]);
        }
        return [...seen];"""
    )
    return {need for need, colour in NEED_COLOURS.items() if int(colour[1:], 16) in colours}


def fills(page: Browser) -> list[str]:
    found: list[str] = page.run(
        "return [...document.querySelectorAll('.leaflet-desa-pane path')].map((path) => path.getAttribute('fill'))"
    )
    return found


def position(page: Browser, assessment: Assessment, sheet_row: int, zoom: int = 16) -> tuple[float, float]:
    """Bring a household to the middle of the map and say where that is in the window."""
    point = assessment.households.set_index("sheet_row").geometry[sheet_row]
    x, y = page.run(
        """map_peta.setView([arguments[0], arguments[1]], arguments[2], { animate: false });
        const at = map_peta.latLngToContainerPoint([arguments[0], arguments[1]]);
        const box = map_peta.getContainer().getBoundingClientRect();
        return [at.x + box.x, at.y + box.y];""",
        point.y,
        point.x,
        zoom,
    )
    return x, y


def overlaps(page: Browser) -> list[tuple[str, str]]:
    boxes = page.run(
        """return [...document.querySelectorAll(arguments[0])].map((element) => {
          const box = element.getBoundingClientRect();
          return [element.className || element.id, box.left, box.top, box.right, box.bottom];
        }).filter(([, left, top, right, bottom]) => right > left && bottom > top);""",
        CONTROLS,
    )
    return [
        (a[0], b[0])
        for a, b in itertools.combinations(boxes, 2)
        if a[1] < b[3] - 1 and b[1] < a[3] - 1 and a[2] < b[4] - 1 and b[2] < a[4] - 1
    ]


def test_the_map_is_drawn(page: Browser) -> None:
    assert len(fills(page)) == 4
    assert drawn_needs(page) == {"both", "rtlh", "jamban"}
    assert page.find("#panel").is_displayed()
    assert "8 rumah tangga tanpa titik" in page.text("#panel")
    assert "Mekarsari" in page.text(".leaflet-names-pane")
    assert page.text(".leaflet-control-scale-line").endswith("m")
    assert overlaps(page) == []
    assert page.count(".schematic") == 0


def test_another_theme_has_other_colours(page: Browser) -> None:
    before = fills(page)
    page.find("input[name=theme][value=jamban]").click()
    assert "jamban" in page.text(".theme:not([hidden]) .ramp-title")
    after = fills(page)
    assert before != after
    page.find("input[name=theme][value='']").click()
    assert set(fills(page)) == {"rgb(255,255,255)"}


def test_layers_come_and_go(page: Browser) -> None:
    assert page.count(".leaflet-zones-pane path") == 0
    page.find("[data-zone=urban]").click()
    page.find("[data-zone=coastal]").click()
    assert page.count(".leaflet-zones-pane path") == 2
    page.find("[data-zone=urban]").click()
    assert page.count(".leaflet-zones-pane path") == 1
    assert page.count(".leaflet-kantong-pane path") == 1
    page.find("#show-kantong").click()
    assert page.count(".leaflet-kantong-pane path") == 0


def test_chips_choose_the_needs(page: Browser) -> None:
    page.find(".chip[data-need=both]").click()
    page.find(".chip[data-need=none]").click()
    assert drawn_needs(page) == {"rtlh", "jamban", "none"}
    page.find("#show-households").click()
    assert drawn_needs(page) == set()


def test_a_click_on_a_household_tells_of_it(page: Browser, four_desa: Assessment) -> None:
    page.click_at(*position(page, four_desa, 2))
    told = page.text(".popup")
    for words in (
        "Baris lembar 2",
        "Desa Mekarsari, Kec. Wanajaya",
        "ya: alasan rtlh",
        "Kantong Mekarsari 1",
    ):
        assert words in told
    assert "NAMA REKAAN" not in told
    assert page.find(".leaflet-popup-close-button").get_attribute("aria-label") == "Tutup"


def test_households_on_one_spot_are_leafed_through(
    desk: Browser, four_desa: Assessment, tmp_path: Path
) -> None:
    households = four_desa.households.copy()
    households.loc[1, "geometry"] = households.geometry[0]
    path = tmp_path / "peta.html"
    path.write_text(build_map(replace(four_desa, households=households)), encoding="utf-8")
    desk.open(path.as_uri())
    desk.click_at(*position(desk, four_desa, 2))
    first = desk.text(".popup h3")
    assert "1 dari 2 di titik ini" in desk.text(".popup nav")
    desk.find(".popup nav button:last-child").click()
    assert "2 dari 2" in desk.text(".popup nav")
    assert {first, desk.text(".popup h3")} == {"Baris lembar 2", "Baris lembar 3"}
    assert desk.complaints() == []


def test_a_click_beside_households_tells_of_the_desa(page: Browser, four_desa: Assessment) -> None:
    x, y = position(page, four_desa, 12)
    page.click_at(x + 60, y)
    told = page.text(".popup")
    for words in (
        "Desa Sidomulyo",
        "25,0 %",
        "interval 95 %",
        "2 belum diketahui",
        "profil_rtlh",
        "target 90 %: 3",
    ):
        assert words in told


def test_a_click_inside_a_kantong_tells_of_it(page: Browser, four_desa: Assessment) -> None:
    x, y = position(page, four_desa, 6)
    page.click_at(x + 40, y)
    told = page.text(".popup")
    for words in ("Kantong Mekarsari 1", "8 rumah tangga, 3,5 per hektare", "tanpa uji statistik"):
        assert words in told


def test_full_screen_keeps_the_legend(page: Browser) -> None:
    page.find(".fullscreen-icon").click()
    page.until(lambda: page.run("return document.fullscreenElement !== null"))
    assert page.find("#panel").is_displayed()
    page.run("return document.exitFullscreen()")
    page.until(lambda: page.run("return document.fullscreenElement === null"))


def test_search_goes_to_a_desa_and_home_leads_back(page: Browser) -> None:
    zoom = "return map_peta.getZoom()"
    start = page.run(zoom)
    field = page.find("#search-desa")
    field.send_keys("karang", Keys.ENTER)
    assert "Desa Karanganyar" in page.text(".popup")
    assert page.run(zoom) > start
    page.find(".home").click()
    assert page.run(zoom) == start
    field.clear()
    field.send_keys("mekarsari", Keys.ENTER)
    assert "2 desa cocok" in page.text("#search-answer")
    field.clear()
    field.send_keys("entah", Keys.ENTER)
    assert "Tidak ada desa" in page.text("#search-answer")


def test_the_pointer_reads_coordinates(page: Browser, four_desa: Assessment) -> None:
    page.click_at(*position(page, four_desa, 2))
    page.until(lambda: "-6.99" in page.text(".leaflet-control-mouseposition"))


def test_paper_gets_map_and_legend(page: Browser) -> None:
    page.run("window.dispatchEvent(new Event('beforeprint'))")
    assert not page.find("#search").is_displayed()
    assert page.find(".ramp").is_displayed()
    assert page.find("main").size["width"] > 700
    page.run("window.dispatchEvent(new Event('afterprint'))")
    assert page.find("#search").is_displayed()


def test_a_phone_shows_the_map_first(phone_page: Browser) -> None:
    page = phone_page
    assert not page.find("#panel").is_displayed()
    assert page.find("#strip .ramp").is_displayed()
    assert "tanpa titik" in page.text("#strip")
    assert overlaps(page) == []
    assert page.run("return document.documentElement.scrollWidth") <= 390
    assert drawn_needs(page) == {"both", "rtlh", "jamban"}
    assert page.run("const c = document.querySelector('#households'); return c.width / c.clientWidth") == 2
    page.find("#panel-toggle").click()
    assert page.find("#panel").is_displayed()
    page.find("input[name=theme][value=jamban]").click()
    page.find("#panel-toggle").click()
    assert "jamban" in page.text("#strip")


def test_a_tap_on_a_phone_tells_of_a_household(phone_page: Browser, four_desa: Assessment) -> None:
    phone_page.click_at(*position(phone_page, four_desa, 2))
    assert "Baris lembar 2" in phone_page.text(".popup")
    assert not phone_page.find(".leaflet-control-zoom").is_displayed()


def test_hostile_text_stays_text(desk: Browser, four_desa: Assessment, tmp_path: Path) -> None:
    facts = four_desa.facts
    hostile = replace(
        four_desa,
        desa=four_desa.desa.assign(nama_desa=HOSTILE, nama_kecamatan=HOSTILE),
        clusters=four_desa.clusters.assign(name=HOSTILE),
        households=four_desa.households.assign(why_rtlh=HOSTILE),
        facts={
            **facts,
            "boundaries": {**facts["boundaries"], "schematic": True, "source": HOSTILE, "note": HOSTILE},
            "indicators": [{**entry, "title": HOSTILE} for entry in facts["indicators"]],
            "layers": [{**entry, "title": HOSTILE} for entry in facts["layers"]],
        },
    )
    path = tmp_path / "peta.html"
    path.write_text(build_map(hostile), encoding="utf-8")
    desk.open(path.as_uri())
    assert "Batas skematik, bukan batas resmi." in desk.text(".schematic")
    desk.click_at(*position(desk, four_desa, 2))
    assert "<img src=x onerror='window.hacked=1'>" in desk.text(".popup")
    x, y = position(desk, four_desa, 12)
    desk.click_at(x + 60, y)
    assert desk.run("return window.hacked === undefined && document.images.length === 0")
    assert overlaps(desk) == []
    assert desk.complaints() == []


def test_a_served_page_asks_for_nothing_else(desk: Browser, address: str) -> None:
    folder = Path(address.removeprefix("file://")).parent
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        served = f"http://127.0.0.1:{server.server_port}/peta.html"
        desk.open(served)
        assert drawn_needs(desk) == {"both", "rtlh", "jamban"}
        assert desk.requests() == ([served], [])
        assert desk.complaints() == []
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""
