"""What hands do in the tests of the browser: fill in, press, click on the map; and what eyes then look for."""

from typing import Any

import numpy as np
import shapely
from selenium.webdriver.common.by import By

from tests.browser.chromium import Browser
from tests.browser.conftest import DESK, Office

PATIENCE_S = 60
"""For what a worker, or a machine that does much else, may take."""

HOSTILE = (
    '<img src=x onerror="window.top.__hit=1;window.__hit=1">',
    "</script><script>window.__hit=1</script>",
    "${window.__hit=1}${7*7}",
    "`${window.__hit=1}`",
    "{{7*7}}{% raw %}",
    "\" autofocus onfocus=window.__hit=1 x='",
    "\u202eterbalik\u202c كانت שלום",
    "Sangat panjang " * 20,
)
HIT = """return [window.__hit !== undefined, document.querySelectorAll("img[src='x'], [onfocus], [onerror]").length,
  [...document.scripts].filter((one) => !one.src && one.textContent.includes("__hit")).length]"""


def drawn(browser: Browser) -> Browser:
    """Wait until the map of the page Peta is drawn and nothing more is asked."""
    browser.until(lambda: not browser.find("#tunggu").is_displayed(), PATIENCE_S)
    settled(browser)
    return browser


def settled(browser: Browser) -> None:
    browser.until(lambda: browser.find("body").get_attribute("aria-busy") is None, PATIENCE_S)


def place_of(browser: Browser) -> dict[str, float]:
    """Say where the map looks."""
    with browser.inside("#gambar"):
        found: dict[str, float] = browser.run(
            "const at = map_peta.getCenter(); return { lat: at.lat, lon: at.lng, zoom: map_peta.getZoom() }"
        )
    return found


def click_desa(browser: Browser, office: Office, kode: str) -> None:
    """Click into a desa on the map, with the pointer."""
    point = clear_point(office, kode)
    browser.run("document.querySelector('#gambar').scrollIntoView({ block: 'center', behavior: 'instant' })")
    with browser.inside("#gambar"):
        browser.find(".leaflet-desa-pane path").still()
        x, y = browser.run(
            "const at = map_peta.latLngToContainerPoint([arguments[0], arguments[1]]); return [at.x, at.y]",
            point.y, point.x,
        )  # fmt: skip
    box = browser.run(
        "const box = document.querySelector('#gambar').getBoundingClientRect(); return [box.x, box.y]"
    )
    browser.click_at(box[0] + x, box[1] + y)


def clear_point(office: Office, kode: str) -> shapely.Point:
    """Return where in a desa no house is near: a click on one would open it."""
    desa = office.shown.desa.set_index("kode_desa").geometry[kode]
    houses = shapely.MultiPoint(office.shown.counted.geometry.dropna().to_numpy())
    west, south, east, north = desa.bounds
    xs, ys = np.meshgrid(np.linspace(west, east, 30), np.linspace(south, north, 30))
    points = shapely.points(xs.ravel(), ys.ravel())
    room = np.minimum(shapely.distance(points, houses), shapely.distance(points, desa.boundary))
    found: shapely.Point = points[np.argmax(np.where(shapely.contains(desa, points), room, -1))]
    return found


def check(browser: Browser, name: str, value: str) -> None:
    """Tick a box of the filter as a hand does: open what it lies in, then click it."""
    box = browser.find(f"#saringan input[name='{name}'][value='{value}']")
    fold = box.find_element(By.XPATH, "ancestor::details")
    if fold.get_attribute("open") is None:
        fold.find_element(By.TAG_NAME, "summary").click()
    browser.run("arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })", box)
    box.click()


def telling(browser: Browser) -> dict[str, Any]:
    """Return what a view tells: title, filter, legend, the opened desa, and where the map looks."""
    words = """const text = (selector) => [...document.querySelectorAll(selector)]
          .map((one) => one.textContent.replace(/\\s+/g, " ").trim());
        return { title: text("h1"), chips: text(".chips li"), legend: text("#legenda"),
          opened: text("#kartu:not([hidden]) h2") };"""
    place = place_of(browser)
    return browser.run(words) | {name: round(value, 3) for name, value in place.items()}


def press_button(browser: Browser, words: str, inside: str = "main") -> None:
    """Press the first button or link of these words, and wait until the next page is there."""
    for one in browser.driver.find_elements(By.CSS_SELECTOR, f"{inside} button, {inside} a.button"):
        if one.is_displayed() and one.text.strip().startswith(words):
            browser.run("arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })", one)
            browser.run("document.documentElement.dataset.before = 'yes'")
            one.click()
            browser.until(
                lambda: browser.run(
                    "return document.readyState === 'complete' && !document.documentElement.dataset.before"
                ),
                PATIENCE_S,
            )
            return
    raise AssertionError(words)


def not_hit(browser: Browser) -> None:
    """Demand that no strange name has become anything but text, on the page and in its frames, or pushed it apart."""
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth"), (
        browser.driver.current_url
    )
    assert browser.run(HIT) == [False, 0, 0], browser.driver.current_url
    for frame in browser.driver.find_elements(By.TAG_NAME, "iframe"):
        browser.driver.switch_to.frame(frame)
        try:
            assert browser.run(HIT) == [False, 0, 0], browser.driver.current_url
        finally:
            browser.driver.switch_to.default_content()


def size_of(browser: Browser) -> str:
    """Say for the name of a picture how large the screen is."""
    return "meja" if browser.run("return innerWidth") == DESK[0] else "ponsel"
