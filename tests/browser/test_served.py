"""The served pages in a real browser, under the policies that the server sends."""

import pytest

from tests.browser.chromium import Browser

pytestmark = pytest.mark.browser

CANVAS_IS_DRAWN = """
const canvas = document.querySelector("#households");
return !!canvas && canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean);
"""
REACHES_OUT = """
const done = arguments[0];
fetch("/manifest.json").then(() => done("reached"), () => done("refused"));
"""


def widths(page: Browser) -> list[int]:
    found: list[int] = page.run("return [document.documentElement.scrollWidth, innerWidth]")
    return found


@pytest.fixture(params=["desk", "phone"])
def browser(request: pytest.FixtureRequest) -> Browser:
    found: Browser = request.getfixturevalue(request.param)
    return found


def test_the_start_page_leads_to_the_map(browser: Browser, served: str):
    browser.open(f"{served}/")
    assert browser.find("h1").text == "Kabupaten Contoh"
    content, window = widths(browser)
    assert content <= window
    assert browser.requests() == ([f"{served}/"], [])
    browser.find('a[href="/peta"]').click()
    browser.until(lambda: browser.run(CANVAS_IS_DRAWN))
    assert browser.requests() == ([f"{served}/peta"], [])
    assert browser.complaints() == []


def test_the_report_is_shown_under_its_policy(browser: Browser, served: str):
    browser.open(f"{served}/laporan")
    assert "Kabupaten Contoh" in browser.find("h1").text
    content, window = widths(browser)
    assert content <= window
    # an applied style shows that the policy lets the page's own style through
    assert browser.run("return getComputedStyle(document.body).fontFamily") != "Times New Roman"
    browser.run("document.querySelector('a[href=\"peta.html\"]').click()")
    browser.until(lambda: browser.run(CANVAS_IS_DRAWN))
    assert browser.requests() == ([f"{served}/laporan", f"{served}/peta.html"], [])
    assert browser.complaints() == []


def test_a_script_in_the_map_could_reach_nothing(desk: Browser, served: str):
    desk.open(f"{served}/peta")
    assert desk.driver.execute_async_script(REACHES_OUT) == "refused"
    assert any("Content Security Policy" in message for message in desk.complaints())


def test_the_description_of_the_interface_needs_no_network(desk: Browser, served: str):
    desk.open(f"{served}/docs")
    desk.until(lambda: desk.count(".opblock") == 2)
    asked, failed = desk.requests()
    assert all(address.startswith(served) for address in asked)
    assert failed == []
    assert desk.complaints() == []


def test_a_page_that_is_not_there_says_so(desk: Browser, served: str):
    desk.open(f"{served}/households.parquet")
    assert "tidak ada" in desk.find("h1").text
    desk.find("a").click()
    desk.until(lambda: desk.find("h1").text == "Kabupaten Contoh")
