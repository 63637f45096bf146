"""One Chromium at desk size and one at phone size for all browser tests, and an office of its own for journeys."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.access.roles import Role
from geo.assessment import Assessment
from geo.maps import build_map
from tests.browser.chromium import Browser, chromium
from tests.conftest import DISTRICT
from tests.server import PASSWORD, Served, serving

DESK, PHONE = (1440, 900), (390, 844)


@pytest.fixture(scope="session")
def browsers() -> list[Browser]:
    """Return those that were started, which any test may leave without an answer."""
    return []


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory, browsers: list[Browser]) -> Iterator[Browser]:
    """Return a browser as wide as a desk's screen."""
    with chromium(tmp_path_factory.mktemp("desk"), DESK) as browser:
        browsers.append(browser)
        yield browser


@pytest.fixture(scope="session")
def phone(tmp_path_factory: pytest.TempPathFactory, browsers: list[Browser]) -> Iterator[Browser]:
    """Return a browser like a phone's, with touch and two pixels a point."""
    with chromium(tmp_path_factory.mktemp("phone"), PHONE, phone=True) as browser:
        browsers.append(browser)
        yield browser


@pytest.fixture(autouse=True)
def mended(browsers: list[Browser]) -> Iterator[None]:
    """Start a browser anew that hung in the test, for those that follow."""
    yield
    for browser in browsers:
        browser.mend()


@pytest.fixture(scope="module")
def address(shown: Assessment, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return where the map page stands of what a file of tests shows (its fixture ``shown``)."""
    path = tmp_path_factory.mktemp("peta") / "peta.html"
    path.write_text(build_map(shown), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def page(desk: Browser, address: str) -> Iterator[Browser]:
    """Open that page at a desk; nothing may complain, and nothing else be asked for."""
    yield from _opened(desk, address)


@pytest.fixture
def phone_page(phone: Browser, address: str) -> Iterator[Browser]:
    """Open that page on a phone, likewise."""
    yield from _opened(phone, address)


def _opened(browser: Browser, address: str) -> Iterator[Browser]:
    browser.open(address)
    yield browser
    assert browser.complaints() == []
    assert browser.requests() == ([address], [])


@dataclass(frozen=True)
class Office:
    """A server with a library of its own, where tests may upload, decide and publish."""

    served: Served

    @property
    def address(self) -> str:
        """Where it is reached."""
        return self.served.address

    @property
    def shown(self) -> Assessment:
        """The run in force."""
        found: Assessment = self.served.app.state.library.shown().assessment
        return found

    def sign_in(self, browser: Browser, name: str, password: str = PASSWORD) -> None:
        """Sign somebody in by the form, in a browser that knew nobody before."""
        browser.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        browser.go(f"{self.address}/masuk")
        browser.find("#nama").send_keys(name)
        browser.find("#kata_sandi").send_keys(password)
        browser.find("main button[type=submit]").click()
        browser.until(lambda: not browser.driver.current_url.endswith("/masuk"))

    def come_in(self, browser: Browser, name: str) -> None:
        """Hand a browser the session of somebody, without the form."""
        cookie = self.served.sign_in(name).cookies["peta"]
        browser.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        told = {"name": "peta", "value": cookie, "url": self.address, "httpOnly": True, "sameSite": "Lax"}
        browser.driver.execute_cdp_cmd("Network.setCookie", told)


@pytest.fixture(scope="module")
def office(
    run_folder: Path, sample_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """Return an office with the run of the sample, an account for each role, and a worker that does its jobs."""
    place = tmp_path_factory.mktemp("kantor")
    shutil.copytree(run_folder, place / "hasil" / "2026-01-15-1")
    settings = sample_folder / "setelan.toml"
    wishes = {
        "boundaries": DISTRICT,
        "settings_file": settings,
        "decisions": place / "keputusan.csv",
        "worker": True,
    }
    with serving(place / "hasil", state=place / "catatan", **wishes) as served:
        office = Office(served)
        visits = office.shown.visits
        for role in Role:
            desa = [visits["kode_desa"].iloc[0]] if role is Role.PETUGAS else ()
            served.add(role.value, role.value, desa)
        yield office


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder into which pictures of the journey go: ``PETA_PICTURES``, or one that is thrown away."""
    return Path(os.environ.get("PETA_PICTURES") or tmp_path_factory.mktemp("gambar"))


@pytest.fixture(params=["desk", "phone"])
def screen(request: pytest.FixtureRequest) -> Browser:
    """Return the desk's browser, then the phone's."""
    found: Browser = request.getfixturevalue(request.param)
    return found


def nothing_amiss(browser: Browser, address: str) -> None:
    """Demand that no page since the last look complained, missed anything, or asked another host for something."""
    traffic = browser.traffic()
    assert browser.complaints() == []
    assert traffic.broken == []
    own = (address, f"blob:{address}", "blob:null")
    assert [asked for asked in traffic.asked if not asked.startswith(own)] == []
