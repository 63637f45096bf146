"""Signing in, accounts, the trail and the quiet pages in a real browser, under the policies that the server sends."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.axe import violations
from tests.browser.chromium import Browser
from tests.server import PASSWORD, Served, serving

pytestmark = pytest.mark.browser

REACHES_OUT = """
const done = arguments[0];
fetch("/manifest.json").then(() => done("reached"), () => done("refused"));
"""


@pytest.fixture(scope="module")
def server(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the run with an admin, some colleagues, and one who has the first password still."""
    with serving(run_folder, state=tmp_path_factory.mktemp("catatan")) as served:
        desa = served.app.state.library.shown().assessment.desa["kode_desa"].tolist()
        for name, role in (("admin", "admin"), ("perencana", "perencana"), ("dinas", "opd")):
            served.add(name, role)
        for number in range(3):
            served.add(f"sri.wahyuningsih.dinas-perumahan-{number}", "petugas", desa[: 2 * number])
        served.add("baru-desk", "pimpinan", must_change=True)
        served.add("baru-phone", "pimpinan", must_change=True)
        yield served


@pytest.fixture(params=["desk", "phone"])
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    found: Browser = request.getfixturevalue(request.param)
    found.driver.get("about:blank")
    yield found
    found.driver.delete_all_cookies()


def sign_in(browser: Browser, server: Served, name: str, back: str = "") -> None:
    browser.driver.get(f"{server.address}/masuk")
    browser.driver.delete_all_cookies()
    browser.open(f"{server.address}{back or '/masuk'}")
    fill_in(browser, name, Keys.TAB, PASSWORD, Keys.ENTER)
    browser.until(lambda: browser.count(".account"))


def fill_in(browser: Browser, *keys: str) -> None:
    """Press keys once the first field has the focus, which a page gives it a moment after it is loaded."""
    browser.until(lambda: browser.run("return document.activeElement.matches('main input')"))
    browser.press(*keys)


def assert_sound(browser: Browser) -> None:
    """Nothing is wider than the window, nothing keeps anybody out, and nothing complains."""
    content, window = browser.run("return [document.documentElement.scrollWidth, innerWidth]")
    assert content <= window
    assert violations(browser) == []
    assert browser.complaints() == []


def test_the_form_of_signing_in(browser: Browser, server: Served):
    browser.open(f"{server.address}/")
    assert browser.find("h1").text == "Masuk"
    assert_sound(browser)
    fill_in(browser, "admin", Keys.TAB, "bukan ini sandinya", Keys.ENTER)
    browser.until(lambda: browser.count("[role=alert]"))
    assert browser.find("#nama").get_attribute("value") == "admin"
    assert violations(browser) == []


def test_the_first_password_is_changed_by_keyboard_alone(
    browser: Browser, server: Served, request: pytest.FixtureRequest
):
    sign_in(browser, server, f"baru-{request.node.callspec.params['browser']}")
    assert browser.find("h1").text == "Ganti kata sandi"
    assert browser.count(".places") == 0
    assert_sound(browser)
    fill_in(
        browser, PASSWORD, Keys.TAB, "perahu batu kopi senja", Keys.TAB, "perahu batu kopi senja", Keys.ENTER
    )
    browser.until(lambda: browser.count(".places"))
    assert browser.complaints() == []


@pytest.mark.parametrize(
    "path",
    ["/", "/pengguna", "/pengguna/baru", "/pengguna/5", "/jejak", "/unduhan", "/bagikan", "/kata-sandi"],
)
def test_the_quiet_pages_are_sound(browser: Browser, server: Served, path: str):
    sign_in(browser, server, "admin", path)
    assert browser.find("h1").text
    assert_sound(browser)
    traffic = browser.traffic()
    assert all(address.startswith(server.address) for address in traffic.asked)
    assert traffic.broken == []


def test_an_account_is_made_with_desa_found_by_name(browser: Browser, server: Served):
    sign_in(browser, server, "admin", "/pengguna/baru")
    desa = server.app.state.library.shown().assessment.desa
    name, code = desa["nama_desa"].iloc[3], desa["kode_desa"].iloc[3]
    assert not browser.find("#desa").is_displayed()
    account = f"rudi-{len(browser.driver.get_cookies())}{browser.run('return innerWidth')}"
    browser.find("#nama").send_keys(account)
    browser.find("input[value=petugas]").click()
    browser.find("#cari").send_keys(name.upper(), Keys.ENTER)  # the key must not send the form
    box = browser.find(f'input[name=desa][value="{code}"]')
    assert box.is_displayed()
    assert browser.run("return document.querySelectorAll('.boxes .check:not([hidden])').length") < len(desa)
    box.click()
    assert name in browser.text("#terpilih")
    browser.find("main form button[type=submit]").click()
    browser.until(lambda: browser.count(".secret"))
    password = browser.text(".secret output")
    assert_sound(browser)
    client = server.visitor()
    assert (
        client.post("/masuk", data={"nama": account, "kata_sandi": password}).headers["location"]
        == "/kata-sandi"
    )


def test_who_has_one_page_is_led_there(desk: Browser, server: Served):
    sign_in(desk, server, "dinas")
    desk.until(lambda: desk.find("h1").text == "Kiriman")
    assert [link.text for link in desk.driver.find_elements("css selector", ".places a")] == ["Kiriman"]


def test_the_report_is_shown_under_its_policy(browser: Browser, server: Served):
    sign_in(browser, server, "perencana")
    browser.open(f"{server.address}/laporan")
    browser.until(lambda: "Kabupaten Contoh" in browser.find("h1").text)
    content, window = browser.run("return [document.documentElement.scrollWidth, innerWidth]")
    assert content <= window
    # an applied style shows that the policy lets the page's own style through
    assert browser.run("return getComputedStyle(document.body).fontFamily") != "Times New Roman"
    assert browser.complaints() == []


def test_a_script_in_a_file_of_the_run_could_reach_nothing(desk: Browser, server: Served):
    sign_in(desk, server, "perencana")
    desk.open(f"{server.address}/peta.html")
    assert desk.driver.execute_async_script(REACHES_OUT) == "refused"
    assert any("Content Security Policy" in message for message in desk.complaints())


def test_the_description_of_the_interface_needs_no_network(desk: Browser, server: Served):
    sign_in(desk, server, "admin")
    desk.open(f"{server.address}/docs")
    desk.until(lambda: desk.count(".opblock"))
    traffic = desk.traffic()
    assert all(address.startswith(server.address) for address in traffic.asked)
    assert traffic.broken == []
    assert desk.complaints() == []


def test_a_page_that_is_not_there_says_so_and_leads_back(desk: Browser, server: Served):
    sign_in(desk, server, "perencana")
    desk.open(f"{server.address}/households.parquet")
    assert "tidak ada" in desk.find("main [role=alert]").text
    desk.find("main a").click()
    desk.until(lambda: desk.find("h1").text == "Kabupaten Contoh")
