"""The comparison in a real browser: two maps that move as one, and desa that light up everywhere at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.browser.chromium import Browser
from tests.server import Served

pytestmark = pytest.mark.browser

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
VIOLATIONS = """const done = arguments[0];
axe.run(document, {iframes: false}).then(({violations}) => done(violations
  .filter(({impact}) => impact === "serious" || impact === "critical")
  .map(({id, nodes}) => [id, nodes.slice(0, 3).map(({html}) => html)])));"""
SIDES = ("kiri", "kanan")


def inside(browser: Browser, side: str, script: str, *arguments: object) -> Any:  # noqa: ANN401
    """Run JavaScript in the map of a side."""
    frame = browser.find(f"iframe[data-side={side}]")
    browser.driver.switch_to.frame(frame)
    try:
        return browser.run(script, *arguments)
    finally:
        browser.driver.switch_to.default_content()


def fills(browser: Browser, side: str) -> list[str]:
    found: list[str] = inside(
        browser,
        side,
        "return [...document.querySelectorAll('.leaflet-desa-pane path')].map((path) => path.getAttribute('fill'))",
    )
    return found


def zoom(browser: Browser, side: str) -> float:
    return float(inside(browser, side, "return map_peta.getZoom()"))


def open_page(browser: Browser, served: Served, query: str = "", who: str = "perencana") -> Browser:
    """Open the page with somebody signed in, and wait until both maps are drawn."""
    cookie = served.sign_in(who).cookies["peta"]
    browser.open(served.address + "/healthz")
    browser.driver.add_cookie({"name": "peta", "value": cookie})
    browser.open(f"{served.address}/bandingkan{query}")
    # in a small sample all that leaders may see can be one blank
    least = 1 if who == "pimpinan" else 2
    for side in SIDES:
        browser.until(lambda side=side: len(set(fills(browser, side))) >= least)
    return browser


@pytest.fixture
def opened(desk: Browser, served: Served) -> Iterator[Browser]:
    """Open the page at a desk; nothing may complain, fail or be asked of another host."""
    yield open_page(desk, served)
    asked, failed = desk.requests()
    assert desk.complaints() == []
    assert failed == []
    assert all(address.startswith(served.address) for address in asked)


@pytest.fixture(params=["desk", "phone"])
def any_browser(request: pytest.FixtureRequest) -> Browser:
    found: Browser = request.getfixturevalue(request.param)
    return found


def first_kode(browser: Browser) -> str:
    return str(browser.find("tr[data-kode]").get_attribute("data-kode"))


def test_both_maps_are_coloured_and_move_together(opened: Browser):
    before = zoom(opened, "kanan")
    inside(opened, "kiri", "document.querySelector('.leaflet-control-zoom-in').click()")
    opened.until(lambda: zoom(opened, "kanan") == zoom(opened, "kiri") > before)
    opened.until(lambda: "pusat=" in opened.driver.current_url)
    centres = [
        inside(opened, side, "const {lat, lng} = map_peta.getCenter(); return [lat, lng]") for side in SIDES
    ]
    assert centres[0] == pytest.approx(centres[1], abs=1e-3)


def test_a_link_opens_where_it_was_sent_from(opened: Browser, desk: Browser, served: Served):
    inside(opened, "kanan", "document.querySelector('.leaflet-control-zoom-in').click()")
    opened.until(lambda: "pusat=" in opened.driver.current_url)
    opened.find("tr[data-kode] button").click()
    kode, there = first_kode(opened), zoom(opened, "kanan")
    sent = opened.driver.current_url.removeprefix(f"{served.address}/bandingkan")
    assert f"pilih={kode}" in sent
    open_page(desk, served, sent)
    desk.until(lambda: [zoom(desk, side) for side in SIDES] == [there, there])
    assert desk.count(f"tr.selected[data-kode='{kode}']") == 1


def test_a_desa_chosen_on_a_map_is_chosen_everywhere(opened: Browser):
    with opened.inside("iframe[data-side=kiri]"):
        opened.find(".leaflet-desa-pane path").still()
    x, y = inside(
        opened,
        "kiri",
        """const box = document.querySelector(".leaflet-desa-pane path").getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height / 2];""",
    )
    frame = opened.find("iframe[data-side=kiri]").rect
    scroll = opened.run("return scrollY")
    opened.click_at(frame["x"] + x, frame["y"] + y - scroll)
    opened.until(lambda: opened.count("tr.selected") == 1)
    kode = opened.find("tr.selected").get_attribute("data-kode")
    assert opened.count(f".point[data-kode='{kode}'][aria-selected=true]") >= 1
    name = opened.find("tr.selected button").text
    assert name in opened.text("#ditunjuk")


def test_pointing_at_a_row_lights_the_desa_up(opened: Browser):
    row = opened.find("tr[data-kode]")
    ActionChains(opened.driver).move_to_element(row).perform()
    opened.until(lambda: "lit" in str(row.get_attribute("class")))
    assert opened.count(f".point.lit[data-kode='{first_kode(opened)}']") == 2
    assert opened.find("tr[data-kode] button").text in opened.text("#ditunjuk")


def test_a_funnel_is_one_stop_of_the_keyboard(opened: Browser):
    stops = """return [...document.querySelectorAll('.points')]
        .map((list) => list.querySelectorAll('[tabindex="0"]').length)"""
    assert opened.run(stops) == [1, 1]
    point = opened.find(".points .point")
    opened.run("arguments[0].focus()", point)
    ActionChains(opened.driver).send_keys(Keys.ARROW_DOWN).perform()
    assert opened.run("return document.activeElement === document.querySelectorAll('.points .point')[1]")
    assert opened.run(stops) == [1, 1]
    label = opened.run("return document.activeElement.getAttribute('aria-label')")
    assert "%" in label
    ActionChains(opened.driver).send_keys(Keys.ENTER).perform()
    kode = opened.run("return document.activeElement.dataset.kode")
    assert opened.count(f"tr.selected[data-kode='{kode}']") == 1
    assert opened.count(f".point[data-kode='{kode}'][aria-selected=true]") == 2


def test_sorting_keeps_what_is_chosen(opened: Browser):
    opened.find("tr[data-kode] button").click()
    kode = first_kode(opened)
    opened.run("document.querySelector('a.sort').click()")
    opened.until(lambda: opened.count("th[aria-sort=ascending]") == 1)
    assert opened.count(f"tr.selected[data-kode='{kode}']") == 1
    names = opened.run(
        "return [...document.querySelectorAll('tr[data-kode] button')].map((one) => one.textContent)"
    )
    assert names == sorted(names, key=str.casefold)
    for side in SIDES:
        opened.until(lambda side=side: len(set(fills(opened, side))) > 1)


@pytest.mark.parametrize("who", ["perencana", "pimpinan"])
def test_nobody_is_kept_out(any_browser: Browser, served: Served, who: str):
    page = open_page(any_browser, served, who=who)
    assert page.run("return [document.documentElement.scrollWidth, innerWidth]")[0] <= page.run(
        "return innerWidth"
    )
    page.run(AXE)
    assert page.driver.execute_async_script(VIOLATIONS) == []
    assert page.complaints() == []


def test_a_phone_shows_one_map_at_a_time(phone: Browser, served: Served):
    open_page(phone, served)
    assert [phone.find(f".side.{side}").is_displayed() for side in SIDES] == [True, False]
    phone.find("[data-show=kanan]").click()
    assert [phone.find(f".side.{side}").is_displayed() for side in SIDES] == [False, True]
    assert phone.find("[data-show=kanan]").get_attribute("aria-pressed") == "true"
    assert len(set(fills(phone, "kanan"))) > 1
