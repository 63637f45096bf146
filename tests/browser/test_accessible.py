"""Every page for everybody: what axe finds on it at a desk and on a phone, and what the keyboard alone can do."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from app.access.roles import Role
from tests.browser.axe import violations
from tests.browser.chromium import Browser
from tests.browser.conftest import Office, nothing_amiss
from tests.browser.hands import PATIENCE_S

pytestmark = pytest.mark.browser

STOPS_OF_A_MAP = 16
"""Seen from the page a map is one element, however many buttons it has; a trap would never be left."""

PAGES = {
    Role.PERENCANA: (
        "/peta", "/peta?tampil=hot&lapisan=zona-coastal&lapisan=rumah&zona=coastal:pesisir", "/peta?pilih={kode}",
        "/peta?tingkat=kecamatan&tampil=gap", "/peta?desil=1&desil=10&kelompok=tidak-ada", "/desa/{kode}",
        "/rumah/{row}", "/peta/cari?q=sumber", "/bandingkan", "/bandingkan?kanan.indikator=jamban&kanan.tampil=need",
        "/prioritas", "/prioritas?jumlah=-1", "/prioritas/daftar", "/prioritas/banding", "/kunjungan",
        "/kunjungan/regu?regu={team}&hari={day}",
        "/kunjungan/cetak?regu={team}&hari={day}", "/kunjungan/rumah?baris={row}", "/kunjungan/kemajuan",
        "/kunjungan/lama", "/kunjungan/lembar", "/kunjungan/lembar?desa={kode}&nomor=1",
        "/kunjungan/lembar?desa={kode}&nomor=0", "/cetak", "/cetak/daftar", "/data", "/data/hasil/{run}",
        "/data/tinjau", "/data/tinjau/{item}", "/bagikan", "/bagikan/baru",
        "/bagikan/baru?untuk=dinkes", "/bagikan/kembali", "/ogc?f=html", "/ogc/conformance?f=html",
        "/ogc/collections?f=html", "/ogc/collections/desa?f=html", "/ogc/collections/desa/items?f=html",
        "/ogc/collections/desa/items/{kode}?f=html", "/ogc/collections/rumah_tangga/items?f=html&limit=20",
        "/unduhan", "/kata-sandi", "/tidak-ada",
    ),
    Role.PETUGAS: (
        "/peta", "/desa/{mine}", "/cetak?desa={mine}", "/kunjungan", "/kunjungan/regu?regu={team}&hari={day}",
        "/kunjungan/lembar?desa={mine}&nomor=1",
    ),
    Role.PIMPINAN: ("/", "/peta", "/peta?pilih={kode}", "/bandingkan", "/desa/{kode}", "/kunjungan/kemajuan", "/data"),
    Role.OPD: ("/", "/kiriman", "/kiriman/kembali"),
    Role.ADMIN: ("/", "/pengguna", "/pengguna/baru", "/pengguna/1", "/jejak"),
}  # fmt: skip


@pytest.fixture(scope="module")
def known(office: Office) -> dict[str, Any]:
    """Return what stands in the places of addresses."""
    shown = office.served.app.state.library.shown()
    visit = shown.assessment.visits.iloc[0]
    return {
        "run": shown.id, "kode": shown.assessment.desa.nlargest(1, "households")["kode_desa"].iloc[0],
        "mine": visit["kode_desa"], "row": visit["sheet_row"], "team": visit["team"], "day": visit["day"],
        "item": shown.assessment.review["item"].iloc[0],
    }  # fmt: skip


def ready(browser: Browser) -> None:
    """Wait until the maps of a page are drawn."""
    for frame in browser.driver.find_elements(By.TAG_NAME, "iframe"):
        if not frame.is_displayed():
            continue
        browser.driver.switch_to.frame(frame)
        try:
            browser.until(lambda: browser.count(".leaflet-desa-pane path") > 1, PATIENCE_S)
        finally:
            browser.driver.switch_to.default_content()
    browser.until(lambda: browser.find("body").get_attribute("aria-busy") is None, PATIENCE_S)


def test_nobody_is_kept_out_of_the_door(screen: Browser, office: Office):
    screen.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
    screen.open(f"{office.address}/masuk")
    assert violations(screen) == []


@pytest.mark.parametrize("role", list(PAGES))
def test_nobody_is_kept_out(screen: Browser, office: Office, known: dict[str, Any], role: Role):
    office.come_in(screen, role)
    screen.open("about:blank")
    found, wide = {}, {}
    for path in PAGES[role]:
        screen.go(office.address + path.format(**known))
        ready(screen)
        found[path] = violations(screen)
        wide[path] = screen.run("return document.documentElement.scrollWidth > innerWidth")
    assert {path: faults for path, faults in found.items() if faults} == {}
    assert [path for path, is_wide in wide.items() if is_wide] == []
    screen.open("about:blank")


@pytest.fixture
def page(desk: Browser, office: Office) -> Iterator[Browser]:
    desk.open("about:blank")
    office.come_in(desk, "perencana")
    desk.go(f"{office.address}/peta")
    ready(desk)
    yield desk
    nothing_amiss(desk, office.address)


def test_the_first_stop_leads_past_the_bar(page: Browser):
    page.press(Keys.TAB)
    assert page.run("return document.activeElement.className") == "skip"
    assert page.run(
        "const box = document.activeElement.getBoundingClientRect(); return box.top >= 0 && box.height > 10"
    )
    page.press(Keys.ENTER)
    assert page.run("return document.activeElement.id") == "isi"
    page.press(Keys.TAB)
    assert page.run("return document.querySelector('main').contains(document.activeElement)")


def test_a_filter_is_changed(page: Browser):
    reach(page, "#indikator")
    page.press("T")
    page.until(lambda: "indikator=rtlh" not in page.driver.current_url)
    reach(page, "#saringan .folds summary")
    page.press(Keys.ENTER)
    reach(page, "input[name=kecamatan]")
    page.press(Keys.SPACE)
    page.until(lambda: "kecamatan=" in page.driver.current_url)
    assert page.run("return document.activeElement.matches('input[name=kecamatan]')")


def test_a_desa_is_found_opened_and_closed(page: Browser, office: Office):
    name = office.shown.desa.nlargest(1, "households")["nama_desa"].iloc[0]
    reach(page, "#cari-desa")
    page.press(*name.lower())
    page.until(lambda: page.count("#cari-hasil [role=option]"))
    page.press(Keys.ENTER)
    page.until(lambda: name in page.text("#kartu h2"))
    assert page.run("return document.querySelector('#kartu').contains(document.activeElement)")
    page.press(Keys.ESCAPE)
    page.until(lambda: not page.find("#kartu").is_displayed())
    assert page.run("return document.activeElement.id") == "cari-desa"


def test_a_desa_is_opened_from_the_table(page: Browser):
    reach(page, "#tabel a[data-desa]", most=200)
    page.press(Keys.ENTER)
    page.until(lambda: page.find("#kartu").is_displayed())
    page.until(lambda: page.run("return document.querySelector('#kartu').contains(document.activeElement)"))


@pytest.mark.parametrize("path", ["/peta", "/prioritas", "/kunjungan", "/bandingkan", "/data/tinjau/{item}"])
def test_the_focus_is_seen_and_goes_on(page: Browser, office: Office, known: dict[str, Any], path: str):
    page.go(office.address + path.format(**known))
    ready(page)
    seen = []
    for _ in range(70):
        page.press(Keys.TAB)
        seen.append(page.run(WHERE))
    assert [where for where, is_seen in seen if not is_seen] == []
    stays = max(len([*stops]) for where, stops in groupby(where for where, _ in seen))
    assert stays <= STOPS_OF_A_MAP


WHERE = """const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
  const told = at.textContent.trim().slice(0, 30), top = Math.round(box.top + scrollY);
  const words = `${at.tagName} ${at.id} ${at.name || ""} ${at.getAttribute("class")} ${told} ${top}`;
  if (at === document.body || at.tagName === "IFRAME") return [words, true];
  const inside = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth
    && box.width > 1 && box.height > 1;
  const line = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const drawn = at instanceof SVGElement && style.stroke !== "none" && style.transform !== "none";
  return [words, inside && (line || drawn)];"""


def reach(browser: Browser, selector: str, most: int = 80) -> None:
    """Go on with the tabulator until something has the focus."""
    for _ in range(most):
        browser.press(Keys.TAB)
        if browser.run("return document.activeElement.matches(arguments[0])", selector):
            return
    raise AssertionError(selector)
